use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{Issue, SourceTier, Span};

/// A capture or a file, read: its decoded main text in blocks, with what the page says of itself.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Document {
    /// Path as given on the command line, if it came from a file.
    pub path: Option<String>,
    /// Address of the page, if known.
    pub url: Option<String>,
    /// `WARC-Record-ID`, if it came from a WARC file.
    pub warc_record: Option<String>,
    /// When the page was fetched.
    pub captured: Option<Timestamp>,
    /// Lower-case hexadecimal SHA-256 of the bytes that were read.
    pub sha256: String,
    /// The page's own title, without the name of the site where that could be split off.
    pub title: Option<String>,
    /// What was split off the title as the name of the site (`"… | ○○市"` gives `○○市`).
    pub title_suffix: Option<String>,
    /// Who publishes the site: context, then JSON-LD, `og:site_name`, copyright line.
    pub publisher: Option<String>,
    /// Who speaks on this site, where the caller knows: an organization's own site, or the press.
    pub source_tier: Option<SourceTier>,
    /// When the page says it was published.
    pub published: Option<PublishedDate>,
    /// When the page says it was changed last.
    pub updated: Option<Date>,
    /// IANA name of the charset, lower case (`"utf-8"`, `"shift_jis"`); empty for PDF.
    pub charset: String,
    /// How the charset was found.
    pub charset_origin: CharsetOrigin,
    /// The document text: blocks joined by `\n`, cells of one table row and a key with its value by `\t`.
    /// Decoded, with white space folded as HTML does, otherwise as written; evidence offsets count its code points.
    pub text: String,
    /// The blocks in reading order; spans do not overlap.
    pub blocks: Vec<Block>,
    /// Links out of the main content, absolute where the page's address is known, with the block that holds them.
    pub links: Vec<(u32, String)>,
    /// Pictures that the page shows in place of a text, absolute where its address is known; none where it has a text.
    pub pictures: Vec<String>,
    /// What went wrong while reading.
    pub issues: Vec<Issue>,
}

/// A date that the page gives for its publication, and where it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedDate {
    /// The day, Asia/Tokyo.
    pub date: Date,
    /// Where it was found.
    pub origin: DateOrigin,
}

/// Where a publication date was found, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateOrigin {
    /// Said by the caller (`--context`, a feed).
    Context,
    /// JSON-LD `datePublished`.
    JsonLd,
    /// `article:published_time` and its kin.
    Meta,
    /// `<time datetime>` inside the main content.
    TimeElement,
    /// In the address (`/2024/04/22/`).
    Url,
}

/// One block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Position in [`Document::blocks`]; stable for the same bytes.
    pub id: u32,
    /// What it is.
    pub kind: BlockKind,
    /// Bytes of [`Document::text`].
    pub span: Span,
    /// Page of a PDF, from 1.
    pub page: Option<u32>,
}

/// The kinds of block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading; 1 is the highest level.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// Running text; may hold `\n` where the page breaks lines.
    Paragraph,
    /// One item of a list, without its bullet.
    ListItem {
        /// 0 for the outermost list.
        depth: u8,
        /// Numbered rather than bulleted.
        ordered: bool,
    },
    /// One cell of a data table. A cell that spans rows or columns appears once, at its first row and column, and is
    /// named as header by every cell that it governs.
    TableCell {
        /// Tables are numbered from 0 within the document.
        table: u32,
        /// From 0.
        row: u32,
        /// From 0.
        column: u32,
        /// A header cell (`th`, or the first row of a table that has none).
        header: bool,
        /// Blocks that head this row.
        row_headers: Vec<u32>,
        /// Blocks that head this column.
        column_headers: Vec<u32>,
    },
    /// The name in a name–value pair: `dt`, the left cell of a two-column table, `件数：`.
    Key,
    /// The value in a name–value pair; a key may have several.
    Value {
        /// The block of the key.
        key: u32,
    },
}

/// How a charset was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CharsetOrigin {
    /// Byte order mark.
    Bom,
    /// `Content-Type` of the response.
    Header,
    /// `<meta charset>` or its `http-equiv` form, or an XML declaration.
    Meta,
    /// From the bytes.
    Detected,
    /// Nothing to decode (PDF, empty input).
    #[default]
    None,
}
