//! A store with something in it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use jiff::Timestamp;
use rouei_model::{Extraction, ReviewAction, ReviewField};
use rouei_store::{NewCapture, NewReview, Store};

pub const FIRST: &str = "d15c000000000001";
pub const SECOND: &str = "d15c000000000002";
pub const TEXT: &str = "見本市からのお知らせ、本市では最大約4072人の誤送信が4月15日に、氏名";

/// A notice of an invented city: one record in which every field is set, one in which none is.
pub fn notice() -> Extraction {
    serde_json::from_str(include_str!("../notice.json")).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn capture(number: u64, url: &str, captured: &str) -> NewCapture {
    NewCapture {
        source: "mihon-city".into(),
        role: Some("page".into()),
        url: url.into(),
        captured: at(captured),
        status: 200,
        revisit: false,
        payload_digest: format!("sha256:{number}"),
        etag: Some(format!("\"{number}\"")),
        content_type: Some("text/html".into()),
        link_date: Some("2025-04-15".into()),
        fresh_until: Some(at("2025-04-16T00:10:00Z")),
        warc_file: "rouei-20250416000000-00000.warc.gz".into(),
        warc_offset: number * 1000,
        warc_length: 900,
        record_id: format!("urn:uuid:{number}"),
        ..NewCapture::default()
    }
}

pub fn with_notice() -> Store {
    let store = Store::open_in_memory().unwrap();
    let id = store.insert_capture(&capture(1, "https://mihon.example.jp/notice/1", "2025-04-16T01:02:03.5Z")).unwrap();
    store.put_extraction(Some(id), &notice(), Some(TEXT)).unwrap();
    store
}

pub fn review(store: &Store, disclosure: &str, field: ReviewField, action: ReviewAction, value: Option<&str>) -> i64 {
    let new = NewReview {
        disclosure: disclosure.into(),
        field,
        action,
        value: value.map(str::to_owned),
        reviewer: "reviewer".into(),
        note: None,
        decided: at("2025-05-01T00:00:00Z"),
    };
    store.add_review(&new).unwrap().id
}
