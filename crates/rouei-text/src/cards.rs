//! Cards behind the story: boxes of one kind, each with the headline of another article and its day, without a link.

use crate::content::Marker;
use crate::furniture;
use crate::side::{Boxes, Tally};

/// So many make a row.
const ROW: usize = 3;
/// Runs of text before a list that may announce it.
const LAST: usize = 2;

impl Marker<'_, '_> {
    /// Drops rows of cards behind the child that holds the story, unless the story announces a list: then they may be
    /// what it tells of.
    pub(crate) fn drop_cards(&mut self, boxes: &Boxes<'_>, children: &[usize], story: usize) {
        let story_ends = self.page.nodes[story].end;
        let told = &boxes.segments[..boxes.segments.partition_point(|s| s.node < story_ends)];
        let headline = told.iter().filter(|s| self.is_in_headline(s.node));
        if told.iter().rev().take(LAST).chain(headline).any(|s| furniture::announces_list(&s.text)) {
            return;
        }
        let behind: Vec<usize> = children.iter().copied().filter(|&c| c > story && !self.holds_headline(c)).collect();
        let rows: Vec<usize> = behind
            .chunk_by(|&a, &b| self.alike(a, b))
            .filter(|row| row.len() >= ROW && row.iter().all(|&c| self.is_card(&boxes.tally(self, c), c)))
            .flatten()
            .copied()
            .collect();
        rows.into_iter().for_each(|card| self.drop(card));
    }

    fn is_in_headline(&self, at: usize) -> bool {
        self.headline.is_some_and(|h| h <= at && at < self.page.nodes[h].end)
    }

    fn is_card(&self, tally: &Tally, at: usize) -> bool {
        let silent = tally.said == 0 && tally.marks == 0 && tally.facts == 0;
        let laid_out = matches!(self.page.tag(at), "div" | "section" | "article" | "li" | "dl");
        laid_out && silent && tally.headlines == 1 && tally.dated + tally.metas >= 1
    }
}
