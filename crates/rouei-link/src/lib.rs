//! Disclosures to incidents: pure, scored, reversible.
//!
//! [`link`] takes all disclosures and a person's [`Decision`]s and says which tell of one incident. It keeps no state:
//! the same candidates and decisions give the same incidents, in whatever order they come, so links are derived again
//! rather than repaired. Two steps:
//!
//! 1. disclosures of one victim are joined, best pair first, while no two members of a group contradict each other;
//! 2. groups of different victims that one contractor, platform or parent has in common become [`Part`]s of one incident.
//!
//! What counts, and how much, stands in `rules.toml` with its examples. Nothing here knows files, SQL, the network or
//! the clock.

mod candidate;
mod cluster;
mod compare;
mod decision;
mod figures;
mod incident;
mod names;
mod pairs;
mod partition;
mod rules;

pub use candidate::{Candidate, Count, Party};
pub use compare::{Comparison, Reason, Relation, compare};
pub use decision::{Decision, Unheeded, unheeded};
pub use incident::{Figure, Incident, Member, Part};
pub use names::{NameRelation, relate};
pub use rules::{Examples, Rule, RuleEntry, Rules, RulesError};

use crate::{cluster::Clusters, compare::View, names::NameTable};

/// Joins disclosures to incidents, ordered by id. Each candidate is a member of exactly one; decisions win over scores,
/// later decisions over earlier ones (see [`unheeded`]).
#[must_use]
pub fn link(rules: &Rules, candidates: &[Candidate], decisions: &[Decision]) -> Vec<Incident> {
    let mut sorted: Vec<&Candidate> = candidates.iter().collect();
    sorted.sort_unstable();
    sorted.dedup_by(|later, kept| later.id == kept.id);

    let mut names = NameTable::default();
    let views: Vec<View<'_>> = sorted.iter().map(|c| View::of(rules, &mut names, c)).collect();
    names.relate_all(rules);

    let ids: Vec<&str> = sorted.iter().map(|c| c.id.as_str()).collect();
    let clusters = Clusters::find(rules, &names, &views, decision::Word::of(&ids, decisions));
    let mut incidents: Vec<Incident> =
        clusters.incidents().iter().map(|members| incident::assemble(&clusters, members)).collect();
    incidents.sort_by(|a, b| a.id.cmp(&b.id));
    incidents
}
