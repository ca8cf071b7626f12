//! How long to wait before an address is asked for again, learned from what its visits brought (ADR 0131).

use jiff::{SignedDuration, Timestamp};

use crate::sources::Bounds;

/// Visits that are looked back on: older ones say little about today, and one and a half to the twelfth power spans
/// any bounds that make sense.
pub const VISITS: usize = 12;

/// One visit to an address or a source, successful or without a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// It brought something that was not there before. Of the first visit it says nothing.
    pub changed: bool,
}

/// The wait after the last of these visits (oldest first). It begins with the shortest. A change halves it, or halves
/// the time since the visit before where that was shorter; a visit without a change lengthens it by half the time that
/// the visit looks back on, so that two looks within a minute teach no patience.
#[must_use]
pub fn interval(visits: &[Visit], bounds: &Bounds) -> SignedDuration {
    let (shortest, longest) = (bounds.shortest(), bounds.longest());
    let mut wait = shortest;
    for pair in visits.windows(2) {
        let looked_back = pair[0].at.duration_until(pair[1].at).max(SignedDuration::ZERO).min(wait);
        wait = if pair[1].changed { looked_back / 2 } else { wait.saturating_add(looked_back / 2) };
        wait = wait.clamp(shortest, longest);
    }
    wait
}

/// When an address with these visits (oldest first) is due; none where it was never visited.
#[must_use]
pub fn due_at(visits: &[Visit], bounds: &Bounds) -> Option<Timestamp> {
    let last = visits.last()?;
    Some(last.at.saturating_add(interval(visits, bounds)).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds() -> Bounds {
        Bounds::try_from("2h..64h".to_owned()).unwrap()
    }

    /// `hours` between visits; a trailing `!` is a change.
    #[track_caller]
    fn check(story: &str, minutes: i64) {
        let mut at: Timestamp = "2025-04-01T00:00:00Z".parse().unwrap();
        let mut visits = vec![Visit { at, changed: true }];
        for step in story.split_whitespace() {
            let (hours, changed) = step.strip_suffix('!').map_or((step, false), |h| (h, true));
            at += SignedDuration::from_hours(hours.parse().unwrap());
            visits.push(Visit { at, changed });
        }
        assert_eq!(interval(&visits, &bounds()).as_mins(), minutes, "{story}");
    }

    #[test]
    fn waits_that_visits_teach() {
        check("", 120);
        check("2", 180);
        check("2 3", 270);
        // Looking again at once teaches nothing.
        check("2 3 0 0 0", 270);
        // A change halves, not below the shortest.
        check("2 3 4 6 9 10!", 300);
        check("2!", 120);
        // Weeks without a change reach the longest and stay there.
        check("2 3 5 8 12 18 27 40 64 64 64", 64 * 60);
        // A late visit that found a change says that it was late.
        check("2 3 100!", 135);
    }

    proptest! {
        #[test]
        fn within_bounds(steps in prop::collection::vec((0i64..2000, any::<bool>()), 0..20)) {
            let mut at: Timestamp = "2025-04-01T00:00:00Z".parse().unwrap();
            let mut visits = Vec::new();
            for (minutes, changed) in steps {
                at += SignedDuration::from_mins(minutes);
                visits.push(Visit { at, changed });
            }
            let wait = interval(&visits, &bounds());
            prop_assert!(wait >= SignedDuration::from_hours(2) && wait <= SignedDuration::from_hours(64));
        }
    }
}
