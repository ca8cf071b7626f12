//! From bytes to a document, whatever the format: the one place that knows HTML, text, PDF, pictures and compression together.

use std::io::Read as _;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use rouei_crawl::{CrawlSettings, PicturesOf, Settings};
use rouei_model::{Document, Issue, IssueCode};
use rouei_text::{Format, Hints};
use url::Url;

use crate::context::PageContext;
use crate::feed;
use crate::input::{Entry, Input};
use crate::ocr::{self, Recognised};

/// Decoded bodies are read up to this many bytes.
const MAX_DECODED: u64 = 64 << 20;

/// Reads one input; trouble becomes issues of the document.
pub fn open(input: Input, context: &PageContext) -> Document {
    let Input { path, url, warc_record, captured, content_type, content_encoding, bytes, mut issues, entry, .. } =
        input;
    let facts = match entry {
        Some(_) => context.facts_of_entry(path.as_deref(), url.as_deref()),
        None => context.facts(path.as_deref(), url.as_deref()),
    };
    let hints = Hints {
        path,
        url: url.or(facts.url),
        content_type,
        publisher: facts.publisher,
        published: facts.published,
        source_tier: None,
        captured,
        warc_record,
        format: None,
    };
    let unread = issues.iter().any(|i| i.code.is_unread()) && bytes.is_empty();
    let bytes = decoded(bytes, content_encoding.as_deref(), &mut issues);
    let of_entry = entry.and_then(|Entry { entry, site }| feed::document(&entry, site.as_deref(), hints.clone()));
    let mut document = match of_entry {
        Some(document) => document,
        None if unread => bare(&bytes, &hints),
        None => read(&bytes, &hints),
    };
    issues.append(&mut document.issues);
    document.issues = issues;
    document
}

/// What a crawler is told, with the one thing among it that takes reading: which pictures stand in place of a text.
pub fn settings(crawl: &CrawlSettings) -> Settings {
    let pictures_of: PicturesOf = Arc::new(|url, content_type, bytes| {
        let hints =
            Hints { url: Some(url.to_string()), content_type: content_type.map(str::to_owned), ..Hints::default() };
        let pictures = rouei_text::read(bytes, &hints).pictures;
        pictures.iter().filter_map(|picture| Url::parse(picture).ok()).filter(may_be_read).collect()
    });
    Settings { pictures_of: Some(pictures_of), ..Settings::for_catalogue(crawl) }
}

/// Pictures of other kinds are not read, so that there is no use in asking for them.
fn may_be_read(picture: &Url) -> bool {
    let name = picture.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    matches!(picture.scheme(), "http" | "https") && !matches!(kind, "gif" | "webp" | "avif" | "svg" | "bmp" | "ico")
}

/// Reads decoded bytes by their format.
pub fn read(bytes: &[u8], hints: &Hints) -> Document {
    if ocr::is_picture(bytes) {
        return match ocr::picture(bytes) {
            Ok(recognised) => of_recognised(&recognised, bytes, hints),
            Err(error) => unread(bytes, hints, IssueCode::ImageOnly, format!("image release: a picture; {error}")),
        };
    }
    if rouei_text::sniff(bytes, hints) != Some(Format::Pdf) {
        return rouei_text::read(bytes, hints);
    }
    read_pdf(bytes, hints)
}

#[cfg(feature = "pdf")]
fn read_pdf(bytes: &[u8], hints: &Hints) -> Document {
    use rouei_pdf::PdfError;

    match rouei_pdf::pages(bytes) {
        Ok(pages) => rouei_text::from_pages(&pages, rouei_text::sha256_hex(bytes), hints),
        Err(PdfError::NoText { pages }) => match ocr::pdf(bytes, pages) {
            Ok(recognised) => of_recognised(&recognised, bytes, hints),
            Err(error) => {
                let message = format!("image release: {}; {error}", PdfError::NoText { pages });
                unread(bytes, hints, IssueCode::ImageOnly, message)
            }
        },
        Err(error) => {
            let code = match error {
                PdfError::TooLarge(_) => IssueCode::TooLarge,
                _ => IssueCode::BrokenPdf,
            };
            unread(bytes, hints, code, error.to_string())
        }
    }
}

#[cfg(not(feature = "pdf"))]
fn read_pdf(bytes: &[u8], hints: &Hints) -> Document {
    unread(bytes, hints, IssueCode::UnknownFormat, "this build reads no PDF (feature `pdf`)".to_owned())
}

/// A document whose text is a guess, and says so.
fn of_recognised(recognised: &Recognised, bytes: &[u8], hints: &Hints) -> Document {
    let mut document = rouei_text::from_pages(&recognised.pages, rouei_text::sha256_hex(bytes), hints);
    let sure = recognised.certainty.map_or_else(String::new, |c| format!(", {c:.0} of 100 sure of its words"));
    let message = format!("image release: the text was recognised by {}{sure}", recognised.program);
    document.issues.push(Issue::new(IssueCode::Ocr, message));
    if recognised.left > 0 {
        let message =
            format!("only the first {} pages were read, {} were not", recognised.pages.len(), recognised.left);
        document.issues.push(Issue::new(IssueCode::Truncated, message));
    }
    document
}

fn unread(bytes: &[u8], hints: &Hints, code: IssueCode, message: String) -> Document {
    let mut document = bare(bytes, hints);
    document.issues.push(Issue::new(code, message));
    document
}

fn bare(bytes: &[u8], hints: &Hints) -> Document {
    Document {
        path: hints.path.clone(),
        url: hints.url.clone(),
        warc_record: hints.warc_record.clone(),
        captured: hints.captured,
        sha256: rouei_text::sha256_hex(bytes),
        ..Document::default()
    }
}

/// Takes off `Content-Encoding` (gzip, deflate, br, zstd), and gzip around a file.
pub fn decoded(bytes: Vec<u8>, encoding: Option<&str>, issues: &mut Vec<Issue>) -> Vec<u8> {
    let gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let encoding = encoding.map(|e| e.trim().to_ascii_lowercase());
    let result = match encoding.as_deref() {
        _ if gzip => bounded(MultiGzDecoder::new(bytes.as_slice())),
        Some("deflate") => bounded(flate2::read::ZlibDecoder::new(bytes.as_slice())),
        // Browsers ask for these two, and so do the tools that archive with one.
        Some("br") => bounded(brotli_decompressor::Decompressor::new(bytes.as_slice(), 4096)),
        Some("zstd") => match ruzstd::decoding::StreamingDecoder::new(bytes.as_slice()) {
            Ok(decoder) => bounded(decoder),
            Err(e) => (Vec::new(), Some(Issue::new(IssueCode::Truncated, format!("no zstd data: {e}")))),
        },
        None | Some("" | "identity" | "gzip" | "x-gzip") => return bytes,
        Some(other) => {
            issues.push(Issue::new(IssueCode::UnknownFormat, format!("content encoding {other:?} is not read")));
            return Vec::new();
        }
    };
    let (decoded, trouble) = result;
    issues.extend(trouble);
    decoded
}

/// What could be decoded, and what stopped it.
fn bounded(decoder: impl std::io::Read) -> (Vec<u8>, Option<Issue>) {
    let mut out = Vec::new();
    let result = decoder.take(MAX_DECODED + 1).read_to_end(&mut out);
    if out.len() as u64 > MAX_DECODED {
        out.truncate(MAX_DECODED as usize);
        let message = format!("more than {} MB when decompressed", MAX_DECODED >> 20);
        return (out, Some(Issue::new(IssueCode::TooLarge, message)));
    }
    match result {
        Ok(_) => (out, None),
        Err(e) => {
            let message = format!("compressed data ends or breaks after {} decoded bytes: {e}", out.len());
            (out, Some(Issue::new(IssueCode::Truncated, message)))
        }
    }
}
