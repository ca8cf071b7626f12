//! `rouei archive list` with a selection, and `rouei archive export`.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use rouei_archive::{
    ArchiveReader, ExportReport, Record, Selection, Software, UrlPattern, Withdrawals, archive_files, export as write,
    export_to_file,
};
use serde::Serialize;

use super::moment::stretch;
use crate::cli::{ArchiveExportArgs, Format, SelectionArgs};
use crate::outcome::{Outcome, UsageError};
use crate::report::grouped;
use crate::terminal::Table;

/// What the arguments select; none if they say nothing.
pub fn selection(args: &SelectionArgs) -> Result<Option<Selection>, UsageError> {
    let selection = Selection {
        from: args.from.as_deref().map(stretch).transpose()?.map(|(from, _)| from),
        before: args.to.as_deref().map(stretch).transpose()?.map(|(_, behind)| behind),
        sources: args.source.clone(),
        urls: args.url.iter().map(|text| UrlPattern::parse(text)).collect(),
        digests: args.digest.clone(),
    };
    if let (Some(from), Some(before)) = (selection.from, selection.before)
        && from >= before
    {
        return Err(UsageError("--from lies behind --to".to_owned()));
    }
    Ok((selection != Selection::default()).then_some(selection))
}

/// A capture in the list.
#[derive(Serialize)]
struct Line {
    captured: Option<Timestamp>,
    record_type: String,
    status: Option<u16>,
    media_type: Option<String>,
    bytes: usize,
    source: Option<String>,
    url: String,
    digest: Option<String>,
    record: String,
    file: String,
    offset: u64,
    withdrawn: bool,
}

/// Lists captures, oldest file first.
pub fn list(archive: &Path, selection: &Selection, format: Format) -> anyhow::Result<Outcome> {
    let withdrawals = Withdrawals::read(archive)?;
    let mut outcome = Outcome::Done;
    let mut out = std::io::stdout().lock();
    let mut table = Table::new(&["captured", "type", "status", "bytes", "source", "record", "address"]);
    for path in archive_files(archive)? {
        let records = match ArchiveReader::open(&path) {
            Ok(records) => records,
            Err(error) => {
                outcome = Outcome::SomeUnread;
                eprintln!("rouei: {error}");
                continue;
            }
        };
        for record in records {
            let line = match record {
                Ok(record) if selection.takes(&record) => line(&record, &withdrawals),
                Ok(_) => continue,
                Err(bad) => {
                    outcome = Outcome::SomeUnread;
                    eprintln!("rouei: {bad}");
                    continue;
                }
            };
            match format {
                Format::Json => writeln!(out, "{}", serde_json::to_string(&line)?)?,
                Format::Text => table.row(&[
                    &line.captured.map_or_else(|| "?".to_owned(), |t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
                    if line.withdrawn { "withdrawn" } else { &line.record_type },
                    &line.status.map_or_else(|| "-".to_owned(), |s| s.to_string()),
                    &grouped(line.bytes as u64),
                    line.source.as_deref().unwrap_or("-"),
                    // As short as `show` takes it, so that the table need not cut it.
                    line.record.strip_prefix(super::UUID).unwrap_or(&line.record),
                    &line.url,
                ]),
            }
        }
    }
    if format == Format::Text {
        table.write(&mut out)?;
    }
    Ok(outcome)
}

fn line(record: &Record, withdrawals: &Withdrawals) -> Line {
    let page = record.page().and_then(Result::ok);
    let capture = record.capture().and_then(Result::ok);
    let url = record.url().unwrap_or("-").to_owned();
    let content_type = page.as_ref().and_then(|p| p.header("Content-Type"));
    Line {
        captured: record.date(),
        record_type: record.record_type().code().to_owned(),
        status: page.as_ref().and_then(|p| p.status).or(capture.map(|c| c.status)),
        media_type: content_type.and_then(|v| Some(v.split(';').next()?.trim().to_ascii_lowercase())),
        bytes: page.map_or(0, |p| p.body.len()),
        source: record.source().map(str::to_owned),
        withdrawn: withdrawals.holds_back(&url),
        url,
        digest: record.header.get("WARC-Payload-Digest").map(str::to_owned),
        record: record.id().to_owned(),
        file: record.file.clone(),
        offset: record.offset,
    }
}

/// Writes a selection as a WARC file.
pub fn export(args: &ArchiveExportArgs, archive: &Path, quiet: bool) -> anyhow::Result<Outcome> {
    let selection = selection(&args.selection)?.unwrap_or_default();
    let files = archive_files(archive)?;
    let withdrawals = Withdrawals::read(archive)?;
    let software = software(&args.selection);
    let report = if args.output == Path::new("-") {
        let mut out = std::io::stdout().lock();
        write(&files, &selection, &withdrawals, &software, "-", &mut out)?.0
    } else {
        refuse_place(&args.output, archive)?;
        export_to_file(&files, &selection, &withdrawals, &software, &args.output)?
    };
    Ok(told(&report, quiet))
}

/// In the archive's own folder the export would be taken for a part of the archive.
fn refuse_place(output: &Path, archive: &Path) -> anyhow::Result<()> {
    if !output.to_string_lossy().ends_with(".warc.gz") {
        return Err(UsageError(format!("{}: the name has to end in .warc.gz", output.display())).into());
    }
    let folder = output.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let there = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
    if archive.canonicalize().is_ok_and(|archive| archive == there) {
        return Err(
            UsageError(format!("{} lies in the archive itself; choose another folder", output.display())).into()
        );
    }
    Ok(())
}

fn told(report: &ExportReport, quiet: bool) -> Outcome {
    for bad in report.skipped.iter().chain(&report.orphans) {
        eprintln!("rouei: {bad}");
    }
    if !quiet {
        eprintln!(
            "{} captures ({} of them only as originals of revisits), {} records; {} withdrawn, {} unreadable",
            report.captures + report.originals,
            report.originals,
            report.records,
            report.withheld,
            report.skipped.len()
        );
    }
    if report.skipped.is_empty() && report.orphans.is_empty() { Outcome::Done } else { Outcome::SomeUnread }
}

/// What the `warcinfo` of the export says: the program, and what was asked for.
fn software(args: &SelectionArgs) -> Software {
    let mut asked = Vec::new();
    let one = |name: &str, value: &Option<String>| value.as_ref().map(|v| format!("{name} {v}"));
    asked.extend(one("from", &args.from));
    asked.extend(one("to", &args.to));
    for (name, values) in [("source", &args.source), ("url", &args.url), ("digest", &args.digest)] {
        asked.extend(values.iter().map(|value| format!("{name} {value}")));
    }
    let description = if asked.is_empty() { "all captures".to_owned() } else { asked.join(", ") };
    let mut software = Software::new(concat!("rouei/", env!("CARGO_PKG_VERSION")));
    software.fields.push(("description".to_owned(), format!("export of {description}")));
    software
}
