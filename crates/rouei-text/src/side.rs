//! Boxes beside the story: the step of [`crate::content::mark`] that needs neither names nor links. The story is where
//! the sentences are; what lies behind its end in boxes of their own, and reads as a row of headlines, is of the site.

use crate::content::{self, Marker, names};
use crate::furniture::{self, When};
use crate::segments::{Kind, Segment};

/// Wrappers within wrappers beyond this are no page layout.
const MAX_LEVELS: usize = 64;
/// A story says at least so much before what follows can be called its end.
pub(crate) const STORY: u32 = 30;

/// What a box holds.
#[derive(Default)]
pub(crate) struct Tally {
    /// Runs of text.
    pub(crate) all: u32,
    /// Characters in sentences outside links.
    pub(crate) said: u32,
    pub(crate) headlines: u32,
    /// Headlines that are links.
    linked: u32,
    /// Days and times, alone or beside a headline.
    pub(crate) dated: u32,
    pub(crate) shorts: u32,
    short_links: u32,
    pub(crate) facts: u32,
    pub(crate) marks: u32,
    pub(crate) metas: u32,
    /// Whether its first text names a box of the site.
    pub(crate) named: bool,
}

impl Tally {
    /// Nothing of a text: no sentence, no fact, nothing that stands over a part of one.
    pub(crate) fn is_silent(&self) -> bool {
        self.said == 0 && self.marks == 0 && self.facts == 0
    }

    /// Nothing but what stands over a part of a text.
    fn is_heading(&self) -> bool {
        self.marks == 1 && self.all == 1
    }
}

impl Marker<'_, '_> {
    /// Drops the boxes before and behind the story.
    pub(crate) fn drop_side(&mut self, mut segments: Vec<Segment>) {
        self.drop_replies(&segments);
        segments.retain(|s| !self.page.is_gone(s.node));
        let sum = |counts: &dyn Fn(&Segment) -> bool| {
            let mut sums = vec![0_u32];
            for segment in &segments {
                let own = if counts(segment) && !segment.is_link() { segment.chars } else { 0 };
                sums.push(sums.last().copied().unwrap_or(0) + own);
            }
            sums
        };
        let said = sum(&|s| s.kind == Kind::Sentence);
        let boxes = Boxes { segments: &segments, said };
        // A table of facts, a list of names: where nothing is said, boxes are known by what they are called alone.
        let facts = sum(&|s| matches!(s.kind, Kind::Fact | Kind::Mark | Kind::Sentence));
        if boxes.said.last().is_none_or(|said| *said < STORY) || self.is_of_facts(&boxes, &facts) {
            self.drop_named(&boxes);
            return;
        }
        let mut at = self.body;
        for _ in 0..MAX_LEVELS {
            let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
            let headline = self.headline.unwrap_or(0);
            let heavy = children
                .iter()
                .copied()
                .filter(|&c| self.page.nodes[c].end > headline && !self.is_of_others(&boxes, &children, c))
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
            if self.page.tag(heavy) == "table" && crate::table::read(self.page, heavy).is_some() {
                return;
            }
            at = heavy;
        }
    }

    /// Whether what is said behind the facts is said in boxes of the site only.
    fn is_of_facts(&self, boxes: &Boxes<'_>, facts: &[u32]) -> bool {
        let said = boxes.said.last().copied().unwrap_or(0);
        let named: u32 = self.named_boxes(boxes).into_iter().map(|at| boxes.said(self, at)).sum();
        said > 0 && said.saturating_sub(named) < STORY && facts.last().is_some_and(|f| *f >= said)
    }

    /// Drops the boxes behind the headline whose first words name a box of the site.
    fn drop_named(&mut self, boxes: &Boxes<'_>) {
        self.named_boxes(boxes).into_iter().for_each(|at| self.drop(at));
    }

    /// The outermost boxes, behind the headline and some text of its own, whose first words name a box of the site.
    fn named_boxes(&self, boxes: &Boxes<'_>) -> Vec<usize> {
        /// Text that a page has to have before its boxes.
        const OWN: u32 = 20;
        let mut named = Vec::new();
        let mut at = self.headline.map_or(self.body + 1, |h| self.page.nodes[h].end);
        let first = boxes.segments.partition_point(|s| s.node < at);
        let mut own = 0;
        let mut next = first;
        while at < self.page.nodes[self.body].end {
            while let Some(segment) = boxes.segments.get(next).filter(|s| s.node < at) {
                own += if matches!(segment.kind, Kind::Meta | Kind::Date) || segment.is_link() {
                    0
                } else {
                    segment.chars
                };
                next += 1;
            }
            let goes = own >= OWN && self.is_box(at) && !self.is_content(at) && self.is_named(boxes, at);
            if goes {
                named.push(at);
            }
            at = if goes || self.page.nodes[at].dropped { self.page.nodes[at].end } else { at + 1 };
        }
        named
    }

    pub(crate) fn is_box(&self, at: usize) -> bool {
        let tag = self.page.tag(at);
        (matches!(tag, "div" | "section" | "aside" | "article" | "nav" | "dl" | "ul") || tag.contains('-'))
            && !self.holds_headline(at)
    }

    /// Whether an element is called the content of the page, whatever it begins with.
    fn is_content(&self, at: usize) -> bool {
        let named = furniture::content_rank(&names(self.page, at)).is_some();
        named || self.page.attr(at, "itemprop") == Some("articleBody")
    }

    fn is_named(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let range = boxes.range(self, at);
        let first = boxes.segments.get(range.start).filter(|_| range.len() > 1);
        first.is_some_and(|f| f.chars <= 40 && furniture::is_heading_behind(&f.text))
            && boxes.tally(self, at).marks == 0
    }

    /// Boxes around the one that holds the story.
    fn drop_beside(&mut self, boxes: &Boxes<'_>, children: &[usize], heavy: usize) {
        self.drop_cards(boxes, children, heavy);
        let story = children.iter().position(|c| *c == heavy).unwrap_or(0);
        self.drop_inserted(boxes, &children[..=story], boxes.said(self, heavy));
        let mut following = false;
        let mut headed = false;
        for &child in children {
            if child == heavy || self.holds_headline(child) || self.page.nodes[child].dropped {
                following = false;
                continue;
            }
            let tally = boxes.tally(self, child);
            let goes = if std::mem::replace(&mut headed, tally.is_heading()) && !tally.named {
                false
            } else if child < heavy {
                let ahead = self.headline.is_none_or(|h| child < h);
                let told = boxes.said(self, heavy);
                let column = self.page.tag(child) == "td" && self.page.tag(heavy) == "td";
                ahead && (self.is_head_matter(&tally, child) || self.is_ahead(&tally, child, heavy, told))
                    || column && tally.is_silent() && tally.headlines >= 3
            } else if following && tally.said == 0 && tally.marks == 0 {
                true
            } else {
                following = false;
                self.is_tail_matter(boxes, &tally, child, heavy, false)
            };
            if goes {
                // A heading alone takes what follows it.
                following |= tally.named && tally.all == 0 && child > heavy;
                self.drop(child);
            }
        }
    }

    /// What stands behind the last sentence in the box that holds the story itself.
    fn drop_tail(&mut self, boxes: &Boxes<'_>, children: &[usize]) {
        let told = |m: &Self, c: usize| {
            let tally = boxes.tally(m, c);
            tally.said > 0 && !tally.named && !m.is_teasers(c) && !m.is_of_others(boxes, children, c)
        };
        for &child in children {
            let named = self.headline.map_or(child == children[0], |h| child < h) && !self.holds_headline(child);
            if named && boxes.range(self, child).len() == 1 && furniture::is_site_name(&self.page.text(child, 200)) {
                self.drop(child);
            }
        }
        let Some(last) = children.iter().rposition(|&c| told(self, c)) else { return };
        let story: u32 = children[..=last].iter().map(|&c| boxes.said(self, c)).sum();
        if story < STORY {
            return;
        }
        self.drop_ahead(boxes, children, story);
        self.drop_inserted(boxes, children, story);
        self.drop_cards(boxes, children, children[last]);
        let mut following = false;
        let mut headed = false;
        for &child in &children[last + 1..] {
            if self.holds_headline(child) || self.page.nodes[child].dropped {
                following = false;
                continue;
            }
            let tally = boxes.tally(self, child);
            let goes = if std::mem::replace(&mut headed, tally.is_heading()) && !tally.named {
                // 3 経緯 stands over it.
                false
            } else if following && tally.said == 0 && tally.marks == 0 {
                true
            } else {
                following = false;
                self.is_tail_matter(boxes, &tally, child, children[last], true)
            };
            if goes {
                following |= tally.named && tally.all == 0;
                self.drop(child);
            }
        }
    }

    /// Whether a box behind the story is of the site.
    fn is_tail_matter(&self, boxes: &Boxes<'_>, tally: &Tally, at: usize, story: usize, inside: bool) -> bool {
        let told = boxes.said(self, story).max(STORY);
        if !tally.named && self.hints_at_others(boxes, at) && !self.announces_list_before(boxes, at) {
            return true;
        }
        if tally.named && tally.marks == 0 && (tally.said < told || self.is_row(at)) {
            return true;
        }
        let first = boxes.segments.get(boxes.range(self, at).start);
        if tally.said == 0 && tally.all >= 2 && first.is_some_and(|f| furniture::is_contents(&f.text)) {
            return true;
        }
        if tally.said > 0 {
            return told >= 60
                && (self.is_teasers(at)
                    || self.is_comments(boxes, at)
                    || !self.alike(at, story) && self.is_dated_cards(boxes, at) && !self.announces_list(boxes, story));
        }
        // A line that sells something and the button below it.
        if tally.metas > 0
            && tally.metas + tally.headlines == tally.all
            && tally.headlines <= 2
            && tally.is_silent()
            && self.is_box(at)
        {
            return true;
        }
        if tally.metas > 0 && tally.metas == tally.all {
            return true;
        }
        let ranking = furniture::class_words(&names(self.page, at)) == Some(When::Linked);
        if ranking && tally.headlines >= 2 && tally.marks + tally.facts == 0 && !self.is_announced(at) {
            return true;
        }
        if tally.marks > 0 || tally.facts > 0 || tally.headlines < 2 {
            return tally.headlines == 0 && tally.facts == 0 && tally.marks == 0 && tally.short_links >= 3;
        }
        let alike = !inside
            && !(self.alike(at, story) && (self.page.tag(at) != "div" || !names(self.page, at).is_empty()))
            && !matches!(self.page.tag(at), "ul" | "ol" | "dl" | "table" | "p")
            && (self.has_rows(boxes, at) || tally.headlines >= 3 && tally.headlines * 2 >= tally.all);
        let columns = self.page.tag(at) == "td" && tally.headlines >= 2;
        // 主な事例を紹介する over linked headlines: they are what the page tells of.
        if matches!(self.page.tag(at), "ul" | "ol" | "dl" | "table") && self.announces_list_before(boxes, at) {
            return false;
        }
        tally.linked == tally.headlines || tally.dated >= tally.headlines.max(2) || alike || columns
    }

    /// Whether a box is a row of at least three elements of one kind with a headline each.
    pub(crate) fn has_rows(&self, boxes: &Boxes<'_>, at: usize) -> bool {
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
    pub(crate) fn alike(&self, a: usize, b: usize) -> bool {
        self.page.tag(a) == self.page.tag(b) && names(self.page, a) == names(self.page, b)
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
pub(crate) struct Boxes<'s> {
    pub(crate) segments: &'s [Segment],
    /// Characters in sentences before each run.
    said: Vec<u32>,
}

impl Boxes<'_> {
    pub(crate) fn range(&self, marker: &Marker<'_, '_>, at: usize) -> std::ops::Range<usize> {
        let end = marker.page.nodes[at].end;
        self.segments.partition_point(|s| s.node < at)..self.segments.partition_point(|s| s.node < end)
    }

    pub(crate) fn said(&self, marker: &Marker<'_, '_>, at: usize) -> u32 {
        let range = self.range(marker, at);
        self.said[range.end] - self.said[range.start]
    }

    /// Characters in sentences from one element up to another behind it.
    pub(crate) fn said_between(&self, marker: &Marker<'_, '_>, from: usize, to: usize) -> u32 {
        self.said[self.range(marker, to).start] - self.said[self.range(marker, from).start]
    }

    pub(crate) fn tally(&self, marker: &Marker<'_, '_>, at: usize) -> Tally {
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
                Kind::Mark if furniture::is_key(&segment.text) => Kind::Short,
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

/// What a story may be laid out in.
fn is_wrapper(tag: &str) -> bool {
    content::is_wrapper(tag) || matches!(tag, "dl" | "dd")
}
