//! Who says 当社: the definition, the signature, the letterhead, the title, the site.

use rouei_model::OrganizationRole;

use super::{Entity, Scope};
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_organization};

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 14;

/// Lends the weight of the first person to who signs, and drops the pronouns where somebody does.
pub(super) fn resolve(scope: &Scope, entities: &mut Vec<Entity>) {
    let Some(kind) = speaking_kind(scope) else {
        entities.retain(|e| !e.first_person);
        // A notice without 当社: where nobody is said to have acted, the site speaks.
        let acts = entities.iter().any(|e| {
            e.mention <= Mention::Weak
                && e.onlooker.is_none()
                && e.score > 2.5
                && (e.announces || e.leaks || e.kind != OrganizationKind::Unknown)
                && e.kind != OrganizationKind::Service
        });
        if !acts
            && !scope.repost
            && is_notice(scope)
            && let Some(publisher) = publisher_entity(scope, OrganizationKind::Unknown)
        {
            match entities.iter_mut().find(|e| same_organization(&e.name, &publisher.name)) {
                Some(known) => known.score += 3.0,
                None => entities.push(publisher),
            }
        }
        return;
    };
    let last = scope.reading.sentences.len();
    let mut resolved = false;
    for entity in entities.iter_mut().filter(|e| !e.first_person && !e.anonymised) {
        if !compatible(kind, entity.kind) || entity.onlooker.is_some_and(|o| o != Onlooker::Regulator) {
            continue;
        }
        let contract = matches!(entity.cue_role, Some(OrganizationRole::Contractor));
        let defined = entity.strongest.0 == "defined-as-speaker";
        let signs = entity.mentions.iter().any(|&m| {
            let finding = &scope.findings[m];
            (finding.sentence < SIGNATURE_REACH || finding.sentence + SIGNATURE_REACH >= last)
                && is_signature(scope, finding)
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
        } else if entity.kind != OrganizationKind::Unknown && !contract {
            1.0
        } else {
            0.0
        };
        entity.score += weight;
        resolved |= weight >= 3.0 || weight > 0.0 && entity.kind == kind && entity.score > 2.0;
        if weight >= 3.0 {
            entity.strongest = (if signs { "signature" } else { "site" }.to_owned(), weight);
        }
    }
    // Only where nobody in the text can be meant, the site speaks for itself.
    if !resolved
        && !scope.repost
        && let Some(publisher) = publisher_entity(scope, kind)
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

/// Whether the text is in the words of whom it is about: polite, with an apology or a report.
fn is_notice(scope: &Scope) -> bool {
    let text = scope.reading.text();
    let institution = [
        "市",
        "町",
        "村",
        "区",
        "県",
        "府",
        "都",
        "道",
        "大学",
        "病院",
        "学校",
        "所",
        "会",
        "機構",
        "センター",
        "協会",
        "組合",
    ];
    let site = scope.reading.document.title_suffix.as_deref().unwrap_or_default().trim();
    if institution.iter().any(|s| site.ends_with(s)) {
        return true;
    }
    ["お詫び", "おわび", "申し訳", "ご報告", "お知らせ", "ご迷惑", "ご心配"].iter().any(|w| text.contains(w))
        && ["ました。", "ます。", "ません。", "ございます"].iter().any(|w| text.contains(w))
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
fn is_signature(scope: &Scope, finding: &OrganizationFinding) -> bool {
    let line = scope.reading.sentence_text(finding.sentence);
    let name = finding.span.of(scope.reading.text());
    let rest = line.replacen(name, "", 1);
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if finding.mention == Mention::Bare && (finding.sentence == 0 || rest.chars().count() > 6) {
        return false;
    }
    rest.chars().count() <= 14 && !rest.contains(['。', '、', 'を', 'は', 'が'])
}

fn publisher_entity(scope: &Scope, kind: OrganizationKind) -> Option<Entity> {
    let document = scope.reading.document;
    let name = document.title_suffix.as_deref().or(document.publisher.as_deref())?;
    let name = name.trim();
    let news = [
        "新聞",
        "通信社",
        "ニュース",
        "News",
        "NEWS",
        "news",
        "Security",
        "セキュリティ",
        "ブログ",
        "Blog",
        "blog",
        "テレビ",
        "放送",
        "ジャーナル",
        "メディア",
        "Watch",
        "まとめ",
        "タイムズ",
        "日報",
        "プレス",
    ];
    if name.is_empty() || name.chars().count() > 30 || news.iter().any(|n| name.contains(n)) {
        return None;
    }
    let looks = match kind {
        OrganizationKind::Municipality => {
            name.ends_with(['市', '町', '村', '区']) || name.contains("市ホームページ") || name.contains("市公式")
        }
        OrganizationKind::Prefecture => name.ends_with(['県', '府', '都', '道']),
        OrganizationKind::School => ["大学", "学校", "学園", "高校", "学院"].iter().any(|s| name.contains(s)),
        OrganizationKind::Hospital => {
            ["病院", "クリニック", "医療", "センター", "医院"].iter().any(|s| name.contains(s))
        }
        _ => true,
    };
    if !looks {
        return None;
    }
    let name = name
        .trim_end_matches("ホームページ")
        .trim_end_matches("公式ウェブサイト")
        .trim_end_matches("公式サイト")
        .trim_end_matches("公式");
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
