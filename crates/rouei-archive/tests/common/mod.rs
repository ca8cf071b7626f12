//! Captures to write.
#![allow(dead_code, unreachable_pub)]

use rouei_model::{Capture, CaptureKind, Header, Original};

pub fn header(name: &str, value: &str) -> Header {
    Header { name: name.into(), value: value.as_bytes().to_vec() }
}

pub fn capture(url: &str, body: &[u8]) -> Capture {
    Capture {
        source: "mihon-city".into(),
        url: url.into(),
        captured: "2025-04-16T01:02:03.123456789Z".parse().unwrap(),
        method: "GET".into(),
        request_headers: vec![header("user-agent", "rouei/0.1 (+mailto:ops@example.jp)")],
        protocol: "HTTP/2".into(),
        status: 200,
        response_headers: vec![header("content-type", "text/html; charset=Shift_JIS"), header("etag", "\"v1\"")],
        body: body.to_vec(),
        remote_ip: Some("192.0.2.7".into()),
        truncated: None,
        kind: CaptureKind::Response,
    }
}

pub fn not_modified(of: &Capture) -> Capture {
    let original = Original {
        url: of.url.clone(),
        captured: of.captured,
        payload_digest: rouei_archive::payload_digest(&of.body),
    };
    let mut again = capture(&of.url, b"");
    again.captured = "2025-04-17T01:02:03Z".parse().unwrap();
    again.status = 304;
    again.kind = CaptureKind::NotModified(original);
    again
}

/// Bytes that no compressor makes smaller.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}
