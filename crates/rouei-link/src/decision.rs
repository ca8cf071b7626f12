//! A person's word on what belongs together.

use std::collections::BTreeMap;

use crate::{candidate::Candidate, partition::Partition};

/// A decision on two disclosures, by their ids. Of a list, the later one wins over the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They tell of one incident.
    Merge(String, String),
    /// They do not.
    Split(String, String),
}

impl Decision {
    fn ids(&self) -> (&str, &str) {
        match self {
            Self::Merge(a, b) | Self::Split(a, b) => (a, b),
        }
    }
}

/// Why a decision had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unheeded {
    /// It names a disclosure that is not among the candidates.
    UnknownDisclosure,
    /// It names one disclosure twice.
    OneDisclosure,
    /// Later decisions say otherwise, by themselves or together.
    Overruled,
}

/// The decisions that have no effect: place in the list and reason. [`crate::link`] passes over them.
#[must_use]
pub fn unheeded(candidates: &[Candidate], decisions: &[Decision]) -> Vec<(usize, Unheeded)> {
    let mut ids: Vec<&str> = candidates.iter().map(|c| c.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    Word::of(&ids, decisions).unheeded
}

/// Decisions that agree with each other, by numbers of candidates.
pub(crate) struct Word {
    pub(crate) merges: Vec<(usize, usize)>,
    pub(crate) splits: Vec<(usize, usize)>,
    unheeded: Vec<(usize, Unheeded)>,
}

impl Word {
    /// `ids` holds each id once.
    pub(crate) fn of(ids: &[&str], decisions: &[Decision]) -> Self {
        let numbers: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut word = Self { merges: Vec::new(), splits: Vec::new(), unheeded: Vec::new() };
        let mut together = Partition::new(ids.len());
        for (place, decision) in decisions.iter().enumerate().rev() {
            let (a, b) = decision.ids();
            let reason = match (numbers.get(a), numbers.get(b)) {
                (Some(a), Some(b)) if a == b => Some(Unheeded::OneDisclosure),
                (Some(&a), Some(&b)) => word.accept(decision, a, b, &mut together),
                _ => Some(Unheeded::UnknownDisclosure),
            };
            word.unheeded.extend(reason.map(|reason| (place, reason)));
        }
        word.unheeded.sort_unstable();
        word
    }

    /// Whether a split stands between two groups.
    pub(crate) fn separates(&self, groups: &Partition, a: usize, b: usize) -> bool {
        let (a, b) = (groups.group(a), groups.group(b));
        self.splits.iter().any(|(x, y)| {
            let pair = (groups.group(*x), groups.group(*y));
            pair == (a, b) || pair == (b, a)
        })
    }

    fn accept(&mut self, decision: &Decision, a: usize, b: usize, together: &mut Partition) -> Option<Unheeded> {
        match decision {
            Decision::Split(..) if together.group(a) == together.group(b) => Some(Unheeded::Overruled),
            Decision::Split(..) => {
                self.splits.push((a, b));
                None
            }
            Decision::Merge(..) if self.separates(together, a, b) => Some(Unheeded::Overruled),
            Decision::Merge(..) => {
                together.join(a, b);
                self.merges.push((a, b));
                None
            }
        }
    }
}
