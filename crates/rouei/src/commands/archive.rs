//! `rouei archive`: the WARC files, what is in them, whether they are as they were written, and what leaves them.

mod captures;
mod moment;
mod show;
mod withdrawal;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use rouei_archive::{ArchiveReader, BadRecord, RecordType, archive_files, verify};
use rouei_store::Store;

use crate::cli::{ArchiveCommand, DataArgs};
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::report::grouped;
use crate::terminal::Table;

/// Runs the command.
pub fn run(command: &ArchiveCommand, quiet: bool) -> anyhow::Result<Outcome> {
    match command {
        ArchiveCommand::List { selection, format, data } => {
            let archive = existing_archive(data)?;
            match captures::selection(selection)? {
                Some(selection) => captures::list(&archive, &selection, *format),
                None => list_files(&archive),
            }
        }
        ArchiveCommand::Show(args) => show::run(args, &existing_archive(&args.data)?),
        ArchiveCommand::Verify { data } => verify_all(data, quiet),
        ArchiveCommand::Export(args) => captures::export(args, &existing_archive(&args.data)?, quiet),
        ArchiveCommand::Withdraw(args) => withdrawal::withdraw(args, &existing_archive(&args.data)?, quiet),
        ArchiveCommand::Reinstate(args) => withdrawal::reinstate(args, &existing_archive(&args.data)?, quiet),
        ArchiveCommand::Withdrawn { data } => withdrawal::list(&existing_archive(data)?),
    }
}

/// How the identifiers of records begin.
const UUID: &str = "urn:uuid:";

/// The identifier of a record, if that is what was typed: with angle brackets or without, a bare UUID too.
fn record_id(target: &str) -> Option<String> {
    let target = target.trim_matches(['<', '>']);
    let bare = target.len() == 36 && target.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    match (target.starts_with("urn:"), bare) {
        (true, _) => Some(target.to_owned()),
        (_, true) => Some(format!("{UUID}{target}")),
        _ => None,
    }
}

/// Needs no database: the archive is worth more than what was read of it.
fn existing_archive(data: &DataArgs) -> anyhow::Result<PathBuf> {
    let archive = DataFolder::new(&data.data).archive();
    if archive.is_dir() {
        return Ok(archive);
    }
    let (archive, data) = (archive.display(), data.data.display());
    Err(UsageError(format!(
        "{archive} does not exist: run `rouei crawl --data {data}` first, or name another folder by --data"
    ))
    .into())
}

fn list_files(archive: &std::path::Path) -> anyhow::Result<Outcome> {
    let mut table = Table::new(&["file", "bytes", "responses", "revisits", "other"]);
    let mut outcome = Outcome::Done;
    for path in archive_files(archive)? {
        let bytes = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?.len();
        let (mut responses, mut revisits, mut other) = (0, 0, 0);
        match ArchiveReader::open(&path) {
            Ok(records) => {
                for record in records {
                    match record.map(|r| r.record_type()) {
                        Ok(RecordType::Response) => responses += 1,
                        Ok(RecordType::Revisit) => revisits += 1,
                        Ok(_) => other += 1,
                        Err(bad) => {
                            outcome = Outcome::SomeUnread;
                            eprintln!("rouei: {bad}");
                        }
                    }
                }
            }
            Err(error) => {
                outcome = Outcome::SomeUnread;
                eprintln!("rouei: {error}");
            }
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        table.row(&[&name, &grouped(bytes), &grouped(responses), &grouped(revisits), &grouped(other)]);
    }
    table.write(&mut std::io::stdout().lock())?;
    Ok(outcome)
}

/// Files that the database knows and the folder does not hold. Without a database nothing is known of them.
fn missing_files(data: &DataArgs, archive: &std::path::Path) -> anyhow::Result<Vec<BadRecord>> {
    let database = DataFolder::new(&data.data).database();
    if !database.is_file() {
        return Ok(Vec::new());
    }
    let store = match Store::open_read_only(&database) {
        Ok(store) => store,
        Err(error) => {
            eprintln!("rouei: {error}; the archive was verified without it");
            return Ok(Vec::new());
        }
    };
    let mut missing = Vec::new();
    for (name, captures) in store.archive_files()? {
        let path = archive.join(&name);
        if !path.exists() && !archive.join(format!("{name}.open")).exists() {
            let reason = format!("the file is gone, and with it {captures} captures that the database knows");
            missing.push(BadRecord { file: path.display().to_string(), offset: 0, reason });
        }
    }
    Ok(missing)
}

fn verify_all(data: &DataArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let archive = existing_archive(data)?;
    let mut report = verify(&archive)?;
    report.faults.extend(missing_files(data, &archive)?);
    let mut out = std::io::stdout().lock();
    for fault in &report.faults {
        writeln!(out, "{fault}")?;
    }
    if !quiet || !report.faults.is_empty() {
        eprintln!(
            "{} files, {} records: {} digests are right, {} records state none to check, {} faults",
            report.files,
            report.records,
            report.digests,
            report.unverified,
            report.faults.len()
        );
    }
    Ok(if report.faults.is_empty() { Outcome::Done } else { Outcome::Failed })
}
