#![allow(clippy::unwrap_used)]
//! The cases of `cases.toml`, the examples of `lexicon.toml`, and round trips over the calendar.

use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use rouei_model::{DateKind, DatePrecision};
use rouei_text::normalize::Normalized;
use serde::Deserialize;

use super::classify::Line;
use super::resolve::Context;
use super::written::Open;
use super::*;

#[derive(Deserialize)]
struct Cases {
    written: Vec<(String, String, String)>,
    document: Vec<DocumentCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCase {
    text: String,
    published: Option<String>,
    year_hint: Option<i16>,
    official: Option<bool>,
    #[serde(default)]
    announced: String,
    #[serde(default)]
    reported: String,
    #[serde(default)]
    updated: String,
    #[serde(default)]
    occurred: String,
    #[serde(default)]
    exposed: String,
    #[serde(default)]
    discovered: String,
    #[serde(default)]
    notified_regulator: String,
}

fn cases() -> Cases {
    toml::from_str(include_str!("cases.toml")).unwrap()
}

fn lexicon() -> &'static DateLexicon {
    static LEXICON: std::sync::OnceLock<DateLexicon> = std::sync::OnceLock::new();
    LEXICON.get_or_init(|| DateLexicon::embedded().unwrap_or_else(|e| panic!("{e}")))
}

/// Every date of a text, resolved one after the other.
fn read(text: &str, published: Option<Date>, lexicon: &DateLexicon) -> Vec<(written::Written, Resolved)> {
    let normalized = Normalized::of_text(text).text;
    let mut previous = None;
    written::find(&normalized, lexicon.relative_words())
        .into_iter()
        .map(|written| {
            let context = Context { published, previous, near: true, ..Context::default() };
            let resolved = resolve::resolve(&written, &context);
            previous = Some(resolved.place);
            (written, resolved)
        })
        .collect()
}

fn render(from: Option<Date>, to: Option<Date>, precision: DatePrecision) -> String {
    let (Some(from), Some(to)) = (from, to) else {
        return match (from, to) {
            (Some(from), None) => format!("{from}.."),
            (None, Some(to)) => format!("..{to}"),
            _ => "?".to_owned(),
        };
    };
    let month = |d: Date| d.to_string()[..7].to_owned();
    match precision {
        DatePrecision::Day if from == to => from.to_string(),
        DatePrecision::Day => format!("{from}..{to}"),
        DatePrecision::Month if from.day() == 1 && month(from) == month(to) => format!("{} m", month(from)),
        DatePrecision::Month if from.day() == 1 => format!("{}..{} m", month(from), month(to)),
        DatePrecision::Year if from.year() == to.year() => format!("{} y", from.year()),
        DatePrecision::Month => format!("{from}..{to} m"),
        DatePrecision::Year => format!("{from}..{to} y"),
    }
}

#[test]
fn reads_every_written_form() {
    let lexicon = lexicon();
    let cases = cases().written;
    assert!(cases.len() >= 150);
    let mut wrong = Vec::new();
    for (text, published, want) in cases {
        let published = if published.is_empty() { None } else { Some(published.parse().unwrap()) };
        let got: Vec<String> = read(&text, published, lexicon)
            .into_iter()
            .map(|(written, resolved)| {
                let open = match written.open {
                    Open::Closed => "",
                    _ if written.back_days.is_some() => "",
                    Open::Since => " since",
                    Open::Until => " until",
                };
                let doubt = if resolved.doubtful { "!" } else { "" };
                format!("{}{open}{doubt}", render(resolved.from, resolved.to, resolved.precision))
            })
            .collect();
        let got = got.join(" | ");
        if got != want {
            wrong.push(format!("{text}: want {want:?}, got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Sentences of a test document: a line is a block, `# ` a heading, a tab parts key and value.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut heading: Vec<&str> = Vec::new();
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    for block in text.lines() {
        let (head, labels, body) = match (block.strip_prefix("# "), block.split_once('\t')) {
            (Some(title), _) => (true, Vec::new(), title),
            (None, Some((key, value))) => (false, vec![key], value),
            (None, None) => (false, Vec::new(), block),
        };
        for sentence in body.split_inclusive('。').map(str::trim).filter(|s| !s.is_empty()) {
            lines.push(Line {
                sentence: lines.len(),
                start: offset(sentence),
                text: sentence,
                labels: labels.clone(),
                headings: heading.clone(),
                heading: head,
                ..Line::default()
            });
        }
        if head {
            heading = vec![body];
        }
    }
    lines
}

fn findings(text: &str, lexicon: &DateLexicon, anchor: &Anchor) -> Vec<DateFinding> {
    find_in_lines(lines(text), lexicon, anchor)
}

#[test]
fn reads_documents() {
    let lexicon = lexicon();
    let cases = cases().document;
    assert!(cases.len() >= 60);
    let mut wrong = Vec::new();
    for case in cases {
        let text = Normalized::of_text(&case.text.replace('\n', "\u{1}").replace('\t', "\u{2}")).text;
        let text = text.replace('\u{1}', "\n").replace('\u{2}', "\t");
        let anchor = Anchor {
            published: case.published.as_ref().map(|p| p.parse().unwrap()),
            no_later_than: None,
            year_hint: case.year_hint,
            publisher_is_victim: case.official,
            ..Anchor::default()
        };
        let found = findings(&text, lexicon, &anchor);
        let claims = claims(&found);
        let wants = [
            (DateKind::Announced, &case.announced),
            (DateKind::Reported, &case.reported),
            (DateKind::Updated, &case.updated),
            (DateKind::Occurred, &case.occurred),
            (DateKind::Exposed, &case.exposed),
            (DateKind::Discovered, &case.discovered),
            (DateKind::NotifiedRegulator, &case.notified_regulator),
        ];
        for (kind, want) in wants {
            let best = claims.iter().map(|&i| &found[i]).find(|f| f.kind == Some(kind));
            let got = best.map_or(String::new(), |f| render(f.from, f.to, f.precision));
            if got != *want {
                wrong.push(format!("{text}\n  {}: want {want:?}, got {got:?}", kind.code()));
                wrong.extend(found.iter().map(|f| {
                    format!(
                        "    {:?} {} {:?} d={}",
                        f.span.of(&text),
                        f.rule,
                        f.from.map(|d| d.to_string()),
                        f.doubtful
                    )
                }));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_guessed_month_is_less_sure() {
    let text = "みどり市は23日、職員が名簿を紛失したと発表した。\n市によると、2026年1月19日に紛失が判明した。";
    let day: Date = "2026-01-23".parse().unwrap();
    let announced = |published| {
        let found = findings(text, lexicon(), &Anchor { published, ..Anchor::default() });
        let of_the_day = |f: &&DateFinding| f.kind == Some(DateKind::Announced) && f.from == Some(day);
        found.iter().find(of_the_day).map(|f| f.weight)
    };
    assert!(announced(None).unwrap() < announced(Some(day)).unwrap() * 0.9);
}

#[test]
fn lexicon_examples_hold() {
    let wrong = lexicon().check();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broken_promise_is_reported() {
    let toml = include_str!("lexicon.toml").replacen("1999年度入学者", "1999年の風", 1);
    let wrong = DateLexicon::parse(&toml).unwrap().check();
    assert_eq!(wrong, ["enrolment: example \"1999年の風\" is read by no-cue"]);
}

#[test]
fn a_wrong_lexicon_names_its_entry() {
    let toml = include_str!("lexicon.toml").replacen(
        "id = \"enrolment\"\npassing = true\nafter = '",
        "id = \"enrolment\"\nafter = '(",
        1,
    );
    let error = DateLexicon::parse(&toml).err().map(|e| e.to_string()).unwrap();
    assert!(error.starts_with("dates/lexicon.toml, entry enrolment: "), "{error}");
    let error = DateLexicon::parse("[[cue]]\nnonsense = 1").err().map(|e| e.to_string()).unwrap();
    assert!(error.starts_with("dates/lexicon.toml: ") && error.contains("line"), "{error}");
}

fn any_day() -> impl Strategy<Value = Date> {
    let first = Date::constant(1989, 1, 8);
    (0..17_000i32).prop_map(move |n| first.checked_add(n.days()).unwrap()).prop_filter("to 2035", |d| d.year() <= 2035)
}

/// Every way to write a day.
fn forms(d: Date) -> Vec<String> {
    let (y, m, n) = (d.year(), d.month(), d.day());
    let w = ["月", "火", "水", "木", "金", "土", "日"][d.weekday().to_monday_zero_offset() as usize];
    let english = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][m as usize - 1];
    let reiwa = d >= Date::constant(2019, 5, 1);
    let (era, kanji, letter, e) =
        if reiwa { ("令和", "令", "R", y - 2018) } else { ("平成", "平", "H", y - 1988) };
    let spoken = if e == 1 { "元".to_owned() } else { e.to_string() };
    vec![
        format!("{y}年{m}月{n}日"),
        format!("{y}年{m:02}月{n:02}日({w})"),
        format!("{y}年 {m}月 {n}日 ({w}曜日) 午前9時5分ごろ"),
        format!("{y}/{m:02}/{n:02}"),
        format!("{y}/{m}/{n} 23:59"),
        format!("{y}.{m}.{n}"),
        format!("{y}.{m:02}.{n:02}"),
        format!("{y}-{m:02}-{n:02}"),
        format!("{y}-{m:02}-{n:02}T09:00+09:00"),
        format!("{y}-{m:02}-{n:02}T23:59:59+0900"),
        format!("{english} {n}, {y}"),
        format!("{n} {english} {y}"),
        format!("{era}{spoken}年{m}月{n}日"),
        format!("{era}{spoken}年({y}年){m}月{n}日({w}曜日)"),
        format!("{era}{spoken}({y})年{m}月{n}日"),
        format!("{y}年({era}{spoken}年){m}月{n}日"),
        format!("{y}({era}{spoken})年{m}月{n}日"),
        format!("{letter}{e}.{m}.{n}"),
        format!("{kanji}{e}.{m}.{n}"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_form_of_a_day_reads_back(day in any_day()) {
        let lexicon = lexicon();
        for form in forms(day) {
            let framed = format!("当社は{form}、発表した");
            for text in [&form, &framed] {
                let found = read(text, None, lexicon);
                prop_assert_eq!(found.len(), 1, "{}", text);
                prop_assert_eq!(found[0].1.from, Some(day), "{}", text);
                prop_assert_eq!(found[0].1.to, Some(day), "{}", text);
                prop_assert!(!found[0].1.doubtful || day.year() < 1990, "{}", text);
            }
        }
    }

    #[test]
    fn every_range_reads_back(first in any_day(), length in 1..400i32) {
        let lexicon = lexicon();
        let last = first.checked_add(length.days()).unwrap();
        for (a, b) in forms(first).iter().zip(forms(last)) {
            for joined in [format!("{a}~{b}"), format!("{a}から{b}まで")] {
                let found = read(&joined, None, lexicon);
                prop_assert_eq!(found.len(), 1, "{}", &joined);
                prop_assert_eq!((found[0].1.from, found[0].1.to), (Some(first), Some(last)), "{}", &joined);
            }
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_latest_before_publication(day in any_day(), later in 0..365i32) {
        let lexicon = lexicon();
        let published = day.checked_add(later.days()).unwrap();
        prop_assume!(!(day.month() == 2 && day.day() == 29));
        let found = read(&format!("{}月{}日", day.month(), day.day()), Some(published), lexicon);
        prop_assert_eq!(found[0].1.from, Some(day));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "[0-9年月日~/.\\-()同翌令和R元火 、からまでの時間前あ週]{0,40}") {
        let lexicon = lexicon();
        for (written, resolved) in read(&text, Some(Date::constant(2025, 4, 16)), lexicon) {
            prop_assert!(!written.span.is_empty());
            if let (Some(from), Some(to)) = (resolved.from, resolved.to) {
                prop_assert!(from <= to || resolved.doubtful, "{}", text);
            }
        }
    }
}
