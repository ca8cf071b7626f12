use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    CauseClaim, CauseCodings, CountClaim, DataTypeClaim, DateClaim, Issue, OrganizationClaim,
    vocabulary::{
        Bound, CountScope, DataState, Derivation, DocumentKind, Effect, Event, LeakStatus, LeakedBy, ReportType,
        SourceTier, Stage,
    },
};

/// Version of the JSON contract; raised when a key changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// One line of `rouei extract`: a document and what it discloses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Extraction {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of the rules and lexicons.
    pub extractor_version: String,
    /// What was read.
    pub document: DocumentRecord,
    /// None for a page that discloses nothing; many for a roundup.
    pub disclosures: Vec<Disclosure>,
    /// What went wrong with the document.
    pub issues: Vec<Issue>,
}

/// What stands of a document in the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentRecord {
    /// First 16 hexadecimal digits of the SHA-256 of its address, or of its bytes where it has none.
    pub id: String,
    /// Path as given.
    pub path: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// `WARC-Record-ID`.
    pub warc_record: Option<String>,
    /// When fetched.
    #[schemars(with = "Option<String>")]
    pub captured: Option<Timestamp>,
    /// Of the bytes.
    pub sha256: String,
    /// Of the document text in UTF-8.
    pub text_sha256: String,
    /// Title without the site's name.
    pub title: Option<String>,
    /// Whose site it is.
    pub publisher: Option<String>,
    /// When published.
    #[schemars(with = "Option<String>")]
    pub published: Option<Date>,
    /// IANA name, lower case; null for PDF.
    pub charset: Option<String>,
    /// Genre.
    pub kind: DocumentKind,
    /// Who speaks.
    pub source_tier: SourceTier,
    /// Length of the document text in code points.
    pub text_chars: usize,
    /// The document text, with `--with-text`.
    pub text: Option<String>,
}

/// What one document claims about one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disclosure {
    /// From the document's id, the leading organization and its ordinal: survives a change of the page.
    pub id: String,
    /// Victim first.
    pub organizations: Vec<OrganizationClaim>,
    /// Every figure.
    pub counts: Vec<CountClaim>,
    /// The figure to quote, with the rule that chose it.
    pub headline_count: Option<HeadlineCount>,
    /// Main cause first.
    pub causes: Vec<CauseClaim>,
    /// Every date with a known meaning.
    pub dates: Vec<DateClaim>,
    /// Kinds of data.
    pub data_types: Vec<DataTypeClaim>,
    /// Whether payment cards are among them.
    pub card_data: Option<DataState>,
    /// Whether data left.
    pub leak_status: Option<LeakStatus>,
    /// What the document tells of.
    pub event: Event,
    /// Which report it is.
    pub stage: Stage,
    /// Why it is to be reported to the PPC, as far as the claims say; follows from them. In the order of the vocabulary.
    pub report_types: Vec<ReportType>,
    /// What happened to the data or is feared to, `leak_status` says which; follows from the claims. In the order of the
    /// vocabulary.
    pub effect: Vec<Effect>,
    /// Who leaked; follows from the claims.
    pub leaked_by: Option<LeakedBy>,
    /// Probability that organization, headline count, cause and announcement are all right.
    pub confidence: f64,
    /// Below the threshold, or a contradiction: a person should look.
    pub needs_review: bool,
    /// Contradictions and doubts.
    pub issues: Vec<Issue>,
}

impl Disclosure {
    /// The claims alone, without what follows from them: codings, report types, effect, who leaked.
    #[must_use]
    pub fn claims_only(&self) -> Self {
        let mut claims = self.clone();
        claims.causes.iter_mut().for_each(|cause| cause.codings = CauseCodings::default());
        (claims.report_types, claims.effect, claims.leaked_by) = (Vec::new(), Vec::new(), None);
        claims
    }
}

/// The figure to quote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeadlineCount {
    /// The claim it is; null for a sum.
    pub claim: Option<String>,
    /// The figure.
    pub value: u64,
    /// As written.
    pub unit: String,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// 約, およそ, 程度.
    pub approx: bool,
    /// Feared or established.
    pub scope: CountScope,
    /// The rule that chose it.
    pub derived: Derivation,
    /// Probability that it is right.
    pub confidence: f64,
}
