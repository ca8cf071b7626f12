//! `rouei review`: what the machine is unsure of, with the sentences that say so, and the reviewer's decisions.

mod show;

use std::io::Write as _;

use jiff::Timestamp;
use rouei_model::{Review, ReviewAction, ReviewField};
use rouei_store::{DisclosureRow, MachineValues, NewReview, Store};

use crate::cli::{DataArgs, DecisionArgs, ReviewCommand};
use crate::opening::{store_for_reading, store_for_writing, usage_or_failure};
use crate::outcome::{Outcome, UsageError};
use crate::report::{Words, count_text};
use crate::terminal::Table;

/// Runs the command.
pub fn run(command: &ReviewCommand, quiet: bool) -> anyhow::Result<Outcome> {
    let words = Words::built_in()?;
    match command {
        ReviewCommand::List { all, limit, data } => list(data, *all, *limit, &words),
        ReviewCommand::Show { id, data } => {
            let store = store_for_reading(data)?;
            show::run(&store, &resolve(&store, id)?, &words)
        }
        ReviewCommand::Accept { id, field, decision } => {
            decide(id, parse_field(field)?, ReviewAction::Accept, None, decision, quiet, &words)
        }
        ReviewCommand::Correct { id, field, value, decision } => {
            let field = parse_field(field)?;
            let value = typed(field, value, &words);
            decide(id, field, ReviewAction::Correct, Some(value), decision, quiet, &words)
        }
        ReviewCommand::Reject { id, decision } => {
            decide(id, ReviewField::Record, ReviewAction::Reject, None, decision, quiet, &words)
        }
        ReviewCommand::Undo { review, decision } => undo(review, decision, quiet),
    }
}

fn list(data: &DataArgs, all: bool, limit: Option<u32>, words: &Words) -> anyhow::Result<Outcome> {
    let store = store_for_reading(data)?;
    let rows = if all { store.by_confidence(limit)? } else { store.review_queue(limit)? };
    let machine = store.machine_values()?;
    let mut out = std::io::stdout().lock();
    if rows.is_empty() {
        eprintln!("{}", if all { "no records" } else { "nothing waits for a decision" });
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&["id", "conf", "announced", "organization", "count", "cause", "state"]);
    for row in &rows {
        let machine = machine.get(&row.id).cloned().unwrap_or_default();
        table.row(&[
            &row.id,
            &format!("{:.2}", row.confidence),
            &row.announced_from.map_or_else(|| "?".to_owned(), |d| d.to_string()),
            row.organization.as_deref().unwrap_or("?"),
            &count_text(row, &machine, words),
            words.cause(row.cause),
            state(row),
        ]);
    }
    table.write(&mut out)?;
    Ok(Outcome::Done)
}

fn state(row: &DisclosureRow) -> &'static str {
    match row {
        row if row.withdrawn => "withdrawn",
        row if row.rejected => "rejected",
        row if row.outdated => "changed since it was decided",
        row if row.decided => "decided",
        row if row.needs_review => "needs review",
        _ => "",
    }
}

fn decide(
    id: &str,
    field: ReviewField,
    action: ReviewAction,
    value: Option<String>,
    decision: &DecisionArgs,
    quiet: bool,
    words: &Words,
) -> anyhow::Result<Outcome> {
    let reviewer = reviewer(decision)?;
    let store = store_for_writing(&decision.data)?;
    let disclosure = resolve(&store, id)?;
    let before = field_text(&store, &disclosure, field, words)?;
    let new = NewReview {
        disclosure: disclosure.clone(),
        field,
        action,
        value,
        reviewer,
        note: decision.note.clone(),
        decided: Timestamp::now(),
    };
    let review = store.add_review(&new).map_err(|error| match (field, error) {
        (ReviewField::Cause, rouei_store::StoreError::BadValue { value, .. }) => {
            let codes: Vec<String> = rouei_model::CauseCode::ALL
                .iter()
                .map(|c| format!("{} ({})", c.code(), words.cause(Some(*c))))
                .collect();
            UsageError(format!("cause: {value:?} is no cause; one of {}, or unknown", codes.join(", "))).into()
        }
        (_, error) => usage_or_failure(error),
    })?;
    if !quiet {
        let after = field_text(&store, &disclosure, field, words)?;
        let (number, action) = (review.id, action.code());
        let mut out = std::io::stdout().lock();
        match action {
            "correct" => writeln!(out, "decision {number}: {disclosure} {}: {before} → {after}", field.code())?,
            "reject" => writeln!(out, "decision {number}: {disclosure} is no disclosure: {before}")?,
            _ => writeln!(out, "decision {number}: {disclosure} {} is right: {after}", field.code())?,
        }
    }
    Ok(Outcome::Done)
}

fn undo(which: &str, decision: &DecisionArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let reviewer = reviewer(decision)?;
    let store = store_for_writing(&decision.data)?;
    let undone: Review = if which == "last" {
        let last = store.last_standing_review(&reviewer)?;
        last.ok_or_else(|| UsageError(format!("no decision of {reviewer} stands; name the decision by its number")))?
    } else {
        let number: i64 = which
            .parse()
            .map_err(|_| UsageError(format!("{which:?} is neither the number of a decision nor `last`")))?;
        store.review(number).map_err(usage_or_failure)?
    };
    let by = store
        .undo_review(undone.id, &reviewer, decision.note.as_deref(), Timestamp::now())
        .map_err(usage_or_failure)?;
    if !quiet {
        let mut out = std::io::stdout().lock();
        let what = undone.value.map_or_else(String::new, |v| format!(" {}", crate::terminal::plain(&v)));
        writeln!(
            out,
            "decision {}: takes back {} ({} {}{what}) of {}",
            by.id,
            undone.id,
            undone.action.code(),
            undone.field.code(),
            undone.disclosure
        )?;
    }
    Ok(Outcome::Done)
}

/// The identifier that begins so, if it is the only one.
fn resolve(store: &Store, prefix: &str) -> anyhow::Result<String> {
    let mut found = if prefix.is_empty() { Vec::new() } else { store.disclosure_ids(prefix)? };
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(UsageError(format!("no record begins with {prefix:?}; `rouei review list --all` shows them")).into()),
        n => {
            let shown: Vec<&str> = found.iter().take(5).map(String::as_str).collect();
            let more = if n > shown.len() { ", …" } else { "" };
            Err(UsageError(format!("{n} records begin with {prefix:?}: {}{more}", shown.join(", "))).into())
        }
    }
}

fn parse_field(text: &str) -> anyhow::Result<ReviewField> {
    ReviewField::from_code(text).ok_or_else(|| {
        let known: Vec<&str> = ReviewField::ALL.iter().map(|f| f.code()).collect();
        UsageError(format!("{text:?} is no field; one of {}", known.join(", "))).into()
    })
}

/// A cause may be typed by its Japanese name; the store knows codes.
fn typed(field: ReviewField, value: &str, words: &Words) -> String {
    let value = value.trim();
    match words.cause_called(value) {
        Some(cause) if field == ReviewField::Cause => cause.code().to_owned(),
        _ => value.to_owned(),
    }
}

fn reviewer(decision: &DecisionArgs) -> anyhow::Result<String> {
    let name = decision.reviewer.trim();
    if name.is_empty() {
        return Err(UsageError("who decides? name the reviewer by --reviewer".to_owned()).into());
    }
    Ok(name.to_owned())
}

fn field_text(store: &Store, id: &str, field: ReviewField, words: &Words) -> anyhow::Result<String> {
    let row = store.disclosure(id).map_err(usage_or_failure)?.row;
    let machine = store.machine_values()?.remove(id).unwrap_or_default();
    Ok(crate::terminal::plain(&standing(&row, &machine, field, words)))
}

/// A field as it stands, in words.
fn standing(row: &DisclosureRow, machine: &MachineValues, field: ReviewField, words: &Words) -> String {
    let unknown = || "unknown".to_owned();
    match field {
        ReviewField::Record => {
            let fields =
                [ReviewField::Organization, ReviewField::HeadlineCount, ReviewField::Cause, ReviewField::Announced];
            fields.map(|f| standing(row, machine, f, words)).join(", ")
        }
        ReviewField::Organization => row.organization.clone().unwrap_or_else(unknown),
        ReviewField::HeadlineCount => count_text(row, machine, words),
        ReviewField::Cause => row.cause.map_or_else(unknown, |c| format!("{} ({})", words.cause(Some(c)), c.code())),
        ReviewField::Announced => range(row.announced_from, row.announced_to),
        ReviewField::Occurred => range(row.occurred_from, row.occurred_to),
        ReviewField::Discovered => range(row.discovered_from, row.discovered_to),
    }
}

fn range(from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>) -> String {
    match (from, to) {
        (None, None) => "unknown".to_owned(),
        (Some(from), Some(to)) if from == to => from.to_string(),
        (from, to) => {
            let day = |d: Option<jiff::civil::Date>| d.map_or_else(|| "?".to_owned(), |d| d.to_string());
            format!("{} to {}", day(from), day(to))
        }
    }
}
