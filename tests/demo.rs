//! The whole way, end to end: the fixture sites are crawled, read and recorded as their labels say.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use rouei_store::{DisclosureFilter, Store};
use support::{fixture, json_lines, rouei, stderr};

/// Records by address: their organizations.
fn records(data: &std::path::Path) -> BTreeMap<String, Vec<String>> {
    let store = Store::open_read_only(&data.join("rouei.sqlite")).unwrap();
    let mut by_url: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in store.disclosures(&DisclosureFilter::default()).unwrap() {
        by_url.entry(row.url.unwrap()).or_default().push(row.organization.unwrap_or_default());
    }
    by_url
}

#[test]
fn demo_records_every_disclosure_and_nothing_else() {
    let data = tempfile::tempdir().unwrap();
    let output = rouei(["demo".as_ref(), "--data".as_ref(), data.path().as_os_str()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let records = records(data.path());

    let labels = std::fs::read_to_string(fixture("sites/expected.jsonl")).unwrap();
    let mut wrong = Vec::new();
    let mut told = BTreeSet::new();
    for label in json_lines(&labels) {
        let url = label["url"].as_str().unwrap().to_owned();
        let url = url.strip_suffix("index.html").map_or(url.clone(), str::to_owned);
        let found = records.get(&url).map_or(0, Vec::len);
        let incidents = label["incidents"].as_array().unwrap().len();
        match label["kind"].as_str().unwrap() {
            "disclosure" | "roundup" if found == 0 => wrong.push(format!("{url}: nothing recorded")),
            "disclosure" if found != 1 => wrong.push(format!("{url}: {found} records of one incident")),
            "roundup" if found < incidents => wrong.push(format!("{url}: {found} of {incidents} incidents")),
            "negative" | "discovery" if found > 0 => wrong.push(format!("{url}: {:?} recorded", records[&url])),
            _ => {}
        }
        told.insert(url);
    }
    for url in records.keys().filter(|u| !told.contains(*u)) {
        wrong.push(format!("{url}: recorded, but the labels do not know it"));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), stderr(&output));
}

#[test]
fn a_second_crawl_and_a_reextraction_add_nothing() {
    let data = tempfile::tempdir().unwrap();
    let demo = || {
        let output = rouei(["demo".as_ref(), "--data".as_ref(), data.path().as_os_str()]);
        assert!(output.status.success(), "{}", stderr(&output));
    };
    demo();
    let first = records(data.path());
    demo();
    assert_eq!(records(data.path()), first);
    let store = Store::open_read_only(&data.path().join("rouei.sqlite")).unwrap();
    let captures = store.latest_captures().unwrap();
    let urls: BTreeSet<&str> = captures.iter().map(|c| c.capture.url.as_str()).collect();
    assert_eq!(urls.len(), captures.len(), "an address has two latest captures");

    let output = rouei(["reextract".as_ref(), "--data".as_ref(), data.path().as_os_str()]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("0 disclosures new, 0 changed"), "{}", stderr(&output));
    assert_eq!(records(data.path()), first);
}
