//! What figures have to do with each other: part of, beside, superseded, without duplicates.

use rouei_model::{Bound, CountScope, CountSubject};

use super::beside::beside;
use super::joined::{accept_enumerated, reject_joined, sums_tied};
use super::lexicon::{CountLexicon, UnitClass};
use super::part::{drawn_from, included, parent_of};
use super::population::{population_of, sent_out};
use super::recipients::recipients;
use super::words::WordList;
use super::{CountFinding, Place};

/// Fills in `part_of`, `beside`, `superseded`, `deduplicated`, and bounds that a coordinated figure shares.
pub(crate) fn relate(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    reject_parts_of_rejected(findings, places, lexicon);
    accept_enumerated(findings, places, lexicon);
    reject_joined(findings, places);
    reject_the_same_again(findings, places, lexicon);
    bound_by_label(findings, places, lexicon);
    let accepted: Vec<usize> = (0..findings.len()).filter(|&i| findings[i].rejected.is_none()).collect();
    for (order, &i) in accepted.iter().enumerate() {
        let Some(previous) = order.checked_sub(1).map(|o| accepted[o]) else {
            mark_deduplicated(findings, i, places, lexicon);
            continue;
        };
        share_bound(findings, previous, i, places, lexicon);
        beside_cumulative(findings, previous, i, places);
        mark_deduplicated(findings, i, places, lexicon);
        if drawn_from(findings, previous, i, places, lexicon) {
            findings[i].subject = CountSubject::Population;
            findings[i].rule = "population_of_part".to_owned();
        } else if let Some(parent) = parent_of(findings, previous, i, places, lexicon) {
            findings[i].part_of = Some(parent);
            if population_of(findings, parent, i, places, lexicon) {
                findings[parent].subject = CountSubject::Population;
                findings[parent].rule = "population_of_part".to_owned();
            }
        } else if let Some(other) = beside(findings, &accepted[..order], i, places, lexicon) {
            findings[i].beside = Some(other);
        }
        inherit_individuals(findings, previous, i, places);
        // カード情報4,391件(4,218名分): the cards of so many.
        if findings[previous].subject == CountSubject::Card
            && findings[i].subject == CountSubject::PersonalData
            && findings[previous].sentence == findings[i].sentence
            && gap(findings, previous, i, places) == "("
        {
            findings[i].subject = CountSubject::Card;
        }
    }
    included(findings, &accepted, places, lexicon);
    attributes(findings, &accepted, places, lexicon);
    for &i in &accepted {
        if sent_out(findings, i, places, lexicon) {
            findings[i].subject = CountSubject::Population;
            findings[i].rule = "sent_out".to_owned();
        }
    }
    // 計12万件。うち3千人の住所が流出した: who is a part of it says what the whole counts.
    for &i in &accepted {
        if let Some(whole) = findings[i].part_of.filter(|_| findings[i].tied) {
            findings[whole].tied = true;
        }
    }
    // 会員104人に加え、保護者4人の個人情報: who is set beside another by a word counts the same.
    for &i in &accepted {
        if let Some(other) =
            findings[i].beside.filter(|&o| findings[i].tied && findings[o].sentence == findings[i].sentence)
        {
            findings[other].tied = true;
        }
    }
    for &i in &accepted {
        findings[i].tied |= findings[i].total && sums_tied(findings, i, places);
    }
    recipients(findings, places, lexicon);
    for (order, &i) in accepted.iter().enumerate() {
        findings[i].superseded = is_superseded(findings, i, &accepted[order + 1..], places, lexicon);
        // 流出した人数を80人としていたが、正しくは88人: what takes its place counts the same.
        let next = accepted.get(order + 1).copied().filter(|_| findings[i].superseded && findings[i].tied);
        if let Some(next) = next.filter(|&next| {
            let (old, new) = (&findings[i], &findings[next]);
            old.sentence == new.sentence && old.class == new.class && new.part_of.is_none()
        }) {
            findings[next].tied = true;
        }
    }
}

/// Rules whose reason holds for a part as well.
const PASSED_ON: [&str; 11] = [
    "statistics",
    "events",
    "legal_threshold",
    "mails_sent",
    "attempts",
    "staff",
    "safeguard",
    "capacity",
    "activity",
    "earlier_case",
    "opinions",
];

/// 12120件(うち7075件): a part of a figure that counts no victims counts none either.
fn reject_parts_of_rejected(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    for i in 1..findings.len() {
        let whole = &findings[i - 1];
        let rule = match whole.rejected.as_deref() {
            Some(rule) if PASSED_ON.contains(&rule) => rule.to_owned(),
            _ => continue,
        };
        let distance = place_index(findings, i, places) - place_index(findings, i - 1, places);
        if findings[i].rejected.is_some() || distance > 1 || whole.unit != findings[i].unit {
            continue;
        }
        let between = gap(findings, i - 1, i, places);
        let near = if distance == 0 { between.chars().count() <= 12 } else { between.chars().count() <= 4 };
        if near && lexicon.cues.part.is_match(between) {
            findings[i].rejected = Some(rule);
        }
    }
    // データ改ざんは15件(編集3件、削除12件): what stands in its bracket as well.
    for i in 1..findings.len() {
        let inside = |j: &usize| {
            let between = gap(findings, *j, i, places);
            findings[*j].sentence == findings[i].sentence && between.starts_with('(') && !between.contains(')')
        };
        let whole = (0..i).rev().take(4).find(inside);
        let rule = whole.and_then(|j| findings[j].rejected.clone()).filter(|r| PASSED_ON.contains(&r.as_str()));
        if findings[i].rejected.is_none() && rule.is_some() {
            findings[i].rejected = rule;
        }
    }
}

/// Rules that say who somebody is, not what happened to him.
const WHO: [&str; 6] = ["staff", "viewer", "arrested", "sanctioned", "informant", "compromised_account"];

/// 職員2人が閲覧していた。2人は…: who was no victim is none when he is spoken of again.
fn reject_the_same_again(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    /// Sentences over which 2人は means the two of before.
    const REACH: usize = 4;
    for i in 1..findings.len() {
        let me = &findings[i];
        let opens = front(me, places).rsplit('。').next().unwrap_or("");
        let again = lexicon.lists.has(WordList::TheSame, opens);
        let bare = opens.is_empty() || (opens.ends_with('、') && opens.chars().count() <= 12) || again;
        let spoken_of = ["は", "が", "とも", "も", "で"].iter().any(|w| behind(me, places).starts_with(w));
        if me.rejected.is_some() || me.class != UnitClass::Person || !bare || !spoken_of {
            continue;
        }
        let here = place_index(findings, i, places);
        let near = |f: &&CountFinding| here - places.partition_point(|p| p.sentence < f.sentence) <= REACH;
        let mut before = findings[..i].iter().rev().take_while(near);
        let rule = before
            .find(|f| f.value == me.value && f.class == me.class)
            .and_then(|f| f.rejected.clone())
            .filter(|rule| WHO.contains(&rule.as_str()));
        if rule.is_some() {
            findings[i].rejected = rule;
        }
    }
}

/// 【流出した可能性のある最大件数】, then 1,207件 in a line of its own.
fn bound_by_label(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    for i in 0..findings.len() {
        let me = &findings[i];
        if me.bound != Bound::Exact || me.rejected.is_some() || !front(me, places).trim().is_empty() {
            continue;
        }
        let here = place_index(findings, i, places);
        let above = here.checked_sub(1).map(|p| places[p].text);
        let place = &places[here];
        if place
            .labels
            .iter()
            .chain(place.headings.last())
            .copied()
            .chain(above)
            .any(|t| lexicon.cues.greatest.is_match(t))
        {
            findings[i].bound = Bound::AtMost;
        }
    }
}

/// The text between two findings of one sentence, or from the sentence's start where they stand in different ones.
pub(crate) fn gap<'a>(findings: &[CountFinding], from: usize, to: usize, places: &[Place<'a>]) -> &'a str {
    let place = place_of(&findings[to], places);
    let end = findings[to].span.start - place.start;
    let start =
        if findings[from].sentence == findings[to].sentence { findings[from].span.end - place.start } else { 0 };
    place.text.get(start..end).unwrap_or("")
}

pub(crate) fn place_of<'p, 'a>(finding: &CountFinding, places: &'p [Place<'a>]) -> &'p Place<'a> {
    let at = places.partition_point(|p| p.sentence < finding.sentence);
    &places[at]
}

pub(crate) fn behind<'a>(finding: &CountFinding, places: &[Place<'a>]) -> &'a str {
    let place = place_of(finding, places);
    place.text.get(finding.span.end - place.start..).unwrap_or("")
}

pub(crate) fn front<'a>(finding: &CountFinding, places: &[Place<'a>]) -> &'a str {
    let place = place_of(finding, places);
    place.text.get(..finding.span.start - place.start).unwrap_or("")
}

pub(crate) fn tail(text: &str, chars: usize) -> &str {
    text.char_indices().rev().nth(chars.saturating_sub(1)).map_or(text, |(at, _)| &text[at..])
}

pub(crate) fn head(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(at, _)| &text[..at])
}

/// 最大で6,493契約・約407万件: what stands before the first holds for the second.
fn share_bound(findings: &mut [CountFinding], previous: usize, i: usize, places: &[Place<'_>], lexicon: &CountLexicon) {
    if findings[previous].sentence != findings[i].sentence {
        return;
    }
    let between = gap(findings, previous, i, places);
    if !lexicon.cues.coordination.is_match(between) || between.is_empty() {
        return;
    }
    if findings[previous].bound == Bound::AtMost && findings[i].bound == Bound::Exact {
        findings[i].bound = Bound::AtMost;
    }
    if findings[previous].scope == CountScope::Unstated {
        findings[previous].scope = findings[i].scope;
    }
}

/// 655人(延べ1,204人), 69,388件 ※延べ77,190件: the first counts everybody once.
fn beside_cumulative(findings: &mut [CountFinding], previous: usize, i: usize, places: &[Place<'_>]) {
    let (first, second) = (&findings[previous], &findings[i]);
    let once = !first.cumulative
        && second.cumulative
        && first.class == second.class
        && first.sentence == second.sentence
        && first.value < second.value
        && gap(findings, previous, i, places).contains(['(', '※']);
    findings[previous].deduplicated |= once;
}

fn mark_deduplicated(findings: &mut [CountFinding], i: usize, places: &[Place<'_>], lexicon: &CountLexicon) {
    // 2名が重複していたため、5名分: the result stands behind the duplicates.
    let own = findings[..i].iter().rev().take_while(|f| f.sentence == findings[i].sentence);
    let duplicates =
        own.filter(|f| f.rejected.as_deref() == Some("duplicates")).map(|f| (f.span.start, f.class)).next();
    if let Some((start, class)) = duplicates {
        let place = place_of(&findings[i], places);
        let between = place.text.get(start - place.start..findings[i].span.start - place.start).unwrap_or("");
        if lexicon.cues.dedup_result.is_match(between) {
            findings[i].deduplicated = true;
            findings[i].tied = true;
            // 21人分と2人分。1人分が重複しているため、22件: it counts what the duplicates count.
            findings[i].class = findings[i].class.min(class);
        }
    }
}

/// 氏名11,442件、アドレス9,648件: attributes of the same persons, so the addresses do not lead over the names.
fn attributes(findings: &mut [CountFinding], accepted: &[usize], places: &[Place<'_>], lexicon: &CountLexicon) {
    for &i in accepted {
        let address = &findings[i];
        let here = place_index(findings, i, places);
        let named = |&j: &usize| {
            let f = &findings[j];
            let before = tail(front(f, places), 5);
            let near = place_index(findings, j, places).abs_diff(here) <= 1;
            f.class == UnitClass::Record
                && f.value >= address.value
                && (f.sentence == address.sentence && lexicon.cues.attribute.is_match(before)
                    // ・個人情報:468件 ・メールアドレス:370件
                    || near && lexicon.lists.has(WordList::PersonalData, before))
        };
        if address.subject == CountSubject::EmailAddress
            && address.class == UnitClass::Account
            && address.unit == "件"
            && accepted.iter().any(named)
        {
            findings[i].class = UnitClass::Record;
        }
    }
}

pub(crate) fn place_index(findings: &[CountFinding], i: usize, places: &[Place<'_>]) -> usize {
    places.partition_point(|p| p.sentence < findings[i].sentence)
}

/// うち個人は143件、重複を除き128件: the de-duplicated figure counts what the one before counts.
fn inherit_individuals(findings: &mut [CountFinding], previous: usize, i: usize, places: &[Place<'_>]) {
    let near =
        findings[previous].sentence == findings[i].sentence && gap(findings, previous, i, places).chars().count() <= 12;
    if near
        && findings[i].deduplicated
        && findings[previous].unit == findings[i].unit
        && findings[previous].class == UnitClass::Person
    {
        findings[i].class = UnitClass::Person;
        findings[i].part_of = Some(previous);
    }
}

/// Up to the comma: what follows it speaks of something else (108人が流出したとしているが、これまでに…).
fn clause(text: &str) -> &str {
    text.split_once('、').map_or(text, |(clause, _)| clause)
}

/// An earlier figure that the text itself takes back.
fn is_superseded(
    findings: &[CountFinding],
    i: usize,
    later: &[usize],
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) -> bool {
    let me = &findings[i];
    let here = place_index(findings, i, places);
    let mut near = later.iter().copied().take_while(|&j| place_index(findings, j, places) - here <= 3);
    let replacement = near.find(|&j| {
        findings[j].class == me.class
            && findings[j].subject == me.subject
            && findings[j].value != me.value
            && findings[j].value.is_some()
            && findings[j].part_of != Some(i)
            && !lexicon.cues.former.is_match(front(&findings[j], places))
    });
    if lexicon.cues.revised_from.is_match(behind(me, places)) {
        return true;
    }
    // 10人(前回発表時33人): what replaces it stands before the bracket.
    let counted = |f: &CountFinding| f.rejected.is_none() && f.class == me.class && f.sentence == me.sentence;
    if lexicon.cues.former.is_match(front(me, places)) && findings[..i].iter().any(counted) {
        return true;
    }
    let Some(replacement) = replacement else {
        // 14万人 ※当初は「延べ42万人」としていた: what replaces it stands before.
        let same = |f: &CountFinding| {
            f.rejected.is_none()
                && f.class == me.class
                && f.subject == me.subject
                && f.value.is_some_and(|v| Some(v) != me.value)
                && here - places.partition_point(|p| p.sentence < f.sentence) <= 3
        };
        return lexicon.cues.taken_back.is_match(behind(me, places)) && findings[..i].iter().any(same);
    };
    // 前回発表済みの最大8万件の一部: what is spoken of as the whole stands.
    if lexicon.cues.one_of.is_match(behind(me, places)) {
        return false;
    }
    // 当初公表した最大10万人のうち5,841人: what is said before another figure is said of that one.
    let own = match i.checked_sub(1).filter(|&p| findings[p].sentence == me.sentence && findings[p].value.is_some()) {
        Some(before) => gap(findings, before, i, places),
        None => front(me, places),
    };
    if lexicon.cues.superseded.is_match(tail(own, 24))
        || lexicon.cues.superseded.is_match(clause(head(behind(me, places), 16)))
    {
        return true;
    }
    let between = gap(findings, i, replacement, places);
    let larger = findings[replacement].value > me.value;
    let replaced = lexicon.cues.supersedes.is_match(between) || larger && lexicon.cues.found_later.is_match(between);
    replaced && findings[replacement].beside != Some(i)
}
