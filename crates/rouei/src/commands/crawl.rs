//! `rouei crawl`: visits the sources, archives, reads, records; silent when all is well.

use std::fs;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use rouei_crawl::{Catalogue, Crawler, Settings, Source};
use tokio::sync::watch;

use crate::cli::CrawlArgs;
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::pipeline::{Pages, Pipeline, RunReport};

/// Runs the command.
pub fn run(args: &CrawlArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(&args.sources)?;
    let asked = chosen(&catalogue, &args.source)?;
    let settings = Settings::for_catalogue(&catalogue.crawl);
    let crawler = Crawler::new(settings).map_err(|e| UsageError(e.to_string()))?;
    if asked.is_empty() {
        return Err(UsageError(format!(
            "no source of {} is enabled; `rouei source preview ID` shows what one would yield",
            args.sources.display()
        ))
        .into());
    }
    let pipeline = Pipeline::open(DataFolder::new(&args.data))?;
    let sources = if args.due { due(&pipeline, asked)? } else { asked };
    if args.dry_run {
        for source in &sources {
            println!("{} {} {}", source.id, source.discovery.kind(), source.discovery.url());
        }
        return Ok(Outcome::Done);
    }
    if sources.is_empty() {
        return Ok(Outcome::Done);
    }
    let pages = if args.no_extract { Pages::Keep } else { Pages::Read };
    let report = pipeline.crawl(&crawler, &catalogue, &sources, pages, stop_signal(args.max_time))?;
    let troubled = summarise(&report, quiet);
    Ok(if troubled { Outcome::SomeUnread } else { Outcome::Done })
}

fn due(pipeline: &Pipeline, sources: Vec<Source>) -> anyhow::Result<Vec<Source>> {
    let now = Timestamp::now();
    let mut due = Vec::new();
    for source in sources {
        let last = pipeline.store().source_state(&source.id)?.and_then(|s| s.last_run);
        if source.schedule.as_ref().is_none_or(|schedule| schedule.is_due(last, now)) {
            due.push(source);
        }
    }
    Ok(due)
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
        .map(|id| catalogue.source(id).cloned().ok_or_else(|| UsageError(format!("no source is called {id:?}")).into()))
        .collect()
}

/// Prints the summary; tells whether something needs the operator. With `quiet`, only that is said.
pub fn summarise(report: &RunReport, quiet: bool) -> bool {
    let mut troubled = false;
    for (source, tally) in &report.crawl.sources {
        for finding in &tally.findings {
            troubled = true;
            eprintln!("{source}: {finding}");
        }
    }
    for (source, reason) in &report.reasons {
        troubled |= !reason.rejected;
        if !reason.rejected || !quiet {
            eprintln!("{source}: {}: {}", reason.url.as_deref().unwrap_or("-"), reason.reason);
        }
    }
    for (host, reason) in &report.crawl.hosts_left {
        troubled = true;
        eprintln!("{host}: left for this run: {reason}");
    }
    if quiet {
        return troubled;
    }
    for (source, t) in &report.crawl.sources {
        eprintln!(
            "{source}: {} found, {} new, {} changed, {} unchanged, {} not due, {} failed, {} rejected",
            t.found, t.new, t.changed, t.unchanged, t.not_due, t.failed, t.rejected
        );
    }
    let reading = &report.reading;
    eprintln!(
        "{} requests to {} sources; {} documents read ({} unread), {} disclosures new, {} changed, {} withdrawn",
        report.crawl.requests,
        report.crawl.sources.len(),
        reading.documents,
        reading.unread,
        reading.new,
        reading.changed,
        reading.withdrawn,
    );
    if report.recovered > 0 {
        eprintln!("{} captures of an interrupted run were taken over", report.recovered);
    }
    if report.crawl.interrupted {
        eprintln!("the run was interrupted; the next one goes on from here");
    }
    troubled
}

/// Ctrl-C and the end of `--max-time` end the run in order: what is under way is finished and recorded.
fn stop_signal(max_time: Option<SignedDuration>) -> watch::Receiver<bool> {
    let (cancel, cancelled) = watch::channel(false);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async move {
            let limit = max_time.map(|t| t.unsigned_abs());
            let over = async {
                match limit {
                    Some(limit) => tokio::time::sleep(limit).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                () = over => {}
            }
            let _ = cancel.send(true);
        });
    });
    cancelled
}
