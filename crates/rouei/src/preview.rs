//! What a source would yield: fetched, read, shown; nothing is stored.

use std::io::Write;

use rouei_crawl::{Crawler, Fate, PreviewReport, Role, Source};
use rouei_extract::Extractor;
use rouei_model::{Document, Extraction, Issue};

use crate::outcome::Outcome;
use crate::pipeline::{Site, document_of_capture, entries_of_capture};

/// Fetches discovery and up to `pages` pages and prints what they hold.
pub fn run(crawler: &Crawler, source: &Source, pages: usize) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(crawler.preview(source, pages));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {} items found", source.id, report.items.len())?;
    for (item, fate) in report.items.iter().take(30) {
        writeln!(
            out,
            "  {} {} {}  {}",
            match fate {
                Fate::Fetched => "+",
                Fate::InFeed => "=",
                Fate::Left => "-",
            },
            item.published.as_deref().unwrap_or("          "),
            item.url,
            item.title.as_deref().unwrap_or_default()
        )?;
    }
    let extractor = Extractor::new()?;
    for document in entries_of(&report, source, pages) {
        write_page(&mut out, "feed", &extractor.extract(&document), None)?;
    }
    for (capture, context) in &report.captures {
        if !matches!(context.role, Role::Page | Role::Attachment) {
            continue;
        }
        let document = document_of_capture(capture, context.discovered_date.as_deref(), Site::of(source));
        let sign = rouei_text::redirect_sign(&context.requested, &capture.url);
        let mut extraction = extractor.extract(&document);
        extraction.document.url = Some(capture.url.clone());
        write_page(&mut out, &capture.status.to_string(), &extraction, sign.as_ref())?;
    }
    for problem in &report.problems {
        writeln!(out, "problem: {problem}")?;
    }
    Ok(if report.problems.is_empty() { Outcome::Done } else { Outcome::SomeUnread })
}

/// The entries that would be read from the feed itself, out of the first `pages` that are followed.
fn entries_of(report: &PreviewReport, source: &Source, pages: usize) -> Vec<Document> {
    let followed = report.items.iter().filter(|(_, fate)| *fate != Fate::Left).take(pages);
    let wanted: Vec<&str> =
        followed.filter(|(_, fate)| *fate == Fate::InFeed).map(|(item, _)| item.url.as_str()).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let feeds = report.captures.iter().filter(|(_, context)| context.role == Role::Discovery);
    feeds.flat_map(|(capture, _)| entries_of_capture(capture, &wanted, Site::of(source))).collect()
}

/// One disclosing or other page, as it would be recorded.
fn write_page(out: &mut impl Write, from: &str, extraction: &Extraction, sign: Option<&Issue>) -> std::io::Result<()> {
    writeln!(
        out,
        "\n{from} {} {} ({} characters, {})",
        extraction.document.url.as_deref().unwrap_or("-"),
        extraction.document.title.as_deref().unwrap_or("-"),
        extraction.document.text_chars,
        extraction.document.charset.as_deref().unwrap_or("-"),
    )?;
    for disclosure in &extraction.disclosures {
        let lead = disclosure.organizations.first().map_or("?", |o| o.name.as_str());
        let count =
            disclosure.headline_count.as_ref().map_or_else(|| "?".to_owned(), |h| format!("{} {}", h.value, h.unit));
        let cause = disclosure.causes.first().map_or("?", |c| c.label.as_str());
        writeln!(out, "    {lead}  {count}  {cause}  {:.2}", disclosure.confidence)?;
    }
    for issue in sign.into_iter().chain(&extraction.issues) {
        writeln!(out, "    issue: {}", issue.message)?;
    }
    Ok(())
}
