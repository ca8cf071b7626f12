//! Mentions of one organization, put together.

use rouei_model::{OrganizationRole, Span};

use super::lexicon::RoleWords;
use super::{RoleLexicon, Scope};
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_name, same_organization};

/// One organization of an incident.
#[derive(Clone, Debug)]
pub struct Entity {
    /// As written at its fullest mention, without legal form and ticker.
    pub name: String,
    /// 株式会社 and its kin.
    pub legal_form: Option<String>,
    /// Securities code.
    pub ticker: Option<String>,
    /// Other names that the document uses.
    pub aliases: Vec<String>,
    /// What the name looks like.
    pub kind: OrganizationKind,
    /// How surely it is a name: its best mention.
    pub mention: Mention,
    /// Indices of its mentions among the findings of the document.
    pub mentions: Vec<usize>,
    /// Known only by a description.
    pub anonymised: bool,
    /// First named as somebody's subsidiary, whose name may begin its own, or beside somebody in whose name its own ends.
    pub subsidiary: bool,
    /// Known only as 当社, 本市.
    pub first_person: bool,
    /// Regulators, media, products.
    pub onlooker: Option<Onlooker>,
    /// How much speaks for it as victim.
    pub score: f64,
    /// The cue that said most.
    pub strongest: (String, f64),
    /// The ids of the cues that fired, in their order.
    pub cues: Vec<String>,
    /// The part that a cue gives it.
    pub cue_role: Option<OrganizationRole>,
    /// The cue only may give the part: somebody else's incident has to be told.
    pub soft_role: bool,
    /// The part that it has in the end.
    pub role: Option<OrganizationRole>,
    /// It told the public.
    pub announces: bool,
    /// It signs the text, owns the site, or its name stands above a text that says 当社.
    pub speaks: bool,
    /// It is said to have leaked or been attacked.
    pub leaks: bool,
    /// Where it is first named: order of mentions.
    pub first: usize,
    /// Places that are no mentions of a name: the description of an unnamed contractor.
    pub descriptions: Vec<Span>,
}

impl Entity {
    /// An entity of one mention.
    #[must_use]
    pub fn of(index: usize, finding: &OrganizationFinding) -> Self {
        Self {
            name: finding.name.clone(),
            legal_form: finding.legal_form.clone(),
            ticker: finding.ticker.clone(),
            aliases: Vec::new(),
            kind: finding.kind,
            mention: finding.mention,
            mentions: vec![index],
            anonymised: finding.mention == Mention::Anonymised,
            subsidiary: false,
            first_person: finding.mention == Mention::FirstPerson,
            onlooker: finding.onlooker,
            score: 0.0,
            strongest: ("mention".to_owned(), 0.0),
            cues: Vec::new(),
            cue_role: None,
            soft_role: false,
            role: None,
            announces: false,
            speaks: false,
            leaks: false,
            first: index,
            descriptions: Vec::new(),
        }
    }

    /// A contractor that is only described, at `span`.
    #[must_use]
    pub fn described_contractor(span: Span, text: &str) -> Self {
        Self::described(span, text, OrganizationRole::Contractor)
    }

    /// A victim that is only spoken of by its kind, at `span`.
    #[must_use]
    pub fn unnamed_victim(span: Span, text: &str) -> Self {
        let mut entity = Self::described(span, text, OrganizationRole::Victim);
        entity.score = UNNAMED_SCORE;
        entity
    }

    fn described(span: Span, text: &str, role: OrganizationRole) -> Self {
        let finding = OrganizationFinding {
            sentence: usize::MAX,
            span,
            name: span.of(text).to_owned(),
            legal_form: None,
            ticker: None,
            kind: OrganizationKind::Unknown,
            mention: Mention::Anonymised,
            quoted: false,
            onlooker: None,
        };
        let mut entity = Self::of(usize::MAX, &finding);
        entity.mentions.clear();
        entity.descriptions.push(span);
        entity.role = Some(role);
        "description".clone_into(&mut entity.strongest.0);
        entity
    }

    /// Adds another mention.
    pub fn absorb(&mut self, index: usize, finding: &OrganizationFinding) {
        self.mentions.push(index);
        self.mention = self.mention.min(finding.mention);
        // (株)ミナモ stays so beside ミナモウェブストア.
        let surer = self.legal_form.is_none() || finding.legal_form.is_some();
        if surer && finding.name.chars().count() > self.name.chars().count() {
            let shorter = std::mem::replace(&mut self.name, finding.name.clone());
            self.add_alias(shorter);
            if finding.kind != OrganizationKind::Unknown {
                self.kind = finding.kind;
            }
        } else {
            self.add_alias(finding.name.clone());
        }
        self.legal_form = self.legal_form.take().or_else(|| finding.legal_form.clone());
        self.ticker = self.ticker.take().or_else(|| finding.ticker.clone());
        if self.kind == OrganizationKind::Unknown {
            self.kind = finding.kind;
        }
        self.onlooker = self.onlooker.or(finding.onlooker);
    }

    /// Whether a cue fired.
    #[must_use]
    pub fn has_cue(&self, id: &str) -> bool {
        self.cues.iter().any(|c| c == id)
    }

    /// Whether it says where something is, and nothing else is told of it.
    #[must_use]
    pub fn is_only_a_place(&self) -> bool {
        self.has_cue("location") && !self.leaks && !self.announces && !self.is_speaker()
    }

    /// Whether it signs the text or says 当社 of itself.
    #[must_use]
    pub fn is_speaker(&self) -> bool {
        self.speaks || self.strongest.0 == "publisher" || self.speaks_by_cue()
    }

    /// Whether a cue has it say 当社 of itself.
    #[must_use]
    pub fn speaks_by_cue(&self) -> bool {
        SPEAKING_CUES.iter().any(|c| self.has_cue(c))
    }

    /// A cue that may be the strongest.
    pub(super) fn fire(&mut self, id: &str, weight: f64) {
        if weight.abs() > self.strongest.1.abs() {
            self.strongest = (id.to_owned(), weight);
        }
        self.note(id, weight);
    }

    /// Something that adds to the score.
    pub(super) fn note(&mut self, id: &str, weight: f64) {
        self.cues.push(id.to_owned());
        self.score += weight;
    }

    /// Another name of it.
    pub fn add_alias(&mut self, name: String) {
        if name != self.name && !self.aliases.contains(&name) {
            self.aliases.push(name);
        }
    }
}

/// Score of a victim that nobody names: it is there, and that is all.
const UNNAMED_SCORE: f64 = 1.0;

/// Cues that have an organization say 当社 of itself.
const SPEAKING_CUES: [&str; 5] =
    ["defined-as-speaker", "we-in-brackets", "introduces-itself", "thanks-its-guests", "writes-to-its-guests"];

/// Groups the mentions of a scope; 当社 and its kin stay apart until the speaker is known.
pub(super) fn group(lexicon: &RoleLexicon, scope: &Scope) -> Vec<Entity> {
    let text = scope.reading.text();
    let mut entities: Vec<Entity> = Vec::new();
    for (index, finding) in scope.findings.iter().enumerate() {
        if !scope.holds(finding.sentence) {
            continue;
        }
        let first_person = finding.mention == Mention::FirstPerson;
        let alike = |e: &Entity| {
            e.first_person == first_person
                && e.anonymised == (finding.mention == Mention::Anonymised)
                && (e.kind == OrganizationKind::Service) == (finding.kind == OrganizationKind::Service)
        };
        // 甲銀行が約10万人、霧影甲銀行が約9万人: a name that ends in one before it in its sentence is another one.
        let side_by_side = |e: &Entity, finding: &OrganizationFinding| {
            let before = |&m: &usize| {
                let other = &scope.findings[m];
                other.sentence == finding.sentence
                    && other.mention <= Mention::Suffix
                    && finding.mention <= Mention::Suffix
                    && finding.name.len() > other.name.len()
                    && finding.name.ends_with(other.name.as_str())
                    && text[other.span.end..finding.span.start].contains(['、', 'と', 'や'])
            };
            e.mentions.iter().any(before)
        };
        // 灯影ガスは、子会社の灯影ガス住設が: the longer name is not the shorter one.
        let own_name = |e: &Entity| same_name(&e.name, &finding.name);
        let own = entities.iter().position(|e| alike(e) && own_name(e) && e.subsidiary);
        let known = own.or_else(|| {
            let same = |e: &Entity| {
                same_organization(&e.name, &finding.name) || e.aliases.iter().any(|a| same_name(a, &finding.name))
            };
            let at = entities.iter().position(|e| alike(e) && same(e))?;
            let another = is_subsidiary(lexicon, text, finding) || side_by_side(&entities[at], finding);
            (own_name(&entities[at]) || !another).then_some(at)
        });
        let known = known.map(|at| &mut entities[at]);
        match known {
            Some(entity) => entity.absorb(index, finding),
            None => {
                let mut entity = Entity::of(index, finding);
                entity.subsidiary =
                    is_subsidiary(lexicon, text, finding) || entities.iter().any(|e| side_by_side(e, finding));
                entities.push(entity);
            }
        }
    }
    // 株式会社ミナモネットワーク(以下「MNM」), 長い名前(MNM): the bracket names the same one.
    for entity in &mut entities {
        for mention in entity.mentions.clone() {
            let after = &text[scope.findings[mention].span.end..];
            if let Some(alias) = alias_behind(after)
                && !alias.chars().all(char::is_numeric)
            {
                entity.add_alias(alias);
            }
        }
    }
    merge_aliases(&mut entities);
    entities
}

/// 子会社の, グループ会社である「 before a name.
fn is_subsidiary(lexicon: &RoleLexicon, text: &str, finding: &OrganizationFinding) -> bool {
    let before = text[..finding.span.start].trim_end_matches(['「', '『']);
    lexicon.ends_with(RoleWords::SubsidiaryBefore, before)
}

fn merge_aliases(entities: &mut Vec<Entity>) {
    let mut index = 0;
    while index < entities.len() {
        let other = (0..entities.len()).find(|&o| {
            o != index
                && !entities[o].first_person
                && !entities[index].first_person
                && entities[index].aliases.contains(&entities[o].name)
        });
        match other {
            Some(other) => {
                let absorbed = entities.remove(other);
                let at = if other < index { index - 1 } else { index };
                let entity = &mut entities[at];
                entity.mentions.extend(absorbed.mentions);
                entity.mentions.sort_unstable();
                entity.mention = entity.mention.min(absorbed.mention);
                entity.first = entity.first.min(absorbed.first);
                entity.add_alias(absorbed.name);
                for alias in absorbed.aliases {
                    entity.add_alias(alias);
                }
                index = at;
            }
            None => index += 1,
        }
    }
}

/// The short name in a bracket behind a name.
pub(super) fn alias_behind(after: &str) -> Option<String> {
    let inner = after.trim_start_matches(['」', '』']).strip_prefix('(')?;
    let inner = &inner[..inner.find(')')?];
    // (三笠野市。以下、「MNM」)
    let inner = inner.find("以下").map_or(inner, |at| &inner[at..]);
    let quoted = inner.split(['「', '『', '"']).nth(1).and_then(|s| s.split(['」', '』', '"']).next());
    if inner.starts_with("以下") || inner.starts_with("旧") || inner.starts_with("略称") {
        return quoted.map(str::to_owned).filter(|a| a.chars().count() >= 2 && !is_speaker_word(a));
    }
    let latin = inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '&' | '-' | '.'))
        && inner.chars().any(|c| c.is_ascii_alphabetic());
    (latin && (2..=20).contains(&inner.len())).then(|| inner.to_owned())
}

fn is_speaker_word(word: &str) -> bool {
    ["当", "本", "弊", "同"].iter().any(|p| word.starts_with(p)) && word.chars().count() <= 4
}
