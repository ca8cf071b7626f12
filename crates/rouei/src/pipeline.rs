//! `Source → Capture → Document → Disclosure → Store`, as one reads it.
//!
//! [`Pipeline::crawl`] is the whole way of a run. A capture is on disk before the database knows it, and the database
//! knows it before it is read; so a run can be killed anywhere, and the next one ([`Pipeline::recover`]) goes on where
//! the archive ends.

mod capturing;
mod feeds;
mod history;
mod layouts;
mod likeness;
mod reading;
mod rows;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use indicatif::ProgressBar;
use jiff::Timestamp;
use rayon::prelude::*;
use rouei_archive::{ArchiveWriter, Software};
use rouei_crawl::{Catalogue, CrawlSummary, Crawler, Room, Source};
use rouei_extract::Extractor;
use rouei_model::{Capture, Document};
use rouei_store::{FeedEntryText, NewCapture, SourceReason, SourceReport, Store, StoredCapture};
use tokio::sync::{mpsc, watch};

use crate::folder::DataFolder;
use crate::outcome::Outcome;
use capturing::Desk;
use history::StoreHistory;
pub use reading::ReadingTally;
use reading::{Read, ReadPage, Reader};
pub use rows::Site;

/// Documents that are read, and recorded, together.
const BATCH: usize = 64;

/// Fetched and not yet archived, at most; beyond it fetching waits.
const FETCHED: usize = 256;

/// The parts of a run, opened once.
pub struct Pipeline {
    folder: DataFolder,
    store: Store,
    /// Loaded when the first page is to be read.
    extractor: OnceLock<Extractor>,
    /// Shows how far a run is.
    progress: ProgressBar,
}

/// What a run does with the pages that it captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Reads them while it fetches others.
    Read,
    /// Leaves them to the next run that reads.
    Keep,
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
    /// By source, how many captures are another page than the one that was asked for, and what the first is.
    pub other_pages: BTreeMap<String, (u32, String)>,
}

impl Pipeline {
    /// Opens the folder; creates it where it is missing.
    ///
    /// # Errors
    /// Where folder or database cannot be used.
    pub fn open(folder: DataFolder) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder.path()).with_context(|| format!("cannot create {}", folder.path().display()))?;
        let store = Store::open(&folder.database())?;
        Ok(Self { folder, store, extractor: OnceLock::new(), progress: ProgressBar::hidden() })
    }

    /// The same, showing on this bar how far a run is.
    #[must_use]
    pub fn with_progress(mut self, progress: ProgressBar) -> Self {
        self.progress = progress;
        self
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
        pages: Pages,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<RunReport> {
        let _lock = self.folder.lock("crawl")?;
        // What the database says names no file.
        self.run(crawler, catalogue, sources, pages, cancel)
            .with_context(|| format!("the run in {} failed", self.folder.path().display()))
    }

    fn run(
        &self,
        crawler: &Crawler,
        catalogue: &Catalogue,
        sources: &[Source],
        pages: Pages,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<RunReport> {
        let started = Timestamp::now();
        let mut report = RunReport { recovered: self.recover()?, ..RunReport::default() };
        let archive = ArchiveWriter::create(&self.folder.archive(), &software())?;
        let interrupted = self.store.interrupted_since("crawl")?;
        let run = self.store.begin_run("crawl", started)?;
        let history = Arc::new(StoreHistory::open(&self.folder, interrupted)?);
        let known_to = Arc::clone(&history);
        let is_known = move |stored: &StoredCapture, text: &FeedEntryText| known_to.is_known(stored, text);
        let extractor = (pages == Pages::Read).then(|| self.extractor()).transpose()?;

        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (out, events) = mpsc::channel(FETCHED);
        let (crawler, asked) = (crawler.clone(), sources.to_vec());
        let (fetching, handle) = (crawler.clone(), runtime.handle().clone());
        let crawling = runtime.spawn(async move { fetching.crawl(&asked, history, out, cancel).await });
        let folder = self.folder.archive();
        let room = || handle.block_on(crawler.room());
        // Three stages side by side: fetching in the runtime, archiving here, reading in a thread of its own.
        std::thread::scope(|scope| {
            let reader = extractor.map(|extractor| Reader::start(scope, extractor, &folder, catalogue, room, is_known));
            let progress = &self.progress;
            let desk = Desk { store: &self.store, catalogue, archive, reader, report: &mut report, progress };
            desk.receive(&runtime, events)
        })?;
        report.crawl = runtime.block_on(crawling).context("the crawl task failed")?;

        if pages == Pages::Read {
            self.read_leftovers(catalogue, &mut report)?;
        }
        report.count_rejected();
        for source in self.source_reports(&report) {
            self.store.put_source_report(run, &source)?;
        }
        for source in sources {
            if let Some(tally) = report.crawl.sources.get(&source.id) {
                let before = self.store.source_state(&source.id)?.unwrap_or_default();
                let others = report.other_pages.get(&source.id).map_or(0, |(count, _)| *count);
                let visits = crate::commands::crawl::past_visits(&self.store, &source.id)?;
                let after =
                    rows::source_state(source, tally, others, &visits, before, started, report.crawl.interrupted);
                self.store.put_source_state(&source.id, &after)?;
            }
        }
        self.progress.finish_and_clear();
        self.store.end_run(run, Timestamp::now(), report.outcome().code())?;
        Ok(report)
    }

    /// Capture → Document → Disclosure → Store again, out of the archive, without the network.
    ///
    /// # Errors
    /// Where archive or database fail as a whole; a record that cannot be read is counted.
    pub fn reextract(&self, catalogue: Option<&Catalogue>) -> anyhow::Result<ReadingTally> {
        let _lock = self.folder.lock("reextract")?;
        self.read_again(catalogue).with_context(|| format!("the run in {} failed", self.folder.path().display()))
    }

    fn read_again(&self, catalogue: Option<&Catalogue>) -> anyhow::Result<ReadingTally> {
        self.recover()?;
        let run = self.store.begin_run("reextract", Timestamp::now())?;
        let mut report = RunReport::default();
        self.read_signed_again(catalogue)?;
        if let Some(catalogue) = catalogue {
            layouts::read_again(&self.store, &self.folder.archive(), catalogue)?;
        }
        let captures: Vec<StoredCapture> =
            self.store.latest_captures()?.into_iter().filter(|c| is_page(&c.capture)).collect();
        let captures = feeds::without_overtaken(&self.store, captures)?;
        for batch in captures.chunks(BATCH) {
            self.read_archived(batch, catalogue, &mut report)?;
        }
        for (stored, texts) in feeds::standing(&self.store)? {
            let pages = feeds::read_again(&stored, &texts, &self.folder.archive(), catalogue, self.extractor()?);
            self.store.in_transaction(|store| {
                pages.into_iter().try_for_each(|page| report.record(store, page.map(|page| Read::Page(Box::new(page)))))
            })?;
        }
        self.store.end_run(run, Timestamp::now(), 0)?;
        Ok(report.reading)
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

    /// The dictionary and the lexicons, loaded on first use.
    fn extractor(&self) -> anyhow::Result<&Extractor> {
        if let Some(extractor) = self.extractor.get() {
            return Ok(extractor);
        }
        let loaded = Extractor::new()?;
        Ok(self.extractor.get_or_init(|| loaded))
    }

    /// Reads what was captured and not read: by a run that died, by one that only captured, and what came faster than
    /// it could be read.
    fn read_leftovers(&self, catalogue: &Catalogue, report: &mut RunReport) -> anyhow::Result<()> {
        let leftovers: Vec<StoredCapture> =
            self.store.captures_without_document()?.into_iter().filter(|c| is_page(&c.capture)).collect();
        let leftovers = feeds::without_overtaken(&self.store, leftovers)?;
        for batch in leftovers.chunks(BATCH) {
            self.read_archived(batch, Some(catalogue), report)?;
        }
        self.read_left_feeds(catalogue, report)
    }

    /// The same for feeds; and, of a source that says only now that its feed holds full texts, the latest capture.
    fn read_left_feeds(&self, catalogue: &Catalogue, report: &mut RunReport) -> anyhow::Result<()> {
        let (archive, extractor) = (self.folder.archive(), self.extractor()?);
        let mut left = self.store.unread_feeds()?;
        for source in catalogue.sources.iter().filter(|source| source.discovery.holds_texts()) {
            // What the crawl calls new stands in the latest capture, even if that was looked at by another `follow`.
            let news = report.crawl.sources.get(&source.id).is_some_and(|tally| tally.new + tally.changed > 0);
            left.extend(self.store.latest_feed(&source.id, news)?);
        }
        left.sort_by_key(|feed| feed.id);
        left.dedup_by_key(|feed| feed.id);
        for stored in left {
            let mut failed = None;
            // What the database cannot say is found when the entry is recorded.
            let is_known = |stored: &StoredCapture, text: &FeedEntryText| {
                feeds::is_known(&self.store, stored, text).unwrap_or(false)
            };
            let mut record = |read| {
                failed = self.store.in_transaction(|store| report.record(store, read)).err();
                failed.is_none()
            };
            feeds::read(&stored, &archive, catalogue, extractor, &Room::default, &is_known, &mut record);
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(())
    }

    fn read_archived(
        &self,
        batch: &[StoredCapture],
        catalogue: Option<&Catalogue>,
        report: &mut RunReport,
    ) -> anyhow::Result<()> {
        let (archive, extractor) = (self.folder.archive(), self.extractor()?);
        // Nothing is fetched meanwhile.
        let no_wait = Room::default;
        let read: Vec<Result<ReadPage, String>> = batch
            .par_iter()
            .map(|stored| ReadPage::of_archived(stored, &archive, catalogue, extractor, &no_wait))
            .collect();
        let read = read.into_iter().map(|page| page.map(|page| Read::Page(Box::new(page))));
        self.store.in_transaction(|store| read.into_iter().try_for_each(|page| report.record(store, page)))
    }

    /// Takes back the signs of captures that show none by the rules of today.
    fn read_signed_again(&self, catalogue: Option<&Catalogue>) -> anyhow::Result<()> {
        let archive = self.folder.archive();
        for stored in self.store.signed_captures()? {
            let site = site(catalogue, &stored.capture.source);
            match rows::archived_document(&archive, &stored.capture, site, &Room::default) {
                Ok(document) if document.issues.iter().any(|i| i.code.is_other_page()) => {}
                Ok(_) => self.store.put_page_sign(stored.id, None)?,
                Err(reason) => tracing::error!("{reason}"),
            }
        }
        Ok(())
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

impl RunReport {
    /// How the run ended: whether something needs the operator, be it said or not.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let troubled = self.crawl.sources.values().any(|tally| !tally.findings.is_empty())
            || self.reasons.iter().any(|(_, reason)| !reason.rejected)
            || !self.crawl.hosts_left.is_empty()
            || self.reading.missing > 0;
        if troubled { Outcome::SomeUnread } else { Outcome::Done }
    }

    /// Counts a capture that is another page than the one that was asked for.
    fn set_aside(&mut self, source: &str, reason: &SourceReason) {
        let url = reason.url.as_deref().unwrap_or("-");
        let entry = self.other_pages.entry(source.to_owned());
        entry.or_insert_with(|| (0, format!("{url}: {}", reason.reason))).0 += 1;
    }

    /// The crawler counts what it left out; what was rejected once it was here comes beside.
    fn count_rejected(&mut self) {
        for (source, tally) in &mut self.crawl.sources {
            let rejected = self.reasons.iter().filter(|(s, reason)| s == source && reason.rejected).count();
            tally.rejected = u32::try_from(rejected).unwrap_or(u32::MAX);
        }
    }

    fn record(&mut self, store: &Store, read: Result<Read, String>) -> anyhow::Result<()> {
        let page = match read {
            Ok(Read::Page(page)) => Ok(page.held_against_errors(store)?),
            Ok(Read::Entry { page, feed, text }) => {
                self.reasons.extend(self.reading.record_entry(store, *page, &feed, &text)?);
                return Ok(());
            }
            Ok(Read::Feed { capture, entries }) => return Ok(store.put_entries(capture, entries)?),
            Err(reason) => Err(reason),
        };
        let other_page = page.as_ref().is_ok_and(ReadPage::is_other_page);
        let reason = self.reading.record(store, page)?;
        if let Some((source, reason)) = reason.as_ref().filter(|_| other_page) {
            self.set_aside(source, reason);
        }
        self.reasons.extend(reason);
        Ok(())
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

/// Capture → the Documents of these entries, for whoever only looks.
pub fn entries_of_capture(capture: &Capture, wanted: &[&str], site: Site) -> Vec<Document> {
    feeds::documents(capture, wanted, site)
}

/// Capture → Document, for whoever only looks.
pub fn document_of_capture(capture: &Capture, link_date: Option<&str>, site: Site) -> Document {
    rows::document(capture, link_date, site)
}
