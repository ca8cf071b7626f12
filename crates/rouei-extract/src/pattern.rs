//! Patterns of the lexicons: compiled, searched and matched at the price of what they are, short words with short gaps.
//!
//! A lexicon pattern is searched in sentences of some forty characters. The general automata of the `regex` crate cost
//! more to set up for such a text than the search itself, and keep caches for each pattern in each thread. So a
//! pattern becomes a [`Program`] that backtracks, with the same meaning (leftmost, first alternative first); it counts
//! its steps, and where they are not enough, or the pattern asks for more than the program knows, the `regex` crate
//! decides, in linear time.

mod compiler;
mod program;
mod set;

use std::fmt;
use std::sync::OnceLock;

use regex::RegexBuilder;
use regex_syntax::ast::{self, Ast, GroupKind, parse::Parser};
use regex_syntax::hir::{Hir, HirKind, Repetition};

use crate::prefilter::Prefilter;
use program::{Outcome, Program};
pub(crate) use set::char_at;

/// What one pattern may keep of its lazy automaton in every thread, where the `regex` crate has to decide.
const MOST_BYTES_OF_CACHE: usize = 1 << 18;

/// A compiled pattern; matches as [`regex::Regex`] does.
pub struct Regex {
    source: String,
    /// Finds where; none where the pattern asks for more than a program knows.
    finds: Option<Box<Program>>,
    /// Only says whether: without what may be left out at either end; none where that is nothing.
    tells: Option<Box<Program>>,
    /// Built when a program first gives up; none where it cannot be built.
    exact: OnceLock<Option<regex::Regex>>,
    /// What every match requires, where the pattern is asked by itself and by no table.
    required: Option<Box<Prefilter>>,
}

/// Where a pattern matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// Compiles a pattern without the numbered groups, which nobody asks a lexicon for: what a match reserves grows with the
/// groups times the size of the automaton, in every thread.
///
/// # Errors
/// Where the pattern does not compile; in the words that name its own text.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let source = ungrouped(pattern).unwrap_or_else(|| pattern.to_owned());
    let hir = regex_syntax::parse(&source).ok();
    let finds = hir.as_ref().and_then(Program::new);
    // A pattern that may match nothing has rules of its own for what follows an empty match.
    let finds = finds.filter(|_| hir.as_ref().is_some_and(|h| h.properties().minimum_len() > Some(0)));
    let shorter = hir.as_ref().map(bare).filter(|bare| finds.is_none() || Some(bare) != hir.as_ref());
    let tells = shorter.as_ref().and_then(Program::new);
    // Boxed, for lexicons hold hundreds of patterns by value and go through the stack.
    let (finds, tells) = (finds.map(Box::new), tells.map(Box::new));
    let out = Regex { source, finds, tells, exact: OnceLock::new(), required: None };
    if out.finds.is_none() {
        let built = build(&out.source)?;
        out.exact.get_or_init(|| Some(built));
    }
    Ok(out)
}

/// As [`compile`], for a pattern that is asked by itself: the search over a document says where it is worth trying.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_alone(pattern: &str) -> Result<Regex, regex::Error> {
    let out = compile(pattern)?;
    let required = Prefilter::new([&out]);
    Ok(Regex { required: required.requires_something().then(|| Box::new(required)), ..out })
}

fn build(pattern: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(pattern).dfa_size_limit(MOST_BYTES_OF_CACHE).build()
}

impl Regex {
    /// The pattern, without numbered groups.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it matches anywhere.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        if self.is_ruled_out(text) {
            return false;
        }
        match self.tells.as_ref().or(self.finds.as_ref()).map(|program| program.find(text, 0)) {
            Some(Outcome::At(..)) => true,
            Some(Outcome::Nowhere) => false,
            Some(Outcome::OutOfSteps) | None => self.exact().is_some_and(|exact| exact.is_match(text)),
        }
    }

    /// The leftmost match.
    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The leftmost match that begins at this byte or behind it; what stands before it is still seen.
    #[must_use]
    pub fn find_at<'t>(&self, text: &'t str, from: usize) -> Option<Match<'t>> {
        if self.is_ruled_out(text) { None } else { self.try_at(text, from) }
    }

    fn try_at<'t>(&self, text: &'t str, from: usize) -> Option<Match<'t>> {
        match self.finds.as_ref().map(|program| program.find(text, from)) {
            Some(Outcome::At(start, end)) => Some(Match { text, start, end }),
            Some(Outcome::Nowhere) => None,
            Some(Outcome::OutOfSteps) | None => {
                let found = self.exact()?.find_at(text, from)?;
                Some(Match { text, start: found.start(), end: found.end() })
            }
        }
    }

    /// All matches that do not overlap, from the left.
    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> impl Iterator<Item = Match<'t>> + use<'r, 't> {
        let ruled_out = self.is_ruled_out(text);
        let mut exact =
            (self.finds.is_none() && !ruled_out).then(|| self.exact().map(|exact| exact.find_iter(text))).flatten();
        let mut from = 0;
        std::iter::from_fn(move || {
            if let Some(exact) = &mut exact {
                return exact.next().map(|m| Match { text, start: m.start(), end: m.end() });
            }
            let found = (from <= text.len() && !ruled_out).then(|| self.try_at(text, from)).flatten()?;
            from = found.end;
            Some(found)
        })
    }

    /// Whether the text, a part of the document that is being read, lacks what every match holds.
    fn is_ruled_out(&self, text: &str) -> bool {
        self.required.as_ref().is_some_and(|required| required.in_document(text).is_some_and(|held| held.is_empty()))
    }

    fn exact(&self) -> Option<&regex::Regex> {
        self.exact.get_or_init(|| build(&self.source).ok()).as_ref()
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.source).finish()
    }
}

impl<'t> Match<'t> {
    /// First byte.
    #[must_use]
    pub fn start(&self) -> usize {
        self.start
    }

    /// Behind the last byte.
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// What matched.
    #[must_use]
    pub fn as_str(&self) -> &'t str {
        &self.text[self.start..self.end]
    }
}

/// A pattern that matches in the same texts, though not at the same place: nothing optional at either end.
fn bare(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => bare(&capture.sub),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(bare).collect()),
        HirKind::Repetition(repetition) => {
            let sub = (*repetition.sub).clone();
            match repetition.min {
                0 => Hir::empty(),
                1 => bare(&sub),
                _ => hir.clone(),
            }
        }
        HirKind::Concat(parts) => {
            let mut parts: Vec<Hir> = parts.clone();
            let optional = |hir: &Hir| {
                matches!(hir.kind(), HirKind::Empty) || matches!(hir.kind(), HirKind::Repetition(r) if r.min == 0)
            };
            while parts.last().is_some_and(optional) {
                parts.pop();
            }
            let first = parts.iter().take_while(|part| optional(part)).count();
            parts.drain(..first);
            if let Some(part) = parts.first_mut() {
                shorten(part);
            }
            if let Some(part) = parts.last_mut() {
                shorten(part);
            }
            Hir::concat(parts)
        }
        _ => hir.clone(),
    }
}

/// At an end, no more repetitions than must be.
fn shorten(part: &mut Hir) {
    if let HirKind::Repetition(repetition) = part.kind() {
        let shortest = Repetition { max: Some(repetition.min), ..repetition.clone() };
        *part = Hir::repetition(shortest);
    }
}

/// The pattern with `(?:` for every `(` of a numbered group; none where it does not parse.
fn ungrouped(pattern: &str) -> Option<String> {
    let ast = Parser::new().parse(pattern).ok()?;
    let mut groups = ast::visit(&ast, Groups(Vec::new())).ok()?;
    groups.sort_unstable();
    let mut out = String::with_capacity(pattern.len() + 2 * groups.len());
    let mut from = 0;
    for at in groups {
        out.push_str(&pattern[from..=at]);
        out.push_str("?:");
        from = at + 1;
    }
    out.push_str(&pattern[from..]);
    Some(out)
}

/// Where numbered groups open.
struct Groups(Vec<usize>);

impl ast::Visitor for Groups {
    type Output = Vec<usize>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Vec<usize>, Self::Err> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::Group(group) = ast
            && matches!(group.kind, GroupKind::CaptureIndex(_))
        {
            self.0.push(group.span.start.offset);
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
