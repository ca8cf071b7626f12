//! A page for people a sentence.

use std::fmt::{self, Write as _};

use jiff::civil::Date;
use rouei_extract::Explanation;
use rouei_extract::counts::CountFinding;
use rouei_model::{Bound, Span};

use super::{code, role};

/// Everything that was found, one line each.
pub(super) fn page(explanation: &Explanation) -> Result<String, fmt::Error> {
    let mut out = String::new();
    writeln!(out, "{}", explanation.text())?;
    tokens(&mut out, explanation)?;
    section(&mut out, "organizations", organizations(explanation))?;
    section(&mut out, "counts", explanation.counts.iter().map(|c| count(explanation, c)).collect())?;
    section(&mut out, "dates", dates(explanation))?;
    section(&mut out, "causes", causes(explanation))?;
    section(&mut out, "data types", data_types(explanation))?;
    section(&mut out, "status", status(explanation))?;
    let judgement = &explanation.judgement;
    let verdict = if judgement.is_disclosure() { "a disclosure" } else { "no disclosure" };
    writeln!(out, "judgement: {verdict}, score {:+.2}", judgement.score)?;
    for (rule, weight) in &judgement.reasons {
        writeln!(out, "  {weight:+.2}  {rule}")?;
    }
    Ok(out)
}

fn tokens(out: &mut String, explanation: &Explanation) -> fmt::Result {
    write!(out, "tokens:")?;
    for token in &explanation.tokens {
        let unknown = if token.known { "" } else { "?" };
        write!(out, " {}/{}{unknown}", &explanation.text()[token.start..token.end], code(token.class))?;
    }
    writeln!(out)
}

fn section(out: &mut String, title: &str, lines: Vec<String>) -> fmt::Result {
    if lines.is_empty() {
        return writeln!(out, "{title}: none");
    }
    writeln!(out, "{title}:")?;
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn organizations(explanation: &Explanation) -> Vec<String> {
    let line = |(index, found): (usize, &rouei_extract::organizations::OrganizationFinding)| {
        let part = match role(explanation, index) {
            Some((role, rule)) => format!("{role} ({rule})"),
            None => "no part".to_owned(),
        };
        let seen = format!("{}, known by {}", code(found.kind), code(found.mention));
        format!("{} {}: {seen}: {part}", place(explanation, found.span), found.name)
    };
    explanation.mentions.iter().enumerate().map(line).collect()
}

fn count(explanation: &Explanation, count: &CountFinding) -> String {
    let mut what = match (count.value, count.undisclosed) {
        (Some(value), _) => format!("{value}{}", count.unit),
        (None, Some(reason)) => format!("no figure: {}", reason.code()),
        (None, None) => "no figure".to_owned(),
    };
    if let Some(max) = count.max_value {
        let _ = write!(what, " to {max}");
    }
    if let Some(reason) = &count.rejected {
        return format!("{} {what}: rejected by {reason}", place(explanation, count.span));
    }
    if count.bound != Bound::Exact {
        let _ = write!(what, " {}", count.bound.code());
    }
    for (flag, name) in [
        (count.approx, "approx"),
        (count.cumulative, "cumulative"),
        (count.total, "total"),
        (count.deduplicated, "deduplicated"),
    ] {
        if flag {
            let _ = write!(what, " {name}");
        }
    }
    let _ = write!(what, ", {}, {}", count.subject.code(), count.scope.code());
    if let Some(whole) = count.part_of.and_then(|p| explanation.counts.get(p)) {
        let _ = write!(what, ", part of {}", place(explanation, whole.span));
    }
    format!("{} {what} (count/{}, {:.2})", place(explanation, count.span), count.rule, count.confidence)
}

fn dates(explanation: &Explanation) -> Vec<String> {
    let line = |d: &rouei_extract::dates::DateFinding| {
        let day = |date: Option<Date>| date.map_or_else(|| "?".to_owned(), |d| d.to_string());
        let days = if d.from == d.to { day(d.from) } else { format!("{} to {}", day(d.from), day(d.to)) };
        let doubtful = if d.doubtful { ", doubtful" } else { "" };
        let verdict = match (&d.rejected, d.kind) {
            (Some(reason), _) => format!("rejected by {reason}"),
            (None, Some(kind)) => format!("{} (date/{}, {:.2})", kind.code(), d.rule, d.confidence),
            (None, None) => format!("no moment (date/{})", d.rule),
        };
        format!("{} {days} by {}{doubtful}: {verdict}", place(explanation, d.span), d.precision.code())
    };
    explanation.dates.iter().map(line).collect()
}

fn causes(explanation: &Explanation) -> Vec<String> {
    let line = |c: &rouei_extract::causes::CauseFinding| {
        let spans: Vec<String> = c.spans.iter().map(|&s| place(explanation, s)).collect();
        format!("{} {}: {:.1} (cause/{}, {:.2})", spans.join(" "), c.code.code(), c.score, c.rule, c.confidence)
    };
    explanation.causes.iter().map(line).collect()
}

fn data_types(explanation: &Explanation) -> Vec<String> {
    let line = |d: &rouei_extract::data_types::DataTypeFinding| {
        let place = place(explanation, d.span);
        format!("{place} {} {} (data_type/{}, {:.2})", d.code.code(), d.state.code(), d.rule, d.confidence)
    };
    explanation.data_types.iter().map(line).collect()
}

fn status(explanation: &Explanation) -> Vec<String> {
    let status = &explanation.status;
    let line = |name: &str, value: Option<&str>, span: Option<Span>| {
        let rule = status.rules.iter().find(|r| r.starts_with(&format!("{name}/")));
        let by = rule.map_or_else(String::new, |r| format!(" ({r})"));
        let at = span.map_or_else(String::new, |s| format!("{} ", place(explanation, s)));
        value.map(|value| format!("{at}{name} {value}{by}"))
    };
    [
        line("leak", status.leak_status.map(rouei_model::LeakStatus::code), status.leak_span),
        line("event", Some(status.event.code()), status.event_span),
        line("stage", Some(status.stage.code()), status.stage_span),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `12–17「4,210人」`, in code points of the sentence as given.
fn place(explanation: &Explanation, span: Span) -> String {
    let evidence = explanation.evidence(span);
    format!("{}–{}「{}」", evidence.start, evidence.end, evidence.quote)
}
