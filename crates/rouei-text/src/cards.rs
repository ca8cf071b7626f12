//! Cards behind the story: boxes of one kind, each with the headline of another article and its day, without a link.

use crate::content::Marker;
use crate::side::{Boxes, Tally};

/// So many make a row.
const ROW: usize = 3;

impl Marker<'_, '_> {
    /// Drops rows of cards behind the child that holds the story, unless the story announces a list: then they may be
    /// what it tells of.
    pub(crate) fn drop_cards(&mut self, boxes: &Boxes<'_>, children: &[usize], story: usize) {
        if self.announces_list(boxes, story) {
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

    fn is_card(&self, tally: &Tally, at: usize) -> bool {
        let silent = tally.is_silent();
        let laid_out = matches!(self.page.tag(at), "div" | "section" | "article" | "li" | "dl");
        laid_out && silent && tally.headlines == 1 && tally.dated + tally.metas >= 1
    }
}
