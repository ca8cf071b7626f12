//! The words of `lexicon.toml`, read and checked.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use serde::Deserialize;

use super::labels::Label;
use crate::lexicon::{LexiconError, WordHasher};
use crate::word_lists::{ListEntry, ListId, Lists};

const FILE: &str = "incidents/lexicon.toml";

/// Characters of a label that is known by its ending alone.
const LONGEST_ENDED_LABEL: usize = 14;

/// Words by which a page shows that it tells of several incidents.
#[derive(Debug)]
pub struct IncidentLexicon {
    labels: Vec<LabelEntry>,
    /// By the words of `labels`; of a word in several entries, the first.
    label_of: HashMap<String, Label, BuildHasherDefault<WordHasher>>,
    /// Characters of the longest of them.
    longest_label: usize,
    lists: Lists<WordList>,
}

/// The lists of the lexicon; what each is for stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum WordList {
    Ordinal,
    HouseOfOne,
    Officer,
    WhatItWas,
    Mishap,
    Headline,
    Attacked,
    HeadlineParticle,
    Several,
    Partner,
    Announcing,
    Humble,
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
    /// Branches that only companies have.
    CommercialBranch,
    /// Words of which a text about the cases of many holds several.
    Survey,
    /// Behind the name of whoever made a survey.
    MadeTheSurvey,
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
    /// 霧影県警: whose stations are its own.
    PoliceOfAPrefecture,
    /// 校, 病院: what a list of houses is counted in at its end.
    HouseCounter,
    /// What many are: 国内企業.
    AllOfAKind,
    /// How a heading ends that names whose case it tells: の事例.
    CaseHeading,
    /// Links a name to its case: の情報漏洩事例.
    CaseJoint,
    PlacedKind,
    RunsWhat,
    PartOfPlace,
    WorksAt,
    OfThePeople,
    CaseBy,
    Business,
    ACertain,
    TurnBeforeDay,
    LetteredKind,
    DescribedHead,
    BehindAName,
    CountedHouse,
    SummedHouse,
    FromTheListed,
    HoldsAnother,
    InARow,
    SeveralOf,
    TurnInside,
    RunsHouses,
    CountedCase,
    PlacedHouse,
    Pronoun,
    Technique,
    IsRun,
    ServiceName,
    CauseColumn,
    Attackers,
    Clients,
    ListFollows,
    ToldBefore,
    HappenedSeveralTimes,
    KindLost,
    KindSent,
    KindShown,
    KindAttacked,
    Branch,
}

impl ListId for WordList {
    fn number(self) -> usize {
        self as usize
    }
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
        if let Some(bare) = file.label.iter().find(|l| l.examples.is_empty() || l.counterexamples.is_empty()) {
            let message = "needs at least one example and one counterexample".to_owned();
            return Err(LexiconError::Entry { file: FILE.to_owned(), entry: bare.name(), message });
        }
        let mut label_of: HashMap<String, Label, _> = HashMap::default();
        for (word, kind) in file.label.iter().flat_map(|l| l.words.iter().map(|word| (word, l.kind))) {
            label_of.entry(word.clone()).or_insert(kind);
        }
        let longest = label_of.keys().map(|word| word.chars().count()).max().unwrap_or_default();
        let longest_label = longest.max(LONGEST_ENDED_LABEL);
        Ok(Self { labels: file.label, label_of, longest_label, lists: Lists::new(FILE, file.list)?.searched() })
    }

    /// Whether a word of the list stands where the list looks for it.
    pub(super) fn has(&self, list: WordList, text: &str) -> bool {
        self.lists.has(list, text)
    }

    /// The lists, for whoever asks where a word stands.
    pub(super) fn lists(&self) -> &Lists<WordList> {
        &self.lists
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
        for entry in self.lists.entries() {
            wrong.extend(entry.failures().map(|failure| format!("{}: {failure}", entry.name())));
        }
        wrong
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    label: Vec<LabelEntry>,
    list: Vec<ListEntry<WordList>>,
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
