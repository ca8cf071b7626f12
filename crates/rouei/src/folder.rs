//! Where rouei keeps what it has: one folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;

/// Keeps other runs out of a folder while it lives; the operating system lifts it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// The folder of `--data`: `archive/*.warc.gz`, `rouei.sqlite`, `reports/`.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder at `path`; nothing is created.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// WARC files and their indexes.
    pub fn archive(&self) -> PathBuf {
        self.0.join("archive")
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.0.join("rouei.sqlite")
    }

    /// Takes the folder for a run that writes.
    ///
    /// # Errors
    /// Where another run has it, which is named; where the folder cannot be written.
    pub fn lock(&self, command: &str) -> anyhow::Result<RunLock> {
        let path = self.0.join("rouei.lock");
        let place = || format!("cannot write {}", path.display());
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path).with_context(place)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                let holder = holder.lines().next().filter(|line| !line.is_empty()).unwrap_or("its name is not known");
                anyhow::bail!("another run is at work in {} ({holder}); wait until it ends", self.0.display());
            }
            Err(TryLockError::Error(e)) => return Err(e).with_context(|| format!("cannot lock {}", path.display())),
        }
        // Who it is helps the next one and is not needed: a full disk is found where it matters.
        let told = format!("rouei {command}, process {}, since {:.0}\n", std::process::id(), Timestamp::now());
        let _ = file.set_len(0).and_then(|()| (&file).write_all(told.as_bytes()));
        Ok(RunLock { _file: file })
    }

    /// Reports.
    pub fn reports(&self) -> PathBuf {
        self.0.join("reports")
    }
}
