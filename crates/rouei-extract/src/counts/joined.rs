//! Figures that share one predicate: 1年生237人と教員70人が閲覧できた; 担当者千名、受講者9千名、合計1万名が漏えいした.

use rouei_model::{CountScope, CountSubject};

use super::lexicon::{CountLexicon, UnitClass};
use super::relation::{behind, front, gap, place_index, place_of};
use super::{CountFinding, Place};

/// Rules of a predicate that holds for everybody who is named before it.
const SHARED: [&str; 5] = ["viewer", "recipient", "arrested", "informant", "staff"];

/// 1年生237人と教員およそ70人が閲覧できる状態: who stands beside one that is no victim, under the same verb, is none either.
pub(crate) fn reject_joined(findings: &mut [CountFinding], places: &[Place<'_>]) {
    for i in (1..findings.len()).rev() {
        let (one, other) = (&findings[i - 1], &findings[i]);
        let rule = other.rejected.clone().filter(|rule| SHARED.contains(&rule.as_str()));
        if rule.is_none()
            || one.rejected.is_some()
            || one.class != UnitClass::Person
            || other.class != UnitClass::Person
            || one.sentence != other.sentence
        {
            continue;
        }
        let between = gap(findings, i - 1, i, places);
        let joined = between.starts_with(['と', '、', '・', 'や', '及', 'お']);
        let nouns = between.trim_start_matches(['と', '、', '・', 'や', '及', 'び', 'お', 'よ']);
        if joined
            && nouns.chars().count() <= 12
            && !nouns.contains(['、', '。', 'が', 'は', 'を', 'に', 'し', '(', ')'])
        {
            findings[i - 1].rejected = rule;
        }
    }
}

/// Rules that take somebody for one who acts or belongs; among the affected of a list he is one of them.
const MAY_BE_AFFECTED: [&str; 2] = ["staff", "capacity"];

fn doubted(finding: &CountFinding) -> bool {
    finding.rejected.as_deref().is_some_and(|rule| MAY_BE_AFFECTED.contains(&rule))
}

/// 職員10人と会員227人の個人情報: who is counted beside others whose data it was is no bystander; nor is 職員:11人 in a
/// list of lines with 会員:12人.
pub(crate) fn accept_enumerated(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    for first in 0..findings.len() {
        let mut last = first;
        while last + 1 < findings.len() && enumerated(findings, last, places) {
            last += 1;
        }
        if last > first && data_behind(findings, last, places, lexicon) {
            for finding in &mut findings[first..=last] {
                accept(finding);
            }
        }
    }
    // 1. 対象者, and 従業員 33人 in the line below it.
    for i in 0..findings.len() {
        let here = place_index(findings, i, places);
        let heads = |text: &str| lexicon.cues.affected_heading.is_match(text) && text.chars().count() <= 24;
        let above = here.checked_sub(1).map(|p| places[p].text);
        if doubted(&findings[i])
            && alone(&findings[i], places)
            && places[here].headings.last().copied().into_iter().chain(above).any(heads)
        {
            accept(&mut findings[i]);
        }
    }
    let forth = (1..findings.len()).map(|i| (i - 1, i));
    let back = (1..findings.len()).rev().map(|i| (i, i - 1));
    for (known, open) in forth.chain(back) {
        let affected = findings[known].rejected.is_none() && findings[known].tied;
        if affected && doubted(&findings[open]) && same_list(findings, known, open, places) {
            accept(&mut findings[open]);
        }
    }
}

/// Whether a figure stands alone in its line, with no more than the name of a group.
fn alone(finding: &CountFinding, places: &[Place<'_>]) -> bool {
    let rest = behind(finding, places).trim();
    let before = front(finding, places).trim();
    let key = if before.is_empty() { place_of(finding, places).labels.last().copied().unwrap_or("") } else { before };
    finding.class == UnitClass::Person
        && (rest.is_empty() || rest.starts_with('('))
        && (2..=14).contains(&key.chars().count())
}

/// What was taken for a bystander counts after all.
fn accept(finding: &mut CountFinding) {
    if doubted(finding) {
        finding.rejected = None;
        finding.subject = CountSubject::PersonalData;
        finding.tied = true;
    }
}

/// Whether the figure behind `i` goes on with the list that `i` is in: と, 、 and a group.
fn enumerated(findings: &[CountFinding], i: usize, places: &[Place<'_>]) -> bool {
    let (one, other) = (&findings[i], &findings[i + 1]);
    let person = |f: &CountFinding| f.class == UnitClass::Person && (f.rejected.is_none() || doubted(f));
    if !person(one) || !person(other) || one.sentence != other.sentence {
        return false;
    }
    let between = gap(findings, i, i + 1, places);
    let between = between.strip_prefix('分').unwrap_or(between);
    let nouns = between.trim_start_matches(['と', '、', '・', 'や', '及', 'び', 'お', 'よ']);
    let joined = nouns.len() < between.len() && (1..=10).contains(&nouns.chars().count())
        || between.trim_start_matches(['、', 'の']).is_empty() && other.total;
    joined && !nouns.contains(['、', '。', 'が', 'は', 'を', 'に', 'し', 'で', '(', ')'])
}

/// の個人情報, 分の氏名: what the list counts is data of those whom it names.
fn data_behind(findings: &[CountFinding], i: usize, places: &[Place<'_>], lexicon: &CountLexicon) -> bool {
    let noun = lexicon.cues.counted_behind.find(behind(&findings[i], places));
    noun.is_some_and(|m| !m.as_str().contains(|c: char| c.is_ascii_digit() || matches!(c, 'で' | 'を' | 'に')))
}

/// 職員:11人 and 会員:12人, each alone in its line, one below the other.
fn same_list(findings: &[CountFinding], one: usize, other: usize, places: &[Place<'_>]) -> bool {
    let near = place_index(findings, one, places).abs_diff(place_index(findings, other, places)) <= 2;
    near && alone(&findings[one], places) && alone(&findings[other], places)
}

/// 個人情報の数は、担当者約1,000名、受講者約1万9千名、合計約2万名: a total counts what its classes count.
pub(crate) fn sums_tied(findings: &[CountFinding], total: usize, places: &[Place<'_>]) -> bool {
    let me = &findings[total];
    let part = |f: &CountFinding| {
        f.sentence == me.sentence && f.class == me.class && f.rejected.is_none() && f.tied && f.value < me.value
    };
    // すでに公表した11人に加え、新たに259人の流出が判明し、計270人になった。
    let near = findings[..total].iter().rev().take_while(|f| f.sentence == me.sentence).filter(|f| f.class == me.class);
    let before: Vec<&CountFinding> = near.filter(|f| f.rejected.is_none()).take(4).collect();
    let sum = before.iter().map(|f| f.value.unwrap_or(0)).fold(0, u64::saturating_add);
    if before.len() >= 2 && Some(sum) == me.value && before.iter().any(|f| f.tied) {
        return true;
    }
    let opens = gap(findings, total.saturating_sub(1), total, places);
    total > 0 && opens.chars().count() <= 8 && !opens.contains('。') && findings[..total].iter().any(part)
}

/// 患者77人分などが漏えいした可能性がある。内訳は検査結果77人分、成績119人分: the figure that leads, where the larger one stands only in
/// the list that repeats it.
pub(super) fn led_before_list(findings: &[CountFinding], pool: &[usize]) -> Option<u64> {
    let first = &findings[pool.iter().copied().min_by_key(|&i| findings[i].span.start)?];
    let again =
        |s: usize| findings.iter().any(|f| f.sentence == s && f.value == first.value && f.sentence != first.sentence);
    let larger: Vec<&CountFinding> = pool.iter().map(|&i| &findings[i]).filter(|f| f.value > first.value).collect();
    let listed = |f: &&CountFinding| f.scope == CountScope::Unstated && again(f.sentence);
    let leads = first.scope != CountScope::Unstated && !larger.is_empty() && larger.iter().all(listed);
    leads.then_some(first.value).flatten()
}
