//! Contractors and victims that are described and not named.

use rouei_model::Span;

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::organizations::{OrganizationKind, OrganizationLexicon};

/// The first description of a contractor in the scope (システム会社, 委託していた業者), outside advice and measures;
/// `client`: somebody is known for whom it may have worked.
#[must_use]
pub fn described_contractor(
    organizations: &OrganizationLexicon,
    lexicon: &RoleLexicon,
    scope: &Scope,
    client: bool,
) -> Option<Entity> {
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        let body = span.of(text);
        let held = organizations.contractor_descriptions_in.candidates(body);
        let hit = held
            .iter()
            .map(|form| &organizations.contractor_descriptions[form])
            .filter_map(|description| body.find(description.form.as_str()).map(|at| (at, description)))
            .filter(|(at, description)| !is_advised(lexicon, body, at + description.form.len()))
            .filter(|(at, description)| !is_named_behind(scope, span.start + at + description.form.len()))
            // A maintenance company may be called for help; a contract or a mishap has to be told of it.
            .filter(|(at, description)| {
                lexicon.holds(RoleWords::Contract, &description.form)
                    || lexicon.holds(RoleWords::Mishap, &body[at + description.form.len()..])
            })
            .min_by_key(|(at, description)| (*at, usize::MAX - description.form.len()));
        if let Some((at, description)) = hit {
            let start = span.start + at;
            // 外部の事業者, 廃棄物処理業者: the description begins with its first character.
            let whole = body[..at + description.described.start].char_indices().rev();
            let head = whole.take(LONGEST_HEAD).take_while(|(_, c)| is_kanji(*c)).last().map(|(at, _)| span.start + at);
            let described = Span::new(
                head.filter(|_| description.form.starts_with(['業', '会']))
                    .unwrap_or(start + description.described.start),
                start + description.described.end,
            );
            let described = with_its_kind(lexicon, text, described, span.end);
            // 委託先の医療機関に誤送信した: it was sent what it should not have seen.
            if lexicon.begins_with(RoleWords::SentTo, &text[described.end..span.end]) {
                continue;
            }
            return Some(described_at(lexicon, text, described, span.end));
        }
        if let Some((from, to)) =
            kind_under_contract(lexicon, body, client, |to| is_named_behind(scope, span.start + to))
        {
            return Some(described_at(lexicon, text, Span::new(span.start + from, span.start + to), span.end));
        }
    }
    None
}

/// 運送会社の月影運輸: the kind says what is named behind it is, and that has a part of its own.
fn is_named_behind(scope: &Scope, to: usize) -> bool {
    let behind = scope.reading.text().get(to..).unwrap_or_default();
    let link = ["の「", "である「", "の", "である", "「", "("].iter().find(|link| behind.starts_with(**link));
    link.is_some_and(|link| {
        scope.findings.iter().any(|f| {
            f.span.start == to + link.len()
                && !matches!(f.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture)
        })
    })
}

/// 委託先の《健診機関》: what kind of contractor it is.
fn with_its_kind(lexicon: &RoleLexicon, text: &str, described: Span, end: usize) -> Span {
    let behind = &text[described.end..end];
    let Some(link) = ["である", "の"].iter().find(|link| behind.starts_with(**link)) else { return described };
    let run =
        behind[link.len()..].chars().take(LONGEST_KIND).take_while(|c| is_of_a_noun(*c)).map(char::len_utf8).sum();
    let kind: &str = &behind[link.len()..][..run];
    match lexicon.ends_with(RoleWords::ContractorKind, kind) {
        true => Span::new(described.start, described.end + link.len() + run),
        false => described,
    }
}

/// The contractor that is described in a sentence with this end.
fn described_at(lexicon: &RoleLexicon, text: &str, described: Span, end: usize) -> Entity {
    let mut entity = Entity::described_contractor(described, text);
    // 受託している事業者(以下「C事業者」): the text has a name for it.
    if let Some(alias) = super::entity::alias_behind(&text[described.end..end])
        .filter(|alias| !lexicon.is_one_of(RoleWords::Contractor, alias))
    {
        entity.name = alias;
    }
    entity
}

/// The first kind of organization of a sentence that works under a contract: 保守を担当するソフトウェア会社,
/// 印刷会社に封入を委託, 配送業者が紛失.
fn kind_under_contract(
    lexicon: &RoleLexicon,
    body: &str,
    client: bool,
    is_named: impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    let words = lexicon.words_in(RoleWords::ContractorKind, body);
    let ends = words.flat_map(|word| body.match_indices(word).map(|(at, word)| at + word.len()));
    ends.filter(|&to| !body[to..].starts_with(is_of_a_noun) && !is_named(to))
        .map(|to| {
            let run: usize =
                body[..to].chars().rev().take(LONGEST_KIND).take_while(|c| is_of_a_noun(*c)).map(char::len_utf8).sum();
            (to - run, to)
        })
        .filter(|&(from, to)| {
            let (kind, behind) = (&body[from..to], &body[to..]);
            !is_advised(lexicon, body, to)
                && (is_entrusted_before(lexicon, &body[..from], behind)
                    || is_entrusted_behind(lexicon, behind)
                    // 印刷会社のミスで: whose trade is to work for others, and what went wrong there.
                    || client
                        && lexicon.ends_with(RoleWords::TradeKind, kind)
                        && lexicon.begins_with(RoleWords::TradeBehind, behind)
                        && lexicon.holds(RoleWords::Mishap, behind))
        })
        .min()
}

/// 業務を委託する民間の《会社》, 管理を任せた灯台市にある《団体》: a verb of entrusting before the kind, its place aside.
fn is_entrusted_before(lexicon: &RoleLexicon, before: &str, behind: &str) -> bool {
    let links = lexicon.words(RoleWords::SeatLink).iter();
    let placed = links.filter_map(|link| before.strip_suffix(link.as_str())).map(|place| {
        let run = place.chars().rev().take(LONGEST_KIND).take_while(|c| is_of_a_noun(*c)).map(char::len_utf8).sum();
        &place[..place.len().saturating_sub(run)]
    });
    std::iter::once(before).chain(placed).any(|before| {
        // Who was entrusted is a contractor whatever is told of it; who has charge of something may be anybody.
        lexicon
            .ending(RoleWords::EntrustingVerb, before)
            .is_some_and(|verb| lexicon.holds(RoleWords::Contract, verb) || lexicon.holds(RoleWords::Mishap, behind))
    })
}

/// 《弁護士法人》に委託して, 《印刷会社》に封入作業を任せていた; a specialist that was asked to look into it is none.
fn is_entrusted_behind(lexicon: &RoleLexicon, behind: &str) -> bool {
    let Some(told) = behind.strip_prefix('に').or_else(|| behind.strip_prefix('へ')) else { return false };
    let near = told.char_indices().nth(LONGEST_WORK).map_or(told, |(at, _)| &told[..at]);
    let near = near.split('。').next().unwrap_or_default();
    lexicon.words_in(RoleWords::Entrusting, near).any(|word| {
        near.find(word).is_some_and(|at| !lexicon.holds(RoleWords::AskedAbout, &near[..at]))
            && (lexicon.holds(RoleWords::Contract, word)
                || lexicon.holds(RoleWords::Mishap, behind)
                || lexicon.holds(RoleWords::HandedOverFor, near))
    })
}

/// Whether a sentence gives advice or tells of measures and not of what somebody did whose name ends at `to`
/// (委託先が紛失し、再発防止を求めた).
fn is_advised(lexicon: &RoleLexicon, body: &str, to: usize) -> bool {
    let Some(advice) = lexicon.words_in(RoleWords::Advice, body).filter_map(|word| body.find(word)).min() else {
        return false;
    };
    let told = body.get(to..advice).and_then(|told| told.rsplit_once('、')).is_some_and(|(told, _)| {
        lexicon.begins_with(RoleWords::TradeBehind, &body[to..]) && lexicon.holds(RoleWords::Mishap, told)
    });
    !told
}

/// A character of nouns that are written without hiragana.
fn is_of_a_noun(c: char) -> bool {
    is_kanji(c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric()
}

/// Longest word for the work between somebody and 委託, in characters.
const LONGEST_WORK: usize = 26;

/// Longest word for a kind of contractor, in characters.
const LONGEST_KIND: usize = 14;

/// Characters that complete a description to the left.
const LONGEST_HEAD: usize = 6;

/// The victim where nobody is named: `県は19日、…と発表した`, `病院は…流出を確認`.
pub(super) fn unnamed_victim(lexicon: &RoleLexicon, scope: &Scope) -> Option<Entity> {
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        let body = span.of(text);
        let mishap = lexicon.holds(RoleWords::Mishap, body);
        for form in lexicon.words_in(RoleWords::Unnamed, body) {
            let at = body.match_indices(form).map(|(at, _)| at).find(|&at| {
                let bounded = body[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
                let behind = &body[at + form.len()..];
                // Who is quoted on it need not repeat what happened.
                bounded
                    && lexicon.begins_with(RoleWords::UnnamedBehind, behind)
                    && (mishap
                        || lexicon.holds(RoleWords::Apology, behind)
                        || lexicon.holds(RoleWords::UnnamedActs, behind)
                        || behind.starts_with("によ"))
            });
            if let Some(at) = at {
                return Some(Entity::unnamed_victim(Span::new(span.start + at, span.start + at + form.len()), text));
            }
        }
        if mishap && let Some(span) = kind_at_a_place(lexicon, scope, sentence) {
            return Some(Entity::unnamed_victim(span, text));
        }
    }
    None
}

/// `三笠野市にある福祉団体が`, `県内の公立高校に勤める`: a kind of organization that only its place tells from others.
fn kind_at_a_place(lexicon: &RoleLexicon, scope: &Scope, sentence: usize) -> Option<Span> {
    let text = scope.reading.text();
    let span = scope.reading.sentences[sentence].span;
    let body = span.of(text);
    let towns = scope.findings.iter().filter(|f| {
        f.sentence == sentence && matches!(f.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture)
    });
    let around = lexicon
        .words_in(RoleWords::PlaceOfUnnamed, body)
        .flat_map(|w| body.match_indices(w).map(|(at, _)| (span.start + at, span.start + at + w.len())));
    // 県立病院の看護師が: who founded it stands for the place.
    let founded = lexicon.words_in(RoleWords::UnnamedKind, body).filter(|k| k.contains('立'));
    let founded = founded.flat_map(|kind| body.match_indices(kind).map(|(at, _)| at)).filter(|&at| {
        body[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() || matches!(c, 'の' | 'は' | 'た'))
    });
    let around = around.chain(founded.map(|at| (span.start + at, span.start + at)));
    let mut places: Vec<(usize, usize)> = towns.map(|f| (f.span.start, f.span.end)).chain(around).collect();
    places.sort_unstable();
    // 転職先の三笠野市の会社: where the data went, not where they came from.
    let elsewhere = |start: usize| lexicon.ends_with(RoleWords::GoneTo, &text[span.start..start]);
    places.into_iter().filter(|&(start, _)| !elsewhere(start)).find_map(|(start, end)| {
        let behind = &text[end..span.end];
        let link = lexicon.words(RoleWords::SeatLink).iter().filter(|l| !l.ends_with(['「', '『']));
        let link = link.filter(|l| behind.starts_with(l.as_str())).map(String::len).max().unwrap_or_default();
        let kind = lexicon
            .words(RoleWords::UnnamedKind)
            .iter()
            .filter(|kind| behind[link..].starts_with(kind.as_str()))
            .map(|kind| kind.len())
            .max()?;
        let next = &behind[link + kind..];
        next.starts_with(['は', 'が', 'で', 'に', 'の', 'か', '、', 'を']).then(|| Span::new(start, end + link + kind))
    })
}

fn is_kanji(c: char) -> bool {
    ('一'..='鿿').contains(&c)
}
