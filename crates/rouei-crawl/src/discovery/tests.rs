#![allow(clippy::unwrap_used)]

use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_8};

use super::*;
use crate::sources::Discovery;
use proptest::prelude::*;

fn base() -> Url {
    Url::parse("http://news.example/list/").unwrap()
}

/// `URL | title | published`
fn lines(items: &[Item]) -> Vec<String> {
    let show = |i: &Item| {
        format!("{} | {} | {}", i.url, i.title.as_deref().unwrap_or("-"), i.published.as_deref().unwrap_or("-"))
    };
    items.iter().map(show).collect()
}

#[track_caller]
fn check_feed(xml: &str, expected: &[&str]) {
    for encoding in [UTF_8, EUC_JP, SHIFT_JIS] {
        let declared = xml.replace("UTF-8", encoding.name());
        let bytes = encoding.encode(&declared).0;
        for content_type in [Some("application/rss+xml"), None] {
            let items = read_feed(&bytes, content_type, &base(), false).unwrap();
            assert_eq!(lines(&items), expected, "{}", encoding.name());
        }
    }
}

#[test]
fn rss_1() {
    check_feed(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://news.example/index.rdf"><title>架空新報</title><link>http://news.example/</link>
<description>d</description><items><rdf:Seq><rdf:li rdf:resource="http://news.example/a"/></rdf:Seq></items></channel>
<item rdf:about="http://news.example/a"><title>個人情報の漏えい</title><link>http://news.example/a?utm_source=rss</link>
<dc:date>2025-04-16T09:00:00+09:00</dc:date></item>
<item rdf:about="http://news.example/b"><title>二件目</title><link>
http://news.example/b
</link></item></rdf:RDF>"#,
        &["http://news.example/a | 個人情報の漏えい | 2025-04-16T00:00:00Z", "http://news.example/b | 二件目 | -"],
    );
}

#[test]
fn rss_2() {
    check_feed(
        r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>t</title><link>http://news.example/</link>
<description/><item><title><![CDATA[A & B]]></title><link>/a?x=1&amp;y=2#c</link><pubDate>Wed, 16 Apr 2025 09:00:00 +0900</pubDate></item>
<item><title>二</title><link>http://news.example/a?x=1&amp;y=2</link></item></channel></rss>"#,
        &["http://news.example/a?x=1&y=2 | A & B | 2025-04-16T00:00:00Z"],
    );
}

#[test]
fn atom() {
    check_feed(
        r#"<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>x</id>
<updated>2025-04-16T00:00:00Z</updated><entry><title>題</title><id>1</id><link rel="edit" href="http://news.example/edit"/>
<link href="http://news.example/entry"/><published>2025-04-15T09:00:00+09:00</published><updated>2025-04-16T00:00:00Z</updated></entry></feed>"#,
        &["http://news.example/entry | 題 | 2025-04-15T00:00:00Z"],
    );
}

#[test]
fn feeds_made_by_hand() {
    let bare = "<rss version='2.0'><channel><title>Q&A</title><link>http://news.example/</link><description/>\
        <item><title>R&D \u{8}の紛失</title><link>http://news.example/p?a=1&b=2</link></item></channel></rss>";
    let items = read_feed(bare.as_bytes(), None, &base(), false).unwrap();
    assert_eq!(lines(&items), ["http://news.example/p?a=1&b=2 | R&D の紛失 | -"]);
    let twice = "<rss version='2.0'><channel><?xml version='1.0' encoding='euc-jp'?><title>t</title><item><title>題</title>\
        <link>http://news.example/p</link></item></channel></rss>";
    let items = read_feed(twice.as_bytes(), None, &base(), false).unwrap();
    assert_eq!(lines(&items), ["http://news.example/p | 題 | -"]);
    assert!(matches!(read_feed(b"<html><body>404", None, &base(), false), Err(DiscoveryError::Feed(_))));
    assert!(matches!(read_feed(b"", None, &base(), false), Err(DiscoveryError::Feed(_))));
}

#[track_caller]
fn check_listing(selectors: &str, html: &str, expected: &[&str], next: Option<&str>) {
    let yaml = format!(
        "sources: [{{ id: a, publisher: p, tier: press, discovery: {{ listing: {{ url: 'http://news.example/list/', {selectors} }} }} }}]"
    );
    let source = crate::Catalogue::parse("t", &yaml).unwrap().sources.remove(0);
    let Discovery::Listing(listing) = &source.discovery else { panic!("a listing") };
    let (items, found) = read_listing(html, &base(), listing).unwrap();
    assert_eq!(lines(&items), expected);
    assert_eq!(found.as_ref().map(Url::as_str), next);
}

#[test]
fn listings() {
    let table = "<table><tr><th>日付<tr><td>令和7年4月16日<td><a href='../a.html'>USBメモリの\n紛失</a> <a href=b.pdf>PDF</a>\
        <tr><td>未定<td><a href='javascript:void(0)'>x</a><tr><td>2025.4.1<td>リンクなし</table><a href='?p=2'>次へ</a>";
    check_listing(
        "item_selector: tr, date_selector: 'td:first-child', next_selector: 'a[href*=\"p=\"]', max_pages: 2",
        table,
        &["http://news.example/a.html | USBメモリの 紛失 | 2025-04-16"],
        Some("http://news.example/list/?p=2"),
    );
    check_listing(
        "item_selector: tr, link_selector: 'a[href$=\".pdf\"]'",
        table,
        &["http://news.example/list/b.pdf | PDF | -"],
        None,
    );
    check_listing(
        "item_selector: a",
        "<base href='http://other.example/x/'><a href='1'>一</a><a href='1#a'>再</a><a href='//third.example/'><img></a>",
        &["http://other.example/x/1 | 一 | -", "http://third.example/ | - | -"],
        None,
    );
    check_listing(
        "item_selector: article, title_selector: h2, date_selector: time",
        "<article><time datetime=2025-04-16>今日</time><h2>題</h2><a href=/n/1>続きを読む</a></article>",
        &["http://news.example/n/1 | 題 | 2025-04-16"],
        None,
    );
}

#[test]
fn sitemaps() {
    let read = |xml: &str| read_sitemap(xml.as_bytes(), &base(), 10_000);
    let Ok(Sitemap::Pages(items)) = read(
        "\u{feff}<?xml version='1.0' encoding='UTF-8'?><s:urlset xmlns:s='x'><url><loc> http://news.example/&#x61;b </loc>\
         <lastmod>2025-04-16</lastmod></url><url><loc>mailto:x@y.example</loc></url></s:urlset>",
    ) else {
        panic!("pages")
    };
    assert_eq!(lines(&items), ["http://news.example/ab | - | -"]);
    assert_eq!(items[0].modified.unwrap().to_string(), "2025-04-15T15:00:00Z");
    assert!(matches!(read("<sitemapindex></sitemapindex>"), Ok(Sitemap::Index(items)) if items.is_empty()));
    assert!(matches!(read("<html></html>"), Err(DiscoveryError::Sitemap(_))));
    assert!(matches!(read("<urlset><url></loc>"), Err(DiscoveryError::Sitemap(_))));
}

#[test]
fn nesting_is_measured_as_the_parser_sees_it() {
    let pdf = "<a href=x.pdf>";
    let flat = format!("{}{pdf}", "<tr><td><p><li><br><div></div>".repeat(10_000));
    assert_eq!(pdf_links(&flat, &base()).unwrap().len(), 1);
    let deep = format!("{}{pdf}", "<DIV>".repeat(2_001));
    assert_eq!(pdf_links(&deep, &base()), Err(DiscoveryError::Nesting(2_000)));
}

proptest! {
    /// Whatever comes, an answer or an error comes back, and every address is absolute http(s).
    #[test]
    fn reads_anything(
        pieces in prop::collection::vec(
            prop_oneof![
                Just("<rss version='2.0'><channel>"), Just("<item>"), Just("</item>"), Just("<link>http://a.example/</link>"),
                Just("<urlset>"), Just("<url>"), Just("<loc>"), Just("</loc>"), Just("<lastmod>2025"), Just("&amp;"), Just("&#0;"),
                Just("<a href='/x.pdf'>"), Just("<base href='x:'>"), Just("<li>"), Just("日本"), Just("<![CDATA["), Just("]]>"),
                Just("<?xml version='1.0' encoding='euc-jp'?>"), Just("<feed xmlns='http://www.w3.org/2005/Atom'>"), Just("<"), Just("é"),
            ],
            0..24,
        ),
        noise in prop::collection::vec(any::<u8>(), 0..8),
        at in 0usize..200,
    ) {
        let mut bytes = pieces.concat().into_bytes();
        let at = at.min(bytes.len());
        bytes.splice(at..at, noise);
        let text = crate::decode::decode_text(&bytes, None);
        let mut items = read_feed(&bytes, None, &base(), true).unwrap_or_default();
        let _ = is_feed(&bytes);
        match read_sitemap(&bytes, &base(), 1000) {
            Ok(Sitemap::Pages(more) | Sitemap::Index(more)) => items.extend(more),
            Err(_) => {}
        }
        items.extend(pdf_links(&text, &base()).unwrap());
        let _ = crate::policy::canonical_in(&text);
        let _ = crate::policy::directives(&[], Some(&text), "rouei");
        prop_assert!(items.iter().all(|i| matches!(i.url.scheme(), "http" | "https") && i.url.has_host()));
    }
}

#[derive(serde::Deserialize)]
struct FeedCases {
    case: Vec<FeedCase>,
}

#[derive(serde::Deserialize)]
struct FeedCase {
    name: String,
    text: String,
    feed: Option<bool>,
    #[serde(default)]
    entries: Vec<String>,
}

#[test]
fn full_texts() {
    let cases: FeedCases = toml::from_str(include_str!("feeds.toml")).unwrap();
    for case in cases.case {
        let is_one = case.feed.unwrap_or(true);
        let utf16: Vec<u8> =
            std::iter::once(0xfeff_u16).chain(case.text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [case.text.as_bytes(), &utf16] {
            assert_eq!(is_feed(bytes), is_one, "{}", case.name);
        }
        if !is_one {
            continue;
        }
        let part = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), |t| t.replace('\n', ""));
        for base in [None, Some(&Url::parse("http://news.example/feed").unwrap())] {
            let read = feed(case.text.as_bytes(), None, base).unwrap();
            let entries: Vec<String> = read
                .entries
                .iter()
                .map(|e| {
                    let (url, text) = (part(e.url.as_ref().map(Url::as_str)), part(e.text.as_deref()));
                    format!("{url} | {} | {} | {text}", part(e.title.as_deref()), part(e.published.as_deref()))
                })
                .collect();
            assert_eq!(entries, case.entries, "{}", case.name);
        }
    }
}

#[test]
fn feeds_are_bounded() {
    let refused = |text: &str, of: &'static str| {
        let error = feed(text.as_bytes(), None, None).unwrap_err();
        assert!(matches!(error, DiscoveryError::TooLarge { what, .. } if what == of), "{error}");
    };
    let rss = |inside: &str| format!("<rss version='2.0'><channel>{inside}</channel></rss>");
    refused(&rss(&"<a/>".repeat(200_001)), "tags");
    refused(&rss(&"<item/>".repeat(20_001)), "entries");
    let json =
        |items: &str| format!(r#"{{"version":"https://jsonfeed.org/version/1","title":"t","items":[{items}{{}}]}}"#);
    refused(&json(&"{},".repeat(20_001)), "entries");
    refused(&json(&r#"{"tags":["a","a","a","a","a","a","a","a","a","a","a","a"]},"#.repeat(20_000)), "strings");
    // What stands in CDATA is one text to the XML parser; how it is read is bounded like a page.
    let cdata = format!(
        "<item><link>http://a.example/</link><encoded xmlns='http://purl.org/rss/1.0/modules/content/'><![CDATA[{}]]></encoded></item>",
        "<p>a</p>".repeat(200_000)
    );
    assert_eq!(feed(rss(&cdata).as_bytes(), None, None).unwrap().entries.len(), 1);
}
