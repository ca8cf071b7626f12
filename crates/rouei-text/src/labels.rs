//! Small elements by themselves: headings of boxes, labels, stamps, and what weighs little beside facts.

use crate::content::Marker;
use crate::furniture;

impl Marker<'_, '_> {
    /// Whether a time beside no sentence has neither year nor day of the week.
    pub(crate) fn is_stamp(&self, at: usize) -> bool {
        let node = &self.page.nodes[at];
        if node.chars > 16 || self.page.nodes[node.parent].prose > 0 {
            return false;
        }
        let text = self.page.text(at, 100);
        let digits = text.split(|c: char| !c.is_numeric()).map(|d| d.chars().count());
        let day = text.contains(['月', '/', '.', '-']) && !text.contains(['年', '曜', '(', '（']);
        furniture::is_ago(&text) || day && digits.clone().all(|d| d <= 2) && !text.contains(['令', '平', 'R', 'H'])
    }

    /// Whether all that an element says is the name of a box of the site.
    pub(crate) fn heads_box(&self, at: usize) -> bool {
        let node = &self.page.nodes[at];
        (1..=50).contains(&node.chars) && node.end - at <= 40 && furniture::is_heading(&self.page.text(at, 400))
    }

    /// Whether an element is a small part of a page that had told something behind its headline before: of a notice in
    /// facts, names or figures alone, boxes of the site may say more in sentences than it does.
    pub(crate) fn is_beside_facts(&self, at: usize) -> bool {
        /// Characters outside links that a notice has at least.
        const TOLD: u32 = 60;
        /// Nodes behind the headline that are looked at.
        const VISITED: usize = 2048;
        let node = &self.page.nodes[at];
        let Some(headline) = self.headline.filter(|h| self.page.nodes[*h].end <= at) else { return false };
        if node.chars * 3 >= self.page.nodes[self.body].chars {
            return false;
        }
        // Told at once or not at all.
        let mut told = 0;
        let texts = (headline..at).take(VISITED).filter(|i| self.page.nodes[*i].node.is_text());
        for i in texts.filter(|i| self.page.nodes[*i].chars > 0 && !self.page.is_gone(*i)) {
            told += self.page.nodes[i].chars - self.page.nodes[i].linked;
            if told >= TOLD {
                return true;
            }
        }
        false
    }

    /// Whether an element says a word or two beside nothing that runs on: a category, who posted it.
    pub(crate) fn is_label(&self, at: usize) -> bool {
        let node = &self.page.nodes[at];
        node.chars <= 24 && node.prose == 0 && self.page.nodes[node.parent].prose == 0
    }
}
