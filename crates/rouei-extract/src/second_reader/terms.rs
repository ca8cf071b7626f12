//! The n-grams of a text.

use rouei_morphology::WordClass;

use super::table::Table;
use crate::lexicon::LexiconError;
use crate::prefilter::Index;
use crate::reading::Reading;

/// A classifier over the terms of a text: sequences of one to three characters within a line, each counted once.
#[derive(Debug)]
pub struct TermModel {
    table: Table,
    /// Finds the terms, also where they overlap.
    terms: Index,
}

impl TermModel {
    /// Reads a table of weights. `file` is how errors call it.
    ///
    /// # Errors
    /// Where the text is no such table; names the row.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let table = Table::parse(text, file)?;
        let terms = Index::new(&table.features);
        Ok(Self { table, terms })
    }

    /// The classes, in the order of the table.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.table.classes
    }

    /// The log-odds of each class for a text that [`masked`] prepared, in the order of [`Self::classes`].
    #[must_use]
    pub fn log_odds(&self, masked: &str) -> Vec<f64> {
        let mut held = vec![false; self.table.features.len()];
        self.terms.scan(masked, |_, _, term| held[term] = true);
        self.table.log_odds(held.iter().enumerate().filter(|(_, held)| **held).map(|(row, _)| row))
    }
}

/// Characters that are read. A text tells at once what it is about, and those that the weights were fitted to are not
/// longer.
const READ: usize = 1200;

/// Stands for a name.
const NAME: char = '〇';

/// The sentences of a document as the classifiers see them, one a line: names and figures are taken out, so that no weight can hang on who
/// was hit, where, or how many were; blanks are, too.
#[must_use]
pub fn masked(reading: &Reading) -> String {
    let mut masked = String::new();
    let mut read = 0;
    for sentence in &reading.sentences {
        if read > READ {
            break;
        }
        let span = sentence.span;
        let mut at = span.start;
        for token in &reading.tokens[sentence.tokens.clone()] {
            if is_name(token.class) && token.start >= at && token.end <= span.end {
                append(&mut masked, &reading.text()[at..token.start]);
                if !masked.ends_with(NAME) {
                    masked.push(NAME);
                }
                at = token.end;
            }
        }
        append(&mut masked, &reading.text()[at..span.end]);
        masked.push('\n');
        read += span.of(reading.text()).chars().count();
    }
    masked
}

fn is_name(class: WordClass) -> bool {
    matches!(class, WordClass::ProperNoun | WordClass::PersonName | WordClass::Organization | WordClass::Place)
}

/// Appends text without blanks, every number as one zero.
pub(super) fn append(masked: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '0'..='9' | ',' if masked.ends_with('0') => {}
            '0'..='9' => masked.push('0'),
            c if c.is_whitespace() => {}
            c => masked.push(c),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn model() -> TermModel {
        TermModel::parse("feature,theft,loss\n,0.1,-0.1\n盗,2.0,0.0\n失く,0.0,4.0\n", "terms.csv").unwrap()
    }

    #[test]
    fn terms_speak_for_their_classes() {
        for (text, theft_leads) in [("車から盗まれた", true), ("鞄を失くした", false), ("", true)] {
            let odds = model().log_odds(text);
            assert!((odds[0] > odds[1]) == theft_leads, "{text}: {odds:?}");
        }
    }

    #[test]
    fn a_term_counts_once() {
        assert_eq!(model().log_odds("盗"), model().log_odds("盗難の盗品を盗む"));
    }

    #[test]
    fn names_figures_and_blanks_are_taken_out() {
        let document =
            rouei_text::read("東京都と大阪府で1,204人の 情報が漏れた。\n".as_bytes(), &rouei_text::Hints::default());
        let tokenizer = rouei_morphology::Tokenizer::new().unwrap();
        let reading = Reading::new(&document, &tokenizer);
        let text = masked(&reading);
        assert!(!text.contains("東京") && !text.contains("大阪"), "{text}");
        assert!(text.contains("0人の情報が漏れた"), "{text}");
    }
}
