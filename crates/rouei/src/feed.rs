//! An entry of a feed with its full text, read as the page that it stands for.
//!
//! `rouei-crawl` takes the feed apart (feeds have one reader, ADR 0138); the text goes the way of pages, so that an entry and its
//! page make the same record.

use rouei_crawl::FeedEntry;
use rouei_model::Document;
use rouei_text::{Format, Hints};

use crate::context::day;

/// Reads an entry. `site` is the title of its feed: the name of the site, as far as anybody says it.
///
/// Evidence counts in the text of the entry, as it does in that of a page; the document is known by the entry's address, and
/// its digest is that of [`FeedEntry::identity`]. None where the feed holds only a summary.
pub fn document(entry: &FeedEntry, site: Option<&str>, hints: Hints) -> Option<Document> {
    let text = entry.text.as_deref()?;
    let sha256 = rouei_text::sha256_hex(&entry.identity()?);
    let hints = Hints {
        url: hints.url.or_else(|| entry.url.as_ref().map(ToString::to_string)),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        published: hints.published.or_else(|| entry.published.as_deref().and_then(day)),
        format: Some(Format::Html),
        ..hints
    };
    let page = page(entry.title.as_deref(), site, text);
    let mut document = rouei_text::read(page.as_bytes(), &hints);
    document.sha256 = sha256;
    document.updated = document.updated.or_else(|| day(&entry.modified?.to_string()));
    // An entry is what its feed says that it is; the signs are those of pages that stand where another should.
    document.issues.retain(|issue| !issue.code.is_other_page());
    Some(document)
}

/// The page that the entry would be without what stands around it.
fn page(title: Option<&str>, site: Option<&str>, text: &str) -> String {
    let title = escaped(title.unwrap_or_default());
    let mut page = String::with_capacity(text.len() + 512);
    page.push_str("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>");
    page.push_str(&title);
    page.push_str("</title>");
    if let Some(site) = site {
        page.push_str("<meta property=\"og:site_name\" content=\"");
        page.push_str(&escaped(site));
        page.push_str("\">");
    }
    page.push_str("</head><body><article>");
    if !title.is_empty() {
        page.push_str("<h1>");
        page.push_str(&title);
        page.push_str("</h1>");
    }
    page.push_str(text);
    page.push_str("</article></body></html>");
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
