//! Which candidates are worth comparing: those with a name in common within the time that an incident is told of, or with a
//! distinctive headline in common too and within the time of follow-ups; and anonymised ones with such a figure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rouei_model::{OrganizationRole as Role, SourceTier};

use crate::{
    compare::{View, gap},
    figures,
    names::NameTable,
    rules::Rules,
};

/// A candidate with its day of notice; sorted, those without a day come first.
type Posting = (Option<Date>, usize);

/// Every pair worth comparing, the lesser number first, in order, each once.
pub(crate) fn find(rules: &Rules, names: &NameTable, views: &[View<'_>]) -> Vec<(usize, usize)> {
    let mut postings: Vec<Vec<Posting>> = vec![Vec::new(); names.len()];
    let mut told_again: BTreeMap<(usize, u64), Vec<Posting>> = BTreeMap::new();
    let mut nameless: BTreeMap<u64, Vec<Posting>> = BTreeMap::new();
    for (at, view) in views.iter().enumerate() {
        for (_, name, _) in &view.parties {
            if let Some(list) = postings.get_mut(*name) {
                list.push((view.notice, at));
            }
        }
        if let Some(headline) = &view.candidate.headline
            && figures::is_distinctive(headline)
        {
            nameless.entry(headline.value).or_default().push((view.notice, at));
            for (_, name, _) in &view.parties {
                told_again.entry((*name, headline.value)).or_default().push((view.notice, at));
            }
        }
    }
    for list in postings.iter_mut().chain(nameless.values_mut()).chain(told_again.values_mut()) {
        list.sort_unstable();
        list.dedup();
    }
    let mut found = Vec::new();
    let own_reach = |at: usize| views.get(at).map_or(0, |view| reach(rules, view));
    for list in told_again.values() {
        within_window(list, list, |_| rules.file.follow_up_window_days, &mut found);
    }
    for list in &postings {
        within_window(list, list, own_reach, &mut found);
    }
    for (a, b) in names.related() {
        if let (Some(x), Some(y)) = (postings.get(a), postings.get(b)) {
            within_window(x, y, own_reach, &mut found);
            within_window(y, x, own_reach, &mut found);
        }
    }
    let named = |at: &usize| views.get(*at).is_some_and(|v| v.of_role(&[Role::Victim]).next().is_some());
    for list in nameless.values().filter(|list| list.iter().any(|(_, at)| !named(at))) {
        let mut by_figure = Vec::new();
        within_window(list, list, |_| rules.file.anonymised_window_days, &mut by_figure);
        found.extend(by_figure.into_iter().filter(|(a, b)| !named(a) || !named(b)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Pairs each of `later` with what `earlier` holds before it, as many days back as it reaches; with what has no date always.
fn within_window(
    later: &[Posting],
    earlier: &[Posting],
    reach: impl Fn(usize) -> i64,
    found: &mut Vec<(usize, usize)>,
) {
    let undated = earlier.partition_point(|(date, _)| date.is_none());
    for (date, at) in later {
        let mut pair = |other: usize| {
            if other != *at {
                found.push((other.min(*at), other.max(*at)));
            }
        };
        match date {
            None => earlier.iter().for_each(|(_, other)| pair(*other)),
            Some(date) => {
                let reach = reach(*at);
                let end = earlier.partition_point(|(other, _)| other.is_none_or(|other| other <= *date));
                let dated = earlier.get(undated..end).unwrap_or_default().iter().rev();
                dated
                    .take_while(|(other, _)| other.is_some_and(|other| gap(other, *date) <= reach))
                    .for_each(|(_, other)| pair(*other));
                earlier.iter().take(undated).for_each(|(_, other)| pair(*other));
            }
        }
    }
}

fn reach(rules: &Rules, view: &View<'_>) -> i64 {
    if view.candidate.refers_back() {
        rules.file.follow_up_window_days
    } else if view.candidate.tier == SourceTier::Roundup {
        rules.file.roundup_window_days
    } else {
        rules.file.window_days
    }
}
