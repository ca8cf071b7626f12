//! Numbers and years inside dates: digits, kanji numerals, eras.

use jiff::civil::Weekday;

use super::written::Year;

/// What follows the number of a year.
pub(super) enum YearMark {
    /// 年 and the byte after it.
    Year(usize),
    /// The second year of 2012~2016年(度), whether fiscal, and the byte after.
    Range(Year, bool, usize),
    /// The separator of R7.4.16, and the byte after it.
    Separated(&'static str, usize),
}

/// Eras: long form, kanji and letter abbreviation, year 0.
const ERAS: [(&str, &str, &str, i16); 5] = [
    ("令和", "令", "R", 2018),
    ("平成", "平", "H", 1988),
    ("昭和", "昭", "S", 1925),
    ("大正", "大", "T", 1911),
    ("明治", "明", "M", 1867),
];

/// The byte after `word`, if it stands at `at`.
pub(super) fn eat(text: &str, at: usize, word: &str) -> Option<usize> {
    text.get(at..)?.starts_with(word).then_some(at + word.len())
}

pub(super) fn skip_blank(text: &str, at: usize) -> usize {
    eat(text, at, " ").unwrap_or(at)
}

/// Up to `most` ASCII digits that no further digit follows.
pub(super) fn digits(text: &str, at: usize, most: usize) -> Option<(u32, usize)> {
    let length = text.get(at..)?.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > most {
        return None;
    }
    Some((text[at..at + length].parse().ok()?, at + length))
}

/// Digits or kanji numerals (十六, 二〇二五) that make at most `most` decimal digits.
pub(super) fn number(text: &str, at: usize, most: usize) -> Option<(u32, usize)> {
    if let Some(found) = digits(text, at, most) {
        return Some(found);
    }
    let mut end = at;
    let (mut total, mut current, mut tens) = (0u32, 0u32, false);
    for c in text.get(at..)?.chars().take(6) {
        if let Some(value) = kanji_digit(c) {
            current = current * 10 + value;
        } else if c == '十' && !tens {
            total = current.max(1) * 10;
            current = 0;
            tens = true;
        } else {
            break;
        }
        end += c.len_utf8();
    }
    let value = total + current;
    (end > at && value < 10u32.pow(most as u32)).then_some((value, end))
}

fn kanji_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Whether a month or day may begin here: not inside a larger number.
pub(super) fn may_begin(text: &str, at: usize, before: Option<char>) -> bool {
    match before {
        Some('.') => after_list_number(text, at),
        Some(c) => !matches!(
            c,
            '0'..='9'
                | ','
                | '/'
                | '-'
                | '約'
                | '数'
                | '第'
                | '〇'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
        ),
        None => true,
    }
}

/// Whether what stands before `at` is the number of a list item (`1.`), not the rest of a larger number.
pub(super) fn after_list_number(text: &str, at: usize) -> bool {
    let Some(head) = text[..at].strip_suffix('.') else { return false };
    let number = head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (1..=2).contains(&number)
        && !head[..head.len() - number].ends_with(|c: char| c.is_ascii_alphanumeric() || ".,-/".contains(c))
}

/// A year with its mark.
pub(super) fn year_at(text: &str, at: usize, before: Option<char>) -> Option<(Year, YearMark)> {
    let era = text.get(at..)?.starts_with(['令', '平', '昭', '大', '明', 'R', 'H', 'S', 'T', 'M']);
    for (long, kanji, letter, zero) in ERAS.into_iter().filter(|_| era) {
        if let Some(next) = eat(text, at, long) {
            return era_year(text, next, zero, true);
        }
        // 平 成 29 年: letters set apart, as in the head of an official release.
        if let Some(next) = eat_apart(text, at, long)
            && let Some(found) = era_year(text, next, zero, true)
        {
            return Some(found);
        }
        let short = eat(text, at, kanji).filter(|_| !before.is_some_and(|c| ('一'..='鿿').contains(&c)));
        let short =
            short.or_else(|| eat(text, at, letter).filter(|_| !before.is_some_and(|c| c.is_ascii_alphanumeric())));
        if let Some(next) = short
            && let Some(found) = era_year(text, next, zero, false)
        {
            return Some(found);
        }
    }
    if !may_begin(text, at, before) {
        return None;
    }
    let (written, mut end) = number(text, at, 4)?;
    let year = match written {
        1868..=2100 => Year::Given(written as i16, None),
        0..=99 => Year::Short(written as i16),
        // 217年2月21日: a digit was lost; kept as written.
        100..=999 => Year::Given(written as i16, None),
        _ => return None,
    };
    // 2025(令和7)年
    if let Some(inside) = eat(text, end, "(")
        && let Some((_, YearMark::Year(close))) = bracketed_era(text, inside)
    {
        return Some((year, YearMark::Year(close)));
    }
    if let (Year::Given(..), Some(next)) = (year, eat(text, end, "~").or_else(|| eat(text, end, "-")))
        && let Some(mark) = second_year(text, next, None)
    {
        return Some((year, mark));
    }
    end = eat(text, end, "年")?;
    if matches!(year, Year::Short(_)) || written < 1868 {
        // 5年 is a time span unless a month follows.
        let (month, after) = number(text, end, 2)?;
        eat(text, after, "月").filter(|_| (1..=12).contains(&month))?;
    }
    Some((year, YearMark::Year(skip_second_calendar(text, end))))
}

/// Where a word ends whose letters have blanks between them.
fn eat_apart(text: &str, at: usize, word: &str) -> Option<usize> {
    let mut letters = word.char_indices().map(|(from, letter)| &word[from..from + letter.len_utf8()]);
    let first = eat(text, at, letters.next()?)?;
    letters.try_fold(first, |end, letter| eat(text, skip_blank(text, end), letter))
}

fn era_year(text: &str, at: usize, zero: i16, long: bool) -> Option<(Year, YearMark)> {
    let at = skip_blank(text, at);
    let (n, end) = match eat(text, at, "元") {
        Some(end) => (1, end),
        None => number(text, at, 2)?,
    };
    let year = Year::Given(zero + n as i16, Some(zero));
    // 令和5(2023)年
    if let Some(inside) = eat(text, end, "(")
        && let Some((_, close)) = digits(text, inside, 4)
    {
        let close = eat(text, close, "年").unwrap_or(close);
        if let Some(end) = eat(text, close, ")").and_then(|c| eat(text, c, "年")) {
            return Some((year, YearMark::Year(end)));
        }
    }
    if let Some(end) = eat(text, end, "年") {
        return Some((year, YearMark::Year(skip_second_calendar(text, end))));
    }
    if long
        && let Some(next) = eat(text, end, "~").or_else(|| eat(text, end, "-"))
        && let Some(mark) = second_year(text, next, Some(zero))
    {
        return Some((year, mark));
    }
    for separator in [".", "/", "-"] {
        if let Some(next) = eat(text, end, separator) {
            return Some((year, YearMark::Separated(separator, skip_blank(text, next))));
        }
    }
    None
}

/// The second year of 2012~2016年 or 平成16~26年度.
fn second_year(text: &str, at: usize, zero: Option<i16>) -> Option<YearMark> {
    let (n, end) = digits(text, at, 4)?;
    let end = eat(text, end, "年")?;
    if number(text, end, 2).is_some_and(|(_, e)| eat(text, e, "月").is_some()) {
        return None;
    }
    let year = match (zero, n) {
        (Some(zero), 1..=99) => Year::Given(zero + n as i16, Some(zero)),
        (_, 1900..=2100) => Year::Given(n as i16, None),
        (None, 0..=99) => Year::Short(n as i16),
        _ => return None,
    };
    Some(match eat(text, end, "度") {
        Some(end) => YearMark::Range(year, true, end),
        None => YearMark::Range(year, false, end),
    })
}

/// `令和7)年` of 2025(令和7)年.
fn bracketed_era(text: &str, at: usize) -> Option<(i16, YearMark)> {
    let (_, zero, at) = ERAS.iter().find_map(|&(long, .., zero)| eat(text, at, long).map(|e| (long, zero, e)))?;
    let (n, end) = match eat(text, at, "元") {
        Some(end) => (1, end),
        None => number(text, at, 2)?,
    };
    let end = eat(text, end, "年").unwrap_or(end);
    let end = eat(text, end, ")")?;
    Some((zero + n as i16, YearMark::Year(eat(text, end, "年")?)))
}

/// After 令和7年: `(2025年)`; after 2025年: `(令和7年)`; after 平成31年: `/令和元年`.
fn skip_second_calendar(text: &str, at: usize) -> usize {
    if let Some(inside) = eat(text, at, "(") {
        let era = ERAS.iter().find_map(|(long, ..)| eat(text, inside, long));
        let number_at = era.unwrap_or(inside);
        let after = eat(text, number_at, "元")
            .or_else(|| number(text, number_at, if era.is_some() { 2 } else { 4 }).map(|n| n.1));
        if let Some(after) = after {
            let four = after - number_at == 4;
            let after = eat(text, after, "年").unwrap_or(after);
            if (era.is_some() || four)
                && let Some(end) = eat(text, after, ")")
            {
                return end;
            }
        }
    }
    if let Some(next) = eat(text, at, "/").or_else(|| eat(text, at, "・"))
        && let Some(number_at) = ERAS.iter().find_map(|(long, ..)| eat(text, next, long))
        && let Some(after) = eat(text, number_at, "元").or_else(|| number(text, number_at, 2).map(|n| n.1))
        && let Some(end) = eat(text, after, "年")
    {
        return end;
    }
    at
}

/// The day of a weekday's first kanji or English abbreviation.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "月" | "Mon" => Weekday::Monday,
        "火" | "Tue" => Weekday::Tuesday,
        "水" | "Wed" => Weekday::Wednesday,
        "木" | "Thu" => Weekday::Thursday,
        "金" | "Fri" => Weekday::Friday,
        "土" | "Sat" => Weekday::Saturday,
        "日" | "Sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// 1 to 12 for an English month, full or cut after three letters (Sept too).
pub(super) fn english_month(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let position =
        MONTHS.iter().position(|m| *m == name || (name.len() >= 3 && name.len() <= 4 && m.starts_with(name)));
    position.map(|p| p as u32 + 1)
}
