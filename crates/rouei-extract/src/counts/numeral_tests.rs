#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const KANJI: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const FORMAL: [&str; 10] = ["零", "壱", "弐", "参", "四", "伍", "六", "七", "八", "九"];

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// 1万2345, with the remainder written by `rest`.
fn with_myriads(mut n: u64, rest: impl Fn(u64) -> String) -> String {
    let mut out = String::new();
    for (unit, sign) in [(1_000_000_000_000, "兆"), (100_000_000, "億"), (10_000, "万")] {
        if n >= unit {
            out.push_str(&rest(n / unit));
            out.push_str(sign);
            n %= unit;
        }
    }
    if n > 0 || out.is_empty() {
        out.push_str(&rest(n));
    }
    out
}

fn below_myriad(n: u64, figures: &[&str; 10], always_one: bool) -> String {
    if n == 0 {
        return figures[0].to_owned();
    }
    let mut out = String::new();
    let mut rest = n;
    for (unit, sign) in [(1_000, "千"), (100, "百"), (10, "十")] {
        let count = rest / unit;
        if count > 1 || (count == 1 && always_one) {
            out.push_str(figures[usize::try_from(count).unwrap()]);
        }
        if count > 0 {
            out.push_str(sign);
        }
        rest %= unit;
    }
    if rest > 0 {
        out.push_str(figures[usize::try_from(rest).unwrap()]);
    }
    out
}

fn reads(written: &str, want: u64) {
    for (before, after) in [("", ""), ("約", "人"), ("、", "件"), ("(", ")")] {
        let text = format!("{before}{written}{after}");
        let found = scan(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].value, want, "{text}");
        assert_eq!(found[0].max, None, "{text}");
        assert_eq!(found[0].span.of(&text), written, "{text}");
    }
}

proptest! {
    #[test]
    fn every_written_form_reads_back(n in prop_oneof![1u64..100, 1u64..100_000, 1u64..1_000_000_000, 1u64..9_999_999_999_999_999]) {
        reads(&n.to_string(), n);
        reads(&grouped(n), n);
        reads(&with_myriads(n, |r| r.to_string()), n);
        reads(&with_myriads(n, grouped), n);
        reads(&with_myriads(n, |r| below_myriad(r, &KANJI, false)), n);
        reads(&with_myriads(n, |r| below_myriad(r, &FORMAL, true)), n);
        let positional: String = n.to_string().bytes().map(|b| KANJI[usize::from(b - b'0')]).collect();
        reads(&positional, n);
    }

    #[test]
    fn multiples_read_back(n in 1u64..100_000) {
        reads(&format!("{n}千"), n * 1_000);
        reads(&format!("{}千", grouped(n)), n * 1_000);
        reads(&format!("{n}万"), n * 10_000);
        reads(&format!("{n}億"), n * 100_000_000);
        reads(&format!("{}.{}万", n / 10, n % 10), n * 1_000);
        reads(&format!("{}.{:02}億", n / 100, n % 100), n * 1_000_000);
        if n % 10_000 > 0 && n < 10_000 { reads(&format!("7万{n}"), 70_000 + n); }
        if n < 10 { reads(&format!("191万{n}千"), 1_910_000 + n * 1_000); }
    }

    #[test]
    fn nothing_panics_and_spans_lie_on_characters(text in "[0-9,.一二三十百千万億数約件人a-z、 ]{0,40}") {
        let mut end = 0;
        for numeral in scan(&text) {
            prop_assert!(numeral.span.start >= end && numeral.span.end > numeral.span.start);
            prop_assert!(text.get(numeral.span.start..numeral.span.end).is_some());
            prop_assert!(numeral.max.is_none_or(|m| m > numeral.value));
            end = numeral.span.end;
        }
    }
}

#[test]
fn vague_numbers_have_two_ends() {
    for (written, low, high) in [
        ("数百件", 200, 900),
        ("数十万件", 200_000, 900_000),
        ("数名", 2, 9),
        ("十数名", 11, 19),
        ("二十数名", 21, 29),
        ("20数名", 21, 29),
        ("百数十件", 120, 190),
        ("数万人", 20_000, 90_000),
    ] {
        let found = scan(written);
        assert_eq!(found.len(), 1, "{written}: {found:?}");
        assert_eq!((found[0].value, found[0].max), (low, Some(high)), "{written}");
    }
}

#[test]
fn ends_of_words_are_no_vague_numbers() {
    for text in ["件数5", "対象者数75", "複数名", "従業員数"] {
        assert!(scan(text).iter().all(|n| n.max.is_none()), "{text}: {:?}", scan(text));
    }
}

#[test]
fn lists_and_fractions_are_told_apart() {
    let values = |text: &str| scan(text).iter().map(|n| n.value).collect::<Vec<_>>();
    assert_eq!(values("1,2年生"), [1, 2]);
    assert_eq!(values("96,81,36"), [96, 81, 36]);
    assert_eq!(values("5万905"), [50_905]);
    assert_eq!(values("3万12345"), [30_000, 12_345]);
    assert!(scan("65.2%")[0].fractional);
    assert!(!scan("25.4万")[0].fractional);
    // Of a row of digits that is too long for a number, its last digits are none either.
    assert_eq!(values("18446744073709551616件と12件"), [12]);
    assert_eq!(values("九九九九九九九九九九九九九九九九九九九九九人"), [] as [u64; 0]);
}
