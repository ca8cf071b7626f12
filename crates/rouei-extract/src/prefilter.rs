//! Which of many patterns can match a text at all, found in one pass over it.
//!
//! A lexicon holds hundreds of patterns and a page dozens of sentences; nearly every pair of them has nothing in common.
//! From each pattern strings are derived of which every match must hold at least one (`literals.rs`). A document is
//! searched once for the strings of all lexicons (`search.rs`); which patterns are worth trying in a sentence, or in a
//! part of one, is then read off the places.

mod literals;
mod search;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::pattern::Regex;
use literals::{Branch, MOST_REQUIREMENTS, required};
use search::Member;
pub(crate) use search::{Index, Search};

// One bit for each requirement.
const _: () = assert!(MOST_REQUIREMENTS <= 8);

/// What the patterns of a lexicon require.
#[derive(Debug)]
pub(crate) struct Prefilter {
    strings: Vec<String>,
    /// By string: the branches that require it, and which of their requirements it meets.
    met_by: Vec<Vec<(usize, u8)>>,
    /// By branch: all of its requirements.
    all_of: Vec<u8>,
    /// By branch: its pattern.
    pattern_of: Vec<usize>,
    /// Patterns that must be tried on any text.
    always: Candidates,
    /// Its place in the search over whole documents.
    member: Option<Member>,
    /// For texts that are no part of the document: labels put before a sentence, examples.
    alone: OnceLock<Index>,
}

impl Prefilter {
    /// Prepares the search; patterns are numbered in their order.
    pub(crate) fn new<'r>(patterns: impl IntoIterator<Item = &'r Regex>) -> Self {
        Self::of_optional(patterns.into_iter().map(Some))
    }

    /// As [`Self::new`], for entries that may lack this pattern; those are no candidates.
    pub(crate) fn of_optional<'r>(patterns: impl IntoIterator<Item = Option<&'r Regex>>) -> Self {
        let required = |pattern: Option<&Regex>| pattern.map_or(Some(Vec::new()), |p| required(p.as_str()));
        Self::of_branches(patterns.into_iter().map(required))
    }

    /// For plain words: a candidate is one that the text holds.
    pub(crate) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::of_branches(words.into_iter().map(|word| (!word.is_empty()).then(|| vec![vec![vec![word.to_owned()]]])))
    }

    fn of_branches(patterns: impl Iterator<Item = Option<Vec<Branch>>>) -> Self {
        let mut out = Self {
            strings: Vec::new(),
            met_by: Vec::new(),
            all_of: Vec::new(),
            pattern_of: Vec::new(),
            always: Candidates::default(),
            member: None,
            alone: OnceLock::new(),
        };
        let mut known: HashMap<String, usize> = HashMap::new();
        for (pattern, branches) in patterns.enumerate() {
            let Some(branches) = branches else {
                out.always.insert(pattern);
                continue;
            };
            for branch in branches {
                let number = out.all_of.len();
                out.all_of.push(((1_u16 << branch.len()) - 1) as u8);
                out.pattern_of.push(pattern);
                for (bit, requirement) in branch.into_iter().enumerate() {
                    for string in requirement {
                        let at = *known.entry(string).or_insert_with_key(|string| {
                            out.strings.push(string.clone());
                            out.met_by.push(Vec::new());
                            out.strings.len() - 1
                        });
                        out.met_by[at].push((number, 1 << bit));
                    }
                }
            }
        }
        out.member = Search::join(&out.strings);
        out
    }

    /// The numbers of the patterns that may match, rising. A pattern that is not among them does not match.
    pub(crate) fn candidates(&self, text: &str) -> Candidates {
        let mut out = self.always.clone();
        if self.strings.is_empty() {
            return out;
        }
        let mut partly = Vec::new();
        let mut mark = |string: usize| self.mark(string, &mut out, &mut partly);
        if !self.member.is_some_and(|member| search::in_scanned(member, text, &mut mark)) {
            self.alone.get_or_init(|| Index::new(&self.strings)).scan(text, |_, _, string| mark(string));
        }
        out
    }

    /// Notes that the text holds a string.
    fn mark(&self, string: usize, out: &mut Candidates, partly: &mut Vec<(usize, u8)>) {
        for &(branch, bit) in &self.met_by[string] {
            let all = self.all_of[branch];
            if all == bit {
                out.insert(self.pattern_of[branch]);
                continue;
            }
            let at = partly.iter().position(|(known, _)| *known == branch).unwrap_or_else(|| {
                partly.push((branch, 0));
                partly.len() - 1
            });
            partly[at].1 |= bit;
            if partly[at].1 == all {
                out.insert(self.pattern_of[branch]);
            }
        }
    }
}

/// Numbers of the patterns that may match.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// As many words as the highest number needs.
    bits: Vec<u64>,
}

impl Candidates {
    /// Whether this pattern may match.
    pub(crate) fn contains(&self, pattern: usize) -> bool {
        self.bits.get(pattern / 64).is_some_and(|word| word & (1 << (pattern % 64)) != 0)
    }

    /// Whether no pattern can match.
    pub(crate) fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    /// The numbers, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.bits.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    fn insert(&mut self, number: usize) {
        if self.bits.len() <= number / 64 {
            self.bits.resize(number / 64 + 1, 0);
        }
        self.bits[number / 64] |= 1 << (number % 64);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Over every cue of the lexicon of causes and every example in it: nothing that matches is left out.
    #[test]
    fn nothing_that_matches_is_left_out() {
        let toml = include_str!("causes/lexicon.toml");
        let table: toml::Table = toml.parse().unwrap();
        let cues = table["cue"].as_array().unwrap();
        let patterns: Vec<Regex> =
            cues.iter().map(|c| crate::pattern::compile(c["pattern"].as_str().unwrap()).unwrap()).collect();
        let prefilter = Prefilter::new(&patterns);
        let (mut tried, mut matched, mut sentences) = (0, 0, 0);
        for list in cues.iter().flat_map(|c| [&c["examples"], &c["counterexamples"]]) {
            for text in list.as_array().unwrap().iter().map(|t| t.as_str().unwrap()) {
                let candidates = prefilter.candidates(text);
                let all: Vec<usize> = (0..patterns.len()).filter(|&p| patterns[p].is_match(text)).collect();
                assert!(all.iter().all(|p| candidates.contains(*p)), "{text}: {all:?}, tried {candidates:?}");
                tried += candidates.iter().count();
                matched += all.len();
                sentences += 1;
            }
        }
        assert!(
            tried < sentences * patterns.len() / 10,
            "{tried} tried of {sentences} sentences for {matched} matches"
        );
    }
}
