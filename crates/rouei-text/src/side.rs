//! Boxes beside the story: the step of [`crate::content::mark`] that needs neither names nor links. The story is where
//! the sentences are; what lies behind its end in boxes of their own, and reads as a row of headlines, is of the site.

use crate::content::{Marker, names};
use crate::furniture;
use crate::segments::{Kind, Segment, segments};

/// Wrappers within wrappers beyond this are no page layout.
const MAX_LEVELS: usize = 64;
/// A story says at least so much before what follows can be called its end.
const STORY: u32 = 30;

/// What a box holds.
#[derive(Default)]
struct Tally {
    /// Runs of text.
    all: u32,
    /// Characters in sentences outside links.
    said: u32,
    headlines: u32,
    /// Headlines that are links.
    linked: u32,
    /// Days and times, alone or beside a headline.
    dated: u32,
    shorts: u32,
    short_links: u32,
    facts: u32,
    marks: u32,
    metas: u32,
    /// Whether its first text names a box of the site.
    named: bool,
}

impl Marker<'_, '_> {
    /// Drops the boxes before and behind the story.
    pub(crate) fn drop_side(&mut self) {
        let segments = segments(self.page, self.body);
        self.drop_replies(&segments);
        let mut said = vec![0_u32];
        for segment in &segments {
            let own = if segment.kind == Kind::Sentence && !segment.is_link() { segment.chars } else { 0 };
            said.push(said.last().copied().unwrap_or(0) + own);
        }
        let boxes = Boxes { segments: &segments, said };
        let mut at = self.body;
        for _ in 0..MAX_LEVELS {
            let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
            let headline = self.headline.unwrap_or(0);
            let heavy = children
                .iter()
                .copied()
                .filter(|&c| self.page.nodes[c].end > headline)
                .max_by_key(|&c| (boxes.said(self, c), std::cmp::Reverse(c)));
            let Some(mut heavy) = heavy else { return };
            if let Some(own) = children.iter().copied().find(|&c| self.holds_headline(c))
                && self.drop_other_articles(&boxes, own, &children)
            {
                heavy = own;
            }
            let weight = boxes.said(self, heavy);
            let paragraph = boxes.range(self, heavy).len() <= 1
                && children.iter().any(|&c| c != heavy && self.alike(c, heavy))
                && self.page.tag(heavy) != "td";
            let inside = weight < STORY
                || paragraph
                || weight * 10 < boxes.said(self, at) * 7
                || !is_wrapper(self.page.tag(heavy));
            if inside {
                self.drop_tail(&boxes, &children);
                return;
            }
            self.drop_beside(&boxes, &children, heavy);
            at = heavy;
        }
    }

    /// Boxes around the one that holds the story.
    fn drop_beside(&mut self, boxes: &Boxes<'_>, children: &[usize], heavy: usize) {
        let mut following = false;
        for &child in children {
            if child == heavy || self.holds_headline(child) || self.page.nodes[child].dropped {
                following = false;
                continue;
            }
            let tally = boxes.tally(self, child);
            let goes = if child < heavy {
                self.headline.is_some_and(|h| child < h) && self.is_head_matter(&tally, child)
                    || self.headline.is_none() && self.is_head_matter(&tally, child)
            } else if following && tally.said == 0 && tally.marks == 0 && tally.facts == 0 {
                true
            } else {
                following = false;
                self.is_tail_matter(boxes, &tally, child, heavy, false)
            };
            if goes {
                // A heading alone takes what follows it.
                following |= tally.named && child > heavy;
                self.drop(child);
            }
        }
    }

    /// What stands behind the last sentence in the box that holds the story itself.
    fn drop_tail(&mut self, boxes: &Boxes<'_>, children: &[usize]) {
        let told = |m: &Self, c: usize| {
            let tally = boxes.tally(m, c);
            tally.said > 0 && !tally.named && !m.is_teasers(c)
        };
        let Some(last) = children.iter().rposition(|&c| told(self, c)) else { return };
        let story: u32 = children[..=last].iter().map(|&c| boxes.said(self, c)).sum();
        if story < STORY {
            return;
        }
        let mut following = false;
        for &child in &children[last + 1..] {
            if self.holds_headline(child) {
                following = false;
                continue;
            }
            let tally = boxes.tally(self, child);
            let goes = if following && tally.said == 0 && tally.marks == 0 && tally.facts == 0 {
                true
            } else {
                following = false;
                self.is_tail_matter(boxes, &tally, child, children[last], true)
            };
            if goes {
                following |= tally.named;
                self.drop(child);
            }
        }
    }

    /// Whether a box before the headline is a menu, a counter, a list of topics.
    fn is_head_matter(&self, tally: &Tally, at: usize) -> bool {
        if tally.said > 0 || tally.marks > 0 || tally.facts > 0 {
            return false;
        }
        let links = self.page.nodes[at].links;
        links >= 2 && self.page.link_density(at) >= 0.5
            || tally.headlines > 0 && (links >= 1 || tally.metas >= 1)
            || tally.headlines == 0 && tally.dated == 0 && tally.shorts >= 4
    }

    /// Whether a box behind the story is of the site.
    fn is_tail_matter(&self, boxes: &Boxes<'_>, tally: &Tally, at: usize, story: usize, inside: bool) -> bool {
        let told = boxes.said(self, story).max(STORY);
        if tally.named && tally.marks == 0 && tally.said < told {
            return true;
        }
        if tally.said > 0 {
            return told >= 60 && self.is_teasers(at);
        }
        if tally.marks > 0 || tally.facts > 0 || tally.headlines < 2 {
            return tally.headlines == 0 && tally.facts == 0 && tally.marks == 0 && tally.short_links >= 3;
        }
        let alike = !inside
            && !self.alike(at, story)
            && !matches!(self.page.tag(at), "ul" | "ol" | "dl" | "table" | "p")
            && self.has_rows(boxes, at);
        let columns = self.page.tag(at) == "td" && tally.headlines >= 2;
        tally.linked == tally.headlines || tally.dated >= tally.headlines.max(2) || alike || columns
    }

    /// Whether a box is a row of at least three elements of one kind with a headline each.
    fn has_rows(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let mut row = at;
        for _ in 0..6 {
            let children: Vec<usize> = self.page.children(row).filter(|c| self.page.nodes[*c].chars > 0).collect();
            let rows = children.windows(2).filter(|w| self.alike(w[0], w[1])).count() + 1;
            let headed = |c: usize| boxes.tally(self, c).headlines == 1;
            if rows >= 3 {
                return children.iter().filter(|c| headed(**c)).count() >= 3;
            }
            match children.as_slice() {
                [only] => row = *only,
                [.., list] if self.page.nodes[*list].chars * 3 > self.page.nodes[row].chars * 2 => row = *list,
                _ => return false,
            }
        }
        false
    }

    /// Same element, same names.
    fn alike(&self, a: usize, b: usize) -> bool {
        self.page.tag(a) == self.page.tag(b) && names(self.page, a) == names(self.page, b)
    }

    /// Further articles under the first: elements like the one that holds the headline, each with a headline of its own.
    fn drop_other_articles(&mut self, boxes: &Boxes<'_>, own: usize, children: &[usize]) -> bool {
        let Some(headline) = self.headline else { return false };
        let tag = self.page.tag(headline);
        if !matches!(tag, "h1" | "h2" | "h3") || own == headline || boxes.said(self, own) < STORY {
            return false;
        }
        let class = |at: usize| self.page.attr(at, "class").unwrap_or("");
        let others: Vec<usize> = children
            .iter()
            .copied()
            .filter(|&c| c > own && self.page.tag(c) == self.page.tag(own) && class(c) == class(own))
            .filter(|&c| {
                let dated = tag == "h1" || boxes.tally(self, c).dated > 0;
                dated && (c..self.page.nodes[c].end).any(|i| self.page.tag(i) == tag && self.page.nodes[i].chars >= 10)
            })
            .collect();
        others.iter().for_each(|&c| self.drop(c));
        !others.is_empty()
    }

    /// Answers to the first post of a thread, up to the end of the thread.
    fn drop_replies(&mut self, segments: &[Segment]) {
        let mut heads: Vec<(usize, u32)> = Vec::new();
        for segment in segments.iter().filter(|s| s.chars <= 80) {
            let Some(number) = furniture::post_number(&segment.text) else { continue };
            heads.push((segment.node, number));
            self.drop_texts(segment.node, segment.end);
        }
        let Some(reply) = heads.iter().position(|(_, number)| *number >= 2) else { return };
        let (from, _) = heads[reply];
        // The thread is what holds the first post as well, or the next one.
        let other = if reply > 0 { heads[reply - 1].0 } else { heads.get(reply + 1).map_or(from, |h| h.0) };
        let thread = self
            .page
            .ancestors(from)
            .find(|&a| a <= other.min(from) && other < self.page.nodes[a].end && (other != from || a < from))
            .unwrap_or(self.body);
        self.drop_texts(from, self.page.nodes[thread].end);
    }

    fn drop_texts(&mut self, from: usize, until: usize) {
        for at in from..until {
            if self.page.nodes[at].node.is_text() {
                self.page.nodes[at].dropped = true;
            }
        }
    }
}

/// The runs of text of a page, asked by element.
struct Boxes<'s> {
    segments: &'s [Segment],
    /// Characters in sentences before each run.
    said: Vec<u32>,
}

impl Boxes<'_> {
    fn range(&self, marker: &Marker<'_, '_>, at: usize) -> std::ops::Range<usize> {
        let end = marker.page.nodes[at].end;
        self.segments.partition_point(|s| s.node < at)..self.segments.partition_point(|s| s.node < end)
    }

    fn said(&self, marker: &Marker<'_, '_>, at: usize) -> u32 {
        let range = self.range(marker, at);
        self.said[range.end] - self.said[range.start]
    }

    fn tally(&self, marker: &Marker<'_, '_>, at: usize) -> Tally {
        let range = self.range(marker, at);
        let mut tally = Tally { said: self.said[range.end] - self.said[range.start], ..Tally::default() };
        let mut first = true;
        for segment in &self.segments[range] {
            if std::mem::take(&mut first) && furniture::is_heading_behind(&segment.text) {
                tally.named = true;
                continue;
            }
            tally.all += 1;
            let kind = match segment.kind {
                Kind::Mark | Kind::Fact if segment.is_link() => Kind::Short,
                kind => kind,
            };
            match kind {
                Kind::Headline { dated } => {
                    tally.headlines += 1;
                    tally.linked += u32::from(segment.is_link());
                    tally.dated += u32::from(dated);
                }
                Kind::Date => tally.dated += 1,
                Kind::Fact => tally.facts += 1,
                Kind::Mark => tally.marks += 1,
                Kind::Meta => tally.metas += 1,
                Kind::Short => {
                    tally.shorts += 1;
                    tally.short_links += u32::from(segment.is_link());
                }
                Kind::Sentence => {}
            }
        }
        tally
    }
}

fn is_wrapper(tag: &str) -> bool {
    matches!(
        tag,
        "div"
            | "section"
            | "article"
            | "main"
            | "table"
            | "tbody"
            | "tr"
            | "td"
            | "center"
            | "form"
            | "font"
            | "body"
            | "span"
            | "dl"
            | "dd"
    )
}
