//! Sets of characters, and filters that rule most characters out at a glance.

use regex_syntax::hir::ClassUnicode;

/// What stands behind the text; no code point.
pub(super) const END: u32 = u32::MAX - 1;

/// The character that begins at this byte, and its length; none at the end.
#[inline]
pub(crate) fn char_at(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let low = |byte: u8| u32::from(byte & 0x3F);
    Some(match *bytes.get(at..)? {
        [] => return None,
        [a @ 0..0x80, ..] => (u32::from(a), 1),
        // Japanese, for the most part.
        [a @ 0xE0..0xF0, b, c, ..] => (u32::from(a & 0x0F) << 12 | low(b) << 6 | low(c), 3),
        [a @ 0..0xE0, b, ..] => (u32::from(a & 0x1F) << 6 | low(b), 2),
        [a, b, c, d, ..] => (u32::from(a & 0x07) << 18 | low(b) << 12 | low(c) << 6 | low(d), 4),
        // No text ends so.
        [a, ..] => (u32::from(a), 1),
    })
}

pub(super) fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// A set of characters.
#[derive(Debug, PartialEq)]
pub(super) struct Set {
    ascii: u128,
    /// Rising; beyond ASCII.
    ranges: Vec<(u32, u32)>,
    /// One bit for each character below U+10000, where the ranges are many.
    plane: Option<Box<[u64]>>,
}

impl Set {
    pub(super) fn of(class: &ClassUnicode) -> Self {
        let mut out = Self { ascii: 0, ranges: Vec::new(), plane: None };
        for range in class.iter() {
            let (first, last) = (u32::from(range.start()), u32::from(range.end()));
            for c in first..=last.min(127) {
                out.ascii |= 1 << c;
            }
            if last > 127 {
                out.ranges.push((first.max(128), last));
            }
        }
        if out.ranges.len() > 8 {
            let mut plane = vec![0_u64; 1024];
            for c in out.ranges.iter().flat_map(|&(first, last)| first..=last.min(0xFFFF)) {
                plane[c as usize / 64] |= 1 << (c % 64);
            }
            out.plane = Some(plane.into());
        }
        out
    }

    #[inline]
    pub(super) fn holds(&self, c: u32) -> bool {
        if c < 128 {
            return self.ascii & (1 << c) != 0;
        }
        if let Some(plane) = &self.plane
            && let Some(word) = plane.get(c as usize / 64)
        {
            return word & (1 << (c % 64)) != 0;
        }
        if self.ranges.len() <= 8 {
            return self.ranges.iter().any(|&(first, last)| first <= c && c <= last);
        }
        let behind = self.ranges.partition_point(|&(first, _)| first <= c);
        behind > 0 && c <= self.ranges[behind - 1].1
    }
}

/// What a character may be: never wrong where it says no.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    ascii: u128,
    /// Characters beyond ASCII by their last eight bits.
    bits: [u64; 4],
    /// Or one of these sets.
    sets: Vec<usize>,
}

impl Filter {
    /// Sets of more characters would fill the bits.
    const MOST_IN_BITS: u32 = 400;
    /// Sets of more characters rule out too little.
    const MOST_IN_SET: u32 = 2_000;
    /// Bits above which a look costs more than it saves.
    const MOST_BITS: u32 = 160;

    #[inline]
    pub(super) fn may_be(&self, c: u32, sets: &[Set]) -> bool {
        if c < 128 {
            return self.ascii & (1 << c) != 0;
        }
        // Behind the text stands no character, and what may match nothing has no filter.
        c != END
            && (self.bits[(c >> 6 & 3) as usize] & (1 << (c & 63)) != 0
                || self.sets.iter().any(|&set| sets[set].holds(c)))
    }

    /// The first place from `at` on with a character that may be; none up to the end.
    pub(super) fn find(&self, bytes: &[u8], mut at: usize, sets: &[Set]) -> Option<usize> {
        loop {
            match *bytes.get(at..)? {
                // Most characters of most texts, at a glance.
                [0xE0..0xF0, b, c, ..] if self.sets.is_empty() => {
                    if self.bits[usize::from(b & 3)] & (1 << (c & 63)) != 0 {
                        return Some(at);
                    }
                    at += 3;
                }
                _ => {
                    let (c, length) = char_at(bytes, at)?;
                    if self.may_be(c, sets) {
                        return Some(at);
                    }
                    at += length;
                }
            }
        }
    }

    pub(super) fn add(&mut self, c: u32) {
        if c < 128 {
            self.ascii |= 1 << c;
        } else {
            self.bits[(c >> 6 & 3) as usize] |= 1 << (c & 63);
        }
    }

    /// Adds a set; false where that would leave nothing to rule out.
    pub(super) fn add_set(&mut self, number: usize, set: &Set) -> bool {
        let many: u32 = set.ranges.iter().map(|(first, last)| last - first + 1).sum();
        self.ascii |= set.ascii;
        if many <= Self::MOST_IN_BITS {
            set.ranges.iter().flat_map(|&(first, last)| first..=last).for_each(|c| self.add(c));
        } else if many <= Self::MOST_IN_SET && !self.sets.contains(&number) {
            self.sets.push(number);
        }
        many <= Self::MOST_IN_SET
    }

    pub(super) fn is_of_use(&self) -> bool {
        self.bits.iter().map(|word| word.count_ones()).sum::<u32>() <= Self::MOST_BITS && self.sets.len() <= 2
    }
}
