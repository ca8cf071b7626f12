//! Sites on loopback that behave as told, and a history that remembers as the pipeline does.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rouei_crawl::{
    CaptureContext, Catalogue, CrawlEvent, CrawlSummary, Crawler, History, Limits, Previous, Role, Settings, Source,
    StaticResolver, StoredResponse, never_cancelled,
};
use rouei_model::{Capture, CaptureKind};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What a site sends, byte for byte.
#[derive(Clone)]
pub enum Reply {
    /// All at once; the connection is closed after it.
    Bytes(Vec<u8>),
    /// Pieces, each after a pause.
    Slowly(Vec<Vec<u8>>, Duration),
    /// Nothing, ever.
    Silence,
    /// The connection is closed at once.
    Hangup,
}

pub type Answer = Arc<dyn Fn(&str, usize) -> Reply + Send + Sync>;

/// One request that a site saw.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub head: String,
    pub at: Instant,
}

/// A site on a port of its own. `answer` gets the head of a request and how often its path was asked for before.
pub struct Site {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    most_at_once: Arc<Mutex<(usize, usize)>>,
}

impl Site {
    pub async fn serve(answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let most_at_once: Arc<Mutex<(usize, usize)>> = Arc::default();
        let site = Self { address, seen: Arc::clone(&seen), most_at_once: Arc::clone(&most_at_once) };
        let answer: Answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, seen, most) = (Arc::clone(&answer), Arc::clone(&seen), Arc::clone(&most_at_once));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut buffer = [0; 4096];
                    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
                        match stream.read(&mut buffer).await {
                            Ok(n) if n > 0 => head.extend_from_slice(&buffer[..n]),
                            _ => return,
                        }
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    let times = {
                        let mut seen = seen.lock().unwrap();
                        let times = seen.iter().filter(|s| s.path == path).count();
                        seen.push(Seen { path: path.clone(), head: head.clone(), at: Instant::now() });
                        times
                    };
                    {
                        let mut most = most.lock().unwrap();
                        most.0 += 1;
                        most.1 = most.1.max(most.0);
                    }
                    match answer(&head, times) {
                        Reply::Bytes(bytes) => {
                            most.lock().unwrap().0 -= 1;
                            let _ = stream.write_all(&bytes).await;
                            let _ = stream.shutdown().await;
                            return;
                        }
                        Reply::Slowly(pieces, pause) => {
                            for piece in pieces {
                                tokio::time::sleep(pause).await;
                                if stream.write_all(&piece).await.is_err() {
                                    break;
                                }
                            }
                            let _ = stream.shutdown().await;
                        }
                        Reply::Silence => tokio::time::sleep(Duration::from_secs(30)).await,
                        Reply::Hangup => {}
                    }
                    most.lock().unwrap().0 -= 1;
                });
            }
        });
        site
    }

    /// A site of fixed pages; whatever else is asked for is not there.
    pub async fn of(pages: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        let pages: BTreeMap<&str, Vec<u8>> = pages.into_iter().collect();
        Self::serve(move |head, _| {
            Reply::Bytes(pages.get(path_of(head)).cloned().unwrap_or_else(|| status("404 Not Found", "")))
        })
        .await
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|s| s.path).collect()
    }

    pub fn most_at_once(&self) -> usize {
        self.most_at_once.lock().unwrap().1
    }
}

pub fn path_of(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

pub fn response(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn html(body: &str) -> Vec<u8> {
    response("200 OK\r\nContent-Type: text/html; charset=utf-8", body.as_bytes())
}

pub fn status(status: &str, headers: &str) -> Vec<u8> {
    response(&format!("{status}{headers}"), b"")
}

pub fn redirect(to: &str) -> Vec<u8> {
    status("302 Found", &format!("\r\nLocation: {to}"))
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A listing of links to these paths.
pub fn listing(paths: &[&str]) -> Vec<u8> {
    let items: String = paths.iter().map(|p| format!("<li><a href='{p}'>お知らせ {p}</a></li>")).collect();
    html(&format!("<!doctype html><ul>{items}</ul>"))
}

/// A source that lists `http://HOST.example/`, with more YAML behind it.
pub fn source(host: &str, more: &str) -> Source {
    let discovery = format!("discovery: {{ listing: {{ url: 'http://{host}.example/', item_selector: 'li' }} }}");
    source_with(host, &discovery, more)
}

pub fn source_with(id: &str, discovery: &str, more: &str) -> Source {
    let discovery = discovery.replace('\n', "\n    ");
    let more = more.replace('\n', "\n    ");
    let yaml = format!(
        "sources:\n  - id: {id}\n    publisher: 架空新聞\n    tier: press\n    delay: 0s\n    \
         allow_private_addresses: true\n    {discovery}\n    {more}\n"
    );
    Catalogue::parse("test.yaml", &yaml).unwrap().sources.remove(0)
}

/// Short bounds, and names for these sites: `NAME.example`.
pub fn settings(sites: &[(&str, &Site)]) -> Settings {
    let mut settings = Settings::new("operator@rouei.example");
    let names = sites.iter().map(|(name, site)| (format!("{name}.example"), site.address));
    settings.resolver = Arc::new(StaticResolver(names.collect()));
    settings.limits = Limits {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(10),
        idle_timeout: Duration::from_millis(400),
        total_timeout: Duration::from_secs(2),
        max_wait: Duration::from_secs(2),
        attempts: 2,
        max_body: 1 << 20,
        max_decoded: 1 << 20,
        ..Limits::default()
    };
    settings
}

/// What a crawl told.
pub struct Told {
    pub captured: Vec<(Capture, CaptureContext)>,
    /// `URL: reason`
    pub skipped: Vec<String>,
    pub failed: Vec<String>,
    pub summary: CrawlSummary,
}

impl Told {
    /// Status and URL of every capture but those of robots.txt, sorted.
    pub fn statuses(&self) -> Vec<String> {
        let pages = self.captured.iter().filter(|(_, context)| context.role != Role::Robots);
        let mut lines: Vec<String> = pages.map(|(c, _)| format!("{} {}", c.status, c.url)).collect();
        lines.sort();
        lines
    }

    pub fn capture(&self, url: &str) -> &Capture {
        &self.captured.iter().find(|(c, _)| c.url == url).unwrap_or_else(|| panic!("no capture of {url}")).0
    }

    pub fn context(&self, url: &str) -> &CaptureContext {
        &self.captured.iter().find(|(c, _)| c.url == url).unwrap_or_else(|| panic!("no capture of {url}")).1
    }
}

pub async fn crawl(settings: Settings, sources: &[Source], history: &Arc<Remembered>) -> Told {
    let crawler = Crawler::new(settings).unwrap();
    crawl_with(&crawler, sources, history).await
}

/// A crawl of at most 20 seconds.
pub async fn crawl_with(crawler: &Crawler, sources: &[Source], history: &Arc<Remembered>) -> Told {
    let (out, mut events) = mpsc::channel(1);
    let crawl = crawler.crawl(sources, Arc::clone(history) as Arc<dyn History>, out, never_cancelled());
    let collect = async {
        let (mut captured, mut skipped, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(event) = events.recv().await {
            match event {
                CrawlEvent::Captured(capture, context) => {
                    history.remember(&capture);
                    captured.push((*capture, *context));
                }
                CrawlEvent::Skipped { url, reason, .. } => skipped.push(format!("{url}: {reason}")),
                CrawlEvent::Failed { url, reason, .. } => failed.push(format!("{url}: {reason}")),
            }
        }
        (captured, skipped, failed)
    };
    let both = async { tokio::join!(crawl, collect) };
    let (summary, (captured, skipped, failed)) = tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
    Told { captured, skipped, failed, summary }
}

/// What the pipeline's history does, in memory.
#[derive(Default)]
pub struct Remembered(Mutex<BTreeMap<String, (Previous, StoredResponse)>>);

impl Remembered {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    pub fn remember(&self, capture: &Capture) {
        let field = |name: &str| {
            let found = capture.response_headers.iter().find(|h| h.name.eq_ignore_ascii_case(name));
            found.map(|h| String::from_utf8(h.value.clone()).unwrap())
        };
        let mut all = self.0.lock().unwrap();
        if let Some((previous, _)) = all.get_mut(&capture.url) {
            previous.checked = capture.captured;
            if capture.kind != CaptureKind::Response {
                return;
            }
        }
        let first_captured = all.get(&capture.url).map_or(capture.captured, |(p, _)| p.first_captured);
        let previous = Previous {
            etag: field("etag"),
            last_modified: field("last-modified"),
            first_captured,
            captured: capture.captured,
            checked: capture.captured,
            payload_digest: self.digest(&capture.body),
            status: capture.status,
            location: field("location"),
            truncated: capture.truncated.is_some(),
            fresh_until: rouei_crawl::fresh_until(capture),
        };
        let stored = StoredResponse { headers: capture.response_headers.clone(), body: capture.body.clone() };
        all.insert(capture.url.clone(), (previous, stored));
    }

    /// As if the address had been asked for again so long after its first capture, and had been the same.
    pub fn look(&self, url: &str, after: jiff::SignedDuration) {
        let mut all = self.0.lock().unwrap();
        let previous = &mut all.get_mut(url).unwrap().0;
        previous.checked = previous.first_captured + after;
    }

    pub fn forget(&self, url: &str) {
        self.0.lock().unwrap().remove(url).unwrap();
    }
}

impl History for Remembered {
    fn last(&self, url: &str) -> Option<Previous> {
        self.0.lock().unwrap().get(url).map(|(previous, _)| previous.clone())
    }

    fn response(&self, url: &str) -> Option<StoredResponse> {
        self.0.lock().unwrap().get(url).map(|(_, stored)| stored.clone())
    }

    fn digest(&self, body: &[u8]) -> String {
        let hex: String = Sha256::digest(body).iter().map(|b| format!("{b:02x}")).collect();
        format!("sha256:{hex}")
    }
}

pub fn now() -> Timestamp {
    Timestamp::now()
}
