//! Measures for people.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::comparison::Change;
use super::rates::{Measures, Rate};
use super::scoring::{FIELDS, Mark};

/// Tables: fields, calibration, coverage, causes.
pub fn text(measures: &Measures) -> Result<String, fmt::Error> {
    let mut out = String::new();
    writeln!(
        out,
        "{:20} {:>9}  {:24} {:>9}  {:24} f1",
        "field", "of labels", "recall (95 %)", "of found", "precision (95 %)"
    )?;
    for (name, field) in FIELDS.iter().filter_map(|name| measures.fields.get(name).map(|f| (name, f))) {
        let (recall, precision) = (&field.recall, &field.precision);
        let f1 = field.f1.map_or_else(|| "–".to_owned(), |f| format!("{f:.3}"));
        let found = format!("{}/{}", precision.right, precision.of);
        let labels = format!("{}/{}", recall.right, recall.of);
        writeln!(out, "{name:20} {labels:>9}  {:24} {found:>9}  {:24} {f1}", shown(recall), shown(precision))?;
    }
    writeln!(out, "{:20} {:.3}", "macro", measures.macro_rate)?;
    writeln!(
        out,
        "\naccepted without review: {} right, coverage {}",
        share(&measures.auto_accepted),
        share(&measures.auto_coverage)
    )?;

    writeln!(out, "\nconfidence   records  claimed  right")?;
    for bin in measures.reliability.iter().filter(|b| b.observed.of > 0) {
        let claimed = bin.mean_confidence.unwrap_or_default();
        writeln!(
            out,
            "{:.1} to {:.1}  {:8}  {claimed:7.3}  {}",
            bin.from,
            bin.to,
            bin.observed.of,
            shown(&bin.observed)
        )?;
    }
    let error = measures.calibration_error.map_or_else(|| "no records".to_owned(), |e| format!("{e:.3}"));
    writeln!(out, "expected calibration error: {error}")?;

    writeln!(out, "\nclaims of             made  claimed  right                    calibration error")?;
    for (name, claims) in FIELDS.iter().filter_map(|name| Some((name, measures.claims.get(name)?))) {
        let error = claims.calibration_error.unwrap_or_default();
        let (made, claimed) = (claims.observed.of, claims.mean_confidence);
        writeln!(out, "{name:20} {made:5}  {claimed:7.3}  {:24} {error:.3}", shown(&claims.observed))?;
    }

    writeln!(out, "\nconfidence  coverage                 precision                on pages without disclosure")?;
    for cut in &measures.coverage {
        writeln!(
            out,
            "≥ {:.2}      {:24} {:24} {}",
            cut.at_least,
            shown(&cut.coverage),
            shown(&cut.precision),
            cut.on_negatives
        )?;
    }

    writeln!(out, "\nlabelled cause        found")?;
    for (want, row) in &measures.confusion {
        let mut row: Vec<(&String, &usize)> = row.iter().collect();
        row.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let cells: Vec<String> = row.iter().map(|(got, n)| format!("{got} {n}")).collect();
        writeln!(out, "{want:20}  {}", cells.join(", "))?;
    }
    Ok(out)
}

/// Each miss of a field: item, label, prediction, rule.
pub fn misses(marks: &[Mark], field: &str) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let wrong: Vec<&Mark> = marks.iter().filter(|m| m.field == field && !m.right).collect();
    for mark in &wrong {
        let rule = if mark.rule.is_empty() { "no rule" } else { &mark.rule };
        writeln!(out, "{} | want {} | got {} | {rule}", mark.item, mark.want, mark.got)?;
    }
    writeln!(out, "{} misses of {field}", wrong.len())?;
    Ok(out)
}

/// What was gained and lost.
pub fn changes(changes: &BTreeMap<&'static str, Change>) -> Result<String, fmt::Error> {
    let mut out = String::new();
    if changes.is_empty() {
        writeln!(out, "nothing gained, nothing lost")?;
    }
    for field in FIELDS {
        let Some(change) = changes.get(field) else { continue };
        writeln!(out, "{field}: {} gained, {} lost", change.gained.len(), change.lost.len())?;
        for (sign, items) in [("+", &change.gained), ("-", &change.lost)] {
            if !items.is_empty() {
                writeln!(out, "  {sign} {}", items.join(", "))?;
            }
        }
    }
    Ok(out)
}

/// `0.912 (0.870–0.942)`.
fn shown(rate: &Rate) -> String {
    match (rate.rate, rate.low, rate.high) {
        (Some(rate), Some(low), Some(high)) => format!("{rate:.3} ({low:.3}–{high:.3})"),
        _ => "–".to_owned(),
    }
}

fn share(rate: &Rate) -> String {
    format!("{}/{} = {}", rate.right, rate.of, shown(rate))
}
