//! How sure a claim and a record are.

use rouei_model::{CauseCode, DateClaim, DateKind};

use crate::causes::CauseFinding;
use crate::counts::{CountFinding, Headline};
use crate::judgement::Judgement;
use crate::organizations::Mention;
use crate::roles::Entity;

/// Records below this go to review.
pub const REVIEW_BELOW: f64 = 0.5;

/// What the confidence of a record is computed from.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// Of the leading organization.
    pub organization: f64,
    /// Of the headline count, or of there being none.
    pub headline: f64,
    /// Of the main cause.
    pub cause: f64,
    /// Of the announcement date, or of there being none.
    pub announced: f64,
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
            headline: headline.map_or(if open_counts { 0.7 } else { 0.93 }, |h| h.confidence),
            cause: causes.first().filter(|c| c.code != CauseCode::Unknown).map_or(0.5, |c| c.confidence),
            announced: dates
                .iter()
                .filter(|d| d.kind == DateKind::Announced)
                .map(|d| d.confidence)
                .reduce(f64::max)
                .unwrap_or(0.85),
            judgement: logistic(judgement.score),
            several,
        }
    }
}

/// Probability that organization, headline count, cause and announcement of a record are all right.
#[must_use]
pub fn record(features: &Features) -> f64 {
    let all = features.organization * features.headline * features.cause * features.announced * features.judgement;
    if features.several { all * 0.95 } else { all }
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
