//! What an address tells of the day of its page.

use jiff::civil::Date;
use rouei_model::{DateOrigin, PublishedDate};
use url::Url;

use crate::metadata::civil;

/// `/2024/04/22/`, `/20240422/` (as a whole segment or a part of it), `/20240422093000/`, `/2024/0422-7.html`,
/// `/articles/2403/07/`.
pub(crate) fn date_in_url(url: &str) -> Option<PublishedDate> {
    let path = match Url::parse(url) {
        Ok(url) => url.path().to_owned(),
        Err(_) => url.split(['?', '#']).next()?.to_owned(),
    };
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let number = |s: &str, len: usize| {
        (s.len() == len && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i32>().ok())?
    };
    let month_or_day = |s: &str| number(s, 2).or_else(|| number(s, 1));
    let found = |date: Date| PublishedDate { date, origin: DateOrigin::Url };
    for (i, segment) in segments.iter().enumerate() {
        let next = |n: usize| segments.get(i + n).copied();
        let day = next(2).map(|s| &s[..s.bytes().take_while(u8::is_ascii_digit).count()]).and_then(month_or_day);
        if let (Some(year), Some(month)) = (number(segment, 4), next(1).and_then(month_or_day))
            && let Some(date) = day.and_then(|day| civil(year, month, day))
        {
            return Some(found(date));
        }
        // /20240422/ or /20240422.html or /20240422_1.html; a longer run of digits is an article number.
        let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 8
            && let Some(n) = number(&segment[..8], 8)
            && let Some(date) = civil(n / 10_000, n / 100 % 100, n % 100)
        {
            return Some(found(date));
        }
        // article_20210513_172059, /20240611155524: a day between other marks, or with the time of day behind it.
        let stamp = |run: &str| match run.len() {
            8 => number(run, 8),
            14 if run[8..10] < *"24" && run[10..12] < *"60" && run[12..] < *"60" => number(&run[..8], 8),
            _ => None,
        };
        let runs = segment.split(|c: char| !c.is_ascii_digit()).filter_map(stamp);
        if let Some(date) = runs.into_iter().find_map(|n| civil(n / 10_000, n / 100 % 100, n % 100)) {
            return Some(found(date));
        }
        // /2007/0228-7.html, /2024-0611-03: the year, and a month with its day in four digits.
        let (year, behind) = segment.split_once(['-', '_']).unwrap_or((segment, next(1).unwrap_or_default()));
        let month_day = behind.split(['-', '_', '.']).next().and_then(|s| number(s, 4));
        if let (Some(year), Some(month_day)) = (number(year, 4), month_day)
            && let Some(date) = civil(year, month_day / 100, month_day % 100)
        {
            return Some(found(date));
        }
        if matches!(*segment, "articles" | "news" | "article" | "release" | "press" | "docs")
            && let (Some(year_month), Some(day)) =
                (next(1).and_then(|s| number(s, 4)), next(2).and_then(|s| number(s, 2)))
            && let Some(date) = civil(2000 + year_month / 100, year_month % 100, day)
            && date.year() <= 2035
        {
            return Some(found(date));
        }
    }
    None
}

/// The last day of the month that an address tells, or the last of the year: `/2011/08/leak.html`, `/201108/`, `/2012/`.
/// What it shows was published no later, or the address is a mistake.
#[must_use]
pub fn no_later_than(url: &str) -> Option<Date> {
    let path = Url::parse(url).ok()?.path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let number = |s: &str| (!s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i32>().ok())?;
    let month = |year: i32, month: i32| civil(year, month, 1).map(Date::last_of_month);
    let at = |i: usize| {
        let segment = segments.get(i)?;
        let (year, after) = (number(segment.get(..4)?)?, segment.get(4..)?);
        let next = segments.get(i + 1).filter(|s| s.len() <= 2).and_then(|s| number(s));
        match number(after.trim_start_matches(['-', '_'])).filter(|_| matches!(after.len(), 2 | 3)) {
            Some(own) => month(year, own),
            None if after.is_empty() => next.and_then(|next| month(year, next)),
            None => None,
        }
    };
    let year = |segment: &&str| number(segment).filter(|_| segment.len() == 4).and_then(|year| month(year, 12));
    (0..segments.len()).find_map(at).or_else(|| segments.iter().find_map(year))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn finds_dates_in_addresses() {
        let cases = [
            ("https://news.example/20240422/5010024114.html", Some("2024-04-22")),
            ("https://news.example/2024/04/22/leak/", Some("2024-04-22")),
            ("https://news.example/2016/05/12/", Some("2016-05-12")),
            ("https://news.example/2016/5/2.html", Some("2016-05-02")),
            ("https://it.example/docs/news/articles/2403/07/news100.html", Some("2024-03-07")),
            ("https://news.example/a1/2007/0228-7.html", Some("2007-02-28")),
            ("https://news.example/articles/2024-0611-03", Some("2024-06-11")),
            ("https://news.example/2024/1301.html", None),
            ("https://news.example/articles/-/1288301", None),
            ("https://city.example/soshiki/46/150753.html", None),
            ("https://news.example/2024/13/22/", None),
            ("https://news.example/202404221234.html", None),
            ("https://tv.example/news/article_20210513_172059", Some("2021-05-13")),
            ("https://cb.example/news/entry/20240611155524", Some("2024-06-11")),
            ("https://cb.example/news/entry/20240611995524", None),
            ("https://cb.example/news/id-20991399", None),
            ("https://shop.example/1901/07/01/", None),
        ];
        for (url, want) in cases {
            assert_eq!(date_in_url(url).map(|p| p.date.to_string()).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn finds_months_and_years_in_addresses() {
        let cases = [
            ("https://blog.example/privacy/2011/08/leak.html", Some("2011-08-31")),
            ("https://blog.example/archives/201602/1.html", Some("2016-02-29")),
            ("https://blog.example/2016-02/1.html", Some("2016-02-29")),
            ("https://news.example/a1/2007/leak.html", Some("2007-12-31")),
            ("https://news.example/2007/13/", Some("2007-12-31")),
            ("https://city.example/soshiki/46/150753.html", None),
            ("https://shop.example/items/1901/07/", None),
            ("2011/08", None),
        ];
        for (url, want) in cases {
            assert_eq!(no_later_than(url).map(|d| d.to_string()).as_deref(), want, "{url}");
        }
    }
}
