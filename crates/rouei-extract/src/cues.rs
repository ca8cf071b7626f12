//! Patterns as data: what stands before, behind or around something, with examples that a test reads.

use crate::pattern::Regex;
use serde::Deserialize;

use crate::lexicon::LexiconError;
use crate::organizations::OrganizationKind;
use crate::pattern;

/// One pattern of a lexicon file.
#[derive(Debug)]
pub struct Cue {
    /// Name, used as the rule of what it decides.
    pub id: String,
    /// Where it is matched.
    pub on: Place,
    /// The compiled pattern.
    pub pattern: Regex,
    /// What it adds to a score.
    pub weight: f64,
    /// The code that it stands for, where the file gives one (a role, a class).
    pub role: Option<String>,
    /// The kinds of organization that it is asked of; none: all.
    pub kinds: Vec<OrganizationKind>,
    /// Asked only in a notice, in the words of whom it is about, or only outside one; none: in both.
    pub notice: Option<bool>,
    /// Texts that it must match.
    pub examples: Vec<String>,
    /// Texts that it must not match.
    pub counterexamples: Vec<String>,
}

/// The text that a pattern is matched against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// From the end of the name to the end of its sentence.
    After,
    /// From the beginning of the sentence to the name.
    Before,
    /// As `after`, where the name opens its sentence.
    Lead,
    /// One sentence.
    Sentence,
    /// The title of the document.
    Title,
}

/// Reads the cues of a TOML file.
///
/// # Errors
/// Where the text does not parse or a pattern does not compile; names file and entry.
pub fn parse(file: &str, text: &str) -> Result<Vec<Cue>, LexiconError> {
    let parsed: File =
        toml::from_str(text).map_err(|e| LexiconError::Parse { file: file.to_owned(), message: e.to_string() })?;
    compile(file, parsed.cue)
}

/// Compiles the cues of a file.
///
/// # Errors
/// Where a pattern does not compile; names file and entry.
pub(crate) fn compile(file: &str, entries: Vec<Entry>) -> Result<Vec<Cue>, LexiconError> {
    entries
        .into_iter()
        .map(|entry| {
            let pattern = pattern::compile(&entry.pattern).map_err(|e| LexiconError::Entry {
                file: file.to_owned(),
                entry: entry.id.clone(),
                message: e.to_string(),
            })?;
            Ok(Cue {
                id: entry.id,
                on: entry.on,
                pattern,
                weight: entry.weight,
                role: entry.role,
                kinds: entry.kinds,
                notice: entry.notice,
                examples: entry.examples,
                counterexamples: entry.counterexamples,
            })
        })
        .collect()
}

/// Whether a cue matches an example in which the name stands in 《 》; without a name the whole text is matched.
#[must_use]
pub fn matches_example(cue: &Cue, example: &str) -> bool {
    let (before, after) = match (example.find('《'), example.find('》')) {
        (Some(open), Some(close)) => (&example[..open], &example[close + '》'.len_utf8()..]),
        _ => (example, example),
    };
    match cue.on {
        Place::After => cue.pattern.is_match(after),
        Place::Before => cue.pattern.is_match(before),
        Place::Lead => before.is_empty() && cue.pattern.is_match(after),
        Place::Sentence | Place::Title => cue.pattern.is_match(example),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    id: String,
    on: Place,
    pattern: String,
    weight: f64,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    kinds: Vec<OrganizationKind>,
    #[serde(default)]
    notice: Option<bool>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}
