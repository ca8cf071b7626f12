//! Writes an archive with one of each kind of record, for the check by other tools:
//!
//! `cargo run -p rouei-archive --example sample_archive -- DIR && warcio check -v DIR/*.warc.gz`

use std::{env, error::Error, path::PathBuf};

use jiff::{Timestamp, ToSpan};
use rouei_archive::{ArchiveWriter, Software, payload_digest, verify};
use rouei_model::{Capture, CaptureKind, Header, Original, Truncation};

fn main() -> Result<(), Box<dyn Error>> {
    let dir = PathBuf::from(env::args().nth(1).ok_or("usage: sample_archive DIR")?);
    let mut writer = ArchiveWriter::create(&dir, &Software::new(concat!("rouei/", env!("CARGO_PKG_VERSION"))))?;

    let page = Capture {
        source: "mihon-city".into(),
        url: "https://mihon.example.jp/notice/?id=1".into(),
        captured: Timestamp::now(),
        method: "GET".into(),
        request_headers: vec![header("user-agent", "rouei/0.1 (+mailto:ops@example.jp)")],
        protocol: "HTTP/2".into(),
        status: 200,
        response_headers: vec![header("content-type", "text/html"), header("etag", "\"v1\"")],
        body: "<p>お詫び</p>".as_bytes().to_vec(),
        remote_ip: Some("192.0.2.7".into()),
        truncated: None,
        kind: CaptureKind::Response,
    };
    let location = writer.append(&page)?;
    let original =
        Original { url: page.url.clone(), captured: page.captured, payload_digest: payload_digest(&page.body) };

    // A megabyte that does not compress, cut at the bound.
    let mut noise = 1u64;
    let body = (0..3_000_000).map(|_| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        (noise >> 32) as u8
    });
    let url = "https://mihon.example.jp/notice.pdf".to_owned();
    let truncated = Some(Truncation::Length);
    writer.append(&Capture { url, body: body.collect(), truncated, protocol: "HTTP/1.1".into(), ..page.clone() })?;

    let later = page.captured + 1.hour();
    let kind = CaptureKind::NotModified(original.clone());
    writer.append(&Capture { captured: later, status: 304, body: Vec::new(), kind, ..page.clone() })?;
    let url = "https://mihon.example.jp/notice/?id=1&from=top".to_owned();
    writer.append(&Capture { url, kind: CaptureKind::SamePayload(original), ..page.clone() })?;
    let url = "https://mihon.example.jp/empty".to_owned();
    writer.append(&Capture { url, body: Vec::new(), ..page.clone() })?;
    let note = [("note".to_owned(), "a metadata record".to_owned())];
    writer.append_metadata(&page.url, &location.record_id, page.captured, &note)?;

    writer.commit()?;
    writer.finish()?;
    println!("{:#?}", verify(&dir)?);
    Ok(())
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.into(), value: value.as_bytes().to_vec() }
}
