#![allow(clippy::unwrap_used)]

use rouei_model::{Block, BlockKind, Document, SourceTier, Span};
use rouei_morphology::Tokenizer;
use serde::Deserialize;

use super::*;

/// One block a line; `# ` begins a heading.
fn document(case: &Case) -> Document {
    let (mut out, mut blocks): (String, Vec<Block>) = (String::new(), Vec::new());
    for (id, line) in (0..).zip(case.text.trim().lines()) {
        let (line, kind) = match line.strip_prefix("# ") {
            Some(title) => (title, BlockKind::Heading { level: 1 }),
            None => (line, BlockKind::Paragraph),
        };
        let start = out.len();
        out.push_str(line);
        blocks.push(Block { id, kind, span: Span::new(start, out.len()), page: None });
        out.push('\n');
    }
    let (url, publisher) = (case.url.clone(), case.publisher.clone());
    Document { text: out, blocks, url, publisher, ..Document::default() }
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    url: Option<String>,
    publisher: Option<String>,
    /// The site is a blog, or that of a newspaper.
    #[serde(default)]
    elsewhere: bool,
    tier: SourceTier,
}

#[test]
fn cases_file_reads_as_labelled() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let (tokenizer, lexicon) = (Tokenizer::new().unwrap(), VoiceLexicon::embedded().unwrap());
    let mut wrong = Vec::new();
    for case in &cases.case {
        let document = document(case);
        let voice = listen(&lexicon, &Reading::new(&document, &tokenizer));
        if tier(&document, &voice, case.elsewhere) != case.tier {
            wrong.push(format!("{}\n  got {voice:?}", case.text.trim()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn lexicon_examples_hold() {
    let failures = VoiceLexicon::embedded().unwrap().failures();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_the_caller_knows_of_the_site_goes_before() {
    let known = |tier| Document { source_tier: Some(tier), ..Document::default() };
    let voice = |score| Voice { score, of_text: score, reasons: vec![] };
    let (own, told) = (voice(3.0), voice(-3.0));
    assert_eq!(tier(&known(SourceTier::Official), &told, false), SourceTier::Official);
    assert_eq!(tier(&known(SourceTier::Press), &own, false), SourceTier::Press);
    assert_eq!(tier(&known(SourceTier::Press), &own, true), SourceTier::Repost);
}
