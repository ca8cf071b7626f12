//! `rouei text`: what rouei reads of a page.

use std::io::Write as _;

use crate::cli::TextArgs;
use crate::context::PageContext;
use crate::document;
use crate::input::Inputs;
use crate::outcome::Outcome;

/// Prints charset, metadata, issues and every block.
pub fn run(args: &TextArgs) -> anyhow::Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let mut outcome = Outcome::Done;
    for input in Inputs::new(&args.paths) {
        let document = document::open(input, &PageContext::default());
        if document.issues.iter().any(|i| i.code.is_unread()) {
            outcome = Outcome::SomeUnread;
        }
        writeln!(out, "{}", rouei_text::outline(&document))?;
    }
    Ok(outcome)
}
