//! Many strings searched in one pass over a text: at each character, by it and the two behind it.
//!
//! Three characters of Japanese text say as much as a word, so at most places a look at two bits is all; an
//! automaton over the same strings has megabytes of tables and misses the processor's caches at every step.

use std::ops::Range;

use crate::pattern::char_at;

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
    pub(super) numbers: Vec<u32>,
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
    pub(super) fn places(&self, text: &str, mut found: impl FnMut(usize, usize, usize)) {
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
}
