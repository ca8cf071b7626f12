//! Is it a disclosure at all?
//!
//! A weighted sum of what the text says (`lexicon.toml`) and of what the extractors found in it. Both the genre and the
//! claims count: a guide that names an organization, a leak and a figure does report an incident.

mod hits;
mod lexicon;
mod shape;

use crate::reading::Reading;
use hits::{Beside, Hits, MISHAPS, TELLS};
pub use lexicon::{JudgementLexicon, MediaWords};
use shape::is_listing;

/// What the extractors found, as far as it speaks for or against a disclosure.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Incidents that structure or clauses set apart, with a name each.
    pub incidents: usize,
    /// Of these, rows of a table, groups of keys and values, entries of a ranking with a figure or a cause of their own.
    pub structured: usize,
    /// Of these, of somebody named, with a figure.
    pub counted: usize,
    /// One of them at least is of a victim that a survey names with its figure.
    pub surveyed: bool,
    /// Of these, of somebody who has a letter for a name (A社, 自治体Y).
    pub lettered: usize,
    /// The best score of an organization as victim; none where there is no organization.
    pub victim: Option<f64>,
    /// The victim is known by name.
    pub named: bool,
    /// The victim announces, or is said to have leaked.
    pub acts: bool,
    /// Somebody says 当社.
    pub first_person: bool,
    /// The sentences of accepted figures of persons or records.
    pub counts: Vec<usize>,
    /// Sentences that say who leaked, and how many or when.
    pub claims: Vec<usize>,
    /// A cause that the text affirms.
    pub cause: bool,
    /// The sentences of dates with a meaning: occurred, discovered, announced.
    pub dates: Vec<usize>,
}

/// The judgement and what decided it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Above zero: a disclosure.
    pub score: f64,
    /// The cues that fired, with their weights.
    pub reasons: Vec<(String, f64)>,
}

impl Judgement {
    /// Whether the document discloses an incident.
    #[must_use]
    pub fn is_disclosure(&self) -> bool {
        self.score > 0.0
    }
}

/// Sums up what speaks for and against. `second_reader`: the log-odds of a disclosure by the terms of the text.
#[must_use]
pub fn judge(lexicon: &JudgementLexicon, reading: &Reading, findings: &Findings, second_reader: f64) -> Judgement {
    let hits = Hits::read(lexicon, reading);
    let information = lexicon.tells_of_information(reading.text());
    let claims = hits.of_cases(&unguarded(lexicon, reading, &findings.claims)) > 0;
    let (mishap, tells) = (hits.any(MISHAPS), hits.any(TELLS));
    let weights = lexicon.weights();
    let beside = match (findings.surveyed || findings.structured >= CASES, claims || findings.counted >= 2) {
        (true, _) => Beside::Cases,
        (_, true) => Beside::Case,
        _ => Beside::Nothing,
    };
    let mut reasons = hits.reasons(beside);
    let mut add = |name: &str, weight: f64| reasons.push((name.to_owned(), weight));
    match findings.victim {
        None if findings.first_person => add("no-organization", weights.no_name_of_ours),
        // A notice says at its end who writes it, or nowhere but in the frame of its page.
        None if mishap && information => add("no-organization", weights.no_organization_of_a_mishap),
        None => add("no-organization", weights.no_organization),
        Some(score) if findings.named && score > CLEARLY_THE_VICTIM => {
            add("named-organization", weights.named_victim);
        }
        Some(_) if findings.named => add("named-organization", weights.named_organization),
        Some(_) => add("unnamed-organization", weights.unnamed_organization),
    }
    // What went wrong may be told without a word for it; a cause that the text affirms tells it as well.
    match (mishap, findings.cause && information && !hits.denied) {
        (true, _) => {}
        (false, true) => add("no-mishap", weights.no_mishap_but_a_cause),
        (false, false) => add("no-mishap", weights.no_mishap),
    }
    // Headlines of three houses with their figures are a digest.
    if is_listing(lexicon, reading) && findings.structured < CASES && findings.counted < 3 {
        add("listing", weights.listing);
    }
    if findings.acts {
        add("organization-acts", weights.organization_acts);
    }
    if hits.of_cases(&findings.counts) > 0 {
        // Sheets and tickets are counted too; they tell less where nobody's information is spoken of.
        add("counts", if information { weights.counts } else { weights.counts * COUNTS_OF_NOTHING });
    }
    if claims {
        add("claim", weights.claim);
    }
    if !findings.cause {
        add("no-cause", if mishap { weights.no_cause_of_a_mishap } else { weights.no_cause });
    }
    // Opening hours, outages and misprints have dates too; they tell most where something is said to have gone wrong.
    let date = match (tells && mishap, information && !hits.harmless) {
        (_, false) => weights.date_of_nothing,
        (true, _) => weights.date_of_mishap,
        (false, _) => weights.date,
    };
    add("dates", date * hits.of_cases(&findings.dates).min(3) as f64);
    if !information {
        add("no-information", weights.no_information);
    }
    if findings.cause && findings.victim.is_some() && information && is_headline(lexicon, reading, &hits) {
        add("brief", weights.brief);
    }
    if findings.incidents >= 2 {
        add("several-incidents", weights.several_incidents);
    }
    if findings.lettered >= 2 {
        add("lettered-cases", weights.lettered_cases);
    }
    if findings.structured >= CASES {
        let cases = findings.structured.min(10) as f64;
        add("structured-cases", weights.structured_cases + weights.structured_case * cases);
    }
    add("second-reader", weights.second_reader * second_reader.clamp(-SECOND_READER_AGAINST, SECOND_READER_FOR));
    add("prior", weights.prior);
    Judgement { score: reasons.iter().map(|(_, w)| w).sum(), reasons }
}

/// Sentences and characters of a text that is no more than a headline.
const HEADLINE: (usize, usize) = (2, 90);

/// The second reader outvotes no rules: it has seen few kinds of pages, and says of others too much.
const SECOND_READER_AGAINST: f64 = 1.0;
const SECOND_READER_FOR: f64 = 2.0;

/// Rows or groups of keys and values, each with a figure or a cause, that make a list of cases.
const CASES: usize = 3;

/// What figures weigh where nobody's information is spoken of.
const COUNTS_OF_NOTHING: f64 = 0.6;

/// An organization that scores higher is clearly whose incident it is.
const CLEARLY_THE_VICTIM: f64 = 4.0;

/// Whether the text is a headline, which has no room for what a notice says besides, and nothing speaks against it.
fn is_headline(lexicon: &JudgementLexicon, reading: &Reading, hits: &Hits) -> bool {
    let (sentences, characters) = HEADLINE;
    reading.sentences.len() <= sentences
        && reading.text().chars().count() <= characters
        && !hits.speak_against()
        && lexicon.without_prevention(reading.text()).is_none()
}

/// Of these sentences, those that tell of more than what is guarded against: 紛失を防ぐ研修を200人に行った tells of no leak.
fn unguarded(lexicon: &JudgementLexicon, reading: &Reading, sentences: &[usize]) -> Vec<usize> {
    let guarded = |&s: &usize| {
        let left = lexicon.without_prevention(reading.sentence_text(s));
        left.is_some_and(|left| !lexicon.tells_of_a_leak(&left))
    };
    sentences.iter().copied().filter(|s| !guarded(s)).collect()
}
