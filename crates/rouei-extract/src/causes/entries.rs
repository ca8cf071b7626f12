//! The entries of `lexicon.toml` as they are written, and how each is compiled.

use rouei_model::CauseCode;
use serde::Deserialize;

use super::lexicon::{
    Context, Contradiction, Cue, Denial, Elsewhere, Examples, Force, Frame, Place, Precedence, Precision, Side, Source,
    Stands,
};
use crate::lexicon::LexiconError;
use crate::pattern;
use crate::pattern::Regex;

pub(super) const FILE: &str = "causes/lexicon.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) class: Vec<ClassEntry>,
    pub(super) precedence: Vec<Precedence>,
    pub(super) precision: Vec<Precision>,
    pub(super) context: Vec<ContextEntry>,
    pub(super) denial: Vec<DenialEntry>,
    pub(super) elsewhere: Vec<ElsewhereEntry>,
    pub(super) source: Vec<SourceEntry>,
    pub(super) source_words: SourceWords,
    pub(super) contradiction: Vec<Contradiction>,
    pub(super) frame: Vec<FrameEntry>,
    pub(super) cue: Vec<CueEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassEntry {
    #[serde(deserialize_with = "code")]
    pub(super) code: CauseCode,
    pub(super) label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContextEntry {
    pub(super) id: String,
    pub(super) on: Place,
    pub(super) factor: f64,
    #[serde(default)]
    pub(super) background: bool,
    pub(super) pattern: String,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl ContextEntry {
    pub(super) fn compile(self) -> Result<Context, LexiconError> {
        let pattern = compile(&self.id, &self.pattern)?;
        let examples = Examples { matching: self.examples, other: self.counterexamples };
        let Self { id, on, factor, background, .. } = self;
        Ok(Context { id, on, factor, background, pattern, examples })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DenialEntry {
    pub(super) id: String,
    pub(super) force: Force,
    pub(super) pattern: String,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl DenialEntry {
    pub(super) fn compile(self) -> Result<Denial, LexiconError> {
        let pattern = compile(&self.id, &self.pattern)?;
        let examples = Examples { matching: self.examples, other: self.counterexamples };
        Ok(Denial { id: self.id, force: self.force, pattern, examples })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElsewhereEntry {
    pub(super) id: String,
    pub(super) on: Side,
    pub(super) pattern: String,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl ElsewhereEntry {
    pub(super) fn compile(self) -> Result<Elsewhere, LexiconError> {
        let pattern = compile_alone(&self.id, &self.pattern)?;
        let examples = Examples { matching: self.examples, other: self.counterexamples };
        Ok(Elsewhere { id: self.id, on: self.on, pattern, examples })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceEntry {
    pub(super) id: String,
    pub(super) on: Stands,
    #[serde(default)]
    pub(super) announces: bool,
    pub(super) pattern: String,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl SourceEntry {
    pub(super) fn compile(self) -> Result<Source, LexiconError> {
        let pattern = compile_alone(&self.id, &self.pattern)?;
        let examples = Examples { matching: self.examples, other: self.counterexamples };
        Ok(Source { id: self.id, on: self.on, announces: self.announces, pattern, examples })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameEntry {
    pub(super) id: String,
    #[serde(deserialize_with = "code")]
    pub(super) code: CauseCode,
    pub(super) weight: f64,
    pub(super) all: Vec<String>,
    #[serde(default)]
    pub(super) unless: Option<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl FrameEntry {
    pub(super) fn compile(self) -> Result<Frame, LexiconError> {
        let all = self.all.iter().map(|p| compile_alone(&self.id, p)).collect::<Result<_, _>>()?;
        let unless = self.unless.as_deref().map(|p| compile_alone(&self.id, p)).transpose()?;
        let examples = Examples { matching: self.examples, other: self.counterexamples };
        Ok(Frame { id: self.id, code: self.code, weight: self.weight, all, unless, examples })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceWords {
    pub(super) ends: String,
    pub(super) under_inquiry: String,
    pub(super) says_nothing: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CueEntry {
    pub(super) id: String,
    #[serde(deserialize_with = "code")]
    pub(super) code: CauseCode,
    pub(super) weight: f64,
    #[serde(default)]
    pub(super) effect: bool,
    pub(super) pattern: String,
    #[serde(default)]
    pub(super) unless: Option<String>,
    #[serde(default)]
    pub(super) unless_next: Option<String>,
    #[serde(default)]
    pub(super) near: Option<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl CueEntry {
    pub(super) fn compile(self) -> Result<Cue, LexiconError> {
        let optional = |pattern: &Option<String>| pattern.as_deref().map(|p| compile(&self.id, p)).transpose();
        Ok(Cue {
            pattern: compile(&self.id, &self.pattern)?,
            unless: optional(&self.unless)?,
            unless_next: optional(&self.unless_next)?,
            near: optional(&self.near)?,
            id: self.id,
            code: self.code,
            weight: self.weight,
            effect: self.effect,
            examples: Examples { matching: self.examples, other: self.counterexamples },
        })
    }
}

pub(super) fn wrong(entry: &str, message: &str) -> LexiconError {
    LexiconError::Entry { file: FILE.to_owned(), entry: entry.to_owned(), message: message.to_owned() }
}

pub(super) fn compile(entry: &str, pattern: &str) -> Result<Regex, LexiconError> {
    pattern::compile(pattern).map_err(|e| wrong(entry, &e.to_string()))
}

/// For patterns that no prefilter is built over.
pub(super) fn compile_alone(entry: &str, pattern: &str) -> Result<Regex, LexiconError> {
    pattern::compile_alone(pattern).map_err(|e| wrong(entry, &e.to_string()))
}

pub(super) fn code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<CauseCode, D::Error> {
    let written = String::deserialize(deserializer)?;
    CauseCode::from_code(&written).ok_or_else(|| serde::de::Error::custom(format!("no class {written:?}")))
}

pub(super) fn codes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<CauseCode>, D::Error> {
    let written = Vec::<String>::deserialize(deserializer)?;
    let of = |w: &String| CauseCode::from_code(w).ok_or_else(|| serde::de::Error::custom(format!("no class {w:?}")));
    written.iter().map(of).collect()
}
