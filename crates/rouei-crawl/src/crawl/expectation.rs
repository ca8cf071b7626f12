//! What a run found, held against what is normal for the source.

use jiff::Timestamp;

use super::events::{Finding, SourceTally};
use crate::calendar::working_time;
use crate::sources::{Discovery, Source};

/// Adds to the tally what is not normal. `last_news` is when a page of the source last turned out new or changed.
pub(super) fn judge(source: &Source, tally: &mut SourceTally, last_news: Option<Timestamp>, now: Timestamp) {
    let found = tally.found;
    // A feed or listing without a single item has most often changed its mark-up.
    let min = source.expect.min_items.unwrap_or(u32::from(!matches!(source.discovery, Discovery::Page { .. })));
    let failed = tally.findings.iter().any(|f| matches!(f, Finding::DiscoveryFailed { .. }));
    if found < min && !(failed && found == 0) {
        tally.findings.push(Finding::TooFew { found, min });
    }
    match source.expect.max_items {
        Some(max) if found > max => tally.findings.push(Finding::TooMany { found, max }),
        _ => {}
    }
    if let (Some(longest), Some(since)) = (source.expect.longest_silence, last_news)
        && tally.new + tally.changed == 0
        && working_time(since, now) > longest.signed()
    {
        tally.findings.push(Finding::Silent { since, longest: longest.to_string() });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Catalogue;

    /// What is said of a source with this `expect` after a visit with so many items, on a day, with the last news on
    /// another.
    #[track_caller]
    fn check(discovery: &str, expect: &str, found: u32, new: u32, last_news: &str, today: &str, expected: &[&str]) {
        let yaml = format!(
            "sources: [{{ id: a, publisher: p, tier: press, discovery: {{ {discovery}: {{ url: 'https://a.example/' }} }}, \
             expect: {expect} }}]"
        );
        let source = Catalogue::parse("t", &yaml).unwrap().sources.remove(0);
        let noon = |day: &str| format!("{day}T12:00:00+09:00").parse::<Timestamp>().unwrap();
        let mut tally = SourceTally { found, new, ..SourceTally::default() };
        judge(&source, &mut tally, Some(noon(last_news)), noon(today));
        let said: Vec<String> = tally.findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(said.iter().zip(expected).all(|(said, expected)| said.contains(expected)), "{said:?}");
    }

    #[test]
    fn what_is_normal() {
        let (news, day) = ("2025-04-15", "2025-04-16");
        check("feed", "{}", 1, 0, news, day, &[]);
        check("feed", "{}", 0, 0, news, day, &["found 0 items, normal are at least 1"]);
        check("page", "{}", 0, 0, news, day, &[]);
        check("feed", "{ min_items: 0, max_items: 9 }", 0, 0, news, day, &[]);
        check("feed", "{ min_items: 5, max_items: 9 }", 4, 1, news, day, &["at least 5"]);
        check("feed", "{ min_items: 5, max_items: 9 }", 10, 1, news, day, &["at most 9"]);
    }

    #[test]
    fn silence_counts_working_days() {
        // From the Friday before Golden Week of 2025 to the Wednesday after it there is one working day.
        check("feed", "{ longest_silence: 2d }", 1, 0, "2025-05-02", "2025-05-07", &[]);
        check("feed", "{ longest_silence: 2d }", 1, 0, "2025-05-02", "2025-05-09", &["at most 2d of working days"]);
        check("feed", "{ longest_silence: 2d }", 1, 1, "2025-05-02", "2025-05-09", &[]);
        check("feed", "{ longest_silence: 2d }", 1, 0, "2025-12-26", "2026-01-05", &[]);
    }
}
