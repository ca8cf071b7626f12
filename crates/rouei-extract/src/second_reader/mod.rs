//! A second reader beside the rules: three linear classifiers whose weights were fitted to labelled texts (ADR 0157).
//!
//! Each sums up the weights of what it sees, scaled to length 1 (logistic regression; for texts as in Wang and Manning,
//! ACL 2012): the n-grams of the text, or of what stands around a figure. It knows no grammar and shows no sentence, so
//! it claims nothing by itself. But it errs elsewhere than the rules do: it has a say in whether a text discloses
//! anything, decides between the causes that the rules found, and where both agree on cause and figure a record is surer.
//!
//! `fit/second_reader.py` makes the tables. They hold no names and no figures, and are not written by hand.

mod causes;
mod figures;
mod table;
mod terms;

pub use causes::CauseReader;
pub use figures::{FigureReader, features, is_candidate};
pub use terms::{TermModel, masked};

use crate::lexicon::LexiconError;

/// The three classifiers.
#[derive(Debug)]
pub struct SecondReader {
    /// Whether a text discloses anything: one class.
    pub disclosure: TermModel,
    /// Why.
    pub causes: CauseReader,
    /// Which figure leads.
    pub figures: FigureReader,
}

impl SecondReader {
    /// Reads the tables of this folder, each by its text.
    ///
    /// # Errors
    /// Where one is no table of weights, or has unknown classes; names file and row.
    pub fn parse(disclosure: &str, causes: &str, figures: &str) -> Result<Self, LexiconError> {
        Ok(Self {
            disclosure: TermModel::parse(disclosure, "second_reader/disclosure.csv")?,
            causes: CauseReader::parse(causes, "second_reader/causes.csv")?,
            figures: FigureReader::parse(figures, "second_reader/figures.csv")?,
        })
    }
}

/// Between what the rules say and what the second reader says, both as probabilities: the mean of their log-odds.
#[must_use]
pub fn both(rules: f64, reader: f64) -> f64 {
    use crate::confidence::{log_odds, logistic};
    logistic(f64::midpoint(log_odds(rules), log_odds(reader)))
}
