mod at;
mod failure;
mod resync;

use std::{
    fs::File,
    io::{self, BufRead, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{ArchiveError, BadRecord, Pages, Record, WarcHeader, arc, stream::Stream};

pub use at::read_at;
use failure::{Failure, Place, failure};

/// Longest line in the head of a record.
const LINE_BOUND: u64 = 64 * 1024;
/// Longest head of a record.
const HEAD_BOUND: u64 = 1024 * 1024;

/// What a record may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a content block; larger ones are skipped and reported.
    pub block: u64,
}

impl Default for Limits {
    /// 64 MiB per block.
    fn default() -> Self {
        Self { block: 64 * 1024 * 1024 }
    }
}

/// The records of a WARC file in their order, those of other tools too: with one gzip member per record, one gzip
/// stream over all, members cut anywhere, or none; and those of an ARC file, with the fields that WARC has for what
/// theirs say. What is broken is skipped and handed out as a [`BadRecord`]; reading goes on behind it.
///
/// Memory is bounded by [`Limits`], whatever the file says.
pub struct ArchiveReader<R = File> {
    file: String,
    stream: Stream<R>,
    limits: Limits,
    /// Whether it is an ARC file.
    arc: bool,
    /// Where a record begins that was found while looking for one, and what of it was consumed.
    pending: Option<((u64, u64), String)>,
    /// Bytes that may still be read a second time in search of the next record, so that a hostile file costs no more
    /// than a few times its length.
    rereads: u64,
    done: bool,
}

impl ArchiveReader<File> {
    /// Opens a `.warc` or `.warc.gz` file, told apart by its first bytes.
    ///
    /// # Errors
    /// [`ArchiveError::Io`], or [`ArchiveError::NotWarc`] for an empty file and for other formats.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|e| ArchiveError::io(path, e))?;
        Self::from_reader(path.display().to_string(), file, Limits::default())
    }
}

impl ArchiveReader<File> {
    /// Opens a file of rouei's own, whose bodies were bounded when they were fetched.
    pub(crate) fn open_own(path: &Path) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|e| ArchiveError::io(path, e))?;
        Self::from_reader(path.display().to_string(), file, Limits { block: 1 << 32 })
    }
}

impl<R: Read + Seek> ArchiveReader<R> {
    /// Reads a WARC file out of anything that can seek; `file` is what errors call it.
    ///
    /// # Errors
    /// As [`ArchiveReader::open`].
    pub fn from_reader(file: impl Into<String>, mut inner: R, limits: Limits) -> Result<Self, ArchiveError> {
        let file = file.into();
        let mut start = Vec::new();
        let opened = (|| {
            inner.by_ref().take(5).read_to_end(&mut start)?;
            let length = inner.seek(SeekFrom::End(0))?;
            Ok((Stream::open(inner, start.starts_with(&[0x1f, 0x8b]), 0)?, length))
        })();
        let (mut stream, length) = opened.map_err(|e| ArchiveError::io(&file, e))?;
        // What is wrong with a damaged member is said when it is read.
        let arc = stream.fill_buf().is_ok_and(|content| content.starts_with(arc::FIRST));
        let reason = match start.as_slice() {
            b"WARC/" | b"filed" | [0x1f, 0x8b, ..] => {
                return Ok(Self {
                    file,
                    stream,
                    limits,
                    arc,
                    pending: None,
                    rereads: length.saturating_mul(4).saturating_add(1024 * 1024),
                    done: false,
                });
            }
            [] => "the file is empty".into(),
            [b'P', b'K', 3 | 5, ..] => "a zip file; if it is a WACZ, its name has to end in .wacz".into(),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                "compressed with Zstandard, which rouei does not read".into()
            }
            other => format!("it begins with {:?}", String::from_utf8_lossy(other)),
        };
        Err(ArchiveError::NotWarc { file, reason })
    }

    /// Only the pages: responses over HTTP and resources. Conversions, which other tools made of pages, are passed over
    /// and said so once, and so is a file that holds no captures at all.
    pub fn pages(self) -> Pages<R> {
        Pages::of(self)
    }

    /// Whether the file is compressed.
    pub(crate) fn is_gzip(&self) -> bool {
        self.stream.is_gzip()
    }

    /// Byte of the file up to which whole records were read.
    pub(crate) fn file_position(&self) -> u64 {
        self.stream.file_position()
    }

    fn read_record(&mut self) -> Result<Option<Record>, Failure> {
        let pending = self.pending.take();
        if pending.is_none() && !self.skip_to_content()? {
            return Ok(None);
        }
        let ((offset, offset_in_member), begun) = pending.unwrap_or_else(|| (self.stream.position(), String::new()));
        let at = Place { offset, offset_in_member };
        match self.read_record_at(at, &begun) {
            Err(Failure::Gzip(e)) => Err(Failure::Corrupt(at, format!("corrupt gzip member: {e}"))),
            other => other,
        }
    }

    /// `begun` is what was already consumed of the first line.
    fn read_record_at(&mut self, at: Place, begun: &str) -> Result<Option<Record>, Failure> {
        let (mut header, length) = self.read_head(at, begun)?;
        let after_header = self.stream.position();
        if length > self.limits.block {
            let skipped = io::copy(&mut self.stream.by_ref().take(length), &mut io::sink()).map_err(failure)?;
            let reason = format!("block of {length} bytes is over the bound of {}", self.limits.block);
            if skipped < length {
                return Err(Failure::Malformed(at, format!("{reason} and ends after {skipped}"), after_header));
            }
            self.end_of_record()?;
            return Err(Failure::Skipped(at, reason));
        }
        // Once, for growing may copy; what no byte is written to takes no memory. A large one is as large as any: glibc
        // keeps as much in hand of everything that is freed later as the largest block below 32 MiB that was given back.
        let capacity = if length > 1 << 20 { Limits::default().block } else { length };
        let mut block = Vec::with_capacity(capacity as usize);
        while (block.len() as u64) < length {
            let rest = length - block.len() as u64;
            self.stream.by_ref().take(rest).read_to_end(&mut block).map_err(failure)?;
            // The members of a gzip file are one text (RFC 1952, 2.2), and some tools begin one where no record begins.
            let short = (block.len() as u64) < length;
            if short && (!self.stream.is_gzip() || !self.next_member()? || self.stands_before_record()?) {
                break;
            }
        }
        if (block.len() as u64) < length {
            // The last page of an ARC file that was cut off: its writers counted bytes that they did not write, too.
            if !self.arc || block.is_empty() || !self.stands_at_end()? {
                let reason = format!("the block ends after {} of {length} bytes", block.len());
                return Err(Failure::Malformed(at, reason, after_header));
            }
            header.push("WARC-Truncated", "unspecified");
        }
        let blanks = self.end_of_record()?;
        let next = self.stream.fill_buf().map_err(failure)?;
        let ended = next.is_empty();
        if !ended && !self.arc && !b"WARC/".starts_with(&next[..next.len().min(5)]) {
            let reason = format!("the block does not end after the {length} bytes that Content-Length says");
            return Err(Failure::Malformed(at, reason, after_header));
        }
        if blanks == 0 && !ended {
            return Err(Failure::Malformed(at, "no blank lines after the block".into(), after_header));
        }
        let alone = !self.stream.is_gzip() || (at.offset_in_member == 0 && ended);
        let length = alone.then(|| self.stream.file_position() - at.offset);
        if self.arc {
            arc::settle(&mut header, &block);
        }
        let file = self.file.clone();
        Ok(Some(Record { file, offset: at.offset, length, offset_in_member: at.offset_in_member, header, block }))
    }

    /// The named fields, and the length of the block.
    fn read_head(&mut self, at: Place, begun: &str) -> Result<(WarcHeader, u64), Failure> {
        if self.arc {
            let line = match begun {
                "" => String::from_utf8_lossy(&self.read_line()?).into_owned(),
                line => line.to_owned(),
            };
            return arc::header(&line).ok_or_else(|| {
                let start: String = line.chars().take(80).collect();
                let reason = format!("{start:?} in place of a line with address, IP, date, type and length");
                Failure::Malformed(at, reason, self.stream.position())
            });
        }
        let header = self.read_header(at, begun)?;
        let length = header.get("Content-Length").and_then(|value| value.trim().parse().ok());
        let length = length.ok_or_else(|| {
            Failure::Malformed(at, "no Content-Length that can be read".into(), self.stream.position())
        })?;
        Ok((header, length))
    }

    fn next_member(&mut self) -> Result<bool, Failure> {
        self.stream.next_unit().map_err(failure)
    }

    fn stands_at_end(&mut self) -> Result<bool, Failure> {
        Ok(self.stream.fill_buf().map_err(failure)?.is_empty() && (!self.stream.is_gzip() || !self.next_member()?))
    }

    /// Whether the next bytes begin a record.
    fn stands_before_record(&mut self) -> Result<bool, Failure> {
        let next = self.stream.fill_buf().map_err(failure)?;
        Ok(if self.arc { is_arc_line(next) } else { next.starts_with(b"WARC/") })
    }

    fn read_header(&mut self, at: Place, begun: &str) -> Result<WarcHeader, Failure> {
        let malformed = |reader: &Self, reason: String| Failure::Malformed(at, reason, reader.stream.position());
        let version = format!("{begun}{}", String::from_utf8_lossy(&self.read_line()?));
        if !version.starts_with("WARC/") {
            let start: String = version.chars().take(40).collect();
            return Err(malformed(self, format!("{start:?} in place of a WARC version line")));
        }
        let mut header = WarcHeader { version, fields: Vec::new() };
        let mut total = 0;
        loop {
            let line = self.read_line()?;
            total += line.len() as u64;
            if total > HEAD_BOUND || line.len() as u64 >= LINE_BOUND {
                return Err(malformed(self, "the head of the record is over the bound".into()));
            }
            if line.is_empty() {
                return Ok(header);
            }
            let text = String::from_utf8_lossy(&line);
            match (text.starts_with([' ', '\t']), text.split_once(':'), header.fields.last_mut()) {
                (true, _, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                (_, Some((name, value)), _) => header.fields.push((name.trim().into(), value.trim().into())),
                _ => return Err(malformed(self, format!("no colon in the field {text:?}"))),
            }
        }
    }

    /// A line without its end; over the bound it is cut.
    fn read_line(&mut self) -> Result<Vec<u8>, Failure> {
        let mut line = Vec::new();
        self.stream.by_ref().take(LINE_BOUND).read_until(b'\n', &mut line).map_err(failure)?;
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        Ok(line)
    }

    /// Skips blank lines between records and ends of members. False at the end of the file.
    fn skip_to_content(&mut self) -> Result<bool, Failure> {
        loop {
            let here = self.stream.position();
            let at = Place { offset: here.0, offset_in_member: here.1 };
            let corrupt = |f| match f {
                Failure::Gzip(e) => Failure::Corrupt(at, format!("corrupt gzip member: {e}")),
                other => other,
            };
            self.end_of_record().map_err(corrupt)?;
            if !self.stream.fill_buf().map_err(failure).map_err(corrupt)?.is_empty() {
                return Ok(true);
            }
            if !self.stream.next_unit().map_err(failure).map_err(corrupt)? {
                return Ok(false);
            }
        }
    }

    /// Consumes CR and LF behind a block; how many there were.
    fn end_of_record(&mut self) -> Result<usize, Failure> {
        let mut total = 0;
        loop {
            let buffer = self.stream.fill_buf().map_err(failure)?;
            let blanks = buffer.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            let more = blanks == buffer.len() && blanks > 0;
            self.stream.consume(blanks);
            total += blanks;
            if !more {
                return Ok(total);
            }
        }
    }
}

impl<R: Read + Seek> Iterator for ArchiveReader<R> {
    type Item = Result<Record, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.read_record() {
            Ok(Some(record)) => Some(Ok(record)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err(failure) => Some(Err(self.recover(failure))),
        }
    }
}

/// Whether a buffer begins with the line of an ARC record.
fn is_arc_line(buffer: &[u8]) -> bool {
    let line = buffer.split(|b| *b == b'\n').next().unwrap_or_default();
    arc::header(String::from_utf8_lossy(line).trim_end()).is_some()
}
