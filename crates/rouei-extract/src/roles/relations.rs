//! What two organizations of one sentence are to each other: who entrusts what to whom, whose subsidiary leaks, who runs
//! the site. Particles tell the direction, so a pattern is asked of the text between two names and of what stands behind
//! the second one (`[[relation]]` in `lexicon.toml`).

use std::collections::BTreeMap;

use rouei_model::{OrganizationRole, Span};
use serde::Deserialize;

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::lexicon::LexiconError;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};
use crate::pattern::{self, Regex};
use crate::prefilter::Prefilter;

/// What somebody is to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// Has others work for it.
    Client,
    /// Works for somebody.
    Contractor,
    /// Works for a contractor.
    Subcontractor,
    /// Owns another.
    Parent,
    /// Is owned by another.
    Subsidiary,
    /// Runs a site or a service.
    Operator,
    /// Is run by somebody.
    Site,
}

/// Two names and what the text around them makes of them.
#[derive(Debug)]
pub(super) struct Relation {
    id: String,
    first: Part,
    second: Part,
    between: Regex,
    behind: Option<Regex>,
    kinds: Vec<OrganizationKind>,
    not_kinds: Vec<OrganizationKind>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// The relations of the lexicon, in the order in which they are asked.
#[derive(Debug)]
pub(super) struct Relations {
    all: Vec<Relation>,
    prefilter: Prefilter,
}

/// One relation as the file writes it; `{word}` stands for an entry of `[relation_words]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    id: String,
    first: Part,
    second: Part,
    between: String,
    #[serde(default)]
    behind: Option<String>,
    /// Kinds of the client or parent that the relation is asked of; none: all.
    #[serde(default)]
    kinds: Vec<OrganizationKind>,
    /// Kinds that the second name may not be of.
    #[serde(default)]
    not_kinds: Vec<OrganizationKind>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// What a sentence says of two mentions, by their places among the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) first: (usize, Part),
    pub(super) second: (usize, Part),
}

/// Longest text between two names that a relation spans, in bytes.
const LONGEST_BETWEEN: usize = 360;

/// How many names before one are looked at.
const NAMES_BEFORE: usize = 5;

impl Relations {
    pub(super) fn compile(
        file: &str,
        entries: Vec<Entry>,
        words: &BTreeMap<String, String>,
    ) -> Result<Self, LexiconError> {
        let mut all = Vec::new();
        for entry in entries {
            let expand = |source: &str| {
                let whole = words.iter().fold(source.to_owned(), |s, (k, v)| s.replace(&format!("{{{k}}}"), v));
                pattern::compile(&whole).map_err(|e| LexiconError::Entry {
                    file: file.to_owned(),
                    entry: entry.id.clone(),
                    message: e.to_string(),
                })
            };
            let between = expand(&entry.between)?;
            let behind = entry.behind.as_deref().map(expand).transpose()?;
            all.push(Relation {
                id: entry.id,
                first: entry.first,
                second: entry.second,
                between,
                behind,
                kinds: entry.kinds,
                not_kinds: entry.not_kinds,
                examples: entry.examples,
                counterexamples: entry.counterexamples,
            });
        }
        // What stands behind is as telling as what stands between; the more particular one is searched for.
        let prefilter = Prefilter::new(all.iter().map(|r| r.behind.as_ref().unwrap_or(&r.between)));
        Ok(Self { all, prefilter })
    }

    /// Examples in which a relation does not hold, and counterexamples in which it does: the names stand in 《 》.
    pub(super) fn broken(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for relation in &self.all {
            let misses = relation.examples.iter().filter(|e| !relation.holds_in_example(e));
            out.extend(misses.map(|e| (relation.id.clone(), format!("does not match {e}"))));
            let matches = relation.counterexamples.iter().filter(|e| relation.holds_in_example(e));
            out.extend(matches.map(|e| (relation.id.clone(), format!("matches {e}"))));
        }
        out
    }

    /// Every relation that the sentences of the scope tell; of each name only to the nearest one before it.
    pub(super) fn read(&self, lexicon: &RoleLexicon, scope: &Scope) -> Vec<Link> {
        let text = scope.reading.text();
        let named = parties(scope);
        let mut links: Vec<Link> = Vec::new();
        for (at, second) in named.iter().enumerate() {
            let sentence = scope.reading.sentences[second.sentence].span;
            let candidates = self.prefilter.candidates(sentence.of(text));
            if candidates.is_empty() {
                continue;
            }
            let behind = &text[second.span.end..sentence.end];
            // 委託しているミナモのグループ会社: the contractor is the other one.
            let kind = behind.strip_prefix('の').map(|b| b.char_indices().nth(14).map_or(b, |(at, _)| &b[..at]));
            let owns = kind.is_some_and(|kind| {
                let words = lexicon.words(RoleWords::SubsidiaryKind).iter();
                words
                    .filter_map(|word| kind.find(word.as_str()))
                    .min()
                    .is_some_and(|at| !kind[..at].contains(['、', '。', 'は', 'が', 'を', 'に']))
            });
            let near = named[..at].iter().rev().take(NAMES_BEFORE).take_while(|p| p.sentence == second.sentence);
            let firsts: Vec<&Party> = near.collect();
            for (_, relation) in self.all.iter().enumerate().filter(|(number, _)| candidates.contains(*number)) {
                // Who was told of as entrusted by one name is not taken over by another.
                let told = |part: Part, mention: usize| {
                    links.iter().any(|l| l.first == (mention, part) || l.second == (mention, part))
                };
                let takes = |part: Part| matches!(part, Part::Contractor | Part::Subcontractor | Part::Subsidiary);
                let works = [Part::Contractor, Part::Subcontractor];
                if owns && works.contains(&relation.second)
                    || relation.not_kinds.contains(&second.kind)
                    || takes(relation.second) && told(relation.second, second.mention)
                    || works.contains(&relation.second) && works.iter().any(|p| told(*p, second.mention))
                    || works.contains(&relation.second) && told(Part::Client, second.mention)
                    || relation.second == Part::Client && told(Part::Client, second.mention)
                {
                    continue;
                }
                let hit = firsts.iter().find(|first| {
                    let Some(between) = text.get(first.span.end..second.span.start) else { return false };
                    let client = match relation.first {
                        Part::Client | Part::Parent => first.kind,
                        _ => second.kind,
                    };
                    between.len() <= LONGEST_BETWEEN
                        && (relation.kinds.is_empty() || relation.kinds.contains(&client))
                        && relation.holds(between, behind)
                });
                if let Some(first) = hit
                    && first.mention != second.mention
                {
                    links.push(Link {
                        first: (first.mention, relation.first),
                        second: (second.mention, relation.second),
                    });
                }
            }
        }
        links
    }
}

impl Relation {
    fn holds(&self, between: &str, behind: &str) -> bool {
        self.behind.as_ref().is_none_or(|pattern| pattern.is_match(behind)) && self.between.is_match(between)
    }

    fn holds_in_example(&self, example: &str) -> bool {
        let names: Vec<&str> = example.split(['《', '》']).collect();
        names.len() == 5 && self.holds(names[2], names[4])
    }
}

/// A mention, or 同社 that stands for one.
struct Party {
    mention: usize,
    sentence: usize,
    span: Span,
    kind: OrganizationKind,
}

/// The mentions of the scope in text order, with 同社 and its kin for whom they mean.
fn parties(scope: &Scope) -> Vec<Party> {
    let own = |f: &OrganizationFinding| scope.holds(f.sentence);
    let mentions = scope.findings.iter().enumerate().filter(|(_, f)| own(f));
    let mut out: Vec<Party> =
        mentions.map(|(mention, f)| Party { mention, sentence: f.sentence, span: f.span, kind: f.kind }).collect();
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        for (at, _) in span.of(text).match_indices('同') {
            let start = span.start + at;
            let Some((word, kinds)) = MEANT.iter().find(|(word, _)| text[start..span.end].starts_with(word)) else {
                continue;
            };
            let before = |f: &(usize, &OrganizationFinding)| {
                f.1.span.end <= start
                    && f.1.sentence + 1 >= sentence
                    && kinds.contains(&f.1.kind)
                    && f.1.onlooker.is_none()
                    && own(f.1)
            };
            let near: Vec<(usize, &OrganizationFinding)> = scope.findings.iter().enumerate().filter(before).collect();
            // 甲は…乙に委託している。同社は: in the same sentence the last one is meant, from another one its topic.
            let topic = |f: &&(usize, &OrganizationFinding)| text[f.1.span.end..].starts_with(['は', '、', '(']);
            let inside = near.iter().rev().find(|f| f.1.sentence == sentence);
            let meant = inside.or_else(|| near.iter().find(topic)).or_else(|| near.last());
            if let Some(&(mention, finding)) = meant {
                let span = Span::new(start, start + word.len());
                out.push(Party { mention, sentence, span, kind: finding.kind });
            }
        }
    }
    out.sort_by_key(|p| (p.span.start, p.span.end));
    out
}

/// Words for somebody who was named before, and what they may mean.
const MEANT: [(&str, &[OrganizationKind]); 9] = {
    use OrganizationKind as K;
    const FIRM: &[K] = &[K::Company, K::Unknown, K::Association, K::Service];
    [
        ("同社", FIRM),
        ("同行", &[K::Company]),
        ("同市", &[K::Municipality]),
        ("同町", &[K::Municipality]),
        ("同県", &[K::Prefecture]),
        ("同大学", &[K::School]),
        ("同院", &[K::Hospital]),
        ("同会", &[K::Association]),
        ("同法人", &[K::Association, K::Hospital, K::School]),
    ]
};

/// What somebody runs is a site before anybody is scored: it says 当社 of itself nowhere.
pub(super) fn mark_sites(scope: &Scope, links: &[Link], entities: &mut [Entity]) {
    let first_person = |mention: usize| scope.findings[mention].mention == Mention::FirstPerson;
    for link in links {
        let (site, other) = match (link.first.1, link.second.1) {
            (_, Part::Site) => (link.second.0, link.first.0),
            (Part::Site, _) => (link.first.0, link.second.0),
            _ => continue,
        };
        let finding = &scope.findings[site];
        if !finding.quoted || finding.legal_form.is_some() || finding.onlooker.is_some() {
            continue;
        }
        // 「うみまる」を運営するうみまるホールディングス: the site has the name of whoever runs it.
        let its_own = |e: &&mut Entity| !e.mentions.contains(&other) && e.legal_form.is_none();
        for entity in entities.iter_mut().filter(|e| e.mentions.contains(&site)).filter(its_own) {
            entity.kind = OrganizationKind::Service;
            if first_person(other) && !entity.has_cue(OUR_SITE) {
                entity.note(OUR_SITE, 1.0);
            }
        }
    }
}

/// A site that 当社 runs.
pub(super) const OUR_SITE: &str = "our-site";

/// Gives the organizations the parts that the relations say.
pub(super) fn apply(scope: &Scope, links: &[Link], entities: &mut [Entity]) {
    let place = |entities: &[Entity], mention: usize| {
        entities.iter().position(|e| e.mentions.contains(&mention)).or_else(|| {
            // 当社 went to who signs.
            let first_person = scope.findings[mention].mention == Mention::FirstPerson;
            let speakers = entities.iter().enumerate().filter(|(_, e)| first_person && e.is_speaker());
            speakers.max_by(|a, b| a.1.score.total_cmp(&b.1.score)).map(|(at, _)| at)
        })
    };
    for link in links {
        let (Some(first), Some(second)) = (place(entities, link.first.0), place(entities, link.second.0)) else {
            continue;
        };
        if first == second {
            continue;
        }
        // 緑台銀行の再委託先である…: who tells of it is the client.
        let works = |e: &Entity| !e.announces && !e.is_speaker() && !e.has_cue("is-client");
        if link.second.1 != Part::Subcontractor || works(&entities[first]) {
            give(&mut entities[first], link.first.1);
        }
        give(&mut entities[second], link.second.1);
        for (mention, part) in [link.first, link.second] {
            let row: Vec<usize> = row_of(scope, mention).into_iter().filter_map(|m| place(entities, m)).collect();
            for at in row.into_iter().filter(|_| part == Part::Client) {
                give(&mut entities[at], part);
            }
        }
    }
    // Whom nobody stands between is a contractor.
    let contractor = |e: &Entity| e.cue_role == Some(OrganizationRole::Contractor);
    if !entities.iter().any(contractor) {
        for entity in entities.iter_mut().filter(|e| e.cue_role == Some(OrganizationRole::Subcontractor)) {
            entity.cue_role = Some(OrganizationRole::Contractor);
        }
    }
    // サービスを利用していた北碧大学、羽衣短期大学: all of the row use it.
    let users: Vec<usize> = entities
        .iter()
        .filter(|e| e.cue_role == Some(OrganizationRole::AffectedClient))
        .flat_map(|e| e.mentions.iter().flat_map(|&m| row_of(scope, m)))
        .collect();
    for at in users.into_iter().filter_map(|m| place(entities, m)).collect::<Vec<_>>() {
        if entities[at].cue_role.is_none() && !entities[at].announces {
            entities[at].cue_role = Some(OrganizationRole::AffectedClient);
            entities[at].soft_role = true;
        }
    }
}

fn give(entity: &mut Entity, part: Part) {
    let service = entity.kind == OrganizationKind::Service;
    match part {
        Part::Client if !service && !entity.has_cue("is-client") => {
            entity.note("is-client", 2.0);
            if matches!(entity.cue_role, Some(OrganizationRole::Contractor)) {
                entity.cue_role = None;
                entity.soft_role = false;
                // What spoke for a contractor spoke against the victim.
                entity.score = entity.score.max(2.0);
            }
        }
        Part::Contractor if entity.onlooker.is_none() && !entity.has_cue("is-contractor") => {
            entity.note("is-contractor", -2.0);
            entity.cue_role = Some(OrganizationRole::Contractor);
            entity.soft_role = false;
        }
        Part::Subcontractor if entity.onlooker.is_none() && !entity.has_cue("is-subcontractor") => {
            entity.note("is-subcontractor", -2.0);
            entity.cue_role = Some(OrganizationRole::Subcontractor);
            entity.soft_role = false;
        }
        Part::Parent if !service && !entity.has_cue("is-parent") => entity.note("is-parent", -2.0),
        Part::Subsidiary if !entity.has_cue("is-subsidiary") => entity.note("is-subsidiary", 2.0),
        // 鏡石クラウドのファイル転送サービス「…」: what has a service is none.
        Part::Operator if service && entity.mention == Mention::Weak => entity.kind = OrganizationKind::Company,
        Part::Operator if !service && !entity.has_cue("is-operator") => entity.note("is-operator", 0.5),
        _ => {}
    }
}

/// 青霞市、緑台銀行と梓川大学: the names that stand in one row with a mention.
fn row_of(scope: &Scope, mention: usize) -> Vec<usize> {
    let text = scope.reading.text();
    let joined = |a: &OrganizationFinding, b: &OrganizationFinding| {
        let between = text.get(a.span.end..b.span.start).unwrap_or_default().trim_start_matches(['様', '」']);
        let between = between.strip_prefix("さま").unwrap_or(between).trim_end_matches(['「', ' ']);
        a.sentence == b.sentence
            && matches!(
                between,
                "、" | "と" | "や" | "・" | "及び" | "および" | "並びに" | "ならびに" | "、及び" | "、および"
            )
    };
    let mut out = Vec::new();
    let mut last = mention;
    while let Some(next) = scope.findings.get(last + 1).filter(|next| joined(&scope.findings[last], next)) {
        let _ = next;
        last += 1;
        out.push(last);
    }
    let mut first = mention;
    while first > 0 && joined(&scope.findings[first - 1], &scope.findings[first]) {
        first -= 1;
        out.push(first);
    }
    out
}
