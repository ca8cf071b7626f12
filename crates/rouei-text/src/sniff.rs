use crate::Hints;

/// What rouei reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HTML, XHTML, or a fragment of either.
    Html,
    /// Plain text.
    Text,
    /// PDF, by its `%PDF-` mark.
    Pdf,
}

/// First bytes of formats that are no text, so that they are not taken for a legacy charset.
const BINARY_MARKS: &[&[u8]] = &[
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"MZ\x90",
    b"OggS",
    b"\x00\x00\x00",
    b"SQLite format 3",
];

const HTML_MARKS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<title",
    "<meta",
    "<div",
    "<table",
    "<p>",
    "<p ",
    "<h1",
    "<h2",
    "<article",
    "<main",
    "<span",
    "<ul",
    "<br",
    "<a ",
    "<script",
    "<section",
    "<center",
    "<font",
];

/// The format of some bytes. `None` is binary, empty, or otherwise unknown.
///
/// The bytes speak first (PDF mark, NUL bytes, `<html`), then the caller, the header and the extension.
#[must_use]
pub fn sniff(bytes: &[u8], hints: &Hints) -> Option<Format> {
    let head = &bytes[..bytes.len().min(4096)];
    if memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some() {
        return Some(Format::Pdf);
    }
    if head.is_empty() || is_binary(head) {
        return None;
    }
    if hints.format.is_some() {
        return hints.format;
    }
    let start: String = head
        .iter()
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xef | 0xbb | 0xbf | 0xfe | 0xff))
        .take(64)
        .filter(|b| **b != 0)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Some(Format::Html);
    }
    let media_type =
        hints.content_type.as_deref().map(|v| v.split(';').next().unwrap_or("").trim().to_ascii_lowercase());
    match media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => return Some(Format::Html),
        Some("text/plain") => return Some(Format::Text),
        _ => {}
    }
    let extension = hints.path.as_deref().or(hints.url.as_deref()).and_then(|path| {
        let name = path.rsplit('/').next()?.split(['?', '#']).next()?;
        Some(name.rsplit_once('.')?.1.to_ascii_lowercase())
    });
    match extension.as_deref() {
        Some("html" | "htm" | "xhtml" | "shtml" | "php" | "asp" | "aspx" | "jsp") => return Some(Format::Html),
        Some("txt" | "md" | "text") => return Some(Format::Text),
        _ => {}
    }
    let text: String = head.iter().filter(|b| **b != 0).map(|b| char::from(b.to_ascii_lowercase())).collect();
    if start.starts_with("<?xml") || start.starts_with("<!--") || start.starts_with("<!doctype") {
        return text.contains("<html").then_some(Format::Html);
    }
    let marked =
        HTML_MARKS.iter().any(|mark| start.starts_with(mark)) || text.contains("<html") || text.contains("<body");
    Some(if marked { Format::Html } else { Format::Text })
}

fn is_binary(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    if BINARY_MARKS.iter().any(|mark| head.starts_with(mark)) {
        return true;
    }
    // ESC belongs to ISO-2022-JP; HT, LF, FF and CR to any text.
    const CONTROL: [u8; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f) as u8;
            byte += 1;
        }
        table
    };
    let control: usize = head.iter().map(|b| usize::from(CONTROL[usize::from(*b)])).sum();
    control * 50 > head.len() || control > 2 && head.iter().filter(|b| **b == 0).count() > 2
}
