//! One incident or many: where a document's incidents stand.
//!
//! Structure speaks first (tables, key–value groups, entries of a ranking, list lines of name and figure), then
//! running text in which several organizations each have a figure of their own. Everything else is one incident.

mod entry;
mod group;
mod labels;
mod pairs;
mod table;

use std::ops::Range;

use crate::counts::CountFinding;
use crate::organizations::{OrganizationFinding, OrganizationLexicon, same_organization};
use crate::reading::Reading;

pub use labels::{label_of, Label};

/// The part of a document that tells of one incident.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Its sentences; several ranges where the document comes back to it.
    pub sentences: Vec<Range<usize>>,
    /// The organization that the structure names.
    pub lead: Option<OrganizationFinding>,
    /// What made it an incident.
    pub shape: Shape,
    /// Counts of the document that are its own where one sentence holds those of several; none: all in its sentences.
    pub counts: Option<Vec<usize>>,
    /// The date of the report, where the address of an entry carries it.
    pub reported: Option<jiff::civil::Date>,
}

/// What made an incident of its sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The whole document.
    Whole,
    /// A row of a table.
    Row,
    /// A group of keys and values.
    Group,
    /// A headline with its figures or its address.
    Entry,
    /// A line of name and figure.
    Line,
    /// A clause of running text.
    Clause,
    /// What a document of several says outside them.
    Rest,
}

/// Cuts a document into its incidents; one whole where it tells of one.
#[must_use]
pub fn split(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    let mut found = table::rows(reading, lexicon);
    found.extend(group::groups(reading, lexicon));
    found.extend(entry::entries(reading, organizations));
    let structural = distinct(&found);
    if structural < 2 {
        found = entry::lines(reading, organizations, counts);
        if distinct(&found) < 2 {
            found = pairs::clauses(reading, organizations, counts);
        }
        if distinct(&found) < 2 {
            return vec![whole(reading)];
        }
        return merge(found);
    }
    // The running text around the structure may tell of one more incident, or more of those.
    found.extend(pairs::mentions(reading, organizations, counts, &found));
    merge(found)
}

fn whole(reading: &Reading) -> Incident {
    let all: Range<usize> = 0..reading.sentences.len();
    Incident { sentences: vec![all], lead: None, shape: Shape::Whole, counts: None, reported: None }
}

fn distinct(incidents: &[Incident]) -> usize {
    let mut names: Vec<&str> = Vec::new();
    let mut anonymous = 0;
    for incident in incidents {
        match &incident.lead {
            Some(lead) if lead.mention == crate::organizations::Mention::Anonymised => anonymous += 1,
            Some(lead) if !names.iter().any(|n| same_organization(n, &lead.name)) => names.push(&lead.name),
            _ => {}
        }
    }
    names.len() + anonymous
}

/// Puts together what tells of the same organization, except rows and groups, which are cases of their own.
fn merge(found: Vec<Incident>) -> Vec<Incident> {
    let mut merged: Vec<Incident> = Vec::new();
    for incident in found {
        let own_case = |i: &Incident| matches!(i.shape, Shape::Row | Shape::Group);
        let same = merged.iter_mut().find(|m| {
            !(own_case(m) && own_case(&incident))
                && match (&m.lead, &incident.lead) {
                    (Some(a), Some(b)) => same_organization(&a.name, &b.name),
                    _ => false,
                }
        });
        match same {
            Some(known) => {
                known.sentences.extend(incident.sentences);
                known.reported = known.reported.or(incident.reported);
                known.counts = match (known.counts.take(), incident.counts) {
                    (Some(mut a), Some(b)) => {
                        a.extend(b);
                        Some(a)
                    }
                    _ => None,
                };
                if incident.shape == Shape::Entry || incident.shape == Shape::Row {
                    known.shape = incident.shape;
                }
            }
            None => merged.push(incident),
        }
    }
    merged.retain(|i| i.lead.is_some());
    merged.sort_by_key(|i| i.sentences.iter().map(|r| r.start).min());
    merged
}
