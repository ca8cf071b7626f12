use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rouei_model::{Capture, CaptureKind, Header, Truncation};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    ArchiveError, CdxjLine, RecordType, WarcHeader,
    cdxj::write_index,
    digest::{hex, payload_digest},
    gzip::MemberEncoder,
    header::{CONTEXT, METHOD, SOURCE},
    http::reason,
};

const PROFILE: &str = "http://netpreserve.org/warc/1.1/revisit/";

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
    /// 1 GB (ISO 28500, Annex C), level 6.
    fn default() -> Self {
        Self { max_file_bytes: 1_000_000_000, level: 6 }
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
    encoder: MemberEncoder,
    serial: u32,
    current: Option<OpenFile>,
    /// Full files; with whether they were on disk at the last commit.
    full: Vec<(OpenFile, bool)>,
    members: Vec<u8>,
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
            encoder: MemberEncoder::new(options.level),
            serial: 0,
            current: None,
            full: Vec::new(),
            members: Vec::new(),
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
        let mut file = self.file_in_use()?;
        let (mut request, mut response) = self.encode(capture, context, &url, &digest, &file)?;
        if file.position + self.members.len() as u64 > self.options.max_file_bytes && file.captures > 0 {
            self.full.push((file, false));
            file = self.new_file()?;
            // The records name the file's warcinfo record.
            (request, response) = self.encode(capture, context, &url, &digest, &file)?;
        }
        let offset = file.position + request.length;
        let written = file.append(&self.members);
        let location = RecordLocation {
            file: file.name.clone(),
            offset,
            length: response.length,
            record_id: response.id.clone(),
            record_type: response.kind.clone(),
            payload_digest: digest,
        };
        if written.is_ok() {
            file.captures += 1;
            file.index.push(CdxjLine::of_capture(capture, &location));
        }
        // A file that could not be put back to where it stood is left for `recover`.
        let path = file.path.clone();
        if !matches!(written, Err(WriteError { sound: false, .. })) {
            self.current = Some(file);
        }
        written.map_err(|e| ArchiveError::io(path, e.source))?;
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
        let mut file = self.file_in_use()?;
        let mut header = WarcHeader::new(&RecordType::Metadata);
        header.push("WARC-Record-ID", &bracket(&file.record_id("metadata", url, date)));
        header.push("WARC-Date", &date.to_string());
        header.push("WARC-Target-URI", url);
        header.push("WARC-Refers-To", &bracket(record_id));
        header.push("WARC-Warcinfo-ID", &bracket(&file.warcinfo_id));
        self.members.clear();
        let block = warc_fields(fields);
        encode(&mut self.encoder, header, "application/warc-fields", &block, None, &mut self.members)
            .map_err(|e| ArchiveError::io(&file.path, e))?;
        let written = file.append(&self.members);
        let path = file.path.clone();
        if !matches!(written, Err(WriteError { sound: false, .. })) {
            self.current = Some(file);
        }
        written.map_err(|e| ArchiveError::io(path, e.source))
    }

    /// Forces everything appended so far to disk. After this, and not before, record the locations; before the next
    /// commit they have to be recorded, for full files of the commit before then lose their suffix `.open`.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; then nothing of what was appended since the last commit may be recorded.
    pub fn commit(&mut self) -> Result<(), ArchiveError> {
        for (file, committed) in std::mem::take(&mut self.full) {
            if committed {
                file.finish(&self.dir)?;
            } else {
                file.sync()?;
                self.full.push((file, true));
            }
        }
        match &self.current {
            Some(file) => file.sync(),
            None => Ok(()),
        }
    }

    /// Ends the writing: all files get their final names and their index. Call it when every location is recorded;
    /// a writer that is dropped instead leaves its last file to [`crate::recover`].
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        let full = std::mem::take(&mut self.full).into_iter().map(|(file, _)| file);
        for file in full.chain(self.current.take()) {
            file.sync()?;
            file.finish(&self.dir)?;
        }
        Ok(())
    }

    /// Takes the current file out of the writer; whoever takes it puts it back when it is sound.
    fn file_in_use(&mut self) -> Result<OpenFile, ArchiveError> {
        match self.current.take() {
            Some(file) => Ok(file),
            None => self.new_file(),
        }
    }

    fn new_file(&mut self) -> Result<OpenFile, ArchiveError> {
        let now = Timestamp::now();
        let stamp = now.strftime("%Y%m%d%H%M%S").to_string();
        loop {
            let name = format!("rouei-{stamp}-{:05}.warc.gz", self.serial);
            self.serial += 1;
            let finished = self.dir.join(&name);
            let path = under_construction(&finished);
            if finished.exists() {
                continue;
            }
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists && self.serial < 100_000 => {}
                Err(e) => return Err(ArchiveError::io(path, e)),
                Ok(file) => return self.begin(file, path, name, now),
            }
        }
    }

    fn begin(&mut self, file: File, path: PathBuf, name: String, now: Timestamp) -> Result<OpenFile, ArchiveError> {
        lock(&file, &path)?;
        let mut open = OpenFile {
            file,
            path,
            name,
            position: 0,
            records: 0,
            captures: 0,
            warcinfo_id: String::new(),
            index: vec![],
        };
        open.warcinfo_id = open.record_id("warcinfo", &open.name.clone(), now);
        let mut header = WarcHeader::new(&RecordType::Warcinfo);
        header.push("WARC-Record-ID", &bracket(&open.warcinfo_id));
        header.push("WARC-Date", &now.to_string());
        header.push("WARC-Filename", &open.name);
        let mut fields = vec![
            ("software".to_owned(), self.software.software.clone()),
            ("format".to_owned(), "WARC File Format 1.1".to_owned()),
            (
                "conformsTo".to_owned(),
                "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/".to_owned(),
            ),
        ];
        fields.extend(self.software.fields.iter().cloned());
        self.members.clear();
        encode(&mut self.encoder, header, "application/warc-fields", &warc_fields(&fields), None, &mut self.members)
            .map_err(|e| ArchiveError::io(&open.path, e))?;
        open.append(&self.members).map_err(|e| ArchiveError::io(&open.path, e.source))?;
        sync_dir(&self.dir)?;
        Ok(open)
    }

    /// Writes the records of a capture into `self.members`.
    fn encode(
        &mut self,
        capture: &Capture,
        context: &BTreeMap<String, String>,
        url: &Url,
        digest: &str,
        file: &OpenFile,
    ) -> Result<(Encoded, Encoded), ArchiveError> {
        let kind = match capture.kind {
            CaptureKind::Response => RecordType::Response,
            CaptureKind::NotModified(_) | CaptureKind::SamePayload(_) => RecordType::Revisit,
        };
        let request_id = file.record_id("request", &capture.url, capture.captured);
        let response_id = file.record_id(kind.code(), &capture.url, capture.captured);
        let common = |kind: &RecordType, id: &str, other: &str| {
            let mut header = WarcHeader::new(kind);
            header.push("WARC-Record-ID", &bracket(id));
            header.push("WARC-Date", &capture.captured.to_string());
            // As asked for, so that a recovered capture has the same address; a URI holds no blanks and no letters
            // outside ASCII (RFC 3986).
            let as_given = capture.url.bytes().all(|b| b.is_ascii_graphic());
            header.push("WARC-Target-URI", if as_given { &capture.url } else { url.as_str() });
            header.push_some("WARC-IP-Address", capture.remote_ip.as_deref());
            header.push("WARC-Protocol", &protocol(&capture.protocol));
            header.push("WARC-Concurrent-To", &bracket(other));
            header.push("WARC-Warcinfo-ID", &bracket(&file.warcinfo_id));
            header.push(SOURCE, &capture.source);
            if capture.method != "GET" {
                header.push(METHOD, &capture.method);
            }
            header
        };
        let io = |e| ArchiveError::io(&file.path, e);
        self.members.clear();

        let request = common(&RecordType::Request, &request_id, &response_id);
        let block = request_block(capture, url);
        let empty = payload_digest(b"");
        let content_type = "application/http; msgtype=request";
        encode(&mut self.encoder, request, content_type, &block, Some(&empty), &mut self.members).map_err(io)?;
        let request = Encoded { kind: RecordType::Request, id: request_id, length: self.members.len() as u64 };

        let mut header = common(&kind, &response_id, &request.id);
        if !context.is_empty() {
            let json = serde_json::to_string(context).map_err(|e| io(e.into()))?;
            header.push(CONTEXT, &json);
        }
        let (profile, original) = match &capture.kind {
            CaptureKind::Response => ("", None),
            CaptureKind::NotModified(original) => ("server-not-modified", Some(original)),
            CaptureKind::SamePayload(original) => ("identical-payload-digest", Some(original)),
        };
        if let Some(original) = original {
            header.push("WARC-Profile", &format!("{PROFILE}{profile}"));
            header.push("WARC-Refers-To-Target-URI", &original.url);
            header.push("WARC-Refers-To-Date", &original.captured.to_string());
        }
        header.push_some("WARC-Truncated", capture.truncated.map(truncation));
        let mut block = response_head(capture);
        if kind == RecordType::Response {
            block.extend_from_slice(&capture.body);
        }
        let content_type = "application/http; msgtype=response";
        encode(&mut self.encoder, header, content_type, &block, Some(digest), &mut self.members).map_err(io)?;
        let length = self.members.len() as u64 - request.length;
        Ok((request, Encoded { kind, id: response_id, length }))
    }
}

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

struct OpenFile {
    file: File,
    path: PathBuf,
    name: String,
    position: u64,
    records: u64,
    captures: u64,
    warcinfo_id: String,
    index: Vec<CdxjLine>,
}

impl OpenFile {
    /// One write for all records of a capture. If it fails, the file is cut back to where it stood.
    fn append(&mut self, members: &[u8]) -> Result<(), WriteError> {
        match self.file.write_all(members) {
            Ok(()) => {
                self.position += members.len() as u64;
                self.records += 1;
                Ok(())
            }
            Err(source) => {
                let back =
                    self.file.set_len(self.position).and_then(|()| self.file.seek(SeekFrom::Start(self.position)));
                Err(WriteError { source, sound: back.is_ok() })
            }
        }
    }

    fn sync(&self) -> Result<(), ArchiveError> {
        self.file.sync_data().map_err(|e| ArchiveError::io(&self.path, e))
    }

    fn finish(self, dir: &Path) -> Result<(), ArchiveError> {
        give_final_name(dir, &self.path, &self.name, self.index)
    }

    /// A UUID of version 8 (RFC 9562, 5.8) out of what makes the record unique: its file, its place there, its type,
    /// address and time. No source of randomness, so a test can tell what it will be.
    fn record_id(&self, kind: &str, url: &str, date: Timestamp) -> String {
        let mut hash = Sha256::new();
        for part in [&self.name, kind, url, &date.to_string(), &self.records.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = hex(&bytes);
        format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

struct WriteError {
    source: io::Error,
    /// Whether the file stands as it did before.
    sound: bool,
}

struct Encoded {
    kind: RecordType,
    id: String,
    length: u64,
}

fn encode(
    encoder: &mut MemberEncoder,
    mut header: WarcHeader,
    content_type: &str,
    block: &[u8],
    payload: Option<&str>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    header.push("WARC-Block-Digest", &payload_digest(block));
    header.push_some("WARC-Payload-Digest", payload);
    header.push("Content-Type", content_type);
    header.push("Content-Length", &block.len().to_string());
    encoder.append(&[&header.to_bytes(), block, b"\r\n\r\n"], out).map_err(io::Error::other)
}

fn request_block(capture: &Capture, url: &Url) -> Vec<u8> {
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut block = format!("{} {}{query} HTTP/1.1\r\n", capture.method, url.path()).into_bytes();
    // HTTP/2 says it in :authority.
    if !capture.request_headers.iter().any(|h| h.name.eq_ignore_ascii_case("host")) {
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        block.extend_from_slice(format!("Host: {}{port}\r\n", url.host_str().unwrap_or("")).as_bytes());
    }
    push_fields(&capture.request_headers, &mut block);
    block
}

fn response_head(capture: &Capture) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", capture.status, reason(capture.status)).into_bytes();
    push_fields(&capture.response_headers, &mut head);
    head
}

/// Fields and the empty line. `Transfer-Encoding` is dropped, for the body is not chunked any more.
fn push_fields(headers: &[Header], out: &mut Vec<u8>) {
    let clean = |byte: &u8| if matches!(byte, b'\r' | b'\n' | 0) { b' ' } else { *byte };
    for header in headers.iter().filter(|h| !h.name.eq_ignore_ascii_case("transfer-encoding")) {
        out.extend(header.name.as_bytes().iter().map(clean));
        out.extend_from_slice(b": ");
        out.extend(header.value.iter().map(clean));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

fn warc_fields(fields: &[(String, String)]) -> Vec<u8> {
    let clean = |text: &str| text.replace(['\r', '\n'], " ");
    fields.iter().map(|(name, value)| format!("{}: {}\r\n", clean(name), clean(value))).collect::<String>().into_bytes()
}

/// The identifiers of the IIPC proposal for `WARC-Protocol`, those of TLS ALPN.
fn protocol(spoken: &str) -> String {
    match spoken {
        "HTTP/2" | "HTTP/2.0" => "h2".into(),
        other => other.to_ascii_lowercase(),
    }
}

fn truncation(truncation: Truncation) -> &'static str {
    match truncation {
        Truncation::Length => "length",
        Truncation::Time => "time",
        Truncation::Disconnect => "disconnect",
        Truncation::Unspecified => "unspecified",
    }
}

fn bracket(id: &str) -> String {
    format!("<{id}>")
}
