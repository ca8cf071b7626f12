//! Captures and extractions: what is put in comes out, and twice is once.
#![allow(clippy::unwrap_used)]

use common::{FIRST, SECOND, TEXT, at, capture, notice, review, with_notice};
use rouei_model::{Effect, LeakedBy, ReportType, ReviewAction, ReviewField};
use rouei_store::{
    DisclosureFilter, DocumentOutcome, Outcome, SourceCounts, SourceReason, SourceReport, SourceState, Store,
    StoreError,
};
use rusqlite::{Connection, types::Value};

mod common;

/// Every row of every table.
fn dump(path: &std::path::Path) -> String {
    let connection = Connection::open(path).unwrap();
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut text = String::new();
    for name in names {
        let mut rows = connection.prepare(&format!("SELECT rowid, * FROM \"{name}\" ORDER BY rowid")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            text.push_str(&name);
            for i in 0..columns {
                text.push_str(&format!("|{:?}", row.get::<_, Value>(i).unwrap()));
            }
            text.push('\n');
        }
    }
    text
}

#[test]
fn an_extraction_comes_back_as_it_was() {
    let store = with_notice();
    let mut expected = notice();
    expected.document.text = Some(TEXT.into());
    assert_eq!(store.extraction(&expected.document.id).unwrap().unwrap(), expected);
    assert_eq!(store.documents().unwrap(), std::slice::from_ref(&expected.document.id));
    assert!(store.extraction("no such").unwrap().is_none());
    let full = store.disclosure(FIRST).unwrap();
    assert_eq!(full.machine, expected.disclosures[0]);
    assert_eq!(full.document.text.as_deref(), Some(TEXT));
    assert!(matches!(store.disclosure("no such").unwrap_err(), StoreError::NotFound { .. }));
}

#[test]
fn what_follows_from_claims_is_not_kept() {
    let store = with_notice();
    let mut derived = notice();
    let disclosure = &mut derived.disclosures[0];
    disclosure.report_types = vec![ReportType::Over1000];
    disclosure.effect = vec![Effect::Leak];
    disclosure.leaked_by = Some(LeakedBy::Reporter);
    disclosure.causes[0].codings.scan = Some("その他".into());
    let outcome = store.put_extraction(None, &derived, Some(TEXT)).unwrap();
    assert_eq!((outcome.changed, outcome.unchanged), (0, notice().disclosures.len()));
    assert_eq!(store.disclosure(FIRST).unwrap().machine, notice().disclosures[0]);
}

#[test]
fn unknown_is_null_and_not_zero() {
    let store = with_notice();
    let rows = store.disclosures(&DisclosureFilter::default()).unwrap();
    let second = rows.iter().find(|r| r.id == SECOND).unwrap();
    assert_eq!(
        (second.headline_value, second.headline_approx, &second.organization, second.cause, second.announced_from),
        (None, None, &None, None, None)
    );
    let first = rows.iter().find(|r| r.id == FIRST).unwrap();
    assert_eq!((first.headline_value, first.headline_approx), (Some(4072), Some(true)));
    assert_eq!(first.occurred_to.unwrap().to_string(), "2025-03-31");
    assert_eq!(first.source.as_deref(), Some("mihon-city"));
}

#[test]
fn the_same_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rouei.sqlite");
    let put = || {
        let store = Store::open(&path).unwrap();
        let new = capture(1, "https://mihon.example.jp/notice/1", "2025-04-16T01:02:03.5Z");
        let id = store.insert_capture(&new).unwrap();
        store.put_extraction(Some(id), &notice(), Some(TEXT)).unwrap()
    };
    let first = Outcome { document: DocumentOutcome::New, new: 2, changed: 0, unchanged: 0, withdrawn: 0 };
    assert_eq!(put(), first);
    let before = dump(&path);
    assert!(before.contains("最大約4072人"));
    let again = Outcome { document: DocumentOutcome::Unchanged, new: 0, changed: 0, unchanged: 2, withdrawn: 0 };
    assert_eq!(put(), again);
    assert_eq!(dump(&path), before);
}

#[test]
fn what_changed_is_replaced_and_what_went_is_removed() {
    let store = with_notice();
    let mut changed = notice();
    changed.extractor_version = "test-2".into();
    changed.disclosures[0].counts.pop();
    changed.disclosures[0].organizations[0].evidence.clear();
    changed.disclosures[0].issues.clear();
    changed.disclosures.pop();
    let outcome = store.put_extraction(None, &changed, Some(TEXT)).unwrap();
    let expected = Outcome { document: DocumentOutcome::Changed, new: 0, changed: 1, unchanged: 0, withdrawn: 1 };
    assert_eq!(outcome, expected);
    changed.document.text = Some(TEXT.into());
    assert_eq!(store.extraction(&changed.document.id).unwrap().unwrap(), changed);
    assert_eq!(store.withdrawn().unwrap(), []);
    assert!(store.disclosure(SECOND).is_err());

    // Fetched again, and the same: only where it came from is new.
    let id = store.insert_capture(&capture(2, "https://mihon.example.jp/notice/1", "2025-04-20T00:00:00Z")).unwrap();
    changed.document.captured = Some(at("2025-04-20T00:00:00Z"));
    let outcome = store.put_extraction(Some(id), &changed, None).unwrap();
    assert_eq!((outcome.document, outcome.unchanged), (DocumentOutcome::Unchanged, 1));
    assert_eq!(store.document(&changed.document.id).unwrap().unwrap().capture, Some(id));
}

#[test]
fn the_order_of_the_document_is_kept() {
    let store = with_notice();
    let mut turned = notice();
    turned.disclosures.reverse();
    let outcome = store.put_extraction(None, &turned, Some(TEXT)).unwrap();
    assert_eq!((outcome.unchanged, outcome.changed), (2, 0));
    let ids: Vec<_> =
        store.extraction(&turned.document.id).unwrap().unwrap().disclosures.into_iter().map(|d| d.id).collect();
    assert_eq!(ids, [SECOND, FIRST]);
}

#[test]
fn a_failure_leaves_the_document_as_it_was() {
    let store = with_notice();
    let before = store.extraction("d0c0000000000001").unwrap();
    let mut broken = notice();
    broken.document.title = Some("another".into());
    broken.disclosures[1].id = FIRST.into();
    assert!(matches!(store.put_extraction(None, &broken, None).unwrap_err(), StoreError::DuplicateDisclosure { .. }));
    let mut broken = notice();
    broken.document.title = Some("another".into());
    broken.disclosures[0].counts[0].value = Some(u64::MAX);
    assert!(matches!(store.put_extraction(None, &broken, None).unwrap_err(), StoreError::TooLarge(u64::MAX)));
    assert_eq!(store.extraction("d0c0000000000001").unwrap(), before);
}

#[test]
fn withdrawn_records_keep_their_reviews_and_come_back() {
    let store = with_notice();
    review(&store, FIRST, ReviewField::Organization, ReviewAction::Correct, Some("見本市役所"));
    let mut none = notice();
    none.disclosures.clear();
    assert_eq!(store.put_extraction(None, &none, Some(TEXT)).unwrap().withdrawn, 2);
    assert_eq!(store.disclosures(&DisclosureFilter::default()).unwrap(), []);
    let withdrawn = store.withdrawn().unwrap();
    assert_eq!(withdrawn.len(), 1, "the one without reviews is gone");
    assert_eq!(withdrawn[0].organization.as_deref(), Some("見本市役所"));
    assert_eq!(store.status().unwrap().withdrawn, 1);
    assert_eq!(store.put_extraction(None, &none, Some(TEXT)).unwrap().withdrawn, 0, "once is enough");

    assert_eq!(store.put_extraction(None, &notice(), Some(TEXT)).unwrap().new, 2);
    let row = store.disclosure(FIRST).unwrap().row;
    assert_eq!((row.withdrawn, row.organization.as_deref()), (false, Some("見本市役所")));
}

#[test]
fn captures_are_kept_once() {
    let store = Store::open_in_memory().unwrap();
    let url = "https://mihon.example.jp/notice/1";
    let mut recovered = capture(1, url, "2025-04-16T00:00:00Z");
    recovered.role = None;
    let id = store.insert_capture(&recovered).unwrap();
    let known = capture(1, url, "2025-04-16T00:00:00Z");
    assert_eq!(store.insert_capture(&known).unwrap(), id);
    assert_eq!(store.capture(id).unwrap().capture, known, "the role is added");
    assert_eq!(store.insert_capture(&recovered).unwrap(), id);
    assert_eq!(store.capture(id).unwrap().capture, known, "and not taken away");
    assert_eq!(store.known_record("urn:uuid:1").unwrap(), Some(id));
    assert_eq!(store.known_record("urn:uuid:2").unwrap(), None);
    assert_eq!(store.status().unwrap().responses, 1);

    // Another record at the same place of the archive cannot be.
    let mut clash = capture(2, url, "2025-04-17T00:00:00Z");
    clash.warc_offset = known.warc_offset;
    assert!(matches!(store.insert_capture(&clash).unwrap_err(), StoreError::Sql(_)));
}

#[test]
fn what_a_conditional_request_needs() {
    let store = Store::open_in_memory().unwrap();
    let url = "https://mihon.example.jp/notice/1";
    assert_eq!(store.last_capture(url).unwrap(), None);
    let mut failed = capture(1, url, "2025-04-15T00:00:00Z");
    failed.status = 503;
    store.insert_capture(&failed).unwrap();
    assert_eq!(store.last_capture(url).unwrap().unwrap().original.capture, failed);
    assert_eq!(store.latest_response(url).unwrap(), None);

    // The latest is the one that came last, whatever the clock said before it was set back.
    let original = capture(2, url, "2025-04-16T00:00:00.5Z");
    store.insert_capture(&capture(3, url, "2025-04-16T00:00:01Z")).unwrap();
    store.insert_capture(&original).unwrap();
    assert_eq!(store.last_capture(url).unwrap().unwrap().checked, original.captured);
    let mut again = capture(4, url, "2025-04-17T00:00:00Z");
    (again.status, again.revisit) = (304, true);
    again.payload_digest.clone_from(&original.payload_digest);
    (again.etag, again.last_modified, again.fresh_until) = (None, Some("Wed".into()), None);
    store.insert_capture(&again).unwrap();

    let last = store.last_capture(url).unwrap().unwrap();
    assert_eq!(last.original.capture, original);
    assert_eq!((last.checked, last.first_captured), (again.captured, failed.captured));
    assert_eq!((last.etag.as_deref(), last.last_modified.as_deref()), (Some("\"2\""), Some("Wed")));
    assert_eq!(last.fresh_until, None, "the latest word counts");
    assert_eq!(store.latest_response(url).unwrap().unwrap().capture, original);

    let other = capture(5, "https://mihon.example.jp/a", "2025-04-16T00:00:00Z");
    store.insert_capture(&other).unwrap();
    let latest: Vec<_> = store.latest_captures().unwrap().into_iter().map(|c| c.capture).collect();
    assert_eq!(latest, [other.clone(), original.clone()]);
    assert_eq!(store.captures_without_document().unwrap().len(), 2);
    let id = store.known_record(&original.record_id).unwrap();
    store.put_extraction(id, &notice(), None).unwrap();
    let waiting: Vec<_> = store.captures_without_document().unwrap().into_iter().map(|c| c.capture).collect();
    assert_eq!(waiting, std::slice::from_ref(&other));
    assert_eq!(store.capture_of_payload("sha256:2").unwrap().unwrap().capture, original);
    assert_eq!(store.capture_of_payload("sha256:9").unwrap(), None);
}

#[test]
fn runs_and_sources() {
    let store = Store::open_in_memory().unwrap();
    let run = store.begin_run("crawl", at("2025-04-16T00:00:00Z")).unwrap();
    let reason = |rejected, text: &str| SourceReason { rejected, url: None, reason: text.into() };
    let counts = SourceCounts { found: 3, new: 1, failed: 1, rejected: 1, ..SourceCounts::default() };
    let reasons = vec![reason(true, "robots.txt line 3"), reason(false, "timed out")];
    let report = SourceReport { source: "mihon-city".into(), counts, reasons };
    store.put_source_report(run, &report).unwrap();
    store.put_source_report(run, &report).unwrap();
    store.end_run(run, at("2025-04-16T00:01:00Z"), 3).unwrap();
    let last = store.status().unwrap().last_run.unwrap();
    assert_eq!((last.exit_code, last.ended), (Some(3), Some(at("2025-04-16T00:01:00Z"))));
    assert!(store.end_run(rouei_store::RunId(99), at("2025-04-16T00:01:00Z"), 0).is_err());

    let later = store.begin_run("crawl", at("2025-04-17T00:00:00Z")).unwrap();
    let well = SourceReport { source: "mihon-city".into(), ..SourceReport::default() };
    store.put_source_report(later, &well).unwrap();
    let visits = store.source_visits().unwrap();
    let visit = &visits[0];
    assert_eq!((visits.len(), visit.source.as_str()), (1, "mihon-city"));
    assert_eq!(
        (visit.last_run, visit.last_success),
        (Some(at("2025-04-17T00:00:00Z")), Some(at("2025-04-17T00:00:00Z")))
    );
    assert_eq!(visit.last_failure, Some(at("2025-04-16T00:00:00Z")));
    assert_eq!(visit.last_error.as_deref(), Some("timed out"), "a rejection is no failure");

    assert_eq!(store.source_state("mihon-city").unwrap(), None);
    let mut state = SourceState { last_run: Some(at("2025-04-16T00:00:00Z")), failures: 2, ..SourceState::default() };
    store.put_source_state("mihon-city", &state).unwrap();
    assert_eq!(store.source_state("mihon-city").unwrap().as_ref(), Some(&state));
    (state.failures, state.last_error) = (3, Some("timed out".into()));
    store.put_source_state("mihon-city", &state).unwrap();
    assert_eq!(store.source_state("mihon-city").unwrap(), Some(state));
}
