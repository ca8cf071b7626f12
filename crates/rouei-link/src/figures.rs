//! When two figures are one.

use crate::{
    candidate::{Candidate, Count},
    rules::{Rule, Rules, Units},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum UnitClass {
    Persons,
    Records,
    Organizations,
    Households,
    Unknown,
}

/// What the figures of two disclosures say; `later` where one of them is a later report. Parts of one incident have
/// figures of their own, so that only agreement counts between them (`parts`).
pub(crate) fn compare(rules: &Rules, a: &Candidate, b: &Candidate, later: bool, parts: bool) -> Option<Rule> {
    let units = &rules.file.units;
    if let (Some(x), Some(y)) = (&a.headline, &b.headline)
        && equal(units, x, y)
    {
        return Some(match significant_digits(x.value) {
            3.. => Rule::SameDistinctiveFigure,
            2 => Rule::SameFigure,
            _ if x.value >= 100 => Rule::SameFigure,
            _ => Rule::SameSmallFigure,
        });
    }
    let told = |headline: &Option<Count>, ledger: &[Count]| {
        headline.as_ref().is_some_and(|h| h.value >= 10 && ledger.iter().any(|c| equal(units, h, c)))
    };
    if told(&a.headline, &b.counts) || told(&b.headline, &a.counts) {
        return Some(Rule::FigureInLedger);
    }
    if let (Some(x), Some(y)) = (&a.headline, &b.headline)
        && comparable(units, x, y)
        && (rounds(x.value, y.value) || rounds(y.value, x.value))
    {
        return Some(Rule::RoundedFigure);
    }
    let shared = |c: &&Count| significant_digits(c.value) >= 3 && b.counts.iter().any(|d| equal(units, c, d));
    if a.counts.iter().any(|c| shared(&c)) {
        return Some(Rule::SharedLedger);
    }
    match (&a.headline, &b.headline) {
        (Some(x), Some(y)) if !parts && unit_class(units, &x.unit) == unit_class(units, &y.unit) => {
            Some(if later { Rule::RevisedFigure } else { Rule::OtherFigure })
        }
        _ => None,
    }
}

/// Whether a figure alone points at an incident: three significant digits.
pub(crate) fn is_distinctive(count: &Count) -> bool {
    significant_digits(count.value) >= 3
}

fn equal(units: &Units, a: &Count, b: &Count) -> bool {
    a.value == b.value && comparable(units, a, b)
}

/// Persons and records count the same leak, companies and households do not.
fn comparable(units: &Units, a: &Count, b: &Count) -> bool {
    let (a, b) = (unit_class(units, &a.unit), unit_class(units, &b.unit));
    let loose = |c| matches!(c, UnitClass::Persons | UnitClass::Records);
    a == b || a == UnitClass::Unknown || b == UnitClass::Unknown || (loose(a) && loose(b))
}

fn unit_class(units: &Units, unit: &str) -> UnitClass {
    let stands_in = |list: &[String]| list.iter().any(|u| u == unit);
    if stands_in(&units.persons) {
        UnitClass::Persons
    } else if stands_in(&units.records) {
        UnitClass::Records
    } else if stands_in(&units.organizations) {
        UnitClass::Organizations
    } else if stands_in(&units.households) {
        UnitClass::Households
    } else {
        UnitClass::Unknown
    }
}

fn significant_digits(value: u64) -> usize {
    value.to_string().trim_end_matches('0').len()
}

/// Whether `round` is `value` cut or rounded to fewer digits; of small figures nobody gives a round one.
fn rounds(round: u64, value: u64) -> bool {
    let near = round.abs_diff(value) <= value / 8;
    if !near || round < 100 || value < 100 || significant_digits(round) >= significant_digits(value) {
        return false;
    }
    let mut step = 10_u64;
    while step <= round {
        if round.is_multiple_of(step) {
            let down = value - value % step;
            if round == down || down.checked_add(step) == Some(round) {
                return true;
            }
        }
        match step.checked_mul(10) {
            Some(next) => step = next,
            None => return false,
        }
    }
    false
}
