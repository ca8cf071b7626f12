use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Store, StoreError,
    codes::{natural, parse_time_opt},
};

/// What was read of a month: without it a tally cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthUniverse {
    /// Documents by source, in the order of the sources' names; files come last.
    pub sources: Vec<SourceDocuments>,
    /// Documents of the month before.
    pub documents_before: u64,
    /// When a document was fetched last, of whatever month.
    pub last_captured: Option<Timestamp>,
}

/// The documents of one source that were published in the month; fetched, where no publication is known (Asia/Tokyo).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceDocuments {
    /// Identifier in `sources.yaml`; none for files.
    pub source: Option<String>,
    /// Who publishes, where all its documents say the same.
    pub publisher: Option<String>,
    /// Documents read.
    pub documents: u64,
    /// Documents with a record that stands.
    pub disclosing: u64,
}

impl Store {
    /// What was read of a month (1 to 12).
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn month_universe(&self, year: i16, month: i8) -> Result<MonthUniverse, StoreError> {
        const PLACED: &str = "substr(coalesce(d.published, date(d.captured, '+9 hours')), 1, 7) = ?1";
        let this = format!("{year:04}-{month:02}");
        let before = if month == 1 { format!("{:04}-12", year - 1) } else { format!("{year:04}-{:02}", month - 1) };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT c.source, iif(count(DISTINCT d.publisher) = 1, min(d.publisher), NULL), count(*),
                    count(*) FILTER (WHERE d.id IN (SELECT document_id FROM current_disclosure
                                                    WHERE NOT rejected AND NOT withdrawn))
             FROM document d LEFT JOIN capture c ON c.id = d.capture_id
             WHERE {PLACED} GROUP BY c.source ORDER BY c.source IS NULL, c.source"
        ))?;
        let mut rows = statement.query([&this])?;
        let mut sources = Vec::new();
        while let Some(row) = rows.next()? {
            sources.push(SourceDocuments {
                source: row.get(0)?,
                publisher: row.get(1)?,
                documents: natural(row.get(2)?)?,
                disclosing: natural(row.get(3)?)?,
            });
        }
        let documents_before = self.connection.query_row(
            &format!("SELECT count(*) FROM document d WHERE {PLACED}"),
            [&before],
            |row| row.get(0),
        )?;
        let last_captured = self.connection.query_row("SELECT max(captured) FROM document", [], |row| row.get(0))?;
        Ok(MonthUniverse {
            sources,
            documents_before: natural(documents_before)?,
            last_captured: parse_time_opt(last_captured)?,
        })
    }
}
