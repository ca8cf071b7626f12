//! Groups of short candidates and the incidents that they must become.

#![allow(clippy::unwrap_used)]

mod common;

use rouei_link::{Decision, Rules, link, unheeded};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    candidates: Vec<String>,
    #[serde(default)]
    decisions: Vec<String>,
    incidents: Vec<String>,
    /// Leads, sorted.
    lead: Option<Vec<String>>,
    figures: Option<Vec<String>>,
    parts: Option<Vec<String>>,
    #[serde(default)]
    unheeded: Vec<String>,
}

#[test]
fn candidates_become_the_expected_incidents() {
    let rules = Rules::built_in().unwrap();
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    assert!(cases.case.len() >= 40);
    let wrong: Vec<String> = cases.case.iter().filter_map(|case| check(&rules, case).err()).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(rules: &Rules, case: &Case) -> Result<(), String> {
    let candidates: Vec<_> = case.candidates.iter().map(|line| common::read(line)).collect();
    let decisions: Vec<_> = case.decisions.iter().map(|line| decision(line)).collect();
    let incidents = link(rules, &candidates, &decisions);
    let same = |what: &str, found: Vec<String>, expected: &[String]| {
        if found == expected { Ok(()) } else { Err(format!("{}: {what} {found:?}, not {expected:?}", case.name)) }
    };
    same("incidents", common::partition(&incidents), &case.incidents)?;
    if let Some(expected) = &case.lead {
        let mut leads: Vec<String> = incidents.iter().map(|i| i.lead.clone()).collect();
        leads.sort();
        same("lead", leads, expected)?;
    }
    if let Some(expected) = &case.figures {
        let figure = |f: &rouei_link::Figure| {
            format!("{} {}{} {}", f.disclosure, f.value, f.unit, f.as_of.map_or("-".to_owned(), |d| d.to_string()))
        };
        same("figures", incidents.iter().flat_map(|i| &i.figures).map(figure).collect(), expected)?;
    }
    if let Some(expected) = &case.parts {
        let part = |p: &rouei_link::Part| format!("{}: {}", p.organization, p.members.join(" "));
        same("parts", incidents.iter().flat_map(|i| &i.parts).map(part).collect(), expected)?;
    }
    let ignored = unheeded(&candidates, &decisions);
    same("unheeded", ignored.iter().map(|(at, why)| format!("{at} {why:?}")).collect(), &case.unheeded)
}

fn decision(line: &str) -> Decision {
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["merge", a, b] => Decision::Merge(a.to_owned(), b.to_owned()),
        ["split", a, b] => Decision::Split(a.to_owned(), b.to_owned()),
        _ => panic!("no decision: {line}"),
    }
}
