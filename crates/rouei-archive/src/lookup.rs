use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{
    ArchiveError, ArchiveReader, BadRecord, CdxjLine, Record, RecordType, archive_files,
    export::{names, reference},
    read_at, read_cdxj, surt,
};

/// Where captures of an address stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The archive file.
    pub file: PathBuf,
    /// Byte where the record begins.
    pub offset: u64,
    /// Fourteen digits, UTC.
    pub timestamp: String,
    /// Address, as it was asked for.
    pub url: String,
}

/// The captures of an address in the archive of a folder, oldest first: out of the indexes, and where a file has none
/// that can be read, out of the file itself.
///
/// # Errors
/// [`ArchiveError::Io`] if the folder cannot be read. Trouble with single files is added to `trouble`.
pub fn captures_of(dir: &Path, url: &str, trouble: &mut Vec<BadRecord>) -> Result<Vec<Found>, ArchiveError> {
    let key = surt(url);
    let mut found = Vec::new();
    for path in archive_files(dir)? {
        let lines = match read_cdxj(&path) {
            Ok(Some(lines)) => lines,
            Ok(None) => lines_of(&path, trouble),
            Err(error) => {
                trouble.push(of_error(&path, error));
                lines_of(&path, trouble)
            }
        };
        for line in lines.into_iter().filter(|line| line.key == key) {
            let Ok(offset) = line.fields.offset.parse() else { continue };
            found.push(Found { file: path.clone(), offset, timestamp: line.timestamp, url: line.fields.url });
        }
    }
    found.sort_by(|a, b| (&a.timestamp, &a.file, a.offset).cmp(&(&b.timestamp, &b.file, b.offset)));
    Ok(found)
}

/// The record of an identifier, with or without angle brackets. Looks through the files one after the other.
///
/// # Errors
/// As [`captures_of`].
pub fn record_by_id(dir: &Path, id: &str, trouble: &mut Vec<BadRecord>) -> Result<Option<Record>, ArchiveError> {
    let id = id.trim_matches(['<', '>']);
    for path in archive_files(dir)? {
        match ArchiveReader::open_own(&path) {
            Ok(reader) => {
                for record in reader {
                    match record {
                        Ok(record) if record.id() == id => return Ok(Some(record)),
                        Ok(_) => {}
                        Err(bad) => trouble.push(bad),
                    }
                }
            }
            Err(error) => trouble.push(of_error(&path, error)),
        }
    }
    Ok(None)
}

/// The record that a revisit refers to. None if the archive does not hold it.
///
/// # Errors
/// As [`captures_of`].
pub fn original_of(dir: &Path, revisit: &Record) -> Result<Option<Record>, ArchiveError> {
    let Some(reference) = reference(revisit) else { return Ok(None) };
    let url = revisit.header.get("WARC-Refers-To-Target-URI").or(revisit.url()).unwrap_or_default();
    let mut trouble = Vec::new();
    for place in captures_of(dir, url.trim_matches(['<', '>']), &mut trouble)? {
        if let Ok(record) = read_at(&place.file, place.offset)
            && record.record_type() != RecordType::Revisit
            && names(&record).contains(&reference)
        {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// Of captures in the order of [`captures_of`] the latest, or the latest that was not made after `at`.
#[must_use]
pub fn latest(found: &[Found], at: Option<Timestamp>) -> Option<&Found> {
    let digits = at.map(|t| t.strftime("%Y%m%d%H%M%S").to_string());
    found.iter().rev().find(|f| digits.as_ref().is_none_or(|digits| f.timestamp <= *digits))
}

fn lines_of(path: &Path, trouble: &mut Vec<BadRecord>) -> Vec<CdxjLine> {
    let mut lines = Vec::new();
    match ArchiveReader::open_own(path) {
        Ok(reader) => {
            for record in reader {
                match record {
                    Ok(record) => lines.extend(CdxjLine::of_record(&record)),
                    Err(bad) => trouble.push(bad),
                }
            }
        }
        Err(error) => trouble.push(of_error(path, error)),
    }
    lines
}

fn of_error(path: &Path, error: ArchiveError) -> BadRecord {
    match error {
        ArchiveError::BadRecord(bad) => bad,
        ArchiveError::NotWarc { file, reason } => {
            BadRecord { file, offset: 0, reason: format!("not a WARC file: {reason}") }
        }
        ArchiveError::Io { path, source } => {
            BadRecord { file: path.display().to_string(), offset: 0, reason: source.to_string() }
        }
        other => BadRecord { file: path.display().to_string(), offset: 0, reason: other.to_string() },
    }
}
