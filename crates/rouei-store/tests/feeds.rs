//! What the store knows of entries that were read out of feeds.
#![allow(clippy::unwrap_used)]

use rouei_store::{CaptureId, EntryKnown, FeedEntryText, NewCapture, Store};

fn capture(store: &Store, url: &str, role: &str) -> CaptureId {
    let number = store.status().unwrap().responses;
    let new = NewCapture {
        source: "town".into(),
        role: Some(role.into()),
        url: url.into(),
        captured: "2025-04-16T00:00:00Z".parse().unwrap(),
        status: 200,
        payload_digest: format!("sha256:{number}"),
        warc_file: "a.warc.gz".into(),
        warc_offset: number,
        warc_length: 1,
        record_id: format!("urn:uuid:{number}"),
        ..NewCapture::default()
    };
    store.insert_capture(&new).unwrap()
}

const FEED: &str = "https://town.example/feed";
const ENTRY: &str = "https://town.example/n/1";

#[test]
fn an_entry_is_known_by_its_texts_in_its_feed() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("rouei.sqlite")).unwrap();
    let known = |feed: &str, sha256: &str| store.entry_known(feed, ENTRY, sha256, None).unwrap();
    let put = |capture, feed: &str, sha256: &str| {
        store.put_entry(feed, &FeedEntryText { capture, url: ENTRY.into(), sha256: sha256.into() }).unwrap()
    };
    assert_eq!(known(FEED, "a"), EntryKnown::No);

    let first = capture(&store, FEED, "feed");
    assert_eq!(store.unread_feeds().unwrap().len(), 1);
    assert!(put(first, FEED, "a"));
    assert!(!put(first, FEED, "a"), "the same capture twice");
    store.put_entries(first, 1).unwrap();
    assert_eq!(store.unread_feeds().unwrap(), []);
    assert_eq!(store.latest_feed("town", false).unwrap(), None);
    assert_eq!(store.latest_feed("town", true).unwrap().unwrap().id, first);
    assert_eq!((known(FEED, "a"), known(FEED, "b")), (EntryKnown::SameText, EntryKnown::OtherText));

    // Another feed with the same entry says nothing of this one.
    let other = "https://town.example/all.xml";
    assert_eq!(known(other, "a"), EntryKnown::OtherText);
    let second = capture(&store, other, "feed");
    assert!(put(second, other, "c"));
    let third = capture(&store, FEED, "feed");
    assert!(!put(third, FEED, "a"), "its feed had it already");
    assert!(put(third, FEED, "b"));
    let latest = store.latest_entries().unwrap();
    assert_eq!(latest.keys().collect::<Vec<_>>(), [&third]);
    assert_eq!(latest[&third][0].sha256, "b");

    // What was captured earlier and is read later is overtaken; so is all of it by a page.
    assert!(store.is_overtaken(ENTRY, second).unwrap());
    assert!(!store.is_overtaken(ENTRY, third).unwrap());
    let page = capture(&store, ENTRY, "page");
    assert!(store.is_overtaken(ENTRY, third).unwrap());
    assert!(!store.is_overtaken(ENTRY, page).unwrap());
}
