//! `rouei incident`: the real events, who tells of each, and why they were joined.

use std::io::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::cli::{DataArgs, Format, IncidentCommand};
use crate::commands::report::parse_month;
use crate::incidents::{Incidents, KnownIncident, Place};
use crate::opening::store_for_reading;
use crate::outcome::{Outcome, UsageError};
use crate::report::{Words, count_of, count_text, entry_of, figure_text};
use crate::terminal::{Table, plain};

/// Runs the command.
pub fn run(command: &IncidentCommand) -> anyhow::Result<Outcome> {
    match command {
        IncidentCommand::List { month, format, data } => list(month.as_deref(), *format, data),
        IncidentCommand::Show { id, format, data } => show(id, *format, data),
    }
}

/// One line of the list.
#[derive(Serialize)]
struct Line {
    id: String,
    /// The day that counts it; null where no month does.
    first_announced: Option<Date>,
    /// Why that day, or why none.
    place: &'static str,
    organization: Option<String>,
    /// The figure of the whole, in the words of a report.
    headline: String,
    cause: Option<&'static str>,
    /// Pages that tell of it.
    sources: usize,
    /// Victims of a provider's incident.
    parts: usize,
}

#[derive(Serialize)]
struct Detail {
    #[serde(flatten)]
    line: Line,
    lead: String,
    members: Vec<MemberLine>,
    figures: Vec<FigureLine>,
    part_list: Vec<PartLine>,
}

#[derive(Serialize)]
struct MemberLine {
    id: String,
    placed: Option<Date>,
    source_tier: &'static str,
    organization: Option<String>,
    count: String,
    url: Option<String>,
    path: Option<String>,
    score: f64,
    reasons: Vec<ReasonLine>,
}

#[derive(Serialize)]
struct ReasonLine {
    rule: &'static str,
    label: String,
    weight: f64,
    with: String,
    detail: String,
}

#[derive(Serialize)]
struct FigureLine {
    as_of: Option<Date>,
    value: u64,
    unit: String,
    text: String,
    disclosure: String,
}

#[derive(Serialize)]
struct PartLine {
    organization: String,
    count: String,
    lead: String,
    members: Vec<String>,
}

fn list(month: Option<&str>, format: Format, data: &DataArgs) -> anyhow::Result<Outcome> {
    let month = month.map(parse_month).transpose()?;
    let words = Words::built_in()?;
    let incidents = Incidents::derive(&store_for_reading(data)?)?;
    let found = match month {
        Some((year, month)) => incidents.of_month(year, month),
        None => incidents.by_day(),
    };
    let lines: Vec<Line> = found.into_iter().map(|i| line(&incidents, i, &words)).collect();
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&lines)?)?,
        Format::Text if lines.is_empty() => eprintln!("no incidents"),
        Format::Text => {
            let mut table = Table::new(&["id", "announced", "organization", "count", "cause", "sources"]);
            for line in &lines {
                table.row(&[
                    &line.id,
                    &line.first_announced.map_or_else(|| "?".to_owned(), |d| d.to_string()),
                    line.organization.as_deref().unwrap_or("?"),
                    &line.headline,
                    words.cause(line.cause.and_then(rouei_model::CauseCode::from_code)),
                    &line.sources.to_string(),
                ]);
            }
            table.write(&mut out)?;
        }
    }
    Ok(Outcome::Done)
}

fn show(id: &str, format: Format, data: &DataArgs) -> anyhow::Result<Outcome> {
    let words = Words::built_in()?;
    let incidents = Incidents::derive(&store_for_reading(data)?)?;
    let detail = detail(&incidents, resolve(&incidents, id)?, &words);
    let mut out = std::io::stdout().lock();
    match format {
        Format::Json => writeln!(out, "{}", serde_json::to_string(&detail)?)?,
        Format::Text => write_detail(&mut out, &detail, &words)?,
    }
    Ok(Outcome::Done)
}

fn resolve<'a>(incidents: &'a Incidents, prefix: &str) -> anyhow::Result<&'a KnownIncident> {
    let begins = |i: &&KnownIncident| {
        !prefix.is_empty() && (i.link.id.starts_with(prefix) || i.link.members.iter().any(|m| m.id.starts_with(prefix)))
    };
    let found: Vec<&KnownIncident> = incidents.by_day().into_iter().filter(begins).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(UsageError(format!("no incident begins with {prefix:?}; `rouei incident list` shows them")).into()),
        many => {
            let shown: Vec<&str> = many.iter().take(5).map(|i| i.link.id.as_str()).collect();
            let more = if many.len() > shown.len() { ", …" } else { "" };
            Err(UsageError(format!("{} incidents begin with {prefix:?}: {}{more}", many.len(), shown.join(", ")))
                .into())
        }
    }
}

fn line(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> Line {
    let mut pages: Vec<&str> = incidents.members(incident).iter().map(|t| t.row.document_id.as_str()).collect();
    pages.sort_unstable();
    pages.dedup();
    Line {
        id: incident.link.id.clone(),
        first_announced: incident.place.day(),
        place: match incident.place {
            Place::First(_) => "first",
            Place::Occurred(_) => "occurred",
            Place::OnlyLater => "only_later",
            Place::WithoutDay => "without_day",
        },
        organization: entry_of(incidents, incident, words).map(|e| e.organization),
        headline: count_of(incidents, incident, words),
        cause: incidents.cause(incident).map(rouei_model::CauseCode::code),
        sources: pages.len(),
        parts: incident.link.parts.len(),
    }
}

fn detail(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> Detail {
    let link = &incident.link;
    let member = |m: &rouei_link::Member| {
        let t = incidents.telling(&m.id)?;
        let reason = |r: &rouei_link::Reason| ReasonLine {
            rule: r.rule.id(),
            label: r.label.clone(),
            weight: r.weight,
            with: r.with.clone(),
            detail: r.detail.clone(),
        };
        Some(MemberLine {
            id: m.id.clone(),
            placed: t.row.placed,
            source_tier: t.row.source_tier.code(),
            organization: t.row.organization.clone(),
            count: count_text(&t.row, &t.machine, words),
            url: t.row.url.clone(),
            path: t.row.path.clone(),
            score: m.score,
            reasons: m.reasons.iter().map(reason).collect(),
        })
    };
    let figure = |f: &rouei_link::Figure| FigureLine {
        as_of: f.as_of,
        value: f.value,
        unit: f.unit.clone(),
        text: figure_text(incidents, f, words),
        disclosure: f.disclosure.clone(),
    };
    let part = |p: &rouei_link::Part| PartLine {
        organization: p.organization.clone(),
        count: incidents.telling(&p.lead).map_or_else(String::new, |t| count_text(&t.row, &t.machine, words)),
        lead: p.lead.clone(),
        members: p.members.clone(),
    };
    Detail {
        line: line(incidents, incident, words),
        lead: link.lead.clone(),
        members: link.members.iter().filter_map(member).collect(),
        figures: link.figures.iter().map(figure).collect(),
        part_list: link.parts.iter().map(part).collect(),
    }
}

fn write_detail(out: &mut impl Write, detail: &Detail, words: &Words) -> std::io::Result<()> {
    let line = &detail.line;
    let day = |day: Option<Date>| day.map_or_else(|| "不明".to_owned(), |d| d.to_string());
    let counted = match line.place {
        "occurred" => "（発生日。まとめ記事のみ）",
        "only_later" => "（集計外: 初回の公表なし）",
        "without_day" => "（集計外: 公表日・発生日不明）",
        _ => "",
    };
    writeln!(out, "事案      {}", line.id)?;
    writeln!(out, "初回公表  {}{counted}", day(line.first_announced))?;
    writeln!(out, "組織      {}", plain(line.organization.as_deref().unwrap_or("不明")))?;
    writeln!(out, "規模      {}", plain(&line.headline))?;
    writeln!(out, "原因      {}", words.cause(line.cause.and_then(rouei_model::CauseCode::from_code)))?;
    writeln!(out, "\n文書（{}件）", detail.members.len())?;
    for member in &detail.members {
        let lead = if member.id == detail.lead { "代表 " } else { "" };
        let tier = rouei_model::SourceTier::from_code(member.source_tier).map_or("", |t| words.source_tier(t));
        let organization = plain(member.organization.as_deref().unwrap_or("不明"));
        let (id, placed, count) = (&member.id, day(member.placed), plain(&member.count));
        writeln!(out, "  {id}  {placed}  {lead}{tier}  {organization}  {count}")?;
        if let Some(place) = member.url.as_ref().or(member.path.as_ref()) {
            writeln!(out, "    {}", plain(place))?;
        }
        if let Some(first) = member.reasons.first() {
            writeln!(out, "    一致度 {:.2}（{} との比較）", member.score, first.with)?;
        }
        for reason in &member.reasons {
            let detail = if reason.detail.is_empty() { String::new() } else { format!("  {}", plain(&reason.detail)) };
            writeln!(out, "      {:+.1} {}{detail}", reason.weight, reason.label)?;
        }
    }
    if !detail.figures.is_empty() {
        writeln!(out, "\n件数の推移")?;
        for figure in &detail.figures {
            writeln!(out, "  {}  {}  {}", day(figure.as_of), plain(&figure.text), figure.disclosure)?;
        }
    }
    if !detail.part_list.is_empty() {
        writeln!(out, "\n内訳（足し合わせません）")?;
        for part in &detail.part_list {
            let documents = part.members.len();
            writeln!(out, "  {}  {}  文書{documents}件", plain(&part.organization), plain(&part.count))?;
        }
    }
    Ok(())
}
