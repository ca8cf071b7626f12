//! The lists of words in `lexicon.toml` that rules of the code ask for.

use serde::Deserialize;

use crate::word_lists::ListId;

/// What each is for stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WordList {
    Posted,
    PostedBeside,
    PostedAt,
    UpdatedBeside,
    Today,
    AnnouncedAt,
    ComplementEnd,
    ComplementInside,
    Postposition,
    NoticedThat,
    Gone,
    Told,
    Said,
    Heard,
}

impl ListId for WordList {
    fn number(self) -> usize {
        self as usize
    }
}
