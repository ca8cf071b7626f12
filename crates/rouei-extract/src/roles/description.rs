//! Contractors and victims that are described and not named.

use rouei_model::Span;

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::organizations::{OrganizationKind, OrganizationLexicon};

/// The first description of a contractor in the scope (システム会社, 委託していた業者), outside advice and measures.
#[must_use]
pub fn described_contractor(
    organizations: &OrganizationLexicon,
    lexicon: &RoleLexicon,
    scope: &Scope,
) -> Option<Entity> {
    let text = scope.reading.text();
    for sentence in scope.sentences.iter().flat_map(Clone::clone) {
        let span = scope.reading.sentences[sentence].span;
        let body = span.of(text);
        let held = organizations.contractor_descriptions_in.candidates(body);
        if lexicon.holds(RoleWords::Advice, body) {
            continue;
        }
        let hit = held
            .iter()
            .map(|form| &organizations.contractor_descriptions[form])
            .filter_map(|description| body.find(description.form.as_str()).map(|at| (at, description)))
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
            let mut entity = Entity::described_contractor(described, text);
            // 受託している事業者(以下「C事業者」): the text has a name for it.
            if let Some(alias) = super::entity::alias_behind(&text[described.end..span.end])
                .filter(|alias| !lexicon.is_one_of(RoleWords::Contractor, alias))
            {
                entity.name = alias;
            }
            return Some(entity);
        }
        if let Some((from, to)) = kind_under_contract(lexicon, body) {
            return Some(Entity::described_contractor(Span::new(span.start + from, span.start + to), text));
        }
    }
    None
}

/// 保守を担当するソフトウェア会社, 委託する公益財団法人: the bytes of the kind behind a verb of a contract, where a mishap
/// is told behind it.
fn kind_under_contract(lexicon: &RoleLexicon, body: &str) -> Option<(usize, usize)> {
    let verbs = lexicon.words_in(RoleWords::EntrustingVerb, body);
    let ends = verbs.flat_map(|verb| body.match_indices(verb).map(|(at, verb)| at + verb.len()));
    ends.filter_map(|from| {
        let run: usize = body[from..]
            .chars()
            .take(LONGEST_KIND)
            .take_while(|c| is_kanji(*c) || ('ァ'..='ヿ').contains(c) || c.is_ascii_alphanumeric())
            .map(char::len_utf8)
            .sum();
        let kind = &body[from..from + run];
        // Who was entrusted is a contractor whatever is told of it; who has charge of something may be anybody.
        let told = lexicon.holds(RoleWords::Mishap, &body[from + run..])
            || lexicon.ends_with(RoleWords::Contract, body[..from].trim_end_matches(['る', 'た', 'い', 'う']))
            || body[..from].ends_with("委託を受けた");
        (told && lexicon.ends_with(RoleWords::ContractorKind, kind)).then_some((from, from + run))
    })
    .min()
}

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
