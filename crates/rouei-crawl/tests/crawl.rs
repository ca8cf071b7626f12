//! Whole runs against sites on loopback: discovery, exchanges as they were, revisits, findings.
#![allow(clippy::unwrap_used)]

mod support;

use rouei_crawl::{Finding, Role};
use rouei_model::CaptureKind;
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
