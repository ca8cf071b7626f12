//! From the crawler's hands onto the disk: archive, then store, then the reader.

use std::time::Duration;

use indicatif::ProgressBar;
use rouei_archive::{ArchiveWriter, RecordType};
use rouei_crawl::{Catalogue, CrawlEvent};
use rouei_store::{NewCapture, SourceReason, Store, StoredCapture};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::reading::Reader;
use super::{RunReport, feeds, is_page, rows};

/// Longest time between a capture's arrival and its commit: a kill costs less than a second of fetching.
const BATCH_TIME: Duration = Duration::from_millis(500);

/// Captures between two commits, at most; a row takes about a kilobyte.
const BATCH: usize = 4096;

/// Events that are taken from the crawler in one go.
const HANDFUL: usize = 256;

/// Between two handfuls: waking for each event alone would cost as much as archiving it.
const PAUSE: Duration = Duration::from_millis(1);

/// Where captures are taken in.
pub(super) struct Desk<'r> {
    pub(super) store: &'r Store,
    pub(super) catalogue: &'r Catalogue,
    pub(super) archive: ArchiveWriter,
    /// None where pages are kept for a later run.
    pub(super) reader: Option<Reader>,
    pub(super) report: &'r mut RunReport,
    /// Moves with each capture.
    pub(super) progress: &'r ProgressBar,
}

impl Desk<'_> {
    /// Takes in everything until the crawler has ended; then what is still being read is recorded.
    pub(super) fn receive(mut self, runtime: &Runtime, mut events: mpsc::Receiver<CrawlEvent>) -> anyhow::Result<()> {
        let mut handful = Vec::with_capacity(HANDFUL);
        let mut rows = Vec::new();
        let mut due: Option<Instant> = None;
        loop {
            let ended = runtime.block_on(async {
                let taken = events.recv_many(&mut handful, HANDFUL);
                match due {
                    Some(due) => tokio::time::timeout_at(due, taken).await.is_ok_and(|n| n == 0),
                    None => taken.await == 0,
                }
            });
            if !handful.is_empty() {
                due.get_or_insert_with(|| Instant::now() + BATCH_TIME);
            }
            for event in handful.drain(..) {
                rows.extend(self.archive(event)?);
            }
            if ended || rows.len() >= BATCH || due.is_some_and(|due| due <= Instant::now()) {
                self.commit(std::mem::take(&mut rows))?;
                due = self.reader.as_ref().filter(|_| !ended).map(|_| Instant::now() + BATCH_TIME);
            }
            if ended {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        self.archive.finish()?;
        if let Some(reader) = &mut self.reader {
            reader.close();
            while let Some(page) = reader.next() {
                let more = reader.read_by_now();
                let report = &mut *self.report;
                self.store.in_transaction(|store| {
                    std::iter::once(page).chain(more).try_for_each(|page| report.record(store, page))
                })?;
            }
        }
        Ok(())
    }

    /// Appends what was captured to the archive. The row that comes back may be recorded after the next commit.
    fn archive(&mut self, event: CrawlEvent) -> anyhow::Result<Option<NewCapture>> {
        match event {
            CrawlEvent::Captured(capture, context) => {
                self.progress.inc(1);
                self.progress.set_message(crate::terminal::plain(&capture.url));
                if let Some(reason) = rows::refusal(&capture, &context) {
                    if rows::redirected(&capture, &context).is_some() {
                        self.report.set_aside(&context.source_id, &reason);
                    }
                    self.report.reasons.push((context.source_id.clone(), reason));
                    if context.directives.noarchive {
                        return Ok(None);
                    }
                }
                let notes = rows::notes(&capture, &context, self.catalogue.source(&context.source_id));
                let location = self.archive.append_with_context(&capture, &notes)?;
                let way = rows::way(&notes);
                if location.record_type == RecordType::Response && !way.is_empty() {
                    self.archive.append_metadata(&capture.url, &location.record_id, capture.captured, &way)?;
                }
                return Ok(Some(rows::of_capture(&capture, &location, &notes)));
            }
            CrawlEvent::Skipped { source, url, reason, .. } => {
                if let Some(reason) = rows::rejection(&url, &reason) {
                    self.report.reasons.push((source, reason));
                }
            }
            CrawlEvent::Failed { source, url, reason, .. } => {
                let reason = SourceReason { rejected: false, url: Some(url), reason: reason.to_string() };
                self.report.reasons.push((source, reason));
            }
        }
        Ok(None)
    }

    /// Archive on disk, then store: in this order whatever happens between. With the rows goes what was read meanwhile.
    fn commit(&mut self, rows: Vec<NewCapture>) -> anyhow::Result<()> {
        let read = self.reader.as_ref().map(Reader::read_by_now).unwrap_or_default();
        if rows.is_empty() && read.is_empty() {
            return Ok(());
        }
        self.archive.commit()?;
        let report = &mut *self.report;
        let stored = self.store.in_transaction(|store| {
            read.into_iter().try_for_each(|page| report.record(store, page))?;
            let stored =
                rows.into_iter().map(|row| Ok(StoredCapture { id: store.insert_capture(&row)?, capture: row }));
            stored.collect::<anyhow::Result<Vec<_>>>()
        })?;
        if let Some(reader) = &self.reader {
            let is_read = |stored: &StoredCapture| is_page(&stored.capture) || feeds::is_feed(stored);
            stored.into_iter().filter(is_read).for_each(|stored| reader.offer(stored));
        }
        Ok(())
    }
}
