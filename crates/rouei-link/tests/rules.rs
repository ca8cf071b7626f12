//! Every rule and every name entry does what its examples say, and not what its counterexamples say.

#![allow(clippy::unwrap_used)]

mod common;

use rouei_link::{Rule, Rules, RulesError, compare, relate};

#[test]
fn rules_apply_to_their_examples_only() {
    let rules = Rules::built_in().unwrap();
    let mut wrong = Vec::new();
    for entry in rules.entries() {
        assert!(entry.id == Rule::Decided || !entry.examples.is_empty(), "{} has no example", entry.id.id());
        assert_eq!(entry.contradiction, entry.weight == 0.0 && CONTRADICTIONS.contains(&entry.id), "{}", entry.id.id());
        for (pairs, expected) in [(&entry.examples, true), (&entry.counterexamples, false)] {
            for [a, b] in pairs {
                let found = applies(&rules, entry.id, a, b);
                if found != expected || found != applies(&rules, entry.id, b, a) {
                    wrong.push(format!("{} should be {expected}: {a} | {b}", entry.id.id()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_agree_as_their_examples_say() {
    let rules = Rules::built_in().unwrap();
    let mut wrong = Vec::new();
    for (entry, examples) in rules.name_examples() {
        for (pairs, expected) in [(&examples.examples, true), (&examples.counterexamples, false)] {
            for [a, b] in pairs {
                let (forth, back) = (relate(&rules, a, b), relate(&rules, b, a));
                if forth.is_some() != expected || forth != back {
                    wrong.push(format!("names.{entry} should be {expected}: {a} | {b}: {forth:?} {back:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_broken_rules_file_is_named_with_the_place() {
    let shipped = include_str!("../src/rules.toml");
    let message = |text: &str| Rules::parse(text, "mine.toml").unwrap_err().to_string();
    let unknown = message(&shipped.replace("\nveto = ", "\nvetto = "));
    assert!(unknown.starts_with("mine.toml: ") && unknown.contains("vetto") && unknown.contains("line"), "{unknown}");
    let misspelt = message(&shipped.replace("id = \"same_cause\"", "id = \"same_clause\""));
    assert!(misspelt.contains("same_clause"), "{misspelt}");
    let twice = Rules::parse(&shipped.replace("id = \"same_cause\"", "id = \"other_cause\""), "mine.toml").unwrap_err();
    assert!(matches!(twice, RulesError::Rule { rule: "other_cause", .. }), "{twice}");
    let infinite = shipped.replacen("weight = 2.0", "weight = inf", 1);
    assert!(matches!(Rules::parse(&infinite, "mine.toml"), Err(RulesError::Rule { rule: "same_name", .. })));
}

const CONTRADICTIONS: [Rule; 4] =
    [Rule::SameDocument, Rule::DifferentVictims, Rule::DifferentDays, Rule::DifferentFirstNotices];

fn applies(rules: &Rules, rule: Rule, a: &str, b: &str) -> bool {
    let found = compare(rules, &common::read(a), &common::read(b));
    found.reasons.iter().any(|r| r.rule == rule) || found.contradictions.contains(&rule)
}
