//! Document to disclosures: the lexicons and the rules.
//!
//! [`Extractor::extract`] is the whole way: read once, find what there is (organizations, figures, dates), see how many
//! incidents the document tells of, judge whether it discloses any, and put each together from claims with evidence.
//! Nothing here opens a file, a socket or a database, or asks what day it is.

mod assemble;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod cases;
pub mod causes;
mod check;
pub mod confidence;
pub mod counts;
pub mod cues;
pub mod data_types;
pub mod dates;
mod edited;
mod explain;
pub mod flags;
pub mod incidents;
pub mod judgement;
pub mod lexicon;
pub mod organizations;
mod pattern;
mod prefilter;
pub mod reading;
mod recognised;
pub mod roles;
mod script;
pub mod second_reader;
pub mod status;
pub mod voice;
mod word_lists;

pub use check::{BrokenExample, LEXICON_FILES};
pub use explain::Explanation;
use std::collections::BTreeMap;

use rouei_model::{
    Disclosure, Document, DocumentKind, DocumentRecord, Extraction, Issue, IssueCode, SCHEMA_VERSION, SourceTier,
};
use rouei_morphology::{DictionaryError, Tokenizer};
use sha2::{Digest, Sha256};

use crate::lexicon::LexiconError;
use crate::reading::Reading;

/// Version of the rules. Records carry [`Lexicons::version`], which tells the lexicons too.
pub const EXTRACTOR_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Reads documents. Build it once: the dictionary and the lexicons are loaded here.
pub struct Extractor {
    tokenizer: Tokenizer,
    lexicons: Lexicons,
}

/// Every lexicon that the rules read.
pub struct Lexicons {
    /// Names of organizations.
    pub organizations: organizations::OrganizationLexicon,
    /// What stands around names.
    pub roles: roles::RoleLexicon,
    /// Units, bounds, subjects.
    pub counts: counts::CountLexicon,
    /// Cause words.
    pub causes: causes::CauseLexicon,
    /// Date words.
    pub dates: dates::DateLexicon,
    /// Kinds of data.
    pub data_types: data_types::DataTypeLexicon,
    /// Leak status, event, stage.
    pub status: status::StatusLexicon,
    /// What shows several incidents.
    pub incidents: incidents::IncidentLexicon,
    /// For and against a disclosure.
    pub judgement: judgement::JudgementLexicon,
    /// The classifiers beside the rules.
    pub second_reader: second_reader::SecondReader,
    /// Who speaks.
    pub voice: voice::VoiceLexicon,
    /// How sure a record is.
    pub confidence: confidence::Weights,
    /// [`EXTRACTOR_VERSION`] with a digest of the texts that these were read from: `0.1.0+lex.1a2b3c4d`.
    pub version: String,
    /// For the strings of all prefilters above.
    search: prefilter::Search,
}

impl Lexicons {
    /// The lexicons that are compiled in.
    ///
    /// # Errors
    /// Where one does not parse; names file and entry.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::from_sources(&BTreeMap::new())
    }
}

/// The extractor could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The embedded dictionary.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// A lexicon.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
}

impl Extractor {
    /// Loads dictionary and lexicons.
    ///
    /// # Errors
    /// Where either cannot be read.
    pub fn new() -> Result<Self, SetupError> {
        Ok(Self { tokenizer: Tokenizer::new()?, lexicons: Lexicons::embedded()? })
    }

    /// Loads the dictionary, and takes these lexicons.
    ///
    /// # Errors
    /// Where the dictionary cannot be read.
    pub fn with_lexicons(lexicons: Lexicons) -> Result<Self, SetupError> {
        Ok(Self { tokenizer: Tokenizer::new()?, lexicons })
    }

    /// The same, with claims as sure as their rules say: what scaling is fitted to.
    #[must_use]
    pub fn unscaled(mut self) -> Self {
        self.lexicons.confidence.claim.clear();
        self
    }

    /// The tokenizer, for whoever explains or measures.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The lexicons.
    #[must_use]
    pub fn lexicons(&self) -> &Lexicons {
        &self.lexicons
    }

    /// What a document discloses. The same document gives the same extraction.
    #[must_use]
    pub fn extract(&self, document: &Document) -> Extraction {
        self.weigh(document, |found, drafts, judgement, genre| {
            record_of(document, found, drafts, &judgement, &self.lexicons, genre)
        })
    }

    /// What decided: the judgement with its reasons, every mention of an organization, the incidents with their
    /// organizations and scores. For whoever asks why, and for the tests of the rules.
    #[must_use]
    pub fn explain(&self, document: &Document) -> Explanation {
        self.weigh(document, |found, drafts, judgement, _| {
            Explanation::of(document, &self.lexicons, found, drafts, judgement)
        })
    }

    /// What the confidence of each record of a document is computed from, in their order. For whoever fits it.
    #[must_use]
    pub fn features(&self, document: &Document) -> Vec<confidence::Features> {
        self.weigh(document, |found, drafts, judgement, _| {
            let several = drafts.len() > 1;
            let records = drafts.iter().filter(|d| judgement.is_disclosure() && (!several || d.stands_alone()));
            records.map(|draft| assemble::features(draft, found, &judgement, several)).collect()
        })
    }

    /// Reads, finds, splits and judges; hands it all to `then`.
    fn weigh<T>(
        &self,
        document: &Document,
        then: impl FnOnce(&assemble::Found, Vec<assemble::Draft>, judgement::Judgement, Genre) -> T,
    ) -> T {
        let reading = Reading::new(document, &self.tokenizer);
        let _scan = self.lexicons.search.scan(reading.text());
        let all = 0..reading.sentences.len();
        let organizations = organizations::find(&reading, &self.lexicons.organizations, all.clone());
        let counts = counts::find(&reading, &self.lexicons.counts, all.clone());
        let genre = Genre::of(self.lexicons.judgement.media(), document, &organizations);
        let anchor = dates::Anchor {
            published: document.published.map(|p| p.date).or_else(|| {
                document.title.as_deref().and_then(|title| dates::at_end_of_title(title, &self.lexicons.dates))
            }),
            no_later_than: document.url.as_deref().and_then(rouei_text::no_later_than),
            year_hint: document.published.map(|p| p.date.year()),
            publisher_is_victim: genre.first_person.then_some(true),
            reposted: genre.repost,
        };
        let dates = dates::find(&reading, &self.lexicons.dates, &anchor, all);
        let voice = voice::listen(&self.lexicons.voice, &reading);
        let incidents = incidents::split(
            &self.lexicons.incidents,
            &reading,
            &self.lexicons.organizations,
            &organizations,
            &counts,
            voice.is_notice(),
        );

        let masked = second_reader::masked(&reading);
        let found = assemble::Found {
            reading: &reading,
            masked: &masked,
            organizations: &organizations,
            counts: &counts,
            dates: &dates,
            voice: &voice,
        };
        let drafts: Vec<assemble::Draft> =
            incidents.iter().map(|i| assemble::draft(&self.lexicons, &found, i, &genre)).collect();
        let evidence = assemble::evidence_for_judgement(&drafts, &found, &genre);
        let second = self.lexicons.second_reader.disclosure.log_odds(&masked).first().copied().unwrap_or(0.0);
        let judgement = judgement::judge(&self.lexicons.judgement, &reading, &evidence, second);
        then(&found, drafts, judgement, genre)
    }
}

/// The record of a document that has been weighed.
fn record_of(
    document: &Document,
    found: &assemble::Found,
    drafts: Vec<assemble::Draft>,
    judgement: &judgement::Judgement,
    lexicons: &Lexicons,
    genre: Genre,
) -> Extraction {
    let document_id = document_id(document);
    let mut disclosures: Vec<Disclosure> = Vec::new();
    if judgement.is_disclosure() {
        let several = drafts.len() > 1;
        for draft in drafts.into_iter().filter(|d| !several || d.stands_alone()) {
            disclosures.push(assemble::finish(draft, found, judgement, &lexicons.confidence, several));
        }
        name_disclosures(&document_id, &mut disclosures);
    }
    if document.issues.iter().any(|i| i.code == IssueCode::Ocr) {
        disclosures.iter_mut().for_each(recognised::temper);
    }
    let voice = found.voice;
    let kind = match (disclosures.len(), voice.is_own()) {
        (0, _) => DocumentKind::NoDisclosure,
        (1, true) => DocumentKind::PressRelease,
        (1, false) => DocumentKind::News,
        _ => DocumentKind::Roundup,
    };
    let source_tier = match kind {
        DocumentKind::Roundup => SourceTier::Roundup,
        _ => voice::tier(document, voice, genre.elsewhere),
    };
    let mut issues = document.issues.clone();
    if judgement.reasons.iter().any(|(id, _)| id == "placeholder") {
        issues.push(Issue::new(IssueCode::Template, "the text holds placeholders for a name or a figure"));
    }
    Extraction {
        schema_version: SCHEMA_VERSION,
        extractor_version: lexicons.version.clone(),
        document: record(document, document_id, kind, source_tier),
        disclosures,
        issues,
    }
}

/// Who speaks in a document.
#[derive(Clone, Copy, Debug)]
pub struct Genre {
    /// Somebody says 当社.
    pub first_person: bool,
    /// The site is that of a medium or a blog, as far as its names tell.
    pub elsewhere: bool,
    /// The page carries somebody else's notice.
    pub repost: bool,
}

impl Genre {
    fn of(
        media: &judgement::MediaWords,
        document: &Document,
        organizations: &[organizations::OrganizationFinding],
    ) -> Self {
        let first_person = organizations.iter().any(|o| o.mention == organizations::Mention::FirstPerson);
        let published_by_media = || document.publisher.as_deref().is_some_and(|p| media.published_by(p));
        let blog = || document.url.as_deref().is_some_and(|u| media.addressed(u));
        let elsewhere = match document.source_tier {
            Some(SourceTier::Official) => false,
            Some(_) => true,
            None => published_by_media() || blog(),
        };
        Self { first_person, elsewhere, repost: first_person && elsewhere }
    }
}

fn record(document: &Document, id: String, kind: DocumentKind, source_tier: SourceTier) -> DocumentRecord {
    DocumentRecord {
        id,
        path: document.path.clone(),
        url: document.url.clone(),
        warc_record: document.warc_record.clone(),
        captured: document.captured,
        sha256: document.sha256.clone(),
        text_sha256: hex(&Sha256::digest(document.text.as_bytes())),
        title: document.title.clone(),
        publisher: document.publisher.clone(),
        published: document.published.map(|p| p.date),
        charset: (!document.charset.is_empty()).then(|| document.charset.clone()),
        kind,
        source_tier,
        text_chars: document.text.chars().count(),
        text: None,
    }
}

/// Stable for an address; for bytes without an address, stable for the bytes.
fn document_id(document: &Document) -> String {
    match &document.url {
        Some(url) => hex(&Sha256::digest(url.as_bytes()))[..16].to_owned(),
        None => document.sha256.get(..16).unwrap_or(&document.sha256).to_owned(),
    }
}

/// Identifiers that survive a change of the page: document, leading organization, ordinal among its namesakes.
fn name_disclosures(document_id: &str, disclosures: &mut [Disclosure]) {
    let mut seen: Vec<String> = Vec::new();
    for disclosure in disclosures {
        let lead = disclosure.organizations.first().map_or("", |o| o.canonical.as_str());
        let core = organizations::core_name(lead);
        let ordinal = seen.iter().filter(|s| **s == core).count();
        disclosure.id = hex(&Sha256::digest(format!("{document_id}\n{core}\n{ordinal}").as_bytes()))[..16].to_owned();
        seen.push(core);
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}
