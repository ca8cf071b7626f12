use jiff::Timestamp;
use rouei_model::{Header, Truncation};

use crate::{ChunkError, HttpMessage, Record, RecordType, dechunk, http::find, record::truncation};

/// A page out of an archive, of rouei's own or another tool's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `WARC-Target-URI`.
    pub url: String,
    /// `WARC-Date`.
    pub captured: Option<Timestamp>,
    /// `WARC-Record-ID` without angle brackets.
    pub record_id: String,
    /// Status code; none in `resource` records, which hold a file without protocol.
    pub status: Option<u16>,
    /// Response headers; for a record without protocol its `Content-Type` alone.
    pub headers: Vec<Header>,
    /// The body: without chunking, still content-encoded.
    pub body: Vec<u8>,
    /// Why the body is incomplete, if the record says so.
    pub truncated: Option<Truncation>,
    /// What rouei fetched it for (`role` of [`Record::context`]); none in records of other tools.
    pub role: Option<String>,
    /// What a reader of the page has to know: chunking that broke, a body that was cut off.
    pub notes: Vec<String>,
}

impl Page {
    /// The first value of a response header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        find(&self.headers, name)
    }
}

pub(crate) fn of(record: &Record) -> Option<Result<Page, String>> {
    let url = record.url().unwrap_or("");
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    match (record.record_type(), scheme.as_str()) {
        (RecordType::Response, "http" | "https") => {
            Some(HttpMessage::parse(&record.block).map(|message| of_response(record, url, message)))
        }
        // Tools keep their logs and screenshots as resources, too: metadata:// (wget), urn: (Browsertrix).
        (RecordType::Resource, "http" | "https" | "ftp" | "file") => Some(Ok(of_file(record, url))),
        _ => None,
    }
}

fn of_response(record: &Record, url: &str, message: HttpMessage) -> Page {
    let mut page = bare(record, url);
    page.status = Some(message.status);
    let chunked = message.is_chunked();
    page.headers = message.headers;
    page.body = message.body;
    if chunked {
        match dechunk(&page.body) {
            Ok(body) => page.body = body,
            // Tools that undo the chunking but keep the field are common, and the body is whole.
            Err(ChunkError::NotChunked) => {}
            Err(error) => {
                page.notes.push(error.to_string());
                if let ChunkError::Broken { body, .. } = error {
                    page.body = body;
                }
            }
        }
    }
    page
}

fn of_file(record: &Record, url: &str) -> Page {
    let mut page = bare(record, url);
    if let Some(value) = record.header.get("Content-Type") {
        page.headers.push(Header { name: "Content-Type".into(), value: value.as_bytes().to_vec() });
    }
    page.body.clone_from(&record.block);
    page
}

fn bare(record: &Record, url: &str) -> Page {
    let truncated = record.header.get("WARC-Truncated");
    Page {
        url: url.to_owned(),
        captured: record.date(),
        record_id: record.id().to_owned(),
        status: None,
        headers: Vec::new(),
        body: Vec::new(),
        truncated: truncated.map(truncation),
        // A damaged field of our own takes nothing from the page.
        role: record.context().ok().and_then(|mut context| context.remove("role")),
        notes: truncated.map(|code| format!("the record was cut off (WARC-Truncated: {code})")).into_iter().collect(),
    }
}
