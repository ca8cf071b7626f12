//! Figures that share one predicate: 1年生237人と教員70人が閲覧できた; 担当者千名、受講者9千名、合計1万名が漏えいした.

use super::lexicon::UnitClass;
use super::relation::gap;
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

/// 個人情報の数は、担当者約1,000名、受講者約1万9千名、合計約2万名: a total counts what its classes count.
pub(crate) fn sums_tied(findings: &[CountFinding], total: usize, places: &[Place<'_>]) -> bool {
    let me = &findings[total];
    let part = |f: &CountFinding| {
        f.sentence == me.sentence && f.class == me.class && f.rejected.is_none() && f.tied && f.value < me.value
    };
    let opens = gap(findings, total.saturating_sub(1), total, places);
    total > 0 && opens.chars().count() <= 8 && !opens.contains('。') && findings[..total].iter().any(part)
}
