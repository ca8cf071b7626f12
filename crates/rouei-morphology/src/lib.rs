//! The embedded Japanese dictionary (IPADIC and a domain CSV) and the tokenizer over it.

mod word_class;

pub use word_class::WordClass;

/// One word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text that was tokenized.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its word class.
    pub class: WordClass,
    /// Whether the dictionary knows the word; unknown words get a class from their characters.
    pub known: bool,
}

/// The dictionary could not be loaded: the embedded bytes do not fit the tokenizer.
#[derive(Debug, thiserror::Error)]
#[error("embedded dictionary cannot be read: {0}")]
pub struct DictionaryError(pub String);
