//! Which of many patterns can match a text at all, found in one pass over it.
//!
//! A lexicon holds hundreds of patterns and a page dozens of sentences; nearly every pair of them has nothing in common.
//! From each pattern strings are derived of which every match must hold at least one (as RE2's FilteredRE2 does); one
//! Aho–Corasick search for all of them leaves the few patterns that are worth trying.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Strings of one pattern; more cost more than they save.
const MOST_STRINGS: usize = 256;
/// Characters of a class that are spelled out.
const MOST_OF_CLASS: usize = 8;

/// The search for what the patterns of a lexicon require.
#[derive(Debug)]
pub(crate) struct Prefilter {
    /// None where no pattern requires anything.
    searcher: Option<AhoCorasick>,
    /// By string: the patterns that require it.
    patterns_of: Vec<Vec<usize>>,
    /// Patterns that must be tried on any text.
    always: Vec<usize>,
    patterns: usize,
}

impl Prefilter {
    /// Prepares the search; patterns are numbered in their order.
    pub(crate) fn new<'r>(patterns: impl IntoIterator<Item = &'r Regex>) -> Self {
        Self::of_optional(patterns.into_iter().map(Some))
    }

    /// As [`Self::new`], for entries that may lack this pattern; those are no candidates.
    pub(crate) fn of_optional<'r>(patterns: impl IntoIterator<Item = Option<&'r Regex>>) -> Self {
        let requirements = patterns.into_iter().map(|pattern| match pattern {
            Some(pattern) => required(pattern.as_str()),
            None => Some(Vec::new()),
        });
        Self::of_requirements(requirements)
    }

    /// For plain words: a candidate is one that the text holds.
    pub(crate) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::of_requirements(words.into_iter().map(|word| (!word.is_empty()).then(|| vec![word.to_owned()])))
    }

    fn of_requirements(requirements: impl Iterator<Item = Option<Vec<String>>>) -> Self {
        let mut strings: Vec<String> = Vec::new();
        let mut patterns_of: Vec<Vec<usize>> = Vec::new();
        let mut always = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut number = 0;
        for requirement in requirements {
            match requirement {
                Some(own) => {
                    for string in own {
                        let at = *known.entry(string).or_insert_with_key(|string| {
                            strings.push(string.clone());
                            patterns_of.push(Vec::new());
                            strings.len() - 1
                        });
                        patterns_of[at].push(number);
                    }
                }
                None => always.push(number),
            }
            number += 1;
        }
        // Where the automaton cannot be built, every pattern is tried: slower, and right.
        let searcher = (!strings.is_empty()).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(&strings)
        });
        let searcher = match searcher {
            Some(Err(_)) => {
                always = (0..number).collect();
                None
            }
            Some(Ok(searcher)) => Some(searcher),
            None => None,
        };
        Self { searcher, patterns_of, always, patterns: number }
    }

    /// The numbers of the patterns that may match, rising. A pattern that is not among them does not match.
    pub(crate) fn candidates(&self, text: &str) -> Candidates {
        let mut out = Candidates { bits: vec![0; self.patterns.div_ceil(64)] };
        for &pattern in &self.always {
            out.insert(pattern);
        }
        let Some(searcher) = &self.searcher else { return out };
        for hit in searcher.find_overlapping_iter(text) {
            for &pattern in &self.patterns_of[hit.pattern().as_usize()] {
                out.insert(pattern);
            }
        }
        out
    }
}

/// Numbers of the patterns that may match.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
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

    fn insert(&mut self, pattern: usize) {
        if let Some(word) = self.bits.get_mut(pattern / 64) {
            *word |= 1 << (pattern % 64);
        }
    }
}

/// Strings of which every match of the pattern holds one; none where there is no such (short) list.
fn required(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    best(&analyse(&hir)).filter(|strings| strings.len() <= MOST_STRINGS && strings.iter().all(|s| !s.is_empty()))
}

/// What is known of the matches of a part of a pattern.
#[derive(Clone, Default)]
struct Known {
    /// All of them, where they are few.
    exact: Option<Vec<String>>,
    /// Strings of which each holds one.
    required: Option<Vec<String>>,
}

fn exactly(strings: Vec<String>) -> Known {
    Known { exact: Some(strings), required: None }
}

fn analyse(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => exactly(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => exactly(vec![text.to_owned()]),
            Err(_) => Known::default(),
        },
        HirKind::Class(Class::Unicode(class)) => {
            let chars: Vec<String> =
                class.iter().flat_map(|r| r.start()..=r.end()).take(MOST_OF_CLASS + 1).map(String::from).collect();
            if chars.len() <= MOST_OF_CLASS { exactly(chars) } else { Known::default() }
        }
        HirKind::Class(Class::Bytes(_)) => Known::default(),
        HirKind::Capture(capture) => analyse(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = analyse(&repetition.sub);
            match (repetition.min, repetition.max) {
                (0, Some(1)) => Known {
                    exact: sub.exact.map(|mut strings| {
                        strings.push(String::new());
                        strings
                    }),
                    required: None,
                },
                (0, _) => Known::default(),
                (1, Some(1)) => sub,
                _ => Known { exact: None, required: best(&sub) },
            }
        }
        HirKind::Alternation(parts) => {
            let parts: Vec<Known> = parts.iter().map(analyse).collect();
            let union = |of: fn(&Known) -> Option<Vec<String>>| {
                let lists: Option<Vec<Vec<String>>> = parts.iter().map(of).collect();
                lists.map(|l| l.into_iter().flatten().collect::<Vec<_>>()).filter(|l| l.len() <= MOST_STRINGS)
            };
            Known { exact: union(|k| k.exact.clone()), required: union(best) }
        }
        HirKind::Concat(parts) => concat(parts),
    }
}

/// Neighbours of which all matches are known are joined; of the strings so found the most telling ones are kept.
fn concat(parts: &[Hir]) -> Known {
    let mut run = vec![String::new()];
    let mut all_exact = true;
    let mut found: Option<Vec<String>> = None;
    let mut offer = |strings: Option<Vec<String>>| {
        if let Some(strings) = strings.filter(|s| s.iter().all(|s| !s.is_empty())) {
            if found.as_ref().is_none_or(|known| telling(&strings) > telling(known)) {
                found = Some(strings);
            }
        }
    };
    for part in parts {
        let known = analyse(part);
        match known.exact.as_ref().filter(|own| own.len() * run.len() <= MOST_STRINGS) {
            Some(own) => run = run.iter().flat_map(|a| own.iter().map(move |b| format!("{a}{b}"))).collect(),
            None => {
                offer(Some(std::mem::replace(&mut run, vec![String::new()])));
                offer(best(&known));
                all_exact = false;
            }
        }
    }
    if all_exact {
        return Known { exact: Some(run), required: found };
    }
    offer(Some(run));
    Known { exact: None, required: found }
}

/// The better of the two lists.
fn best(known: &Known) -> Option<Vec<String>> {
    let exact = known.exact.as_ref().filter(|e| e.iter().all(|s| !s.is_empty()));
    match (exact, &known.required) {
        (Some(exact), Some(required)) if telling(required) > telling(exact) => Some(required.clone()),
        (Some(exact), _) => Some(exact.clone()),
        (None, required) => required.clone(),
    }
}

/// Longer strings stand in fewer texts; then, fewer strings do.
fn telling(strings: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = strings.iter().map(String::len).min().unwrap_or(0);
    (shortest.min(6), std::cmp::Reverse(strings.len()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn required_strings_are_those_that_no_match_lacks() {
        for (pattern, want) in [
            ("紛失", Some(vec!["紛失"])),
            ("紛失|盗(?:難|ま)", Some(vec!["盗ま", "盗難", "紛失"])),
            ("[^。]{0,20}(?:漏えい|漏洩)し", Some(vec!["漏えいし", "漏洩し"])),
            ("誤(?:って)?送信", Some(vec!["誤って送信", "誤送信"])),
            ("(?i)vpn", Some(vec!["VPN", "VPn", "VpN", "Vpn", "vPN", "vPn", "vpN", "vpn"])),
            ("^[0-9]+日", Some(vec!["日"])),
            ("[0-9]*", None),
            ("紛失|[0-9]+", None),
            ("(?:メール)+を", Some(vec!["メール"])),
        ] {
            let got = required(pattern);
            let got = got.as_ref().map(|g| {
                let mut strings: Vec<&str> = g.iter().map(String::as_str).collect();
                strings.sort_unstable();
                strings
            });
            assert_eq!(got, want, "{pattern}");
        }
    }

    /// Over every cue of the lexicon of causes and every example in it: nothing that matches is left out.
    #[test]
    fn nothing_that_matches_is_left_out() {
        let toml = include_str!("causes/lexicon.toml");
        let table: toml::Table = toml.parse().unwrap();
        let cues = table["cue"].as_array().unwrap();
        let patterns: Vec<Regex> = cues.iter().map(|c| Regex::new(c["pattern"].as_str().unwrap()).unwrap()).collect();
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
