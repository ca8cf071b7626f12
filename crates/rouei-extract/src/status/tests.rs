#![allow(clippy::unwrap_used)]

use rouei_model::{Block, Document};
use rouei_morphology::Tokenizer;
use serde::Deserialize;

use super::*;

/// One block a line; `# ` begins a heading.
fn document(text: &str) -> Document {
    let (mut out, mut blocks): (String, Vec<Block>) = (String::new(), Vec::new());
    for (id, line) in (0..).zip(text.trim().lines()) {
        let (line, kind) = match line.strip_prefix("# ") {
            Some(title) => (title, BlockKind::Heading { level: 1 }),
            None => (line, BlockKind::Paragraph),
        };
        let start = out.len();
        out.push_str(line);
        blocks.push(Block { id, kind, span: Span::new(start, out.len()), page: None });
        out.push('\n');
    }
    Document { text: out, blocks, ..Document::default() }
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    leak_status: String,
    event: Event,
    stage: Stage,
}

#[test]
fn cases_file_reads_as_labelled() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let (tokenizer, lexicon) = (Tokenizer::new().unwrap(), StatusLexicon::embedded().unwrap());
    let mut wrong = Vec::new();
    for case in &cases.case {
        let document = document(&case.text);
        let reading = Reading::new(&document, &tokenizer);
        let found = find(&reading, &lexicon, 0..reading.sentences.len());
        let leak = found.leak_status.map_or("", LeakStatus::code);
        if (leak, found.event, found.stage) != (&case.leak_status, case.event, case.stage) {
            wrong.push(format!("{}\n  got {found:?}", case.text.trim()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn lexicon_examples_hold() {
    let failures = StatusLexicon::embedded().unwrap().failures();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_empty_range_tells_nothing() {
    let document = document("# 職員を逮捕\n個人情報が流出した。");
    let reading = Reading::new(&document, &Tokenizer::new().unwrap());
    let found = find(&reading, &StatusLexicon::embedded().unwrap(), 0..0);
    assert_eq!((found.leak_status, found.event, found.stage), (None, Event::Incident, Stage::First));
}

#[test]
fn spans_quote_what_decided() {
    let document = document("# 不正アクセスについて(第2報)\n個人情報が流出した可能性がある。");
    let reading = Reading::new(&document, &Tokenizer::new().unwrap());
    let found = find(&reading, &StatusLexicon::embedded().unwrap(), 0..2);
    assert_eq!(found.stage_span.unwrap().of(reading.text()), "第2報");
    assert_eq!(found.leak_span.unwrap().of(reading.text()), "流出した可能性");
    assert_eq!(found.rules, ["leak/possible", "stage/numbered"]);
}

#[test]
fn every_cause_but_two_implies_a_leak_status() {
    use rouei_model::CauseCode;
    let lexicon = StatusLexicon::embedded().unwrap();
    let silent: Vec<_> = CauseCode::ALL.iter().copied().filter(|&code| lexicon.implied(code).is_none()).collect();
    assert_eq!(silent, [CauseCode::Other, CauseCode::Unknown]);
    assert_eq!(lexicon.implied(CauseCode::Misdelivery), Some(LeakStatus::Confirmed));
    assert_eq!(lexicon.implied(CauseCode::Theft), Some(LeakStatus::Possible));
}

#[test]
fn a_main_cause_sets_aside_what_an_entry_decided() {
    use rouei_model::CauseCode;
    let lexicon = StatusLexicon::embedded().unwrap();
    let status = |text: &str, main| {
        let document = document(text);
        let reading = Reading::new(&document, &Tokenizer::new().unwrap());
        let mut found = find(&reading, &lexicon, 0..reading.sentences.len());
        found.weigh_cause(&lexicon, main);
        found.leak_status
    };
    let open = "# お知らせ\n名簿が外部から閲覧できる状態になっていた。";
    assert_eq!(status(open, CauseCode::Misconfiguration), Some(LeakStatus::Possible));
    assert_eq!(status(open, CauseCode::Publishing), Some(LeakStatus::Confirmed));
    let unseen = "# お知らせ\n情報の流出は確認されていない。";
    assert_eq!(status(unseen, CauseCode::UnauthorizedAccess), Some(LeakStatus::None));
    assert_eq!(status(unseen, CauseCode::Loss), Some(LeakStatus::Possible));
}
