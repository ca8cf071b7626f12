use std::{collections::BTreeMap, io};

use jiff::Timestamp;
use rouei_model::{Capture, CaptureKind, Header, Truncation};
use url::Url;

use crate::{
    RecordType, Software, WarcHeader,
    digest::digest_of,
    gzip::MemberEncoder,
    header::{CONTEXT, METHOD, SOURCE},
    http::reason,
    open_file::OpenFile,
};

/// [`crate::payload_digest`] of no bytes: a request has no payload.
const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const PROFILE: &str = "http://netpreserve.org/warc/1.1/revisit/";

/// Turns what is to be archived into gzip members, one per record, which stand in `members` until the next call; all but
/// the last [`crate::gzip::PIECE`] of a large one are in the file by then ([`OpenFile::append_piece`]).
pub(crate) struct RecordEncoder {
    encoder: MemberEncoder,
    pub(crate) members: Vec<u8>,
}

/// A record among the members.
pub(crate) struct Encoded {
    pub(crate) kind: RecordType,
    pub(crate) id: String,
    pub(crate) length: u64,
}

impl RecordEncoder {
    pub(crate) fn new(level: u32) -> Self {
        Self { encoder: MemberEncoder::new(level), members: Vec::new() }
    }

    /// The record that begins a file.
    pub(crate) fn warcinfo(&mut self, software: &Software, file: &mut OpenFile, now: Timestamp) -> io::Result<()> {
        let mut header = WarcHeader::new(&RecordType::Warcinfo);
        header.push("WARC-Record-ID", &bracket(&file.warcinfo_id));
        header.push("WARC-Date", &now.to_string());
        header.push("WARC-Filename", &file.name);
        let conforms = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";
        let mut fields: Vec<_> =
            [("software", software.software.as_str()), ("format", "WARC File Format 1.1"), ("conformsTo", conforms)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        fields.extend(software.fields.iter().cloned());
        self.members.clear();
        self.append(header, "application/warc-fields", &[&warc_fields(&fields)], None, file)
    }

    /// A record about another record.
    pub(crate) fn metadata(
        &mut self,
        url: &str,
        record_id: &str,
        date: Timestamp,
        fields: &[(String, String)],
        file: &mut OpenFile,
    ) -> io::Result<()> {
        let mut header = WarcHeader::new(&RecordType::Metadata);
        header.push("WARC-Record-ID", &bracket(&file.record_id("metadata", url, date)));
        header.push("WARC-Date", &date.to_string());
        header.push("WARC-Target-URI", url);
        header.push("WARC-Refers-To", &bracket(record_id));
        header.push("WARC-Warcinfo-ID", &bracket(&file.warcinfo_id));
        self.members.clear();
        self.append(header, "application/warc-fields", &[&warc_fields(fields)], None, file)
    }

    /// The request and the response or revisit of a capture.
    pub(crate) fn capture(
        &mut self,
        capture: &Capture,
        context: &BTreeMap<String, String>,
        url: &Url,
        digest: &str,
        file: &mut OpenFile,
    ) -> io::Result<(Encoded, Encoded)> {
        let kind = match capture.kind {
            CaptureKind::Response => RecordType::Response,
            CaptureKind::NotModified(_) | CaptureKind::SamePayload(_) => RecordType::Revisit,
        };
        let request_id = file.record_id("request", &capture.url, capture.captured);
        let response_id = file.record_id(kind.code(), &capture.url, capture.captured);
        let warcinfo_id = bracket(&file.warcinfo_id);
        let common = |kind: &RecordType, id: &str, other: &str| {
            let mut header = WarcHeader::new(kind);
            header.push("WARC-Record-ID", &bracket(id));
            header.push("WARC-Date", &capture.captured.to_string());
            // As asked for, so that a recovered capture has the same address; a URI holds no blanks and no letters
            // outside ASCII (RFC 3986).
            let as_given = capture.url.bytes().all(|b| b.is_ascii_graphic());
            header.push("WARC-Target-URI", if as_given { &capture.url } else { url.as_str() });
            header.push_some("WARC-IP-Address", capture.remote_ip.as_deref());
            header.push("WARC-Protocol", &protocol(&capture.protocol));
            header.push("WARC-Concurrent-To", &bracket(other));
            header.push("WARC-Warcinfo-ID", &warcinfo_id);
            header.push(SOURCE, &capture.source);
            if capture.method != "GET" {
                header.push(METHOD, &capture.method);
            }
            header
        };
        self.members.clear();

        let request = common(&RecordType::Request, &request_id, &response_id);
        let block = request_block(capture, url);
        let content_type = "application/http; msgtype=request";
        self.append(request, content_type, &[&block], Some(EMPTY), file)?;
        let length = file.begun + self.members.len() as u64;
        let request = Encoded { kind: RecordType::Request, id: request_id, length };

        let mut header = common(&kind, &response_id, &request.id);
        if !context.is_empty() {
            let json = serde_json::to_string(context)?;
            header.push(CONTEXT, &json);
        }
        let (profile, original) = match &capture.kind {
            CaptureKind::Response => ("", None),
            CaptureKind::NotModified(original) => ("server-not-modified", Some(original)),
            CaptureKind::SamePayload(original) => ("identical-payload-digest", Some(original)),
        };
        if let Some(original) = original {
            header.push("WARC-Profile", &format!("{PROFILE}{profile}"));
            header.push("WARC-Refers-To-Target-URI", &original.url);
            header.push("WARC-Refers-To-Date", &original.captured.to_string());
        }
        header.push_some("WARC-Truncated", capture.truncated.map(truncation));
        let head = response_head(capture);
        let body: &[u8] = if kind == RecordType::Response { &capture.body } else { &[] };
        let content_type = "application/http; msgtype=response";
        self.append(header, content_type, &[&head, body], Some(digest), file)?;
        let length = file.begun + self.members.len() as u64 - request.length;
        Ok((request, Encoded { kind, id: response_id, length }))
    }

    /// A record whose block is these parts, one after the other.
    fn append(
        &mut self,
        mut header: WarcHeader,
        content_type: &str,
        block: &[&[u8]],
        payload: Option<&str>,
        file: &mut OpenFile,
    ) -> io::Result<()> {
        header.push("WARC-Block-Digest", &digest_of(block));
        header.push_some("WARC-Payload-Digest", payload);
        header.push("Content-Type", content_type);
        header.push("Content-Length", &block.iter().map(|part| part.len()).sum::<usize>().to_string());
        let header = header.to_bytes();
        let parts: Vec<&[u8]> =
            std::iter::once(header.as_slice()).chain(block.iter().copied()).chain([b"\r\n\r\n".as_slice()]).collect();
        self.encoder.append(&parts, &mut self.members, &mut |piece| file.append_piece(piece))
    }
}

fn request_block(capture: &Capture, url: &Url) -> Vec<u8> {
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut block = format!("{} {}{query} HTTP/1.1\r\n", capture.method, url.path()).into_bytes();
    // HTTP/2 says it in :authority.
    if !capture.request_headers.iter().any(|h| h.name.eq_ignore_ascii_case("host")) {
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        block.extend_from_slice(format!("Host: {}{port}\r\n", url.host_str().unwrap_or("")).as_bytes());
    }
    push_fields(&capture.request_headers, &mut block);
    block
}

fn response_head(capture: &Capture) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", capture.status, reason(capture.status)).into_bytes();
    push_fields(&capture.response_headers, &mut head);
    head
}

/// Fields and the empty line. `Transfer-Encoding` is dropped, for the body is not chunked any more.
fn push_fields(headers: &[Header], out: &mut Vec<u8>) {
    let clean = |byte: &u8| if matches!(byte, b'\r' | b'\n' | 0) { b' ' } else { *byte };
    for header in headers.iter().filter(|h| !h.name.eq_ignore_ascii_case("transfer-encoding")) {
        out.extend(header.name.as_bytes().iter().map(clean));
        out.extend_from_slice(b": ");
        out.extend(header.value.iter().map(clean));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

fn warc_fields(fields: &[(String, String)]) -> Vec<u8> {
    let clean = |text: &str| text.replace(['\r', '\n'], " ");
    fields.iter().map(|(name, value)| format!("{}: {}\r\n", clean(name), clean(value))).collect::<String>().into_bytes()
}

/// The identifiers of the IIPC proposal for `WARC-Protocol`, those of TLS ALPN.
fn protocol(spoken: &str) -> String {
    match spoken {
        "HTTP/2" | "HTTP/2.0" => "h2".into(),
        other => other.to_ascii_lowercase(),
    }
}

fn truncation(truncation: Truncation) -> &'static str {
    match truncation {
        Truncation::Length => "length",
        Truncation::Time => "time",
        Truncation::Disconnect => "disconnect",
        Truncation::Unspecified => "unspecified",
    }
}

fn bracket(id: &str) -> String {
    format!("<{id}>")
}
