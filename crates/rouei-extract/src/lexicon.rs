//! What all lexicons share.

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
