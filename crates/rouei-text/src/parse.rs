use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use html5ever::TokenizerResult;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use rouei_model::{Issue, IssueCode, MAX_ATTRIBUTES, bounded_markup};
use scraper::{Html, HtmlTreeSink};

/// Open elements beyond this are flattened: html5ever walks its stack for every tag, so nesting costs its square.
const MAX_DEPTH: usize = 512;
/// Tags and texts beyond this are not built into the tree; each costs some 450 bytes while the page is read.
const MAX_TOKENS: u64 = 80_000;
/// The true depth of the tree builder is looked up once in so many tags, so that looking stays cheap.
const CHECK_EVERY: u32 = 64;
const CHUNK_BYTES: usize = 1 << 16;

/// One parse of a page into scraper's tree, in time linear in the text whatever the nesting.
pub(crate) fn parse(text: &str, issues: &mut Vec<Issue>) -> Html {
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(DepthCap::around(builder), TokenizerOpts::default());
    let input = BufferQueue::default();
    let bounded = bounded_markup(text);
    if bounded.exceeded {
        let message = format!("a tag had more than {MAX_ATTRIBUTES} attributes; the rest of them was not read");
        issues.push(Issue::new(IssueCode::TooLarge, message));
    }
    let mut rest = &*bounded.text;
    while !rest.is_empty() && !tokenizer.sink.is_full() {
        let mut cut = rest.len().min(CHUNK_BYTES);
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        input.push_back(StrTendril::from_slice(&rest[..cut]));
        rest = &rest[cut..];
        // A finished <script> hands control back; nothing is run, so the tokenizer goes on at once.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let sink = tokenizer.sink;
    if sink.flattened.get() > 0 {
        let message =
            format!("{} elements were nested deeper than {MAX_DEPTH} and were flattened", sink.flattened.get());
        issues.push(Issue::new(IssueCode::NestingTooDeep, message));
    }
    if sink.is_full() {
        let message = format!("the page has more than {MAX_TOKENS} tags and texts; the rest was not read");
        issues.push(Issue::new(IssueCode::TooLarge, message));
    }
    sink.builder.sink.finish()
}

/// Stands between tokenizer and tree builder and drops the tags of elements that would lie too deep.
struct DepthCap<S: TreeSink> {
    builder: TreeBuilder<S::Handle, S>,
    too_deep: Cell<bool>,
    until_check: Cell<u32>,
    tokens: Cell<u64>,
    flattened: Cell<u64>,
    /// Dropped start tags by name, whose end tags have to be dropped as well.
    dropped: RefCell<BTreeMap<String, u32>>,
}

struct Counter<H>(Cell<usize>, std::marker::PhantomData<H>);

impl<H> Tracer for Counter<H> {
    type Handle = H;
    fn trace_handle(&self, _: &H) {
        self.0.set(self.0.get() + 1);
    }
}

impl<S: TreeSink> DepthCap<S>
where
    S::Handle: Clone,
{
    fn around(builder: TreeBuilder<S::Handle, S>) -> Self {
        Self {
            builder,
            too_deep: Cell::new(false),
            until_check: Cell::new(CHECK_EVERY),
            tokens: Cell::new(0),
            flattened: Cell::new(0),
            dropped: RefCell::new(BTreeMap::new()),
        }
    }

    fn is_full(&self) -> bool {
        self.tokens.get() > MAX_TOKENS
    }

    /// Whether the tag may reach the tree builder.
    fn admits(&self, tag: &Tag) -> bool {
        match tag.kind {
            TagKind::StartTag if self.too_deep.get() && !is_void(&tag.name) => {
                self.flattened.set(self.flattened.get() + 1);
                if !tag.self_closing {
                    *self.dropped.borrow_mut().entry(tag.name.to_string()).or_default() += 1;
                }
                return false;
            }
            TagKind::EndTag if self.flattened.get() > 0 => {
                if let Some(count) = self.dropped.borrow_mut().get_mut(&*tag.name).filter(|c| **c > 0) {
                    *count -= 1;
                    return false;
                }
            }
            _ => {}
        }
        let left = self.until_check.get();
        if left > 0 {
            self.until_check.set(left - 1);
        } else {
            self.until_check.set(CHECK_EVERY);
            let counter = Counter(Cell::new(0), std::marker::PhantomData);
            self.builder.trace_handles(&counter);
            self.too_deep.set(counter.0.get() > MAX_DEPTH);
        }
        true
    }
}

/// Tags whose content the tokenizer reads in a state of its own must reach the tree builder, or markup inside a script
/// would be read as markup.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "wbr"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "track"
            | "script"
            | "style"
            | "textarea"
            | "title"
            | "iframe"
            | "noembed"
            | "noframes"
            | "xmp"
    )
}

impl<S: TreeSink> TokenSink for DepthCap<S>
where
    S::Handle: Clone,
{
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        if !matches!(token, Token::EOFToken) {
            if self.is_full() {
                return TokenSinkResult::Continue;
            }
            if let Token::TagToken(tag) = &token
                && !self.admits(tag)
            {
                return TokenSinkResult::Continue;
            }
            self.tokens.set(self.tokens.get() + 1);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
