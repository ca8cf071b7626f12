//! `rouei archive` and archives of other tools, as a user meets them.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rouei_archive::{ArchiveReader, archive_files};
use serde::Deserialize;
use support::{fixture, json_lines, rouei, stderr, stdout};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    lines: Vec<Line>,
    passed: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    page: Option<String>,
    organization: Option<String>,
    issue: Option<String>,
}

#[test]
fn archives_of_other_tools() {
    let text = fs::read_to_string(fixture("warc/cases.toml")).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap();
    for case in &cases.case {
        check(case);
    }
    let known: BTreeSet<&str> = cases.case.iter().map(|c| c.file.as_str()).chain(["cases.toml", "make.py"]).collect();
    for entry in fs::read_dir(fixture("warc")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(name.as_str()), "{name} has no case");
    }
}

fn check(case: &Case) {
    let file = &case.file;
    let output = rouei(["extract".as_ref(), fixture(&format!("warc/{file}")).as_os_str()]);
    let lines = json_lines(&stdout(&output));
    assert_eq!(lines.len(), case.lines.len(), "{file}: {lines:#?}");
    for (found, expected) in lines.iter().zip(&case.lines) {
        let url = found["document"]["url"].as_str().unwrap_or_default();
        let page = expected.page.as_deref().unwrap_or_default();
        assert!(url.ends_with(page) && url.is_empty() == page.is_empty(), "{file}: {url:?}");
        let organization = found["disclosures"][0]["organizations"][0]["name"].as_str();
        assert_eq!(organization, expected.organization.as_deref(), "{file}: {url}");
        let messages: Vec<&str> =
            found["issues"].as_array().unwrap().iter().map(|i| i["message"].as_str().unwrap()).collect();
        match &expected.issue {
            Some(issue) => assert!(messages.iter().any(|m| m.contains(issue)), "{file}: {messages:?}"),
            None => assert!(messages.is_empty(), "{file}: {messages:?}"),
        }
    }
    let cut_off = |line: &Line| line.issue.as_ref().is_some_and(|issue| issue.contains("was cut off"));
    let unread = case.lines.iter().any(|line| line.page.is_none() || cut_off(line));
    assert_eq!(output.status.code(), Some(if unread { 3 } else { 0 }), "{file}");
    match &case.passed {
        Some(passed) => {
            assert!(stderr(&output).contains(&format!("passed over: {passed}\n")), "{file}: {}", stderr(&output))
        }
        None => assert_eq!(stderr(&output), "", "{file}"),
    }
}

/// A data folder with one crawl in it.
fn crawled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let demo = rouei(["demo".as_ref(), "--data".as_ref(), folder.path().as_os_str()]);
    assert!(demo.status.success(), "{}", stderr(&demo));
    folder
}

/// Runs `rouei ARGUMENTS --data FOLDER`; standard output, standard error, exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(|a| a.as_ref()).collect();
    all.extend(["--data".as_ref(), folder.as_os_str()]);
    let output = rouei(all);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    (out, stderr(&output), output.status.code().unwrap())
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let (out, err, code) = run(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

const NOTICE: &str = "http://city.mikasano.example/houdou/";

fn a_notice(folder: &Path) -> serde_json::Value {
    let exported = json_lines(&done(folder, &["export", "jsonl"]));
    exported.into_iter().find(|row| row["url"].as_str().unwrap().starts_with(NOTICE)).unwrap()
}

#[test]
fn captures_are_listed_shown_and_exported() {
    let folder = crawled();
    let data = folder.path();
    let all = json_lines(&done(data, &["archive", "list", "--from", "2020-01", "--format", "json"]));
    let of_source = |id: &str| all.iter().filter(|c| c["source"] == id).count();
    assert!(of_source("mikasano-city") > 3);
    let listed = json_lines(&done(data, &["archive", "list", "--source", "mikasano-city", "--format", "json"]));
    assert_eq!(listed.len(), of_source("mikasano-city"));
    assert_eq!(done(data, &["archive", "list", "--to", "2020-01-01", "--format", "json"]), "");
    let url = a_notice(data)["url"].as_str().unwrap().to_owned();
    let capture = listed.iter().find(|c| c["url"] == url.as_str()).unwrap();

    let shown = done(data, &["archive", "show", &url]);
    let id = capture["record"].as_str().unwrap();
    for part in ["WARC-Type: response", id, "HTTP/1.1 200", "content-type: text/html", "</title>"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    // How the page was come by, as other tools read it.
    let files = rouei_archive::archive_files(&data.join("archive")).unwrap();
    let records = files.iter().flat_map(|file| rouei_archive::ArchiveReader::open(file).unwrap()).map(Result::unwrap);
    let about = format!("<{id}>");
    let said = records.filter(|r| r.header.get("WARC-Refers-To") == Some(&about)).map(|r| r.block).collect::<Vec<_>>();
    let via = "via: http://city.mikasano.example/houdou/index.html\r\nlink-title: ";
    assert!(said.len() == 1 && said[0].starts_with(via.as_bytes()), "{:?}", String::from_utf8_lossy(&said.concat()));

    let heads = done(data, &["archive", "show", id, "--headers"]);
    assert!(shown.starts_with(&heads) && !heads.contains("</title>"), "{heads}");
    assert_eq!(done(data, &["archive", "show", id.trim_start_matches("urn:uuid:"), "--headers"]), heads);
    let body = rouei([
        "archive".as_ref(),
        "show".as_ref(),
        "--body".as_ref(),
        url.as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
    ]);
    assert_eq!(body.stdout.len() as u64, capture["bytes"].as_u64().unwrap());
    let (_, message, code) = run(data, &["archive", "show", &url, "--at", "2020-01-01"]);
    assert!(code == 2 && message.contains("holds no capture of"), "{code} {message}");
    let (_, message, code) = run(data, &["archive", "list", "--from", "soon"]);
    assert!(code == 2 && message.contains("\"soon\" is no time"), "{code} {message}");

    let out = tempfile::tempdir().unwrap();
    let part = out.path().join("part.warc.gz");
    let part = part.to_str().unwrap();
    done(data, &["archive", "export", "--output", part, "--url", &format!("{NOTICE}*")]);
    let records: Vec<_> = ArchiveReader::open(Path::new(part)).unwrap().map(Result::unwrap).collect();
    let pages = records.iter().filter_map(|r| r.page()).count();
    assert_eq!(pages, all.iter().filter(|c| c["url"].as_str().unwrap().starts_with(NOTICE)).count());
    // What was exported reads as what it was taken from.
    let of = |path: &str| -> Vec<String> {
        let output = rouei(["extract", path]);
        json_lines(&stdout(&output))
            .iter()
            .filter(|l| l["document"]["url"].as_str().unwrap_or_default().starts_with(NOTICE))
            .map(|l| l["disclosures"].to_string())
            .collect()
    };
    assert_eq!(of(part), of(data.join("archive").to_str().unwrap()));
    let (_, message, code) = run(data, &["archive", "export", "--output", part]);
    assert!(code == 1 && message.contains("exists, and is not overwritten"), "{code} {message}");
    let inside = data.join("archive/part.warc.gz");
    let (_, message, code) = run(data, &["archive", "export", "--output", inside.to_str().unwrap()]);
    assert!(code == 2 && message.contains("lies in the archive itself"), "{code} {message}");
    let streamed = rouei([
        "archive".as_ref(),
        "export".as_ref(),
        "-o".as_ref(),
        "-".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
    ]);
    assert_eq!(streamed.status.code(), Some(0), "{}", stderr(&streamed));
    fs::write(out.path().join("all.warc.gz"), &streamed.stdout).unwrap();
    assert_eq!(rouei_archive::verify(out.path()).unwrap().faults, []);
}

#[test]
fn what_is_withdrawn_is_gone_everywhere_and_stays_gone() {
    let folder = crawled();
    let data = folder.path();
    let notice = a_notice(data);
    let (url, organization) = (notice["url"].as_str().unwrap(), notice["organization"].as_str().unwrap());
    let month = &notice["placed"].as_str().unwrap()[..7];
    let report = |when: &str| {
        let reports = data.join(format!("reports-{when}"));
        done(data, &["report", "month", month, "--output", reports.to_str().unwrap()]);
        let files: Vec<PathBuf> = fs::read_dir(reports).unwrap().map(|f| f.unwrap().path()).collect();
        files.iter().map(|f| fs::read_to_string(f).unwrap()).collect::<String>()
    };
    let extracted = || {
        let output = rouei(["extract".as_ref(), data.join("archive").as_os_str()]);
        (stdout(&output).contains(&format!("\"url\":\"{url}\"")), stderr(&output))
    };
    assert!(report("before").contains(url) && extracted().0);
    let reviewed = notice["id"].as_str().unwrap();
    done(data, &["review", "accept", reviewed, "--reviewer", "tester"]);

    let (_, message, code) = run(data, &["archive", "withdraw", url, "--reviewer", "tester", "--reason", "依頼による"]);
    assert_eq!(code, 0, "{message}");
    assert!(message.contains("1 documents"), "{message}");
    let gone = |when: &str| {
        assert!(!done(data, &["export", "jsonl"]).contains(url), "{when}");
        assert!(!done(data, &["incident", "list", "--format", "json"]).contains(&notice["id"].to_string()), "{when}");
        assert!(!report(when).contains(url), "{when}");
        let (found, message) = extracted();
        assert!(!found && message.contains("1 withdrawn"), "{when}: {message}");
        let (_, message, code) = run(data, &["archive", "show", url]);
        assert!(code == 2 && message.contains("is withdrawn"), "{when}: {code} {message}");
        let out = tempfile::tempdir().unwrap();
        let part = out.path().join("part.warc.gz");
        let (_, message, _) = run(data, &["archive", "export", "-o", part.to_str().unwrap()]);
        assert!(message.contains("1 withdrawn"), "{when}: {message}");
        let urls: Vec<String> =
            ArchiveReader::open(&part).unwrap().filter_map(|r| r.unwrap().url().map(str::to_owned)).collect();
        assert!(!urls.iter().any(|u| u == url) && urls.len() > 50, "{when}");
    };
    gone("withdrawn");
    assert!(done(data, &["archive", "withdrawn"]).contains("依頼による"));
    // The bytes of the database do not hold the text any more, and neither another reading nor another crawl brings it.
    let (_, message, code) = run(data, &["reextract"]);
    assert_eq!(code, 0, "{message}");
    gone("reextracted");
    let demo = rouei(["demo".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert!(demo.status.success(), "{}", stderr(&demo));
    gone("crawled");

    done(data, &["archive", "reinstate", url, "--reviewer", "tester", "--reason", "撤回の取消し"]);
    let (_, message, code) = run(data, &["archive", "reinstate", url, "--reviewer", "tester", "--reason", "x"]);
    assert!(code == 2 && message.contains("is not withdrawn"), "{code} {message}");
    done(data, &["reextract"]);
    let back = a_notice(data);
    assert_eq!((back["url"].as_str(), back["organization"].as_str()), (Some(url), Some(organization)));
    assert!(report("after").contains(url) && extracted().0);
    let verified = rouei_archive::verify(&data.join("archive")).unwrap();
    assert!(verified.faults.is_empty() && !archive_files(&data.join("archive")).unwrap().is_empty());
}
