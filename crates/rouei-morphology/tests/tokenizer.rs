//! Cuts and classes of sentences, the domain words, and what holds for any text.
#![allow(clippy::unwrap_used)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rouei_morphology::{Token, Tokenizer, WordClass};

fn tokens(text: &str) -> Vec<Token> {
    static TOKENIZER: OnceLock<Tokenizer> = OnceLock::new();
    let mut out = Vec::new();
    TOKENIZER.get_or_init(|| Tokenizer::new().unwrap()).tokenize(text, &mut out);
    out
}

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    words: String,
}

#[test]
fn sentences_are_cut_and_classed() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let written = |text: &str| {
        let word = |t: &Token| format!("{}/{}{:?}", &text[t.start..t.end], if t.known { "" } else { "+" }, t.class);
        tokens(text).iter().map(word).collect::<Vec<_>>().join(" ")
    };
    let wrong: Vec<_> = cases.case.iter().map(|c| (written(&c.text), &c.words)).filter(|(a, b)| a != *b).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[derive(serde::Deserialize)]
struct DomainWord {
    surface: String,
    class: String,
    example: String,
    reason: String,
}

#[test]
fn each_domain_word_is_one_word_in_its_example() {
    let words: Vec<DomainWord> = csv::Reader::from_reader(&include_bytes!("../dictionary/domain.csv")[..])
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap();
    let sorted = words.windows(2).all(|pair| pair[0].surface < pair[1].surface);
    assert!(sorted, "dictionary/domain.csv must be sorted by surface, without repeats");
    let mut wrong = Vec::new();
    for word in &words {
        let class = match word.class.as_str() {
            "verbal_noun" => WordClass::VerbalNoun,
            "noun" => WordClass::Noun,
            "organization" => WordClass::Organization,
            "counter" => WordClass::Counter,
            other => panic!("{}: class {other}", word.surface),
        };
        assert!(!word.reason.is_empty(), "{}: no reason", word.surface);
        let found = tokens(&word.example);
        if !found.iter().any(|t| word.example[t.start..t.end] == word.surface && t.class == class) {
            let cut: Vec<_> = found.iter().map(|t| &word.example[t.start..t.end]).collect();
            wrong.push(format!("{}: {}", word.surface, cut.join("|")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn check_cover(text: &str) {
    let mut covered = 0;
    for token in tokens(text) {
        assert!(covered <= token.start && token.start < token.end, "{token:?} in {text:?}");
        assert!(text[covered..token.start].trim().is_empty(), "gap before {token:?} in {text:?}");
        assert!(text.is_char_boundary(token.end));
        covered = token.end;
    }
    assert!(text[covered..].trim().is_empty(), "rest of {text:?} from {covered}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn words_cover_any_text(text in any::<String>()) {
        check_cover(&text);
    }

    #[test]
    fn words_cover_japanese_text(text in "[ぁ-んァ-ヶ一-龠0-9a-zＡ-Ｚ、。「」 　\n\t㈱ー]{0,200}") {
        check_cover(&text);
    }

    #[test]
    fn words_cover_long_text(piece in "[ぁ-ん一-龠a-z0-9、 ]{1,12}", times in 400usize..900) {
        check_cover(&piece.repeat(times));
    }
}

/// Ten times the text may take ten times as long, with room for a busy machine, but never a hundred times.
#[test]
fn time_grows_linearly_even_in_a_line_of_one_character() {
    let time = |text: &str| {
        let start = Instant::now();
        assert!(!tokens(text).is_empty());
        start.elapsed().max(Duration::from_millis(1))
    };
    for unit in ["ー", "a", "0", "あ", "漢", "龘", "◆", " a"] {
        let (short, long) = (time(&unit.repeat(20_000)), time(&unit.repeat(200_000)));
        assert!(long < short * 50, "{unit}: {short:?} for 20,000 but {long:?} for 200,000 characters");
    }
}

#[test]
fn a_tokenizer_is_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Tokenizer>();
    let here = tokens("委託先の社員が名簿を紛失した");
    let there = std::thread::spawn(|| tokens("委託先の社員が名簿を紛失した")).join().unwrap();
    assert_eq!(here, there);
}
