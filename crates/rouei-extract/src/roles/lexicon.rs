use std::collections::BTreeMap;

use rouei_model::OrganizationRole;
use serde::Deserialize;

use super::relations::{self, Relations};
use crate::cues::{self, Cue};
use crate::lexicon::{LexiconError, Words};
use crate::prefilter::Prefilter;

const FILE: &str = "roles/lexicon.toml";

/// The patterns around names, and the words that tell who speaks.
#[derive(Debug)]
pub struct RoleLexicon {
    pub(super) cues: Vec<Cue>,
    /// Over the patterns of `cues`.
    pub(super) prefilter: Prefilter,
    word_lists: BTreeMap<RoleWords, Words>,
    entries: Vec<WordEntry>,
    pub(super) relations: Relations,
}

/// Words that the code asks for, by their use there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleWords {
    /// A site of this name is an institution's own.
    InstitutionSite,
    /// A site of this name is a corporation's own.
    FirmSite,
    /// Who apologises or reports speaks of itself.
    Apology,
    /// Endings of polite sentences.
    Polite,
    /// A site of this name carries the news of others.
    NewsSite,
    /// Behind the name in the name of a site.
    SiteEnding,
    /// The site of a town, a prefecture, a school, a hospital ends with or holds one of these.
    TownSite,
    /// As [`Self::TownSite`].
    PrefectureSite,
    /// As [`Self::TownSite`].
    SchoolSite,
    /// As [`Self::TownSite`].
    HospitalSite,
    /// A sentence with one of these gives advice or tells of measures.
    Advice,
    /// A description of somebody who works under a contract holds one of these.
    Contract,
    /// What contractors did or met.
    Mishap,
    /// Legal forms of corporations that run hospitals, schools and homes.
    Corporation,
    /// Between a town and the organization that has its seat there.
    SeatLink,
    /// A writer greets with these before naming itself.
    Greeting,
    /// Kinds of organization that are spoken of without a name (県, 病院), longest first.
    Unnamed,
    /// What an organization without a name does about a mishap that is told elsewhere.
    UnnamedActs,
    /// Kinds of organization that their place tells from others.
    UnnamedKind,
    /// Words for a place that names no town: 県内.
    PlaceOfUnnamed,
    /// What somebody does who works under a contract, before a word of its kind.
    EntrustingVerb,
    /// Endings of words for somebody under a contract.
    ContractorKind,
    /// Kinds whose trade is to work for others.
    TradeKind,
    /// Behind a kind of contractor, where it or its people act.
    TradeBehind,
    /// What is done with work behind a contractor and に.
    Entrusting,
    /// What somebody is asked to do about a mishap, not before it.
    AskedAbout,
    /// Work for which somebody is given the things themselves: 修理, 溶解.
    HandedOverFor,
    /// Names that a text gives to any contractor: 委託事業者.
    Contractor,
    /// Behind [`Self::Unnamed`], where it acts.
    UnnamedBehind,
    /// Departments and posts between a name and what is said of it.
    Department,
    /// Before a name that may begin as the name of its parent does.
    SubsidiaryBefore,
    /// Before whoever was given what somebody else lost: 転職先の.
    GoneTo,
    /// Behind the name on a line of its own, where it does not sign: 依頼, 御中.
    Addressed,
    /// Endings of descriptions of subsidiaries: 海外子会社.
    SubsidiaryKind,
    /// Behind whoever was sent what should have gone elsewhere.
    SentTo,
}

impl RoleWords {
    const ALL: [Self; 35] = [
        Self::InstitutionSite,
        Self::FirmSite,
        Self::Apology,
        Self::Polite,
        Self::NewsSite,
        Self::SiteEnding,
        Self::TownSite,
        Self::PrefectureSite,
        Self::SchoolSite,
        Self::HospitalSite,
        Self::Advice,
        Self::Contract,
        Self::Mishap,
        Self::Corporation,
        Self::Unnamed,
        Self::UnnamedBehind,
        Self::UnnamedKind,
        Self::UnnamedActs,
        Self::PlaceOfUnnamed,
        Self::Contractor,
        Self::EntrustingVerb,
        Self::ContractorKind,
        Self::TradeKind,
        Self::TradeBehind,
        Self::Entrusting,
        Self::AskedAbout,
        Self::HandedOverFor,
        Self::Department,
        Self::SubsidiaryBefore,
        Self::GoneTo,
        Self::Addressed,
        Self::SubsidiaryKind,
        Self::SentTo,
        Self::SeatLink,
        Self::Greeting,
    ];

    /// Those that are looked for in sentences.
    const SEARCHED: [Self; 10] = [
        Self::Apology,
        Self::Polite,
        Self::Advice,
        Self::Contract,
        Self::Mishap,
        Self::Unnamed,
        Self::UnnamedKind,
        Self::UnnamedActs,
        Self::PlaceOfUnnamed,
        Self::ContractorKind,
    ];
}

impl RoleLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// Where the text does not parse, a pattern does not compile, a role is unknown or a list is missing.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let wrong = |entry: String, message: String| LexiconError::Entry { file: FILE.to_owned(), entry, message };
        let cues = cues::compile(FILE, file.cue)?;
        for cue in &cues {
            if let Some(role) = &cue.role
                && OrganizationRole::from_code(role).is_none()
            {
                return Err(wrong(cue.id.clone(), format!("no role is called {role:?}")));
            }
        }
        let mut word_lists: BTreeMap<RoleWords, Vec<String>> = BTreeMap::new();
        for entry in &file.word_list {
            word_lists.entry(entry.id).or_default().extend(entry.forms.iter().cloned());
        }
        if let Some(missing) = RoleWords::ALL.iter().find(|id| !word_lists.contains_key(id)) {
            return Err(wrong(format!("word_list {missing:?}"), "the file has no such list".to_owned()));
        }
        let words_of = |(list, words): (RoleWords, Vec<String>)| {
            let words: Words = words.into_iter().collect();
            (list, if RoleWords::SEARCHED.contains(&list) { words.searched() } else { words })
        };
        let word_lists = word_lists.into_iter().map(words_of).collect();
        let prefilter = Prefilter::new(cues.iter().map(|cue| &cue.pattern));
        let relations = Relations::compile(FILE, file.relation, &file.relation_words)?;
        Ok(Self { cues, prefilter, word_lists, entries: file.word_list, relations })
    }

    /// The patterns, for the test of their examples.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// Examples of word lists that hold no word of theirs, and counterexamples that do: entry and message.
    #[must_use]
    pub fn broken_words(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for entry in &self.entries {
            let holds = |text: &String| entry.forms.iter().any(|w| text.contains(w.as_str()));
            let misses = entry.examples.iter().filter(|e| !holds(e)).map(|e| format!("misses {e:?}"));
            let finds = entry.counterexamples.iter().filter(|e| holds(e)).map(|e| format!("finds {e:?}"));
            out.extend(misses.chain(finds).map(|message| (format!("word_list {:?}", entry.id), message)));
        }
        out.extend(self.relations.broken());
        out
    }

    /// The words of a list that a text holds, in the order of the file.
    pub(super) fn words_in(&self, list: RoleWords, text: &str) -> impl Iterator<Item = &str> {
        self.word_lists.get(&list).into_iter().flat_map(move |words| words.held_in(text))
    }

    pub(super) fn words(&self, list: RoleWords) -> &[String] {
        self.word_lists.get(&list).map_or(&[], Words::as_slice)
    }

    /// Whether a text holds a word of a list.
    pub(super) fn holds(&self, list: RoleWords, text: &str) -> bool {
        self.word_lists.get(&list).is_some_and(|words| words.any_in(text))
    }

    /// Whether a text is a word of a list.
    pub(super) fn is_one_of(&self, list: RoleWords, text: &str) -> bool {
        self.word_lists.get(&list).is_some_and(|words| words.contains(text))
    }

    /// Whether a text begins with a word of a list.
    pub(super) fn begins_with(&self, list: RoleWords, text: &str) -> bool {
        self.word_lists.get(&list).is_some_and(|words| words.beginning(text).is_some())
    }

    /// The first word of a list with which a text ends.
    pub(super) fn ending(&self, list: RoleWords, text: &str) -> Option<&str> {
        self.word_lists.get(&list).and_then(|words| words.ending(text))
    }

    /// Whether a text ends with a word of a list.
    pub(super) fn ends_with(&self, list: RoleWords, text: &str) -> bool {
        self.word_lists.get(&list).is_some_and(|words| words.ending(text).is_some())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<cues::Entry>,
    word_list: Vec<WordEntry>,
    /// Parts of patterns that several relations share, by name.
    relation_words: BTreeMap<String, String>,
    relation: Vec<relations::Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordEntry {
    id: RoleWords,
    forms: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}
