//! Many strings searched in one pass over a text: at each character, by it and the one behind it.
//!
//! Two characters of Japanese text say nearly as much as a word, so at most places a look at one bit is all; an
//! automaton over the same strings has megabytes of tables and misses the processor's caches at every step.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::pattern::char_at;

/// Where several prefilters join one search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    search: u64,
    number: usize,
}

/// The search for the strings of all prefilters that were made while it was gathered.
#[derive(Debug)]
pub(crate) struct Search {
    id: u64,
    index: Index,
    /// By string of the index: the members that look for it, and its number there.
    wanted_by: Vec<Vec<(usize, usize)>>,
    members: usize,
}

thread_local! {
    /// Strings by member, while a search is gathered in this thread.
    static GATHERED: RefCell<Option<(u64, Vec<Vec<String>>)>> = const { RefCell::new(None) };
    /// The document that this thread is reading.
    static SCANNED: RefCell<Scanned> = const { RefCell::new(Scanned { search: 0, base: 0, length: 0, hits: Vec::new() }) };
}

/// Where the strings stand in one text.
struct Scanned {
    /// 0: none is being read.
    search: u64,
    /// Address of the text: a slice of it is known by its own.
    base: usize,
    length: usize,
    /// By member: first byte, byte behind the last, number of the string; by first byte.
    hits: Vec<Vec<(u32, u32, u32)>>,
}

/// While it lives, prefilters know the text.
pub(crate) struct Scan<'t> {
    _text: &'t str,
}

impl Search {
    /// Runs `make`; all prefilters that it makes share the search that comes out.
    pub(crate) fn gather<T>(make: impl FnOnce() -> T) -> (T, Self) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let outer = GATHERED.replace(Some((id, Vec::new())));
        let made = make();
        let strings = GATHERED.replace(outer).map_or_else(Vec::new, |(_, strings)| strings);
        let members = strings.len();
        let mut all: Vec<String> = Vec::new();
        let mut wanted_by: Vec<Vec<(usize, usize)>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (member, strings) in strings.into_iter().enumerate() {
            for (number, string) in strings.into_iter().enumerate() {
                let at = *known.entry(string).or_insert_with_key(|string| {
                    all.push(string.clone());
                    wanted_by.push(Vec::new());
                    all.len() - 1
                });
                wanted_by[at].push((member, number));
            }
        }
        (made, Self { id, index: Index::new(&all), wanted_by, members })
    }

    /// Takes the strings of a prefilter into the search that is being gathered, if one is.
    pub(super) fn join(strings: &[String]) -> Option<Member> {
        GATHERED.with_borrow_mut(|gathered| {
            let (search, members) = gathered.as_mut()?;
            members.push(strings.to_vec());
            Some(Member { search: *search, number: members.len() - 1 })
        })
    }

    /// Searches a text; until the result is dropped, its prefilters need not search slices of it themselves.
    pub(crate) fn scan<'t>(&self, text: &'t str) -> Scan<'t> {
        SCANNED.with_borrow_mut(|scanned| {
            scanned.hits.iter_mut().for_each(Vec::clear);
            scanned.hits.resize_with(self.members, Vec::new);
            // Places are kept in 32 bits; what is longer is searched slice by slice.
            scanned.search = if u32::try_from(text.len()).is_ok() { self.id } else { 0 };
            (scanned.base, scanned.length) = (text.as_ptr() as usize, text.len());
            if scanned.search != 0 {
                self.index.scan(text, |start, end, string| {
                    for &(member, number) in &self.wanted_by[string] {
                        scanned.hits[member].push((start as u32, end as u32, number as u32));
                    }
                });
            }
        });
        Scan { _text: text }
    }
}

impl Drop for Scan<'_> {
    fn drop(&mut self) {
        /// What one member may keep for the next document.
        const KEPT: usize = 1 << 10;
        SCANNED.with_borrow_mut(|scanned| {
            scanned.search = 0;
            for hits in &mut scanned.hits {
                hits.clear();
                hits.shrink_to(KEPT);
            }
        });
    }
}

/// Names the strings of a member that a slice of the scanned text holds; false where the text is no such slice.
pub(super) fn in_scanned(member: Member, text: &str, found: &mut impl FnMut(usize)) -> bool {
    SCANNED.with_borrow(|scanned| {
        let start = (text.as_ptr() as usize).wrapping_sub(scanned.base);
        if scanned.search != member.search || start > scanned.length || text.len() > scanned.length - start {
            return false;
        }
        let Some(hits) = scanned.hits.get(member.number) else { return false };
        let end = start + text.len();
        let first = hits.partition_point(|&(at, ..)| (at as usize) < start);
        for &(at, behind, string) in &hits[first..] {
            if at as usize >= end {
                break;
            }
            if behind as usize <= end {
                found(string as usize);
            }
        }
        true
    })
}

/// Strings by their first two characters.
#[derive(Debug)]
pub(crate) struct Index {
    /// One bit for each hash of two characters, and of one.
    bits: Vec<u64>,
    /// Open addressing; 0 is free, else number of the group and one.
    slots: Vec<u32>,
    groups: Vec<Group>,
    /// The bytes behind the first characters, and the number of the string; group by group.
    rests: Vec<(Box<[u8]>, usize)>,
    /// Strings of one character, by it.
    singles: Vec<(u32, usize)>,
    /// Their last eight bits.
    single_bits: [u64; 4],
}

#[derive(Debug)]
struct Group {
    pair: (u32, u32),
    from: usize,
    to: usize,
}

/// The first two characters of a string, the rest of it, and its number.
type Pair = ((u32, u32), Box<[u8]>, usize);

impl Index {
    pub(crate) fn new(strings: &[String]) -> Self {
        let mut singles = Vec::new();
        let mut single_bits = [0; 4];
        let mut pairs: Vec<Pair> = Vec::new();
        for (number, string) in strings.iter().enumerate() {
            let mut chars = string.chars();
            match (chars.next(), chars.next()) {
                (Some(a), Some(b)) => {
                    pairs.push(((u32::from(a), u32::from(b)), chars.as_str().as_bytes().into(), number));
                }
                (Some(a), None) => {
                    let c = u32::from(a);
                    single_bits[(c >> 6 & 3) as usize] |= 1 << (c & 63);
                    singles.push((c, number));
                }
                _ => {}
            }
        }
        singles.sort_unstable();
        pairs.sort();
        let bits = (pairs.len() * 16).next_power_of_two().max(64);
        let slots = (pairs.len() * 4).next_power_of_two().max(4);
        let mut out = Self {
            bits: vec![0; bits / 64],
            slots: vec![0; slots],
            groups: Vec::new(),
            rests: Vec::with_capacity(pairs.len()),
            singles,
            single_bits,
        };
        for (pair, rest, number) in pairs {
            if out.groups.last().is_none_or(|group| group.pair != pair) {
                let hash = hash(pair);
                let bit = hash as usize & (bits - 1);
                out.bits[bit / 64] |= 1 << (bit % 64);
                let mut slot = (hash >> 32) as usize & (slots - 1);
                while out.slots[slot] != 0 {
                    slot = (slot + 1) & (slots - 1);
                }
                out.groups.push(Group { pair, from: out.rests.len(), to: out.rests.len() });
                out.slots[slot] = out.groups.len() as u32;
            }
            out.rests.push((rest, number));
            if let Some(group) = out.groups.last_mut() {
                group.to = out.rests.len();
            }
        }
        out
    }

    /// Calls with first byte, byte behind the last, and number of each string, by first byte.
    pub(crate) fn scan(&self, text: &str, mut found: impl FnMut(usize, usize, usize)) {
        let bytes = text.as_bytes();
        let (bit_mask, slot_mask) = (self.bits.len() * 64 - 1, self.slots.len() - 1);
        let Some((mut c, mut length)) = char_at(bytes, 0) else { return };
        let mut at = 0;
        loop {
            if self.single_bits[(c >> 6 & 3) as usize] & (1 << (c & 63)) != 0 {
                let from = self.singles.partition_point(|&(known, _)| known < c);
                for &(_, number) in self.singles[from..].iter().take_while(|&&(known, _)| known == c) {
                    found(at, at + length, number);
                }
            }
            let next = at + length;
            let Some((after, after_length)) = char_at(bytes, next) else { return };
            let hash = hash((c, after));
            let bit = hash as usize & bit_mask;
            if self.bits[bit / 64] & (1 << (bit % 64)) != 0 {
                let mut slot = (hash >> 32) as usize & slot_mask;
                while self.slots[slot] != 0 {
                    let group = &self.groups[self.slots[slot] as usize - 1];
                    if group.pair == (c, after) {
                        self.in_group(group, bytes, at, next + after_length, &mut found);
                        break;
                    }
                    slot = (slot + 1) & slot_mask;
                }
            }
            (at, c, length) = (next, after, after_length);
        }
    }
}

impl Index {
    /// The strings of a group whose first two characters stand at `at` and end before `behind`.
    #[inline]
    fn in_group(
        &self,
        group: &Group,
        bytes: &[u8],
        at: usize,
        behind: usize,
        found: &mut impl FnMut(usize, usize, usize),
    ) {
        let mut rests = &self.rests[group.from..group.to];
        while let Some(((rest, number), others)) = rests.split_first()
            && rest.is_empty()
        {
            found(at, behind, *number);
            rests = others;
        }
        // They are in order: only those that go on with the same character are worth a look.
        let Some((third, _)) = char_at(bytes, behind) else { return };
        let goes_on = |rest: &[u8]| char_at(rest, 0).map_or(0, |(c, _)| c);
        let from = rests.partition_point(|(rest, _)| goes_on(rest) < third);
        for (rest, number) in rests[from..].iter().take_while(|(rest, _)| goes_on(rest) == third) {
            if bytes[behind..].starts_with(rest) {
                found(at, behind + rest.len(), *number);
            }
        }
    }
}

/// Fibonacci hashing; the upper half chooses the slot, the lower the bit.
#[inline]
fn hash((a, b): (u32, u32)) -> u64 {
    let hash = (u64::from(a) << 21 ^ u64::from(b)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    hash ^ hash >> 29
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_stands_there() {
        let strings: Vec<String> =
            ["漏", "漏えい", "えい", "漏えいし", "A", "AB", "😀い"].iter().map(|s| (*s).to_owned()).collect();
        let index = Index::new(&strings);
        for text in ["", "漏", "情報が漏えいした。漏え", "xABA😀い", "えいえい漏えい"] {
            let mut got = Vec::new();
            index.scan(text, |start, end, number| {
                assert_eq!(&text[start..end], strings[number]);
                got.push((start, number));
            });
            got.sort_unstable();
            let mut want: Vec<(usize, usize)> = Vec::new();
            for (number, string) in strings.iter().enumerate() {
                let starts =
                    (0..text.len()).filter(|&at| text.is_char_boundary(at) && text[at..].starts_with(string.as_str()));
                want.extend(starts.map(|at| (at, number)));
            }
            want.sort_unstable();
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn slices_of_the_scanned_text_and_others_agree() {
        let (prefilter, search) = Search::gather(|| super::super::Prefilter::of_words(["漏えい", "情報", "報が"]));
        let text = String::from("情報が漏えいした情報");
        let of = |text: &str| prefilter.candidates(text).iter().collect::<Vec<_>>();
        let slices: Vec<(usize, usize)> = (0..=text.len())
            .flat_map(|from| (from..=text.len()).map(move |to| (from, to)))
            .filter(|&(from, to)| text.is_char_boundary(from) && text.is_char_boundary(to))
            .collect();
        let scan = search.scan(&text);
        for &(from, to) in &slices {
            assert_eq!(of(&text[from..to]), of(&String::from(&text[from..to])), "{}", &text[from..to]);
        }
        drop(scan);
        for &(from, to) in &slices {
            assert_eq!(of(&text[from..to]), of(&String::from(&text[from..to])));
        }
    }
}
