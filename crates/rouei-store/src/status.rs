use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Store, StoreError,
    codes::{natural, parse_time, parse_time_opt},
};

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Responses in the archive.
    pub responses: u64,
    /// Revisits in the archive.
    pub revisits: u64,
    /// Documents read.
    pub documents: u64,
    /// Records that stand.
    pub disclosures: u64,
    /// Records that a reviewer rejected.
    pub rejected: u64,
    /// Records that their page does not yield any more, kept for their reviews.
    pub withdrawn: u64,
    /// Records that wait for a reviewer.
    pub to_review: u64,
    /// Decisions, those taken back too.
    pub reviews: u64,
    /// The latest run.
    pub last_run: Option<RunSummary>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// What ran.
    pub command: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; none while it runs and for one that died.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub exit_code: Option<u8>,
}

/// How the runs at one source went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceVisits {
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// When a run visited it last.
    pub last_run: Option<Timestamp>,
    /// When its discovery worked last; of a source without a state, when a run visited it last without a failure. One
    /// page that is gone does not make a source fail.
    pub last_success: Option<Timestamp>,
    /// When a run last failed at it, wholly or in part.
    pub last_failure: Option<Timestamp>,
    /// What the first failure of that run was.
    pub last_error: Option<String>,
}

impl Store {
    /// How the runs at each source went, by the names of the sources.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn source_visits(&self) -> Result<Vec<SourceVisits>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.source, max(r.started),
                    coalesce((SELECT t.last_success FROM source_state t WHERE t.source = s.source),
                             max(r.started) FILTER (WHERE s.failed = 0)),
                    max(r.started) FILTER (WHERE s.failed > 0),
                    (SELECT iif(e.url IS NULL, e.reason, e.url || ': ' || e.reason) FROM run_reason e
                     WHERE e.source = s.source AND e.outcome = 'failed' ORDER BY e.run_id DESC, e.ordinal LIMIT 1)
             FROM run_source s JOIN run r ON r.id = s.run_id
             GROUP BY s.source ORDER BY s.source",
        )?;
        let mut rows = statement.query([])?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(SourceVisits {
                source: row.get(0)?,
                last_run: parse_time_opt(row.get(1)?)?,
                last_success: parse_time_opt(row.get(2)?)?,
                last_failure: parse_time_opt(row.get(3)?)?,
                last_error: row.get(4)?,
            });
        }
        Ok(visits)
    }

    /// How much there is.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn status(&self) -> Result<Status, StoreError> {
        let count = |from: &str| -> Result<u64, StoreError> {
            natural(self.connection.query_row(&format!("SELECT count(*) FROM {from}"), [], |row| row.get(0))?)
        };
        let last_run = {
            let mut statement = self
                .connection
                .prepare_cached("SELECT command, started, ended, exit_code FROM run ORDER BY id DESC LIMIT 1")?;
            let mut rows = statement.query([])?;
            match rows.next()? {
                Some(row) => Some(RunSummary {
                    command: row.get(0)?,
                    started: parse_time(&row.get::<_, String>(1)?)?,
                    ended: parse_time_opt(row.get(2)?)?,
                    exit_code: row.get(3)?,
                }),
                None => None,
            }
        };
        Ok(Status {
            responses: count("capture WHERE record_type = 'response'")?,
            revisits: count("capture WHERE record_type = 'revisit'")?,
            documents: count("document")?,
            disclosures: count("current_disclosure WHERE NOT rejected AND NOT withdrawn")?,
            rejected: count("current_disclosure WHERE rejected AND NOT withdrawn")?,
            withdrawn: count("disclosure WHERE withdrawn")?,
            to_review: self.review_queue(None)?.len() as u64,
            reviews: count("review")?,
            last_run,
        })
    }
}
