//! Many strings searched in one pass over a text: at each character, by it and the two behind it.
//!
//! Three characters of Japanese text say as much as a word, so at most places a look at two bits is all; an
//! automaton over the same strings has megabytes of tables and misses the processor's caches at every step.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Meets;
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
    /// By place of the index: where in `asks` it begins; one more says where the last one ends.
    asks_from: Vec<u32>,
    /// Who looks for the string: what a hit asks for lies in one piece, for fetching it is what a hit costs.
    asks: Vec<Ask>,
    members: usize,
}

/// One who looks for a string, and where in its `meets` it stands what the string says.
#[derive(Clone, Copy, Debug)]
struct Ask {
    member: u16,
    meets: u16,
    meets_from: u32,
}

/// What a prefilter looks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) strings: Arc<[String]>,
    /// Which requirements a string meets, string by string.
    pub(super) meets: Arc<[Meets]>,
    /// By string: where in `meets` it begins; one more says where the last one ends.
    pub(super) meets_from: Arc<[u32]>,
}

impl Wanted {
    /// Where in `meets` it stands what a string says.
    pub(super) fn place(&self, string: usize) -> Range<usize> {
        self.meets_from[string] as usize..self.meets_from[string + 1] as usize
    }

    /// Whether a hit has room for all of its numbers.
    fn fits(&self) -> bool {
        let short = |n: usize| u16::try_from(n).is_ok();
        self.strings.iter().all(|string| short(string.len()))
            && (0..self.strings.len()).all(|string| short(self.place(string).len()))
    }
}

thread_local! {
    /// By member, while a search is gathered in this thread.
    static GATHERED: RefCell<Option<(u64, Vec<Wanted>)>> = const { RefCell::new(None) };
    /// The document that this thread is reading.
    static SCANNED: RefCell<Scanned> = const { RefCell::new(Scanned::none()) };
}

/// Where the strings stand in one text.
struct Scanned {
    /// 0: none is being read.
    search: u64,
    /// Address of the text: a slice of it is known by its own.
    base: usize,
    length: usize,
    /// As they were found, each with its member.
    found: Vec<(u16, Hit)>,
    /// By member: where in `hits` it begins; one more says where the last one ends.
    hits_from: Vec<u32>,
    /// Member by member, by first byte; what lies behind the last one is of no text.
    hits: Vec<Hit>,
}

/// A string that stands in the text, and where one of those who look for it knows what that says.
#[derive(Clone, Copy, Debug, Default)]
struct Hit {
    start: u32,
    length: u16,
    meets: u16,
    meets_from: u32,
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
        let gathered = GATHERED.replace(outer).map_or_else(Vec::new, |(_, gathered)| gathered);
        let mut all: Vec<&str> = Vec::new();
        let mut wanted: Vec<(usize, u32, u32)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (member, own) in gathered.iter().enumerate() {
            for (number, string) in own.strings.iter().enumerate() {
                let at = *known.entry(string.as_str()).or_insert_with_key(|string| {
                    all.push(string);
                    all.len() - 1
                });
                wanted.push((at, member as u32, number as u32));
            }
        }
        drop(known);
        wanted.sort_unstable();
        let index = Index::new(&all);
        let (mut asks, mut asks_from) = (Vec::new(), vec![0]);
        for &string in &index.numbers {
            let from = wanted.partition_point(|w| w.0 < string as usize);
            for &(_, member, number) in wanted[from..].iter().take_while(|w| w.0 == string as usize) {
                let place = gathered[member as usize].place(number as usize);
                let (member, meets) = (member as u16, place.len() as u16);
                asks.push(Ask { member, meets, meets_from: place.start as u32 });
            }
            asks_from.push(asks.len() as u32);
        }
        (made, Self { id, index, asks_from, asks, members: gathered.len() })
    }

    /// Takes what a prefilter looks for into the search that is being gathered, if one is and has room for it.
    pub(super) fn join(wanted: &Wanted) -> Option<Member> {
        GATHERED.with_borrow_mut(|gathered| {
            let (search, members) = gathered.as_mut()?;
            if members.len() > usize::from(u16::MAX) || !wanted.fits() {
                return None;
            }
            members.push(wanted.clone());
            Some(Member { search: *search, number: members.len() - 1 })
        })
    }

    /// Searches a text; until the result is dropped, its prefilters need not search slices of it themselves.
    pub(crate) fn scan<'t>(&self, text: &'t str) -> Scan<'t> {
        SCANNED.with_borrow_mut(|scanned| {
            // Places are kept in 32 bits; what is longer is searched slice by slice.
            scanned.search = if u32::try_from(text.len()).is_ok() { self.id } else { 0 };
            (scanned.base, scanned.length) = (text.as_ptr() as usize, text.len());
            scanned.found.clear();
            scanned.hits_from.clear();
            scanned.hits_from.resize(self.members + 1, 0);
            if scanned.search != 0 {
                self.index.places(text, |start, end, place| {
                    for &Ask { member, meets, meets_from } in
                        &self.asks[self.asks_from[place] as usize..self.asks_from[place + 1] as usize]
                    {
                        let (start, length) = (start as u32, (end - start) as u16);
                        scanned.hits_from[usize::from(member)] += 1;
                        scanned.found.push((member, Hit { start, length, meets, meets_from }));
                    }
                });
            }
            scanned.sort();
        });
        Scan { _text: text }
    }
}

impl Scanned {
    const fn none() -> Self {
        Self { search: 0, base: 0, length: 0, found: Vec::new(), hits_from: Vec::new(), hits: Vec::new() }
    }

    /// Lays out what was found member by member; `hits_from` holds how many each has.
    fn sort(&mut self) {
        let mut end = 0;
        for place in &mut self.hits_from {
            end += *place;
            *place = end;
        }
        if self.hits.len() < self.found.len() {
            self.hits.resize(self.found.len(), Hit::default());
        }
        // From the last to the first, so that each place ends up where its member begins.
        for &(member, hit) in self.found.iter().rev() {
            let place = &mut self.hits_from[usize::from(member)];
            *place -= 1;
            self.hits[*place as usize] = hit;
        }
    }

    fn hits(&self, member: usize) -> &[Hit] {
        &self.hits[self.hits_from[member] as usize..self.hits_from[member + 1] as usize]
    }
}

impl Drop for Scan<'_> {
    fn drop(&mut self) {
        /// Hits that may keep their room for the next document: those of some hundred thousand characters.
        const KEPT: usize = 1 << 16;
        SCANNED.with_borrow_mut(|scanned| {
            scanned.search = 0;
            scanned.found.clear();
            scanned.found.shrink_to(KEPT);
            scanned.hits.truncate(KEPT);
            scanned.hits.shrink_to(KEPT);
        });
    }
}

/// Names where a member knows what the strings say that a slice of the scanned text holds; false where the text is no such
/// slice.
pub(super) fn in_scanned(member: Member, text: &str, met: &mut impl FnMut(Range<usize>)) -> bool {
    SCANNED.with_borrow(|scanned| {
        let start = (text.as_ptr() as usize).wrapping_sub(scanned.base);
        if scanned.search != member.search || start > scanned.length || text.len() > scanned.length - start {
            return false;
        }
        let hits = scanned.hits(member.number);
        let end = start + text.len();
        let first = hits.partition_point(|hit| (hit.start as usize) < start);
        for hit in &hits[first..] {
            if hit.start as usize >= end {
                break;
            }
            if hit.start as usize + usize::from(hit.length) <= end {
                met(hit.meets_from as usize..hit.meets_from as usize + usize::from(hit.meets));
            }
        }
        true
    })
}

/// Strings by their first three characters.
#[derive(Debug)]
pub(crate) struct Index {
    /// One bit for each hash of a head.
    bits: Vec<u64>,
    /// By hash of the head; open addressing.
    groups: Vec<Group>,
    /// Group by group.
    entries: Vec<Entry>,
    /// The bytes of all strings behind their heads.
    rests: Vec<u8>,
    /// Strings of one character, by it; their places are behind those of the entries.
    singles: Vec<u32>,
    /// Their last eight bits.
    single_bits: [u64; 4],
    /// By place: the number of the string.
    numbers: Vec<u32>,
}

/// The strings that begin alike, a stretch of the entries; free where that is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    head: u64,
    from: u32,
    to: u32,
}

/// The bytes of a string behind its head, a stretch of the rests; in the order of those bytes.
#[derive(Clone, Copy, Debug)]
struct Entry {
    from: u32,
    to: u32,
    /// The longest other string of the group that this one begins with, counted from 1; 0: none.
    within: u32,
}

/// The first three characters in one number; a string of two has none in the third place.
#[inline]
fn head_of(first: u32, second: u32, third: u32) -> u64 {
    u64::from(first) << 42 | u64::from(second) << 21 | u64::from(third)
}

/// No code point, in 21 bits.
const NONE: u32 = 0x1F_FFFF;

impl Index {
    pub(crate) fn new<S: AsRef<str>>(strings: &[S]) -> Self {
        let mut singles = Vec::new();
        let mut single_bits = [0; 4];
        let mut headed: Vec<(u64, &[u8], usize)> = Vec::new();
        for (number, string) in strings.iter().enumerate() {
            let mut chars = string.as_ref().chars();
            match (chars.next(), chars.next(), chars.next()) {
                (Some(a), Some(b), third) => {
                    let head = head_of(u32::from(a), u32::from(b), third.map_or(NONE, u32::from));
                    headed.push((head, chars.as_str().as_bytes(), number));
                }
                (Some(a), None, _) => {
                    let c = u32::from(a);
                    single_bits[(c >> 6 & 3) as usize] |= 1 << (c & 63);
                    singles.push((c, number));
                }
                _ => {}
            }
        }
        singles.sort_unstable();
        headed.sort_unstable();
        let heads = headed.chunk_by(|a, b| a.0 == b.0).count();
        let mut out = Self {
            bits: vec![0; (heads * 16).next_power_of_two().max(64) / 64],
            groups: vec![Group::default(); (heads * 2).next_power_of_two().max(4)],
            entries: Vec::with_capacity(headed.len()),
            rests: Vec::new(),
            singles: singles.iter().map(|&(c, _)| c).collect(),
            single_bits,
            numbers: headed
                .iter()
                .map(|&(.., number)| number)
                .chain(singles.iter().map(|s| s.1))
                .map(|n| n as u32)
                .collect(),
        };
        for group in headed.chunk_by(|a, b| a.0 == b.0) {
            let (head, from) = (group[0].0, out.entries.len() as u32);
            // What the string at hand begins with, the longest last.
            let mut begins: Vec<usize> = Vec::new();
            for (at, &(_, rest, _)) in group.iter().enumerate() {
                while begins.last().is_some_and(|&before| !rest.starts_with(group[before].1)) {
                    begins.pop();
                }
                let within = begins.last().map_or(0, |before| before + 1) as u32;
                begins.push(at);
                let from = out.rests.len() as u32;
                out.rests.extend_from_slice(rest);
                out.entries.push(Entry { from, to: out.rests.len() as u32, within });
            }
            let hash = hash(head);
            let bit = bit_of(hash, out.bits.len());
            out.bits[bit / 64] |= 1 << (bit % 64);
            let mut slot = slot_of(hash, out.groups.len());
            while out.groups[slot].to > out.groups[slot].from {
                slot = (slot + 1) & (out.groups.len() - 1);
            }
            out.groups[slot] = Group { head, from, to: out.entries.len() as u32 };
        }
        out
    }

    /// Calls with first byte, byte behind the last, and number of each string, by first byte.
    pub(crate) fn scan(&self, text: &str, mut found: impl FnMut(usize, usize, usize)) {
        self.places(text, |start, end, place| found(start, end, self.numbers[place] as usize));
    }

    /// As [`Self::scan`], with the place of each string in the index.
    fn places(&self, text: &str, mut found: impl FnMut(usize, usize, usize)) {
        let bytes = text.as_bytes();
        let char_from = |at: usize| char_at(bytes, at).unwrap_or((NONE, 0));
        let (mut at, (mut first, length)) = (0, char_from(0));
        let mut second_at = length;
        let (mut second, mut second_length) = char_from(second_at);
        while first != NONE {
            if self.single_bits[(first >> 6 & 3) as usize] & (1 << (first & 63)) != 0 {
                let from = self.singles.partition_point(|&known| known < first);
                let same = self.singles[from..].iter().take_while(|&&known| known == first);
                same.zip(self.entries.len() + from..).for_each(|(_, place)| found(at, second_at, place));
            }
            let third_at = second_at + second_length;
            let (third, third_length) = char_from(third_at);
            if second != NONE {
                self.group(head_of(first, second, NONE)).for_each(|place| found(at, third_at, place));
            }
            if third != NONE {
                let behind = third_at + third_length;
                let places = self.group(head_of(first, second, third));
                let (first_place, group) = (places.start, &self.entries[places]);
                // The last that comes before what stands here: whatever stands here is it, or it begins with that.
                let mut next = group.partition_point(|entry| self.rest(entry) <= &bytes[behind..]);
                while let Some(last) = next.checked_sub(1) {
                    let rest = self.rest(&group[last]);
                    if bytes[behind..].starts_with(rest) {
                        found(at, behind + rest.len(), first_place + last);
                    }
                    next = group[last].within as usize;
                }
            }
            (at, first) = (second_at, second);
            (second_at, second, second_length) = (third_at, third, third_length);
        }
    }

    fn rest(&self, entry: &Entry) -> &[u8] {
        &self.rests[entry.from as usize..entry.to as usize]
    }

    /// The places of the strings with this head.
    #[inline]
    fn group(&self, head: u64) -> Range<usize> {
        let hash = hash(head);
        let bit = bit_of(hash, self.bits.len());
        if self.bits[bit / 64] & (1 << (bit % 64)) == 0 {
            return 0..0;
        }
        let mut slot = slot_of(hash, self.groups.len());
        loop {
            let group = &self.groups[slot];
            if group.head == head || group.to == group.from {
                return group.from as usize..group.to as usize;
            }
            slot = (slot + 1) & (self.groups.len() - 1);
        }
    }
}

/// Fibonacci hashing: the upper bits depend on all of the head.
#[inline]
fn hash(head: u64) -> u64 {
    head.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The bit for a hash among so many words, a power of two.
#[inline]
fn bit_of(hash: u64, words: usize) -> usize {
    (hash >> 32) as usize & (words * 64 - 1)
}

/// The first place for a hash among so many groups, a power of two.
#[inline]
fn slot_of(hash: u64, groups: usize) -> usize {
    (hash >> 40) as usize & (groups - 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_stands_there() {
        let strings: Vec<String> = [
            "漏",
            "漏えい",
            "えい",
            "漏えいし",
            "漏えいした",
            "漏えいで",
            "漏えいしたが",
            "漏えいせ",
            "A",
            "AB",
            "ABA",
            "😀い",
        ]
        .iter()
        .map(|s| (*s).to_owned())
        .collect();
        let index = Index::new(&strings);
        for text in [
            "",
            "漏",
            "情報が漏えいした。漏え",
            "漏えいしたか漏えいしたが漏えいす漏えいせ漏えいん",
            "xABA😀い",
            "えいえい漏えい",
        ] {
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
