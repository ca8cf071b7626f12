use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One human decision on one field of one disclosure. Reviews are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Assigned by the store, rising.
    pub id: i64,
    /// [`crate::Disclosure::id`].
    pub disclosure: String,
    /// Which field.
    pub field: ReviewField,
    /// What was decided.
    pub action: ReviewAction,
    /// The corrected value, as text; set for [`ReviewAction::Correct`].
    pub value: Option<String>,
    /// The review that this one takes back; set for [`ReviewAction::Undo`].
    pub undoes: Option<i64>,
    /// Who decided.
    pub reviewer: String,
    /// Why, in the reviewer's words.
    pub note: Option<String>,
    /// When.
    pub decided: Timestamp,
}

/// The fields that a reviewer decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewField {
    /// The whole record: is it a disclosure, and is it right?
    Record,
    /// The victim's name.
    Organization,
    /// The headline count.
    HeadlineCount,
    /// The main cause.
    Cause,
    /// The announcement date.
    Announced,
    /// The date it happened.
    Occurred,
    /// The date it was noticed.
    Discovered,
}

impl ReviewField {
    /// Every field, in the order shown.
    pub const ALL: &'static [Self] = &[
        Self::Record,
        Self::Organization,
        Self::HeadlineCount,
        Self::Cause,
        Self::Announced,
        Self::Occurred,
        Self::Discovered,
    ];

    /// The code that stands in SQL and on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Organization => "organization",
            Self::HeadlineCount => "headline_count",
            Self::Cause => "cause",
            Self::Announced => "announced",
            Self::Occurred => "occurred",
            Self::Discovered => "discovered",
        }
    }

    /// The field of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.code() == code)
    }
}

/// What a reviewer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// The machine is right.
    Accept,
    /// The value is another one.
    Correct,
    /// The record is no disclosure.
    Reject,
    /// An earlier decision is taken back.
    Undo,
}

impl ReviewAction {
    /// The code that stands in SQL.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Correct => "correct",
            Self::Reject => "reject",
            Self::Undo => "undo",
        }
    }

    /// The action of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Accept, Self::Correct, Self::Reject, Self::Undo].into_iter().find(|a| a.code() == code)
    }
}
