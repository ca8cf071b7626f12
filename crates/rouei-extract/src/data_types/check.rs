use rouei_model::{Block, BlockKind, DataState, Document, Span};
use rouei_morphology::Tokenizer;

use super::lexicon::Rule;
use super::{DataTypeLexicon, find};
use crate::reading::Reading;

impl DataTypeLexicon {
    /// Runs the examples and counterexamples of every entry; one line for each that does not hold.
    ///
    /// A kind's example is read as a notice of one sentence. A denial's stands behind `《word》`.
    #[must_use]
    pub fn failures(&self, tokenizer: &Tokenizer) -> Vec<String> {
        let mut out = Vec::new();
        for kind in &self.kinds {
            let state = |sentence: &String| {
                let document = of_one_sentence(sentence);
                let reading = Reading::new(&document, tokenizer);
                find(&reading, self, 0..reading.sentences.len()).iter().find(|f| f.code == kind.code).map(|f| f.state)
            };
            for (examples, want) in [
                (&kind.examples, Some(DataState::Leaked)),
                (&kind.denied, Some(DataState::Denied)),
                (&kind.counterexamples, None),
            ] {
                let id = kind.code.code();
                if examples.is_empty() {
                    out.push(format!("{id}: needs examples, denied and counterexamples"));
                }
                let wrong = examples.iter().filter(|example| state(example) != want);
                out.extend(wrong.map(|example| format!("{id}: {example:?} is {:?}, not {want:?}", state(example))));
            }
        }
        let whole = |rule: &Rule, example: &str| rule.matches(example);
        let behind = |rule: &Rule, example: &str| {
            example.split_once('》').is_some_and(|(_, clause)| rule.pattern.is_match(clause))
        };
        for rule in self.skips.iter().chain(&self.settings).chain(&self.headings).chain(&self.apart) {
            rule.check(whole, &mut out);
        }
        for rule in self.behind.iter().chain(&self.stated) {
            rule.check(behind, &mut out);
        }
        out
    }
}

impl Rule {
    fn check(&self, matches: impl Fn(&Self, &str) -> bool, out: &mut Vec<String>) {
        let id = &self.id;
        if self.examples.is_empty() || self.counterexamples.is_empty() {
            out.push(format!("{id}: needs examples and counterexamples"));
        }
        out.extend(self.examples.iter().filter(|e| !matches(self, e)).map(|e| format!("{id}: misses {e:?}")));
        out.extend(self.counterexamples.iter().filter(|e| matches(self, e)).map(|e| format!("{id}: finds {e:?}")));
    }
}

fn of_one_sentence(sentence: &str) -> Document {
    let span = Span::new(0, sentence.len());
    let blocks = vec![Block { id: 0, kind: BlockKind::Paragraph, span, page: None }];
    Document { text: sentence.to_owned(), blocks, ..Document::default() }
}
