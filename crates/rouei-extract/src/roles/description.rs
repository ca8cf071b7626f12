//! Contractors that are described and not named.

use rouei_model::Span;

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::organizations::OrganizationLexicon;

/// The first description of a contractor in the scope (システム会社, 委託していた業者), outside advice and measures.
#[must_use]
pub fn described_contractor(
    organizations: &OrganizationLexicon,
    lexicon: &RoleLexicon,
    scope: &Scope,
) -> Option<Entity> {
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        let body = span.of(text);
        let held = organizations.contractor_descriptions_in.candidates(body);
        if held.is_empty() || lexicon.holds(RoleWords::Advice, body) {
            continue;
        }
        let hit = held
            .iter()
            .map(|form| &organizations.contractor_descriptions[form])
            .filter_map(|description| body.find(description.form.as_str()).map(|at| (at, description)))
            // A maintenance company may be called for help; a contract or a mishap has to be told of it.
            .filter(|(at, description)| {
                lexicon.holds(RoleWords::Contract, &description.form)
                    || lexicon.holds(RoleWords::Mishap, &body[at + description.form.len()..])
            })
            .min_by_key(|(at, description)| (*at, usize::MAX - description.form.len()));
        if let Some((at, description)) = hit {
            let start = span.start + at;
            let described = Span::new(start + description.described.start, start + description.described.end);
            return Some(Entity::described_contractor(described, text));
        }
    }
    None
}
