//! The cues of `lexicon.toml`, read and checked.

use crate::pattern::Regex;
use rouei_model::DateKind;
use serde::Deserialize;

use super::voice::{Voice, VoiceEntry};
use super::words::WordList;
use crate::lexicon::{ByChar, LexiconError};
use crate::pattern;
use crate::prefilter::Prefilter;
use crate::word_lists::{ListEntry, Lists};

const FILE: &str = "dates/lexicon.toml";

/// Words and patterns that say which moment a date names.
pub struct DateLexicon {
    pub(super) relative: RelativeWords,
    pub(super) labels: Vec<Label>,
    /// Over the patterns of `labels`.
    pub(super) labels_in: Prefilter,
    pub(super) rejects: Vec<Pattern>,
    pub(super) cues: Vec<Pattern>,
    /// Over `before`, `after` and `line` of `rejects` and, behind them, of `cues`.
    pub(super) patterns_in: [Prefilter; 3],
    pub(super) voice: Voice,
    pub(super) lists: Lists<WordList>,
    /// How often a rule was right where it was measured.
    pub(super) measured: Vec<Measured>,
    /// `(entry, example, whether it is a counterexample)` of labels, rejects and cues, for the test that runs them.
    pub(super) examples: Vec<(String, String, bool)>,
}

/// Which part of a date a relative word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 去年.
    Year,
    /// 先月.
    Month,
    /// 翌日.
    Day,
}

/// A word that stands for a year, a month or a day.
#[derive(Clone, Debug)]
pub struct RelativeWord {
    /// How it is written.
    pub forms: Vec<String>,
    /// What it stands for.
    pub field: Field,
    /// Relative to the publication rather than to the date before.
    pub published: bool,
    /// Years, months or days to add.
    pub offset: i16,
    /// What makes it another word.
    pub not_before: Vec<String>,
}

/// Relative words, with the characters that they begin with.
#[derive(Clone, Debug)]
pub struct RelativeWords {
    words: Vec<RelativeWord>,
    /// Number of the word and of its form, for each form of each word.
    forms: Vec<(usize, usize)>,
    /// Over `forms`.
    by_start: ByChar,
}

impl RelativeWords {
    fn new(words: Vec<RelativeWord>) -> Self {
        let numbered = words.iter().enumerate();
        let forms: Vec<_> = numbered.flat_map(|(at, word)| (0..word.forms.len()).map(move |form| (at, form))).collect();
        let by_start = ByChar::of(forms.iter().map(|&(at, form)| words[at].forms[form].chars().next()));
        Self { words, forms, by_start }
    }

    /// Whether a word may begin with this character; never wrong where it says no.
    pub(super) fn may_begin(&self, c: char) -> bool {
        self.by_start.may_be(c)
    }

    /// The longest form with which a text begins, and its word; of equal ones the last.
    pub(super) fn beginning(&self, text: &str) -> Option<(&RelativeWord, &str)> {
        let forms = self.by_start.get(text.chars().next()).map(|number| self.forms[number]);
        let words = forms.map(|(at, form)| (&self.words[at], self.words[at].forms[form].as_str()));
        words.filter(|(_, form)| text.starts_with(form)).max_by_key(|(_, form)| form.len())
    }
}

pub(super) struct Label {
    pub(super) id: String,
    pub(super) kind: Option<DateKind>,
    pub(super) pattern: Regex,
    /// Only where it labels a single date.
    pub(super) once: bool,
}

/// A cue or a rejection: every pattern that it has must match.
pub(super) struct Pattern {
    pub(super) id: String,
    pub(super) kind: Option<DateKind>,
    pub(super) weight: f64,
    pub(super) confidence: f64,
    pub(super) before: Option<Regex>,
    pub(super) after: Option<Regex>,
    pub(super) line: Option<Regex>,
    /// What stands behind the date must not be this.
    pub(super) unless: Option<Regex>,
    /// Only for ranges and one-ended ranges.
    pub(super) range: bool,
    /// Not for ranges with both ends.
    pub(super) single: bool,
    /// Only for months, years and ranges of them.
    pub(super) coarse: bool,
    /// Only where the document speaks of payment cards.
    pub(super) payment: bool,
    /// Only for fiscal years.
    pub(super) fiscal: bool,
    /// A rejection of what is told in passing, which ends no clause.
    pub(super) passing: bool,
}

/// Claims of one rule on a gold set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    pub(super) rule: String,
    /// Median of the judged confidence.
    pub(super) prior: f64,
    pub(super) right: u32,
    pub(super) of: u32,
}

/// How many claims the judged confidence weighs as.
const PRIOR_CLAIMS: f64 = 10.0;
/// No date is surer than this.
const SUREST: f64 = 0.97;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    relative: Vec<RelativeEntry>,
    label: Vec<LabelEntry>,
    reject: Vec<PatternEntry>,
    cue: Vec<PatternEntry>,
    list: Vec<ListEntry<WordList>>,
    voice: VoiceEntry,
    #[serde(default)]
    measured: Vec<Measured>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RelativeEntry {
    id: String,
    forms: Vec<String>,
    field: Field,
    to: Base,
    offset: i16,
    #[serde(default)]
    not_before: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Base {
    Previous,
    Published,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelEntry {
    id: String,
    kind: Option<DateKind>,
    pattern: String,
    #[serde(default)]
    once: bool,
    /// For whoever reads the lexicon.
    #[serde(rename = "note")]
    _note: Option<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternEntry {
    id: String,
    kind: Option<DateKind>,
    #[serde(default)]
    weight: f64,
    #[serde(default)]
    confidence: f64,
    before: Option<String>,
    after: Option<String>,
    line: Option<String>,
    unless: Option<String>,
    #[serde(default)]
    range: bool,
    #[serde(default)]
    single: bool,
    #[serde(default)]
    coarse: bool,
    #[serde(default)]
    payment: bool,
    #[serde(default)]
    passing: bool,
    #[serde(default)]
    fiscal: bool,
    /// For whoever reads the lexicon.
    #[serde(rename = "note")]
    _note: Option<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl DateLexicon {
    /// The lexicon that is built in.
    ///
    /// # Errors
    /// Never in a build whose tests passed; the type is that of [`Self::parse`].
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon in the form of `lexicon.toml`.
    ///
    /// # Errors
    /// No TOML of that form, a pattern that does not compile, or an entry without patterns or examples.
    pub fn parse(toml: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(toml).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let mut examples = Vec::new();
        let mut relative = Vec::new();
        for entry in file.relative {
            require_examples(&entry.id, &entry.examples, &entry.counterexamples)?;
            collect(&mut examples, &entry.id, &entry.examples, &entry.counterexamples);
            relative.push(RelativeWord {
                forms: entry.forms,
                field: entry.field,
                published: matches!(entry.to, Base::Published),
                offset: entry.offset,
                not_before: entry.not_before,
            });
        }
        if let Some(bad) = file.measured.iter().find(|m| m.right > m.of || !(0.05..=1.0).contains(&m.prior)) {
            return Err(wrong(&bad.rule, "a measurement needs right <= of and a prior of 0.05 to 1"));
        }
        let mut labels = Vec::new();
        for entry in file.label {
            require_examples(&entry.id, &entry.examples, &entry.counterexamples)?;
            collect(&mut examples, &entry.id, &entry.examples, &entry.counterexamples);
            let pattern = compile(&entry.id, &entry.pattern)?;
            labels.push(Label { pattern, id: entry.id, kind: entry.kind, once: entry.once });
        }
        let mut patterns = |entries: Vec<PatternEntry>| -> Result<Vec<Pattern>, LexiconError> {
            entries
                .into_iter()
                .map(|entry| {
                    require_examples(&entry.id, &entry.examples, &entry.counterexamples)?;
                    collect(&mut examples, &entry.id, &entry.examples, &entry.counterexamples);
                    let optional = |p: Option<&String>| p.map(|p| compile(&entry.id, p)).transpose();
                    if entry.before.is_none() && entry.after.is_none() {
                        return Err(wrong(&entry.id, "neither `before` nor `after`"));
                    }
                    Ok(Pattern {
                        kind: entry.kind,
                        weight: entry.weight,
                        confidence: entry.confidence,
                        before: optional(entry.before.as_ref())?,
                        after: optional(entry.after.as_ref())?,
                        line: optional(entry.line.as_ref())?,
                        unless: optional(entry.unless.as_ref())?,
                        range: entry.range,
                        single: entry.single,
                        coarse: entry.coarse,
                        payment: entry.payment,
                        passing: entry.passing,
                        fiscal: entry.fiscal,
                        id: entry.id,
                    })
                })
                .collect()
        };
        let rejects = patterns(file.reject)?;
        let cues = patterns(file.cue)?;
        let both = || rejects.iter().chain(&cues);
        let patterns_in = [
            Prefilter::of_optional(both().map(|p| p.before.as_ref())),
            Prefilter::of_optional(both().map(|p| p.after.as_ref())),
            Prefilter::of_optional(both().map(|p| p.line.as_ref())),
        ];
        let labels_in = Prefilter::new(labels.iter().map(|label| &label.pattern));
        let measured = file.measured;
        let lists = Lists::new(FILE, file.list)?;
        Ok(Self {
            relative: RelativeWords::new(relative),
            labels,
            labels_in,
            rejects,
            cues,
            patterns_in,
            voice: file.voice.compile()?,
            lists,
            measured,
            examples,
        })
    }

    /// The confidence that `rule` has earned, from the one that it was judged to have.
    pub(super) fn calibrated(&self, rule: &str, judged: f64) -> f64 {
        let factor = self.measured.iter().find(|m| m.rule == rule).map_or(1.0, |m| {
            (f64::from(m.right) + PRIOR_CLAIMS * m.prior) / (f64::from(m.of) + PRIOR_CLAIMS) / m.prior
        });
        (judged * factor).min(SUREST)
    }

    /// Relative words, for [`super::written::find`].
    #[must_use]
    pub fn relative_words(&self) -> &RelativeWords {
        &self.relative
    }
}

fn collect(into: &mut Vec<(String, String, bool)>, id: &str, examples: &[String], counterexamples: &[String]) {
    into.extend(examples.iter().map(|e| (id.to_owned(), e.clone(), false)));
    into.extend(counterexamples.iter().map(|e| (id.to_owned(), e.clone(), true)));
}

fn require_examples(id: &str, examples: &[String], counterexamples: &[String]) -> Result<(), LexiconError> {
    if examples.is_empty() || counterexamples.is_empty() {
        return Err(wrong(id, "needs at least one example and one counterexample"));
    }
    Ok(())
}

fn compile(id: &str, pattern: &str) -> Result<Regex, LexiconError> {
    pattern::compile(pattern).map_err(|e| wrong(id, &e.to_string()))
}

pub(super) fn wrong(id: &str, message: &str) -> LexiconError {
    LexiconError::Entry { file: FILE.to_owned(), entry: id.to_owned(), message: message.to_owned() }
}
