//! What a page says of itself: title, publisher, dates.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regex::Regex;
use rouei_model::{DateOrigin, Document, PublishedDate};
use scraper::Node;
use serde_json::Value;
use url::Url;

use crate::page::Page;
use crate::title;

/// Found in the whole page, before furniture is taken out.
#[derive(Debug, Default)]
pub(crate) struct Said {
    title: Option<String>,
    og_title: Option<String>,
    site_name: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    copyright: Option<String>,
    json_published: Option<Date>,
    json_modified: Option<Date>,
    meta_published: Option<Date>,
    meta_modified: Option<Date>,
}

impl Said {
    /// Titles by which the headline of the page can be known.
    pub(crate) fn titles(&self) -> Vec<String> {
        self.title.iter().chain(&self.og_title).cloned().collect()
    }
}

/// Reads titles, meta elements, JSON-LD and the copyright line.
pub(crate) fn collect(page: &Page<'_>) -> Said {
    let mut said = Said::default();
    let mut hidden_until = 0;
    for (at, node) in page.nodes.iter().enumerate() {
        match node.node {
            Node::Element(element) => match element.name() {
                "title" if said.title.is_none() => said.title = some_text(page.text(at, 600)),
                "meta" => collect_meta(&mut said, element),
                "script" | "style" | "noscript" | "template" => {
                    hidden_until = hidden_until.max(node.end);
                    if element.attr("type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json")) {
                        let text: String =
                            page.nodes[at..node.end].iter().filter_map(|n| n.node.as_text().map(|t| &**t)).collect();
                        collect_json_ld(&mut said, &text);
                    }
                }
                _ => {}
            },
            Node::Text(text) if at >= hidden_until => {
                let lower_bound = text.len() < 400 && text.contains(['©', 'C', 'c', 'Ｃ', 'コ', 'ⓒ']);
                if lower_bound && COPYRIGHT.as_ref().is_some_and(|c| c.is_match(text)) {
                    // The mark and the name may stand in elements of their own: read their parent.
                    let whole = page.text(node.parent, 400);
                    let name = copyright_name(text).or_else(|| copyright_name(&whole));
                    said.copyright = name.or(said.copyright.take());
                }
            }
            _ => {}
        }
    }
    said
}

impl Said {
    /// Whether an article of the page's data has another headline than the page: it is the next one, or the site's last.
    fn is_other(&self, article: &Value) -> bool {
        /// Characters in a row that two wordings of one headline have in common.
        const COMMON: usize = 5;
        let squeeze = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
        let Some(headline) = article.get("headline").and_then(Value::as_str).map(squeeze) else { return false };
        let titles: Vec<Vec<char>> = [&self.title, &self.og_title].into_iter().flatten().map(|t| squeeze(t)).collect();
        let common = |title: &Vec<char>| title.windows(COMMON).any(|t| headline.windows(COMMON).any(|h| t == h));
        headline.len() >= COMMON * 2 && titles.iter().any(|t| t.len() >= COMMON * 2) && !titles.iter().any(common)
    }
}

/// Puts what was said into the document; what the caller knows stays.
pub(crate) fn apply(said: Said, page: &Page<'_>, headline: Option<String>, lead: bool, document: &mut Document) {
    let sites: Vec<String> = [&said.site_name, &said.publisher, &said.copyright, &document.publisher]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut headings: Vec<String> = headline.into_iter().collect();
    let mut time = None;
    let mut at = 0;
    while at < page.nodes.len() {
        let node = &page.nodes[at];
        if node.dropped {
            at = node.end;
            continue;
        }
        match page.tag(at) {
            "h1" | "h2" | "h3" if headings.len() < 8 && !page.is_home_link(at) => {
                headings.extend(some_text(page.text(at, 600)))
            }
            "time" if time.is_none() => time = page.attr(at, "datetime").and_then(parse_date),
            _ => {}
        }
        at += 1;
    }
    let whole = said.title.as_deref().or(said.og_title.as_deref());
    let first_h1 = (0..page.nodes.len())
        .find(|&i| page.tag(i) == "h1" && page.nodes[i].chars > 0 && !page.is_home_link(i) && !page.is_gone(i));
    if let Some(whole) = whole {
        let mut known = headings.clone();
        known.extend(said.og_title.clone().filter(|o| o.chars().count() < whole.chars().count()));
        let (title, suffix) = title::split(whole, &known, &sites);
        document.title = Some(title);
        document.title_suffix = suffix;
    }
    // A page whose <title> names the site alone has its title in h1.
    let matched = lead || headings.first().is_some_and(|h| document.title.as_ref() == Some(h));
    if !matched && let Some(h1) = first_h1.map(|i| page.text(i, 600)).filter(|t| !t.is_empty()) {
        let site_only = document.title.as_ref().is_none_or(|t| sites.iter().any(|s| s == t));
        let unrelated = document.title.as_ref().is_some_and(|t| !t.contains(&h1) && !h1.contains(t.as_str()))
            && !sites.contains(&h1)
            && document.title_suffix.as_ref() != Some(&h1);
        if site_only || unrelated {
            document.title = Some(h1);
        }
    }
    document.publisher =
        document.publisher.take().or(said.publisher).or(said.author).or(said.site_name).or(said.copyright);
    document.updated = said.json_modified.or(said.meta_modified);
    let found = |date: Option<Date>, origin| date.map(|date| PublishedDate { date, origin });
    let from_url = document.published.filter(|p| p.origin == DateOrigin::Url);
    let from_context = document.published.filter(|p| p.origin == DateOrigin::Context);
    document.published = from_context
        .or(found(said.json_published, DateOrigin::JsonLd))
        .or(found(said.meta_published, DateOrigin::Meta))
        .or(found(time, DateOrigin::TimeElement))
        .or(from_url);
}

/// Against what links are resolved: `<base href>`, else the address of the page.
pub(crate) fn base_url(page: &Page<'_>, url: Option<&str>) -> Option<Url> {
    let own = url.and_then(|u| Url::parse(u).ok());
    let base =
        page.nodes.iter().enumerate().find_map(|(at, _)| (page.tag(at) == "base").then(|| page.attr(at, "href"))?);
    match (base, own) {
        (Some(base), Some(own)) => own.join(base).ok().or(Some(own)),
        (Some(base), None) => Url::parse(base).ok(),
        (None, own) => own,
    }
}

fn some_text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn collect_meta(said: &mut Said, element: &scraper::node::Element) {
    let name = element.attr("property").or(element.attr("name")).or(element.attr("itemprop"));
    let (Some(name), Some(content)) = (name, element.attr("content")) else { return };
    let content = content.trim();
    if content.is_empty() {
        return;
    }
    match name.trim().to_ascii_lowercase().as_str() {
        "og:title" | "twitter:title" => {
            said.og_title.get_or_insert_with(|| content.to_owned());
        }
        "og:site_name" | "application-name" => {
            said.site_name.get_or_insert_with(|| content.to_owned());
        }
        "article:published_time"
        | "og:published_time"
        | "datepublished"
        | "dc.date"
        | "dc.date.issued"
        | "dcterms.date"
        | "dcterms.created"
        | "dcterms.issued"
        | "pubdate"
        | "publishdate"
        | "publish_date"
        | "date"
        | "article:published"
        | "sailthru.date"
        | "cxenseparse:recs:publishtime" => {
            said.meta_published = said.meta_published.or_else(|| parse_date(content));
        }
        "article:modified_time"
        | "og:updated_time"
        | "datemodified"
        | "dcterms.modified"
        | "last-modified"
        | "lastmod" => {
            said.meta_modified = said.meta_modified.or_else(|| parse_date(content));
        }
        _ => {}
    }
}

/// Reads one JSON-LD script (JSON-LD 1.1): objects, arrays of objects, `@graph`. Articles nested in lists are others.
fn collect_json_ld(said: &mut Said, text: &str) {
    let trimmed = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let Ok(value) = serde_json::from_str::<Value>(trimmed) else { return };
    let mut objects: Vec<&Value> = Vec::new();
    let mut queue = vec![&value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Array(list) => queue.extend(list.iter().rev()),
            Value::Object(fields) => {
                if let Some(Value::Array(graph)) = fields.get("@graph") {
                    queue.extend(graph.iter().rev());
                }
                objects.push(value);
            }
            _ => {}
        }
    }
    let is_article =
        |v: &Value| types(v).iter().any(|t| t.ends_with("Article") || t.ends_with("Posting") || *t == "Report");
    let is_page = |v: &Value| types(v).iter().any(|t| t.ends_with("Page"));
    let named = |reference: &Value| -> Option<String> {
        let reference = match reference {
            Value::Array(list) => list.first()?,
            other => other,
        };
        let own = reference.get("name").and_then(Value::as_str);
        let by_id = reference.get("@id").and_then(|id| {
            objects.iter().find(|o| o.get("@id") == Some(id)).and_then(|o| o.get("name")).and_then(Value::as_str)
        });
        own.or(by_id).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned)
    };
    for wanted in [&is_article as &dyn Fn(&Value) -> bool, &is_page] {
        for object in objects.iter().filter(|o| wanted(o)) {
            if said.is_other(object) {
                continue;
            }
            let date = |key: &str| object.get(key).and_then(Value::as_str).and_then(parse_date);
            said.json_published = said.json_published.or_else(|| date("datePublished"));
            said.json_modified = said.json_modified.or_else(|| date("dateModified"));
            if said.publisher.is_none() {
                said.publisher = object.get("publisher").and_then(&named);
            }
            if said.author.is_none() {
                said.author = object
                    .get("author")
                    .filter(|a| {
                        let author = a.as_array().and_then(|l| l.first()).unwrap_or(a);
                        types(author).iter().any(|t| t.ends_with("Organization"))
                    })
                    .and_then(&named);
            }
        }
    }
    if said.publisher.is_none() {
        let organizations =
            ["Organization", "NewsMediaOrganization", "GovernmentOrganization", "Corporation", "Hospital"];
        said.publisher =
            objects.iter().find(|o| types(o).iter().any(|t| organizations.contains(t))).and_then(|o| named(o));
    }
}

fn types(value: &Value) -> Vec<&str> {
    match value.get("@type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The day in Japan of a date as meta elements write it: RFC 3339, ISO 8601 with or without zone, `2025/04/16`,
/// `2025年4月16日`.
fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return plausible(timestamp.to_zoned(tokyo()?).date());
    }
    let mut numbers = Vec::new();
    let mut current: Option<(i32, u32)> = None;
    for c in text.chars().chain(std::iter::once(' ')) {
        match (c.to_digit(10), current) {
            (Some(d), Some((n, len))) if len < 8 => current = Some((n * 10 + d as i32, len + 1)),
            (Some(d), None) => current = Some((d as i32, 1)),
            (Some(_), _) => return None,
            (None, Some(number)) => {
                numbers.push(number);
                current = None;
                if numbers.len() == 3 || !matches!(c, '-' | '/' | '.' | '年' | '月' | ' ') {
                    break;
                }
            }
            (None, None) => {
                if numbers.is_empty() {
                    return None;
                }
            }
        }
    }
    let (year, month, day) = match numbers[..] {
        [(n, 8), ..] => (n / 10_000, n / 100 % 100, n % 100),
        [(year, 4), (month, 1..=2), (day, 1..=2), ..] => (year, month, day),
        _ => return None,
    };
    civil(year, month, day)
}

pub(crate) fn civil(year: i32, month: i32, day: i32) -> Option<Date> {
    plausible(Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?)
}

pub(crate) fn plausible(date: Date) -> Option<Date> {
    (1995..=2035).contains(&date.year()).then_some(date)
}

pub(crate) fn tokyo() -> Option<TimeZone> {
    TimeZone::get("Asia/Tokyo").ok()
}

static COPYRIGHT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)©|ⓒ|\(c\)|（c）|（Ｃ）|copyright|コピーライト").ok());
static RESERVED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)all\s*rights?\s*reserved").ok());
static NOT_THE_NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)©|ⓒ|\(c\)|（c）|（Ｃ）|copyrights?|コピーライト|\bby\b|(19|20)\d\d\s*([-–—~〜～,、]\s*((19|20)\d\d|\d\d)?)?(年)?|無断(転載|複製|掲載).*")
        .ok()
});

/// The name in `© 2010-2026 ○○ All Rights Reserved.`
pub(crate) fn copyright_name(line: &str) -> Option<String> {
    let mark = COPYRIGHT.as_ref()?.find(line)?;
    // The name follows the mark; what stands before it is an address or a link.
    let line = RESERVED.as_ref()?.splitn(&line[mark.start()..], 2).next()?;
    let after = NOT_THE_NAME.as_ref()?.replace_all(line, " ");
    let name = after.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | '-' | '|' | ':' | '、' | '。' | '・' | '–' | '/')
    });
    ((2..=60).contains(&name.chars().count()) && name.chars().any(char::is_alphabetic)).then(|| name.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_pages_write_them() {
        let cases = [
            ("2025-04-16T09:00:00+09:00", Some("2025-04-16")),
            ("2025-04-15T20:00:00Z", Some("2025-04-16")),
            ("2025-04-16T09:00+09:00", Some("2025-04-16")),
            ("2025-04-16", Some("2025-04-16")),
            ("2025/4/6 10:00", Some("2025-04-06")),
            ("2025年4月6日", Some("2025-04-06")),
            ("20250406", Some("2025-04-06")),
            ("yesterday", None),
            ("1234", None),
        ];
        for (text, want) in cases {
            assert_eq!(parse_date(text).map(|d| d.to_string()).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn finds_the_name_in_a_copyright_line() {
        let cases = [
            ("© 2010-2026 北風セキュリティ通信社", Some("北風セキュリティ通信社")),
            ("Copyright(C) みどり市 All Rights Reserved.", Some("みどり市")),
            ("Copyright © 2003-2025 Minami Paint Co., Ltd. All Rights Reserved.", Some("Minami Paint Co., Ltd")),
            ("Copyright(C) 2001-2016 Nansei University All Rights Reserved. 訪問者 1,234", Some("Nansei University")),
            ("(c) 2025", None),
            ("お問い合わせ", None),
        ];
        for (line, want) in cases {
            assert_eq!(copyright_name(line).as_deref(), want, "{line}");
        }
    }
}
