//! From written parts to days: the date before, the anchor, the calendar. Never the clock.

use jiff::{ToSpan, civil::Date};
use rouei_model::DatePrecision;

use super::written::{Day, Month, Open, Parts, Written, Year};

/// What is known of a day: any part may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The year.
    pub year: Option<i16>,
    /// The month.
    pub month: Option<i8>,
    /// The day of the month.
    pub day: Option<i8>,
}

/// What a written date is resolved against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// Publication of the article, or the date of the notice.
    pub published: Option<Date>,
    /// A year without a day, from an address.
    pub year_hint: Option<i16>,
    /// The year of the publication, where no more is known of it: 去年 counts from it.
    pub published_in: Option<i16>,
    /// The date before in reading order.
    pub previous: Option<Place>,
    /// Whether it stands in the same or the preceding sentence.
    pub near: bool,
    /// The day of the announcement, where the article was published long after it.
    pub announced: Option<Date>,
    /// The year before the first of the era that a date close before is written in.
    pub era: Option<i16>,
    /// A plan, a deadline or a later change of the page: the day may come after the publication.
    pub future: bool,
}

/// A resolved date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolved {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How exactly.
    pub precision: DatePrecision,
    /// The weekday does not fit, the day does not exist, or the incident would lie after its publication.
    pub doubtful: bool,
    /// What the next date is relative to.
    pub place: Place,
    /// Where a missing year came from; `written` if none was missing.
    pub origin: &'static str,
}

/// Resolves both ends.
#[must_use]
pub fn resolve(written: &Written, context: &Context) -> Resolved {
    let (first, second, origin, mut doubtful);
    match written.to {
        None => {
            let one = complete(&written.from, context);
            (first, second, origin, doubtful) = (one.0, one.0, one.1, one.2);
        }
        Some(to) if written.from.year == Year::Missing && matches!(to.year, Year::Given(..)) => {
            // The year stands at the far end only: 12月20日~2025年1月5日.
            let end = complete(&to, context);
            let before = Parts { year: Year::Given(end.0.year.unwrap_or_default(), None), ..written.from };
            let mut start = complete(&before, context);
            if later(start.0, end.0) {
                start.0.year = start.0.year.map(|y| y - 1);
            }
            (first, second, origin, doubtful) = (start.0, end.0, end.1, end.2);
        }
        Some(to) => {
            let start = complete(&written.from, context);
            let to = era_of_other_end(to, written.from);
            let inner = Context { previous: Some(start.0), near: true, ..*context };
            let end = far_end(&to, start.0, &inner);
            (first, second, origin, doubtful) = (start.0, end.0, start.1, start.2 || end.1);
        }
    }
    let precision = precision_of(&written.from).max_coarse(written.to.map_or(DatePrecision::Day, |t| precision_of(&t)));
    let fiscal = written.from.fiscal;
    let mut from = first_day(first, fiscal);
    let to = last_day(second, fiscal || written.to.is_some_and(|t| t.fiscal));
    if let (Some(days), Some(last)) = (written.back_days, to) {
        from = last.checked_sub((days - 1).days()).ok();
    }
    if first.year.is_some() && first.day.is_some() && from.is_none() {
        doubtful = true;
    }
    if let (Some(a), Some(b)) = (from, to)
        && b < a
    {
        doubtful = true;
    }
    if from.is_some_and(|d| d.year() < 1990) && precision != DatePrecision::Year {
        doubtful = true;
    }
    if let (Some(day), Some(published)) = (from, context.published)
        && day > published
        && !context.future
        && written.open == Open::Closed
    {
        doubtful = true;
    }
    Resolved { from, to, precision, doubtful, place: second, origin }
}

trait Coarser {
    fn max_coarse(self, other: Self) -> Self;
}

impl Coarser for DatePrecision {
    fn max_coarse(self, other: Self) -> Self {
        use DatePrecision::{Day, Month, Year};
        match (self, other) {
            (Year, _) | (_, Year) => Year,
            (Month, _) | (_, Month) => Month,
            (Day, Day) => Day,
        }
    }
}

fn precision_of(parts: &Parts) -> DatePrecision {
    match (parts.month, parts.day) {
        (Month::Missing, Day::Missing) => DatePrecision::Year,
        (_, Day::Missing) => DatePrecision::Month,
        _ => DatePrecision::Day,
    }
}

/// Fills the missing parts of one end: the place, the origin of its year, whether it is doubtful.
fn complete(parts: &Parts, context: &Context) -> (Place, &'static str, bool) {
    let previous = context.previous.unwrap_or_default();
    let published = context.published.map(place_of);
    match parts.day {
        Day::FromPrevious(n) => return (moved(previous, n.into()), "previous", false),
        Day::FromPublished(n) => {
            return (published.map_or_else(Place::default, |p| moved(p, n.into())), "published", false);
        }
        Day::NextGiven(day) => {
            let mut place = Place { day: Some(day), ..previous };
            if previous.day.is_some_and(|d| d >= day) {
                place = shift_month(place, 1);
            }
            if let (Some(published), Some(date)) = (context.published, first_day(place, false))
                && date > published
            {
                // The date before in the text was not the one before on the calendar.
                return month_for(parts, Some(day), context);
            }
            return (place, "previous", weekday_differs(parts, place));
        }
        _ => {}
    }
    let day = match parts.day {
        Day::Given(d) => Some(d),
        _ => None,
    };
    let month = match parts.month {
        Month::Given(m) => Some(m),
        Month::FromPrevious(n) => {
            let place = Place { day, ..shift_month(Place { day: None, ..previous }, n) };
            return (place, "previous", weekday_differs(parts, place));
        }
        Month::FromPublished(n) => {
            let Some(base) = published else { return (Place { day, ..Place::default() }, "none", false) };
            let place = Place { day, ..shift_month(Place { day: None, ..base }, n) };
            return (place, "published", weekday_differs(parts, place));
        }
        Month::Missing => None,
    };
    let year = match parts.year {
        Year::Given(y, _) => Some(y),
        Year::Short(n) => Some(short_year(n, context)),
        Year::FromPrevious(n) => {
            return (Place { year: previous.year.map(|y| y + n), month, day }, "previous", false);
        }
        Year::FromPublished(n) => {
            let year = published.and_then(|p| p.year).or(context.published_in);
            return (Place { year: year.map(|y| y + n), month, day }, "published", false);
        }
        Year::Missing => None,
    };
    if year.is_some() {
        let place = shifted_zone(Place { year, month, day }, parts.zone_shift);
        return (place, "written", weekday_differs(parts, place));
    }
    match month {
        Some(month) => year_for(parts, Place { year: None, month: Some(month), day }, context),
        None => month_for(parts, day, context),
    }
}

/// The year of 29年 and of 05/04/16: of the era that the date before was written in, else of this century unless that is
/// yet to come.
fn short_year(n: i16, context: &Context) -> i16 {
    /// The year before the first of Heisei, and its last.
    const HEISEI: (i16, i16) = (1988, 31);
    let this = if n <= 60 { 2000 + n } else { 1900 + n };
    let known = context.published.map(Date::year).or(context.published_in);
    let past = |year: i16| known.is_none_or(|known| year <= known);
    // 令和7年5月13日 … 25/05/14: nearer to the date before by the century than by the era.
    let before = context.previous.and_then(|p| p.year);
    let near = |year: i16| before.is_none_or(|before| (year - before).abs() <= (this - before).abs());
    match context.era {
        Some(before) if past(before + n) && near(before + n) => before + n,
        _ if !past(this) && n <= HEISEI.1 && past(HEISEI.0 + n) => HEISEI.0 + n,
        _ => this,
    }
}

/// The year of 4月16日.
fn year_for(parts: &Parts, place: Place, context: &Context) -> (Place, &'static str, bool) {
    let with = |year: i16| Place { year: Some(year), ..place };
    let not_after = |year: i16| {
        context.future || context.published.is_none_or(|p| first_day(with(year), false).is_none_or(|d| d <= p))
    };
    let mut candidates: Vec<(i16, &'static str)> = Vec::new();
    if let Some(Place { year: Some(year), month, .. }) = context.previous {
        let ahead = month.zip(place.month).is_some_and(|(before, now)| before - now >= 6);
        let back = month.zip(place.month).is_some_and(|(before, now)| before <= 3 && now >= 10);
        if ahead && context.published.is_some() && not_after(year + 1) {
            candidates.push((year + 1, "previous"));
        }
        if back && context.published.is_none() {
            candidates.push((year - 1, "previous"));
        }
        candidates.push((year, "previous"));
        if ahead && context.published.is_none() {
            candidates.insert(0, (year + 1, "previous"));
        }
    }
    if let Some(published) = context.published {
        candidates.push((published.year(), "published"));
        candidates.push((published.year() - 1, "published"));
    }
    if let Some(year) = context.year_hint {
        candidates.push((year, "year_hint"));
    }
    candidates.retain(|&(y, _)| not_after(y));
    let Some(&(first, origin)) = candidates.first() else { return (place, "none", false) };
    if parts.weekday.is_none() || place.day.is_none() {
        return (with(first), origin, false);
    }
    let around: Vec<(i16, &'static str)> =
        [0, -1, 1, -2].into_iter().map(|n| (first + n, origin)).filter(|&(y, _)| not_after(y)).collect();
    let fits = candidates.iter().chain(&around).find(|&&(y, _)| !weekday_differs(parts, with(y)));
    match fits {
        Some(&(year, origin)) => (with(year), origin, false),
        None => (with(first), origin, true),
    }
}

/// The month and year of 16日.
fn month_for(parts: &Parts, day: Option<i8>, context: &Context) -> (Place, &'static str, bool) {
    let Some(wanted) = day else { return (Place::default(), "none", false) };
    let place_day = |base: Place| Place { day, ..base };
    let mut candidates: Vec<(Place, &'static str)> = Vec::new();
    if let Some(previous) = context.previous.filter(|p| p.month.is_some() && context.near) {
        let same = place_day(previous);
        // 10月に…、7日に…: a month alone does not hold the days after it where the publication can.
        let in_order = previous.day.map_or(context.published.is_none(), |d| d <= wanted);
        let past = context.published.is_none_or(|p| first_day(same, false).is_none_or(|d| d <= p));
        if in_order && past && exists(same) {
            candidates.push((same, "previous"));
        }
    }
    if let Some(published) = context.announced.or(context.published) {
        let base = place_of(published);
        let base = if context.future || wanted <= published.day() { base } else { shift_month(base, -1) };
        let months = (0..3).map(|back| place_day(shift_month(base, -back))).filter(|&p| exists(p));
        candidates.extend(months.take(2).map(|place| (place, "published")));
    } else if let Some(previous) = context.previous.filter(|p| p.month.is_some()) {
        candidates.push((place_day(previous), "previous"));
    }
    let Some(&(first, origin)) = candidates.first() else {
        return (Place { day, ..Place::default() }, "none", false);
    };
    match candidates.iter().find(|(p, _)| !weekday_differs(parts, *p)) {
        Some(&(place, origin)) => (place, origin, false),
        None => (first, origin, true),
    }
}

/// Whether the calendar has this day, as far as it is known: there is no 31 November.
fn exists(place: Place) -> bool {
    place.year.is_none() || place.day.is_none() || first_day(place, false).is_some()
}

/// The far end of a range: missing parts from the near end, never before it.
fn far_end(parts: &Parts, start: Place, context: &Context) -> (Place, bool) {
    let relative = !matches!(parts.day, Day::Given(_) | Day::Missing)
        || !matches!(parts.month, Month::Given(_) | Month::Missing)
        || !matches!(parts.year, Year::Missing);
    if relative {
        let (place, _, doubtful) = complete(parts, context);
        return (place, doubtful);
    }
    let day = if let Day::Given(d) = parts.day { Some(d) } else { None };
    let mut place = match parts.month {
        Month::Given(m) => Place { year: start.year, month: Some(m), day },
        _ => Place { day, ..start },
    };
    if later(start, place) {
        place = match parts.month {
            Month::Given(_) => Place { year: place.year.map(|y| y + 1), ..place },
            _ => shift_month(place, 1),
        };
    }
    (place, weekday_differs(parts, place))
}

/// 令和5年4月~6年3月: the second year counts in the era of the first.
fn era_of_other_end(mut to: Parts, from: Parts) -> Parts {
    if let (Year::Short(n), Year::Given(first, Some(zero))) = (to.year, from.year)
        && zero + n >= first
        && n < 20
    {
        to.year = Year::Given(zero + n, Some(zero));
    }
    to
}

/// Whether `a` is later than `b`, where both are known well enough to say so.
fn later(a: Place, b: Place) -> bool {
    let key = |p: Place| (p.year.unwrap_or(0), p.month.unwrap_or(0), p.day.unwrap_or(0));
    let (mut a, mut b) = (a, b);
    if a.day.is_none() || b.day.is_none() {
        (a.day, b.day) = (None, None);
    }
    if a.month.is_none() || b.month.is_none() {
        (a.month, b.month) = (None, None);
    }
    a.year.is_some() == b.year.is_some() && key(a) > key(b)
}

fn place_of(date: Date) -> Place {
    Place { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
}

fn moved(place: Place, days: i32) -> Place {
    match (first_day(place, false), place.day) {
        _ if days == 0 => place,
        (Some(date), Some(_)) => date.checked_add(days.days()).map_or_else(|_| Place::default(), place_of),
        // Without a year the month cannot be crossed safely.
        (None, Some(day)) => match i8::try_from(i32::from(day) + days) {
            Ok(day @ 1..=28) => Place { day: Some(day), ..place },
            _ => Place::default(),
        },
        _ => Place::default(),
    }
}

fn shift_month(place: Place, months: i16) -> Place {
    let Some(month) = place.month else { return place };
    let index = i16::from(month) - 1 + months;
    Place {
        year: place.year.map(|y| y + index.div_euclid(12)),
        month: i8::try_from(index.rem_euclid(12) + 1).ok(),
        ..place
    }
}

fn shifted_zone(place: Place, days: i8) -> Place {
    if days == 0 { place } else { moved(place, days.into()) }
}

fn weekday_differs(parts: &Parts, place: Place) -> bool {
    match (parts.weekday, place.day, first_day(place, false)) {
        (Some(weekday), Some(_), Some(date)) => date.weekday() != weekday,
        _ => false,
    }
}

/// The first day of a place; fiscal years begin in April.
fn first_day(place: Place, fiscal: bool) -> Option<Date> {
    let year = place.year?;
    let month = place.month.unwrap_or(if fiscal { 4 } else { 1 });
    Date::new(year, month, place.day.unwrap_or(1)).ok()
}

/// The last day of a place.
fn last_day(place: Place, fiscal: bool) -> Option<Date> {
    let year = place.year?;
    match (place.month, place.day) {
        (Some(month), Some(day)) => Date::new(year, month, day).ok(),
        (Some(month), None) => Date::new(year, month, 1).ok().map(|d| d.last_of_month()),
        (None, _) if fiscal => Date::new(year + 1, 3, 31).ok(),
        (None, _) => Date::new(year, 12, 31).ok(),
    }
}
