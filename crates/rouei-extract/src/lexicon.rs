//! What all lexicons share.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use crate::prefilter::Prefilter;

/// Words that are looked up for every word of a text. Nothing may depend on the order of its iteration.
pub(crate) type WordSet = HashSet<String, BuildHasherDefault<WordHasher>>;

/// A quick hash for short words of a lexicon, eight bytes at a time (as FxHash does); no defence against chosen words,
/// which a lexicon has no need of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(0x517C_C1B7_2722_0A95);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x517C_C1B7_2722_0A95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// What words can begin with: one bit for the last eight of each first character.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Starts([u64; 4]);

impl Starts {
    pub(crate) fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut out = Self::default();
        words.into_iter().filter_map(|word| word.chars().next()).for_each(|c| out.insert(c));
        out
    }

    fn insert(&mut self, c: char) {
        self.0[(c as usize >> 6) & 3] |= 1 << (c as usize & 63);
    }

    /// Whether a word may begin with this character; never wrong where it says no.
    pub(crate) fn may_be(&self, c: char) -> bool {
        self.0[(c as usize >> 6) & 3] & (1 << (c as usize & 63)) != 0
    }
}

/// Entries of a list by one character of each, the first or the last of its word.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByChar {
    starts: Starts,
    /// By character; the numbers of one character rise.
    entries: Vec<(char, usize)>,
}

impl ByChar {
    /// One character for each entry, in the order of the list.
    pub(crate) fn of(chars: impl IntoIterator<Item = Option<char>>) -> Self {
        let mut out = Self::default();
        for (number, c) in chars.into_iter().enumerate() {
            if let Some(c) = c {
                out.starts.insert(c);
                out.entries.push((c, number));
            }
        }
        out.entries.sort_unstable();
        out
    }

    /// Whether an entry may have this character; never wrong where it says no.
    pub(crate) fn may_be(&self, c: char) -> bool {
        self.starts.may_be(c)
    }

    /// The numbers of the entries with this character, rising.
    pub(crate) fn get(&self, c: Option<char>) -> impl Iterator<Item = usize> + use<'_> {
        let known = c.filter(|&c| self.starts.may_be(c));
        let from = known.map_or(self.entries.len(), |c| self.entries.partition_point(|&(known, _)| known < c));
        self.entries[from..].iter().take_while(move |(known, _)| Some(*known) == c).map(|(_, number)| *number)
    }
}

/// Words in the order of their file, found by how they begin and end.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<String>,
    by_start: ByChar,
    by_end: ByChar,
    /// Where they are looked for anywhere in a text.
    within: Option<Prefilter>,
}

impl Words {
    /// With a place in the search over documents, for words that are looked for anywhere in a text.
    pub(crate) fn searched(self) -> Self {
        let within = Prefilter::of_words(self.words.iter().map(String::as_str));
        Self { within: Some(within), ..self }
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.words
    }

    /// The first word with which a text begins.
    pub(crate) fn beginning(&self, text: &str) -> Option<&str> {
        let words = self.by_start.get(text.chars().next()).map(|at| self.words[at].as_str());
        words.into_iter().find(|word| text.starts_with(word))
    }

    /// The first word with which a text ends.
    pub(crate) fn ending(&self, text: &str) -> Option<&str> {
        let words = self.by_end.get(text.chars().next_back()).map(|at| self.words[at].as_str());
        words.into_iter().find(|word| text.ends_with(word))
    }

    /// Whether a text is one of the words.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.by_start.get(text.chars().next()).any(|at| self.words[at] == text)
    }

    /// Whether a text holds one of the words.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        self.held_in(text).next().is_some()
    }

    /// The words that a text holds, in their order.
    pub(crate) fn held_in(&self, text: &str) -> impl Iterator<Item = &str> {
        let known = self.within.as_ref().and_then(|within| within.in_document(text));
        let none = known.as_ref().is_some_and(|known| known.is_empty());
        let words = if none { &[][..] } else { &self.words };
        let held = move |number: usize, word: &str| match &known {
            Some(known) => known.contains(number),
            None => text.contains(word),
        };
        words.iter().enumerate().filter(move |(number, word)| held(*number, word)).map(|(_, word)| word.as_str())
    }
}

impl FromIterator<String> for Words {
    fn from_iter<T: IntoIterator<Item = String>>(words: T) -> Self {
        let words: Vec<String> = words.into_iter().collect();
        let by_start = ByChar::of(words.iter().map(|word| word.chars().next()));
        let by_end = ByChar::of(words.iter().map(|word| word.chars().next_back()));
        Self { words, by_start, by_end, within: None }
    }
}

/// A lexicon cannot be used: the file is no TOML of the right shape, or one of its entries is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// The file as a whole.
    #[error("{file}: {message}")]
    Parse {
        /// Name of the file.
        file: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// One entry.
    #[error("{file}, entry {entry}: {message}")]
    Entry {
        /// Name of the file.
        file: String,
        /// `id` of the entry.
        entry: String,
        /// What is wrong.
        message: String,
    },
}
