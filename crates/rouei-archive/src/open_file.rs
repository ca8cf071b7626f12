use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{ArchiveError, CdxjLine, cdxj::write_index, digest::uuid};

/// `NAME.open`, as a file is called while it is written.
pub(crate) fn under_construction(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".open");
    PathBuf::from(name)
}

/// Locks a file for this process; the operating system lifts the lock when the process ends, however it ends.
pub(crate) fn lock(file: &File, path: &Path) -> Result<(), ArchiveError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(ArchiveError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(e)) => Err(ArchiveError::io(path, e)),
    }
}

/// Gives a finished file its final name, after its index.
pub(crate) fn give_final_name(dir: &Path, path: &Path, name: &str, index: Vec<CdxjLine>) -> Result<(), ArchiveError> {
    write_index(dir, name, index)?;
    let finished = dir.join(name);
    fs::rename(path, &finished).map_err(|e| ArchiveError::io(finished, e))?;
    sync_dir(dir)
}

/// A new name is on disk only once its folder is.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), ArchiveError> {
    if cfg!(unix) { File::open(dir).and_then(|d| d.sync_all()).map_err(|e| ArchiveError::io(dir, e)) } else { Ok(()) }
}

/// A file under construction.
pub(crate) struct OpenFile {
    file: File,
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    /// Byte behind the last whole capture.
    pub(crate) position: u64,
    /// Bytes behind `position` of a capture that is not whole yet.
    pub(crate) begun: u64,
    records: u64,
    pub(crate) warcinfo_id: String,
    /// One line for each capture.
    pub(crate) index: Vec<CdxjLine>,
}

impl OpenFile {
    /// A new file in `dir` with the first free number from `serial` on, which is advanced.
    pub(crate) fn create(dir: &Path, serial: &mut u32, now: Timestamp) -> Result<Self, ArchiveError> {
        let stamp = now.strftime("%Y%m%d%H%M%S").to_string();
        loop {
            let name = format!("rouei-{stamp}-{serial:05}.warc.gz");
            *serial += 1;
            let finished = dir.join(&name);
            let path = under_construction(&finished);
            let file = match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists && *serial < 100_000 => continue,
                Err(e) => return Err(ArchiveError::io(path, e)),
                Ok(file) => file,
            };
            lock(&file, &path)?;
            // A recovery in another process may have found the file before it was locked, empty, and removed it.
            if !path.exists() {
                continue;
            }
            // Asked for only now: another writer may have finished its file of this name a moment ago.
            if finished.exists() {
                fs::remove_file(&path).map_err(|e| ArchiveError::io(path, e))?;
                continue;
            }
            sync_dir(dir)?;
            let (warcinfo_id, index) = (String::new(), Vec::new());
            let mut open = Self { file, path, name, position: 0, begun: 0, records: 0, warcinfo_id, index };
            open.warcinfo_id = open.record_id("warcinfo", &open.name, now);
            return Ok(open);
        }
    }

    /// The beginning of a large capture, which [`OpenFile::append`] completes or [`OpenFile::take_back`] undoes. Takes
    /// the bytes out of `piece`.
    pub(crate) fn append_piece(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        self.file.write_all(piece)?;
        self.begun += piece.len() as u64;
        piece.clear();
        Ok(())
    }

    /// One write for all records of a capture, or for the rest of them. If it fails, the file is cut back to where it
    /// stood.
    pub(crate) fn append(&mut self, members: &[u8]) -> Result<(), WriteError> {
        match self.file.write_all(members) {
            Ok(()) => {
                self.position += self.begun + members.len() as u64;
                self.begun = 0;
                self.records += 1;
                Ok(())
            }
            Err(source) => Err(self.take_back(source)),
        }
    }

    /// Cuts the file back to the last whole capture, because of `source`.
    pub(crate) fn take_back(&mut self, source: io::Error) -> WriteError {
        self.begun = 0;
        let back = self.file.set_len(self.position).and_then(|()| self.file.seek(SeekFrom::Start(self.position)));
        WriteError { source, sound: back.is_ok() }
    }

    pub(crate) fn sync(&self) -> Result<(), ArchiveError> {
        self.file.sync_data().map_err(|e| ArchiveError::io(&self.path, e))
    }

    pub(crate) fn finish(self, dir: &Path) -> Result<(), ArchiveError> {
        give_final_name(dir, &self.path, &self.name, self.index)
    }

    /// A UUID of version 8 (RFC 9562, 5.8) out of what makes the record unique: its file, its place there, its type,
    /// address and time. No source of randomness, so a test can tell what it will be.
    pub(crate) fn record_id(&self, kind: &str, url: &str, date: Timestamp) -> String {
        uuid(&[&self.name, kind, url, &date.to_string(), &self.records.to_string()])
    }
}

pub(crate) struct WriteError {
    pub(crate) source: io::Error,
    /// Whether the file stands as it did before.
    pub(crate) sound: bool,
}
