//! Crawls of many hosts, killed at random moments and continued, beside one that nobody disturbs.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rouei_archive::{ArchiveReader, RecordType, archive_files};
use rouei_store::{DisclosureFilter, Store};

/// Entries of the feed of each host: they are read from it, and their pages are not there.
const ENTRIES: usize = 3;

/// How much is crawled, and how often it is killed.
pub(crate) struct Trial {
    pub hosts: usize,
    /// Pages in all.
    pub pages: usize,
    pub kills: usize,
    /// Of the moments of the kills.
    pub seed: u64,
}

/// What was seen.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Crawls that were begun anew, each continued until it was whole.
    pub crawls: usize,
    /// Kills that came while a run was under way.
    pub kills: usize,
    /// Records of the undisturbed run.
    pub records: usize,
    /// Responses of the undisturbed run.
    pub responses: usize,
}

/// What archive and store hold, whatever the time and the order.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    /// (address, payload digest, record type), each as often as it is there.
    archive: Vec<(String, String, String)>,
    /// The records, as JSON.
    store: Vec<String>,
}

/// Runs the trial. Panics where a killed crawl does not end as an undisturbed one.
pub(crate) fn run(trial: &Trial) -> Outcome {
    let hosts = Hosts::serve(trial.hosts, trial.pages / trial.hosts);
    let folder = tempfile::tempdir().unwrap();
    let sources = folder.path().join("sources.yaml");
    std::fs::write(&sources, hosts.yaml()).unwrap();

    let clean = folder.path().join("clean");
    let started = Instant::now();
    assert!(crawl(&clean, &sources).status().unwrap().success());
    let took = started.elapsed();
    let want = held(&clean);
    let responses = want.archive.iter().filter(|(_, _, kind)| kind == "response").count();
    assert_eq!(responses, trial.pages + 3 * trial.hosts, "robots.txt, listings, feeds and pages");
    assert_eq!(responses, want.archive.len());
    let expected = trial.pages + ENTRIES * trial.hosts;
    assert!(want.store.len() >= expected, "{} records", want.store.len());

    let mut random = trial.seed;
    let mut outcome = Outcome { crawls: 0, kills: 0, records: want.store.len(), responses };
    while outcome.kills < trial.kills {
        let data = folder.path().join(format!("killed-{}", outcome.crawls));
        outcome.crawls += 1;
        loop {
            let mut child = crawl(&data, &sources).spawn().unwrap();
            let moment = took.mul_f64(fraction(&mut random));
            let deadline = Instant::now() + moment;
            while Instant::now() < deadline && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            let ended = child.try_wait().unwrap();
            if outcome.kills < trial.kills && ended.is_none() {
                child.kill().unwrap();
                child.wait().unwrap();
                outcome.kills += 1;
                if has_ended(&data) {
                    // It had said so, and was killed on its way out: the next crawl would not continue it.
                    break;
                }
                continue;
            }
            let status = child.wait().unwrap();
            assert!(status.success(), "{status}");
            break;
        }
        let got = held(&data);
        assert_same(&want.archive, &got.archive);
        assert_same(&want.store, &got.store);
        verify(&data);
        if outcome.kills < trial.kills {
            std::fs::remove_dir_all(&data).unwrap();
        } else {
            second_crawl(&hosts, &data, &sources, &want);
        }
    }
    outcome
}

/// Whether the last run is recorded as ended. A kill may come before there is a database.
fn has_ended(data: &Path) -> bool {
    let last =
        Store::open_read_only(&data.join("rouei.sqlite")).ok().and_then(|store| store.status().unwrap().last_run);
    last.is_some_and(|run| run.exit_code == Some(0))
}

/// A crawl after a whole one asks with conditions alone, and stores revisits alone.
fn second_crawl(hosts: &Hosts, data: &Path, sources: &Path, first: &Held) {
    // The shortest interval of the sources has to pass.
    thread::sleep(Duration::from_millis(1100));
    let (asked, unconditional) = hosts.requests();
    assert!(crawl(data, sources).status().unwrap().success());
    let after = hosts.requests();
    assert_eq!(after.1, unconditional, "requests without a condition");
    let pages = first.archive.iter().filter(|(url, ..)| !url.ends_with("/robots.txt")).count();
    assert_eq!(after.0 - asked, pages, "each page is asked for once");
    let got = held(data);
    let added: Vec<_> = got.archive.iter().filter(|record| record.2 == "revisit").collect();
    assert_eq!(added.len(), pages);
    assert_eq!(got.archive.len(), first.archive.len() + pages, "nothing but revisits");
    assert_same(&first.store, &got.store);
    verify(data);
}

fn crawl(data: &Path, sources: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rouei"));
    command.env_remove("ROUEI_DATA").env_remove("ROUEI_LOG");
    command.args(["crawl".as_ref(), "--quiet".as_ref(), "--data".as_ref(), data.as_os_str()]);
    command.arg("--sources").arg(sources).stdout(Stdio::null());
    command
}

fn held(data: &Path) -> Held {
    let store = Store::open_read_only(&data.join("rouei.sqlite")).unwrap();
    let mut archive = Vec::new();
    for file in archive_files(&data.join("archive")).unwrap() {
        for record in ArchiveReader::open(&file).unwrap() {
            let record = record.unwrap();
            if matches!(record.record_type(), RecordType::Response | RecordType::Revisit) {
                assert!(store.known_record(record.id()).unwrap().is_some(), "{} is not in the store", record.id());
                let digest = record.header.get("WARC-Payload-Digest").unwrap_or_default().to_owned();
                archive.push((record.url().unwrap().to_owned(), digest, record.record_type().code().to_owned()));
            }
        }
    }
    archive.sort();
    let status = store.status().unwrap();
    assert_eq!((status.responses + status.revisits) as usize, archive.len(), "captures of the store");
    let rows = store.disclosures(&DisclosureFilter::default()).unwrap().into_iter().map(|mut row| {
        row.captured = None;
        serde_json::to_string(&row).unwrap()
    });
    let mut store: Vec<String> = rows.collect();
    store.sort();
    Held { archive, store }
}

fn verify(data: &Path) {
    let report = rouei_archive::verify(&data.join("archive")).unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

#[track_caller]
fn assert_same<T: Ord + std::fmt::Debug>(want: &[T], got: &[T]) {
    let (wanted, had): (BTreeSet<&T>, BTreeSet<&T>) = (want.iter().collect(), got.iter().collect());
    let missing: Vec<_> = wanted.difference(&had).take(5).collect();
    let surplus: Vec<_> = had.difference(&wanted).take(5).collect();
    let twice: Vec<_> = got.windows(2).filter(|pair| pair[0] == pair[1]).take(5).collect();
    let same = want.len() == got.len() && missing.is_empty() && surplus.is_empty();
    assert!(same, "missing {missing:#?}, surplus {surplus:#?}, twice {twice:#?}");
}

/// xorshift64*, as a fraction of 1.
fn fraction(state: &mut u64) -> f64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
}

/// Sites on ports of their own: a listing and its pages, with entity tags.
struct Hosts {
    addresses: Vec<SocketAddr>,
    asked: Arc<AtomicUsize>,
    unconditional: Arc<AtomicUsize>,
}

impl Hosts {
    fn serve(hosts: usize, pages: usize) -> Self {
        let (asked, unconditional): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let addresses = (0..hosts)
            .map(|host| {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let address = listener.local_addr().unwrap();
                let counts = (Arc::clone(&asked), Arc::clone(&unconditional));
                thread::spawn(move || {
                    for stream in listener.incoming().flatten() {
                        let counts = counts.clone();
                        // A client that is killed leaves its connections; that is no fault of the server.
                        thread::spawn(move || speak(stream, host, pages, &counts));
                    }
                });
                address
            })
            .collect();
        Self { addresses, asked, unconditional }
    }

    fn requests(&self) -> (usize, usize) {
        (self.asked.load(Ordering::SeqCst), self.unconditional.load(Ordering::SeqCst))
    }

    fn yaml(&self) -> String {
        let mut yaml = "crawl: { contact: operator@rouei.example, delay: 0s }\nsources:\n".to_owned();
        for (i, address) in self.addresses.iter().enumerate() {
            yaml.push_str(&format!(
                "  - id: host-{i}\n    publisher: 架空商事{i}\n    tier: official\n    max_per_host: 4\n    \
                 revisit: 1s..2s\n    allow_private_addresses: true\n    \
                 discovery: {{ listing: {{ url: 'http://{address}/', item_selector: li }} }}\n  \
                 - id: feed-{i}\n    publisher: 架空商事{i}\n    tier: official\n    revisit: 1s..2s\n    \
                 allow_private_addresses: true\n    discovery: {{ feed: {{ url: 'http://{address}/feed', content: feed }} }}\n"
            ));
        }
        yaml
    }
}

fn speak(
    stream: TcpStream,
    host: usize,
    pages: usize,
    (asked, unconditional): &(Arc<AtomicUsize>, Arc<AtomicUsize>),
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut path, mut condition) = (String::new(), None);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end();
            if path.is_empty() {
                path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            } else if let Some(tag) = line.to_ascii_lowercase().strip_prefix("if-none-match: ") {
                condition = Some(tag.to_owned());
            } else if line.is_empty() {
                break;
            }
        }
        asked.fetch_add(1, Ordering::SeqCst);
        unconditional.fetch_add(usize::from(condition.is_none()), Ordering::SeqCst);
        let tag = format!("\"{host}-{}\"", path.trim_matches('/'));
        if condition.as_deref() == Some(tag.as_str()) {
            writer.write_all(format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n").as_bytes())?;
            continue;
        }
        let (kind, body) = match path.as_str() {
            "/robots.txt" => ("text/plain", "User-agent: *\nDisallow: /private/\n".to_owned()),
            "/" => {
                let items = (0..pages).map(|page| format!("<li><a href='/{page}.html'>漏えいのお詫び {page}</a></li>"));
                ("text/html; charset=utf-8", items.collect())
            }
            "/feed" => ("application/rss+xml; charset=utf-8", feed(host)),
            _ => ("text/html; charset=utf-8", page(host, &path)),
        };
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nETag: {tag}\r\nContent-Length: {length}\r\n\r\n");
        writer.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
    }
}

/// RSS whose entries hold whole notices.
fn feed(host: usize) -> String {
    let entries = (0..ENTRIES).map(|entry| {
        let text = page(host, &format!("/{}.html", 900 + entry));
        let text = text.split_once("</h1>").map_or("", |(_, text)| text).trim_end_matches("</main>");
        format!(
            "<item><title>個人情報漏えいに関するお詫び</title><link>/entry/{entry}.html</link>\
             <content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
    });
    format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>架空商事{host}</title>{}\
         </channel></rss>",
        entries.collect::<String>()
    )
}

/// A notice with a figure of its own.
fn page(host: usize, path: &str) -> String {
    let number: usize = path.trim_matches('/').trim_end_matches(".html").parse().unwrap_or_default();
    let count = 100 + host * 1000 + number;
    let filler =
        "<p>関係者の皆様に多大なるご迷惑とご心配をおかけしましたことを、深くお詫び申し上げます。</p>".repeat(20);
    format!(
        "<!doctype html><title>個人情報漏えいに関するお詫び</title><main><h1>個人情報漏えいに関するお詫び</h1>\
         <p>架空商事{host}株式会社は、2025年4月1日、メールの誤送信により、お客様{count}名の氏名とメールアドレスが\
         漏えいしたことを確認しました。</p>{filler}</main>"
    )
}
