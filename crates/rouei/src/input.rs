//! The inputs of a command, one after the other: files, folders in the order of their names, the records of WARC files,
//! standard input.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rouei_archive::{ArchiveReader, BadRecord, Page};
use rouei_model::{Issue, IssueCode};

/// A file longer than this is not read.
const MAX_FILE: u64 = 256 << 20;

/// File names that a folder is searched for.
const EXTENSIONS: [&str; 6] = ["html", "htm", "xhtml", "txt", "pdf", "warc"];

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
    warc: Option<(String, Pages)>,
}

/// The pages of one WARC file.
type Pages = Box<dyn Iterator<Item = Result<Page, BadRecord>>>;

impl Inputs {
    /// The inputs of `paths`, in that order.
    pub fn new(paths: &[PathBuf]) -> Self {
        Self { paths: paths.iter().cloned().collect(), warc: None }
    }

    fn next_of_warc(&mut self) -> Option<Input> {
        let (path, pages) = self.warc.as_mut()?;
        let path = path.clone();
        let Some(next) = pages.next() else {
            self.warc = None;
            return None;
        };
        Some(match next {
            Ok(page) => of_page(path, page),
            Err(bad) => unread(Some(path), IssueCode::BadRecord, bad.to_string()),
        })
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
        if is_warc(path) {
            return match ArchiveReader::open(path) {
                Ok(reader) => {
                    self.warc = Some((shown, Box::new(reader.pages())));
                    None
                }
                Err(e) => Some(unread(Some(shown), IssueCode::Unreadable, e.to_string())),
            };
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

fn is_warc(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.ends_with(".warc") || name.ends_with(".warc.gz")
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
