//! `rouei archive show`: one capture as it was.

use std::io::Write as _;
use std::path::Path;

use rouei_archive::{
    BadRecord, Record, RecordType, Withdrawals, captures_of, latest, original_of, read_at, record_by_id,
};
use rouei_model::{Issue, IssueCode};

use super::moment::stretch;
use crate::cli::ShowArgs;
use crate::document::decoded;
use crate::outcome::{Outcome, UsageError};
use crate::terminal::plain;

/// Runs the command.
pub fn run(args: &ShowArgs, archive: &Path) -> anyhow::Result<Outcome> {
    let Some(record) = find(args, archive)? else {
        return Err(UsageError(format!("the archive holds no capture of {}", args.target)).into());
    };
    let url = record.url().unwrap_or_default().to_owned();
    let withdrawals = Withdrawals::read(archive)?;
    if withdrawals.holds_back(&url) {
        return Err(UsageError(format!("{url} is withdrawn; `rouei archive withdrawn` says since when and why")).into());
    }
    let mut out = std::io::stdout().lock();
    if !args.body {
        write_heads(&mut out, &record)?;
    }
    if args.headers {
        return Ok(Outcome::Done);
    }
    let original = match record.record_type() {
        RecordType::Revisit => original_of(archive, &record)?,
        _ => None,
    };
    let shown = original.as_ref().unwrap_or(&record);
    if original.is_some() && !args.body {
        writeln!(out, "(the body is that of {}, captured {})\n", shown.id(), captured(shown))?;
    }
    let (body, content_type, issues) = body_of(shown);
    for issue in &issues {
        eprintln!("rouei: {}: {}", shown.id(), issue.message);
    }
    if args.body {
        out.write_all(&body)?;
    } else if is_text(content_type.as_deref()) {
        let text = rouei_text::decode(&body, content_type.as_deref()).text;
        for line in text.lines() {
            writeln!(out, "{}", plain(line))?;
        }
    } else {
        let kind = content_type.as_deref().unwrap_or("unknown type");
        writeln!(out, "({} bytes of {}; --body writes them)", body.len(), plain(kind))?;
    }
    out.flush()?;
    Ok(if issues.is_empty() { Outcome::Done } else { Outcome::SomeUnread })
}

fn find(args: &ShowArgs, archive: &Path) -> anyhow::Result<Option<Record>> {
    let mut trouble: Vec<BadRecord> = Vec::new();
    let at = args.at.as_deref().map(stretch).transpose()?;
    let found = if let Some(id) = super::record_id(&args.target) {
        record_by_id(archive, &id, &mut trouble)?
    } else {
        let found = captures_of(archive, &args.target, &mut trouble)?;
        // As of a day is as of its end.
        let until = at.map(|(from, behind)| behind.checked_sub(jiff::Span::new().nanoseconds(1)).unwrap_or(from));
        match latest(&found, until) {
            Some(place) => Some(read_at(&place.file, place.offset)?),
            None => None,
        }
    };
    for bad in &trouble {
        eprintln!("rouei: {bad}");
    }
    Ok(found)
}

fn write_heads(out: &mut impl std::io::Write, record: &Record) -> anyhow::Result<()> {
    writeln!(out, "{} at {} of {}", record.header.version, record.offset, record.file)?;
    for (name, value) in &record.header.fields {
        writeln!(out, "{}: {}", plain(name), plain(value))?;
    }
    writeln!(out)?;
    if let Some(Ok(message)) = record.http() {
        writeln!(out, "{} {}", plain(&message.protocol), message.status)?;
        for header in &message.headers {
            writeln!(out, "{}: {}", plain(&header.name), plain(&String::from_utf8_lossy(&header.value)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn body_of(record: &Record) -> (Vec<u8>, Option<String>, Vec<Issue>) {
    match record.page() {
        Some(Ok(page)) => {
            let mut issues: Vec<Issue> =
                page.notes.iter().map(|note| Issue::new(IssueCode::Truncated, note.clone())).collect();
            let (content_type, encoding) = (page.header("Content-Type"), page.header("Content-Encoding"));
            let body = decoded(page.body, encoding.as_deref(), &mut issues);
            (body, content_type, issues)
        }
        Some(Err(reason)) => (record.block.clone(), None, vec![Issue::new(IssueCode::BadRecord, reason)]),
        None if record.record_type() == RecordType::Revisit => {
            let reason = "a revisit whose original is not in the archive";
            (Vec::new(), None, vec![Issue::new(IssueCode::BadRecord, reason)])
        }
        None => (record.block.clone(), record.header.get("Content-Type").map(str::to_owned), Vec::new()),
    }
}

fn captured(record: &Record) -> String {
    record.date().map_or_else(|| "at an unknown time".to_owned(), |t| t.to_string())
}

fn is_text(content_type: Option<&str>) -> bool {
    let Some(value) = content_type else { return false };
    let media_type = value.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    media_type.starts_with("text/")
        || ["json", "xml", "javascript", "warc-fields"].iter().any(|end| media_type.ends_with(end))
        || media_type == "application/http"
}
