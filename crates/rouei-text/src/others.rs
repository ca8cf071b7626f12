//! Other articles on the page of a story: appended below it, or shown with their first words.

use crate::content::{Marker, heading_level};
use crate::furniture;
use crate::linked::HEADLINE;
use crate::segments::{Kind, Segment};
use crate::side::STORY;

/// Characters of an article that is shown by its first words at most.
const SHOWN: u32 = 250;

impl Marker<'_, '_> {
    /// Drops, behind the headline and a story of its own, boxes that begin as another article does or name what they show, unless
    /// the page announces a list of cases.
    pub(crate) fn drop_others(&mut self, segments: &[Segment]) {
        // A page without a headline begins with what it says first; a lead says something itself.
        let says = |s: &&Segment| s.kind == Kind::Sentence && !s.is_link();
        let first = || segments.iter().find(says).map(|s| s.node);
        let headline = self.headline.map(|h| {
            let node = &self.page.nodes[h];
            if node.prose >= STORY { h } else { node.end }
        });
        let Some(begins) = headline.or_else(first) else { return };
        self.drop_flash(segments, begins);
        let headed = self.headline_announces_list();
        let said = |own: &[Segment]| own.iter().filter(says).map(|s| s.chars).sum::<u32>();
        let all = said(segments);
        let mut told = 0;
        let mut next = 0;
        let mut at = self.body + 1;
        while at < self.page.nodes[self.body].end {
            let node = &self.page.nodes[at];
            let end = node.end;
            if node.dropped {
                at = end;
                continue;
            }
            while let Some(segment) = segments.get(next).filter(|s| s.node < at) {
                told += if segment.node >= begins && says(&segment) { segment.chars } else { 0 };
                next += 1;
            }
            let boxed = (self.is_box(at) || self.page.tag(at) == "li") && !self.holds_headline(at);
            let own = match boxed {
                true => &segments[next..segments.partition_point(|s| s.node < end).max(next)],
                false => &[],
            };
            let goes = match self.shows_another(at, own) {
                Some(Another::Article) => told >= STORY,
                Some(Another::Shown) => all - said(own) >= STORY,
                None => false,
            };
            // 主な事例を紹介する over several boxes of one kind.
            let announced = || {
                let line = segments[..next].last().is_some_and(|s| furniture::announces_list(&s.text));
                let behind = self.page.children(self.page.nodes[at].parent).filter(|&c| c >= begins);
                (headed || line) && behind.filter(|&c| self.alike(c, at)).count() >= 2
            };
            if goes && !announced() {
                self.drop(at);
                at = end;
                next += own.len();
                continue;
            }
            at += 1;
        }
    }

    /// Drops the line of the latest headline above the story, where the story has another one.
    fn drop_flash(&mut self, segments: &[Segment], begins: usize) {
        let above = segments.iter().take_while(|s| s.end <= begins);
        let flash = above.filter(|s| furniture::is_flash(&s.text) && self.headline.is_none_or(|h| s.node < h));
        let lines: Vec<(usize, usize)> = flash.map(|s| (s.node, s.end)).collect();
        for (node, end) in lines {
            (node..end)
                .filter(|&i| self.page.nodes[i].node.is_text())
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|i| self.drop(i));
        }
    }

    /// Whether a box holds another article, its first words, or a list that its first line names.
    fn shows_another(&self, at: usize, own: &[Segment]) -> Option<Another> {
        let [first, second, rest @ ..] = own else { return None };
        let headed = |s: &Segment| {
            let mut within = self.page.ancestors(s.node).take_while(|&a| a > at);
            matches!(s.kind, Kind::Headline { .. })
                && s.chars >= HEADLINE
                && within.any(|a| heading_level(self.page.tag(a)).is_some())
        };
        let day = |s: &Segment| s.kind == Kind::Date;
        let says = |s: &Segment| s.kind == Kind::Sentence;
        // 見出し, 2031年5月3日, and what it tells.
        if (headed(first) && day(second) || day(first) && headed(second)) && rest.iter().any(says) {
            return Some(Another::Article);
        }
        // A headline that leads to its article, and how that begins: …[続きを読む]
        let linked = |s: &Segment| s.is_link() && headed(s);
        let chars: u32 = own.iter().map(|s| s.chars).sum();
        if (linked(first) && (says(second) || is_cut(second)) || day(first) && linked(second))
            && chars <= SHOWN
            && own.iter().any(is_cut)
        {
            return Some(Another::Shown);
        }
        // 関連するお知らせ over days and headlines.
        let named = furniture::is_heading_behind(&first.text) || furniture::hints_at_others(&first.text);
        let row = |s: &Segment| matches!(s.kind, Kind::Date | Kind::Meta | Kind::Headline { dated: true });
        let listed = |s: &Segment| row(s) || matches!(s.kind, Kind::Headline { .. } | Kind::Short);
        let shown = first.chars <= 24
            && named
            && own[1..].iter().all(listed)
            && own[1..].iter().filter(|s| row(s)).count() * 2 >= own.len() - 1;
        shown.then_some(Another::Shown)
    }
}

/// What a box is of another article.
enum Another {
    /// The whole of it.
    Article,
    /// Its first words, or its headline among others.
    Shown,
}

/// Whether a text breaks off: …, 続きを読む in brackets.
fn is_cut(segment: &Segment) -> bool {
    let text = segment.text.trim_end();
    text.ends_with(['…', ']', '】']) || text.ends_with("...")
}
