//! `rouei explain`: every finding in a sentence, with its rule, and why a number was rejected.

mod json;
mod text;

use std::io::{self, Write as _};

use rouei_extract::Explanation;
use rouei_model::{Block, BlockKind, DateOrigin, Document, PublishedDate, Span};

use crate::cli::{ExplainArgs, Format};
use crate::lexicons;
use crate::outcome::{Outcome, UsageError};

/// Runs the command.
pub fn run(args: &ExplainArgs) -> anyhow::Result<Outcome> {
    let mut sentences = args.sentences.clone();
    if let Some(file) = &args.file {
        let read =
            if file.as_os_str() == "-" { io::read_to_string(io::stdin()) } else { std::fs::read_to_string(file) };
        let text = read.map_err(|e| UsageError(format!("cannot read {}: {e}", file.display())))?;
        sentences
            .extend(text.trim_start_matches('\u{feff}').lines().filter(|l| !l.trim().is_empty()).map(str::to_owned));
    }
    if sentences.iter().all(|sentence| sentence.trim().is_empty()) {
        let message = "no sentence: give one as an argument, or a file of sentences, one a line, with --file (- for standard input)";
        return Err(UsageError(message.to_owned()).into());
    }
    let extractor = lexicons::extractor(args.lexicons.as_deref())?;
    let mut out = io::stdout().lock();
    for (number, sentence) in sentences.into_iter().enumerate() {
        let document = document(sentence, args.published);
        let explanation = extractor.explain(&document);
        match args.format {
            Format::Json => writeln!(out, "{}", json::line(&document.text, &explanation))?,
            Format::Text => {
                if number > 0 {
                    writeln!(out)?;
                }
                write!(out, "{}", text::page(&explanation)?)?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The sentence as a document: one paragraph a line, not a character changed, so that offsets are those of the input.
fn document(sentence: String, published: Option<jiff::civil::Date>) -> Document {
    let mut blocks = Vec::new();
    let mut start = 0;
    for line in sentence.split('\n') {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        if !line.trim().is_empty() {
            blocks.push(Block { id: blocks.len() as u32, kind: BlockKind::Paragraph, span, page: None });
        }
    }
    Document {
        text: sentence,
        blocks,
        published: published.map(|date| PublishedDate { date, origin: DateOrigin::Context }),
        ..Document::default()
    }
}

/// The part that the roles gave to a mention, with the rule; none where they gave it none.
fn role(explanation: &Explanation, mention: usize) -> Option<(&'static str, String)> {
    explanation.incidents.iter().flat_map(|(_, entities)| entities).find_map(|entity| {
        let role = entity.role.filter(|_| entity.mentions.contains(&mention))?;
        Some((role.code(), format!("organization/{}", entity.strongest.0)))
    })
}

/// `VerbalNoun` as `verbal_noun`: the classes of the extractor have no codes of their own.
fn code(class: impl std::fmt::Debug) -> String {
    let mut out = String::new();
    for c in format!("{class:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
