//! One line and what is known of it.

use std::cell::{Cell, OnceCell};

use super::bare::{bare, ends};
use super::ways::Kinds;
use super::{CONTENT_HEADING, HEADING, HEADING_BEHIND, LINE, LINE_BEHIND, RELATED, WORDS, is_related_line, meta};

/// A line, folded and judged at most once however often it is asked.
pub(crate) struct Line<'t> {
    text: &'t str,
    bare: OnceCell<String>,
    /// Which kinds it was asked for, and of which it is.
    asked: Cell<Kinds>,
    known: Cell<Kinds>,
    meta: OnceCell<Option<String>>,
    related_line: OnceCell<bool>,
}

impl<'t> Line<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let (asked, known) = (Cell::new(0), Cell::new(0));
        Self { text, bare: OnceCell::new(), asked, known, meta: OnceCell::new(), related_line: OnceCell::new() }
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// Whether a pattern of this kind matches; a line longer than so many characters of four bytes is none.
    pub(super) fn is(&self, kind: Kinds, longest: usize) -> bool {
        if self.text.len() > longest * 4 {
            return false;
        }
        if self.asked.get() & kind == 0 {
            self.asked.set(self.asked.get() | kind);
            // Of most lines the ends say enough.
            let may = self.bare.get().is_some() || ends(self.text).is_none_or(|ends| WORDS.lines.may_match(ends, kind));
            if may && WORDS.lines.matches(self.bare.get_or_init(|| bare(self.text)), kind) {
                self.known.set(self.known.get() | kind);
            }
        }
        self.known.get() & kind != 0
    }

    /// Whether a heading stands over links to other pages, a share bar, an advert.
    pub(crate) fn is_heading(&self) -> bool {
        self.is(HEADING, 60)
    }

    /// Whether a heading that opens a box behind the story says that the box is of the site.
    pub(crate) fn is_heading_behind(&self) -> bool {
        self.is(HEADING_BEHIND, 60)
    }

    /// Whether a name, as the key of a pair, announces other articles.
    pub(crate) fn is_related(&self) -> bool {
        self.is(RELATED, 60)
    }

    /// Whether a line by itself is furniture.
    pub(crate) fn is_line(&self) -> bool {
        self.is(LINE, 160)
    }

    /// Whether a line behind sentences of the story is furniture.
    pub(crate) fn is_line_behind(&self) -> bool {
        self.is(LINE_BEHIND, 160)
    }

    /// Whether a short text stands over a part of a notice: 概要, お問い合わせ先.
    pub(crate) fn is_content_heading(&self) -> bool {
        self.is(CONTENT_HEADING, 24)
    }

    /// As [`is_related_line`].
    pub(crate) fn is_related_line(&self) -> bool {
        *self.related_line.get_or_init(|| is_related_line(self.text))
    }

    /// As [`meta`].
    pub(crate) fn meta(&self) -> Option<&str> {
        self.meta.get_or_init(|| meta(self.text)).as_deref()
    }
}
