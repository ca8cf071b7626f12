//! Rates with intervals, and whether a confidence means what it says.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Scores;
use super::scoring::{FIELDS, Mark};

/// Fields whose plain mean is the `macro` rate.
pub const CORE: [&str; 5] = ["organization", "headline_count", "cause", "date_announced", "negative_rejected"];

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// Successes.
    pub right: usize,
    /// Trials.
    pub of: usize,
    /// None of none.
    pub rate: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Rate {
    /// With the score interval of Wilson (JASA 22, 1927, 209–212): honest near 1 and with few cases.
    pub fn new(right: usize, of: usize) -> Self {
        if of == 0 {
            return Self { right, of, rate: None, low: None, high: None };
        }
        const Z: f64 = 1.959_963_984_540_054;
        let (n, p) = (of as f64, right as f64 / of as f64);
        let scale = 1.0 + Z * Z / n;
        let centre = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let (low, high) = ((centre - half).max(0.0), (centre + half).min(1.0));
        Self { right, of, rate: Some(round(p)), low: Some(round(low)), high: Some(round(high)) }
    }
}

/// One field.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Of the labelled values, those found.
    #[serde(flatten)]
    pub recall: Rate,
    /// Of the values found, those that are right.
    pub precision: Rate,
    /// Harmonic mean of both.
    pub f1: Option<f64>,
}

/// One bin of the reliability table.
#[derive(Clone, Debug, Serialize)]
pub struct Bin {
    /// Confidence from.
    pub from: f64,
    /// Confidence to, exclusive but for the last.
    pub to: f64,
    /// What the extractor claimed, on average.
    pub mean_confidence: Option<f64>,
    /// How often it was right.
    pub observed: Rate,
}

/// The claims of one field.
#[derive(Clone, Debug, Serialize)]
pub struct Claims {
    /// What the extractor claimed, on average.
    pub mean_confidence: f64,
    /// How often it was right.
    pub observed: Rate,
    /// Expected calibration error over ten bins.
    pub calibration_error: Option<f64>,
    /// Ten bins.
    pub reliability: Vec<Bin>,
}

/// One row of coverage against precision.
#[derive(Clone, Debug, Serialize)]
pub struct Cut {
    /// Records of at least this confidence.
    pub at_least: f64,
    /// Of the pages of one incident, those with such a record.
    pub coverage: Rate,
    /// Of these records, the right ones.
    pub precision: Rate,
    /// Such records on pages that disclose nothing.
    pub on_negatives: usize,
}

/// Everything that is counted.
#[derive(Clone, Debug, Serialize)]
pub struct Measures {
    /// By name.
    pub fields: BTreeMap<&'static str, Field>,
    /// Mean over [`CORE`].
    #[serde(rename = "macro")]
    pub macro_rate: f64,
    /// Records without review, on pages of one incident: the right ones.
    pub auto_accepted: Rate,
    /// Of the pages of one incident, those with such a record.
    pub auto_coverage: Rate,
    /// Ten bins. Records on pages that disclose nothing are wrong.
    pub reliability: Vec<Bin>,
    /// Expected calibration error: mean distance of claimed and observed over the bins, weighted by their records.
    pub calibration_error: Option<f64>,
    /// Of the claims with a confidence of their own: what was claimed and how often it was right.
    pub claims: BTreeMap<&'static str, Claims>,
    /// By rising confidence.
    pub coverage: Vec<Cut>,
    /// Labelled cause → found cause → pages.
    pub confusion: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Measures {
    /// Counts the marks.
    pub fn of(scores: &Scores) -> Self {
        let fields: BTreeMap<&'static str, Field> =
            FIELDS.iter().filter_map(|name| Some((*name, field(&scores.marks, name)?))).collect();
        let core = CORE.iter().map(|name| fields.get(name).and_then(|f| f.recall.rate).unwrap_or(0.0));
        let accepted = || scores.records.iter().filter(|r| r.accepted && !r.on_negative);
        let mut confusion: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (want, got) in &scores.causes {
            *confusion.entry(want.clone()).or_default().entry(got.clone()).or_default() += 1;
        }
        let reliability = reliability(scores.records.iter().map(|r| (r.confidence, r.right)).collect());
        Self {
            macro_rate: round(core.sum::<f64>() / CORE.len() as f64),
            auto_accepted: Rate::new(accepted().filter(|r| r.right).count(), accepted().count()),
            auto_coverage: Rate::new(accepted().count(), scores.singles),
            calibration_error: calibration_error(&reliability),
            reliability,
            claims: FIELDS.iter().filter_map(|name| Some((*name, claims(&scores.marks, name)?))).collect(),
            coverage: coverage(scores),
            confusion,
            fields,
        }
    }
}

fn field(marks: &[Mark], name: &str) -> Option<Field> {
    let own: Vec<&Mark> = marks.iter().filter(|m| m.field == name).collect();
    if own.is_empty() {
        return None;
    }
    let count = |test: fn(&Mark) -> bool| own.iter().filter(|m| test(m)).count();
    let recall = Rate::new(count(|m| m.wanted && m.right), count(|m| m.wanted));
    let precision = Rate::new(count(|m| m.given && m.right), count(|m| m.given));
    let f1 = match (recall.rate, precision.rate) {
        (Some(r), Some(p)) if r + p > 0.0 => Some(round(2.0 * r * p / (r + p))),
        _ => None,
    };
    Some(Field { recall, precision, f1 })
}

fn claims(marks: &[Mark], name: &str) -> Option<Claims> {
    let of_field = marks.iter().filter(|m| m.field == name && m.given);
    let made: Vec<(f64, bool)> = of_field.filter_map(|m| Some((m.confidence?, m.right))).collect();
    if made.is_empty() {
        return None;
    }
    let mean = made.iter().map(|(confidence, _)| confidence).sum::<f64>() / made.len() as f64;
    let observed = Rate::new(made.iter().filter(|(_, right)| *right).count(), made.len());
    let reliability = reliability(made);
    let calibration_error = calibration_error(&reliability);
    Some(Claims { mean_confidence: round(mean), observed, calibration_error, reliability })
}

/// Ten bins of `(confidence, right)`.
fn reliability(made: Vec<(f64, bool)>) -> Vec<Bin> {
    let mut bins = vec![Vec::new(); 10];
    for (confidence, right) in made {
        bins[((confidence * 10.0).max(0.0) as usize).min(9)].push((confidence, right));
    }
    let bin = |(number, made): (usize, Vec<(f64, bool)>)| {
        let sum: f64 = made.iter().map(|(confidence, _)| confidence).sum();
        Bin {
            from: number as f64 / 10.0,
            to: (number + 1) as f64 / 10.0,
            mean_confidence: (!made.is_empty()).then(|| round(sum / made.len() as f64)),
            observed: Rate::new(made.iter().filter(|(_, right)| *right).count(), made.len()),
        }
    };
    bins.into_iter().enumerate().map(bin).collect()
}

fn calibration_error(bins: &[Bin]) -> Option<f64> {
    let all: usize = bins.iter().map(|b| b.observed.of).sum();
    let distance = |b: &Bin| Some((b.mean_confidence? - b.observed.rate?).abs() * b.observed.of as f64);
    (all > 0).then(|| round(bins.iter().filter_map(distance).sum::<f64>() / all as f64))
}

fn coverage(scores: &Scores) -> Vec<Cut> {
    [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95]
        .into_iter()
        .map(|at_least| {
            let above = |on_negative: bool| {
                scores.records.iter().filter(move |r| r.confidence >= at_least && r.on_negative == on_negative)
            };
            Cut {
                at_least,
                coverage: Rate::new(above(false).count(), scores.singles),
                precision: Rate::new(above(false).filter(|r| r.right).count(), above(false).count()),
                on_negatives: above(true).count(),
            }
        })
        .collect()
}

/// Four digits: more would be noise that changes files.
fn round(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_intervals_are_those_of_the_tables() {
        // Newcombe (1998), table I, method 3.
        for (right, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let rate = Rate::new(right, of);
            assert_eq!((rate.low, rate.high), (Some(low), Some(high)), "{right} of {of}");
        }
        assert_eq!(Rate::new(0, 0).rate, None);
    }

    #[test]
    fn a_confidence_that_is_kept_has_no_calibration_error() {
        let kept = (0..10).map(|i| (0.9, i != 0)).collect();
        assert_eq!(calibration_error(&reliability(kept)), Some(0.0));
        let boast = (0..10).map(|i| (0.9, i % 2 == 0)).collect();
        assert_eq!(calibration_error(&reliability(boast)), Some(0.4));
        assert_eq!(calibration_error(&reliability(Vec::new())), None);
    }
}
