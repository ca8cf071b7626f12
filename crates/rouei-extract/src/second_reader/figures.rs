//! Which figure is the one to quote.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use rouei_model::Span;

use super::table::Table;
use super::terms::append;
use crate::confidence::logistic;
use crate::counts::{CountFinding, Headline};
use crate::lexicon::{LexiconError, WordHasher};

/// Characters before and behind a figure that are read.
const BEFORE: usize = 12;
const BEHIND: usize = 16;

/// Nothing is surer than that: what was fitted to some thousand figures cannot be.
const SURE: f64 = 0.99;

/// How likely a figure is the one to quote.
#[derive(Debug)]
pub struct FigureReader {
    table: Table,
    /// By feature: its number among all of them in their order, in which they are summed up.
    numbers: HashMap<String, usize, BuildHasherDefault<WordHasher>>,
    /// By that number: its row.
    rows: Vec<usize>,
}

impl FigureReader {
    /// Reads the weights: one class. `file` is how errors call them.
    ///
    /// # Errors
    /// Where the text is no table of weights.
    pub fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let table = Table::parse(text, file)?;
        let mut rows: Vec<usize> = (0..table.features.len()).collect();
        rows.sort_by_key(|&row| &table.features[row]);
        let numbers = rows.iter().enumerate().map(|(number, &row)| (table.features[row].clone(), number)).collect();
        Ok(Self { table, numbers, rows })
    }

    /// How likely the rules' choice among the figures of an incident is right; none where they chose a sum.
    pub(crate) fn agrees(&self, text: &str, counts: &[CountFinding], headline: Option<&Headline>) -> Option<f64> {
        let all = Candidates::of(counts);
        let best = |wanted: &dyn Fn(&CountFinding) -> bool| {
            let candidates = counts.iter().filter(|c| is_candidate(c) && wanted(c));
            candidates.map(|c| self.probability(text, c, &all)).reduce(f64::max)
        };
        match headline {
            // A figure is as sure as its best mention.
            Some(headline) => headline.finding.and_then(|_| best(&|c| c.value == Some(headline.value))),
            None => Some(1.0 - best(&|_| true).unwrap_or(0.0)),
        }
        .map(|p| p.clamp(1.0 - SURE, SURE))
    }

    fn probability(&self, text: &str, count: &CountFinding, all: &Candidates) -> f64 {
        let mut known: Vec<usize> = Vec::new();
        each_feature(text, count, all, |feature| known.extend(self.numbers.get(feature)));
        known.sort_unstable();
        known.dedup();
        let rows = known.into_iter().map(|number| self.rows[number]);
        logistic(self.table.log_odds(rows).first().copied().unwrap_or(0.0))
    }
}

/// What is asked of all candidates together, found once for all of them.
struct Candidates {
    figures: usize,
    largest: Option<u64>,
    first: Option<Span>,
    /// How often each value is told.
    told: HashMap<Option<u64>, usize>,
}

impl Candidates {
    fn of(counts: &[CountFinding]) -> Self {
        let candidates = || counts.iter().filter(|c| is_candidate(c));
        let mut told = HashMap::new();
        candidates().for_each(|c| *told.entry(c.value).or_default() += 1);
        Self {
            figures: candidates().count(),
            largest: candidates().filter_map(|c| c.value).max(),
            first: candidates().next().map(|c| c.span),
            told,
        }
    }
}

/// Whether the rules let a figure count victims.
#[must_use]
pub fn is_candidate(count: &CountFinding) -> bool {
    count.value.is_some() && count.rejected.is_none()
}

/// What the classifier sees of a figure: the n-grams around it, and what the rules found out. `text` is the normalised
/// text, `counts` all figures of the incident.
#[must_use]
pub fn features(text: &str, count: &CountFinding, counts: &[CountFinding]) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    each_feature(text, count, &Candidates::of(counts), |feature| {
        features.insert(feature.to_owned());
    });
    features
}

/// As [`features`], one by one, some more than once.
fn each_feature(text: &str, count: &CountFinding, all: &Candidates, mut see: impl FnMut(&str)) {
    let mut before = String::new();
    let head = text.get(..count.span.start).unwrap_or_default();
    let from = head.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    append(&mut before, &head[from..].replace('\n', "¶"));
    let mut behind = String::new();
    let tail = text.get(count.span.end..).unwrap_or_default();
    let to = tail.char_indices().nth(BEHIND).map_or(tail.len(), |(at, _)| at);
    append(&mut behind, &tail[..to].replace('\n', "¶"));
    let (before, behind): (Vec<char>, Vec<char>) = (before.chars().collect(), behind.chars().collect());
    let mut feature = String::new();
    let mut joined = |mark: &str, chars: &[char]| {
        feature.clear();
        feature.push_str(mark);
        feature.extend(chars);
        see(&feature);
    };
    for length in 1..=4 {
        if before.len() >= length {
            joined("before=", &before[before.len() - length..]);
        }
        if behind.len() >= length {
            joined("behind=", &behind[..length]);
        }
    }
    for length in 2..=3 {
        before.windows(length).for_each(|chars| joined("before:", chars));
        behind.windows(length).for_each(|chars| joined("behind:", chars));
    }
    let twice = all.told.get(&count.value).is_some_and(|&times| times > 1);
    see(&format!("class={:?}", count.class));
    see(&format!("subject={}", count.subject.code()));
    see(&format!("scope={}", count.scope.code()));
    see(&format!("figures={}", all.figures.min(4)));
    for (name, holds) in [
        ("tied", count.tied),
        ("part", count.part_of.is_some()),
        ("total", count.total),
        ("superseded", count.superseded),
        ("largest", count.value >= all.largest),
        ("first", all.first == Some(count.span)),
        ("twice", twice),
        ("title", count.sentence == 0),
    ] {
        see(&format!("{name}={holds}"));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rouei_morphology::Tokenizer;

    use super::*;
    use crate::counts::{self, CountLexicon, HeadlineContext};
    use crate::reading::Reading;

    #[test]
    fn it_agrees_with_a_figure_that_its_surroundings_speak_for() {
        let text = "灯台市は、顧客1,204人の個人情報が漏えいしたと発表した。";
        let document = rouei_text::read(text.as_bytes(), &rouei_text::Hints::default());
        let reading = Reading::new(&document, &Tokenizer::new().unwrap());
        let found = counts::find(&reading, &CountLexicon::embedded().unwrap(), 0..reading.sentences.len());
        let context = HeadlineContext { follow_up: false, structured: false };
        let headline = counts::headline(&found, context).unwrap();
        assert_eq!(headline.value, 1204);
        let agrees = |table: &str, headline: Option<&Headline>| {
            FigureReader::parse(table, "t.csv").unwrap().agrees(reading.text(), &found, headline).unwrap()
        };
        let (leads, does_not) = ("feature,leads\n,0\nbefore=顧客,3\n", "feature,leads\n,0\nbefore=顧客,-3\n");
        assert!(agrees(leads, Some(&headline)) > 0.9 && agrees(leads, None) < 0.1);
        assert!(agrees(does_not, Some(&headline)) < 0.1 && agrees(does_not, None) > 0.9);
    }
}
