//! Where a record contradicts itself: figures, days, title and text; and the day that a figure stood for.

use jiff::civil::Date;
use rouei_model::{Bound, DateClaim, DateKind, DatePrecision, Issue, IssueCode};

use super::claims::claimed;
use super::{Draft, Found};
use crate::counts::{CountFinding, UnitClass};
use crate::dates::DateFinding;
use crate::incidents::Shape;
use crate::reading::Reading;

/// Figures that cannot both be right.
pub(super) fn of_counts(draft: &Draft, reading: &Reading<'_>) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut say = |message: String| issues.push(Issue::new(IssueCode::ContradictingCounts, message));
    if parts_exceed_whole(&draft.counts) {
        say("a part is larger than the figure that it is a part of".to_owned());
    }
    if let Some((title, text)) = title_against_text(draft, reading) {
        let written = |c: &CountFinding| c.span.of(reading.text()).to_owned();
        say(format!("the title says {}, the text {}", written(title), written(text)));
    }
    issues
}

fn parts_exceed_whole(counts: &[CountFinding]) -> bool {
    counts.iter().filter(|c| claimed(c)).any(|part| {
        part.part_of
            .and_then(|p| counts.get(p))
            .filter(|w| claimed(w) && w.unit == part.unit)
            .is_some_and(|whole| matches!((part.value, whole.value), (Some(p), Some(w)) if p > w))
    })
}

/// 1,204人 in the title and nowhere in the text, which has 1,240人: one of them is mistyped.
fn title_against_text<'d>(draft: &'d Draft, reading: &Reading<'_>) -> Option<(&'d CountFinding, &'d CountFinding)> {
    if draft.incident.shape != Shape::Whole {
        return None;
    }
    let first = draft.incident.sentences.first()?.start;
    let in_title = |c: &CountFinding| c.sentence == first && !reading.sentence_text(first).ends_with('。');
    let exact = |c: &CountFinding| {
        claimed(c) && c.bound == Bound::Exact && !c.approx && c.max_value.is_none() && !c.superseded && !c.cumulative
    };
    let mut titles = draft.counts.iter().filter(|c| claimed(c) && in_title(c) && c.class <= UnitClass::Record);
    let title = titles.next().filter(|c| exact(c) && c.part_of.is_none())?;
    if titles.next().is_some() {
        return None;
    }
    let text = draft.counts.get(draft.headline.as_ref()?.finding?).filter(|c| exact(c) && !in_title(c))?;
    let (said, told) = (title.value?, text.value?);
    let same_unit = title.unit == text.unit || title.class == UnitClass::Person && text.class == UnitClass::Person;
    let near = said != told && said.max(told) <= 2 * said.min(told);
    // What the text may make up the figure of the title from: read or not, alone or two of them together.
    let values: Vec<u64> = draft.counts.iter().filter(|c| !in_title(c)).filter_map(|c| c.value).collect();
    let told_of = |v: u64| values.contains(&v);
    let made_up = told_of(said)
        || values.iter().sum::<u64>() == said
        || values.iter().any(|&v| said > v && told_of(said - v))
        || values.iter().any(|&v| told_of(said + v));
    (same_unit && near && !made_up && !is_rounded(said, told)).then_some((title, text))
}

/// 1,200 for 1,240: as far as a figure ends in noughts, it may be rounded.
fn is_rounded(figure: u64, exact: u64) -> bool {
    let mut step = 1;
    while figure != 0 && figure.is_multiple_of(step * 10) {
        step *= 10;
    }
    step > 1 && figure.abs_diff(exact) < step
}

/// Days in an order that cannot be: it was seen, or told, before it happened.
pub(super) fn of_dates(dates: &[DateClaim]) -> Vec<Issue> {
    let day = |kind: DateKind| {
        let of_kind = dates.iter().find(|d| d.kind == kind);
        of_kind.filter(|d| d.precision == DatePrecision::Day).and_then(|d| d.date_from)
    };
    let orders = [
        (DateKind::Occurred, DateKind::Discovered),
        (DateKind::Discovered, DateKind::Announced),
        (DateKind::Occurred, DateKind::Announced),
    ];
    let wrong = orders.iter().find_map(|&(first, then)| {
        let (earlier, later) = (day(first)?, day(then)?);
        (later < earlier).then(|| format!("{} {later} before {} {earlier}", then.code(), first.code()))
    });
    wrong.map(|message| Issue::new(IssueCode::DoubtfulDate, message)).into_iter().collect()
}

/// The day that a figure stood for: 3月5日現在で1,240人, 1,240人(3月5日時点); of one that is taken back, the day on which it
/// was told (3月1日に公表した1,204人).
pub(super) fn as_of(count: &CountFinding, found: &Found<'_>) -> Option<Date> {
    /// Characters between the day and the figure.
    const REACH: usize = 40;
    let text = found.reading.text();
    let dated = |d: &&DateFinding| {
        let rule = d.rule == AS_OF || (count.superseded && d.rule == EARLIER_NOTICE);
        rule && d.sentence == count.sentence && d.precision == DatePrecision::Day && d.from.is_some()
    };
    let gap = |d: &DateFinding| {
        if d.span.end <= count.span.start {
            let between = &text[d.span.end..count.span.start];
            Some(between.chars().count()).filter(|&gap| gap <= REACH && !between.contains('。'))
        } else {
            let between = text.get(count.span.end..d.span.start)?;
            // 1,240人(3月5日現在)
            Some(between.chars().count()).filter(|_| matches!(between, "(" | "分(" | "、" | "分、"))
        }
    };
    found.dates.iter().filter(dated).filter_map(|d| Some((gap(d)?, d.from?))).min().map(|(_, day)| day)
}

/// The rule of a day for which something is stated (現在, 時点).
const AS_OF: &str = "as-of";
/// The rule of the day of an earlier notice.
const EARLIER_NOTICE: &str = "earlier-notice";
