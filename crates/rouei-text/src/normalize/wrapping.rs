//! The words of `wrapping.toml`, by which a line shows whether the next one goes on from it.

use std::sync::LazyLock;

use serde::Deserialize;

/// What the next line begins with where it goes on from this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum GoesOn {
    /// Any kana: なっていた.
    Kana,
    /// が, を, に or で.
    Particle,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    line_end: Vec<LineEnd>,
    line_start: Vec<LineStart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineEnd {
    #[serde(rename = "id")]
    _id: String,
    goes_on_with: GoesOn,
    words: Vec<String>,
    #[serde(rename = "examples")]
    _examples: Vec<(String, String)>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineStart {
    #[serde(rename = "id")]
    _id: String,
    words: Vec<String>,
    #[serde(rename = "examples")]
    _examples: Vec<(String, String)>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<(String, String)>,
}

/// The file is part of the program; a test reads it.
static WORDS: LazyLock<File> = LazyLock::new(|| toml::from_str(include_str!("wrapping.toml")).unwrap_or_default());

/// What the next line begins with if it goes on from this one; none where the end of this one does not tell.
pub(super) fn goes_on_with(line: &str) -> Option<GoesOn> {
    let ends = |entry: &&LineEnd| entry.words.iter().any(|word| line.ends_with(word.as_str()));
    WORDS.line_end.iter().find(ends).map(|entry| entry.goes_on_with)
}

/// Whether a line begins with a word whose first letter only looks like a particle that goes on from the line above.
pub(super) fn begins_a_line(line: &str) -> bool {
    WORDS.line_start.iter().flat_map(|entry| &entry.words).any(|word| line.starts_with(word.as_str()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::is_broken_line;
    use super::File;

    #[test]
    fn lines_are_joined_as_the_examples_say() {
        let file: File = toml::from_str(include_str!("wrapping.toml")).unwrap();
        // In a column of 40 characters that holds sentences.
        let joined = |line: &str, next: &str| is_broken_line(line, next, 40, true);
        for entry in &file.line_end {
            assert!(!entry._examples.is_empty() && !entry._counterexamples.is_empty(), "{}", entry._id);
            for (line, next) in &entry._examples {
                assert!(joined(line, next), "{}: parts {line:?} from {next:?}", entry._id);
            }
            for (line, next) in &entry._counterexamples {
                assert!(!joined(line, next), "{}: joins {line:?} with {next:?}", entry._id);
            }
        }
        for entry in &file.line_start {
            assert!(!entry._examples.is_empty() && !entry._counterexamples.is_empty(), "{}", entry._id);
            for (line, next) in &entry._examples {
                assert!(!joined(line, next), "{}: joins {line:?} with {next:?}", entry._id);
            }
            for (line, next) in &entry._counterexamples {
                assert!(joined(line, next), "{}: parts {line:?} from {next:?}", entry._id);
            }
        }
    }
}
