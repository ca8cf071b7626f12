//! `sources.yaml`: what is read, what is refused and where the message points.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rouei_crawl::{Catalogue, Schedule, Visit, json_schema};
use serde::Deserialize;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    yaml: String,
    /// `line:column` of the message.
    place: String,
    /// What the message holds.
    message: String,
}

fn check(case: &Case) -> Option<String> {
    let error = Catalogue::parse("s.yaml", &case.yaml).unwrap_err().to_string();
    let right = error.starts_with(&format!("s.yaml:{}: ", case.place)) && error.contains(&case.message);
    (!right).then(|| format!("{}: {error}", case.name))
}

#[test]
fn faults_are_named_with_their_place() {
    let cases: Cases = toml::from_str(include_str!("cases/catalogue.toml")).unwrap();
    let wrong: Vec<String> = cases.case.iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fault_of_a_file_is_named() {
    let yaml = "alarms: { mail: { from: x, to: [a@b.example] } }\nsources:\n  - &a\n    id: A\n    publisher: ' '\n    \
                tier: press\n    discovery: { page: { url: 'https://a.example/' } }\n  - *a\n";
    let errors = Catalogue::parse_all("s.yaml", yaml).unwrap_err();
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expected =
        ["no mail address", "id \"A\"", "no publisher", "id \"A\"", "no publisher", "stands already in line"];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with("s.yaml:") && line.contains(expected), "{line}");
    }
}

#[test]
fn an_archived_page_is_read_by_the_layout_of_its_day() {
    let feed = |name: &str| format!("{{ feed: {{ url: 'https://a.example/{name}' }} }}");
    let yaml = format!(
        "sources:\n  - id: a\n    publisher: p\n    tier: press\n    discovery: {}\n    earlier:\n      \
         - {{ until: 2023-03-31, discovery: {} }}\n      - {{ until: 2024-03-31, discovery: {} }}\n",
        feed("now"),
        feed("oldest"),
        feed("old")
    );
    let source = Catalogue::parse("t", &yaml).unwrap().sources.remove(0);
    for (day, path) in
        [("2020-01-01", "/oldest"), ("2023-03-31", "/oldest"), ("2023-04-01", "/old"), ("2024-04-01", "/now")]
    {
        assert_eq!(source.discovery_on(day.parse().unwrap()).url().path(), path, "{day}");
    }
}

#[test]
fn adaptive_schedules() {
    let schedule = Schedule::try_from("2h..1d".to_owned()).unwrap();
    let now: Timestamp = "2025-04-16T03:00:00Z".parse().unwrap();
    let visit = |hours: i64, changed| Visit { at: now + jiff::SignedDuration::from_hours(hours), changed };
    assert_eq!(schedule.next_due(&[], now), now, "never visited");
    assert_eq!(schedule.next_due(&[visit(0, true)], now), visit(2, true).at);
    assert_eq!(schedule.next_due(&[visit(-2, true), visit(0, false)], now), visit(3, true).at);
    assert_eq!(String::from(schedule), "2h..1d");
}

#[test]
fn the_real_sources_are_valid_and_disabled() {
    let yaml = std::fs::read_to_string(root().join("sources.yaml")).unwrap();
    let catalogue = Catalogue::parse("sources.yaml", &yaml).unwrap();
    assert_eq!(catalogue.sources.len(), 16);
    for source in &catalogue.sources {
        assert!(!source.enabled && source.disabled_reason.is_some(), "{}", source.id);
        assert!(source.schedule.is_some() && source.known_from.is_some(), "{}", source.id);
    }
    assert_eq!(catalogue.crawl.contact, "", "an operator sets the contact");
}

/// `ROUEI_UPDATE=1 cargo test -p rouei-crawl` writes the file anew.
#[test]
fn the_schema_is_up_to_date() {
    let path = root().join("schemas/sources.schema.json");
    let schema = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    if std::env::var_os("ROUEI_UPDATE").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), schema, "{}", path.display());
}

#[test]
fn the_schema_refuses_unknown_keys() {
    let schema = json_schema();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["$defs"]["Source"]["additionalProperties"], false);
    assert_eq!(schema["$defs"]["Follow"]["additionalProperties"], false);
}

#[test]
fn schedules() {
    let now: Timestamp = "2025-04-16T03:00:00Z".parse().unwrap();
    for (text, last, next) in [
        ("6h", "2025-04-16T00:00:00Z", "2025-04-16T06:00:00Z"),
        ("2d", "2025-04-16T00:00:00Z", "2025-04-18T00:00:00Z"),
        // 07:20 in Japan is 22:20 UTC of the day before.
        ("20 7,12 * * *", "2025-04-15T22:20:00Z", "2025-04-16T03:20:00Z"),
        ("0 9 * * 1-5", "2025-04-18T00:00:00Z", "2025-04-21T00:00:00Z"),
    ] {
        let schedule = Schedule::try_from(text.to_owned()).unwrap();
        let (last, next): (Timestamp, Timestamp) = (last.parse().unwrap(), next.parse().unwrap());
        let now = now.max(last);
        assert_eq!(schedule.next_after(Some(last), now), next, "{text}");
        assert_eq!(schedule.is_due(Some(last), now), next <= now, "{text}");
        assert!(schedule.is_due(None, now), "{text}: never visited");
        assert!(schedule.is_due(Some(now + jiff::SignedDuration::from_hours(1)), now), "{text}: a clock set back");
        assert_eq!(String::from(schedule), text);
    }
}
