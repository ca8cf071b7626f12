//! The values that stand in one YAML scalar. Each is checked while it is read, so that an error has its place.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use croner::Cron;
use croner::parser::CronParser;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::rhythm::{Visit, due_at};

/// A length of time: a number and `ms`, `s`, `m`, `h`, `d` or `w` (`5s`, `6h`, `14d`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period(pub Duration);

/// When a source is due: a cron expression of five fields, in Asia/Tokyo, or an interval after the last run, fixed or
/// between bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Schedule {
    /// `"15 7,12,18 * * *"`, local time of Japan.
    Cron(Box<Cron>),
    /// `6h`: so long after the last visit.
    Interval(Period),
    /// `1h..1d`: between these, shorter while visits bring something new, longer while they do not.
    Adaptive(Bounds),
}

/// The shortest and the longest wait between two visits, `1h..1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bounds {
    shortest: Period,
    longest: Period,
}

/// A regular expression (syntax of the crate `regex`) on an absolute URL.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(pub regex::Regex);

/// A CSS selector, checked when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CssSelector(String);

/// An absolute address with scheme `http` or `https` and a host, without user name or password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpUrl(Url);

impl Schedule {
    /// The first moment after the last of these visits (oldest first) at which the source is due; `now`, for a source
    /// never visited.
    #[must_use]
    pub fn next_due(&self, visits: &[Visit], now: Timestamp) -> Timestamp {
        match self {
            Self::Adaptive(bounds) => {
                // As below: a visit of a clock that was set back since says nothing.
                let past: Vec<Visit> = visits.iter().filter(|v| v.at <= now).copied().collect();
                due_at(&past, bounds).unwrap_or(now)
            }
            Self::Cron(_) | Self::Interval(_) => self.next_after(visits.last().map(|v| v.at), now),
        }
    }

    /// The first moment after `last` (or `now`, for a source never visited) at which the source is due; of an adaptive
    /// schedule, the earliest that it can be.
    #[must_use]
    pub fn next_after(&self, last: Option<Timestamp>, now: Timestamp) -> Timestamp {
        // A visit in the future is one of a clock that was set back since: waiting for it to come would be silence.
        let Some(last) = last.filter(|last| *last <= now) else { return now };
        match self {
            Self::Adaptive(bounds) => last.saturating_add(bounds.shortest()).unwrap_or(Timestamp::MAX),
            Self::Interval(period) => last.checked_add(period.0).unwrap_or(Timestamp::MAX),
            Self::Cron(cron) => cron
                .find_next_occurrence(&last.to_zoned(japan()), false)
                .map_or(Timestamp::MAX, |zoned| zoned.timestamp()),
        }
    }

    /// Whether a source last visited at `last` is to be visited at `now`.
    #[must_use]
    pub fn is_due(&self, last: Option<Timestamp>, now: Timestamp) -> bool {
        self.next_after(last, now) <= now
    }
}

/// Asia/Tokyo has had no summer time since 1951: a fixed offset is right for every page on the web.
fn japan() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(9))
}

impl Bounds {
    /// What holds for pages where a source says nothing: a week to half a year.
    pub const OF_PAGES: Self = Self { shortest: Period::days(7), longest: Period::days(180) };

    /// Between these.
    ///
    /// # Errors
    /// The shortest is zero, or longer than the longest.
    pub fn new(shortest: Period, longest: Period) -> Result<Self, String> {
        if shortest.0.is_zero() {
            return Err("a wait of 0 never ends".into());
        }
        if shortest > longest {
            return Err(format!("{shortest} is longer than {longest}"));
        }
        Ok(Self { shortest, longest })
    }

    /// The shortest wait.
    #[must_use]
    pub fn shortest(&self) -> SignedDuration {
        self.shortest.signed()
    }

    /// The longest wait.
    #[must_use]
    pub fn longest(&self) -> SignedDuration {
        self.longest.signed()
    }
}

impl Period {
    const fn days(days: u64) -> Self {
        Self(Duration::from_secs(days * 86_400))
    }

    /// As a duration that can be added to a time; a period is at most a hundred years.
    pub(crate) fn signed(self) -> SignedDuration {
        SignedDuration::try_from(self.0).unwrap_or(SignedDuration::MAX)
    }
}

impl CssSelector {
    /// The selector as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl HttpUrl {
    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl TryFrom<String> for Period {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no length of time; write a number and ms, s, m, h, d or w, such as 5s or 14d");
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let milliseconds = match unit.trim() {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            _ => return Err(wrong()),
        };
        number.checked_mul(milliseconds).filter(|&ms| ms <= 100 * 366 * 86_400_000).map_or_else(
            || Err(format!("{text:?} is longer than a hundred years")),
            |ms| Ok(Self(Duration::from_millis(ms))),
        )
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_millis();
        for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
            if ms != 0 && ms.is_multiple_of(length) {
                return write!(f, "{}{unit}", ms / length);
            }
        }
        if ms == 0 { f.write_str("0s") } else { write!(f, "{ms}ms") }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Schedule {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.contains("..") {
            return Bounds::try_from(text).map(Self::Adaptive);
        }
        if !text.trim().contains(' ') {
            let period = Period::try_from(text)?;
            return if period.0.is_zero() {
                Err("an interval of 0 never ends".into())
            } else {
                Ok(Self::Interval(period))
            };
        }
        let cron = CronParser::new().parse(text.trim()).map_err(|e| format!("{text:?} is no cron expression: {e}"))?;
        // An expression that never comes round (31 February) would silently switch the source off.
        let start = Timestamp::UNIX_EPOCH.to_zoned(japan()) + 50.years();
        cron.find_next_occurrence(&start, false).map_err(|e| format!("{text:?} never comes round: {e}"))?;
        Ok(Self::Cron(Box::new(cron)))
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Cron(cron) => cron.as_str().to_owned(),
            Schedule::Interval(period) => period.to_string(),
            Schedule::Adaptive(bounds) => bounds.into(),
        }
    }
}

impl TryFrom<String> for Bounds {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let (shortest, longest) = text
            .split_once("..")
            .ok_or_else(|| format!("{text:?} has no bounds; write two lengths of time, such as 1h..1d"))?;
        let period = |part: &str| Period::try_from(part.trim().to_owned());
        Self::new(period(shortest)?, period(longest)?)
    }
}

impl From<Bounds> for String {
    fn from(bounds: Bounds) -> Self {
        format!("{}..{}", bounds.shortest, bounds.longest)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        regex::Regex::new(&text).map(Self).map_err(|e| format!("{text:?} is no regular expression: {e}"))
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.as_str().to_owned()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl TryFrom<String> for CssSelector {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match scraper::Selector::parse(&text) {
            Ok(_) => Ok(Self(text)),
            Err(e) => Err(format!("{text:?} is no CSS selector: {e}")),
        }
    }
}

impl From<CssSelector> for String {
    fn from(selector: CssSelector) -> Self {
        selector.0
    }
}

impl TryFrom<String> for HttpUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&text).map_err(|e| format!("{text:?} is no absolute URL: {e}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{text:?}: only http and https are fetched"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL with a user name or password is not accepted".into());
        }
        Ok(Self(url))
    }
}

impl From<HttpUrl> for String {
    fn from(url: HttpUrl) -> Self {
        url.0.into()
    }
}

macro_rules! string_schema {
    ($name:ident, $schema:tt) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

string_schema!(Period, {"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h|d|w)$"});
string_schema!(Bounds, {"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h|d|w) *[.][.] *[0-9]+ *(ms|s|m|min|h|d|w)$"});
string_schema!(Schedule, {"type": "string", "minLength": 2});
string_schema!(Pattern, {"type": "string", "format": "regex"});
string_schema!(CssSelector, {"type": "string", "minLength": 1});
string_schema!(HttpUrl, {"type": "string", "format": "uri", "pattern": "^https?://"});
