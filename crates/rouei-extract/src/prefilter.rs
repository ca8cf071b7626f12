//! Which of many patterns can match a text at all, found in one pass over it.
//!
//! A lexicon holds hundreds of patterns and a page dozens of sentences; nearly every pair of them has nothing in common.
//! From each pattern strings are derived of which every match must hold at least one (`literals.rs`). A document is
//! searched once for the strings of all lexicons (`search.rs`); which patterns are worth trying in a sentence, or in a
//! part of one, is then read off the places.

mod index;
mod literals;
mod search;

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::pattern::Regex;
pub(crate) use index::Index;
use literals::{Branch, MOST_REQUIREMENTS, required};
pub(crate) use search::Search;
use search::{Member, Wanted};

// One bit for each requirement.
const _: () = assert!(MOST_REQUIREMENTS <= 8);

/// What the patterns of a lexicon require.
#[derive(Debug)]
pub(crate) struct Prefilter {
    wanted: Wanted,
    /// Branches of more than one requirement.
    several: usize,
    /// Patterns that must be tried on any text.
    always: Candidates,
    /// Its place in the search over whole documents.
    member: Option<Member>,
    /// For texts that are no part of the document: labels put before a sentence, examples.
    alone: OnceLock<Index>,
}

/// A string meets a requirement of a branch.
#[derive(Clone, Copy, Debug)]
struct Meets {
    pattern: u32,
    /// Number of the branch among those of more than one requirement.
    branch: u32,
    /// The requirement.
    bit: u8,
    /// All requirements of the branch.
    all: u8,
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
        let (mut several, mut always) = (0, Candidates::default());
        let (mut strings, mut known): (Vec<String>, HashMap<String, usize>) = Default::default();
        let mut met: Vec<(usize, Meets)> = Vec::new();
        for (pattern, branches) in patterns.enumerate() {
            let Some(branches) = branches else {
                always.insert(pattern);
                continue;
            };
            for branch in branches {
                let all = ((1_u16 << branch.len()) - 1) as u8;
                let number = several as u32;
                several += usize::from(branch.len() > 1);
                for (bit, requirement) in branch.into_iter().enumerate() {
                    for string in requirement {
                        let at = *known.entry(string).or_insert_with_key(|string| {
                            strings.push(string.clone());
                            strings.len() - 1
                        });
                        met.push((at, Meets { pattern: pattern as u32, branch: number, bit: 1 << bit, all }));
                    }
                }
            }
        }
        met.sort_by_key(|(string, _)| *string);
        let wanted = Wanted {
            meets_from: (0..=strings.len()).map(|at| met.partition_point(|m| m.0 < at) as u32).collect(),
            meets: met.into_iter().map(|(_, meets)| meets).collect(),
            strings: strings.into(),
        };
        let member = Search::join(&wanted);
        Self { wanted, several, always, member, alone: OnceLock::new() }
    }

    /// The numbers of the patterns that may match, rising. A pattern that is not among them does not match.
    pub(crate) fn candidates(&self, text: &str) -> Candidates {
        let mut out = self.always.clone();
        if self.wanted.strings.is_empty() || text.is_empty() {
            return out;
        }
        let mut partly = Partly::none();
        let mut mark = |place: Range<usize>| self.mark(place, &mut out, &mut partly);
        if !self.member.is_some_and(|member| search::in_scanned(member, text, &mut mark)) {
            let index = self.alone.get_or_init(|| Index::new(&self.wanted.strings));
            index.scan(text, |_, _, string| mark(self.wanted.place(string)));
        }
        out
    }

    /// As [`Self::candidates`], of a part of the document that is being read; none for any other text.
    pub(crate) fn in_document(&self, text: &str) -> Option<Candidates> {
        let mut out = self.always.clone();
        let mut partly = Partly::none();
        search::in_scanned(self.member?, text, &mut |place| self.mark(place, &mut out, &mut partly)).then_some(out)
    }

    /// Whether there is a text that no pattern needs to be tried on.
    pub(crate) fn requires_something(&self) -> bool {
        self.always.is_empty() && !self.wanted.strings.is_empty()
    }

    /// Notes what a string says that the text holds.
    fn mark(&self, place: Range<usize>, out: &mut Candidates, partly: &mut Partly) {
        for meets in &self.wanted.meets[place] {
            if meets.all == meets.bit || partly.add(meets, self.several) == meets.all {
                out.insert(meets.pattern as usize);
            }
        }
    }
}

thread_local! {
    /// Lent to one look at a text after the other.
    static PARTLY: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// By branch of more than one requirement: those that are met so far; empty as long as none is.
struct Partly(Vec<u8>);

impl Partly {
    fn none() -> Self {
        Self(Vec::new())
    }

    /// Adds a requirement of one of so many branches; gives all of its branch that are met.
    fn add(&mut self, meets: &Meets, branches: usize) -> u8 {
        if self.0.is_empty() {
            self.0 = PARTLY.take();
            self.0.clear();
            self.0.resize(branches, 0);
        }
        let met = &mut self.0[meets.branch as usize];
        *met |= meets.bit;
        *met
    }
}

impl Drop for Partly {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            PARTLY.set(std::mem::take(&mut self.0));
        }
    }
}

/// Numbers of the patterns that may match.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// The first numbers: enough for nearly every lexicon, and no memory to ask for.
    bits: [u64; FIRST_WORDS],
    /// As many words as the highest number needs.
    more: Vec<u64>,
}

const FIRST_WORDS: usize = 8;

impl Candidates {
    /// Whether this pattern may match.
    pub(crate) fn contains(&self, pattern: usize) -> bool {
        let word = self.bits.get(pattern / 64).or_else(|| self.more.get(pattern / 64 - FIRST_WORDS));
        word.is_some_and(|word| word & (1 << (pattern % 64)) != 0)
    }

    /// Whether no pattern can match.
    pub(crate) fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    /// With all of the others.
    pub(crate) fn with(mut self, others: &Self) -> Self {
        self.bits.iter_mut().zip(others.bits).for_each(|(word, other)| *word |= other);
        self.more.resize(self.more.len().max(others.more.len()), 0);
        self.more.iter_mut().zip(&others.more).for_each(|(word, other)| *word |= other);
        self
    }

    /// The numbers, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().filter(|(_, word)| *word != 0).flat_map(|(index, word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        self.bits.iter().chain(&self.more).copied()
    }

    fn insert(&mut self, number: usize) {
        let (word, bit) = (number / 64, 1 << (number % 64));
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
            return;
        }
        let word = word - FIRST_WORDS;
        if self.more.len() <= word {
            self.more.resize(word + 1, 0);
        }
        self.more[word] |= bit;
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
