#![allow(clippy::unwrap_used)]

use std::sync::OnceLock;

use rouei_model::{Block, BlockKind, Document, Span};
use rouei_morphology::Tokenizer;
use serde::Deserialize;

use super::*;

/// One block a line; `# ` begins a heading of level 1, `## ` one of level 2, and `key: value` is a pair.
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
        } else if let Some(heading) = line.strip_prefix("## ") {
            push(heading, BlockKind::Heading { level: 2 });
        } else if let Some((key, value)) = line.split_once(": ") {
            let key = push(key, BlockKind::Key);
            push(value, BlockKind::Value { key });
        } else {
            push(line, BlockKind::Paragraph);
        }
    }
    Document { text: out, blocks, ..Document::default() }
}

fn lexicon() -> &'static CauseLexicon {
    static LEXICON: OnceLock<CauseLexicon> = OnceLock::new();
    LEXICON.get_or_init(|| CauseLexicon::embedded().unwrap())
}

fn causes(text: &str) -> Vec<CauseFinding> {
    told(text).findings
}

fn told(text: &str) -> CauseReading {
    static TOKENIZER: OnceLock<Tokenizer> = OnceLock::new();
    let document = document(text);
    let reading = Reading::new(&document, TOKENIZER.get_or_init(|| Tokenizer::new().unwrap()));
    read(&reading, lexicon(), 0..reading.sentences.len())
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    /// The main class; empty for none.
    main: String,
    /// Classes that have to stand beside it.
    #[serde(default)]
    beside: Vec<String>,
    /// Classes that must not be found.
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    source_label: Option<String>,
    #[serde(default)]
    vulnerabilities: Vec<String>,
    /// Classes that the text says it was not; not looked at where the case leaves it out.
    #[serde(default)]
    denied: Option<Vec<String>>,
    /// The title says another class than the text.
    #[serde(default)]
    contradiction: bool,
}

#[test]
fn cases_file_reads_as_labelled() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let CauseReading { findings: found, denied, contradiction } = told(&case.text);
        let denied: Vec<_> = denied.iter().map(|d| d.code.code()).collect();
        let codes: Vec<_> = found.iter().map(|f| f.code.code()).collect();
        let label = found.iter().find_map(|f| f.source_label.as_ref()).map(|l| l.text.as_str());
        let vulnerabilities = found.iter().find(|f| !f.vulnerabilities.is_empty()).map(|f| &f.vulnerabilities[..]);
        let right = codes.first().copied().unwrap_or("") == case.main
            && case.beside.iter().all(|code| codes.contains(&code.as_str()))
            && !case.never.iter().any(|code| codes.contains(&code.as_str()))
            && case.source_label.as_deref().is_none_or(|want| label == Some(want))
            && case.denied.as_ref().is_none_or(|want| denied == *want)
            && contradiction.is_some() == case.contradiction
            && vulnerabilities.unwrap_or_default() == case.vulnerabilities;
        if !right {
            let got: Vec<_> = found.iter().map(|f| format!("{} {:.1} {}", f.code.code(), f.score, f.rule)).collect();
            wrong.push(format!(
                "{}\n  want {} got {got:?} {label:?} {vulnerabilities:?} denied {denied:?} {contradiction:?}",
                case.text.trim(),
                case.main
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn every_class_has_cases() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    for code in CauseCode::ALL {
        let count = cases.case.iter().filter(|c| c.main == code.code()).count();
        assert!(count > 0, "no case for {}", code.code());
    }
}

#[test]
fn lexicon_examples_hold() {
    let failures = lexicon().failures(&Tokenizer::new().unwrap());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_failing_example_is_reported() {
    let text = include_str!("lexicon.toml").replacen("examples = [\"社内サーバーが", "examples = [\"社内の植木が", 1);
    let text = text.replacen("ランサムウェアに感染した。\"", "枯れた。\"", 1);
    let failures = CauseLexicon::parse(&text).unwrap().failures(&Tokenizer::new().unwrap());
    assert_eq!(failures, ["ransomware: misses \"社内の植木が枯れた。\""]);
}

#[test]
fn only_the_sentences_of_the_range_are_read() {
    let document = document("# 一件目、USBメモリを紛失\n職員がUSBメモリを紛失した。\n二件目、メールを誤送信した。");
    let reading = Reading::new(&document, &Tokenizer::new().unwrap());
    let codes = |range| find(&reading, lexicon(), range).iter().map(|f| f.code).collect::<Vec<_>>();
    assert_eq!(codes(0..2), [CauseCode::Loss]);
    assert_eq!(codes(2..9), [CauseCode::Misdelivery]);
    assert_eq!(codes(3..3), []);
}

#[test]
fn spans_quote_the_cues() {
    let document = document("# お詫び\n当社は㈱みどりのサーバーが不正アクセスを受けたことを確認した。");
    let reading = Reading::new(&document, &Tokenizer::new().unwrap());
    let found = find(&reading, lexicon(), 0..reading.sentences.len());
    assert_eq!(found[0].spans[0].of(reading.text()), "不正アクセス");
    assert_eq!(reading.evidence(found[0].spans[0]).quote, "不正アクセス");
}

#[test]
fn a_broken_entry_is_named() {
    let text = include_str!("lexicon.toml").replacen("pattern = '", "pattern = '(", 20);
    let message = CauseLexicon::parse(&text).unwrap_err().to_string();
    assert!(message.contains("causes/lexicon.toml, entry "), "{message}");
}

#[test]
fn confidence_falls_with_score_and_company() {
    let confidence = |text: &str| causes(text)[0].confidence;
    let clear = confidence("# USBメモリの紛失について\n職員がUSBメモリを紛失した。\n紛失に気付いたのは翌日である。");
    let weak = confidence("# お知らせ\n検索結果に名簿が表示された。");
    let torn = confidence("# 書類の紛失とメールの誤送信について\n書類を紛失し、別の日にはメールを誤送信した。");
    assert!(clear >= 0.95 && clear > torn && torn > 0.5 && weak < clear, "{clear} {torn} {weak}");
}

#[test]
fn the_table_of_precisions_covers_everything() {
    let text = include_str!("lexicon.toml").replacen("share = 0.0\nscore = 0.0", "share = 0.0\nscore = 1.0", 1);
    let message = CauseLexicon::parse(&text).unwrap_err().to_string();
    assert!(message.contains("entry precision"), "{message}");
}
