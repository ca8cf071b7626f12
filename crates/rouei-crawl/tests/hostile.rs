//! The hostile web: each misbehaviour is reported by its name and hurts nobody else.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use rouei_crawl::Finding;
use rouei_model::{CaptureKind, Truncation};
use support::*;

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
