//! What a heading is made of beside its name: marks, numbers, days and brackets.

use super::naming::behind_case;

/// What may stand around a name.
pub(super) const BRACKETS: [(char, char); 9] = [
    ('【', '】'),
    ('《', '》'),
    ('「', '」'),
    ('『', '』'),
    ('[', ']'),
    ('〔', '〕'),
    ('<', '>'),
    ('〈', '〉'),
    ('(', ')'),
];

pub(super) const MARKS: &[char] =
    &['◎', '■', '◆', '●', '▼', '□', '◇', '★', '▽', '・', '*', '#', '○', '☆', '▲', '△', '▶', '►', '▷', '▸', '◯', '-'];

/// What parts a name from its day or from what befell it. The line breaks where a key was parted from its value.
pub(super) const PARTING: &[char] = &[' ', '　', ':', '、', '\t', '\n'];

/// The marks, numbers and days that a line opens with, digits alike, and what stands behind them.
pub(super) fn peel(line: &str) -> (String, &str) {
    let mut rest = line;
    let mut shape = String::new();
    loop {
        let before = rest.len();
        let bare = rest.trim_start_matches(MARKS);
        // -霧影 is marked, -ed is not.
        let marked = !rest.starts_with(['-', '*', '#']) || !bare.starts_with(|c: char| c.is_ascii_alphabetic());
        if bare.len() < rest.len() && marked {
            shape.extend(rest.chars().next());
            rest = bare.trim_start();
        }
        if let Some(behind) = behind_case(rest).filter(|b| !b.is_empty()) {
            shape.push('c');
            rest = behind.trim_start_matches(PARTING);
        }
        let day = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "年月日/.-頃()月火水木金土".contains(c));
        let written = &rest[..rest.len() - day.len()];
        let written = written.trim_end_matches(['(', '-']);
        let day = &rest[written.len()..];
        // 2031.05.03霧影旅行: the blank beside the digit is gone.
        let whole = written.ends_with('日') || written.chars().filter(char::is_ascii_digit).count() >= 6;
        if is_day(written) && (day.starts_with(PARTING) || day.starts_with('-') || whole && !day.is_empty()) {
            shape.push('D');
            rest = day.trim_start_matches(PARTING).trim_start_matches(['-', ' ']);
        } else if let Some(behind) = behind_number(rest) {
            shape.push('9');
            rest = behind;
        }
        // 【5月3日】霧影旅行
        for (open, close) in BRACKETS {
            if let Some((inner, behind)) = rest.strip_prefix(open).and_then(|r| r.split_once(close))
                && (is_day(inner) || inner.chars().count() <= 3 && inner.chars().all(|c| c.is_ascii_digit()))
            {
                shape.push(open);
                rest = behind.trim_start_matches(PARTING);
            }
        }
        if rest.len() == before {
            return (shape, rest);
        }
    }
}

/// What stands behind 3. or ③.
fn behind_number(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - bare.len();
    let ranked = bare.strip_prefix('位').filter(|b| digits > 0 && b.starts_with(PARTING));
    let bare = ranked.unwrap_or(bare);
    let numbered = (1..=3).contains(&digits) && bare.starts_with(['.', ')', ':', '、', ' ', '\n', '■', '◆', '●']);
    let circled = text.strip_prefix(|c: char| ('①'..='⓿').contains(&c));
    // 1 霧影旅行: the blank beside the digit is an ideographic one.
    let numbered = numbered || (1..=3).contains(&digits) && bare.starts_with('　');
    let behind =
        circled.or_else(|| numbered.then(|| bare.trim_start_matches(['.', ')', ':', '、', ' ', '\n', '■', '◆', '●'])));
    behind.map(str::trim_start).filter(|b| !b.is_empty())
}

/// 2031年5月3日, 5/3, 2031年5月公表: nothing but a day.
pub(super) fn is_day(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['公', '表', '発', '覚', '生', '付', '頃', '分']);
    text.contains(|c: char| c.is_ascii_digit())
        && (text.contains(['月', '年', '/']) || text.matches(['.', '-']).count() == 2)
        && text.chars().all(|c| c.is_ascii_digit() || "年月日/.-頃() 月火水木金土".contains(c))
}

/// 約1万2000件: nothing but how many.
pub(super) fn is_figure(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || ",.万億約件名人分以上最大()".contains(c);
    text.trim().chars().all(plain) && text.contains(|c: char| c.is_ascii_digit())
}
