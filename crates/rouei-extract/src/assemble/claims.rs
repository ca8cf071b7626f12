//! The record of one draft: every finding becomes a claim with its number, its evidence and its confidence.

use std::collections::BTreeMap;

use rouei_model::{
    CauseClaim, CauseCode, CauseCodings, CountClaim, DataState, DataTypeClaim, DataTypeCode, DateClaim, DateKind,
    DatePrecision, Disclosure, Evidence, HeadlineCount, Issue, IssueCode, OrganizationClaim, OrganizationRole, Span,
};

use super::{Draft, Found, contradictions};
use crate::causes::CauseFinding;
use crate::confidence::{self, Features, Parts};
use crate::counts::CountFinding;
use crate::data_types::DataTypeFinding;
use crate::judgement::Judgement;
use crate::organizations::OrganizationKind;
use crate::reading::Reading;
use crate::roles::Entity;

/// Turns a draft into the record.
pub(crate) fn finish(
    draft: Draft,
    found: &Found,
    judgement: &Judgement,
    weights: &confidence::Weights,
    several: bool,
) -> Disclosure {
    let reading = found.reading;
    let features = features(&draft, found, judgement, several);
    let mut issues = Vec::new();
    let organizations = organization_claims(&draft, found, weights);
    // A regulator alone has leaked nothing, or was not seen to: somebody else is unnamed, or it is the victim.
    let nobody = organizations.iter().all(|o| o.role == OrganizationRole::Regulator);
    // A subsidiary without a name is known by its parent.
    let owned = organizations.iter().any(|o| o.role == OrganizationRole::Parent && !o.anonymised);
    if organizations.first().is_none_or(|o| o.anonymised && !owned) || nobody {
        issues.push(Issue::new(IssueCode::UnnamedOrganization, "the document does not name the organization"));
    }
    let counts = count_claims(&draft.counts, found);
    let headline_count = draft.headline.as_ref().map(|h| HeadlineCount {
        claim: h.finding.map(|i| format!("c{}", claim_number(&draft.counts, i))),
        value: h.value,
        unit: h.unit.clone(),
        bound: h.bound,
        approx: h.approx,
        scope: h.scope,
        derived: h.derived,
        confidence: round(weights.claim(Some("headline_count"), h.confidence)),
    });
    issues.extend(contradictions::of_counts(&draft, reading));
    let causes = cause_claims(&draft.causes, reading, weights);
    issues.extend(cause_issues(&draft, reading));
    let mut dates = date_claims(&draft, reading, &mut issues);
    for date in &mut dates {
        date.confidence = round(weights.claim(confidence::field_of_date(date.kind), date.confidence));
    }
    let disordered = contradictions::of_dates(&dates);
    let review = !disordered.is_empty();
    issues.extend(disordered);
    let data_types = data_type_claims(&draft.data_types, reading);
    let card_data = data_types
        .iter()
        .filter(|d| matches!(d.code, DataTypeCode::Card | DataTypeCode::CardSecurityCode))
        .map(|d| d.state)
        .min_by_key(|s| *s == DataState::Denied);
    let confidence = round(weights.record(&features));
    let needs_review =
        review || confidence < weights.review_below || issues.iter().any(|i| NEED_REVIEW.contains(&i.code));
    let mut disclosure = Disclosure {
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
        report_types: Vec::new(),
        effect: Vec::new(),
        leaked_by: None,
        confidence,
        needs_review,
        issues,
    };
    crate::flags::derive(&mut disclosure);
    disclosure
}

/// Issues that a person has to settle.
const NEED_REVIEW: [IssueCode; 3] =
    [IssueCode::ContradictingCounts, IssueCode::ContradictingCauses, IssueCode::UnnamedOrganization];

/// What the confidence of the record of a draft is computed from.
pub(crate) fn features(draft: &Draft, found: &Found, judgement: &Judgement, several: bool) -> Features {
    let parts = Parts {
        entities: &draft.entities,
        headline: draft.headline.as_ref(),
        agreed: draft.agreed,
        counts: &draft.counts,
        causes: &draft.causes,
        dates: &date_claims(draft, found.reading, &mut Vec::new()),
    };
    Features::of(parts, judgement, several, found.reading.text().chars().count())
}

fn organization_claims(draft: &Draft, found: &Found, weights: &confidence::Weights) -> Vec<OrganizationClaim> {
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
                confidence: round(
                    weights.claim(confidence::field_of_role(role, n == 0), confidence::organization(entity, n == 0)),
                ),
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

pub(super) fn claimed(count: &CountFinding) -> bool {
    count.rejected.is_none()
}

fn claim_number(counts: &[CountFinding], index: usize) -> usize {
    counts[..=index].iter().filter(|c| claimed(c)).count()
}

fn count_claims(counts: &[CountFinding], found: &Found) -> Vec<CountClaim> {
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
            as_of: contradictions::as_of(c, found),
            confidence: round(c.confidence),
            rule: format!("count/{}", c.rule),
            evidence: evidence_of(found.reading, c.span, c.sentence),
        })
        .collect()
}

fn cause_claims(causes: &[CauseFinding], reading: &Reading, weights: &confidence::Weights) -> Vec<CauseClaim> {
    causes
        .iter()
        .filter(|c| c.code != CauseCode::Unknown || causes.len() == 1)
        .enumerate()
        .map(|(n, c)| CauseClaim {
            id: format!("k{}", n + 1),
            code: c.code,
            label: c.label.clone(),
            source_label: c.source_label.as_ref().map(|l| reading.evidence(l.span).quote),
            codings: CauseCodings::default(),
            vulnerabilities: c.vulnerabilities.clone(),
            confidence: round(weights.claim((n == 0).then_some("cause"), c.confidence)),
            rule: format!("cause/{}", c.rule),
            evidence: cause_evidence(c).into_iter().map(|s| reading.evidence(s)).collect(),
        })
        .collect()
}

/// The strongest cues, and the document's own words for the cause, whose place the label needs.
fn cause_evidence(cause: &CauseFinding) -> Vec<Span> {
    let mut spans: Vec<Span> = cause.spans.iter().take(EVIDENCE_PER_CLAIM).copied().collect();
    spans.extend(cause.source_label.as_ref().map(|l| l.span).filter(|span| !cause.spans.contains(span)));
    spans
}

/// What the document says it was not, and a title that says another cause than the text.
fn cause_issues(draft: &Draft, reading: &Reading) -> Vec<Issue> {
    let name = |code: CauseCode| {
        let found = draft.causes.iter().find(|c| c.code == code).map(|c| c.label.as_str());
        found.or_else(|| draft.denied.iter().find(|d| d.code == code).map(|d| d.label.as_str())).unwrap_or(code.code())
    };
    let mut issues: Vec<Issue> = Vec::new();
    if let Some(torn) = draft.contradiction {
        let message = format!("the title says {}, the text {}", name(torn.title), name(torn.body));
        issues.push(Issue::new(IssueCode::ContradictingCauses, message));
    }
    for denied in &draft.denied {
        let evidence = reading.evidence(denied.span);
        let (from, to) = (evidence.start, evidence.end);
        let message = format!("the document denies {}: 「{}」 at {from}..{to}", denied.label, evidence.quote);
        issues.push(Issue::new(IssueCode::DeniedCause, message));
    }
    issues
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
            evidence: match date.span.is_empty() {
                true => Vec::new(),
                false => evidence_of(reading, date.span, date.sentence),
            },
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
