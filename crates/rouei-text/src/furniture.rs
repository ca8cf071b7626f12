//! The words of `furniture.toml`, ready to be asked.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
    content: Vec<Content>,
    heading: Vec<Pattern>,
    line: Vec<Pattern>,
    atom: Vec<Pattern>,
    key: Vec<Pattern>,
    content_heading: Vec<Pattern>,
    site_name: Vec<Pattern>,
    date: Date,
}

/// How days and times stand beside headlines and counters; pieces of patterns over lines as they are written.
#[derive(Deserialize, Default)]
struct Date {
    label: String,
    day: String,
    time: String,
    rank: String,
    post: String,
}

#[derive(Deserialize)]
struct Class {
    when: When,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[cfg(test)]
    id: String,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
struct Content {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Pattern {
    pattern: String,
    #[serde(default)]
    related: bool,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    behind: bool,
    #[cfg(test)]
    id: String,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    counterexamples: Vec<String>,
}

/// Under what condition a class name makes an element furniture; the weakest condition first.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// It holds links for the most part.
    Linked,
    /// It does not hold half of the running text.
    Small,
    /// In any case.
    Always,
}

struct Words {
    class: Vec<Condition>,
    /// By content word in ASCII lower case: its rank.
    content: HashMap<String, usize>,
    heading: Option<Regex>,
    related: Option<Regex>,
    whole: Option<Regex>,
    line: Option<Regex>,
    /// Lines that are furniture behind the story only.
    line_behind: Option<Regex>,
    behind: Option<Regex>,
    key: Option<Regex>,
    content_heading: Option<Regex>,
    site_name: Option<Regex>,
    /// A line of counters and labels, with days among them.
    meta: Option<Regex>,
    /// A line that holds one of them at least.
    atom: Option<Regex>,
    /// A day or a time with its label.
    day: Option<Regex>,
    /// Nothing but days and times.
    date: Option<Regex>,
    /// Rank, label, day, time before a headline.
    before: Option<Regex>,
    after: Option<Regex>,
    post: Option<Regex>,
}

/// When the words of one class entry apply, with the words as they stand in the file and in ASCII lower case.
struct Condition {
    when: When,
    words: Forms,
    except: Forms,
}

struct Forms {
    exact: HashSet<String>,
    folded: HashSet<String>,
}

impl Forms {
    fn of(words: Vec<String>) -> Self {
        Self { folded: words.iter().map(|w| w.to_ascii_lowercase()).collect(), exact: words.into_iter().collect() }
    }

    /// Whether a token is one of the words, or a whole name is, whatever its case.
    fn name(&self, tokens: &[String], names: &[String]) -> bool {
        tokens.iter().any(|t| self.exact.contains(t)) || names.iter().any(|n| self.folded.contains(n))
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file = toml::from_str(include_str!("furniture.toml")).unwrap_or(File {
        class: Vec::new(),
        content: Vec::new(),
        heading: Vec::new(),
        line: Vec::new(),
        atom: Vec::new(),
        key: Vec::new(),
        content_heading: Vec::new(),
        site_name: Vec::new(),
        date: Date::default(),
    });
    let Date { label, day, time, rank, post } = &file.date;
    let atoms: Vec<&str> = file.atom.iter().map(|p| p.pattern.as_str()).collect();
    let atoms = atoms.join("|");
    let day = format!(r"(?:(?:{label})\s*[:：]?\s*)?(?:{day})(?:\s*(?:{time}))?|{time}");
    let space = r"[\s■□|｜│/／・,、:：()（）［］\[\]●○･>＞\-]";
    let pattern = |p: String| compiled(&format!("(?i){p}"));
    Words {
        meta: pattern(format!("^{space}*(?:(?:{day}|{atoms}){space}*)+$")),
        atom: pattern(format!("(?:^|{space}|{day})(?:{atoms})")),
        date: pattern(format!(r"^{space}*(?:(?:{day}){space}*)+$")),
        before: pattern(format!(r"^(?:{rank})?\s*(?:[\[［(（]?(?:{day})[\]］)）]?)?\s*(?:{rank})?\s*")),
        after: pattern(format!(r"\s*[\[［(（]?(?:{day})[\]］)）]?\s*$")),
        day: pattern(day),
        post: pattern(post.clone()),
        behind: one_of(&file.heading),
        key: one_of(&file.key),
        content_heading: one_of(&file.content_heading),
        site_name: one_of(&file.site_name),
        content: file.content.into_iter().flat_map(|c| c.words).enumerate().fold(
            HashMap::new(),
            |mut ranks, (rank, word)| {
                ranks.entry(word.to_ascii_lowercase()).or_insert(rank);
                ranks
            },
        ),
        heading: one_of(file.heading.iter().filter(|p| !p.behind)),
        related: one_of(file.heading.iter().filter(|p| p.related)),
        whole: one_of(file.heading.iter().filter(|p| p.whole)),
        line: one_of(file.line.iter().filter(|p| !p.behind)),
        line_behind: one_of(&file.line),
        class: file
            .class
            .into_iter()
            .map(|c| Condition { when: c.when, words: Forms::of(c.words), except: Forms::of(c.except) })
            .collect(),
    }
});

fn one_of<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> Option<Regex> {
    let all: Vec<&str> = patterns.into_iter().map(|p| p.pattern.as_str()).collect();
    compiled(&format!("^(?:{})$", all.join("|")))
}

/// With room for the states of hundreds of alternatives: the 2 MB of the default are built anew all the time.
fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).dfa_size_limit(8 << 20).build().ok()
}

/// What the names in a `class` and an `id` say, if they name furniture.
pub(crate) fn class_words(names: &str) -> Option<When> {
    let tokens = tokens(names);
    let names: Vec<String> = names.split_whitespace().map(str::to_ascii_lowercase).collect();
    let named = |forms: &Forms| forms.name(&tokens, &names);
    WORDS.class.iter().filter(|c| named(&c.words) && !named(&c.except)).map(|c| c.when).max()
}

/// How surely the names in a `class` and an `id` name the main content: 0 is the surest.
pub(crate) fn content_rank(names: &str) -> Option<usize> {
    let rank = |name: &str| {
        let mixed = name.bytes().any(|b| b.is_ascii_uppercase());
        if mixed { WORDS.content.get(&name.to_ascii_lowercase()) } else { WORDS.content.get(name) }
    };
    names.split_whitespace().filter_map(rank).min().copied()
}

/// Whether a heading stands over links to other pages, a share bar, an advert.
pub(crate) fn is_heading(text: &str) -> bool {
    matches(WORDS.heading.as_ref(), text, 60)
}

/// Whether a label announces another article in the same line: `関連記事：…`, `【関連記事】…`, `▶ 合わせて読みたい：…`.
pub(crate) fn is_related_line(text: &str) -> bool {
    let end =
        text.char_indices().take(24).skip(1).find(|(_, c)| matches!(c, '】' | '：' | ':' | '］' | ']' | '＞' | '>'));
    if end.is_some_and(|(at, _)| is_related(&text[..at])) {
        return true;
    }
    let blank = text.trim_start().split_once([' ', '\u{3000}']);
    blank.is_some_and(|(label, rest)| label.chars().count() >= 3 && rest.chars().count() >= 9 && is_related(label))
}

/// `A社、120件流出(31) / B市、名簿紛失(8)`: headlines of other pages in one line.
pub(crate) fn is_row_of_headlines(text: &str) -> bool {
    let parts: Vec<&str> = text.split(" / ").flat_map(|p| p.split(['／', '｜'])).map(str::trim).collect();
    let counted = |p: &str| {
        p.trim_end_matches([')', '）']).trim_end_matches(char::is_numeric).ends_with(['(', '（'])
            && p.ends_with([')', '）'])
    };
    parts.len() >= 2 && !text.contains('。') && parts.iter().all(|p| p.chars().count() >= 10 && counted(p))
}

/// Whether a name, as the key of a pair, announces other articles.
pub(crate) fn is_related(text: &str) -> bool {
    matches(WORDS.related.as_ref(), text, 60)
}

/// Whether a heading stands over a box that is no part of the article, whatever it says: この記事を書いた人.
pub(crate) fn takes_its_box(text: &str) -> bool {
    matches(WORDS.whole.as_ref(), text, 60)
}

/// Whether a line by itself is furniture.
pub(crate) fn is_line(text: &str) -> bool {
    matches(WORDS.line.as_ref(), text, 160)
}

/// Whether a line behind sentences of the story is furniture.
pub(crate) fn is_line_behind(text: &str) -> bool {
    matches(WORDS.line_behind.as_ref(), text, 160)
}

/// Whether a heading that opens a box behind the story says that the box is of the site.
pub(crate) fn is_heading_behind(text: &str) -> bool {
    matches(WORDS.behind.as_ref(), text, 60)
}

/// Whether a name, as the key of a pair, says something of the page and not of what it tells: ページ番号.
pub(crate) fn is_key(text: &str) -> bool {
    matches(WORDS.key.as_ref(), text, 30)
}

/// Whether a short text stands over a part of a notice: 概要, お問い合わせ先.
pub(crate) fn is_content_heading(text: &str) -> bool {
    matches(WORDS.content_heading.as_ref(), text, 24)
}

/// Of a line that holds nothing but counters, labels of buttons and days: the days. None for any other line.
pub(crate) fn meta(line: &str) -> Option<String> {
    if line.len() > 600 || line.contains('。') {
        return None;
    }
    if !WORDS.meta.as_ref()?.is_match(line) || !WORDS.atom.as_ref()?.is_match(line) {
        return None;
    }
    let days: Vec<&str> = WORDS.day.as_ref()?.find_iter(line).map(|d| d.as_str().trim()).collect();
    let bare_times = days.iter().all(|d| !d.contains(['年', '月', '/', '.', '-', '．', '／']));
    Some(if bare_times { String::new() } else { days.join(" ") })
}

/// Whether a short text is what a site of news or a diary calls itself: ひだまり通信ブログ.
pub(crate) fn is_site_name(text: &str) -> bool {
    matches(WORDS.site_name.as_ref(), text, 30)
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

/// A headline without rank, day and time around it, and whether there was a day or a time.
pub(crate) fn without_date(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut dated = false;
    if let Some(before) = WORDS.before.as_ref().and_then(|b| b.find(rest)) {
        dated |= before.as_str().chars().filter(|c| c.is_numeric()).count() >= 3;
        rest = &rest[before.end()..];
    }
    if let Some(after) = WORDS.after.as_ref().and_then(|a| a.find(rest)) {
        dated |= after.as_str().chars().any(char::is_numeric);
        rest = &rest[..after.start()];
    }
    (rest, dated)
}

/// The number of a post whose head a line is: `2 ：名無しさん：2025/11/24(月) 10:02 ID:xyZ120`.
pub(crate) fn post_number(line: &str) -> Option<u32> {
    WORDS.post.as_ref()?.captures(line.trim())?.get(1)?.as_str().parse().ok()
}

fn matches(pattern: Option<&Regex>, text: &str, longest: usize) -> bool {
    if text.len() > longest * 4 {
        return false;
    }
    let bare = bare(text);
    !bare.is_empty() && pattern.is_some_and(|p| p.is_match(&bare))
}

/// NFKC, lower case, without blanks and without the marks that decorate headings.
fn bare(text: &str) -> String {
    let mark = |c: char| {
        matches!(
            c,
            '■' | '□'
                | '●'
                | '○'
                | '◆'
                | '◇'
                | '▼'
                | '▽'
                | '▲'
                | '△'
                | '▶'
                | '►'
                | '★'
                | '☆'
                | '◎'
                | '['
                | ']'
                | '【'
                | '】'
                | '<'
                | '>'
                | '《'
                | '》'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '「'
                | '」'
                | '『'
                | '』'
                | '〈'
                | '〉'
                | ':'
                | '・'
                | '|'
                | '-'
                | '~'
                | '…'
                | '.'
                | '。'
                | '、'
                | '＊'
                | '*'
                | '#'
                | '→'
                | '←'
                | '↑'
                | '↓'
                | '⇒'
                | '!'
                | '?'
        )
    };
    if text.chars().all(is_plain) {
        let trimmed = text.trim_matches(|c: char| mark(c) || c.is_whitespace());
        let mut folded = String::with_capacity(trimmed.len());
        folded.extend(trimmed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()));
        return folded;
    }
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    folded.trim_matches(mark).to_owned()
}

/// Characters that NFKC leaves alone, whatever stands beside them, and that have a case in ASCII only.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '、' | '。' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='鿿')
}

/// The words of a class list: split at anything but letters and digits, and where camelCase rises.
fn tokens(names: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut last_lower = false;
    for c in names.chars() {
        if !c.is_alphanumeric() {
            out.push(String::new());
            last_lower = false;
            continue;
        }
        if c.is_uppercase() && last_lower {
            out.push(String::new());
        }
        last_lower = c.is_lowercase();
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
