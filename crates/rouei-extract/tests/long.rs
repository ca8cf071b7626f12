//! One sentence without an end: what stands in it is set against all else in it, and the cost has to stay by its length.
//! So no sentence is longer than a bound; the time is looked at as well, generously. The same of pages of thousands of
//! headings or tables.

#![allow(clippy::unwrap_used, missing_docs)]

use std::time::{Duration, Instant};

use rouei_extract::Extractor;
use rouei_extract::reading::Reading;
use rouei_morphology::Tokenizer;
use rouei_text::{Format, Hints};

const CHARACTERS: usize = 8_000;
/// Bytes of a sentence: twice the bound behind which it is cut at a comma, and a word.
const LONGEST: usize = 8_200;

#[test]
fn a_sentence_without_an_end_costs_by_its_length() {
    let extractor = Extractor::new().unwrap();
    let tokenizer = Tokenizer::new().unwrap();
    for piece in [
        "12人の氏名、",
        "顧客12人と",
        "九",
        "1,",
        "株式会社霧雨",
        "「漏えいした。",
        "4月5日に、",
        "誤送信が原因で",
        "委託先の霧雨社が、",
        "見本@example.jp ",
    ] {
        let text =
            "霧影市は12日、名簿が漏えいしたと発表した。".to_owned() + &piece.repeat(CHARACTERS / piece.chars().count());
        let document = rouei_text::read(text.as_bytes(), &Hints { format: Some(Format::Text), ..Hints::default() });
        let reading = Reading::new(&document, &tokenizer);
        let longest = reading.sentences.iter().map(|s| s.span.end - s.span.start).max().unwrap();
        // A row of numerals is one word, and no word is cut.
        assert!(longest <= LONGEST || piece == "九", "{piece}: {longest} bytes");
        let started = Instant::now();
        let extraction = extractor.extract(&document);
        assert!(started.elapsed() < Duration::from_secs(60), "{piece}: {:?}", started.elapsed());
        for count in extraction.disclosures.iter().flat_map(|d| &d.counts) {
            let evidence = &count.evidence[0];
            let quote: String =
                document.text.chars().skip(evidence.start).take(evidence.end - evidence.start).collect();
            assert_eq!(quote, evidence.quote, "{piece}");
        }
    }
}

/// Names that differ from each other.
fn name(number: usize) -> String {
    const LETTERS: [char; 10] = ['山', '川', '田', '森', '林', '池', '原', '野', '島', '崎'];
    format!("{number:04}").bytes().map(|digit| LETTERS[usize::from(digit - b'0')]).collect()
}

#[test]
fn a_page_of_many_headings_or_tables_costs_by_its_length() {
    const MANY: usize = 5_000;
    let extractor = Extractor::new().unwrap();
    let repeated = |piece: &dyn Fn(usize) -> String| (0..MANY).map(piece).collect::<String>();
    let heading = |n| format!("■{}旅行 名簿{}件を紛失\n名簿を紛失した。\n", name(n), n + 2);
    let course = |n| {
        let day = format!("{}月{}日", n % 12 + 1, n % 28 + 1);
        format!("<table><tr><th>{day}</th><th>紛失</th></tr><tr><td>{day}</td><td>発見</td></tr></table>")
    };
    let case = |n| {
        let cells = format!("<tr><td>{}旅行</td><td>{}件</td></tr>", name(n), n + 2);
        format!("<table><tr><th>企業</th><th>件数</th></tr>{cells}</table>")
    };
    for (page, format) in [
        (repeated(&heading), Format::Text),
        (format!("<main>{}</main>", repeated(&course)), Format::Html),
        (format!("<main>{}</main>", repeated(&case)), Format::Html),
    ] {
        let document = rouei_text::read(page.as_bytes(), &Hints { format: Some(format), ..Hints::default() });
        let started = Instant::now();
        let extraction = extractor.extract(&document);
        assert!(extraction.disclosures.len() <= MANY);
        let start: String = page.chars().take(60).collect();
        assert!(started.elapsed() < Duration::from_secs(60), "{start}: {:?}", started.elapsed());
    }
}
