//! Records of a text that was recognised in a picture.

use rouei_model::{Disclosure, Issue, IssueCode};

use crate::assemble::round;

/// What is left of a claim's confidence: a letter in a hundred is wrong on a clean print, and a claim has ten to twenty,
/// of which a digit or a character of a name is enough. An estimate, not measured.
const CLAIM: f64 = 0.8;

/// What is left of the confidence that all leading claims are right together.
const RECORD: f64 = 0.6;

/// Lowers every confidence, and asks for a person.
pub(crate) fn temper(disclosure: &mut Disclosure) {
    disclosure.organizations.iter_mut().for_each(|c| c.confidence = round(c.confidence * CLAIM));
    disclosure.counts.iter_mut().for_each(|c| c.confidence = round(c.confidence * CLAIM));
    disclosure.causes.iter_mut().for_each(|c| c.confidence = round(c.confidence * CLAIM));
    disclosure.dates.iter_mut().for_each(|c| c.confidence = round(c.confidence * CLAIM));
    disclosure.data_types.iter_mut().for_each(|c| c.confidence = round(c.confidence * CLAIM));
    if let Some(headline) = &mut disclosure.headline_count {
        headline.confidence = round(headline.confidence * CLAIM);
    }
    disclosure.confidence = round(disclosure.confidence * RECORD);
    disclosure.needs_review = true;
    disclosure
        .issues
        .push(Issue::new(IssueCode::Ocr, "the text was recognised in a picture; compare with the picture"));
}
