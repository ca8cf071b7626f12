//! Dates: what is written, which day it is, and which moment it names.

use jiff::civil::Date;
use rouei_model::{DateKind, DatePrecision, Span};

/// One date or range of the text and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct DateFinding {
    /// Index into [`crate::reading::Reading::sentences`].
    pub sentence: usize,
    /// As written, bytes of the normalised text.
    pub span: Span,
    /// First day; none where the text alone does not place it (no year, no publication date).
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How exactly it is known.
    pub precision: DatePrecision,
    /// Which moment; none where no cue says so.
    pub kind: Option<DateKind>,
    /// A likely typo (2003 in a notice of 2023).
    pub doubtful: bool,
    /// The rule that says that this date is none of the incident's; the finding is kept to explain itself.
    pub rejected: Option<String>,
    /// The rule that read it.
    pub rule: String,
    /// Probability that day and kind are right.
    pub confidence: f64,
}
