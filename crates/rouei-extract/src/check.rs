//! The examples and counterexamples of every lexicon, run: what `rouei lexicon check` prints.

use std::collections::BTreeMap;

use rouei_model::{Block, BlockKind, Document, Span};
use rouei_morphology::Tokenizer;

use crate::cues::{self, Cue};
use crate::lexicon::LexiconError;
use crate::organizations::{self, Mention, OrganizationFinding, OrganizationLexicon};
use crate::reading::Reading;
use crate::{Lexicons, causes, counts, data_types, dates, incidents, judgement, roles, status};

/// The lexicon files, by the name that messages use.
pub const LEXICON_FILES: [&str; 9] = [
    "causes/lexicon.toml",
    "counts/lexicon.toml",
    "data_types/lexicon.toml",
    "dates/lexicon.toml",
    "incidents/lexicon.toml",
    "judgement/lexicon.toml",
    "organizations/lexicon.toml",
    "roles/lexicon.toml",
    "status/lexicon.toml",
];

/// An example that its entry does not show, or a counterexample that it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenExample {
    /// One of [`LEXICON_FILES`].
    pub file: &'static str,
    /// The entry.
    pub entry: String,
    /// Which example, and what came out.
    pub message: String,
}

impl std::fmt::Display for BrokenExample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, entry {}: {}", self.file, self.entry, self.message)
    }
}

impl Lexicons {
    /// Lexicons from texts, by their name in [`LEXICON_FILES`]; those that are missing are the ones compiled in.
    ///
    /// # Errors
    /// Where a name is not in that list, or a text does not parse; names file and entry.
    pub fn from_sources(sources: &BTreeMap<String, String>) -> Result<Self, LexiconError> {
        if let Some(unknown) = sources.keys().find(|name| !LEXICON_FILES.contains(&name.as_str())) {
            let message = format!("no lexicon has this name; there are {}", LEXICON_FILES.join(", "));
            return Err(LexiconError::Parse { file: unknown.clone(), message });
        }
        let mut lexicons = Self::embedded()?;
        let source = |name: &str| sources.get(name);
        if let Some(text) = source("causes/lexicon.toml") {
            lexicons.causes = causes::CauseLexicon::parse(text)?;
        }
        if let Some(text) = source("counts/lexicon.toml") {
            lexicons.counts = counts::CountLexicon::parse(text)?;
        }
        if let Some(text) = source("data_types/lexicon.toml") {
            lexicons.data_types = data_types::DataTypeLexicon::parse(text)?;
        }
        if let Some(text) = source("dates/lexicon.toml") {
            lexicons.dates = dates::DateLexicon::parse(text)?;
        }
        if let Some(text) = source("incidents/lexicon.toml") {
            lexicons.incidents = incidents::IncidentLexicon::parse(text)?;
        }
        if let Some(text) = source("judgement/lexicon.toml") {
            lexicons.judgement = judgement::JudgementLexicon::parse(text)?;
        }
        if let Some(text) = source("organizations/lexicon.toml") {
            lexicons.organizations = OrganizationLexicon::parse(text)?;
        }
        if let Some(text) = source("roles/lexicon.toml") {
            lexicons.roles = roles::RoleLexicon::parse(text)?;
        }
        if let Some(text) = source("status/lexicon.toml") {
            lexicons.status = status::StatusLexicon::parse(text)?;
        }
        Ok(lexicons)
    }

    /// Runs every example and counterexample of every lexicon; one value for each that does not hold.
    #[must_use]
    pub fn broken_examples(&self, tokenizer: &Tokenizer) -> Vec<BrokenExample> {
        let counts = self.counts.check_examples().into_iter().map(|error| match error {
            LexiconError::Entry { entry, message, .. } => (entry, message),
            LexiconError::Parse { file, message } => (file, message),
        });
        let mut out = Vec::new();
        let mut add = |file, broken: Vec<(String, String)>| {
            out.extend(broken.into_iter().map(|(entry, message)| BrokenExample { file, entry, message }));
        };
        add("causes/lexicon.toml", by_entry(self.causes.failures(tokenizer)));
        add("counts/lexicon.toml", counts.collect());
        add("data_types/lexicon.toml", by_entry(self.data_types.failures(tokenizer)));
        add("dates/lexicon.toml", by_entry(self.dates.check()));
        add("incidents/lexicon.toml", by_entry(self.incidents.failures()));
        add("judgement/lexicon.toml", by_entry(self.judgement.failures()));
        add("organizations/lexicon.toml", of_organizations(&self.organizations, tokenizer));
        let mut roles = of_cues(self.roles.cues());
        roles.extend(self.roles.broken_words());
        add("roles/lexicon.toml", roles);
        add("status/lexicon.toml", by_entry(self.status.failures()));
        out
    }
}

/// Lines of the form `entry: message`.
fn by_entry(lines: Vec<String>) -> Vec<(String, String)> {
    lines
        .into_iter()
        .map(|line| match line.split_once(": ") {
            Some((entry, message)) => (entry.to_owned(), message.to_owned()),
            None => (String::new(), line),
        })
        .collect()
}

fn of_cues(cues: &[Cue]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for cue in cues {
        let misses = cue.examples.iter().filter(|e| !cues::matches_example(cue, e));
        out.extend(misses.map(|e| (cue.id.clone(), format!("misses {e:?}"))));
        let finds = cue.counterexamples.iter().filter(|e| cues::matches_example(cue, e));
        out.extend(finds.map(|e| (cue.id.clone(), format!("finds {e:?}"))));
    }
    out
}

/// An example must hold a name, a counterexample none. Words that make no name (`generic`) and descriptions of a
/// contractor, who has none, are shown by their counterexamples alone.
fn of_organizations(lexicon: &OrganizationLexicon, tokenizer: &Tokenizer) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in lexicon.entries() {
        let nameless = entry.name.starts_with("generic") || entry.name.starts_with("contractor");
        for example in entry.examples.iter().filter(|_| !nameless) {
            if names(lexicon, tokenizer, example).is_empty() {
                out.push((entry.name.clone(), format!("misses {example:?}")));
            }
        }
        for example in &entry.counterexamples {
            let mut found = names(lexicon, tokenizer, example);
            found.retain(|f| f.mention != Mention::FirstPerson || entry.name.starts_with("first_person"));
            if let Some(first) = found.first() {
                out.push((entry.name.clone(), format!("finds {:?} in {example:?}", first.name)));
            }
        }
    }
    out
}

fn names(lexicon: &OrganizationLexicon, tokenizer: &Tokenizer, sentence: &str) -> Vec<OrganizationFinding> {
    let span = Span::new(0, sentence.len());
    let blocks = vec![Block { id: 0, kind: BlockKind::Paragraph, span, page: None }];
    let document = Document { text: sentence.to_owned(), blocks, ..Document::default() };
    let reading = Reading::new(&document, tokenizer);
    organizations::find(&reading, lexicon, 0..reading.sentences.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn embedded_lexicons_keep_their_word() {
        let broken = Lexicons::embedded().unwrap().broken_examples(&Tokenizer::new().unwrap());
        let shown: Vec<String> = broken.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
    }

    #[test]
    fn sources_replace_one_lexicon_and_name_what_is_wrong() {
        let of = |name: &str, text: &str| {
            let sources = BTreeMap::from([(name.to_owned(), text.to_owned())]);
            Lexicons::from_sources(&sources).err().map(|e| e.to_string())
        };
        for file in LEXICON_FILES {
            let message = of(file, "no = [toml").unwrap();
            assert!(message.starts_with(file), "{message}");
        }
        assert!(of("causes/lexikon.toml", "").unwrap().contains("no lexicon has this name"));
        let roles = include_str!("roles/lexicon.toml");
        assert_eq!(of("roles/lexicon.toml", roles), None);
        let broken = roles.replacen("examples = [\"", "examples = [\"《ほげ》ぴよ\", \"", 1);
        let lexicons = Lexicons::from_sources(&BTreeMap::from([("roles/lexicon.toml".to_owned(), broken)])).unwrap();
        let mut broken = lexicons.broken_examples(&Tokenizer::new().unwrap());
        broken.retain(|b| b.file == "roles/lexicon.toml");
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].message.contains("ぴよ"), "{}", broken[0]);
    }
}
