//! What all lexicons share.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

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
        for c in words.into_iter().filter_map(|word| word.chars().next()) {
            out.0[(c as usize >> 6) & 3] |= 1 << (c as usize & 63);
        }
        out
    }

    /// Whether a word may begin with this character; never wrong where it says no.
    pub(crate) fn may_be(&self, c: char) -> bool {
        self.0[(c as usize >> 6) & 3] & (1 << (c as usize & 63)) != 0
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
