//! Which part of a page is its main content: everything else is marked as dropped.
//!
//! Three kinds of evidence, in this order: what elements are (`nav`, `hidden`), what they are called (`class`, `id`,
//! headings; see `furniture.toml`), and how they read (links against running text).

use std::borrow::Cow;

use crate::furniture::{self, When};
use crate::headline::{self, Headline};
use crate::page::Page;
use crate::segments::{Kind, segments};
use crate::unseen::drop_unseen;

/// What [`mark`] found.
pub(crate) struct Found {
    /// The text of the headline.
    pub headline: Option<String>,
    /// Whether the title of the page is the beginning of its text: then no heading is its title.
    pub lead: bool,
    /// Whether there is a main content; if not, nothing was dropped but what no reader sees.
    pub content: bool,
}

/// Marks the furniture of a page.
pub(crate) fn mark(page: &mut Page<'_>, titles: &[String]) -> Found {
    drop_unseen(page);
    page.measure();
    let body = (0..page.nodes.len()).find(|&i| page.tag(i) == "body").unwrap_or(0);
    let all_chars = page.nodes[body].chars;
    if all_chars == 0 {
        return Found { headline: None, lead: false, content: true };
    }
    let before: Vec<bool> = page.nodes.iter().map(|n| n.dropped).collect();
    let found = headline::find(page, titles);
    let lead = matches!(found, Some(Headline::Lead(_)));
    let headline = found.map(|h| match h {
        Headline::Heading(at) | Headline::Lead(at) => at,
    });
    let text = headline.filter(|_| !lead).map(|h| page.text(h, 600));
    let mut marker = Marker { page, body, headline, prose_before: Vec::new(), chars_before: Vec::new() };
    marker.drop_by_tag();
    marker.page.measure();
    marker.drop_by_name();
    marker.page.measure();
    marker.drop_by_heading();
    marker.page.measure();
    marker.drop_share_lists();
    marker.drop_linked_cards();
    marker.page.measure();
    marker.drop_linked_lists();
    let runs = segments(marker.page, marker.body);
    marker.drop_others(&runs);
    marker.page.measure();
    marker.keep_root();
    marker.page.measure();
    marker.drop_side(runs);
    marker.page.measure();
    marker.drop_by_links();
    marker.drop_masthead_date();
    marker.page.measure();
    if page.nodes[body].chars == 0 {
        for (node, was) in page.nodes.iter_mut().zip(before) {
            node.dropped = was;
        }
        page.measure();
        return Found { headline: text, lead, content: false };
    }
    Found { headline: text, lead, content: true }
}

/// A page whose furniture is being marked.
pub(crate) struct Marker<'p, 'a> {
    pub(crate) page: &'p mut Page<'a>,
    pub(crate) body: usize,
    pub(crate) headline: Option<usize>,
    /// Running text before each node in document order, as it stood before headings were judged.
    pub(crate) prose_before: Vec<u32>,
    /// All text before each node, likewise.
    pub(crate) chars_before: Vec<u32>,
}

impl Marker<'_, '_> {
    fn holds(&self, at: usize, inner: usize) -> bool {
        at <= inner && inner < self.page.nodes[at].end
    }

    pub(crate) fn holds_headline(&self, at: usize) -> bool {
        self.headline.is_some_and(|h| self.holds(at, h))
    }

    /// Drops an element; of one that holds the headline, everything but the headline.
    pub(crate) fn drop(&mut self, at: usize) {
        let mut at = at;
        loop {
            match self.headline {
                Some(headline) if self.holds(at, headline) => {
                    if at == headline {
                        return;
                    }
                    let children: Vec<usize> = self.page.children(at).collect();
                    let mut inner = None;
                    for child in children {
                        if self.holds(child, headline) {
                            inner = Some(child)
                        } else {
                            self.page.nodes[child].dropped = true
                        }
                    }
                    match inner {
                        Some(child) => at = child,
                        None => return,
                    }
                }
                _ => {
                    self.page.nodes[at].dropped = true;
                    return;
                }
            }
        }
    }

    pub(crate) fn prose(&self, at: usize) -> u32 {
        self.page.nodes[at].prose
    }

    fn in_article(&self, at: usize) -> bool {
        self.page.ancestors(at).any(|a| {
            matches!(self.page.tag(a), "article" | "main")
                || furniture::content_rank(&names(self.page, a)).is_some_and(|r| r < 25)
        })
    }

    fn drop_by_tag(&mut self) {
        let total = self.prose(self.body).max(1);
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            if self.page.nodes[at].dropped {
                at = self.page.nodes[at].end;
                continue;
            }
            let small = self.prose(at) * 2 < total;
            let dense = self.page.link_density(at) > 0.3;
            let role = self.page.attr(at, "role").unwrap_or("").trim();
            let goes = match self.page.tag(at) {
                "nav" | "marquee" => true,
                "aside" => dense || !self.in_article(at) || self.prose(at) == 0,
                // One that names a box is left for the step that takes what it stands over.
                "header" => !self.in_article(at) && small && !self.heads_box(at),
                "footer" => {
                    small && (!self.in_article(at) || dense || self.prose(at) == 0 && self.page.nodes[at].links > 0)
                }
                "form" => small && self.prose(at) < 200,
                // `3/4 10:00`, `3時間前`: of a day without its year only the page knows more.
                "time" => self.is_stamp(at),
                // Who is on a photograph is not told of the incident; what stands under a table may be.
                "figcaption" => self.page.nodes[self.page.nodes[at].parent].tables == 0,
                _ => false,
            } || match role {
                "navigation" | "search" | "dialog" | "alertdialog" | "menu" | "menubar" | "toolbar" | "tablist" => {
                    small
                }
                "banner" | "contentinfo" | "complementary" => small,
                _ => false,
            };
            if goes {
                self.drop(at);
                // Inside one that holds the headline, the rest was dealt with.
            }
            at += 1;
        }
    }

    fn drop_by_name(&mut self) {
        let total = self.prose(self.body).max(1);
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            let names = names(self.page, at);
            if !names.is_empty()
                && !matches!(self.page.tag(at), "html" | "body" | "main" | "article" | "h1")
                && let Some(when) = furniture::class_words(&names)
            {
                let small = self.prose(at) * 2 < total || self.is_beside_facts(at);
                // A table of facts has little running text: an element that outweighs the rest is no furniture either.
                let outweighs = node.chars - node.linked
                    > (self.page.nodes[self.body].chars - self.page.nodes[self.body].linked) / 2;
                let linked = self.page.link_density(at) >= 0.4;
                let goes = match when {
                    When::Always => !self.holds_headline(at),
                    When::Small => small && (linked || !outweighs),
                    When::Linked => small && linked && !self.is_announced(at),
                    When::Short => small && (linked && !self.is_announced(at) || self.is_label(at)),
                };
                // A heading that names furniture is left for the next step, which takes what it stands over.
                if goes && !self.heads_box(at) && self.headline != Some(at) && !self.holds_article(at) {
                    self.drop(at);
                }
            }
            at += 1;
        }
    }

    /// Whether headline and named text lie in it: what is short beside its neighbours is the article all the same.
    fn holds_article(&self, at: usize) -> bool {
        self.holds_headline(at)
            && (at + 1..self.page.nodes[at].end).any(|inner| {
                let node = &self.page.nodes[inner];
                let named = matches!(self.page.tag(inner), "article" | "main")
                    || self.page.attr(inner, "itemprop") == Some("articleBody")
                    || furniture::content_rank(&names(self.page, inner)).is_some();
                named && !node.dropped && node.prose >= 20 && self.page.link_density(inner) < 0.3
            })
    }

    /// Whether a heading of the text stands right before it: a ranking that a roundup announces is content.
    pub(crate) fn is_announced(&self, at: usize) -> bool {
        let mut before =
            std::iter::successors(Some(self.page.nodes[at].previous), |&p| Some(self.page.nodes[p].previous));
        let heading = before.by_ref().take(16).take_while(|p| *p > 0).find(|&p| self.page.nodes[p].chars > 0);
        heading.is_some_and(|h| {
            // What stands under the headline like a label is none of its lists.
            if self.holds_headline(h) && self.page.nodes[at].chars <= 40 {
                return false;
            }
            let text = self.page.text(h, 400);
            heading_level(self.page.tag(h)).is_some() && text.chars().count() >= 4 && !furniture::is_heading(&text)
        })
    }

    /// Headings such as 関連記事 take with them what they stand over.
    fn drop_by_heading(&mut self) {
        let (mut prose, mut chars) = (0, 0);
        self.prose_before = vec![0];
        self.chars_before = vec![0];
        for node in &self.page.nodes {
            let counts = node.node.is_text() && !node.dropped;
            prose += if counts { node.prose } else { 0 };
            chars += if counts { node.chars } else { 0 };
            self.prose_before.push(prose);
            self.chars_before.push(chars);
        }
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            let may_head = matches!(
                self.page.tag(at),
                "h1" | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
                    | "p"
                    | "div"
                    | "span"
                    | "strong"
                    | "b"
                    | "font"
                    | "dt"
                    | "th"
                    | "td"
                    | "li"
                    | "caption"
                    | "summary"
                    | "legend"
                    | "center"
                    | "em"
                    | "label"
                    | "a"
            );
            let short = (1..=50).contains(&node.chars) && node.end - at <= 40;
            if may_head && short && self.headline != Some(at) && furniture::is_heading(&self.page.text(at, 400)) {
                self.drop_under(at);
            }
            at += 1;
        }
    }

    /// Whether a box holds headlines of other articles and nothing that belongs to a text.
    fn is_headlines(&self, at: usize) -> bool {
        let runs = segments(self.page, at);
        runs.iter().any(|r| matches!(r.kind, Kind::Headline { .. }))
            && runs.iter().all(|r| !matches!(r.kind, Kind::Sentence | Kind::Mark | Kind::Fact))
    }

    fn drop_under(&mut self, heading: usize) {
        let linked_heading = self.page.link_density(heading) > 0.8;
        // Up to the outermost element that holds nothing but the heading.
        let mut top = heading;
        let mut level = heading_level(self.page.tag(top));
        while top != self.body {
            let parent = self.page.nodes[top].parent;
            if parent == self.body {
                break;
            }
            // 最新記事 with すべて表示 beside it.
            let (whole, own) = (self.page.nodes[parent].chars, self.page.nodes[heading].chars);
            if whole != own && (whole > own + 8 || !self.heads_box(parent)) {
                break;
            }
            top = parent;
            level = level.or(heading_level(self.page.tag(top)));
        }
        let parent = self.page.nodes[top].parent;
        let leads = self.chars_before[top] == self.chars_before[parent];
        let after = self.page.siblings_after(top);
        let total = self.prose(self.body).max(1);
        let container =
            !matches!(self.page.tag(parent), "body" | "main" | "article" | "html" | "tr" | "tbody" | "form")
                && parent != self.body;
        // A box that the heading opens goes as a whole, unless the text of the page is in it: that has been read once
        // there is running text between the headline and the box.
        let read = self.headline.is_some_and(|h| {
            let end = self.page.nodes[h].end;
            end <= parent && self.prose_before[parent].saturating_sub(self.prose_before[end]) >= 20
        });
        let mostly_links = self.page.link_density(parent) >= 0.4
            || self.prose(parent) == 0
            || read && furniture::takes_its_box(&self.page.text(heading, 400));
        let lists =
            || after.clone().any(|s| self.page.nodes[s].links > 0 || matches!(self.page.tag(s), "ul" | "ol" | "dl"));
        if leads
            && container
            && after.clone().next().is_some()
            && (mostly_links || read && (lists() || self.page.tag(parent) == "blockquote"))
            && !self.holds_headline(parent)
            && (read || self.prose(parent) * 3 < total.max(3))
        {
            self.drop(parent);
            return;
        }
        // Behind the text, headlines need not be links.
        let begins = self.headline.map_or(self.body, |h| self.page.nodes[h].end);
        let told = begins <= top && self.prose_before[top].saturating_sub(self.prose_before[begins]) >= 60;
        let mut taken = Vec::new();
        let mut in_card = false;
        let mut following = after.clone();
        while let Some(sibling) = following.next() {
            let node = &self.page.nodes[sibling];
            let density = self.page.link_density(sibling);
            let tag = self.page.tag(sibling);
            let next_is_dense = || {
                following
                    .clone()
                    .take(8)
                    .find(|s| self.page.nodes[*s].chars > 0)
                    .is_some_and(|s| self.page.link_density(s) > 0.5 || matches!(self.page.tag(s), "ul" | "ol"))
            };
            let goes = if node.chars == 0 {
                true
            } else if self.holds_headline(sibling) {
                false
            } else if let Some(inner) = heading_level(tag) {
                in_card = level.is_none_or(|own| inner > own) && density > 0.8;
                in_card
            } else if matches!(tag, "ul" | "ol") {
                self.prose(sibling) * 3 < total
            } else if node.node.is_text() {
                node.chars <= 4
            } else if told && node.chars <= 32 && furniture::is_date(&self.page.text(sibling, 200)) {
                // The day of the headline before it.
                true
            } else if told && node.chars <= 400 && self.is_headlines(sibling) {
                true
            } else {
                density >= 0.5
                    || (node.links > 0 && density >= 0.15 && self.prose(sibling) * 3 < total)
                    || (tag == "p" && in_card)
                    || (tag == "p" && node.chars <= 40 && next_is_dense() && taken.is_empty())
            };
            if !goes {
                break;
            }
            taken.push(sibling);
        }
        let taken_chars: u32 = taken.iter().map(|t| self.page.nodes[*t].chars).sum();
        if taken_chars > 0 || (linked_heading && heading_level(self.page.tag(heading)).is_none()) {
            if !linked_heading || taken_chars > 0 {
                taken.push(top);
            }
            // Without its breaks, what stands behind would run on from what stands before.
            taken
                .into_iter()
                .filter(|t| self.page.tag(*t) != "br")
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|t| self.drop(t));
        }
    }
}

pub(crate) fn names<'a>(page: &Page<'a>, at: usize) -> Cow<'a, str> {
    let Some(element) = page.element(at) else { return Cow::default() };
    let class = element.attr("class").unwrap_or("");
    match element.id() {
        Some(id) => Cow::Owned(format!("{class} {id}")),
        None => Cow::Borrowed(class),
    }
}

pub(crate) fn heading_level(tag: &str) -> Option<u8> {
    match tag.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Elements that lay out a page and say nothing of what they hold.
pub(crate) fn is_wrapper(tag: &str) -> bool {
    // Elements that a page invents are boxes.
    tag.contains('-')
        || matches!(
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
        )
}
