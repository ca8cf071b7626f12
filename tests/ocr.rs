//! Image releases: read where `tesseract` knows Japanese, and called by their name where it does not.
//!
//! What the machine lacks is not tested as if it were there: each test then checks what is said instead, and says so on
//! standard error.

#![allow(clippy::unwrap_used)]

mod support;
mod web;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::{command, fixture, json_lines, stderr, stdout};
use web::{Answer, Web, page};

fn program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn japanese_is_installed() -> bool {
    let languages = Command::new("tesseract").arg("--list-langs").output();
    let known = languages.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).lines().any(|line| line.trim() == "jpn"));
    if !known {
        eprintln!("tesseract with jpn is not installed: only what is said without it is tested");
    }
    known
}

/// The line of one file, with `PATH` as given.
fn extract(file: &Path, path: Option<&Path>) -> (serde_json::Value, Output) {
    let mut command = command();
    command.arg("extract").arg("--with-text").arg(file);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.output().unwrap();
    let mut lines = json_lines(&stdout(&output));
    assert_eq!(lines.len(), 1, "{}", stderr(&output));
    (lines.remove(0), output)
}

/// Code and message of the first issue of the document.
fn issue(line: &serde_json::Value) -> (String, String) {
    let text = |key: &str| line["issues"][0][key].as_str().unwrap_or_default().to_owned();
    (text("code"), text("message"))
}

#[test]
fn pictures_and_scans_are_read_and_doubted() {
    let installed = japanese_is_installed();
    for name in ["notice.png", "notice.tif", "notice.jpg", "scan.pdf"] {
        let (line, output) = extract(&fixture(&format!("ocr/{name}")), None);
        let (code, message) = issue(&line);
        assert!(message.starts_with("image release: "), "{name}: {message}");
        if !installed {
            assert_eq!((code.as_str(), output.status.code()), ("image_only", Some(3)), "{name}: {message}");
            continue;
        }
        assert_eq!((code.as_str(), output.status.code()), ("ocr", Some(0)), "{name}: {message}");
        assert!(message.contains("recognised by tesseract"), "{name}: {message}");
        let disclosure = &line["disclosures"][0];
        assert_eq!(disclosure["headline_count"]["value"], 38, "{name}: {line}");
        assert_eq!(disclosure["needs_review"], true, "{name}");
        assert!(disclosure["confidence"].as_f64().unwrap() < 0.6, "{name}: {}", disclosure["confidence"]);
        assert_eq!(disclosure["issues"].as_array().unwrap().last().unwrap()["code"], "ocr", "{name}");
        assert!(line["document"]["text"].as_str().unwrap().contains("受講者38人分のメールアドレス"), "{name}: {line}");
        for claims in ["organizations", "counts", "causes", "dates", "data_types"] {
            for claim in disclosure[claims].as_array().unwrap() {
                assert!(claim["confidence"].as_f64().unwrap() <= 0.8, "{name}: {claim}");
            }
        }
    }
}

/// A folder with these programs in it and no others.
fn path_with(programs: &[PathBuf]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    for program in programs {
        std::os::unix::fs::symlink(program, folder.path().join(program.file_name().unwrap())).unwrap();
    }
    folder
}

#[test]
fn without_the_program_the_document_says_so() {
    let none = path_with(&[]);
    for name in ["notice.png", "scan.pdf"] {
        let (line, output) = extract(&fixture(&format!("ocr/{name}")), Some(none.path()));
        let (code, message) = issue(&line);
        assert_eq!((code.as_str(), output.status.code()), ("image_only", Some(3)));
        assert!(message.contains("image release") && message.ends_with("tesseract is not installed"), "{message}");
        assert!(line["disclosures"].as_array().unwrap().is_empty());
    }
}

#[cfg(unix)]
#[test]
fn without_pdftoppm_the_picture_inside_the_pdf_is_read() {
    if !japanese_is_installed() {
        return;
    }
    let path = path_with(&[program("tesseract").unwrap()]);
    let (line, output) = extract(&fixture("ocr/scan.pdf"), Some(path.path()));
    assert_eq!(output.status.code(), Some(0), "{line}");
    assert_eq!(issue(&line).0, "ocr", "{line}");
    assert!(line["document"]["text"].as_str().unwrap().contains("38人分"), "{line}");
}

/// A program of this name that does what the script says.
#[cfg(unix)]
fn script(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_costs_its_document() {
    for (text, said) in [
        ("if [ \"$1\" = --list-langs ]; then echo eng; fi", "without its Japanese model"),
        (
            "if [ \"$1\" = --list-langs ]; then echo jpn; exit; fi\nif [ \"$1\" = --version ]; then echo fake 1; exit; fi\n\
          echo no memory >&2; exit 1",
            "tesseract failed (exit status: 1): no memory",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        script(folder.path(), "tesseract", text);
        let (line, output) = extract(&fixture("ocr/notice.png"), Some(folder.path()));
        let (code, message) = issue(&line);
        assert_eq!((code.as_str(), output.status.code()), ("image_only", Some(3)));
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn bounds_are_held_before_the_picture_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = folder.path().join("bomb.png");
    let size = [100_000u32.to_be_bytes(), 100_000u32.to_be_bytes()].concat();
    fs::write(&bomb, [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\0\0\0\0\0\0\0\0"].concat()).unwrap();
    let broken = folder.path().join("broken.jpg");
    fs::write(&broken, b"\xff\xd8\xff rubbish").unwrap();
    let installed = japanese_is_installed();
    for (file, said) in [
        (bomb, "too large: 100000 x 100000 dots"),
        (broken, "no picture that can be read"),
        (fixture("ocr/blank.png"), "no text was recognised"),
    ] {
        let (line, output) = extract(&file, None);
        let (code, message) = issue(&line);
        assert_eq!((code.as_str(), output.status.code()), ("image_only", Some(3)), "{message}");
        let said = if installed { said } else { "not installed" };
        assert!(message.contains(said) || !installed && message.contains("Japanese model"), "{message}");
    }
}

#[test]
fn a_page_that_is_a_picture_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        "<!DOCTYPE html><meta charset=utf-8><title>お詫び | 青浜市</title>\
         <body><main><h1>個人情報の漏えいについて</h1><img src=\"https://www.aohama.example/img/notice.png\"></main>",
    )
    .unwrap();
    let (line, output) = extract(&page, None);
    let (code, message) = issue(&line);
    assert_eq!((code.as_str(), output.status.code()), ("image_only", Some(3)));
    assert!(message.contains("shows https://www.aohama.example/img/notice.png"), "{message}");
}

/// A program that reads every picture as this notice.
#[cfg(unix)]
const FAKE: &str = "case \"$1\" in\n--list-langs) echo jpn;;\n--version) echo tesseract 0.0-test;;\n*) printf '%s\\n' \
    'お詫びとお知らせ' '架空市は、令和7年4月15日に市民講座の受講者へ案内を送った際、宛先を誤って送信し、受講者138名の電子メールアドレスが' \
    '漏えいしました。深くお詫び申し上げます。' > \"$2.txt\"; : > \"$2.tsv\";;\nesac";

#[cfg(unix)]
#[test]
fn the_pictures_of_an_image_release_are_fetched_where_the_source_asks_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let web = Web::serve();
    let picture = |name: &str, content_type| {
        let body = fs::read(fixture(&format!("ocr/{name}"))).unwrap();
        Answer { status: 200, location: None, content_type, body }
    };
    let release = "<title>お詫び</title><main><h1>お詫びとお知らせ</h1><img src=/img/notice.png><img src=/img/second.webp>\
        <img src=/img/private/third.png></main>";
    let robots = b"User-agent: *\nDisallow: /img/private/\n".to_vec();
    web.put("/robots.txt", Answer { status: 200, location: None, content_type: "text/plain", body: robots });
    web.put(
        "/",
        page("<ul><li><i>2025年4月16日</i><a href=/n/1>お詫びとお知らせ</a></li><li><a href=/n/2>催し</a></li></ul>"),
    );
    web.put("/n/1", page(release));
    let words = "市民講座を開きます。".repeat(20);
    web.put("/n/2", page(&format!("<title>催し</title><main><p>{words}</p><img src=/img/poster.png></main>")));
    web.put("/img/notice.png", picture("notice.png", "image/png"));
    let sources = |pictures: bool| {
        let file = folder.path().join("sources.yaml");
        let yaml = format!(
            "crawl: {{ contact: operator@rouei.example, delay: 0s }}\nsources:\n  - id: town\n    publisher: 架空市\n    \
             tier: official\n    allow_private_addresses: true\n    pictures: {pictures}\n    \
             discovery: {{ listing: {{ url: '{}', item_selector: li, date_selector: i }} }}\n",
            web.url("/")
        );
        fs::write(&file, yaml).unwrap();
        file
    };
    let bin = tempfile::tempdir().unwrap();
    script(bin.path(), "tesseract", FAKE);
    let with_program = format!("{}:/usr/bin:/bin", bin.path().display());
    let none = path_with(&[]);
    let crawl = |data: &str, pictures: bool, path: &str| {
        let data = folder.path().join(data);
        let mut command = command();
        command.arg("crawl").arg("--data").arg(&data).arg("--sources").arg(sources(pictures)).env("PATH", path);
        let said = stderr(&command.output().unwrap());
        let mut export = self::command();
        export.args(["export", "jsonl", "--data"]).arg(&data);
        (said, json_lines(&stdout(&export.output().unwrap())))
    };
    let asked = || {
        let mut asked = web.asked();
        asked.sort();
        asked
    };

    let (said, records) = crawl("unasked", false, &with_program);
    assert_eq!(asked(), ["/", "/n/1", "/n/2"]);
    assert!(said.contains("image release: the page says") && records.is_empty(), "{said}");

    // Kinds that are not read are not asked for, nor what robots.txt forbids, nor pictures beside a text.
    let (said, records) = crawl("read", true, &with_program);
    assert_eq!(asked(), ["/", "/img/notice.png", "/n/1", "/n/2"]);
    assert!(said.contains("/img/private/third.png: robots.txt forbids it"), "{said}");
    assert_eq!(records.len(), 1, "{said}");
    assert_eq!(records[0]["url"], web.url("/img/notice.png"));
    assert_eq!((&records[0]["headline_value"], &records[0]["published"]), (&138.into(), &"2025-04-16".into()));
    assert_eq!(records[0]["needs_review"], true);
    assert!(records[0]["confidence"].as_f64().unwrap() < 0.6, "{}", records[0]);
    // The archive holds the picture; reading it again gives the same.
    let mut command = command();
    command.args(["extract", "--with-text"]).arg(folder.path().join("read/archive")).env("PATH", &with_program);
    let lines = json_lines(&stdout(&command.output().unwrap()));
    let line = lines.iter().find(|l| l["document"]["url"] == web.url("/img/notice.png")).unwrap();
    assert_eq!(issue(line).0, "ocr", "{line}");

    // Without the program, both the page and its picture are named.
    let (said, records) = crawl("missing", true, none.path().to_str().unwrap());
    assert!(records.is_empty() && said.contains("image release: a picture; tesseract is not installed"), "{said}");
}
