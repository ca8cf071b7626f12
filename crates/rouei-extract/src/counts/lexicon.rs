//! The words of `lexicon.toml`, compiled.

use crate::pattern::Regex;
use rouei_model::{Bound, CountScope, CountSubject, Undisclosed};
use serde::Deserialize;

use super::cues::Cues;
use super::examples::{Examples, Shows};
use super::lexicon_file::{self, Common, Confidences};
use super::words::WordList;
use crate::lexicon::{ByChar, LexiconError};
use crate::pattern;
use crate::prefilter::Prefilter;
use crate::word_lists::Lists;

pub(crate) const FILE: &str = "counts/lexicon.toml";

/// Units, modifiers and contexts, ready to match.
#[derive(Debug)]
pub struct CountLexicon {
    pub(crate) units: Vec<Unit>,
    units_by_start: ByChar,
    pub(crate) modifiers: Vec<Modifier>,
    /// By the first character, those before a number by the last.
    modifiers_by_end: [ByChar; 3],
    pub(crate) patterns: Vec<Pattern>,
    /// Over `patterns`.
    pub(crate) patterns_in: Prefilter,
    pub(crate) contexts: Vec<Context>,
    /// Over `before`, `after` and `sentence` of `contexts`.
    pub(crate) contexts_in: [Prefilter; 3],
    pub(crate) scopes: Vec<(CountScope, Regex)>,
    /// Over the patterns of `scopes`.
    pub(crate) scopes_in: Prefilter,
    pub(crate) subjects: Vec<Subject>,
    /// Over `before` and `after` of `subjects`.
    pub(crate) subjects_in: [Prefilter; 2],
    pub(crate) labels: Vec<Label>,
    pub(crate) undisclosed: Vec<(Undisclosed, Regex)>,
    /// Over the patterns of `undisclosed`.
    pub(crate) undisclosed_in: Prefilter,
    pub(crate) cues: Cues,
    pub(crate) lists: Lists<WordList>,
    pub(crate) confidence: Confidences,
    /// Every entry with its examples.
    pub(crate) examples: Vec<Examples>,
}

/// A unit and what it counts; longest forms first.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) kind: UnitKind,
    pub(crate) not_before: Vec<String>,
}

/// Whether a unit can count victims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UnitKind {
    /// It can.
    Counts(UnitClass, CountSubject),
    /// It cannot, by this rule.
    Other(String),
}

/// Classes of unit, in the order in which they lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitClass {
    /// 人, 名.
    Person,
    /// アカウント, ID, アドレス, 口座.
    Account,
    /// 件, 先, 契約, 世帯.
    Record,
    /// 社, 団体, 事業所.
    Organization,
    /// 枚, 通, 冊.
    Document,
    /// Anything else.
    Other,
}

/// A word before, between or behind that bounds a number.
#[derive(Debug)]
pub(crate) struct Modifier {
    pub(crate) form: String,
    pub(crate) position: Position,
    pub(crate) bound: Option<Bound>,
    pub(crate) approx: bool,
    pub(crate) cumulative: bool,
    pub(crate) total: bool,
    pub(crate) not_before: Vec<String>,
    pub(crate) not_after: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Position {
    Before,
    Between,
    After,
}

#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) id: String,
    pub(crate) regex: Regex,
}

/// What the words around a number say about it.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) id: String,
    pub(crate) classes: Vec<UnitClass>,
    pub(crate) before: Option<Regex>,
    pub(crate) after: Option<Regex>,
    pub(crate) sentence: Option<Regex>,
    /// Of the nearest heading above.
    pub(crate) heading: Option<Regex>,
    /// Of the sentence before.
    pub(crate) previous: Option<Regex>,
    pub(crate) unless: Option<Regex>,
    pub(crate) unless_after: Option<Regex>,
    pub(crate) max: Option<u64>,
    pub(crate) effect: Effect,
    pub(crate) subject: Option<CountSubject>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    Reject,
    Population,
}

#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) value: CountSubject,
    pub(crate) before: Regex,
    pub(crate) after: Regex,
}

#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) regex: Regex,
    pub(crate) not: Option<Regex>,
    pub(crate) unit: String,
    pub(crate) inline: Regex,
}

impl CountLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Names the entry that does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// A lexicon in the form of `counts/lexicon.toml`.
    ///
    /// # Errors
    /// Names the entry whose expression, code or examples are missing or malformed.
    pub fn parse(toml: &str) -> Result<Self, LexiconError> {
        let file = lexicon_file::read(toml)?;
        let mut examples = Vec::new();
        let mut keep = |shows, common: Common| -> Result<(), LexiconError> {
            if common.examples.is_empty() || common.counterexamples.is_empty() {
                return Err(entry(&common.id, "needs examples and counterexamples"));
            }
            examples.push(Examples {
                shows,
                id: common.id,
                examples: common.examples,
                counterexamples: common.counterexamples,
            });
            Ok(())
        };

        let mut units = Vec::new();
        for unit in file.unit {
            let kind = UnitKind::Counts(unit.class, code(&unit.common.id, &unit.subject, CountSubject::from_code)?);
            units.extend(unit.forms.into_iter().map(|form| Unit {
                id: unit.common.id.clone(),
                form,
                kind: kind.clone(),
                not_before: unit.not_before.clone(),
            }));
            keep(Shows::Unit, unit.common)?;
        }
        for unit in file.other_unit {
            let kind = UnitKind::Other(unit.common.id.clone());
            units.extend(unit.forms.into_iter().map(|form| Unit {
                id: unit.common.id.clone(),
                form,
                kind: kind.clone(),
                not_before: Vec::new(),
            }));
            keep(Shows::Rejected, unit.common)?;
        }
        units.sort_by_key(|u| std::cmp::Reverse(u.form.len()));

        let mut modifiers = Vec::new();
        for m in file.modifier {
            let bound = m.bound.as_deref().map(|b| code(&m.common.id, b, Bound::from_code)).transpose()?;
            modifiers.extend(m.forms.into_iter().map(|form| Modifier {
                form,
                position: m.position,
                bound,
                approx: m.approx,
                cumulative: m.cumulative,
                total: m.total,
                not_before: m.not_before.clone(),
                not_after: m.not_after.clone(),
            }));
            let shows = Shows::Modifier { bound, approx: m.approx, cumulative: m.cumulative, total: m.total };
            keep(shows, m.common)?;
        }
        modifiers.sort_by_key(|m| std::cmp::Reverse(m.form.len()));

        let mut patterns = Vec::new();
        for p in file.pattern {
            patterns.push(Pattern { regex: regex(&p.common.id, &p.regex)?, id: p.common.id.clone() });
            keep(Shows::Rejected, p.common)?;
        }
        let mut contexts = Vec::new();
        for c in file.context {
            let id = &c.common.id;
            contexts.push(Context {
                classes: c.classes,
                before: c.before.as_deref().map(|r| regex(id, &format!("(?:{r}):?$"))).transpose()?,
                after: c.after.as_deref().map(|r| regex(id, &format!("^(?:{r})"))).transpose()?,
                sentence: c.sentence.as_deref().map(|r| regex(id, r)).transpose()?,
                heading: c.heading.as_deref().map(|r| regex(id, r)).transpose()?,
                previous: c.previous.as_deref().map(|r| regex(id, r)).transpose()?,
                unless: c.unless.as_deref().map(|r| regex(id, r)).transpose()?,
                unless_after: c.unless_after.as_deref().map(|r| regex(id, &format!("^(?:{r})"))).transpose()?,
                max: c.max,
                effect: c.effect,
                subject: c.subject.as_deref().map(|s| code(id, s, CountSubject::from_code)).transpose()?,
                id: id.clone(),
            });
            keep(if c.effect == Effect::Reject { Shows::Rejected } else { Shows::Population }, c.common)?;
        }
        let mut scopes = Vec::new();
        for s in file.scope {
            let scope = code(&s.common.id, &s.value, CountScope::from_code)?;
            scopes.push((scope, regex(&s.common.id, &s.regex)?));
            keep(Shows::Scope(scope), s.common)?;
        }
        let mut subjects = Vec::new();
        for s in file.subject {
            let id = &s.common.id;
            let value = code(id, &s.value, CountSubject::from_code)?;
            subjects.push(Subject {
                value,
                before: regex(id, &format!("(?:{})$", s.before))?,
                after: regex(id, &format!("^(?:{})", s.after))?,
            });
            keep(Shows::Subject(value), s.common)?;
        }
        let mut labels = Vec::new();
        for l in file.label {
            let id = &l.common.id;
            labels.push(Label {
                regex: regex(id, &l.regex)?,
                inline: regex(id, &format!(r"(?:{})[^、。0-9:\s]{{0,8}}(?:は|:|、|\s|が|\t)+$", l.regex))?,
                not: l.not.as_deref().map(|r| regex(id, r)).transpose()?,
                unit: l.unit,
            });
            keep(Shows::Label, l.common)?;
        }
        let mut undisclosed = Vec::new();
        for u in file.undisclosed {
            let reason = code(&u.common.id, &u.value, Undisclosed::from_code)?;
            undisclosed.push((reason, regex(&u.common.id, &u.regex)?));
            keep(Shows::Undisclosed(reason), u.common)?;
        }
        let edge = |m: &Modifier, position: Position| match position {
            _ if m.position != position => None,
            Position::Before => m.form.chars().next_back(),
            Position::Between | Position::After => m.form.chars().next(),
        };
        Ok(Self {
            units_by_start: ByChar::of(units.iter().map(|unit| unit.form.chars().next())),
            units,
            modifiers_by_end: [Position::Before, Position::Between, Position::After]
                .map(|position| ByChar::of(modifiers.iter().map(|m| edge(m, position)))),
            modifiers,
            patterns_in: Prefilter::new(patterns.iter().map(|pattern| &pattern.regex)),
            patterns,
            contexts_in: [
                Prefilter::of_optional(contexts.iter().map(|c| c.before.as_ref())),
                Prefilter::of_optional(contexts.iter().map(|c| c.after.as_ref())),
                Prefilter::of_optional(contexts.iter().map(|c| c.sentence.as_ref())),
            ],
            contexts,
            scopes_in: Prefilter::new(scopes.iter().map(|(_, regex)| regex)),
            scopes,
            subjects_in: [
                Prefilter::new(subjects.iter().map(|s| &s.before)),
                Prefilter::new(subjects.iter().map(|s| &s.after)),
            ],
            subjects,
            labels,
            undisclosed_in: Prefilter::new(undisclosed.iter().map(|(_, regex)| regex)),
            undisclosed,
            cues: Cues::compile(&file.cues)?,
            lists: Lists::new(FILE, file.list)?,
            confidence: file.confidence,
            examples,
        })
    }

    /// The units that may stand at the start of a text, the longest first.
    pub(crate) fn units_at(&self, text: &str) -> impl Iterator<Item = &Unit> {
        self.units_by_start.get(text.chars().next()).map(|at| &self.units[at])
    }

    /// The modifiers that may end a text before a number, or begin the one behind it, the longest first.
    pub(crate) fn modifiers_at(&self, position: Position, text: &str) -> impl Iterator<Item = &Modifier> {
        let edge = if position == Position::Before { text.chars().next_back() } else { text.chars().next() };
        self.modifiers_by_end[position as usize].get(edge).map(|at| &self.modifiers[at])
    }
}

pub(super) fn entry(id: &str, message: &str) -> LexiconError {
    LexiconError::Entry { file: FILE.to_owned(), entry: id.to_owned(), message: message.to_owned() }
}

fn regex(id: &str, source: &str) -> Result<Regex, LexiconError> {
    pattern::compile(source).map_err(|e| entry(id, &e.to_string()))
}

fn code<T>(id: &str, value: &str, from: impl Fn(&str) -> Option<T>) -> Result<T, LexiconError> {
    from(value).ok_or_else(|| entry(id, &format!("does not know the code {value:?}")))
}
