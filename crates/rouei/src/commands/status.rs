//! `rouei status`: how much there is, and how the last runs went.

use std::io::Write;

use jiff::Timestamp;
use rouei_store::{Alarm, SignCount, SourceVisits, Status};
use serde::Serialize;

use crate::cli::{StatusArgs, StatusFormat};
use crate::opening::store_for_reading;
use crate::outcome::Outcome;
use crate::terminal::{Table, plain};

/// Runs the command.
pub fn run(args: &StatusArgs) -> anyhow::Result<Outcome> {
    let store = store_for_reading(&args.data)?;
    let overview = Overview {
        status: store.status()?,
        near_duplicates: store.near_duplicates()?.len(),
        alarms: store.lasting_alarms()?,
        other_pages: store.page_signs()?,
        sources: store.source_visits()?,
    };
    let mut out = std::io::stdout().lock();
    match args.format {
        StatusFormat::Json => writeln!(out, "{}", serde_json::to_string(&overview)?)?,
        StatusFormat::Table => write_table(&mut out, &overview)?,
    }
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Overview {
    #[serde(flatten)]
    status: Status,
    /// Documents that carry nearly the text of an earlier one of another site.
    near_duplicates: usize,
    /// What is wrong with sources.
    alarms: Vec<Alarm>,
    /// Captures that are another page than the one that was asked for.
    other_pages: Vec<SignCount>,
    sources: Vec<SourceVisits>,
}

fn write_table(out: &mut impl Write, overview: &Overview) -> std::io::Result<()> {
    let s = &overview.status;
    writeln!(out, "captures     {} responses, {} revisits", s.responses, s.revisits)?;
    match overview.near_duplicates {
        0 => writeln!(out, "documents    {}", s.documents)?,
        n => writeln!(out, "documents    {} ({n} near duplicates of earlier ones)", s.documents)?,
    }
    writeln!(out, "disclosures  {} ({} rejected, {} withdrawn)", s.disclosures, s.rejected, s.withdrawn)?;
    writeln!(out, "to review    {}", s.to_review)?;
    writeln!(out, "decisions    {}", s.reviews)?;
    match &s.last_run {
        None => writeln!(out, "last run     none")?,
        Some(run) => {
            let end = match (run.ended, run.exit_code) {
                (Some(ended), Some(code)) => format!("ended {}, exit code {code}", time(Some(ended))),
                _ => "not ended: it is running, or it was killed".to_owned(),
            };
            writeln!(out, "last run     {} {}, {end}", plain(&run.command), time(Some(run.started)))?;
        }
    }
    if !overview.alarms.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&["alarm", "since", "which says"]);
        for alarm in &overview.alarms {
            table.row(&[&alarm.source, &time(Some(alarm.since)), &alarm.message]);
        }
        table.write(out)?;
    }
    if !overview.other_pages.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&["no page", "which", "captures", "last", "at"]);
        for count in &overview.other_pages {
            table.row(&[&count.source, &count.sign, &count.captures.to_string(), &time(count.last), &count.last_url]);
        }
        table.write(out)?;
    }
    if !overview.sources.is_empty() {
        writeln!(out)?;
        let mut table = Table::new(&["source", "last run", "last success", "last failure", "which said"]);
        for v in &overview.sources {
            table.row(&[
                &v.source,
                &time(v.last_run),
                &time(v.last_success),
                &time(v.last_failure),
                v.last_error.as_deref().unwrap_or(""),
            ]);
        }
        table.write(out)?;
    }
    Ok(())
}

fn time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), |t| t.strftime("%Y-%m-%d %H:%MZ").to_string())
}
