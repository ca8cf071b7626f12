//! The cases of roles, incidents and judgement: text through the whole way, against what the files say.

use rouei_model::{Block, BlockKind, Document, Span};
use serde::Deserialize;

use crate::Extractor;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    discloses: Option<bool>,
    leads: Option<Vec<String>>,
    finds: Option<Vec<String>>,
}

fn document(text: &str) -> Document {
    let mut blocks = Vec::new();
    let mut at = 0;
    for (id, line) in text.split('\n').enumerate() {
        let span = Span::new(at, at + line.len());
        blocks.push(Block { id: id as u32, kind: BlockKind::Paragraph, span, page: None });
        at += line.len() + 1;
    }
    let title = text.lines().next().map(str::to_owned);
    Document { text: text.to_owned(), title, blocks, ..Document::default() }
}

fn check(file: &str) {
    let cases: Cases = toml::from_str(file).unwrap();
    let extractor = Extractor::new().unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let why = extractor.explain(&document(&case.text));
        let leads: Vec<&str> =
            why.incidents.iter().filter_map(|(i, _)| i.lead.as_ref()).map(|l| l.name.as_str()).collect();
        let finds: Vec<String> = why
            .incidents
            .iter()
            .flat_map(|(_, entities)| entities)
            .filter_map(|e| e.role.map(|r| format!("{}/{}", e.name, r.code())))
            .collect();
        let holds = case.discloses.is_none_or(|want| want == why.judgement.is_disclosure())
            && case.leads.as_ref().is_none_or(|want| *want == leads)
            && case.finds.as_ref().is_none_or(|want| *want == finds);
        if !holds {
            wrong.push(format!("{}\n  leads {leads:?} finds {finds:?} judgement {:?}", case.text, why.judgement));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn judgement_cases() {
    check(include_str!("judgement/cases.toml"));
}

#[test]
fn incident_cases() {
    check(include_str!("incidents/cases.toml"));
}

#[test]
fn role_cases() {
    check(include_str!("roles/cases.toml"));
}

/// A record that names nobody but a regulator goes to review, however sure its parts are.
#[test]
fn a_regulator_alone_is_reviewed() {
    let text = "名簿の紛失について\n3月4日、675名分の氏名を記した名簿を紛失していたことが判明しました。深くお詫び申し上げます。\n\
                3月6日に個人情報保護委員会に報告しました。";
    let record = Extractor::new().unwrap().extract(&document(text));
    assert!(!record.disclosures.is_empty() && record.disclosures.iter().all(|d| d.needs_review), "{record:?}");
}
