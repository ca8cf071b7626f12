//! What holds of any candidates and decisions.

#![allow(clippy::unwrap_used)]

mod common;

use proptest::prelude::*;
use rouei_link::{Candidate, Decision, Incident, Relation, Rules, compare, link, unheeded};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_candidates_means_nothing(
        (given, shuffled) in candidates().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle())),
    ) {
        let rules = Rules::built_in().unwrap();
        let first = link(&rules, &given, &[]);
        prop_assert_eq!(&first, &link(&rules, &given, &[]));
        prop_assert_eq!(&first, &link(&rules, &shuffled, &[]));
    }

    #[test]
    fn every_candidate_is_in_exactly_one_incident((given, decisions) in decided()) {
        let rules = Rules::built_in().unwrap();
        let incidents = link(&rules, &given, &decisions);
        let mut members: Vec<&str> = incidents.iter().flat_map(|i| &i.members).map(|m| m.id.as_str()).collect();
        members.sort_unstable();
        let mut expected: Vec<&str> = given.iter().map(|c| c.id.as_str()).collect();
        expected.sort_unstable();
        prop_assert_eq!(members, expected);
        let mut ids: Vec<&str> = incidents.iter().map(|i| i.id.as_str()).collect();
        ids.dedup();
        prop_assert_eq!(ids.len(), incidents.len());
        for incident in &incidents {
            prop_assert!(incident.members.iter().any(|m| m.id == incident.lead));
            prop_assert!(incident.members.iter().all(|m| (0.5..=1.0).contains(&m.score)));
            prop_assert!(incident.members.len() == 1 || incident.members.iter().all(|m| !m.reasons.is_empty()));
        }
    }

    #[test]
    fn no_two_members_contradict_each_other(given in candidates()) {
        let rules = Rules::built_in().unwrap();
        for incident in link(&rules, &given, &[]).iter().filter(|i| i.parts.is_empty()) {
            let members: Vec<&Candidate> =
                given.iter().filter(|c| incident.members.iter().any(|m| m.id == c.id)).collect();
            for (at, a) in members.iter().enumerate() {
                for b in &members[..at] {
                    let found = compare(&rules, a, b);
                    let apart = found.relation == Relation::Same && !found.contradictions.is_empty();
                    prop_assert!(!apart, "{a:?}\n{b:?}\n{found:?}");
                }
            }
        }
    }

    #[test]
    fn decisions_win((given, decisions) in decided()) {
        let rules = Rules::built_in().unwrap();
        let incidents = link(&rules, &given, &decisions);
        let ignored = unheeded(&given, &decisions);
        for (at, decision) in decisions.iter().enumerate().filter(|(at, _)| ignored.iter().all(|(i, _)| i != at)) {
            match decision {
                Decision::Merge(a, b) => prop_assert!(together(&incidents, a, b), "{at}: {decision:?} {incidents:?}"),
                Decision::Split(a, b) => prop_assert!(!together(&incidents, a, b), "{at}: {decision:?} {incidents:?}"),
            }
        }
        if let Some(last) = decisions.len().checked_sub(1) {
            prop_assert!(ignored.iter().all(|(at, why)| *at != last || *why != rouei_link::Unheeded::Overruled));
        }
    }

    #[test]
    fn a_split_after_a_merge_restores(given in candidates(), a in 0..12_usize, b in 0..12_usize) {
        let rules = Rules::built_in().unwrap();
        let before = link(&rules, &given, &[]);
        let (a, b) = (given[a % given.len()].id.clone(), given[b % given.len()].id.clone());
        if !together(&before, &a, &b) {
            let word = [Decision::Merge(a.clone(), b.clone()), Decision::Split(a, b)];
            prop_assert_eq!(before, link(&rules, &given, &word));
        }
    }
}

fn together(incidents: &[Incident], a: &str, b: &str) -> bool {
    incidents.iter().any(|i| [a, b].iter().all(|id| i.members.iter().any(|m| m.id == *id)))
}

/// Few names, days and figures, so that much agrees and much contradicts.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let line = (
        prop::sample::select(vec!["official", "press", "repost", "roundup"]),
        prop::sample::select(vec!["", "follow_up", "final"]),
        prop::sample::select(vec![
            "victim=みぎわ市",
            "victim=千葉県みぎわ市",
            "victim=みぎわ市教委",
            "victim=こもれび市 contractor=なぎさ印刷",
            "victim=みぎわ市 contractor=なぎさ印刷",
            "victim=なぎさ印刷",
            "victim=~大手印刷会社",
            "victim=みぎわ市 victim=こもれび市",
        ]),
        prop::sample::select(vec!["", "cause=loss", "cause=ransomware", "cause=unauthorized_access", "cause=unknown"]),
        prop::sample::select(vec!["", "1人", "23人", "1234人", "1200人 1234件", "311人 1234人"]),
        prop::sample::select(vec!["", "occurred=2025-04-01", "occurred=2025-04-05", "occurred=2025-04-01..2025-04-30"]),
        0..200_i32,
        0..6_u8,
    );
    prop::collection::vec(line, 1..13).prop_map(|lines| {
        let line = |(at, (tier, stage, names, cause, figures, occurred, day, doc)): (usize, _)| {
            let day: i32 = day;
            let doc: u8 = doc;
            let announced = jiff::civil::date(2025, 3, 1) + jiff::ToSpan::days(day / 2);
            let doc = if doc == 0 { "doc=shared" } else { "" };
            common::read(&format!(
                "c{at}: {tier} {stage} {names} {cause} {figures} {occurred} announced={announced} {doc}"
            ))
        };
        lines.into_iter().enumerate().map(line).collect()
    })
}

fn decided() -> impl Strategy<Value = (Vec<Candidate>, Vec<Decision>)> {
    let decision = (any::<bool>(), 0..13_usize, 0..13_usize).prop_map(|(merge, a, b)| {
        let (a, b) = (format!("c{a}"), format!("c{b}"));
        if merge { Decision::Merge(a, b) } else { Decision::Split(a, b) }
    });
    (candidates(), prop::collection::vec(decision, 0..6))
}
