use crate::pattern::Regex;
use rouei_model::{CauseCode, Event, LeakStatus, Span, Stage};
use serde::Deserialize;

use crate::lexicon::LexiconError;
use crate::pattern;
use crate::prefilter::Prefilter;

const FILE: &str = "status/lexicon.toml";

/// The cues of leak status, event and stage, compiled, in the order in which they are tried.
#[derive(Debug)]
pub struct StatusLexicon {
    pub(super) skip: Vec<Cue<()>>,
    pub(super) leak: Vec<Cue<LeakStatus>>,
    pub(super) event: Vec<Cue<Event>>,
    pub(super) stage: Vec<Cue<Stage>>,
    /// What says that somebody still looks into it.
    pub(super) open: Vec<Cue<()>>,
    implied: Vec<(CauseCode, LeakStatus)>,
    despite: Vec<Despite>,
    skip_in: Prefilter,
    /// Over the patterns of `leak`, `event` and `stage`, one behind the other.
    pub(super) tables_in: Prefilter,
}

#[derive(Debug)]
pub(super) struct Cue<T> {
    pub(super) id: String,
    pub(super) value: T,
    pub(super) on: Place,
    /// A doubt there is stronger.
    pub(super) gives_way_to: Option<Place>,
    /// It says that a leak is feared, no more.
    pub(super) doubt: bool,
    pattern: Regex,
    unless: Option<Regex>,
    unless_next: Option<Regex>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Title,
    Lead,
    #[default]
    Text,
}

impl StatusLexicon {
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
    /// Where the text does not parse, names an unknown value, or a pattern does not compile; names the entry.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let (implied, despite) = (by_cause("implied", file.implied)?, despite(file.despite)?);
        let open = compile_all(file.open.into_iter().map(SkipEntry::into_entry).collect())?;
        let skip = compile_all(file.skip.into_iter().map(SkipEntry::into_entry).collect())?;
        let (leak, event, stage) = (compile_all(file.leak)?, compile_all(file.event)?, compile_all(file.stage)?);
        Ok(Self {
            open,
            implied,
            despite,
            skip_in: Prefilter::new(patterns(&skip)),
            tables_in: Prefilter::new(patterns(&leak).chain(patterns(&event)).chain(patterns(&stage))),
            skip,
            leak,
            event,
            stage,
        })
    }

    /// What the main cause says about the leak, for a text that says nothing itself. None for causes that say nothing.
    #[must_use]
    pub fn implied(&self, cause: CauseCode) -> Option<LeakStatus> {
        self.implied.iter().find(|(code, _)| *code == cause).map(|(_, value)| *value)
    }

    /// What stands in spite of an entry that decided, where this is the main cause: nothing seen of what is lost denies nothing.
    #[must_use]
    pub fn despite(&self, entry: &str, cause: CauseCode) -> Option<LeakStatus> {
        let holds = |d: &&Despite| d.of.iter().any(|of| of == entry) && d.causes.contains(&cause);
        self.despite.iter().find(holds).map(|d| d.value)
    }

    /// Whether a sentence tells of what shall be, not of what was.
    pub(super) fn skips(&self, sentence: &str) -> bool {
        self.skip_in.candidates(sentence).iter().any(|cue| self.skip[cue].matches(sentence).is_some())
    }
}

impl<T> Cue<T> {
    /// The first match in a sentence that nothing takes back, in bytes of the sentence.
    pub(super) fn matches(&self, sentence: &str) -> Option<Span> {
        let mut found = self.pattern.find_iter(sentence).peekable();
        found.peek()?;
        if self.unless.as_ref().is_some_and(|unless| unless.is_match(sentence)) {
            return None;
        }
        let taken_back = |end: usize| self.unless_next.as_ref().is_some_and(|next| next.is_match(&sentence[end..]));
        found.find(|m| !taken_back(m.end())).map(|m| Span::new(m.start(), m.end()))
    }
}

/// What stands in spite of some entries of the leak status, for some main causes.
#[derive(Debug)]
struct Despite {
    of: Vec<String>,
    value: LeakStatus,
    causes: Vec<CauseCode>,
}

fn despite(entries: Vec<DespiteEntry>) -> Result<Vec<Despite>, LexiconError> {
    entries
        .into_iter()
        .map(|entry| {
            let causes = entry.causes.iter().map(|written| cause("despite", written)).collect::<Result<_, _>>()?;
            Ok(Despite { of: entry.of, value: entry.value, causes })
        })
        .collect()
}

fn cause(table: &str, written: &str) -> Result<CauseCode, LexiconError> {
    CauseCode::from_code(written).ok_or_else(|| LexiconError::Entry {
        file: FILE.to_owned(),
        entry: table.to_owned(),
        message: format!("no class {written:?}"),
    })
}

fn by_cause(table: &str, entries: Vec<ImpliedEntry>) -> Result<Vec<(CauseCode, LeakStatus)>, LexiconError> {
    let mut out = Vec::new();
    for entry in entries {
        for written in entry.causes {
            let code = cause(table, &written)?;
            out.push((code, entry.value));
        }
    }
    Ok(out)
}

fn patterns<T>(cues: &[Cue<T>]) -> impl Iterator<Item = &Regex> {
    cues.iter().map(|cue| &cue.pattern)
}

fn compile_all<T>(entries: Vec<Entry<T>>) -> Result<Vec<Cue<T>>, LexiconError> {
    entries.into_iter().map(Entry::compile).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    skip: Vec<SkipEntry>,
    leak: Vec<Entry<LeakStatus>>,
    event: Vec<Entry<Event>>,
    stage: Vec<Entry<Stage>>,
    implied: Vec<ImpliedEntry>,
    open: Vec<SkipEntry>,
    despite: Vec<DespiteEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpliedEntry {
    value: LeakStatus,
    causes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DespiteEntry {
    of: Vec<String>,
    value: LeakStatus,
    causes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    id: String,
    value: T,
    #[serde(default)]
    on: Place,
    #[serde(default)]
    gives_way_to: Option<Place>,
    #[serde(default)]
    doubt: bool,
    pattern: String,
    #[serde(default)]
    unless: Option<String>,
    #[serde(default)]
    unless_next: Option<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SkipEntry {
    id: String,
    pattern: String,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl SkipEntry {
    fn into_entry(self) -> Entry<()> {
        let Self { id, pattern, examples, counterexamples } = self;
        Entry {
            id,
            value: (),
            on: Place::Text,
            gives_way_to: None,
            doubt: false,
            pattern,
            unless: None,
            unless_next: None,
            examples,
            counterexamples,
        }
    }
}

impl<T> Entry<T> {
    fn compile(self) -> Result<Cue<T>, LexiconError> {
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
            unless_next: self.unless_next.as_deref().map(regex).transpose()?,
            id: self.id,
            value: self.value,
            on: self.on,
            gives_way_to: self.gives_way_to,
            doubt: self.doubt,
            examples: self.examples,
            counterexamples: self.counterexamples,
        })
    }
}
