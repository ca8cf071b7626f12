//! From findings to a disclosure: what belongs to the incident, which claim leads, and how sure it is.

mod claims;
mod contradictions;

use rouei_model::{DateKind, OrganizationRole};

pub(crate) use claims::{features, finish, round};

use crate::causes::{CauseFinding, CauseReading, Contradiction, DeniedCause};
use crate::counts::{CountFinding, Headline, HeadlineContext};
use crate::data_types::DataTypeFinding;
use crate::dates::DateFinding;
use crate::incidents::{Incident, Shape};
use crate::judgement::Findings;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;
use crate::roles::{self, Entity};
use crate::status::StatusFinding;
use crate::voice::Voice;
use crate::{Genre, Lexicons, second_reader};

/// Everything that was found in a document.
pub(crate) struct Found<'a> {
    pub(crate) reading: &'a Reading<'a>,
    /// Its text as the second reader sees it.
    pub(crate) masked: &'a str,
    pub(crate) organizations: &'a [OrganizationFinding],
    pub(crate) counts: &'a [CountFinding],
    pub(crate) dates: &'a [DateFinding],
    pub(crate) voice: &'a Voice,
}

/// One incident with its own findings, not yet judged.
pub(crate) struct Draft {
    incident: Incident,
    entities: Vec<Entity>,
    counts: Vec<CountFinding>,
    headline: Option<Headline>,
    /// By the second reader, that this is the figure to quote, or that there is none.
    agreed: Option<f64>,
    causes: Vec<CauseFinding>,
    denied: Vec<DeniedCause>,
    /// The title says another cause than the text.
    contradiction: Option<Contradiction>,
    dates: Vec<DateFinding>,
    data_types: Vec<DataTypeFinding>,
    status: StatusFinding,
}

impl Draft {
    /// Whether one of several incidents says enough to be recorded: who, and how many or why.
    pub(crate) fn stands_alone(&self) -> bool {
        let named = self.entities.iter().any(|e| e.role.is_some());
        named && (self.incident.shape != Shape::Rest || self.headline.is_some())
    }

    /// The incident and its organizations.
    pub(crate) fn into_incident(self) -> (Incident, Vec<Entity>) {
        (self.incident, self.entities)
    }
}

/// Gathers the findings of one incident.
pub(crate) fn draft(lexicons: &Lexicons, found: &Found, incident: &Incident, genre: &Genre) -> Draft {
    let reading = found.reading;
    let holds = |sentence: usize| incident.sentences.iter().any(|r| r.contains(&sentence));
    let scope = roles::Scope {
        reading,
        findings: found.organizations,
        sentences: &incident.sentences,
        lead: incident.lead.as_ref(),
        repost: genre.repost,
    };
    let mut entities = roles::assign(&lexicons.roles, &scope);
    if let Some(lead) = &incident.lead {
        put_first(&mut entities, lead);
        if let Some(service) = &incident.service {
            let leading = entities.remove(0);
            entities.retain(|e| e.name != service.name);
            entities.insert(0, leading);
            let mut entity = Entity::of(usize::MAX, service);
            entity.mentions.clear();
            entity.descriptions.push(service.span);
            entity.kind = OrganizationKind::Service;
            entity.role = Some(OrganizationRole::Service);
            entity.anonymised = false;
            entities.insert(1, entity);
        }
    }
    let contractor_known =
        entities.iter().any(|e| matches!(e.role, Some(OrganizationRole::Contractor | OrganizationRole::Subcontractor)));
    if !contractor_known {
        let client = !entities.is_empty();
        entities.extend(roles::described_contractor(&lexicons.organizations, &lexicons.roles, &scope, client));
    }
    let mut status = incident
        .sentences
        .iter()
        .map(|r| crate::status::find(reading, &lexicons.status, r.clone()))
        .reduce(|a, b| if a.leak_status.is_some() { a } else { b })
        .unwrap_or_else(|| crate::status::find(reading, &lexicons.status, 0..0));
    let mut counts = own_counts(found.counts, |i, c| {
        holds(c.sentence) && incident.counts.as_ref().is_none_or(|own| own.contains(&i))
    });
    if incident.shape == Shape::Whole
        && let Some(leading) = entities.first()
    {
        let own: Vec<&str> = std::iter::once(&leading.name).chain(&leading.aliases).map(String::as_str).collect();
        crate::counts::reject_other_stories(reading, found.organizations, &own, &mut counts, &lexicons.counts);
    }
    let structured = incident.shape != Shape::Whole;
    if structured {
        crate::counts::count_records_of_a_row(&mut counts);
    }
    let follow_up = matches!(
        status.stage,
        rouei_model::Stage::FollowUp | rouei_model::Stage::Final | rouei_model::Stage::Correction
    );
    let mut headline = crate::counts::headline(&counts, HeadlineContext { follow_up, structured });
    let CauseReading { findings: mut causes, denied, contradiction } = causes_of(lexicons, reading, incident);
    if causes.is_empty()
        && incident.shape == Shape::Line
        && let Some(line) = incident.sentences.first()
    {
        causes = crate::causes::find(reading, &lexicons.causes, section_of(reading, line.start));
    }
    // Where title and text say different things, neither reader is sure.
    if incident.shape == Shape::Whole && contradiction.is_none() {
        lexicons.second_reader.causes.reconsider(found.masked, &mut causes);
    }
    let agreed = lexicons.second_reader.figures.agrees(reading.text(), &counts, headline.as_ref());
    if let (Some(headline), Some(agreed)) = (&mut headline, agreed) {
        headline.confidence = second_reader::both(headline.confidence, agreed);
    }
    if let Some(main) = causes.first().filter(|main| !main.hinted) {
        status.weigh_cause(&lexicons.status, main.code);
    }
    let dates: Vec<DateFinding> = found.dates.iter().filter(|d| holds(d.sentence)).cloned().collect();
    let data_types = incident
        .sentences
        .iter()
        .flat_map(|r| crate::data_types::find(reading, &lexicons.data_types, r.clone()))
        .collect();
    let incident = incident.clone();
    Draft { incident, entities, counts, headline, agreed, causes, denied, contradiction, dates, data_types, status }
}

/// The sentences below the same headings: what a list line leaves unsaid stands around its list, not anywhere.
fn section_of(reading: &Reading, sentence: usize) -> std::ops::Range<usize> {
    let Some(own) = reading.sentences.get(sentence) else { return 0..0 };
    let same = |s: &usize| reading.sentences[*s].headings == own.headings;
    let from = (0..sentence).rev().take_while(same).last().unwrap_or(sentence);
    let to = (sentence + 1..reading.sentences.len()).take_while(same).last().unwrap_or(sentence);
    from..to + 1
}

/// What the judgement needs to know of the drafts.
pub(crate) fn evidence_for_judgement(drafts: &[Draft], found: &Found, genre: &Genre) -> Findings {
    // A regulator that is told of a case in general is nobody's incident, nor is it that of the police who caught somebody.
    let its_own = |e: &Entity| e.has_cue("arrests-its-own") || e.has_cue("arrests-its-own-before");
    let caught = |e: &Entity| e.kind == OrganizationKind::Police && e.has_cue("arrests") && !its_own(e);
    let lead =
        |d: &'_ &Draft| d.entities.first().is_some_and(|e| e.role != Some(OrganizationRole::Regulator) && !caught(e));
    let victim =
        drafts.iter().filter(lead).filter_map(|d| d.entities.first()).max_by(|a, b| a.score.total_cmp(&b.score));
    let counted = found.counts.iter().filter(|c| c.rejected.is_none() && c.value.is_some()).map(|c| c.sentence);
    let dated = |d: &DateFinding| d.rejected.is_none() && d.precision != rouei_model::DatePrecision::Year;
    let measured: Vec<usize> = counted.chain(found.dates.iter().filter(|d| dated(d)).map(|d| d.sentence)).collect();
    let leaking = drafts.iter().filter_map(|d| d.entities.first()).filter(|e| {
        matches!(e.role, Some(OrganizationRole::Victim | OrganizationRole::Service)) && e.leaks && e.onlooker.is_none()
    });
    let claims = leaking
        .flat_map(|e| &e.mentions)
        .map(|&m| found.organizations[m].sentence)
        .filter(|sentence| measured.contains(sentence))
        .collect();
    Findings {
        claims,
        incidents: drafts.len(),
        structured: drafts
            .iter()
            .filter(|d| {
                matches!(d.incident.shape, Shape::Row | Shape::Group | Shape::Line)
                    && (d.headline.is_some() || d.causes.iter().any(|c| !c.hinted))
            })
            .count(),
        counted: drafts
            .iter()
            .filter(|d| {
                d.headline.is_some() && d.incident.lead.as_ref().is_some_and(|l| l.mention != Mention::Anonymised)
            })
            .count(),
        surveyed: drafts.iter().any(|d| d.incident.shape == Shape::Surveyed && d.headline.is_some()),
        lettered: drafts
            .iter()
            .filter(|d| d.entities.first().is_some_and(|e| crate::organizations::is_lettered(&e.name)))
            .count(),
        victim: victim.map(|v| v.score),
        // Every page has a publisher: that it might be its own incident speaks for none, where nobody else is named.
        named: victim.is_some_and(|v| {
            let others =
                || drafts.iter().flat_map(|d| &d.entities).any(|e| !e.anonymised && e.strongest.0 != "publisher");
            let lettered = crate::organizations::is_lettered(&v.name);
            !v.anonymised && !lettered && !v.first_person && (v.strongest.0 != "publisher" || others())
        }),
        acts: victim.is_some_and(|v| v.announces || v.leaks),
        first_person: genre.first_person,
        counts: found.counts.iter().filter(|c| c.rejected.is_none() && c.value.is_some()).map(|c| c.sentence).collect(),
        // Who says what it was not speaks of something that happened.
        cause: drafts.iter().any(|d| d.causes.iter().any(|c| !c.hinted) || !d.denied.is_empty()),
        dates: drafts
            .iter()
            .flat_map(|d| &d.dates)
            .filter(|d| {
                d.rejected.is_none()
                    && d.precision != rouei_model::DatePrecision::Year
                    && d.kind.is_some_and(|k| k != DateKind::Updated && k != DateKind::Reported)
            })
            .map(|d| d.sentence)
            .collect(),
    }
}

/// The organization that the structure names leads, whatever the text around it says.
fn put_first(entities: &mut Vec<Entity>, lead: &OrganizationFinding) {
    let service = lead.kind == OrganizationKind::Service;
    let of_kind = |e: &Entity| (e.kind == OrganizationKind::Service) == service;
    let named = entities.iter().position(|e| of_kind(e) && crate::organizations::same_name(&e.name, &lead.name));
    let at = named.or_else(|| {
        entities.iter().position(|e| of_kind(e) && crate::organizations::same_organization(&e.name, &lead.name))
    });
    let mut entity = match at {
        Some(at) => entities.remove(at),
        None => {
            let mut entity = Entity::of(usize::MAX, lead);
            entity.mentions.clear();
            entity
        }
    };
    entity.score = entity.score.max(6.0);
    "structure".clone_into(&mut entity.strongest.0);
    entity.role = Some(if entity.kind == OrganizationKind::Service || is_shop(&entity.name) {
        OrganizationRole::Service
    } else {
        entity.role.filter(|r| *r == OrganizationRole::Contractor).unwrap_or(OrganizationRole::Victim)
    });
    entity.anonymised = lead.mention == Mention::Anonymised;
    // 三笠野生活協同組合 in the cell is more than 生活協同組合 in the text.
    if lead.name.chars().count() > entity.name.chars().count() {
        let shorter = std::mem::replace(&mut entity.name, lead.name.clone());
        entity.add_alias(shorter);
    }
    // Another victim beside the one that the structure names is a guess.
    for other in entities.iter_mut().filter(|e| e.role == Some(OrganizationRole::Victim)) {
        other.role = Some(OrganizationRole::AffectedClient);
    }
    entities.retain(|e| e.role != Some(OrganizationRole::AffectedClient));
    entities.insert(0, entity);
}

fn is_shop(name: &str) -> bool {
    ["オンラインショップ", "オンラインストア", "公式サイト", "ONLINE SHOP", "ショップ", "オンライン", "ストア"]
        .iter()
        .any(|s| name.ends_with(s))
}

/// The counts of the incident, with the links between them renumbered.
fn own_counts(counts: &[CountFinding], keep: impl Fn(usize, &CountFinding) -> bool) -> Vec<CountFinding> {
    let kept: Vec<usize> = counts.iter().enumerate().filter(|(i, c)| keep(*i, c)).map(|(i, _)| i).collect();
    kept.iter()
        .map(|&i| {
            let mut count = counts[i].clone();
            let renumbered = |index: usize| kept.iter().position(|&k| k == index);
            count.part_of = count.part_of.and_then(renumbered);
            count.beside = count.beside.and_then(renumbered);
            count
        })
        .collect()
}

fn causes_of(lexicons: &Lexicons, reading: &Reading, incident: &Incident) -> CauseReading {
    let mut merged = CauseReading::default();
    for range in &incident.sentences {
        let part = crate::causes::read(reading, &lexicons.causes, range.clone());
        for cause in part.findings {
            match merged.findings.iter_mut().find(|c| c.code == cause.code) {
                Some(known) if cause.score > known.score => *known = cause,
                Some(_) => {}
                None => merged.findings.push(cause),
            }
        }
        merged.denied.extend(part.denied);
        merged.contradiction = merged.contradiction.or(part.contradiction);
    }
    merged.denied.retain(|d| merged.findings.iter().all(|f| f.code != d.code));
    if incident.sentences.len() > 1 {
        merged.findings.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.code.cmp(&b.code)));
        merged.contradiction = None;
    }
    merged
}
