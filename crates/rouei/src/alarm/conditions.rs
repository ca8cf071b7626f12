//! What is wrong with the sources that a run visited.

use jiff::Timestamp;
use rouei_crawl::{Finding, Source, SourceTally};
use rouei_store::{SourceReason, Store, StoreError};

use super::fields;
use crate::pipeline::RunReport;

/// Pages that must have failed before a source's pages are said to fail.
const FAILURES: u32 = 3;

/// Pages that must have turned out to be something else before a source is said to be behind a wall.
const OTHER_PAGES: u32 = 2;

/// Something that is wrong with a source now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Identifier in `sources.yaml`.
    pub source: String,
    /// What kind of trouble; a source has one of a kind.
    pub kind: &'static str,
    /// When it began, where that is known; else the time of the run counts.
    pub since: Option<Timestamp>,
    /// One sentence.
    pub message: String,
    /// What makes it another trouble of the same kind: figures that differ every night do not.
    pub signature: String,
}

/// Everything that is wrong with these sources after a run that was not broken off.
///
/// # Errors
/// Of the database.
pub fn conditions(store: &Store, visited: &[Source], report: &RunReport) -> Result<Vec<Condition>, StoreError> {
    let mut found = Vec::new();
    for source in visited {
        let Some(tally) = report.crawl.sources.get(&source.id) else { continue };
        let reasons: Vec<&SourceReason> =
            report.reasons.iter().filter(|(s, _)| *s == source.id).map(|(_, r)| r).collect();
        found.extend(of_findings(source, tally));
        found.extend(failing_pages(source, tally, &reasons));
        found.extend(other_pages(source, tally, report));
        for (kind, message) in fields::lacking(&store.document_fields(&source.id, fields::DOCUMENTS)?) {
            found.push(condition(source, kind, message, String::new()));
        }
    }
    Ok(found)
}

fn condition(source: &Source, kind: &'static str, message: String, signature: String) -> Condition {
    Condition { source: source.id.clone(), kind, since: None, message, signature }
}

fn of_findings(source: &Source, tally: &SourceTally) -> Vec<Condition> {
    let mut found: Vec<Condition> = Vec::new();
    for finding in &tally.findings {
        let message = finding.to_string();
        let one = match finding {
            Finding::DiscoveryFailed { reason, .. } => {
                let class = reason.split([':', '(', ';']).next().unwrap_or_default().trim().to_owned();
                condition(source, "discovery", message, class)
            }
            Finding::TooFew { found, .. } => {
                let class = if *found == 0 { "none" } else { "few" };
                condition(source, "too_few", message, class.to_owned())
            }
            Finding::TooMany { .. } => condition(source, "too_many", message, String::new()),
            Finding::Silent { since, .. } => {
                Condition { since: Some(*since), ..condition(source, "silent", message, String::new()) }
            }
            // Said in the summary of each run; it is the operator's own bound.
            Finding::CutOff(_) => continue,
        };
        // Several sitemaps of a source may fail; the first stands for them.
        if !found.iter().any(|c| c.kind == one.kind) {
            found.push(one);
        }
    }
    found
}

/// Most pages that were asked for brought nothing.
fn failing_pages(source: &Source, tally: &SourceTally, reasons: &[&SourceReason]) -> Option<Condition> {
    let answered = tally.new + tally.changed + tally.unchanged;
    if tally.failed < FAILURES || tally.failed <= answered {
        return None;
    }
    let first = reasons.iter().find(|r| !r.rejected)?;
    let message = format!("{} of {} pages failed, the first: {}", tally.failed, tally.failed + answered, first.reason);
    Some(condition(source, "pages", message, String::new()))
}

/// Most pages that were fetched are not what was asked for.
fn other_pages(source: &Source, tally: &SourceTally, report: &RunReport) -> Option<Condition> {
    let (count, first) = report.other_pages.get(&source.id)?;
    let fetched = tally.new + tally.changed;
    if *count < OTHER_PAGES || count * 2 < fetched {
        return None;
    }
    let message = format!("{count} of {} pages fetched are none, the first: {first}", fetched.max(*count));
    Some(condition(source, "other_pages", message, String::new()))
}
