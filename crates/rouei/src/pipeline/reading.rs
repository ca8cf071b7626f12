//! Reading as a stage of its own: document after document out of the archive, while others are fetched.
//!
//! Fetching and archiving never wait for it. A page for which there is no room in the queue is left where it is; what
//! was not read by the end of the fetching is found in the database (`Pipeline::read_leftovers`).

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::Scope;

use rouei_crawl::{Catalogue, Room};
use rouei_extract::Extractor;
use rouei_model::{Document, Extraction, IssueCode};
use rouei_store::{CaptureId, DocumentOutcome, FeedEntryText, Outcome as Stored, SourceReason, Store, StoredCapture};

use super::{feeds, likeness, rows, site};

/// Captures that wait for being read; each stands for its row alone, not for its body.
const WAITING: usize = 512;

/// Documents that were read and wait for being recorded; each with its text.
const READ: usize = 16;

/// What reading documents did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingTally {
    /// Documents read.
    pub documents: usize,
    /// Documents that could not be read.
    pub unread: usize,
    /// Disclosures that were not there.
    pub new: usize,
    /// Disclosures that changed.
    pub changed: usize,
    /// Disclosures that are as they were.
    pub unchanged: usize,
    /// Disclosures that are no longer found.
    pub withdrawn: usize,
    /// Captures that the archive should hold and does not.
    pub missing: usize,
}

/// A document with what it discloses.
pub(super) struct ReadPage {
    capture: CaptureId,
    source: String,
    payload_digest: String,
    document: Document,
    extraction: Extraction,
    /// Hashes by which texts find their like.
    bands: Option<Vec<u64>>,
}

/// What reading a capture gives.
pub(super) enum Read {
    /// Its page.
    Page(Box<ReadPage>),
    /// An entry of the feed that it holds.
    Entry {
        /// The document.
        page: Box<ReadPage>,
        /// Address of the feed.
        feed: String,
        /// What it is known by.
        text: FeedEntryText,
    },
    /// All entries of the feed that it holds were looked at.
    Feed {
        /// The capture.
        capture: CaptureId,
        /// How many there were.
        entries: u64,
    },
}

/// A thread that reads.
pub(super) struct Reader {
    /// None once nothing more comes.
    waiting: Option<SyncSender<StoredCapture>>,
    read: Receiver<Result<Read, String>>,
}

impl ReadPage {
    /// Archive → Document → Disclosure; `room` waits until there is some for a large page. The error says which record is missing or broken.
    pub(super) fn of_archived(
        stored: &StoredCapture,
        archive: &Path,
        catalogue: Option<&Catalogue>,
        extractor: &Extractor,
        room: &dyn Fn() -> Room,
    ) -> Result<Self, String> {
        let site = site(catalogue, &stored.capture.source);
        let document = rows::archived_document(archive, &stored.capture, site, room)?;
        Ok(Self::of_document(stored, document, extractor))
    }

    /// Document → Disclosure.
    pub(super) fn of_document(stored: &StoredCapture, document: Document, extractor: &Extractor) -> Self {
        let extraction = extractor.extract(&document);
        let bands = rouei_text::bands(&document.text);
        let (source, payload_digest) = (stored.capture.source.clone(), stored.capture.payload_digest.clone());
        Self { capture: stored.id, source, payload_digest, document, extraction, bands }
    }
}

impl ReadPage {
    /// The page, with an issue if its site gave the same bytes as an error: a soft 404 in words that no rule knows.
    pub(super) fn held_against_errors(mut self, store: &Store) -> anyhow::Result<Self> {
        if !self.is_other_page() && !self.document.text.is_empty() {
            let url = self.document.url.as_deref();
            self.document.issues.extend(likeness::error_answer(store, &self.payload_digest, url)?);
        }
        Ok(self)
    }

    /// Whether it is another page than the one that was asked for.
    pub(super) fn is_other_page(&self) -> bool {
        self.document.issues.iter().any(|i| i.code.is_other_page())
    }
}

impl Reader {
    /// Starts the thread. It ends when the reader is dropped, or told that nothing more comes.
    pub(super) fn start<'scope, 'env: 'scope>(
        scope: &'scope Scope<'scope, 'env>,
        extractor: &'env Extractor,
        archive: &'env Path,
        catalogue: &'env Catalogue,
        room: impl Fn() -> Room + Send + 'env,
        is_known: impl Fn(&StoredCapture, &FeedEntryText) -> bool + Send + 'env,
    ) -> Self {
        let (waiting, captures) = sync_channel::<StoredCapture>(WAITING);
        let (out, read) = sync_channel(READ);
        scope.spawn(move || {
            for stored in captures {
                let mut goes_on = true;
                let mut send = |read| {
                    goes_on = out.send(read).is_ok();
                    goes_on
                };
                if feeds::is_feed(&stored) {
                    feeds::read(&stored, archive, catalogue, extractor, &room, &is_known, &mut send);
                } else {
                    let page = ReadPage::of_archived(&stored, archive, Some(catalogue), extractor, &room);
                    send(page.map(|page| Read::Page(Box::new(page))));
                }
                if !goes_on {
                    break;
                }
            }
        });
        Self { waiting: Some(waiting), read }
    }

    /// Has a capture read if there is room for it.
    pub(super) fn offer(&self, stored: StoredCapture) {
        if let Some(waiting) = &self.waiting {
            // A capture that finds no room, or whose reader broke off, is among the leftovers.
            let _ = waiting.try_send(stored);
        }
    }

    /// What has been read by now.
    pub(super) fn read_by_now(&self) -> Vec<Result<Read, String>> {
        let mut pages = Vec::new();
        loop {
            match self.read.try_recv() {
                Ok(page) => pages.push(page),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return pages,
            }
        }
    }

    /// Says that nothing more comes.
    pub(super) fn close(&mut self) {
        self.waiting = None;
    }

    /// The next page, once it is read; none when all are.
    pub(super) fn next(&self) -> Option<Result<Read, String>> {
        self.read.recv().ok()
    }
}

impl ReadingTally {
    /// Document → Disclosure → Store. Where the page could not be read, its source and the reason come back.
    pub(super) fn record(
        &mut self,
        store: &Store,
        page: Result<ReadPage, String>,
    ) -> anyhow::Result<Option<(String, SourceReason)>> {
        let page = match page {
            Ok(page) => page,
            Err(reason) => {
                self.missing += 1;
                tracing::error!("{reason}");
                return Ok(None);
            }
        };
        if let Some(sign) = page.document.issues.iter().find(|i| i.code.is_other_page()) {
            likeness::set_aside(store, page.capture, &page.extraction, sign)?;
            return Ok(Some((page.source, rows::other_page(page.document.url, sign))));
        }
        let stored = store.put_extraction(Some(page.capture), &page.extraction, Some(&page.document.text))?;
        likeness::mark(store, &page.extraction.document.id, &page.document, page.bands.as_deref(), stored.document)?;
        let unread = page.document.issues.iter().find(|i| i.code.is_unread());
        self.add(&stored, unread.is_some());
        // That a body was cut off, the fetching has said already.
        let unread = unread.filter(|issue| issue.code != IssueCode::Truncated);
        Ok(unread.map(|issue| (page.source, rows::unread(page.document.url, issue))))
    }

    /// Entry → Store, unless its feed had it before. Where the address was captured again since, only that is kept which the
    /// entry was.
    pub(super) fn record_entry(
        &mut self,
        store: &Store,
        page: ReadPage,
        feed: &str,
        text: &FeedEntryText,
    ) -> anyhow::Result<Option<(String, SourceReason)>> {
        if !store.put_entry(feed, text)? || store.is_overtaken(&text.url, text.capture)? {
            return Ok(None);
        }
        self.record(store, Ok(page))
    }

    fn add(&mut self, stored: &Stored, unread: bool) {
        self.documents += 1;
        self.unread += usize::from(unread);
        self.new += stored.new;
        self.changed += stored.changed;
        self.unchanged += stored.unchanged;
        self.withdrawn += stored.withdrawn;
        if stored.document == DocumentOutcome::Unchanged {
            tracing::debug!("a document is as it was");
        }
    }
}
