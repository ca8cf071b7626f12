use std::collections::BTreeMap;

use jiff::Timestamp;
use rouei_model::{Capture, CaptureKind, Original, Truncation};

use crate::{HttpMessage, Page, RecordLocation, RecordType, WarcHeader, header, page};

/// A record as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// File as given to the reader.
    pub file: String,
    /// Byte of the file where the record begins; in a gzip file, where its member begins.
    pub offset: u64,
    /// Bytes of the file that it takes; none where it shares a gzip member with other records.
    pub length: Option<u64>,
    /// Where in its gzip member it begins, in decoded bytes; 0 with one record per member and in files without gzip.
    pub offset_in_member: u64,
    /// The named fields.
    pub header: WarcHeader,
    /// The content block, byte for byte.
    pub block: Vec<u8>,
}

impl Record {
    /// `WARC-Type`.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        self.header.record_type()
    }

    /// `WARC-Record-ID` without angle brackets; empty where there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        unbracket(self.header.get("WARC-Record-ID").unwrap_or(""))
    }

    /// `WARC-Target-URI`, without the angle brackets that wget writes.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.header.get("WARC-Target-URI").map(unbracket)
    }

    /// `WARC-Date`.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.header.date()
    }

    /// Whether the block is an HTTP message rather than a bare file (ISO 28500, 6.3 and 6.4).
    pub(crate) fn holds_http(&self) -> bool {
        matches!(self.record_type(), RecordType::Response | RecordType::Revisit) && self.block.starts_with(b"HTTP/")
    }

    /// The source that rouei wrote into the record; none in records of other tools.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.header.get(header::SOURCE)
    }

    /// What [`crate::ArchiveWriter::append_with_context`] was told of the capture; empty in records of other tools.
    ///
    /// # Errors
    /// A sentence, if the field is no JSON object of strings.
    pub fn context(&self) -> Result<BTreeMap<String, String>, String> {
        match self.header.get(header::CONTEXT) {
            Some(json) => serde_json::from_str(json).map_err(|e| format!("{}: {e}", header::CONTEXT)),
            None => Ok(BTreeMap::new()),
        }
    }

    /// The page that the record holds; none for requests, revisits, metadata, conversions, `dns:` answers and the logs and screenshots
    /// that other tools keep as resources.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the HTTP head.
    pub fn page(&self) -> Option<Result<Page, String>> {
        page::of(self)
    }

    /// The HTTP message of a response or revisit, with the body as it stands in the block. None for other records.
    ///
    /// # Errors
    /// As [`HttpMessage::parse`].
    #[must_use]
    pub fn http(&self) -> Option<Result<HttpMessage, String>> {
        matches!(self.record_type(), RecordType::Response | RecordType::Revisit)
            .then(|| HttpMessage::parse(&self.block))
    }

    /// Where the record stands. None where it cannot be found again by its offset alone, or has no identifier.
    #[must_use]
    pub fn location(&self) -> Option<RecordLocation> {
        if self.offset_in_member != 0 || self.id().is_empty() {
            return None;
        }
        Some(RecordLocation {
            file: self.file.clone(),
            offset: self.offset,
            length: self.length?,
            record_id: self.id().to_owned(),
            record_type: self.record_type(),
            payload_digest: self.header.get("WARC-Payload-Digest").unwrap_or("").to_owned(),
        })
    }

    /// The capture that a `response` or `revisit` record of rouei holds, without its request headers, which stand in
    /// the `request` record. None for other records.
    ///
    /// # Errors
    /// A sentence that says which field is missing or wrong.
    pub fn capture(&self) -> Option<Result<Capture, String>> {
        self.holds_capture().then(|| self.capture_of(HttpMessage::parse(&self.block)?))
    }

    /// As [`Record::capture`], without a second copy of the body.
    ///
    /// # Errors
    /// As [`Record::capture`].
    pub fn into_capture(mut self) -> Option<Result<Capture, String>> {
        let block = std::mem::take(&mut self.block);
        self.holds_capture().then(|| self.capture_of(HttpMessage::of_block(block)?))
    }

    fn holds_capture(&self) -> bool {
        matches!(self.record_type(), RecordType::Response | RecordType::Revisit)
    }

    fn capture_of(&self, message: HttpMessage) -> Result<Capture, String> {
        let field = |name: &str| self.header.get(name).ok_or_else(|| format!("no {name}"));
        let kind = match (self.record_type(), self.header.get("WARC-Profile")) {
            (RecordType::Revisit, Some(profile)) => {
                let date = field("WARC-Refers-To-Date")?;
                let original = Original {
                    url: unbracket(field("WARC-Refers-To-Target-URI")?).to_owned(),
                    captured: date.parse().map_err(|e| format!("WARC-Refers-To-Date {date:?}: {e}"))?,
                    payload_digest: field("WARC-Payload-Digest")?.to_owned(),
                };
                if profile.ends_with("/server-not-modified") {
                    CaptureKind::NotModified(original)
                } else if profile.ends_with("/identical-payload-digest") {
                    CaptureKind::SamePayload(original)
                } else {
                    return Err(format!("unknown WARC-Profile {profile:?}"));
                }
            }
            (RecordType::Revisit, None) => return Err("no WARC-Profile".into()),
            _ => CaptureKind::Response,
        };
        Ok(Capture {
            source: self.source().unwrap_or("").to_owned(),
            url: self.url().ok_or("no WARC-Target-URI")?.to_owned(),
            captured: self.date().ok_or("no WARC-Date that can be read")?,
            method: self.header.get(header::METHOD).unwrap_or("GET").to_owned(),
            request_headers: Vec::new(),
            protocol: match self.header.get("WARC-Protocol") {
                Some("h2") => "HTTP/2".into(),
                Some(protocol) => protocol.to_ascii_uppercase(),
                None => message.protocol,
            },
            status: message.status,
            response_headers: message.headers,
            body: message.body,
            remote_ip: self.header.get("WARC-IP-Address").map(str::to_owned),
            truncated: self.header.get("WARC-Truncated").map(truncation),
            kind,
        })
    }
}

pub(crate) fn truncation(code: &str) -> Truncation {
    match code {
        "length" => Truncation::Length,
        "time" => Truncation::Time,
        "disconnect" => Truncation::Disconnect,
        _ => Truncation::Unspecified,
    }
}

fn unbracket(text: &str) -> &str {
    text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).unwrap_or(text)
}
