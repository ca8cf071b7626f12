//! The inputs of a command, one after the other: files, folders in the order of their names, the records of WARC files,
//! standard input.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rouei_archive::{ArchiveError, ArchiveReader, BadRecord, Page, Withdrawals, open_wacz};
use rouei_model::{Issue, IssueCode};

pub use feeds::Entry;
use feeds::{Repeats, Summaries};
use passed_over::PassedOver;

mod feeds;
mod passed_over;

/// A file longer than this is not read.
const MAX_FILE: u64 = 256 << 20;

/// File names that a folder is searched for.
const EXTENSIONS: [&str; 10] = ["html", "htm", "xhtml", "txt", "pdf", "warc", "arc", "wacz", "wet", "wat"];

/// File names below a folder that may be those of feeds; whether they are, the first bytes say.
const FEEDS: [&str; 5] = ["xml", "rss", "atom", "rdf", "json"];

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
    /// An entry of a feed in place of bytes.
    pub entry: Option<Entry>,
    /// Bytes of the text of an entry.
    weight: usize,
    /// What went wrong.
    pub issues: Vec<Issue>,
}

impl Input {
    /// Bytes that it holds.
    pub fn weight(&self) -> usize {
        self.bytes.len() + self.weight
    }
}

/// Iterates over every input below some paths; never fails, what cannot be read is an input with an issue.
pub struct Inputs {
    paths: VecDeque<PathBuf>,
    warc: Option<OpenArchive>,
    /// Entries of a feed that was just taken apart.
    entries: VecDeque<Input>,
    /// What was given out of the feeds of archives.
    repeats: Repeats,
    notes: Vec<String>,
}

/// A WARC or WACZ file that is being read.
struct OpenArchive {
    path: String,
    pages: Pages,
    withdrawals: Withdrawals,
    passed_over: PassedOver,
    summaries: Summaries,
}

/// The pages of one WARC file.
type Pages = Box<dyn Iterator<Item = Result<Page, BadRecord>>>;

impl Inputs {
    /// The inputs of `paths`, in that order.
    pub fn new(paths: &[PathBuf]) -> Self {
        let paths = paths.iter().cloned().collect();
        Self { paths, warc: None, entries: VecDeque::new(), repeats: Repeats::default(), notes: Vec::new() }
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
                    None => {
                        let for_links = page.role.as_deref() == Some("discovery");
                        let input = of_page(archive.path.clone(), page);
                        if !is_feed(&input) {
                            return Some(input);
                        }
                        if for_links {
                            archive.passed_over.add("feeds that were crawled for their links");
                            continue;
                        }
                        match feeds::take(input, Some(&archive.withdrawals), Some(&mut self.repeats)) {
                            Ok(taken) => {
                                archive.passed_over.add_many("withdrawn", taken.withdrawn);
                                archive.passed_over.add_many("entries that stand in an earlier feed", taken.repeated);
                                archive.summaries.add(taken.summaries);
                                self.entries = taken.inputs;
                            }
                            Err(unread) => return Some(*unread),
                        }
                        if let Some(entry) = self.entries.pop_front() {
                            return Some(entry);
                        }
                    }
                },
                Some(Err(bad)) => {
                    return Some(unread(Some(archive.path.clone()), IssueCode::BadRecord, bad.to_string()));
                }
                None => break,
            }
        }
        if let Some(archive) = self.warc.take() {
            let said = [archive.passed_over.summary(), archive.summaries.said()];
            self.notes.extend(said.into_iter().flatten().map(|said| format!("{}: {said}", archive.path)));
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
        let (passed_over, summaries) = (PassedOver::default(), Summaries::default());
        self.warc = Some(OpenArchive { path, pages, withdrawals, passed_over, summaries });
        Ok(())
    }

    fn open(&mut self, path: &Path) -> Option<Input> {
        let shown = path.display().to_string();
        if shown == "-" {
            let mut bytes = Vec::new();
            return match io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes) {
                Ok(_) => self.whole(Input { bytes, ..Input::default() }),
                Err(e) => Some(unread(None, IssueCode::Unreadable, format!("standard input: {e}"))),
            };
        }
        if path.is_dir() {
            return match sorted_folder(path) {
                Ok((children, skipped)) => {
                    self.notes.extend(skipped.summary().map(|said| {
                        format!(
                            "{shown}: {said}: of a folder only {} and feeds are read; give a file by its own path to read it all \
                             the same",
                            EXTENSIONS.join(", ")
                        )
                    }));
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
        self.whole(read_file(path, shown))
    }

    /// A file as it is, or the first entry of the feed that it holds.
    fn whole(&mut self, input: Input) -> Option<Input> {
        if input.bytes.is_empty() || !is_feed(&input) {
            return Some(input);
        }
        let path = input.path.clone().unwrap_or_else(|| "standard input".to_owned());
        match feeds::take(input, None, None) {
            Ok(taken) => {
                self.notes.extend(feeds::said(&taken.summaries).map(|said| format!("{path}: {said}")));
                self.entries = taken.inputs;
                self.entries.pop_front()
            }
            Err(unread) => Some(*unread),
        }
    }
}

impl Iterator for Inputs {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            if let Some(entry) = self.entries.pop_front() {
                return Some(entry);
            }
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
        ..Input::default()
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

fn is_feed(input: &Input) -> bool {
    feeds::is_feed(input.content_type.as_deref(), input.content_encoding.as_deref(), &input.bytes)
}

fn begins_as_feed(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(8192).read_to_end(&mut start));
    let gzip = start.starts_with(&[0x1f, 0x8b]);
    read.is_ok() && rouei_crawl::is_feed(&if gzip { feeds::beginning(&start) } else { start })
}

fn is_wacz(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wacz"))
}

/// Files that rouei reads and folders, by name; and how many others of what kind.
fn sorted_folder(folder: &Path) -> io::Result<(Vec<PathBuf>, PassedOver)> {
    let mut children = Vec::new();
    let mut skipped = PassedOver::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let known = EXTENSIONS.iter().any(|e| name.strip_suffix(e).is_some_and(|stem| stem.ends_with('.')));
        let feed = || {
            FEEDS.iter().any(|e| name.strip_suffix(e).is_some_and(|stem| stem.ends_with('.'))) && begins_as_feed(&path)
        };
        if known || path.is_dir() || feed() {
            children.push(path);
        } else {
            let kind = path.extension().map_or_else(
                || "files without an extension".to_owned(),
                |extension| format!(".{}", extension.to_string_lossy().to_lowercase()),
            );
            skipped.add(&kind);
        }
    }
    children.sort();
    Ok((children, skipped))
}
