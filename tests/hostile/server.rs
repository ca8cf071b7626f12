//! Sites that misbehave as a table says, each on a port of its own, a thread for each connection.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    misbehaviour: Vec<Misbehaviour>,
}

/// One entry of the table; the file says what the fields mean.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Misbehaviour {
    pub name: String,
    pub reason: Option<String>,
    pub issue: Option<String>,
    #[serde(default = "ok")]
    pub sound: Vec<String>,
    pub discovery: Option<String>,
    pub scheme: Option<String>,
    pub waits_ms: Option<u64>,
    pub requests: Option<usize>,
    pub answer: Vec<Answer>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    #[serde(default = "bad")]
    pub path: String,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default = "two_hundred")]
    status: String,
    #[serde(default)]
    headers: Vec<String>,
    body: Option<String>,
    hex: Option<String>,
    #[serde(default)]
    prefix: String,
    fill: Option<String>,
    #[serde(default)]
    suffix: String,
    #[serde(default)]
    noise: bool,
    #[serde(default)]
    bytes: usize,
    charset: Option<String>,
    #[serde(default)]
    gzip: bool,
    length: Option<String>,
    wire: Option<String>,
    again: Option<String>,
    #[serde(default)]
    drip_ms: u64,
    #[serde(default)]
    end: End,
    times: Option<usize>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum End {
    #[default]
    Close,
    Hang,
    Reset,
}

/// A site that is up. It stays up until the test ends.
pub(crate) struct Site {
    pub of: Misbehaviour,
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Table {
    pub(crate) fn read() -> Vec<Misbehaviour> {
        let table: Self = toml::from_str(include_str!("misbehaviours.toml")).unwrap();
        table.misbehaviour
    }
}

impl Site {
    pub(crate) fn serve(of: Misbehaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<(String, Instant)>>> = Arc::default();
        let tls = (of.scheme.as_deref() == Some("https")).then(tls_of_a_stranger);
        let bodies = of.answer.iter().map(|answer| (answer.path.clone(), Arc::new(answer.body_bytes()))).collect();
        let served = Arc::new(Served { of: of.clone(), bodies, seen: Arc::clone(&seen), address });
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), served, tls) = (stream, Arc::clone(&served), tls.clone()) else { return };
                // A client that goes away in the middle is what many of these sites are for.
                thread::spawn(move || match tls {
                    None => served.speak(stream),
                    Some(tls) => {
                        let mut session = rustls::ServerConnection::new(tls).map_err(io::Error::other)?;
                        let mut stream = stream;
                        io::copy(&mut rustls::Stream::new(&mut session, &mut stream), &mut io::sink()).map(|_| ())
                    }
                });
            }
        });
        Self { of, address, seen }
    }

    pub(crate) fn base(&self) -> String {
        let scheme = if self.of.scheme.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// When a path was asked for; `*` at its end stands for any rest.
    pub(crate) fn asked(&self, path: &str) -> Vec<Instant> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(p, _)| matches(path, p)).map(|(_, at)| *at).collect()
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// What the threads of a site share.
struct Served {
    of: Misbehaviour,
    bodies: BTreeMap<String, Arc<Vec<u8>>>,
    seen: Arc<Mutex<Vec<(String, Instant)>>>,
    address: SocketAddr,
}

impl Served {
    fn speak(&self, mut stream: TcpStream) -> io::Result<()> {
        // Looked at and not taken: a socket that is closed with bytes unread sends a reset.
        let mut head = [0; 4096];
        if self.of.scheme.as_deref() == Some("https-plain") {
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
        let path = loop {
            let n = stream.peek(&mut head)?;
            let text = String::from_utf8_lossy(&head[..n]);
            if n == 0 || text.contains("\r\n\r\n") {
                break text.split(' ').nth(1).unwrap_or_default().to_owned();
            }
            thread::sleep(Duration::from_millis(1));
        };
        let (times, total) = {
            let mut seen = self.seen.lock().unwrap();
            let times = seen.iter().filter(|(p, _)| *p == path).count();
            seen.push((path.clone(), Instant::now()));
            (times, seen.len())
        };
        let answer = self.of.answer.iter().find(|answer| {
            let here = matches(&answer.path, &path) && !answer.except.contains(&path);
            here && answer.times.is_none_or(|most| times < most)
        });
        let end = answer.map_or(End::Close, |answer| answer.end);
        if end != End::Reset {
            let _ = stream.read(&mut head)?;
        }
        match answer {
            Some(answer) => answer.send(&mut stream, &self.bodies[&answer.path], total, self.address)?,
            None => stream.write_all(&sound(&path))?,
        }
        match end {
            End::Close => stream.shutdown(std::net::Shutdown::Both),
            End::Hang => {
                thread::sleep(Duration::from_secs(60));
                Ok(())
            }
            End::Reset => {
                // The head is to be read before the reset comes.
                thread::sleep(Duration::from_millis(300));
                Ok(())
            }
        }
    }
}

impl Answer {
    fn send(&self, stream: &mut TcpStream, body: &[u8], n: usize, address: SocketAddr) -> io::Result<()> {
        let whole = match &self.wire {
            Some(wire) => wire.clone().into_bytes(),
            None => {
                let mut head = format!("HTTP/1.1 {}\r\nConnection: close\r\n", self.status);
                for header in &self.headers {
                    head.push_str(&header.replace("{n}", &n.to_string()));
                    head.push_str("\r\n");
                }
                let body = match std::str::from_utf8(body) {
                    Ok(text) if text.len() < 10_000 => {
                        let site = format!("http://{address}");
                        text.replace("{n}", &n.to_string()).replace("{site}", &site).into_bytes()
                    }
                    _ => body.to_vec(),
                };
                match self.length.as_deref() {
                    None => head.push_str(&format!("Content-Length: {}\r\n", body.len())),
                    Some("none") => {}
                    Some(lie) => head.push_str(&format!("Content-Length: {lie}\r\n")),
                }
                [head.as_bytes(), b"\r\n", &body].concat()
            }
        };
        let pause = Duration::from_millis(self.drip_ms);
        if self.again.is_some() || pause.is_zero() {
            stream.write_all(&whole)?;
        } else {
            for byte in whole {
                stream.write_all(&[byte])?;
                thread::sleep(pause);
            }
        }
        let Some(again) = &self.again else { return Ok(()) };
        let piece = if pause.is_zero() { again.repeat(1000) } else { again.clone() };
        loop {
            stream.write_all(piece.as_bytes())?;
            thread::sleep(pause);
        }
    }

    fn body_bytes(&self) -> Vec<u8> {
        let mut bytes = self.prefix.clone().into_bytes();
        if let Some(body) = &self.body {
            match self.charset.as_deref().and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())) {
                Some(encoding) => bytes.extend_from_slice(&encoding.encode(body).0),
                None => bytes.extend_from_slice(body.as_bytes()),
            }
        }
        if let Some(hex) = &self.hex {
            bytes.extend((0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()));
        }
        if self.gzip {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let fill = self.fill.as_deref().unwrap_or_default().repeat(4096);
            for _ in 0..self.bytes / fill.len() {
                encoder.write_all(fill.as_bytes()).unwrap();
            }
            return encoder.finish().unwrap();
        }
        if self.noise {
            // xorshift64: nothing that a coding could shorten.
            let mut state = 0x9e37_79b9_7f4a_7c15_u64;
            bytes.extend((0..self.bytes / 8).flat_map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()
            }));
        }
        if let Some(fill) = &self.fill {
            bytes.extend_from_slice(fill.repeat(self.bytes / fill.len()).as_bytes());
        }
        bytes.extend_from_slice(self.suffix.as_bytes());
        bytes
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == path, |start| path.starts_with(start))
}

/// What a site answers that means no harm.
fn sound(path: &str) -> Vec<u8> {
    let (status, body) = match path {
        "/" => {
            ("200 OK", "<ul><li><a href='/bad'>お知らせ</a></li><li><a href='/ok'>個人情報漏えいのお詫び</a></li></ul>")
        }
        "/ok" | "/bad" => (
            "200 OK",
            "<!doctype html><title>個人情報漏えいのお詫び</title><main><h1>個人情報漏えいのお詫び</h1>\
             <p>2025年4月1日、架空商事株式会社は、メールの誤送信によりお客様120名の氏名が漏えいしたことを確認しました。</p></main>",
        ),
        _ => ("404 Not Found", ""),
    };
    let length = body.len();
    let head = "Content-Type: text/html; charset=utf-8\r\nConnection: close";
    format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn tls_of_a_stranger() -> Arc<rustls::ServerConfig> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let certificate = CertificateDer::from_pem_slice(include_bytes!("../../fixtures/tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../../fixtures/tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap())
}

fn ok() -> Vec<String> {
    vec!["/ok".into()]
}

fn bad() -> String {
    "/bad".into()
}

fn two_hundred() -> String {
    "200 OK".into()
}
