//! `rouei source list`: what the file says of each source, and what the runs have seen of it.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use rouei_crawl::{Catalogue, Source};
use rouei_store::{Alarm, SourceState, Store};
use serde::Serialize;

use crate::cli::Format;
use crate::commands::crawl::{past_visits, read_catalogue};
use crate::folder::DataFolder;
use crate::outcome::Outcome;
use crate::terminal::Table;

/// One source, as it is listed.
#[derive(Serialize)]
struct Listed<'c> {
    id: &'c str,
    publisher: &'c str,
    enabled: bool,
    disabled_reason: Option<&'c str>,
    discovery: &'static str,
    url: &'c str,
    schedule: Option<String>,
    health: Health,
    /// When it is due; none for a disabled source, and for one that every run visits.
    next_run: Option<Timestamp>,
    /// Whether `crawl --due` would visit it now.
    due: bool,
    #[serde(flatten)]
    state: SourceState,
    alarms: Vec<Alarm>,
}

/// How a source does.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Disabled,
    NeverVisited,
    Ok,
    Alarm,
}

/// Runs the command.
pub(super) fn run(sources: &Path, data: &Path, format: Format) -> anyhow::Result<Outcome> {
    let catalogue = read_catalogue(sources)?;
    let database = DataFolder::new(data).database();
    let store = database.is_file().then(|| Store::open_read_only(&database)).transpose()?;
    let listed = listed(&catalogue, store.as_ref(), Timestamp::now())?;
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&listed)?)?,
        Format::Text => write_table(&mut out, &listed)?,
    }
    Ok(Outcome::Done)
}

fn listed<'c>(catalogue: &'c Catalogue, store: Option<&Store>, now: Timestamp) -> anyhow::Result<Vec<Listed<'c>>> {
    let alarms = store.map(Store::lasting_alarms).transpose()?.unwrap_or_default();
    let one = |source: &'c Source| -> anyhow::Result<Listed<'c>> {
        let state = store.map(|s| s.source_state(&source.id)).transpose()?.flatten().unwrap_or_default();
        let visits = store.map(|s| past_visits(s, &source.id)).transpose()?.unwrap_or_default();
        let next_run = source.schedule.as_ref().filter(|_| source.enabled).map(|s| s.next_due(&visits, now));
        let alarms: Vec<Alarm> = alarms.iter().filter(|a| a.source == source.id).cloned().collect();
        let health = match (source.enabled, state.last_run) {
            _ if !alarms.is_empty() => Health::Alarm,
            (false, _) => Health::Disabled,
            (true, None) => Health::NeverVisited,
            (true, Some(_)) => Health::Ok,
        };
        Ok(Listed {
            id: &source.id,
            publisher: &source.publisher,
            enabled: source.enabled,
            disabled_reason: source.disabled_reason.as_deref(),
            discovery: source.discovery.kind(),
            url: source.discovery.url().as_str(),
            schedule: source.schedule.clone().map(String::from),
            health,
            next_run,
            due: source.enabled && next_run.is_none_or(|at| at <= now),
            state,
            alarms,
        })
    };
    catalogue.sources.iter().map(one).collect()
}

fn write_table(out: &mut impl Write, listed: &[Listed<'_>]) -> std::io::Result<()> {
    let mut table = Table::new(&["source", "state", "kind", "last success", "last new", "next run", "health"]);
    for source in listed {
        let next = match (source.enabled, source.next_run) {
            (false, _) => "-".to_owned(),
            (true, None) => "every run".to_owned(),
            (true, Some(_)) if source.due => "due".to_owned(),
            (true, Some(at)) => time(Some(at)),
        };
        let health = match source.health {
            Health::Disabled => source.disabled_reason.unwrap_or_default().to_owned(),
            Health::NeverVisited => "never visited".to_owned(),
            Health::Ok => "ok".to_owned(),
            Health::Alarm => {
                let told: Vec<String> =
                    source.alarms.iter().map(|a| format!("{} (since {})", a.message, time(Some(a.since)))).collect();
                told.join("; ")
            }
        };
        table.row(&[
            source.id,
            if source.enabled { "enabled" } else { "disabled" },
            source.discovery,
            &time(source.state.last_success),
            &time(source.state.last_new),
            &next,
            &health,
        ]);
    }
    table.write(out)
}

/// In Japan, where the schedules are.
fn time(time: Option<Timestamp>) -> String {
    let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    time.map_or_else(|| "-".to_owned(), |t| t.to_zoned(japan).strftime("%Y-%m-%d %H:%M").to_string())
}
