//! The words of `lexicon.toml`, read and checked.

use serde::Deserialize;

use super::labels::Label;
use crate::lexicon::LexiconError;

const FILE: &str = "incidents/lexicon.toml";

/// Words by which a page shows that it tells of several incidents.
#[derive(Debug)]
pub struct IncidentLexicon {
    labels: Vec<LabelEntry>,
    lists: Vec<ListEntry>,
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
        Ok(Self { labels: file.label, lists: file.list })
    }

    /// Whether a word of the list stands where the list looks for it.
    pub(super) fn has(&self, list: WordList, text: &str) -> bool {
        self.lists.iter().filter(|l| l.id == list).any(|l| l.matches(text))
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

    /// What a label asks for, if its whole name or its ending is known.
    pub(super) fn label(&self, name: &str) -> Option<Label> {
        let known = self.labels.iter().find(|l| l.words.iter().any(|w| w == name)).map(|l| l.kind);
        known.or_else(|| {
            let short = name.chars().count() <= 14;
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
#[derive(Clone, Copy, Debug, Deserialize)]
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
