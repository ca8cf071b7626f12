use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{
    Bound, CauseCode, Coding, CountScope, CountSubject, DataState, DataTypeCode, DateKind, DatePrecision,
    OrganizationRole, Undisclosed,
};

/// The place in the document text that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// First Unicode code point of the document text, from 0.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The text between them, as written.
    pub quote: String,
}

/// An organization and its part in the incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrganizationClaim {
    /// `o1`, `o2`, … within the disclosure.
    pub id: String,
    /// As written, without legal form and ticker.
    pub name: String,
    /// Normalised (NFKC), the fullest form that the document gives.
    pub canonical: String,
    /// 株式会社, 学校法人, …
    pub legal_form: Option<String>,
    /// Securities code, as in `ミナモ<9999>`.
    pub ticker: Option<String>,
    /// Other names that the document uses for it.
    pub aliases: Vec<String>,
    /// Its part.
    pub role: OrganizationRole,
    /// Named only by a description (大手自動車メーカー).
    pub anonymised: bool,
    /// Probability that the claim is right.
    pub confidence: f64,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountClaim {
    /// `c1`, `c2`, … within the disclosure.
    pub id: String,
    /// The figure; null where the text names none.
    pub value: Option<u64>,
    /// Upper end of a stated range (数百件: 200 to 900).
    pub max_value: Option<u64>,
    /// As written (人, 名, 件, 社, …); empty where the text gives none.
    pub unit: String,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// 約, およそ, 程度.
    pub approx: bool,
    /// 延べ.
    pub cumulative: bool,
    /// Feared or established.
    pub scope: CountScope,
    /// What is counted.
    pub subject: CountSubject,
    /// The count that this one is a part of.
    pub part_of: Option<String>,
    /// Why there is no figure.
    pub undisclosed: Option<Undisclosed>,
    /// The day that the figure stood for, where a document tells of several.
    #[schemars(with = "Option<String>")]
    pub as_of: Option<Date>,
    /// Probability that the claim is right.
    pub confidence: f64,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// A cause; the first of a disclosure is the main one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CauseClaim {
    /// `k1`, `k2`, … within the disclosure.
    pub id: String,
    /// The class.
    pub code: CauseCode,
    /// Its Japanese name.
    pub label: String,
    /// The label that the document itself gives (原因：その他).
    pub source_label: Option<String>,
    /// What other countings call the class; follows from `code`.
    pub codings: CauseCodings,
    /// CVE or JVN numbers stated beside it.
    pub vulnerabilities: Vec<String>,
    /// Probability that the claim is right.
    pub confidence: f64,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// What other countings call a class of cause: null where the coding has no place for it, several labels divided by `, `.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseCodings {
    /// ScanNetSecurity's monthly counting.
    pub scan: Option<String>,
    /// 東京商工リサーチ, as of 2023.
    pub tsr: Option<String>,
    /// JNSA, survey of 2018.
    pub jnsa: Option<String>,
    /// VERIS: action, and variety where one fits.
    pub veris: Option<String>,
    /// The codings whose label above is our judgement: they themselves do not say where the class belongs.
    pub judgement: Vec<Coding>,
}

impl CauseCodings {
    /// The label in one coding.
    #[must_use]
    pub fn label(&self, coding: Coding) -> Option<&str> {
        match coding {
            Coding::Scan => self.scan.as_deref(),
            Coding::Tsr => self.tsr.as_deref(),
            Coding::Jnsa => self.jnsa.as_deref(),
            Coding::Veris => self.veris.as_deref(),
        }
    }
}

/// A moment or a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DateClaim {
    /// `d1`, `d2`, … within the disclosure.
    pub id: String,
    /// Which moment.
    pub kind: DateKind,
    /// First day.
    #[schemars(with = "Option<String>")]
    pub date_from: Option<Date>,
    /// Last day; the same as the first for a single day.
    #[schemars(with = "Option<String>")]
    pub date_to: Option<Date>,
    /// How exactly it is known.
    pub precision: DatePrecision,
    /// Probability that the claim is right.
    pub confidence: f64,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// A kind of data that leaked or did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DataTypeClaim {
    /// Which kind.
    pub code: DataTypeCode,
    /// Leaked or denied.
    pub state: DataState,
    /// Probability that the claim is right.
    pub confidence: f64,
    /// Which rule found it.
    pub rule: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}
