//! The numbers of `confidence.toml`, fitted to labelled pages (ADR 0087).

use std::collections::BTreeMap;

use rouei_extract::confidence::{FEATURES, FIELDS, INTERCEPT, Scale, Weights, log_odds};

use super::scoring::Scores;
use super::{Case, Predictions};

/// How strongly weights are drawn towards zero: as much as this many records with a value of one say.
const RIDGE: f64 = 1.0;

/// Passes over all weights; far more than it takes until none moves.
const PASSES: usize = 500;

/// Fields with fewer claims keep what their rules say.
const FEWEST_CLAIMS: usize = 15;

/// Weights under which the predictions would be as sure as they are right. The predictions hold features, and claims
/// as their rules made them. `review_below` is a choice and stays.
pub fn fit(cases: &[Case], predictions: &Predictions, review_below: f64) -> Weights {
    let scores = Scores::of(cases, predictions);
    let records: Vec<(Vec<f64>, bool)> = scores
        .records
        .iter()
        .filter_map(|record| {
            let features = predictions.get(&record.item)?.features.first()?;
            Some((features.0.to_vec(), record.right))
        })
        .collect();
    let (intercept, weights) = logistic_regression(&records, 0.0);
    let mut record = BTreeMap::from([(INTERCEPT.to_owned(), rounded(intercept))]);
    record.extend(FEATURES.iter().zip(weights).map(|(name, weight)| ((*name).to_owned(), rounded(weight))));

    let claims = |field: &str| -> Vec<(Vec<f64>, bool)> {
        let of_field = scores.marks.iter().filter(|m| m.field == field);
        of_field.filter_map(|m| Some((vec![log_odds(m.confidence?)], m.right))).collect()
    };
    let scale = |field: &&str| {
        let claims = claims(field);
        let (intercept, slope) = logistic_regression(&claims, 1.0);
        let scale = Scale { slope: rounded(slope[0]), intercept: rounded(intercept) };
        (claims.len() >= FEWEST_CLAIMS && scale.slope > 0.0).then(|| ((*field).to_owned(), scale))
    };
    Weights { review_below, record, claim: FIELDS.iter().filter_map(scale).collect() }
}

/// Intercept and weights of a logistic regression with an L2 penalty on the distance of each weight from `prior`, by
/// Newton's steps along one coordinate after the other. Deterministic; the loss is convex. As Platt has it (1999, 2.2), a
/// right sample aims at a little less than one and a wrong one at a little more than zero, so that a field without a
/// miss is not sure beyond what its number of samples can tell.
fn logistic_regression(samples: &[(Vec<f64>, bool)], prior: f64) -> (f64, Vec<f64>) {
    let width = samples.first().map_or(0, |(x, _)| x.len());
    let right = samples.iter().filter(|(_, right)| *right).count() as f64;
    let wrong = samples.len() as f64 - right;
    let (aim_right, aim_wrong) = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
    let mut intercept = 0.0;
    let mut weights = vec![prior; width];
    let mut sums: Vec<f64> = samples.iter().map(|(x, _)| x.iter().map(|v| v * prior).sum()).collect();
    for _ in 0..PASSES {
        for at in 0..=width {
            let value = |x: &[f64]| if at < width { x[at] } else { 1.0 };
            let (mut slope, mut curve) = match at < width {
                true => (RIDGE * (weights[at] - prior), RIDGE),
                false => (0.0, f64::EPSILON),
            };
            for ((x, right), sum) in samples.iter().zip(&sums) {
                let p = rouei_extract::confidence::logistic(*sum);
                slope += (p - if *right { aim_right } else { aim_wrong }) * value(x);
                curve += p * (1.0 - p) * value(x).powi(2);
            }
            let step = (slope / curve).clamp(-1.0, 1.0);
            for ((x, _), sum) in samples.iter().zip(&mut sums) {
                *sum -= step * value(x);
            }
            match at < width {
                true => weights[at] -= step,
                false => intercept -= step,
            }
        }
    }
    (intercept, weights)
}

/// Three decimals are more than is known.
fn rounded(weight: f64) -> f64 {
    (weight * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regression_finds_the_shares_that_it_was_given() {
        // Of ten thousand at -1 a fifth is right, at +1 four fifths: log-odds of ∓ln 4, no intercept.
        let sample = |x: f64, right: usize| (0..10_000).map(move |n| (vec![x], n < right));
        let samples: Vec<_> = sample(-1.0, 2_000).chain(sample(1.0, 8_000)).collect();
        let (intercept, weights) = logistic_regression(&samples, 0.0);
        assert!(intercept.abs() < 1e-6, "{intercept}");
        assert!((weights[0] - 4.0_f64.ln()).abs() < 0.01, "{weights:?}");
    }

    #[test]
    fn ten_right_ones_and_no_wrong_one_are_eleven_in_twelve() {
        let (intercept, _) = logistic_regression(&vec![(vec![0.0], true); 10], 1.0);
        assert!((rouei_extract::confidence::logistic(intercept) - 11.0 / 12.0).abs() < 1e-6, "{intercept}");
    }

    #[test]
    fn without_samples_the_prior_stands() {
        assert_eq!(logistic_regression(&[], 1.0), (0.0, Vec::new()));
    }
}
