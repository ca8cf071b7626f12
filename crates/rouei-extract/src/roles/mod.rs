//! Which organization is the victim, and what the others are.
//!
//! Every mention is scored by what stands around it (`lexicon.toml`); mentions of one organization add up; 当社 and its
//! kin lend their weight to who signs the text.

mod entity;
mod speaker;

use rouei_model::{OrganizationRole, Span};

use crate::cues::{self, Cue, Place};
use crate::lexicon::LexiconError;
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, OrganizationLexicon};
use crate::prefilter::Prefilter;
use crate::reading::Reading;

pub use entity::Entity;

/// The patterns around names.
#[derive(Debug)]
pub struct RoleLexicon {
    cues: Vec<Cue>,
    /// Over the patterns of `cues`.
    prefilter: Prefilter,
}

impl RoleLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// Where the text does not parse, a pattern does not compile or a role is unknown.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file = "roles/lexicon.toml";
        let cues = cues::parse(file, text)?;
        for cue in &cues {
            if let Some(role) = &cue.role
                && OrganizationRole::from_code(role).is_none()
            {
                return Err(LexiconError::Entry {
                    file: file.to_owned(),
                    entry: cue.id.clone(),
                    message: format!("no role is called {role:?}"),
                });
            }
        }
        Ok(Self { prefilter: Prefilter::new(cues.iter().map(|cue| &cue.pattern)), cues })
    }

    /// The patterns, for the test of their examples.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }
}

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
    let mut entities = entity::group(scope);
    for entity in &mut entities {
        score(lexicon, scope, entity);
    }
    speaker::resolve(scope, &mut entities);
    settle(scope, &mut entities);
    entities
}

/// The first description of a contractor in the scope (システム会社, 委託していた業者), outside advice and measures.
#[must_use]
pub fn described_contractor(organizations: &OrganizationLexicon, scope: &Scope) -> Option<Entity> {
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        let body = span.of(text);
        let held = organizations.contractor_descriptions_in.candidates(body);
        if held.is_empty() {
            continue;
        }
        let advice =
            ["徹底", "再発防止", "見直", "監督", "指導", "求め", "管理体制", "場合"].iter().any(|w| body.contains(w));
        if advice {
            continue;
        }
        let hit = held
            .iter()
            .map(|form| &organizations.contractor_descriptions[form])
            .filter_map(|form| body.find(form.as_str()).map(|at| (at, form.len())))
            .min_by_key(|&(at, len)| (at, usize::MAX - len));
        if let Some((at, len)) = hit {
            let start = span.start + at;
            return Some(Entity::described_contractor(Span::new(start, start + len), text));
        }
    }
    None
}

fn score(lexicon: &RoleLexicon, scope: &Scope, entity: &mut Entity) {
    let reading = scope.reading;
    let text = reading.text();
    let title_sentence = scope.first_sentence();
    let mut fired: Vec<&str> = Vec::new();
    let mut roles: Vec<(f64, OrganizationRole)> = Vec::new();
    let mut best_mention = 0.0_f64;
    for &mention in &entity.mentions {
        let finding = &scope.findings[mention];
        let sentence = reading.sentences[finding.sentence].span;
        let before = Span::new(sentence.start, finding.span.start).of(text);
        let after = Span::new(finding.span.end, sentence.end).of(text);
        let after_bracket = skip_bracket(after);
        let opens = before.chars().filter(|c| c.is_alphanumeric()).count() == 0;
        let [in_before, in_after, in_after_bracket] =
            [before, after, after_bracket].map(|text| lexicon.prefilter.candidates(text));
        for (number, cue) in lexicon.cues.iter().enumerate() {
            let behind = || {
                in_after.contains(number) && cue.pattern.is_match(after)
                    || after_bracket.len() < after.len()
                        && in_after_bracket.contains(number)
                        && cue.pattern.is_match(after_bracket)
            };
            let hit = match cue.on {
                Place::After => behind(),
                Place::Before => in_before.contains(number) && cue.pattern.is_match(before),
                Place::Lead => opens && behind(),
                Place::Sentence | Place::Title => false,
            };
            // 甲(乙): 乙 is the short name of 甲 itself.
            let short_name = cue.id == "in-brackets-behind-another" && entity.aliases.contains(&finding.name);
            if !hit || short_name || fired.contains(&cue.id.as_str()) {
                continue;
            }
            fired.push(&cue.id);
            entity.score += cue.weight;
            if cue.weight.abs() > entity.strongest.1.abs() {
                entity.strongest = (cue.id.clone(), cue.weight);
            }
            if let Some(role) = cue.role.as_deref().and_then(OrganizationRole::from_code) {
                roles.push((cue.weight, role));
            }
        }
        best_mention = best_mention.max(match finding.mention {
            Mention::LegalForm | Mention::Suffix => 2.0,
            Mention::Weak => 1.2,
            Mention::Anonymised => 1.0,
            Mention::Bare if finding.quoted => 0.8,
            Mention::Bare => 0.6,
            Mention::FirstPerson => 0.0,
        });
        if finding.sentence == title_sentence && !fired.contains(&"title") {
            fired.push("title");
            entity.score += 1.0;
        }
        if finding.sentence <= title_sentence + 2 && !fired.contains(&"early") {
            fired.push("early");
            entity.score += 0.8;
        }
    }
    entity.score += best_mention + 0.3 * (entity.mentions.len().min(5) as f64 - 1.0).max(0.0);
    if entity.kind == OrganizationKind::Service {
        entity.score -= 1.0;
    }
    match entity.onlooker {
        Some(Onlooker::Media | Onlooker::Product) => entity.score -= 5.0,
        Some(Onlooker::Regulator) => {
            // Police that lost a notebook are the victim; police that were told are not.
            entity.score -= if fired.contains(&"has-leak") && fired.contains(&"announces") { 0.5 } else { 4.0 };
        }
        None => {}
    }
    entity.cue_role = roles.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, role)| role);
    entity.announces = fired.contains(&"announces")
        || fired.contains(&"announces-behind-clause")
        || fired.contains(&"announced-behind");
    entity.leaks = fired.contains(&"has-leak") || fired.contains(&"attacked") || fired.contains(&"whose-people");
}

/// Orders the entities and gives each its part.
fn settle(scope: &Scope, entities: &mut Vec<Entity>) {
    if let Some(lead) = scope.lead {
        for entity in entities.iter_mut() {
            if entity.mentions.iter().any(|&m| scope.findings[m].span == lead.span)
                || crate::organizations::same_organization(&entity.name, &lead.name)
            {
                entity.score += 8.0;
                entity.cue_role = None;
            }
        }
    }
    // A description (ある企業) gives way to a name.
    let named = entities
        .iter()
        .any(|e| !e.anonymised && !e.first_person && e.score >= 1.8 && e.cue_role.is_none() && e.onlooker.is_none());
    if named {
        for entity in entities.iter_mut().filter(|e| e.anonymised) {
            entity.score -= 2.0;
        }
    }
    entities.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.first.cmp(&b.first)));
    let victim = entities.iter().position(|e| {
        e.onlooker.is_none_or(|o| o == Onlooker::Regulator)
            && !matches!(
                e.cue_role,
                Some(OrganizationRole::Contractor | OrganizationRole::Recipient | OrganizationRole::Regulator)
            )
            && e.score > 0.8
    });
    let Some(victim) = victim else {
        for entity in entities.iter_mut() {
            entity.role = entity.cue_role.or_else(|| default_role(entity));
        }
        entities.retain(|e| e.role.is_some());
        return;
    };
    // A service leads only where no organization does.
    let organization = |e: &Entity| {
        e.kind != OrganizationKind::Service
            && !e.anonymised
            && e.mention <= Mention::Weak
            && e.onlooker.is_none()
            && e.cue_role.is_none()
            && e.score > 2.0
    };
    let victim = match entities[victim].kind {
        OrganizationKind::Service => entities.iter().position(organization).unwrap_or(victim),
        _ => victim,
    };
    let mut lead = entities.remove(victim);
    // The town announces, its school or hospital answers for the data.
    if matches!(lead.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture | OrganizationKind::Board)
        && lead.announces
        && let Some(at) = entities.iter().position(|e| {
            matches!(e.kind, OrganizationKind::School | OrganizationKind::Hospital)
                && e.leaks
                && !e.anonymised
                && e.cue_role.is_none()
                && e.score > 2.5
        })
        && entities.iter().filter(|e| matches!(e.kind, OrganizationKind::School | OrganizationKind::Hospital)).count()
            == 1
    {
        let institution = entities.remove(at);
        lead.role = Some(OrganizationRole::Discloser);
        entities.insert(0, lead);
        lead = institution;
    }
    // 医療法人甲 乙病院: the corporation runs the house that answers for the data.
    if lead
        .legal_form
        .as_deref()
        .is_some_and(|f| ["医療法人", "学校法人", "社会福祉法人"].iter().any(|c| f.contains(c)))
        && let Some(at) = entities.iter().position(|e| {
            matches!(e.kind, OrganizationKind::Hospital | OrganizationKind::School)
                && e.cue_role.is_none()
                && lead.mentions.iter().any(|&m| e.mentions.iter().any(|&n| follows(scope, m, n)))
        })
    {
        let house = entities.remove(at);
        lead.role = Some(OrganizationRole::Parent);
        entities.insert(0, lead);
        lead = house;
    }
    // 当社の子会社である乙: whoever signs is the parent.
    if lead.strongest.0 == "subsidiary-of-speaker" {
        for entity in entities
            .iter_mut()
            .filter(|e| matches!(e.strongest.0.as_str(), "signature" | "site" | "publisher" | "defined-as-speaker"))
        {
            entity.cue_role = Some(OrganizationRole::Parent);
        }
    }
    lead.role =
        Some(if lead.kind == OrganizationKind::Service { OrganizationRole::Service } else { OrganizationRole::Victim });
    for entity in entities.iter_mut() {
        if entity.role.is_none() {
            entity.role = entity.cue_role.or_else(|| default_role(entity));
        }
    }
    entities.retain(|e| e.role.is_some());
    entities.insert(0, lead);
}

/// Whether one mention stands right behind another.
fn follows(scope: &Scope, first: usize, second: usize) -> bool {
    let (first, second) = (&scope.findings[first], &scope.findings[second]);
    first.sentence == second.sentence && second.span.start >= first.span.end && second.span.start - first.span.end <= 1
}

fn default_role(entity: &Entity) -> Option<OrganizationRole> {
    match (entity.onlooker, entity.kind) {
        (Some(Onlooker::Regulator), _) => Some(OrganizationRole::Regulator),
        (Some(_), _) => None,
        (None, OrganizationKind::Service) => Some(OrganizationRole::Service),
        _ => None,
    }
}

/// The text behind a bracket that explains the name: `(川崎市)は13日` gives `は13日`.
fn skip_bracket(after: &str) -> &str {
    let trimmed = after.trim_start_matches(['」', '』', '"', '”']);
    trimmed
        .strip_prefix('(')
        .and_then(|inner| inner.find(')').filter(|&at| at < 120).map(|at| &inner[at + 1..]))
        .unwrap_or(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cue_examples_hold() -> Result<(), LexiconError> {
        let lexicon = RoleLexicon::embedded()?;
        let mut wrong = Vec::new();
        for cue in lexicon.cues() {
            for example in &cue.examples {
                if !cues::matches_example(cue, example) {
                    wrong.push(format!("{} does not match {example}", cue.id));
                }
            }
            for example in &cue.counterexamples {
                if cues::matches_example(cue, example) {
                    wrong.push(format!("{} matches {example}", cue.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }
}
