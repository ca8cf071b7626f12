//! Sources from their entry to their records: fixtures that parse, layouts of their day, copies on several sites.

#![allow(clippy::unwrap_used)]

mod support;
mod web;

use std::path::{Path, PathBuf};

use rouei_crawl::{Catalogue, Discovery, Source, discover};
use support::{command, fixture, json_lines, rouei, stderr, stdout};
use web::{Answer, Web, listing, page};

/// The fixture that stands for a page of a source; none where the source has no fixtures.
fn file_of(url: &url::Url) -> Option<PathBuf> {
    let folder = fixture(&format!("sites/{}", url.host_str()?));
    let path = url.path().trim_start_matches('/');
    let name = if url.path().ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    folder.is_dir().then(|| folder.join(name))
}

/// What is wrong with a source that has a folder of fixtures.
fn check(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let discovery = source.discovery.url();
    let Some(file) = file_of(discovery) else { return wrong };
    let mut say = |text: String| wrong.push(format!("{}: {text}", source.id));
    let Ok(bytes) = std::fs::read(&file) else {
        say(format!("{} is not there", file.display()));
        return wrong;
    };
    let found = match discover(&source.discovery, discovery, None, &bytes, 1 << 20) {
        Ok(found) => found,
        Err(error) => {
            say(error.to_string());
            return wrong;
        }
    };
    let followed: Vec<_> =
        found.items.iter().filter(|i| source.follow.accepts(i.url.as_str(), i.title.as_deref())).collect();
    if followed.is_empty() && found.further.is_empty() && !matches!(source.discovery, Discovery::Page { .. }) {
        say(format!("{} items, none of which is followed", found.items.len()));
    }
    if let Some(untitled) = followed.iter().find(|i| i.title.is_none())
        && !matches!(source.discovery, Discovery::Sitemap { .. })
    {
        say(format!("{} has no title", untitled.url));
    }
    // A page may be gone, or moved, or forbidden; not most of them.
    let there = followed.iter().filter(|i| i.text.is_some() || file_of(&i.url).is_some_and(|f| f.is_file())).count();
    if there * 2 < followed.len() {
        say(format!("only {there} of {} pages have a fixture", followed.len()));
    }
    wrong
}

#[test]
fn every_source_with_fixtures_finds_its_pages_in_them() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for file in [fixture("sites/sources.yaml"), fixture("../sources.yaml")] {
        let yaml = std::fs::read_to_string(&file).unwrap();
        for source in Catalogue::parse(&file.display().to_string(), &yaml).unwrap().sources {
            checked += usize::from(file_of(source.discovery.url()).is_some());
            wrong.extend(check(&source));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked >= 9, "{checked} sources have fixtures");
}

#[test]
fn the_file_is_checked_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.yaml");
    std::fs::write(
        &file,
        "sources:\n  - id: A\n    publisher: p\n    tier: press\n    discovery: { page: { url: 'https://a.example/' } }\n  \
         - id: b\n    publisher: ' '\n    tier: press\n    discovery: { page: { url: 'https://a.example/' } }\n",
    )
    .unwrap();
    let output = rouei(["source".as_ref(), "check".as_ref(), "--sources".as_ref(), file.as_os_str()]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(
        said.contains("s.yaml:2:5: id \"A\"") && said.contains("s.yaml:6:5: source \"b\" names no publisher"),
        "{said}"
    );
}

fn write_sources(folder: &Path, sources: &str) -> PathBuf {
    let file = folder.join("sources.yaml");
    std::fs::write(&file, format!("crawl: {{ contact: operator@rouei.example, delay: 0s }}\nsources:\n{sources}"))
        .unwrap();
    file
}

fn source(id: &str, tier: &str, discovery: &str) -> String {
    format!(
        "  - id: {id}\n    publisher: 架空{id}\n    tier: {tier}\n    delay: 0s\n    allow_private_addresses: true\n    \
         discovery: {discovery}\n"
    )
}

fn run(verb: &str, folder: &Path, sources: &Path) -> String {
    let mut command = command();
    command.arg(verb).arg("--data").arg(folder.join("data")).arg("--sources").arg(sources);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stderr(&output)
}

fn exported(folder: &Path) -> Vec<serde_json::Value> {
    let data = folder.join("data");
    let output = rouei(["export".as_ref(), "jsonl".as_ref(), "--data".as_ref(), data.as_os_str()]);
    json_lines(&stdout(&output))
}

const NOTICE: &str = "<h1>電子メールの誤送信による個人情報の漏えいについて</h1>\
    <p>架空市は、令和7年4月15日に市民講座の受講者へ案内を送った際、宛先を誤って互いに見える形で送信し、\
    受講者138名の電子メールアドレスが漏えいしたと発表した。</p>\
    <p>担当の職員が送信の前に宛先の欄を確かめなかったことが原因である。市は受講者全員に電話と文書でお詫びし、\
    受信した電子メールの削除を依頼した。これまでに二次被害の報告は受けていない。</p>\
    <p>今後は、複数の職員による確認を送信の条件とし、一斉送信には専用の仕組みを用いることで、再発の防止に努める。\
    あわせて、全職員を対象とする研修を行い、個人情報の取扱いについて改めて周知する。</p>";

#[test]
fn a_notice_on_several_sites_is_marked_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (city, blog) = (Web::serve(), Web::serve_on("127.0.0.2"));
    city.put("/houdou/1.html", page(&format!("<title>誤送信について｜架空市</title><main>{NOTICE}</main>")));
    // The same word for word, under a heading of its own and with a remark.
    blog.put(
        "/entry/9",
        page(&format!(
            "<title>【転載】誤送信について</title><nav><a href=/>戻る</a></nav><article>{NOTICE}<p>以上、転載。</p></article>"
        )),
    );
    let sources = write_sources(
        folder.path(),
        &(source("city", "official", &format!("{{ page: {{ url: '{}' }} }}", city.url("/houdou/1.html")))
            + &source("blog", "repost", &format!("{{ page: {{ url: '{}' }} }}", blog.url("/entry/9")))),
    );
    run("crawl", folder.path(), &sources);
    let rows = exported(folder.path());
    assert_eq!(rows.len(), 2, "a copy is kept like any page");
    let of = |source: &str| rows.iter().find(|r| r["source"] == source).unwrap()["near_duplicate_of"].clone();
    assert_eq!(of("blog"), city.url("/houdou/1.html"));
    assert_eq!(of("city"), serde_json::Value::Null);
    let data = folder.path().join("data");
    let status = stdout(&rouei(["status".as_ref(), "--data".as_ref(), data.as_os_str()]));
    assert!(status.contains("2 (1 near duplicates of earlier ones)"), "{status}");
    let id = rows.iter().find(|r| r["source"] == "blog").unwrap()["id"].as_str().unwrap().to_owned();
    let shown = stdout(&rouei(["review", "show", &id, "--data", data.to_str().unwrap()]));
    assert!(shown.contains(&format!("near-duplicate of {}", city.url("/houdou/1.html"))), "{shown}");
    let incidents = rouei(["incident", "list", "--format", "json", "--data", data.to_str().unwrap()]);
    assert_eq!(stdout(&incidents).lines().filter(|l| l.contains("138")).count(), 1, "counted once");

    // Read again, the same: the later one is known by what the pages say, not by the order of reading.
    run("reextract", folder.path(), &sources);
    assert_eq!(exported(folder.path()), rows);
}

#[test]
fn archived_listings_are_read_by_the_layout_of_their_day() {
    let folder = tempfile::tempdir().unwrap();
    let city = Web::serve();
    city.put("/", page("<ul><li><i>2025年4月16日</i><a href='/n/1'>お詫び</a></li></ul>"));
    city.put("/n/1", page(&format!("<title>お詫び</title><main>{NOTICE}</main>")));
    let listing =
        |date: &str| format!("{{ listing: {{ url: '{}', item_selector: li, date_selector: {date} }} }}", city.url("/"));
    let sources = write_sources(folder.path(), &source("city", "official", &listing("time")));
    run("crawl", folder.path(), &sources);
    assert_eq!(exported(folder.path())[0]["published"], serde_json::Value::Null, "the selector finds nothing");

    // The site has been redesigned since; the selector for the pages of today is another one.
    let tomorrow = jiff::Zoned::now().date().tomorrow().unwrap().tomorrow().unwrap();
    let entry = source("city", "official", &listing("'p.date'"))
        + &format!("    earlier:\n      - {{ until: {tomorrow}, discovery: {} }}\n", listing("i"));
    let sources = write_sources(folder.path(), &entry);
    run("reextract", folder.path(), &sources);
    assert_eq!(exported(folder.path())[0]["published"], "2025-04-16");
}

#[test]
fn whoever_only_looks_leaves_nothing() {
    let web = Web::serve();
    let robots = b"User-agent: *\nDisallow: /private\n".to_vec();
    web.put("/robots.txt", Answer { status: 200, location: None, content_type: "text/plain", body: robots });
    web.put("/", listing(&["/n/1", "/private/2"]));
    web.put("/n/1", page(NOTICE));
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let discovery = format!("{{ listing: {{ url: '{}', item_selector: li }} }}", web.url("/"));
    let sources = write_sources(folder.path(), &source("town", "official", &discovery));
    let look = |arguments: &[&str], code: i32| {
        let output = command().args(arguments).arg("--sources").arg(&sources).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    };
    assert!(look(&["source", "check"], 0).contains("1 sources, 1 enabled"));
    let previewed = look(&["source", "preview", "town"], 3);
    assert!(previewed.contains("2 items found") && previewed.contains("138 名"), "{previewed}");
    assert!(previewed.contains("robots.txt forbids it (line 2: Disallow: /private)"), "{previewed}");
    for (path, expected) in [("/private/2", "not allowed line 2: Disallow: /private"), ("/n/1", "allowed")] {
        let decided = look(&["source", "robots", &web.url(path)], 0);
        assert!(decided.starts_with(expected), "{path}: {decided}");
    }
    let at = data.to_str().unwrap();
    assert!(look(&["source", "list", "--data", at], 0).contains("never visited"));
    let would = look(&["crawl", "--dry-run", "--due", "--data", at], 0);
    assert_eq!(would, format!("town listing {}\n", web.url("/")));
    assert!(!data.exists());
}
