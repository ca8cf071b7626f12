//! The main content of a page as blocks.

use rouei_model::{Document, Issue, IssueCode};
use scraper::Node;
use url::Url;

use crate::builder::{Builder, Context};
use crate::lines::{self, Line};
use crate::page::Page;
use crate::{content, image_release, metadata, parse, table};

/// Reads a decoded page into the document.
pub(crate) fn read_html(document: &mut Document, text: &str) {
    let html = parse::parse(text, &mut document.issues);
    let mut page = Page::new(&html);
    let said = metadata::collect(&page);
    let found = content::mark(&mut page, &said.titles());
    if !found.content {
        document
            .issues
            .push(Issue::new(IssueCode::NoMainContent, "no main content was found; the whole page was read"));
    }
    metadata::apply(said, &page, found.headline, found.lead, document);
    let base = metadata::base_url(&page, document.url.as_deref());
    let mut renderer = Renderer { page: &page, base: base.clone(), ..Renderer::new(&page) };
    renderer.run();
    renderer.out.finish(document);
    image_release::judge(&page, base.as_ref(), document);
}

/// Text with white space folded as CSS does: runs become one blank, and a line break between two wide characters
/// disappears, as Japanese is written without blanks (CSS Text 3, 4.1.3).
#[derive(Default)]
pub(crate) struct Fold {
    out: String,
    pending: Option<char>,
    keep_lines: bool,
}

impl Fold {
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' if self.keep_lines => {
                    if c == '\n' {
                        self.break_line();
                    }
                }
                '\n' | '\r' => self.pending = self.pending.or(Some('\n')),
                ' ' | '\t' | '\u{c}' => {
                    if self.pending != Some('\n') {
                        self.pending = Some(' ');
                    }
                }
                '\u{0}'..='\u{1f}' | '\u{7f}' => {}
                _ => self.push_char(c),
            }
        }
    }

    fn push_char(&mut self, c: char) {
        if let Some(blank) = self.pending.take() {
            let before = self.out.chars().next_back();
            let silent = match before {
                None | Some('\n') => true,
                Some(b) => blank == '\n' && is_wide(b) && is_wide(c),
            };
            if !silent {
                self.out.push(' ');
            }
        }
        self.out.push(c);
    }

    /// What comes next does not go on with the last word.
    pub(crate) fn part(&mut self) {
        if !self.out.is_empty() {
            self.pending = self.pending.or(Some(' '));
        }
    }

    /// The year and the day of a calendar leaf are told apart by their places.
    fn part_numbers(&mut self, next: &str) {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if self.pending.is_none() && digit(self.out.chars().next_back()) && digit(next.chars().next()) {
            self.out.push('/');
        }
    }

    pub(crate) fn break_line(&mut self) {
        self.pending = None;
        self.out.push('\n');
    }

    pub(crate) fn take(&mut self) -> String {
        self.pending = None;
        std::mem::take(&mut self.out)
    }

    fn len(&self) -> usize {
        self.out.len()
    }
}

/// `| A | 120件 |`: a row of cells between marks, or the rule under a head.
fn is_row(line: &str) -> bool {
    line.contains('|') && matches!(lines::classify(line), Line::Cells(_) | Line::Rule)
}

fn is_wide(c: char) -> bool {
    !c.is_ascii() && c != '\u{a0}' && !matches!(c, '\u{c0}'..='\u{24f}')
}

/// What is open around the node that is being read.
enum Scope {
    Block,
    List,
    Context,
    Pre,
    /// Where the text of the link starts in what is collected.
    Link(usize),
}

struct Renderer<'p, 'a> {
    page: &'p Page<'a>,
    out: Builder,
    base: Option<Url>,
    fold: Fold,
    scopes: Vec<(usize, Scope)>,
    /// Ordered or not, for each list that is open.
    lists: Vec<bool>,
    contexts: Vec<Context>,
    links: Vec<(usize, String)>,
    /// Bytes of what is collected that lie in links.
    linked: usize,
    last_key: Option<usize>,
    /// Rows of cells between marks that stand in paragraphs of their own.
    rows: Vec<String>,
    /// Of the time that is open, or was last: where its text starts in what is collected, and its end.
    day: (usize, usize),
}

impl<'p, 'a> Renderer<'p, 'a> {
    fn new(page: &'p Page<'a>) -> Self {
        Self {
            page,
            out: Builder::default(),
            base: None,
            fold: Fold::default(),
            scopes: Vec::new(),
            lists: Vec::new(),
            contexts: Vec::new(),
            links: Vec::new(),
            linked: 0,
            last_key: None,
            rows: Vec::new(),
            day: (0, 0),
        }
    }

    fn run(&mut self) {
        let mut at = 1;
        while at < self.page.nodes.len() {
            self.close_until(at);
            let node = &self.page.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            match node.node {
                Node::Text(text) => {
                    if at < self.day.1 && self.fold.len() > self.day.0 {
                        self.fold.part_numbers(text);
                    }
                    self.fold.push(text);
                }
                Node::Element(_) => {
                    if let Some(next) = self.open(at, node.end) {
                        at = next;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.close_until(usize::MAX);
        self.flush();
        self.settle_rows();
    }

    /// Drafts the rows that were collected, as one table.
    fn settle_rows(&mut self) {
        if !self.rows.is_empty() {
            let rows = std::mem::take(&mut self.rows).join("\n");
            self.out.push_lines(&rows, Context::Body);
        }
    }

    /// Enters an element; gives where to go on if its subtree was dealt with.
    fn open(&mut self, at: usize, end: usize) -> Option<usize> {
        let tag = self.page.tag(at);
        match tag {
            "rt" | "rp" => return Some(end),
            "br" => self.fold.break_line(),
            "time" => {
                // Two days side by side: posted, touched.
                if self.is_second_time(at) {
                    self.fold.part();
                }
                self.day = (self.fold.len(), end);
            }
            "a" => {
                if let Some(url) = self.page.attr(at, "href").and_then(|href| self.absolute(href)) {
                    self.links.push((self.fold.len(), url));
                    self.scopes.push((end, Scope::Link(self.fold.len())));
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.as_bytes()[1] - b'0';
                self.open_context(end, Context::Heading(level));
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.open_block(end, Scope::List);
                self.lists.push(tag == "ol");
            }
            "li" => {
                let context = match self.contexts.last() {
                    Some(value @ Context::Value { .. }) => *value,
                    _ => Context::Item {
                        depth: u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX),
                        ordered: self.lists.last().copied().unwrap_or(false),
                    },
                };
                self.open_context(end, context);
            }
            "dl" => {
                self.open_block(end, Scope::Block);
                self.last_key = None;
            }
            "dt" => self.open_context(end, Context::Key),
            "dd" => {
                self.flush();
                match self.last_key {
                    Some(key) => {
                        self.open_context(end, Context::Value { key, first: self.out.drafts.len() == key + 1 })
                    }
                    None => self.open_context(end, Context::Body),
                }
            }
            "pre" | "listing" | "xmp" => {
                self.open_block(end, Scope::Pre);
                self.fold.keep_lines = true;
            }
            "table" => {
                self.flush();
                if let Some(cells) = table::read(self.page, at) {
                    self.settle_rows();
                    self.caption(at, end);
                    let cells: Vec<table::Cell> = cells
                        .into_iter()
                        .map(|mut c| {
                            c.links = c.links.iter().filter_map(|href| self.absolute(href)).collect();
                            c
                        })
                        .collect();
                    table::draft(&mut self.out, &cells);
                    self.settle_first();
                    return Some(end);
                }
                self.open_context(end, Context::Body);
            }
            "hr" => {
                self.flush();
            }
            _ if is_inline(tag) => {}
            _ => self.open_block(end, Scope::Block),
        }
        None
    }

    /// Whether a time stands right behind another.
    fn is_second_time(&self, at: usize) -> bool {
        let before = self.page.nodes[at].previous;
        let wrapped = |i: usize| (i + 1..self.page.nodes[i].end).take(4).any(|i| self.page.tag(i) == "time");
        let parent = self.page.nodes[at].parent;
        let own = |i: usize| self.page.tag(i) == "time" || self.page.tag(i) == "span" && wrapped(i);
        before > 0 && own(before)
            || before == 0 && self.page.tag(parent) == "span" && own(self.page.nodes[parent].previous)
    }

    fn caption(&mut self, at: usize, end: usize) {
        let caption = (at + 1..end).take(8).find(|&i| self.page.tag(i) == "caption" && !self.page.nodes[i].dropped);
        if let Some(caption) = caption {
            let (text, _) = table::cell_text(self.page, caption);
            if !text.is_empty() {
                self.out.push(rouei_model::BlockKind::Heading { level: 5 }, &text);
            }
        }
    }

    fn open_block(&mut self, end: usize, scope: Scope) {
        self.flush();
        self.scopes.push((end, scope));
    }

    fn open_context(&mut self, end: usize, context: Context) {
        self.open_block(end, Scope::Context);
        self.contexts.push(context);
    }

    fn close_until(&mut self, at: usize) {
        while let Some((end, _)) = self.scopes.last()
            && *end <= at
        {
            if let Some((_, Scope::Link(start))) = self.scopes.last() {
                self.linked += self.fold.len().saturating_sub(*start);
                self.scopes.pop();
                continue;
            }
            self.flush();
            match self.scopes.pop() {
                Some((_, Scope::List)) => {
                    self.lists.pop();
                }
                Some((_, Scope::Context)) => {
                    self.contexts.pop();
                }
                Some((_, Scope::Pre)) => self.fold.keep_lines = false,
                _ => {}
            }
        }
    }

    /// Drafts what has been collected.
    fn flush(&mut self) {
        let text = self.fold.take();
        let links = std::mem::take(&mut self.links);
        let linked = std::mem::take(&mut self.linked);
        if text.trim().is_empty() {
            return;
        }
        let context = self.contexts.last().copied().unwrap_or(Context::Body);
        if context == Context::Body && links.len() >= 2 && is_link_bar(&text, linked) {
            return;
        }
        if context == Context::Body && links.is_empty() && !text.contains('\n') && is_row(text.trim()) {
            self.rows.push(text);
            return;
        }
        self.settle_rows();
        let first = self.out.drafts.len();
        let of_line = self.out.push_lines(&text, context);
        if linked > 0 && linked * 10 >= text.trim().len() * 9 {
            self.out.drafts[first..].iter_mut().for_each(|d| d.linked = true);
        }
        if context == Context::Key {
            self.last_key = self.out.drafts.len().checked_sub(1);
        }
        self.settle_first();
        let (mut seen, mut line) = (0, 0);
        for (offset, url) in links {
            line += text.get(seen..offset).map_or(0, |t| t.matches('\n').count());
            seen = seen.max(offset.min(text.len()));
            let draft = of_line[line..].iter().chain(of_line[..line].iter().rev()).find(|d| **d != usize::MAX);
            if let Some(&draft) = draft {
                self.out.links.push((draft, url));
            }
        }
    }

    /// A list item has one first text, and a value one that stands beside its key.
    fn settle_first(&mut self) {
        match self.contexts.last_mut() {
            Some(context @ Context::Item { .. }) => *context = Context::Body,
            Some(Context::Value { first, .. }) => *first = false,
            _ => {}
        }
    }

    fn absolute(&self, href: &str) -> Option<String> {
        let href = href.trim();
        let lower = href.get(..11).unwrap_or(href).to_ascii_lowercase();
        if href.is_empty()
            || href.starts_with('#')
            || ["javascript:", "mailto:", "tel:", "data:"].iter().any(|s| lower.starts_with(s))
        {
            return None;
        }
        match &self.base {
            Some(base) => base.join(href).ok().map(String::from),
            None => Some(href.to_owned()),
        }
    }
}

/// `トップ | お知らせ | リンク集`: links with nothing but separators between them.
fn is_link_bar(text: &str, linked: usize) -> bool {
    let between = text
        .chars()
        .filter(|c| matches!(c, '|' | '｜' | '>' | '＞' | '/' | '／' | '»' | '›' | '・' | ']' | '］' | '┃'))
        .count();
    between > 0 && linked * 10 >= text.len() * 7 && !text.contains('。') && !text.contains('\n')
}

pub(crate) fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "blink"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "picture"
            | "q"
            | "rb"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}
