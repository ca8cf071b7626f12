//! From scores to parts: who is the victim, and what that makes of the others.

use rouei_model::OrganizationRole;

use super::lexicon::RoleWords;
use super::relations::OUR_SITE;
use super::scoring::house_behind;
use super::{Entity, RoleLexicon, Scope};
use crate::organizations::{Mention, Onlooker, OrganizationKind, same_organization};

/// Orders the entities and gives each its part.
pub(super) fn settle(lexicon: &RoleLexicon, scope: &Scope, entities: &mut Vec<Entity>) {
    for entity in entities.iter_mut().filter(|e| e.soft_role && e.is_speaker()) {
        entity.cue_role = None;
        entity.soft_role = false;
    }
    // 当社が運営する「…」, and nobody signs: the site is the name that there is.
    if entities.iter().any(|e| e.has_cue(OUR_SITE)) {
        entities.retain(|e| !e.first_person);
    }
    name_subsidiaries(scope, entities);
    set_affected_clients(entities);
    // 鏡石クラウドは…と発表した: who announces is more than a service.
    for entity in entities.iter_mut().filter(|e| e.kind == OrganizationKind::Service && e.announces) {
        if entity.mention <= Mention::Weak && !entity.mentions.iter().any(|&m| scope.findings[m].quoted) {
            entity.kind = OrganizationKind::Company;
            entity.score += 1.0;
        }
    }
    if let Some(lead) = scope.lead {
        for entity in entities.iter_mut() {
            if entity.mentions.iter().any(|&m| scope.findings[m].span == lead.span)
                || same_organization(&entity.name, &lead.name)
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
    let victim = choose_victim(entities);
    let Some(victim) = victim else {
        for entity in entities.iter_mut() {
            entity.role = entity.cue_role.or_else(|| default_role(entity));
        }
        entities.retain(|e| e.role.is_some());
        // Where a contractor's clients are many, its own record is this.
        if entities.iter().any(|e| e.role == Some(OrganizationRole::AffectedClient)) {
            entities.sort_by_key(|e| e.role != Some(OrganizationRole::Contractor));
        }
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
    // 「どんぐり市」(運営:…): whoever works for nobody else runs its own.
    let runs = |e: &Entity| e.soft_role && e.has_cue("is-operator") && e.onlooker.is_none();
    let victim = match entities[victim].kind {
        OrganizationKind::Service => entities.iter().position(runs).unwrap_or(victim),
        _ => victim,
    };
    // 警視庁の霧笛署: the police answer for a station of theirs.
    let own = &entities[victim];
    let station = own.kind == OrganizationKind::Police && own.name.ends_with('署') && !own.name.contains('警');
    let headquarters = |e: &Entity| {
        e.onlooker == Some(Onlooker::Regulator) && e.name.contains('警') && e.first < own.first && e.cue_role.is_none()
    };
    let victim = if station { entities.iter().position(headquarters).unwrap_or(victim) } else { victim };
    let victim = house_of_the_place(lexicon, scope, entities, victim).unwrap_or(victim);
    let mut lead = entities.remove(victim);
    // 日通は…甲銀行から預かった…を紛失した: who works for somebody leaked, the client answers for the data.
    if let Some(at) = client_of(scope, &lead, entities) {
        let mut client = entities.remove(at);
        client.score = client.score.max(lead.score);
        lead.role = Some(OrganizationRole::Contractor);
        entities.insert(0, lead);
        lead = client;
    }
    // 弊社開発の「三笠野町施設予約システム」: who writes works for the town.
    if lead.has_cue("client-of-speaker") {
        for entity in entities.iter_mut().filter(|e| e.is_speaker() && e.cue_role.is_none()) {
            entity.cue_role = Some(OrganizationRole::Contractor);
        }
    }
    // The town announces, its school or hospital answers for the data.
    if matches!(lead.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture | OrganizationKind::Board)
        && (lead.announces || lead.has_cue("signs"))
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
    if lead.legal_form.as_deref().is_some_and(|f| lexicon.holds(RoleWords::Corporation, f))
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
    // 社会福祉法人甲会 乙保育園において: whose house leads runs it.
    for entity in entities.iter_mut().filter(|e| e.cue_role.is_none() && e.role.is_none()) {
        let corporation = entity.legal_form.as_deref().is_some_and(|f| lexicon.holds(RoleWords::Corporation, f));
        let house = matches!(lead.kind, OrganizationKind::Hospital | OrganizationKind::School);
        if corporation && house && entity.mentions.iter().any(|&m| lead.mentions.iter().any(|&n| follows(scope, m, n)))
        {
            entity.cue_role = Some(OrganizationRole::Parent);
        }
    }
    // 甲は…子会社の乙が…感染したと発表した: the subsidiary answers for its data.
    if lead.has_cue("is-parent")
        && let Some(at) = entities.iter().position(|e| {
            e.has_cue("is-subsidiary")
                && (e.cue_role.is_none() || e.soft_role)
                && e.onlooker.is_none()
                && e.kind != OrganizationKind::Service
        })
    {
        let subsidiary = entities.remove(at);
        lead.role = Some(OrganizationRole::Parent);
        entities.insert(0, lead);
        lead = subsidiary;
    }
    if let Some(at) = unnamed_subsidiary(lexicon, &lead, entities) {
        let mut subsidiary = entities.remove(at);
        if !subsidiary.name.starts_with(&lead.name) {
            let whole = format!("{}の{}", lead.name, subsidiary.name);
            let alone = std::mem::replace(&mut subsidiary.name, whole);
            subsidiary.add_alias(alone);
        }
        lead.role = Some(OrganizationRole::Parent);
        entities.insert(0, lead);
        lead = subsidiary;
    }
    if lead.has_cue("is-subsidiary") {
        for entity in entities.iter_mut().filter(|e| e.has_cue("is-parent") && e.onlooker.is_none()) {
            entity.cue_role = Some(OrganizationRole::Parent);
        }
    }
    // 当社の子会社である乙: whoever signs is the parent.
    if lead.strongest.0 == "subsidiary-of-speaker" {
        for entity in entities.iter_mut().filter(|e| e.is_speaker()) {
            entity.cue_role = Some(OrganizationRole::Parent);
        }
    }
    lead.role =
        Some(if lead.kind == OrganizationKind::Service { OrganizationRole::Service } else { OrganizationRole::Victim });
    for entity in entities.iter_mut() {
        if entity.role.is_none() {
            let also = lead.role == Some(OrganizationRole::Victim) && stands_beside(scope, &lead, entity);
            let beside = also.then_some(OrganizationRole::Victim);
            let tells = is_told_by(&lead, entity).then_some(OrganizationRole::Discloser);
            entity.role = entity.cue_role.or(beside).or(tells).or_else(|| default_role(entity));
        }
    }
    entities.retain(|e| e.role.is_some());
    entities.insert(0, lead);
}

/// 灯台市にある「汐見台病院」: the house leads, where nothing is told of the town itself.
fn house_of_the_place(lexicon: &RoleLexicon, scope: &Scope, entities: &[Entity], place: usize) -> Option<usize> {
    let town = &entities[place];
    if !town.has_cue("location") || town.announces || town.is_speaker() || town.has_cue("signs") {
        return None;
    }
    let houses: Vec<usize> = town.mentions.iter().filter_map(|&m| house_behind(lexicon, scope, m)).collect();
    entities.iter().position(|e| {
        e.mentions.iter().any(|m| houses.contains(m))
            // …市のシステム会社「…」は、…と発表した: who works for others tells of itself.
            && (e.cue_role.is_none() || e.soft_role || e.announces)
            && !e.anonymised
            && e.onlooker.is_none_or(|o| o == Onlooker::Regulator)
    })
}

/// 当社の海外グループ会社において: a subsidiary without a name leaked, and whoever leads tells of it.
fn unnamed_subsidiary(lexicon: &RoleLexicon, lead: &Entity, entities: &[Entity]) -> Option<usize> {
    let firm = matches!(lead.kind, OrganizationKind::Company | OrganizationKind::Unknown) && !lead.anonymised;
    if !firm || !(lead.is_speaker() || lead.announces) || entities.iter().any(|e| e.has_cue("is-subsidiary")) {
        return None;
    }
    // NTTの子会社 is not the one of somebody else.
    let of_another = |e: &Entity| {
        let owner = e.name.rsplit_once('の').map(|(owner, _)| owner);
        owner.is_some_and(|owner| {
            !same_organization(owner, &lead.name)
                && entities.iter().any(|o| !o.anonymised && same_organization(owner, &o.name))
        })
    };
    entities.iter().position(|e| {
        e.anonymised
            && !of_another(e)
            && lexicon.ends_with(RoleWords::SubsidiaryKind, &e.name)
            && e.cue_role.is_none()
            && (e.leaks || e.has_cue("title"))
    })
}

/// Whether somebody told the public of what happened to the victim: the town of its school, the university of its
/// hospital.
fn is_told_by(lead: &Entity, other: &Entity) -> bool {
    use OrganizationKind as K;
    let houses = matches!(lead.kind, K::School | K::Hospital | K::Association | K::Agency | K::Board);
    let public = matches!(other.kind, K::Municipality | K::Prefecture | K::Board | K::Agency | K::School)
        || lead.kind == K::Hospital && other.kind == K::Association && other.announces;
    houses
        && public
        && other.onlooker.is_none()
        && !other.anonymised
        && !other.has_cue("reports")
        && (other.announces || other.is_speaker() || other.has_cue("signs"))
}

/// 当社に業務を委託している青霞市、緑台銀行: the clients of one contractor that tells of them are affected, all of them.
fn set_affected_clients(entities: &mut [Entity]) {
    let tells = |e: &Entity| e.is_speaker() || e.announces || e.leaks;
    let provider = entities.iter().any(|e| e.has_cue("is-contractor") && tells(e));
    let client = |e: &Entity| e.has_cue("is-client") && !e.is_speaker();
    let clients = entities.iter().filter(|e| client(e)).count();
    let told = entities.iter().any(|e| client(e) && e.announces);
    if provider && clients >= 2 && !told {
        for entity in entities.iter_mut().filter(|e| client(e)) {
            entity.cue_role = Some(OrganizationRole::AffectedClient);
            entity.soft_role = false;
        }
    }
}

/// 甲市と乙町は…流出したと発表した: whoever stands in one row with the victim, as one subject, answers for the data, too.
fn stands_beside(scope: &Scope, lead: &Entity, other: &Entity) -> bool {
    let text = scope.reading.text();
    let named = |e: &Entity| {
        !e.anonymised
            && e.mention <= Mention::Suffix
            && e.onlooker.is_none()
            && !matches!(e.kind, OrganizationKind::Service | OrganizationKind::Police)
    };
    let joined = |first: usize, second: usize| {
        let (first, second) = (&scope.findings[first], &scope.findings[second]);
        let between = text.get(first.span.end..second.span.start).unwrap_or("");
        let behind = text.get(second.span.end..).unwrap_or("");
        first.sentence == second.sentence
            && matches!(between, "と" | "及び" | "および" | "並びに" | "ならびに" | "・")
            && ["は", "が", "では", "の2", "の両", "の二"].iter().any(|p| behind.starts_with(p))
    };
    let pairs = lead.mentions.iter().flat_map(|&l| other.mentions.iter().map(move |&o| (l, o)));
    named(lead) && named(other) && pairs.into_iter().any(|(l, o)| joined(l, o) || joined(o, l))
}

/// By how much a regulator has to lead over who announces.
const REGULATOR_LEAD: f64 = 4.0;

/// The one that answers for the data: the highest score that no cue calls a contractor, a recipient or a regulator. Whom
/// a cue only may call a contractor gives way to who speaks, announces or leaked.
fn choose_victim(entities: &[Entity]) -> Option<usize> {
    let eligible = |e: &Entity| {
        let tells = e.announces && !e.has_cue("reports");
        let owns =
            tells && (e.has_cue("has-leak") && e.has_cue("headline-lead") || e.onlooker == Some(Onlooker::Media));
        e.onlooker.is_none_or(|o| o == Onlooker::Regulator || owns)
            && (e.soft_role
                || !matches!(
                    e.cue_role,
                    Some(
                        OrganizationRole::Contractor
                            | OrganizationRole::Subcontractor
                            | OrganizationRole::AffectedClient
                            | OrganizationRole::Recipient
                            | OrganizationRole::Regulator
                            | OrganizationRole::Actor
                    )
                ))
            && e.score > 0.8
    };
    let Some(first) = entities.iter().position(eligible) else {
        // 三笠野市立支援センター内の…: better a name that little speaks for than none.
        let named = |e: &Entity| {
            e.mention <= Mention::Suffix
                && e.onlooker.is_none()
                && e.score > 0.0
                && !e.anonymised
                && !e.first_person
                && (e.cue_role.is_none() || e.soft_role)
        };
        return entities.iter().position(named);
    };
    let leading = &entities[first];
    // Police that tell of what others lost are no victim.
    if leading.onlooker == Some(Onlooker::Regulator) {
        let tells = |e: &Entity| {
            e.onlooker.is_none() && !e.soft_role && e.announces && e.score > leading.score - REGULATOR_LEAD
        };
        if let Some(teller) = entities.iter().position(|e| eligible(e) && tells(e)) {
            return Some(teller);
        }
    }
    // Who only explains what happens to others gives way to one that leaked.
    if leading.has_cue("tells") && !leading.leaks && !leading.announces && !leading.is_speaker() {
        let leaked = |e: &Entity| {
            e.leaks && e.onlooker.is_none() && e.mention <= Mention::Suffix && e.score > leading.score - 1.5
        };
        if let Some(leaked) = entities.iter().position(|e| eligible(e) && !e.soft_role && leaked(e)) {
            return Some(leaked);
        }
    }
    // A quotation that nothing is told of gives way to a sure name.
    if leading.mention == Mention::Bare && !leading.leaks && !leading.announces {
        let sure = |e: &Entity| {
            e.mention <= Mention::Suffix && e.kind != OrganizationKind::Service && e.score > leading.score - 1.0
        };
        if let Some(sure) = entities.iter().position(|e| eligible(e) && !e.soft_role && sure(e)) {
            return Some(sure);
        }
    }
    if !entities[first].soft_role {
        return Some(first);
    }
    let instead = entities.iter().position(|e| {
        eligible(e) && !e.soft_role && (e.is_speaker() || e.mention < Mention::Bare && (e.announces || e.leaks))
    });
    Some(instead.unwrap_or(first))
}

/// The client that the leading organization works for, where the text says so: named behind it as whose data it took
/// over, or in the name of the system that 当社 built.
fn client_of(scope: &Scope, lead: &Entity, entities: &[Entity]) -> Option<usize> {
    if ["client", "client-before", "client-of-speaker"].iter().any(|c| lead.has_cue(c))
        || lead.kind == OrganizationKind::Service
    {
        return None;
    }
    let before = |client: &Entity| {
        client.mentions.iter().any(|&c| {
            let client = &scope.findings[c];
            lead.mentions.iter().any(|&l| {
                let lead = &scope.findings[l];
                // 同社は三笠野市から…受託しており: whom the sentence before told of.
                let same = scope.reading.sentence_text(client.sentence).trim_start().starts_with('同');
                lead.sentence == client.sentence && lead.span.end <= client.span.start
                    || same && lead.sentence + 1 == client.sentence
            })
        })
    };
    entities.iter().position(|e| {
        !e.anonymised
            && e.onlooker.is_none()
            && e.kind != OrganizationKind::Service
            && e.cue_role.is_none()
            && (e.has_cue("client-of-speaker") && lead.is_speaker()
                || e.has_cue("adopts") && lead.has_cue("whose-system")
                || (e.has_cue("client") || e.has_cue("client-before")) && (lead.is_speaker() || before(e))
                || e.has_cue("client-named-before") && e.first > lead.first)
    })
}

/// 委託しているミナモのグループ会社, and elsewhere ミナモのグループ会社であるミナモ物流: who is described takes its name.
fn name_subsidiaries(scope: &Scope, entities: &mut Vec<Entity>) {
    let text = scope.reading.text();
    let names = |described: &Entity, named: &Entity| {
        described.mentions.iter().any(|&d| {
            named.mentions.iter().any(|&n| {
                let between = text.get(scope.findings[d].span.end..scope.findings[n].span.start);
                matches!(between, Some("である" | "の" | "である「" | "の「" | "「" | "、"))
            })
        })
    };
    let contractor = |e: &Entity| e.anonymised && e.cue_role == Some(OrganizationRole::Contractor);
    let pair = (0..entities.len()).filter(|&d| contractor(&entities[d])).find_map(|d| {
        let named = |e: &Entity| !e.anonymised && !e.first_person && e.onlooker.is_none() && names(&entities[d], e);
        entities.iter().position(named).map(|n| (d, n))
    });
    if let Some((described, named)) = pair {
        entities[named].cue_role = entities[described].cue_role;
        entities[named].soft_role = entities[described].soft_role;
        entities.remove(described);
    }
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
