//! `rouei crawl`: visits the sources, archives, reads, records; silent when all is well.

mod summary;

use std::fs;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use rouei_crawl::{Catalogue, Crawler, Source, VISITS, Visit};
use rouei_store::{Store, StoreError};
use tokio::sync::watch;

use crate::alarm::{self, Notice};
use crate::cli::CrawlArgs;
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::pipeline::{Pages, Pipeline, RunReport};
use crate::terminal;
pub use summary::Voice;

/// Runs the command.
pub fn run(args: &CrawlArgs, voice: Voice) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(&args.sources)?;
    let asked = chosen(&catalogue, &args.source)?;
    let settings = crate::document::settings(&catalogue.crawl);
    let crawler = Crawler::new(settings).map_err(|e| UsageError(e.to_string()))?;
    if asked.is_empty() {
        return Err(UsageError(format!(
            "no source of {} is enabled; `rouei source preview ID` shows what one would yield",
            args.sources.display()
        ))
        .into());
    }
    let folder = DataFolder::new(&args.data);
    if args.dry_run {
        return dry_run(args, &folder, asked);
    }
    let pipeline = Pipeline::open(folder)?;
    let sources = if args.due { due(pipeline.store(), asked)? } else { asked };
    if sources.is_empty() {
        return Ok(Outcome::Done);
    }
    let pages = if args.no_extract { Pages::Keep } else { Pages::Read };
    let pipeline = pipeline.with_progress(terminal::progress(voice == Voice::Text));
    let report = pipeline.crawl(&crawler, &catalogue, &sources, pages, stop_signal(args.max_time))?;
    let (notices, failures) = alarms(&pipeline, &crawler, &catalogue, &sources, &report)?;
    summary::say(voice, &catalogue, &report, &notices, &failures);
    Ok(report.outcome())
}

/// Settles what is wrong with the sources, and tells it; with the ways of telling that failed.
fn alarms(
    pipeline: &Pipeline,
    crawler: &Crawler,
    catalogue: &Catalogue,
    sources: &[Source],
    report: &RunReport,
) -> anyhow::Result<(Vec<Notice>, Vec<String>)> {
    // A run that was broken off knows nothing of what it did not see.
    if report.crawl.interrupted {
        return Ok((Vec::new(), Vec::new()));
    }
    let (store, settings, now) = (pipeline.store(), &catalogue.alarms, Timestamp::now());
    let found = alarm::conditions(store, sources, report)?;
    let notices = alarm::settle(store, catalogue, sources, &found, settings.repeat_after(), now)?;
    let delivery = alarm::channels::tell(settings, crawler, &notices, now);
    // Standard error is always there; where other ways are asked for, one of them must have worked.
    if delivery.failed.is_empty() || delivery.delivered > 0 {
        alarm::told(store, &notices, now)?;
    }
    Ok((notices, delivery.failed))
}

/// Says what would be visited. Where nothing was visited before, everything is due, and no folder is made.
fn dry_run(args: &CrawlArgs, folder: &DataFolder, asked: Vec<Source>) -> anyhow::Result<Outcome> {
    let database = folder.database();
    let sources = if args.due && database.exists() { due(&Store::open_read_only(&database)?, asked)? } else { asked };
    for source in &sources {
        println!("{} {} {}", source.id, source.discovery.kind(), source.discovery.url());
    }
    Ok(Outcome::Done)
}

fn due(store: &Store, sources: Vec<Source>) -> anyhow::Result<Vec<Source>> {
    let now = Timestamp::now();
    let mut due = Vec::new();
    for source in sources {
        let visits = past_visits(store, &source.id)?;
        if source.schedule.as_ref().is_none_or(|schedule| schedule.next_due(&visits, now) <= now) {
            due.push(source);
        }
    }
    Ok(due)
}

/// The last visits to a source, oldest first.
///
/// # Errors
/// Of the database.
pub fn past_visits(store: &Store, source: &str) -> Result<Vec<Visit>, StoreError> {
    let visits = store.visits_of_source(source, VISITS)?;
    Ok(visits.into_iter().map(|v| Visit { at: v.at, changed: v.changed }).collect())
}

/// Reads and validates a source file.
///
/// # Errors
/// Where the file cannot be read, or something in it is wrong; names everything, with line and column.
pub fn read_catalogue(path: &std::path::Path) -> anyhow::Result<Catalogue> {
    let yaml = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Catalogue::parse_all(&path.display().to_string(), &yaml).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        UsageError(lines.join("\n")).into()
    })
}

fn chosen(catalogue: &Catalogue, ids: &[String]) -> anyhow::Result<Vec<Source>> {
    if ids.is_empty() {
        return Ok(catalogue.sources.iter().filter(|s| s.enabled).cloned().collect());
    }
    ids.iter()
        .map(|id| catalogue.source(id).cloned().ok_or_else(|| UsageError(format!("no source is called {id:?}")).into()))
        .collect()
}

/// Ctrl-C, SIGTERM and the end of `--max-time` end the run in order: what is under way is finished and recorded.
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
                () = terminated() => {}
                () = over => {}
            }
            let _ = cancel.send(true);
        });
    });
    cancelled
}

/// Waits for the signal by which init systems end a process.
#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
