//! Days and times beside headlines and counters, and heads of posts.

use super::WORDS;

/// Of a line that holds nothing but counters, labels of buttons and days: the days. None for any other line.
pub(crate) fn meta(line: &str) -> Option<String> {
    if line.len() > 600 || line.contains('。') {
        return None;
    }
    let atom = || WORDS.atom_begins.may_stand_in(line) && WORDS.atom.as_ref().is_some_and(|atom| atom.is_match(line));
    if !WORDS.meta.as_ref()?.is_match(line) || !atom() {
        return None;
    }
    let days: Vec<&str> = WORDS.day.as_ref()?.find_iter(line).map(|d| d.as_str().trim()).collect();
    let bare_times = days.iter().all(|d| !d.contains(['年', '月', '/', '.', '-', '．', '／']));
    Some(if bare_times { String::new() } else { days.join(" ") })
}

/// Whether a full day stands in a text.
pub(crate) fn holds_day(text: &str) -> bool {
    let day = WORDS.day.as_ref().and_then(|d| d.find(text));
    day.is_some_and(|d| d.as_str().contains(['年', '月', '/', '.', '-', '．', '／']))
}

/// Whether a text is a day or a time and nothing else.
pub(crate) fn is_date(text: &str) -> bool {
    WORDS.date.as_ref().is_some_and(|d| d.is_match(text))
}

/// Whether a line is a name with a day and a time behind it, as over what a reader wrote.
pub(crate) fn is_signed_at(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 240 || !text.contains([':', '：', '時']) || text.contains('。') || !holds_day(text) {
        return false;
    }
    let (name, dated) = without_date(text);
    let name = name.trim();
    dated && text.starts_with(name) && (1..=24).contains(&name.chars().count())
}

/// Whether a text says how long ago it was posted and nothing else: `3時間前`.
pub(crate) fn is_ago(text: &str) -> bool {
    let unit = text.trim().trim_start_matches('約').trim_start().trim_start_matches(char::is_numeric).trim_start();
    unit.len() < text.trim().len()
        && matches!(unit, "秒前" | "分前" | "時間前" | "日前" | "週間前" | "か月前" | "ヶ月前" | "カ月前" | "年前")
}

/// A headline without rank, day and time around it, and whether there was a day or a time.
pub(crate) fn without_date(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut dated = false;
    if let Some(before) = WORDS.before.as_ref().filter(|b| b.may_begin(rest)).and_then(|b| b.regex()?.find(rest)) {
        dated |= before.as_str().chars().filter(|c| c.is_numeric()).count() >= 3;
        rest = &rest[before.end()..];
    }
    if let Some(after) = WORDS.after.as_ref().filter(|a| a.may_end(rest)).and_then(|a| a.regex()?.find(rest)) {
        dated |= after.as_str().chars().any(char::is_numeric);
        rest = &rest[..after.start()];
    }
    (rest, dated)
}

/// The number of a post whose head a line is: `2 ：名無しさん：2025/11/24(月) 10:02 ID:xyZ120`.
pub(crate) fn post_number(line: &str) -> Option<u32> {
    let (line, post) = (line.trim(), WORDS.post.as_ref()?);
    post.is_match(line).then(|| post.regex()?.captures(line))??.get(1)?.as_str().parse().ok()
}
