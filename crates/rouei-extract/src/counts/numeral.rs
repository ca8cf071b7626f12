//! Every way to write a number, read as a value. Pure; knows no units.
//!
//! `12,345` · `1万2345` · `1万2,345` · `12千` · `1.2万` · `一万二千三百四十五` · `壱萬` · `191万4千` · `1億2千万` · `二〇二五`,
//! and the vague ones: `数百` (200 to 900), `十数` (11 to 19), `20数` (21 to 29).

use rouei_model::Span;

/// A number in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// Bytes of the text that was scanned.
    pub span: Span,
    /// The value; the lower end of a vague number; the integer part of a fraction.
    pub value: u64,
    /// The upper end of a vague number.
    pub max: Option<u64>,
    /// No ASCII digit in it.
    pub kanji: bool,
    /// A decimal fraction that no multiplier makes whole (`65.2`).
    pub fractional: bool,
}

/// All numbers of a text, in order, without overlap.
#[must_use]
pub fn scan(text: &str) -> Vec<Numeral> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match starts(c).then(|| read_at(text, at)).flatten() {
            Some(numeral) => {
                at = numeral.span.end;
                found.push(numeral);
            }
            None => at += unread(&text[at..]).unwrap_or(c.len_utf8()),
        }
    }
    found
}

/// The length of a row of digits that is too long for a number: its last digits are none either.
fn unread(text: &str) -> Option<usize> {
    let digits = |c: char| c.is_ascii_digit() || c == ',' || (starts(c) && c != '数');
    let end = text.find(|c| !digits(c)).unwrap_or(text.len());
    (text[..end].chars().count() > DIGITS).then_some(end)
}

/// Digits of a number at most.
const DIGITS: usize = 18;

/// The longest number that begins at byte `start`, or nothing where none does or where it does not fit 18 digits.
#[must_use]
pub fn read_at(text: &str, start: usize) -> Option<Numeral> {
    let mut sum = Bounds::default();
    let mut at = start;
    let mut limit = u64::MAX;
    let mut fractional = false;
    while let Some(section) = read_section(text, at, at == start) {
        let behind = at + section.length;
        let next = text[behind..].chars().next();
        if let Some(big) = next.and_then(big_multiplier).filter(|&big| big < limit) {
            sum = sum.plus(section.bounds.times(big, section.decimals)?)?;
            limit = big;
            at = behind + next.map_or(0, char::len_utf8);
            continue;
        }
        if (section.decimals > 0 && at > start) || section.bounds.low >= limit {
            break;
        }
        fractional = section.decimals > 0;
        sum = sum.plus(section.bounds.times(1, section.decimals)?)?;
        at = behind;
        break;
    }
    if at == start {
        return None;
    }
    let span = Span::new(start, at);
    let kanji = !span.of(text).bytes().any(|b| b.is_ascii_digit());
    Some(Numeral { span, value: sum.low, max: (sum.high != sum.low).then_some(sum.high), kanji, fractional })
}

/// The part of a number below the next myriad: `2千3百`, `2,345`, `二千三百四十五`, `1.2`.
fn read_section(text: &str, start: usize, first: bool) -> Option<Coefficient> {
    let mut bounds = Bounds::default();
    let mut at = start;
    let mut limit = u64::MAX;
    loop {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let term = coefficient(rest, first && at == start, before);
        let length = term.map_or(0, |t| t.length);
        let next = rest[length..].chars().next();
        if let Some(small) = next.and_then(small_multiplier).filter(|&small| small < limit) {
            let factor = term.map_or(Bounds { low: 1, high: 1 }, |t| t.bounds);
            bounds = bounds.plus(factor.times(small, term.map_or(0, |t| t.decimals))?)?;
            limit = small;
            at += length + next.map_or(0, char::len_utf8);
            continue;
        }
        let Some(term) = term else { break };
        if term.decimals > 0 {
            return (at == start).then_some(term);
        }
        if term.bounds.low < limit {
            bounds = bounds.plus(term.bounds)?;
            at += length;
            if term.bounds.low == term.bounds.high && term.bounds.low % 10 == 0 && vague_tail(&text[at..]) {
                bounds = bounds.plus(Bounds { low: 1, high: 9 })?;
                at += '数'.len_utf8();
            }
        }
        break;
    }
    (at > start).then_some(Coefficient { bounds, decimals: 0, length: at - start })
}

#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    low: u64,
    high: u64,
}

impl Bounds {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    /// Multiplied, then shifted right by `decimals` decimal places.
    fn times(self, factor: u64, decimals: u32) -> Option<Self> {
        let scaled = |v: u64| {
            let wide = u128::from(v) * u128::from(factor);
            u64::try_from(wide / 10u128.pow(decimals)).ok().filter(|&v| v < 1_000_000_000_000_000_000)
        };
        Some(Self { low: scaled(self.low)?, high: scaled(self.high)? })
    }
}

#[derive(Clone, Copy, Debug)]
struct Coefficient {
    bounds: Bounds,
    decimals: u32,
    length: usize,
}

fn coefficient(rest: &str, first: bool, before: Option<char>) -> Option<Coefficient> {
    let c = rest.chars().next()?;
    if c == '数' {
        return vague(rest, first, before);
    }
    if c.is_ascii_digit() {
        return digits(rest);
    }
    kanji_digit(c)?;
    let mut value = 0u64;
    let mut length = 0;
    for c in rest.chars() {
        let Some(digit) = kanji_digit(c) else { break };
        value = value.checked_mul(10)?.checked_add(digit)?;
        length += c.len_utf8();
    }
    Some(Coefficient { bounds: Bounds { low: value, high: value }, decimals: 0, length })
}

/// ASCII digits with thousands separators and a decimal part.
fn digits(rest: &str) -> Option<Coefficient> {
    let bytes = rest.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = run(0);
    let mut written = rest[..end].to_owned();
    if end <= 3 {
        while bytes.get(end) == Some(&b',') && run(end + 1) == 3 {
            written.push_str(&rest[end + 1..end + 4]);
            end += 4;
        }
    }
    let mut decimals = 0;
    if bytes.get(end) == Some(&b'.') {
        let fraction = run(end + 1);
        if fraction > 0 {
            written.push_str(&rest[end + 1..end + 1 + fraction]);
            decimals = u32::try_from(fraction).ok()?;
            end += 1 + fraction;
        }
    }
    if written.len() > 18 {
        return None;
    }
    let value = written.parse().ok()?;
    Some(Coefficient { bounds: Bounds { low: value, high: value }, decimals, length: end })
}

/// 数 before a multiplier, alone before a unit, or behind tens (十数).
fn vague(rest: &str, first: bool, before: Option<char>) -> Option<Coefficient> {
    let length = '数'.len_utf8();
    let next = rest[length..].chars().next()?;
    let multiplied = small_multiplier(next).is_some() || big_multiplier(next).is_some();
    if next.is_ascii_digit() || kanji_digit(next).is_some() {
        return None;
    }
    // 件数, 人数, 複数: the end of a word.
    let in_word = before.is_some_and(|c| ('一'..='鿿').contains(&c) && !matches!(c, '約' | '計' | '大' | '全'));
    if first && in_word && !multiplied {
        return None;
    }
    let low = if first || multiplied { 2 } else { 1 };
    Some(Coefficient { bounds: Bounds { low, high: 9 }, decimals: 0, length })
}

/// 数 behind written tens: 20数名.
fn vague_tail(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('数')
        && chars
            .next()
            .is_some_and(|c| !c.is_ascii_digit() && small_multiplier(c).is_none() && big_multiplier(c).is_none())
}

fn starts(c: char) -> bool {
    c.is_ascii_digit() || c == '数' || kanji_digit(c).is_some() || small_multiplier(c).is_some()
}

fn kanji_digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' | '壹' => 1,
        '二' | '弐' | '貳' => 2,
        '三' | '参' => 3,
        '四' => 4,
        '五' | '伍' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn small_multiplier(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' => 100,
        '千' | '阡' => 1_000,
        _ => return None,
    })
}

fn big_multiplier(c: char) -> Option<u64> {
    Some(match c {
        '万' | '萬' => 10_000,
        '億' => 100_000_000,
        '兆' => 1_000_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "numeral_tests.rs"]
mod tests;
