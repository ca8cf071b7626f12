//! `rouei crawl`: visits the sources, archives, reads, records; silent when all is well.

use std::fs;

use anyhow::Context as _;
use rouei_crawl::{Catalogue, Crawler, Settings, Source};
use tokio::sync::watch;

use crate::cli::CrawlArgs;
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::pipeline::{Pipeline, RunReport};

/// Runs the command.
pub fn run(args: &CrawlArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(&args.sources)?;
    let sources = chosen(&catalogue, &args.source)?;
    let crawler = Crawler::new(Settings::new(catalogue.crawl.contact.clone())).map_err(|e| UsageError(e.to_string()))?;
    if sources.is_empty() {
        return Err(UsageError(format!(
            "no source of {} is enabled; `rouei source preview ID` shows what one would yield",
            args.sources.display()
        ))
        .into());
    }
    let pipeline = Pipeline::open(DataFolder::new(&args.data))?;
    let report = pipeline.crawl(&crawler, &catalogue, &sources, cancelled_by_signal())?;
    let failed = summarise(&report, quiet);
    Ok(if failed { Outcome::SomeUnread } else { Outcome::Done })
}

/// Reads and validates a source file.
///
/// # Errors
/// Where the file cannot be read, or something in it is wrong; names line and column.
pub fn read_catalogue(path: &std::path::Path) -> anyhow::Result<Catalogue> {
    let yaml = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Catalogue::parse(&path.display().to_string(), &yaml).map_err(|e| UsageError(e.to_string()).into())
}

fn chosen(catalogue: &Catalogue, ids: &[String]) -> anyhow::Result<Vec<Source>> {
    if ids.is_empty() {
        return Ok(catalogue.sources.iter().filter(|s| s.enabled).cloned().collect());
    }
    ids.iter()
        .map(|id| {
            catalogue.source(id).cloned().ok_or_else(|| UsageError(format!("no source is called {id:?}")).into())
        })
        .collect()
}

/// Prints the summary; tells whether something needs the operator.
pub fn summarise(report: &RunReport, quiet: bool) -> bool {
    let mut troubled = false;
    for (source, tally) in &report.crawl.sources {
        for finding in &tally.findings {
            troubled = true;
            eprintln!("{source}: {finding}");
        }
    }
    for (source, reason) in report.reasons.iter().filter(|(_, r)| !r.rejected) {
        troubled = true;
        eprintln!("{source}: {}: {}", reason.url.as_deref().unwrap_or("-"), reason.reason);
    }
    for (host, reason) in &report.crawl.hosts_left {
        troubled = true;
        eprintln!("{host}: left for this run: {reason}");
    }
    if !quiet {
        let sum = |f: fn(&rouei_crawl::SourceTally) -> u32| report.crawl.sources.values().map(f).sum::<u32>();
        eprintln!(
            "{} sources, {} requests: {} new, {} changed, {} unchanged, {} not due, {} failed, {} rejected; \
             {} documents read, {} disclosures new, {} changed",
            report.crawl.sources.len(),
            report.crawl.requests,
            sum(|t| t.new),
            sum(|t| t.changed),
            sum(|t| t.unchanged),
            sum(|t| t.not_due),
            sum(|t| t.failed),
            sum(|t| t.rejected),
            report.reading.documents,
            report.reading.new,
            report.reading.changed,
        );
        if report.recovered > 0 {
            eprintln!("{} captures of an interrupted run were taken over", report.recovered);
        }
        if report.crawl.interrupted {
            eprintln!("the run was interrupted; the next one goes on from here");
        }
    }
    troubled
}

/// Ctrl-C ends the run in order: what is under way is finished and recorded.
fn cancelled_by_signal() -> watch::Receiver<bool> {
    let (cancel, cancelled) = watch::channel(false);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            let _ = cancel.send(true);
        }
    });
    cancelled
}
