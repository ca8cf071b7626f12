use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use crate::{CaptureId, Store, StoreError, StoredCapture, codes::integer};

/// An entry of a feed, as a capture of the feed has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntryText {
    /// The capture of the feed.
    pub capture: CaptureId,
    /// Address of the entry, as its document has it.
    pub url: String,
    /// Of its title and text, lower-case hexadecimal.
    pub sha256: String,
}

/// What is known of an entry beside one of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKnown {
    /// Its address was never captured, nor read from a feed.
    No,
    /// This feed had another text of it, or its address is known by other ways.
    OtherText,
    /// This feed had this text already.
    SameText,
}

impl Store {
    /// What is known of an entry of the feed at an address, before a capture of it (none: before one that is yet to come).
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn entry_known(
        &self,
        feed: &str,
        url: &str,
        sha256: &str,
        before: Option<CaptureId>,
    ) -> Result<EntryKnown, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT e.sha256 FROM feed_entry e JOIN capture c ON c.id = e.capture_id
             WHERE e.url = ?1 AND c.url = ?2 AND e.capture_id < ?3 ORDER BY e.capture_id DESC LIMIT 1",
        )?;
        let before = before.map_or(i64::MAX, |id| id.0);
        let last: Option<String> = statement.query_row(params![url, feed, before], |row| row.get(0)).optional()?;
        if let Some(last) = last {
            return Ok(if last == sha256 { EntryKnown::SameText } else { EntryKnown::OtherText });
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM feed_entry WHERE url = ?1 AND capture_id < ?2)
                 OR EXISTS (SELECT 1 FROM capture WHERE url = ?1 AND id < ?2)",
        )?;
        let known: bool = statement.query_row(params![url, before], |row| row.get(0))?;
        Ok(if known { EntryKnown::OtherText } else { EntryKnown::No })
    }

    /// Keeps that a capture of a feed brought this text of an entry. False where it is known already: by this capture, or
    /// by an earlier one of the same feed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_entry(&self, feed: &str, entry: &FeedEntryText) -> Result<bool, StoreError> {
        if self.entry_known(feed, &entry.url, &entry.sha256, Some(entry.capture))? == EntryKnown::SameText {
            return Ok(false);
        }
        let added = self.execute(
            "INSERT INTO feed_entry (capture_id, url, sha256) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![entry.capture.0, entry.url, entry.sha256],
        )?;
        Ok(added > 0)
    }

    /// Whether an address was captured as a page, or read from a feed, after this capture: what that one holds of it is no
    /// longer what the address says.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn is_overtaken(&self, url: &str, capture: CaptureId) -> Result<bool, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM feed_entry WHERE url = ?1 AND capture_id > ?2)
                 OR EXISTS (SELECT 1 FROM latest_response WHERE url = ?1 AND id > ?2 AND role IN ('page', 'attachment'))",
        )?;
        Ok(statement.query_row(params![url, capture.0], |row| row.get(0))?)
    }

    /// The feeds that an address was read from as an entry, by address.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn feeds_of(&self, url: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT c.url FROM feed_entry e JOIN capture c ON c.id = e.capture_id WHERE e.url = ?1 ORDER BY 1",
        )?;
        Ok(statement.query_map([url], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Says that all entries of a capture were looked at, and how many there were.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_entries(&self, capture: CaptureId, entries: u64) -> Result<(), StoreError> {
        self.execute("UPDATE capture SET entries = ?2 WHERE id = ?1", params![capture.0, integer(entries)?])?;
        Ok(())
    }

    /// The captures of feeds whose entries nobody has looked at though they were captured to be read, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn unread_feeds(&self) -> Result<Vec<StoredCapture>, StoreError> {
        self.captures_where(
            "FROM capture WHERE role = 'feed' AND entries IS NULL AND record_type = 'response' AND status = 200
             ORDER BY id",
            [],
        )
    }

    /// The latest whole answer of a source's feed, captured to be read or for its links alone: if nobody has looked at its
    /// entries, or `read` too.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn latest_feed(&self, source: &str, read: bool) -> Result<Option<StoredCapture>, StoreError> {
        let latest = self.captures_where(
            "FROM capture WHERE id = (SELECT max(id) FROM capture
                                      WHERE source = ?1 AND role IN ('feed', 'discovery') AND record_type = 'response'
                                        AND status = 200)
                            AND (?2 OR entries IS NULL)",
            params![source, read],
        )?;
        Ok(latest.into_iter().next())
    }

    /// The latest text of each entry that was read from a feed, by the captures that hold them, in their order.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn latest_entries(&self) -> Result<BTreeMap<CaptureId, Vec<FeedEntryText>>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT capture_id, url, sha256 FROM feed_entry e
             WHERE capture_id = (SELECT max(l.capture_id) FROM feed_entry l WHERE l.url = e.url)
             ORDER BY capture_id, url",
        )?;
        let mut rows = statement.query([])?;
        let mut entries: BTreeMap<CaptureId, Vec<FeedEntryText>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let capture = CaptureId(row.get(0)?);
            let entry = FeedEntryText { capture, url: row.get(1)?, sha256: row.get(2)? };
            entries.entry(capture).or_default().push(entry);
        }
        Ok(entries)
    }
}
