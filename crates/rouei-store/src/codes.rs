//! Between Rust values and SQL values.

use jiff::{Timestamp, civil::Date};
use rouei_model::{
    Bound, CauseCode, CountScope, CountSubject, DataState, DataTypeCode, DateKind, DatePrecision, Derivation,
    DocumentKind, Event, IssueCode, LeakStatus, OrganizationRole, ReviewAction, ReviewField, SourceTier, Stage,
    Undisclosed,
};

use crate::StoreError;

/// A closed vocabulary, read from its code.
pub(crate) trait Code: Sized + Copy {
    const NAME: &'static str;
    fn of_code(code: &str) -> Option<Self>;
}

macro_rules! codes {
    ($($name:ident),+ $(,)?) => {
        $(impl Code for $name {
            const NAME: &'static str = stringify!($name);
            fn of_code(code: &str) -> Option<Self> { Self::from_code(code) }
        })+
    };
}

codes!(
    Bound,
    CauseCode,
    CountScope,
    CountSubject,
    DataState,
    DataTypeCode,
    DateKind,
    DatePrecision,
    Derivation,
    DocumentKind,
    Event,
    LeakStatus,
    OrganizationRole,
    ReviewAction,
    ReviewField,
    SourceTier,
    Stage,
    Undisclosed,
);

pub(crate) fn code<C: Code>(text: &str) -> Result<C, StoreError> {
    C::of_code(text).ok_or_else(|| StoreError::UnknownCode { value: text.into(), expected: C::NAME })
}

pub(crate) fn code_opt<C: Code>(text: Option<String>) -> Result<Option<C>, StoreError> {
    text.as_deref().map(code).transpose()
}

/// Nine digits of fraction, so that text order is time order and nothing is lost.
pub(crate) fn time(time: Timestamp) -> String {
    format!("{time:.9}")
}

pub(crate) fn parse_time(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|_| StoreError::UnknownCode { value: text.into(), expected: "a time" })
}

pub(crate) fn parse_time_opt(text: Option<String>) -> Result<Option<Timestamp>, StoreError> {
    text.as_deref().map(parse_time).transpose()
}

pub(crate) fn date(date: Option<Date>) -> Option<String> {
    date.map(|d| d.to_string())
}

pub(crate) fn parse_date(text: Option<String>) -> Result<Option<Date>, StoreError> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| StoreError::UnknownCode { value: text, expected: "a date" })
}

pub(crate) fn integer(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge(value))
}

pub(crate) fn natural(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value)
        .map_err(|_| StoreError::UnknownCode { value: value.to_string(), expected: "no negative number" })
}

pub(crate) fn natural_opt(value: Option<i64>) -> Result<Option<u64>, StoreError> {
    value.map(natural).transpose()
}

/// Lists of strings are JSON arrays, which Datasette shows and `json_each` reads.
pub(crate) fn list(items: &[String]) -> String {
    serde_json::Value::from(items.to_vec()).to_string()
}

pub(crate) fn parse_list(text: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(text)
        .map_err(|_| StoreError::UnknownCode { value: text.into(), expected: "a JSON array of strings" })
}

/// The code of an issue is its name in the contract.
pub(crate) fn issue_code(code: IssueCode) -> Result<String, StoreError> {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        _ => Err(StoreError::UnknownCode { value: format!("{code:?}"), expected: "IssueCode" }),
    }
}

pub(crate) fn parse_issue_code(text: String) -> Result<IssueCode, StoreError> {
    serde_json::from_value(serde_json::Value::String(text.clone()))
        .map_err(|_| StoreError::UnknownCode { value: text, expected: "IssueCode" })
}
