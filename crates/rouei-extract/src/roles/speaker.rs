//! Who says 当社: the definition, the signature, the letterhead, the title, the site.

use rouei_model::OrganizationRole;

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_organization};

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 14;

/// How many sentences from the head a company signs.
const SIGNATURE_HEAD: usize = 4;

/// How many sentences from the end a town signs for a house of its own.
const SIGNATURE_FOOT: usize = 8;

/// Lends the weight of the first person to who signs, and drops the pronouns where somebody does.
pub(super) fn resolve(lexicon: &RoleLexicon, scope: &Scope, notice: bool, entities: &mut Vec<Entity>) {
    let last = scope.reading.sentences.len();
    if notice || lexicon.holds(RoleWords::Polite, scope.reading.text()) {
        let houses = |e: &&mut Entity| {
            use OrganizationKind as K;
            matches!(e.kind, K::Municipality | K::Prefecture | K::Board | K::Agency | K::School)
                && !e.has_cue("address-before")
                && !e.has_cue("address-behind")
        };
        for entity in entities.iter_mut().filter(houses) {
            let signs = |&m: &usize| {
                let finding = &scope.findings[m];
                finding.sentence > 0
                    && finding.sentence + SIGNATURE_FOOT >= last
                    && is_signature(lexicon, scope, finding)
            };
            if entity.mentions.iter().any(signs) {
                entity.note("signs", 0.0);
            }
        }
    }
    let Some(kind) = speaking_kind(scope) else {
        entities.retain(|e| !e.first_person);
        if notice {
            sign(lexicon, scope, entities);
        }
        // A notice without 当社: where nobody is said to have acted, the site speaks. A site whose name is that of no
        // institution says less than a name with its kind in the text.
        let site = scope.reading.document.title_suffix.as_deref().or(scope.reading.document.publisher.as_deref());
        let institution =
            |s: &str| lexicon.ends_with(RoleWords::InstitutionSite, s.trim()) || lexicon.holds(RoleWords::FirmSite, s);
        let plain_site = site.is_some_and(|s| !institution(s));
        let acts = entities.iter().any(|e| {
            let by_kind = plain_site && e.mention <= Mention::Suffix && e.kind != OrganizationKind::Unknown;
            // A ministry that is in the title and leaks tells of its own.
            let looks_on = e.onlooker.is_some_and(|o| {
                !(by_kind && o == Onlooker::Regulator && e.leaks && e.has_cue("title") && e.cue_role.is_none())
            });
            e.mention <= Mention::Weak
                && !looks_on
                && e.score > if by_kind { 1.5 } else { 2.5 }
                // A headline about somebody else below the notice has a name and nothing more.
                && (e.announces
                    || e.leaks
                    || by_kind
                    || e.kind != OrganizationKind::Unknown
                        && (e.has_cue("early") || e.has_cue("title") || e.mentions.len() > 1))
                && e.kind != OrganizationKind::Service
        });
        if !acts
            && !scope.repost
            && notice
            && let Some(publisher) = publisher_entity(lexicon, scope, OrganizationKind::Unknown)
        {
            match entities.iter_mut().find(|e| same_organization(&e.name, &publisher.name)) {
                Some(known) => {
                    known.score += 3.0;
                    // Its own site tells of what it was sent, too.
                    known.cue_role = known.cue_role.filter(|role| *role != OrganizationRole::Recipient);
                }
                None => entities.push(publisher),
            }
        }
        return;
    };
    let mut resolved = false;
    for entity in entities.iter_mut().filter(|e| !e.first_person && !e.anonymised) {
        if !compatible(kind, entity.kind) || entity.onlooker.is_some_and(|o| o != Onlooker::Regulator) {
            continue;
        }
        let contract = entity.cue_role == Some(OrganizationRole::Contractor);
        let defined = entity.speaks_by_cue();
        let address = entity.has_cue("address-before") || entity.has_cue("address-behind");
        let signs = !address
            && entity.mentions.iter().any(|&m| {
                let finding = &scope.findings[m];
                (finding.sentence < SIGNATURE_REACH || finding.sentence + SIGNATURE_REACH >= last)
                    && is_signature(lexicon, scope, finding)
            });
        let site = scope.reading.document.title_suffix.as_deref().is_some_and(|s| same_organization(s, &entity.name))
            || !scope.repost
                && scope.reading.document.publisher.as_deref().is_some_and(|p| same_organization(p, &entity.name));
        let weight = if defined {
            3.0
        } else if signs {
            4.0
        } else if site {
            3.0
        } else if entity.has_cue("title") && entity.mention <= Mention::Suffix && !contract {
            2.0
        } else if entity.kind != OrganizationKind::Unknown && !contract {
            1.0
        } else {
            0.0
        };
        // 当院 is rather a hospital than the association above it.
        let own = match entity.kind == kind && kind != OrganizationKind::Company {
            true if signs => 2.0,
            true if weight >= 2.0 => 1.0,
            _ => 0.0,
        };
        entity.score += weight + own;
        entity.speaks = weight >= 2.0;
        resolved |= weight >= 3.0 || weight > 0.0 && entity.kind == kind && entity.score > 2.0;
        if weight >= 3.0 {
            entity.strongest = (if signs { "signature" } else { "site" }.to_owned(), weight);
        }
    }
    // Only where nobody in the text can be meant, the site speaks for itself.
    if !resolved
        && !scope.repost
        && let Some(publisher) = publisher_entity(lexicon, scope, kind)
    {
        entities.push(publisher);
        resolved = true;
    }
    for entity in entities.iter_mut().filter(|e| e.first_person) {
        entity.anonymised = true;
        entity.score = if resolved { -9.0 } else { 1.5 };
        entity.cue_role = None;
        "first-person".clone_into(&mut entity.strongest.0);
    }
    if resolved {
        entities.retain(|e| !e.first_person);
    }
}

/// Who signs a notice that says 当社 nowhere: a company by its legal form, on a line of its own.
fn sign(lexicon: &RoleLexicon, scope: &Scope, entities: &mut [Entity]) {
    let last = scope.reading.sentences.len();
    let signs = |&m: &usize| {
        let finding = &scope.findings[m];
        (finding.sentence < SIGNATURE_HEAD || finding.sentence + SIGNATURE_FOOT >= last)
            && finding.mention == Mention::LegalForm
            && is_signature(lexicon, scope, finding)
    };
    let free = |e: &&mut Entity| e.onlooker.is_none() && e.cue_role.is_none() && !e.has_cue("address-before");
    for entity in entities.iter_mut().filter(free) {
        if entity.mentions.iter().any(signs) {
            entity.score += 3.0;
            entity.speaks = true;
        }
    }
}

/// The town or prefecture on whose site the notice of a house of its own stands, where nobody else tells of it; whoever
/// only carries the news of others is none.
pub(super) fn telling_site(lexicon: &RoleLexicon, scope: &Scope, entities: &[Entity]) -> Option<Entity> {
    let lead = entities.first()?;
    let house = matches!(lead.kind, OrganizationKind::School | OrganizationKind::Hospital);
    let told = entities.iter().any(|e| e.role == Some(OrganizationRole::Discloser));
    if scope.repost || !house || told || lead.role != Some(OrganizationRole::Victim) || !lead.name.contains('立') {
        return None;
    }
    let kinds = [OrganizationKind::Municipality, OrganizationKind::Prefecture];
    let mut site = kinds.into_iter().find_map(|kind| publisher_entity(lexicon, scope, kind))?;
    let founder = lead.name.split('立').next().unwrap_or_default();
    let own = !founder.is_empty() && site.name.ends_with(founder) && !entities.iter().any(|e| e.name == site.name);
    site.role = Some(OrganizationRole::Discloser);
    own.then_some(site)
}

/// Whether the text is in the words of whom it is about: polite, with an apology or a report.
pub(super) fn is_notice(lexicon: &RoleLexicon, scope: &Scope) -> bool {
    let text = scope.reading.text();
    let document = scope.reading.document;
    let site = document.title_suffix.as_deref().or(document.publisher.as_deref()).unwrap_or_default().trim();
    lexicon.ends_with(RoleWords::InstitutionSite, site)
        || lexicon.holds(RoleWords::Polite, text)
            && (lexicon.holds(RoleWords::Apology, text)
                // 当院職員が…いたしました: who says so of itself writes a notice; firms say 当社 in columns, too.
                || speaking_kind(scope).is_some_and(|kind| kind != OrganizationKind::Company))
}

/// The kind that the text says of itself, by majority.
fn speaking_kind(scope: &Scope) -> Option<OrganizationKind> {
    let mut tally: Vec<(OrganizationKind, usize)> = Vec::new();
    for finding in scope.findings.iter().filter(|f| f.mention == Mention::FirstPerson && scope.holds(f.sentence)) {
        match tally.iter_mut().find(|(k, _)| *k == finding.kind) {
            Some((_, n)) => *n += 1,
            None => tally.push((finding.kind, 1)),
        }
    }
    tally.into_iter().max_by_key(|&(kind, n)| (n, std::cmp::Reverse(kind))).map(|(kind, _)| kind)
}

fn compatible(speaker: OrganizationKind, candidate: OrganizationKind) -> bool {
    use OrganizationKind as K;
    match speaker {
        K::Company => matches!(candidate, K::Company | K::Unknown | K::Association | K::Hospital | K::School),
        K::School => matches!(candidate, K::School),
        K::Hospital => matches!(candidate, K::Hospital | K::Association),
        K::Municipality => matches!(candidate, K::Municipality | K::Board | K::Agency),
        K::Prefecture => matches!(candidate, K::Prefecture | K::Board | K::Agency),
        _ => matches!(candidate, K::Association | K::Agency | K::Company | K::Unknown | K::Hospital),
    }
}

/// A line that holds the name and little else: letterhead, signature, 発信者.
fn is_signature(lexicon: &RoleLexicon, scope: &Scope, finding: &OrganizationFinding) -> bool {
    let line = scope.reading.sentence_text(finding.sentence);
    let name = finding.span.of(scope.reading.text());
    let rest = line.replacen(name, "", 1);
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if finding.mention == Mention::Bare && (finding.sentence == 0 || rest.chars().count() > 10) {
        return false;
    }
    // (帯広保健所依頼), 三笠野市政記者クラブ御中: whom it is for, or who asked for it.
    rest.chars().count() <= 14
        && !lexicon.ends_with(RoleWords::Addressed, rest)
        && !rest.contains(['。', '、', 'を', 'は', 'が'])
}

fn publisher_entity(lexicon: &RoleLexicon, scope: &Scope, kind: OrganizationKind) -> Option<Entity> {
    let document = scope.reading.document;
    let name = document.title_suffix.as_deref().or(document.publisher.as_deref())?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 30 || lexicon.holds(RoleWords::NewsSite, name) {
        return None;
    }
    let site = match kind {
        OrganizationKind::Municipality => Some(RoleWords::TownSite),
        OrganizationKind::Prefecture => Some(RoleWords::PrefectureSite),
        OrganizationKind::School => Some(RoleWords::SchoolSite),
        OrganizationKind::Hospital => Some(RoleWords::HospitalSite),
        _ => None,
    };
    let fits = |list: RoleWords| match kind {
        OrganizationKind::Municipality | OrganizationKind::Prefecture => lexicon.ends_with(list, name),
        _ => lexicon.holds(list, name),
    };
    if site.is_some_and(|list| !fits(list)) {
        return None;
    }
    let endings = lexicon.words(RoleWords::SiteEnding).iter().filter_map(|ending| name.strip_suffix(ending.as_str()));
    // 公式ホームページ by itself is nobody's name.
    let name = endings.min_by_key(|name| name.len()).map_or(name, str::trim);
    if name.is_empty() {
        return None;
    }
    let finding = OrganizationFinding {
        sentence: usize::MAX,
        span: rouei_model::Span::new(0, 0),
        name: name.to_owned(),
        legal_form: None,
        ticker: None,
        kind,
        mention: Mention::Weak,
        quoted: false,
        onlooker: None,
    };
    let mut entity = Entity::of(usize::MAX, &finding);
    entity.mentions.clear();
    entity.score = 3.5;
    entity.strongest = ("publisher".to_owned(), 3.5);
    Some(entity)
}
