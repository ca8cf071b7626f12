//! Why a record is not read.

use std::io::{self, ErrorKind};

/// Where a record begins.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) offset_in_member: u64,
}

/// Why a record was not read, and what to do about it.
pub(super) enum Failure {
    /// Behind it stands the next record.
    Skipped(Place, String),
    /// The record is not as the standard says; with the position behind its head.
    Malformed(Place, String, (u64, u64)),
    /// The gzip member is damaged.
    Corrupt(Place, String),
    /// The gzip member is damaged, its place not yet known.
    Gzip(io::Error),
    /// The file cannot be read.
    Io(io::Error),
}

impl Failure {
    pub(super) fn into_io(self) -> io::Error {
        match self {
            Self::Gzip(e) | Self::Io(e) => e,
            other => io::Error::other(other.reason()),
        }
    }

    pub(super) fn reason(self) -> String {
        match self {
            Self::Skipped(_, reason) | Self::Malformed(_, reason, _) | Self::Corrupt(_, reason) => reason,
            Self::Gzip(e) | Self::Io(e) => e.to_string(),
        }
    }
}

pub(super) fn failure(e: io::Error) -> Failure {
    if is_gzip_error(&e) { Failure::Gzip(e) } else { Failure::Io(e) }
}

/// What flate2 says of damaged data, as opposed to what a disk says.
pub(super) fn is_gzip_error(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof)
}
