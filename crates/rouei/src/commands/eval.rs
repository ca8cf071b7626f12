//! `rouei eval`: extraction measured against labelled pages.

use std::io::{self, Write as _};

use serde_json::json;

use crate::cli::{EvalArgs, Format};
use crate::eval::prediction::Beside;
use crate::eval::rates::Measures;
use crate::eval::scoring::FIELDS;
use crate::eval::{Case, Predictions, Scores, comparison, fitting, gold, report};
use crate::lexicons;
use crate::outcome::{Outcome, UsageError};

/// Fields whose misses the judgement of the page explains.
const JUDGED: [&str; 3] = ["disclosure", "positive_kept", "negative_rejected"];

/// Fields whose rules stand in no record.
const STATED: [&str; 3] = ["leak_status", "event", "stage"];

/// Runs the command.
pub fn run(args: &EvalArgs) -> anyhow::Result<Outcome> {
    if let Some(field) = args.errors.as_deref().filter(|f| !FIELDS.contains(f)) {
        return Err(UsageError(format!("no field {field:?}; there are {}", FIELDS.join(", "))).into());
    }
    let cases = gold::read(&args.gold, &args.split)?;
    if args.fit {
        return fit(args, &cases);
    }
    let predictions = match &args.predictions {
        Some(file) => Predictions::read(file)?,
        None => {
            let beside = match args.errors.as_deref() {
                Some(field) if JUDGED.contains(&field) => Beside::Judgement,
                Some(field) if STATED.contains(&field) => Beside::Status,
                _ => Beside::Nothing,
            };
            Predictions::extract(&lexicons::extractor(args.lexicons.as_deref())?, &args.gold, &cases, args.on, beside)?
        }
    };
    let scores = Scores::of(&cases, &predictions);
    let measures = Measures::of(&scores);
    let changes = match &args.compare {
        Some(old) => Some(comparison::compare(&Scores::of(&cases, &Predictions::read(old)?), &scores)),
        None => None,
    };
    let mut out = io::stdout().lock();
    match args.format {
        Format::Json => {
            let mut line = serde_json::to_value(&measures)?;
            line["cases"] = json!(cases.len());
            line["splits"] = json!(args.split);
            if let Some(field) = &args.errors {
                let wrong = scores.marks.iter().filter(|m| m.field == *field && !m.right);
                line["errors"] =
                    wrong.map(|m| json!({"item": m.item, "want": m.want, "got": m.got, "rule": m.rule})).collect();
            }
            if let Some(changes) = changes {
                line["changes"] = serde_json::to_value(changes)?;
            }
            writeln!(out, "{line}")?;
        }
        Format::Text if args.errors.is_some() || changes.is_some() => {
            if let Some(field) = &args.errors {
                write!(out, "{}", report::misses(&scores.marks, field)?)?;
            }
            if let Some(changes) = changes {
                write!(out, "{}", report::changes(&changes)?)?;
            }
        }
        Format::Text => {
            let splits = if args.split.is_empty() { "all".to_owned() } else { args.split.join(", ") };
            writeln!(out, "{} cases, splits: {splits}\n", cases.len())?;
            write!(out, "{}", report::text(&measures)?)?;
        }
    }
    Ok(Outcome::Done)
}

/// Prints a `confidence.toml` under which the records of these cases are as sure as they are right.
fn fit(args: &EvalArgs, cases: &[Case]) -> anyhow::Result<Outcome> {
    let extractor = lexicons::extractor(args.lexicons.as_deref())?.unscaled();
    let predictions = Predictions::extract(&extractor, &args.gold, cases, args.on, Beside::Features)?;
    let weights = fitting::fit(cases, &predictions, extractor.lexicons().confidence.review_below);
    write!(io::stdout().lock(), "{}", toml::to_string(&weights)?)?;
    Ok(Outcome::Done)
}
