//! What a change gained and lost, item by item.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Scores;
use super::scoring::{FIELDS, Mark};

/// The items of one field that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Wrong before, right now.
    pub gained: Vec<String>,
    /// Right before, wrong now.
    pub lost: Vec<String>,
}

/// The fields that changed, by name.
pub fn compare(old: &Scores, new: &Scores) -> BTreeMap<&'static str, Change> {
    let mut changes = BTreeMap::new();
    for field in FIELDS {
        let (old, new) = (by_item(&old.marks, field), by_item(&new.marks, field));
        let items: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        let mut change = Change::default();
        for item in items {
            match (standing(old.get(item), new.get(item)), standing(new.get(item), old.get(item))) {
                (Some(false), Some(true)) => change.gained.push(item.to_owned()),
                (Some(true), Some(false)) => change.lost.push(item.to_owned()),
                _ => {}
            }
        }
        if change != Change::default() {
            changes.insert(field, change);
        }
    }
    changes
}

fn by_item<'s>(marks: &'s [Mark], field: &str) -> BTreeMap<&'s str, &'s Mark> {
    marks.iter().filter(|m| m.field == field).map(|m| (m.item.as_str(), m)).collect()
}

/// Whether an item was right. A value that nobody wanted and that was not given is right; a check that did not apply
/// (the unit of a wrong figure) is neither.
fn standing(own: Option<&&Mark>, other: Option<&&Mark>) -> Option<bool> {
    match (own, other) {
        (Some(mark), _) => Some(mark.right),
        (None, Some(other)) if !other.wanted => Some(true),
        _ => None,
    }
}
