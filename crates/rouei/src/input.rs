//! The inputs of a command, one after the other: files, folders in the order of their names, the records of WARC files,
//! standard input.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rouei_archive::{ArchiveError, ArchiveReader, BadRecord, Page, Withdrawals, open_wacz};
use rouei_model::{Issue, IssueCode};

use passed_over::PassedOver;

mod passed_over;

/// A file longer than this is not read.
const MAX_FILE: u64 = 256 << 20;

/// File names that a folder is searched for.
const EXTENSIONS: [&str; 10] = ["html", "htm", "xhtml", "txt", "pdf", "warc", "arc", "wacz", "wet", "wat"];

/// What a WARC and an ARC file begin with.
const BEGINNINGS: [&[u8]; 2] = [b"WARC/", b"filedesc://"];

/// Bytes with what is known of them.
#[derive(Debug, Default)]
pub struct Input {
    /// As given, or found below a folder.
    pub path: Option<String>,
    /// Address, for a WARC record.
    pub url: Option<String>,
    /// `WARC-Record-ID`.
    pub warc_record: Option<String>,
    /// `WARC-Date`.
    pub captured: Option<Timestamp>,
    /// `Content-Type` of the response.
    pub content_type: Option<String>,
    /// `Content-Encoding` of the response.
    pub content_encoding: Option<String>,
    /// The bytes; empty where they could not be read.
    pub bytes: Vec<u8>,
    /// What went wrong.
    pub issues: Vec<Issue>,
}

/// Iterates over every input below some paths; never fails, what cannot be read is an input with an issue.
pub struct Inputs {
    paths: VecDeque<PathBuf>,
    warc: Option<OpenArchive>,
    notes: Vec<String>,
}

/// A WARC or WACZ file that is being read.
struct OpenArchive {
    path: String,
    pages: Pages,
    withdrawals: Withdrawals,
    passed_over: PassedOver,
}

/// The pages of one WARC file.
type Pages = Box<dyn Iterator<Item = Result<Page, BadRecord>>>;

impl Inputs {
    /// The inputs of `paths`, in that order.
    pub fn new(paths: &[PathBuf]) -> Self {
        Self { paths: paths.iter().cloned().collect(), warc: None, notes: Vec::new() }
    }

    /// What of the archives read so far was passed over though it could be read: answers that hold no page. One line a
    /// file, for a person; handed out once.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    fn next_of_warc(&mut self) -> Option<Input> {
        let archive = self.warc.as_mut()?;
        loop {
            match archive.pages.next() {
                Some(Ok(page)) if archive.withdrawals.holds_back(&page.url) => archive.passed_over.add("withdrawn"),
                Some(Ok(page)) => match passed_over::reason(&page) {
                    Some(reason) => archive.passed_over.add(&reason),
                    None => return Some(of_page(archive.path.clone(), page)),
                },
                Some(Err(bad)) => {
                    return Some(unread(Some(archive.path.clone()), IssueCode::BadRecord, bad.to_string()));
                }
                None => break,
            }
        }
        if let Some(archive) = self.warc.take()
            && let Some(summary) = archive.passed_over.summary()
        {
            self.notes.push(format!("{}: {summary}", archive.path));
        }
        None
    }

    fn open_archive(&mut self, path: &Path) -> Result<(), ArchiveError> {
        let withdrawals = Withdrawals::beside(path)?;
        let pages: Pages = if is_wacz(path) {
            let readers = open_wacz(path)?;
            Box::new(readers.into_iter().flat_map(|reader| -> Pages {
                match reader {
                    Ok(reader) => Box::new(reader.pages()),
                    Err(bad) => Box::new(std::iter::once(Err(bad))),
                }
            }))
        } else {
            Box::new(ArchiveReader::open(path)?.pages())
        };
        let path = path.display().to_string();
        self.warc = Some(OpenArchive { path, pages, withdrawals, passed_over: PassedOver::default() });
        Ok(())
    }

    fn open(&mut self, path: &Path) -> Option<Input> {
        let shown = path.display().to_string();
        if shown == "-" {
            let mut bytes = Vec::new();
            return Some(match io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes) {
                Ok(_) => Input { bytes, ..Input::default() },
                Err(e) => unread(None, IssueCode::Unreadable, format!("standard input: {e}")),
            });
        }
        if path.is_dir() {
            return match sorted_folder(path) {
                Ok(children) => {
                    for child in children.into_iter().rev() {
                        self.paths.push_front(child);
                    }
                    None
                }
                Err(e) => Some(unread(Some(shown), IssueCode::Unreadable, e.to_string())),
            };
        }
        if is_archive(path) || begins_as_archive(path) {
            let opened = self.open_archive(path);
            return opened.err().map(|e| unread(Some(shown), IssueCode::Unreadable, e.to_string()));
        }
        Some(read_file(path, shown))
    }
}

impl Iterator for Inputs {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            if self.warc.is_some() {
                if let Some(input) = self.next_of_warc() {
                    return Some(input);
                }
                continue;
            }
            let path = self.paths.pop_front()?;
            if let Some(input) = self.open(&path) {
                return Some(input);
            }
        }
    }
}

fn of_page(path: String, page: Page) -> Input {
    let issues = page.notes.iter().map(|note| Issue::new(IssueCode::Truncated, note.clone())).collect();
    Input {
        path: Some(path),
        content_type: page.header("content-type"),
        content_encoding: page.header("content-encoding"),
        url: (!page.url.is_empty()).then_some(page.url),
        warc_record: (!page.record_id.is_empty()).then_some(page.record_id),
        captured: page.captured,
        bytes: page.body,
        issues,
    }
}

fn read_file(path: &Path, shown: String) -> Input {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if bytes.len() as u64 > MAX_FILE => {
            unread(Some(shown), IssueCode::TooLarge, format!("more than {} MB", MAX_FILE >> 20))
        }
        Ok(bytes) => Input { path: Some(shown), bytes, ..Input::default() },
        Err(e) => unread(Some(shown), IssueCode::Unreadable, e.to_string()),
    }
}

fn unread(path: Option<String>, code: IssueCode, message: String) -> Input {
    Input { path, issues: vec![Issue::new(code, message)], ..Input::default() }
}

/// By their names; `.open` is a file that a crawl is still writing.
fn is_archive(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".open").unwrap_or(&name);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    [".warc", ".wacz", ".wet", ".wat", ".arc", ".warc.zst"].iter().any(|end| name.ends_with(end))
}

/// By the first bytes, compressed or not: whoever renames a WARC or ARC file still means its records.
fn begins_as_archive(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(1024).read_to_end(&mut start));
    if read.is_err() || !start.starts_with(&[0x1f, 0x8b]) {
        return BEGINNINGS.iter().any(|b| start.starts_with(b));
    }
    let mut inside = Vec::new();
    // The start may break off within the member.
    let _ = flate2::read::GzDecoder::new(start.as_slice()).take(16).read_to_end(&mut inside);
    BEGINNINGS.iter().any(|b| inside.starts_with(b))
}

fn is_wacz(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wacz"))
}

/// Files that rouei reads and folders, by name.
fn sorted_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut children = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let known = EXTENSIONS.iter().any(|e| name.strip_suffix(e).is_some_and(|stem| stem.ends_with('.')));
        if known || path.is_dir() {
            children.push(path);
        }
    }
    children.sort();
    Ok(children)
}
