//! A second reader beside the rules: three linear classifiers whose weights were fitted to labelled texts (ADR 0088).
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

use crate::confidence::{log_odds, logistic};
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
    logistic(f64::midpoint(log_odds(rules), log_odds(reader)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TABLES: [&str; 3] = [include_str!("disclosure.csv"), include_str!("causes.csv"), include_str!("figures.csv")];

    #[test]
    fn no_weight_hangs_on_a_figure() {
        for table in TABLES {
            for row in table.lines().skip(2) {
                let feature = row.split(',').next().unwrap();
                let told = feature.starts_with("figures=");
                assert!(told || !feature.contains(|c: char| c.is_ascii_digit() && c != '0'), "{feature}");
            }
        }
    }

    #[test]
    fn the_tables_fit_their_readers() {
        let reader = SecondReader::parse(TABLES[0], TABLES[1], TABLES[2]).unwrap();
        assert_eq!(reader.disclosure.classes().len(), 1);
        let main = |text: &str| {
            let probabilities = reader.causes.probabilities(text);
            probabilities.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(code, _)| code.code()).unwrap()
        };
        assert_eq!(main("〇市は0日、職員が帰宅途中に書類の入ったかばんを置き忘れ、紛失したと発表した。"), "loss");
        assert_eq!(main("〇は0日、サーバーがランサムウェアに感染し、データが暗号化されたと発表した。"), "ransomware");
        let odds = |text: &str| reader.disclosure.log_odds(text)[0];
        let told = odds("〇市は0日、職員が書類を紛失し、0人分の個人情報が流出した恐れがあると発表した。");
        assert!(told > odds("情報漏えいを防ぐ方法を解説します。資料のダウンロードはこちら。"));
    }

    #[test]
    fn two_readers_meet_halfway() {
        assert!((both(0.9, 0.9) - 0.9).abs() < 1e-9);
        assert!((both(0.9, 0.1) - 0.5).abs() < 1e-9);
    }
}
