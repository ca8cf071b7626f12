//! Whom an incident is about, in full: the fullest form of the name, and the operator of a service.

use rouei_model::Span;

use super::Incident;
use super::lexicon::{IncidentLexicon, WordList};
use crate::organizations::{Mention, Names, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;

/// Longest text in characters between an operator and the name of its service.
const OPERATOR_REACH: usize = 30;

/// Completes the leads: 北碧大 becomes 北碧大学 where the document says so, 「ミナモメールサービス」 becomes the service of
/// whoever runs it.
pub(super) fn complete(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    incidents: &mut [Incident],
) {
    let mut leads: Vec<OrganizationFinding> = incidents.iter().filter_map(|i| i.lead.clone()).collect();
    leads.sort_by_key(|l| l.sentence);
    let beside = |lead: &OrganizationFinding| {
        let (sentence, span) = (lead.sentence, lead.span);
        let from = leads.partition_point(|l| l.sentence < sentence);
        leads[from..].iter().take_while(move |l| l.sentence == sentence).filter(move |l| l.span != span)
    };
    // 事件①霧影病院: a number parts the name from what it stands behind.
    let numbered = |o: &OrganizationFinding| o.name.contains(|c: char| ('①'..='⓿').contains(&c));
    let full: Vec<&OrganizationFinding> = organizations
        .iter()
        .filter(|o| o.mention <= Mention::Weak && o.kind != OrganizationKind::Service && !numbered(o))
        .collect();
    let names: Names = full.iter().map(|o| o.name.as_str()).collect();
    for incident in incidents {
        let Some(lead) = &incident.lead else { continue };
        if is_service(words, lead)
            && let Some(operator) = operator(words, reading, organizations, lead)
        {
            incident.service = Some(lead.clone());
            incident.lead = Some(operator.clone());
        }
        let Some(lead) = &mut incident.lead else { continue };
        if matches!(lead.mention, Mention::Anonymised) || is_service(words, lead) {
            continue;
        }
        let same = names.all(&lead.name).into_iter().map(|n| full[n]);
        let fullest = same
            .filter(|o| o.kind == lead.kind && o.name.chars().count() > lead.name.chars().count())
            // 霧影甲銀行 beside 甲銀行 has an incident of its own.
            .filter(|o| !beside(lead).any(|l| l.name == o.name))
            .max_by_key(|o| (o.name.chars().count(), std::cmp::Reverse(o.span.start)));
        if let Some(fullest) = fullest
            && fullest.name.chars().count() <= lead.name.chars().count() * 2 + 2
        {
            lead.name.clone_from(&fullest.name);
        }
    }
}

fn is_service(words: &IncidentLexicon, lead: &OrganizationFinding) -> bool {
    lead.kind == OrganizationKind::Service
        || lead.mention == Mention::Bare && lead.kind == OrganizationKind::Unknown && lead.quoted
        || lead.mention == Mention::Bare && words.has(WordList::ServiceName, &lead.name)
}

/// Who runs a service: its name opens with theirs, or some sentence says `甲の…「乙」`, `甲が運営する…「乙」`.
fn operator<'o>(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &'o [OrganizationFinding],
    service: &OrganizationFinding,
) -> Option<&'o OrganizationFinding> {
    let text = reading.text();
    let candidate = |o: &&OrganizationFinding| {
        o.onlooker.is_none()
            && o.kind != OrganizationKind::Service
            && o.name != service.name
            && !matches!(o.mention, Mention::FirstPerson | Mention::Anonymised)
    };
    let told = organizations.iter().enumerate().filter(|(_, o)| o.name == service.name).find_map(|(at, mention)| {
        organizations[at.saturating_sub(4)..at].iter().rev().filter(candidate).find(|o| {
            if o.sentence != mention.sentence || o.span.end > mention.span.start {
                return false;
            }
            let between = Span::new(o.span.end, mention.span.start).of(text);
            let possessive = between.starts_with('の') && !between.contains(['は', 'に']);
            let runs = words.has(WordList::Runs, between);
            let beside = between.starts_with(['(', ')']) && between.contains(")の");
            between.chars().count() <= OPERATOR_REACH
                && !between.contains(['。', '、'])
                && (possessive || runs || beside)
        })
    });
    told.or_else(|| {
        organizations.iter().filter(candidate).find(|o| {
            o.name.chars().count() >= 3 && !o.quoted && service.name.starts_with(o.name.as_str()) && {
                organizations.iter().filter(|p| p.name == o.name).count() >= 2
            }
        })
    })
}
