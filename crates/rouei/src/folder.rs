//! Where rouei keeps what it has: one folder.

use std::path::{Path, PathBuf};

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

    /// Reports.
    pub fn reports(&self) -> PathBuf {
        self.0.join("reports")
    }
}
