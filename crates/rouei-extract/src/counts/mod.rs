//! Figures: numbers with unit, bound, scope and subject; and the numbers that are no victims, with the reason.

use rouei_model::{Bound, CountScope, CountSubject, Span, Undisclosed};

/// One number of the text and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct CountFinding {
    /// Index into [`crate::reading::Reading::sentences`].
    pub sentence: usize,
    /// From the bound word to the unit, bytes of the normalised text.
    pub span: Span,
    /// The figure; none where the text says that there is none.
    pub value: Option<u64>,
    /// Upper end of a vague figure (数百件).
    pub max_value: Option<u64>,
    /// As written, after normalisation; `""` where none stands beside the number.
    pub unit: String,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// 約, およそ, 程度.
    pub approx: bool,
    /// 延べ.
    pub cumulative: bool,
    /// Feared or established.
    pub scope: CountScope,
    /// What is counted.
    pub subject: CountSubject,
    /// Index of the finding that this one is a part of.
    pub part_of: Option<usize>,
    /// 計, 合計, 全.
    pub total: bool,
    /// 重複を除く.
    pub deduplicated: bool,
    /// Why there is no figure.
    pub undisclosed: Option<Undisclosed>,
    /// The rule that says that this number counts no victims; the finding is kept to explain itself.
    pub rejected: Option<String>,
    /// The rule that read it.
    pub rule: String,
    /// Probability that value, unit and subject are right.
    pub confidence: f64,
}
