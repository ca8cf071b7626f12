//! The words of `furniture.toml`, ready to be asked.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
    content: Vec<Content>,
    heading: Vec<Pattern>,
    line: Vec<Pattern>,
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
    });
    Words {
        content: file.content.into_iter().flat_map(|c| c.words).enumerate().fold(
            HashMap::new(),
            |mut ranks, (rank, word)| {
                ranks.entry(word.to_ascii_lowercase()).or_insert(rank);
                ranks
            },
        ),
        heading: one_of(&file.heading),
        related: one_of(file.heading.iter().filter(|p| p.related)),
        whole: one_of(file.heading.iter().filter(|p| p.whole)),
        line: one_of(&file.line),
        class: file
            .class
            .into_iter()
            .map(|c| Condition { when: c.when, words: Forms::of(c.words), except: Forms::of(c.except) })
            .collect(),
    }
});

fn one_of<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> Option<Regex> {
    let all: Vec<&str> = patterns.into_iter().map(|p| p.pattern.as_str()).collect();
    Regex::new(&format!("^(?:{})$", all.join("|"))).ok()
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
    names.split_whitespace().filter_map(|n| WORDS.content.get(&n.to_ascii_lowercase())).min().copied()
}

/// Whether a heading stands over links to other pages, a share bar, an advert.
pub(crate) fn is_heading(text: &str) -> bool {
    matches(WORDS.heading.as_ref(), text, 60)
}

/// Whether a label announces another article in the same line: `関連記事：…`, `【関連記事】…`, `▶ 合わせて読みたい：…`.
pub(crate) fn is_related_line(text: &str) -> bool {
    let end =
        text.char_indices().take(24).skip(1).find(|(_, c)| matches!(c, '】' | '：' | ':' | '］' | ']' | '＞' | '>'));
    end.is_some_and(|(at, _)| is_related(&text[..at]))
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
mod tests {
    use super::*;

    fn file() -> File {
        toml::from_str(include_str!("furniture.toml")).unwrap()
    }

    #[test]
    fn every_class_entry_keeps_its_examples() {
        for class in file().class {
            for example in &class.examples {
                assert!(class_words(example).is_some_and(|w| w >= class.when), "{}: {example}", class.id);
            }
            for counter in &class.counterexamples {
                assert!(class_words(counter).is_none(), "{}: {counter}", class.id);
            }
        }
    }

    fn check(patterns: &[Pattern], ask: fn(&str) -> bool) {
        for entry in patterns {
            let own = one_of(std::slice::from_ref(entry)).unwrap();
            for example in &entry.examples {
                assert!(own.is_match(&bare(example)), "{}: {example} ({})", entry.id, bare(example));
                assert!(ask(example), "{}: {example}", entry.id);
            }
            for counter in &entry.counterexamples {
                assert!(!ask(counter), "{}: {counter}", entry.id);
            }
        }
    }

    #[test]
    fn every_heading_entry_keeps_its_examples() {
        check(&file().heading, is_heading);
    }

    #[test]
    fn every_line_entry_keeps_its_examples() {
        check(&file().line, is_line);
    }
}
