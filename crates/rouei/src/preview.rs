//! What a source would yield: fetched, read, shown; nothing is stored.

use std::io::Write as _;

use rouei_crawl::{Crawler, Role, Source};
use rouei_extract::Extractor;

use crate::outcome::Outcome;
use crate::pipeline::{Site, document_of_capture};

/// Fetches discovery and up to `pages` pages and prints what they hold.
pub fn run(crawler: &Crawler, source: &Source, pages: usize) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(crawler.preview(source, pages));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {} items found", source.id, report.items.len())?;
    for (item, followed) in report.items.iter().take(30) {
        writeln!(
            out,
            "  {} {} {}  {}",
            if *followed { "+" } else { "-" },
            item.published.as_deref().unwrap_or("          "),
            item.url,
            item.title.as_deref().unwrap_or_default()
        )?;
    }
    let extractor = Extractor::new()?;
    for (capture, context) in &report.captures {
        if !matches!(context.role, Role::Page | Role::Attachment) {
            continue;
        }
        let document = document_of_capture(capture, context.discovered_date.as_deref(), Site::of(source));
        let extraction = extractor.extract(&document);
        writeln!(
            out,
            "\n{} {} {} ({} characters, {})",
            capture.status,
            capture.url,
            extraction.document.title.as_deref().unwrap_or("-"),
            extraction.document.text_chars,
            extraction.document.charset.as_deref().unwrap_or("-"),
        )?;
        for disclosure in &extraction.disclosures {
            let lead = disclosure.organizations.first().map_or("?", |o| o.name.as_str());
            let count = disclosure
                .headline_count
                .as_ref()
                .map_or_else(|| "?".to_owned(), |h| format!("{} {}", h.value, h.unit));
            let cause = disclosure.causes.first().map_or("?", |c| c.label.as_str());
            writeln!(out, "    {lead}  {count}  {cause}  {:.2}", disclosure.confidence)?;
        }
        if let Some(sign) = rouei_text::redirect_sign(&context.requested, &capture.url) {
            writeln!(out, "    issue: {}", sign.message)?;
        }
        for issue in &extraction.issues {
            writeln!(out, "    issue: {}", issue.message)?;
        }
    }
    for problem in &report.problems {
        writeln!(out, "problem: {problem}")?;
    }
    Ok(if report.problems.is_empty() { Outcome::Done } else { Outcome::SomeUnread })
}
