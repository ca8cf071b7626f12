use rouei_model::{Block, BlockKind, Document, Span};
use rouei_morphology::Tokenizer;

use super::lexicon::Side;
use super::{CauseLexicon, find};
use crate::reading::Reading;

impl CauseLexicon {
    /// Runs the examples and counterexamples of every entry; one line for each that does not hold.
    ///
    /// A cue's example is read as the sentence below a title that says nothing. A denial's stands behind `《cue》`, as
    /// what says that it is of something else stands before or behind.
    #[must_use]
    pub fn failures(&self, tokenizer: &Tokenizer) -> Vec<String> {
        let mut out = Vec::new();
        for cue in &self.cues {
            let counts = |sentence: &str| {
                let document = below_a_title(sentence);
                let reading = Reading::new(&document, tokenizer);
                find(&reading, self, 0..reading.sentences.len()).iter().any(|f| f.code == cue.code && !f.hinted)
            };
            let matches = |example: &str| cue.pattern.is_match(example) && counts(example);
            cue.examples.check(&cue.id, matches, counts, &mut out);
        }
        for context in &self.contexts {
            let matches = |example: &str| context.pattern.is_match(example);
            context.examples.check(&context.id, matches, matches, &mut out);
        }
        for denial in &self.denials {
            let matches =
                |example: &str| example.split_once('》').is_some_and(|(_, behind)| denial.pattern.is_match(behind));
            denial.examples.check(&denial.id, matches, matches, &mut out);
        }
        for place in &self.elsewhere {
            let matches = |example: &str| {
                let sides = match place.on {
                    Side::Front => example.split_once('《').map(|(front, _)| front),
                    Side::Cue => example.split_once('《').and_then(|(_, rest)| Some(rest.split_once('》')?.0)),
                    Side::Behind => example.split_once('》').map(|(_, behind)| behind),
                };
                sides.is_some_and(|text| place.pattern.is_match(text))
            };
            place.examples.check(&place.id, matches, matches, &mut out);
        }
        for frame in &self.frames {
            let matches = |example: &str| super::frames::matched(frame, example).is_some();
            frame.examples.check(&frame.id, matches, matches, &mut out);
        }
        for source in &self.sources {
            let matches = |example: &str| source.pattern.is_match(example);
            source.examples.check(&source.id, matches, matches, &mut out);
        }
        out
    }
}

impl super::lexicon::Examples {
    fn check(
        &self,
        id: &str,
        found: impl Fn(&str) -> bool,
        found_in_other: impl Fn(&str) -> bool,
        out: &mut Vec<String>,
    ) {
        if self.matching.is_empty() || self.other.is_empty() {
            out.push(format!("{id}: needs examples and counterexamples"));
        }
        out.extend(self.matching.iter().filter(|e| !found(e)).map(|e| format!("{id}: misses {e:?}")));
        out.extend(self.other.iter().filter(|e| found_in_other(e)).map(|e| format!("{id}: finds {e:?}")));
    }
}

fn below_a_title(sentence: &str) -> Document {
    let title = "お知らせ";
    let text = format!("{title}\n{sentence}");
    let block = |id, kind, span| Block { id, kind, span, page: None };
    let blocks = vec![
        block(0, BlockKind::Heading { level: 1 }, Span::new(0, title.len())),
        block(1, BlockKind::Paragraph, Span::new(title.len() + 1, text.len())),
    ];
    Document { text, blocks, ..Document::default() }
}
