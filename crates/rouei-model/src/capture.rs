use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One HTTP exchange as it went over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Identifier of the source in `sources.yaml`.
    pub source: String,
    /// Address that was asked for.
    pub url: String,
    /// When the response began.
    pub captured: Timestamp,
    /// Request method, `GET` everywhere so far.
    pub method: String,
    /// Request headers in the order sent.
    pub request_headers: Vec<Header>,
    /// `"HTTP/1.1"` or `"HTTP/2"`, as it was spoken.
    pub protocol: String,
    /// Status code.
    pub status: u16,
    /// Response headers in the order received, without `Transfer-Encoding`.
    pub response_headers: Vec<Header>,
    /// The body as sent: still content-encoded, already free of chunking.
    pub body: Vec<u8>,
    /// Address that answered.
    pub remote_ip: Option<String>,
    /// Why the body is incomplete, if it is.
    pub truncated: Option<Truncation>,
    /// A response of its own, or the same as an earlier one.
    pub kind: CaptureKind,
}

/// A header field; the value may hold bytes outside ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Field name as received.
    pub name: String,
    /// Field value as received.
    pub value: Vec<u8>,
}

/// Whether a capture holds its own body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureKind {
    /// A response with its body.
    Response,
    /// The server answered 304: `server-not-modified` (ISO 28500, 6.7.3).
    NotModified(Original),
    /// The server answered with a body that is already in the archive: `identical-payload-digest` (6.7.2).
    SamePayload(Original),
}

/// The capture that a revisit refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its address.
    pub url: String,
    /// Its time.
    pub captured: Timestamp,
    /// Its payload digest, with the algorithm in front (`sha256:…`).
    pub payload_digest: String,
}

/// Why a body is incomplete (`WARC-Truncated`, ISO 28500, 5.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truncation {
    /// Over the length bound.
    Length,
    /// Over the time bound.
    Time,
    /// The connection ended early.
    Disconnect,
    /// Anything else.
    Unspecified,
}
