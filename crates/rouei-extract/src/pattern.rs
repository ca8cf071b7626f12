//! Patterns of the lexicons, compiled so that they cost no more than a yes or a place.

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{self, Ast, GroupKind, parse::Parser};

/// What one pattern may keep of its lazy automaton in every thread. Patterns with long gaps would fill the two megabytes
/// that the library allows; thousands of them and several threads make that hundreds of megabytes.
const MOST_BYTES_OF_CACHE: usize = 1 << 18;

/// Compiles a pattern without the numbered groups, which nobody asks a lexicon for: what a match reserves grows with the
/// groups times the size of the automaton, in every thread.
///
/// # Errors
/// Where the pattern does not compile; in the words that name its own text.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let plain = ungrouped(pattern);
    RegexBuilder::new(plain.as_deref().unwrap_or(pattern)).dfa_size_limit(MOST_BYTES_OF_CACHE).build()
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
mod tests {
    use super::*;

    #[test]
    fn only_numbered_groups_are_opened() {
        for (pattern, want) in [
            ("紛失", "紛失"),
            ("(鍵|(金)庫)を", "(?:鍵|(?:金)庫)を"),
            (r"\((?:a|b)[(](?i)c(d)", r"\((?:a|b)[(](?i)c(?:d)"),
            ("(?<name>a)(b)", "(?<name>a)(?:b)"),
        ] {
            assert_eq!(ungrouped(pattern).as_deref(), Some(want), "{pattern}");
        }
        assert_eq!(ungrouped("("), None);
    }
}
