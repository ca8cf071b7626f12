use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use zip::{CompressionMethod, ZipArchive, result::ZipError};

use crate::{ArchiveError, ArchiveReader, BadRecord, Limits};

/// The WARC files inside a WACZ file (Web Archive Collection Zipped 1.1.1, 5.2.1), in the order of the zip directory,
/// each to be read where it stands. WACZ has them stored and not compressed again; one that is compressed is handed out
/// as a [`BadRecord`].
///
/// # Errors
/// [`ArchiveError::Io`]; [`ArchiveError::NotWarc`] if the file is no zip, or holds no `archive/*.warc[.gz]`.
pub fn open_wacz(path: &Path) -> Result<Vec<Result<ArchiveReader<Section>, BadRecord>>, ArchiveError> {
    let file = path.display().to_string();
    let not_warc = |reason: String| ArchiveError::NotWarc { file: file.clone(), reason };
    let of_zip = |error| match error {
        ZipError::Io(e) => ArchiveError::io(path, e),
        other => not_warc(format!("no WACZ: {other}")),
    };
    let open = || -> Result<ZipArchive<File>, ArchiveError> {
        ZipArchive::new(File::open(path).map_err(|e| ArchiveError::io(path, e))?).map_err(of_zip)
    };
    let mut readers = Vec::new();
    for i in 0..open()?.len() {
        let mut archive = open()?;
        let entry = archive.by_index_data(i).map_err(of_zip)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if !(name.starts_with("archive/") && (name.ends_with(".warc.gz") || name.ends_with(".warc"))) {
            continue;
        }
        let inner = format!("{file}!{name}");
        let (length, stored) = (entry.size(), entry.compression() == CompressionMethod::Stored && !entry.encrypted());
        if !stored {
            let reason = "compressed or encrypted inside the WACZ file; unzip it and give the WARC file".to_owned();
            readers.push(Err(BadRecord { file: inner, offset: 0, reason }));
            continue;
        }
        // The library stands at the first byte of an entry once it was asked for.
        drop(archive.by_index_seek(i).map_err(of_zip)?);
        let mut whole = archive.into_inner();
        let start = whole.stream_position().map_err(|e| ArchiveError::io(path, e))?;
        let section = Section { file: whole, start, length, position: 0 };
        readers.push(ArchiveReader::from_reader(&inner, section, Limits::default()).map_err(|error| BadRecord {
            file: inner,
            offset: 0,
            reason: error.to_string(),
        }));
    }
    if readers.is_empty() {
        return Err(not_warc("a zip file without archive/*.warc.gz, so no WACZ".to_owned()));
    }
    Ok(readers)
}

/// A stretch of a file that reads like a file of its own.
#[derive(Debug)]
pub struct Section {
    file: File,
    start: u64,
    length: u64,
    position: u64,
}

impl Read for Section {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.position);
        let bound = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.file.read(&mut into[..bound])?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the stretch or beyond any file");
        let position = position.ok_or_else(outside)?;
        self.file.seek(SeekFrom::Start(self.start.checked_add(position).ok_or_else(outside)?))?;
        self.position = position;
        Ok(position)
    }
}
