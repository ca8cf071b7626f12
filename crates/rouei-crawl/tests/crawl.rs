//! Whole runs against sites on loopback: discovery, robots.txt, politeness, revisits.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use rouei_crawl::{Finding, Role};
use rouei_model::{CaptureKind, Truncation};
use support::*;

#[tokio::test]
async fn a_listing_and_its_pages() {
    let site = Site::of([
        (
            "/",
            html("<ul><li>2025年4月16日 <a href='/a'>漏えいの お詫び</a><li><a href='/b?utm_source=x'>採用</a></ul>"),
        ),
        ("/a", html("<p>あ")),
        ("/b", html("<p>い")),
    ])
    .await;
    let more = "follow: { title_words: [漏えい] }";
    let discovery =
        "discovery: { listing: { url: 'http://news.example/', item_selector: li, date_selector: ':scope' } }";
    let source = source_with("news", discovery, more);
    let told = crawl(settings(&[("news", &site)]), &[source], &Remembered::new()).await;

    assert_eq!(told.statuses(), ["200 http://news.example/", "200 http://news.example/a"]);
    assert_eq!(site.paths(), ["/robots.txt", "/", "/a"]);
    let context = told.context("http://news.example/a");
    assert_eq!(context.role, Role::Page);
    assert_eq!(context.discovered_title.as_deref(), Some("漏えいの お詫び"));
    assert_eq!(context.found_on.as_deref(), Some("http://news.example/"));
    let tally = &told.summary.sources["news"];
    assert_eq!((tally.found, tally.filtered, tally.new, tally.failed), (2, 1, 1, 0));
    assert_eq!(told.summary.requests, 3);
}

#[tokio::test]
async fn the_exchange_is_kept_as_it_was() {
    let body = gzip("<p>圧縮".as_bytes());
    let chunked = {
        let mut bytes =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nX-Kanji: \xe6\xbc\xa2\r\n\
            Transfer-Encoding: chunked\r\n\r\n"
                .to_vec();
        bytes.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(&body);
        bytes.extend_from_slice(b"\r\n0\r\n\r\n");
        bytes
    };
    let site = Site::of([("/", listing(&["/z"])), ("/z", chunked)]).await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "")], &Remembered::new()).await;

    let capture = told.capture("http://news.example/z");
    assert_eq!(capture.body, body, "still encoded");
    assert_eq!(rouei_crawl::decoded_body(capture, 100).unwrap(), "<p>圧縮".as_bytes());
    let names: Vec<&str> = capture.response_headers.iter().map(|h| h.name.as_str()).collect();
    assert_eq!(names, ["content-type", "content-encoding", "x-kanji"], "without Transfer-Encoding");
    assert_eq!(capture.response_headers[2].value, "漢".as_bytes());
    assert_eq!((capture.protocol.as_str(), capture.remote_ip.as_deref()), ("HTTP/1.1", Some("127.0.0.1")));

    // The request as recorded is the request as sent.
    let sent = site.seen().into_iter().find(|s| s.path == "/z").unwrap().head;
    let mut recorded = String::from("GET /z HTTP/1.1\r\n");
    for header in &capture.request_headers {
        recorded += &format!("{}: {}\r\n", header.name, String::from_utf8(header.value.clone()).unwrap());
    }
    assert_eq!(sent, recorded + "\r\n");
    assert!(sent.contains("user-agent: rouei/0.1.0 (+operator@rouei.example)\r\n"), "{sent}");
    assert!(sent.contains("host: news.example\r\n"), "{sent}");
}

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
async fn redirects_are_captures_and_obey_the_robots_of_their_host() {
    let other = Site::of([
        ("/robots.txt", response("200 OK", b"User-agent: rouei\nDisallow: /no\n")),
        ("/yes", html("<p>a")),
        ("/no", html("<p>b")),
    ])
    .await;
    let site = Site::of([
        ("/", listing(&["/1", "/2", "/3", "/loop", "/5", "/bad", "/file"])),
        ("/1", redirect("/1b")),
        ("/1b", redirect("http://other.example/yes#part")),
        ("/2", redirect("http://other.example/no")),
        ("/3", redirect("http://other.example/yes")),
        ("/loop", redirect("/loop2")),
        ("/loop2", redirect("/loop")),
        ("/5", redirect("/5a")),
        ("/5a", redirect("/5b")),
        ("/5b", redirect("/5c")),
        ("/5c", redirect("/5d")),
        ("/5d", redirect("/5e")),
        ("/5e", redirect("/5f")),
        ("/bad", status("302 Found", "")),
        ("/file", redirect("file:///etc/passwd")),
    ])
    .await;
    let settings = settings(&[("news", &site), ("other", &other)]);
    let told = crawl(settings, &[source("news", "")], &Remembered::new()).await;

    assert_eq!(told.capture("http://other.example/yes").status, 200);
    assert_eq!(told.context("http://other.example/yes").requested, "http://news.example/1");
    assert_eq!(told.context("http://news.example/1b").redirects_to.as_deref(), Some("http://other.example/yes"));
    assert_eq!(other.paths(), ["/robots.txt", "/yes"]);
    assert_eq!(
        told.skipped,
        [
            "http://other.example/no: robots.txt forbids it (line 2: Disallow: /no)",
            "http://other.example/yes: already visited in this run",
        ]
    );
    assert_eq!(
        told.failed,
        [
            "http://news.example/loop2: redirect loop at http://news.example/loop",
            "http://news.example/5e: more than 5 redirects",
            "http://news.example/bad: redirect without a usable Location: no Location",
            "http://news.example/file: scheme \"file\" is not fetched",
        ]
    );
}

#[tokio::test]
async fn private_addresses_are_never_connected_to() {
    // Any connection to this site is the fault that the test looks for.
    let private = Site::of([]).await;
    let port = private.address.port();
    let literal = format!("http://127.0.0.1:{port}/a");
    let site = Site::of([
        ("/", listing(&["/literal", "/named", "/decimal", "/mapped"])),
        ("/literal", redirect(&literal)),
        ("/named", redirect("http://inside.example/b")),
        ("/decimal", redirect(&format!("http://2130706433:{port}/c"))),
        ("/mapped", redirect(&format!("http://[::ffff:127.0.0.1]:{port}/d"))),
    ])
    .await;
    // The source's own host would be refused for the same reason, so each address is asked for by itself.
    let refused = |source| {
        let settings = settings(&[("news", &site), ("inside", &private)]);
        async move { crawl(settings, &[source], &Remembered::new()).await }
    };
    for url in [literal.clone(), "http://inside.example/".into(), format!("http://[::1]:{port}/")] {
        let discovery = format!("discovery: {{ page: {{ url: '{url}' }} }}");
        let mut source = source_with("s", &discovery, "");
        source.allow_private_addresses = false;
        let told = refused(source).await;
        assert_eq!(told.captured.len(), 0);
        assert!(told.failed[0].contains("no public address"), "{:?}", told.failed);
    }
    // Behind a redirect. A public first hop cannot be had on loopback, so the history says that it led here.
    for target in [literal.clone(), "http://inside.example/b".into(), format!("http://2130706433:{port}/c")] {
        let history = Remembered::new();
        let mut hop = hop("http://outside.example/", &target);
        hop.captured = now();
        history.remember(&hop);
        let mut source = source_with("s", "discovery: { page: { url: 'http://outside.example/' } }", "");
        source.allow_private_addresses = false;
        let told = crawl(settings(&[("inside", &private)]), &[source], &history).await;
        assert_eq!(told.captured.len(), 0, "{target}");
        assert!(told.failed[0].contains("no public address"), "{target}: {:?}", told.failed);
    }
    assert_eq!(private.paths(), Vec::<String>::new());

    // Where the source may, each hop is visited.
    let told = refused(source("news", "")).await;
    assert_eq!(told.failed.len(), 4, "{:?}", told.failed);
    assert!(told.failed.iter().all(|f| f.contains("status 404") || f.contains("resolve")), "{:?}", told.failed);
}

#[tokio::test]
async fn misbehaviour_is_reported_and_hurts_nobody_else() {
    let site = Site::serve(|head, _| match path_of(head) {
        "/" => Reply::Bytes(listing(&[
            "/short", "/slow", "/silent", "/hangup", "/long", "/rubbish", "/500", "/gone", "/headers", "/fields",
            "/length", "/endless", "/ok",
        ])),
        "/headers" => Reply::Bytes(response(&format!("200 OK\r\nX-Long: {}", "x".repeat(1 << 20)), b"a")),
        "/fields" => Reply::Bytes(response(&format!("200 OK{}", "\r\nX-Many: x".repeat(300)), b"a")),
        "/length" => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc".to_vec()),
        "/endless" => {
            let drip = std::iter::once("HTTP/1.1 200 OK\r\n").chain(std::iter::repeat_n("X: y\r\n", 100));
            Reply::Slowly(drip.map(|piece| piece.as_bytes().to_vec()).collect(), Duration::from_millis(50))
        }
        "/short" => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".to_vec()),
        "/slow" => Reply::Slowly(
            vec![b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n".to_vec(); 9],
            Duration::from_millis(300),
        ),
        "/silent" => Reply::Silence,
        "/hangup" => Reply::Hangup,
        "/long" => Reply::Bytes(response("200 OK", &vec![b'x'; 3 << 20])),
        "/rubbish" => Reply::Bytes(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()),
        "/500" => Reply::Bytes(status("500 Oops", "")),
        "/gone" => Reply::Bytes(status("410 Gone", "")),
        "/ok" => Reply::Bytes(html("<p>ok")),
        _ => Reply::Bytes(status("404 Not Found", "")),
    })
    .await;
    let mut settings = settings(&[("news", &site)]);
    settings.limits.total_timeout = Duration::from_secs(1);
    // Eight of them in a row would do for a broken host.
    settings.limits.host_failures = 20;
    let told = crawl(settings, &[source("news", "max_per_host: 4")], &Remembered::new()).await;

    let mut failed = told.failed.clone();
    failed.sort();
    let expected = [
        ("/500", "status 500"),
        ("/endless", "timed out: no response"),
        ("/fields", "bad response"),
        ("/gone", "status 410"),
        ("/hangup", "bad response"),
        ("/headers", "bad response"),
        ("/length", "bad response"),
        ("/long", "the body is incomplete: longer than the bound, cut off"),
        ("/rubbish", "bad response"),
        ("/short", "the body is incomplete: the connection ended early"),
        ("/silent", "timed out: no response"),
        ("/slow", "the body is incomplete: timed out"),
    ];
    assert_eq!(failed.len(), expected.len(), "{failed:#?}");
    for (line, (path, reason)) in failed.iter().zip(expected) {
        assert!(line.starts_with(&format!("http://news.example{path}: {reason}")), "{line}");
    }
    assert_eq!(told.capture("http://news.example/ok").body, b"<p>ok");
    let long = told.capture("http://news.example/long");
    assert_eq!((long.body.len(), long.truncated), (1 << 20, Some(Truncation::Length)));
    assert_eq!(told.capture("http://news.example/short").truncated, Some(Truncation::Disconnect));
    assert_eq!(told.capture("http://news.example/slow").truncated, Some(Truncation::Time));
    assert_eq!(site.paths().iter().filter(|p| *p == "/short").count(), 2, "tried again");
    assert_eq!(site.paths().iter().filter(|p| *p == "/gone").count(), 1, "not tried again");
}

#[tokio::test]
async fn bombs_and_nests_are_refused() {
    let bomb = gzip(&vec![b'a'; 50 << 20]);
    let site = Site::of([
        ("/", response("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &bomb)),
        ("/nest", html(&"<div>".repeat(100_000))),
    ])
    .await;
    let nest = source_with("nest", "discovery: { listing: { url: 'http://news.example/nest', item_selector: a } }", "");
    let told = crawl(settings(&[("news", &site)]), &[source("news", ""), nest], &Remembered::new()).await;
    let mut failed = told.failed.clone();
    failed.sort();
    assert_eq!(
        failed,
        [
            "http://news.example/: the body decodes to more than 1048576 bytes",
            "http://news.example/nest: elements are nested more than 2000 deep",
        ]
    );
    assert_eq!(told.capture("http://news.example/").body, bomb, "archived all the same");
    assert!(matches!(told.summary.sources["nest"].findings[..], [Finding::DiscoveryFailed { .. }]));
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
        source.delay = Some(rouei_crawl::Period(Duration::from_millis(200)));
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
        assert_spaced(site, Duration::from_millis(200));
        assert_eq!(site.most_at_once(), 1);
    }
    assert_eq!(one.seen().len() + two.seen().len(), 6 + 5);
    // One after the other they would need two seconds.
    assert!(took < Duration::from_millis(1800), "{took:?}");
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

#[tokio::test]
async fn the_second_crawl_asks_with_conditions_only() {
    let site = Site::serve(|head, _| {
        let unchanged = head.contains("if-none-match: \"v1\"");
        let etag = "200 OK\r\nContent-Type: text/html\r\nETag: \"v1\"";
        Reply::Bytes(match path_of(head) {
            _ if unchanged => status("304 Not Modified", "\r\nETag: \"v1\""),
            "/" => response(etag, b"<li><a href=/a>a</a><li><a href=/b>b</a><li><a href=/old>c</a>"),
            "/a" => response(etag, b"a"),
            "/b" => html("b"),
            "/old" => redirect("/new"),
            "/new" => html("new"),
            _ => status("404 Not Found", ""),
        })
    })
    .await;
    let history = Remembered::new();
    let first = crawl(settings(&[("news", &site)]), &[source("news", "")], &history).await;
    assert_eq!(first.summary.sources["news"].new, 4 - 1);

    // At once: only the listing is asked for again.
    let again = crawl(settings(&[("news", &site)]), &[source("news", "")], &history).await;
    assert_eq!(again.statuses(), ["304 http://news.example/"]);
    assert_eq!(again.summary.sources["news"].not_due, 4);

    // A page that an interrupted run did not reach is found through the unchanged listing, and behind the redirect.
    history.forget("http://news.example/b");
    history.forget("http://news.example/new");
    let resumed = crawl(settings(&[("news", &site)]), &[source("news", "")], &history).await;
    let expected = ["200 http://news.example/b", "200 http://news.example/new", "304 http://news.example/"];
    assert_eq!(resumed.statuses(), expected);

    // A day later every page is due: unchanged ones are revisits, with or without validators.
    let mut later = settings(&[("news", &site)]);
    later.clock = std::sync::Arc::new(|| now() + jiff::SignedDuration::from_hours(25));
    let revisited = crawl(later, &[source("news", "")], &history).await;
    assert!(matches!(revisited.capture("http://news.example/a").kind, CaptureKind::NotModified(_)));
    assert!(matches!(&revisited.capture("http://news.example/b").kind, CaptureKind::SamePayload(original)
        if original.url == "http://news.example/b" && original.payload_digest.starts_with("sha256:")));
    let tally = &revisited.summary.sources["news"];
    assert_eq!((tally.new, tally.changed, tally.unchanged), (0, 0, 3));
}

#[tokio::test]
async fn attachments_and_what_pages_ask_of_robots() {
    let site = Site::of([
        ("/", listing(&["/a", "/b", "/c.pdf"])),
        ("/a", html("<p><a href='files/報告.PDF'>報告書</a> <a href='x.html'>別</a>")),
        ("/b", html("<meta name=robots content='nofollow, noarchive'><a href='/hidden.pdf'>a</a>")),
        ("/c.pdf", response("200 OK\r\nContent-Type: application/pdf", b"%PDF-1.7")),
        ("/files/%E5%A0%B1%E5%91%8A.PDF", response("200 OK\r\nContent-Type: application/pdf", b"%PDF-1.4")),
    ])
    .await;
    let told = crawl(settings(&[("news", &site)]), &[source("news", "attachments: true")], &Remembered::new()).await;
    let pdf = "http://news.example/files/%E5%A0%B1%E5%91%8A.PDF";
    assert_eq!(told.capture(pdf).body, b"%PDF-1.4");
    assert_eq!(told.context(pdf).role, Role::Attachment);
    assert_eq!(told.context(pdf).discovered_title.as_deref(), Some("報告書"));
    assert_eq!(told.context("http://news.example/c.pdf").role, Role::Attachment);
    assert!(told.context("http://news.example/b").directives.noarchive);
    assert_eq!(told.skipped, ["http://news.example/b: the page asks not to follow its links"]);
    assert_eq!(site.seen().len(), 6);
}

#[tokio::test]
async fn listings_go_on_to_their_next_pages_and_not_for_ever() {
    let site = Site::serve(|head, _| {
        let path = path_of(head);
        let number: u32 = path.strip_prefix("/?p=").and_then(|n| n.parse().ok()).unwrap_or(1);
        let next = number + 1;
        Reply::Bytes(match path {
            "/robots.txt" => status("404 Not Found", ""),
            p if p.starts_with("/item") => html("a"),
            _ => html(&format!("<li><a href='/item{number}'>x</a></li><a class=next href='/?p={next}'>次へ</a>")),
        })
    })
    .await;
    let discovery = "discovery: { listing: { url: 'http://news.example/', item_selector: li, next_selector: a.next, max_pages: 3 } }";
    let told = crawl(settings(&[("news", &site)]), &[source_with("news", discovery, "")], &Remembered::new()).await;
    assert_eq!(told.summary.sources["news"].found, 3);
    assert_eq!(site.seen().len(), 1 + 3 + 3);
}

#[tokio::test]
async fn sitemap_indexes_are_followed_by_lastmod() {
    let index = "<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <sitemap><loc>http://news.example/new.xml.gz</loc><lastmod>2025-04-16</lastmod></sitemap>\
        <sitemap><loc>http://news.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>";
    let new = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:image='urn:x'><url>\
        <loc>http://news.example/a?x=1&amp;y=2</loc><image:image><image:loc>http://news.example/i.png</image:loc></image:image>\
        <lastmod>2025-04-16T09:00:00+09:00</lastmod></url>\
        <url><loc>http://news.example/b</loc><lastmod>2024-01-01</lastmod></url>\
        <url><loc><![CDATA[http://news.example/c]]></loc></url></urlset>";
    let site = Site::of([
        ("/map.xml", response("200 OK", index.as_bytes())),
        ("/new.xml.gz", response("200 OK", &gzip(new.as_bytes()))),
        ("/a?x=1&y=2", html("a")),
        ("/c", html("c")),
    ])
    .await;
    let discovery = "discovery: { sitemap: { url: 'http://news.example/map.xml', since: 2025-01-01 } }";
    let told = crawl(settings(&[("news", &site)]), &[source_with("news", discovery, "")], &Remembered::new()).await;
    assert_eq!(site.paths(), ["/robots.txt", "/map.xml", "/new.xml.gz", "/a?x=1&y=2", "/c"]);
    assert_eq!(told.failed, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_normal_is_found() {
    let site = Site::of([
        ("/", listing(&["/a"])),
        ("/a", html("a")),
        ("/unasked", status("304 Not Modified", "")),
        ("/redone", html("<div class=card>新しい様式</div>")),
    ])
    .await;
    let few = source("news", "expect: { min_items: 3 }");
    let many = source_with(
        "many",
        "discovery: { listing: { url: 'http://news.example/', item_selector: li } }",
        "expect: { max_items: 0 }",
    );
    let gone = source_with("gone", "discovery: { feed: { url: 'http://news.example/feed' } }", "");
    let listing_at = |id: &str| {
        let at = format!("discovery: {{ listing: {{ url: 'http://news.example/{id}', item_selector: li }} }}");
        source_with(id, &at, "")
    };
    let all = [few, many, gone, listing_at("unasked"), listing_at("redone")];
    let told = crawl(settings(&[("news", &site)]), &all, &Remembered::new()).await;
    let sources = &told.summary.sources;
    assert_eq!(sources["news"].findings, [Finding::TooFew { found: 1, min: 3 }]);
    assert_eq!(sources["many"].findings, [Finding::TooMany { found: 1, max: 0 }]);
    let text = sources["gone"].findings[0].to_string();
    assert_eq!(text, "discovery failed at http://news.example/feed: status 404");
    let text = sources["unasked"].findings[0].to_string();
    assert_eq!(text, "discovery failed at http://news.example/unasked: status 304");
    assert_eq!(sources["redone"].findings, [Finding::TooFew { found: 0, min: 1 }]);
}

/// A redirect that counts as fresh for an hour.
fn hop(url: &str, target: &str) -> rouei_model::Capture {
    let header = |name: &str, value: &str| rouei_model::Header { name: name.into(), value: value.into() };
    rouei_model::Capture {
        source: "s".into(),
        url: url.into(),
        captured: now(),
        method: "GET".into(),
        request_headers: vec![],
        protocol: "HTTP/1.1".into(),
        status: 301,
        response_headers: vec![header("location", target), header("cache-control", "max-age=3600")],
        body: vec![],
        remote_ip: None,
        truncated: None,
        kind: CaptureKind::Response,
    }
}

#[tokio::test]
async fn tls_that_fails_is_named_and_not_tried_again() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    let connections = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&connections);
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = plain.accept().await {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let mut settings = settings(&[]);
    let names = [("secure.example".to_owned(), address)];
    settings.resolver = std::sync::Arc::new(rouei_crawl::StaticResolver(names.into()));
    let page = source_with("s", "discovery: { page: { url: 'https://secure.example/' } }", "");
    let told = crawl(settings, &[page], &Remembered::new()).await;
    assert!(told.failed[0].starts_with("https://secure.example/: TLS: "), "{:?}", told.failed);
    assert_eq!(connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}
