use std::collections::BTreeMap;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use rouei_model::Span;

use super::lexicon_file::File;
pub(super) use super::word_list::WordList;
use super::{Onlooker, OrganizationKind};
use crate::lexicon::{ByChar, LexiconError, Starts, WordSet, Words};
use crate::prefilter::Prefilter;

const FILE: &str = "organizations/lexicon.toml";

/// The words that make, mark and unmake names of organizations.
#[derive(Debug)]
pub struct OrganizationLexicon {
    pub(super) legal_forms: Vec<(String, OrganizationKind)>,
    pub(super) suffixes: Vec<Suffix>,
    pub(super) first_person: Vec<(String, OrganizationKind)>,
    pub(super) anonymised: Vec<Anonymised>,
    pub(super) onlookers: BTreeMap<String, Onlooker>,
    pub(super) generic: WordSet,
    /// Katakana words of trade and technology; alone or joined they name nobody.
    pub(super) loanwords: WordSet,
    loan_starts: Starts,
    /// Nouns in front of a quotation that say what it names.
    pub(super) typing_nouns: Vec<(String, OrganizationKind)>,
    /// Words that no name holds.
    pub(super) no_name_inside: Vec<String>,
    /// Longest first.
    pub(crate) contractor_descriptions: Vec<Description>,
    /// The legal forms, for the leftmost longest one.
    legal_form_search: Option<AhoCorasick>,
    pub(super) legal_form_set: WordSet,
    /// Which of `first_person` a text holds.
    pub(super) first_person_in: Prefilter,
    /// Which heads of `anonymised` a text holds, counted through all entries.
    pub(super) anonymised_in: Prefilter,
    /// Whether a text holds any word of [`WordList::Announced`].
    pub(super) announced_in: Prefilter,
    /// Whether a text holds any of `contractor_descriptions`.
    pub(crate) contractor_descriptions_in: Prefilter,
    /// The indices of `suffixes` by their last character, in their order.
    suffixes_by_end: ByChar,
    pub(super) suffix_set: WordSet,
    /// By [`WordList`].
    word_lists: Vec<Words>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) struct Suffix {
    pub(super) form: String,
    pub(super) kind: OrganizationKind,
    /// Common nouns end like this too, so the words before have to look like a name.
    pub(super) weak: bool,
    pub(super) stop: Arc<WordSet>,
    pub(super) only: Arc<WordSet>,
    pub(super) invented: bool,
    /// Names of common nouns count where the document repeats them.
    pub(super) repeated: bool,
    /// Before these words it ends no name: 学校教育課.
    pub(super) not_before: Vec<String>,
}

/// Words that describe a contractor; in the file brackets mark the description where context belongs to it
/// (`[業者]に委託`).
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) form: String,
    /// The description, bytes of `form`.
    pub(crate) described: Span,
}

impl Description {
    fn of(form: &str) -> Self {
        let (before, rest) = form.split_once('[').unwrap_or(("", form));
        let (inner, after) = rest.split_once(']').unwrap_or((rest, ""));
        Self { form: format!("{before}{inner}{after}"), described: Span::new(before.len(), before.len() + inner.len()) }
    }
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
        let file: File =
            toml::from_str(text).map_err(|e| LexiconError::Parse { file: FILE.to_owned(), message: e.to_string() })?;
        let mut out = Self {
            legal_forms: Vec::new(),
            suffixes: Vec::new(),
            first_person: Vec::new(),
            anonymised: Vec::new(),
            onlookers: BTreeMap::new(),
            generic: WordSet::default(),
            loanwords: WordSet::default(),
            loan_starts: Starts::default(),
            typing_nouns: Vec::new(),
            no_name_inside: Vec::new(),
            contractor_descriptions: Vec::new(),
            legal_form_search: None,
            legal_form_set: WordSet::default(),
            first_person_in: Prefilter::of_words([]),
            anonymised_in: Prefilter::of_words([]),
            announced_in: Prefilter::of_words([]),
            contractor_descriptions_in: Prefilter::of_words([]),
            suffixes_by_end: ByChar::default(),
            suffix_set: WordSet::default(),
            word_lists: Vec::new(),
            entries: Vec::new(),
        };
        for e in file.legal_form {
            out.note("legal_form", &e.forms, e.examples, e.counterexamples);
            out.legal_forms.extend(e.forms.into_iter().map(|f| (f, e.kind)));
        }
        for e in file.suffix {
            out.note("suffix", &e.forms, e.examples, e.counterexamples);
            // Shared by all forms of an entry.
            let [stop, only] = [e.stop, e.only].map(|words| Arc::new(words.into_iter().collect::<WordSet>()));
            for form in e.forms {
                out.suffixes.push(Suffix {
                    form,
                    kind: e.kind,
                    weak: e.weak,
                    stop: Arc::clone(&stop),
                    only: Arc::clone(&only),
                    invented: e.invented,
                    repeated: e.repeated,
                    not_before: e.not_before.clone(),
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
        for e in file.loanword {
            out.note("loanword", &e.forms, e.examples, e.counterexamples);
            out.loanwords.extend(e.forms);
        }
        for e in file.typing_noun {
            out.note("typing_noun", &e.forms, e.examples, e.counterexamples);
            out.typing_nouns.extend(e.forms.into_iter().map(|f| (f, e.kind)));
        }
        for e in file.no_name_inside {
            out.note("no_name_inside", &e.forms, e.examples, e.counterexamples);
            out.no_name_inside.extend(e.forms);
        }
        let mut word_lists: BTreeMap<WordList, Vec<String>> = BTreeMap::new();
        for e in file.word_list {
            out.note(&format!("word_list {:?}", e.id), &e.forms, e.examples, e.counterexamples);
            word_lists.entry(e.id).or_default().extend(e.forms);
        }
        if let Some(missing) = WordList::ALL.iter().find(|id| !word_lists.contains_key(id)) {
            let message = "the file has no such list".to_owned();
            return Err(LexiconError::Entry {
                file: FILE.to_owned(),
                entry: format!("word_list {missing:?}"),
                message,
            });
        }
        for (list, words) in word_lists {
            let many = out.word_lists.len().max(list as usize + 1);
            out.word_lists.resize_with(many, Words::default);
            out.word_lists[list as usize] = words.into_iter().collect();
        }
        for e in file.contractor_description {
            out.note("contractor_description", &e.forms, e.examples, e.counterexamples);
            out.contractor_descriptions.extend(e.forms.iter().map(|form| Description::of(form)));
        }
        out.contractor_descriptions.sort_by(|a, b| b.form.len().cmp(&a.form.len()).then_with(|| a.form.cmp(&b.form)));
        // Longest first, so that the first match is the longest.
        out.legal_forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        out.suffixes.sort_by(|a, b| b.form.len().cmp(&a.form.len()).then_with(|| a.form.cmp(&b.form)));
        out.first_person.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        out.prepare_searches()?;
        Ok(out)
    }

    fn prepare_searches(&mut self) -> Result<(), LexiconError> {
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(self.legal_forms.iter().map(|(form, _)| form));
        self.legal_form_search = Some(search.map_err(|e| LexiconError::Entry {
            file: FILE.to_owned(),
            entry: "legal_form".to_owned(),
            message: e.to_string(),
        })?);
        self.loan_starts = Starts::of(self.loanwords.iter().map(String::as_str));
        self.legal_form_set = self.legal_forms.iter().map(|(form, _)| form.clone()).collect();
        self.first_person_in = Prefilter::of_words(self.first_person.iter().map(|(form, _)| form.as_str()));
        self.anonymised_in =
            Prefilter::of_words(self.anonymised.iter().flat_map(|entry| &entry.heads).map(String::as_str));
        self.announced_in = Prefilter::of_words(self.words(WordList::Announced).iter().map(String::as_str));
        self.contractor_descriptions_in =
            Prefilter::of_words(self.contractor_descriptions.iter().map(|d| d.form.as_str()));
        self.suffixes_by_end = ByChar::of(self.suffixes.iter().map(|suffix| suffix.form.chars().next_back()));
        self.suffix_set = self.suffixes.iter().map(|suffix| suffix.form.clone()).collect();
        Ok(())
    }

    /// The first legal form of a text from this byte on, the longest that begins there: where, and which.
    pub(super) fn legal_form_from(&self, text: &str, from: usize) -> Option<(usize, &str, OrganizationKind)> {
        let hit = self.legal_form_search.as_ref()?.find(Input::new(text).range(from..))?;
        let form = &text[hit.range()];
        let (form, kind) = self.legal_forms.iter().find(|(known, _)| known == form)?;
        Some((hit.start(), form.as_str(), *kind))
    }

    /// The suffixes that may end a text, in the order of the table.
    pub(super) fn suffixes_of(&self, text: &str) -> impl Iterator<Item = &Suffix> {
        self.suffixes_by_end.get(text.chars().next_back()).map(|index| &self.suffixes[index])
    }

    /// The words of a list, in the order of the file.
    pub(super) fn words(&self, list: WordList) -> &[String] {
        self.word_lists.get(list as usize).map_or(&[], Words::as_slice)
    }

    /// The first word of a list with which a text begins.
    pub(super) fn begins_with(&self, list: WordList, text: &str) -> Option<&str> {
        self.word_lists.get(list as usize)?.beginning(text)
    }

    /// The first word of a list with which a text ends.
    pub(super) fn ends_with(&self, list: WordList, text: &str) -> Option<&str> {
        self.word_lists.get(list as usize)?.ending(text)
    }

    /// Whether a text holds a word of a list.
    pub(super) fn holds(&self, list: WordList, text: &str) -> bool {
        self.word_lists.get(list as usize).is_some_and(|words| words.any_in(text))
    }

    /// Whether a text is a word of a list.
    pub(super) fn is_one_of(&self, list: WordList, text: &str) -> bool {
        self.word_lists.get(list as usize).is_some_and(|words| words.contains(text))
    }

    /// Whether a text speaks of somebody's subsidiary.
    pub(crate) fn tells_of_a_subsidiary(&self, text: &str) -> bool {
        self.holds(WordList::Subsidiary, text)
    }

    /// A name that ends as services, applications and shops do.
    pub(super) fn names_a_service(&self, name: &str) -> bool {
        self.ends_with(WordList::ServiceEnding, name).is_some_and(|ending| ending.len() < name.len())
    }

    /// Whether a word is made of loanwords throughout: クラウド, クラウドサービス, Webサービス.
    pub(super) fn is_loan_compound(&self, word: &str) -> bool {
        let joins = |c: char| matches!(c, '・' | ' ' | '&' | '/' | '-');
        let may_be = word.chars().next().is_some_and(|c| joins(c) || self.loan_starts.may_be(c));
        if !may_be || word.chars().count() > 40 {
            return false;
        }
        // reach[i]: the first i bytes are covered.
        let mut reach = vec![false; word.len() + 1];
        reach[0] = true;
        for start in (0..word.len()).filter(|&i| word.is_char_boundary(i)) {
            if !reach[start] {
                continue;
            }
            if word[start..].starts_with(joins) {
                reach[start + word[start..].chars().next().map_or(1, char::len_utf8)] = true;
            }
            for (at, c) in word[start..].char_indices() {
                let end = start + at + c.len_utf8();
                if self.loanwords.contains(&word[start..end]) {
                    reach[end] = true;
                }
            }
        }
        reach[word.len()]
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
