//! `rouei source`: list, check, preview, robots.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rouei_crawl::{Crawler, Settings, Source, robots_decision};

use super::crawl::read_catalogue;
use crate::cli::SourceCommand;
use crate::outcome::{Outcome, UsageError};
use crate::preview;

/// Runs the command.
pub fn run(command: &SourceCommand) -> anyhow::Result<Outcome> {
    match command {
        SourceCommand::List { sources } => list(sources),
        SourceCommand::Check { sources } => check(sources),
        SourceCommand::Preview { id, sources, pages } => preview(sources, id, *pages),
        SourceCommand::Robots { url, robots, agent } => robots_of(url, robots.as_deref(), agent),
    }
}

fn list(path: &Path) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(path)?;
    let mut out = std::io::stdout().lock();
    for source in &catalogue.sources {
        writeln!(
            out,
            "{:<20} {:<9} {:<8} {}  {}",
            source.id,
            if source.enabled { "enabled" } else { "disabled" },
            source.discovery.kind(),
            source.discovery.url(),
            source.disabled_reason.as_deref().unwrap_or_default()
        )?;
    }
    Ok(Outcome::Done)
}

fn check(path: &Path) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(path)?;
    let enabled = catalogue.sources.iter().filter(|s| s.enabled).count();
    println!("{}: {} sources, {enabled} enabled", path.display(), catalogue.sources.len());
    if let Err(error) = Settings::new(catalogue.crawl.contact).user_agent() {
        println!("{}: {error}", path.display());
    }
    Ok(Outcome::Done)
}

fn preview(path: &Path, id: &str, pages: usize) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(path)?;
    let source: &Source = catalogue.source(id).ok_or_else(|| UsageError(format!("no source is called {id:?}")))?;
    let settings = Settings::for_catalogue(&catalogue.crawl);
    let crawler = Crawler::new(settings).map_err(|e| UsageError(e.to_string()))?;
    preview::run(&crawler, source, pages)
}

fn robots_of(url: &str, robots: Option<&Path>, agent: &str) -> anyhow::Result<Outcome> {
    let Some(robots) = robots else {
        return Err(UsageError("give the site's robots.txt with --robots FILE".to_owned()).into());
    };
    let text = fs::read(robots).with_context(|| format!("cannot read {}", robots.display()))?;
    let decision = robots_decision(&String::from_utf8_lossy(&text), agent, url);
    let line = decision.line.map(|l| format!(" line {l}:")).unwrap_or_default();
    println!("{}{line} {}", if decision.allowed { "allowed" } else { "not allowed" }, decision.text);
    Ok(Outcome::Done)
}
