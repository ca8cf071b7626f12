use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{
    ArchiveError, ArchiveReader, BadRecord, CdxjLine, Record, RecordType, Selection, Software, WarcHeader, Withdrawals,
    cdxj::write_index,
    digest::{payload_digest, uuid},
    gzip::MemberEncoder,
    open_file::under_construction,
    plan::{Places, Plan},
};

/// What [`export`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Captures that the selection took.
    pub captures: u64,
    /// Captures outside of it that came along, because a revisit in it refers to them.
    pub originals: u64,
    /// Records written, those about captures and about files among them.
    pub records: u64,
    /// Captures that the selection would have taken and that are withdrawn.
    pub withheld: u64,
    /// Revisits whose original is not in the archive, or is withdrawn; they were written all the same.
    pub orphans: Vec<BadRecord>,
    /// What could not be read, and is therefore missing.
    pub skipped: Vec<BadRecord>,
}

/// Writes the captures that a selection takes, out of `files` in their order, as one WARC/1.1 file with one gzip member
/// per record, and returns its index, unsorted.
///
/// Each capture brings its request and its metadata, each revisit its original, and each run of records the `warcinfo`
/// that describes them; in front stands one of this export. A record that has a gzip member to itself is copied byte
/// for byte. Nothing of `files` is changed.
///
/// # Errors
/// [`ArchiveError::Io`] if `out` cannot be written, or a file not be read any more. What is broken stands in the report.
pub fn export(
    files: &[PathBuf],
    selection: &Selection,
    withdrawals: &Withdrawals,
    software: &Software,
    name: &str,
    out: &mut dyn Write,
) -> Result<(ExportReport, Vec<CdxjLine>), ArchiveError> {
    let plan = Plan::make(files, selection, withdrawals)?;
    let mut exporter =
        Exporter { out, name, position: 0, encoder: MemberEncoder::new(6), index: Vec::new(), report: plan.report };
    exporter.own_warcinfo(software)?;
    for (path, places) in &plan.files {
        exporter.copy(path, places)?;
    }
    exporter.out.flush().map_err(|e| ArchiveError::io(name, e))?;
    Ok((exporter.report, exporter.index))
}

/// As [`export`], into a new file, with its CDXJ index beside it; both appear when they are whole.
///
/// # Errors
/// As [`export`]; [`ArchiveError::Io`] with `AlreadyExists` if the file is there, which is never overwritten.
pub fn export_to_file(
    files: &[PathBuf],
    selection: &Selection,
    withdrawals: &Withdrawals,
    software: &Software,
    to: &Path,
) -> Result<ExportReport, ArchiveError> {
    let io = |e| ArchiveError::io(to, e);
    if to.exists() {
        return Err(io(io::Error::new(ErrorKind::AlreadyExists, "exists, and is not overwritten")));
    }
    let dir = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = to.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let open = under_construction(to);
    let file = OpenOptions::new().write(true).create_new(true).open(&open).map_err(|e| ArchiveError::io(&open, e))?;
    let mut out = BufWriter::new(file);
    let written = export(files, selection, withdrawals, software, &name, &mut out)
        .and_then(|done| out.get_ref().sync_data().map(|()| done).map_err(|e| ArchiveError::io(&open, e)))
        .and_then(|(report, index)| {
            write_index(dir, &name, index)?;
            fs::rename(&open, to).map_err(io)?;
            Ok(report)
        });
    if written.is_err() {
        // Half an export is worth nothing; what is wrong is said by the error that is returned.
        let _ = fs::remove_file(&open);
    }
    written
}

struct Exporter<'a> {
    out: &'a mut dyn Write,
    name: &'a str,
    position: u64,
    encoder: MemberEncoder,
    index: Vec<CdxjLine>,
    report: ExportReport,
}

impl Exporter<'_> {
    fn own_warcinfo(&mut self, software: &Software) -> Result<(), ArchiveError> {
        let now = Timestamp::now();
        let mut block = format!("software: {}\r\nformat: WARC File Format 1.1\r\n", software.software);
        for (name, value) in &software.fields {
            block.push_str(&format!("{name}: {}\r\n", value.replace(['\r', '\n'], " ")));
        }
        let mut header = WarcHeader::new(&RecordType::Warcinfo);
        header.push("WARC-Record-ID", &format!("<{}>", uuid(&[self.name, &now.to_string(), &block])));
        header.push("WARC-Date", &now.to_string());
        header.push("WARC-Filename", self.name);
        header.push("WARC-Block-Digest", &payload_digest(block.as_bytes()));
        header.push("Content-Type", "application/warc-fields");
        header.push("Content-Length", &block.len().to_string());
        self.write_encoded(&header, block.as_bytes()).map(drop)
    }

    fn copy(&mut self, path: &Path, places: &Places) -> Result<(), ArchiveError> {
        let io = |e| ArchiveError::io(path, e);
        let mut file = File::open(path).map_err(io)?;
        let mut shared = false;
        for ((offset, _), place) in places {
            let Some(length) = place.length.filter(|_| place.own_member) else {
                shared = true;
                continue;
            };
            let mut member = Vec::with_capacity(length.min(1 << 24) as usize);
            file.seek(SeekFrom::Start(*offset)).map_err(io)?;
            (&mut file).take(length).read_to_end(&mut member).map_err(io)?;
            let at = self.position;
            self.write(&member)?;
            self.add_to_index(place.line.clone(), at, length);
        }
        if shared {
            self.encode_anew(path, places)?;
        }
        Ok(())
    }

    /// Records that share a gzip member, or stand in none, get one each.
    fn encode_anew(&mut self, path: &Path, places: &Places) -> Result<(), ArchiveError> {
        for record in ArchiveReader::open_own(path)?.filter_map(Result::ok) {
            let place = places.get(&(record.offset, record.offset_in_member)).filter(|p| !p.own_member);
            if let Some(place) = place {
                let at = self.position;
                let length = self.write_encoded(&normalised(&record), &record.block)?;
                self.add_to_index(place.line.clone(), at, length);
            }
        }
        Ok(())
    }

    fn write_encoded(&mut self, header: &WarcHeader, block: &[u8]) -> Result<u64, ArchiveError> {
        let mut member = Vec::new();
        self.encoder
            .append(&[&header.to_bytes(), block, b"\r\n\r\n"], &mut member, &mut |_| Ok(()))
            .map_err(|e| ArchiveError::io(self.name, e))?;
        self.write(&member)?;
        Ok(member.len() as u64)
    }

    fn write(&mut self, member: &[u8]) -> Result<(), ArchiveError> {
        self.out.write_all(member).map_err(|e| ArchiveError::io(self.name, e))?;
        self.position += member.len() as u64;
        self.report.records += 1;
        Ok(())
    }

    fn add_to_index(&mut self, line: Option<CdxjLine>, offset: u64, length: u64) {
        if let Some(mut line) = line {
            line.fields.offset = offset.to_string();
            line.fields.length = length.to_string();
            line.fields.filename = self.name.to_owned();
            self.index.push(line);
        }
    }
}

/// The head of a record of another tool as the standard has it: its version is one that exists, and its identifiers and
/// addresses stand as they should.
fn normalised(record: &Record) -> WarcHeader {
    let mut header = record.header.clone();
    if !matches!(header.version.as_str(), "WARC/1.0" | "WARC/1.1") {
        header.version = "WARC/1.0".to_owned();
    }
    let length = record.block.len().to_string();
    for (name, value) in &mut header.fields {
        if name.eq_ignore_ascii_case("WARC-Target-URI") {
            *value = record.url().unwrap_or_default().to_owned();
        }
        if name.eq_ignore_ascii_case("Content-Length") {
            value.clone_from(&length);
        }
    }
    header
}

/// The originals that revisits look for, by what they are known by, strongest first.
pub(crate) fn reference(revisit: &Record) -> Option<String> {
    let field = |name: &str| revisit.header.get(name).map(|v| v.trim_matches(['<', '>']).to_owned());
    field("WARC-Refers-To")
        .map(|id| format!("id {id}"))
        .or_else(|| {
            let date: Timestamp = field("WARC-Refers-To-Date")?.parse().ok()?;
            Some(at(&field("WARC-Refers-To-Target-URI")?, date))
        })
        .or_else(|| field("WARC-Payload-Digest").map(|digest| format!("digest {digest}")))
}

/// What revisits may call a response by.
pub(crate) fn names(response: &Record) -> BTreeSet<String> {
    let mut names = BTreeSet::from([format!("id {}", response.id())]);
    if let (Some(url), Some(date)) = (response.url(), response.date()) {
        names.insert(at(url, date));
    }
    if let Some(digest) = response.header.get("WARC-Payload-Digest") {
        names.insert(format!("digest {digest}"));
    }
    names
}

/// To the second: WARC/1.0 knows no fractions, and tools that write them leave them out of references.
fn at(url: &str, date: Timestamp) -> String {
    format!("at {} {url}", date.as_second())
}
