//! The Japanese words for the codes of the contract.

use std::collections::BTreeMap;

use anyhow::Context as _;
use rouei_model::{Bound, CauseCode, Coding, Event, LeakStatus, SourceTier, Stage, Undisclosed};
use serde::Deserialize;

/// `words.toml`, read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    cause: BTreeMap<CauseCode, String>,
    leak_status: BTreeMap<LeakStatus, String>,
    event: BTreeMap<Event, String>,
    stage: BTreeMap<Stage, String>,
    source_tier: BTreeMap<SourceTier, String>,
    undisclosed: BTreeMap<Undisclosed, String>,
    scope: BTreeMap<rouei_model::CountScope, String>,
    bound_before: BTreeMap<Bound, String>,
    bound_behind: BTreeMap<Bound, String>,
    coding: BTreeMap<Coding, CodingWords>,
}

/// How a report speaks of a counting by others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodingWords {
    /// Whose.
    pub name: String,
    /// What it counts.
    pub universe: Option<String>,
}

/// What is said of a value that nobody states. Never 0.
pub const UNKNOWN: &str = "不明";

impl Words {
    /// The words that are built in.
    ///
    /// # Errors
    /// Where the built-in file is damaged; a test holds it.
    pub fn built_in() -> anyhow::Result<Self> {
        toml::from_str(include_str!("words.toml")).context("crates/rouei/src/report/words.toml")
    }

    /// Name of a cause; of none, that nothing is known.
    pub fn cause(&self, cause: Option<CauseCode>) -> &str {
        cause.map_or("記載なし", |c| self.cause.get(&c).map_or(c.code(), String::as_str))
    }

    /// What is said of a counting by others.
    pub fn coding(&self, coding: Coding) -> CodingWords {
        self.coding.get(&coding).cloned().unwrap_or_default()
    }

    /// The cause that is called so, by its code or its Japanese name.
    pub fn cause_called(&self, name: &str) -> Option<CauseCode> {
        CauseCode::from_code(name).or_else(|| self.cause.iter().find(|(_, label)| *label == name).map(|(c, _)| *c))
    }

    /// Whether data left.
    pub fn leak_status(&self, status: Option<LeakStatus>) -> &str {
        status.map_or(UNKNOWN, |s| self.leak_status.get(&s).map_or(s.code(), String::as_str))
    }

    /// What a document tells of.
    pub fn event(&self, event: Event) -> &str {
        self.event.get(&event).map_or(event.code(), String::as_str)
    }

    /// Which report a document is.
    pub fn stage(&self, stage: Stage) -> &str {
        self.stage.get(&stage).map_or(stage.code(), String::as_str)
    }

    /// Who speaks.
    pub fn source_tier(&self, tier: SourceTier) -> &str {
        self.source_tier.get(&tier).map_or(tier.code(), String::as_str)
    }

    /// Why there is no figure.
    pub fn undisclosed(&self, why: Option<Undisclosed>) -> &str {
        why.map_or(UNKNOWN, |w| self.undisclosed.get(&w).map_or(w.code(), String::as_str))
    }

    /// Feared or established.
    pub fn scope(&self, scope: rouei_model::CountScope) -> &str {
        self.scope.get(&scope).map_or(scope.code(), String::as_str)
    }

    /// A figure with the words that bound it: `延べ最大約1,234人`.
    pub fn count(&self, value: u64, unit: &str, bound: Option<Bound>, approx: bool, cumulative: bool) -> String {
        let word = |words: &BTreeMap<Bound, String>| bound.and_then(|b| words.get(&b)).cloned().unwrap_or_default();
        let (before, behind) = (word(&self.bound_before), word(&self.bound_behind));
        let total = if cumulative { "延べ" } else { "" };
        let about = if approx { "約" } else { "" };
        format!("{total}{before}{about}{}{unit}{behind}", grouped(value))
    }
}

/// Digits in groups of three: `1,234,567`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_word() {
        let words = Words::built_in().unwrap();
        assert_eq!(words.cause.keys().collect::<Vec<_>>(), CauseCode::ALL.iter().collect::<Vec<_>>());
        assert_eq!(words.leak_status.len(), LeakStatus::ALL.len());
        assert_eq!(words.event.len(), Event::ALL.len());
        assert_eq!(words.stage.len(), Stage::ALL.len());
        assert_eq!(words.source_tier.len(), SourceTier::ALL.len());
        assert_eq!(words.undisclosed.len(), Undisclosed::ALL.len());
        assert_eq!(words.scope.len(), rouei_model::CountScope::ALL.len());
        assert_eq!(words.coding.keys().collect::<Vec<_>>(), Coding::ALL.iter().collect::<Vec<_>>());
        // The exact figure has no word, every other bound has one on one side.
        for bound in Bound::ALL {
            let sides = [&words.bound_before, &words.bound_behind].iter().filter(|w| w.contains_key(bound)).count();
            assert_eq!(sides, usize::from(*bound != Bound::Exact), "{bound:?}");
        }
    }

    #[test]
    fn causes_are_called_as_the_lexicon_calls_them() {
        #[derive(Deserialize)]
        struct Lexicon {
            class: Vec<Class>,
        }
        #[derive(Deserialize)]
        struct Class {
            code: CauseCode,
            label: String,
        }
        let lexicon: Lexicon = toml::from_str(include_str!("../../../rouei-extract/src/causes/lexicon.toml")).unwrap();
        let words = Words::built_in().unwrap();
        for class in lexicon.class {
            assert_eq!(words.cause(Some(class.code)), class.label);
            assert_eq!(words.cause_called(&class.label), Some(class.code));
            assert_eq!(words.cause_called(class.code.code()), Some(class.code));
        }
        assert_eq!(words.cause_called("その他の原因"), None);
    }

    #[test]
    fn figures_are_written_with_their_bounds() {
        let words = Words::built_in().unwrap();
        for (value, unit, bound, approx, cumulative, text) in [
            (0, "人", Some(Bound::Exact), false, false, "0人"),
            (1_234, "名", Some(Bound::Exact), false, false, "1,234名"),
            (160_000, "件", Some(Bound::AtMost), true, false, "最大約160,000件"),
            (1_000, "人", Some(Bound::AtLeast), false, true, "延べ1,000人以上"),
            (4_072_650, "件", Some(Bound::Over), false, false, "4,072,650件超"),
            (500, "社", Some(Bound::Under), true, false, "約500社未満"),
            (12, "", None, false, false, "12"),
        ] {
            assert_eq!(words.count(value, unit, bound, approx, cumulative), text);
        }
    }
}
