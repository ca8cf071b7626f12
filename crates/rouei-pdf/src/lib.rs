//! PDF bytes to blocks of text.
