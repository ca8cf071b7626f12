//! `rouei source`: list, check, preview, robots.

mod list;

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use rouei_crawl::{Catalogue, Crawler, Decision, Role, Settings, Source, robots_decision};
use url::Url;

use super::crawl::read_catalogue;
use crate::cli::SourceCommand;
use crate::outcome::{Outcome, UsageError};
use crate::preview;

/// Runs the command.
pub fn run(command: &SourceCommand) -> anyhow::Result<Outcome> {
    match command {
        SourceCommand::List { sources, data, format } => list::run(sources, data, *format),
        SourceCommand::Check { sources } => check(sources),
        SourceCommand::Preview { id, sources, pages } => preview(sources, id, *pages),
        SourceCommand::Robots { url, robots, agent, sources } => robots_of(url, robots.as_deref(), agent, sources),
    }
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
    let settings = crate::document::settings(&catalogue.crawl);
    let crawler = Crawler::new(settings).map_err(|e| UsageError(e.to_string()))?;
    preview::run(&crawler, source, pages)
}

/// From a file, or as the site answers now.
fn robots_of(url: &str, robots: Option<&Path>, agent: &str, sources: &Path) -> anyhow::Result<Outcome> {
    let decision = match robots {
        Some(file) => {
            let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            robots_decision(&String::from_utf8_lossy(&text), agent, url)
        }
        None => match fetch_robots(url, sources)? {
            Ok(text) => robots_decision(&text, agent, url),
            Err(decision) => decision,
        },
    };
    let line = decision.line.map(|l| format!(" line {l}:")).unwrap_or_default();
    println!("{}{line} {}", if decision.allowed { "allowed" } else { "not allowed" }, decision.text);
    Ok(Outcome::Done)
}

/// The site's robots.txt, or what its absence decides (RFC 9309, 2.3.1): 4xx allows, everything else forbids.
fn fetch_robots(url: &str, sources: &Path) -> anyhow::Result<Result<String, Decision>> {
    let origin = Url::parse(url).map_err(|e| UsageError(format!("{url}: {e}")))?.origin();
    let known = read_catalogue(sources)?;
    let private = known.sources.iter().any(|s| s.allow_private_addresses && s.discovery.url().origin() == origin);
    let origin = origin.ascii_serialization();
    let yaml = serde_json::json!({
        "crawl": { "contact": known.crawl.contact },
        "sources": [{
            "id": "robots",
            "publisher": origin,
            "tier": "official",
            "allow_private_addresses": private,
            "discovery": { "page": { "url": format!("{origin}/robots.txt") } },
        }],
    });
    let catalogue = Catalogue::parse("robots", &yaml.to_string())?;
    let crawler = Crawler::new(Settings::for_catalogue(&catalogue.crawl)).map_err(|e| UsageError(e.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let source = catalogue.sources.first().context("the source just made is gone")?;
    let report = runtime.block_on(crawler.preview(source, 0));
    let Some((capture, _)) = report.captures.iter().rfind(|(_, context)| context.role == Role::Robots) else {
        let text = report.problems.first().cloned().unwrap_or_else(|| "robots.txt cannot be had".to_owned());
        return Ok(Err(Decision { allowed: false, line: None, text }));
    };
    if (200..300).contains(&capture.status) {
        let body = rouei_crawl::decoded_body(capture, 512 << 10)?;
        return Ok(Ok(String::from_utf8_lossy(&body).into_owned()));
    }
    let allowed = (400..500).contains(&capture.status) && capture.status != 429;
    Ok(Err(Decision { allowed, line: None, text: format!("robots.txt answered {}", capture.status) }))
}
