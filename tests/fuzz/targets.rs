//! What is fuzzed, and what has to hold of every input: each target reads bytes that anybody may have written and fails by
//! a panic. `tests/fuzz.rs` runs them for seconds on any machine, libFuzzer (`tests/fuzz/Cargo.toml`) for as long as one likes.

use std::io::Cursor;
use std::sync::OnceLock;

use rouei_archive::{ArchiveReader, Limits};
use rouei_extract::Extractor;
use rouei_extract::counts::numeral;
use rouei_extract::dates::{DateLexicon, written};
use rouei_model::{Document, Evidence, Extraction, Span};
use rouei_text::normalize::Normalized;
use rouei_text::{Format, Hints};

/// A target: its name, where its seeds lie (folders below `fixtures/`, with the extension of the files), what it does.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) seeds: &'static [(&'static str, &'static str)],
    pub(crate) run: fn(&[u8]),
}

/// Every target. The name is also that of the libFuzzer binary and of the folder of broken inputs in `fixtures/fuzz`.
pub(crate) const TARGETS: &[Target] = &[
    Target { name: "decode", seeds: &[("gold/html", "html")], run: decode },
    Target { name: "html", seeds: &[("gold/html", "html")], run: html },
    Target { name: "feed", seeds: &[("fuzz/seeds", "atom"), ("fuzz/seeds", "json"), ("fuzz/seeds", "rss")], run: feed },
    Target { name: "pdf", seeds: &[("pdf", "pdf")], run: pdf },
    Target { name: "warc", seeds: &[("fuzz/seeds", "warc"), ("fuzz/seeds", "gz")], run: warc },
    Target { name: "numerals", seeds: &[("gold/items", "txt")], run: numerals },
    Target { name: "dates", seeds: &[("gold/items", "txt")], run: dates },
    Target { name: "extract", seeds: &[("gold/html", "html"), ("gold/items", "txt")], run: extract },
];

/// Runs the target of that name, for a libFuzzer binary.
#[allow(dead_code)]
pub(crate) fn run(name: &str, bytes: &[u8]) {
    TARGETS.iter().filter(|t| t.name == name).for_each(|t| (t.run)(bytes));
}

/// Bytes → text: always some text, and the same for the same bytes.
fn decode(bytes: &[u8]) {
    for content_type in [None, Some("text/html; charset=Shift_JIS"), Some("text/html; charset=x-unheard-of")] {
        let decoded = rouei_text::decode(bytes, content_type);
        assert!(!decoded.charset.is_empty(), "a charset is always named");
        assert_eq!(decoded.text, rouei_text::decode(bytes, content_type).text);
    }
}

/// HTML → blocks: in reading order, on boundaries of characters, and the way from normalised text leads back.
fn html(bytes: &[u8]) {
    let document = rouei_text::read(bytes, &Hints { format: Some(Format::Html), ..Hints::default() });
    blocks_hold(&document);
    offsets_hold(&document);
}

/// Feed → entries → blocks: addresses of the web alone, and a text where there is said to be one.
fn feed(bytes: &[u8]) {
    let base = url::Url::parse("https://site.example/feed").ok();
    let _ = rouei_crawl::is_feed(bytes);
    for base in [None, base.as_ref()] {
        let Ok(feed) = rouei_crawl::feed(bytes, None, base) else { continue };
        for entry in feed.entries {
            assert!(entry.url.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https")), "{:?}", entry.url);
            assert_eq!(entry.identity().is_some(), entry.text.is_some());
            html(entry.text.unwrap_or_default().as_bytes());
        }
    }
}

/// PDF → pages → blocks.
fn pdf(bytes: &[u8]) {
    if let Ok(pages) = rouei_pdf::pages(bytes) {
        blocks_hold(&rouei_text::from_pages(&pages, rouei_text::sha256_hex(bytes), &Hints::default()));
    }
}

/// WARC → records: every record or complaint once, and an end.
fn warc(bytes: &[u8]) {
    let Ok(reader) = ArchiveReader::from_reader("fuzz.warc", Cursor::new(bytes.to_vec()), Limits { block: 1 << 20 })
    else {
        return;
    };
    let met = reader.pages().take(bytes.len() + 2).count();
    assert!(met <= bytes.len() + 1, "more records than bytes");
}

/// Text → numbers: inside the text, in order, apart.
fn numerals(bytes: &[u8]) {
    let text = Normalized::of_text(&String::from_utf8_lossy(bytes));
    let found = numeral::scan(&text.text);
    spans_hold(&text.text, found.iter().map(|n| n.span));
    assert!(found.iter().all(|n| n.max.is_none_or(|max| max >= n.value)), "an upper end below the lower one");
}

/// Text → dates as written: inside the text, in order, apart.
fn dates(bytes: &[u8]) {
    static LEXICON: OnceLock<DateLexicon> = OnceLock::new();
    let lexicon = LEXICON.get_or_init(|| DateLexicon::embedded().expect("the built-in lexicon parses"));
    let text = Normalized::of_text(&String::from_utf8_lossy(bytes));
    spans_hold(&text.text, written::find(&text.text, lexicon.relative_words()).iter().map(|w| w.span));
}

/// The whole of `extract`: every claim shows its sentence in the document and says how sure it is.
fn extract(bytes: &[u8]) {
    static EXTRACTOR: OnceLock<Extractor> = OnceLock::new();
    let extractor = EXTRACTOR.get_or_init(|| Extractor::new().expect("dictionary and lexicons load"));
    let document = rouei_text::read(bytes, &Hints::default());
    let extraction = extractor.extract(&document);
    evidence_holds(&document, &extraction);
    serde_json::to_string(&extraction).expect("a record can be written");
}

fn blocks_hold(document: &Document) {
    spans_hold(&document.text, document.blocks.iter().map(|b| b.span));
    for (place, block) in document.blocks.iter().enumerate() {
        assert_eq!(block.id as usize, place, "a block's id is its place");
    }
}

fn offsets_hold(document: &Document) {
    let normalized = Normalized::of_document(document);
    let mut before = 0;
    for (at, c) in normalized.text.char_indices() {
        let back = normalized.to_document(Span { start: at, end: at + c.len_utf8() });
        assert!(document.text.get(back.start..back.end).is_some(), "{back:?} is no piece of the document");
        assert!(back.start >= before, "the way back goes backwards at {at}");
        before = back.start;
    }
}

fn spans_hold(text: &str, spans: impl Iterator<Item = Span>) {
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end && span.start <= span.end, "{span:?} after {end}");
        assert!(text.get(span.start..span.end).is_some(), "{span:?} is no piece of the text");
        end = span.end;
    }
}

fn evidence_holds(document: &Document, extraction: &Extraction) {
    let text: Vec<char> = document.text.chars().collect();
    let holds = |evidence: &[Evidence], confidence: f64| {
        assert!((0.0..=1.0).contains(&confidence), "a confidence of {confidence}");
        for e in evidence {
            let quoted = text.get(e.start..e.end);
            assert_eq!(quoted.map(String::from_iter).as_deref(), Some(e.quote.as_str()), "evidence that is not there");
        }
    };
    for d in &extraction.disclosures {
        d.organizations.iter().for_each(|c| holds(&c.evidence, c.confidence));
        d.counts.iter().for_each(|c| holds(&c.evidence, c.confidence));
        d.causes.iter().for_each(|c| holds(&c.evidence, c.confidence));
        d.dates.iter().for_each(|c| holds(&c.evidence, c.confidence));
        d.data_types.iter().for_each(|c| holds(&c.evidence, c.confidence));
        holds(&[], d.confidence);
        if let Some(headline) = &d.headline_count {
            holds(&[], headline.confidence);
            let known = headline.claim.as_ref().is_none_or(|id| d.counts.iter().any(|c| c.id == *id));
            assert!(known, "a headline count of no claim");
        }
    }
}
