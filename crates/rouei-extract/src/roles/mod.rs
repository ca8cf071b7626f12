//! Which organization is the victim, and what the others are.
//!
//! Every mention is scored by what stands around it (`lexicon.toml`); mentions of one organization add up; 当社 and its
//! kin lend their weight to who signs the text.

mod description;
mod entity;
mod lexicon;
mod relations;
mod scoring;
mod settlement;
mod speaker;

use rouei_model::OrganizationRole;

use crate::organizations::OrganizationFinding;
use crate::reading::Reading;

pub use description::described_contractor;
pub use entity::Entity;
pub use lexicon::{RoleLexicon, RoleWords};

/// Which part of a document belongs to one incident, and what is known of it beforehand.
pub struct Scope<'a> {
    /// The document.
    pub reading: &'a Reading<'a>,
    /// Every organization of the document.
    pub findings: &'a [OrganizationFinding],
    /// The sentences of the incident.
    pub sentences: &'a [std::ops::Range<usize>],
    /// The organization that the structure names: the cell of a table, the lead of an entry.
    pub lead: Option<&'a OrganizationFinding>,
    /// Whether the page carries somebody else's notice.
    pub repost: bool,
}

impl Scope<'_> {
    fn holds(&self, sentence: usize) -> bool {
        self.sentences.iter().any(|r| r.contains(&sentence))
    }

    fn first_sentence(&self) -> usize {
        self.sentences.iter().map(|r| r.start).min().unwrap_or(0)
    }
}

/// The organizations of one incident with their parts, victim first.
#[must_use]
pub fn assign(lexicon: &RoleLexicon, scope: &Scope) -> Vec<Entity> {
    let mut entities = entity::group(lexicon, scope);
    let notice = speaker::is_notice(lexicon, scope);
    let links = lexicon.relations.read(lexicon, scope);
    relations::mark_sites(scope, &links, &mut entities);
    for entity in &mut entities {
        scoring::score(lexicon, scope, notice, entity);
    }
    speaker::resolve(lexicon, scope, notice, &mut entities);
    relations::apply(scope, &links, &mut entities);
    settlement::settle(lexicon, scope, &mut entities);
    let led = entities.iter().any(|e| {
        e.role == Some(OrganizationRole::Victim) && !e.is_only_a_place()
            || e.role == Some(OrganizationRole::Service) && e.leaks
            || e.role == Some(OrganizationRole::AffectedClient)
    });
    if !led && let Some(unnamed) = description::unnamed_victim(lexicon, scope) {
        let place = entities.iter().position(|e| e.role == Some(OrganizationRole::Victim));
        // さいたま市の…。市が7日に発表した: 市 is the town that was named.
        if !place.is_some_and(|at| entities[at].name.ends_with(&unnamed.name)) {
            // 三重県津市にある福祉団体: the town only says where it is.
            entities.retain(|e| e.role != Some(OrganizationRole::Victim));
            entities.insert(0, unnamed);
        }
    }
    entities.extend(speaker::telling_site(lexicon, scope, &entities));
    entities
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
