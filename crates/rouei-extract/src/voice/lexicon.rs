//! The cues of `lexicon.toml`, read and checked.

use serde::Deserialize;

use crate::lexicon::LexiconError;
use crate::pattern::{self, Regex};
use crate::prefilter::Prefilter;

const FILE: &str = "voice/lexicon.toml";

/// The cues of who speaks, compiled.
#[derive(Debug)]
pub struct VoiceLexicon {
    /// Where the sum begins.
    pub(super) prior: f64,
    cues: Vec<Cue>,
    cues_in: Prefilter,
}

#[derive(Debug)]
struct Cue {
    id: String,
    on: Place,
    weight: f64,
    pattern: Regex,
    unless: Option<Regex>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// What a cue is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Title,
    Head,
    Text,
    Address,
    Publisher,
}

impl VoiceLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse, or a pattern does not compile.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// Where the text does not parse, or a pattern does not compile; names the entry.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let cues: Vec<Cue> = file.cue.into_iter().map(Entry::compile).collect::<Result<_, _>>()?;
        Ok(Self { prior: file.prior, cues_in: Prefilter::new(cues.iter().map(|cue| &cue.pattern)), cues })
    }

    /// Runs the examples and counterexamples of every entry; one line for each that does not hold.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut out = Vec::new();
        for cue in &self.cues {
            let id = &cue.id;
            if cue.examples.is_empty() || cue.counterexamples.is_empty() {
                out.push(format!("{id}: needs examples and counterexamples"));
            }
            out.extend(cue.examples.iter().filter(|e| !cue.matches(e)).map(|e| format!("{id}: misses {e:?}")));
            out.extend(cue.counterexamples.iter().filter(|e| cue.matches(e)).map(|e| format!("{id}: finds {e:?}")));
        }
        out
    }

    pub(super) fn len(&self) -> usize {
        self.cues.len()
    }

    /// The cues worth trying on a sentence.
    pub(super) fn candidates(&self, text: &str) -> Vec<usize> {
        self.cues_in.candidates(text).iter().collect()
    }

    pub(super) fn place(&self, cue: usize) -> Place {
        self.cues[cue].on
    }

    pub(super) fn weight(&self, cue: usize) -> f64 {
        self.cues[cue].weight
    }

    pub(super) fn id(&self, cue: usize) -> &str {
        &self.cues[cue].id
    }

    pub(super) fn matches(&self, cue: usize, text: &str) -> bool {
        self.cues[cue].matches(text)
    }
}

impl Cue {
    fn matches(&self, text: &str) -> bool {
        self.pattern.is_match(text) && !self.unless.as_ref().is_some_and(|unless| unless.is_match(text))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    prior: f64,
    cue: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    on: Place,
    weight: f64,
    pattern: String,
    #[serde(default)]
    unless: Option<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl Entry {
    fn compile(self) -> Result<Cue, LexiconError> {
        let regex = |pattern: &str| {
            pattern::compile(pattern).map_err(|e| LexiconError::Entry {
                file: FILE.to_owned(),
                entry: self.id.clone(),
                message: e.to_string(),
            })
        };
        Ok(Cue {
            pattern: regex(&self.pattern)?,
            unless: self.unless.as_deref().map(regex).transpose()?,
            id: self.id,
            on: self.on,
            weight: self.weight,
            examples: self.examples,
            counterexamples: self.counterexamples,
        })
    }
}
