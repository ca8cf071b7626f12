//! How sure a claim and a record are.
//!
//! Each rule says how sure it is of what it read. What that is worth on pages that nobody wrote rules for is measured:
//! `rouei eval GOLD --fit` fits the numbers of `confidence.toml` (ADR 0087), by which both are scaled here.

use std::collections::BTreeMap;

use rouei_model::{CauseCode, DateClaim, DateKind, OrganizationRole};
use serde::{Deserialize, Serialize};

use crate::causes::CauseFinding;
use crate::counts::{CountFinding, Headline, UnitClass};
use crate::judgement::Judgement;
use crate::lexicon::LexiconError;
use crate::organizations::{Mention, OrganizationKind};
use crate::roles::Entity;

/// `confidence.toml`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Records below this go to review.
    pub review_below: f64,
    /// Of the logistic regression of a record: `intercept`, and a weight for each of [`FEATURES`].
    pub record: BTreeMap<String, f64>,
    /// Of claims, by the field that `rouei eval` calls them; a field that is not here keeps what its rule says.
    pub claim: BTreeMap<String, Scale>,
}

/// Platt scaling: the log-odds times `slope` plus `intercept` (Platt 1999).
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Below one: the rules claim too much and too little.
    pub slope: f64,
    /// Below zero: they claim too much.
    pub intercept: f64,
}

const FILE: &str = "confidence.toml";

impl Weights {
    /// Reads weights in the form of `confidence.toml`.
    ///
    /// # Errors
    /// Where the file does not parse, or names a feature or a field that there is not.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let weights: Self =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let unknown = |entry: &str, known: &[&str]| LexiconError::Entry {
            file: FILE.to_owned(),
            entry: entry.to_owned(),
            message: format!("not known; there are {}", known.join(", ")),
        };
        if !(0.0..=1.0).contains(&weights.review_below) {
            let message = format!("{} is no probability", weights.review_below);
            return Err(LexiconError::Entry { file: FILE.to_owned(), entry: "review_below".to_owned(), message });
        }
        let numbers = weights.record.iter().map(|(name, weight)| (name, *weight));
        let scales = weights.claim.iter().flat_map(|(name, scale)| [(name, scale.slope), (name, scale.intercept)]);
        if let Some((name, weight)) = numbers.chain(scales).find(|(_, weight)| !weight.is_finite()) {
            let message = format!("{weight} is no weight");
            return Err(LexiconError::Entry { file: FILE.to_owned(), entry: name.clone(), message });
        }
        if let Some(name) = weights.record.keys().find(|n| *n != INTERCEPT && !FEATURES.contains(&n.as_str())) {
            return Err(unknown(name, &FEATURES));
        }
        if let Some(name) = weights.claim.keys().find(|n| !FIELDS.contains(&n.as_str())) {
            return Err(unknown(name, &FIELDS));
        }
        Ok(weights)
    }

    /// Probability that organization, headline count, cause and announcement of a record are all right.
    #[must_use]
    pub fn record(&self, features: &Features) -> f64 {
        let weight = |name: &str| self.record.get(name).copied().unwrap_or(0.0);
        let sum: f64 = FEATURES.iter().zip(features.0).map(|(name, value)| weight(name) * value).sum();
        logistic(weight(INTERCEPT) + sum)
    }

    /// What a claim is worth of whose rule says `confidence`. `field`: one of [`FIELDS`], none for claims that are not
    /// measured.
    #[must_use]
    pub fn claim(&self, field: Option<&str>, confidence: f64) -> f64 {
        match field.and_then(|field| self.claim.get(field)) {
            Some(scale) => logistic(scale.intercept + scale.slope * log_odds(confidence)),
            None => confidence,
        }
    }
}

/// The weight that no feature is multiplied with.
pub const INTERCEPT: &str = "intercept";

/// Fields whose claims are scaled, as `rouei eval` calls them.
pub const FIELDS: [&str; 6] =
    ["organization", "contractor", "headline_count", "cause", "date_announced", "date_discovered"];

/// What the confidence of a record is computed from.
///
/// The logarithm of the product of its leading claims: it is right where all are. Then their log-odds (zero where there is
/// none), whether they are missing, and what makes a document hard.
pub const FEATURES: [&str; 18] = [
    "claims",
    "organization",
    "organization_margin",
    "headline",
    "no_headline",
    "unread_figures",
    "figures",
    "cause",
    "no_cause",
    "cause_margin",
    "announced",
    "not_announced",
    "undated_announcement",
    "sanction_by_another",
    "judgement",
    "several",
    "organizations",
    "length",
];

/// A value for each of [`FEATURES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f64; FEATURES.len()]);

/// What is in a record, as far as its confidence depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The organizations, the leading one first.
    pub entities: &'a [Entity],
    /// The figure to quote.
    pub headline: Option<&'a Headline>,
    /// By the second reader, that this is the figure to quote, or that there is none.
    pub agreed: Option<f64>,
    /// All figures, rejected ones too.
    pub counts: &'a [CountFinding],
    /// The main cause first.
    pub causes: &'a [CauseFinding],
    /// Claimed dates.
    pub dates: &'a [DateClaim],
}

impl Features {
    /// Gathers the features of a record. `several`: it is one of several of its document; `characters`: how long that is.
    #[must_use]
    pub fn of(parts: Parts<'_>, judgement: &Judgement, several: bool, characters: usize) -> Self {
        let Parts { entities, headline, agreed, counts, causes, dates } = parts;
        let flag = |set: bool| f64::from(u8::from(set));
        let many = |count: usize| (1.0 + count as f64).ln();
        let lead = entities.first();
        let next = entities.iter().skip(1).filter(|e| e.onlooker.is_none()).map(|e| e.score).reduce(f64::max);
        let margin = lead.map_or(0.0, |lead| lead.score - next.unwrap_or(0.0)).clamp(0.0, WIDE_MARGIN);
        let mut figures: Vec<u64> = counts.iter().filter(|c| c.rejected.is_none()).filter_map(|c| c.value).collect();
        figures.sort_unstable();
        figures.dedup();
        let known: Vec<&CauseFinding> = causes.iter().filter(|c| c.code != CauseCode::Unknown && !c.hinted).collect();
        let cause_margin = known.first().map_or(0.0, |first| {
            let second = known.get(1).map_or(0.0, |second| second.score);
            (first.score - second).clamp(0.0, WIDE_MARGIN)
        });
        let announcements = || dates.iter().filter(|d| d.kind == DateKind::Announced);
        let announced = announcements().filter(|d| d.date_from.is_some()).map(|d| d.confidence).reduce(f64::max);
        let leading = [
            Some(lead.map_or(0.2, |e| organization(e, true))),
            headline.map(|h| h.confidence).or(agreed),
            known.first().map(|c| c.confidence),
            announced,
        ];
        Self([
            leading.iter().flatten().map(|p| p.clamp(0.01, 0.99).ln()).sum(),
            leading[0].map_or(0.0, log_odds),
            margin,
            leading[1].map_or(0.0, log_odds),
            flag(headline.is_none()),
            flag(headline.is_none() && counts.iter().any(may_count)),
            many(figures.len()),
            known.first().map_or(0.0, |c| log_odds(c.confidence)),
            flag(known.is_empty()),
            cause_margin,
            announced.map_or(0.0, log_odds),
            flag(announced.is_none()),
            flag(announced.is_none() && announcements().next().is_some()),
            flag(lead.is_some_and(sanctions_for_another)),
            judgement.score.clamp(0.0, SURE_JUDGEMENT),
            flag(several),
            many(entities.len()),
            (characters.max(1) as f64 / TYPICAL_LENGTH).ln(),
        ])
    }
}

/// A figure that the victims may be, where none leads: one that nothing ties to a leak, or of those who got something.
fn may_count(count: &CountFinding) -> bool {
    const OTHERWISE: [&str; 3] = ["recipient", "events", "mails_sent"];
    let read = count.rejected.as_deref().is_none_or(|rejected| OTHERWISE.contains(&rejected));
    read && count.class <= UnitClass::Record && count.value.is_some_and(|v| v > 0)
}

/// A board or a prefecture that calls somebody to account may not be whose data it was.
fn sanctions_for_another(lead: &Entity) -> bool {
    matches!(lead.kind, OrganizationKind::Board | OrganizationKind::Prefecture) && lead.has_cue("disciplines")
}

/// A lead larger than this says no more.
const WIDE_MARGIN: f64 = 6.0;

/// A score above this says no more.
const SURE_JUDGEMENT: f64 = 12.0;

/// Of a notice, in characters.
const TYPICAL_LENGTH: f64 = 500.0;

/// The log-odds of a probability, none beyond one in a hundred.
#[must_use]
pub fn log_odds(p: f64) -> f64 {
    let p = p.clamp(0.01, 0.99);
    (p / (1.0 - p)).ln()
}

/// The inverse of [`log_odds`].
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Probability, before scaling, that an organization has the part that it is given; `leads` for the first of a record.
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

/// The field that measures an organization of this part.
pub(crate) fn field_of_role(role: OrganizationRole, leads: bool) -> Option<&'static str> {
    match role {
        OrganizationRole::Contractor => Some("contractor"),
        _ if leads => Some("organization"),
        _ => None,
    }
}

/// The field that measures a date of this kind.
pub(crate) fn field_of_date(kind: DateKind) -> Option<&'static str> {
    match kind {
        DateKind::Announced => Some("date_announced"),
        DateKind::Discovered => Some("date_discovered"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn embedded() -> Weights {
        Weights::parse(include_str!("confidence.toml")).unwrap()
    }

    #[test]
    fn surer_parts_make_a_surer_record() {
        let weights = embedded();
        let poor = Features([0.0; FEATURES.len()]);
        let at = |name: &str| FEATURES.iter().position(|f| *f == name).unwrap();
        let mut good = poor;
        for name in ["organization", "headline", "cause", "announced", "judgement"] {
            good.0[at(name)] = 2.5;
        }
        assert!(weights.record(&good) > weights.record(&poor));
        assert!(weights.record(&poor) < weights.review_below);
    }

    #[test]
    fn a_claim_is_scaled_by_its_field_and_keeps_its_rank() {
        let weights = embedded();
        for field in FIELDS {
            assert!(weights.claim(Some(field), 0.9) > weights.claim(Some(field), 0.6), "{field}");
        }
        assert_eq!(weights.claim(None, 0.7).to_bits(), 0.7_f64.to_bits());
    }

    #[test]
    fn unknown_names_are_refused() {
        for (text, name) in [
            ("review_below = 0.5\n[record]\nweather = 1.0\n[claim]\n", "weather"),
            ("review_below = 0.5\n[record]\n[claim.mood]\nslope = 1.0\nintercept = 0.0\n", "mood"),
            ("review_below = 7.0\n[record]\n[claim]\n", "review_below"),
            ("review_below = 0.5\n[record]\ncause = nan\n[claim]\n", "cause"),
        ] {
            let message = Weights::parse(text).unwrap_err().to_string();
            assert!(message.contains("confidence.toml") && message.contains(name), "{message}");
        }
    }
}
