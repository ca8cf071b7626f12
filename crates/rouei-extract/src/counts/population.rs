//! Figures that only say what the affected were drawn from: 会員1000万人のうち20人.

use rouei_model::CountSubject;

use super::lexicon::CountLexicon;
use super::relation::{behind, front, gap, place_of, tail};
use super::{CountFinding, Place};

/// 通知書を494通郵送した。その際、…1通に別の世帯の書類を入れた: what was sent out altogether, where a smaller figure went astray.
pub(crate) fn sent_out(findings: &[CountFinding], i: usize, places: &[Place<'_>], lexicon: &CountLexicon) -> bool {
    let astray = |f: &CountFinding| lexicon.cues.astray.is_match(place_of(f, places).text);
    let me = &findings[i];
    let smaller = |other: &CountFinding| {
        other.rejected.is_none()
            && other.subject != CountSubject::Population
            && other.value.is_some_and(|v| v > 0)
            && other.value < me.value
            && astray(other)
    };
    lexicon.cues.dispatched.is_match(behind(me, places)) && !astray(me) && findings.iter().any(smaller)
}

/// Whether X of "XのうちY" is only what the affected were drawn from.
pub(crate) fn population_of(
    findings: &[CountFinding],
    parent: usize,
    i: usize,
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) -> bool {
    if findings[parent].subject == CountSubject::Population {
        return false;
    }
    if lexicon.cues.part_of_leak.is_match(behind(&findings[i], places)) {
        return false;
    }
    if lexicon.cues.own_part.is_match(behind(&findings[i], places)) {
        return true;
    }
    // 580人分を誤って送った。…寄付した5210人のうち580人: as many as elsewhere are said to be the affected.
    let again = |(j, f): (usize, &CountFinding)| {
        j != i
            && f.rejected.is_none()
            && f.tied
            && f.part_of.is_none()
            && f.value == findings[i].value
            && f.class == findings[i].class
            && f.sentence != findings[i].sentence
    };
    if findings[parent].class == findings[i].class
        && findings.iter().enumerate().any(again)
        && !findings.iter().enumerate().any(|(j, f)| j != parent && f.tied && f.value == findings[parent].value)
        && !lexicon.cues.leak_before.is_match(tail(front(&findings[parent], places), 30))
    {
        return true;
    }
    // 合計4571人分が漏れた。…職員約5000人のうち2593人と家族1978人: the parts add up to what leaked, and are parts of more.
    let parts = findings.iter().enumerate().filter(|(j, f)| *j == i || f.part_of == Some(parent));
    let sum: u64 = parts.filter_map(|(_, f)| f.value).fold(0, u64::saturating_add);
    let totals = |f: &CountFinding| f.total && f.rejected.is_none() && f.value == Some(sum);
    if findings[parent].value != Some(sum) && findings.iter().any(totals) {
        return true;
    }
    let leaks = |f: &CountFinding| lexicon.cues.leak_predicate.is_match(behind(f, places));
    if findings[parent].sentence != findings[i].sentence {
        // 組合員8,400名のデータを渡した。このうち1,050名分が流出した。
        return !lexicon.cues.affected.is_match(place_of(&findings[parent], places).text)
            && lexicon.cues.population.is_match(tail(front(&findings[parent], places), 14))
            && leaks(&findings[i]);
    }
    let between = gap(findings, parent, i, places);
    let Some(marker) = lexicon.cues.part.find(between) else { return false };
    let direct = &between[..marker.start()];
    // Directly: 会員1000万人のうち. With a clause between (18件で…、うち7件) the first figure stands on its own, unless
    // that clause says nothing of a leak (23人分の写しを作り、このうち2通を取り違えた).
    if direct.contains('。') || direct.starts_with('(') {
        return false;
    }
    if direct.contains('、') || direct.chars().count() > 16 {
        let clause = tail(front(&findings[parent], places), 30);
        return !lexicon.cues.affected.is_match(direct)
            && !lexicon.cues.affected.is_match(clause)
            && !lexicon.cues.leak_before.is_match(direct)
            && direct.trim_end_matches('、').ends_with(['り', 'し', 'ち', 'い', 'た', 'て', 'が', 'で'])
            && leaks(&findings[i]);
    }
    let before = tail(front(&findings[parent], places), 30);
    // 流出した内容(1年生363名中240名分): what stands before a bracket is said of the whole bracket.
    let before = before.rsplit(['、', '。', '(']).next().unwrap_or(before);
    if lexicon.cues.leak_before.is_match(before) || lexicon.cues.leak_before.is_match(direct) {
        return false;
    }
    lexicon.cues.population.is_match(tail(before, 14))
        || lexicon.cues.population.is_match(direct)
        || leaks(&findings[i])
        // 10万件の受注データのうち、実際に見られたのは30件だった.
        || lexicon.cues.leak_predicate.is_match(&between[marker.end()..])
        // 利用者4,520名のうち5名: nothing follows, so the part is the news.
        || (direct.is_empty() && matches!(behind(&findings[i], places).trim(), "" | "。" | "です。" | ")" | "分)"))
}
