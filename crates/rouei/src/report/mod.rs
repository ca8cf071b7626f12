//! The monthly report: figures out of the store, told in Japanese, as Markdown and as HTML.
//!
//! [`MonthReport`] holds every line as plain text; [`markdown`] and [`html`] escape and lay out, and decide nothing.
//! Nothing of a page is shown but organization, figures, cause, dates and a link: titles and quotations may hold names
//! of private persons.

mod entry;
pub mod html;
pub mod markdown;
mod notes;
mod words;

use jiff::{civil::Date, tz::TimeZone};
use rouei_store::{MonthFigures, MonthUniverse, Store};

pub use entry::{Entry, MarkKind, count_text};
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
    /// The largest, at most ten.
    pub largest: Vec<Entry>,
    /// The incidents in which payment cards leaked.
    pub cards: Vec<Entry>,
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
    /// Are told by a roundup or a repost, and are not in the tally.
    pub retold: usize,
}

impl MonthReport {
    /// Reads the figures of a month (1 to 12).
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read(store: &Store, year: i16, month: i8, words: &Words) -> anyhow::Result<Self> {
        let figures = store.month(year, month)?;
        let universe = store.month_universe(year, month)?;
        let machine = store.machine_values()?;
        let entry = |row: &rouei_store::DisclosureRow| {
            Entry::of(row, &machine.get(&row.id).cloned().unwrap_or_default(), words)
        };
        let mut cards = Vec::with_capacity(figures.cards.len());
        for row in &figures.cards {
            let claims = store.disclosure(&row.id)?.machine.counts;
            cards.push(Entry { cards: entry::card_figures(&claims, words), ..entry(row) });
        }
        let first = Date::new(year, month, 1)?;
        let last = first.last_of_month();
        let as_of = universe.last_captured.map(|t| t.to_zoned(tokyo()).date());
        let all: Vec<Entry> = figures.all.iter().map(entry).collect();
        let count = |test: fn(&Entry) -> bool| all.iter().filter(|e| test(e)).count();
        Ok(Self {
            title: format!("{year}年{month}月"),
            period: (first, last),
            as_of,
            partial: as_of.is_some_and(|day| day <= last),
            sources: universe.sources.iter().map(SourceLine::of).collect(),
            documents: grouped(universe.sources.iter().map(|s| s.documents).sum()),
            incidents: grouped(figures.incidents),
            change: total_change(&figures, &universe),
            before: was_read(&figures, &universe).then(|| grouped(figures.incidents_before)),
            difference: difference(figures.incidents, figures.incidents_before, was_read(&figures, &universe)),
            causes: cause_lines(&figures, &universe, words),
            largest: figures.largest.iter().map(entry).collect(),
            cards,
            later: figures.all.iter().filter(|r| entry::is_later(r)).map(entry).collect(),
            doubts: Doubts {
                to_review: count(|e| e.has(MarkKind::ToReview)),
                placed_otherwise: count(|e| e.date_basis.is_some()),
                without_count: count(|e| !e.counted),
                corrected: count(|e| e.has(MarkKind::Corrected)),
                retold: count(|e| e.has(MarkKind::Retold)),
            },
            all,
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

/// A month of which nothing was read cannot be compared with.
fn was_read(figures: &MonthFigures, universe: &MonthUniverse) -> bool {
    figures.incidents_before > 0 || universe.documents_before > 0
}

fn total_change(figures: &MonthFigures, universe: &MonthUniverse) -> String {
    if !was_read(figures, universe) {
        return "前月の文書を取得していないため、比較していません".to_owned();
    }
    let before = figures.incidents_before;
    let signed = signed(figures.incidents, before);
    if before == 0 {
        return format!("前月0件、{signed}件");
    }
    format!("前月{}件、{signed}件（{}）", grouped(before), percent_change(figures.incidents, before))
}

fn cause_lines(figures: &MonthFigures, universe: &MonthUniverse, words: &Words) -> Vec<CauseLine> {
    let longest = figures.by_cause.iter().map(|t| t.count).max().unwrap_or(0).max(1);
    let compared = was_read(figures, universe);
    figures
        .by_cause
        .iter()
        .map(|tally| CauseLine {
            label: words.cause(tally.cause).to_owned(),
            count: tally.count,
            share: share(tally.count, figures.incidents),
            before: compared.then_some(tally.before),
            change: difference(tally.count, tally.before, compared),
            bar: tally.count * 100 / longest,
        })
        .collect()
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (part * 1000 + whole / 2) / whole;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn difference(now: u64, before: u64, compared: bool) -> String {
    if compared { signed(now, before) } else { "—".to_owned() }
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
