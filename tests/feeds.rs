//! Feeds that hold full texts: read from files, from archives, and in a crawl instead of the pages that they name.

#![allow(clippy::unwrap_used)]

mod support;
mod web;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{command, fixture, json_lines, rouei, stderr, stdout};
use web::{Answer, Web, page};

/// A notice of so many persons.
fn notice(persons: u32) -> String {
    format!(
        "<p>架空市は、令和7年4月15日に市民講座の受講者へ案内を送った際、宛先を誤って互いに見える形で送信し、受講者{persons}名の\
         電子メールアドレスが漏えいしたと発表した。</p><p>市は受講者全員に電話と文書でお詫びし、受信した電子メールの削除を依頼した。\
         これまでに二次被害の報告は受けていない。</p>"
    )
}

/// RSS 2.0 of these entries: path, title, full text (none: a summary alone).
fn rss(entries: &[(&str, &str, Option<&str>)]) -> String {
    let items: String = entries
        .iter()
        .map(|(path, title, text)| {
            let text = text.map(|t| format!("<content:encoded><![CDATA[{t}]]></content:encoded>")).unwrap_or_default();
            format!(
                "<item><title>{title}</title><link>{path}</link><pubDate>Wed, 16 Apr 2025 09:00:00 +0900</pubDate>\
                 <description>{title}</description>{text}</item>"
            )
        })
        .collect();
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
         <channel><title>架空市</title>{items}</channel></rss>"
    )
}

fn feed(entries: &[(&str, &str, Option<&str>)]) -> Answer {
    Answer { status: 200, location: None, content_type: "application/rss+xml", body: rss(entries).into_bytes() }
}

/// A site with one source of this discovery and more.
struct Town {
    web: Web,
    folder: tempfile::TempDir,
}

impl Town {
    fn new() -> Self {
        Self { web: Web::serve(), folder: tempfile::tempdir().unwrap() }
    }

    fn sources(&self, content: &str, more: &str) -> PathBuf {
        let file = self.folder.path().join("sources.yaml");
        let url = self.web.url("/feed");
        let yaml = format!(
            "crawl: {{ contact: operator@rouei.example, delay: 0s }}\nsources:\n  - id: town\n    publisher: 架空市\n    \
             tier: official\n    allow_private_addresses: true\n    discovery: {{ feed: {{ url: '{url}', content: {content} }} }}\n{more}"
        );
        fs::write(&file, yaml).unwrap();
        file
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str], sources: &Path) -> String {
        let output =
            command().args(arguments).arg("--data").arg(self.data()).arg("--sources").arg(sources).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        stderr(&output)
    }

    /// Path, persons and title of each record.
    fn records(&self) -> Vec<(String, i64)> {
        let data = self.data();
        let output = rouei(["export".as_ref(), "jsonl".as_ref(), "--data".as_ref(), data.as_os_str()]);
        let rows = json_lines(&stdout(&output));
        let path = |row: &Value| row["url"].as_str().unwrap().trim_start_matches(&self.web.url("")).to_owned();
        let mut records: Vec<_> =
            rows.iter().map(|row| (path(row), row["headline_value"].as_i64().unwrap_or(0))).collect();
        records.sort();
        records
    }
}

fn records(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(path, persons)| ((*path).to_owned(), *persons)).collect()
}

#[test]
fn a_crawl_reads_entries_from_the_feed_and_fetches_what_has_a_summary_alone() {
    let town = Town::new();
    let (first, second) = (notice(138), notice(41));
    town.web.put(
        "/feed",
        feed(&[("/n/1?utm_source=rss", "誤送信について", Some(&first)), ("/n/2", "誤送信のお詫び", None)]),
    );
    town.web.put("/n/2", page(&format!("<title>誤送信のお詫び</title><main>{second}</main>")));
    let sources = town.sources("feed", "");
    let said = town.run(&["crawl"], &sources);
    assert_eq!(town.web.asked(), ["/feed", "/n/2"]);
    assert!(said.contains("town: 2 found, 2 new, 0 changed, 0 unchanged"), "{said}");
    assert_eq!(town.records(), records(&[("/n/1", 138), ("/n/2", 41)]));

    // The same feed again.
    let said = town.run(&["crawl"], &sources);
    assert_eq!(town.web.asked(), ["/feed"]);
    assert!(said.contains("0 new, 0 changed, 1 unchanged"), "{said}");
    assert!(said.contains("0 documents read"), "{said}");

    // One more entry, one with another figure; one that is as it was is not read again.
    let (third, changed) = (notice(7), notice(140));
    town.web.put(
        "/feed",
        feed(&[
            ("/n/3", "三件目の誤送信", Some(&third)),
            ("/n/1", "誤送信について", Some(&changed)),
            ("/n/2", "誤送信のお詫び", None),
        ]),
    );
    let said = town.run(&["crawl"], &sources);
    assert!(said.contains("1 new, 1 changed, 0 unchanged"), "{said}");
    assert!(said.contains("2 documents read"), "{said}");
    assert_eq!(town.records(), records(&[("/n/1", 140), ("/n/2", 41), ("/n/3", 7)]));

    // The feed forgets the first; nothing is lost, and reading again gives the same, with the sources or without.
    town.web.put("/feed", feed(&[("/n/3", "三件目の誤送信", Some(&third))]));
    town.run(&["crawl"], &sources);
    for sources in [sources.as_path(), Path::new("no-such-file.yaml")] {
        let said = town.run(&["reextract"], sources);
        assert!(said.contains("3 documents read") && said.contains("0 disclosures new, 0 changed"), "{said}");
        assert_eq!(town.records(), records(&[("/n/1", 140), ("/n/2", 41), ("/n/3", 7)]));
    }
    // An entry is known by its own text, and shows where it stands in it.
    let data = town.data();
    let exported = json_lines(&stdout(&rouei(["export", "jsonl", "--data", data.to_str().unwrap()])));
    let id = exported.iter().find(|r| r["headline_value"] == 140).unwrap()["id"].as_str().unwrap().to_owned();
    let shown = stdout(&rouei(["review", "show", &id, "--data", data.to_str().unwrap()]));
    assert!(shown.contains("140名"), "{shown}");
}

#[test]
fn an_entry_and_its_page_are_one_record() {
    let town = Town::new();
    let (in_feed, on_page) = (notice(138), notice(139));
    town.web.put("/feed", feed(&[("/n/1", "誤送信について", Some(&in_feed))]));
    town.web.put("/n/1", page(&format!("<title>誤送信について</title><main>{on_page}</main>")));
    let (feeds, pages) = (town.sources("feed", ""), "pages");
    town.run(&["crawl"], &feeds);
    assert_eq!(town.records(), records(&[("/n/1", 138)]));

    // Fetched as a page later: the page takes the place of the entry, and keeps it.
    let sources = town.sources(pages, "");
    town.run(&["crawl"], &sources);
    assert_eq!(town.records(), records(&[("/n/1", 139)]));
    town.run(&["reextract"], &sources);
    assert_eq!(town.records(), records(&[("/n/1", 139)]));

    // Back to the feed, which has not changed: the page is still the newest of it.
    let sources = town.sources("feed", "");
    town.run(&["crawl"], &sources);
    assert_eq!(town.records(), records(&[("/n/1", 139)]));

    // And an entry that changes takes the place of the page, also when all is read again.
    let corrected = notice(142);
    town.web.put("/feed", feed(&[("/n/1", "誤送信について", Some(&corrected))]));
    for verb in ["crawl", "crawl", "reextract"] {
        town.run(&[verb], &sources);
        assert_eq!(town.records(), records(&[("/n/1", 142)]), "{verb}");
    }
}

#[test]
fn a_feed_that_was_captured_and_not_read_is_read_by_the_next_run() {
    let town = Town::new();
    let (first, second, left_out) = (notice(138), notice(41), notice(9));
    let entries = [("/n/1", "誤送信について", Some(first.as_str())), ("/diary/2", "誤送信の続報", Some(&left_out))];
    town.web.put("/feed", feed(&entries));
    let sources = town.sources("feed", "    follow: { patterns: ['/n/'] }\n");
    town.run(&["crawl", "--no-extract"], &sources);
    assert_eq!(town.records(), []);
    // What the first capture held is gone from the feed by then.
    town.web.put("/feed", feed(&[("/n/2", "別の誤送信", Some(&second))]));
    let said = town.run(&["crawl"], &sources);
    assert!(said.contains("2 documents read"), "{said}");
    assert_eq!(town.records(), records(&[("/n/1", 138), ("/n/2", 41)]));
    // Of what `follow` accepts only now, the latest capture is looked at once more.
    town.web.put("/feed", feed(&entries));
    town.run(&["crawl"], &sources);
    let sources = town.sources("feed", "");
    town.run(&["crawl"], &sources);
    assert_eq!(town.records(), records(&[("/diary/2", 9), ("/n/1", 138), ("/n/2", 41)]));
}

#[test]
fn a_source_that_says_it_late_is_read_from_what_was_captured() {
    let town = Town::new();
    let text = notice(138);
    town.web.put("/feed", feed(&[("/n/1", "誤送信について", Some(&text))]));
    let output = command()
        .args(["crawl", "--data"])
        .arg(town.data())
        .arg("--sources")
        .arg(town.sources("pages", ""))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "the page is not there: {}", stderr(&output));
    assert_eq!(town.records(), []);
    // Not changed since: the archived answer is read.
    town.run(&["crawl"], &town.sources("feed", ""));
    assert_eq!(town.records(), records(&[("/n/1", 138)]));
}

#[test]
fn files_linked_from_entries_are_fetched_where_attachments_are() {
    let town = Town::new();
    let text = notice(138) + "<p><a href='files/report.PDF'>報告書</a></p>";
    town.web.put("/feed", feed(&[("/n/1/", "誤送信について", Some(&text))]));
    let pdf = fs::read(fixture("pdf/notice.pdf")).unwrap_or_else(|_| b"%PDF-1.4\n".to_vec());
    town.web.put(
        "/n/1/files/report.PDF",
        Answer { status: 200, location: None, content_type: "application/pdf", body: pdf },
    );
    let sources = town.sources("feed", "    attachments: true\n");
    let _ = command().arg("crawl").arg("--data").arg(town.data()).arg("--sources").arg(&sources).output().unwrap();
    assert_eq!(town.web.asked(), ["/feed", "/n/1/files/report.PDF"]);
}

#[test]
fn the_preview_shows_what_is_read_from_the_feed() {
    let town = Town::new();
    let (first, second) = (notice(138), notice(41));
    town.web.put(
        "/feed",
        feed(&[
            ("/n/1", "誤送信について", Some(&first)),
            ("/n/2", "誤送信のお詫び", None),
            ("/x/3", "催し", Some("<p>催しのお知らせ</p>")),
        ]),
    );
    town.web.put("/n/2", page(&format!("<title>誤送信のお詫び</title><main>{second}</main>")));
    let sources = town.sources("feed", "    follow: { patterns: ['/n/'] }\n");
    let output =
        rouei(["source".as_ref(), "preview".as_ref(), "town".as_ref(), "--sources".as_ref(), sources.as_os_str()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let shown = stdout(&output);
    let url = |path: &str| town.web.url(path);
    for line in [
        format!("  = 2025-04-16T00:00:00Z {}  誤送信について", url("/n/1")),
        format!("  + 2025-04-16T00:00:00Z {}  誤送信のお詫び", url("/n/2")),
        format!("  - 2025-04-16T00:00:00Z {}  催し", url("/x/3")),
        format!("feed {} 誤送信について", url("/n/1")),
        format!("200 {} 誤送信のお詫び", url("/n/2")),
    ] {
        assert!(shown.contains(&line), "{line}\n{shown}");
    }
    assert!(shown.contains("138 名") && shown.contains("41 名"), "{shown}");
    assert!(!town.data().exists());
}

#[test]
fn what_content_may_be_is_said_with_its_place() {
    let town = Town::new();
    let sources = town.sources("everything", "");
    let output = rouei(["source".as_ref(), "check".as_ref(), "--sources".as_ref(), sources.as_os_str()]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("sources.yaml:7:") && said.contains("everything") && said.contains("pages"), "{said}");
}

#[test]
fn extract_reads_feeds_as_files_folders_gzip_and_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = fixture("sites/www.ayanari-shoten.example/feed.xml");
    let output = rouei(["extract".as_ref(), "--with-text".as_ref(), file.as_os_str()]);
    assert!(output.status.success());
    assert!(
        stderr(&output).contains("1 entries with only a summary: http://www.ayanari-shoten.example/news/2026/0420/"),
        "{}",
        stderr(&output)
    );
    let lines = json_lines(&stdout(&output));
    let said: Vec<(&str, &str, &Value)> = lines
        .iter()
        .map(|l| &l["document"])
        .map(|d| (d["url"].as_str().unwrap(), d["published"].as_str().unwrap(), &d["publisher"]))
        .collect();
    assert_eq!(
        said,
        [
            ("http://www.ayanari-shoten.example/news/2026/0424/", "2026-04-24", &"株式会社綾鳴商店".into()),
            ("http://www.ayanari-shoten.example/news/2026/0417/", "2026-04-17", &"株式会社綾鳴商店".into()),
            ("http://www.ayanari-shoten.example/news/2026/0408/", "2026-04-08", &"株式会社綾鳴商店".into()),
        ]
    );
    assert_eq!(lines[0]["disclosures"][0]["headline_count"]["value"], 8412);
    let text: Vec<char> = lines[0]["document"]["text"].as_str().unwrap().chars().collect();
    let evidence = &lines[0]["disclosures"][0]["counts"][0]["evidence"][0];
    let (start, end) = (evidence["start"].as_u64().unwrap() as usize, evidence["end"].as_u64().unwrap() as usize);
    assert_eq!(text[start..end].iter().collect::<String>(), evidence["quote"]);

    // Below a folder a feed is known by its first bytes; other XML is no input.
    fs::copy(&file, folder.path().join("feed.xml")).unwrap();
    fs::write(folder.path().join("settings.xml"), "<?xml version='1.0'?><settings/>").unwrap();
    let output = rouei(["extract".as_ref(), folder.path().as_os_str()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json_lines(&stdout(&output)).len(), 3);

    // What a context says of an entry is found by its address.
    let context = folder.path().join("context.jsonl");
    let facts =
        r#"{"url":"http://www.ayanari-shoten.example/news/2026/0408/","publisher":"綾鳴","published":"2026-04-09"}"#;
    fs::write(&context, facts).unwrap();
    let output = rouei(["extract".as_ref(), "--context".as_ref(), context.as_os_str(), file.as_os_str()]);
    let lines = json_lines(&stdout(&output));
    assert_eq!(lines[2]["document"]["published"], "2026-04-09");
    assert_eq!(lines[0]["document"]["published"], "2026-04-24");

    // A feed that cannot be read is an issue on a line of its own.
    let broken = folder.path().join("broken.rss");
    fs::write(&broken, "<rss version='2.0'><channel><item><link>x</title></channel>").unwrap();
    let output = rouei(["extract".as_ref(), broken.as_os_str()]);
    assert_eq!(output.status.code(), Some(3));
    let lines = json_lines(&stdout(&output));
    assert_eq!(lines[0]["issues"][0]["code"], "unknown_format");
    assert!(lines[0]["issues"][0]["message"].as_str().unwrap().contains("begins as a feed"), "{}", lines[0]);
}

#[test]
fn extract_reads_the_feeds_of_archives_once() {
    let town = Town::new();
    let (first, changed) = (notice(138), notice(140));
    let summary = ("/n/2", "誤送信のお詫び", None);
    town.web.put("/n/2", page("<title>誤送信のお詫び</title><main><p>詳細は後日お知らせします。</p></main>"));
    let sources = town.sources("feed", "");
    for text in [&first, &first, &changed] {
        // The summary moves, so that the second capture holds the same entry word for word.
        let entries = [("/n/1", "誤送信について", Some(text.as_str())), summary];
        town.web.put("/feed", feed(&entries));
        town.run(&["crawl"], &sources);
    }
    town.web.put("/feed", feed(&[summary, ("/n/1", "誤送信について", Some(&changed))]));
    town.run(&["crawl"], &sources);
    let output = rouei(["extract".as_ref(), town.data().join("archive").as_os_str()]);
    let lines = json_lines(&stdout(&output));
    let of_entry: Vec<&Value> =
        lines.iter().filter(|l| l["document"]["url"].as_str().unwrap().ends_with("/n/1")).collect();
    let figures: Vec<&Value> = of_entry.iter().map(|l| &l["disclosures"][0]["headline_count"]["value"]).collect();
    assert_eq!(figures, [138, 140], "each text once");
    assert!(of_entry.iter().all(|l| l["document"]["warc_record"].is_string()));
    let said = stderr(&output);
    assert!(said.contains("1 entries that stand in an earlier feed"), "{said}");
    assert!(said.contains("entries with only a summary") && said.contains("/n/2"), "{said}");

    // A withdrawn entry is not handed out again, by whichever way.
    let url = town.web.url("/n/1");
    let data = town.data();
    let arguments =
        ["archive", "withdraw", &url, "--reason", "依頼", "--reviewer", "t", "--data", data.to_str().unwrap()];
    let output = rouei(arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains(&format!("the captures of the feed {} hold its text", town.web.url("/feed"))));
    town.run(&["reextract"], &sources);
    assert_eq!(town.records(), []);
    let output = rouei(["extract".as_ref(), data.join("archive").as_os_str()]);
    assert!(!stdout(&output).contains("/n/1\""), "{}", stdout(&output));
    assert!(stderr(&output).contains("withdrawn"), "{}", stderr(&output));
}
