//! Which day each date of a document is: in reading order, against the publication, else against what the document itself
//! shows of its day.

use jiff::civil::Date;
use rouei_model::{DateKind, DatePrecision};

use super::classify::Line;
use super::resolve::{self, Context, Place, Resolved};
use super::written::{Day, Month, Year};
use super::{Anchor, Candidate};

/// What is left of the confidence in a day whose month is guessed from what the text tells before: an announcement a month
/// later still fits it.
const GUESSED_MONTH: f64 = 0.8;

/// Resolves all candidates.
pub(super) fn place_all(candidates: &mut [Candidate], lines: &[Line<'_>], anchor: &Anchor) {
    let published = anchor.published;
    let year_hint = anchor.year_hint.or_else(|| only_year(lines));
    let years = (year_hint, anchor.year_hint);
    place(candidates, lines, published, None, years);
    if let Some(announced) = announced_long_before(candidates, lines, published) {
        place(candidates, lines, published, Some(announced), years);
    }
    let own = own_date(candidates, lines)
        .filter(|date| published.is_none_or(|p| *date <= p))
        .or_else(|| source_date(lines).filter(|_| published.is_none()));
    if let Some(date) = own {
        place(candidates, lines, Some(date), None, years);
    } else if let Some(date) = anchor.no_later_than.filter(|_| published.is_none()) {
        // A day alone may be of the month before; a month and a day hardly of the year after.
        place(candidates, lines, Some(date), None, (year_hint, Some(date.year())));
    } else if let Some(date) = dated_line(candidates).filter(|_| published.is_none()) {
        place(candidates, lines, Some(date), None, (year_hint, Some(date.year())));
    } else if let Some(date) = announced_next(candidates, lines).filter(|_| published.is_none()) {
        let placed: Vec<bool> = candidates.iter().map(|c| c.resolved.from.is_some()).collect();
        place(candidates, lines, Some(date), None, years);
        for (candidate, _) in
            candidates.iter_mut().zip(placed).filter(|(c, placed)| !placed && c.resolved.from.is_some())
        {
            candidate.verdict.confidence *= GUESSED_MONTH;
        }
    } else if let Some(date) = latest_date(candidates, lines).filter(|_| published.is_none()) {
        place_the_rest(candidates, lines, date, years);
    }
}

/// The one year that the document writes, if it writes one.
fn only_year(lines: &[Line<'_>]) -> Option<i16> {
    let mut years = lines.iter().flat_map(|l| &l.dates).filter_map(|d| match d.from.year {
        // 1985年1月から2012年12月 is whose data it is.
        Year::Given(year, _) if !d.from.fiscal && d.to.is_none() => Some(year),
        _ => None,
    });
    let first = years.next()?;
    years.all(|y| y == first).then_some(first)
}

/// Resolves all candidates in reading order against `published`; the years are one that the text leans on and the one of
/// the publication.
fn place(
    candidates: &mut [Candidate],
    lines: &[Line<'_>],
    published: Option<Date>,
    announced: Option<Date>,
    (year_hint, published_in): (Option<i16>, Option<i16>),
) {
    let mut previous: Option<(Place, usize)> = None;
    let mut era: Option<(i16, usize)> = None;
    for candidate in candidates {
        let written = &lines[candidate.line].dates[candidate.index];
        let context = Context {
            published,
            announced,
            year_hint,
            published_in,
            previous: previous.map(|p| p.0),
            near: previous.is_some_and(|p| candidate.line - p.1 <= 2),
            era: era.filter(|(_, line)| candidate.line - line <= 2).map(|(before, _)| before),
            future: candidate.verdict.kind == Some(DateKind::Updated)
                || matches!(candidate.verdict.rule.as_str(), "plan" | "deadline" | "event"),
        };
        candidate.resolved = resolve::resolve(written, &context);
        if let Year::Given(_, before) = written.from.year {
            era = before.map(|before| (before, candidate.line));
        }
        let place = candidate.resolved.place;
        // A year alone, a rejected period or a masthead is no date that the next one leans on.
        let coarse = place.day.is_none();
        // …から28日に申し込んだ客: where another date stands before it, the story does not go on from such a period.
        let told_of_nothing = candidate.verdict.kind.is_none() && written.to.is_some();
        let period = coarse && (candidate.verdict.rejected || told_of_nothing) || previous.is_some() && told_of_nothing;
        let leaned_on = place.month.is_some()
            && !period
            && (!candidate.verdict.rejected || written.to.is_none())
            && (!context.future || candidate.verdict.rule == "event")
            && !matches!(candidate.verdict.rule.as_str(), "masthead" | "fraction" | "law" | "court" | "establishment");
        let better_than_none =
            previous.is_none() && place.year.is_some() && place.month.is_none() && !candidate.verdict.rejected;
        if leaned_on || better_than_none {
            previous = Some((place, candidate.line));
        }
    }
}

/// The day with its month on which somebody announced, where an article was published more than a fortnight later: its
/// bare days (13日) count from the announcement.
fn announced_long_before(candidates: &[Candidate], lines: &[Line<'_>], published: Option<Date>) -> Option<Date> {
    let announced = candidates.iter().find(|c| {
        let written = &lines[c.line].dates[c.index];
        c.verdict.rule == "topic-announced" && matches!(written.from.month, Month::Given(_)) && !c.resolved.doubtful
    })?;
    let day = announced.resolved.from.filter(|_| announced.resolved.precision == DatePrecision::Day)?;
    let days = (published? - day).get_days();
    (15..=366).contains(&days).then_some(day)
}

/// 23日、…と発表した。…2026年1月19日に発覚した: somebody announces on the next such day behind the last that the text tells of.
fn announced_next(candidates: &[Candidate], lines: &[Line<'_>]) -> Option<Date> {
    let written = |c: &Candidate| lines[c.line].dates[c.index].from;
    let bare = |c: &&Candidate| {
        matches!(c.verdict.rule.as_str(), "topic-announced" | "announced")
            && written(c).is_bare_day()
            && c.resolved.from.is_none()
    };
    let Day::Given(day) = written(candidates.iter().find(bare)?).day else { return None };
    let told = |c: &&Candidate| {
        matches!(c.verdict.kind, Some(DateKind::Discovered | DateKind::Occurred | DateKind::Exposed))
            && matches!(written(c).year, Year::Given(..) | Year::Short(_))
            && c.resolved.precision == DatePrecision::Day
            && !c.resolved.doubtful
    };
    let last = candidates.iter().filter(told).filter_map(|c| c.resolved.to.or(c.resolved.from)).max()?;
    let behind = |date: Date| date.with().day(day).build().ok().filter(|next| *next >= last);
    behind(last).or_else(|| last.first_of_month().checked_add(jiff::Span::new().months(1)).ok().and_then(behind))
}

/// Places against a date that is not surely that of the document what cannot be placed without.
fn place_the_rest(candidates: &mut [Candidate], lines: &[Line<'_>], date: Date, years: (Option<i16>, Option<i16>)) {
    let placed: Vec<Resolved> = candidates.iter().map(|c| c.resolved).collect();
    place(candidates, lines, Some(date), None, years);
    for (candidate, before) in candidates.iter_mut().zip(placed) {
        let parts = lines[candidate.line].dates[candidate.index].from;
        // 去年, 今月 and 昨日 count from the day of the publication itself; and that day may come after the one at hand.
        let month = |day: Date| (day.year(), day.month());
        let own = !(parts.is_bare_day() && candidate.resolved.from.is_some_and(|day| month(day) == month(date)));
        if before.from.is_some() || before.to.is_some() || own {
            candidate.resolved = before;
        }
    }
}

/// The document's own date: the best announcement or article date that is written in full.
fn own_date(candidates: &[Candidate], lines: &[Line<'_>]) -> Option<Date> {
    candidates
        .iter()
        .filter(|c| {
            let written = &lines[c.line].dates[c.index];
            matches!(c.verdict.kind, Some(DateKind::Announced | DateKind::Reported))
                && matches!(written.from.year, Year::Given(..) | Year::Short(_))
                && (c.verdict.rule.starts_with("date-line") || c.verdict.rule.starts_with("label-"))
                && !c.resolved.doubtful
        })
        .filter_map(|c| c.resolved.from.filter(|_| c.resolved.precision == DatePrecision::Day))
        .max()
}

/// The day of a line of its own whose year follows from what the text tells: …05年12月に発覚した。(灯台新聞) 1月25日.
fn dated_line(candidates: &[Candidate]) -> Option<Date> {
    let lines = candidates.iter().filter(|c| {
        let stamps = matches!(c.verdict.kind, Some(DateKind::Announced | DateKind::Reported));
        stamps && c.verdict.rule.starts_with("date-line") && c.resolved.precision == DatePrecision::Day
    });
    lines.filter(|c| !c.resolved.doubtful).filter_map(|c| c.resolved.from).max()
}

/// The latest day that is written in full, where all such days lie within a year: a caption, a citation.
fn latest_date(candidates: &[Candidate], lines: &[Line<'_>]) -> Option<Date> {
    let days = || {
        let full = |c: &&Candidate| {
            matches!(lines[c.line].dates[c.index].from.year, Year::Given(..))
                && c.resolved.precision == DatePrecision::Day
                && !c.resolved.doubtful
                && !c.verdict.rejected
        };
        candidates.iter().filter(full).filter_map(|c| c.resolved.from)
    };
    let (first, last) = (days().min()?, days().max()?);
    ((last - first).get_days() <= 366).then_some(last)
}

/// The day in the address that an article was copied from, where one stands alone on its line: …/20151212-OYO.html.
fn source_date(lines: &[Line<'_>]) -> Option<Date> {
    let mut days = lines.iter().filter(|l| l.text.starts_with("http") && l.text.is_ascii()).filter_map(|l| {
        let digits = l.text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 8);
        let together = digits.filter_map(|run| Date::strptime("%Y%m%d", &run[..8]).ok());
        // t2013_08_12_01.html, /2013/08/12/
        let numbers: Vec<&str> = l.text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
        let parts = numbers.windows(3).filter_map(|run| {
            let [year, month, day] = [run[0], run[1], run[2]];
            let shape = year.len() == 4 && month.len() == 2 && day.len() == 2;
            let apart = format!("{year}{month}{day}");
            shape.then(|| Date::strptime("%Y%m%d", &apart).ok()).flatten()
        });
        let written: Vec<Date> = together.chain(parts).collect();
        written.into_iter().find(|d| (1995..=2060).contains(&d.year()))
    });
    let first = days.next()?;
    days.all(|day| day == first).then_some(first)
}
