//! Bytes to document: charset, HTML, blocks, and normalisation that keeps offsets.

pub mod normalize;
