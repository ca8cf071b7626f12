//! Runs of text between block boundaries, as a reader sees lines, and what each looks like by itself.

use scraper::Node;

use crate::furniture;
use crate::lines::{Line, classify};
use crate::page::Page;
use crate::render::is_inline;

/// What a run of text looks like without its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It says something: it ends as sentences end, or is as long as one.
    Sentence,
    /// It could be the headline of an article; `dated` where a day or a time stands beside it.
    Headline { dated: bool },
    /// `件数：1,234件`.
    Fact,
    /// `1. 概要`, `■対象`, お問い合わせ: what stands over a part of a text.
    Mark,
    /// A day, a time.
    Date,
    /// Counters, buttons, notes on rights.
    Meta,
    /// A word or two.
    Short,
}

/// A run of text.
pub(crate) struct Segment {
    /// Its first text node.
    pub node: usize,
    /// One past its last text node.
    pub end: usize,
    pub chars: u32,
    /// Of these, in links.
    pub linked: u32,
    pub text: String,
    pub kind: Kind,
}

impl Segment {
    pub(crate) fn is_link(&self) -> bool {
        self.linked * 10 >= self.chars * 7
    }
}

/// The runs of text in a subtree, dropped parts left out, in one walk.
pub(crate) fn segments(page: &Page<'_>, root: usize) -> Vec<Segment> {
    let mut out = Vec::new();
    let mut open = Segment { node: 0, end: 0, chars: 0, linked: 0, text: String::new(), kind: Kind::Short };
    // Ends of the blocks that are open.
    let mut blocks: Vec<usize> = Vec::new();
    let mut link_until = 0;
    let mut at = root;
    let mut close = |open: &mut Segment| {
        if open.chars > 0 {
            let kind = kind_of(&open.text);
            let text = std::mem::take(&mut open.text);
            out.push(Segment { text, kind, ..*open });
        }
        *open = Segment { node: 0, end: 0, chars: 0, linked: 0, text: String::new(), kind: Kind::Short };
    };
    while at < page.nodes[root].end {
        while blocks.last().is_some_and(|end| *end <= at) {
            blocks.pop();
            close(&mut open);
        }
        let node = &page.nodes[at];
        if node.dropped || matches!(page.tag(at), "rt" | "rp") {
            at = node.end;
            continue;
        }
        match node.node {
            Node::Text(text) if node.chars > 0 => {
                if open.chars == 0 {
                    open.node = at;
                }
                open.end = at + 1;
                open.chars += node.chars;
                open.linked += if at < link_until { node.chars } else { 0 };
                if text.starts_with(char::is_whitespace) && !open.text.is_empty() {
                    open.text.push(' ');
                }
                for (i, word) in text.split_whitespace().enumerate() {
                    if i > 0 {
                        open.text.push(' ');
                    }
                    open.text.push_str(word);
                }
                if text.ends_with(char::is_whitespace) {
                    open.text.push(' ');
                }
            }
            Node::Element(element) => {
                let tag = element.name();
                if tag == "a" && element.attr("href").is_some() {
                    link_until = link_until.max(node.end);
                } else if tag == "br" {
                    close(&mut open);
                } else if !is_inline(tag) {
                    close(&mut open);
                    blocks.push(node.end);
                }
            }
            _ => {}
        }
        at += 1;
    }
    close(&mut open);
    out
}

/// Characters of a headline at least, without its date.
const HEADLINE: usize = 9;
/// Longer than any headline.
const SENTENCE: usize = 100;

/// How sentences end that have no mark at their end.
const ENDINGS: [&str; 12] = [
    "ました",
    "ます",
    "です",
    "でした",
    "ません",
    "ください",
    "という",
    "している",
    "と発表した",
    "と明らかにした",
    "を確認した",
    "が判明した",
];

fn kind_of(text: &str) -> Kind {
    let text = text.trim();
    if furniture::is_row_of_headlines(text) || furniture::is_related_line(text) && !text.contains('。') {
        return Kind::Meta;
    }
    let line = furniture::Line::of(text);
    if line.is_line_behind() || line.meta().is_some_and(|days| days.is_empty()) {
        return Kind::Meta;
    }
    let count = text.chars().filter(|c| !c.is_whitespace()).count();
    if count <= 32 && furniture::is_date(text) {
        return Kind::Date;
    }
    if text.contains('。') && count >= 12 || count > SENTENCE {
        return Kind::Sentence;
    }
    let (rest, dated) = furniture::without_date(text);
    let rest_count = rest.chars().filter(|c| !c.is_whitespace()).count();
    // 2031/5/3 採用情報を更新しました: a headline and its day.
    if rest_count >= 20 && ENDINGS.iter().any(|e| text.ends_with(e)) {
        return Kind::Sentence;
    }
    if line.is_heading_behind() {
        return Kind::Short;
    }
    if line.is_content_heading() {
        return Kind::Mark;
    }
    // Who signs, and where to find them.
    let signed =
        ["株式会社", "有限会社", "法人", "代表取締役", "〒"].iter().any(|w| text.starts_with(w) || text.ends_with(w));
    let placed = ["丁目", "番地", "電話", "TEL", "Tel", "FAX", "@", "＠"].iter().any(|w| text.contains(w));
    if count <= 40 && (signed && count <= 24 || placed) {
        return Kind::Fact;
    }
    if dated && rest_count >= HEADLINE {
        return Kind::Headline { dated };
    }
    match classify(text) {
        Line::Pair { .. } => return Kind::Fact,
        Line::Marked { mark, .. } if rest_count <= 18 && !matches!(mark.style, ' ' | '位' | '★' | '▼') => {
            return Kind::Mark;
        }
        _ => {}
    }
    if rest_count >= HEADLINE { Kind::Headline { dated } } else { Kind::Short }
}
