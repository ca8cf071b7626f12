//! The code of a labelled kind of data.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rouei_model::DataTypeCode;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    kind: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    code: DataTypeCode,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    whole: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    examples: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    counterexamples: Vec<String>,
}

/// The codes of kinds of data as the labels write them; those that the vocabulary has no word for are left out.
pub fn codes(labels: &[String]) -> BTreeSet<&'static str> {
    labels.iter().filter_map(|label| code(label)).map(DataTypeCode::code).collect()
}

fn code(label: &str) -> Option<DataTypeCode> {
    let label: String = label.nfkc().collect();
    table().kind.iter().find(|kind| kind.names(&label)).map(|kind| kind.code)
}

impl Kind {
    fn names(&self, label: &str) -> bool {
        let within = |words: &[String]| words.iter().any(|w| label.contains(w.as_str()));
        self.whole.iter().any(|w| w == label) || (within(&self.words) && !within(&self.unless))
    }
}

/// `kinds.toml`, read; a test holds that it can be.
fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("kinds.toml")).unwrap_or_default());
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_knows_its_labels() {
        let kinds = &table().kind;
        assert_eq!(kinds.len(), DataTypeCode::ALL.len());
        let mut wrong = Vec::new();
        for kind in kinds {
            wrong.extend(kind.examples.iter().filter(|e| code(e) != Some(kind.code)));
            wrong.extend(kind.counterexamples.iter().filter(|e| code(e) == Some(kind.code)));
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn labels_that_name_no_kind_have_no_code() {
        let labels = ["個人情報", "会社名", "氏名"].map(str::to_owned);
        assert_eq!(codes(&labels).into_iter().collect::<Vec<_>>(), ["name"]);
    }
}
