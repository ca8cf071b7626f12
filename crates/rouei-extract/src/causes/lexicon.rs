use std::collections::BTreeMap;

use crate::pattern::Regex;
use rouei_model::CauseCode;
use serde::Deserialize;

use super::entries::{
    ContextEntry, CueEntry, DenialEntry, ElsewhereEntry, FILE, File, FrameEntry, SourceEntry, code, codes,
    compile_alone, wrong,
};
use crate::lexicon::LexiconError;
use crate::prefilter::Prefilter;

/// The cues of the causes, compiled.
#[derive(Debug)]
pub struct CauseLexicon {
    pub(super) labels: BTreeMap<CauseCode, String>,
    pub(super) cues: Vec<Cue>,
    /// Over the patterns of `cues`.
    pub(super) prefilter: Prefilter,
    pub(super) contexts: Vec<Context>,
    /// Over the patterns of `contexts`.
    pub(super) contexts_in: Prefilter,
    pub(super) denials: Vec<Denial>,
    /// Over the patterns of `denials`.
    pub(super) denials_in: Prefilter,
    pub(super) elsewhere: Vec<Elsewhere>,
    pub(super) sources: Vec<Source>,
    /// Ends what a document names as the cause.
    pub(super) source_end: Regex,
    /// Beside a key: nobody knows yet.
    pub(super) under_inquiry: Regex,
    /// What names no cause although it stands where one is named.
    pub(super) no_source: Regex,
    pub(super) contradictions: Vec<Contradiction>,
    pub(super) frames: Vec<Frame>,
    pub(super) precedences: Vec<Precedence>,
    pub(super) precisions: Vec<Precision>,
}

#[derive(Debug)]
pub(super) struct Cue {
    pub(super) id: String,
    pub(super) code: CauseCode,
    pub(super) weight: f64,
    /// Tells what was seen, not why.
    pub(super) effect: bool,
    pub(super) pattern: Regex,
    pub(super) unless: Option<Regex>,
    pub(super) unless_next: Option<Regex>,
    pub(super) near: Option<Regex>,
    pub(super) examples: Examples,
}

#[derive(Debug)]
pub(super) struct Context {
    pub(super) id: String,
    pub(super) on: Place,
    pub(super) factor: f64,
    /// Tells of other times and places, or of what might be.
    pub(super) background: bool,
    pub(super) pattern: Regex,
    pub(super) examples: Examples,
}

#[derive(Debug)]
pub(super) struct Denial {
    pub(super) id: String,
    pub(super) force: Force,
    pub(super) pattern: Regex,
    pub(super) examples: Examples,
}

/// What words behind a cue do to its class, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Force {
    /// It was thought of: the cue counts, but does not stand against a denial.
    Doubts,
    /// The cue does not count.
    Suppresses,
    /// The class was looked for and not found.
    Denies,
    /// The class is not what it was.
    Concludes,
}

/// Says that a denial is of something else than the cause of the incident.
#[derive(Debug)]
pub(super) struct Elsewhere {
    pub(super) id: String,
    pub(super) on: Side,
    pub(super) pattern: Regex,
    pub(super) examples: Examples,
}

/// Which side of the cue is looked at, within its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    Front,
    /// The words of the cue.
    Cue,
    Behind,
}

/// Where a document names the cause in words of its own.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) id: String,
    pub(super) on: Stands,
    /// Whatever stands there is the cause.
    pub(super) announces: bool,
    pub(super) pattern: Regex,
    pub(super) examples: Examples,
}

/// Where the words for the cause stand, seen from what announces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stands {
    /// The value of this key, the cell below this header.
    Beside,
    /// The sentence below this line.
    Below,
    /// Behind the match, up to the end of the clause.
    Behind,
    /// Before the match, from the beginning of the clause.
    Before,
    /// The match is the words, with brackets around them.
    Within,
}

/// Kinds of words that tell of a class when they meet in one sentence.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) code: CauseCode,
    pub(super) weight: f64,
    /// Each has to match.
    pub(super) all: Vec<Regex>,
    pub(super) unless: Option<Regex>,
    pub(super) examples: Examples,
}

/// A title that says one class above a text that says only another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contradiction {
    #[serde(deserialize_with = "code")]
    pub(super) title: CauseCode,
    #[serde(deserialize_with = "codes")]
    pub(super) body: Vec<CauseCode>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Precedence {
    #[serde(deserialize_with = "code")]
    pub(super) first: CauseCode,
    #[serde(deserialize_with = "code")]
    pub(super) over: CauseCode,
    pub(super) ratio: f64,
    #[serde(rename = "reason")]
    _reason: String,
}

/// What share of the main causes with at least this score and share was right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Precision {
    pub(super) share: f64,
    pub(super) score: f64,
    pub(super) precision: f64,
    #[serde(rename = "of")]
    _of: u32,
    #[serde(rename = "right")]
    _right: u32,
}

#[derive(Debug, Default)]
pub(super) struct Examples {
    pub(super) matching: Vec<String>,
    pub(super) other: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Sentence,
    Heading,
    Label,
}

impl CauseLexicon {
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
    /// Where the text does not parse, names an unknown class, or a pattern does not compile; names the entry.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let labels: BTreeMap<_, _> = file.class.into_iter().map(|class| (class.code, class.label)).collect();
        if let Some(missing) = CauseCode::ALL.iter().find(|code| !labels.contains_key(code)) {
            return Err(wrong(missing.code(), "the class has no label"));
        }
        if !file.precision.last().is_some_and(|last| last.share <= 0.0 && last.score <= 0.0) {
            return Err(wrong("precision", "the last entry has to hold for every score and share"));
        }
        let cues: Vec<Cue> = file.cue.into_iter().map(CueEntry::compile).collect::<Result<_, _>>()?;
        let contexts: Vec<Context> = file.context.into_iter().map(ContextEntry::compile).collect::<Result<_, _>>()?;
        let denials: Vec<Denial> = file.denial.into_iter().map(DenialEntry::compile).collect::<Result<_, _>>()?;
        let elsewhere = file.elsewhere.into_iter().map(ElsewhereEntry::compile).collect::<Result<_, _>>()?;
        let sources = file.source.into_iter().map(SourceEntry::compile).collect::<Result<_, _>>()?;
        Ok(Self {
            elsewhere,
            sources,
            source_end: compile_alone("source_words.ends", &file.source_words.ends)?,
            under_inquiry: compile_alone("source_words.under_inquiry", &file.source_words.under_inquiry)?,
            no_source: compile_alone("source_words.says_nothing", &file.source_words.says_nothing)?,
            contradictions: file.contradiction,
            frames: file.frame.into_iter().map(FrameEntry::compile).collect::<Result<_, _>>()?,
            labels,
            prefilter: Prefilter::new(cues.iter().map(|cue| &cue.pattern)),
            precisions: file.precision,
            cues,
            contexts_in: Prefilter::new(contexts.iter().map(|context| &context.pattern)),
            contexts,
            denials_in: Prefilter::new(denials.iter().map(|denial| &denial.pattern)),
            denials,
            precedences: file.precedence,
        })
    }
}
