//! Why data got out: cue words, what stands around them, and which class is the main one.
//!
//! A cue (`lexicon.toml`) names a class with a weight. A denial behind it takes it away, and the class with it where nothing
//! else states that; the sentence, the headings and the labels around it raise or lower it. Precedences then put the specific class before the general one that scores
//! higher: ransomware before unauthorized access, theft before loss.

mod against;
mod check;
pub mod codings;
mod entries;
mod frames;
mod lexicon;
mod scoring;
mod source;
#[cfg(test)]
mod tests;

use std::ops::Range;

use rouei_model::{CauseCode, Span};

pub use lexicon::CauseLexicon;

use crate::reading::Reading;

/// A class of cause, with all that speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseFinding {
    /// The class.
    pub code: CauseCode,
    /// Its Japanese name.
    pub label: String,
    /// What the document itself calls the cause (`原因:その他`), where that says this class or, for the main one, none.
    pub source_label: Option<SourceLabel>,
    /// CVE, JVN and JVNDB numbers, on the class that they belong to.
    pub vulnerabilities: Vec<String>,
    /// Weights of the cues, summed up with falling return; 4 is one clear statement in the body.
    pub score: f64,
    /// No cue states it, its kinds of words were seen together.
    pub hinted: bool,
    /// Probability that the class is right; for the first finding, that it is the main one.
    pub confidence: f64,
    /// The strongest cue's id.
    pub rule: String,
    /// The cues, strongest first, in bytes of the normalised text.
    pub spans: Vec<Span>,
    /// The sentence of the strongest cue.
    pub sentence: usize,
}

/// The document's own words for a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLabel {
    /// The words, normalised.
    pub text: String,
    /// Where they stand, in bytes of the normalised text.
    pub span: Span,
}

/// A class that the document says it was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedCause {
    /// The class.
    pub code: CauseCode,
    /// Its Japanese name.
    pub label: String,
    /// The cue and the words that deny it, in bytes of the normalised text.
    pub span: Span,
    /// The title says it all the same.
    pub in_title: bool,
}

/// The title says one class and the text another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What the title says.
    pub title: CauseCode,
    /// What the text says.
    pub body: CauseCode,
}

/// What a range of sentences says of the cause.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CauseReading {
    /// The causes that it states, the main one first. Empty where it states none.
    pub findings: Vec<CauseFinding>,
    /// Those that it says it was not, and that nothing else in it states.
    pub denied: Vec<DeniedCause>,
    /// Whether its title says another one than its text.
    pub contradiction: Option<Contradiction>,
}

/// How sure a class can be that no cue states.
const HINTED: f64 = 0.5;

/// The causes that a range of sentences states, the main one first. Empty where it states none.
#[must_use]
pub fn find(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: Range<usize>) -> Vec<CauseFinding> {
    read(reading, lexicon, sentences).findings
}

/// What a range of sentences says of the cause.
///
/// The range is one incident: the whole document, or one part of a roundup.
#[must_use]
pub fn read(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: Range<usize>) -> CauseReading {
    let sentences = sentences.start..sentences.end.min(reading.sentences.len());
    let mut told = scoring::hits(reading, lexicon, sentences.clone());
    let denied = against::take_down(lexicon, &mut told.hits, told.denied);
    let contradiction = against::contradiction(lexicon, &told.hits, &denied);
    // What the measures, other times and other houses speak of is stated of them.
    let stated = told.hits.iter().any(|hit| hit.code != CauseCode::Unknown);
    let of_this =
        |hit: &scoring::Hit| hit.code != CauseCode::Unknown && !hit.background && hit.weight >= scoring::LEAST;
    let mut hinted = !stated;
    if !told.hits.iter().any(of_this) {
        let guesses = frames::hits(reading, lexicon, &sentences);
        let known = told.hits.len();
        told.hits.extend(guesses.into_iter().filter(|hit| denied.iter().all(|d| d.code != hit.code)));
        hinted |= told.hits.len() > known;
    }
    let mut findings = scoring::rank(lexicon, told.hits);
    for finding in findings.iter_mut().filter(|f| hinted && f.code != CauseCode::Unknown) {
        finding.hinted = true;
        finding.confidence = finding.confidence.min(HINTED);
    }
    if let Some(contradiction) = contradiction {
        against::settle(&mut findings, contradiction);
    }
    scoring::add_vulnerabilities(reading, sentences.clone(), &mut findings);
    source::attach(reading, lexicon, sentences, &mut findings);
    CauseReading { findings, denied, contradiction }
}
