//! Bytes to document: charset, HTML, blocks, and normalisation that keeps offsets.
//!
//! [`read`] takes the bytes of a page or a text file and gives a [`Document`]: `charset` decodes, `parse` builds one
//! bounded tree, `content` marks what is furniture, `render` writes the rest as blocks (`lines` judges single lines,
//! `table` the cells), and `metadata` collects what the page says of itself. It never fails: trouble becomes an
//! [`rouei_model::Issue`] of the document.
//!
//! This crate never knows sources, lexicons of the trade, files, the clock or the network.

mod address;
mod around;
mod builder;
mod cards;
mod charset;
mod content;
mod dropping;
mod furniture;
mod headline;
mod image_release;
mod labels;
mod letter;
mod likeness;
mod lines;
mod linked;
mod metadata;
pub mod normalize;
mod others;
mod outline;
mod page;
mod parse;
mod plain;
mod render;
mod root;
mod segments;
mod side;
mod signs;
mod sniff;
mod table;
mod title;
mod unseen;
mod wrapped;

use rouei_model::{CharsetOrigin, Document, Issue, IssueCode, PublishedDate, SourceTier};
use sha2::{Digest, Sha256};

pub use address::no_later_than;
pub use charset::{Decoded, decode};
pub use likeness::{bands, containment};
pub use outline::outline;
pub use signs::redirect_sign;
pub use sniff::{Format, sniff};

/// Bytes beyond this are not read; the document says so with [`IssueCode::TooLarge`].
pub const MAX_BYTES: usize = 64 << 20;

/// What the caller knows of the bytes. All of it may be missing.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Path of the file, as given; its extension helps to tell the format.
    pub path: Option<String>,
    /// Address of the page; makes links absolute and may hold the date.
    pub url: Option<String>,
    /// Value of the `Content-Type` header (RFC 9110, 8.3).
    pub content_type: Option<String>,
    /// Who publishes the page; wins over what the page says.
    pub publisher: Option<String>,
    /// Who speaks on the site.
    pub source_tier: Option<SourceTier>,
    /// When the page was published; wins over what the page says.
    pub published: Option<jiff::civil::Date>,
    /// When the page was fetched.
    pub captured: Option<jiff::Timestamp>,
    /// `WARC-Record-ID` of the capture.
    pub warc_record: Option<String>,
    /// The format, if the caller is sure of it.
    pub format: Option<Format>,
}

impl Hints {
    /// A document that knows what the caller knows, and holds nothing yet.
    fn document(&self, sha256: String) -> Document {
        Document {
            path: self.path.clone(),
            url: self.url.clone(),
            warc_record: self.warc_record.clone(),
            captured: self.captured,
            sha256,
            publisher: self.publisher.clone(),
            source_tier: self.source_tier,
            published: self
                .published
                .map(|date| PublishedDate { date, origin: rouei_model::DateOrigin::Context })
                .or_else(|| address::date_in_url(self.url.as_deref()?)),
            ..Document::default()
        }
    }
}

/// Reads HTML or plain text. Infallible: what went wrong stands in [`Document::issues`].
#[must_use]
pub fn read(bytes: &[u8], hints: &Hints) -> Document {
    let mut document = hints.document(sha256_hex(bytes));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        document.issues.push(Issue::new(IssueCode::EmptyInput, "the input holds no bytes but white space"));
        return document;
    }
    let format = match sniff(bytes, hints) {
        Some(format @ (Format::Html | Format::Text)) => format,
        Some(Format::Pdf) => {
            document.issues.push(Issue::new(IssueCode::UnknownFormat, "the input is a PDF, which is read elsewhere"));
            return document;
        }
        None => {
            document.issues.push(Issue::new(IssueCode::UnknownFormat, "the input is neither HTML, text nor PDF"));
            return document;
        }
    };
    let mut kept = bytes;
    if bytes.len() > MAX_BYTES {
        kept = &bytes[..MAX_BYTES];
        let message = format!("the input has {} bytes; the first {MAX_BYTES} were read", bytes.len());
        document.issues.push(Issue::new(IssueCode::TooLarge, message));
    }
    let decoded = decode(kept, hints.content_type.as_deref());
    document.charset = decoded.charset.to_owned();
    document.charset_origin = decoded.origin;
    document.issues.extend(decoded.issues);
    match format {
        Format::Html => {
            render::read_html(&mut document, &decoded.text);
            document.issues.extend(signs::page_sign(&document, &decoded.text));
        }
        _ => plain::read_text(&mut document, &[(None, &decoded.text)]),
    }
    document
}

/// The text of the pages of a PDF, in blocks that know their page (from 1).
#[must_use]
pub fn from_pages(pages: &[String], sha256: String, hints: &Hints) -> Document {
    let mut document = hints.document(sha256);
    document.charset_origin = CharsetOrigin::None;
    let numbered: Vec<(Option<u32>, &str)> =
        (1..).zip(pages).map(|(number, page)| (Some(number), page.as_str())).collect();
    plain::read_text(&mut document, &numbered);
    document
}

/// Lower-case hexadecimal SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
