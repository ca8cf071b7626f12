//! The rules of linking, read from TOML: what counts, how much, and the words of names.

use std::collections::BTreeMap;

use rouei_model::{CauseCode, OrganizationRole};
use serde::{Deserialize, Serialize};
use thiserror::Error;

const BUILT_IN: &str = include_str!("rules.toml");

/// Why a rules file cannot be used.
#[derive(Debug, Error)]
pub enum RulesError {
    /// Not TOML, an unknown key, or a value of another kind; the message names line and column.
    #[error("{file}: {source}")]
    Syntax {
        /// The file as given.
        file: String,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// A rule that stands twice or not at all, or weighs no number.
    #[error("{file}: rule `{rule}`: {problem}")]
    Rule {
        /// The file as given.
        file: String,
        /// Its id.
        rule: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
}

macro_rules! rules {
    ($($(#[$meta:meta])* $variant:ident = $id:literal),+ $(,)?) => {
        /// A rule of `rules.toml`, where it has its weight, its Japanese label and its examples.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Rule { $(#[doc = $id] #[serde(rename = $id)] $variant),+ }
        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// As it stands in `rules.toml`.
            #[must_use]
            pub fn id(self) -> &'static str { match self { $(Self::$variant => $id),+ } }
        }
    };
}

rules! {
    SameName = "same_name",
    ContainedName = "contained_name",
    Initials = "initials",
    Branch = "branch",
    SameDescription = "same_description",
    CommonProvider = "common_provider",
    CommonProviderOnce = "common_provider_once",
    SameCause = "same_cause",
    CompatibleCause = "compatible_cause",
    OtherCause = "other_cause",
    NoticeNear = "notice_near",
    NoticeFar = "notice_far",
    RefersBack = "refers_back",
    TwoFirstNotices = "two_first_notices",
    SameOccurred = "same_occurred",
    OverlappingOccurred = "overlapping_occurred",
    OtherOccurred = "other_occurred",
    SameDiscovered = "same_discovered",
    OtherDiscovered = "other_discovered",
    SameDistinctiveFigure = "same_distinctive_figure",
    SameFigure = "same_figure",
    SameSmallFigure = "same_small_figure",
    FigureInLedger = "figure_in_ledger",
    SharedLedger = "shared_ledger",
    RoundedFigure = "rounded_figure",
    OtherFigure = "other_figure",
    RevisedFigure = "revised_figure",
    SameDocument = "same_document",
    DifferentVictims = "different_victims",
    DifferentDays = "different_days",
    DifferentFirstNotices = "different_first_notices",
    Decided = "decided",
}

/// The rules of linking.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) file: RulesFile,
    rules: BTreeMap<Rule, usize>,
}

impl Rules {
    /// The rules that rouei ships.
    ///
    /// # Errors
    /// Never for a build that passed its tests; see [`Rules::parse`].
    pub fn built_in() -> Result<Self, RulesError> {
        Self::parse(BUILT_IN, "rules.toml")
    }

    /// Reads edited rules; `file` names them in messages.
    ///
    /// # Errors
    /// Where the text is no TOML, has unknown or missing keys, or lacks or repeats a rule.
    pub fn parse(text: &str, file: &str) -> Result<Self, RulesError> {
        let parsed: RulesFile = toml::from_str(text)
            .map_err(|source| RulesError::Syntax { file: file.to_owned(), source: Box::new(source) })?;
        let wrong = |rule: Rule, problem| RulesError::Rule { file: file.to_owned(), rule: rule.id(), problem };
        let mut rules = BTreeMap::new();
        for (at, entry) in parsed.rules.iter().enumerate() {
            if !entry.weight.is_finite() {
                return Err(wrong(entry.id, "its weight is no finite number"));
            }
            if rules.insert(entry.id, at).is_some() {
                return Err(wrong(entry.id, "stands twice"));
            }
        }
        match Rule::ALL.iter().find(|rule| !rules.contains_key(rule)) {
            Some(missing) => Err(wrong(*missing, "is missing")),
            None => Ok(Self { file: parsed, rules }),
        }
    }

    /// Every entry with its examples, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[RuleEntry] {
        &self.file.rules
    }

    /// Every entry about names, with its examples.
    #[must_use]
    pub fn name_examples(&self) -> Vec<(&str, &Examples)> {
        let names = &self.file.names;
        let mut all = vec![
            ("legal_forms", &names.legal_forms.examples),
            ("prefectures", &names.prefectures.examples),
            ("beginnings", &names.beginnings.examples),
            ("endings", &names.endings.examples),
            ("branches", &names.branches.examples),
            ("pronouns", &names.pronouns.examples),
        ];
        all.extend(names.suffixes.iter().map(|s| (s.short.as_str(), &s.examples)));
        all
    }

    /// What a rule is called in front of a reviewer.
    #[must_use]
    pub fn label(&self, rule: Rule) -> &str {
        self.entry(rule).map_or(rule.id(), |entry| entry.label.as_str())
    }

    pub(crate) fn weight(&self, rule: Rule) -> f64 {
        self.entry(rule).map_or(0.0, |entry| entry.weight)
    }

    fn entry(&self, rule: Rule) -> Option<&RuleEntry> {
        self.rules.get(&rule).and_then(|at| self.file.rules.get(*at))
    }
}

/// One rule as it stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// Which.
    pub id: Rule,
    /// In Japanese, for the reviewer.
    pub label: String,
    /// Log odds; 0 for a contradiction.
    #[serde(default)]
    pub weight: f64,
    /// Keeps the two apart whatever the score.
    #[serde(default)]
    pub contradiction: bool,
    /// What it says.
    pub note: String,
    /// Pairs of disclosures that it applies to.
    pub examples: Vec<[String; 2]>,
    /// Pairs that it does not apply to.
    pub counterexamples: Vec<[String; 2]>,
}

/// Pairs of names that are one organization, and that are not.
#[derive(Clone, Debug, Deserialize)]
pub struct Examples {
    /// One organization.
    pub examples: Vec<[String; 2]>,
    /// Two.
    pub counterexamples: Vec<[String; 2]>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesFile {
    pub(crate) base: f64,
    pub(crate) veto: f64,
    pub(crate) window_days: i64,
    pub(crate) roundup_window_days: i64,
    pub(crate) follow_up_window_days: i64,
    pub(crate) anonymised_window_days: i64,
    pub(crate) causes: Causes,
    pub(crate) units: Units,
    #[serde(rename = "notice_band")]
    pub(crate) notice_bands: Vec<NoticeBand>,
    #[serde(rename = "role_pair")]
    pub(crate) role_pairs: Vec<RolePair>,
    pub(crate) names: NameRules,
    #[serde(rename = "rule")]
    rules: Vec<RuleEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Causes {
    pub(crate) compatible: Vec<Vec<CauseCode>>,
    pub(crate) open: Vec<CauseCode>,
    pub(crate) momentary: Vec<CauseCode>,
    pub(crate) spreading: Vec<CauseCode>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Units {
    pub(crate) persons: Vec<String>,
    pub(crate) records: Vec<String>,
    pub(crate) organizations: Vec<String>,
    pub(crate) households: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeBand {
    pub(crate) days: i64,
    pub(crate) weight: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolePair {
    pub(crate) roles: [OrganizationRole; 2],
    pub(crate) factor: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameRules {
    pub(crate) legal_forms: Forms,
    #[serde(rename = "suffix")]
    pub(crate) suffixes: Vec<Suffix>,
    pub(crate) prefectures: Forms,
    pub(crate) beginnings: Beginnings,
    pub(crate) endings: Endings,
    pub(crate) branches: Branches,
    pub(crate) pronouns: Forms,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Forms {
    pub(crate) forms: Vec<String>,
    #[serde(flatten)]
    examples: Examples,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Suffix {
    pub(crate) short: String,
    pub(crate) full: Vec<String>,
    #[serde(default)]
    pub(crate) initials: bool,
    #[serde(flatten)]
    examples: Examples,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Beginnings {
    pub(crate) least_chars: usize,
    pub(crate) closed_ends: Vec<String>,
    pub(crate) distinct_tails: Vec<String>,
    #[serde(flatten)]
    examples: Examples,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Endings {
    pub(crate) least_chars: usize,
    pub(crate) heads: Vec<String>,
    pub(crate) generic: Vec<String>,
    #[serde(flatten)]
    examples: Examples,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Branches {
    pub(crate) owners: Vec<String>,
    pub(crate) tails: Vec<String>,
    #[serde(flatten)]
    examples: Examples,
}
