#![doc = include_str!("../README.md")]

mod encodings;
mod legibility;
mod lines;
mod nesting;
mod page_tree;
mod pictures;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub use pictures::pictures;

use pdf_oxide::{document::PdfDocument, error::Error as Oxide};

/// Longest input that is opened, in bytes. Press releases stay far below; the library keeps two copies of it.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Most pages that are read. Announcements have one to ten, reports of a third-party committee up to two hundred.
pub const MAX_PAGES: usize = 500;

/// Longest text of all pages together, in bytes.
pub const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Longest time for one document. A thread that is still at work then is left behind; it ends when its page does.
pub const MAX_TIME: Duration = Duration::from_secs(60);

/// Why a PDF gave no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// Not a PDF, or damaged beyond what the library repairs.
    #[error("broken PDF: {0}")]
    Broken(String),
    /// Needs a password to be opened. A file that only forbids printing or copying opens without one.
    #[error("encrypted PDF: it opens only with a password")]
    Encrypted,
    /// Pages, but no text on any: an "image release" that would need optical character recognition.
    #[error("PDF of {pages} page(s) without text")]
    NoText {
        /// How many pages it has.
        pages: usize,
    },
    /// The bytes are text, but of a font whose code the library does not know, so the letters are wrong.
    #[error("PDF text is illegible: {strange} of {letters} characters belong to no Japanese text")]
    Illegible {
        /// Characters that Japanese text does not hold.
        strange: usize,
        /// Characters in all, white space apart.
        letters: usize,
    },
    /// A font uses a code that the library reads wrongly, digits included; what came out may look right and be wrong.
    #[error("PDF text in the font encoding {0}, which cannot be read reliably")]
    UnreadableEncoding(String),
    /// Over one of the bounds [`MAX_BYTES`], [`MAX_PAGES`], [`MAX_TEXT`], [`MAX_TIME`].
    #[error("PDF too large: {0}")]
    TooLarge(String),
}

/// The text of each page in reading order, lines separated by `\n`, paragraphs by an
/// empty line, cells of one table row by `\t`; a page without text is an empty string.
///
/// # Errors
/// [`PdfError`]; nothing is returned of a file that is refused, so that half a document is never taken for a whole one.
pub fn pages(bytes: &[u8]) -> Result<Vec<String>, PdfError> {
    pages_within(bytes, MAX_PAGES, MAX_TIME)
}

fn pages_within(bytes: &[u8], max_pages: usize, max_time: Duration) -> Result<Vec<String>, PdfError> {
    guard(bytes)?;
    // A block below 32 MiB that is given back would make glibc keep as much of whatever is freed later; what no byte is
    // written to takes no memory.
    let mut copy = Vec::with_capacity(if bytes.len() > 1 << 20 { MAX_BYTES } else { bytes.len() });
    copy.extend_from_slice(bytes);
    let pages = apart(copy, max_time, move |bytes| read_pages(bytes, max_pages))?;
    let legibility = legibility::of(pages.iter().flat_map(|p| p.chars()));
    if legibility.letters == 0 {
        return Err(PdfError::NoText { pages: pages.len() });
    }
    if !legibility.is_legible() {
        return Err(PdfError::Illegible { strange: legibility.strange, letters: legibility.letters });
    }
    Ok(pages)
}

/// What the library must not see.
fn guard(bytes: &[u8]) -> Result<(), PdfError> {
    if bytes.len() > MAX_BYTES {
        return Err(TooMuch::Bytes(bytes.len()).into());
    }
    // Readers accept the mark anywhere in the first kilobyte (ISO 32000-2, annex I); without it nothing is a PDF, and
    // the library would otherwise scan the whole input for objects.
    if !bytes.get(..bytes.len().min(1024)).unwrap_or(bytes).windows(5).any(|w| w == b"%PDF-") {
        return Err(PdfError::Broken("no %PDF- header in the first kilobyte".to_owned()));
    }
    if nesting::is_too_deep(bytes) {
        return Err(PdfError::Broken("objects nested too deeply".to_owned()));
    }
    Ok(())
}

/// Stack of the thread that parses; pages within pages recurse, and callers' threads may be small.
const STACK: usize = 64 * 1024 * 1024;

/// Reads in a thread of its own. The library parses hostile bytes in half a million lines of code; should it panic, that
/// costs this document and not the run, and should it never end, the run goes on without it.
fn apart<T: Send + 'static>(
    bytes: Vec<u8>,
    max_time: Duration,
    read: impl FnOnce(Vec<u8>) -> Result<T, PdfError> + Send + 'static,
) -> Result<T, PdfError> {
    let (sender, receiver) = mpsc::channel();
    let reader = thread::Builder::new().name("pdf".to_owned()).stack_size(STACK).spawn(move || {
        // Nobody listens any more where the time is over.
        let _ = sender.send(read(bytes));
    });
    if let Err(error) = reader {
        return Err(PdfError::Broken(format!("no thread to read it in: {error}")));
    }
    receiver.recv_timeout(max_time).unwrap_or_else(|gone| {
        Err(match gone {
            mpsc::RecvTimeoutError::Timeout => TooMuch::Time(max_time).into(),
            mpsc::RecvTimeoutError::Disconnected => PdfError::Broken("the PDF library panicked".to_owned()),
        })
    })
}

fn read_pages(bytes: Vec<u8>, max_pages: usize) -> Result<Vec<String>, PdfError> {
    let document = PdfDocument::from_bytes(bytes)?;
    if document.is_encrypted() && !document.is_authenticated() {
        return Err(PdfError::Encrypted);
    }
    page_tree::check(&document, max_pages)?;
    let count = document.page_count()?;
    if count == 0 {
        return Err(PdfError::Broken("no pages".to_owned()));
    }
    if count > max_pages {
        return Err(TooMuch::Pages(count).into());
    }
    if let Some(encoding) = encodings::unreadable(&document) {
        return Err(PdfError::UnreadableEncoding(encoding));
    }
    let mut pages = Vec::with_capacity(count);
    let mut total = 0;
    for page in 0..count {
        let text = match lines::assemble(&document.extract_spans(page)?) {
            Some(text) => text,
            None => document.extract_text(page)?,
        };
        let text = fold_empty_lines(&text);
        total += text.len();
        if total > MAX_TEXT {
            return Err(TooMuch::Text { page: page + 1 }.into());
        }
        pages.push(text);
    }
    Ok(pages)
}

/// One empty line separates paragraphs, however far apart they stand.
fn fold_empty_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(line);
    }
    out
}

/// Which bound was passed.
enum TooMuch {
    Bytes(usize),
    Pages(usize),
    Text { page: usize },
    Time(Duration),
}

impl From<TooMuch> for PdfError {
    fn from(too_much: TooMuch) -> Self {
        Self::TooLarge(match too_much {
            TooMuch::Bytes(n) => format!("{n} bytes, at most {MAX_BYTES} are read"),
            TooMuch::Pages(n) => format!("{n} pages or more, at most {MAX_PAGES} are read"),
            TooMuch::Text { page } => format!("over {MAX_TEXT} bytes of text by page {page}"),
            TooMuch::Time(bound) => format!("not read within {} s", bound.as_secs()),
        })
    }
}

impl From<Oxide> for PdfError {
    fn from(error: Oxide) -> Self {
        match error {
            Oxide::EncryptedPdf => Self::Encrypted,
            other => Self::Broken(other.to_string()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_errors() {
        let two_pages = include_bytes!("../../../fixtures/pdf/unijis-ucs2-h.pdf");
        let many = pages_within(two_pages, 1, MAX_TIME).unwrap_err();
        assert_eq!(many.to_string(), "PDF too large: 2 pages or more, at most 500 are read");
        let slow = pages_within(two_pages, MAX_PAGES, Duration::ZERO).unwrap_err();
        assert_eq!(slow.to_string(), "PDF too large: not read within 0 s");
        let long = pages(&vec![0; MAX_BYTES + 1]).unwrap_err();
        assert!(matches!(long, PdfError::TooLarge(_)), "{long}");
    }

    #[test]
    fn empty_lines_fold() {
        assert_eq!(fold_empty_lines("\n一  \n二\n\n\n三\n"), "一\n二\n\n三");
    }
}
