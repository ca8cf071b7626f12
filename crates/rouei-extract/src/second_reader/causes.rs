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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rouei_morphology::Tokenizer;

    use super::*;
    use crate::causes::{self, CauseLexicon};
    use crate::reading::Reading;

    /// The causes of a text in which the rules find theft before loss, both.
    fn findings() -> Vec<CauseFinding> {
        let text = "車上荒らしで鞄を盗まれ、名簿を紛失しました。";
        let document = rouei_text::read(text.as_bytes(), &rouei_text::Hints::default());
        let reading = Reading::new(&document, &Tokenizer::new().unwrap());
        causes::find(&reading, &CauseLexicon::embedded().unwrap(), 0..reading.sentences.len())
    }

    fn reconsidered(table: &str) -> (Vec<&'static str>, f64) {
        let mut findings = findings();
        CauseReader::parse(table, "t.csv").unwrap().reconsider("盗", &mut findings);
        (findings.iter().map(|f| f.code.code()).collect(), findings[0].confidence)
    }

    #[test]
    fn only_who_is_far_surer_puts_another_cause_first() {
        let sure = findings()[0].confidence;
        // exp(2) is 7 times, exp(4) 55 times as likely.
        let (codes, doubted) = reconsidered("feature,loss,theft\n,0,0\n盗,2,0\n");
        assert!(codes[0] == "theft" && doubted < sure, "{codes:?} {doubted}");
        let (codes, _) = reconsidered("feature,loss,theft\n,0,0\n盗,4,0\n");
        assert_eq!(codes[..2], ["loss", "theft"]);
    }

    #[test]
    fn a_class_that_the_rules_did_not_find_never_leads() {
        let (codes, _) = reconsidered("feature,loss,theft,ransomware\n,0,0,0\n盗,0,0,9\n");
        assert_eq!(codes[0], "theft");
    }
}
