//! robots.txt, delays, Retry-After, and hosts that are left alone.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use rouei_crawl::Role;
use support::*;

#[tokio::test]
async fn robots_are_obeyed_and_captured() {
    let robots = response("200 OK\r\nContent-Type: text/plain", b"User-agent: *\nDisallow: /secret\n");
    let site =
        Site::of([("/robots.txt", robots), ("/", listing(&["/secret/a", "/open"])), ("/open", html("<p>a"))]).await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;
    assert_eq!(told.statuses(), ["200 http://news.example/", "200 http://news.example/open"]);
    assert_eq!(told.skipped, ["http://news.example/secret/a: robots.txt forbids it (line 2: Disallow: /secret)"]);
    assert_eq!(told.context("http://news.example/robots.txt").role, Role::Robots);
    assert_eq!(told.summary.sources["news"].rejected, 1);
}

#[tokio::test]
async fn robots_that_cannot_be_had() {
    for (robots, allowed) in [
        (status("404 Not Found", ""), true),
        (status("403 Forbidden", ""), true),
        (status("500 Oops", ""), false),
        (status("503 Later", ""), false),
        (status("429 Too Many", ""), false),
        (redirect("/elsewhere.txt"), true),
        (redirect("/robots.txt"), true),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *\n".to_vec(), false),
        (response("200 OK", &vec![b'#'; 700_000]), true),
    ] {
        let name = String::from_utf8_lossy(&robots[..40]).into_owned();
        let site = Site::of([("/robots.txt", robots), ("/", listing(&[]))]).await;
        let source = source("news", "expect: { min_items: 0 }");
        let told = crawl(settings(&[("news", &site)]), &[source], &Remembered::new()).await;
        assert_eq!(told.statuses().len(), usize::from(allowed), "{name}: {:?} {:?}", told.skipped, told.failed);
        assert_eq!(told.summary.sources["news"].findings.is_empty(), allowed, "{name}");
    }
}

#[tokio::test]
async fn retry_after_in_both_forms() {
    let site = Site::serve(|head, times| {
        let date = httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(2));
        match (path_of(head), times) {
            ("/", _) => Reply::Bytes(listing(&["/seconds", "/date"])),
            ("/seconds", 0) => Reply::Bytes(status("429 Too Many Requests", "\r\nRetry-After: 1")),
            ("/date", 0) => Reply::Bytes(status("503 Busy", &format!("\r\nRetry-After: {date}"))),
            ("/seconds" | "/date", _) => Reply::Bytes(html("<p>ok")),
            _ => Reply::Bytes(status("404 Not Found", "")),
        }
    })
    .await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;
    assert_eq!(told.failed, Vec::<String>::new());
    let seen = site.seen();
    for (path, at_least) in [("/seconds", 1000), ("/date", 900)] {
        let times: Vec<_> = seen.iter().filter(|s| s.path == path).map(|s| s.at).collect();
        assert_eq!(times.len(), 2, "{path}");
        assert!(times[1] - times[0] >= Duration::from_millis(at_least), "{path}: {:?}", times[1] - times[0]);
    }
}

#[tokio::test]
async fn a_host_that_asks_for_too_much_patience_is_left() {
    let site = Site::serve(|head, _| match path_of(head) {
        "/" => Reply::Bytes(listing(&["/a", "/b", "/c"])),
        "/robots.txt" => Reply::Bytes(status("404 Not Found", "")),
        _ => Reply::Bytes(status("503 Busy", "\r\nRetry-After: 86400")),
    })
    .await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;
    assert_eq!(site.paths(), ["/robots.txt", "/", "/a"]);
    assert_eq!(told.failed.len(), 3);
    assert!(told.summary.hosts_left["news.example"].contains("86400 s"), "{:?}", told.summary.hosts_left);
}

#[tokio::test]
async fn a_host_that_fails_again_and_again_is_left() {
    let paths: Vec<String> = (0..20).map(|n| format!("/{n}")).collect();
    let links: Vec<&str> = paths.iter().map(String::as_str).collect();
    let list = listing(&links);
    let site = Site::serve(move |head, _| match path_of(head) {
        "/" => Reply::Bytes(list.clone()),
        "/robots.txt" => Reply::Bytes(status("404 Not Found", "")),
        _ => Reply::Hangup,
    })
    .await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;
    assert_eq!(told.failed.len(), 20);
    // Five pages, two attempts each.
    assert_eq!(site.seen().len(), 2 + 5 * 2, "{:?}", site.paths());
    assert!(told.summary.hosts_left["news.example"].contains("5 addresses in a row failed"));
}

#[tokio::test]
async fn delays_hold_per_host_and_hosts_go_side_by_side() {
    let pages = || [("/", listing(&["/a", "/b", "/c"])), ("/a", html("a")), ("/b", html("b")), ("/c", html("c"))];
    let (one, two) = (Site::of(pages()).await, Site::of(pages()).await);
    let delayed = |name: &str, discovery: &str| {
        let mut source = source_with(name, discovery, "");
        source.delay = Some(rouei_crawl::Period(Duration::from_millis(300)));
        source
    };
    let listing_of =
        |host: &str| format!("discovery: {{ listing: {{ url: 'http://{host}.example/', item_selector: li }} }}");
    // Two sources share the first host: its delay is kept between them.
    let sources =
        [delayed("one", &listing_of("one")), delayed("again", &listing_of("one")), delayed("two", &listing_of("two"))];
    let started = std::time::Instant::now();
    let told = crawl(settings(&[("one", &one), ("two", &two)]), &sources, &Remembered::new()).await;
    let took = started.elapsed();
    assert_eq!(told.failed, Vec::<String>::new());
    for site in [&one, &two] {
        assert_spaced(site, Duration::from_millis(300));
        assert_eq!(site.most_at_once(), 1);
    }
    assert_eq!(one.seen().len() + two.seen().len(), 6 + 5);
    // One after the other they would need three seconds.
    assert!(took < Duration::from_millis(2700), "{took:?}");
}

/// A request may reach the site late on a busy machine, so the whole is measured closely and each interval loosely.
fn assert_spaced(site: &Site, delay: Duration) {
    let seen = site.seen();
    let times: Vec<_> = seen.iter().map(|s| s.at).collect();
    let whole = times[times.len() - 1] - times[0];
    let intervals = u32::try_from(times.len() - 1).unwrap();
    assert!(intervals > 1 && whole + delay / 2 >= delay * intervals, "{whole:?} for {intervals} intervals");
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= delay / 2), "{times:?}");
}

#[tokio::test]
async fn crawl_delay_counts_where_it_is_larger() {
    let robots = response("200 OK", b"User-agent: *\nCrawl-delay: 0.2\n");
    let site = Site::of([("/robots.txt", robots), ("/", listing(&["/a"])), ("/a", html("a"))]).await;
    crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;
    assert_eq!(site.seen().len(), 3);
    assert_spaced(&site, Duration::from_millis(200));
}

#[tokio::test]
async fn max_per_host_is_used_and_kept() {
    let paths: Vec<String> = (0..12).map(|n| format!("/{n}")).collect();
    let links: Vec<&str> = paths.iter().map(String::as_str).collect();
    let list = listing(&links);
    let site = Site::serve(move |head, _| match path_of(head) {
        "/" => Reply::Bytes(list.clone()),
        "/robots.txt" => Reply::Bytes(status("404 Not Found", "")),
        _ => Reply::Slowly(vec![html("<p>a")], Duration::from_millis(50)),
    })
    .await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "max_per_host: 3")], &Remembered::new()).await;
    assert_eq!(told.summary.sources["news"].new, 12);
    assert_eq!(site.most_at_once(), 3);
}
