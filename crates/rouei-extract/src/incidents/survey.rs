//! A survey that names one or another victim beside its sums: 最多は音羽総研の481万人分だった.

use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape, pairs};
use crate::counts::{CountFinding, UnitClass};
use crate::organizations::{Mention, OrganizationFinding};
use crate::reading::Reading;

/// Words of a survey that a text holds at least.
const FEWEST: usize = 3;

/// One incident a victim that is named with what it lost, where a text sums up the cases of many.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    if words.lists().count(WordList::Survey, reading.text()) < FEWEST {
        return Vec::new();
    }
    let named = |i: &Incident| {
        let lost = i.counts.iter().flatten().map(|&c| &counts[c]);
        i.lead.as_ref().is_some_and(|lead| is_named(words, reading, lead))
            && lost.into_iter().all(|c| matches!(c.class, UnitClass::Person | UnitClass::Account | UnitClass::Record))
    };
    let mut found = pairs::figures(words, reading, organizations, counts);
    found.retain(named);
    found.iter_mut().for_each(|i| i.shape = Shape::Surveyed);
    found
}

/// Whether somebody is named, and neither as who made the survey nor as who worked for the victim: 霧影リサーチの調査によると,
/// 委託先である霧影センター.
fn is_named(words: &IncidentLexicon, reading: &Reading, lead: &OrganizationFinding) -> bool {
    let behind = reading.text()[lead.span.end..].trim_start_matches(['」', '』', ')']);
    lead.mention <= Mention::Bare
        && lead.onlooker.is_none()
        && !words.has(WordList::OnlyAKind, &lead.name)
        && super::governor::entrusted_by(words, reading, lead).is_none()
        && words.lists().beginning(WordList::MadeTheSurvey, behind).is_none()
}
