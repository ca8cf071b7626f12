//! The examples and counterexamples of every lexicon, run: what `rouei lexicon check` prints.

use std::collections::BTreeMap;

use rouei_model::{Block, BlockKind, Document, Span};
use rouei_morphology::Tokenizer;
use sha2::{Digest as _, Sha256};

use crate::cues::{self, Cue};
use crate::lexicon::LexiconError;
use crate::organizations::{self, Mention, OrganizationFinding, OrganizationLexicon};
use crate::prefilter::Search;
use crate::reading::Reading;
use crate::second_reader::SecondReader;
use crate::{
    EXTRACTOR_VERSION, Lexicons, causes, confidence, counts, data_types, dates, edited, hex, incidents, judgement,
    roles, status, voice,
};

/// The lexicon files, by the name that messages use.
pub const LEXICON_FILES: [&str; 14] = [
    "causes/lexicon.toml",
    "confidence.toml",
    "counts/lexicon.toml",
    "data_types/lexicon.toml",
    "dates/lexicon.toml",
    "incidents/lexicon.toml",
    "judgement/lexicon.toml",
    "organizations/lexicon.toml",
    "roles/lexicon.toml",
    "second_reader/causes.csv",
    "second_reader/disclosure.csv",
    "second_reader/figures.csv",
    "status/lexicon.toml",
    "voice/lexicon.toml",
];

/// The lexicons that are compiled in, by their name in [`LEXICON_FILES`].
const EMBEDDED: [(&str, &str); 14] = [
    ("causes/lexicon.toml", include_str!("causes/lexicon.toml")),
    ("confidence.toml", include_str!("confidence.toml")),
    ("counts/lexicon.toml", include_str!("counts/lexicon.toml")),
    ("data_types/lexicon.toml", include_str!("data_types/lexicon.toml")),
    ("dates/lexicon.toml", include_str!("dates/lexicon.toml")),
    ("incidents/lexicon.toml", include_str!("incidents/lexicon.toml")),
    ("judgement/lexicon.toml", include_str!("judgement/lexicon.toml")),
    ("organizations/lexicon.toml", include_str!("organizations/lexicon.toml")),
    ("roles/lexicon.toml", include_str!("roles/lexicon.toml")),
    ("second_reader/causes.csv", include_str!("second_reader/causes.csv")),
    ("second_reader/disclosure.csv", include_str!("second_reader/disclosure.csv")),
    ("second_reader/figures.csv", include_str!("second_reader/figures.csv")),
    ("status/lexicon.toml", include_str!("status/lexicon.toml")),
    ("voice/lexicon.toml", include_str!("voice/lexicon.toml")),
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
        let source = |name: &str| -> &str {
            let built_in = EMBEDDED.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
            sources.get(name).map_or(built_in, String::as_str)
        };
        for (name, built_in) in EMBEDDED {
            if let Some(text) = sources.get(name) {
                edited::check(name, text, built_in)?;
            }
        }
        let mut digest = Sha256::new();
        for (name, _) in EMBEDDED {
            let text = source(name);
            digest.update(format!("{name} {}\n", text.len()));
            digest.update(text);
        }
        let version = format!("{EXTRACTOR_VERSION}+lex.{}", &hex(&digest.finalize())[..8]);
        let parse = || -> Result<_, LexiconError> {
            Ok((
                OrganizationLexicon::parse(source("organizations/lexicon.toml"))?,
                roles::RoleLexicon::parse(source("roles/lexicon.toml"))?,
                counts::CountLexicon::parse(source("counts/lexicon.toml"))?,
                causes::CauseLexicon::parse(source("causes/lexicon.toml"))?,
                dates::DateLexicon::parse(source("dates/lexicon.toml"))?,
                data_types::DataTypeLexicon::parse(source("data_types/lexicon.toml"))?,
                status::StatusLexicon::parse(source("status/lexicon.toml"))?,
                incidents::IncidentLexicon::parse(source("incidents/lexicon.toml"))?,
                judgement::JudgementLexicon::parse(source("judgement/lexicon.toml"))?,
                voice::VoiceLexicon::parse(source("voice/lexicon.toml"))?,
            ))
        };
        let (parsed, search) = Search::gather(parse);
        let (organizations, roles, counts, causes, dates, data_types, status, incidents, judgement, voice) = parsed?;
        let second_reader = SecondReader::parse(
            source("second_reader/disclosure.csv"),
            source("second_reader/causes.csv"),
            source("second_reader/figures.csv"),
        )?;
        let confidence = confidence::Weights::parse(source("confidence.toml"))?;
        Ok(Self {
            organizations,
            roles,
            counts,
            causes,
            dates,
            data_types,
            status,
            incidents,
            judgement,
            second_reader,
            voice,
            confidence,
            version,
            search,
        })
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
        add("voice/lexicon.toml", by_entry(self.voice.failures()));
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
    fn embedded_lexicons_pass_the_check_of_edited_ones() {
        let sources = EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(Lexicons::from_sources(&sources).err().map(|e| e.to_string()), None);
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
