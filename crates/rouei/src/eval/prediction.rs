//! What was extracted: a file that `rouei extract` wrote, or the pages read now.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rouei_extract::Extractor;
use rouei_extract::confidence::Features;
use serde::Deserialize;

use super::Case;
use crate::cli::Pages;
use crate::context::PageContext;
use crate::document;
use crate::input::Inputs;
use crate::outcome::UsageError;

/// Predictions by the id of the case.
#[derive(Debug, Default)]
pub struct Predictions(BTreeMap<String, Prediction>);

/// What was extracted of one page.
#[derive(Clone, Debug, Default)]
pub struct Prediction {
    /// In the order of the line.
    pub disclosures: Vec<Disclosure>,
    /// Who speaks.
    pub source_tier: Option<String>,
    /// What the judgement rested on; only where it was asked for.
    pub judgement: Option<String>,
    /// The rules of leak status, event and stage; only where they were asked for.
    pub status: Vec<String>,
    /// What the confidence of each disclosure is computed from; only where it was asked for.
    pub features: Vec<Features>,
}

/// What is wanted of a page beside its disclosures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// What the judgement rested on.
    Judgement,
    /// The rules of leak status, event and stage, which stand in no record.
    Status,
    /// What confidence is computed from.
    Features,
}

/// The part of a disclosure that is scored. Lenient, so that lines of older versions can be compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Disclosure {
    pub organizations: Vec<Organization>,
    pub counts: Vec<Count>,
    pub headline_count: Option<Headline>,
    pub causes: Vec<Cause>,
    pub dates: Vec<Day>,
    pub data_types: Vec<DataType>,
    pub card_data: Option<String>,
    pub report_types: Vec<String>,
    pub leak_status: Option<String>,
    pub event: Option<String>,
    pub stage: Option<String>,
    pub confidence: f64,
    pub needs_review: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Organization {
    pub name: Option<String>,
    pub canonical: Option<String>,
    pub role: String,
    pub rule: String,
    pub confidence: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Count {
    pub id: String,
    pub rule: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Headline {
    pub claim: Option<String>,
    pub value: Option<u64>,
    pub unit: String,
    pub bound: String,
    pub approx: bool,
    pub derived: String,
    pub confidence: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cause {
    pub code: String,
    pub rule: String,
    pub confidence: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Day {
    pub kind: String,
    pub date_from: Option<String>,
    pub date_to: Option<String>,
    pub rule: String,
    pub confidence: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DataType {
    pub code: String,
    pub state: String,
    pub rule: String,
    pub confidence: Option<f64>,
}

#[derive(Deserialize)]
struct Line {
    document: DocumentName,
    disclosures: Vec<Disclosure>,
}

#[derive(Deserialize)]
struct DocumentName {
    path: Option<String>,
    url: Option<String>,
    #[serde(default)]
    source_tier: Option<String>,
}

impl Predictions {
    /// The prediction for a case.
    pub fn get(&self, id: &str) -> Option<&Prediction> {
        self.0.get(id)
    }

    /// Lines of `rouei extract`; the stem of a path or address is the id.
    ///
    /// # Errors
    /// Where the file cannot be read or a line is none of the contract; names the line.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).map_err(|e| UsageError(format!("cannot read {}: {e}", file.display())))?;
        let mut predictions = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let place = || format!("{}:{}", file.display(), number + 1);
            let line: Line = serde_json::from_str(line).map_err(|e| UsageError(format!("{}: {e}", place())))?;
            let source_tier = line.document.source_tier;
            let name = line.document.path.or(line.document.url).unwrap_or_default();
            let stem = Path::new(&name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            predictions
                .insert(stem, Prediction { disclosures: line.disclosures, source_tier, ..Prediction::default() });
        }
        Ok(Self(predictions))
    }

    /// Reads and extracts the page of each case; `beside` says what more is wanted.
    ///
    /// # Errors
    /// Where the context cannot be read. A page that is not there has no prediction.
    pub fn extract(
        extractor: &Extractor,
        folder: &Path,
        cases: &[Case],
        pages: Pages,
        beside: Beside,
    ) -> anyhow::Result<Self> {
        let context = folder.join("context.jsonl");
        let context = if context.exists() { PageContext::read(&context)? } else { PageContext::default() };
        let predictions = cases
            .par_iter()
            .filter_map(|case| Some((case, page(folder, &case.id, pages)?)))
            .filter_map(|(case, path)| {
                let input = Inputs::new(std::slice::from_ref(&path)).next()?;
                let document = document::open(input, &context);
                let extraction = extractor.extract(&document);
                let judgement = (beside == Beside::Judgement).then(|| reasons(&extractor.explain(&document).judgement));
                let status = match beside {
                    Beside::Status => extractor.explain(&document).status.rules,
                    _ => Vec::new(),
                };
                let features = match beside {
                    Beside::Features => extractor.features(&document),
                    _ => Vec::new(),
                };
                let source_tier = Some(extraction.document.source_tier.code().to_owned());
                Some(disclosures(&extraction).map(|disclosures| {
                    (case.id.clone(), Prediction { disclosures, source_tier, judgement, status, features })
                }))
            })
            .collect::<Result<_, serde_json::Error>>()?;
        Ok(Self(predictions))
    }
}

/// The file of a case.
fn page(folder: &Path, id: &str, pages: Pages) -> Option<PathBuf> {
    let places: &[(&str, &str)] = match pages {
        Pages::Html => &[("html", "html"), ("pdf", "pdf")],
        Pages::Items => &[("items", "txt")],
    };
    places.iter().map(|(sub, extension)| folder.join(sub).join(format!("{id}.{extension}"))).find(|p| p.is_file())
}

/// Through the contract, as a line of `rouei extract` would give them.
fn disclosures(extraction: &rouei_model::Extraction) -> Result<Vec<Disclosure>, serde_json::Error> {
    extraction.disclosures.iter().map(|d| serde_json::from_value(serde_json::to_value(d)?)).collect()
}

/// The score and the strongest reasons.
fn reasons(judgement: &rouei_extract::judgement::Judgement) -> String {
    let mut reasons: Vec<&(String, f64)> = judgement.reasons.iter().collect();
    reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    let shown: Vec<String> = reasons.iter().take(5).map(|(rule, weight)| format!("{rule} {weight:+.1}")).collect();
    format!("judgement {:+.1}: {}", judgement.score, shown.join(", "))
}

impl Disclosure {
    /// Names of the organizations in a role, or of all: as written and canonical, in their order.
    pub fn names(&self, role: Option<&str>) -> Vec<&str> {
        self.organizations
            .iter()
            .filter(|o| role.is_none_or(|r| o.role == r))
            .flat_map(|o| [&o.name, &o.canonical])
            .filter_map(|n| n.as_deref().filter(|n| !n.is_empty()))
            .collect()
    }

    /// The figure to quote.
    pub fn headline(&self) -> Option<u64> {
        self.headline_count.as_ref()?.value
    }

    /// The rule that chose the figure, and the one that read it.
    pub fn headline_rule(&self) -> String {
        let Some(headline) = &self.headline_count else { return "no figure".to_owned() };
        let read = headline.claim.as_ref().and_then(|id| self.counts.iter().find(|c| c.id == *id));
        format!("{} {}", headline.derived, read.map_or("", |c| c.rule.as_str())).trim_end().to_owned()
    }

    /// Code of the main cause.
    pub fn cause(&self) -> &str {
        self.causes.first().map_or("unknown", |c| c.code.as_str())
    }

    /// The leading date of a kind.
    pub fn date(&self, kind: &str) -> Option<&Day> {
        self.dates.iter().find(|d| d.kind == kind)
    }
}
