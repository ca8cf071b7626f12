//! `Source → Capture → Document → Disclosure → Store`, as one reads it.
//!
//! [`Pipeline::crawl`] is the whole way of a run. A capture is on disk before the database knows it, and the database
//! knows it before it is read; so a run can be killed anywhere, and the next one ([`Pipeline::recover`]) goes on where
//! the archive ends.

mod history;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use rayon::prelude::*;
use rouei_archive::{ArchiveWriter, Software};
use rouei_crawl::{Catalogue, CrawlEvent, CrawlSummary, Crawler, Role, Source};
use rouei_extract::Extractor;
use rouei_model::{Capture, Document, Extraction};
use rouei_store::{
    CaptureId, DocumentOutcome, NewCapture, Outcome as Stored, SourceReason, SourceReport, Store, StoredCapture,
};
use tokio::sync::{mpsc, watch};

use crate::folder::DataFolder;
use history::StoreHistory;
pub use rows::Site;

/// Captures between two commits of the archive, at most; at most a second's worth is fetched again after a kill.
const BATCH: usize = 64;
const BATCH_TIME: Duration = Duration::from_millis(800);

/// The parts of a run, opened once.
pub struct Pipeline {
    folder: DataFolder,
    store: Store,
    extractor: Extractor,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct RunReport {
    /// What the crawler says, by source.
    pub crawl: CrawlSummary,
    /// Why something was not fetched or not kept, by source.
    pub reasons: Vec<(String, SourceReason)>,
    /// What reading did.
    pub reading: ReadingTally,
    /// What the last run had left unfinished.
    pub recovered: u64,
}

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

impl Pipeline {
    /// Opens the folder; creates it where it is missing.
    ///
    /// # Errors
    /// Where folder or database cannot be used, or the dictionary does not load.
    pub fn open(folder: DataFolder) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder.path()).with_context(|| format!("cannot create {}", folder.path().display()))?;
        let store = Store::open(&folder.database())?;
        Ok(Self { folder, store, extractor: Extractor::new()? })
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Source → Capture → Document → Disclosure → Store.
    ///
    /// # Errors
    /// Where archive or database fail; what a site does is never an error but a line of the report.
    pub fn crawl(
        &self,
        crawler: &Crawler,
        catalogue: &Catalogue,
        sources: &[Source],
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<RunReport> {
        let started = Timestamp::now();
        let mut report = RunReport { recovered: self.recover()?, ..RunReport::default() };
        let mut archive = ArchiveWriter::create(&self.folder.archive(), &software())?;
        let interrupted = self.store.interrupted_since("crawl")?;
        let run = self.store.begin_run("crawl", started)?;
        let history = Arc::new(StoreHistory::open(&self.folder, interrupted)?);

        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (out, mut events) = mpsc::channel(BATCH);
        let (crawler, asked) = (crawler.clone(), sources.to_vec());
        let crawling = runtime.spawn(async move { crawler.crawl(&asked, history, out, cancel).await });
        loop {
            let batch = runtime.block_on(next_batch(&mut events));
            if batch.is_empty() {
                break;
            }
            self.keep(batch, &mut archive, catalogue, &mut report)?;
        }
        report.crawl = runtime.block_on(crawling).context("the crawl task failed")?;
        archive.finish()?;

        self.read_leftovers(catalogue, &mut report)?;
        for source in self.source_reports(&report) {
            self.store.put_source_report(run, &source)?;
        }
        for source in sources {
            if let Some(tally) = report.crawl.sources.get(&source.id) {
                let before = self.store.source_state(&source.id)?.unwrap_or_default();
                let after = rows::source_state(source, tally, before, started, report.crawl.interrupted);
                self.store.put_source_state(&source.id, &after)?;
            }
        }
        self.store.end_run(run, Timestamp::now(), 0)?;
        Ok(report)
    }

    /// Capture → Document → Disclosure → Store again, out of the archive, without the network.
    ///
    /// # Errors
    /// Where archive or database fail as a whole; a record that cannot be read is counted.
    pub fn reextract(&self, catalogue: Option<&Catalogue>) -> anyhow::Result<ReadingTally> {
        self.recover()?;
        let run = self.store.begin_run("reextract", Timestamp::now())?;
        let mut tally = ReadingTally::default();
        let captures: Vec<StoredCapture> =
            self.store.latest_captures()?.into_iter().filter(|c| is_page(&c.capture)).collect();
        for batch in captures.chunks(BATCH) {
            self.read_archived(batch, catalogue, &mut tally)?;
        }
        self.store.end_run(run, Timestamp::now(), 0)?;
        Ok(tally)
    }

    /// Brings archive and database to the same state after a run that was killed.
    ///
    /// # Errors
    /// Where another run is writing, or the folder cannot be written.
    pub fn recover(&self) -> anyhow::Result<u64> {
        let mut taken = 0;
        let report = rouei_archive::recover(&self.folder.archive(), |recovered| {
            self.store.insert_capture(&rows::of_recovered(recovered))?;
            taken += 1;
            Ok(())
        })?;
        for file in &report.files {
            tracing::warn!(file = %file.file, captures = file.captures, cut = file.cut, "an interrupted run was completed");
            for bad in &file.skipped {
                tracing::warn!("{bad}");
            }
        }
        Ok(taken)
    }

    /// Archives a batch, then records it, then reads it: in this order whatever happens between.
    fn keep(
        &self,
        batch: Vec<CrawlEvent>,
        archive: &mut ArchiveWriter,
        catalogue: &Catalogue,
        report: &mut RunReport,
    ) -> anyhow::Result<()> {
        let mut captured: Vec<(Box<Capture>, NewCapture, rouei_crawl::CaptureContext)> = Vec::new();
        for event in batch {
            match event {
                CrawlEvent::Captured(capture, context) => {
                    let refused = rows::refusal(&capture, &context);
                    if let Some(reason) = &refused {
                        report.reasons.push((context.source_id.clone(), reason.clone()));
                    }
                    if refused.is_some() && context.directives.noarchive {
                        continue;
                    }
                    let notes = rows::notes(&context, catalogue.source(&context.source_id));
                    let location = archive.append_with_context(&capture, &notes)?;
                    let row = rows::of_capture(&capture, &location, &notes);
                    captured.push((capture, row, *context));
                }
                CrawlEvent::Skipped { source, url, reason, .. } => {
                    if let Some(reason) = rows::rejection(&url, &reason) {
                        report.reasons.push((source, reason));
                    }
                }
                CrawlEvent::Failed { source, url, reason, .. } => {
                    let reason = SourceReason { rejected: false, url: Some(url), reason: reason.to_string() };
                    report.reasons.push((source, reason));
                }
            }
        }
        archive.commit()?;
        let ids: Vec<CaptureId> = self.store.in_transaction(|store| {
            captured.iter().map(|(_, row, _)| store.insert_capture(row)).collect::<Result<_, _>>()
        })?;

        let pages: Vec<(CaptureId, Document)> = captured
            .par_iter()
            .zip(ids)
            .filter(|((capture, _, context), _)| {
                let page = matches!(context.role, Role::Page | Role::Attachment);
                page && rows::holds_page(capture) && rows::refusal(capture, context).is_none()
            })
            .map(|((capture, _, context), id)| {
                let site = site(Some(catalogue), &context.source_id).unwrap_or_default();
                (id, rows::document(capture, context.discovered_date.as_deref(), site))
            })
            .collect();
        self.read(pages, &mut report.reading)
    }

    /// Document → Disclosure → Store.
    fn read(&self, pages: Vec<(CaptureId, Document)>, tally: &mut ReadingTally) -> anyhow::Result<()> {
        let extractor = &self.extractor;
        let read: Vec<(CaptureId, Document, Extraction)> = pages
            .into_par_iter()
            .map(|(id, document)| {
                let extraction = extractor.extract(&document);
                (id, document, extraction)
            })
            .collect();
        for (id, document, extraction) in read {
            let stored = self.store.put_extraction(Some(id), &extraction, Some(&document.text))?;
            tally.add(&stored, document.issues.iter().any(|i| i.code.is_unread()));
        }
        Ok(())
    }

    /// Reads what was captured by a run that died before it was read.
    fn read_leftovers(&self, catalogue: &Catalogue, report: &mut RunReport) -> anyhow::Result<()> {
        let leftovers: Vec<StoredCapture> =
            self.store.captures_without_document()?.into_iter().filter(|c| is_page(&c.capture)).collect();
        for batch in leftovers.chunks(BATCH) {
            self.read_archived(batch, Some(catalogue), &mut report.reading)?;
        }
        Ok(())
    }

    fn read_archived(
        &self,
        batch: &[StoredCapture],
        catalogue: Option<&Catalogue>,
        tally: &mut ReadingTally,
    ) -> anyhow::Result<()> {
        let archive = self.folder.archive();
        let opened: Vec<(CaptureId, Result<Document, String>)> = batch
            .par_iter()
            .map(|stored| {
                let site = site(catalogue, &stored.capture.source);
                (stored.id, rows::archived_document(&archive, &stored.capture, site))
            })
            .collect();
        let mut pages = Vec::with_capacity(opened.len());
        for (id, document) in opened {
            match document {
                Ok(document) => pages.push((id, document)),
                Err(reason) => {
                    tally.missing += 1;
                    tracing::error!("{reason}");
                }
            }
        }
        self.read(pages, tally)
    }

    fn source_reports(&self, report: &RunReport) -> Vec<SourceReport> {
        report
            .crawl
            .sources
            .iter()
            .map(|(id, tally)| {
                let reasons = report.reasons.iter().filter(|(s, _)| s == id).map(|(_, r)| r.clone()).collect();
                rows::source_report(id, tally, reasons)
            })
            .collect()
    }
}

impl ReadingTally {
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

fn site(catalogue: Option<&Catalogue>, source: &str) -> Option<Site> {
    catalogue.and_then(|c| c.source(source)).map(Site::of)
}

fn is_page(capture: &NewCapture) -> bool {
    matches!(capture.role.as_deref(), Some("page" | "attachment")) && capture.status == 200 && !capture.revisit
}

fn software() -> Software {
    Software::new(concat!("rouei/", env!("CARGO_PKG_VERSION")))
}

/// What has arrived, once there is something: a full batch, or what came within [`BATCH_TIME`]. Empty at the end.
async fn next_batch(events: &mut mpsc::Receiver<CrawlEvent>) -> Vec<CrawlEvent> {
    let mut batch = Vec::new();
    let Some(first) = events.recv().await else { return batch };
    batch.push(first);
    let deadline = tokio::time::Instant::now() + BATCH_TIME;
    while batch.len() < BATCH {
        match tokio::time::timeout_at(deadline, events.recv()).await {
            Ok(Some(event)) => batch.push(event),
            Ok(None) | Err(_) => break,
        }
    }
    batch
}

/// Capture → Document, for whoever only looks.
pub fn document_of_capture(capture: &Capture, link_date: Option<&str>, site: Site) -> Document {
    rows::document(capture, link_date, site)
}
