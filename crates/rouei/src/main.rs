//! Crawls Japanese personal-data breach disclosures, reads them, and keeps an evidence-backed record.
fn main() {}
