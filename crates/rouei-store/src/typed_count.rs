//! The count that a reviewer types: `1234 人`, `最大約16万件`, `1,000人以上`.

use rouei_model::Bound;

/// A typed count.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypedCount {
    pub(crate) value: u64,
    pub(crate) unit: String,
    pub(crate) bound: Bound,
    pub(crate) approx: bool,
}

const BEFORE: &[(&str, Word)] = &[
    ("最大", Word::Bound(Bound::AtMost)),
    ("少なくとも", Word::Bound(Bound::AtLeast)),
    ("約", Word::Approx),
    ("およそ", Word::Approx),
];

const BEHIND: &[(&str, Word)] = &[
    ("以上", Word::Bound(Bound::AtLeast)),
    ("以下", Word::Bound(Bound::AtMost)),
    ("未満", Word::Bound(Bound::Under)),
    ("程度", Word::Approx),
    ("超", Word::Bound(Bound::Over)),
    ("余", Word::Bound(Bound::Over)),
    ("強", Word::Bound(Bound::Over)),
    ("弱", Word::Bound(Bound::Under)),
];

#[derive(Clone, Copy)]
enum Word {
    Bound(Bound),
    Approx,
}

/// Reads a count. None where it is none, where two bounds are given, and where the unit is not a plain word.
pub(crate) fn parse_count(text: &str) -> Option<TypedCount> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).map(narrow).collect();
    let mut bound = None;
    let mut approx = false;
    let mut take = |word: Word| match word {
        Word::Approx => {
            approx = true;
            Some(())
        }
        Word::Bound(new) if bound.is_none() => {
            bound = Some(new);
            Some(())
        }
        Word::Bound(_) => None,
    };

    let mut rest = text.as_str();
    while let Some((word, meaning)) = BEFORE.iter().find(|(word, _)| rest.starts_with(word)) {
        take(*meaning)?;
        rest = &rest[word.len()..];
    }
    let (value, mut rest) = parse_number(rest)?;
    // 1,000余人 and 1,000人以上: the word stands on either side of the unit.
    while let Some((word, meaning)) = BEHIND.iter().find(|(word, _)| rest.starts_with(word)) {
        take(*meaning)?;
        rest = &rest[word.len()..];
    }
    while let Some((word, meaning)) = BEHIND.iter().find(|(word, _)| rest.ends_with(word)) {
        take(*meaning)?;
        rest = &rest[..rest.len() - word.len()];
    }
    let plain = rest.chars().count() <= 12 && rest.chars().all(char::is_alphabetic);
    let unit = if rest.is_empty() { "人".into() } else { rest.to_owned() };
    plain.then_some(TypedCount { value, unit, bound: bound.unwrap_or(Bound::Exact), approx })
}

/// `1234`, `16万`, `1億2345万6789`; with what follows it.
fn parse_number(text: &str) -> Option<(u64, &str)> {
    let mut rest = text;
    let mut total: u64 = 0;
    let mut smallest = u64::MAX;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if end == 0 {
            return (smallest != u64::MAX).then_some((total, rest));
        }
        let digits: u64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let (scale, after) = match rest.chars().next() {
            Some('億') => (100_000_000, &rest['億'.len_utf8()..]),
            Some('万') => (10_000, &rest['万'.len_utf8()..]),
            _ => (1, rest),
        };
        if scale >= smallest {
            return None;
        }
        total = total.checked_add(digits.checked_mul(scale)?)?;
        (smallest, rest) = (scale, after);
        if scale == 1 {
            return Some((total, rest));
        }
    }
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_typed() {
        use Bound::{AtLeast, AtMost, Exact, Over, Under};
        for (text, value, unit, bound, approx) in [
            ("1234 人", 1234, "人", Exact, false),
            ("1,234名", 1234, "名", Exact, false),
            ("約1,234件", 1234, "件", Exact, true),
            ("最大約16万件", 160_000, "件", AtMost, true),
            ("１２３人", 123, "人", Exact, false),
            ("1億2345万6789", 123_456_789, "人", Exact, false),
            ("4万5000アカウント", 45_000, "アカウント", Exact, false),
            ("1000人以上", 1000, "人", AtLeast, false),
            ("1000余名", 1000, "名", Over, false),
            ("500社未満", 500, "社", Under, false),
            ("300件程度", 300, "件", Exact, true),
            ("0", 0, "人", Exact, false),
        ] {
            let expected = TypedCount { value, unit: unit.into(), bound, approx };
            assert_eq!(parse_count(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "人",
            "about ten",
            "-1人",
            "99999999999999999999",
            "1人と2件",
            "延べ5人",
            "最大5人以上",
            "5万6億件",
            "5<b>",
        ] {
            assert_eq!(parse_count(text), None, "{text}");
        }
    }
}
