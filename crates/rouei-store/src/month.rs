use rouei_model::CauseCode;
use serde::Serialize;

use crate::{
    DisclosureRow, Store, StoreError,
    codes::{code_opt, natural},
};

/// What the monthly report tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthFigures {
    /// Year and month.
    pub month: (i16, i8),
    /// Incidents that were announced in the month: [`MonthFigures::all`] without follow-ups and without those that a
    /// roundup or a repost tells again.
    pub incidents: u64,
    /// The same of the month before.
    pub incidents_before: u64,
    /// The incidents by main cause, most frequent first, then in the order of the contract; every cause that one of
    /// the two months has.
    pub by_cause: Vec<CauseTally>,
    /// The incidents with the largest headline counts, at most ten, largest first. Units are not compared.
    pub largest: Vec<DisclosureRow>,
    /// The incidents in which payment cards leaked.
    pub cards: Vec<DisclosureRow>,
    /// Every record that is placed in the month and stands, by day: follow-ups, roundups and reposts too.
    pub all: Vec<DisclosureRow>,
}

/// How many incidents had a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CauseTally {
    /// The main cause; none where no cause was found.
    pub cause: Option<CauseCode>,
    /// In this month.
    pub count: u64,
    /// In the month before.
    pub before: u64,
}

/// What counts as an incident of a month.
pub(crate) const INCIDENT: &str = "NOT rejected AND NOT withdrawn AND event = 'incident'
    AND source_tier NOT IN ('roundup', 'repost')";

impl Store {
    /// The figures of a month (1 to 12), corrections included. A record belongs to the month in which it was
    /// announced; failing that published; failing that fetched (Asia/Tokyo).
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn month(&self, year: i16, month: i8) -> Result<MonthFigures, StoreError> {
        let this = format!("{year:04}-{month:02}");
        let before = if month == 1 { format!("{:04}-12", year - 1) } else { format!("{year:04}-{:02}", month - 1) };

        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT cause, count(*) FILTER (WHERE substr(placed, 1, 7) = ?1),
                    count(*) FILTER (WHERE substr(placed, 1, 7) = ?2)
             FROM current_disclosure
             WHERE {INCIDENT} AND substr(placed, 1, 7) IN (?1, ?2)
             GROUP BY cause"
        ))?;
        let mut rows = statement.query([&this, &before])?;
        let mut by_cause = Vec::new();
        while let Some(row) = rows.next()? {
            let (count, before) = (natural(row.get(1)?)?, natural(row.get(2)?)?);
            by_cause.push(CauseTally { cause: code_opt(row.get(0)?)?, count, before });
        }
        // Vocabulary order is not known to SQL; unknown causes come last among equals.
        by_cause.sort_by_key(|t: &CauseTally| (std::cmp::Reverse(t.count), t.cause.is_none(), t.cause));

        let largest = format!(
            "WHERE {INCIDENT} AND substr(placed, 1, 7) = ?1 AND headline_value IS NOT NULL
             ORDER BY headline_value DESC, placed, id LIMIT 10"
        );
        let cards =
            format!("WHERE {INCIDENT} AND substr(placed, 1, 7) = ?1 AND card_data = 'leaked' ORDER BY placed, id");
        let all = "WHERE NOT rejected AND NOT withdrawn AND substr(placed, 1, 7) = ?1
                   ORDER BY placed, ifnull(url, path), ordinal, id";
        Ok(MonthFigures {
            month: (year, month),
            incidents: by_cause.iter().map(|t| t.count).sum(),
            incidents_before: by_cause.iter().map(|t| t.before).sum(),
            by_cause,
            largest: self.rows(&largest, &[&this])?,
            cards: self.rows(&cards, &[&this])?,
            all: self.rows(all, &[&this])?,
        })
    }
}
