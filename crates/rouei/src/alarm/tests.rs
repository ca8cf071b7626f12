#![allow(clippy::unwrap_used)]

use super::*;

const HOUR: i64 = 3600;

fn catalogue() -> Catalogue {
    let yaml = "sources:\n  - { id: a, publisher: 架空市, tier: official, discovery: { page: { url: 'https://a.example/' } } }\n  \
                - { id: b, publisher: 架空町, tier: official, discovery: { page: { url: 'https://b.example/' } } }\n";
    Catalogue::parse("t", yaml).unwrap()
}

/// One run: its hour, the sources visited, what is wrong (`source/kind/signature`), whether telling works, and what is
/// told (`source kind state`).
struct Night {
    hour: i64,
    visited: &'static [&'static str],
    wrong: &'static [&'static str],
    works: bool,
    told: &'static [&'static str],
}

fn check(nights: &[Night]) {
    let store = Store::open_in_memory().unwrap();
    let catalogue = catalogue();
    for night in nights {
        let now = Timestamp::from_second(1_760_000_000 + night.hour * HOUR).unwrap();
        let visited: Vec<Source> = night.visited.iter().map(|id| catalogue.source(id).unwrap().clone()).collect();
        let found: Vec<Condition> = night
            .wrong
            .iter()
            .map(|text| {
                let parts: Vec<&'static str> = text.split('/').collect();
                Condition {
                    source: parts[0].to_owned(),
                    kind: parts[1],
                    since: None,
                    message: format!("at hour {}", night.hour),
                    signature: parts[2].to_owned(),
                }
            })
            .collect();
        let repeat = SignedDuration::from_hours(7 * 24);
        let notices = settle(&store, &catalogue, &visited, &found, repeat, now).unwrap();
        if night.works {
            told(&store, &notices, now).unwrap();
        }
        let lines: Vec<String> =
            notices.iter().map(|n| format!("{} {} {:?}", n.source, n.kind, n.state).to_lowercase()).collect();
        assert_eq!(lines, night.told, "hour {}", night.hour);
    }
}

fn night(hour: i64, wrong: &'static [&'static str], told: &'static [&'static str]) -> Night {
    Night { hour, visited: &["a", "b"], wrong, works: true, told }
}

#[test]
fn told_once_again_after_a_while_and_when_it_is_over() {
    check(&[
        night(0, &[], &[]),
        night(24, &["a/too_few/none"], &["a too_few raised"]),
        night(48, &["a/too_few/none"], &[]),
        night(72, &["a/too_few/none", "b/discovery/status 404"], &["b discovery raised"]),
        night(24 + 7 * 24, &["a/too_few/none"], &["a too_few repeated", "b discovery recovered"]),
        night(48 + 7 * 24, &["a/too_few/few"], &["a too_few changed"]),
        night(72 + 7 * 24, &[], &["a too_few recovered"]),
        night(96 + 7 * 24, &[], &[]),
        night(97 + 7 * 24, &["a/too_few/none"], &["a too_few raised"]),
    ]);
}

#[test]
fn a_source_that_was_not_visited_says_nothing() {
    check(&[
        night(0, &["a/silent/"], &["a silent raised"]),
        Night { hour: 24, visited: &["b"], wrong: &[], works: true, told: &[] },
        night(48, &[], &["a silent recovered"]),
    ]);
}

#[test]
fn what_could_not_be_told_is_told_the_next_time() {
    check(&[
        Night { hour: 0, visited: &["a"], wrong: &["a/silent/"], works: false, told: &["a silent raised"] },
        Night { hour: 24, visited: &["a"], wrong: &["a/silent/"], works: true, told: &["a silent raised"] },
        Night { hour: 48, visited: &["a"], wrong: &["a/silent/"], works: true, told: &[] },
        Night { hour: 72, visited: &["a"], wrong: &["a/silent/", "a/pages/"], works: false, told: &["a pages raised"] },
        // Nobody heard of the pages; their end is no news.
        Night { hour: 96, visited: &["a"], wrong: &["a/silent/"], works: true, told: &[] },
    ]);
}

#[test]
fn lines_say_which_source_and_since_when() {
    let since = "2025-04-15T16:00:00Z".parse().unwrap();
    let notice = |state| Notice {
        source: "a".into(),
        publisher: "架空市".into(),
        kind: "too_few".into(),
        state,
        since,
        message: "found 0 items, normal are at least 5".into(),
    };
    assert_eq!(line(&notice(State::Raised)), "a: found 0 items, normal are at least 5 (since 2025-04-16)");
    assert_eq!(line(&notice(State::Repeated)), "a: found 0 items, normal are at least 5 (still, since 2025-04-16)");
    assert_eq!(
        line(&notice(State::Recovered)),
        "a: works again (since 2025-04-16: found 0 items, normal are at least 5)"
    );
}
