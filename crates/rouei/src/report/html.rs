//! The report as one HTML page: no script, no font, no picture from elsewhere.

use anyhow::Context as _;
use askama::Template;

use super::{MonthReport, notes};

/// Lays the report out. askama escapes whatever is put in.
///
/// # Errors
/// Where the template cannot be filled in.
pub fn render(report: &MonthReport) -> anyhow::Result<String> {
    let page = Page {
        report,
        summary: notes::summary(report),
        largest: notes::LARGEST,
        cards: notes::CARDS,
        listed: notes::LISTED,
        later: notes::LATER,
        notes: notes::NOTES,
    };
    page.render().context("the HTML report cannot be laid out")
}

#[derive(Template)]
#[template(path = "month.html")]
struct Page<'r> {
    report: &'r MonthReport,
    summary: Vec<String>,
    largest: &'static str,
    cards: &'static str,
    listed: &'static str,
    later: &'static str,
    notes: &'static [&'static str],
}
