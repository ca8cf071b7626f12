//! Which of many patterns can match a text at all, found in one pass over it.
//!
//! A lexicon holds hundreds of patterns and a page dozens of sentences; nearly every pair of them has nothing in common.
//! From each pattern strings are derived of which every match must hold at least one (as RE2's FilteredRE2 does); one
//! Aho–Corasick search for all of them leaves the few patterns that are worth trying.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Strings of one requirement; more cost more than they save.
const MOST_STRINGS: usize = 256;
/// Characters of a class that are spelled out.
const MOST_OF_CLASS: usize = 8;
/// Bytes of strings up to which the search is a DFA, some five megabytes at most.
const MOST_BYTES_OF_DFA: usize = 12_000;
/// Requirements of one branch of a pattern, the most telling ones.
const MOST_REQUIREMENTS: usize = 4;

/// Strings of which every match holds at least one.
type Requirement = Vec<String>;
/// One alternative of a pattern: all of its requirements are met wherever it matches.
type Branch = Vec<Requirement>;

/// The search for what the patterns of a lexicon require.
#[derive(Debug)]
pub(crate) struct Prefilter {
    /// None where no pattern requires anything.
    searcher: Option<AhoCorasick>,
    /// By string: the requirements that it meets.
    requirements_of: Vec<Vec<usize>>,
    /// By requirement: the branch that has it.
    branch_of: Vec<usize>,
    /// By branch: how many requirements it has.
    requirements_in: Vec<u8>,
    /// By branch: its pattern.
    pattern_of: Vec<usize>,
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
        let required = |pattern: Option<&Regex>| pattern.map_or(Some(Vec::new()), |p| required(p.as_str()));
        Self::of_branches(patterns.into_iter().map(required))
    }

    /// For plain words: a candidate is one that the text holds.
    pub(crate) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::of_branches(words.into_iter().map(|word| (!word.is_empty()).then(|| vec![vec![vec![word.to_owned()]]])))
    }

    fn of_branches(patterns: impl Iterator<Item = Option<Vec<Branch>>>) -> Self {
        let mut out = Self {
            searcher: None,
            requirements_of: Vec::new(),
            branch_of: Vec::new(),
            requirements_in: Vec::new(),
            pattern_of: Vec::new(),
            always: Vec::new(),
            patterns: 0,
        };
        let mut strings: Vec<String> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for branches in patterns {
            match branches {
                Some(branches) => {
                    for branch in branches {
                        out.requirements_in.push(u8::try_from(branch.len()).unwrap_or(u8::MAX));
                        out.pattern_of.push(out.patterns);
                        for string in branch
                            .into_iter()
                            .flat_map(|requirement| {
                                out.branch_of.push(out.pattern_of.len() - 1);
                                let number = out.branch_of.len() - 1;
                                requirement.into_iter().map(move |string| (string, number))
                            })
                            .collect::<Vec<_>>()
                        {
                            let (string, requirement) = string;
                            let at = *known.entry(string).or_insert_with_key(|string| {
                                strings.push(string.clone());
                                out.requirements_of.push(Vec::new());
                                strings.len() - 1
                            });
                            out.requirements_of[at].push(requirement);
                        }
                    }
                }
                None => out.always.push(out.patterns),
            }
            out.patterns += 1;
        }
        if !strings.is_empty() {
            let bytes: usize = strings.iter().map(String::len).sum();
            let kind = if bytes <= MOST_BYTES_OF_DFA { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
            let built = AhoCorasick::builder().match_kind(MatchKind::Standard).kind(Some(kind)).build(&strings);
            match built {
                Ok(searcher) => out.searcher = Some(searcher),
                // Where the automaton cannot be built, every pattern is tried: slower, and right.
                Err(_) => out.always = (0..out.patterns).collect(),
            }
        }
        out
    }

    /// The numbers of the patterns that may match, rising. A pattern that is not among them does not match.
    pub(crate) fn candidates(&self, text: &str) -> Candidates {
        let mut out = Candidates::none(self.patterns);
        for &pattern in &self.always {
            out.insert(pattern);
        }
        let Some(searcher) = &self.searcher else { return out };
        let mut met = Candidates::none(self.branch_of.len());
        let mut strings = Candidates::none(self.requirements_of.len());
        let mut open: Option<Vec<u8>> = None;
        for hit in searcher.find_overlapping_iter(text) {
            let string = hit.pattern().as_usize();
            if !strings.insert(string) {
                continue;
            }
            let open = open.get_or_insert_with(|| self.requirements_in.clone());
            for &requirement in &self.requirements_of[string] {
                let branch = self.branch_of[requirement];
                if met.insert(requirement) {
                    open[branch] -= 1;
                    if open[branch] == 0 {
                        out.insert(self.pattern_of[branch]);
                    }
                }
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
    fn none(of: usize) -> Self {
        Self { bits: vec![0; of.div_ceil(64)] }
    }

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

    /// Whether it was not among them before.
    fn insert(&mut self, number: usize) -> bool {
        let Some(word) = self.bits.get_mut(number / 64) else { return false };
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

/// The alternatives of a pattern with what each requires; none where one of them requires nothing.
fn required(pattern: &str) -> Option<Vec<Branch>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut top = &hir;
    while let HirKind::Capture(capture) = top.kind() {
        top = &capture.sub;
    }
    let branches: Vec<&Hir> = match top.kind() {
        HirKind::Alternation(parts) => parts.iter().collect(),
        _ => vec![top],
    };
    branches.into_iter().map(branch).collect()
}

/// What one alternative requires; none where nothing.
fn branch(hir: &Hir) -> Option<Branch> {
    let mut requirements = match hir.kind() {
        HirKind::Concat(parts) => concat(parts).1,
        _ => best(&analyse(hir)).into_iter().collect(),
    };
    requirements.retain(|strings| strings.len() <= MOST_STRINGS && strings.iter().all(|s| !s.is_empty()));
    requirements.sort_by_key(|strings| std::cmp::Reverse(telling(strings)));
    // に, へ and the like stand everywhere: they cost a hit at each place and rule out next to nothing.
    let particle = |strings: &Requirement| strings.iter().any(|s| s.len() <= 3 && s.chars().all(is_hiragana));
    if requirements.iter().any(|strings| !particle(strings)) {
        requirements.retain(|strings| !particle(strings));
    }
    requirements.truncate(MOST_REQUIREMENTS);
    (!requirements.is_empty()).then_some(requirements)
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
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
        HirKind::Concat(parts) => concat(parts).0,
    }
}

/// Neighbours of which all matches are known are joined; of the strings so found the most telling ones are kept. Beside
/// what is known of the whole stands every requirement that was met on the way.
fn concat(parts: &[Hir]) -> (Known, Vec<Requirement>) {
    let mut run = vec![String::new()];
    let mut all_exact = true;
    let mut found: Vec<Requirement> = Vec::new();
    let mut offer = |strings: Option<Vec<String>>| {
        found.extend(strings.filter(|s| s.iter().all(|s| !s.is_empty())));
    };
    for part in parts {
        let known = analyse(part);
        match known.exact {
            Some(own) if own.len() * run.len() <= MOST_STRINGS => {
                run = run.iter().flat_map(|a| own.iter().map(move |b| format!("{a}{b}"))).collect();
            }
            Some(own) => {
                offer(Some(std::mem::replace(&mut run, own)));
                all_exact = false;
            }
            None => {
                offer(Some(std::mem::replace(&mut run, vec![String::new()])));
                offer(known.required);
                all_exact = false;
            }
        }
    }
    if all_exact {
        let requirements = if run.iter().all(|s| !s.is_empty()) { vec![run.clone()] } else { Vec::new() };
        return (Known { exact: Some(run), required: None }, requirements);
    }
    offer(Some(run));
    let mut most: Option<&Requirement> = None;
    for strings in &found {
        if most.is_none_or(|known| telling(strings) > telling(known)) {
            most = Some(strings);
        }
    }
    (Known { exact: None, required: most.cloned() }, found)
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
            ("紛失", Some("紛失")),
            ("紛失|盗(?:難|ま)", Some("紛失 盗ま/盗難")),
            ("[^。]{0,20}(?:漏えい|漏洩)し", Some("漏えいし/漏洩し")),
            ("(?:鍵|錠)[^。]{0,20}紛失", Some("紛失+錠/鍵")),
            ("誤(?:って)?送信", Some("誤って送信/誤送信")),
            ("(?i)vpn", Some("VPN/VPn/VpN/Vpn/vPN/vPn/vpN/vpn")),
            ("^[0-9]+日", Some("日")),
            ("[0-9]*", None),
            ("紛失|[0-9]+", None),
            ("(?:メール)+を", Some("メール")),
        ] {
            let got = required(pattern).map(|branches| {
                let branch = |b: &Branch| b.iter().map(|strings| strings.join("/")).collect::<Vec<_>>().join("+");
                branches.iter().map(branch).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(got.as_deref(), want, "{pattern}");
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
