//! A disclosure in one line, for rules, cases and properties:
//!
//! `id: tier [stage] [event] role=name[alias,alias] role=~description cause=code,code 23人 410件@2025-04-01 occurred=2025-04-01..2025-04-30
//! announced=… discovered=… published=… doc=…`
//!
//! The first figure is the headline, all are the ledger; `0人` is none and makes the rest a ledger without headline.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use jiff::civil::Date;
use rouei_link::{Candidate, Count, Incident, Party};
use rouei_model::{CauseCode, Event, OrganizationRole, SourceTier, Stage};

pub fn read(line: &str) -> Candidate {
    let (id, rest) = line.split_once(": ").unwrap_or_else(|| panic!("no id: {line}"));
    let mut c = Candidate {
        id: id.to_owned(),
        document: format!("doc-{id}"),
        url: None,
        parties: Vec::new(),
        causes: Vec::new(),
        headline: None,
        counts: Vec::new(),
        announced: None,
        occurred: None,
        discovered: None,
        published: None,
        event: Event::Incident,
        stage: Stage::First,
        tier: SourceTier::Official,
    };
    let mut figures = Vec::new();
    for word in rest.split_whitespace() {
        match word.split_once('=') {
            Some(("cause", codes)) => c.causes = codes.split(',').map(|k| CauseCode::from_code(k).unwrap()).collect(),
            Some(("doc", doc)) => c.document = doc.to_owned(),
            Some(("url", url)) => c.url = Some(url.to_owned()),
            Some(("announced", days)) => c.announced = Some(range(days)),
            Some(("occurred", days)) => c.occurred = Some(range(days)),
            Some(("discovered", days)) => c.discovered = Some(range(days)),
            Some(("published", day)) => c.published = Some(day.parse().unwrap()),
            Some((role, name)) => c.parties.push(party(role, name)),
            None if word.starts_with(|ch: char| ch.is_ascii_digit()) => figures.push(count(word)),
            None => {
                if let Some(tier) = SourceTier::from_code(word) {
                    c.tier = tier;
                } else if let Some(stage) = Stage::from_code(word) {
                    c.stage = stage;
                } else {
                    c.event = Event::from_code(word).unwrap_or_else(|| panic!("unknown word {word} in {line}"));
                }
            }
        }
    }
    c.headline = figures.first().filter(|f| f.value > 0).cloned();
    c.counts = figures.into_iter().filter(|f| f.value > 0).collect();
    c
}

/// The ids of each incident, joined by blanks, sorted.
pub fn partition(incidents: &[Incident]) -> Vec<String> {
    let mut groups: Vec<String> = incidents
        .iter()
        .map(|i| {
            let mut ids: Vec<&str> = i.members.iter().map(|m| m.id.as_str()).collect();
            ids.sort_unstable();
            ids.join(" ")
        })
        .collect();
    groups.sort();
    groups
}

fn party(role: &str, name: &str) -> Party {
    let role = OrganizationRole::from_code(role).unwrap_or_else(|| panic!("unknown key {role}"));
    let anonymised = name.starts_with('~');
    let name = name.trim_start_matches('~');
    let (name, aliases) = match name.strip_suffix(']').and_then(|n| n.split_once('[')) {
        Some((name, aliases)) => (name, aliases.split(',').map(str::to_owned).collect()),
        None => (name, Vec::new()),
    };
    Party { name: name.to_owned(), aliases, role, anonymised }
}

fn count(word: &str) -> Count {
    let (figure, as_of) = word.split_once('@').map_or((word, None), |(f, day)| (f, Some(day.parse().unwrap())));
    let end = figure.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(figure.len());
    Count { value: figure[..end].parse().unwrap(), unit: figure[end..].to_owned(), as_of }
}

fn range(days: &str) -> (Date, Date) {
    let (from, to) = days.split_once("..").unwrap_or((days, days));
    (from.parse().unwrap(), to.parse().unwrap())
}
