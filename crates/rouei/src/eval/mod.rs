//! Extraction measured against labelled pages.
//!
//! `gold` reads the labels, `prediction` what was extracted, `scoring` and `states` compare the two field by field, `rates` counts
//! with intervals, `report` shows it, `fitting` turns it into confidence. What each field means stands in docs/benchmarks.md.

pub mod comparison;
pub mod fitting;
pub mod gold;
pub mod kinds;
pub mod names;
pub mod prediction;
pub mod rates;
pub mod report;
pub mod scoring;
mod states;

pub use gold::Case;
pub use prediction::Predictions;
pub use scoring::Scores;
