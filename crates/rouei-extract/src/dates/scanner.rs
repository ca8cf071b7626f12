//! Reads one written date at a place in a text: the forms and their order.

use rouei_model::Span;

use super::forms::{
    ABOUT, AGO, BACK, CLOCK, DAY_RANGE, DAYTIME, ENGLISH_DMY, ENGLISH_MDY, End, HOURS, MONTH_RANGE, MONTH_SLASH_DAY,
    SINCE, TIME, URL, WEEKDAY, YEAR_MONTH, YMD, begins_with_number, behind_number, connector, day_at, hours_of_the_day,
    is_no_day_before, may_be_about, may_be_ago, may_be_day_range, may_be_daytime, may_be_hours, may_be_time,
    may_be_weekday, month_at, month_slash_day, no_version, note, numeric_end, zone_of, zone_shift,
};
use super::lexicon::{Field, RelativeWords};
use super::numeral::{self, eat};
use super::written::{Day, Month, Open, Parts, Written, Year};

/// A text and the words that stand for dates.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) words: &'t RelativeWords,
}

impl Scanner<'_> {
    /// Addresses of pages, whose digits are no dates.
    pub(super) fn addresses(&self) -> Vec<Span> {
        let may_be = self.text.contains('.') || self.text.contains(':') && self.text.contains("http");
        if !may_be {
            return Vec::new();
        }
        URL.find_iter(self.text).map(|m| Span::new(m.start(), m.end())).collect()
    }

    /// Whether a date may begin with this character: most do not, and need no closer look.
    pub(super) fn may_begin(&self, c: char) -> bool {
        c.is_ascii_digit()
            || c.is_ascii_uppercase()
            || matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '同' | '翌')
            || matches!(c, '令' | '平' | '昭' | '大' | '明')
            || self.words.may_begin(c)
    }

    /// The date or range that begins at byte `at`.
    pub(super) fn written_at(&self, at: usize) -> Option<Written> {
        let mut first = self.end_at(at, false)?;
        let (mut end, mut time) = self.tail(&mut first.parts, first.end);
        let mut to = first.shared;
        let mut weak = first.weak && first.parts.weekday.is_none();
        // 8月12日11時頃(最初の入力)から8月16日17時頃まで
        let noted = end + note(&self.text[end..]);
        if to.is_none()
            && let Some(after) = connector(&self.text[noted..])
            && let Some(mut second) = self.second_end(noted + after, first.numeric && noted == end)
        {
            let (second_end, second_time) = self.tail(&mut second.parts, second.end);
            to = Some(second.parts);
            end = second_end;
            time |= second_time;
            weak &= second.weak && first.parts.month == Month::Missing;
        }
        // 1月3日16時以降、1月4日7時までの間
        if to.is_none()
            && let Some(after) = SINCE.find(&self.text[end..]).map(|m| m.end())
            && let Some(mut second) = self.second_end(end + after, false)
        {
            let (second_end, second_time) = self.tail(&mut second.parts, second.end);
            if self.text[second_end..].chars().take(6).collect::<String>().contains("まで") {
                to = Some(second.parts);
                end = second_end;
                time |= second_time;
            }
        }
        // 8月20日20時30分から23時05分まで: over on the same day.
        if to.is_none()
            && time
            && let Some(hours) = hours_of_the_day(&self.text[first.end..end], &self.text[end..])
        {
            to = Some(Parts { day: Day::FromPrevious(0), ..Parts::default() });
            end += hours;
        }
        if weak && to.is_none() && time {
            weak = false;
        }
        let rest = &self.text[end..];
        let open = match () {
            () if to.is_some() => Open::Closed,
            () if rest.starts_with("まで") || rest.starts_with("以前") => Open::Until,
            () if may_be_hours(rest) && HOURS.is_match(rest) => Open::Closed,
            () if rest.starts_with("から") || rest.starts_with("以降") || rest.starts_with('~') => Open::Since,
            () => Open::Closed,
        };
        let reaches_back = rest.starts_with("までの") && to.is_none();
        let back_days = reaches_back.then(|| BACK.captures(rest)).flatten().and_then(|c| {
            let n: i32 = c[1].parse().ok()?;
            Some(match &c[2] {
                "週間" => n.checked_mul(7)?,
                "日間" => n,
                _ => return None,
            })
        });
        Some(Written { span: Span::new(at, end), from: first.parts, to, open, back_days, time, weak })
    }

    /// The end of a range after its connector; `numeric` allows `03/13` and `13`.
    fn second_end(&self, at: usize, numeric: bool) -> Option<End> {
        if let Some(end) = self.end_at(at, true) {
            return Some(end);
        }
        let (day, end) = numeral::digits(self.text, at, 2)?;
        let after = self.text[end..].chars().next();
        if !numeric
            || !(1..=31).contains(&day)
            || matches!(after, Some('.' | '/' | '-' | ':' | '時' | '件' | '人' | '名'))
        {
            return None;
        }
        Some(End::new(Parts { day: Day::Given(day as i8), ..Parts::default() }, end))
    }

    /// Reads weekday, time and 頃 after a date; gives the end and whether a time stood there.
    fn tail(&self, parts: &mut Parts, mut end: usize) -> (usize, bool) {
        let mut time = false;
        if may_be_weekday(&self.text[end..])
            && let Some(c) = WEEKDAY.captures(&self.text[end..])
        {
            let name = c.get(1).or_else(|| c.get(2)).or_else(|| c.get(3)).map_or("", |m| m.as_str());
            parts.weekday = numeral::weekday(name);
            end += c[0].len();
        }
        if may_be_time(&self.text[end..])
            && let Some(c) = TIME.captures(&self.text[end..])
            && !self.text[end + c[0].len()..].starts_with('間')
        {
            time = true;
            parts.zone_shift = zone_shift(&c);
            // Without a zone what looks like one begins the other end.
            let length = match c.name("zone").filter(|_| zone_of(&c).is_none()) {
                Some(zone) => zone.start(),
                None => c[0].len(),
            };
            end += length;
        } else if may_be_daytime(&self.text[end..])
            && let Some(m) = DAYTIME.find(&self.text[end..])
            && !self.text[end + m.end()..].starts_with(['休', '食'])
        {
            time = true;
            end += m.end();
        }
        if may_be_about(&self.text[end..])
            && let Some(m) = ABOUT.find(&self.text[end..])
        {
            end += m.end();
        }
        (end, time)
    }

    fn end_at(&self, at: usize, loose: bool) -> Option<End> {
        // Of 3月11日-22日 the far end stands behind the dash of a range, no minus.
        let before = self.text[..at].chars().next_back().filter(|c| !(loose && matches!(c, '-' | '~')));
        // 調査を開始し,12月7日に: a comma behind a word parts clauses, behind a digit thousands.
        let clause = before == Some(',') && !self.text[..at - 1].ends_with(|c: char| c.is_ascii_digit());
        let before = before.filter(|_| !clause);
        // 〇2025年4月5日: the sign of a list, no zero.
        let listed = before == Some('〇')
            && self.text[at..].starts_with(|c: char| c.is_ascii_digit())
            && self.text[..at].trim_end_matches('〇').chars().next_back().is_none_or(|c| c.is_whitespace());
        let before = before.filter(|_| !listed);
        let first = self.text[at..].chars().next()?;
        self.relative(at)
            .or_else(|| self.prefixed(at))
            .or_else(|| self.with_year(at, before))
            .or_else(|| self.numeric(at, before, loose))
            .or_else(|| if first.is_ascii_alphanumeric() { self.english(at, before) } else { None })
            .or_else(|| self.month_and_day(at, before))
            .or_else(|| self.bare_day(at, before))
    }

    /// 去年5月15日, 先月29日, おととい, 3日前.
    fn relative(&self, at: usize) -> Option<End> {
        let rest = &self.text[at..];
        if may_be_ago(rest)
            && let Some(c) = AGO.captures(rest)
        {
            if self.text[..at]
                .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '/' | '月' | '数' | '約'))
            {
                return None;
            }
            let n: i16 = c[1].parse().ok()?;
            let days = if &c[2] == "週間" { n.checked_mul(7)? } else { n };
            let day = if &c[3] == "前" { Day::FromPublished(-days) } else { Day::FromPrevious(days) };
            return Some(End::new(Parts { day, ..Parts::default() }, at + c[0].len()));
        }
        let (word, form) = self.words.beginning(rest)?;
        let length = form.len();
        if word.not_before.iter().any(|n| rest[length..].starts_with(n.as_str())) {
            return None;
        }
        let mut end = at + length;
        let mut parts = Parts::default();
        match (word.field, word.published) {
            (Field::Year, published) => {
                parts.year = if published { Year::FromPublished(word.offset) } else { Year::FromPrevious(word.offset) };
                if let Some(after) = eat(self.text, end, "度") {
                    parts.fiscal = true;
                    return Some(End::new(parts, after));
                }
                let next = eat(self.text, end, "の").or_else(|| eat(self.text, end, "、")).unwrap_or(end);
                if let Some(tail) = self.month_tail(next, parts) {
                    return Some(tail);
                }
            }
            (Field::Month, published) => {
                parts.month =
                    if published { Month::FromPublished(word.offset) } else { Month::FromPrevious(word.offset) };
                let next = eat(self.text, end, "の").or_else(|| eat(self.text, end, "、")).unwrap_or(end);
                if let Some((first, last, after)) = self.day_range(next) {
                    // 今月4、5日
                    parts.day = Day::Given(first);
                    let to = Parts { day: Day::Given(last), ..Parts::default() };
                    return Some(End { shared: Some(to), ..End::new(parts, after) });
                }
                if let Some((day, after)) = day_at(self.text, next) {
                    parts.day = Day::Given(day);
                    end = after;
                }
            }
            (Field::Day, published) => {
                // In 前日の11月3日 and おととい(9日) the date beside the word says it.
                let next = eat(self.text, end, "の").or_else(|| eat(self.text, end, "(")).unwrap_or(end);
                if month_at(self.text, next).is_some() || day_at(self.text, next).is_some() {
                    return None;
                }
                parts.day = if published { Day::FromPublished(word.offset) } else { Day::FromPrevious(word.offset) };
            }
        }
        Some(End::new(parts, end))
    }

    /// 同20日, 同6月, 翌22日.
    fn prefixed(&self, at: usize) -> Option<End> {
        if let Some(next) = eat(self.text, at, "同") {
            if let Some((day, end)) = day_at(self.text, next) {
                let parts = Parts { month: Month::FromPrevious(0), day: Day::Given(day), ..Parts::default() };
                return Some(End::new(parts, end));
            }
            return self.month_tail(next, Parts { year: Year::FromPrevious(0), ..Parts::default() });
        }
        let next = eat(self.text, at, "翌")?;
        let (day, end) = day_at(self.text, next)?;
        Some(End::new(Parts { day: Day::NextGiven(day), ..Parts::default() }, end))
    }

    /// Dates that begin with a year.
    fn with_year(&self, at: usize, before: Option<char>) -> Option<End> {
        let (year, mark) = numeral::year_at(self.text, at, before)?;
        let parts = Parts { year, ..Parts::default() };
        match mark {
            numeral::YearMark::Year(end) => {
                if let Some(after) = eat(self.text, end, "度") {
                    return Some(End::new(Parts { fiscal: true, ..parts }, after));
                }
                let next = eat(self.text, end, "の").unwrap_or(end);
                if let Some(tail) = self.month_tail(next, parts) {
                    return Some(tail);
                }
                if begins_with_number(&self.text[end..])
                    && let Some(c) = MONTH_SLASH_DAY.captures(&self.text[end..])
                {
                    return month_slash_day(&c, parts, end);
                }
                let duration = self.text[end..].starts_with('間') || self.text[end..].starts_with("以内");
                (!duration && !matches!(year, Year::Short(_))).then(|| End::new(parts, end))
            }
            numeral::YearMark::Range(second, fiscal, end) => {
                let to = Parts { year: second, fiscal, ..Parts::default() };
                Some(End { shared: Some(to), ..End::new(Parts { fiscal, ..parts }, end) })
            }
            numeral::YearMark::Separated(separator, end) => {
                let (month, next) = numeral::digits(self.text, end, 2)?;
                let next = eat(self.text, next, separator)?;
                let (day, end) = numeral::digits(self.text, numeral::skip_blank(self.text, next), 2)?;
                numeric_end(self.text, parts, month, day, end)
            }
        }
    }

    /// N月N日, N月, N月N~N日 after a year that is already in `parts`, or without one.
    fn month_tail(&self, at: usize, mut parts: Parts) -> Option<End> {
        if matches!(behind_number(&self.text[at..]), Some('~' | '-'))
            && let Some(c) = MONTH_RANGE.captures(&self.text[at..])
        {
            let (first, last): (i8, i8) = (c[1].parse().ok()?, c[2].parse().ok()?);
            if (1..=12).contains(&first) && (1..=12).contains(&last) {
                parts.month = Month::Given(first);
                let to = Parts { month: Month::Given(last), ..Parts::default() };
                return Some(End { shared: Some(to), ..End::new(parts, at + c[0].len()) });
            }
        }
        let (month, end) = month_at(self.text, at)?;
        parts.month = Month::Given(month);
        if may_be_day_range(&self.text[end..])
            && let Some(c) = DAY_RANGE.captures(&self.text[end..])
        {
            let (first, last): (i8, i8) = (c[1].parse().ok()?, c[2].parse().ok()?);
            // 9日、7日から8日にかけて: another day begins.
            let other = c[0].contains("日、") && (first >= last || connector(&self.text[end + c[0].len()..]).is_some());
            if (1..=31).contains(&first) && (1..=31).contains(&last) && !other {
                parts.day = Day::Given(first);
                let to = Parts { day: Day::Given(last), ..Parts::default() };
                return Some(End { shared: Some(to), ..End::new(parts, end + c[0].len()) });
            }
        }
        if let Some((day, end)) = day_at(self.text, end) {
            parts.day = Day::Given(day);
            return Some(End::new(parts, end));
        }
        if let Some((day, end)) = numeral::digits(self.text, end, 2)
            && (1..=31).contains(&day)
            && connector(&self.text[end..])
                .is_some_and(|c| self.text[end + c..].starts_with(|c: char| c.is_ascii_digit()))
        {
            // 4月5~5月7日
            parts.day = Day::Given(day as i8);
            return Some(End::new(parts, end));
        }
        let word = ["間", "号", "曜", "次", "謝", "給", "額", "面"].iter().any(|w| self.text[end..].starts_with(w));
        (!word).then(|| End::new(parts, end))
    }

    fn month_and_day(&self, at: usize, before: Option<char>) -> Option<End> {
        if !numeral::may_begin(self.text, at, before) {
            return None;
        }
        let end = self.month_tail(at, Parts::default())?;
        let kanji = !self.text[at..].starts_with(|c: char| c.is_ascii_digit());
        (!kanji || end.parts.day != Day::Missing).then_some(end)
    }

    fn bare_day(&self, at: usize, before: Option<char>) -> Option<End> {
        // 十三日, but neither 一日 (all day) nor 第十三日.
        let kanji = || {
            let numeral = |c: &char| "〇一二三四五六七八九十".contains(*c);
            if before.is_some_and(|c| numeral(&c)) {
                return false;
            }
            let count = self.text[at..].chars().take_while(numeral).count();
            // 一日未明, 県は三日、…: one numeral is a day only in such company.
            let rest = self.text[at..].trim_start_matches(|c| numeral(&c));
            let timed = rest.strip_prefix('日').is_some_and(|r| DAYTIME.is_match(r) && !r.starts_with('の'));
            let alone = count == 1 && (timed || before == Some('は') && rest.starts_with("日、"));
            count >= 2 || alone
        };
        if !(self.text[at..].starts_with(|c: char| c.is_ascii_digit()) || kanji())
            || before.is_some_and(|c| c.is_ascii_digit() || ".,/-第約数各毎計全中月:".contains(c))
        {
            return None;
        }
        if let Some((first, last, end)) = self.day_range(at) {
            let part = |d| Parts { day: Day::Given(d), ..Parts::default() };
            return Some(End { shared: Some(part(last)), ..End::new(part(first), end) });
        }
        let (day, end) = day_at(self.text, at)?;
        // 10日11時に… is a day with its time, 10日11… is not.
        if is_no_day_before(&self.text[end..]) && !CLOCK.is_match(&self.text[end..]) {
            return None;
        }
        Some(End::new(Parts { day: Day::Given(day), ..Parts::default() }, end))
    }

    /// 4、5日, 6~9日: first day, last day, end.
    fn day_range(&self, at: usize) -> Option<(i8, i8, usize)> {
        if !may_be_day_range(&self.text[at..]) {
            return None;
        }
        let c = DAY_RANGE.captures(&self.text[at..])?;
        let (first, last): (i8, i8) = (c[1].parse().ok()?, c[2].parse().ok()?);
        let end = at + c[0].len();
        let fits = (1..=31).contains(&first) && first < last && last <= 31;
        (fits && !is_no_day_before(&self.text[end..])).then_some((first, last, end))
    }

    /// 2025/04/16, 2025.4.16, 2025-04, 25/04/16, 4/16.
    fn numeric(&self, at: usize, before: Option<char>, loose: bool) -> Option<End> {
        if !self.text[at..].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let joined = before.is_some_and(|c| c.is_ascii_alphanumeric() || "./-#$¥+_,".contains(c));
        if joined && !loose && !numeral::after_list_number(self.text, at) {
            return None;
        }
        let rest = &self.text[at..];
        if !matches!(behind_number(rest), Some('/' | '.' | '-')) {
            return None;
        }
        if let Some(c) = YMD.captures(rest) {
            if c[2] != c[4] {
                return None;
            }
            let (written, month, day): (i16, u32, u32) = (c[1].parse().ok()?, c[3].parse().ok()?, c[5].parse().ok()?);
            let year = match c[1].len() {
                4 if (1900..=2100).contains(&written) => Year::Given(written, None),
                2 if &c[2] == "/" && written >= 10 => Year::Short(written),
                // 26.05.12 on its own or behind a label, but no version (iOS 17.4.1) and no clause.
                2 if &c[2] == "." && written >= 10 && no_version(&self.text[..at], &rest[c[0].len()..]) => {
                    Year::Short(written)
                }
                _ => return None,
            };
            let parts = Parts { year, ..Parts::default() };
            return numeric_end(self.text, parts, month, day, at + c[0].len());
        }
        if let Some(c) = YEAR_MONTH.captures(rest) {
            let (year, month): (i16, i8) = (c[1].parse().ok()?, c[2].parse().ok()?);
            let end = at + c[0].len();
            let clean = !self.text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || "./-_".contains(c));
            if clean && (1980..=2100).contains(&year) && (1..=12).contains(&month) {
                let parts = Parts { year: Year::Given(year, None), month: Month::Given(month), ..Parts::default() };
                return Some(End { numeric: true, ..End::new(parts, end) });
            }
            return None;
        }
        let c = MONTH_SLASH_DAY.captures(rest)?;
        let end = month_slash_day(&c, Parts::default(), at)?;
        let clean = !self.text[end.end..].starts_with(|c: char| c.is_ascii_alphanumeric() || "./_%".contains(c));
        clean.then_some(End { weak: true, ..end })
    }

    /// Apr 16, 2025 · 16 April 2025.
    fn english(&self, at: usize, before: Option<char>) -> Option<End> {
        if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let rest = &self.text[at..];
        let (c, month, day) = if begins_with_number(rest) {
            if !behind_number(rest).is_some_and(|c| c == ' ' || c.is_ascii_alphabetic()) {
                return None;
            }
            (ENGLISH_DMY.captures(rest)?, 2, 1)
        } else {
            (ENGLISH_MDY.captures(rest)?, 1, 2)
        };
        let (month, day): (u32, u32) = (numeral::english_month(&c[month])?, c[day].parse().ok()?);
        let parts = Parts { year: Year::Given(c[3].parse().ok()?, None), ..Parts::default() };
        numeric_end(self.text, parts, month, day, at + c[0].len())
    }
}
