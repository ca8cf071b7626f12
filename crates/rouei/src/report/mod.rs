//! The monthly report: figures out of the store, told in Japanese, as Markdown and as HTML.
//!
//! [`MonthReport`] holds every line as plain text; [`markdown`] and [`html`] escape and lay out, and decide nothing.
//! Nothing of a page is shown but organization, figures, cause, dates and a link: titles and quotations may hold names
//! of private persons.

mod coding;
mod entry;
pub mod html;
mod incident;
pub mod markdown;
mod notes;
mod words;

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};
use rouei_model::{CauseCode, Coding};
use rouei_store::{DisclosureFilter, Store};

use crate::incidents::{Incidents, KnownIncident};

pub use entry::{Entry, MarkKind, count_text};
pub use incident::{count_of, entry_of, figure_text};
pub use words::{Words, grouped};

/// Everything that the report of a month says, in the words in which it says it, unescaped.
#[derive(Clone, Debug)]
pub struct MonthReport {
    /// `2025年4月`.
    pub title: String,
    /// First and last day of the month.
    pub period: (Date, Date),
    /// Day (Asia/Tokyo) of the latest capture in the database.
    pub as_of: Option<Date>,
    /// The latest capture is older than the end of the month.
    pub partial: bool,
    /// What was read.
    pub sources: Vec<SourceLine>,
    /// Documents read of the month.
    pub documents: String,
    /// Incidents of the month.
    pub incidents: String,
    /// Change against the month before in a sentence, or why there is none.
    pub change: String,
    /// Incidents of the month before; none where that month was not read.
    pub before: Option<String>,
    /// Difference, with its sign.
    pub difference: String,
    /// Incidents by main cause.
    pub causes: Vec<CauseLine>,
    /// Whose classes the causes are told in, and whether the report keeps to what that counting counts; of our own, nothing.
    pub coding: Vec<String>,
    /// The largest, at most ten.
    pub largest: Vec<Entry>,
    /// The incidents in which payment cards leaked.
    pub cards: Vec<Entry>,
    /// Every incident of the month, each once.
    pub listed: Vec<Entry>,
    /// Follow-ups, corrections, sanctions and so on.
    pub later: Vec<Entry>,
    /// Every record of the month.
    pub all: Vec<Entry>,
    /// What is uncertain.
    pub doubts: Doubts,
}

/// What was read of one source.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// Publisher and identifier.
    pub name: String,
    /// Documents read.
    pub documents: String,
    /// Those with a record.
    pub disclosing: String,
}

/// Incidents of one cause.
#[derive(Clone, Debug)]
pub struct CauseLine {
    /// Name of the cause.
    pub label: String,
    /// In this month.
    pub count: u64,
    /// Share of this month's incidents, as `12.5%`.
    pub share: String,
    /// In the month before; none where that month was not read.
    pub before: Option<u64>,
    /// Difference, with its sign.
    pub change: String,
    /// Length of the bar, in per cent of the longest.
    pub bar: u64,
}

/// How many records of the month are uncertain, and in what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubts {
    /// Wait for a reviewer.
    pub to_review: usize,
    /// Are placed in the month by publication or capture, not by a stated announcement.
    pub placed_otherwise: usize,
    /// Have no headline count.
    pub without_count: usize,
    /// Hold a value that a reviewer corrected.
    pub corrected: usize,
    /// Tell of an incident that no month counts.
    pub outside: usize,
    /// Tell of an incident that another month counts.
    pub elsewhere: usize,
}

impl MonthReport {
    /// Reads the figures of a month (1 to 12), the causes in our classes or in those of another counting.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read(
        store: &Store,
        incidents: &Incidents,
        (year, month): (i16, i8),
        coding: Option<Coding>,
        words: &Words,
    ) -> anyhow::Result<Self> {
        let universe = store.month_universe(year, month)?;
        let rows =
            store.disclosures(&DisclosureFilter { month: Some((year, month)), ..DisclosureFilter::default() })?;
        let first = Date::new(year, month, 1)?;
        let last = first.last_of_month();
        let earlier = first.yesterday()?;
        let now = incidents.of_month(year, month);
        let before = incidents.of_month(earlier.year(), earlier.month());
        let tally = Tally {
            now: now.len() as u64,
            before: before.len() as u64,
            compared: !before.is_empty() || universe.documents_before > 0,
        };
        let entry = |incident: &&KnownIncident| incident::entry_of(incidents, incident, words);
        let cards = now.iter().filter_map(|incident| {
            let cards = incident::cards_of(incidents, incident, words)?;
            Some(Entry { cards, ..entry(incident)? })
        });
        let recorded = rows.iter().filter_map(|row| {
            let telling = incidents.telling(&row.id)?;
            Some((entry::is_later(row), incident::record_of(incidents, row, telling, (year, month), words)))
        });
        let recorded: Vec<(bool, Entry)> = recorded.collect();
        let as_of = universe.last_captured.map(|t| t.to_zoned(tokyo()).date());
        let count = |test: fn(&Entry) -> bool| recorded.iter().filter(|(_, e)| test(e)).count();
        Ok(Self {
            title: format!("{year}年{month}月"),
            period: (first, last),
            as_of,
            partial: as_of.is_some_and(|day| day <= last),
            sources: universe.sources.iter().map(SourceLine::of).collect(),
            documents: grouped(universe.sources.iter().map(|s| s.documents).sum()),
            incidents: grouped(tally.now),
            change: tally.change(),
            before: tally.compared.then(|| grouped(tally.before)),
            difference: tally.difference(tally.now, tally.before),
            causes: cause_lines(incidents, (&now, &before), &tally, coding, words),
            coding: coding.map_or_else(Vec::new, |coding| coding::notes(incidents, &now, coding, words)),
            largest: largest(incidents, &now).into_iter().filter_map(|i| entry(&i)).collect(),
            cards: cards.collect(),
            listed: now.iter().filter_map(entry).collect(),
            doubts: Doubts {
                to_review: count(|e| e.has(MarkKind::ToReview)),
                placed_otherwise: count(|e| e.date_basis.is_some()),
                without_count: count(|e| !e.counted),
                corrected: count(|e| e.has(MarkKind::Corrected)),
                outside: count(|e| e.has(MarkKind::Outside)),
                elsewhere: count(|e| e.has(MarkKind::Elsewhere)),
            },
            later: recorded.iter().filter(|(later, _)| *later).map(|(_, e)| e.clone()).collect(),
            all: recorded.into_iter().map(|(_, e)| e).collect(),
        })
    }
}

impl SourceLine {
    fn of(source: &rouei_store::SourceDocuments) -> Self {
        let id = source.source.as_deref().unwrap_or("ファイル");
        Self {
            name: source.publisher.as_ref().map_or_else(|| id.to_owned(), |p| format!("{p}（{id}）")),
            documents: grouped(source.documents),
            disclosing: grouped(source.disclosing),
        }
    }
}

/// How many incidents, against the month before.
struct Tally {
    now: u64,
    before: u64,
    /// A month of which nothing was read cannot be compared with.
    compared: bool,
}

impl Tally {
    fn change(&self) -> String {
        if !self.compared {
            return "前月の文書を取得していないため、比較していません".to_owned();
        }
        let signed = signed(self.now, self.before);
        if self.before == 0 {
            return format!("前月0件、{signed}件");
        }
        format!("前月{}件、{signed}件（{}）", grouped(self.before), percent_change(self.now, self.before))
    }

    fn difference(&self, now: u64, before: u64) -> String {
        if self.compared { signed(now, before) } else { "—".to_owned() }
    }
}

/// At most ten, by the figure that was announced first: a month ranks as announced.
fn largest<'a>(incidents: &Incidents, now: &[&'a KnownIncident]) -> Vec<&'a KnownIncident> {
    let value = |incident: &KnownIncident| incidents.counted_first_by(incident).and_then(|t| t.row.headline_value);
    let mut ranked: Vec<(u64, &KnownIncident)> = now.iter().filter_map(|i| Some((value(i)?, *i))).collect();
    // Stable, so that equals stand by day.
    ranked.sort_by_key(|(value, _)| std::cmp::Reverse(*value));
    ranked.into_iter().take(10).map(|(_, incident)| incident).collect()
}

/// Without a cause, without a place in the coding, which of our causes.
type Rank = (bool, bool, Option<CauseCode>);

fn cause_lines(
    incidents: &Incidents,
    (now, before): (&[&KnownIncident], &[&KnownIncident]),
    tally: &Tally,
    coding: Option<Coding>,
    words: &Words,
) -> Vec<CauseLine> {
    let class = |incident: &KnownIncident| {
        let cause = incidents.cause(incident);
        let label = match coding {
            Some(coding) => coding::label(cause, coding, words),
            None => words.cause(cause).to_owned(),
        };
        let placed = coding.is_none_or(|coding| coding::has_place(cause, coding));
        (label, (cause.is_none(), !placed, cause))
    };
    // Classes by their label, with the first of our causes that they hold.
    let mut counts: BTreeMap<String, (Rank, u64, u64)> = BTreeMap::new();
    for (incident, (now, before)) in now.iter().map(|i| (i, (1, 0))).chain(before.iter().map(|i| (i, (0, 1)))) {
        let (label, rank) = class(incident);
        let known = counts.entry(label).or_insert((rank, 0, 0));
        *known = (known.0.min(rank), known.1 + now, known.2 + before);
    }
    let mut counts: Vec<(String, (Rank, u64, u64))> = counts.into_iter().collect();
    // In the order of the contract among equals, those without a cause last.
    counts.sort_by_key(|(_, (rank, count, _))| (std::cmp::Reverse(*count), *rank));
    let longest = counts.iter().map(|(_, (_, count, _))| *count).max().unwrap_or(0).max(1);
    let line = |(label, (_, count, before)): (String, (Rank, u64, u64))| CauseLine {
        label,
        count,
        share: share(count, tally.now),
        before: tally.compared.then_some(before),
        change: tally.difference(count, before),
        bar: count * 100 / longest,
    };
    counts.into_iter().map(line).collect()
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn signed(now: u64, before: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", grouped(now - before)),
        std::cmp::Ordering::Less => format!("−{}", grouped(before - now)),
    }
}

fn percent_change(now: u64, before: u64) -> String {
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Equal => "±",
        std::cmp::Ordering::Greater => "+",
        std::cmp::Ordering::Less => "−",
    };
    format!("{sign}{}", share(now.abs_diff(before), before))
}

/// The zone in which announcements are dated: Japan has had no other since 1951.
fn tokyo() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_changes_are_rounded_and_signed() {
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(2, 3), "66.7%");
        assert_eq!(share(0, 0), "—");
        assert_eq!((signed(3, 3), signed(1200, 100), signed(1, 3)), ("±0".into(), "+1,100".into(), "−2".into()));
        assert_eq!(percent_change(15, 10), "+50.0%");
        assert_eq!(percent_change(1, 3), "−66.7%");
        assert_eq!(percent_change(3, 3), "±0.0%");
    }
}
