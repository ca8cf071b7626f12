//! Which figure to quote, by the rules of the design's "Headline count"; it names the rule.

use rouei_model::{Bound, CountScope, CountSubject, Derivation, Undisclosed};

use super::joined::led_before_list;
use super::{CountFinding, UnitClass};

/// What the document is, as far as the choice depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeadlineContext {
    /// A later report: the confirmed figure leads, not the largest possible.
    pub follow_up: bool,
    /// A row, an entry or a line of several incidents: its structure says what a figure counts, where no word does.
    pub structured: bool,
}

/// The figure to quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// Index of the finding; none for a sum.
    pub finding: Option<usize>,
    /// Indices of the figures that were added, for a sum.
    pub parts: Vec<usize>,
    /// The figure.
    pub value: u64,
    /// As written.
    pub unit: String,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// 約, およそ, 程度.
    pub approx: bool,
    /// Feared or established.
    pub scope: CountScope,
    /// The rule that chose it.
    pub derived: Derivation,
    /// Probability that it is right.
    pub confidence: f64,
}

/// 霧影銀行 メール誤送信 1,204件: in a row the one figure beside what befell somebody counts records, not mishaps.
pub(crate) fn count_records_of_a_row(findings: &mut [CountFinding]) {
    let counts = |f: &CountFinding| f.rejected.is_none() && f.value.is_some();
    let of_mishaps = |f: &CountFinding| f.rejected.as_deref() == Some("events") && f.value.is_some_and(|v| v > 1);
    if findings.iter().any(counts) || findings.iter().filter(|f| of_mishaps(f)).count() != 1 {
        return;
    }
    for only in findings.iter_mut().filter(|f| of_mishaps(f)) {
        only.rejected = None;
        only.subject = CountSubject::PersonalData;
        only.confidence = only.confidence.min(OF_A_ROW);
    }
}

/// How sure it is that a figure counts records where nothing but its row says so.
const OF_A_ROW: f64 = 0.75;

/// What the headline figure is; nothing where no figure counts victims. Vague figures (数百件) never lead.
#[must_use]
pub fn headline(findings: &[CountFinding], context: HeadlineContext) -> Option<Headline> {
    let candidates: Vec<usize> = (0..findings.len()).filter(|&i| leads(findings, i, context)).collect();
    let candidates: Vec<usize> =
        candidates.iter().copied().filter(|&i| !said_otherwise(findings, i, &candidates)).collect();
    if only_vague(findings, &candidates) {
        return None;
    }
    let candidates: Vec<usize> =
        candidates.iter().copied().filter(|&i| !stated_part(findings, i, &candidates)).collect();
    let (candidates, cards_only) = without_cards(findings, candidates);
    let class = overall_class(findings, &candidates).or_else(|| leading_class(findings, &candidates))?;
    let mut pool: Vec<usize> = candidates.iter().copied().filter(|&i| findings[i].class == class).collect();
    // A rounded figure (約25万人) is the same count as the exact one it was rounded from, whatever the unit.
    let exact_of = |i: usize, among: &[usize]| among.iter().copied().find(|&j| rounds_to(&findings[j], &findings[i]));
    let refined: Vec<usize> = pool.iter().filter_map(|&i| exact_of(i, &candidates)).collect();
    pool.retain(|&i| exact_of(i, &candidates).is_none());
    for exact in refined {
        if !pool.contains(&exact) {
            pool.push(exact);
        }
    }
    pool.sort_unstable();
    // A figure in a sentence that speaks of no leak does not lead over one in a sentence that does.
    let strength = |i: usize| findings[i].confidence;
    if pool.iter().any(|&i| strength(i) >= 0.84) {
        pool.retain(|&i| {
            let beside = findings[i].beside.is_some() || findings.iter().any(|f| f.beside == Some(i));
            strength(i) >= 0.84 || findings[i].total || findings[i].deduplicated || beside
        });
    }

    let others = candidates.iter().any(|&i| {
        let other = findings[i].class;
        other > class
            && matches!(other, UnitClass::Account | UnitClass::Record)
            && findings[i].part_of.is_none()
            && exact_of(i, &candidates).is_none()
    });

    let mut chosen = deduplicated(findings, &pool)
        .or_else(|| total_or_sum(findings, &pool))
        .or_else(|| single(findings, &pool, context))?;
    let value = chosen.value;
    repeated(findings, &candidates, &mut chosen);
    if chosen.scope == CountScope::Unstated {
        let same = candidates.iter().map(|&i| &findings[i]).filter(|f| f.value == Some(value));
        chosen.scope = same.map(|f| f.scope).find(|&s| s != CountScope::Unstated).unwrap_or(CountScope::Unstated);
    }
    if chosen.derived == Derivation::Stated {
        let part = chosen.finding.and_then(|i| findings[i].part_of).is_some();
        if part {
            chosen.derived = Derivation::PartOfPopulation;
        } else if cards_only {
            chosen.derived = Derivation::CardsOnly;
        } else if others && class == UnitClass::Person {
            chosen.derived = Derivation::Persons;
        }
    }
    Some(chosen)
}

/// 最大で351名のお客さま ※351名に該当するお客さまには…: a limit that is repeated without its word stays one, and a round
/// figure of the title that the text calls about so many is one.
fn repeated(findings: &[CountFinding], candidates: &[usize], chosen: &mut Headline) {
    let Some(f) = chosen.finding.map(|i| &findings[i]) else { return };
    let same = |other: &&CountFinding| other.value == f.value && other.class == f.class;
    let others = || candidates.iter().map(|&i| &findings[i]).filter(same);
    if chosen.bound == Bound::Exact && others().any(|other| other.bound == Bound::AtMost && other.sentence < f.sentence)
    {
        chosen.bound = Bound::AtMost;
    }
    chosen.approx |= chosen.value.is_multiple_of(10) && others().any(|other| other.approx);
}

/// The same figure is elsewhere said to be a part of another that may lead.
fn stated_part(findings: &[CountFinding], i: usize, candidates: &[usize]) -> bool {
    let whole = |part: &CountFinding| {
        let parent = part.part_of.map(|p| &findings[p]).filter(|p| p.subject != CountSubject::Population)?;
        // 570件のうち33人: who stands for persons does not wait for records.
        let same = part.class == parent.class;
        candidates
            .iter()
            .copied()
            .find(|&c| same && findings[c].value == parent.value && findings[c].class == parent.class)
    };
    findings.iter().any(|other| {
        other.value == findings[i].value
            && other.class == findings[i].class
            && other.rejected.is_none()
            && !other.deduplicated
            && whole(other).is_some_and(|c| findings[c].value > findings[i].value)
    })
}

/// The same figure is elsewhere said to be what the affected were drawn from (363名中240名), or counts records, of which an
/// address is a part (教職員12,451件 and 教職員の氏名、メールアドレス12,451件).
fn said_otherwise(findings: &[CountFinding], i: usize, candidates: &[usize]) -> bool {
    let me = &findings[i];
    let population = |f: &CountFinding| {
        f.subject == CountSubject::Population && f.rule == "population_of_part" && f.class == me.class
    };
    let has_a_part = || findings.iter().any(|f| f.part_of == Some(i));
    let drawn_from = has_a_part() && findings.iter().any(|f| f.value == me.value && population(f));
    let records = |&c: &usize| findings[c].class == UnitClass::Record && findings[c].value == me.value;
    drawn_from || me.class == UnitClass::Account && me.unit == "件" && candidates.iter().any(records)
}

/// The text says that the exact number is unknown and gives a vague one (数十枚): a plain figure that no leak is told of
/// is then something else.
fn only_vague(findings: &[CountFinding], candidates: &[usize]) -> bool {
    let unknown = findings.iter().any(|f| {
        matches!(f.undisclosed, Some(Undisclosed::Unknown | Undisclosed::UnderInvestigation)) && f.rejected.is_none()
    });
    let vague = findings.iter().any(|f| f.max_value.is_some() && f.rejected.is_none());
    unknown && vague && candidates.iter().all(|&i| findings[i].confidence < 0.84)
}

/// Below this, nothing around a figure speaks of a leak.
const LEAST_TOLD: f64 = 0.7;

/// Whether a finding may lead at all.
fn leads(findings: &[CountFinding], i: usize, context: HeadlineContext) -> bool {
    let f = &findings[i];
    let counts = !matches!(
        f.subject,
        CountSubject::Population
            | CountSubject::MailsSent
            | CountSubject::Attempts
            | CountSubject::File
            | CountSubject::Device
            | CountSubject::Other
    );
    let whole = match f.part_of {
        None => true,
        Some(parent) => {
            let parent = &findings[parent];
            // 当初公表した最大10万人のうち5,841人: what was taken back is no whole any more.
            parent.subject == CountSubject::Population || parent.superseded || f.deduplicated
        }
    };
    // Firms in a sentence that tells of no leak are mostly partners or somebody's customers.
    let beyond = f.class == UnitClass::Organization && f.confidence < LEAST_TOLD;
    f.rejected.is_none()
        && !beyond
        && (f.tied || context.structured)
        && f.value.is_some_and(|v| v > 0)
        && f.max_value.is_none()
        && f.class != UnitClass::Other
        && counts
        && whole
        && !f.superseded
}

/// Card figures lead only where nothing else does.
fn without_cards(findings: &[CountFinding], candidates: Vec<usize>) -> (Vec<usize>, bool) {
    let is_card = |i: &usize| findings[*i].subject == CountSubject::Card;
    let solid = |i: &usize| !is_card(i) && findings[*i].class <= UnitClass::Record && findings[*i].confidence >= 0.84;
    if candidates.iter().any(solid) {
        (candidates.into_iter().filter(|i| !is_card(i)).collect(), false)
    } else {
        let cards = candidates.iter().any(is_card);
        (if cards { candidates.into_iter().filter(is_card).collect() } else { candidates }, cards)
    }
}

/// Persons before accounts before records, among figures that are no mere guess; then corporations, then papers.
fn leading_class(findings: &[CountFinding], candidates: &[usize]) -> Option<UnitClass> {
    let of = |floor: f64, last: UnitClass| {
        // 延べ1,387件, of which 1,204名 without duplicates: the same ones, counted better.
        let sure = |f: &&CountFinding| f.confidence >= floor || f.deduplicated;
        let solid = candidates.iter().map(|&i| &findings[i]).filter(|f| sure(f) && f.class <= last);
        solid.map(|f| f.class).min()
    };
    of(0.84, UnitClass::Record)
        .or_else(|| of(0.7, UnitClass::Record))
        .or_else(|| of(0.0, UnitClass::Record))
        .or_else(|| of(0.0, UnitClass::Other))
}

/// So many times as much is another thing than the same people counted otherwise.
const FAR: u64 = 5;

/// 最大35万件 with 社員1万4千人 among its parts: an upper limit in records that leaves every figure in persons far behind
/// is the whole, and the persons are one of its classes.
fn overall_class(findings: &[CountFinding], candidates: &[usize]) -> Option<UnitClass> {
    let largest = |class: UnitClass| {
        let of_class = candidates.iter().map(|&i| &findings[i]).filter(|f| f.class == class && f.confidence >= 0.84);
        of_class.max_by_key(|f| f.value)
    };
    let (whole, persons) = (largest(UnitClass::Record)?, largest(UnitClass::Person)?);
    let limit = whole.bound == Bound::AtMost && whole.subject == CountSubject::PersonalData;
    let opens = whole.span.start < persons.span.start;
    let far = whole.value? >= persons.value?.saturating_mul(FAR);
    (limit && far && opens && persons.bound != Bound::AtMost && !persons.total).then_some(UnitClass::Record)
}

/// Whether `rounded` is `exact` with fewer significant digits.
fn rounds_to(exact: &CountFinding, rounded: &CountFinding) -> bool {
    let (Some(e), Some(r)) = (exact.value, rounded.value) else { return false };
    let comparable = exact.class <= UnitClass::Record && rounded.cumulative == exact.cumulative;
    if e == r || exact.approx || exact.part_of.is_some() || !comparable {
        return false;
    }
    let vague = rounded.approx || rounded.bound != Bound::Exact;
    let mut unit = 1u64;
    while r % (unit * 10) == 0 {
        unit *= 10;
    }
    // A plain 100人 beside 113人 may be another figure; a plain 25万人 beside 254,241人 is not.
    if !(vague && unit >= 10 || unit >= 1_000) || e % unit == 0 {
        return false;
    }
    // Rounded down by up to a quarter (およそ100人分 of 113), or up by a little.
    let down = e / unit * unit;
    let up = down.saturating_add(unit);
    (r == down && (e - r).saturating_mul(4) <= r)
        || ((vague || rounded.bound == Bound::Under) && r == up && (r - e).saturating_mul(20) <= r)
}

fn stated(findings: &[CountFinding], i: usize, derived: Derivation) -> Headline {
    let f = &findings[i];
    Headline {
        finding: Some(i),
        parts: Vec::new(),
        value: f.value.unwrap_or(0),
        unit: f.unit.clone(),
        bound: f.bound,
        approx: f.approx,
        scope: f.scope,
        derived,
        confidence: f.confidence,
    }
}

fn deduplicated(findings: &[CountFinding], pool: &[usize]) -> Option<Headline> {
    let i = pool.iter().copied().filter(|&i| findings[i].deduplicated).max_by_key(|&i| findings[i].value)?;
    Some(stated(findings, i, Derivation::Deduplicated))
}

/// A stated total, or the sum of classes that the text sets beside each other.
fn total_or_sum(findings: &[CountFinding], pool: &[usize]) -> Option<Headline> {
    let value = |i: usize| findings[i].value.unwrap_or(0);
    let largest = pool.iter().copied().max_by_key(|&i| value(i))?;
    let group = beside_group(findings, pool);
    // A rounded figure and an exact one make no sum that anybody could claim.
    if group.len() >= 2 && group.iter().all(|&i| findings[i].approx == findings[group[0]].approx) {
        let sum: u64 = group.iter().map(|&i| value(i)).fold(0, u64::saturating_add);
        let largest_of_group = group.iter().map(|&j| value(j)).max().unwrap_or(0);
        let outside = || pool.iter().copied().filter(|i| !group.contains(i));
        let stated_total = outside()
            .filter(|&i| findings[i].total && value(i) >= largest_of_group)
            .max_by_key(|&i| value(i))
            .or_else(|| outside().find(|&i| value(i) >= sum));
        if let Some(total) =
            stated_total.or_else(|| group.iter().copied().find(|&i| value(i) * 2 == sum && group.len() > 2))
        {
            return Some(stated(findings, total, Derivation::StatedTotal));
        }
        let first = &findings[group[0]];
        let any = |bound: Bound| group.iter().any(|&i| findings[i].bound == bound);
        let bound = [Bound::AtMost, Bound::Over, Bound::AtLeast, Bound::Under].into_iter().find(|&b| any(b));
        let possible = group.iter().any(|&i| findings[i].scope == CountScope::Possible);
        return Some(Headline {
            finding: None,
            value: sum,
            unit: first.unit.clone(),
            bound: bound.unwrap_or(Bound::Exact),
            approx: group.iter().any(|&i| findings[i].approx),
            scope: if possible { CountScope::Possible } else { first.scope },
            derived: Derivation::Summed,
            confidence: group.iter().map(|&i| findings[i].confidence).fold(0.7, f64::min),
            parts: group,
        });
    }
    let mut rest: Vec<u64> = pool.iter().map(|&i| value(i)).filter(|&v| v != value(largest)).collect();
    rest.sort_unstable();
    rest.dedup();
    let parts_add_up = rest.len() >= 2 && rest.iter().sum::<u64>() == value(largest);
    let flagged = pool.iter().copied().filter(|&i| findings[i].total).max_by_key(|&i| value(i));
    match flagged {
        Some(total) if value(total) == value(largest) && pool.len() > 1 && !rest.is_empty() => {
            Some(stated(findings, total, Derivation::StatedTotal))
        }
        _ if parts_add_up => Some(stated(findings, largest, Derivation::StatedTotal)),
        _ => None,
    }
}

/// The largest set of figures that the text sets beside each other, each value once, in text order.
fn beside_group(findings: &[CountFinding], pool: &[usize]) -> Vec<usize> {
    let root = |mut i: usize| {
        while let Some(other) = findings[i].beside {
            i = other;
        }
        i
    };
    let mut best: Vec<usize> = Vec::new();
    for &i in pool {
        let group: Vec<usize> = pool.iter().copied().filter(|&j| root(j) == root(i)).collect();
        if group.len() > best.len() {
            best = group;
        }
    }
    if best.len() < 2 { Vec::new() } else { best }
}

fn single(findings: &[CountFinding], pool: &[usize], context: HeadlineContext) -> Option<Headline> {
    let value = |i: usize| findings[i].value.unwrap_or(0);
    let confirmed: Vec<usize> = pool.iter().copied().filter(|&i| findings[i].scope == CountScope::Confirmed).collect();
    let several = pool.iter().any(|&i| value(i) != value(pool[0]));
    let best = confirmed.iter().copied().max_by_key(|&i| value(i));
    // 1万6400人分の流出を確認した。流出した可能性があるのは最大約39万人: two things, not one that was confirmed.
    let still_feared =
        |best: usize| pool.iter().any(|&i| findings[i].bound == Bound::AtMost && value(i) / FAR >= value(best));
    if let Some(best) = best.filter(|&b| context.follow_up && several && !still_feared(b)) {
        let derived = if confirmed.len() < pool.len() { Derivation::Confirmed } else { Derivation::LatestOfficial };
        return Some(stated(findings, best, derived));
    }
    let largest = led_before_list(findings, pool).or_else(|| pool.iter().map(|&i| value(i)).max())?;
    let same: Vec<usize> = pool.iter().copied().filter(|&i| value(i) == largest).collect();
    // Of the same figure said twice, the one that says more about it.
    let says = |i: usize| u8::from(findings[i].bound != Bound::Exact) + u8::from(findings[i].approx);
    let best = same.iter().copied().reduce(|a, b| {
        let more = says(b).cmp(&says(a)).then(findings[b].confidence.total_cmp(&findings[a].confidence));
        if more.is_gt() { b } else { a }
    })?;
    let f = &findings[best];
    let feared = f.bound == Bound::AtMost || (f.scope == CountScope::Possible && several);
    let mut chosen = stated(findings, best, if feared { Derivation::LargestPossible } else { Derivation::Stated });
    if several {
        chosen.confidence = chosen.confidence.min(0.75);
    }
    Some(chosen)
}
