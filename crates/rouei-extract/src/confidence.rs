//! How sure a claim and a record are.

use rouei_model::{CauseCode, DateClaim, DateKind};
use serde::Deserialize;

use crate::causes::CauseFinding;
use crate::counts::{CountFinding, Headline};
use crate::judgement::Judgement;
use crate::lexicon::LexiconError;
use crate::organizations::Mention;
use crate::roles::Entity;

/// The weights of `confidence.toml`, see ADR 0087.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    intercept: f64,
    organization: f64,
    headline: f64,
    no_headline: f64,
    cause: f64,
    announced: f64,
    not_announced: f64,
    judgement: f64,
    several: f64,
    /// Records below this go to review.
    pub review_below: f64,
}

impl Weights {
    /// The weights that are compiled in.
    ///
    /// # Errors
    /// Where the file does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("confidence.toml"))
    }

    /// Reads weights in the form of `confidence.toml`.
    ///
    /// # Errors
    /// Where the text does not parse.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        toml::from_str(text)
            .map_err(|e| LexiconError::Parse { file: "confidence.toml".to_owned(), message: e.to_string() })
    }
}

/// What the confidence of a record is computed from.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// Of the leading organization.
    pub organization: f64,
    /// Of the headline count; none where there is no count.
    pub headline: Option<f64>,
    /// Of the main cause.
    pub cause: f64,
    /// Of the announcement date; none where there is none.
    pub announced: Option<f64>,
    /// That it is a disclosure at all.
    pub judgement: f64,
    /// One of several incidents in the document.
    pub several: bool,
}

impl Features {
    /// Gathers the features of a record.
    #[must_use]
    pub fn of(
        entities: &[Entity],
        headline: Option<&Headline>,
        counts: &[CountFinding],
        causes: &[CauseFinding],
        dates: &[DateClaim],
        judgement: &Judgement,
        several: bool,
    ) -> Self {
        let open_counts = counts.iter().any(|c| c.rejected.is_none() && c.value.is_some());
        Self {
            organization: entities.first().map_or(0.2, |e| organization(e, true)),
            headline: headline.map(|h| h.confidence).or(open_counts.then_some(UNREAD)),
            cause: causes.first().filter(|c| c.code != CauseCode::Unknown).map_or(0.5, |c| c.confidence),
            announced: dates.iter().filter(|d| d.kind == DateKind::Announced).map(|d| d.confidence).reduce(f64::max),
            judgement: logistic(judgement.score),
            several,
        }
    }
}

/// Figures are there and none of them leads: the count is as likely wrong as right.
const UNREAD: f64 = 0.5;

/// Probability that organization, headline count, cause and announcement of a record are all right.
#[must_use]
pub fn record(weights: &Weights, features: &Features) -> f64 {
    let headline = features.headline.map_or(weights.no_headline, |h| weights.headline * log_odds(h));
    let announced = features.announced.map_or(weights.not_announced, |a| weights.announced * log_odds(a));
    let several = if features.several { weights.several } else { 0.0 };
    logistic(
        weights.intercept
            + weights.organization * log_odds(features.organization)
            + headline
            + weights.cause * log_odds(features.cause)
            + announced
            + weights.judgement * log_odds(features.judgement)
            + several,
    )
}

fn log_odds(p: f64) -> f64 {
    let p = p.clamp(0.01, 0.99);
    (p / (1.0 - p)).ln()
}

/// Probability that an organization has the part that it is given; `leads` for the first of a record.
#[must_use]
pub fn organization(entity: &Entity, leads: bool) -> f64 {
    let name = match entity.mention {
        Mention::LegalForm | Mention::Suffix => 0.97,
        Mention::Weak => 0.92,
        Mention::Anonymised => 0.85,
        Mention::Bare => 0.85,
        Mention::FirstPerson => 0.7,
    };
    if leads { name * logistic(entity.score - 0.5) } else { name * 0.85 }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_better_part_makes_a_surer_record() {
        let weights = Weights::embedded().unwrap();
        let poor = Features {
            organization: 0.5,
            headline: Some(0.5),
            cause: 0.5,
            announced: Some(0.5),
            judgement: 0.5,
            several: true,
        };
        let better = [
            Features { organization: 0.9, ..poor },
            Features { headline: Some(0.9), ..poor },
            Features { cause: 0.9, ..poor },
            Features { announced: Some(0.9), ..poor },
            Features { judgement: 0.9, ..poor },
            Features { several: false, ..poor },
        ];
        for features in better {
            assert!(record(&weights, &features) > record(&weights, &poor), "{features:?}");
        }
        assert!(record(&weights, &poor) < weights.review_below);
    }
}
