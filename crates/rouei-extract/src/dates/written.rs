//! The grammar of written dates: which stretches of a text are dates, and of which parts. Nothing is resolved here.
//!
//! Input is normalised text (digits folded, no blanks beside digits, `~` for wave dashes, `-` for dashes).

use jiff::civil::Weekday;
use rouei_model::Span;

use super::lexicon::RelativeWords;
use super::scanner::Scanner;

/// A year as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Year {
    /// None written.
    #[default]
    Missing,
    /// Four digits, or an era year converted; the second value is the year 0 of the era (2018 for 令和).
    Given(i16, Option<i16>),
    /// One or two digits without an era (23年5月): of the century, or of the era of the other end.
    Short(i16),
    /// 同年, 翌年: years after the date before.
    FromPrevious(i16),
    /// 今年, 去年: years after the publication.
    FromPublished(i16),
}

/// A month as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Month {
    /// None written.
    #[default]
    Missing,
    /// 1 to 12.
    Given(i8),
    /// 同月, 翌月, the bare 同 of 同20日.
    FromPrevious(i16),
    /// 今月, 先月.
    FromPublished(i16),
}

/// A day as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Day {
    /// None written.
    #[default]
    Missing,
    /// 1 to 31.
    Given(i8),
    /// 翌22日: the first such day after the date before.
    NextGiven(i8),
    /// 同日, 翌日, 前日: days after the date before.
    FromPrevious(i16),
    /// 昨日, 3日前: days after the publication.
    FromPublished(i16),
}

/// The parts of one written day, month or year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The year.
    pub year: Year,
    /// The month.
    pub month: Month,
    /// The day.
    pub day: Day,
    /// 年度: April to March.
    pub fiscal: bool,
    /// Day of the week that stands beside it.
    pub weekday: Option<Weekday>,
    /// Days to add because the time was given in another zone than Asia/Tokyo.
    pub zone_shift: i8,
}

impl Parts {
    /// Only a day of the month (11日).
    #[must_use]
    pub fn is_bare_day(&self) -> bool {
        self.year == Year::Missing && self.month == Month::Missing && matches!(self.day, Day::Given(_))
    }
}

/// What a one-ended range leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Open {
    /// Nothing: a day, or both ends.
    #[default]
    Closed,
    /// から, 以降.
    Since,
    /// まで.
    Until,
}

/// A date or range as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Bytes of the text given, with weekday and time.
    pub span: Span,
    /// The day, or the first end.
    pub from: Parts,
    /// The other end.
    pub to: Option<Parts>,
    /// A one-ended range.
    pub open: Open,
    /// Days that まで reaches back (7日までの1週間: 7).
    pub back_days: Option<i32>,
    /// A time of day stands beside it.
    pub time: bool,
    /// `4/16`: a date only in good company (weekday, range, label).
    pub weak: bool,
}

/// Finds every date in `text`, left to right, without overlaps.
#[must_use]
pub fn find(text: &str, words: &RelativeWords) -> Vec<Written> {
    let scanner = Scanner { text, words };
    let urls = scanner.addresses();
    let mut found = Vec::new();
    let mut at = 0;
    let mut last = ' ';
    while at < text.len() {
        let Some(c) = text[at..].chars().next() else { break };
        let before = std::mem::replace(&mut last, c);
        // Inside a number no date begins.
        let inside = c.is_ascii_digit() && before.is_ascii_digit() && !words.may_begin(c);
        if inside || !scanner.may_begin(c) {
            at += c.len_utf8();
            continue;
        }
        if let Some(url) = urls.iter().find(|u| u.start <= at && at < u.end) {
            at = url.end;
            last = ' ';
            continue;
        }
        match scanner.written_at(at) {
            Some(written) => {
                at = written.span.end.max(at + 1);
                last = ' ';
                found.push(written);
            }
            None => at += c.len_utf8(),
        }
    }
    found
}
