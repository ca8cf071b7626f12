//! The date beside a link: only forms that leave no doubt.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

static WESTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d])((?:19|20)\d{2})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})(?:[^\d]|$)").ok()
});
static ERA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(令和|平成|R|H)\s*(元|\d{1,2})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})(?:[^\d]|$)").ok()
});

/// The first full date in a text: `2025-04-16`, `2025/4/16`, `2025.04.16`, `2025年4月16日`, `令和7年4月16日`,
/// `R7.4.16`, digits of either width. Nothing where year, month or day is missing.
pub(crate) fn date_in(text: &str) -> Option<Date> {
    let narrow: String = text
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
            '／' => '/',
            '．' => '.',
            '－' => '-',
            c => c,
        })
        .collect();
    let (year, month, day) = if let Some(found) = WESTERN.as_ref()?.captures(&narrow) {
        (found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?)
    } else {
        let found = ERA.as_ref()?.captures(&narrow)?;
        let first: i16 = if matches!(&found[1], "令和" | "R") { 2019 } else { 1989 };
        let year: i16 = if &found[2] == "元" { 1 } else { found[2].parse().ok()? };
        (first + year - 1, found[3].parse().ok()?, found[4].parse().ok()?)
    };
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_dates_only() {
        for (text, expected) in [
            ("2025-04-16", Some("2025-04-16")),
            ("2025-04-16T09:00:00+09:00", Some("2025-04-16")),
            ("2025/4/6 更新", Some("2025-04-06")),
            ("［２０２５．０４．１６］", Some("2025-04-16")),
            ("2025年4月16日（水）", Some("2025-04-16")),
            ("令和7年4月16日", Some("2025-04-16")),
            ("令和元年5月1日", Some("2019-05-01")),
            ("R7.4.16", Some("2025-04-16")),
            ("平成31年4月30日", Some("2019-04-30")),
            ("4月16日", None),
            ("2025年4月", None),
            ("2025-13-01", None),
            ("12025-04-16", None),
            ("045-671-1234", None),
        ] {
            assert_eq!(date_in(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }
}
