use ego_tree::iter::Edge;
use scraper::{Html, Node, node::Element};

/// The tree of a page laid out in document order, so that a subtree is a range, with what was measured of each node.
pub(crate) struct Page<'a> {
    /// The document node comes first.
    pub nodes: Vec<PageNode<'a>>,
}

/// One node: an element, a text, or something to pass over.
pub(crate) struct PageNode<'a> {
    pub node: &'a Node,
    pub parent: usize,
    /// The node before it with the same parent, or 0.
    pub previous: usize,
    /// One past the last node of the subtree.
    pub end: usize,
    /// Taken out of the main content, with its subtree.
    pub dropped: bool,
    /// Characters other than blanks in the subtree, dropped parts left out.
    pub chars: u32,
    /// Of these, characters inside links.
    pub linked: u32,
    /// Characters outside links in texts that hold `。` or `、`: running text.
    pub prose: u32,
    /// Links in the subtree.
    pub links: u32,
    /// Tables in the subtree, itself included.
    pub tables: u32,
    /// Of a text: its characters other than blanks, and whether it holds `。` or `、`.
    own: (u32, bool),
}

/// However empty its elements are, a text is looked for in so many nodes.
const MAX_VISITED: usize = 4096;

impl<'a> Page<'a> {
    pub(crate) fn new(html: &'a Html) -> Self {
        let mut nodes: Vec<PageNode<'a>> = Vec::new();
        // What is open, each with its last child so far.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let at = nodes.len();
                    let (parent, previous) =
                        open.last_mut().map_or((0, 0), |(parent, last)| (*parent, std::mem::replace(last, at)));
                    open.push((at, 0));
                    nodes.push(PageNode {
                        node: node.value(),
                        parent,
                        previous,
                        end: 0,
                        dropped: false,
                        chars: 0,
                        linked: 0,
                        prose: 0,
                        links: 0,
                        tables: 0,
                        own: node.value().as_text().map_or((0, false), |text| own(text)),
                    });
                }
                Edge::Close(_) => {
                    if let Some((at, _)) = open.pop() {
                        nodes[at].end = nodes.len();
                    }
                }
            }
        }
        let mut page = Self { nodes };
        page.measure();
        page
    }

    /// Counts text and links anew, after parts were dropped.
    pub(crate) fn measure(&mut self) {
        let mut in_link_until = 0;
        let mut at = 0;
        for node in &mut self.nodes {
            (node.chars, node.linked, node.prose, node.links, node.tables) = (0, 0, 0, 0, 0);
        }
        while at < self.nodes.len() {
            let node = &mut self.nodes[at];
            if node.dropped {
                at = node.end;
                continue;
            }
            match node.node {
                Node::Text(_) => {
                    let (chars, prose) = node.own;
                    let linked = at < in_link_until;
                    node.chars = chars;
                    node.linked = if linked { chars } else { 0 };
                    node.prose = if !linked && prose { chars } else { 0 };
                }
                Node::Element(element) if element.name() == "a" && element.attr("href").is_some() => {
                    in_link_until = in_link_until.max(node.end);
                    node.links = 1;
                }
                Node::Element(element) if element.name() == "table" => node.tables = 1,
                _ => {}
            }
            at += 1;
        }
        for at in (1..self.nodes.len()).rev() {
            let node = &self.nodes[at];
            if node.dropped {
                continue;
            }
            let (parent, chars, linked, prose) = (node.parent, node.chars, node.linked, node.prose);
            let (links, tables) = (node.links, node.tables);
            let parent = &mut self.nodes[parent];
            parent.chars += chars;
            parent.linked += linked;
            parent.prose += prose;
            parent.links += links;
            parent.tables += tables;
        }
    }

    pub(crate) fn element(&self, at: usize) -> Option<&'a Element> {
        self.nodes[at].node.as_element()
    }

    /// Name of the element, or `""`.
    pub(crate) fn tag(&self, at: usize) -> &'a str {
        self.element(at).map_or("", Element::name)
    }

    pub(crate) fn attr(&self, at: usize, name: &str) -> Option<&'a str> {
        self.element(at)?.attr(name)
    }

    pub(crate) fn children(&self, at: usize) -> Children<'_, 'a> {
        Children { page: self, next: at + 1, end: self.nodes[at].end }
    }

    pub(crate) fn siblings_after(&self, at: usize) -> Children<'_, 'a> {
        let node = &self.nodes[at];
        Children { page: self, next: node.end, end: self.nodes[node.parent].end }
    }

    pub(crate) fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(at), |&n| (n > 0).then(|| self.nodes[n].parent)).skip(1)
    }

    /// Whether the node or something above it was dropped.
    pub(crate) fn is_gone(&self, at: usize) -> bool {
        self.nodes[at].dropped || self.ancestors(at).any(|a| self.nodes[a].dropped)
    }

    pub(crate) fn link_density(&self, at: usize) -> f64 {
        let node = &self.nodes[at];
        if node.chars == 0 { 0.0 } else { f64::from(node.linked) / f64::from(node.chars) }
    }

    /// Whether all text of an element is a link to the first page of the site.
    pub(crate) fn is_home_link(&self, at: usize) -> bool {
        let home = |href: &str| {
            let path = href.trim().split(['?', '#']).next().unwrap_or("").trim_start_matches("./");
            let path = match path.split_once("://") {
                Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
                None => path.trim_start_matches('/'),
            };
            !href.trim().starts_with('#')
                && matches!(path, "" | "index.html" | "index.htm" | "index.php" | "top.html" | "home" | "home/")
        };
        // A heading with its link is small.
        let link = (at..self.nodes[at].end).take(40).chain(self.ancestors(at).take(3)).find(|&i| self.tag(i) == "a");
        link.is_some_and(|a| self.nodes[a].chars >= self.nodes[at].chars && self.attr(a, "href").is_some_and(home))
    }

    /// The text of a subtree without its dropped parts, white space folded to single blanks; at most `limit` bytes or so.
    pub(crate) fn text(&self, at: usize, limit: usize) -> String {
        let mut out = String::with_capacity(limit.min(self.nodes[at].chars as usize * 3 + 16));
        self.each_char(at, limit, |c| out.push(c));
        out.truncate(out.trim_end().len());
        out
    }

    /// As [`Self::text`], without blanks.
    pub(crate) fn squeezed(&self, at: usize, limit: usize) -> String {
        let mut out = String::with_capacity(limit.min(self.nodes[at].chars as usize * 3));
        self.each_char(at, limit, |c| {
            if c != ' ' {
                out.push(c);
            }
        });
        out
    }

    fn each_char(&self, at: usize, limit: usize, mut push: impl FnMut(char)) {
        let (mut length, mut last) = (0, ' ');
        let mut add = |c: char| {
            // No text begins with a blank, and none has two side by side.
            if c != ' ' || last != ' ' {
                push(c);
                length += c.len_utf8();
                last = c;
            }
            length
        };
        let mut i = at;
        let mut left = MAX_VISITED;
        let mut so_far = 0;
        while i < self.nodes[at].end && so_far < limit && left > 0 {
            left -= 1;
            let node = &self.nodes[i];
            if node.dropped || matches!(self.tag(i), "rt" | "rp" | "script" | "style") {
                i = node.end;
                continue;
            }
            if let Node::Text(text) = node.node {
                for c in text.chars() {
                    so_far = add(if c.is_whitespace() { ' ' } else { c });
                }
            } else if matches!(self.tag(i), "br" | "p" | "div" | "li" | "td" | "th") {
                so_far = add(' ');
            }
            i += 1;
        }
    }
}

fn own(text: &str) -> (u32, bool) {
    let (mut chars, mut prose) = (0, false);
    for c in text.chars() {
        chars += u32::from(!c.is_whitespace());
        prose |= matches!(c, '。' | '、' | '，');
    }
    (chars, prose)
}

/// The children of a node that were not dropped.
#[derive(Clone)]
pub(crate) struct Children<'p, 'a> {
    page: &'p Page<'a>,
    next: usize,
    end: usize,
}

impl Iterator for Children<'_, '_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.next < self.end {
            let at = self.next;
            self.next = self.page.nodes[at].end;
            if !self.page.nodes[at].dropped {
                return Some(at);
            }
        }
        None
    }
}
