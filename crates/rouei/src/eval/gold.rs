//! The labels: `gold.jsonl`, one case a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::outcome::UsageError;

/// One labelled page. Keys that nothing here reads are the labeller's own.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Stem of its files.
    pub id: String,
    /// Genre.
    pub kind: Kind,
    /// Train, calibration or test; none where the corpus is not split.
    #[serde(default)]
    pub split: Option<String>,
    /// Names of the victims.
    #[serde(default)]
    pub org: Vec<String>,
    /// Other names that are right.
    #[serde(default)]
    pub org_aliases: Vec<String>,
    /// Whether the text names it; without it no reader could.
    #[serde(default)]
    pub org_in_text: Option<bool>,
    /// Names of the contractors.
    #[serde(default)]
    pub contractor: Vec<String>,
    /// Every figure.
    #[serde(default)]
    pub counts: Vec<Count>,
    /// The figure to quote; none where the page gives none.
    #[serde(default)]
    pub headline_count: Option<u64>,
    /// Figures that are as good.
    #[serde(default)]
    pub headline_alt: Vec<u64>,
    /// Main cause, `unknown` where the page names none.
    #[serde(default)]
    pub cause: String,
    /// Causes that are as good.
    #[serde(default)]
    pub cause_alt: Vec<String>,
    /// Days, as `YYYY-MM-DD`; what is shorter is not scored.
    #[serde(default)]
    pub dates: BTreeMap<String, Option<String>>,
    /// Dates that the page gives in part.
    #[serde(default)]
    pub dates_partial: BTreeMap<String, serde_json::Value>,
    /// The incidents of a roundup.
    #[serde(default)]
    pub incidents: Vec<Incident>,
    /// Whether data left; a code of the contract, as the next three are.
    #[serde(default)]
    pub leak_status: Option<String>,
    /// What the page tells of.
    #[serde(default)]
    pub event: Option<String>,
    /// Which report it is.
    #[serde(default)]
    pub stage: Option<String>,
    /// Who speaks.
    #[serde(default)]
    pub source_tier: Option<String>,
    /// Kinds of data that left, as written; none where nobody labelled them.
    #[serde(default)]
    pub data_types: Option<Vec<String>>,
    /// Kinds of which the page says that they did not.
    #[serde(default)]
    pub data_denied: Option<Vec<String>>,
    /// Whether data of payment cards left.
    #[serde(default)]
    pub card_data: Option<bool>,
}

/// Genres as the labels tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An organization's own notice.
    PressRelease,
    /// An article.
    News,
    /// A later report.
    Followup,
    /// Several incidents.
    Roundup,
    /// Nothing may be recorded.
    Negative,
    /// Not scored.
    Skip,
}

/// A figure.
#[derive(Clone, Debug, Deserialize)]
pub struct Count {
    /// The figure.
    pub value: Option<u64>,
    /// As written.
    #[serde(default)]
    pub unit: String,
    /// 最大.
    #[serde(default)]
    pub max: Option<bool>,
    /// 約.
    #[serde(default)]
    pub approx: Option<bool>,
}

/// One incident of a roundup.
#[derive(Clone, Debug, Deserialize)]
pub struct Incident {
    /// Who.
    pub org: String,
    /// Other names that are right.
    #[serde(default)]
    pub org_alt: Vec<String>,
    /// How many.
    #[serde(default)]
    pub count: Option<u64>,
}

impl Case {
    /// A page of several incidents.
    pub fn is_roundup(&self) -> bool {
        self.kind == Kind::Roundup && self.incidents.len() > 1
    }

    /// The labelled day, where it is known to the day.
    pub fn day(&self, key: &str) -> Option<&str> {
        self.dates.get(key)?.as_deref().filter(|d| d.len() == 10)
    }

    /// Whether the label says that the page does not give this date.
    pub fn lacks_day(&self, key: &str) -> bool {
        matches!(self.dates.get(key), Some(None)) && !self.dates_partial.contains_key(key)
    }
}

/// The cases of `gold.jsonl` in a folder, those of some splits or all.
///
/// # Errors
/// Where the file cannot be read, a line is no case, an id stands twice or no case is in a split; names the line.
pub fn read(folder: &Path, splits: &[String]) -> anyhow::Result<Vec<Case>> {
    let file = folder.join("gold.jsonl");
    let text = fs::read_to_string(&file).map_err(|e| UsageError(format!("cannot read {}: {e}", file.display())))?;
    let mut cases: Vec<Case> = Vec::new();
    let mut ids = BTreeSet::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let place = || format!("{}:{}", file.display(), number + 1);
        let case: Case = serde_json::from_str(line).map_err(|e| UsageError(format!("{}: {e}", place())))?;
        if !ids.insert(case.id.clone()) {
            return Err(UsageError(format!("{}: {} stands twice", place(), case.id)).into());
        }
        cases.push(case);
    }
    if let Some(empty) = splits.iter().find(|s| cases.iter().all(|c| c.split.as_ref() != Some(*s))) {
        let known: BTreeSet<&str> = cases.iter().filter_map(|c| c.split.as_deref()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        return Err(
            UsageError(format!("{}: no case is in split {empty:?}; there are {known:?}", file.display())).into()
        );
    }
    cases.retain(|c| {
        c.kind != Kind::Skip && (splits.is_empty() || c.split.as_ref().is_some_and(|s| splits.contains(s)))
    });
    if cases.is_empty() {
        return Err(UsageError(format!("{}: holds no case", file.display())).into());
    }
    Ok(cases)
}
