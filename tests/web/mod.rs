//! A web site on loopback whose pages a test changes between two runs, and that keeps what is posted to it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses a part")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How a path is answered.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

/// A page of HTML in UTF-8.
pub fn page(body: &str) -> Answer {
    let body = format!("<!doctype html><html lang=ja><meta charset=utf-8>{body}</html>").into_bytes();
    Answer { status: 200, location: None, content_type: "text/html; charset=utf-8", body }
}

/// A redirect.
pub fn moved(to: &str) -> Answer {
    Answer { status: 302, location: Some(to.to_owned()), content_type: "text/html", body: Vec::new() }
}

/// An error status.
pub fn status(status: u16) -> Answer {
    Answer { status, location: None, content_type: "text/html", body: Vec::new() }
}

/// A listing of links to these paths.
pub fn listing(paths: &[&str]) -> Answer {
    let items: String = paths.iter().map(|p| format!("<li><a href='{p}'>お知らせ {p}</a></li>")).collect();
    page(&format!("<title>一覧</title><ul>{items}</ul>"))
}

#[derive(Default)]
struct Shared {
    answers: Mutex<BTreeMap<String, Answer>>,
    asked: Mutex<Vec<String>>,
    posted: Mutex<Vec<(String, String)>>,
}

/// The site. Its thread ends with the test's process.
pub struct Web {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Web {
    /// A site with nothing on it: every path is 404.
    pub fn serve() -> Self {
        Self::serve_on("127.0.0.1")
    }

    /// The same on another address of loopback, which is another host.
    pub fn serve_on(host: &str) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let site = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                std::thread::spawn(move || answer(stream, &site));
            }
        });
        Self { address, shared }
    }

    /// Absolute address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on the path is answered so.
    pub fn put(&self, path: &str, answer: Answer) {
        self.shared.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Paths asked for since the last call, without robots.txt.
    pub fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.shared.asked.lock().unwrap());
        asked.into_iter().filter(|p| p != "/robots.txt").collect()
    }

    /// What was posted since the last call: path and body.
    pub fn posted(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.shared.posted.lock().unwrap())
    }
}

fn answer(stream: TcpStream, site: &Shared) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let length = head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    if method == "POST" {
        let mut body = vec![0; length.unwrap_or(0)];
        let _ = reader.read_exact(&mut body);
        site.posted.lock().unwrap().push((path.clone(), String::from_utf8(body).unwrap()));
    } else {
        site.asked.lock().unwrap().push(path.clone());
    }
    let answer = site.answers.lock().unwrap().get(&path).cloned().unwrap_or_else(|| status(404));
    let location = answer.location.map(|l| format!("Location: {l}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} Answer\r\nContent-Type: {}\r\n{location}Content-Length: {}\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.content_type,
        answer.body.len()
    );
    let stream = reader.get_mut();
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&answer.body);
}
