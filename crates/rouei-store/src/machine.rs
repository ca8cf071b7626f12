use std::collections::BTreeMap;

use jiff::civil::Date;
use rouei_model::{Bound, CauseCode, CountScope, DatePrecision, Derivation, Undisclosed};
use rusqlite::Row;
use serde::Serialize;

use crate::{
    Store, StoreError,
    codes::{code_opt, natural_opt, parse_date},
};

/// What the machine read of one record, beside [`crate::DisclosureRow`], which says what stands. The field names of
/// the serialised form begin with `machine_`, so that both fit in one flat row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MachineValues {
    /// The victim, as written.
    #[serde(rename = "machine_organization")]
    pub organization: Option<String>,
    /// The headline count; null is unknown, never 0.
    #[serde(rename = "machine_headline_value")]
    pub headline_value: Option<u64>,
    /// Its unit.
    #[serde(rename = "machine_headline_unit")]
    pub headline_unit: Option<String>,
    /// How it bounds the truth.
    #[serde(rename = "machine_headline_bound")]
    pub headline_bound: Option<Bound>,
    /// Whether it is approximate.
    #[serde(rename = "machine_headline_approx")]
    pub headline_approx: Option<bool>,
    /// 延べ; null for a sum, and where there is no headline count.
    #[serde(rename = "machine_headline_cumulative")]
    pub headline_cumulative: Option<bool>,
    /// Feared or established.
    #[serde(rename = "machine_headline_scope")]
    pub headline_scope: Option<CountScope>,
    /// The rule that chose it.
    #[serde(rename = "machine_headline_derived")]
    pub headline_derived: Option<Derivation>,
    /// Why the page gives no figure, where it says so of the whole (not of cards, not of a part).
    #[serde(rename = "machine_undisclosed")]
    pub undisclosed: Option<Undisclosed>,
    /// The main cause.
    #[serde(rename = "machine_cause")]
    pub cause: Option<CauseCode>,
    /// First day of the announcement.
    #[serde(rename = "machine_announced_from")]
    pub announced_from: Option<Date>,
    /// Last day of the announcement.
    #[serde(rename = "machine_announced_to")]
    pub announced_to: Option<Date>,
    /// How exactly it is known.
    #[serde(rename = "machine_announced_precision")]
    pub announced_precision: Option<DatePrecision>,
    /// First day that it happened.
    #[serde(rename = "machine_occurred_from")]
    pub occurred_from: Option<Date>,
    /// Last day that it happened.
    #[serde(rename = "machine_occurred_to")]
    pub occurred_to: Option<Date>,
    /// First day that it was noticed.
    #[serde(rename = "machine_discovered_from")]
    pub discovered_from: Option<Date>,
    /// Last day that it was noticed.
    #[serde(rename = "machine_discovered_to")]
    pub discovered_to: Option<Date>,
}

impl Store {
    /// What the machine read of every record, by identifier.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn machine_values(&self) -> Result<BTreeMap<String, MachineValues>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.id, d.organization, d.headline_value, d.headline_unit, d.headline_bound, d.headline_approx,
                    c.cumulative, d.headline_scope, d.headline_derived,
                    (SELECT u.undisclosed FROM count_claim u
                     WHERE u.disclosure_id = d.id AND u.undisclosed IS NOT NULL AND u.value IS NULL
                       AND u.part_of IS NULL AND u.subject <> 'card'
                     ORDER BY u.ordinal LIMIT 1),
                    d.cause, d.announced_from, d.announced_to, d.announced_precision, d.occurred_from, d.occurred_to,
                    d.discovered_from, d.discovered_to
             FROM disclosure d
             LEFT JOIN count_claim c ON c.disclosure_id = d.id AND c.id = d.headline_claim
             ORDER BY d.id",
        )?;
        let mut rows = statement.query([])?;
        let mut values = BTreeMap::new();
        while let Some(row) = rows.next()? {
            values.insert(row.get(0)?, read(row)?);
        }
        Ok(values)
    }
}

fn read(row: &Row<'_>) -> Result<MachineValues, StoreError> {
    Ok(MachineValues {
        organization: row.get(1)?,
        headline_value: natural_opt(row.get(2)?)?,
        headline_unit: row.get(3)?,
        headline_bound: code_opt(row.get(4)?)?,
        headline_approx: row.get(5)?,
        headline_cumulative: row.get(6)?,
        headline_scope: code_opt(row.get(7)?)?,
        headline_derived: code_opt(row.get(8)?)?,
        undisclosed: code_opt(row.get(9)?)?,
        cause: code_opt(row.get(10)?)?,
        announced_from: parse_date(row.get(11)?)?,
        announced_to: parse_date(row.get(12)?)?,
        announced_precision: code_opt(row.get(13)?)?,
        occurred_from: parse_date(row.get(14)?)?,
        occurred_to: parse_date(row.get(15)?)?,
        discovered_from: parse_date(row.get(16)?)?,
        discovered_to: parse_date(row.get(17)?)?,
    })
}
