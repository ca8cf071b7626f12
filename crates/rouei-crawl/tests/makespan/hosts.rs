//! Many hosts with delays of their own on one server, and how long a crawl of all takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rouei_crawl::{
    Catalogue, CrawlEvent, Crawler, Limits, NoHistory, Period, Settings, Source, StaticResolver, never_cancelled,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;

/// What one host needs.
#[derive(Clone, Copy)]
pub struct Host {
    pub delay: Duration,
    pub pages: u32,
}

impl Host {
    /// robots.txt, the listing and its pages, each a delay after the one before.
    pub fn bound(self) -> Duration {
        self.delay * (self.pages + 1)
    }
}

/// So many hosts of different delays and sizes, the slowest of them in the middle.
pub fn hosts(count: u32) -> Vec<Host> {
    let mut hosts: Vec<Host> = (0..count)
        .map(|i| Host { delay: Duration::from_millis([20, 35, 50, 80, 120][i as usize % 5]), pages: 2 + i * 7 % 19 })
        .collect();
    hosts[count as usize / 2] = Host { delay: Duration::from_millis(150), pages: 24 };
    hosts
}

/// Crawls them all at once. Gives the time and the number of captures.
pub async fn crawl(hosts: &[Host]) -> (Duration, usize) {
    // All hosts are this one socket, and all of them are called at once: with the usual backlog of 128 the kernel drops
    // some of the first calls, which TCP repeats after a second (`nstat -az TcpExtListenOverflows`).
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(2048).unwrap();
    let address = listener.local_addr().unwrap();
    let pages: Arc<Vec<u32>> = Arc::new(hosts.iter().map(|host| host.pages).collect());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&pages)));
        }
    });
    let mut settings = Settings::new("operator@rouei.example");
    settings.resolver = Arc::new(StaticResolver((0..hosts.len()).map(|i| (name(i), address)).collect()));
    settings.limits = Limits { delay: Duration::ZERO, ..Limits::default() };
    let sources: Vec<Source> = hosts.iter().enumerate().map(|(i, host)| source(i, host.delay)).collect();

    let crawler = Crawler::new(settings).unwrap();
    let (out, mut events) = mpsc::channel(64);
    let started = Instant::now();
    let count = async {
        let mut captures = 0;
        while let Some(event) = events.recv().await {
            captures += usize::from(matches!(event, CrawlEvent::Captured(..)));
        }
        captures
    };
    let crawl = crawler.crawl(&sources, Arc::new(NoHistory), out, never_cancelled());
    let (_, captures) = tokio::join!(crawl, count);
    (started.elapsed(), captures)
}

fn name(host: usize) -> String {
    format!("h{host}.example")
}

fn source(host: usize, delay: Duration) -> Source {
    let yaml = format!(
        "sources:\n  - id: h{host}\n    publisher: 架空商事\n    tier: official\n    max_per_host: 2\n    \
         allow_private_addresses: true\n    \
         discovery: {{ listing: {{ url: 'http://{}/', item_selector: a }} }}\n",
        name(host)
    );
    let mut source = Catalogue::parse("hosts.yaml", &yaml).unwrap().sources.remove(0);
    source.delay = Some(Period(delay));
    source
}

/// Answers until the connection ends: no robots.txt, a listing, and pages.
async fn serve(mut stream: TcpStream, pages: Arc<Vec<u32>>) -> Option<()> {
    let mut head = Vec::new();
    loop {
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        head.clear();
        let host = text.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("host: h")?.split('.').next()?.parse::<usize>().ok()
        });
        let (status, body) = match text.split(' ').nth(1)? {
            "/robots.txt" => ("404 Not Found", String::new()),
            "/" => ("200 OK", (0..pages[host?]).map(|page| format!("<a href='/{page}'>お知らせ</a>")).collect()),
            path => ("200 OK", format!("<p>{path}")),
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}
