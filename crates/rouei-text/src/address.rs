//! What an address tells of the day of its page.

use jiff::Timestamp;
use jiff::civil::Date;
use rouei_model::{DateOrigin, PublishedDate};
use url::Url;

use crate::metadata::{civil, plausible, tokyo};

/// `/2024/04/22/`, `/20240422/` (as a whole segment or a part of it), `/20240422093000/`, `/2024/0422-7.html`,
/// `/articles/2403/07/`, `/150610/ecn1506100017-n1.html`, `/security-n/14032601`, `/2024_02_19-1/`, `?a=20160625-00010006`, and the
/// instant at which a page was made: `/houdou/1523428443205.html`, `/test/read.cgi/board/1637782371/`.
pub(crate) fn date_in_url(url: &str) -> Option<PublishedDate> {
    let path = match Url::parse(url) {
        Ok(url) => url.path().to_owned(),
        Err(_) => url.split(['?', '#']).next()?.to_owned(),
    };
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    // The plainest way to write a day is looked for in all of the address before the next: /article/2010/07/16/.
    let ways = [
        year_month_day,
        day_in_digits,
        year_and_month_day,
        parted_day,
        short_year_month,
        short_day,
        numbered_day,
        instant,
    ];
    let in_path = ways.into_iter().find_map(|way| (0..segments.len()).find_map(|at| way(&segments[at..])));
    // ?a=20160625-00010006-saga
    let in_query = || Url::parse(url).ok()?.query_pairs().find_map(|(_, value)| day_in_digits(&[&value]));
    let date = in_path.or_else(in_query)?;
    Some(PublishedDate { date, origin: DateOrigin::Url })
}

/// `news/150610/ecn1506100017-n1.html`: a day in six digits, where the name of the file repeats them.
fn short_day(segments: &[&str]) -> Option<Date> {
    let digits = *segments.first()?;
    let day = number(digits, 6)?;
    // 201506 is a month.
    let month = matches!(&digits[..2], "19" | "20") && (1..=12).contains(&(day % 100));
    let repeated = segments.iter().skip(1).any(|segment| segment.contains(digits));
    (repeated && !month).then(|| civil(2000 + day / 10_000, day / 100 % 100, day % 100)).flatten()
}

/// `2016/05/12`, `2016/5/2.html`.
fn year_month_day(segments: &[&str]) -> Option<Date> {
    let day = segments.get(2).map(|s| &s[..s.bytes().take_while(u8::is_ascii_digit).count()])?;
    civil(number(segments.first()?, 4)?, month_or_day(segments.get(1)?)?, month_or_day(day)?)
}

/// `20240422`, `20240422_1.html`, `article_20210513_172059`, `20240611155524`, `2024050906635175`; other runs of digits are article
/// numbers.
fn day_in_digits(segments: &[&str]) -> Option<Date> {
    let segment = segments.first()?;
    let stamp = |run: &str| match run.len() {
        8 => number(run, 8),
        14 if run[8..10] < *"24" && run[10..12] < *"60" && run[12..] < *"60" => number(&run[..8], 8),
        // A day, and the number of the article.
        16.. => number(&run[..8], 8),
        _ => None,
    };
    let mut runs = segment.split(|c: char| !c.is_ascii_digit()).filter_map(stamp);
    runs.find_map(|n| civil(n / 10_000, n / 100 % 100, n % 100))
}

/// `2007/0228-7.html`, `2024-0611-03`: the year, and a month with its day in four digits.
fn year_and_month_day(segments: &[&str]) -> Option<Date> {
    let segment = segments.first()?;
    let next = segments.get(1).copied().unwrap_or_default();
    let (year, behind) = segment.split_once(['-', '_']).unwrap_or((segment, next));
    let month_day = behind.split(['-', '_', '.']).next().and_then(|s| number(s, 4))?;
    civil(number(year, 4)?, month_day / 100, month_day % 100)
}

/// `2024_02_19-1`, `2024-02-19-leak.html`.
fn parted_day(segments: &[&str]) -> Option<Date> {
    let mut parts = segments.first()?.split(['-', '_', '.']);
    civil(number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?)
}

/// `14032601`, the last segment: a day in six digits and the number of the article on that day, which is low.
fn numbered_day(segments: &[&str]) -> Option<Date> {
    /// Articles of a day.
    const MOST: i32 = 9;
    let [last] = segments else { return None };
    let digits = number(last.split('.').next()?, 8)?;
    let (day, article) = (digits / 100, digits % 100);
    (1..=MOST).contains(&article).then(|| civil(2000 + day / 10_000, day / 100 % 100, day % 100)).flatten()
}

/// The instant at which a page was made: in milliseconds as its name, in seconds as the name of a thread behind its board.
fn instant(segments: &[&str]) -> Option<Date> {
    let stamp = |text: &str, digits: usize| {
        let written = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        written.then(|| text.parse::<i64>().ok()).flatten()
    };
    let made = match segments {
        [name] => Timestamp::from_millisecond(stamp(name.split('.').next()?, 13)?).ok()?,
        ["read.cgi", _board, thread, ..] => Timestamp::from_second(stamp(thread, 10)?).ok()?,
        _ => return None,
    };
    plausible(made.to_zoned(tokyo()?).date())
}

/// `articles/2403/07/news100.html`. Where the four digits may as well be a year, only `articles` and the name of a file tell that
/// they are none: `/news/2007/06/` is a month of 2007.
fn short_year_month(segments: &[&str]) -> Option<Date> {
    /// Years that four digits may be; before them nobody published on the web.
    const YEARS: std::ops::RangeInclusive<i32> = 1994..=2035;
    let section = matches!(*segments.first()?, "articles" | "news" | "article" | "release" | "press" | "docs");
    let year_month = section.then(|| number(segments.get(1)?, 4)).flatten()?;
    let page = |file: &&str| file.starts_with(|c: char| c.is_ascii_alphabetic()) && file.contains(".htm");
    let named = *segments.first()? == "articles" && segments.get(3).is_some_and(page);
    let date = civil(2000 + year_month / 100, year_month % 100, number(segments.get(2)?, 2)?)?;
    (i32::from(date.year()) <= *YEARS.end() && (named || !YEARS.contains(&year_month))).then_some(date)
}

fn number(text: &str, digits: usize) -> Option<i32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn month_or_day(text: &str) -> Option<i32> {
    number(text, 2).or_else(|| number(text, 1))
}

/// The last day of the month that an address tells, or the last of the year: `/2011/08/leak.html`, `/201108/`, `/2012/`,
/// `?m=202212`.
/// What it shows was published no later, or the address is a mistake.
#[must_use]
pub fn no_later_than(url: &str) -> Option<Date> {
    let url = Url::parse(url).ok()?;
    let path = url.path();
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
    // ?m=202212: what a blog published in a month.
    let archive = || {
        let (_, months) = url.query_pairs().find(|(key, value)| key == "m" && value.len() == 6)?;
        month(number(months.get(..4)?)?, number(months.get(4..)?)?)
    };
    let in_path = (0..segments.len()).find_map(at).or_else(|| segments.iter().find_map(year));
    in_path.or_else(|| written_month(path)).or_else(archive)
}

/// `/漏えい事件一覧/2009年6月/`, percent-encoded.
fn written_month(path: &str) -> Option<Date> {
    let path: String = url::form_urlencoded::parse(path.as_bytes()).map(|(name, _)| name).collect();
    path.match_indices('年').find_map(|(at, sign)| {
        let year = number(path.get(at.checked_sub(4)?..at)?, 4)?;
        let behind = &path[at + sign.len()..];
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let month = behind[digits..].starts_with('月').then(|| month_or_day(&behind[..digits])).flatten();
        civil(year, month.unwrap_or(12), 1).map(Date::last_of_month)
    })
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
            ("https://scan.example/article/2010/07/16/25438.html", Some("2010-07-16")),
            ("https://watch.example/cda/news/2007/06/29/16194.html", Some("2007-06-29")),
            ("https://blog.example/news/2005/06/page/2", None),
            ("https://firm.example/news/2011/08/12345.html", None),
            ("https://it.example/docs/news/articles/2003/07/news100.html", Some("2020-03-07")),
            ("http://headlines.example/hl?a=20160625-00010006-saga-l41", Some("2016-06-25")),
            ("https://paper.example/economy/news/150610/ecn1506100017-n1.html", Some("2015-06-10")),
            ("https://city.example/soshiki/150610/leak.html", None),
            ("https://paper.example/news/201506/n201506.html", None),
            ("https://city.example/page?id=10006", None),
            ("https://news.example/amp/article/sdt_2024050906635175", Some("2024-05-09")),
            ("https://shop.example/items/4912345678904567", None),
            ("https://sec.example/wp/news/14032601", Some("2014-03-26")),
            ("https://sec.example/wp/news/14032641", None),
            ("https://sec.example/wp/14032601/page2", None),
            ("https://firm.example/2024_02_19-1/", Some("2024-02-19")),
            ("https://firm.example/news/2024-02-19-owabi.html", Some("2024-02-19")),
            ("https://firm.example/news/2024-30-72-owabi.html", None),
            ("https://city.example/houdou/1523428443205.html", Some("2018-04-11")),
            ("https://city.example/houdou/9523428443205.html", None),
            ("https://ch.example/test/read.cgi/newsplus/1637782371/412-511", Some("2021-11-25")),
            ("https://tv.example/lnews/1050018801.html", None),
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
            ("https://firm.example/漏えい事件一覧/2009年6月/かばん.html", Some("2009-06-30")),
            ("https://firm.example/%E4%BA%8B%E4%BB%B6/2009%E5%B9%B4/", Some("2009-12-31")),
            ("https://news.example/2007/13/", Some("2007-12-31")),
            ("https://city.example/soshiki/46/150753.html", None),
            ("https://shop.example/items/1901/07/", None),
            ("https://blog.example/?m=202212&paged=114", Some("2022-12-31")),
            ("https://blog.example/?m=情報", None),
            ("2011/08", None),
        ];
        for (url, want) in cases {
            assert_eq!(no_later_than(url).map(|d| d.to_string()).as_deref(), want, "{url}");
        }
    }
}
