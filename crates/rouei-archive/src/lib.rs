//! Captures to WARC files and back (ISO 28500).
