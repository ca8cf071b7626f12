use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use crate::{
    Store, StoreError,
    codes::{parse_time, parse_time_opt, time},
};

/// Something that is wrong with a source and lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// Number in this database.
    pub id: i64,
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// What kind of trouble.
    pub kind: String,
    /// When it was noticed first.
    pub since: Timestamp,
    /// One sentence, as it was seen last.
    pub message: String,
    /// What makes it another trouble of the same kind.
    #[serde(skip)]
    pub signature: String,
    /// When it was told last; none while nobody could be told.
    pub told: Option<Timestamp>,
}

impl Store {
    /// What lasts, by source and kind.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn lasting_alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, source, kind, since, message, signature, told FROM alarm WHERE ended IS NULL
             ORDER BY source, kind",
        )?;
        let mut rows = statement.query([])?;
        let mut alarms = Vec::new();
        while let Some(row) = rows.next()? {
            alarms.push(Alarm {
                id: row.get(0)?,
                source: row.get(1)?,
                kind: row.get(2)?,
                since: parse_time(&row.get::<_, String>(3)?)?,
                message: row.get(4)?,
                signature: row.get(5)?,
                told: parse_time_opt(row.get(6)?)?,
            });
        }
        Ok(alarms)
    }

    /// Keeps an alarm: a new one where none of its source and kind lasts, else what it says now. `since` counts for a
    /// new one only.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn raise_alarm(
        &self,
        source: &str,
        kind: &str,
        since: Timestamp,
        message: &str,
        signature: &str,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO alarm (source, kind, since, message, signature) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (source, kind) WHERE ended IS NULL
             DO UPDATE SET message = excluded.message, signature = excluded.signature",
            params![source, kind, time(since), message, signature],
        )?;
        Ok(())
    }

    /// Notes that the alarm of this source and kind was told.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn told_alarm(&self, source: &str, kind: &str, told: Timestamp) -> Result<(), StoreError> {
        self.execute(
            "UPDATE alarm SET told = ?3 WHERE source = ?1 AND kind = ?2 AND ended IS NULL",
            params![source, kind, time(told)],
        )?;
        Ok(())
    }

    /// Ends the alarm of this source and kind.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn end_alarm(&self, source: &str, kind: &str, ended: Timestamp) -> Result<(), StoreError> {
        self.execute(
            "UPDATE alarm SET ended = ?3 WHERE source = ?1 AND kind = ?2 AND ended IS NULL",
            params![source, kind, time(ended)],
        )?;
        Ok(())
    }
}
