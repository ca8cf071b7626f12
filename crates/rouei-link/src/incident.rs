//! What stands of a group of disclosures: who speaks for it, its parts, and the history of its figures.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::civil::Date;
use rouei_model::{Event, OrganizationRole as Role, SourceTier, Stage};

use crate::{
    candidate::Candidate,
    cluster::Clusters,
    compare::{Reason, Relation, Verdict, View, probability},
    rules::Rule,
};

/// One real-world event.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// `i-` and the id of its earliest official disclosure, failing that of its earliest: newspapers, reposts and
    /// follow-ups that come later do not change it.
    pub id: String,
    /// Its disclosures, by day of notice, those without a day last.
    pub members: Vec<Member>,
    /// The disclosure that speaks for it: official before press before repost before roundup; the provider's own before
    /// its clients'; the incident before its sanction; the final report before the first; the latest.
    pub lead: String,
    /// Where one provider's incident struck several victims, what each tells of it. Empty otherwise. Where the lead stands in
    /// none of them, its figure is the union; otherwise no disclosure gives the union.
    pub parts: Vec<Part>,
    /// Every figure that was given as the headline, and those with a day of their own, by day; none is ever replaced.
    pub figures: Vec<Figure>,
}

/// A disclosure as part of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Of the disclosure.
    pub id: String,
    /// Probability that it belongs here, from the member that it agrees with best; 1 where it stands alone or a person
    /// decided.
    pub score: f64,
    /// What the score is made of; empty for a disclosure that stands alone.
    pub reasons: Vec<Reason>,
}

/// One victim's share in the incident of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The victim as its lead names it.
    pub organization: String,
    /// The disclosure that speaks for the part.
    pub lead: String,
    /// Ids of its disclosures, in the order of the incident.
    pub members: Vec<String>,
}

/// A figure that was given for the incident.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    /// The disclosure that gives it.
    pub disclosure: String,
    /// The figure.
    pub value: u64,
    /// As written.
    pub unit: String,
    /// The day that it stood for; the day of notice where the text names none.
    pub as_of: Option<Date>,
}

/// `members` is a group of `clusters`, sorted and not empty.
pub(crate) fn assemble(clusters: &Clusters<'_>, members: &[usize]) -> Incident {
    let view = |at: usize| &clusters.views[at];
    let mut by_day = members.to_vec();
    by_day.sort_by_key(|at| (view(*at).notice.is_none(), view(*at).notice, *at));
    let official = by_day.iter().find(|at| view(**at).candidate.tier == SourceTier::Official);
    let first = official.or(by_day.first()).copied().unwrap_or_default();

    let unions = unions(clusters, members);
    let parts = parts(clusters, &by_day, &unions);
    let lead = lead(clusters, members, if parts.is_empty() { &[] } else { &unions });
    Incident {
        id: format!("i-{}", view(first).candidate.id),
        members: by_day.iter().map(|at| member(clusters, members, *at)).collect(),
        lead: view(lead).candidate.id.clone(),
        parts,
        figures: figures(by_day.iter().map(|at| view(*at))),
    }
}

fn member(clusters: &Clusters<'_>, members: &[usize], at: usize) -> Member {
    let candidate = clusters.views[at].candidate;
    let mut best: Option<(usize, Verdict)> = None;
    for other in members.iter().filter(|other| **other != at) {
        let verdict = clusters.verdict(at, *other);
        if clusters.joins(&verdict) && best.as_ref().is_none_or(|(_, known)| verdict.log_odds > known.log_odds) {
            best = Some((*other, verdict));
        }
    }
    let mut score = best.as_ref().map_or(1.0, |(_, verdict)| probability(verdict.log_odds));
    let mut reasons =
        best.map_or_else(Vec::new, |(other, verdict)| verdict.reasons(clusters.rules, clusters.views[other].candidate));
    for (a, b) in clusters.word.merges.iter().filter(|(a, b)| *a == at || *b == at) {
        let other = clusters.views[if *a == at { *b } else { *a }].candidate;
        score = 1.0;
        reasons.push(Reason {
            rule: Rule::Decided,
            label: clusters.rules.label(Rule::Decided).to_owned(),
            weight: clusters.rules.weight(Rule::Decided),
            with: other.id.clone(),
            detail: String::new(),
        });
    }
    Member { id: candidate.id.clone(), score, reasons }
}

/// Members that speak for a provider whose clients' disclosures are here too: their victim, or whoever writes them, is
/// another victim's contractor or service, or names that victim as its client.
fn unions(clusters: &Clusters<'_>, members: &[usize]) -> Vec<usize> {
    let several = members.iter().any(|at| clusters.victim_group(*at) != clusters.victim_group(members[0]));
    if !several {
        return Vec::new();
    }
    let speaks_for = |at: usize, other: usize| {
        let verdict = clusters.verdict(at, other);
        let (own, client) = (&clusters.views[at], &clusters.views[other]);
        verdict.relation == Relation::Parts
            && own.of_role(&[Role::Victim]).any(|name| {
                client.of_role(&[Role::Contractor, Role::Subcontractor, Role::Service]).any(|provider| provider == name)
            })
            || own
                .of_role(&[Role::AffectedClient])
                .any(|client_name| client.of_role(&[Role::Victim]).any(|name| name == client_name))
    };
    let has_client = |at: &usize| {
        members
            .iter()
            .any(|other| clusters.victim_group(*other) != clusters.victim_group(*at) && speaks_for(*at, *other))
    };
    let own: Vec<usize> = members.iter().copied().filter(has_client).map(|at| clusters.victim_group(at)).collect();
    members
        .iter()
        .copied()
        .filter(|at| own.contains(&clusters.victim_group(*at)) || tells_of_all(clusters, members, *at))
        .collect()
}

/// A notice or article that names the victims of two groups or more.
fn tells_of_all(clusters: &Clusters<'_>, members: &[usize], at: usize) -> bool {
    let victims: Vec<usize> = clusters.views[at].of_role(&[Role::Victim]).collect();
    let others = members.iter().filter(|m| clusters.victim_group(**m) != clusters.victim_group(at));
    victims.len() > 1
        && others.into_iter().any(|m| clusters.views[*m].of_role(&[Role::Victim]).any(|v| victims.contains(&v)))
}

fn parts(clusters: &Clusters<'_>, by_day: &[usize], unions: &[usize]) -> Vec<Part> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in by_day.iter().filter(|at| !unions.contains(at)) {
        groups.entry(clusters.victim_group(*at)).or_default().push(*at);
    }
    if groups.len() < 2 && unions.is_empty() {
        return Vec::new();
    }
    let mut parts: Vec<Part> = groups
        .values()
        .filter_map(|group| {
            let lead = clusters.views[lead(clusters, group, &[])].candidate;
            let party = lead.parties.iter().find(|p| p.role == Role::Victim).or(lead.parties.first())?;
            let members = group.iter().map(|at| clusters.views[*at].candidate.id.clone()).collect();
            Some(Part { organization: party.name.clone(), lead: lead.id.clone(), members })
        })
        .collect();
    parts.sort_by(|a, b| a.lead.cmp(&b.lead));
    parts
}

fn lead(clusters: &Clusters<'_>, members: &[usize], unions: &[usize]) -> usize {
    let rank = |at: &usize| {
        let candidate = clusters.views[*at].candidate;
        let own_word = matches!(candidate.tier, SourceTier::Official | SourceTier::Press);
        let report = Reverse((aftermath(candidate), Reverse(stage(candidate)), Reverse(clusters.views[*at].notice)));
        (own_word && unions.contains(at), Reverse(candidate.tier), report, Reverse(*at))
    };
    members.iter().copied().max_by_key(rank).unwrap_or_default()
}

/// A sanction, arrest or lawsuit tells of what followed, not of what happened.
fn aftermath(candidate: &Candidate) -> bool {
    matches!(candidate.event, Event::Sanction | Event::Arrest | Event::Lawsuit)
}

fn stage(candidate: &Candidate) -> u8 {
    match candidate.stage {
        Stage::First => 0,
        Stage::FollowUp => 1,
        Stage::Final | Stage::Correction => 2,
    }
}

fn figures<'a>(views: impl Iterator<Item = &'a View<'a>>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for view in views {
        let candidate = view.candidate;
        let dated = candidate.counts.iter().filter(|c| c.as_of.is_some());
        figures.extend(candidate.headline.iter().chain(dated).map(|count| Figure {
            disclosure: candidate.id.clone(),
            value: count.value,
            unit: count.unit.clone(),
            as_of: count.as_of.or(view.notice),
        }));
    }
    figures.sort_by(|a, b| (a.as_of.is_none(), a.as_of, a).cmp(&(b.as_of.is_none(), b.as_of, b)));
    figures.dedup();
    figures
}
