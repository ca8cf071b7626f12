#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use rouei_model::{Block, BlockKind, Document};
use rouei_morphology::Tokenizer;
use serde::Deserialize;

use super::*;

/// One block a line; `# ` begins a heading, and `key: value` is a pair.
fn document(text: &str) -> Document {
    let (mut out, mut blocks): (String, Vec<Block>) = (String::new(), Vec::new());
    let mut push = |text: &str, kind: BlockKind| {
        let id = blocks.len() as u32;
        let start = out.len();
        out.push_str(text);
        blocks.push(Block { id, kind, span: Span::new(start, out.len()), page: None });
        out.push('\n');
        id
    };
    for line in text.trim().lines() {
        if let Some(title) = line.strip_prefix("# ") {
            push(title, BlockKind::Heading { level: 1 });
        } else if let Some((key, value)) = line.split_once(": ") {
            let key = push(key, BlockKind::Key);
            push(value, BlockKind::Value { key });
        } else {
            push(line, BlockKind::Paragraph);
        }
    }
    Document { text: out, blocks, ..Document::default() }
}

fn found(text: &str, tokenizer: &Tokenizer) -> Vec<DataTypeFinding> {
    let document = document(text);
    let reading = Reading::new(&document, tokenizer);
    find(&reading, &DataTypeLexicon::embedded().unwrap(), 0..reading.sentences.len())
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    leaked: BTreeSet<String>,
    denied: BTreeSet<String>,
}

#[test]
fn cases_file_reads_as_labelled() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let tokenizer = Tokenizer::new().unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let found = found(&case.text, &tokenizer);
        let of = |state| {
            found.iter().filter(|f| f.state == state).map(|f| f.code.code().to_owned()).collect::<BTreeSet<_>>()
        };
        let (leaked, denied) = (of(DataState::Leaked), of(DataState::Denied));
        if leaked != case.leaked || denied != case.denied {
            wrong.push(format!("{}\n  got leaked {leaked:?} denied {denied:?}", case.text.trim()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn lexicon_examples_hold() {
    let failures = DataTypeLexicon::embedded().unwrap().failures(&Tokenizer::new().unwrap());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_kind_has_an_entry() {
    let lexicon = DataTypeLexicon::embedded().unwrap();
    let missing: Vec<_> = DataTypeCode::ALL.iter().filter(|c| !lexicon.kinds.iter().any(|k| k.code == **c)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn mentions_come_in_text_order_with_their_words() {
    let text = "# 流出した情報\n住所と氏名が流出した。";
    let document = document(text);
    let reading = Reading::new(&document, &Tokenizer::new().unwrap());
    let found = find(&reading, &DataTypeLexicon::embedded().unwrap(), 0..reading.sentences.len());
    let words: Vec<_> = found.iter().map(|f| f.span.of(reading.text())).collect();
    assert_eq!(words, ["住所", "氏名"]);
}
