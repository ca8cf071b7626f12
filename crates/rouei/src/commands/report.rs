//! `rouei report month`: the figures of a month, in Japanese, as Markdown and HTML.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rouei_model::Coding;
use rouei_store::Store;

use crate::cli::ReportCommand;
use crate::folder::DataFolder;
use crate::incidents::Incidents;
use crate::opening::existing_folder;
use crate::outcome::{Outcome, UsageError};
use crate::report::{MonthReport, Words, html, markdown};

/// Runs the command.
pub fn run(command: &ReportCommand) -> anyhow::Result<Outcome> {
    let ReportCommand::Month { month, coding, output, data } = command;
    let (year, month) = parse_month(month)?;
    let folder = existing_folder(data)?;
    let store = Store::open_read_only(&folder.database())?;
    let output = output.clone().unwrap_or_else(|| folder.reports());
    let mut out = std::io::stdout().lock();
    for path in write_month(&store, &Incidents::derive(&store)?, &output, (year, month), *coding)? {
        writeln!(out, "{}", path.display())?;
    }
    Ok(Outcome::Done)
}

/// Writes the report of the latest month that has an incident. Nothing where there is none.
///
/// # Errors
/// Where the database cannot be read or the report not be written.
pub fn write_latest_month(folder: &DataFolder) -> anyhow::Result<Vec<PathBuf>> {
    let store = Store::open_read_only(&folder.database())?;
    let incidents = Incidents::derive(&store)?;
    match incidents.latest() {
        Some(day) => write_month(&store, &incidents, &folder.reports(), (day.year(), day.month()), None),
        None => Ok(Vec::new()),
    }
}

fn write_month(
    store: &Store,
    incidents: &Incidents,
    output: &Path,
    (year, month): (i16, i8),
    coding: Option<Coding>,
) -> anyhow::Result<Vec<PathBuf>> {
    let report = MonthReport::read(store, incidents, (year, month), coding, &Words::built_in()?)?;
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    let beside = coding.map_or_else(String::new, |coding| format!("-{}", coding.code()));
    let mut written = Vec::new();
    for (extension, text) in [("md", markdown::render(&report)), ("html", html::render(&report)?)] {
        let path = output.join(format!("{year:04}-{month:02}{beside}.{extension}"));
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

/// Year and month (1 to 12) as `2025-04`.
///
/// # Errors
/// [`UsageError`] where it is none.
pub fn parse_month(text: &str) -> anyhow::Result<(i16, i8)> {
    let parsed = text.split_once('-').and_then(|(year, month)| {
        let digits = |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        Some((year.parse().ok()?, month.parse().ok().filter(|m| (1..=12).contains(m))?))
    });
    parsed.ok_or_else(|| UsageError(format!("{text:?} is no month; write it as 2025-04")).into())
}
