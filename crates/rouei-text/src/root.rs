//! Where in a page the main content lies: the later steps of [`crate::content::mark`], which weigh links against text.

use scraper::Node;

use crate::content::{self, Marker, names};
use crate::furniture;

/// Wrappers within wrappers beyond this are no page layout.
const MAX_LEVELS: usize = 48;

impl Marker<'_, '_> {
    /// Chooses the element that holds the main content and drops what lies around it.
    pub(crate) fn keep_root(&mut self) {
        let root = self.named_root().unwrap_or(self.body);
        if root != self.body {
            self.isolate(root);
            self.page.measure();
        }
        self.prune(root);
    }

    fn weight(&self, at: usize) -> u32 {
        let node = &self.page.nodes[at];
        node.chars - node.linked + node.prose
    }

    /// The element that is called main content by its tag or name, if most of the text is in it.
    fn named_root(&self) -> Option<usize> {
        let total = self.weight(self.body).max(1);
        let mut best: Option<(i64, usize)> = None;
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            let rank = match self.page.tag(at) {
                _ if self.page.attr(at, "itemprop") == Some("articleBody") => Some(0),
                "main" => Some(1),
                _ if self.page.attr(at, "role") == Some("main") => Some(1),
                "article" => Some(2),
                "div" | "section" | "td" | "table" => {
                    furniture::content_rank(&names(self.page, at)).map(|r| r as i64 / 4 + 3)
                }
                _ => None,
            };
            if let Some(rank) = rank {
                let share = i64::from(self.weight(at)) * 100 / i64::from(total);
                let linked = (self.page.link_density(at) * 40.0) as i64;
                // The headline with the text is worth more than a surer name without it.
                let headline = if self.holds_headline(at) { 30 } else { 0 };
                let score = share + headline - rank * 2 - linked;
                if share >= 35 && best.is_none_or(|(s, _)| score > s) {
                    best = Some((score, at));
                }
            }
            at += 1;
        }
        best.map(|(_, at)| at)
    }

    /// Drops everything outside `root`, except the headline and what stands between the two.
    fn isolate(&mut self, root: usize) {
        let mut inner = root;
        let chain: Vec<usize> = self.page.ancestors(root).take_while(|a| *a >= self.body).collect();
        for parent in chain {
            let children: Vec<usize> = self.page.children(parent).collect();
            let headline_at = children.iter().position(|c| *c != inner && self.holds_headline(*c));
            let inner_at = children.iter().position(|c| *c == inner);
            for (i, &child) in children.iter().enumerate() {
                if child == inner {
                    continue;
                }
                // The date of a post likes to stand right over its headline.
                let dated = headline_at == Some(i + 1)
                    && self
                        .headline
                        .is_some_and(|h| self.page.nodes[children[i + 1]].chars == self.page.nodes[h].chars)
                    && is_date_alone(&self.page.text(child, 200));
                let between = dated || matches!((headline_at, inner_at), (Some(h), Some(r)) if h < i && i < r);
                if between && self.page.link_density(child) < 0.3 {
                    continue;
                }
                self.drop(child);
            }
            inner = parent;
        }
    }

    /// Walks down to where the text lies and drops, on the way, what stands beside it and does not read like it.
    fn prune(&mut self, root: usize) {
        let mut at = root;
        for _ in 0..MAX_LEVELS {
            self.drop_teasers(at);
            let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
            let Some(&heavy) = children.iter().max_by_key(|c| self.weight(**c)) else { return };
            let tag = self.page.tag(heavy);
            let wrapper = content::is_wrapper(tag) || tag == "html";
            if !wrapper
                || self.weight(heavy) * 10 < self.weight(at) * 6
                || crate::table::read(self.page, heavy).is_some()
                || at != self.body
                    && self.is_paragraph(heavy)
                    && children.iter().filter(|c| self.alike(**c, heavy)).count() >= 3
            {
                return;
            }
            // Once headline and text lie in different children, what is beside them belongs to the article.
            let above = self.holds_headline(heavy) || (self.headline.is_none() && at == self.body);
            let heavy_at = children.iter().position(|c| *c == heavy).unwrap_or(0);
            let headline_at = children.iter().position(|c| self.holds_headline(*c)).unwrap_or(heavy_at);
            let heavy_prose = self.prose(heavy);
            let mut goes = Vec::new();
            for (i, &child) in children.iter().enumerate() {
                if child == heavy || self.holds_headline(child) {
                    continue;
                }
                let density = self.page.link_density(child);
                let prose = self.prose(child);
                let text = self.page.text(child, 4000);
                // Behind the story a line without the end of a sentence is the headline of another.
                let says = i < heavy_at || self.page.nodes[child].chars > 80 || text.contains('。');
                let reads = density < 0.3 && prose * 5 >= heavy_prose.min(400) && prose > 20 && says;
                let closing = text.contains('©') || furniture::is_line(&text);
                // `2026年3月4日 お知らせ` right over the headline.
                let dated = i + 1 == headline_at
                    && self
                        .headline
                        .is_some_and(|h| self.page.nodes[children[headline_at]].chars == self.page.nodes[h].chars)
                    && self.page.nodes[child].chars <= 40
                    && density < 0.5
                    && furniture::holds_day(&text);
                let beside = dated
                    || self.headline.is_none()
                        && i < heavy_at
                        && (i.saturating_sub(2)..=i).any(|from| self.may_head(&children[from..=heavy_at]))
                    || match (above, at == root && root != self.body) {
                        (false, _) => density < 0.5 && i > headline_at.min(heavy_at),
                        // The outermost level of an element that is called the main content.
                        (true, true) => density < 0.3,
                        (true, false) => reads,
                    };
                if !beside || closing {
                    goes.push(child);
                }
            }
            if !goes.is_empty() {
                goes.into_iter().for_each(|g| self.drop(g));
                self.page.measure();
            }
            at = heavy;
        }
    }

    /// Whether rows before the text, without links, may be its headline and its day: one is set off in bold or by its
    /// ground and says one thing. What the title of the page does not repeat has no other sign.
    fn may_head(&self, children: &[usize]) -> bool {
        let [before @ .., heavy] = children else { return false };
        let line = |&c: &usize| {
            let node = &self.page.nodes[c];
            node.chars <= 120 && node.links == 0 && self.page.tag(c) == self.page.tag(*heavy)
        };
        let set_off = |&c: &usize| {
            let inner = || c..self.page.nodes[c].end;
            let texts = inner().filter(|i| self.page.nodes[*i].node.is_text() && self.page.nodes[*i].chars > 0);
            let bold = |i: usize| matches!(self.page.tag(i), "b" | "strong" | "big" | "th");
            let text = self.page.text(c, 600);
            texts.count() == 1
                && inner().any(|i| bold(i) || self.page.attr(i, "bgcolor").is_some())
                && !furniture::is_line(&text)
                && !furniture::is_site_name(&text)
                && !is_date_alone(&text)
        };
        before.len() <= 3
            && matches!(self.page.tag(*heavy), "tr" | "td")
            && before.iter().all(line)
            && before.iter().any(set_off)
    }

    /// Whether an element holds one run of text: among others like it, it is a paragraph, however much it weighs. So is
    /// a row of one cell, where no row has links.
    fn is_paragraph(&self, at: usize) -> bool {
        let tag = self.page.tag(at);
        let row = tag == "tr" && self.page.nodes[self.page.nodes[at].parent].links == 0;
        let inline = |i: usize| {
            let inner = self.page.tag(i);
            self.page.nodes[i].node.is_text() || crate::render::is_inline(inner) || row && inner == "td"
        };
        let cells = (at + 1..self.page.nodes[at].end).filter(|i| self.page.tag(*i) == "td").take(2).count();
        (tag == "div" || row && cells == 1) && (at + 1..self.page.nodes[at].end).all(inline)
    }

    /// Drops, behind the child that holds headline and text, those that are lists of other articles with their first
    /// lines: however much they say, each of their texts stands in a card of its own with a link.
    fn drop_teasers(&mut self, at: usize) {
        /// An article says at least so much before other articles are announced.
        const ARTICLE: u32 = 60;
        let children: Vec<usize> = self.page.children(at).filter(|c| self.page.nodes[*c].chars > 0).collect();
        let Some(own) = children.iter().position(|c| self.holds_headline(*c)) else { return };
        let told: u32 = self.prose(children[own]);
        if told < ARTICLE || self.is_teasers(children[own]) {
            return;
        }
        let goes: Vec<usize> = children[own + 1..].iter().copied().filter(|&c| self.is_teasers(c)).collect();
        if !goes.is_empty() {
            goes.into_iter().for_each(|g| self.drop(g));
            self.page.measure();
        }
    }

    /// Whether an element is a row of at least three cards, each with a link that reads like a headline.
    pub(crate) fn is_teasers(&self, at: usize) -> bool {
        /// Characters of a headline at least.
        const HEADLINE: u32 = 10;
        let mut row = at;
        loop {
            let children: Vec<usize> = self.page.children(row).filter(|c| self.page.nodes[*c].chars > 0).collect();
            let card = |&&c: &&usize| {
                let node = &self.page.nodes[c];
                node.links >= 1 && node.links <= 3 && node.linked >= HEADLINE && self.page.link_density(c) >= 0.15
            };
            let cards = children.iter().filter(card).count();
            if cards >= 3 {
                return children.iter().all(|c| self.prose(*c) == 0 || card(&c));
            }
            // A heading, then one box with the cards.
            match children.as_slice() {
                [only] => row = *only,
                [heading, list] if self.page.nodes[*heading].chars <= 40 && self.prose(*heading) == 0 => row = *list,
                _ => return false,
            }
        }
    }

    /// Inside the main content: lists of links that no heading announces, breadcrumbs, links to the next page.
    pub(crate) fn drop_by_links(&mut self) {
        let total = self.page.nodes[self.body].chars;
        let prose = self.prose(self.body);
        let first_prose = (self.body..self.page.nodes.len())
            .find(|&i| self.page.nodes[i].node.is_text() && self.prose(i) > 20 && !self.page.is_gone(i))
            .unwrap_or(self.page.nodes.len());
        let last_prose = (self.body..self.page.nodes.len())
            .rev()
            .find(|&i| self.page.nodes[i].node.is_text() && self.prose(i) > 20 && !self.page.is_gone(i))
            .unwrap_or(0);
        let mut goes = Vec::new();
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            let list =
                matches!(self.page.tag(at), "ul" | "ol" | "div" | "p" | "table" | "section" | "dl" | "td" | "span");
            if list && node.chars > 0 && !self.holds_headline(at) {
                let text = if node.chars < 200 { self.page.text(at, 1200) } else { String::new() };
                let crumbs = at < first_prose && (is_breadcrumb(&text) && node.links > 0 || is_path(&text));
                let dense = self.page.link_density(at) > 0.75;
                let outside = at > last_prose || node.end <= first_prose;
                let trailing = dense && node.links >= 3 && outside && prose >= 120 && node.chars * 2 < total;
                if crumbs || trailing {
                    goes.push(at);
                    at = node.end;
                    continue;
                }
            }
            at += 1;
        }
        goes.into_iter().for_each(|g| self.drop(g));
    }

    /// A date alone before the headline, with furniture between the two, is the day of the visit.
    pub(crate) fn drop_masthead_date(&mut self) {
        let Some(headline) = self.headline else { return };
        let mut goes = Vec::new();
        let mut at = self.body;
        let mut pending: Option<usize> = None;
        // The day of the week is rarely told of the day of a notice: whatever else stands between.
        let mut weekday: Option<usize> = None;
        while at < headline {
            let node = &self.page.nodes[at];
            if node.dropped {
                if node.end - at > 4 {
                    goes.extend(pending.take());
                    goes.extend(weekday.take());
                }
                at = node.end;
                continue;
            }
            if let Node::Text(text) = node.node
                && node.chars > 0
            {
                let text = text.trim();
                let day = text.trim_end_matches(['晴', 'れ', 'く', 'も', 'り', '曇', '雨', '雪', ' ', '\u{3000}']);
                if text.starts_with("今日") || text.starts_with("本日") || is_date_alone(day) {
                    let weather = ["晴", "くもり", "曇", "雨", "雪"].iter().any(|w| text.contains(w));
                    if text.starts_with("今日") || text.starts_with("本日") || weather {
                        goes.push(at);
                    } else if text.contains(['曜', '(', '（']) {
                        weekday = Some(at);
                    } else {
                        pending = Some(at);
                    }
                } else {
                    pending = None;
                }
            }
            at += 1;
        }
        goes.into_iter().for_each(|g| self.drop(g));
    }
}

/// `ホーム > 市政情報 > お知らせ`.
fn is_breadcrumb(text: &str) -> bool {
    let text = text.trim_start_matches(['[', '【', '「']).trim_start();
    let starts =
        ["ホーム", "トップ", "HOME", "Home", "TOP", "Top", "現在地", "現在の位置", "あしあと", "本文位置", "パンくず"];
    let separators = [">", "＞", "›", "»", "/", "／", "→", "≫", "&gt;"];
    starts.iter().any(|s| text.starts_with(s)) && separators.iter().any(|s| text.contains(s))
}

/// `掲示板 > ニュース > スレッド`: short names with at least two marks between them.
fn is_path(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['>', '＞', '›', '»', '≫']).map(str::trim).collect();
    parts.len() >= 3 && !text.contains('。') && parts[..parts.len() - 1].iter().all(|p| p.chars().count() <= 20)
}

fn is_date_alone(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    (5..=14).contains(&digits)
        && text.chars().count() <= 24
        && text.chars().all(|c| {
            c.is_numeric()
                || c.is_whitespace()
                || matches!(
                    c,
                    '年' | '月'
                        | '日'
                        | '/'
                        | '.'
                        | '-'
                        | '('
                        | ')'
                        | '（'
                        | '）'
                        | '曜'
                        | '火'
                        | '水'
                        | '木'
                        | '金'
                        | '土'
                        | '令'
                        | '和'
                        | ':'
                        | '時'
                        | '分'
                )
        })
}
