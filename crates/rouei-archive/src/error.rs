use std::{io, path::PathBuf};

/// Why an archive could not be written or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The operating system refused.
    #[error("{path}: {source}", path = .path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file is neither WARC nor gzip.
    #[error("{file}: not a WARC file: {reason}")]
    NotWarc {
        /// File as given.
        file: String,
        /// What was found instead.
        reason: String,
    },
    /// The record that was asked for cannot be read.
    #[error(transparent)]
    BadRecord(#[from] BadRecord),
    /// Another process writes to the archive file.
    #[error("{path}: another run is writing to this file", path = .path.display())]
    InUse {
        /// The locked file.
        path: PathBuf,
    },
    /// A write failed and could not be taken back; the file is left to [`crate::recover`].
    #[error("{path}: an earlier write failed; the next run will put the file in order", path = .path.display())]
    Broken {
        /// The file under construction.
        path: PathBuf,
    },
    /// A capture that cannot stand in a WARC file.
    #[error("capture of {url}: {reason}")]
    BadCapture {
        /// Address of the capture.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The caller of [`crate::recover`] could not take a capture.
    #[error("{file} at {offset}: {source}")]
    NotTaken {
        /// Archive file.
        file: String,
        /// Offset of the record.
        offset: u64,
        /// What the caller said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl ArchiveError {
    pub(crate) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }
}

/// A part of a file that was skipped, and why. Reading goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} at {offset}: {reason}")]
pub struct BadRecord {
    /// File as given.
    pub file: String,
    /// Where the skipped part begins: byte of the file, for a gzip file the start of the member.
    pub offset: u64,
    /// What is wrong with it.
    pub reason: String,
}
