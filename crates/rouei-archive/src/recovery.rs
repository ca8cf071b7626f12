use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use rouei_model::Capture;

use crate::{
    ArchiveError, ArchiveReader, BadRecord, CdxjLine, RecordLocation, RecordType,
    open_file::{give_final_name, lock, sync_dir},
};

/// A capture of a run that died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveredCapture {
    /// Where it stands.
    pub location: RecordLocation,
    /// The capture, without its request headers.
    pub capture: Capture,
    /// What [`crate::ArchiveWriter::append_with_context`] was told.
    pub context: BTreeMap<String, String>,
}

/// What was done with the files that dead runs left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// The files, by name.
    pub files: Vec<Recovered>,
}

/// What was done with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Name in the archive's folder, now without `.open`.
    pub file: String,
    /// Captures that were handed out.
    pub captures: u64,
    /// Bytes cut off behind the last whole capture.
    pub cut: u64,
    /// Damage before the end, left in place.
    pub skipped: Vec<BadRecord>,
    /// The file held no capture and was removed.
    pub removed: bool,
}

/// Brings the files in order that a killed run left in `dir`: cuts off what stands behind the last whole capture, hands
/// each capture to `take`, then writes the index and gives the file its final name.
///
/// `take` must be idempotent: it is called for captures that were recorded before the kill, too, and again for all if
/// it fails, for the file then keeps its suffix. Call it before [`crate::ArchiveWriter::create`]. A folder that does
/// not exist is in order.
///
/// # Errors
/// [`ArchiveError::InUse`] if another run is writing; [`ArchiveError::NotTaken`]; [`ArchiveError::Io`].
pub fn recover<F>(dir: &Path, mut take: F) -> Result<RecoveryReport, ArchiveError>
where
    F: FnMut(&RecoveredCapture) -> Result<(), Box<dyn std::error::Error + Send + Sync>>,
{
    let mut report = RecoveryReport::default();
    for (path, name) in unfinished(dir)? {
        report.files.push(recover_file(dir, &path, &name, &mut take)?);
    }
    Ok(report)
}

fn recover_file<F>(dir: &Path, path: &Path, name: &str, take: &mut F) -> Result<Recovered, ArchiveError>
where
    F: FnMut(&RecoveredCapture) -> Result<(), Box<dyn std::error::Error + Send + Sync>>,
{
    let io = |e| ArchiveError::io(path, e);
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(io)?;
    lock(&file, path)?;
    let length = file.metadata().map_err(io)?.len();
    let mut done = Recovered { file: name.into(), captures: 0, cut: 0, skipped: Vec::new(), removed: false };

    // Pass one finds the end of the last whole capture; nothing is handed out before the tail is off.
    let mut end = 0;
    let mut found = false;
    if let Ok(mut reader) = ArchiveReader::open_own(path) {
        while let Some(record) = reader.next() {
            match record {
                Ok(record) if record.record_type().closes_capture() => {
                    found = true;
                    end = reader.file_position();
                }
                Ok(record) if record.record_type() == RecordType::Warcinfo => end = reader.file_position(),
                Ok(_) => {}
                Err(bad) => done.skipped.push(bad),
            }
        }
    }
    done.skipped.retain(|bad| bad.offset < end);
    done.cut = length.saturating_sub(end);
    if !found {
        drop(file);
        fs::remove_file(path).map_err(io)?;
        done.removed = true;
        sync_dir(dir)?;
        return Ok(done);
    }
    if done.cut > 0 {
        file.set_len(end).map_err(io)?;
        file.sync_all().map_err(io)?;
    }

    let mut index = Vec::new();
    for record in ArchiveReader::open_own(path)?.flatten() {
        let Some(mut location) = record.location() else { continue };
        location.file = name.into();
        let context = record.context();
        let Some(read) = record.into_capture() else { continue };
        match read.and_then(|capture| Ok((capture, context?))) {
            Ok((capture, context)) => {
                let recovered = RecoveredCapture { location, capture, context };
                take(&recovered).map_err(|source| ArchiveError::NotTaken {
                    file: name.into(),
                    offset: recovered.location.offset,
                    source,
                })?;
                index.push(CdxjLine::of_capture(&recovered.capture, &recovered.location));
                done.captures += 1;
            }
            Err(reason) => done.skipped.push(BadRecord { file: name.into(), offset: location.offset, reason }),
        }
    }
    give_final_name(dir, path, name, index)?;
    Ok(done)
}

/// Path and final name of each unfinished file, by name.
fn unfinished(dir: &Path) -> Result<Vec<(PathBuf, String)>, ArchiveError> {
    let io = |e| ArchiveError::io(dir, e);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(io(e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(finished) = name.strip_suffix(".open").filter(|n| n.ends_with(".warc.gz")) {
            found.push((entry.path(), finished.to_owned()));
        } else if name.ends_with(".cdxj.new") {
            // An index that was being written when the run died; it is written anew with its file.
            let path = entry.path();
            fs::remove_file(&path).map_err(|e| ArchiveError::io(path, e))?;
        }
    }
    found.sort();
    Ok(found)
}
