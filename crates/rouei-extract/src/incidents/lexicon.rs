//! The words of `lexicon.toml`, read and checked.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::labels::Label;
use crate::lexicon::{LexiconError, Words};
use crate::prefilter::Prefilter;

const FILE: &str = "incidents/lexicon.toml";

/// Characters of a label that is known by its ending alone.
const LONGEST_ENDED_LABEL: usize = 14;

/// Words by which a page shows that it tells of several incidents.
#[derive(Debug)]
pub struct IncidentLexicon {
    labels: Vec<LabelEntry>,
    /// By the words of `labels`; of a word in several entries, the first.
    label_of: BTreeMap<String, Label>,
    /// Characters of the longest of them.
    longest_label: usize,
    lists: Vec<ListEntry>,
    /// By [`WordList`], over the words of `lists`.
    words: Vec<ListWords>,
}

/// The words of a list, by where they are looked for.
#[derive(Debug, Default)]
struct ListWords {
    start: Words,
    end: Words,
    whole: Words,
    /// Over those that may stand anywhere; none where there are none.
    anywhere: Option<Prefilter>,
}

impl ListWords {
    fn of(lists: &[ListEntry], id: WordList) -> Self {
        let at = |at: At| -> Words {
            let lists = lists.iter().filter(|l| l.id == id && l.at == at);
            lists.flat_map(|l| &l.words).cloned().collect()
        };
        let anywhere = at(At::Anywhere);
        let anywhere = anywhere.as_slice();
        Self {
            start: at(At::Start),
            end: at(At::End),
            whole: at(At::Whole),
            anywhere: (!anywhere.is_empty()).then(|| Prefilter::of_words(anywhere.iter().map(String::as_str))),
        }
    }

    fn has(&self, text: &str) -> bool {
        self.start.beginning(text).is_some()
            || self.end.ending(text).is_some()
            || self.whole.contains(text)
            || self.anywhere.as_ref().is_some_and(|words| !words.candidates(text).is_empty())
    }
}

/// The lists of the lexicon; what each is for stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum WordList {
    Ordinal,
    Mishap,
    Headline,
    Attacked,
    HeadlineParticle,
    Several,
    Partner,
    Announcing,
    ToldAt,
    ToldMishap,
    Runs,
    Shop,
    NotAName,
    OpenedBy,
    GoesOn,
    ClauseEnd,
    RelativeEnd,
    CountColumn,
    OrganizationColumn,
    FigureStart,
    PageViews,
    TotalRow,
    Arrest,
    OneAfterTheOther,
    GoesOnTo,
    OrganizationLabel,
    CountLabel,
    Event,
    OwnLoss,
    Watches,
    SumsUp,
    Genre,
    Turn,
    Dependent,
    NoSubject,
    AccordingTo,
    TellsOf,
    Located,
    Entrusts,
    EntrustedBefore,
    NoPartOfName,
    PartsOf,
    MadeUpOf,
    Continues,
    Elsewhere,
    Head,
    NoHouse,
    Staff,
    SideBySide,
    OnlyAKind,
    Public,
    Post,
    Reacts,
    CameOut,
    WentOutOf,
    WentOut,
    Holding,
    CaseName,
    OwnTime,
    TieOfParties,
    Vendor,
    RelatedBy,
    CaseNumber,
    CasesInAll,
    Thing,
    InnerPart,
    /// Before the name of whoever runs the service that the text is about.
    RunBy,
    Advises,
    MishapNoun,
    VagueHouse,
    CaseOf,
    PlacedKind,
    RunsWhat,
}

impl IncidentLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon in the form of `lexicon.toml`.
    ///
    /// # Errors
    /// Where the text does not parse, or an entry has no example or no counterexample.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let of_labels = file.label.iter().map(|l| (l.name(), &l.examples, &l.counterexamples));
        let of_lists = file.list.iter().map(|l| (l.name(), &l.examples, &l.counterexamples));
        for (entry, examples, counterexamples) in of_labels.chain(of_lists) {
            if examples.is_empty() || counterexamples.is_empty() {
                let message = "needs at least one example and one counterexample".to_owned();
                return Err(LexiconError::Entry { file: FILE.to_owned(), entry, message });
            }
        }
        let mut label_of = BTreeMap::new();
        for (word, kind) in file.label.iter().flat_map(|l| l.words.iter().map(|word| (word, l.kind))) {
            label_of.entry(word.clone()).or_insert(kind);
        }
        let last = file.list.iter().map(|l| l.id as usize).max().unwrap_or_default();
        let mut words: Vec<ListWords> = Vec::new();
        words.resize_with(last + 1, ListWords::default);
        for list in &file.list {
            words[list.id as usize] = ListWords::of(&file.list, list.id);
        }
        let longest = label_of.keys().map(|word| word.chars().count()).max().unwrap_or_default();
        let longest_label = longest.max(LONGEST_ENDED_LABEL);
        Ok(Self { labels: file.label, label_of, longest_label, lists: file.list, words })
    }

    /// Whether a word of the list stands where the list looks for it.
    pub(super) fn has(&self, list: WordList, text: &str) -> bool {
        self.words.get(list as usize).is_some_and(|words| words.has(text))
    }

    /// The first place of a word of the list, in bytes.
    pub(super) fn find(&self, list: WordList, text: &str) -> Option<usize> {
        self.lists.iter().filter(|l| l.id == list).flat_map(|l| &l.words).filter_map(|w| text.find(w.as_str())).min()
    }

    /// How many words of the list stand in a text.
    pub(super) fn count(&self, list: WordList, text: &str) -> usize {
        let words = self.lists.iter().filter(|l| l.id == list).flat_map(|l| &l.words);
        words.filter(|w| text.contains(w.as_str())).count()
    }

    /// The word of a list that a text ends with.
    pub(super) fn ending(&self, list: WordList, text: &str) -> Option<&str> {
        let words = self.lists.iter().filter(|l| l.id == list).flat_map(|l| &l.words);
        words.map(String::as_str).filter(|w| text.ends_with(w)).max_by_key(|w| w.len())
    }

    /// Characters of a label at the most.
    pub(super) fn longest_label(&self) -> usize {
        self.longest_label
    }

    /// What a label asks for, if its whole name or its ending is known.
    pub(super) fn label(&self, name: &str) -> Option<Label> {
        self.label_of.get(name).copied().or_else(|| {
            let short = name.chars().count() <= LONGEST_ENDED_LABEL;
            let ends = |list| short && self.has(list, name);
            if ends(WordList::OrganizationLabel) {
                Some(Label::Organization)
            } else {
                ends(WordList::CountLabel).then_some(Label::Count)
            }
        })
    }

    /// Every example that its entry does not show, and every counterexample that it does, as `entry: message`.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |entry: String, examples: &[String], counter: bool, shows: &dyn Fn(&str) -> bool| {
            for example in examples.iter().filter(|e| shows(e) == counter) {
                wrong.push(format!("{entry}: {} {example:?}", if counter { "finds" } else { "misses" }));
            }
        };
        for entry in &self.labels {
            let shows = |text: &str| super::labels::classify(self, text) == Some(entry.kind);
            check(entry.name(), &entry.examples, false, &shows);
            check(entry.name(), &entry.counterexamples, true, &shows);
        }
        for entry in &self.lists {
            check(entry.name(), &entry.examples, false, &|text| entry.matches(text));
            check(entry.name(), &entry.counterexamples, true, &|text| entry.matches(text));
        }
        wrong
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    label: Vec<LabelEntry>,
    list: Vec<ListEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelEntry {
    kind: Label,
    words: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl LabelEntry {
    fn name(&self) -> String {
        format!("label {:?}", self.kind).to_lowercase()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListEntry {
    id: WordList,
    at: At,
    words: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl ListEntry {
    fn name(&self) -> String {
        format!("{:?}", self.id)
    }

    fn matches(&self, text: &str) -> bool {
        self.words.iter().any(|w| match self.at {
            At::Start => text.starts_with(w.as_str()),
            At::End => text.ends_with(w.as_str()),
            At::Anywhere => text.contains(w.as_str()),
            At::Whole => text == w,
        })
    }
}

/// Where in a text the words of a list are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum At {
    Start,
    End,
    Anywhere,
    Whole,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_hold() -> Result<(), LexiconError> {
        let wrong = IncidentLexicon::embedded()?.failures();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }

    #[test]
    fn an_entry_without_examples_is_named() {
        let toml = include_str!("lexicon.toml").replacen(
            "examples = [\"まず昨年6月の霧影市。\", \"このほか霧影市でも\"]",
            "examples = []",
            1,
        );
        let error = IncidentLexicon::parse(&toml).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.starts_with("incidents/lexicon.toml, entry Ordinal: "), "{error}");
    }
}
