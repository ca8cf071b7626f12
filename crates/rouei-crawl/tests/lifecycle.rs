//! What a crawler needs to start, how it stops, and what it shows beforehand.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use rouei_crawl::{Crawler, CrawlerError, NoHistory, Settings};
use support::*;
use tokio::sync::{mpsc, watch};

#[test]
fn no_crawl_without_a_contact() {
    let error = |contact: &str| Crawler::new(Settings::new(contact)).err();
    assert_eq!(error(""), Some(CrawlerError::NoContact));
    assert_eq!(error("  "), Some(CrawlerError::NoContact));
    assert!(CrawlerError::NoContact.to_string().contains("crawl.contact of sources.yaml"));
    for bad in ["me", "https://", "a@b", "x@y.example\r\nX: y", "(a@b.example)"] {
        assert_eq!(error(bad), Some(CrawlerError::BadContact(bad.into())));
    }
    for good in ["ops@example.jp", "https://example.jp/bot"] {
        assert_eq!(error(good), None, "{good}");
    }
}

fn endless() -> impl Fn(&str, usize) -> Reply {
    let paths: Vec<String> = (0..500).map(|n| format!("/{n}")).collect();
    let list = listing(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    move |head, _| match path_of(head) {
        "/" => Reply::Bytes(list.clone()),
        "/robots.txt" => Reply::Bytes(status("404 Not Found", "")),
        _ => Reply::Bytes(html("<p>a")),
    }
}

#[tokio::test]
async fn nothing_is_fetched_that_nobody_takes() {
    let site = Site::serve(endless()).await;
    let crawler = Crawler::new(settings(&[("news", &site)])).unwrap();
    let (out, mut events) = mpsc::channel(2);
    let sources = [source("news", "max_per_host: 4")];
    let crawl = crawler.crawl(&sources, Arc::new(NoHistory), out, rouei_crawl::never_cancelled());
    let watch = async {
        // robots.txt and the listing are taken, then nothing: two wait in the channel, four in the tasks' hands.
        events.recv().await.unwrap();
        events.recv().await.unwrap();
        while site.seen().len() < 8 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let fetched = site.seen().len();
        drop(events);
        fetched
    };
    let (summary, fetched) =
        tokio::time::timeout(Duration::from_secs(10), async { tokio::join!(crawl, watch) }).await.unwrap();
    assert_eq!(fetched, 2 + 2 + 4);
    assert!(summary.interrupted, "the receiver went away");
}

#[tokio::test]
async fn a_cancelled_crawl_ends_at_once() {
    let site = Site::serve(|_, _| Reply::Silence).await;
    let crawler = Crawler::new(settings(&[("news", &site)])).unwrap();
    let (out, _events) = mpsc::channel(2);
    let (cancel, cancelled) = watch::channel(false);
    let sources = [source("news", "")];
    let crawl = crawler.crawl(&sources, Arc::new(NoHistory), out, cancelled);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.send(true).unwrap();
    };
    let (summary, ()) =
        tokio::time::timeout(Duration::from_millis(1500), async { tokio::join!(crawl, stop) }).await.unwrap();
    assert!(summary.interrupted);
    assert!(summary.sources["news"].findings.is_empty(), "a broken-off run judges nothing");
}

#[tokio::test]
async fn a_preview_fetches_a_sample() {
    let site = Site::serve(endless()).await;
    let crawler = Crawler::new(settings(&[("news", &site)])).unwrap();
    let report = crawler.preview(&source("news", "follow: { exclude: ['/1$'] }"), 2).await;
    assert_eq!(report.items.len(), 500);
    assert_eq!(report.items.iter().filter(|(_, fate)| *fate == rouei_crawl::Fate::Fetched).count(), 499);
    assert_eq!(site.paths(), ["/robots.txt", "/", "/0", "/2"]);
    assert_eq!(report.captures.len(), 4);
    assert_eq!(report.problems, Vec::<String>::new());
}

#[tokio::test]
async fn robots_are_kept_between_runs() {
    let site = Site::of([("/", listing(&[]))]).await;
    let crawler = Crawler::new(settings(&[("news", &site)])).unwrap();
    let history = Remembered::new();
    crawl_with(&crawler, &[source("news", "")], &history).await;
    crawl_with(&crawler, &[source("news", "")], &history).await;
    assert_eq!(site.paths(), ["/robots.txt", "/", "/"]);
}
