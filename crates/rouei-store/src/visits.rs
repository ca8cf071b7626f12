use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use crate::{
    CaptureId, Store, StoreError,
    codes::{parse_time, parse_time_opt, time},
};

/// One look at an address or at a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastVisit {
    /// When.
    pub at: Timestamp,
    /// It brought something that was not there before.
    pub changed: bool,
}

/// A page that holds a disclosure, as discovery had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosingPage {
    /// Its address.
    pub url: String,
    /// The title beside the link.
    pub link_title: Option<String>,
    /// The date beside the link.
    pub link_date: Option<String>,
    /// The page that the link stood on.
    pub found_on: Option<String>,
    /// A file linked from a page.
    pub attachment: bool,
}

/// How many pages of a source turned out to be something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignCount {
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// `soft_404`, `cookie_wall`, …
    pub sign: String,
    /// Captures.
    pub captures: u64,
    /// The latest of them.
    pub last_url: String,
    /// When it was captured.
    pub last: Option<Timestamp>,
}

impl Store {
    /// The last answers of an address below status 400, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn visits_of_address(&self, url: &str, at_most: usize) -> Result<Vec<PastVisit>, StoreError> {
        self.visits(
            "SELECT captured, record_type = 'response' FROM capture WHERE url = ?1 AND status < 400
             ORDER BY id DESC LIMIT ?2",
            url,
            at_most,
        )
    }

    /// The last crawls of a source, oldest first; one that failed wholly brought nothing.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn visits_of_source(&self, source: &str, at_most: usize) -> Result<Vec<PastVisit>, StoreError> {
        self.visits(
            "SELECT r.started, s.new + s.changed > 0 FROM run_source s JOIN run r ON r.id = s.run_id
             WHERE s.source = ?1 AND r.command = 'crawl' ORDER BY r.id DESC LIMIT ?2",
            source,
            at_most,
        )
    }

    /// The pages and files of a source whose latest answer holds a record that stands, by address.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn disclosing_pages(&self, source: &str) -> Result<Vec<DisclosingPage>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.url, c.link_title, c.link_date, c.found_on, c.role = 'attachment'
             FROM document p JOIN capture c ON c.id = p.capture_id
             WHERE c.source = ?1 AND c.role IN ('page', 'attachment')
               AND EXISTS (SELECT 1 FROM disclosure d WHERE d.document_id = p.id AND NOT d.withdrawn)
             ORDER BY c.url",
        )?;
        let pages = statement.query_map([source], |row| {
            Ok(DisclosingPage {
                url: row.get(0)?,
                link_title: row.get(1)?,
                link_date: row.get(2)?,
                found_on: row.get(3)?,
                attachment: row.get(4)?,
            })
        })?;
        Ok(pages.collect::<Result<_, _>>()?)
    }

    /// Puts title and date of a link in the place of those that are kept beside the captures of its target, as far as
    /// they came from this page at that time or later. What is none stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn correct_link(
        &self,
        page: &str,
        target: &str,
        from: Timestamp,
        title: Option<&str>,
        date: Option<&str>,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE capture SET link_title = coalesce(?4, link_title), link_date = coalesce(?5, link_date)
             WHERE url = ?2 AND found_on = ?1 AND captured >= ?3
               AND ((?4 IS NOT NULL AND link_title IS NOT ?4) OR (?5 IS NOT NULL AND link_date IS NOT ?5))
               AND NOT EXISTS (SELECT 1 FROM withdrawn_address w WHERE w.url = ?2)",
            params![page, target, time(from), title, date],
        )?;
        Ok(())
    }

    /// Says that a capture is no page, or (none) that it is one after all.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_page_sign(&self, capture: CaptureId, sign: Option<&str>) -> Result<(), StoreError> {
        self.execute(
            "UPDATE capture SET page_sign = ?2 WHERE id = ?1 AND page_sign IS NOT ?2",
            params![capture.0, sign],
        )?;
        Ok(())
    }

    /// What pages turned out to be instead, by source and sign.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn page_signs(&self) -> Result<Vec<SignCount>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT source, page_sign, count(*), url, max(captured) FROM capture WHERE page_sign IS NOT NULL
             GROUP BY source, page_sign ORDER BY source, page_sign",
        )?;
        let mut rows = statement.query([])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push(SignCount {
                source: row.get(0)?,
                sign: row.get(1)?,
                captures: row.get::<_, i64>(2)?.unsigned_abs(),
                last_url: row.get(3)?,
                last: parse_time_opt(row.get(4)?)?,
            });
        }
        Ok(counts)
    }

    fn visits(&self, sql: &str, of: &str, at_most: usize) -> Result<Vec<PastVisit>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![of, at_most as i64])?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(PastVisit { at: parse_time(&row.get::<_, String>(0)?)?, changed: row.get(1)? });
        }
        visits.reverse();
        Ok(visits)
    }
}
