//! The patterns of written forms and the parts that several forms share.

use std::sync::LazyLock;

use regex::Regex;

use super::numeral::{self, eat};
use super::written::{Day, Month, Parts};

/// One end as it was read.
pub(super) struct End {
    pub(super) parts: Parts,
    /// The second end where both share a part (4月5~7日, 2012~2016年).
    pub(super) shared: Option<Parts>,
    pub(super) end: usize,
    pub(super) weak: bool,
    pub(super) numeric: bool,
}

impl End {
    pub(super) fn new(parts: Parts, end: usize) -> Self {
        Self { parts, shared: None, end, weak: false, numeric: false }
    }
}

/// Whether `\d` may match here: a look at one character, where captures would be set up at every character of a page. So
/// do the other looks below; none is wrong where it says no.
pub(super) fn begins_with_number(rest: &str) -> bool {
    rest.starts_with(char::is_numeric)
}

/// What stands behind the number that a text begins with.
pub(super) fn behind_number(rest: &str) -> Option<char> {
    begins_with_number(rest).then(|| rest.trim_start_matches(char::is_numeric).chars().next()).flatten()
}

/// Whether [`WEEKDAY`] may match.
pub(super) fn may_be_weekday(rest: &str) -> bool {
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    rest.starts_with(['(', '月', '火', '水', '木', '金', '土', '日'])
}

/// Whether [`TIME`] may match.
pub(super) fn may_be_time(rest: &str) -> bool {
    let mut rest = rest;
    for _ in 0..2 {
        rest = rest.strip_prefix(['T', ' ', ',', '、']).unwrap_or(rest);
    }
    let begins = |c: char| {
        c.is_numeric()
            || matches!(c, '午' | '早' | '深' | '未' | '夜' | '昼' | '夕' | '朝' | '正' | 'A' | 'P' | 'a' | 'p')
    };
    rest.starts_with(begins)
}

/// Whether [`DAYTIME`] may match.
pub(super) fn may_be_daytime(rest: &str) -> bool {
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let rest = rest.strip_prefix('の').unwrap_or(rest);
    rest.starts_with(['正', '午', '早', '深', '未', '夕', '夜', '朝', 'お', '昼'])
}

/// Whether [`ABOUT`] may match.
pub(super) fn may_be_about(rest: &str) -> bool {
    rest.starts_with(['頃', 'ご', '上', '中', '下', '初', '末'])
}

/// Whether [`DAY_RANGE`] may match.
pub(super) fn may_be_day_range(rest: &str) -> bool {
    if !begins_with_number(rest) {
        return false;
    }
    let behind = rest.trim_start_matches(char::is_numeric);
    let second = behind.strip_prefix("日、").or_else(|| behind.strip_prefix(['~', '・', '、', ',', '-']));
    second.is_some_and(begins_with_number)
}

/// Whether [`HOURS`] may match.
pub(super) fn may_be_hours(rest: &str) -> bool {
    rest.strip_prefix("から").is_some_and(|rest| rest.starts_with(|c: char| c.is_numeric() || "、の約お".contains(c)))
}

/// Whether [`AGO`] may match.
pub(super) fn may_be_ago(rest: &str) -> bool {
    if !begins_with_number(rest) {
        return false;
    }
    let behind = rest.trim_start_matches(char::is_numeric);
    let unit = behind.strip_prefix('日').or_else(|| behind.strip_prefix("週間"));
    unit.is_some_and(|far| far.starts_with(['前', '後']))
}

/// Whether a day cannot stand before this: 5日間, 3日以内.
pub(super) fn is_no_day_before(rest: &str) -> bool {
    let begins = |c: char| c.is_numeric() || "間時分以未目あ当ご毎程本曜ほか余弱強超連経営常数約回人件に平".contains(c);
    rest.starts_with(begins) && NOT_A_DAY.is_match(rest)
}

pub(super) fn month_at(text: &str, at: usize) -> Option<(i8, usize)> {
    let (month, end) = numeral::number(text, at, 2)?;
    let end = eat(text, end, "月")?;
    (1..=12).contains(&month).then_some((month as i8, end))
}

pub(super) fn day_at(text: &str, at: usize) -> Option<(i8, usize)> {
    let (day, end) = numeral::number(text, at, 2)?;
    let end = eat(text, end, "日")?;
    (1..=31).contains(&day).then_some((day as i8, end))
}

/// Length of what joins the two ends of a range, if `rest` begins with it.
pub(super) fn connector(rest: &str) -> Option<usize> {
    let begins = rest.starts_with([' ', '~', 'ー', '-', 'か', 'よ']);
    begins.then(|| CONNECTOR.find(rest).map(|m| m.end())).flatten()
}

/// Length of a remark in brackets without a figure behind a date: (最初の入力時).
pub(super) fn note(rest: &str) -> usize {
    const LONGEST: usize = 20;
    let inside = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
    let remark = |inside: &&str| inside.chars().count() <= LONGEST && !inside.contains(|c: char| c.is_numeric());
    inside.filter(remark).map_or(0, |inside| inside.len() + 2)
}

/// Length of the time of day up to which something goes on that began at another: から同10時半, ~午後5時.
pub(super) fn hours_of_the_day(begin: &str, rest: &str) -> Option<usize> {
    let joined = connector(rest)?;
    let same = ["同日", "当日", "同"].into_iter().find(|s| rest[joined..].starts_with(s)).map_or(0, str::len);
    let end = &rest[joined + same..];
    let begin = &begin[WEEKDAY.find(begin).map_or(0, |weekday| weekday.end())..];
    let (first, last) = (TIME.captures(begin)?, TIME.captures(end).filter(|_| may_be_time(end))?);
    let behind = &end[last[0].len()..];
    let afternoon = |c: &regex::Captures<'_>| c[0].contains(['後', '夜', '夕', 'P', 'p']);
    let hour = |c: &regex::Captures<'_>, after_noon: bool| {
        c["hour"].parse::<u32>().ok().map(|h| if after_noon && h < 12 { h + 12 } else { h })
    };
    let marked = last[0].contains(['前', '後', '夜', '夕', '朝', 'A', 'P', 'a', 'p']);
    let (from, to) = (hour(&first, afternoon(&first))?, hour(&last, afternoon(&last) || !marked && afternoon(&first))?);
    // 22時から3時まで ends on another day.
    (from <= to && to <= 24 && !behind.starts_with(['間', '以'])).then_some(joined + same + last[0].len())
}

/// The zone of a written time: 02:11+09:00. In 9:00-10:30 and 9:00-2024.5.19 the dash joins two ends.
pub(super) fn zone_of<'t>(time: &regex::Captures<'t>) -> Option<&'t str> {
    let zone = time.name("zone")?.as_str();
    (!zone.starts_with('-') || time[0].starts_with('T')).then_some(zone)
}

/// Days between the zone of a written time and Asia/Tokyo.
pub(super) fn zone_shift(time: &regex::Captures<'_>) -> i8 {
    let number = |name: &str| time.name(name).and_then(|m| m.as_str().parse::<i32>().ok());
    let (Some(hour), Some(zone)) = (number("hour"), zone_of(time)) else { return 0 };
    let offset = if zone == "Z" {
        0
    } else {
        let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
        let Ok(digits) = digits.parse::<i32>() else { return 0 };
        (digits / 100 * 60 + digits % 100) * if zone.starts_with('-') { -1 } else { 1 }
    };
    let minutes = hour * 60 + number("minute").unwrap_or(0) - offset + 540;
    minutes.div_euclid(1440) as i8
}

pub(super) fn numeric_end(text: &str, mut parts: Parts, month: u32, day: u32, end: usize) -> Option<End> {
    let mut rest = text[end..].chars();
    let more = match rest.next() {
        Some(c) if c.is_ascii_digit() => true,
        Some('.' | '/') => rest.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    if more || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    parts.month = Month::Given(month as i8);
    parts.day = Day::Given(day as i8);
    Some(End { numeric: true, ..End::new(parts, end) })
}

/// Whether `26.05.12` between these texts is a day: no version behind a name in Latin letters, none with further words.
pub(super) fn no_version(before: &str, behind: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    let named = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        || ["バージョン", "版", "第", "項番"].iter().any(|word| before.ends_with(word));
    let goes_on = ["版", "以降", "以上", "以前", "未満", "系", "項", "節", "系列"];
    !named && !goes_on.iter().any(|word| behind.starts_with(word))
}

pub(super) fn month_slash_day(c: &regex::Captures<'_>, mut parts: Parts, at: usize) -> Option<End> {
    let (month, day): (i8, i8) = (c[1].parse().ok()?, c[2].parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    parts.month = Month::Given(month);
    parts.day = Day::Given(day);
    Some(End { numeric: true, ..End::new(parts, at + c[0].len()) })
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        pub(super) static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).unwrap_or_else(|e| unreachable!("{}: {e}", stringify!($name))));
    };
}

pattern!(URL, r"(?:https?:|www\.|[a-z0-9-]+\.(?:jp|com|net|org)/)[!-~]+");
pattern!(CONNECTOR, r"^(?: ?[~ー] ?| ?- ?|から、?|より、?)");
pattern!(SINCE, r"^(?:以降|以後)(?:から)?、?");
pattern!(
    WEEKDAY,
    r"^ ?(?:\(([月火水木金土日])(?:曜日?)?(?:[・、,/]?[祝休][^)]{0,4})?\)|([月火水木金土日])曜日?|\((Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?\))"
);
pattern!(
    TIME,
    r"^[T ,、]{0,2}の?(?:(?:午前|午後|早朝|深夜|未明|夜|昼|夕方|朝|正午|AM|PM|am|pm) ?)*(?P<hour>\d{1,2})(?:時(?:\d{1,2}分(?:\d{1,2}秒)?|半)?|:(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)(?: ?(?:AM|PM|am|pm))?(?P<zone>Z|[+-]\d{2}:?\d{2})?(?: ?\(?JST\)?)?(?:頃|ごろ|過ぎ|すぎ|前後)?"
);
pattern!(DAYTIME, r"^ ?の?(?:正午|午前中?|午後|早朝|深夜|未明|夕方|夕刻|夜|朝|お?昼|夕)(?:すぎ|過ぎ|前)?(?:頃|ごろ)?");
pattern!(CLOCK, r"^\d{1,2}(?:時(?:[^間]|$)|:\d{2})");
pattern!(ABOUT, r"^(?:頃|ごろ|上旬|中旬|下旬|初旬|初め|末)");
pattern!(BACK, r"^までの約?(\d{1,3})(日間|週間)");
// 10月29日午後6時30分ごろから2時間: over on the same day.
pattern!(HOURS, r"^から、?の?(?:約|およそ)?\d{1,2}(?:時間|分)(?:程度|ほど|余り|弱|半)?(?:[^後前]|$)");
pattern!(AGO, r"^(\d{1,3})(日|週間)(前|後)");
pattern!(MONTH_RANGE, r"^(\d{1,2})[~-](\d{1,2})月");
pattern!(DAY_RANGE, r"^(\d{1,2})(?:日、|[~・、,-])(\d{1,2})日");
pattern!(YMD, r"^(\d{4}|\d{2})([/.-]) ?(\d{1,2})([/.-]) ?(\d{1,2})");
pattern!(YEAR_MONTH, r"^(\d{4})[/.-](\d{1,2})");
pattern!(MONTH_SLASH_DAY, r"^(\d{1,2})/(\d{1,2})");
pattern!(ENGLISH_MDY, r"^([A-Z][a-z]{2,8})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})");
pattern!(ENGLISH_DMY, r"^(\d{1,2})(?:st|nd|rd|th)? ?([A-Z][a-z]{2,8})\.?,? ?(\d{4})");
pattern!(
    NOT_A_DAY,
    r"^(?:間|時(?:[^点]|$)|分(?:[^か]|$)|以内|以上|未満|目|あたり|当たり|ごと|毎|程|本|曜|ほど|かか|かけ|余|弱|強|超|連続|経過|営業|常|数|\d|約|1?[回人件]|に(?:約|平均)?1(?:[回度件本台個日]|人(?:[^分]|$))|平均)"
);
