//! Alarms: what is wrong with a source, told once, again after a while, and once more when it is over.
//!
//! [`fn@conditions`] says what is wrong after a run; [`settle`] holds it against what was wrong before and says what is to
//! be told; [`channels`] tells it. The state between runs is the table `alarm`.

pub mod channels;
mod conditions;
mod fields;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rouei_crawl::{Catalogue, Source};
use rouei_store::{Alarm, Store, StoreError};
use serde::Serialize;

pub use conditions::{Condition, conditions};

/// Something to be told about a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// Who publishes there.
    pub publisher: String,
    /// What kind of trouble.
    pub kind: String,
    /// Whether it is new, lasts or is over.
    pub state: State,
    /// When it was noticed first.
    pub since: Timestamp,
    /// One sentence.
    pub message: String,
}

/// Where a trouble stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was not there before.
    Raised,
    /// It is there still, in another form.
    Changed,
    /// It is there still, and was told long ago.
    Repeated,
    /// It is over.
    Recovered,
}

/// Keeps what is wrong now, and gives what is to be told about it: by source and kind.
///
/// `visited` are the sources that the run visited to their end; of others nothing is said. `repeat` is the time after
/// which a lasting trouble is told again.
///
/// # Errors
/// Of the database.
pub fn settle(
    store: &Store,
    catalogue: &Catalogue,
    visited: &[Source],
    found: &[Condition],
    repeat: SignedDuration,
    now: Timestamp,
) -> Result<Vec<Notice>, StoreError> {
    store.in_transaction(|store| {
        let lasting: BTreeMap<(String, String), Alarm> =
            store.lasting_alarms()?.into_iter().map(|a| ((a.source.clone(), a.kind.clone()), a)).collect();
        let mut notices = Vec::new();
        let mut notice = |source: &str, kind: &str, state: State, since: Timestamp, message: &str| {
            let publisher = catalogue.source(source).map(|s| s.publisher.clone()).unwrap_or_default();
            let (source, kind, message) = (source.to_owned(), kind.to_owned(), message.to_owned());
            notices.push(Notice { source, publisher, kind, state, since, message });
        };
        for condition in found {
            let Condition { source, kind, since, message, signature } = condition;
            let before = lasting.get(&(source.clone(), (*kind).to_owned()));
            let since = before.map_or(since.unwrap_or(now), |alarm| alarm.since);
            let state = match before {
                None => Some(State::Raised),
                Some(alarm) => match alarm.told {
                    // Nobody could be told yet.
                    None => Some(State::Raised),
                    Some(_) if alarm.signature != *signature => Some(State::Changed),
                    Some(told) if told.duration_until(now) >= repeat => Some(State::Repeated),
                    Some(_) => None,
                },
            };
            store.raise_alarm(source, kind, since, message, signature)?;
            if let Some(state) = state {
                notice(source, kind, state, since, message);
            }
        }
        for ((source, kind), alarm) in &lasting {
            let still = found.iter().any(|c| c.source == *source && c.kind == *kind);
            let known = catalogue.source(source).is_some();
            if still || (known && !visited.iter().any(|s| s.id == *source)) {
                continue;
            }
            store.end_alarm(source, kind, now)?;
            // Who was never told of a trouble needs not hear of its end, nor of a source that was taken out.
            if known && alarm.told.is_some() {
                notice(source, kind, State::Recovered, alarm.since, &alarm.message);
            }
        }
        notices.sort_by(|a, b| (&a.source, &a.kind).cmp(&(&b.source, &b.kind)));
        Ok(notices)
    })
}

/// Notes that these were told.
///
/// # Errors
/// Of the database.
pub fn told(store: &Store, notices: &[Notice], now: Timestamp) -> Result<(), StoreError> {
    store.in_transaction(|store| notices.iter().try_for_each(|n| store.told_alarm(&n.source, &n.kind, now)))
}

/// One line: what is wrong, or over, and since when.
pub fn line(notice: &Notice) -> String {
    let day = day(notice.since);
    match notice.state {
        State::Recovered => format!("{}: works again (since {day}: {})", notice.source, notice.message),
        State::Repeated => format!("{}: {} (still, since {day})", notice.source, notice.message),
        State::Raised | State::Changed => format!("{}: {} (since {day})", notice.source, notice.message),
    }
}

/// The day in Japan.
fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date().to_string()
}

#[cfg(test)]
mod tests;
