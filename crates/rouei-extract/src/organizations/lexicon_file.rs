//! The shape of `lexicon.toml`.

use serde::Deserialize;

use super::word_list::WordList;
use super::{Onlooker, OrganizationKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) legal_form: Vec<KindEntry>,
    pub(super) suffix: Vec<SuffixEntry>,
    pub(super) first_person: Vec<KindEntry>,
    pub(super) anonymised: Vec<AnonymisedEntry>,
    pub(super) onlooker: Vec<OnlookerEntry>,
    pub(super) generic: Vec<GenericEntry>,
    pub(super) loanword: Vec<GenericEntry>,
    pub(super) typing_noun: Vec<KindEntry>,
    pub(super) no_name_inside: Vec<GenericEntry>,
    pub(super) contractor_description: Vec<GenericEntry>,
    pub(super) word_list: Vec<WordListEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordListEntry {
    pub(super) id: WordList,
    pub(super) forms: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindEntry {
    pub(super) forms: Vec<String>,
    pub(super) kind: OrganizationKind,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuffixEntry {
    pub(super) forms: Vec<String>,
    pub(super) kind: OrganizationKind,
    #[serde(default)]
    pub(super) weak: bool,
    #[serde(default)]
    pub(super) stop: Vec<String>,
    #[serde(default)]
    pub(super) only: Vec<String>,
    #[serde(default)]
    pub(super) invented: bool,
    #[serde(default)]
    pub(super) repeated: bool,
    #[serde(default)]
    pub(super) not_before: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnonymisedEntry {
    pub(super) heads: Vec<String>,
    pub(super) nouns: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnlookerEntry {
    pub(super) role: Onlooker,
    pub(super) forms: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GenericEntry {
    pub(super) forms: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counterexamples: Vec<String>,
}
