//! What earlier runs know, for the crawler: answers out of database and archive.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rouei_crawl::{EntryState, History, KnownPage, Previous, StoredResponse, VISITS, Visit};
use rouei_store::{EntryKnown, FeedEntryText, Store, StoredCapture};

use super::feeds;
use crate::folder::DataFolder;

/// Reads through a connection of its own, so that it never waits for the run's writing.
pub(super) struct StoreHistory {
    store: Mutex<Store>,
    archive: PathBuf,
    /// The run continues one that died: what that one captured counts as fresh, and is not asked for again.
    resumed_since: Option<Timestamp>,
}

/// A run that died longer ago is not continued; the sites have moved on.
const RESUME_WITHIN: SignedDuration = SignedDuration::from_hours(6);

impl StoreHistory {
    /// Opens a second connection; `interrupted` is when the run began that this one continues, if it does.
    pub(super) fn open(folder: &DataFolder, interrupted: Option<Timestamp>) -> anyhow::Result<Self> {
        let resumed_since = interrupted.filter(|since| since.duration_until(Timestamp::now()) <= RESUME_WITHIN);
        Ok(Self {
            store: Mutex::new(Store::open_read_only(&folder.database())?),
            archive: folder.archive(),
            resumed_since,
        })
    }

    fn fresh_until(&self, checked: Timestamp, by_server: Option<Timestamp>) -> Option<Timestamp> {
        match self.resumed_since {
            Some(since) if checked >= since => checked.saturating_add(RESUME_WITHIN).ok().max(by_server),
            _ => by_server,
        }
    }

    /// Whether an entry of a feed need not be read: its feed had it before this capture.
    pub(super) fn is_known(&self, stored: &StoredCapture, text: &FeedEntryText) -> bool {
        self.ask(|store| feeds::is_known(store, stored, text).map(Some)).unwrap_or(false)
    }

    fn ask<T>(&self, question: impl FnOnce(&Store) -> Result<Option<T>, rouei_store::StoreError>) -> Option<T> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        question(&store).unwrap_or_else(|error| {
            tracing::error!("the history cannot be read: {error}");
            None
        })
    }
}

impl History for StoreHistory {
    fn last(&self, url: &str) -> Option<Previous> {
        let last = self.ask(|store| store.last_capture(url))?;
        let original = last.original.capture;
        let now = Timestamp::now();
        // Checked by a clock that was set back since: nobody knows when. It is asked again, once.
        let ahead = last.checked > now;
        let checked = if ahead { Timestamp::MIN } else { last.checked };
        let fresh_until = if ahead { None } else { self.fresh_until(checked, last.fresh_until) };
        Some(Previous {
            etag: last.etag,
            last_modified: last.last_modified,
            first_captured: last.first_captured.min(now),
            captured: original.captured,
            checked,
            payload_digest: original.payload_digest,
            status: original.status,
            location: original.redirect,
            truncated: original.truncated.is_some(),
            fresh_until,
        })
    }

    fn response(&self, url: &str) -> Option<StoredResponse> {
        let row = self.ask(|store| store.last_capture(url))?.original.capture;
        let record = rouei_archive::read_at(&self.archive.join(&row.warc_file), row.warc_offset)
            .inspect_err(|error| tracing::warn!("{error}"))
            .ok()?;
        let capture = record.into_capture()?.inspect_err(|error| tracing::warn!("{error}")).ok()?;
        Some(StoredResponse { headers: capture.response_headers, body: capture.body })
    }

    fn digest(&self, body: &[u8]) -> String {
        rouei_archive::payload_digest(body)
    }

    fn visits(&self, url: &str) -> Vec<Visit> {
        let visits = self.ask(|store| store.visits_of_address(url, VISITS).map(Some)).unwrap_or_default();
        let now = Timestamp::now();
        visits.into_iter().filter(|v| v.at <= now).map(|v| Visit { at: v.at, changed: v.changed }).collect()
    }

    fn entry(&self, feed: &str, url: &str, digest: &str) -> EntryState {
        let sha256 = digest.trim_start_matches("sha256:");
        match self.ask(|store| store.entry_known(feed, url, sha256, None).map(Some)) {
            Some(EntryKnown::SameText) => EntryState::Same,
            Some(EntryKnown::OtherText) => EntryState::Changed,
            Some(EntryKnown::No) | None => EntryState::New,
        }
    }

    fn followed_up(&self, source: &str) -> Vec<KnownPage> {
        let pages = self.ask(|store| store.disclosing_pages(source).map(Some)).unwrap_or_default();
        let known = pages.into_iter().map(|page| KnownPage {
            url: page.url,
            title: page.link_title,
            published: page.link_date,
            found_on: page.found_on,
            attachment: page.attachment,
        });
        known.collect()
    }

    fn last_news(&self, source: &str) -> Option<Timestamp> {
        self.ask(|store| store.source_state(source))?.last_new
    }
}
