//! How many connections a crawl opens: one for HTTP/2, hardly more than `max_per_host` for HTTP/1.1, each used again.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rouei_archive::{ArchiveReader, RecordType, archive_files};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use support::{command, fixture, stderr};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const PAGES: usize = 40;
const MAX_PER_HOST: usize = 4;

#[test]
fn http2_needs_one_connection() {
    let site = Site::serve(&[b"h2", b"http/1.1"]);
    let protocols = crawl(&site);
    assert_eq!(protocols, BTreeMap::from([("h2".to_owned(), PAGES + 2)]));
    assert_eq!(site.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn http1_connections_are_used_again() {
    let site = Site::serve(&[b"http/1.1"]);
    let protocols = crawl(&site);
    assert_eq!(protocols, BTreeMap::from([("http/1.1".to_owned(), PAGES + 2)]));
    let connections = site.connections.load(Ordering::SeqCst);
    // A connection is back in the pool a moment after its response has ended; without any delay the next request may come
    // before that, and opens another.
    assert!((1..=2 * MAX_PER_HOST).contains(&connections), "{connections} connections");
}

/// Crawls the site with the real binary. Gives the responses by `WARC-Protocol`.
fn crawl(site: &Site) -> BTreeMap<String, usize> {
    let folder = tempfile::tempdir().unwrap();
    let (data, sources) = (folder.path().join("data"), folder.path().join("sources.yaml"));
    let yaml = format!(
        "crawl: {{ contact: operator@rouei.example, delay: 0s }}\nsources:\n  - id: secure\n    \
         publisher: 架空商事\n    tier: official\n    max_per_host: {MAX_PER_HOST}\n    \
         allow_private_addresses: true\n    \
         discovery: {{ listing: {{ url: 'https://localhost:{}/', item_selector: a }} }}\n",
        site.address.port()
    );
    std::fs::write(&sources, yaml).unwrap();
    let output = command()
        // Where the system's certificates are looked for.
        .env("SSL_CERT_FILE", fixture("tls/ca.pem"))
        .env_remove("SSL_CERT_DIR")
        .args(["crawl", "--no-extract"])
        .args([Path::new("--data"), &data, Path::new("--sources"), &sources])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(site.requests.load(Ordering::SeqCst), PAGES + 2);
    let mut protocols = BTreeMap::new();
    for file in archive_files(&data.join("archive")).unwrap() {
        for record in ArchiveReader::open(&file).unwrap() {
            let record = record.unwrap();
            if record.record_type() == RecordType::Response {
                let protocol = record.header.get("WARC-Protocol").unwrap().to_owned();
                *protocols.entry(protocol).or_insert(0) += 1;
            }
        }
    }
    protocols
}

/// A site behind TLS that counts.
struct Site {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    _runtime: tokio::runtime::Runtime,
}

impl Site {
    fn serve(protocols: &[&[u8]]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let tls = acceptor(protocols);
        let (connections, requests): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let counted = (Arc::clone(&connections), Arc::clone(&requests));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.0.fetch_add(1, Ordering::SeqCst);
                let (tls, requests) = (tls.clone(), Arc::clone(&counted.1));
                // How a connection ends is the client's affair.
                tokio::spawn(async move {
                    let stream = tls.accept(stream).await.ok()?;
                    match stream.get_ref().1.alpn_protocol() {
                        Some(b"h2") => speak_http2(stream, &requests).await,
                        _ => speak_http1(stream, &requests).await,
                    }
                });
            }
        });
        Self { address, connections, requests, _runtime: runtime }
    }
}

fn acceptor(protocols: &[&[u8]]) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(fixture("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

async fn speak_http2(stream: tokio_rustls::server::TlsStream<TcpStream>, requests: &AtomicUsize) -> Option<()> {
    let mut connection = h2::server::handshake(stream).await.ok()?;
    while let Some(request) = connection.accept().await {
        let (request, mut respond) = request.ok()?;
        requests.fetch_add(1, Ordering::SeqCst);
        let (status, body) = page(request.uri().path());
        let mut response = h2_response(status);
        response.headers_mut().insert("content-type", "text/html".parse().ok()?);
        let mut stream = respond.send_response(response, false).ok()?;
        stream.send_data(body.into(), true).ok()?;
    }
    Some(())
}

fn h2_response(status: u16) -> http::Response<()> {
    http::Response::builder().status(status).body(()).unwrap()
}

async fn speak_http1(mut stream: tokio_rustls::server::TlsStream<TcpStream>, requests: &AtomicUsize) -> Option<()> {
    let mut head = Vec::new();
    loop {
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        requests.fetch_add(1, Ordering::SeqCst);
        let text = String::from_utf8_lossy(&head).into_owned();
        head.clear();
        let (status, body) = page(text.split(' ').nth(1)?);
        let length = body.len();
        let head = format!("HTTP/1.1 {status} -\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

fn page(path: &str) -> (u16, Vec<u8>) {
    match path {
        "/robots.txt" => (404, b"none".to_vec()),
        "/" => (200, (0..PAGES).map(|page| format!("<a href='/{page}'>お知らせ</a>")).collect::<String>().into_bytes()),
        path => (200, format!("<p>{path}").into_bytes()),
    }
}
