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
    line: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(rename = "id")]
    _id: String,
    is: Part,
    pattern: String,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

/// What a line of a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Head,
    Subject,
}

/// The patterns of the file, in its order.
static LINES_OF_A_LETTER: LazyLock<Vec<(Part, Regex)>> = LazyLock::new(|| {
    let file: Option<File> = toml::from_str(include_str!("letter.toml")).ok();
    let lines = file.into_iter().flat_map(|file| file.line);
    lines.filter_map(|line| Some((line.is, Regex::new(&line.pattern).ok()?))).collect()
});

/// Whether a line stands above the subject of a letter: `2026年4月1日`, `各位`, `灯台精機株式会社`.
pub(crate) fn is_head(line: &str) -> bool {
    is(Part::Head, line) && !is_subject(line)
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
    is(Part::Subject, line)
}

fn is(part: Part, line: &str) -> bool {
    LINES_OF_A_LETTER.iter().any(|(of, pattern)| *of == part && pattern.is_match(line))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{File, LINES_OF_A_LETTER, Part, is_head, subject};

    #[test]
    fn patterns_do_as_their_examples_say() {
        let file: File = toml::from_str(include_str!("letter.toml")).unwrap();
        assert_eq!(file.line.len(), LINES_OF_A_LETTER.len(), "every pattern compiles");
        assert!(
            file.line.iter().any(|line| line.is == Part::Head) && file.line.iter().any(|line| line.is == Part::Subject)
        );
        for (entry, (_, pattern)) in file.line.iter().zip(LINES_OF_A_LETTER.iter()) {
            for (lines, want) in [(&entry._examples, true), (&entry._counterexamples, false)] {
                assert!(!lines.is_empty(), "{} has no examples", entry._id);
                for line in lines {
                    assert_eq!(pattern.is_match(line), want, "{}: {line}", entry._id);
                }
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
