//! From findings to a disclosure: what belongs to the incident, which claim leads, and how sure it is.

use std::collections::BTreeMap;

use rouei_model::{
    CauseClaim, CauseCode, CountClaim, DataState, DataTypeClaim, DataTypeCode, DateClaim, DateKind, DatePrecision,
    Disclosure, Evidence, HeadlineCount, Issue, IssueCode, OrganizationClaim, OrganizationRole, Span,
};

use crate::causes::CauseFinding;
use crate::confidence::{self, Features};
use crate::counts::{CountFinding, Headline, HeadlineContext};
use crate::data_types::DataTypeFinding;
use crate::dates::DateFinding;
use crate::incidents::{Incident, Shape};
use crate::judgement::{Findings, Judgement};
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;
use crate::roles::{self, Entity};
use crate::status::StatusFinding;
use crate::{Genre, Lexicons};

/// Everything that was found in a document.
pub(crate) struct Found<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) organizations: &'a [OrganizationFinding],
    pub(crate) counts: &'a [CountFinding],
    pub(crate) dates: &'a [DateFinding],
}

/// One incident with its own findings, not yet judged.
pub(crate) struct Draft {
    incident: Incident,
    entities: Vec<Entity>,
    counts: Vec<CountFinding>,
    headline: Option<Headline>,
    causes: Vec<CauseFinding>,
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
        entities.extend(roles::described_contractor(&lexicons.organizations, &scope));
    }
    let mut status = incident
        .sentences
        .iter()
        .map(|r| crate::status::find(reading, &lexicons.status, r.clone()))
        .reduce(|a, b| if a.leak_status.is_some() { a } else { b })
        .unwrap_or_else(|| crate::status::find(reading, &lexicons.status, 0..0));
    let counts = own_counts(found.counts, |i, c| {
        holds(c.sentence) && incident.counts.as_ref().is_none_or(|own| own.contains(&i))
    });
    let follow_up = matches!(
        status.stage,
        rouei_model::Stage::FollowUp | rouei_model::Stage::Final | rouei_model::Stage::Correction
    );
    let headline = crate::counts::headline(reading, &counts, HeadlineContext { follow_up });
    let mut causes = causes_of(lexicons, reading, incident);
    if causes.is_empty()
        && incident.shape == Shape::Line
        && let Some(line) = incident.sentences.first()
    {
        causes = crate::causes::find(reading, &lexicons.causes, section_of(reading, line.start));
    }
    if let (None, Some(main)) = (status.leak_status, causes.first()) {
        status.leak_status = lexicons.status.implied(main.code);
    }
    let dates: Vec<DateFinding> = found.dates.iter().filter(|d| holds(d.sentence)).cloned().collect();
    let data_types = incident
        .sentences
        .iter()
        .flat_map(|r| crate::data_types::find(reading, &lexicons.data_types, r.clone()))
        .collect();
    Draft { incident: incident.clone(), entities, counts, headline, causes, dates, data_types, status }
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
    let victim = drafts.iter().filter_map(|d| d.entities.first()).max_by(|a, b| a.score.total_cmp(&b.score));
    Findings {
        incidents: drafts.len(),
        structured: drafts
            .iter()
            .filter(|d| {
                matches!(d.incident.shape, Shape::Row | Shape::Group) && (d.headline.is_some() || !d.causes.is_empty())
            })
            .count(),
        victim: victim.map(|v| v.score),
        named: victim.is_some_and(|v| !v.anonymised && !v.first_person),
        acts: victim.is_some_and(|v| v.announces || v.leaks),
        first_person: genre.first_person,
        counts: found.counts.iter().filter(|c| c.rejected.is_none() && c.value.is_some()).count(),
        cause: drafts.iter().any(|d| !d.causes.is_empty()),
        dates: drafts
            .iter()
            .flat_map(|d| &d.dates)
            .filter(|d| {
                d.rejected.is_none() && d.kind.is_some_and(|k| k != DateKind::Updated && k != DateKind::Reported)
            })
            .count(),
    }
}

/// Turns a draft into the record.
pub(crate) fn finish(
    draft: Draft,
    found: &Found,
    judgement: &Judgement,
    weights: &confidence::Weights,
    several: bool,
) -> Disclosure {
    let reading = found.reading;
    let mut issues = Vec::new();
    let organizations = organization_claims(&draft, found);
    if organizations.first().is_none_or(|o| o.anonymised) {
        issues.push(Issue::new(IssueCode::UnnamedOrganization, "the document does not name the organization"));
    }
    let counts = count_claims(&draft.counts, reading);
    let headline_count = draft.headline.as_ref().map(|h| HeadlineCount {
        claim: h.finding.map(|i| format!("c{}", claim_number(&draft.counts, i))),
        value: h.value,
        unit: h.unit.clone(),
        bound: h.bound,
        approx: h.approx,
        scope: h.scope,
        derived: h.derived,
        confidence: round(h.confidence),
    });
    if parts_exceed_whole(&draft.counts) {
        issues
            .push(Issue::new(IssueCode::ContradictingCounts, "a part is larger than the figure that it is a part of"));
    }
    let causes = cause_claims(&draft.causes, reading);
    let dates = date_claims(&draft, reading, &mut issues);
    let data_types = data_type_claims(&draft.data_types, reading);
    let card_data = data_types
        .iter()
        .filter(|d| matches!(d.code, DataTypeCode::Card | DataTypeCode::CardSecurityCode))
        .map(|d| d.state)
        .min_by_key(|s| *s == DataState::Denied);
    let features = Features::of(
        &draft.entities,
        draft.headline.as_ref(),
        &draft.counts,
        &draft.causes,
        &dates,
        judgement,
        several,
    );
    let confidence = round(confidence::record(weights, &features));
    let needs_review = confidence < weights.review_below
        || issues.iter().any(|i| matches!(i.code, IssueCode::ContradictingCounts | IssueCode::UnnamedOrganization));
    Disclosure {
        id: String::new(),
        organizations,
        counts,
        headline_count,
        causes,
        dates,
        data_types,
        card_data,
        leak_status: draft.status.leak_status,
        event: draft.status.event,
        stage: draft.status.stage,
        confidence,
        needs_review,
        issues,
    }
}

/// The organization that the structure names leads, whatever the text around it says.
fn put_first(entities: &mut Vec<Entity>, lead: &OrganizationFinding) {
    let service = lead.kind == OrganizationKind::Service;
    let at = entities.iter().position(|e| {
        (e.kind == OrganizationKind::Service) == service && crate::organizations::same_organization(&e.name, &lead.name)
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

fn causes_of(lexicons: &Lexicons, reading: &Reading, incident: &Incident) -> Vec<CauseFinding> {
    let mut merged: Vec<CauseFinding> = Vec::new();
    for range in &incident.sentences {
        for cause in crate::causes::find(reading, &lexicons.causes, range.clone()) {
            match merged.iter_mut().find(|c| c.code == cause.code) {
                Some(known) if cause.score > known.score => *known = cause,
                Some(_) => {}
                None => merged.push(cause),
            }
        }
    }
    if incident.sentences.len() > 1 {
        merged.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.code.cmp(&b.code)));
    }
    merged
}

fn organization_claims(draft: &Draft, found: &Found) -> Vec<OrganizationClaim> {
    draft
        .entities
        .iter()
        .filter_map(|e| e.role.map(|role| (e, role)))
        .enumerate()
        .map(|(n, (entity, role))| {
            let mut spans: Vec<Span> = entity.mentions.iter().map(|&m| found.organizations[m].span).collect();
            spans.extend(&entity.descriptions);
            if n == 0
                && spans.is_empty()
                && let Some(lead) = &draft.incident.lead
            {
                spans.push(lead.span);
            }
            OrganizationClaim {
                id: format!("o{}", n + 1),
                name: entity.name.clone(),
                canonical: canonical(entity),
                legal_form: entity.legal_form.clone(),
                ticker: entity.ticker.clone(),
                aliases: entity.aliases.clone(),
                role,
                anonymised: entity.anonymised,
                confidence: round(confidence::organization(entity, n == 0)),
                rule: format!("organization/{}", entity.strongest.0),
                evidence: spans.into_iter().take(EVIDENCE_PER_CLAIM).map(|s| found.reading.evidence(s)).collect(),
            }
        })
        .collect()
}

/// Places shown for one claim; a name may stand a hundred times.
const EVIDENCE_PER_CLAIM: usize = 5;

/// 北碧県灯台市 is 灯台市; blanks in names stay.
fn canonical(entity: &Entity) -> String {
    if entity.kind == OrganizationKind::Municipality {
        let core = crate::organizations::core_name(&entity.name);
        if !core.is_empty() {
            return core;
        }
    }
    entity.name.clone()
}

fn claimed(count: &CountFinding) -> bool {
    count.rejected.is_none()
}

fn claim_number(counts: &[CountFinding], index: usize) -> usize {
    counts[..=index].iter().filter(|c| claimed(c)).count()
}

fn count_claims(counts: &[CountFinding], reading: &Reading) -> Vec<CountClaim> {
    counts
        .iter()
        .enumerate()
        .filter(|(_, c)| claimed(c))
        .map(|(i, c)| CountClaim {
            id: format!("c{}", claim_number(counts, i)),
            value: c.value,
            max_value: c.max_value,
            unit: c.unit.clone(),
            bound: c.bound,
            approx: c.approx,
            cumulative: c.cumulative,
            scope: c.scope,
            subject: c.subject,
            part_of: c.part_of.filter(|&p| claimed(&counts[p])).map(|p| format!("c{}", claim_number(counts, p))),
            undisclosed: c.undisclosed,
            as_of: None,
            confidence: round(c.confidence),
            rule: format!("count/{}", c.rule),
            evidence: evidence_of(reading, c.span, c.sentence),
        })
        .collect()
}

fn parts_exceed_whole(counts: &[CountFinding]) -> bool {
    counts.iter().filter(|c| claimed(c)).any(|part| {
        part.part_of
            .and_then(|p| counts.get(p))
            .filter(|w| claimed(w) && w.unit == part.unit)
            .is_some_and(|whole| matches!((part.value, whole.value), (Some(p), Some(w)) if p > w))
    })
}

fn cause_claims(causes: &[CauseFinding], reading: &Reading) -> Vec<CauseClaim> {
    causes
        .iter()
        .filter(|c| c.code != CauseCode::Unknown || causes.len() == 1)
        .enumerate()
        .map(|(n, c)| CauseClaim {
            id: format!("k{}", n + 1),
            code: c.code,
            label: c.label.clone(),
            source_label: c.source_label.clone(),
            vulnerabilities: c.vulnerabilities.clone(),
            confidence: round(c.confidence),
            rule: format!("cause/{}", c.rule),
            evidence: c.spans.iter().take(EVIDENCE_PER_CLAIM).map(|&s| reading.evidence(s)).collect(),
        })
        .collect()
}

fn date_claims(draft: &Draft, reading: &Reading, issues: &mut Vec<Issue>) -> Vec<DateClaim> {
    let mut claims: Vec<DateClaim> = Vec::new();
    for index in crate::dates::claims(&draft.dates) {
        let date = &draft.dates[index];
        let Some(kind) = date.kind.filter(|_| date.rejected.is_none()) else { continue };
        if date.doubtful {
            issues.push(Issue::new(
                IssueCode::DoubtfulDate,
                format!("{} cannot be right as written", date.span.of(reading.text())),
            ));
        }
        if date.from.is_none() && date.to.is_none() {
            issues.push(Issue::new(
                IssueCode::UnresolvedDate,
                format!("{} ({}) lacks what would place it", date.span.of(reading.text()), kind.code()),
            ));
            continue;
        }
        claims.push(DateClaim {
            id: format!("d{}", claims.len() + 1),
            kind,
            date_from: date.from,
            date_to: date.to,
            precision: date.precision,
            confidence: round(date.confidence),
            rule: format!("date/{}", date.rule),
            evidence: evidence_of(reading, date.span, date.sentence),
        });
    }
    if let Some(reported) = draft.incident.reported {
        claims.push(DateClaim {
            id: format!("d{}", claims.len() + 1),
            kind: DateKind::Reported,
            date_from: Some(reported),
            date_to: Some(reported),
            precision: DatePrecision::Day,
            confidence: 0.9,
            rule: "date/address-of-entry".to_owned(),
            evidence: Vec::new(),
        });
    }
    claims
}

fn data_type_claims(found: &[DataTypeFinding], reading: &Reading) -> Vec<DataTypeClaim> {
    // One claim a kind; that it leaked outweighs that another part of it did not.
    let mut by_code: BTreeMap<(DataTypeCode, bool), Vec<&DataTypeFinding>> = BTreeMap::new();
    for finding in found {
        by_code.entry((finding.code, finding.state == DataState::Denied)).or_default().push(finding);
    }
    by_code
        .into_values()
        .filter_map(|group| {
            let best = group
                .iter()
                .max_by(|a, b| a.confidence.total_cmp(&b.confidence).then(b.span.start.cmp(&a.span.start)))?;
            Some(DataTypeClaim {
                code: best.code,
                state: best.state,
                confidence: round(best.confidence),
                rule: format!("data_type/{}", best.rule),
                evidence: group.iter().take(EVIDENCE_PER_CLAIM).map(|f| reading.evidence(f.span)).collect(),
            })
        })
        .collect()
}

/// The words themselves, and the sentence that they stand in.
fn evidence_of(reading: &Reading, span: Span, sentence: usize) -> Vec<Evidence> {
    let mut evidence = vec![reading.evidence(span)];
    if let Some(sentence) = reading.sentences.get(sentence)
        && sentence.span != span
        && sentence.span.len() <= LONGEST_SENTENCE
    {
        evidence.push(reading.evidence(sentence.span));
    }
    evidence
}

/// Sentences longer than this many bytes are not quoted whole.
const LONGEST_SENTENCE: usize = 900;

/// Three decimals are more than is known.
pub(crate) fn round(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}
