//! What a single line is: the same judgement for plain text and for lines that `<br>` makes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

/// A line, judged by itself. Whether a numbered or marked line is a heading or one of a list shows only beside its
/// neighbours (see [`crate::builder::Builder::finish`]).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// A heading that cannot be anything else.
    Heading { level: u8, text: &'a str },
    /// `1 概要`, `■対象`: a heading, unless its neighbours carry the same mark.
    Marked { level: u8, text: &'a str, mark: Mark },
    /// An item of a list without its bullet.
    Item { depth: u8, ordered: bool, text: &'a str },
    /// `件数：1,234件`.
    Pair { key: &'a str, value: &'a str },
    /// `| a | b |`, or cells between tabs.
    Cells(Vec<&'a str>),
    /// The line under the head of a Markdown table.
    Rule,
    /// Running text.
    Plain(&'a str),
}

/// The mark that opens a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub style: char,
    /// 0 for marks that do not count.
    pub number: u32,
    /// Bytes to leave out where the line turns out to be an item.
    pub length: usize,
}

impl Mark {
    /// Whether `next` goes on with the list that `self` is an item of.
    pub(crate) fn continues(self, next: Self) -> bool {
        self.style == next.style && (self.number == 0 || next.number == self.number + 1)
    }
}

const LONGEST_HEADING: usize = 42;
const LONGEST_KEY: usize = 14;

/// Judges one line, already trimmed and not empty.
pub(crate) fn classify(line: &str) -> Line<'_> {
    let text = line.trim();
    if let Some(cells) = pipe_cells(text) {
        return cells;
    }
    if text.contains('\t') {
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        if cells.len() > 1 {
            return Line::Cells(cells);
        }
    }
    if let Some((level, rest)) = markdown_heading(text) {
        return Line::Heading { level, text: rest };
    }
    let (depth, bullet) = bullet(text);
    let body = &text[bullet..];
    let number = number_mark(body);
    let symbol = symbol_mark(body);
    let bare = &body[number.or(symbol).map_or(0, |m| m.length)..];
    if let Some(pair) = pair(bare) {
        return pair;
    }
    if bullet > 0 {
        return Line::Item { depth, ordered: false, text: body };
    }
    if let Some(heading) = bracketed(text) {
        return heading;
    }
    let short = is_short(bare);
    match (number, symbol) {
        (Some(mark), _) if short => {
            let level = if matches!(mark.style, '(' | ')' | '①') { 4 } else { 3 };
            Line::Marked { level, text, mark }
        }
        (Some(mark), _) => Line::Item { depth: 0, ordered: true, text: &text[mark.length..] },
        (None, Some(mark)) if short => Line::Marked { level: 3, text, mark },
        _ => Line::Plain(text),
    }
}

#[derive(Deserialize)]
struct File {
    labels: BTreeSet<String>,
    #[cfg(test)]
    examples: Vec<Vec<String>>,
    #[cfg(test)]
    counterexamples: Vec<Vec<String>>,
}

static LABELS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("lines.toml")).map(|f| f.labels).unwrap_or_default());

/// `原因 不正アクセス`: key and value with a blank between them, where the key is a known label.
pub(crate) fn labelled(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once([' ', '\u{3000}', '\u{a0}'])?;
    let value = value.trim_matches([' ', '\u{3000}', '\u{a0}']);
    (!value.is_empty() && LABELS.contains(key)).then_some((key, value))
}

/// `h3` to `h6` that hold a fact (`発生日：令和5年5月23日`) rather than a title.
pub(crate) fn heading_pair(text: &str) -> Option<(&str, &str)> {
    match classify(text) {
        Line::Pair { key, value } if value.chars().any(char::is_numeric) && value.chars().count() <= 60 => {
            Some((key, value))
        }
        _ => None,
    }
}

fn is_short(text: &str) -> bool {
    let count = text.chars().count();
    count > 0 && count <= LONGEST_HEADING && !text.contains('。') && !text.ends_with(['、', ',', '，'])
}

fn markdown_heading(text: &str) -> Option<(u8, &str)> {
    let level = text.bytes().take_while(|b| *b == b'#').count();
    let rest = text.get(level..)?;
    ((1..=6).contains(&level) && rest.starts_with(' ')).then(|| (level as u8, rest.trim()))
}

/// Depth and length of the bullet at the start of a line; length 0 without one.
fn bullet(text: &str) -> (u8, usize) {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return (0, 0) };
    let rest = chars.as_str();
    let blank = rest.starts_with([' ', '\u{3000}', '\u{a0}']);
    let is_bullet = match first {
        '・' | '･' | '•' | '‣' | '⁃' | '∙' | '·' => !rest.starts_with(first),
        '-' | '*' | '+' | '–' | '◦' => blank,
        _ => false,
    };
    if !is_bullet || rest.trim().is_empty() {
        return (0, 0);
    }
    (u8::from(first == '◦'), text.len() - rest.trim_start().len())
}

/// `1.`, `１．`, `1、`, `1 `, `(1)`, `1)`, `①`, `1位`.
fn number_mark(text: &str) -> Option<Mark> {
    let first = text.chars().next()?;
    if let Some(number) = circled(first) {
        // A circled number stays in the text: other sentences refer to it.
        return Some(Mark { style: '①', number, length: 0 });
    }
    let open = matches!(first, '(' | '（');
    let digits_at = if open { first.len_utf8() } else { 0 };
    let mut number = 0;
    let mut at = digits_at;
    for c in text[digits_at..].chars() {
        let Some(digit) = digit(c) else { break };
        number = number * 10 + digit;
        at += c.len_utf8();
        if number > 99 {
            return None;
        }
    }
    if at == digits_at || number == 0 {
        return None;
    }
    let rest = &text[at..];
    let after = rest.chars().next()?;
    let tail = &rest[after.len_utf8()..];
    let content = tail.trim_start();
    if content.is_empty() {
        return None;
    }
    let length = text.len() - content.len();
    let style = match after {
        ')' | '）' => {
            if open {
                '('
            } else {
                ')'
            }
        }
        _ if open => return None,
        // `1.4万件` is a figure, `1.2023年3月1日` a number glued to a date.
        '.' | '．' if digit(content.chars().next()?).is_none() || starts_with_year(content) => '.',
        '.' | '．' if tail.starts_with([' ', '\u{3000}']) => '.',
        '、' if digit(content.chars().next()?).is_none() => '、',
        ' ' | '\u{3000}' | '\u{a0}' if !starts_with_counter(content) => ' ',
        '位' => return Some(Mark { style: '位', number, length: 0 }),
        _ => return None,
    };
    Some(Mark { style, number, length })
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

fn circled(c: char) -> Option<u32> {
    match c {
        '①'..='⑳' => Some(u32::from(c) - u32::from('①') + 1),
        '❶'..='❿' => Some(u32::from(c) - u32::from('❶') + 1),
        '⑴'..='⒇' => Some(u32::from(c) - u32::from('⑴') + 1),
        _ => None,
    }
}

fn starts_with_year(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().map_while(digit).collect();
    digits.len() == 4
        && matches!(digits[..2], [1, 9] | [2, 0])
        && text.chars().nth(4).is_some_and(|c| matches!(c, '年' | '/' | '-' | '.' | '／'))
}

/// A blank between a number and its counter makes no heading: `3 名`, `12 月`.
fn starts_with_counter(text: &str) -> bool {
    text.starts_with(|c: char| {
        digit(c).is_some()
            || matches!(
                c,
                '年' | '月'
                    | '日'
                    | '時'
                    | '分'
                    | '秒'
                    | '人'
                    | '名'
                    | '件'
                    | '社'
                    | '円'
                    | '個'
                    | '通'
                    | '台'
                    | '枚'
                    | '校'
                    | '歳'
                    | '万'
                    | '億'
                    | '千'
                    | '百'
                    | '%'
                    | '％'
                    | ','
                    | '，'
                    | '.'
                    | 'か'
                    | '箇'
                    | 'ヶ'
                    | 'カ'
                    | 'ケ'
                    | '口'
                    | '契'
                    | '世'
                    | '団'
                    | '〜'
                    | '～'
                    | '~'
                    | '-'
                    | '/'
                    | ':'
                    | '：'
                    | '本'
                    | '冊'
                    | '点'
                    | '回'
                    | '週'
                    | '代'
                    | '位'
            )
    })
}

/// `■`, `●` and their kin; not `○○株式会社` or `●●万件`, where the mark stands for what is left open.
fn symbol_mark(text: &str) -> Option<Mark> {
    let first = text.chars().next()?;
    if !matches!(first, '■' | '□' | '◆' | '◇' | '●' | '○' | '▼' | '▽' | '▲' | '△' | '★' | '☆' | '◎' | '▶' | '►')
    {
        return None;
    }
    let rest = &text[first.len_utf8()..];
    let content = rest.trim_start();
    let next = content.chars().next()?;
    let blank_stands_for = next == first
        || (matches!(first, '○' | '●' | '△' | '□')
            && matches!(next, '年' | '月' | '日' | '件' | '名' | '人' | '社' | '市' | '万' | '県'));
    (!blank_stands_for).then(|| Mark { style: first, number: 0, length: text.len() - content.len() })
}

/// `【概要】` is a heading; `【発生日】2025年4月1日` a key and its value.
fn bracketed(text: &str) -> Option<Line<'_>> {
    let first = text.chars().next()?;
    let (close, level) = match first {
        '【' => ('】', 3),
        '＜' => ('＞', 4),
        '<' => ('>', 4),
        '《' => ('》', 4),
        '〈' => ('〉', 4),
        '［' => ('］', 4),
        '[' => (']', 4),
        '〔' => ('〕', 4),
        _ => return None,
    };
    let inner_at = first.len_utf8();
    let end = text.find(close)?;
    let (inner, rest) = (&text[inner_at..end], text[end + close.len_utf8()..].trim_start_matches(['：', ':']).trim());
    if inner.trim().is_empty() || inner.chars().count() > 30 {
        return None;
    }
    if rest.is_empty() {
        return (close != ']' && close != '>' || !inner.is_ascii()).then_some(Line::Heading { level, text });
    }
    let labels = [
        "お知らせ",
        "お詫び",
        "おわび",
        "重要",
        "速報",
        "続報",
        "報",
        "更新",
        "追記",
        "訂正",
        "注意",
        "緊急",
        "PR",
        "版",
        "済",
        "あり",
        "付",
        "付き",
        "解説",
        "独自",
        "調査",
        "例文",
        "まとめ",
    ];
    let is_label = labels.iter().any(|l| inner.ends_with(l));
    let key = inner.chars().count() <= LONGEST_KEY && first == '【' && !is_label;
    (key && rest.chars().count() <= 30 && !rest.contains('。') && !rest.contains('【'))
        .then_some(Line::Pair { key: inner.trim(), value: rest })
}

/// `件数：1,234件`; with nothing after the colon, the heading of what follows.
fn pair(text: &str) -> Option<Line<'_>> {
    // `[公開日：2025年3月1日]`
    let inner =
        [('[', ']'), ('［', '］')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    let text = inner.filter(|i| !i.contains(['[', '［', ']', '］'])).unwrap_or(text);
    let (at, colon) = text.char_indices().take(LONGEST_KEY + 6).find(|(_, c)| matches!(c, '：' | ':' | '∶'))?;
    let key = text[..at].trim();
    let value = text[at + colon.len_utf8()..].trim();
    let bare = key
        .trim_matches(|c| matches!(c, '【' | '】' | '［' | '］' | '[' | ']' | '＜' | '＞' | '<' | '>' | '〔' | '〕'));
    let bare = bare.trim();
    let length = bare.chars().count();
    if !(2..=LONGEST_KEY).contains(&length)
        || bare.contains(|c: char| {
            matches!(c, '。' | '、' | '，' | '「' | '」' | '『' | '！' | '？' | '!' | '?' | '→' | '@' | '/' | '=')
        })
        || bare.matches(['（', '(']).count() != bare.matches(['）', ')']).count()
        || !bare.contains(|c: char| c.is_alphabetic())
        || (digit(bare.chars().next_back()?).is_some() && value.chars().next().and_then(digit).is_some())
        || matches!(bare.to_ascii_lowercase().as_str(), "http" | "https" | "mailto" | "ftp")
        || value.starts_with("//")
        || value.starts_with([':', '：'])
    {
        return None;
    }
    if value.is_empty() {
        return Some(Line::Heading { level: 5, text });
    }
    Some(Line::Pair { key: bare, value })
}

fn pipe_cells(text: &str) -> Option<Line<'_>> {
    let inner = match text.strip_prefix('|') {
        Some(inner) => inner.strip_suffix('|').unwrap_or(inner),
        // `2021/1/19 | 株式会社柿の木 | 1,293 |`: a mark behind every cell. Between words alone it parts links.
        None => text.strip_suffix('|').filter(|inner| inner.contains('|'))?,
    };
    if !inner.contains('|') && !text.ends_with('|') {
        return None;
    }
    let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
    if cells.iter().all(|c| !c.is_empty() && c.chars().all(|c| matches!(c, '-' | ':' | ' '))) {
        return Some(Line::Rule);
    }
    Some(Line::Cells(cells))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// One letter for the kind, then the parts.
    fn shown(line: &str) -> String {
        match classify(line) {
            Line::Heading { level, text } => format!("H{level} {text}"),
            Line::Marked { level, text, .. } => format!("M{level} {text}"),
            Line::Item { depth, ordered, text } => format!("{}{depth} {text}", if ordered { "O" } else { "L" }),
            Line::Pair { key, value } => format!("K {key}={value}"),
            Line::Cells(cells) => format!("C {}", cells.join("/")),
            Line::Rule => "R".to_owned(),
            Line::Plain(text) => format!("P {text}"),
        }
    }

    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        line: String,
        want: String,
    }

    #[test]
    fn judges_lines() {
        let cases: Cases = toml::from_str(include_str!("lines_cases.toml")).unwrap();
        assert!(cases.case.len() > 30);
        for case in cases.case {
            assert_eq!(shown(&case.line), case.want, "{}", case.line);
        }
    }

    #[test]
    fn labels_keep_their_examples() {
        let file: File = toml::from_str(include_str!("lines.toml")).unwrap();
        let count = |lines: &[String]| lines.iter().filter(|l| labelled(l).is_some()).count();
        file.examples.iter().for_each(|e| assert!(count(e) >= 2, "{e:?}"));
        file.counterexamples.iter().for_each(|e| assert!(count(e) < 2, "{e:?}"));
    }
}
