//! Around the story without being behind it: what stands before its headline, what was put between its paragraphs, and
//! whole articles that follow it in boxes like its own.

use crate::content::Marker;
use crate::furniture;
use crate::segments::{Kind, Segment};
use crate::side::{Boxes, STORY, Tally};

impl Marker<'_, '_> {
    /// Whether a box before the headline is a menu, a counter, a list of topics.
    pub(crate) fn is_head_matter(&self, tally: &Tally, at: usize) -> bool {
        if !tally.is_silent() {
            return false;
        }
        let links = self.page.nodes[at].links;
        if tally.all == 1 && furniture::is_site_name(&self.page.text(at, 200)) {
            return true;
        }
        links >= 2 && self.page.link_density(at) >= 0.5
            || tally.headlines > 0 && (links >= 1 || tally.metas >= 1)
            || tally.headlines >= 2 && (tally.named || tally.dated >= 2)
            || tally.headlines >= 3
            || tally.headlines * 2 <= tally.shorts && tally.dated == 0 && tally.shorts >= 4
    }

    /// Whether a box ahead of the one that holds headline and story is of the site, though it says something: however
    /// little is known of it, a story does not begin above its own headline.
    pub(crate) fn is_ahead(&self, tally: &Tally, at: usize, story: usize, told: u32) -> bool {
        let listed = tally.headlines >= 3 && tally.dated >= 2 && tally.said < told;
        if !self.is_laid_out(at) || tally.said * 3 > told && !listed {
            return false;
        }
        if !self.holds_headline(story) {
            return self.headline.is_none() && listed && tally.marks == 0;
        }
        // The day of a post, and who speaks, stand there alone.
        let letterhead =
            tally.said == 0 && (tally.facts > 0 && tally.headlines == 0 || tally.all <= 3 && tally.dated > 0);
        !letterhead && (tally.said > 0 || tally.all - tally.metas >= 2)
    }

    /// Drops the boxes that stand before the headline beside paragraphs of the story.
    pub(crate) fn drop_ahead(&mut self, boxes: &Boxes<'_>, children: &[usize], told: u32) {
        let Some(headline) = self.headline else { return };
        for &child in children.iter().take_while(|c| **c < headline) {
            if self.holds_headline(child) || !self.is_laid_out(child) {
                continue;
            }
            let tally = boxes.tally(self, child);
            let silent = tally.headlines >= 2 && tally.marks + tally.facts == 0 && tally.said * 2 < told;
            let listed = silent || tally.headlines >= 3 && tally.dated >= 2 && tally.said < told;
            if listed || self.is_head_matter(&tally, child) {
                self.drop(child);
            }
        }
    }

    fn is_laid_out(&self, at: usize) -> bool {
        self.is_box(at) || matches!(self.page.tag(at), "table" | "td" | "ol" | "details" | "blockquote")
    }

    /// Drops what a site puts between the paragraphs of a story: boxes unlike these, with headlines of other articles or
    /// calls to buy, that no line before them announces.
    pub(crate) fn drop_inserted(&mut self, boxes: &Boxes<'_>, children: &[usize], told: u32) {
        if told < STORY * 2 {
            return;
        }
        let begins = self.headline.unwrap_or(0);
        for (i, &child) in children.iter().enumerate().skip(1) {
            let inline = !self.is_inserted(child) || child < begins || self.holds_headline(child);
            if inline || self.page.nodes[child].dropped || self.is_of_the_story(children, i) {
                continue;
            }
            let tally = boxes.tally(self, child);
            let first = boxes.segments.get(boxes.range(self, child).start);
            let related = first.is_some_and(|f| f.chars <= 40 && furniture::is_heading_behind(&f.text));
            let contents = first.is_some_and(|f| furniture::is_contents(&f.text)) && tally.said == 0;
            let card = contents || self.is_link_card(boxes, child, told);
            if !card && tally.marks + tally.facts > 0 {
                continue;
            }
            let widget = self.page.tag(child).contains('-');
            let goes = if related && tally.said * 3 < told || card {
                tally.all > 0
            } else if tally.said > 0 {
                false
            } else {
                tally.metas >= 1 && tally.headlines <= 3
                    || widget && tally.headlines >= 2
                    || tally.headlines >= 2
                        && (tally.dated >= tally.headlines || self.has_cards(boxes, child))
                        && !self.follows_announcement(boxes, child, self.is_dated_cards(boxes, child))
            };
            if goes {
                self.drop(child);
            }
        }
    }

    /// An element that no paragraph of a text is; those that the page invents are widgets.
    fn is_inserted(&self, at: usize) -> bool {
        let tag = self.page.tag(at);
        matches!(tag, "div" | "section" | "aside" | "article" | "blockquote" | "nav" | "figure") || tag.contains('-')
    }

    /// Whether the paragraphs around are elements of the same kind.
    fn is_of_the_story(&self, children: &[usize], i: usize) -> bool {
        /// Neighbours on either side that are looked at.
        const AROUND: usize = 24;
        let near = &children[i.saturating_sub(AROUND)..children.len().min(i + AROUND)];
        let like = |other: &&usize| **other != children[i] && self.alike(**other, children[i]);
        near.iter().filter(like).take(2).count() == 2
    }

    /// Whether the line before announces what follows, or stands over it; over cards with days only a heading does.
    fn follows_announcement(&self, boxes: &Boxes<'_>, at: usize, cards: bool) -> bool {
        let before = boxes.segments.partition_point(|s| s.node < at);
        let Some(last) = before.checked_sub(1).and_then(|i| boxes.segments.get(i)) else { return true };
        let text = last.text.trim_end();
        self.is_announced(at)
            || last.kind == Kind::Mark
            || last.kind != Kind::Sentence && !cards
            || furniture::announces_list(text)
            || text.ends_with([':', '：', '、'])
            || !text.ends_with(['。', '）', ')', '」']) && !cards
    }

    /// Whether a box shows another page as a link card does: a label, its headline, its first words, where it is.
    fn is_link_card(&self, boxes: &Boxes<'_>, at: usize, told: u32) -> bool {
        let shown = &boxes.segments[boxes.range(self, at)];
        let shown = match shown {
            [label, rest @ ..] if matches!(label.kind, Kind::Short | Kind::Mark | Kind::Meta) && label.chars <= 8 => {
                rest
            }
            all => all,
        };
        let [headline, words @ .., place] = shown else { return false };
        let headed = (at..self.page.nodes[at].end).any(|i| matches!(self.page.tag(i), "h2" | "h3" | "h4" | "h5"));
        let said: u32 = words.iter().map(|w| w.chars).sum();
        !headed
            && matches!(headline.kind, Kind::Headline { .. })
            && matches!(place.kind, Kind::Short | Kind::Date)
            && matches!(words, [only] if only.kind == Kind::Sentence)
            && said * 2 < told
    }

    /// Whether a box is a row of at least three boxes of one kind, each with one headline and its day or 続きを読む, whatever
    /// it says.
    pub(crate) fn is_dated_cards(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
        let card = |c: usize| {
            let tally = boxes.tally(self, c);
            tally.headlines == 1 && tally.dated + tally.metas >= 1 && tally.marks + tally.facts == 0
        };
        match children.as_slice() {
            [only] => self.is_dated_cards(boxes, *only),
            [heading, list] if self.page.nodes[*heading].chars <= 40 => self.is_dated_cards(boxes, *list),
            [first, rest @ ..] if rest.len() >= 2 => children.iter().all(|&c| self.alike(c, *first) && card(c)),
            _ => false,
        }
    }

    /// Whether a box behind the one that holds the headline shows other articles, however much they say: the story is then
    /// where its headline is, if it says something there.
    pub(crate) fn is_of_others(&self, boxes: &Boxes<'_>, children: &[usize], at: usize) -> bool {
        let behind = children.first().is_some_and(|c| *c < at) && self.headline.is_some_and(|h| h < at);
        if !behind || !(self.is_box(at) || self.page.tag(at) == "ol") {
            return false;
        }
        let told = boxes.said_between(self, children[0], at);
        let named = |m: &Self| boxes.tally(m, at).named && m.is_row(at) || m.hints_at_others(boxes, at);
        told >= STORY && named(self) && (boxes.tally(self, at).named || !self.announces_list_before(boxes, at))
            || told >= STORY * 2 && self.is_others(boxes, at)
    }

    /// Whether a box has a heading that hints at other articles over at least two rows of one kind, each as short as a
    /// headline with its first words.
    pub(crate) fn hints_at_others(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let rows = self.rows(at);
        let rows = match rows.as_slice() {
            [only] => return self.is_box(*only) && self.hints_at_others(boxes, *only),
            [heading, list] if self.page.nodes[*heading].chars <= 24 && self.rows(*list).len() >= 2 => {
                [vec![*heading], self.rows(*list)].concat()
            }
            _ => rows,
        };
        let [heading, rows @ ..] = rows.as_slice() else { return false };
        let row = |c: &usize| {
            let first = boxes.segments.get(boxes.range(self, *c).start);
            self.alike(*c, rows[0])
                && self.page.nodes[*c].chars <= 200
                && first.is_some_and(|f| !matches!(f.kind, Kind::Mark | Kind::Fact))
        };
        let line = |c: &usize| self.page.nodes[*c].chars <= 80 && boxes.range(self, *c).len() == 1;
        // Paragraphs may be a text under the heading.
        let laid_out = self.page.tag(rows.first().copied().unwrap_or(at)) != "p" || rows.iter().all(line);
        rows.len() >= 2
            && laid_out
            && self.is_box(at)
            && boxes.range(self, *heading).len() == 1
            && furniture::hints_at_others(&self.page.text(*heading, 120))
            && rows.iter().all(row)
            && (rows.iter().any(|c| boxes.tally(self, *c).headlines > 0) || rows.len() >= 3 && rows.iter().all(line))
    }

    /// Whether a box shows what readers wrote or, unless a list was announced, dated cards.
    fn is_others(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        self.is_comments(boxes, at) || self.is_dated_cards(boxes, at) && !self.announces_list_before(boxes, at)
    }

    /// Whether a box is a row of at least three elements of one kind, whatever they hold.
    pub(crate) fn is_row(&self, at: usize) -> bool {
        let children = self.rows(at);
        match children.as_slice() {
            [only] => self.is_row(*only),
            [heading, list] if self.page.nodes[*heading].chars <= 40 => self.is_row(*list),
            [_, rows @ ..] if rows.len() >= 2 => {
                let tag = self.page.tag(rows[0]);
                let boxed = matches!(tag, "div" | "section" | "article" | "li" | "dl" | "details") || tag.contains('-');
                boxed && rows.iter().all(|&c| self.alike(c, rows[0]))
            }
            _ => false,
        }
    }

    /// Whether a box is a row of what readers wrote, each under a name, a day and a time.
    pub(crate) fn is_comments(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let children = self.rows(at);
        let comment = |c: usize| {
            let own = &boxes.segments[boxes.range(self, c)];
            let [name, day, ..] = own else { return false };
            let signed = [name, day].iter().any(|s| furniture::is_signed_at(&s.text));
            signed || name.chars <= 24 && name.kind != Kind::Sentence && furniture::is_ago(&day.text)
        };
        match children.as_slice() {
            [only] => self.is_comments(boxes, *only),
            [heading, rows @ ..] if self.page.nodes[*heading].chars <= 40 && rows.len() >= 2 => {
                rows.iter().all(|&c| comment(c))
            }
            [_, _, ..] => children.iter().all(|&c| comment(c)),
            _ => false,
        }
    }

    /// The children of a box that say something, lines of the site left out.
    fn rows(&self, at: usize) -> Vec<usize> {
        let says = |c: &usize| {
            let chars = self.page.nodes[*c].chars;
            chars > 0 && (chars > 80 || !furniture::Line::of(&self.page.text(*c, 400)).is_line_behind())
        };
        self.page.children(at).filter(says).collect()
    }

    /// Whether the last lines of the story, or its headline, announce a list.
    pub(crate) fn announces_list(&self, boxes: &Boxes<'_>, story: usize) -> bool {
        self.announces_list_before(boxes, self.page.nodes[story].end)
    }

    pub(crate) fn announces_list_before(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        /// Runs of text before a list that may announce it.
        const LAST: usize = 2;
        let told = &boxes.segments[..boxes.segments.partition_point(|s| s.node < at)];
        let in_headline = |s: &&Segment| self.headline.is_some_and(|h| h <= s.node && s.node < self.page.nodes[h].end);
        let headline = told.iter().filter(in_headline);
        told.iter().rev().take(LAST).chain(headline).any(|s| furniture::announces_list(&s.text))
    }

    /// Whether a box is a row of boxes of one kind, each with a headline, or of lines behind arrows.
    fn has_cards(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
        let [first, rest @ ..] = children.as_slice() else { return false };
        if rest.is_empty() {
            return self.has_cards(boxes, *first);
        }
        let arrow =
            |c: &usize| self.page.text(*c, 40).trim_start().starts_with(['▶', '►', '▷', '→', '≫', '>', '＞', '☞', '⇒']);
        let boxed = matches!(self.page.tag(*first), "div" | "section" | "article" | "a");
        rest.iter().all(|c| self.alike(*c, *first))
            && (boxed && children.iter().all(|c| boxes.tally(self, *c).headlines >= 1) || children.iter().all(arrow))
    }

    /// Further articles under the first: elements like the one that holds the headline, each with a headline of its own.
    pub(crate) fn drop_other_articles(&mut self, boxes: &Boxes<'_>, own: usize, children: &[usize]) -> bool {
        let Some(headline) = self.headline else { return false };
        // A lead without a heading of its own: then the others have one that it has not.
        let tag = match self.page.tag(headline) {
            tag @ ("h1" | "h2" | "h3" | "dt") => tag,
            _ if (own..self.page.nodes[own].end).any(|i| self.page.tag(i) == "h1") => return false,
            _ => "h1",
        };
        if own == headline || boxes.said(self, own) < STORY {
            return false;
        }
        let class = |at: usize| self.page.attr(at, "class").unwrap_or("");
        // Sections of one notice have headings too, but its day stands once.
        let own_day = boxes.segments[boxes.range(self, own)].iter().take(3).any(is_dated);
        let others: Vec<usize> = children
            .iter()
            .copied()
            .filter(|&c| c > own && self.page.tag(c) == self.page.tag(own) && class(c) == class(own))
            .filter(|&c| {
                let dated = tag == "h1" || boxes.tally(self, c).dated > 0;
                dated && (c..self.page.nodes[c].end).any(|i| self.page.tag(i) == tag && self.page.nodes[i].chars >= 8)
                    || !class(c).is_empty() && own_day && self.begins_as_article(boxes, c)
            })
            .collect();
        others.iter().for_each(|&c| self.drop(c));
        !others.is_empty()
    }

    /// Whether a box begins with a heading as long as a headline and a day right beside it, then says something.
    fn begins_as_article(&self, boxes: &Boxes<'_>, at: usize) -> bool {
        let range = boxes.range(self, at);
        let [first, second, rest @ ..] = &boxes.segments[range] else { return false };
        let headed = |s: &Segment| {
            let heading = self.page.ancestors(s.node).any(|a| matches!(self.page.tag(a), "h1" | "h2" | "h3"));
            heading && matches!(s.kind, Kind::Headline { .. }) && s.chars >= 12
        };
        (headed(first) && is_dated(second) || is_dated(first) && headed(second))
            && rest.iter().any(|s| s.kind == Kind::Sentence)
    }
}

/// Whether a run of text is a day, or one with its writer and counters: `2026年3月4日 | by 管理人`.
fn is_dated(segment: &Segment) -> bool {
    let short = segment.kind != Kind::Sentence && segment.chars <= 40;
    segment.kind == Kind::Date || short && furniture::holds_day(&segment.text)
}
