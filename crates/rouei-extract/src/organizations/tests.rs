use rouei_model::{Block, BlockKind, Document, Span};
use rouei_morphology::Tokenizer;
use serde::Deserialize;

use super::*;
use crate::reading::Reading;

fn document(text: &str) -> Document {
    let mut blocks = Vec::new();
    let mut at = 0;
    for (id, line) in text.split('\n').enumerate() {
        let span = Span::new(at, at + line.len());
        blocks.push(Block { id: id as u32, kind: BlockKind::Paragraph, span, page: None });
        at += line.len() + 1;
    }
    Document { text: text.to_owned(), blocks, ..Document::default() }
}

fn names(text: &str) -> Vec<OrganizationFinding> {
    let document = document(text);
    let tokenizer = Tokenizer::new().unwrap();
    let reading = Reading::new(&document, &tokenizer);
    let lexicon = OrganizationLexicon::embedded().unwrap();
    let all = 0..reading.sentences.len();
    find(&reading, &lexicon, all)
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    /// `name/kind/mention`, in text order.
    finds: Vec<String>,
}

#[test]
fn cases_file_reads_as_labelled() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let found: Vec<String> = names(&case.text)
            .iter()
            .filter(|f| f.mention != Mention::Bare || f.quoted || case.finds.iter().any(|w| w.starts_with(&f.name)))
            .map(|f| format!("{}/{:?}/{:?}", f.name, f.kind, f.mention).to_lowercase())
            .collect();
        let wanted: Vec<String> = case.finds.iter().map(|w| w.to_lowercase()).collect();
        if found != wanted {
            wrong.push(format!("{}\n  want {wanted:?}\n  got  {found:?}", case.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn lexicon_examples_hold() {
    let lexicon = OrganizationLexicon::embedded().unwrap();
    let mut wrong = Vec::new();
    for entry in lexicon.entries() {
        for example in &entry.examples {
            if names(example).is_empty() && !entry.name.starts_with("generic") && !entry.name.starts_with("contractor")
            {
                wrong.push(format!("{}: nothing found in {example}", entry.name));
            }
        }
        for example in &entry.counterexamples {
            let mut found = names(example);
            found.retain(|f| f.mention != Mention::FirstPerson || entry.name.starts_with("first_person"));
            if !found.is_empty() {
                wrong.push(format!("{}: {:?} found in {example}", entry.name, found[0].name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn abbreviations_are_the_same_organization() {
    for (a, b, same) in [
        ("北碧大", "北碧大学", true),
        ("碧大", "碧海大学", true),
        ("三笠野市教委", "三笠野市教育委員会", true),
        ("北碧県灯台市", "灯台市", true),
        ("ホシヅキ", "ホシヅキコーポレーション", true),
        ("三笠野市", "三笠野市教育委員会", false),
        ("北碧大学", "南碧大学", false),
        ("北碧県", "北碧県三笠野市", false),
    ] {
        assert_eq!(same_organization(a, b), same, "{a} / {b}");
    }
}
