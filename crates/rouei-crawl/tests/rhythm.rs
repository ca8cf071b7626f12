//! When known pages are asked for again: their days of follow-up, their rhythm, and what has left its listing.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use rouei_crawl::{Crawler, History, KnownPage, Previous, StoredResponse, Visit, never_cancelled};
use support::*;
use tokio::sync::mpsc;

/// A history of which the test says how often a page was looked at, and which pages hold disclosures.
struct Told {
    inner: Arc<Remembered>,
    visits: Vec<Visit>,
    followed_up: Vec<KnownPage>,
}

impl History for Told {
    fn last(&self, url: &str) -> Option<Previous> {
        self.inner.last(url)
    }
    fn response(&self, url: &str) -> Option<StoredResponse> {
        self.inner.response(url)
    }
    fn digest(&self, body: &[u8]) -> String {
        self.inner.digest(body)
    }
    fn visits(&self, _: &str) -> Vec<Visit> {
        self.visits.clone()
    }
    fn followed_up(&self, _: &str) -> Vec<KnownPage> {
        self.followed_up.clone()
    }
}

/// Crawls once `hours` after the pages of `inner` were captured; the paths asked for, without those of discovery.
async fn later(site: &Site, inner: &Arc<Remembered>, hours: i64, visits: Vec<Visit>, pages: &[&str]) -> Vec<String> {
    let before = site.paths().len();
    let mut settings = settings(&[("news", site)]);
    let now = now() + SignedDuration::from_hours(hours);
    settings.clock = Arc::new(move || now);
    let crawler = Crawler::new(settings).unwrap();
    let followed_up = pages.iter().map(|path| KnownPage {
        url: format!("http://news.example{path}"),
        title: Some("お詫び".into()),
        published: None,
        found_on: None,
        attachment: false,
    });
    let history = Told { inner: Arc::clone(inner), visits, followed_up: followed_up.collect() };
    let (out, mut events) = mpsc::channel(64);
    let seen = Mutex::new(Vec::new());
    let sources = [source("news", "follow: { exclude: ['/left$'] }")];
    let crawl = crawler.crawl(&sources, Arc::new(history), out, never_cancelled());
    let collect = async {
        while let Some(event) = events.recv().await {
            seen.lock().unwrap().push(event);
        }
    };
    tokio::join!(crawl, collect);
    let paths = site.paths().split_off(before);
    paths.into_iter().filter(|p| p != "/robots.txt" && p != "/").collect()
}

#[tokio::test]
async fn a_page_is_asked_for_by_its_days_and_by_its_rhythm() {
    let site = Site::of([("/", listing(&["/1"])), ("/1", html("<p>a"))]).await;
    let history = Remembered::new();
    crawl(settings(&[("news", &site)]), &[source("news", "")], &history).await;

    let none: &[&str] = &[];
    assert_eq!(later(&site, &history, 12, vec![], none).await, Vec::<String>::new(), "captured this morning");
    assert_eq!(later(&site, &history, 25, vec![], none).await, ["/1"], "the day after");
    // `later` does not remember, so the page was captured once, and all its days but the latest are past at 61 days.
    let visits = |days: &[(i64, bool)]| -> Vec<Visit> {
        let at = |days: i64| -> Timestamp { now() + SignedDuration::from_hours(24 * days) };
        days.iter().map(|(days, changed)| Visit { at: at(*days), changed: *changed }).collect()
    };
    let checked = Remembered::new();
    crawl(settings(&[("news", &site)]), &[source("news", "")], &checked).await;
    checked.look("http://news.example/1", SignedDuration::from_hours(24 * 61));
    let hours = |days: i64| 24 * days;
    assert_eq!(later(&site, &checked, hours(64), visits(&[(0, true), (61, false)]), none).await, Vec::<String>::new());
    // Two looks, the second without a change: ten and a half days.
    assert_eq!(later(&site, &checked, hours(71), visits(&[(0, true), (61, false)]), none).await, Vec::<String>::new());
    assert_eq!(later(&site, &checked, hours(72), visits(&[(0, true), (61, false)]), none).await, ["/1"]);
    // A change makes it the shortest wait, a week.
    assert_eq!(later(&site, &checked, hours(69), visits(&[(0, true), (61, true)]), none).await, ["/1"]);
}

#[tokio::test]
async fn a_disclosure_is_followed_up_when_its_listing_no_longer_names_it() {
    let pages =
        [("/", listing(&["/1", "/2", "/left"])), ("/1", html("<p>a")), ("/2", html("<p>b")), ("/left", html("c"))];
    let site = Site::of(pages).await;
    let history = Remembered::new();
    crawl(settings(&[("news", &site)]), &[source("news", "")], &history).await;

    let now_empty = Site::of([("/", listing(&["/3"])), ("/1", html("<p>a, corrected")), ("/3", html("<p>c"))]).await;
    let known: &[&str] = &["/1", "/left", "/never-captured"];
    assert_eq!(later(&now_empty, &history, 12, vec![], known).await, ["/3"], "not due");
    let mut asked = later(&now_empty, &history, 25, vec![], known).await;
    asked.sort();
    assert_eq!(asked, ["/1", "/3"], "what the source excludes by now, and what nobody has, is left alone");
}
