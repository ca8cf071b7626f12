//! Links that hold more than a line: a headline with its first words, a picture, a day. They are cards of other articles,
//! wherever they stand.

use crate::content::Marker;
use crate::furniture;
use crate::side::STORY;

/// Characters of a headline at least.
pub(crate) const HEADLINE: u32 = 10;

/// Characters of a line that stands over a list at most.
const HEADING: u32 = 30;

impl Marker<'_, '_> {
    /// Drops links in whose element something is laid out, where the page says more outside them; of a page that is an index of
    /// such links, they are the content.
    pub(crate) fn drop_linked_cards(&mut self) {
        if self.prose(self.body) < STORY {
            return;
        }
        let most = self.page.nodes[self.body].chars / 2;
        let mut cards = Vec::new();
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            let card = !node.dropped && node.chars <= most && !self.holds_headline(at) && self.is_linked_card(at);
            if card {
                cards.push(at);
            }
            at = if card || node.dropped { node.end } else { at + 1 };
        }
        let carried: u32 = cards.iter().map(|&c| self.page.nodes[c].chars).sum();
        if carried <= most {
            cards.into_iter().for_each(|card| self.drop(card));
        }
    }

    /// Drops lists of nothing but what a page can be shared with: Facebook, X, LINE.
    pub(crate) fn drop_share_lists(&mut self) {
        /// Characters of such a list at most.
        const MOST: u32 = 100;
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            let end = node.end;
            let list = matches!(self.page.tag(at), "ul" | "ol" | "div" | "p" | "nav" | "section");
            if !node.dropped && list && (2..=MOST).contains(&node.chars) && !self.holds_headline(at) {
                let texts =
                    (at + 1..end).filter(|&i| self.page.nodes[i].chars > 0 && self.page.nodes[i].node.is_text());
                let mut names =
                    texts.filter(|&i| !self.page.is_gone(i)).map(|i| furniture::is_share(&self.page.text(i, 60)));
                if names.clone().count() >= 2 && names.all(|is_one| is_one) {
                    self.drop(at);
                    at = end;
                    continue;
                }
            }
            at = if node.dropped { end } else { at + 1 };
        }
    }

    /// Drops lists of linked headlines with nothing beside them but their days, behind a story, unless it announces a list.
    pub(crate) fn drop_linked_lists(&mut self) {
        let begins = self.headline.map_or(self.body + 1, |h| self.page.nodes[h].end);
        let mut told = 0;
        let mut said = String::new();
        let mut at = begins;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            if node.node.is_text() {
                told += node.prose;
                if node.prose > 0 {
                    said = self.page.text(at, 400);
                }
            } else if told >= STORY * 2 && self.is_linked_list(at) {
                if !furniture::announces_list(&said) && !self.headline_announces_list() {
                    self.drop_with_heading(at);
                }
                at = self.page.nodes[at].end;
                continue;
            }
            at += 1;
        }
    }

    /// Whether the headline says that a list of cases comes below it.
    pub(crate) fn headline_announces_list(&self) -> bool {
        self.headline.is_some_and(|h| furniture::announces_list(&self.page.text(h, 400)))
    }

    /// Whether an element holds at least two links as long as a headline, and outside them nothing but days, ranks, marks and one
    /// line over them.
    fn is_linked_list(&self, at: usize) -> bool {
        let node = &self.page.nodes[at];
        let boxed = matches!(self.page.tag(at), "div" | "section" | "aside" | "p");
        let list = boxed || matches!(self.page.tag(at), "ul" | "ol" | "dl" | "table");
        if !list || node.links == 0 || node.linked < HEADLINE * node.links || node.linked * 2 < node.chars {
            return false;
        }
        let texts =
            || (at + 1..node.end).filter(|&i| self.page.nodes[i].node.is_text() && self.page.nodes[i].chars > 0);
        let first = texts().next();
        // ▼あわせて読みたい over one headline, between the paragraphs.
        let named = first.is_some_and(|f| {
            let text = &self.page.nodes[f];
            text.linked == 0 && text.chars <= HEADING && furniture::is_heading_behind(&self.page.text(f, 200))
        });
        let mut beside = texts().filter(|&i| self.page.nodes[i].linked == 0 && !self.page.is_gone(i));
        (node.links >= 2 || named)
            && beside.all(|i| {
                let text = &self.page.nodes[i];
                let heads = boxed && Some(i) == first && text.chars <= HEADING && text.prose == 0;
                heads || text.chars <= 3 || text.chars <= 24 && furniture::is_date(&self.page.text(i, 100))
            })
    }

    /// Drops a list with the line that stands over it and nothing else.
    fn drop_with_heading(&mut self, at: usize) {
        let heading = self.page.nodes[at].previous;
        let before = std::iter::successors(Some(heading), |&p| Some(self.page.nodes[p].previous).filter(|&p| p > 0));
        let heading = before.take(8).find(|&p| p > 0 && self.page.nodes[p].chars > 0);
        if let Some(heading) = heading.filter(|&h| {
            let node = &self.page.nodes[h];
            node.chars <= HEADING && node.prose == 0 && !node.node.is_text() && !self.holds_headline(h)
        }) {
            self.drop(heading);
        }
        self.drop(at);
    }

    /// Whether a link lays out what it shows: a heading with something beside it, or several boxes.
    fn is_linked_card(&self, at: usize) -> bool {
        let link = self.page.element(at).is_some_and(|e| e.name() == "a" && e.attr("href").is_some());
        if !link {
            return false;
        }
        let laid_out = |i: &usize| {
            let tag = self.page.tag(*i);
            let block =
                matches!(tag, "p" | "div" | "section" | "article" | "figure" | "h2" | "h3" | "h4" | "h5" | "h6");
            block && self.page.nodes[*i].chars > 0
        };
        (at + 1..self.page.nodes[at].end).filter(laid_out).take(2).count() == 2
    }
}
