use crate::pattern::Regex;
use rouei_model::{DataTypeCode, Span};
use serde::Deserialize;

use crate::lexicon::LexiconError;
use crate::pattern;
use crate::prefilter::Prefilter;

const FILE: &str = "data_types/lexicon.toml";

/// The words for kinds of data, compiled.
#[derive(Debug)]
pub struct DataTypeLexicon {
    pub(super) kinds: Vec<Kind>,
    pub(super) skips: Vec<Rule>,
    pub(super) settings: Vec<Rule>,
    pub(super) behind: Vec<Rule>,
    pub(super) headings: Vec<Rule>,
    pub(super) stated: Vec<Rule>,
    pub(super) apart: Vec<Rule>,
    kinds_in: Prefilter,
    skips_in: Prefilter,
    settings_in: Prefilter,
    behind_in: Prefilter,
    headings_in: Prefilter,
    stated_in: Prefilter,
}

#[derive(Debug)]
pub(super) struct Kind {
    pub(super) code: DataTypeCode,
    pattern: Regex,
    unless: Option<Regex>,
    unless_next: Option<Regex>,
    pub(super) examples: Vec<String>,
    pub(super) denied: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) pattern: Regex,
    pub(super) unless: Option<Regex>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

impl Rule {
    /// Whether the pattern matches and nothing takes it back.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.pattern.is_match(text) && !self.unless.as_ref().is_some_and(|unless| unless.is_match(text))
    }
}

impl DataTypeLexicon {
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
    /// Where the text does not parse, names an unknown kind, or a pattern does not compile; names the entry.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let rules = |entries: Vec<RuleEntry>| -> Result<Vec<Rule>, LexiconError> {
            entries.into_iter().map(RuleEntry::compile).collect()
        };
        let kinds: Vec<Kind> = file.kind.into_iter().map(KindEntry::compile).collect::<Result<_, _>>()?;
        let (skips, settings, behind) = (rules(file.skip)?, rules(file.setting)?, rules(file.behind)?);
        let (headings, stated, apart) = (rules(file.heading)?, rules(file.stated)?, rules(file.apart)?);
        Ok(Self {
            kinds_in: Prefilter::new(kinds.iter().map(|kind| &kind.pattern)),
            skips_in: prefilter(&skips),
            settings_in: prefilter(&settings),
            behind_in: prefilter(&behind),
            headings_in: prefilter(&headings),
            stated_in: prefilter(&stated),
            kinds,
            skips,
            settings,
            behind,
            headings,
            stated,
            apart,
        })
    }

    /// The kinds that a sentence names, in text order, as bytes of the sentence.
    pub(super) fn mentions(&self, text: &str) -> Vec<(DataTypeCode, Span)> {
        let mut out = Vec::new();
        for kind in self.kinds_in.candidates(text).iter().map(|kind| &self.kinds[kind]) {
            let mut found = kind.pattern.find_iter(text).peekable();
            if found.peek().is_none() || kind.unless.as_ref().is_some_and(|unless| unless.is_match(text)) {
                continue;
            }
            let next = |end: usize| kind.unless_next.as_ref().is_some_and(|next| next.is_match(&text[end..]));
            out.extend(found.filter(|m| !next(m.end())).map(|m| (kind.code, Span::new(m.start(), m.end()))));
        }
        out.sort_by_key(|(code, span)| (span.start, span.end, *code));
        out
    }

    /// Whether the sentence asks for data or tells how to reach somebody.
    pub(super) fn skips(&self, text: &str) -> bool {
        first(&self.skips, &self.skips_in, text).is_some()
    }

    /// The rule by which a line speaks of data that got out.
    pub(super) fn setting(&self, text: &str) -> Option<&str> {
        first(&self.settings, &self.settings_in, text)
    }

    /// The rule by which the clause behind a mention denies it.
    pub(super) fn denied_behind(&self, clause: &str) -> Option<&str> {
        first(&self.behind, &self.behind_in, clause)
    }

    /// The rule by which the clause behind a mention states the leak.
    pub(super) fn stated_behind(&self, clause: &str) -> Option<&str> {
        first(&self.stated, &self.stated_in, clause)
    }

    /// Whether the words before a mention name somebody beside those whose data got out.
    pub(super) fn of_others(&self, before: &str) -> bool {
        self.apart.iter().any(|rule| rule.matches(before))
    }

    /// The rule by which a heading denies what stands under it.
    pub(super) fn denied_by_heading(&self, title: &str) -> Option<&str> {
        first(&self.headings, &self.headings_in, title)
    }
}

fn prefilter(rules: &[Rule]) -> Prefilter {
    Prefilter::new(rules.iter().map(|rule| &rule.pattern))
}

fn first<'r>(rules: &'r [Rule], prefilter: &Prefilter, text: &str) -> Option<&'r str> {
    let candidates = prefilter.candidates(text);
    candidates.iter().map(|rule| &rules[rule]).find(|rule| rule.matches(text)).map(|rule| rule.id.as_str())
}

fn compile(entry: &str, pattern: &str) -> Result<Regex, LexiconError> {
    pattern::compile(pattern).map_err(|e| LexiconError::Entry {
        file: FILE.to_owned(),
        entry: entry.to_owned(),
        message: e.to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<KindEntry>,
    skip: Vec<RuleEntry>,
    setting: Vec<RuleEntry>,
    behind: Vec<RuleEntry>,
    heading: Vec<RuleEntry>,
    stated: Vec<RuleEntry>,
    apart: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEntry {
    code: DataTypeCode,
    pattern: String,
    #[serde(default)]
    unless: Option<String>,
    #[serde(default)]
    unless_next: Option<String>,
    examples: Vec<String>,
    denied: Vec<String>,
    counterexamples: Vec<String>,
}

impl KindEntry {
    fn compile(self) -> Result<Kind, LexiconError> {
        let id = self.code.code();
        let optional = |pattern: &Option<String>| pattern.as_deref().map(|p| compile(id, p)).transpose();
        Ok(Kind {
            code: self.code,
            pattern: compile(id, &self.pattern)?,
            unless: optional(&self.unless)?,
            unless_next: optional(&self.unless_next)?,
            examples: self.examples,
            denied: self.denied,
            counterexamples: self.counterexamples,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    pattern: String,
    #[serde(default)]
    unless: Option<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl RuleEntry {
    fn compile(self) -> Result<Rule, LexiconError> {
        let pattern = compile(&self.id, &self.pattern)?;
        let unless = self.unless.as_deref().map(|unless| compile(&self.id, unless)).transpose()?;
        Ok(Rule { id: self.id, pattern, unless, examples: self.examples, counterexamples: self.counterexamples })
    }
}
