//! The bytes that `build.rs` wrote, in the binary.

lindera_dictionary::embedded_dictionary!("/dictionary", EmbeddedDictionary);

/// One byte per system word id: the discriminant of its `WordClass`.
pub(crate) static WORD_CLASSES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/word-classes.bin"));

/// One byte per id of the unknown-word dictionary (unk.def).
pub(crate) static UNKNOWN_CLASSES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unknown-classes.bin"));
