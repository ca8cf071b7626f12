//! Lists of words that rules of the code ask for, as a lexicon writes them: `id`, `at`, `words`, examples and
//! counterexamples. The words of a list stand in the order of the file, where a rule takes the first that fits.

use std::borrow::Cow;
use std::fmt::Debug;

use serde::Deserialize;

use crate::lexicon::{LexiconError, Words};
use crate::prefilter::Prefilter;

/// Names the lists of one lexicon.
pub(crate) trait ListId: Copy + Eq + Debug {
    /// Its number among them.
    fn number(self) -> usize;
}

/// One entry of the file; a list may have several, each looked for elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListEntry<I> {
    id: I,
    at: At,
    words: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
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

impl<I: ListId> ListEntry<I> {
    pub(crate) fn name(&self) -> String {
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

    /// Every example that the entry does not show, and every counterexample that it does.
    pub(crate) fn failures(&self) -> impl Iterator<Item = String> {
        let failed = |texts: &[String], counter: bool| -> Vec<String> {
            let what = if counter { "finds" } else { "misses" };
            let wrong = texts.iter().filter(|text| self.matches(text) == counter);
            wrong.map(|text| format!("{what} {text:?}")).collect()
        };
        failed(&self.examples, false).into_iter().chain(failed(&self.counterexamples, true))
    }
}

/// All lists of a lexicon.
#[derive(Debug)]
pub(crate) struct Lists<I> {
    entries: Vec<ListEntry<I>>,
    /// By the number of the list.
    lists: Vec<ListWords>,
}

/// The words of a list, by where they are looked for.
#[derive(Debug, Default)]
struct ListWords {
    start: Words,
    end: Words,
    whole: Words,
    anywhere: Words,
    /// Over those that may stand anywhere; none where there are none, or few that nearly every text holds.
    search: Option<Prefilter>,
}

impl ListWords {
    fn has(&self, text: &str) -> bool {
        let anywhere = || match &self.search {
            Some(search) => !search.candidates(text).is_empty(),
            None => self.anywhere.any_in(text),
        };
        self.start.beginning(text).is_some()
            || self.end.ending(text).is_some()
            || self.whole.contains(text)
            || anywhere()
    }
}

impl<I: ListId> Lists<I> {
    /// Lists whose words are looked for word by word.
    ///
    /// # Errors
    /// Where an entry of this file has no example or no counterexample.
    pub(crate) fn new(file: &str, entries: Vec<ListEntry<I>>) -> Result<Self, LexiconError> {
        if let Some(bare) = entries.iter().find(|e| e.examples.is_empty() || e.counterexamples.is_empty()) {
            let message = "needs at least one example and one counterexample".to_owned();
            return Err(LexiconError::Entry { file: file.to_owned(), entry: bare.name(), message });
        }
        let many = entries.iter().map(|e| e.id.number() + 1).max().unwrap_or_default();
        let mut lists: Vec<ListWords> = Vec::new();
        lists.resize_with(many, ListWords::default);
        for (number, list) in lists.iter_mut().enumerate() {
            let at = |at: At| -> Words {
                let entries = entries.iter().filter(|e| e.id.number() == number && e.at == at);
                entries.flat_map(|e| &e.words).cloned().collect()
            };
            *list = ListWords {
                start: at(At::Start),
                end: at(At::End),
                whole: at(At::Whole),
                anywhere: at(At::Anywhere),
                search: None,
            };
        }
        Ok(Self { entries, lists })
    }

    /// With a place in the search over documents for the words that may stand anywhere: worth it for long lists.
    pub(crate) fn searched(mut self) -> Self {
        for list in &mut self.lists {
            let words = list.anywhere.as_slice();
            list.search = (!words.is_empty()).then(|| Prefilter::of_words(words.iter().map(String::as_str)));
        }
        self
    }

    /// The entries with their examples.
    pub(crate) fn entries(&self) -> &[ListEntry<I>] {
        &self.entries
    }

    fn words(&self, list: I) -> Option<&ListWords> {
        self.lists.get(list.number())
    }

    fn anywhere(&self, list: I) -> impl Iterator<Item = &str> {
        self.words(list).into_iter().flat_map(|words| words.anywhere.as_slice()).map(String::as_str)
    }

    /// Whether a word of the list stands where the list looks for it.
    pub(crate) fn has(&self, list: I, text: &str) -> bool {
        self.words(list).is_some_and(|words| words.has(text))
    }

    /// The first word of a list with which a text begins.
    pub(crate) fn beginning(&self, list: I, text: &str) -> Option<&str> {
        self.words(list)?.start.beginning(text)
    }

    /// The longest word of a list with which a text ends.
    pub(crate) fn ending(&self, list: I, text: &str) -> Option<&str> {
        let words = self.words(list)?.end.as_slice().iter().map(String::as_str);
        words.filter(|word| text.ends_with(word)).max_by_key(|word| word.len())
    }

    /// Whether a word of a list begins right behind such a letter of a text.
    pub(crate) fn stands_behind(&self, list: I, text: &str, letter: impl Fn(char) -> bool) -> bool {
        let behind = |(at, c): (usize, char)| letter(c).then(|| at + c.len_utf8());
        text.char_indices().filter_map(behind).any(|at| self.beginning(list, &text[at..]).is_some())
    }

    /// The first place of a word of the list, in bytes.
    pub(crate) fn find(&self, list: I, text: &str) -> Option<usize> {
        self.anywhere(list).filter_map(|word| text.find(word)).min()
    }

    /// Where the last word of the list ends, in bytes.
    pub(crate) fn last_end(&self, list: I, text: &str) -> Option<usize> {
        self.anywhere(list).filter_map(|word| text.rfind(word).map(|at| at + word.len())).max()
    }

    /// How many words of the list stand in a text.
    pub(crate) fn count(&self, list: I, text: &str) -> usize {
        self.anywhere(list).filter(|word| text.contains(word)).count()
    }

    /// A text without the words of the list that it begins with: each of them once, in the order of the file.
    pub(crate) fn behind_each<'t>(&self, list: I, text: &'t str) -> &'t str {
        let words = self.words(list).map_or(&[][..], |words| words.start.as_slice());
        words.iter().fold(text, |rest, word| rest.strip_prefix(word.as_str()).unwrap_or(rest))
    }

    /// A text without the words of the list, wherever they stand.
    pub(crate) fn without<'t>(&self, list: I, text: &'t str) -> Cow<'t, str> {
        if !self.has(list, text) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.anywhere(list).fold(text.to_owned(), |text, word| text.replace(word, "")))
    }
}
