use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    ArchiveError, ArchiveReader, BadRecord, CdxjLine, HttpMessage, Record, RecordType, dechunk, digest, read_cdxj,
};

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Files read.
    pub files: u64,
    /// Records read.
    pub records: u64,
    /// Digests computed and found right.
    pub digests: u64,
    /// Records that state no digest, or one of an unknown algorithm; revisits state that of another record.
    pub unverified: u64,
    /// Everything that is not as it should be, in the order of the files.
    pub faults: Vec<BadRecord>,
}

/// What can be wrong with a record that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// `WARC-Block-Digest` is not that of the block.
    #[error("the block does not have the digest that the record states")]
    Block,
    /// `WARC-Payload-Digest` is not that of the payload.
    #[error("the payload does not have the digest that the record states")]
    Payload,
    /// The index has the record elsewhere, with another address, time or digest, or not at all.
    #[error("the index does not have the record as it is")]
    Index,
    /// The index has a record where none is.
    #[error("the index has a record here that is not in the file")]
    Missing,
}

/// Reads every WARC file of a folder, computes every digest, and compares with the index where there is one.
///
/// # Errors
/// [`ArchiveError::Io`] if the folder cannot be read; what is wrong with a file stands in the report.
pub fn verify(dir: &Path) -> Result<VerifyReport, ArchiveError> {
    let mut report = VerifyReport::default();
    for path in archive_files(dir)? {
        report.files += 1;
        verify_file(&path, &mut report);
    }
    for index in indexes_alone(dir)? {
        let reason = "an index without its archive file".to_owned();
        report.faults.push(BadRecord { file: index.display().to_string(), offset: 0, reason });
    }
    Ok(report)
}

/// The WARC files of a folder, by name; those under construction (`.open`) too.
///
/// # Errors
/// [`ArchiveError::Io`].
pub fn archive_files(dir: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let io = |e| ArchiveError::io(dir, e);
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.strip_suffix(".open").unwrap_or(&name);
        if name.ends_with(".warc.gz") || name.ends_with(".warc") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The indexes of a folder whose archive files are gone, by name.
fn indexes_alone(dir: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let io = |e| ArchiveError::io(dir, e);
    let mut alone = Vec::new();
    for entry in fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".cdxj") else { continue };
        let ends = [".warc.gz", ".warc.gz.open", ".warc", ".warc.open"];
        if !ends.iter().any(|end| path.with_file_name(format!("{stem}{end}")).exists()) {
            alone.push(path);
        }
    }
    alone.sort();
    Ok(alone)
}

fn verify_file(path: &Path, report: &mut VerifyReport) {
    let file = path.display().to_string();
    let whole = |error: ArchiveError| match error {
        ArchiveError::BadRecord(bad) => bad,
        other => BadRecord { file: file.clone(), offset: 0, reason: other.to_string() },
    };
    let mut index: Option<BTreeMap<u64, CdxjLine>> = match read_cdxj(path) {
        Ok(lines) => {
            lines.map(|lines| lines.into_iter().filter_map(|l| Some((l.fields.offset.parse().ok()?, l))).collect())
        }
        Err(error) => {
            report.faults.push(whole(error));
            None
        }
    };
    let reader = match ArchiveReader::open_own(path) {
        Ok(reader) => reader,
        Err(error) => return report.faults.push(whole(error)),
    };
    for record in reader {
        match record {
            Ok(record) => {
                report.records += 1;
                verify_record(&record, index.as_mut(), report);
            }
            Err(bad) => report.faults.push(bad),
        }
    }
    for offset in index.into_iter().flatten().map(|(offset, _)| offset) {
        report.faults.push(BadRecord { file: file.clone(), offset, reason: Fault::Missing.to_string() });
    }
}

fn verify_record(record: &Record, index: Option<&mut BTreeMap<u64, CdxjLine>>, report: &mut VerifyReport) {
    let mut fault = |fault: Fault| {
        report.faults.push(BadRecord {
            file: record.file.clone(),
            offset: record.offset,
            reason: format!("{} {}: {fault}", record.record_type().code(), record.id()),
        });
    };
    let mut verified = false;
    let mut check =
        |stated: Option<&str>, bytes: &[u8], kind: Fault| match stated.and_then(|s| digest::matches(s, bytes)) {
            Some(true) => {
                report.digests += 1;
                verified = true;
            }
            Some(false) => fault(kind),
            None => {}
        };
    check(record.header.get("WARC-Block-Digest"), &record.block, Fault::Block);
    if record.record_type() != RecordType::Revisit {
        check_payload(record, &mut check);
    }
    if !verified {
        report.unverified += 1;
    }
    if let Some(index) = index.filter(|_| record.record_type().closes_capture()) {
        let listed = index.remove(&record.offset);
        let found_by = |line: &CdxjLine| (line.key.clone(), line.timestamp.clone(), line.fields.digest.clone());
        if listed.as_ref().map(found_by) != CdxjLine::of_record(record).as_ref().map(found_by) {
            fault(Fault::Index);
        }
    }
}

/// Tools differ in what they take the payload of a chunked response to be; either is right.
fn check_payload(record: &Record, check: &mut impl FnMut(Option<&str>, &[u8], Fault)) {
    let stated = record.header.get("WARC-Payload-Digest");
    let Some(text) = stated else { return };
    let body = match record.record_type() {
        RecordType::Response => HttpMessage::parse(&record.block).map(|message| {
            let plain = if message.is_chunked() { dechunk(&message.body).ok() } else { None };
            plain.filter(|plain| digest::matches(text, plain) == Some(true)).unwrap_or(message.body)
        }),
        RecordType::Request => Ok(after_head(&record.block).to_vec()),
        _ => Ok(record.block.clone()),
    };
    match body {
        Ok(body) => check(stated, &body, Fault::Payload),
        Err(_) => check(stated, &record.block, Fault::Payload),
    }
}

fn after_head(block: &[u8]) -> &[u8] {
    let end = block.windows(4).position(|w| w == b"\r\n\r\n").map_or(block.len(), |i| i + 4);
    &block[end..]
}
