//! The expressions of `[cues]` in `lexicon.toml`, compiled.

use std::collections::BTreeMap;

use super::lexicon::entry;
use crate::lexicon::LexiconError;
use crate::pattern::{self, Regex};

/// Single expressions, named by what they introduce.
#[derive(Debug)]
pub(crate) struct Cues {
    pub(crate) quantity: Regex,
    pub(crate) leak: Regex,
    pub(crate) leak_predicate: Regex,
    pub(crate) leak_before: Regex,
    pub(crate) population: Regex,
    pub(crate) greatest: Regex,
    pub(crate) own_part: Regex,
    pub(crate) notified: Regex,
    pub(crate) site: Regex,
    pub(crate) part: Regex,
    pub(crate) superseded: Regex,
    pub(crate) supersedes: Regex,
    pub(crate) found_later: Regex,
    pub(crate) revised_from: Regex,
    pub(crate) affected_heading: Regex,
    pub(crate) included: Regex,
    pub(crate) addition: Regex,
    pub(crate) dedup_before: Regex,
    pub(crate) dedup_after: Regex,
    pub(crate) dedup_result: Regex,
    pub(crate) individuals: Regex,
    pub(crate) kanji_word: Regex,
    pub(crate) distant_at_most: Regex,
    pub(crate) coordination: Regex,
    pub(crate) attribute: Regex,
    pub(crate) part_of_leak: Regex,
    pub(crate) revision: Regex,
    pub(crate) group: Regex,
    pub(crate) everybody: Regex,
    pub(crate) one_of: Regex,
    pub(crate) astray: Regex,
    pub(crate) dispatched: Regex,
    pub(crate) affected: Regex,
    pub(crate) recipients_exposed: Regex,
    pub(crate) headline_of_another: Regex,
    pub(crate) bullet: Regex,
    /// Who is counted here is counted there, too.
    pub(crate) overlap: Regex,
    /// Keys of what is left over: その他, 区分不明.
    pub(crate) remainder: Regex,
    /// Keys of one kind of data and no other: 氏名のみ.
    pub(crate) only: Regex,
    /// Where a clause ends and another one begins.
    pub(crate) clause_end: Regex,
    /// Addresses together with names: persons' data, in front of the figure.
    pub(crate) with_address: Regex,
    /// Before a figure: no subject, or one that takes up what was told (その数は).
    pub(crate) goes_on: Regex,
    /// Behind a figure that is the predicate.
    pub(crate) copula: Regex,
    /// Before a figure: what takes up the clause before it (その数は, 被害は).
    pub(crate) takes_up: Regex,
    /// Around a figure: nothing but groups and their figures.
    pub(crate) enumerated_before: Regex,
    pub(crate) enumerated_behind: Regex,
    /// Before a figure in brackets that the one before them replaced.
    pub(crate) former: Regex,
    /// Behind a figure: their data as well.
    pub(crate) also: Regex,
    /// Somebody else's mail or paper.
    pub(crate) swapped: Regex,
    /// The things of several went to each other: 書類を取り違え.
    pub(crate) mixed_up: Regex,
    /// Behind a figure that the text takes back for one that stands before.
    pub(crate) taken_back: Regex,
    /// What befell the figure of the same clause.
    pub(crate) tie: Regex,
    /// Data as the noun that a figure counts, before it or behind it.
    pub(crate) counted_before: Regex,
    pub(crate) counted_behind: Regex,
}

impl Cues {
    /// Compiles the expressions by their names; some hold at the end of what stands before a number, or right behind it.
    ///
    /// # Errors
    /// Names the expression that is missing or malformed.
    pub(super) fn compile(sources: &BTreeMap<String, String>) -> Result<Self, LexiconError> {
        let cue = |name: &str| -> Result<Regex, LexiconError> {
            let source = sources.get(name).ok_or_else(|| entry(name, "is missing from [cues]"))?;
            alone(name, source)
        };
        let anchored = |name: &str, front: &str, back: &str| -> Result<Regex, LexiconError> {
            let source = sources.get(name).ok_or_else(|| entry(name, "is missing from [cues]"))?;
            alone(name, &format!("{front}(?:{source}){back}"))
        };
        Ok(Self {
            quantity: cue("quantity")?,
            leak: cue("leak")?,
            leak_predicate: cue("leak_predicate")?,
            leak_before: cue("leak_before")?,
            population: cue("population")?,
            greatest: cue("greatest")?,
            own_part: anchored("own_part", "^", "")?,
            notified: anchored("notified", "^", "")?,
            site: cue("site")?,
            part: cue("part")?,
            superseded: cue("superseded")?,
            supersedes: cue("supersedes")?,
            found_later: cue("found_later")?,
            revised_from: anchored("revised_from", "^", "")?,
            affected_heading: cue("affected_heading")?,
            included: anchored("included", "^", "")?,
            addition: cue("addition")?,
            dedup_before: anchored("dedup_before", "", "$")?,
            dedup_after: anchored("dedup_after", "^", "")?,
            dedup_result: cue("dedup_result")?,
            individuals: anchored("individuals", "", "$")?,
            kanji_word: anchored("kanji_word", "", "$")?,
            distant_at_most: anchored("distant_at_most", "", "$")?,
            attribute: cue("attribute")?,
            part_of_leak: anchored("part_of_leak", "^", "")?,
            revision: cue("revision")?,
            group: cue("group")?,
            everybody: anchored("everybody", "", "$")?,
            one_of: anchored("one_of", "^", "")?,
            astray: cue("astray")?,
            dispatched: anchored("dispatched", "^", "")?,
            affected: cue("affected")?,
            recipients_exposed: cue("recipients_exposed")?,
            headline_of_another: cue("headline_of_another")?,
            bullet: cue("bullet")?,
            overlap: cue("overlap")?,
            remainder: cue("remainder")?,
            only: cue("only")?,
            clause_end: cue("clause_end")?,
            tie: cue("tie")?,
            with_address: anchored("with_address", "", "$")?,
            goes_on: anchored("goes_on", "^", "$")?,
            copula: anchored("copula", "^", "")?,
            takes_up: anchored("takes_up", "^", "$")?,
            enumerated_before: anchored("enumerated_before", "^", "$")?,
            enumerated_behind: anchored("enumerated_behind", "^", "")?,
            former: anchored("former", "", "$")?,
            also: anchored("also", "^", "")?,
            swapped: cue("swapped")?,
            mixed_up: cue("mixed_up")?,
            taken_back: anchored("taken_back", "^", "")?,
            counted_before: anchored("counted_before", "", "$")?,
            counted_behind: anchored("counted_behind", "^", "")?,
            coordination: anchored("coordination", "^", "$")?,
        })
    }
}

/// Of a pattern that no table holds.
fn alone(id: &str, source: &str) -> Result<Regex, LexiconError> {
    pattern::compile_alone(source).map_err(|e| entry(id, &e.to_string()))
}
