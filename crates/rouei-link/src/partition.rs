//! Disjoint groups that know their members.

use std::mem;

#[derive(Clone)]
pub(crate) struct Partition {
    group: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Partition {
    /// `size` numbers, each a group by itself.
    pub(crate) fn new(size: usize) -> Self {
        Self { group: (0..size).collect(), members: (0..size).map(|n| vec![n]).collect() }
    }

    /// The group of a number below the size.
    pub(crate) fn group(&self, number: usize) -> usize {
        self.group[number]
    }

    /// Everybody in the group of a number.
    pub(crate) fn members(&self, number: usize) -> &[usize] {
        &self.members[self.group[number]]
    }

    /// Joins two groups; the smaller one moves, so that n joins move at most n log n numbers.
    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (mut kept, mut moved) = (self.group[a], self.group[b]);
        if kept == moved {
            return;
        }
        if self.members[kept].len() < self.members[moved].len() {
            mem::swap(&mut kept, &mut moved);
        }
        let moving = mem::take(&mut self.members[moved]);
        for number in &moving {
            self.group[*number] = kept;
        }
        self.members[kept].extend(moving);
    }

    /// The groups, each sorted, in the order of their least member.
    pub(crate) fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = self.members.iter().filter(|m| !m.is_empty()).cloned().collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }
}
