//! Working days in Japan: on which days a publisher can be expected to say something.
//!
//! The holidays are data (`holidays.toml`), with the acts that make them. The table holds from 2000 to 2099; outside of
//! it a day counts by its weekday alone.

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;

/// The name of a holiday by law, substitute days (振替休日) and days between two holidays (国民の休日) among them.
#[must_use]
pub fn holiday(day: Date) -> Option<&'static str> {
    if let Some(name) = named(day) {
        return Some(name);
    }
    // Article 3, paragraph 2: of a holiday on a Sunday, the first day after it that is none.
    let mut before = day;
    while let Ok(yesterday) = before.yesterday() {
        before = yesterday;
        if named(before).is_none() {
            break;
        }
        if before.weekday() == Weekday::Sunday {
            return Some("振替休日");
        }
    }
    // Paragraph 3: between two holidays; a Sunday only since the amendment of 2007.
    let beside = |neighbour: Result<Date, jiff::Error>| neighbour.ok().and_then(named).is_some();
    let may_be = day.year() >= 2007 || day.weekday() != Weekday::Sunday;
    (may_be && beside(day.yesterday()) && beside(day.tomorrow())).then_some("国民の休日")
}

/// Whether offices work: no Saturday, Sunday or holiday, and not 29 December to 3 January (Act on Holidays of
/// Administrative Organs, article 1).
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let turn_of_year = matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3));
    !weekend && !turn_of_year && holiday(day).is_none()
}

/// The part of a time that lies on working days, in Japan. Zero where `to` is not after `from`.
#[must_use]
pub fn working_time(from: Timestamp, to: Timestamp) -> SignedDuration {
    let japan = TimeZone::fixed(jiff::tz::offset(9));
    let mut worked = SignedDuration::ZERO;
    let mut at = from;
    while at < to {
        let day = at.to_zoned(japan.clone()).date();
        let end_of_day = day.tomorrow().and_then(|next| next.to_zoned(japan.clone())).map(|zoned| zoned.timestamp());
        let Ok(end_of_day) = end_of_day else { break };
        let until = end_of_day.min(to);
        if is_working_day(day) {
            worked += at.duration_until(until);
        }
        at = until;
    }
    worked
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    holiday: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    /// `MM-DD`.
    day: Option<String>,
    /// `MM-N`: the N-th Monday.
    monday: Option<String>,
    equinox: Option<Equinox>,
    #[serde(default = "first_year")]
    from: i16,
    #[serde(default = "last_year")]
    until: i16,
    #[serde(default)]
    not: Vec<i16>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Equinox {
    Spring,
    Autumn,
}

fn first_year() -> i16 {
    2000
}

fn last_year() -> i16 {
    2099
}

/// The constant table; one that did not parse would fail every test.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    toml::from_str(include_str!("holidays.toml")).map(|table: Table| table.holiday).unwrap_or_default()
});

fn named(day: Date) -> Option<&'static str> {
    let year = day.year();
    let holds = |rule: &&Rule| {
        (rule.from..=rule.until).contains(&year) && !rule.not.contains(&year) && rule.in_year(year) == Some(day)
    };
    RULES.iter().find(holds).map(|rule| rule.name.as_str())
}

impl Rule {
    fn in_year(&self, year: i16) -> Option<Date> {
        match (&self.day, &self.monday, self.equinox) {
            (Some(text), None, None) => {
                let (month, day) = numbers(text)?;
                Date::new(year, month, day).ok()
            }
            (None, Some(text), None) => {
                let (month, nth) = numbers(text)?;
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, Weekday::Monday).ok()
            }
            (None, None, Some(which)) => equinox(year, which),
            _ => None,
        }
    }
}

fn numbers(text: &str) -> Option<(i8, i8)> {
    let (first, second) = text.split_once('-')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

/// The day of the equinox in Japan from 1980 to 2099, by the approximation in common use (Shinkoyomi, Kaijō Hoanchō).
fn equinox(year: i16, which: Equinox) -> Option<Date> {
    let (month, base) = match which {
        Equinox::Spring => (3, 20.8431),
        Equinox::Autumn => (9, 23.2488),
    };
    let years = f64::from(year - 1980);
    let day = (base + 0.242_194 * years).floor() - (years / 4.0).floor();
    // 20 to 24, whatever the year.
    Date::new(year, month, 1).ok()?.checked_add((day as i64 - 1).days()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Cases {
        year: Vec<Year>,
        silence: Vec<Silence>,
    }

    #[derive(Deserialize)]
    struct Year {
        year: i16,
        days: Vec<String>,
    }

    #[derive(Deserialize)]
    struct Silence {
        from: Timestamp,
        to: Timestamp,
        hours: i64,
    }

    fn cases() -> Cases {
        toml::from_str(include_str!("cases.toml")).unwrap()
    }

    fn days_of(year: i16) -> Vec<Date> {
        let first = Date::new(year, 1, 1).unwrap();
        first.series(1.day()).take_while(|d| d.year() == year).collect()
    }

    #[test]
    fn the_holidays_of_whole_years() {
        for case in cases().year {
            let found: Vec<String> = days_of(case.year)
                .into_iter()
                .filter(|day| holiday(*day).is_some())
                .map(|day| day.strftime("%m-%d").to_string())
                .collect();
            assert_eq!(found, case.days, "{}", case.year);
        }
    }

    #[test]
    fn working_time_leaves_out_weekends_and_holidays() {
        for case in cases().silence {
            assert_eq!(working_time(case.from, case.to).as_hours(), case.hours, "{} {}", case.from, case.to);
        }
    }

    #[test]
    fn every_rule_of_the_table_is_read() {
        let written = include_str!("holidays.toml").matches("[[holiday]]").count();
        assert_eq!(RULES.len(), written);
        for rule in RULES.iter() {
            assert!(rule.in_year(2024).is_some(), "{}", rule.name);
        }
    }

    #[test]
    fn a_year_has_enough_working_days() {
        for year in 2000..=2099 {
            let working = days_of(year).into_iter().filter(|d| is_working_day(*d)).count();
            assert!((236..=252).contains(&working), "{year}: {working}");
        }
    }
}
