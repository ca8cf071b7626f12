use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use crate::{
    Store, StoreError,
    codes::{integer, parse_time_opt, time},
};

/// Number of a run in this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub i64);

/// How many addresses of a source went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceCounts {
    /// Found by discovery.
    pub found: u64,
    /// Fetched for the first time.
    pub new: u64,
    /// Fetched with another content than before.
    pub changed: u64,
    /// The same as before.
    pub unchanged: u64,
    /// Not fetched, by an error.
    pub failed: u64,
    /// Not fetched or not kept, by a rule (robots.txt, address, type).
    pub rejected: u64,
}

/// Why something was not fetched or not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceReason {
    /// Rejected by a rule, or failed.
    pub rejected: bool,
    /// Address, where it is about one.
    pub url: Option<String>,
    /// One sentence.
    pub reason: String,
}

/// What a run did at one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// The figures.
    pub counts: SourceCounts,
    /// The reasons of what failed and was rejected.
    pub reasons: Vec<SourceReason>,
}

/// What is known of a source from one run to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceState {
    /// When it was visited last.
    pub last_run: Option<Timestamp>,
    /// When its discovery worked last.
    pub last_success: Option<Timestamp>,
    /// When it last yielded something new.
    pub last_new: Option<Timestamp>,
    /// When it should be visited next.
    pub next_due: Option<Timestamp>,
    /// Runs in a row that failed.
    pub failures: u32,
    /// What the last failure said.
    pub last_error: Option<String>,
}

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn begin_run(&self, command: &str, started: Timestamp) -> Result<RunId, StoreError> {
        self.execute("INSERT INTO run (command, started) VALUES (?1, ?2)", params![command, time(started)])?;
        Ok(RunId(self.connection.last_insert_rowid()))
    }

    /// Ends a run.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Sql`].
    pub fn end_run(&self, run: RunId, ended: Timestamp, exit_code: u8) -> Result<(), StoreError> {
        let updated = self.execute(
            "UPDATE run SET ended = ?2, exit_code = ?3 WHERE id = ?1",
            params![run.0, time(ended), exit_code],
        )?;
        if updated == 0 {
            return Err(StoreError::NotFound { what: "run", id: run.0.to_string() });
        }
        Ok(())
    }

    /// When the runs of a command began that have not ended since the last one that did; none where the last run ended.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn interrupted_since(&self, command: &str) -> Result<Option<Timestamp>, StoreError> {
        let started: Option<String> = self.connection.query_row(
            "SELECT min(started) FROM run
             WHERE command = ?1 AND ended IS NULL
               AND id > coalesce((SELECT max(id) FROM run WHERE command = ?1 AND ended IS NOT NULL), 0)",
            [command],
            |row| row.get(0),
        )?;
        parse_time_opt(started)
    }

    /// Keeps what a run did at a source, in place of what was kept for the two before.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_source_report(&self, run: RunId, report: &SourceReport) -> Result<(), StoreError> {
        self.in_transaction(|store| {
            let c = &report.counts;
            store.execute("DELETE FROM run_reason WHERE run_id = ?1 AND source = ?2", params![run.0, report.source])?;
            store.execute(
                "INSERT OR REPLACE INTO run_source (run_id, source, found, new, changed, unchanged, failed, rejected)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    run.0,
                    report.source,
                    integer(c.found)?,
                    integer(c.new)?,
                    integer(c.changed)?,
                    integer(c.unchanged)?,
                    integer(c.failed)?,
                    integer(c.rejected)?,
                ],
            )?;
            for (i, reason) in report.reasons.iter().enumerate() {
                let outcome = if reason.rejected { "rejected" } else { "failed" };
                store.execute(
                    "INSERT INTO run_reason (run_id, source, ordinal, outcome, url, reason)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![run.0, report.source, i as i64, outcome, reason.url, reason.reason],
                )?;
            }
            Ok(())
        })
    }

    /// What is known of a source. None if it was never visited.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn source_state(&self, source: &str) -> Result<Option<SourceState>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT last_run, last_success, last_new, next_due, failures, last_error FROM source_state WHERE source = ?1",
        )?;
        let row = statement
            .query_row([source], |row| {
                let times: [Option<String>; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
                Ok((times, row.get(4)?, row.get(5)?))
            })
            .optional()?;
        let Some((times, failures, last_error)) = row else { return Ok(None) };
        let [last_run, last_success, last_new, next_due] = times.map(parse_time_opt);
        Ok(Some(SourceState {
            last_run: last_run?,
            last_success: last_success?,
            last_new: last_new?,
            next_due: next_due?,
            failures,
            last_error,
        }))
    }

    /// Keeps what is known of a source.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_source_state(&self, source: &str, state: &SourceState) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO source_state (source, last_run, last_success, last_new, next_due, failures, last_error)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                source,
                state.last_run.map(time),
                state.last_success.map(time),
                state.last_new.map(time),
                state.next_due.map(time),
                state.failures,
                state.last_error,
            ],
        )?;
        Ok(())
    }
}
