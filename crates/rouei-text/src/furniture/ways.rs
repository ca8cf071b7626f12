//! Patterns over whole lines behind a gate: what a line begins and ends with, how long it is and which strings it holds
//! says of nearly every pattern that it cannot match, and costs no search. All of it is read off the patterns.

use std::cell::RefCell;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem::Finder;
use regex_automata::nfa::thompson::backtrack::{BoundedBacktracker, Cache};
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Classes of more characters may begin and end with anything.
const MOST_OF_CLASS: usize = 1_000;
/// Strings of which a match must hold one; more are not worth looking for.
const MOST_STRINGS: usize = 256;
/// So few are looked for one by one.
const FEW: usize = 8;
/// Characters of a class that may be a sign.
const MOST_OF_SIGN: usize = 4;
/// Characters of a class that may be part of a run.
const MOST_OF_RUN: usize = 8;

/// One bit for each kind of patterns.
pub(super) type Kinds = u16;

/// The alternatives of many patterns, each of which matches whole lines.
pub(super) struct Ways {
    ways: Vec<Way>,
    first: Ends,
    last: Ends,
    /// By kind: one bit for each alternative.
    of_kind: Vec<Vec<u64>>,
}

/// One alternative of a pattern.
struct Way {
    /// For the whole line.
    pattern: Hir,
    /// Built when a line first comes this far: of most alternatives none ever does.
    regex: OnceLock<Option<Backtracker>>,
    /// Bytes of a match.
    least: usize,
    most: usize,
    /// A mark that every match holds, asked first: few lines hold any.
    sign: Option<Held>,
    /// Strings of which every match holds one; none where nothing is known.
    holds: Option<Held>,
}

impl Ways {
    /// The alternatives of these patterns; a pattern that does not parse has none.
    pub(super) fn new<'p>(patterns: impl IntoIterator<Item = (&'p str, Kinds)>) -> Self {
        let (mut ways, mut of, mut firsts, mut lasts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (pattern, kinds) in patterns {
            let Ok(hir) = regex_syntax::parse(pattern) else { continue };
            for alternative in alternatives(&hir) {
                firsts.push(Chars::of(&alternative, false));
                lasts.push(Chars::of(&alternative, true));
                let properties = alternative.properties().clone();
                of.push(kinds);
                ways.push(Way {
                    regex: OnceLock::new(),
                    least: properties.minimum_len().unwrap_or(0),
                    most: properties.maximum_len().unwrap_or(usize::MAX),
                    sign: Held::sign(&alternative),
                    holds: Held::of(&alternative),
                    pattern: Hir::concat(vec![Hir::look(Look::Start), alternative, Hir::look(Look::End)]),
                });
            }
        }
        let (first, last) = (Ends::new(&firsts), Ends::new(&lasts));
        let mut of_kind = vec![vec![0; first.words]; Kinds::BITS as usize];
        for (way, kinds) in of.into_iter().enumerate() {
            for row in (0..).zip(&mut of_kind).filter_map(|(bit, row)| (kinds >> bit & 1 == 1).then_some(row)) {
                row[way / 64] |= 1 << (way % 64);
            }
        }
        Self { first, last, ways, of_kind }
    }

    /// Whether a pattern of this kind may match a line that begins and ends so.
    pub(super) fn may_match(&self, (first, last): (char, char), kind: Kinds) -> bool {
        self.fitting(first, last, kind).any(|word| word != 0)
    }

    /// One bit for each alternative of this kind that begins and ends so.
    fn fitting(&self, first: char, last: char, kind: Kinds) -> impl Iterator<Item = u64> {
        let (first, last) = (self.first.of(first), self.last.of(last));
        let of_kind = &self.of_kind[kind.trailing_zeros() as usize];
        first.iter().zip(last).zip(of_kind).map(|((first, last), kind)| first & last & kind)
    }

    /// Whether a pattern of this kind matches the line. No pattern matches a line that is empty.
    pub(super) fn matches(&self, line: &str, kind: Kinds) -> bool {
        let mut chars = line.chars();
        let Some(first) = chars.next() else { return false };
        let last = chars.next_back().unwrap_or(first);
        self.fitting(first, last, kind).enumerate().filter(|(_, word)| *word != 0).any(|(index, mut word)| {
            std::iter::from_fn(|| {
                let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                self.ways.get(index * 64 + bit)
            })
            .any(|way| way.matches(line))
        })
    }
}

impl Way {
    fn matches(&self, line: &str) -> bool {
        (self.least..=self.most).contains(&line.len())
            && self.sign.as_ref().is_none_or(|sign| sign.stand_in(line))
            && self.holds.as_ref().is_none_or(|strings| strings.stand_in(line))
            && self
                .regex
                .get_or_init(|| Backtracker::of(&self.pattern))
                .as_ref()
                .is_some_and(|regex| regex.is_match(line))
    }
}

/// The alternatives that a pattern consists of, itself where it is none.
fn alternatives(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => alternatives(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().flat_map(alternatives).collect(),
        // Where nothing must stand in all of it, its inner alternatives may say more.
        HirKind::Concat(parts) if held(hir, false).is_none() => {
            let inner = |part: &Hir| alternatives(part).len();
            let Some(at) = (0..parts.len()).max_by_key(|at| inner(&parts[*at])).filter(|at| inner(&parts[*at]) > 1)
            else {
                return vec![hir.clone()];
            };
            let around = |way: Hir| Hir::concat([&parts[..at], &[way], &parts[at + 1..]].concat());
            alternatives(&parts[at]).into_iter().map(around).collect()
        }
        _ => vec![hir.clone()],
    }
}

/// Parts of a pattern that stand in every match.
fn needed<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| needed(part, parts)),
        HirKind::Capture(capture) => needed(&capture.sub, parts),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub, parts),
        _ => parts.push(hir),
    }
}

thread_local! {
    /// Lent to one pattern after the other: few lines come this far and all of them are short, while the states of lazy
    /// automata would cost megabytes in every thread.
    static CACHE: RefCell<Option<Cache>> = const { RefCell::new(None) };
}

/// A pattern that is tried seldom, and on short lines.
pub(super) struct Backtracker(BoundedBacktracker);

impl Backtracker {
    pub(super) fn new(pattern: &str) -> Option<Self> {
        Self::of(&regex_syntax::parse(pattern).ok()?)
    }

    fn of(pattern: &Hir) -> Option<Self> {
        let compiler = NFA::compiler().configure(NFA::config().which_captures(WhichCaptures::None)).to_owned();
        BoundedBacktracker::new_from_nfa(compiler.build_from_hir(pattern).ok()?).ok().map(Self)
    }

    /// Whether it matches anywhere.
    pub(super) fn is_match(&self, line: &str) -> bool {
        CACHE.with_borrow_mut(|cache| {
            let cache = cache.get_or_insert_with(|| self.0.create_cache());
            cache.reset(&self.0);
            self.0.try_is_match(cache, line).unwrap_or_else(|_| {
                // A line whose characters fold to many; in linear time all the same.
                let machine = PikeVM::new_from_nfa(self.0.get_nfa().clone());
                machine.is_ok_and(|machine| machine.is_match(&mut machine.create_cache(), line))
            })
        })
    }
}

/// Strings of which every match holds one: the longest and fewest of those that a part of it begins with or ends with, or,
/// if that is asked for, that its alternatives hold.
fn held(hir: &Hir, alternatives: bool) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    needed(hir, &mut parts);
    let extractor = |kind| {
        let mut extractor = Extractor::new();
        extractor.kind(kind).limit_total(MOST_STRINGS);
        extractor
    };
    let extractors = [extractor(ExtractKind::Prefix), extractor(ExtractKind::Suffix)];
    let ends = |hir: &Hir| -> Vec<Vec<Vec<u8>>> {
        let strings = extractors.iter().map(|extractor| extractor.extract(hir));
        strings
            .filter_map(|strings| Some(strings.literals()?.iter().map(|literal| literal.as_bytes().to_vec()).collect()))
            .collect()
    };
    let inner = |hir: &Hir| match hir.kind() {
        HirKind::Alternation(ways) if alternatives => {
            let ways: Option<Vec<_>> = ways.iter().map(|way| held(way, true)).collect();
            ways.map(|ways| ways.into_iter().flatten().collect())
        }
        _ => None,
    };
    let of_part = |part: &&Hir| ends(part).into_iter().chain(inner(part)).collect::<Vec<_>>();
    let least = |strings: &[Vec<u8>]| strings.iter().map(Vec::len).min().unwrap_or(0);
    let runs = if alternatives { runs(hir) } else { Vec::new() };
    let all = parts.iter().flat_map(of_part).chain(runs.iter().flat_map(ends));
    all.filter(|strings| least(strings) > 1 && strings.len() <= MOST_STRINGS)
        .max_by_key(|strings| (least(strings).min(6), std::cmp::Reverse(strings.len())))
}

/// Neighbours that are characters of few kinds: `[Pp][Oo][Ss][Tt]`.
fn runs(hir: &Hir) -> Vec<Hir> {
    let HirKind::Concat(parts) = hir.kind() else { return Vec::new() };
    let narrow = |part: &Hir| match part.kind() {
        HirKind::Literal(_) => true,
        HirKind::Class(Class::Unicode(class)) => class.iter().map(|range| range.len()).sum::<usize>() <= MOST_OF_RUN,
        _ => false,
    };
    let runs = parts.chunk_by(|a, b| narrow(a) && narrow(b)).filter(|run| run.len() > 1);
    runs.map(|run| Hir::concat(run.to_vec())).collect()
}

/// Strings of which a line must hold one.
enum Held {
    Few(Vec<Finder<'static>>),
    Many(AhoCorasick),
}

impl Held {
    fn of(hir: &Hir) -> Option<Self> {
        let strings = held(hir, true)?;
        if strings.len() <= FEW {
            return Some(Self::Few(strings.iter().map(|s| Finder::new(s).into_owned()).collect()));
        }
        AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(strings).ok().map(Self::Many)
    }

    /// `=`, `(`: one of a few marks that stands in every match.
    fn sign(hir: &Hir) -> Option<Self> {
        let mut parts = Vec::new();
        needed(hir, &mut parts);
        let chars = |part: &&Hir| -> Option<Vec<char>> {
            match part.kind() {
                HirKind::Literal(literal) => {
                    let mut chars = std::str::from_utf8(&literal.0).ok()?.chars();
                    chars.find(char::is_ascii_punctuation).map(|c| vec![c])
                }
                HirKind::Class(Class::Unicode(class)) => {
                    let chars: Vec<char> =
                        class.iter().flat_map(|range| range.start()..=range.end()).take(MOST_OF_SIGN + 1).collect();
                    (chars.len() <= MOST_OF_SIGN && chars.iter().any(char::is_ascii_punctuation)).then_some(chars)
                }
                _ => None,
            }
        };
        let chars = parts.iter().filter_map(chars).min_by_key(Vec::len)?;
        let finder = |c: char| Finder::new(c.encode_utf8(&mut [0; 4]).as_bytes()).into_owned();
        Some(Self::Few(chars.into_iter().map(finder).collect()))
    }

    fn stand_in(&self, line: &str) -> bool {
        match self {
            Self::Few(finders) => finders.iter().any(|finder| finder.find(line.as_bytes()).is_some()),
            Self::Many(strings) => strings.is_match(line),
        }
    }
}

/// What a match can begin, or end, with.
#[derive(Default)]
pub(super) struct Chars {
    /// Rising.
    ranges: Vec<(char, char)>,
    /// Anything.
    any: bool,
    /// What has to stand in the text where it does not begin, or end, with one of these.
    or_holds: Vec<Held>,
}

impl Chars {
    pub(super) fn of(hir: &Hir, last: bool) -> Self {
        let mut out = Self::default();
        out.add(hir, last);
        out.sort();
        out
    }

    /// For a run of these pieces, with these patterns around and between them: a piece that may end with anything is known
    /// by what it holds.
    pub(super) fn at_end_of_run(around: &[&Hir], pieces: &[Hir]) -> Self {
        let mut out = Self::default();
        around.iter().for_each(|hir| {
            out.add(hir, true);
        });
        for piece in pieces.iter().flat_map(alternatives) {
            let own = Self::of(&piece, true);
            match Held::of(&piece).filter(|_| own.any) {
                Some(held) => out.or_holds.push(held),
                None => {
                    out.any |= own.any;
                    out.ranges.extend(own.ranges);
                }
            }
        }
        out.sort();
        out
    }

    /// For a pattern that is searched anywhere, by its alternatives: one that may begin with what days are made of is known
    /// by what it holds.
    pub(super) fn at_start_of_any(pieces: &Hir) -> Self {
        let mut out = Self::default();
        for piece in alternatives(pieces) {
            let own = Self::of(&piece, false);
            match Held::of(&piece).filter(|_| "0年月日時分".contains(|c| own.may_be(c))) {
                Some(held) => out.or_holds.push(held),
                None => {
                    out.any |= own.any;
                    out.ranges.extend(own.ranges);
                }
            }
        }
        out.sort();
        out
    }

    /// Whether the text may hold a match of a pattern that is searched anywhere.
    pub(super) fn may_stand_in(&self, text: &str) -> bool {
        text.chars().any(|c| self.may_be(c)) || self.or_holds.iter().any(|held| held.stand_in(text))
    }

    fn sort(&mut self) {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, kept| {
            let within = next.0 <= kept.1;
            if within {
                kept.1 = kept.1.max(next.1);
            }
            within
        });
    }

    /// Adds what this part begins, or ends, with; whether it may match nothing, so that its neighbour counts too.
    fn add(&mut self, hir: &Hir, last: bool) -> bool {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).unwrap_or_default();
                let end = if last { text.chars().next_back() } else { text.chars().next() };
                self.ranges.extend(end.map(|c| (c, c)));
                self.any |= end.is_none();
                false
            }
            HirKind::Class(Class::Unicode(class)) => {
                let count: usize = class.iter().map(|range| range.len()).sum();
                self.any |= count > MOST_OF_CLASS;
                if count <= MOST_OF_CLASS {
                    self.ranges.extend(class.iter().map(|range| (range.start(), range.end())));
                }
                false
            }
            HirKind::Class(Class::Bytes(_)) => {
                self.any = true;
                false
            }
            HirKind::Repetition(repetition) => self.add(&repetition.sub, last) || repetition.min == 0,
            HirKind::Capture(capture) => self.add(&capture.sub, last),
            HirKind::Concat(parts) if last => parts.iter().rev().all(|part| self.add(part, last)),
            HirKind::Concat(parts) => parts.iter().all(|part| self.add(part, last)),
            HirKind::Alternation(parts) => parts.iter().filter(|part| self.add(part, last)).count() > 0,
        }
    }

    /// Whether a match may have this character there; never wrong where it says no.
    fn may_be(&self, c: char) -> bool {
        let behind = self.ranges.partition_point(|(first, _)| *first <= c);
        self.any || behind > 0 && c <= self.ranges[behind - 1].1
    }

    /// Whether the text, which has this character there, may be a match.
    pub(super) fn fit(&self, c: Option<char>, text: &str) -> bool {
        c.is_some_and(|c| self.may_be(c) || self.or_holds.iter().any(|held| held.stand_in(text)))
    }
}

/// By character at one end of a line: one bit for each alternative that may have it there.
struct Ends {
    /// First character of a stretch whose characters all have the same bits, and where these begin; rising.
    stretches: Vec<(char, usize)>,
    bits: Vec<u64>,
    words: usize,
}

impl Ends {
    fn new(ways: &[Chars]) -> Self {
        let words = ways.len().div_ceil(64);
        let next = |c: char| char::from_u32(u32::from(c) + 1).unwrap_or(if c == '\u{D7FF}' { '\u{E000}' } else { c });
        let ranges = || ways.iter().flat_map(|way| &way.ranges);
        let mut begins: Vec<char> = ranges().flat_map(|&(first, last)| [first, next(last)]).chain(['\0']).collect();
        begins.sort_unstable();
        begins.dedup();
        let mut out = Self { stretches: Vec::new(), bits: Vec::new(), words };
        for c in begins {
            let mut row = vec![0_u64; words];
            for (way, _) in ways.iter().enumerate().filter(|(_, way)| way.may_be(c)) {
                row[way / 64] |= 1 << (way % 64);
            }
            let known = (0..out.bits.len()).step_by(words.max(1)).find(|&at| out.bits[at..at + words] == row);
            let at = known.unwrap_or(out.bits.len());
            if known.is_none() {
                out.bits.extend(row);
            }
            out.stretches.push((c, at));
        }
        out
    }

    fn of(&self, c: char) -> &[u64] {
        let behind = self.stretches.partition_point(|(first, _)| *first <= c);
        let at = behind.checked_sub(1).map_or(0, |stretch| self.stretches[stretch].1);
        &self.bits[at..at + self.words]
    }
}
