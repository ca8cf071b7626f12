//! Why data got out: cue words, what stands around them, and which class is the main one.
//!
//! A cue (`lexicon.toml`) names a class with a weight. A denial behind it takes it away; the sentence, the headings and
//! the labels around it raise or lower it. Precedences then put the specific class before the general one that scores
//! higher: ransomware before unauthorized access, theft before loss.

mod check;
pub mod codings;
mod lexicon;
mod scoring;
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
    /// What the document itself names as the cause (`原因:その他`), where that spoke for this class.
    pub source_label: Option<String>,
    /// CVE, JVN and JVNDB numbers, on the class that they belong to.
    pub vulnerabilities: Vec<String>,
    /// Weights of the cues, summed up with falling return; 4 is one clear statement in the body.
    pub score: f64,
    /// Probability that the class is right; for the first finding, that it is the main one.
    pub confidence: f64,
    /// The strongest cue's id.
    pub rule: String,
    /// The cues, strongest first, in bytes of the normalised text.
    pub spans: Vec<Span>,
    /// The sentence of the strongest cue.
    pub sentence: usize,
}

/// The causes that a range of sentences states, the main one first. Empty where it states none.
///
/// The range is one incident: the whole document, or one part of a roundup.
#[must_use]
pub fn find(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: Range<usize>) -> Vec<CauseFinding> {
    let sentences = sentences.start..sentences.end.min(reading.sentences.len());
    let hits = scoring::hits(reading, lexicon, sentences.clone());
    let mut findings = scoring::rank(lexicon, hits);
    scoring::add_vulnerabilities(reading, sentences, &mut findings);
    findings
}
