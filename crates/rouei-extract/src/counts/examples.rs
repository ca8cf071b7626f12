//! The examples and counterexamples of the lexicon, run. What `rouei lexicon check` and the tests call.

use rouei_model::{Bound, CountScope, CountSubject, Undisclosed};

use super::grammar::{Mention, MentionKind, mentions};
use super::lexicon::CountLexicon;
use super::{CountFinding, Place, find_in};
use crate::lexicon::LexiconError;

/// What an entry's example must show.
#[derive(Clone, Debug)]
pub(crate) enum Shows {
    Unit,
    Modifier { bound: Option<Bound>, approx: bool, cumulative: bool, total: bool },
    Rejected,
    Population,
    Scope(CountScope),
    Subject(CountSubject),
    Label,
    Undisclosed(Undisclosed),
}

/// An entry with its examples.
#[derive(Debug)]
pub(crate) struct Examples {
    pub(crate) id: String,
    pub(crate) shows: Shows,
    pub(crate) examples: Vec<String>,
    pub(crate) counterexamples: Vec<String>,
}

impl CountLexicon {
    /// Runs every example and counterexample; one error for each that does not come out as it should.
    #[must_use]
    pub fn check_examples(&self) -> Vec<LexiconError> {
        let mut errors = Vec::new();
        for entry in &self.examples {
            let wrong = |text: &String, want: bool| self.shows(entry, text) != want;
            for text in entry.examples.iter().filter(|t| wrong(t, true)) {
                errors.push(error(entry, format!("example {text:?} does not show it: {}", self.found(text))));
            }
            for text in entry.counterexamples.iter().filter(|t| wrong(t, false)) {
                errors.push(error(entry, format!("counterexample {text:?} shows it: {}", self.found(text))));
            }
        }
        for entry in self.lists.entries() {
            errors.extend(entry.failures().map(|message| LexiconError::Entry {
                file: super::lexicon::FILE.to_owned(),
                entry: entry.name(),
                message,
            }));
        }
        errors
    }

    fn shows(&self, entry: &Examples, text: &str) -> bool {
        let any = |test: &dyn Fn(&CountFinding) -> bool| find_in(&places_of(text), self).iter().any(test);
        let any_mention = |test: &dyn Fn(&Mention) -> bool| mentions(text, self).iter().any(test);
        match &entry.shows {
            Shows::Unit => any_mention(&|m| m.unit_id == entry.id && matches!(m.kind, MentionKind::Counts(..))),
            Shows::Modifier { bound, approx, cumulative, total } => any_mention(&|m| {
                bound.is_none_or(|b| m.bound == b)
                    && (!approx || m.approx)
                    && (!cumulative || m.cumulative)
                    && (!total || m.total)
            }),
            Shows::Rejected => any(&|f| f.rejected.as_ref() == Some(&entry.id)),
            Shows::Population => any(&|f| f.subject == CountSubject::Population),
            Shows::Scope(scope) => any(&|f| f.rejected.is_none() && f.scope == *scope),
            Shows::Subject(subject) => any(&|f| f.rejected.is_none() && f.subject == *subject),
            Shows::Label => any(&|f| f.rejected.is_none() && f.value.is_some()),
            Shows::Undisclosed(reason) => any(&|f| f.undisclosed == Some(*reason)),
        }
    }

    fn found(&self, text: &str) -> String {
        let findings = find_in(&places_of(text), self);
        let all: Vec<String> = findings
            .iter()
            .map(|f| format!("{:?} {} {:?} {:?} {:?}", f.value, f.unit, f.scope, f.subject, f.rejected))
            .collect();
        all.join("; ")
    }
}

fn error(entry: &Examples, message: String) -> LexiconError {
    LexiconError::Entry { file: super::lexicon::FILE.to_owned(), entry: entry.id.clone(), message }
}

/// Lines as a document would give them: `# ` a heading, `key<TAB>value`, `・` a list item, ` | ` table cells under the
/// first such line; sentences end at 。 outside brackets.
pub(crate) fn places_of<'t>(text: &'t str) -> Vec<Place<'t>> {
    let mut places: Vec<Place<'t>> = Vec::new();
    let mut headings: Vec<&'t str> = Vec::new();
    let mut header: Vec<&'t str> = Vec::new();
    for line in text.split('\n') {
        let mut add = |part: &'t str, labels: Vec<&'t str>, item: bool, key: bool| {
            if !part.trim().is_empty() {
                let start = part.as_ptr() as usize - text.as_ptr() as usize;
                let sentence = places.len();
                places.push(Place {
                    sentence,
                    start,
                    text: part,
                    labels,
                    headings: headings.clone(),
                    item,
                    key,
                    unit_behind: None,
                    under_title: false,
                });
            }
        };
        if let Some(heading) = line.strip_prefix("# ") {
            add(heading, Vec::new(), false, false);
            headings = vec![heading];
        } else if let Some((key, value)) = line.split_once('\t') {
            add(key, Vec::new(), false, true);
            add(value, vec![key], false, false);
        } else if line.contains(" | ") {
            let cells: Vec<&str> = line.split(" | ").collect();
            for (column, cell) in cells.iter().enumerate() {
                add(cell, header.get(column).copied().into_iter().collect(), false, header.is_empty());
            }
            if header.is_empty() {
                header = cells;
            }
        } else {
            let item = line.starts_with('・');
            for sentence in sentences(line) {
                add(sentence, Vec::new(), item, false);
            }
        }
    }
    places
}

fn sentences(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in line.char_indices() {
        match c {
            '「' | '(' => depth += 1,
            '」' | ')' => depth = depth.saturating_sub(1),
            '。' if depth == 0 => {
                out.push(&line[start..at + c.len_utf8()]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&line[start..]);
    out
}
