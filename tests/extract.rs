//! The contract of `rouei extract`: a line for every input, in order, whatever it holds.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use support::{fixture, json_lines, rouei, stderr, stdout};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Issue codes of the document and its disclosures.
fn codes(line: &serde_json::Value) -> Vec<String> {
    line["issues"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn bad_input_gets_an_issue_and_costs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let page = "<!DOCTYPE html><meta charset=utf-8><title>個人情報の漏えいについて | 霧笛原市</title>\
                <p>霧笛原市は4月3日、メールの誤送信で24人分のメールアドレスが漏えいしたと発表した。</p>";
    let (lying, _, _) = encoding_rs::SHIFT_JIS.encode(page);
    write("01-empty.html", b"");
    write("02-divs.html", &[b"<html><body>".as_slice(), &b"<div>".repeat(400_000)].concat());
    let whole = gzip(page.repeat(200).as_bytes());
    write("03-truncated.html.gz", &whole[..whole.len() / 2]);
    write("04-broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ngarbage");
    write("05-binary.html", &(0..=255u8).cycle().take(4096).collect::<Vec<_>>());
    write("06-lying.html", &lying);
    write("07-good.html", page.as_bytes());
    fs::copy(fixture("pdf/image-only.pdf"), folder.path().join("08-image.pdf")).unwrap();

    let started = Instant::now();
    let output = rouei(["extract".as_ref(), folder.path().as_os_str(), Path::new("no-such-file.html").as_os_str()]);
    assert!(started.elapsed() < Duration::from_secs(60), "took {:?}", started.elapsed());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));

    let lines = json_lines(&stdout(&output));
    let found: Vec<(String, Vec<String>)> = lines
        .iter()
        .map(|l| (l["document"]["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned(), codes(l)))
        .collect();
    let expect = [
        ("01-empty.html", "empty_input"),
        ("02-divs.html", "nesting_too_deep"),
        ("03-truncated.html.gz", "truncated"),
        ("04-broken.pdf", "broken_pdf"),
        ("05-binary.html", "unknown_format"),
        ("06-lying.html", "charset_mismatch"),
        ("07-good.html", ""),
        ("08-image.pdf", "image_only"),
        ("no-such-file.html", "unreadable"),
    ];
    assert_eq!(found.len(), expect.len(), "{found:?}");
    for ((name, codes), (want_name, want_code)) in found.iter().zip(expect) {
        assert_eq!(name, want_name);
        let right = if want_code.is_empty() { codes.is_empty() } else { codes.iter().any(|c| c == want_code) };
        assert!(right, "{name}: {codes:?}, expected {want_code:?}");
    }
    // The page that lies about its charset says the same as the honest one.
    for index in [5, 6] {
        let disclosure = &lines[index]["disclosures"][0];
        assert_eq!(disclosure["organizations"][0]["name"], "霧笛原市", "{}", lines[index]);
        assert_eq!(disclosure["headline_count"]["value"], 24);
    }
}

#[test]
fn output_is_the_same_whatever_the_number_of_threads() {
    let pages = fixture("sites");
    let run = |threads: &str| stdout(&rouei(["extract".as_ref(), "-j".as_ref(), threads.as_ref(), pages.as_os_str()]));
    let one = run("1");
    assert!(one.lines().count() > 30);
    assert_eq!(one, run("4"));
}

#[test]
fn evidence_counts_code_points_of_the_text() {
    let output = rouei(["extract".as_ref(), "--with-text".as_ref(), fixture("sites").as_os_str()]);
    let mut checked = 0;
    for line in json_lines(&stdout(&output)) {
        let text: Vec<char> = line["document"]["text"].as_str().unwrap().chars().collect();
        assert_eq!(line["document"]["text_chars"], text.len());
        for disclosure in line["disclosures"].as_array().unwrap() {
            for field in ["organizations", "counts", "causes", "dates", "data_types"] {
                for claim in disclosure[field].as_array().unwrap() {
                    for evidence in claim["evidence"].as_array().unwrap() {
                        let (start, end) =
                            (evidence["start"].as_u64().unwrap() as usize, evidence["end"].as_u64().unwrap() as usize);
                        let quoted: String = text[start..end].iter().collect();
                        assert_eq!(quoted, evidence["quote"], "{}", line["document"]["path"]);
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked > 200, "only {checked} places");
}

#[test]
fn warc_files_are_read_record_by_record() {
    let folder = tempfile::tempdir().unwrap();
    let demo = rouei(["demo".as_ref(), "--data".as_ref(), folder.path().as_os_str()]);
    assert!(demo.status.success(), "{}", stderr(&demo));
    let output = rouei(["extract".as_ref(), folder.path().join("archive").as_os_str()]);
    let lines = json_lines(&stdout(&output));
    let with_record = lines.iter().filter(|l| l["document"]["warc_record"].is_string()).count();
    assert_eq!(with_record, lines.len());
    assert!(lines.iter().any(|l| !l["disclosures"].as_array().unwrap().is_empty()));
    assert!(lines.iter().all(|l| l["document"]["url"].is_string() && l["document"]["captured"].is_string()));
}

#[test]
fn context_is_validated_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let context = folder.path().join("context.jsonl");
    fs::write(&context, "{\"path\":\"a.txt\"}\n{\"path\":\"b.txt\",\"published\":\"soon\"}\n").unwrap();
    let output = rouei(["extract".as_ref(), "--context".as_ref(), context.as_os_str(), "-".as_ref()]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("context.jsonl:2:"), "{}", stderr(&output));
}
