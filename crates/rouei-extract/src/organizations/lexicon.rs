use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{OrganizationKind, Onlooker};
use crate::lexicon::LexiconError;

const FILE: &str = "organizations/lexicon.toml";

/// The words that make, mark and unmake names of organizations.
#[derive(Debug)]
pub struct OrganizationLexicon {
    pub(super) legal_forms: Vec<(String, OrganizationKind)>,
    pub(super) suffixes: Vec<Suffix>,
    pub(super) first_person: Vec<(String, OrganizationKind)>,
    pub(super) anonymised: Vec<Anonymised>,
    pub(super) onlookers: BTreeMap<String, Onlooker>,
    pub(super) generic: BTreeSet<String>,
    /// Longest first.
    pub(crate) contractor_descriptions: Vec<String>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) struct Suffix {
    pub(super) form: String,
    pub(super) kind: OrganizationKind,
    /// Common nouns end like this too, so the words before have to look like a name.
    pub(super) weak: bool,
    pub(super) stop: BTreeSet<String>,
    pub(super) only: BTreeSet<String>,
    pub(super) invented: bool,
}

#[derive(Debug)]
pub(super) struct Anonymised {
    pub(super) heads: Vec<String>,
    pub(super) nouns: Vec<String>,
}

/// An example sentence of the lexicon, for the test that reads it.
#[derive(Debug)]
pub struct Entry {
    /// Table and first form of the entry.
    pub name: String,
    /// Sentences in which a name of this kind must be found.
    pub examples: Vec<String>,
    /// Sentences in which none may be found.
    pub counterexamples: Vec<String>,
}

impl OrganizationLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse or names an unknown kind.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// Where the text does not parse or names an unknown kind.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let file: File = toml::from_str(text)
            .map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let mut out = Self {
            legal_forms: Vec::new(),
            suffixes: Vec::new(),
            first_person: Vec::new(),
            anonymised: Vec::new(),
            onlookers: BTreeMap::new(),
            generic: BTreeSet::new(),
            contractor_descriptions: Vec::new(),
            entries: Vec::new(),
        };
        for e in file.legal_form {
            out.note("legal_form", &e.forms, e.examples, e.counterexamples);
            out.legal_forms.extend(e.forms.into_iter().map(|f| (f, e.kind)));
        }
        for e in file.suffix {
            out.note("suffix", &e.forms, e.examples, e.counterexamples);
            for form in e.forms {
                out.suffixes.push(Suffix {
                    form,
                    kind: e.kind,
                    weak: e.weak,
                    stop: e.stop.iter().cloned().collect(),
                    only: e.only.iter().cloned().collect(),
                    invented: e.invented,
                });
            }
        }
        for e in file.first_person {
            out.note("first_person", &e.forms, e.examples, e.counterexamples);
            out.first_person.extend(e.forms.into_iter().map(|f| (f, e.kind)));
        }
        for e in file.anonymised {
            out.note("anonymised", &e.heads, e.examples, e.counterexamples);
            out.anonymised.push(Anonymised { heads: e.heads, nouns: e.nouns });
        }
        for e in file.onlooker {
            out.note("onlooker", &e.forms, e.examples, e.counterexamples);
            out.onlookers.extend(e.forms.into_iter().map(|f| (f, e.role)));
        }
        for e in file.generic {
            out.note("generic", &e.forms, e.examples, e.counterexamples);
            out.generic.extend(e.forms);
        }
        for e in file.contractor_description {
            out.note("contractor_description", &e.forms, e.examples, e.counterexamples);
            out.contractor_descriptions.extend(e.forms);
        }
        out.contractor_descriptions.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        // Longest first, so that the first match is the longest.
        out.legal_forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        out.suffixes.sort_by(|a, b| b.form.len().cmp(&a.form.len()).then_with(|| a.form.cmp(&b.form)));
        out.first_person.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Ok(out)
    }

    /// The entries with their examples.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn note(&mut self, table: &str, forms: &[String], examples: Vec<String>, counterexamples: Vec<String>) {
        let first = forms.first().map_or("", String::as_str);
        self.entries.push(Entry { name: format!("{table} {first}"), examples, counterexamples });
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    legal_form: Vec<KindEntry>,
    suffix: Vec<SuffixEntry>,
    first_person: Vec<KindEntry>,
    anonymised: Vec<AnonymisedEntry>,
    onlooker: Vec<OnlookerEntry>,
    generic: Vec<GenericEntry>,
    contractor_description: Vec<GenericEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEntry {
    forms: Vec<String>,
    kind: OrganizationKind,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuffixEntry {
    forms: Vec<String>,
    kind: OrganizationKind,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    stop: Vec<String>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    invented: bool,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnonymisedEntry {
    heads: Vec<String>,
    nouns: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlookerEntry {
    role: Onlooker,
    forms: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GenericEntry {
    forms: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}
