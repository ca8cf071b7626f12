//! Figures that count disjoint classes beside each other: 児童1,127人…教職員58人, and the items of a list.

use std::cell::LazyCell;

use rouei_model::CountSubject;

use super::lexicon::{CountLexicon, UnitClass};
use super::relation::{behind, front, gap, head, place_index, place_of, tail};
use super::words::WordList;
use super::{CountFinding, Place};

/// The earlier figure that `i` adds a disjoint class to.
pub(crate) fn beside(
    findings: &[CountFinding],
    earlier: &[usize],
    i: usize,
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) -> Option<usize> {
    let me = &findings[i];
    // 2人分を誤送信し、…別の2人分を誤送信した: others, though as many.
    let another = lexicon.lists.has(WordList::Another, front(me, places));
    let here = place_index(findings, i, places);
    let fits = |j: usize, keyed: &dyn Fn() -> bool| {
        let other = &findings[j];
        // Persons are persons, whatever of theirs an item names.
        let persons = me.class == UnitClass::Person && !is_card(me) && !is_card(other);
        other.class == me.class
            && (other.subject == me.subject
                || persons && place_of(other, places).item && places[here].item
                || !is_card(me) && !is_card(other) && keyed())
            && other.part_of.is_none()
            && !other.cumulative
            && !me.cumulative
            && !me.deduplicated
            && (other.value != me.value || another || keyed() || itemised(other, me, places, lexicon))
    };
    /// Sentences over which a figure is added to another.
    const REACH: usize = 4;
    let near = |&j: &usize| here - place_index(findings, j, places) <= REACH;
    let (other, keyed) = earlier.iter().rev().copied().take_while(near).find_map(|j| {
        let keyed = LazyCell::new(move || keyed(place_of(&findings[j], places), &places[here], lexicon));
        fits(j, &|| *keyed).then_some((j, keyed))
    })?;
    let distance = here - place_index(findings, other, places);
    // 297名分, 302名分, なお、大半が重複しています: nobody is counted twice.
    if places[here..].iter().take(3).any(|p| lexicon.cues.overlap.is_match(p.text)) {
        return None;
    }
    let (place, other_place) = (&places[here], place_of(&findings[other], places));
    // 全校生徒372人…2年生128人, 在籍した1,344人全員分…現在在籍する336人分: who belongs to all is counted with them.
    let (before_other, before_me) = (tail(front(&findings[other], places), 16), tail(front(me, places), 10));
    let all = lexicon.lists.has(WordList::Everyone, behind(&findings[other], places));
    let of_them = lexicon.cues.group.is_match(before_me);
    if findings[other].value > me.value
        && (of_them && (all || lexicon.cues.everybody.is_match(before_other))
            || all && distance > 0 && !groups_differ(before_other, before_me, lexicon))
    {
        return None;
    }
    // (2)流出したメールアドレス(4名分), (3)流出した姓(2名分): what leaked of them, not who they are.
    let of_an_item = |f: &CountFinding| {
        let noun = front(f, places).strip_suffix('(');
        noun.is_some_and(|noun| lexicon.cues.attribute.is_match(tail(noun, 10)))
    };
    if of_an_item(&findings[other]) && of_an_item(me) {
        return None;
    }
    if distance == 0 {
        let between = gap(findings, other, i, places);
        let joined = between.starts_with(['と', '、', '・', '+']) || lexicon.lists.has(WordList::And, between);
        let nouns = between.trim_start_matches(['と', '、', '・', '+', '及', 'び', 'お', 'よ']);
        let disjoint = joined
            && !nouns.contains(['、', '。', '(', ')'])
            && (1..=20).contains(&nouns.chars().count())
            && !lexicon.cues.revision.is_match(nouns)
            && !lexicon.cues.attribute.is_match(nouns)
            && !lexicon.cues.attribute.is_match(own_words(tail(front(&findings[other], places), 12)))
            && !place.text.contains("それぞれ");
        let added = lexicon.cues.addition.is_match(between) && !lexicon.cues.attribute.is_match(tail(between, 12));
        let grouped = me.class == UnitClass::Person
            && between.contains(['、', 'と', 'や'])
            && !lexicon.lists.has(WordList::Told, between)
            && groups_differ(tail(front(&findings[other], places), 12), tail(between, 8), lexicon);
        let placed =
            parallel(&findings[other], me, places) && sites_differ(front(&findings[other], places), between, lexicon);
        return (disjoint || added || grouped || placed || another).then_some(other);
    }
    let before = front(me, places);
    let placed = distance == 1
        && parallel(&findings[other], me, places)
        && sites_differ(front(&findings[other], places), before, lexicon);
    let added = distance <= REACH
        && lexicon.cues.addition.is_match(before)
        && !lexicon.cues.attribute.is_match(tail(before, 12));
    let listed = distance <= 2
        && !me.total
        && !findings[other].total
        && is_item(me, place, lexicon)
        && is_item(&findings[other], other_place, lexicon)
        // 1. 影響範囲 5,562名 heads the items below it.
        && (place.item == other_place.item || place.text.chars().next() == other_place.text.chars().next())
        && (!lexicon.cues.attribute.is_match(before)
            || me.class == UnitClass::Person && groups_differ(front(&findings[other], places), before, lexicon));
    // 顧客133名の情報が漏れた。職員20名の情報も漏れた。
    let also = distance == 1
        && me.class == UnitClass::Person
        && lexicon.cues.also.is_match(behind(me, places))
        && groups_differ(tail(front(&findings[other], places), 12), tail(before, 10), lexicon);
    (added || listed || placed || also || distance <= REACH && *keyed).then_some(other)
}

fn is_card(finding: &CountFinding) -> bool {
    finding.subject == CountSubject::Card
}

/// 1回目の配信:42件 and 2回目の配信:18件, 学生:8371名 and 区分不明:739名, 氏名:7件 and 氏名・住所:3件: keys that no one person
/// comes under twice, each with nothing but its figure.
fn keyed(one: &Place<'_>, other: &Place<'_>, lexicon: &CountLexicon) -> bool {
    let (Some(a), Some(b)) = (key_of(one), key_of(other)) else { return false };
    let without_digits = |key: &str| key.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let counted = a != b && a.starts_with(|c: char| c.is_ascii_digit()) && without_digits(a) == without_digits(b);
    let rest = |key| lexicon.cues.remainder.is_match(key);
    counted || rest(a) || rest(b) || groups_differ(a, b, lexicon) || combined(a, b, lexicon)
}

/// (3)通知書 1名分 and (4)明細書 1名分: as many, and others, for each item names what it counts.
fn itemised(one: &CountFinding, other: &CountFinding, places: &[Place<'_>], lexicon: &CountLexicon) -> bool {
    let named = |f| {
        let before = front(f, places);
        lexicon.cues.bullet.find(before).map(|mark| before[mark.end()..].trim())
    };
    matches!((named(one), named(other)), (Some(a), Some(b)) if a != b && !a.is_empty() && !b.is_empty())
}

/// 氏名など(患者2名と医師3名分): what stands before the bracket is told of both.
fn own_words(before: &str) -> &str {
    before.rsplit('(').next().unwrap_or(before)
}

/// What heads a figure that stands alone: its key, or what its line says before the colon.
fn key_of<'a>(place: &Place<'a>) -> Option<&'a str> {
    let alone = |text: &str| text.chars().count() <= 12 && text.starts_with(|c: char| c.is_ascii_digit());
    match place.labels.last() {
        Some(label) => alone(place.text).then_some(label),
        None => place.text.rsplit_once(':').filter(|(_, figure)| alone(figure.trim())).map(|(key, _)| key),
    }
}

/// 氏名, and 氏名・住所; 氏名のみ: who is under the one is not under the other.
fn combined(a: &str, b: &str, lexicon: &CountLexicon) -> bool {
    let parts = |key: &'_ str| key.split(['・', '、', '+', 'と']).map(str::to_owned).collect::<Vec<_>>();
    let data = |key: &str| lexicon.cues.attribute.is_match(key);
    let only = |key: &str| lexicon.cues.only.is_match(key);
    let (of_a, of_b) = (parts(a), parts(b));
    let nested = of_a.len() != of_b.len()
        && (of_a.iter().all(|part| of_b.contains(part)) || of_b.iter().all(|part| of_a.contains(part)));
    // 氏名・電話番号 and 氏名・住所: combinations that are told apart.
    let crossed = of_a.len() > 1 && of_b.len() > 1 && of_a.iter().any(|part| of_b.contains(part));
    only(a) || only(b) || data(a) && data(b) && (nested || crossed)
}

/// 児童1,127人…教職員58人: different groups of persons.
fn groups_differ(one: &str, other: &str, lexicon: &CountLexicon) -> bool {
    let last = |text| lexicon.cues.group.find_iter(text).last().map(|m| m.as_str());
    matches!((last(one), last(other)), (Some(a), Some(b)) if a != b)
}

/// A支店では…12人分がなくなり、B支店では…34人分がなくなった: the same is told of different places.
fn sites_differ(one: &str, other: &str, lexicon: &CountLexicon) -> bool {
    let last = |text| lexicon.cues.site.find_iter(text).last().map(|m| m.as_str());
    matches!((last(one), last(other)), (Some(a), Some(b)) if a != b)
}

/// Whether the same words go on behind both figures.
fn parallel(one: &CountFinding, other: &CountFinding, places: &[Place<'_>]) -> bool {
    let (one, other) = (behind(one, places), behind(other, places));
    one.starts_with(')') && other.starts_with(')') || (!one.is_empty() && head(one, 4) == head(other, 4))
}

/// Whether a line begins with a group of persons.
fn opens_with_group(before: &str, lexicon: &CountLexicon) -> bool {
    lexicon.cues.group.find(before.trim_start()).is_some_and(|m| m.start() == 0)
}

/// A list item, or a short line that is nothing but a name and its figure.
fn is_item(finding: &CountFinding, place: &Place<'_>, lexicon: &CountLexicon) -> bool {
    if place.item || lexicon.cues.bullet.is_match(place.text) {
        return true;
    }
    let before = place.text.get(..finding.span.start - place.start).unwrap_or("");
    let rest = behind(finding, std::slice::from_ref(place)).trim();
    // 利用者の情報 302,569件(うち国内 129,894件)
    (rest.is_empty() || rest.starts_with('(') && rest.ends_with(')'))
        && (2..=40).contains(&before.trim().chars().count())
        && !before.contains('。')
        // 顧客の氏名、住所 814名分: the commas of what an item names of a group.
        && (!before.contains('、') || finding.class == UnitClass::Person && rest.is_empty() && opens_with_group(before, lexicon))
        && !lexicon.cues.quantity.is_match(before)
        && !lexicon.cues.leak_before.is_match(before)
        && place.labels.is_empty()
}
