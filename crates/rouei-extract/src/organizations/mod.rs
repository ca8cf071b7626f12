//! Names of organizations: every mention with its kind, and what stands around it.
//!
//! Who is victim, contractor or parent is decided later, over the whole incident ([`crate::roles`]).

mod chain;
mod context;
mod frames;
mod hiragana;
mod legal_form;
mod lexicon;
mod lexicon_file;
mod name;
mod names;
mod quotation;
mod reference;
mod repeats;
mod scan;
mod signature;
mod slots;
mod suffix;
mod topic;
mod word;
mod word_list;

use rouei_model::Span;
use serde::Deserialize;

pub use lexicon::{Entry, OrganizationLexicon};
pub use name::{core_name, same_organization};
pub(crate) use name::{is_lettered, same_name};
pub(crate) use names::Names;

use crate::reading::Reading;

/// One mention of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationFinding {
    /// Index into [`Reading::sentences`].
    pub sentence: usize,
    /// The name with its legal form, bytes of the normalised text.
    pub span: Span,
    /// Without legal form and ticker.
    pub name: String,
    /// 株式会社 and its kin.
    pub legal_form: Option<String>,
    /// Securities code behind the name.
    pub ticker: Option<String>,
    /// What it looks like.
    pub kind: OrganizationKind,
    /// How the name was recognised.
    pub mention: Mention,
    /// Stands in quotation marks.
    pub quoted: bool,
    /// Regulators, media and products look on.
    pub onlooker: Option<Onlooker>,
}

/// What a name looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationKind {
    /// Company, bank, shop.
    Company,
    /// 市町村区.
    Municipality,
    /// 都道府県.
    Prefecture,
    /// 教育委員会.
    Board,
    /// Schools and universities.
    School,
    /// Hospitals.
    Hospital,
    /// 協会, 機構, 組合.
    Association,
    /// 省庁, 局.
    Agency,
    /// 警察.
    Police,
    /// A shop, application or system.
    Service,
    /// Nothing in the name tells.
    Unknown,
}

/// How a name was recognised, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mention {
    /// Legal form or securities code.
    LegalForm,
    /// A suffix that only organizations have.
    Suffix,
    /// The dictionary or a suffix that common nouns have too.
    Weak,
    /// Katakana, Latin letters, a quotation: only its place can tell.
    Bare,
    /// 当社, 本市.
    FirstPerson,
    /// 大手自動車メーカー.
    Anonymised,
}

/// Organizations that are named in disclosures without being the victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onlooker {
    /// Ministries, police, 個人情報保護委員会.
    Regulator,
    /// Newspapers, news sites, survey institutes.
    Media,
    /// Software, services used, malware, investigators.
    Product,
}

/// Every mention in `sentences`, in text order.
#[must_use]
pub fn find(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentences: std::ops::Range<usize>,
) -> Vec<OrganizationFinding> {
    let mut findings = Vec::new();
    for sentence in sentences {
        scan::find_in_sentence(reading, lexicon, sentence, &mut findings);
    }
    findings.sort_by_key(|f| (f.span.start, f.span.end));
    repeats::find(reading, lexicon, &mut findings);
    findings
}

/// Reads a whole cell, value or signature line as one name, where its label says that it is one.
#[must_use]
pub fn read_cell(reading: &Reading, lexicon: &OrganizationLexicon, sentence: usize) -> Option<OrganizationFinding> {
    scan::read_cell(reading, lexicon, sentence)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
