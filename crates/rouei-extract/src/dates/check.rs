//! Runs the examples that stand beside the entries of the lexicon.

use jiff::civil::Date;
use rouei_model::DateKind;

use super::classify::Line;
use super::lexicon::DateLexicon;
use super::written::{self, Day, Month, Year};
use super::{Anchor, find_in_lines};

impl DateLexicon {
    /// Every example that its entry does not decide, and every counterexample that it does, one line each; empty if
    /// the lexicon keeps its word.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (id, example, counter) in &self.examples {
            if self.decides(id, example) == *counter {
                let what = if *counter { "counterexample" } else { "example" };
                wrong.push(format!("{id}: {what} {example:?} is read by {}", self.rules(example).join(", ")));
            }
        }
        for entry in self.lists.entries() {
            wrong.extend(entry.failures().map(|failure| format!("{}: {failure}", entry.name())));
        }
        wrong
    }

    fn decides(&self, id: &str, example: &str) -> bool {
        if let Some(label) = self.labels.iter().find(|l| l.id == id) {
            return label.pattern.is_match(example);
        }
        if self.cues.iter().chain(&self.rejects).any(|p| p.id == id) {
            return self.rules(example).iter().any(|r| r == id);
        }
        written::find(example, &self.relative).iter().any(|w| {
            matches!(w.from.year, Year::FromPrevious(_) | Year::FromPublished(_))
                || matches!(w.from.month, Month::FromPrevious(_) | Month::FromPublished(_))
                || matches!(w.from.day, Day::FromPrevious(_) | Day::FromPublished(_))
        })
    }

    /// The rules that decide the dates of a sentence.
    fn rules(&self, sentence: &str) -> Vec<String> {
        let line = Line { text: sentence, ..Line::default() };
        let anchor = Anchor {
            published: Some(Date::constant(2025, 12, 28)),
            no_later_than: None,
            year_hint: None,
            publisher_is_victim: Some(false),
            ..Anchor::default()
        };
        find_in_lines(vec![line], self, &anchor)
            .into_iter()
            .filter(|f| f.kind != Some(DateKind::Reported))
            .map(|f| f.rule)
            .collect()
    }
}
