//! Whose notice it is, for names of every kind in every layout of a notice: `layouts.toml`.

#![allow(clippy::unwrap_used, missing_docs)]

use rouei_extract::Extractor;
use rouei_model::{Extraction, OrganizationRole};
use rouei_text::{Format, Hints};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layouts {
    least: f64,
    group: Vec<Group>,
    bodies: Bodies,
    layout: Vec<Layout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    us: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    ours: String,
    nobodys: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    id: String,
    text: String,
}

#[test]
fn a_notice_is_of_whom_its_layout_names() {
    let layouts: Layouts = toml::from_str(include_str!("layouts.toml")).unwrap();
    let extractor = Extractor::new().unwrap();
    let mut misses = Vec::new();
    let mut of = 0;
    for layout in &layouts.layout {
        for group in &layouts.group {
            let body = if group.us.is_empty() { &layouts.bodies.nobodys } else { &layouts.bodies.ours };
            let body = body.replace("{us}", &group.us);
            for name in &group.names {
                let text = layout.text.replace("{body}", &body).replace("{name}", name);
                let hints = Hints { format: Some(Format::Text), ..Hints::default() };
                let found = victims(&extractor.extract(&rouei_text::read(text.as_bytes(), &hints)));
                of += 1;
                if !found.iter().take(2).any(|victim| is_same(victim, name)) {
                    misses.push(format!("{}: {name}, got {found:?}", layout.id));
                }
            }
        }
    }
    let right = f64::from(of - u32::try_from(misses.len()).unwrap()) / f64::from(of);
    assert!(right >= layouts.least, "{right:.4} of {of} are right\n{}", misses.join("\n"));
}

/// The names of the victims; of all, where none is one.
fn victims(extraction: &Extraction) -> Vec<String> {
    let organizations: Vec<_> = extraction.disclosures.iter().flat_map(|d| &d.organizations).collect();
    let named = |role: Option<OrganizationRole>| -> Vec<String> {
        organizations.iter().filter(|o| role.is_none_or(|r| o.role == r)).map(|o| o.name.clone()).collect()
    };
    let victims = named(Some(OrganizationRole::Victim));
    if victims.is_empty() { named(None) } else { victims }
}

/// Legal forms and blanks aside, one is the other or a part of it.
fn is_same(found: &str, name: &str) -> bool {
    let plain = |s: &str| s.replace("株式会社", "").replace([' ', '㈱'], "");
    let (found, name) = (plain(found), plain(name));
    found.chars().count() >= 2 && (name.contains(&found) || found.contains(&name))
}
