//! Times as people type them: a moment, a day or a month in Japan.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz};

use crate::outcome::UsageError;

/// The stretch of time that a text names: its first moment, and the first one behind it.
///
/// # Errors
/// [`UsageError`] that says what is understood.
pub fn stretch(text: &str) -> Result<(Timestamp, Timestamp), UsageError> {
    let wrong =
        || UsageError(format!("{text:?} is no time; expected 2025-04-01, 2025-04 or 2025-04-01T12:00:00+09:00"));
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok((moment, moment.saturating_add(1.nanosecond()).map_err(|_| wrong())?));
    }
    let month = format!("{text}-01");
    let (first, behind) = match (text.len(), text.parse::<Date>(), month.parse::<Date>()) {
        (10, Ok(day), _) => (day, day.saturating_add(1.day())),
        (7, _, Ok(first)) => (first, first.saturating_add(1.month())),
        _ => return Err(wrong()),
    };
    Ok((midnight(first).ok_or_else(wrong)?, midnight(behind).ok_or_else(wrong)?))
}

/// The year has no summer time in Asia/Tokyo, so the zone is an offset.
fn midnight(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(tz::TimeZone::fixed(tz::offset(9))).ok()?.timestamp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::stretch;

    #[test]
    fn stretches() {
        for (text, expected) in [
            ("2025-04-01", "2025-03-31T15:00:00Z 2025-04-01T15:00:00Z"),
            ("2024-02", "2024-01-31T15:00:00Z 2024-02-29T15:00:00Z"),
            ("2025-04-01T00:00:00Z", "2025-04-01T00:00:00Z 2025-04-01T00:00:00.000000001Z"),
            ("2025-04-01T09:00:00+09:00", "2025-04-01T00:00:00Z 2025-04-01T00:00:00.000000001Z"),
        ] {
            let (from, behind) = stretch(text).unwrap();
            assert_eq!(format!("{from} {behind}"), expected, "{text}");
        }
        for text in ["", "yesterday", "2025", "2025-13", "2025-02-30", "20250401"] {
            assert!(stretch(text).is_err(), "{text}");
        }
    }
}
