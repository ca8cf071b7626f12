//! Which of the causes that the rules found is the main one.

use rouei_model::CauseCode;

use super::{TermModel, both};
use crate::causes::CauseFinding;
use crate::lexicon::LexiconError;

/// Another of the classes that the rules found leads where its terms make it so many times as likely as the first: about
/// e^1.3, the middle of a plateau on texts that neither reader had seen.
const OVERRULED_BY: f64 = 20.0;

/// A class of which the terms know next to nothing is still possible.
const LEAST: f64 = 1e-4;

/// How likely each class is by the terms of a text.
#[derive(Debug)]
pub struct CauseReader {
    model: TermModel,
    codes: Vec<CauseCode>,
}

impl CauseReader {
    /// Reads the weights. `file` is how errors call them.
    ///
    /// # Errors
    /// Where the text is no table of weights, or names an unknown class.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let model = TermModel::parse(text, file)?;
        let code = |written: &String| {
            CauseCode::from_code(written).ok_or_else(|| LexiconError::Entry {
                file: file.to_owned(),
                entry: written.clone(),
                message: "is no class of causes".to_owned(),
            })
        };
        let codes = model.classes().iter().map(code).collect::<Result<_, _>>()?;
        Ok(Self { model, codes })
    }

    /// The probability of each class that the table knows.
    #[must_use]
    pub fn probabilities(&self, masked: &str) -> Vec<(CauseCode, f64)> {
        let odds: Vec<f64> = self.model.log_odds(masked).iter().map(|odds| odds.exp()).collect();
        let all: f64 = odds.iter().sum();
        self.codes.iter().copied().zip(odds.iter().map(|odds| odds / all)).collect()
    }

    /// Puts another of the findings first where the terms clearly say so, and makes the first as sure as both readers are.
    pub(crate) fn reconsider(&self, masked: &str, findings: &mut [CauseFinding]) {
        let Some(main) = findings.first() else { return };
        let probabilities = self.probabilities(masked);
        let known = |code: CauseCode| probabilities.iter().find(|(c, _)| *c == code).map(|(_, p)| p.max(LEAST));
        let likely = |code: CauseCode| known(code).unwrap_or(LEAST);
        let sure = main.confidence;
        let best = findings.iter().enumerate().max_by(|(_, a), (_, b)| likely(a.code).total_cmp(&likely(b.code)));
        if let Some((at, best)) = best
            && likely(best.code) > OVERRULED_BY * likely(main.code)
        {
            findings[..=at].rotate_right(1);
        }
        if let Some(main) = findings.first_mut()
            && let Some(probability) = known(main.code)
        {
            main.confidence = (both(sure, probability) * 100.0).round() / 100.0;
        }
    }
}
