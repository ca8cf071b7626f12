use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rouei_model::{Capture, CaptureKind};
use url::Url;

use crate::{
    ArchiveError, CdxjLine, RecordType,
    digest::payload_digest,
    encode::RecordEncoder,
    open_file::{OpenFile, WriteError},
};

/// Who writes the archive; goes into the `warcinfo` record of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Software {
    /// Name and version: `rouei/0.1.0`.
    pub software: String,
    /// Further `warcinfo` fields (ISO 28500, 6.2), such as `operator`, `robots`, `http-header-user-agent`.
    pub fields: Vec<(String, String)>,
}

impl Software {
    /// A software without further fields.
    #[must_use]
    pub fn new(software: impl Into<String>) -> Self {
        Self { software: software.into(), fields: Vec::new() }
    }
}

/// How files are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// A file that would grow past this many bytes gives way to the next; a single capture may still exceed it.
    pub max_file_bytes: u64,
    /// Deflate level, 0 to 9.
    pub level: u32,
}

impl Default for WriterOptions {
    /// 1 GB (ISO 28500, Annex C), level 1: on pages a fifth of the time of level 6, for files a fifth to a third larger.
    fn default() -> Self {
        Self { max_file_bytes: 1_000_000_000, level: 1 }
    }
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordLocation {
    /// Name of the file in the archive's folder, as it will be once finished.
    pub file: String,
    /// Byte where the gzip member begins.
    pub offset: u64,
    /// Bytes of the gzip member.
    pub length: u64,
    /// `WARC-Record-ID` without angle brackets.
    pub record_id: String,
    /// `response` or `revisit`.
    pub record_type: RecordType,
    /// [`payload_digest`] of the body; of a revisit, the digest of the original.
    pub payload_digest: String,
}

/// Writes captures into new files of a folder. One writer per process and folder; threads take turns.
pub struct ArchiveWriter {
    dir: PathBuf,
    software: Software,
    options: WriterOptions,
    encoder: RecordEncoder,
    serial: u32,
    current: Option<OpenFile>,
    /// Full files; with whether they were on disk at the last commit.
    full: Vec<(OpenFile, bool)>,
    /// A file that could not be put back to where it stood after a failed write.
    broken: Option<PathBuf>,
}

impl ArchiveWriter {
    /// A writer into `dir`, which is made if it does not exist. No file is made before the first capture.
    ///
    /// Does not look at what earlier runs left: call [`crate::recover`] first.
    ///
    /// # Errors
    /// [`ArchiveError::Io`] if the folder cannot be made.
    pub fn create(dir: &Path, software: &Software) -> Result<Self, ArchiveError> {
        Self::with_options(dir, software, WriterOptions::default())
    }

    /// As [`ArchiveWriter::create`], with other bounds.
    ///
    /// # Errors
    /// As [`ArchiveWriter::create`].
    pub fn with_options(dir: &Path, software: &Software, options: WriterOptions) -> Result<Self, ArchiveError> {
        fs::create_dir_all(dir).map_err(|e| ArchiveError::io(dir, e))?;
        Ok(Self {
            dir: dir.to_owned(),
            software: software.clone(),
            options,
            encoder: RecordEncoder::new(options.level),
            serial: 0,
            current: None,
            full: Vec::new(),
            broken: None,
        })
    }

    /// Appends a capture: a `request` record, then a `response` or `revisit` record, which completes it.
    ///
    /// The records are with the operating system when this returns, and on disk after [`ArchiveWriter::commit`].
    ///
    /// # Errors
    /// [`ArchiveError::BadCapture`] for an address that is none; [`ArchiveError::Io`], after which the file stands as
    /// it did before the call.
    pub fn append(&mut self, capture: &Capture) -> Result<RecordLocation, ArchiveError> {
        self.append_with_context(capture, &BTreeMap::new())
    }

    /// As [`ArchiveWriter::append`], with what the crawler knows of the capture and the exchange does not show (what it
    /// was fetched for, where the link stood): a recovered capture has it again.
    ///
    /// # Errors
    /// As [`ArchiveWriter::append`].
    pub fn append_with_context(
        &mut self,
        capture: &Capture,
        context: &BTreeMap<String, String>,
    ) -> Result<RecordLocation, ArchiveError> {
        let url = Url::parse(&capture.url)
            .map_err(|e| ArchiveError::BadCapture { url: capture.url.clone(), reason: e.to_string() })?;
        let digest = match &capture.kind {
            CaptureKind::Response => payload_digest(&capture.body),
            CaptureKind::NotModified(original) | CaptureKind::SamePayload(original) => original.payload_digest.clone(),
        };
        self.ready()?;
        let mut file = match self.current.take() {
            Some(file) => file,
            None => self.new_file()?,
        };
        let mut encoded = self.encoder.capture(capture, context, &url, &digest, &mut file);
        let length = file.position + file.begun + self.encoder.members.len() as u64;
        if encoded.is_ok() && length > self.options.max_file_bytes && !file.index.is_empty() {
            if file.begun > 0 {
                let full = file.take_back(std::io::ErrorKind::FileTooLarge.into());
                if !full.sound {
                    return Err(self.failed(file, full));
                }
            }
            self.full.push((file, false));
            file = self.new_file()?;
            // The records name the file's warcinfo record.
            encoded = self.encoder.capture(capture, context, &url, &digest, &mut file);
        }
        let (request, response) = match encoded {
            Ok(encoded) => encoded,
            Err(source) => {
                let failed = file.take_back(source);
                return Err(self.failed(file, failed));
            }
        };
        let location = RecordLocation {
            file: file.name.clone(),
            offset: file.position + request.length,
            length: response.length,
            record_id: response.id,
            record_type: response.kind,
            payload_digest: digest,
        };
        let written = file.append(&self.encoder.members);
        if written.is_ok() {
            file.index.push(CdxjLine::of_capture(capture, &location));
        }
        self.put_back(file, written)?;
        Ok(location)
    }

    /// Appends a `metadata` record about `record_id`, in the fields of `application/warc-fields`.
    ///
    /// Meant for what is no capture of its own; a killed run may lose it.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn append_metadata(
        &mut self,
        url: &str,
        record_id: &str,
        date: Timestamp,
        fields: &[(String, String)],
    ) -> Result<(), ArchiveError> {
        self.ready()?;
        let mut file = match self.current.take() {
            Some(file) => file,
            None => self.new_file()?,
        };
        let encoded = self.encoder.metadata(url, record_id, date, fields, &mut file);
        let written = match encoded {
            Ok(()) => file.append(&self.encoder.members),
            Err(source) => Err(file.take_back(source)),
        };
        self.put_back(file, written)
    }

    /// Forces everything appended so far to disk. After this, and not before, record the locations; before the next
    /// commit they have to be recorded, for full files of the commit before then lose their suffix `.open`.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; then nothing of what was appended since the last commit may be recorded.
    pub fn commit(&mut self) -> Result<(), ArchiveError> {
        self.ready()?;
        for (file, committed) in std::mem::take(&mut self.full) {
            let path = file.path.clone();
            let done =
                if committed { file.finish(&self.dir) } else { file.sync().map(|()| self.full.push((file, true))) };
            self.unless_broken(done, path)?;
        }
        match &self.current {
            Some(file) => {
                let (done, path) = (file.sync(), file.path.clone());
                self.unless_broken(done, path)
            }
            None => Ok(()),
        }
    }

    /// Ends the writing: all files get their final names and their index. Call it when every location is recorded;
    /// a writer that is dropped instead leaves its last file to [`crate::recover`].
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        self.ready()?;
        let full = std::mem::take(&mut self.full).into_iter().map(|(file, _)| file);
        for file in full.chain(self.current.take()) {
            file.sync()?;
            file.finish(&self.dir)?;
        }
        Ok(())
    }

    fn new_file(&mut self) -> Result<OpenFile, ArchiveError> {
        let now = Timestamp::now();
        let mut file = OpenFile::create(&self.dir, &mut self.serial, now)?;
        let io = |path: &Path, e| ArchiveError::io(path, e);
        self.encoder.warcinfo(&self.software, &mut file, now).map_err(|e| io(&file.path, e))?;
        file.append(&self.encoder.members).map_err(|e| io(&file.path, e.source))?;
        Ok(file)
    }

    /// Goes on with a file after a write, unless the write failed and could not be taken back.
    fn put_back(&mut self, file: OpenFile, written: Result<(), WriteError>) -> Result<(), ArchiveError> {
        match written {
            Ok(()) => {
                self.current = Some(file);
                Ok(())
            }
            Err(failed) => Err(self.failed(file, failed)),
        }
    }

    /// Keeps a file in hand after a write that failed.
    fn failed(&mut self, file: OpenFile, failed: WriteError) -> ArchiveError {
        if !failed.sound {
            self.broken = Some(file.path.clone());
        }
        let error = ArchiveError::io(&file.path, failed.source);
        self.current = Some(file);
        error
    }

    /// After an fsync that failed, a second one may succeed without having written anything: the file is given up.
    fn unless_broken(&mut self, done: Result<(), ArchiveError>, path: PathBuf) -> Result<(), ArchiveError> {
        if done.is_err() {
            self.broken = Some(path);
        }
        done
    }

    /// After a write that failed and could not be taken back, nothing may be called committed.
    fn ready(&self) -> Result<(), ArchiveError> {
        match &self.broken {
            Some(path) => Err(ArchiveError::Broken { path: path.clone() }),
            None => Ok(()),
        }
    }
}
