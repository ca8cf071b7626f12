//! One record by its place.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{ArchiveReader, Limits};
use crate::{ArchiveError, BadRecord, Record, stream::Stream};

/// The record at `offset` of a file of rouei's own; `path` may still be under construction (`.open`).
///
/// # Errors
/// [`ArchiveError::Io`] if the file cannot be read, [`ArchiveError::BadRecord`] if no whole record stands there.
pub fn read_at(path: &Path, offset: u64) -> Result<Record, ArchiveError> {
    let (path, file) = open_while_written(path)?;
    let name = path.display().to_string();
    // The same file, for its name may change at any time.
    let at_offset = file.try_clone().map_err(|e| ArchiveError::io(&path, e))?;
    let mut reader = ArchiveReader::from_reader(name.clone(), file, Limits { block: u64::MAX })?;
    let gzip = reader.stream.is_gzip();
    reader.stream = Stream::open(at_offset, gzip, offset).map_err(|e| ArchiveError::io(&path, e))?;
    match reader.read_record() {
        Ok(Some(record)) => Ok(record),
        Ok(None) => Err(BadRecord { file: name, offset, reason: "the file ends before this offset".into() }.into()),
        Err(failure) => Err(BadRecord { file: name, offset, reason: failure.reason() }.into()),
    }
}

/// A file by its name or by that under construction. A writer may rename it between the two looks, so there is a third.
fn open_while_written(path: &Path) -> Result<(PathBuf, File), ArchiveError> {
    let names = [path.to_owned(), crate::open_file::under_construction(path), path.to_owned()];
    let mut failure = None;
    for name in names {
        match File::open(&name) {
            Ok(file) => return Ok((name, file)),
            Err(e) if e.kind() == ErrorKind::NotFound => failure = Some(e),
            Err(e) => return Err(ArchiveError::io(&name, e)),
        }
    }
    Err(ArchiveError::io(path, failure.unwrap_or_else(|| ErrorKind::NotFound.into())))
}
