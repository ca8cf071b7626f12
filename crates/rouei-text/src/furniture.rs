//! The words of `furniture.toml`, ready to be asked.

use std::collections::HashMap;
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
    /// Of these every text that matches holds one: where there is none, the pattern is not tried.
    #[serde(default)]
    holds: Vec<String>,
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
    /// By class entry.
    when: Vec<When>,
    /// By word as it stands in the file, and by word in ASCII lower case: the class entries that it speaks for and against.
    exact: HashMap<String, (Entries, Entries)>,
    folded: HashMap<String, (Entries, Entries)>,
    /// By content word in ASCII lower case: its rank.
    content: HashMap<String, usize>,
    heading: Option<Regex>,
    related: Option<Regex>,
    whole: Option<Regex>,
    line: Option<Regex>,
    /// Lines that hold one of some words.
    holding: Vec<(Vec<String>, Option<Regex>)>,
}

/// One bit for each class entry.
type Entries = u64;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file = toml::from_str(include_str!("furniture.toml")).unwrap_or(File {
        class: Vec::new(),
        content: Vec::new(),
        heading: Vec::new(),
        line: Vec::new(),
    });
    let when = file.class.iter().map(|c| c.when).collect();
    let (mut exact, mut folded) = (HashMap::new(), HashMap::new());
    for (entry, class) in file.class.into_iter().take(Entries::BITS as usize).enumerate() {
        let speaks = class.words.into_iter().map(|w| (w, (1 << entry, 0)));
        for (word, (own, against)) in speaks.chain(class.except.into_iter().map(|w| (w, (0, 1 << entry)))) {
            let add = |words: &mut HashMap<String, (Entries, Entries)>, word: String| {
                let known = words.entry(word).or_default();
                *known = (known.0 | own, known.1 | against);
            };
            add(&mut folded, word.to_ascii_lowercase());
            add(&mut exact, word);
        }
    }
    Words {
        when,
        exact,
        folded,
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
        line: one_of(file.line.iter().filter(|p| p.holds.is_empty())),
        holding: file
            .line
            .iter()
            .filter(|p| !p.holds.is_empty())
            .map(|p| (p.holds.clone(), one_of(std::slice::from_ref(p))))
            .collect(),
    }
});

fn one_of<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> Option<Regex> {
    let all: Vec<&str> = patterns.into_iter().map(|p| p.pattern.as_str()).collect();
    Regex::new(&format!("^(?:{})$", all.join("|"))).ok()
}

/// What the names in a `class` and an `id` say, if they name furniture.
pub(crate) fn class_words(names: &str) -> Option<When> {
    let (mut own, mut against) = (0, 0);
    let mut add = |found: Option<&(Entries, Entries)>| {
        let (speaks, denies) = found.copied().unwrap_or_default();
        (own, against) = (own | speaks, against | denies);
    };
    tokens(names, |token| add(WORDS.exact.get(token)));
    for name in names.split_whitespace() {
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            add(WORDS.folded.get(&name.to_ascii_lowercase()));
        } else {
            add(WORDS.folded.get(name));
        }
    }
    let speaking = own & !against;
    WORDS.when.iter().enumerate().filter(|(entry, _)| speaking >> entry & 1 == 1).map(|(_, when)| *when).max()
}

/// How surely the names in a `class` and an `id` name the main content: 0 is the surest.
pub(crate) fn content_rank(names: &str) -> Option<usize> {
    let rank = |name: &str| {
        let mixed = name.bytes().any(|b| b.is_ascii_uppercase());
        if mixed { WORDS.content.get(&name.to_ascii_lowercase()) } else { WORDS.content.get(name) }
    };
    names.split_whitespace().filter_map(rank).min().copied()
}

/// A text as the patterns see it.
pub(crate) struct Bare {
    bare: String,
    /// Bytes as written.
    length: usize,
}

impl Bare {
    pub(crate) fn of(text: &str) -> Self {
        // What is longer is neither line nor heading, whatever it says.
        let bare = if text.len() > LONGEST_LINE * 4 { String::new() } else { bare(text) };
        Self { bare, length: text.len() }
    }

    /// As [`is_heading`].
    pub(crate) fn is_heading(&self) -> bool {
        self.matches(WORDS.heading.as_ref(), LONGEST_HEADING)
    }

    /// As [`is_line`].
    pub(crate) fn is_line(&self) -> bool {
        let holding = |(words, pattern): &(Vec<String>, Option<Regex>)| {
            words.iter().any(|w| self.bare.contains(w.as_str())) && self.matches(pattern.as_ref(), LONGEST_LINE)
        };
        self.matches(WORDS.line.as_ref(), LONGEST_LINE) || WORDS.holding.iter().any(holding)
    }

    fn matches(&self, pattern: Option<&Regex>, longest: usize) -> bool {
        self.length <= longest * 4 && !self.bare.is_empty() && pattern.is_some_and(|p| p.is_match(&self.bare))
    }
}

/// Characters, of four bytes at the most.
const LONGEST_HEADING: usize = 60;
const LONGEST_LINE: usize = 160;

/// Whether a heading stands over links to other pages, a share bar, an advert.
pub(crate) fn is_heading(text: &str) -> bool {
    text.len() <= LONGEST_HEADING * 4 && Bare::of(text).is_heading()
}

/// Whether a label announces another article in the same line: `関連記事：…`, `【関連記事】…`, `▶ 合わせて読みたい：…`.
pub(crate) fn is_related_line(text: &str) -> bool {
    let end =
        text.char_indices().take(24).skip(1).find(|(_, c)| matches!(c, '】' | '：' | ':' | '］' | ']' | '＞' | '>'));
    end.is_some_and(|(at, _)| is_related(&text[..at]))
}

/// Whether a name, as the key of a pair, announces other articles.
pub(crate) fn is_related(text: &str) -> bool {
    text.len() <= LONGEST_HEADING * 4 && Bare::of(text).matches(WORDS.related.as_ref(), LONGEST_HEADING)
}

/// Whether a heading stands over a box that is no part of the article, whatever it says: この記事を書いた人.
pub(crate) fn takes_its_box(text: &str) -> bool {
    text.len() <= LONGEST_HEADING * 4 && Bare::of(text).matches(WORDS.whole.as_ref(), LONGEST_HEADING)
}

/// Whether a line by itself is furniture.
pub(crate) fn is_line(text: &str) -> bool {
    Bare::of(text).is_line()
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
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            continue;
        }
        let Some(c) = folded_alone(c) else {
            let whole = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
            folded.clear();
            folded.extend(whole);
            break;
        };
        folded.push(c);
    }
    let kept = folded.trim_end_matches(mark).len();
    folded.truncate(kept);
    let marks = kept - folded.trim_start_matches(mark).len();
    folded.drain(..marks);
    folded
}

/// What NFKC and lower case make of a character, whatever stands beside it; none where that takes a closer look.
fn folded_alone(c: char) -> Option<char> {
    Some(match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        '、' | '。' | '・' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '一'..='鿿' | '〈'..='】' => c,
        '■' | '□' | '▲' | '△' | '▼' | '▽' | '◆' | '◇' | '○' | '◎' | '●' | '★' | '☆' | '※' => {
            c
        }
        // Full-width forms of ASCII.
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0)?.to_ascii_lowercase(),
        _ => return None,
    })
}

/// The words of a class list: split at anything but letters and digits, and where camelCase rises.
fn tokens(names: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            each(word);
            word.clear();
        }
    };
    let mut last_lower = false;
    for c in names.chars() {
        if !c.is_alphanumeric() {
            end(&mut word);
            last_lower = false;
            continue;
        }
        if c.is_uppercase() && last_lower {
            end(&mut word);
        }
        last_lower = c.is_lowercase();
        word.extend(c.to_lowercase());
    }
    end(&mut word);
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

    #[test]
    fn what_is_folded_alone_is_what_the_whole_way_makes_of_it() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_whitespace()) {
            let whole: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
            assert!(folded_alone(c).is_none_or(|folded| whole == folded.to_string()), "{c} {whole}");
        }
    }

    #[test]
    fn the_words_of_a_pattern_stand_in_its_examples() {
        let file = file();
        assert!(file.class.len() <= Entries::BITS as usize);
        for entry in file.line.iter().filter(|e| !e.holds.is_empty()) {
            for example in &entry.examples {
                assert!(entry.holds.iter().any(|w| bare(example).contains(w.as_str())), "{}: {example}", entry.id);
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
