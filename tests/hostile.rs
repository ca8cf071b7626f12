//! One crawl of the real binary against every misbehaviour of `hostile/misbehaviours.toml` at once: each is reported by
//! its name, no sound page is lost, nothing hangs, and memory stays bounded.

#![allow(clippy::unwrap_used)]

#[path = "hostile/server.rs"]
mod server;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rouei_archive::{ArchiveReader, ArchiveWriter, Software, archive_files};
use rouei_model::{Capture, CaptureKind, Header};
use rouei_store::Store;
use server::{Misbehaviour, Site, Table};
use support::command;

/// Bytes of memory that a crawl may take, whatever the servers do. The code of an unoptimised binary alone, which counts
/// with it, takes some 20 MB more, and varies by as much from run to run.
const MEMORY: u64 = if cfg!(debug_assertions) { 190_000_000 } else { 150_000_000 };

/// The slowest site takes two attempts of eight seconds; the rest is for machines that have other things to do.
const TIME: Duration = Duration::from_secs(180);

#[test]
fn every_misbehaviour_is_named_and_hurts_nobody_else() {
    let table = Table::read();
    assert!(table.len() >= 25, "{}", table.len());
    let sites: Vec<Site> = table.into_iter().map(Site::serve).collect();
    let inside = Inside::listen();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let redirects = inside.seed(&data);
    let sources = folder.path().join("sources.yaml");
    std::fs::write(&sources, yaml(&sites, &redirects)).unwrap();

    let mut child = command()
        .args(["crawl".as_ref(), "--data".as_ref(), data.as_os_str(), "--sources".as_ref(), sources.as_os_str()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let lines = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    let (peak, code) = watched(&mut child);
    let told = lines.join().unwrap();
    assert_eq!(code, Some(3), "some pages could not be had:\n{told}");

    let archived = archived(&data);
    let issues = issues(&data);
    let mut faults: Vec<String> = sites.iter().flat_map(|site| faults(site, &told, &archived, &issues)).collect();
    for (name, target) in &redirects {
        if !lines_of(&told, name).any(|line| line.contains("which is no public address")) {
            faults.push(format!("{name} ({target}) is not reported"));
        }
    }
    assert_eq!(inside.connections.load(Ordering::SeqCst), 0, "a private address was connected to");
    if peak >= MEMORY {
        faults.push(format!("{peak} bytes of memory"));
    }
    assert!(faults.is_empty(), "{faults:#?}\n{told}\npeak {peak}");
    assert!(rouei_archive::verify(&data.join("archive")).unwrap().faults.is_empty());
    println!("{} misbehaviours, peak memory {:.1} MB", sites.len() + redirects.len(), peak as f64 / 1e6);
}

/// What did not go as the table says.
fn faults(
    site: &Site,
    told: &str,
    archived: &BTreeSet<(String, u16)>,
    issues: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let Misbehaviour { name, reason, issue, sound, waits_ms, requests, answer, .. } = &site.of;
    let mut faults = Vec::new();
    match reason {
        Some(reason) if !lines_of(told, name).any(|line| line.contains(reason)) => {
            faults.push(format!("{name}: no line says {reason:?}"));
        }
        None if lines_of(told, name).any(|line| !line.contains(" found, ")) => {
            faults.push(format!("{name}: reported, though all is well"));
        }
        _ => {}
    }
    if let Some(issue) = issue {
        let url = format!("{}/bad", site.base());
        let has = issues.get(&url).is_some_and(|codes| codes.contains(issue));
        if !has {
            faults.push(format!("{name}: the document of {url} has no issue {issue}: {:?}", issues.get(&url)));
        }
    }
    for path in sound {
        if !archived.contains(&(format!("{}{path}", site.base()), 200)) {
            faults.push(format!("{name}: {path} is not in the archive"));
        }
    }
    let asked = site.asked(&answer[0].path);
    if requests.is_some_and(|most| asked.len() > most) {
        faults.push(format!("{name}: asked {} times", asked.len()));
    }
    if let (Some(waits), [first, second, ..]) = (waits_ms, asked.as_slice())
        && second.duration_since(*first) < Duration::from_millis(*waits)
    {
        faults.push(format!("{name}: asked again after {:?}", second.duration_since(*first)));
    }
    // TLS that fails shows no request.
    if site.of.scheme.is_none() && site.requests() == 0 {
        faults.push(format!("{name}: never asked"));
    }
    faults
}

fn lines_of<'t>(told: &'t str, source: &str) -> impl Iterator<Item = &'t str> {
    let start = format!("{source}: ");
    told.lines().filter(move |line| line.starts_with(&start))
}

/// Waits for the end, and looks at the memory meanwhile. A run that hangs is a failure.
fn watched(child: &mut Child) -> (u64, Option<i32>) {
    let status = format!("/proc/{}/status", child.id());
    let (mut peak, deadline) = (0, Instant::now() + TIME);
    loop {
        let high = std::fs::read_to_string(&status).unwrap_or_default();
        let kib = high.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or_default() * 1024);
        if let Some(status) = child.try_wait().unwrap() {
            return (peak, status.code());
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the crawl hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn yaml(sites: &[Site], redirects: &[(String, String)]) -> String {
    let mut yaml = "crawl:\n  contact: operator@rouei.example\n  delay: 0s\n  limits: { connect_timeout: 2s, \
         idle_timeout: 2s, total_timeout: 8s, attempts: 2, backoff: 100ms, max_wait: 3s }\nsources:\n"
        .to_owned();
    let mut add = |id: &str, discovery: &str, private: bool| {
        yaml.push_str(&format!(
            "  - id: {id}\n    publisher: 架空商事\n    tier: official\n    max_per_host: 1\n    \
             allow_private_addresses: {private}\n    discovery: {{ {discovery} }}\n"
        ));
    };
    for site in sites {
        let discovery = site.of.discovery.as_deref().unwrap_or("listing: { url: '{site}/', item_selector: li }");
        add(&site.of.name, &discovery.replace("{site}", &site.base()), true);
    }
    for (name, _) in redirects {
        add(name, &format!("page: {{ url: 'http://{name}.example/' }}"), false);
    }
    yaml
}

/// Address and status of every response that is whole.
fn archived(data: &Path) -> BTreeSet<(String, u16)> {
    let files = archive_files(&data.join("archive")).unwrap();
    let records = files.iter().flat_map(|file| ArchiveReader::open(file).unwrap()).map(Result::unwrap);
    let captures = records.filter_map(|record| record.capture()).map(Result::unwrap);
    captures.filter(|c| c.truncated.is_none() && c.kind == CaptureKind::Response).map(|c| (c.url, c.status)).collect()
}

/// Codes of the issues of each document.
fn issues(data: &Path) -> BTreeMap<String, Vec<String>> {
    let store = Store::open_read_only(&data.join("rouei.sqlite")).unwrap();
    let code = |issue: &rouei_model::Issue| serde_json::to_value(issue.code).unwrap().as_str().unwrap().to_owned();
    let documents = store.documents().unwrap();
    let documents = documents.iter().map(|id| store.extraction(id).unwrap().unwrap());
    let with_url = documents.filter_map(|e| Some((e.document.url?, e.issues)));
    with_url.map(|(url, issues)| (url, issues.iter().map(code).collect())).collect()
}

/// An address that no crawl may reach: any connection is the fault that the test looks for.
struct Inside {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Inside {
    fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections: Arc<AtomicUsize> = Arc::default();
        let counted = Arc::clone(&connections);
        std::thread::spawn(move || {
            listener.incoming().for_each(|_| {
                counted.fetch_add(1, Ordering::SeqCst);
            })
        });
        Self { port, connections }
    }

    /// Public sites that lead here. A first hop with a public address cannot be had on loopback, so the archive says
    /// that it was visited a moment ago and is fresh. Gives the sources' names and where they lead.
    fn seed(&self, data: &Path) -> Vec<(String, String)> {
        let port = self.port;
        let redirects = [
            ("redirect-to-loopback", format!("http://127.0.0.1:{port}/")),
            ("redirect-to-a-name-for-it", format!("http://localhost:{port}/")),
            ("redirect-to-it-in-decimal", format!("http://2130706433:{port}/decimal")),
            ("redirect-to-it-mapped", format!("http://[::ffff:127.0.0.1]:{port}/")),
            ("redirect-to-link-local", "http://169.254.169.254/latest/meta-data/".to_owned()),
            ("redirect-to-private", "http://10.0.0.1/".to_owned()),
        ]
        .map(|(name, target)| (name.to_owned(), target));
        let mut archive = ArchiveWriter::create(&data.join("archive"), &Software::new("rouei/test")).unwrap();
        let field = |name: &str, value: &str| Header { name: name.into(), value: value.into() };
        for (name, target) in &redirects {
            let capture = Capture {
                source: name.clone(),
                url: format!("http://{name}.example/"),
                captured: jiff::Timestamp::now(),
                method: "GET".into(),
                request_headers: vec![],
                protocol: "HTTP/1.1".into(),
                status: 301,
                response_headers: vec![field("location", target), field("cache-control", "max-age=3600")],
                body: vec![],
                remote_ip: None,
                truncated: None,
                kind: CaptureKind::Response,
            };
            archive.append(&capture).unwrap();
        }
        // Dropped and not finished: the crawl takes it for an interrupted run's, and records it.
        archive.commit().unwrap();
        redirects.into()
    }
}
