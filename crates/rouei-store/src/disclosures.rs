use jiff::{Timestamp, civil::Date};
use rouei_model::{
    Bound, CauseCode, CountScope, DataState, DatePrecision, Derivation, Disclosure, DocumentKind, Event, LeakStatus,
    Review, SourceTier, Stage,
};
use rusqlite::{Row, ToSql};
use serde::Serialize;

use crate::{
    Store, StoreError, StoredDocument,
    codes::{code, code_opt, natural_opt, parse_date, parse_time_opt},
};

/// A record as it stands: the machine's values under the latest decisions. One row of an export.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisclosureRow {
    /// [`Disclosure::id`].
    pub id: String,
    /// [`rouei_model::DocumentRecord::id`].
    pub document_id: String,
    /// Source that the page came from; null for a file.
    pub source: Option<String>,
    /// Address of the page.
    pub url: Option<String>,
    /// Path of the file.
    pub path: Option<String>,
    /// Title of the page.
    pub title: Option<String>,
    /// Who publishes the page.
    pub publisher: Option<String>,
    /// When the page was published.
    pub published: Option<Date>,
    /// When it was fetched.
    pub captured: Option<Timestamp>,
    /// Genre of the page.
    pub kind: DocumentKind,
    /// Who speaks.
    pub source_tier: SourceTier,
    /// The victim, as written or as corrected.
    pub organization: Option<String>,
    /// The victim, normalised.
    pub organization_canonical: Option<String>,
    /// The headline count; null is unknown, never 0.
    pub headline_value: Option<u64>,
    /// Its unit.
    pub headline_unit: Option<String>,
    /// How it bounds the truth.
    pub headline_bound: Option<Bound>,
    /// Whether it is approximate.
    pub headline_approx: Option<bool>,
    /// Feared or established.
    pub headline_scope: Option<CountScope>,
    /// The rule that chose it; null for a correction.
    pub headline_derived: Option<Derivation>,
    /// The main cause.
    pub cause: Option<CauseCode>,
    /// First day of the announcement.
    pub announced_from: Option<Date>,
    /// Last day of the announcement.
    pub announced_to: Option<Date>,
    /// How exactly it is known.
    pub announced_precision: Option<DatePrecision>,
    /// First day that it happened.
    pub occurred_from: Option<Date>,
    /// Last day that it happened.
    pub occurred_to: Option<Date>,
    /// How exactly it is known.
    pub occurred_precision: Option<DatePrecision>,
    /// First day that it was noticed.
    pub discovered_from: Option<Date>,
    /// Last day that it was noticed.
    pub discovered_to: Option<Date>,
    /// How exactly it is known.
    pub discovered_precision: Option<DatePrecision>,
    /// Whether payment cards are among the data.
    pub card_data: Option<DataState>,
    /// Whether data left.
    pub leak_status: Option<LeakStatus>,
    /// What the document tells of.
    pub event: Event,
    /// Which report it is.
    pub stage: Stage,
    /// Probability that the machine's record is right.
    pub confidence: f64,
    /// The machine asks for a person.
    pub needs_review: bool,
    /// The page does not yield it any more; kept for its reviews.
    pub withdrawn: bool,
    /// A reviewer said that it is no disclosure.
    pub rejected: bool,
    /// A decision stands.
    pub decided: bool,
    /// The machine has read something else since the decision.
    pub outdated: bool,
    /// The day that places it in a month: announced, else published, else fetched (Asia/Tokyo).
    pub placed: Option<Date>,
}

/// Everything about one record.
#[derive(Clone, Debug, PartialEq)]
pub struct FullDisclosure {
    /// As it stands.
    pub row: DisclosureRow,
    /// As the machine read it.
    pub machine: Disclosure,
    /// The document, with its text.
    pub document: StoredDocument,
    /// Every decision ever made on it, oldest first, those taken back too.
    pub reviews: Vec<Review>,
}

/// Which records. The default is all that stand: neither rejected nor withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisclosureFilter {
    /// Year and month (1 to 12) that a record is placed in.
    pub month: Option<(i16, i8)>,
    /// From one source.
    pub source: Option<String>,
    /// Whose organization, as it stands or normalised, contains this.
    pub organization: Option<String>,
    /// Those that a reviewer rejected, too.
    pub with_rejected: bool,
    /// Those that their page does not yield any more, too.
    pub with_withdrawn: bool,
    /// At most so many.
    pub limit: Option<u32>,
}

pub(crate) const COLUMNS: &str = "id, document_id, source, url, path, title, publisher, published, captured, kind, \
    source_tier, organization, organization_canonical, headline_value, headline_unit, headline_bound, headline_approx, \
    headline_scope, headline_derived, cause, announced_from, announced_to, announced_precision, occurred_from, \
    occurred_to, occurred_precision, discovered_from, discovered_to, discovered_precision, card_data, leak_status, \
    event, stage, confidence, needs_review, withdrawn, rejected, decided, outdated, placed";

impl Store {
    /// The records that the filter lets through, by the day that places them, address, place in the document, id.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn disclosures(&self, filter: &DisclosureFilter) -> Result<Vec<DisclosureRow>, StoreError> {
        let month = filter.month.map(|(year, month)| format!("{year:04}-{month:02}"));
        self.rows(
            "WHERE (?1 IS NULL OR substr(placed, 1, 7) = ?1)
               AND (?2 IS NULL OR source = ?2)
               AND (?3 IS NULL OR instr(organization, ?3) OR instr(organization_canonical, ?3))
               AND (?4 OR NOT rejected) AND (?5 OR NOT withdrawn)
             ORDER BY placed, ifnull(url, path), ordinal, id LIMIT ifnull(?6, -1)",
            &[
                &month,
                &filter.source,
                &filter.organization,
                &filter.with_rejected,
                &filter.with_withdrawn,
                &filter.limit,
            ],
        )
    }

    /// What an export holds: every record that stands.
    ///
    /// # Errors
    /// As [`Store::disclosures`].
    pub fn export_rows(&self) -> Result<Vec<DisclosureRow>, StoreError> {
        self.disclosures(&DisclosureFilter::default())
    }

    /// Everything about one record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn disclosure(&self, id: &str) -> Result<FullDisclosure, StoreError> {
        let not_found = || StoreError::NotFound { what: "disclosure", id: id.into() };
        let row = self.rows("WHERE id = ?1", &[&id])?.pop().ok_or_else(not_found)?;
        let (machine, _) = self.machine_disclosure(id)?;
        let document = self.document(&row.document_id)?.ok_or_else(not_found)?;
        let reviews = self.reviews(id)?;
        Ok(FullDisclosure { row, machine, document, reviews })
    }

    /// What a reviewer should look at, least confident first: what the machine asks about and nobody decided, and what
    /// it reads differently since it was decided.
    ///
    /// # Errors
    /// As [`Store::disclosures`].
    pub fn review_queue(&self, limit: Option<u32>) -> Result<Vec<DisclosureRow>, StoreError> {
        self.rows(
            "WHERE NOT withdrawn AND ((needs_review AND NOT decided) OR (outdated AND NOT rejected))
             ORDER BY confidence, id LIMIT ifnull(?1, -1)",
            &[&limit],
        )
    }

    /// Every record that is not withdrawn, rejected ones too, least confident first.
    ///
    /// # Errors
    /// As [`Store::disclosures`].
    pub fn by_confidence(&self, limit: Option<u32>) -> Result<Vec<DisclosureRow>, StoreError> {
        self.rows("WHERE NOT withdrawn ORDER BY confidence, id LIMIT ifnull(?1, -1)", &[&limit])
    }

    /// The identifiers that begin with `prefix`, in their order; withdrawn and rejected records too.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn disclosure_ids(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM disclosure WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id")?;
        let ids = statement.query_map([prefix], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// Records that have reviews although their page does not yield them any more.
    ///
    /// # Errors
    /// As [`Store::disclosures`].
    pub fn withdrawn(&self) -> Result<Vec<DisclosureRow>, StoreError> {
        self.rows("WHERE withdrawn ORDER BY id", &[])
    }

    pub(crate) fn rows(&self, rest: &str, params: &[&dyn ToSql]) -> Result<Vec<DisclosureRow>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM current_disclosure {rest}"))?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }
}

fn read(row: &Row<'_>) -> Result<DisclosureRow, StoreError> {
    Ok(DisclosureRow {
        id: row.get(0)?,
        document_id: row.get(1)?,
        source: row.get(2)?,
        url: row.get(3)?,
        path: row.get(4)?,
        title: row.get(5)?,
        publisher: row.get(6)?,
        published: parse_date(row.get(7)?)?,
        captured: parse_time_opt(row.get(8)?)?,
        kind: code(&row.get::<_, String>(9)?)?,
        source_tier: code(&row.get::<_, String>(10)?)?,
        organization: row.get(11)?,
        organization_canonical: row.get(12)?,
        headline_value: natural_opt(row.get(13)?)?,
        headline_unit: row.get(14)?,
        headline_bound: code_opt(row.get(15)?)?,
        headline_approx: row.get(16)?,
        headline_scope: code_opt(row.get(17)?)?,
        headline_derived: code_opt(row.get(18)?)?,
        cause: code_opt(row.get(19)?)?,
        announced_from: parse_date(row.get(20)?)?,
        announced_to: parse_date(row.get(21)?)?,
        announced_precision: code_opt(row.get(22)?)?,
        occurred_from: parse_date(row.get(23)?)?,
        occurred_to: parse_date(row.get(24)?)?,
        occurred_precision: code_opt(row.get(25)?)?,
        discovered_from: parse_date(row.get(26)?)?,
        discovered_to: parse_date(row.get(27)?)?,
        discovered_precision: code_opt(row.get(28)?)?,
        card_data: code_opt(row.get(29)?)?,
        leak_status: code_opt(row.get(30)?)?,
        event: code(&row.get::<_, String>(31)?)?,
        stage: code(&row.get::<_, String>(32)?)?,
        confidence: row.get(33)?,
        needs_review: row.get(34)?,
        withdrawn: row.get(35)?,
        rejected: row.get(36)?,
        decided: row.get(37)?,
        outdated: row.get(38)?,
        placed: parse_date(row.get(39)?)?,
    })
}
