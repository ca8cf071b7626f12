//! Reading on behind what is broken.

use std::io::{self, BufRead, Read, Seek};

use super::failure::{Failure, Place, is_gzip_error};
use super::{ArchiveReader, arc};
use crate::BadRecord;

impl<R: Read + Seek> ArchiveReader<R> {
    /// Stands the reader before the next record that can be found, or at the end.
    pub(super) fn recover(&mut self, failure: Failure) -> BadRecord {
        let (at, reason, resumed) = match failure {
            Failure::Skipped(at, reason) => (at, reason, Ok(true)),
            Failure::Corrupt(at, reason) => {
                let from = self.resync_from(at.offset);
                (at, reason, self.stream.resync(from, self.arc))
            }
            Failure::Malformed(at, reason, (after_header, _)) => {
                let read = self.stream.file_position().saturating_sub(after_header);
                let back = !self.stream.is_gzip() && self.afford(read);
                let sought = if back { self.stream.seek_plain(after_header) } else { Ok(()) };
                let mut reason = reason;
                let found = sought.and_then(|()| self.find_version_line(&mut reason));
                (at, reason, found)
            }
            Failure::Gzip(e) | Failure::Io(e) => {
                let (offset, offset_in_member) = self.stream.position();
                (Place { offset, offset_in_member }, e.to_string(), Ok(false))
            }
        };
        let mut reason = reason;
        match resumed {
            Ok(true) => {}
            Ok(false) => {
                reason.push_str("; nothing that can be read follows");
                self.done = true;
            }
            Err(e) => {
                reason.push_str(&format!("; reading on failed: {e}"));
                self.done = true;
            }
        }
        BadRecord { file: self.file.clone(), offset: at.offset, reason }
    }

    /// Looks for a line that begins a record, in this unit; at its end the next one will do. If the unit turns out to be
    /// damaged, that is the better reason.
    fn find_version_line(&mut self, reason: &mut String) -> io::Result<bool> {
        let mut line_start = true;
        loop {
            let here = self.stream.position();
            let buffer = match self.stream.fill_buf() {
                Ok(buffer) => buffer,
                Err(e) if is_gzip_error(&e) => {
                    *reason = format!("corrupt gzip member: {e}");
                    let from = self.resync_from(here.0);
                    return self.stream.resync(from, self.arc);
                }
                Err(e) => return Err(e),
            };
            if buffer.is_empty() {
                return self.stream.next_unit();
            }
            if line_start && self.arc {
                let line = self.read_line().map_err(Failure::into_io)?;
                let line = String::from_utf8_lossy(&line);
                if arc::header(&line).is_some() {
                    self.pending = Some((here, line.into_owned()));
                    return Ok(true);
                }
                continue;
            }
            // Five bytes may lie across two buffers; a record whose version line does is found all the same, because
            // the line is read byte by byte once its W was met at the start of a line.
            if line_start && buffer[0] == b'W' {
                let mut start = [0u8; 5];
                let mut length = 0;
                while length < 5 {
                    let Some(byte) = self.stream.fill_buf()?.first().copied() else { break };
                    if byte == b'\n' {
                        break;
                    }
                    start[length] = byte;
                    length += 1;
                    self.stream.consume(1);
                }
                if &start == b"WARC/" {
                    self.pending = Some((here, "WARC/".into()));
                    return Ok(true);
                }
                line_start = false;
                continue;
            }
            let end = buffer.iter().position(|b| *b == b'\n');
            let length = end.map_or(buffer.len(), |i| i + 1);
            line_start = end.is_some();
            self.stream.consume(length);
        }
    }

    /// Where to look for the next member when the one at `member` is damaged: inside it, for its end is unknown.
    fn resync_from(&mut self, member: u64) -> u64 {
        let position = self.stream.file_position();
        if self.afford(position.saturating_sub(member)) { member + 1 } else { position }
    }

    fn afford(&mut self, bytes: u64) -> bool {
        let affordable = bytes <= self.rereads;
        if affordable {
            self.rereads -= bytes;
        }
        affordable
    }
}
