use std::io::{Read, Seek};

use crate::{ArchiveReader, BadRecord, Page, Record, RecordType};

/// The pages among the records of a file; see [`ArchiveReader::pages`].
pub struct Pages<R> {
    reader: ArchiveReader<R>,
    conversions: Tally,
    /// Records other than `warcinfo` that are no captures.
    others: Tally,
    captures: u64,
    summed_up: u8,
}

/// How many there were, and where the first stood.
#[derive(Default)]
struct Tally {
    count: u64,
    file: String,
    first: u64,
}

impl<R> Pages<R> {
    pub(crate) fn of(reader: ArchiveReader<R>) -> Self {
        Self { reader, conversions: Tally::default(), others: Tally::default(), captures: 0, summed_up: 0 }
    }

    fn sort(&mut self, record: &Record) -> Option<Result<Page, BadRecord>> {
        let bad = |reason: String| BadRecord { file: record.file.clone(), offset: record.offset, reason };
        match record.record_type() {
            RecordType::Conversion => self.conversions.add(record),
            RecordType::Continuation => {
                return Some(Err(bad(
                    "the rest of a record that was split over files, which rouei does not join".into()
                )));
            }
            RecordType::Response | RecordType::Revisit | RecordType::Resource => self.captures += 1,
            RecordType::Warcinfo => {}
            _ => self.others.add(record),
        }
        Some(record.page()?.map_err(bad))
    }

    /// What is said at the end of the file about records that were passed over.
    fn sum_up(&mut self) -> Option<BadRecord> {
        self.summed_up += 1;
        match self.summed_up {
            1 if self.conversions.count > 0 => Some(self.conversions.said(|n| {
                format!("{n} conversion records (WET) were skipped: text that another tool made of pages; give the WARC file")
            })),
            1 => self.sum_up(),
            2 if self.captures + self.conversions.count == 0 && self.others.count > 0 => Some(self.others.said(|n| {
                format!("no captures in the file, only {n} records that tell of some (requests, metadata, WAT); give the WARC file")
            })),
            _ => None,
        }
    }
}

impl<R: Read + Seek> Iterator for Pages<R> {
    type Item = Result<Page, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(record) = self.reader.next() else { return self.sum_up().map(Err) };
            let found = match record {
                Ok(record) => self.sort(&record),
                Err(bad) => {
                    // A damaged file may have held anything.
                    self.captures += 1;
                    Some(Err(bad))
                }
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

impl Tally {
    fn add(&mut self, record: &Record) {
        if self.count == 0 {
            self.file.clone_from(&record.file);
            self.first = record.offset;
        }
        self.count += 1;
    }

    fn said(&self, reason: impl FnOnce(u64) -> String) -> BadRecord {
        BadRecord { file: self.file.clone(), offset: self.first, reason: reason(self.count) }
    }
}
