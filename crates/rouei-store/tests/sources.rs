//! What the store remembers of sources: visits, signs, alarms, and texts that are alike.
#![allow(clippy::unwrap_used)]

mod common;

use jiff::{SignedDuration, Timestamp, civil::Date};
use rouei_model::{DocumentRecord, Extraction, SourceTier};
use rouei_store::{CaptureId, NewCapture, RunId, SourceCounts, SourceReport, Store};

fn at(hours: i64) -> Timestamp {
    "2025-04-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn capture(store: &Store, url: &str, hours: i64, status: u16, revisit: bool) -> CaptureId {
    let new = NewCapture {
        source: "town".into(),
        role: Some("page".into()),
        url: url.into(),
        captured: at(hours),
        status,
        revisit,
        payload_digest: format!("sha256:{hours}"),
        warc_file: "a.warc.gz".into(),
        warc_offset: hours as u64 * 1000 + url.len() as u64,
        warc_length: 10,
        record_id: format!("urn:{url}:{hours}"),
        ..NewCapture::default()
    };
    store.insert_capture(&new).unwrap()
}

/// A document without disclosures.
fn put(store: &Store, id: &str, capture: Option<CaptureId>, text: &str, published: Option<&str>, tier: SourceTier) {
    let mut extraction: Extraction = common::notice();
    extraction.disclosures.clear();
    extraction.document = DocumentRecord {
        id: id.into(),
        url: Some(format!("https://{id}.example/")),
        published: published.map(|d| d.parse::<Date>().unwrap()),
        captured: Some(at(0)),
        source_tier: tier,
        ..extraction.document
    };
    store.put_extraction(capture, &extraction, Some(text)).unwrap();
}

#[test]
fn visits_of_an_address_are_its_answers() {
    let store = Store::open_in_memory().unwrap();
    let url = "https://a.example/";
    for (hours, status, revisit) in [(0, 200, false), (2, 200, true), (4, 503, false), (6, 200, false), (8, 304, true)]
    {
        capture(&store, url, hours, status, revisit);
    }
    let visits = |n| store.visits_of_address(url, n).unwrap().iter().map(|v| (v.at, v.changed)).collect::<Vec<_>>();
    assert_eq!(visits(9), [(at(0), true), (at(2), false), (at(6), true), (at(8), false)]);
    assert_eq!(visits(2), [(at(6), true), (at(8), false)], "the latest, oldest first");
    assert_eq!(store.visits_of_address("https://b.example/", 9).unwrap(), []);
}

#[test]
fn visits_of_a_source_are_its_crawls() {
    let store = Store::open_in_memory().unwrap();
    for (hours, command, new) in [(0, "crawl", 3), (1, "reextract", 9), (2, "crawl", 0), (3, "crawl", 1)] {
        let run: RunId = store.begin_run(command, at(hours)).unwrap();
        let counts = SourceCounts { new, ..SourceCounts::default() };
        store.put_source_report(run, &SourceReport { source: "town".into(), counts, reasons: vec![] }).unwrap();
    }
    let visits: Vec<_> = store.visits_of_source("town", 9).unwrap().iter().map(|v| (v.at, v.changed)).collect();
    assert_eq!(visits, [(at(0), true), (at(2), false), (at(3), true)]);
}

#[test]
fn a_capture_with_a_sign_is_not_the_latest_answer() {
    let store = Store::open_in_memory().unwrap();
    let url = "https://a.example/";
    let good = capture(&store, url, 0, 200, false);
    let wall = capture(&store, url, 5, 200, false);
    assert_eq!(store.latest_response(url).unwrap().unwrap().id, wall);
    store.put_page_sign(wall, Some("login_wall")).unwrap();
    assert_eq!(store.latest_response(url).unwrap().unwrap().id, good);
    assert_eq!(store.signed_captures().unwrap().len(), 1);
    let signs = store.page_signs().unwrap();
    assert_eq!((signs[0].source.as_str(), signs[0].sign.as_str(), signs[0].captures), ("town", "login_wall", 1));
    store.put_page_sign(wall, None).unwrap();
    assert_eq!(store.latest_response(url).unwrap().unwrap().id, wall);
}

#[test]
fn an_alarm_lasts_until_it_ends() {
    let store = Store::open_in_memory().unwrap();
    store.raise_alarm("town", "silent", at(0), "nothing new", "").unwrap();
    store.raise_alarm("town", "silent", at(24), "nothing new still", "x").unwrap();
    store.raise_alarm("town", "pages", at(24), "3 of 3 failed", "").unwrap();
    store.told_alarm("town", "silent", at(25)).unwrap();
    let lasting = store.lasting_alarms().unwrap();
    assert_eq!(lasting.len(), 2);
    let silent = &lasting[1];
    assert_eq!((silent.since, silent.message.as_str(), silent.told), (at(0), "nothing new still", Some(at(25))));
    store.end_alarm("town", "silent", at(30)).unwrap();
    store.raise_alarm("town", "silent", at(48), "again", "").unwrap();
    let again = store.lasting_alarms().unwrap().remove(1);
    assert_eq!((again.since, again.told), (at(48), None), "a new one");
}

#[test]
fn the_later_document_is_the_duplicate() {
    let store = Store::open_in_memory().unwrap();
    put(&store, "blog", None, "text", Some("2025-04-16"), SourceTier::Repost);
    put(&store, "town", None, "text", Some("2025-04-16"), SourceTier::Official);
    put(&store, "press", None, "text", Some("2025-04-15"), SourceTier::Press);
    let bands: Vec<u64> = (0..16).collect();
    let others: Vec<u64> = (0..16).map(|n| if n == 3 { 3 } else { u64::MAX - n }).collect();
    for (id, bands) in [("blog", &bands), ("town", &bands), ("press", &others)] {
        store.put_bands(id, bands).unwrap();
    }
    let like: Vec<String> = store.like_documents("blog").unwrap().into_iter().map(|d| d.id).collect();
    assert_eq!(like, ["town", "press"], "those that share most first");
    store.put_near_duplicate("blog", "town", 0.9).unwrap();
    store.put_near_duplicate("town", "press", 0.8).unwrap();
    store.put_near_duplicate("press", "blog", 0.8).unwrap();
    let pairs = |store: &Store| -> Vec<(String, String)> {
        store.near_duplicates().unwrap().into_iter().map(|n| (n.document_id, n.of)).collect()
    };
    // Of several, the earliest; on one day, the organization's own.
    assert_eq!(pairs(&store), [("blog".into(), "press".into()), ("town".into(), "press".into())]);
    // New bands, new pairs.
    store.put_bands("press", &[]).unwrap();
    assert_eq!(pairs(&store), [("blog".into(), "town".into())]);
    assert!(store.has_bands("blog").unwrap() && !store.has_bands("press").unwrap());
}

#[test]
fn the_fields_of_documents_come_in_the_order_of_their_capture() {
    let store = Store::open_in_memory().unwrap();
    for (n, id) in ["c", "a", "b"].into_iter().enumerate() {
        let capture = capture(&store, &format!("https://{id}.example/"), n as i64, 200, false);
        let published = (id == "b").then_some("2025-04-16");
        put(&store, id, Some(capture), "text", published, SourceTier::Official);
    }
    let fields = store.document_fields("town", 2).unwrap();
    assert_eq!(fields.iter().map(|f| f.published).collect::<Vec<_>>(), [false, true]);
    assert!(fields.iter().all(|f| f.disclosures == 0 && !f.organization));
    assert_eq!(store.document_fields("elsewhere", 9).unwrap(), []);
}

#[test]
fn a_corrected_link_reaches_the_captures_after_it() {
    let store = Store::open_in_memory().unwrap();
    let url = "https://a.example/n/1";
    for hours in [1, 5] {
        let mut new = store.capture(capture(&store, url, hours, 200, false)).unwrap().capture;
        new.url = format!("{url}?{hours}");
        new.found_on = Some("https://a.example/".into());
        new.record_id += "x";
        new.warc_offset += 500_000;
        store.insert_capture(&new).unwrap();
    }
    for hours in [1, 5] {
        store.correct_link("https://a.example/", &format!("{url}?{hours}"), at(3), Some("題"), None).unwrap();
    }
    let title = |hours| store.latest_response(&format!("{url}?{hours}")).unwrap().unwrap().capture.link_title;
    assert_eq!((title(1), title(5)), (None, Some("題".to_owned())));
}
