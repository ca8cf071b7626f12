//! Answers in an archive that hold no page: another tool archives a page with all that it is made of.

use std::collections::BTreeMap;

use rouei_archive::Page;

use super::feeds;

/// Media types that rouei reads, or that say nothing.
const READ: [&str; 8] = [
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "application/pdf",
    "application/octet-stream",
    "binary/octet-stream",
    "unk",
    "",
];

/// Why an answer holds no page, if it holds none.
pub fn reason(page: &Page) -> Option<String> {
    match page.status {
        Some(200..=203 | 206) | None => {}
        Some(300..=399) => return Some("redirects".to_owned()),
        Some(_) => return Some("errors".to_owned()),
    }
    let path = page.url.split(['?', '#']).next().unwrap_or_default();
    if path.ends_with("/robots.txt") {
        return Some("robots.txt".to_owned());
    }
    // What was fetched as a file to be read is read, pictures among it.
    if page.role.as_deref() == Some("attachment") {
        return None;
    }
    let content_type = page.header("Content-Type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let read = READ.contains(&media_type.as_str()) || is_mark_of_page(&page.body);
    let feed = || feeds::is_feed(Some(&content_type), page.header("Content-Encoding").as_deref(), &page.body);
    (!read && !feed()).then_some(media_type)
}

/// Servers call PDFs by many names, and pages too. No script or picture begins so.
fn is_mark_of_page(body: &[u8]) -> bool {
    let start = body.get(..body.len().min(64)).unwrap_or_default().trim_ascii_start().to_ascii_lowercase();
    [&b"%pdf-"[..], b"<!doctype html", b"<html"].iter().any(|mark| start.starts_with(mark))
}

/// How many of what kind.
#[derive(Debug, Default)]
pub struct PassedOver(BTreeMap<String, u64>);

impl PassedOver {
    /// One more.
    pub fn add(&mut self, kind: &str) {
        *self.0.entry(kind.to_owned()).or_default() += 1;
    }

    /// So many more.
    pub fn add_many(&mut self, kind: &str, count: u64) {
        if count > 0 {
            *self.0.entry(kind.to_owned()).or_default() += count;
        }
    }

    /// All kinds with their numbers; none if there was nothing.
    pub fn summary(&self) -> Option<String> {
        let kinds: Vec<String> = self.0.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        (!kinds.is_empty()).then(|| format!("passed over: {}", kinds.join(", ")))
    }
}
