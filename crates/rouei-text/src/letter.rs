//! The head of a letter: lines above its subject, which is its title. The patterns are data (`letter.toml`).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// Lines at the head of a letter among which its subject stands: date, addressee, sender, subject.
const LINES: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    head: Vec<Head>,
    subject: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(rename = "id")]
    _id: String,
    pattern: String,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pattern: String,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

struct Letter {
    head: Vec<Regex>,
    subject: Regex,
}

static LETTER: LazyLock<Option<Letter>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("letter.toml")).ok()?;
    let head = file.head.iter().map(|head| Regex::new(&head.pattern).ok()).collect::<Option<Vec<_>>>()?;
    Some(Letter { head, subject: Regex::new(&file.subject.pattern).ok()? })
});

/// Whether a line stands above the subject of a letter: `2026年4月1日`, `各位`, `灯台精機株式会社`.
pub(crate) fn is_head(line: &str) -> bool {
    LETTER.as_ref().is_some_and(|letter| letter.head.iter().any(|head| head.is_match(line))) && !is_subject(line)
}

/// Where the line stands in a text that says what a letter is about: among its first lines, below nothing but its head.
pub(crate) fn subject(text: &str) -> Option<Range<usize>> {
    let mut end = 0;
    let placed = text.split('\n').map(|line| {
        let start = end;
        end += line.len() + 1;
        let lead = line.len() - line.trim_start().len();
        (start + lead, line.trim())
    });
    let written = placed.filter(|(_, line)| !line.is_empty()).take(LINES);
    let mut head = written.take_while(|(_, line)| !line.ends_with('。'));
    head.find(|(_, line)| is_subject(line)).map(|(start, line)| start..start + line.len())
}

/// Whether a line says what a letter is about: `…について`, `…のお知らせ`.
fn is_subject(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    LETTER.as_ref().is_some_and(|letter| letter.subject.is_match(line))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{File, LETTER, is_head, is_subject, subject};

    #[test]
    fn patterns_do_as_their_examples_say() {
        let file: File = toml::from_str(include_str!("letter.toml")).unwrap();
        let letter = LETTER.as_ref().unwrap();
        for (head, pattern) in file.head.iter().zip(&letter.head) {
            for (lines, want) in [(&head._examples, true), (&head._counterexamples, false)] {
                for line in lines {
                    assert_eq!(pattern.is_match(line), want, "{}: {line}", head._id);
                }
            }
        }
        for (lines, want) in [(&file.subject._examples, true), (&file.subject._counterexamples, false)] {
            for line in lines {
                assert_eq!(is_subject(line), want, "subject: {line}");
            }
        }
    }

    #[test]
    fn the_subject_stands_below_the_head() {
        let letter = "2026年6月30日\nシラサギ電力株式会社\n不適切な閲覧について\n判明いたしました。\nお詫び";
        assert_eq!(subject(letter).map(|range| &letter[range]), Some("不適切な閲覧について"));
        assert!(is_head("シラサギ電力株式会社") && !is_head("個人情報の漏えいについて"));
        assert_eq!(subject("名簿を紛失しました。\n再発防止について"), None);
    }
}
