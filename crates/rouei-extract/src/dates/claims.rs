//! Which findings of a moment lead.

use rouei_model::{DateKind, DatePrecision};

use super::DateFinding;

/// The date claims of one incident: indices of `findings`, the best of each kind first, further ones behind.
///
/// Rejected findings and those without a kind are left out.
#[must_use]
pub fn claims(findings: &[DateFinding]) -> Vec<usize> {
    let mut best = Vec::new();
    let mut rest: Vec<usize> = Vec::new();
    for &kind in DateKind::ALL {
        let mut of_kind: Vec<usize> =
            (0..findings.len()).filter(|&i| findings[i].kind == Some(kind) && findings[i].rejected.is_none()).collect();
        of_kind.sort_by(|&a, &b| rank(&findings[a]).total_cmp(&rank(&findings[b])).then(order(kind, findings, a, b)));
        of_kind.dedup_by(|a, b| findings[*a].from.is_some() && same_days(&findings[*a], &findings[*b]));
        if kind == DateKind::Occurred {
            longer_first(&mut of_kind, findings);
        }
        best.extend(of_kind.first());
        rest.extend(of_kind.iter().skip(1));
    }
    best.extend(rest);
    best
}

/// 6月23日から…, and further down 6月23日~6月25日: the stretch that begins on the same day says more.
fn longer_first(of_kind: &mut [usize], findings: &[DateFinding]) {
    let Some(first) = of_kind.first().map(|&i| &findings[i]).filter(|f| f.to.is_none() || f.from == f.to) else {
        return;
    };
    let longer = |&i: &usize| {
        let f = &findings[i];
        let same = f.from.is_some() && f.from == first.from && f.precision == first.precision && !f.doubtful;
        same && f.weight >= first.weight.min(0.68) && f.to > first.to
    };
    if let Some(at) = of_kind.iter().position(longer) {
        of_kind[..=at].rotate_right(1);
    }
}

fn same_days(a: &DateFinding, b: &DateFinding) -> bool {
    (a.from, a.to, a.precision) == (b.from, b.to, b.precision)
}

/// Smaller is better.
fn rank(finding: &DateFinding) -> f64 {
    // Words for a discovery differ little in confidence, and then the earliest is the one; so steps, not shades.
    let mut rank = match finding.weight {
        c if finding.kind == Some(DateKind::Occurred) && (0.72..0.83).contains(&c) => -0.8,
        c if finding.kind != Some(DateKind::Discovered) => -c,
        // A label (発覚日) says what clauses only suggest.
        c if c >= 0.9 => -0.9,
        c if c >= 0.78 => -0.8,
        c if c >= 0.6 => -0.7,
        c => -c,
    };
    if finding.from.is_none() {
        rank += 1.0;
    }
    if finding.doubtful {
        rank += 0.5;
    }
    if finding.precision != DatePrecision::Day {
        rank += 0.3;
    }
    rank
}

fn order(kind: DateKind, findings: &[DateFinding], a: usize, b: usize) -> std::cmp::Ordering {
    match kind {
        DateKind::Discovered => findings[a].from.cmp(&findings[b].from).then(a.cmp(&b)),
        _ => a.cmp(&b),
    }
}
