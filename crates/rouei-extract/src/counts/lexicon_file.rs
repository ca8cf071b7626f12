//! The shape of `lexicon.toml` as it is written.

use serde::Deserialize;

use super::lexicon::{Effect, FILE, Position, UnitClass};
use super::words::WordList;
use crate::lexicon::LexiconError;
use crate::word_lists::ListEntry;

/// Keys that an entry of each table may have, beside `id`, `examples` and `counterexamples`.
const KEYS: [(&str, &[&str]); 9] = [
    ("unit", &["forms", "class", "subject", "not_before"]),
    ("other_unit", &["forms"]),
    ("modifier", &["position", "forms", "bound", "approx", "cumulative", "total", "not_before", "not_after"]),
    ("pattern", &["regex"]),
    (
        "context",
        &[
            "classes",
            "before",
            "after",
            "sentence",
            "heading",
            "previous",
            "unless",
            "unless_after",
            "max",
            "effect",
            "subject",
        ],
    ),
    ("scope", &["value", "regex"]),
    ("subject", &["value", "before", "after"]),
    ("label", &["regex", "not", "unit"]),
    ("undisclosed", &["value", "regex"]),
];

/// Reads the file; a key that nothing reads is an error, not a silence.
pub(super) fn read(toml: &str) -> Result<File, LexiconError> {
    let parse = |e: toml::de::Error| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() };
    let table: toml::Table = toml::from_str(toml).map_err(parse)?;
    for (name, keys) in KEYS {
        let entries = table.get(name).and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_table());
        for entry in entries {
            let known = |key: &str| ["id", "examples", "counterexamples"].contains(&key) || keys.contains(&key);
            if let Some(key) = entry.keys().find(|key| !known(key)) {
                let id = entry.get("id").and_then(|v| v.as_str()).unwrap_or(name);
                let message = format!("has an unknown key {key:?}");
                return Err(LexiconError::Entry { file: FILE.to_owned(), entry: id.to_owned(), message });
            }
        }
    }
    toml::from_str(toml).map_err(parse)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) unit: Vec<UnitEntry>,
    pub(super) other_unit: Vec<OtherUnitEntry>,
    pub(super) modifier: Vec<ModifierEntry>,
    pub(super) pattern: Vec<PatternEntry>,
    pub(super) context: Vec<ContextEntry>,
    pub(super) scope: Vec<ValueEntry>,
    pub(super) subject: Vec<SubjectEntry>,
    pub(super) label: Vec<LabelEntry>,
    pub(super) undisclosed: Vec<ValueEntry>,
    pub(super) list: Vec<ListEntry<WordList>>,
    pub(super) confidence: Confidences,
    pub(super) cues: std::collections::BTreeMap<String, String>,
}

/// Probability that a figure counts victims, by where the evidence stands; the lesser ones are upper limits.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confidences {
    pub(crate) sentence: f64,
    pub(crate) affected_heading: f64,
    pub(crate) notified: f64,
    pub(crate) confirmed: f64,
    pub(crate) kanji: f64,
    pub(crate) under: f64,
    pub(crate) no_unit: f64,
    pub(crate) heading: f64,
    pub(crate) paper: f64,
    pub(crate) organization: f64,
    pub(crate) vague: f64,
    pub(crate) none: f64,
}

#[derive(Deserialize)]
pub(super) struct Common {
    pub(super) id: String,
    #[serde(default)]
    pub(super) examples: Vec<String>,
    #[serde(default)]
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct UnitEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) forms: Vec<String>,
    pub(super) class: UnitClass,
    pub(super) subject: String,
    #[serde(default)]
    pub(super) not_before: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct OtherUnitEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) forms: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ModifierEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) forms: Vec<String>,
    pub(super) position: Position,
    pub(super) bound: Option<String>,
    #[serde(default)]
    pub(super) approx: bool,
    #[serde(default)]
    pub(super) cumulative: bool,
    #[serde(default)]
    pub(super) total: bool,
    #[serde(default)]
    pub(super) not_before: Vec<String>,
    #[serde(default)]
    pub(super) not_after: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct PatternEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) regex: String,
}

#[derive(Deserialize)]
pub(super) struct ContextEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    #[serde(default)]
    pub(super) classes: Vec<UnitClass>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) sentence: Option<String>,
    pub(super) heading: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) unless: Option<String>,
    pub(super) unless_after: Option<String>,
    pub(super) max: Option<u64>,
    pub(super) effect: Effect,
    pub(super) subject: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ValueEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) value: String,
    pub(super) regex: String,
}

#[derive(Deserialize)]
pub(super) struct SubjectEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) value: String,
    pub(super) before: String,
    pub(super) after: String,
}

#[derive(Deserialize)]
pub(super) struct LabelEntry {
    #[serde(flatten)]
    pub(super) common: Common,
    pub(super) regex: String,
    pub(super) not: Option<String>,
    pub(super) unit: String,
}
