//! A run that breaks off anywhere and is started again holds what one undisturbed run holds: nothing lost, nothing
//! twice.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rouei_crawl::{CrawlEvent, Crawler, History, Role};
use rouei_model::CaptureKind;
use support::*;
use tokio::sync::mpsc;

/// A site with everything that leads from one page to another: two listing pages, redirects, attachments.
async fn site() -> Site {
    let page = |body: &str| response("200 OK\r\nContent-Type: text/html\r\nETag: \"v1\"", body.as_bytes());
    let list = "<li><a href=/a>a</a><li><a href=/moved>m</a><li><a href=/c>c</a><a class=next href='/?p=2'>次</a>";
    Site::serve(move |head, _| {
        if head.contains("if-none-match: \"v1\"") {
            return Reply::Bytes(status("304 Not Modified", "\r\nETag: \"v1\""));
        }
        Reply::Bytes(match path_of(head) {
            "/robots.txt" => response("200 OK", b"User-agent: *\nDisallow: /x\n"),
            "/" => page(list),
            "/?p=2" => page("<li><a href=/d>d</a><li><a href=/e.pdf>e</a><li><a href=/gone>g</a>"),
            "/a" => page("<p>あ <a href=/a1.pdf>別紙1</a> <a href=/a2.pdf>別紙2</a>"),
            "/moved" => redirect("/moved2"),
            "/moved2" => redirect("/b"),
            "/b" => html("<p>い <a href=/b1.pdf>別紙</a>"),
            "/c" => html("<p>う"),
            "/d" => page("<p>え"),
            "/a1.pdf" | "/a2.pdf" | "/b1.pdf" | "/e.pdf" => {
                response("200 OK\r\nContent-Type: application/pdf", b"%PDF")
            }
            _ => status("410 Gone", ""),
        })
    })
    .await
}

/// Takes `most` captures, then is gone, as a killed process would be. Returns how many were taken.
async fn run(site: &Site, history: &Arc<Remembered>, kept: &mut Vec<String>, most: usize) -> usize {
    let discovery = "discovery: { listing: { url: 'http://news.example/', item_selector: li, next_selector: a.next, max_pages: 3 } }";
    let sources = [source_with("news", discovery, "attachments: true\nmax_per_host: 2")];
    let crawler = Crawler::new(settings(&[("news", site)])).unwrap();
    let (out, mut events) = mpsc::channel(1);
    let crawl = crawler.crawl(&sources, Arc::clone(history) as Arc<dyn History>, out, rouei_crawl::never_cancelled());
    let take = async {
        let mut taken = 0;
        while let Some(event) = events.recv().await {
            let CrawlEvent::Captured(capture, context) = event else { continue };
            history.remember(&capture);
            if context.role != Role::Robots && capture.kind == CaptureKind::Response {
                kept.push(format!("{} {} {}", capture.url, capture.status, history.digest(&capture.body)));
            }
            taken += 1;
            if taken == most {
                break;
            }
        }
        drop(events);
        taken
    };
    let both = async { tokio::join!(crawl, take) };
    tokio::time::timeout(Duration::from_secs(20), both).await.unwrap().1
}

#[tokio::test]
async fn wherever_a_run_breaks_off() {
    let site = site().await;
    let (history, mut clean) = (Remembered::new(), Vec::new());
    let whole = run(&site, &history, &mut clean, usize::MAX).await;
    assert_eq!(clean.len(), 13, "{clean:#?}");
    let clean: BTreeSet<String> = clean.into_iter().collect();

    for first in 1..whole {
        let second = 1 + first % 4;
        let (history, mut kept) = (Remembered::new(), Vec::new());
        run(&site, &history, &mut kept, first).await;
        run(&site, &history, &mut kept, second).await;
        run(&site, &history, &mut kept, usize::MAX).await;
        let set: BTreeSet<String> = kept.iter().cloned().collect();
        assert_eq!(set, clean, "broken off after {first} and {second}");
        assert_eq!(kept.len(), set.len(), "something twice after {first} and {second}: {kept:#?}");
    }
}
