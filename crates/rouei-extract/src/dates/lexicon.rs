//! The cues of `lexicon.toml`, read and checked.

use crate::pattern::Regex;
use rouei_model::DateKind;
use serde::Deserialize;

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

pub(super) struct Voice {
    pub(super) official: Regex,
    pub(super) press: Regex,
    pub(super) payment: Regex,
    pub(super) told_by_others: Regex,
    pub(super) announcing_end: Regex,
    pub(super) topic_end: Regex,
    pub(super) at_hand: Regex,
    pub(super) time_note: Regex,
    pub(super) complement: Regex,
    pub(super) own_verb: Regex,
    pub(super) addressed: Regex,
    pub(super) told_those_affected: Regex,
    pub(super) both_moments: Regex,
    pub(super) announces: Regex,
    pub(super) beside_bare: Regex,
    pub(super) notice_head: Regex,
    pub(super) snatched: Regex,
    pub(super) chronology: Regex,
    pub(super) left_in_vehicle: Regex,
    pub(super) past: Regex,
    pub(super) label_before: Regex,
    pub(super) released: Regex,
    pub(super) aside: Regex,
    pub(super) at_once: Regex,
    pub(super) noticed: Regex,
    pub(super) disrupted: Regex,
    pub(super) visible: Regex,
    pub(super) closed_at_once: Regex,
    pub(super) signature: Regex,
    pub(super) clock: Regex,
    pub(super) acted_so: Regex,
    pub(super) incident: Regex,
    pub(super) title_end: Regex,
    pub(super) harm: Regex,
    pub(super) later: Regex,
    pub(super) attributive: Regex,
    pub(super) forgotten: Regex,
    pub(super) and_then: Regex,
    pub(super) note_sign: Regex,
    pub(super) until_then: Regex,
    pub(super) points_ahead: Regex,
    pub(super) seen_ahead: Regex,
    pub(super) stopped_by: Regex,
    /// Behind the day of a sanction.
    pub(super) sanctioned: Regex,
    pub(super) noticed_lately: Regex,
    pub(super) told_to_each: Regex,
    pub(super) closed_then: Regex,
    pub(super) found_to_be: Regex,
    pub(super) inquired: Regex,
    pub(super) announced_later: Regex,
    pub(super) closed_before: Regex,
    pub(super) course: Regex,
    pub(super) shown_by_mistake: Regex,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoiceEntry {
    official: String,
    press: String,
    payment: String,
    told_by_others: String,
    announcing_end: String,
    topic_end: String,
    at_hand: String,
    time_note: String,
    complement: String,
    own_verb: String,
    addressed: String,
    told_those_affected: String,
    both_moments: String,
    announces: String,
    beside_bare: String,
    notice_head: String,
    snatched: String,
    chronology: String,
    left_in_vehicle: String,
    past: String,
    label_before: String,
    released: String,
    aside: String,
    at_once: String,
    noticed: String,
    disrupted: String,
    visible: String,
    closed_at_once: String,
    signature: String,
    clock: String,
    acted_so: String,
    incident: String,
    title_end: String,
    harm: String,
    later: String,
    attributive: String,
    forgotten: String,
    and_then: String,
    note_sign: String,
    until_then: String,
    points_ahead: String,
    seen_ahead: String,
    stopped_by: String,
    sanctioned: String,
    noticed_lately: String,
    told_to_each: String,
    closed_then: String,
    found_to_be: String,
    inquired: String,
    announced_later: String,
    closed_before: String,
    course: String,
    shown_by_mistake: String,
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
        // No table holds them.
        let compile = alone;
        let voice = Voice {
            official: compile("voice.official", &file.voice.official)?,
            press: compile("voice.press", &file.voice.press)?,
            payment: compile("voice.payment", &file.voice.payment)?,
            told_by_others: compile("voice.told_by_others", &file.voice.told_by_others)?,
            announcing_end: compile("voice.announcing_end", &file.voice.announcing_end)?,
            topic_end: compile("voice.topic_end", &file.voice.topic_end)?,
            at_hand: compile("voice.at_hand", &file.voice.at_hand)?,
            time_note: compile("voice.time_note", &file.voice.time_note)?,
            complement: compile("voice.complement", &file.voice.complement)?,
            own_verb: compile("voice.own_verb", &file.voice.own_verb)?,
            addressed: compile("voice.addressed", &file.voice.addressed)?,
            told_those_affected: compile("voice.told_those_affected", &file.voice.told_those_affected)?,
            both_moments: compile("voice.both_moments", &file.voice.both_moments)?,
            announces: compile("voice.announces", &file.voice.announces)?,
            beside_bare: compile("voice.beside_bare", &file.voice.beside_bare)?,
            notice_head: compile("voice.notice_head", &file.voice.notice_head)?,
            snatched: compile("voice.snatched", &file.voice.snatched)?,
            chronology: compile("voice.chronology", &file.voice.chronology)?,
            left_in_vehicle: compile("voice.left_in_vehicle", &file.voice.left_in_vehicle)?,
            released: compile("voice.released", &file.voice.released)?,
            label_before: compile("voice.label_before", &file.voice.label_before)?,
            past: compile("voice.past", &file.voice.past)?,
            aside: compile("voice.aside", &file.voice.aside)?,
            at_once: compile("voice.at_once", &file.voice.at_once)?,
            noticed: compile("voice.noticed", &file.voice.noticed)?,
            disrupted: compile("voice.disrupted", &file.voice.disrupted)?,
            visible: compile("voice.visible", &file.voice.visible)?,
            closed_at_once: compile("voice.closed_at_once", &file.voice.closed_at_once)?,
            signature: compile("voice.signature", &file.voice.signature)?,
            clock: compile("voice.clock", &file.voice.clock)?,
            acted_so: compile("voice.acted_so", &file.voice.acted_so)?,
            incident: compile("voice.incident", &file.voice.incident)?,
            title_end: compile("voice.title_end", &file.voice.title_end)?,
            harm: compile("voice.harm", &file.voice.harm)?,
            later: compile("voice.later", &file.voice.later)?,
            attributive: compile("voice.attributive", &file.voice.attributive)?,
            forgotten: compile("voice.forgotten", &file.voice.forgotten)?,
            and_then: compile("voice.and_then", &file.voice.and_then)?,
            note_sign: compile("voice.note_sign", &file.voice.note_sign)?,
            until_then: compile("voice.until_then", &file.voice.until_then)?,
            points_ahead: compile("voice.points_ahead", &file.voice.points_ahead)?,
            seen_ahead: compile("voice.seen_ahead", &file.voice.seen_ahead)?,
            stopped_by: compile("voice.stopped_by", &file.voice.stopped_by)?,
            sanctioned: compile("voice.sanctioned", &file.voice.sanctioned)?,
            noticed_lately: compile("voice.noticed_lately", &file.voice.noticed_lately)?,
            told_to_each: compile("voice.told_to_each", &file.voice.told_to_each)?,
            closed_then: compile("voice.closed_then", &file.voice.closed_then)?,
            found_to_be: compile("voice.found_to_be", &file.voice.found_to_be)?,
            inquired: compile("voice.inquired", &file.voice.inquired)?,
            shown_by_mistake: compile("voice.shown_by_mistake", &file.voice.shown_by_mistake)?,
            course: compile("voice.course", &file.voice.course)?,
            closed_before: compile("voice.closed_before", &file.voice.closed_before)?,
            announced_later: compile("voice.announced_later", &file.voice.announced_later)?,
        };
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
            voice,
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

fn alone(id: &str, pattern: &str) -> Result<Regex, LexiconError> {
    pattern::compile_alone(pattern).map_err(|e| wrong(id, &e.to_string()))
}

fn wrong(id: &str, message: &str) -> LexiconError {
    LexiconError::Entry { file: FILE.to_owned(), entry: id.to_owned(), message: message.to_owned() }
}
