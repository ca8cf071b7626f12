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

/// The rows of a CSV file as maps from column to text.
fn sheet(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut lines = rows(text).into_iter();
    let names = lines.next().unwrap();
    lines
        .map(|row| {
            assert_eq!(row.len(), names.len(), "{row:?}");
            names.iter().cloned().zip(row).collect()
        })
        .collect()
}

/// RFC 4180, read anew: quotes, doubled quotes, line ends in cells.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

#[test]
fn flat_tables_hold_what_the_lines_hold() {
    let out = tempfile::tempdir().unwrap();
    let pages = fixture("sites");
    let lines = json_lines(&stdout(&rouei(["extract".as_ref(), pages.as_os_str()])));
    let (folder, path) = (out.path().to_str().unwrap(), pages.to_str().unwrap());
    let output = rouei(["extract", "--format", "csv", "--out", folder, path]);
    assert_eq!(stdout(&output), "", "{}", stderr(&output));
    let read = |name: &str| sheet(&fs::read_to_string(out.path().join(name)).unwrap());
    let (documents, disclosures, claims) = (read("documents.csv"), read("disclosures.csv"), read("claims.csv"));
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 3);
    assert_eq!(documents.len(), lines.len());
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let blanks = |codes: &serde_json::Value| {
        let codes = codes.as_array().into_iter().flatten();
        codes.map(|code| code.as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    assert!(disclosures.iter().any(|d| d["report_types"].contains(' ')), "several types stand in one cell");
    assert!(claims.iter().any(|c| c["coding_judgement"] == "scan jnsa"));
    let (mut next_disclosure, mut next_claim) = (disclosures.iter(), claims.iter());
    for (line, row) in lines.iter().zip(&documents) {
        let document = &line["document"];
        for (column, key) in [("document_id", "id"), ("path", "path"), ("title", "title"), ("published", "published")] {
            assert_eq!(row[column], text(&document[key]), "{column}");
        }
        for disclosure in line["disclosures"].as_array().unwrap() {
            let row = next_disclosure.next().unwrap();
            assert_eq!(
                (&row["disclosure_id"], &row["document_id"]),
                (&text(&disclosure["id"]), &text(&document["id"]))
            );
            assert_eq!(row["headline_value"], text(&disclosure["headline_count"]["value"]));
            assert_eq!(row["headline_approx"], text(&disclosure["headline_count"]["approx"]));
            assert_eq!(row["cause"], text(&disclosure["causes"][0]["code"]));
            assert_eq!(row["needs_review"], text(&disclosure["needs_review"]));
            assert_eq!(row["leaked_by"], text(&disclosure["leaked_by"]));
            assert_eq!(row["report_types"], blanks(&disclosure["report_types"]));
            assert_eq!(row["effect"], blanks(&disclosure["effect"]));
            for (kind, field) in [
                ("organization", "organizations"),
                ("count", "counts"),
                ("cause", "causes"),
                ("date", "dates"),
                ("data_type", "data_types"),
            ] {
                for claim in disclosure[field].as_array().unwrap() {
                    let row = next_claim.next().unwrap();
                    assert_eq!((row["kind"].as_str(), &row["claim_id"]), (kind, &text(&claim["id"])));
                    for key in ["name", "role", "value", "unit", "bound", "part_of", "date_from", "precision", "state"]
                    {
                        assert_eq!(row[key], text(&claim[key]), "{kind} {key}");
                    }
                    for coding in ["scan", "tsr", "jnsa", "veris"] {
                        assert_eq!(row[&format!("coding_{coding}")], text(&claim["codings"][coding]), "{coding}");
                    }
                    assert_eq!(row["coding_judgement"], blanks(&claim["codings"]["judgement"]));
                    let code = if kind == "date" { &claim["kind"] } else { &claim["code"] };
                    assert_eq!(row["code"], text(code), "{kind}");
                    assert_eq!(row["quote"], text(&claim["evidence"][0]["quote"]), "{kind}");
                    assert_eq!(row["evidence_start"], text(&claim["evidence"][0]["start"]), "{kind}");
                }
            }
        }
    }
    assert_eq!((next_disclosure.next(), next_claim.next()), (None, None));
    // Without a folder, the disclosures alone.
    let one = stdout(&rouei(["extract".as_ref(), "--format".as_ref(), "csv".as_ref(), pages.as_os_str()]));
    assert_eq!(one, fs::read_to_string(out.path().join("disclosures.csv")).unwrap());
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_the_same_tables() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    let out = tempfile::tempdir().unwrap();
    for format in ["csv", "parquet"] {
        let (folder, pages) = (out.path().to_str().unwrap(), fixture("sites"));
        let output = rouei(["extract", "--format", format, "--out", folder, pages.to_str().unwrap()]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    for table in ["documents", "disclosures", "claims"] {
        let csv = sheet(&fs::read_to_string(out.path().join(format!("{table}.csv"))).unwrap());
        let file = fs::File::open(out.path().join(format!("{table}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let mut count = 0;
        for (row, expected) in reader.get_row_iter(None).unwrap().zip(&csv) {
            let row = row.unwrap();
            assert_eq!(row.len(), expected.len());
            for (name, field) in row.get_column_iter() {
                let got = match field {
                    parquet::record::Field::Null => String::new(),
                    parquet::record::Field::Str(text) => text.clone(),
                    other => other.to_string(),
                };
                // Text that a spreadsheet would run has an apostrophe in CSV; moments are compared by their day.
                let want = expected[name].trim_start_matches('\'');
                let same = got == want || name == "captured" && got.get(..10) == want.get(..10);
                assert!(same, "{table}.{name}: {got:?}, expected {want:?}");
            }
            count += 1;
        }
        assert_eq!(count, csv.len(), "{table}");
    }
    let output = rouei(["extract".as_ref(), "--format".as_ref(), "parquet".as_ref(), fixture("sites").as_os_str()]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("--out DIR"), "{}", stderr(&output));
}

#[test]
fn what_a_folder_holds_beside_pages_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jpg", "b.jpg", "c.xyz", "README"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let output = rouei(["extract".as_ref(), folder.path().as_os_str()]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    let said = stderr(&output);
    assert!(said.contains("passed over: 2 .jpg, 1 .xyz, 1 files without an extension"), "{said}");
    assert!(said.contains("give a file by its own path"), "{said}");
    let quiet = rouei(["--quiet".as_ref(), "extract".as_ref(), folder.path().as_os_str()]);
    assert_eq!(stderr(&quiet), "");
}

#[test]
fn lines_of_a_context_that_serve_nobody_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "灯台市は名簿を紛失した。").unwrap();
    let context = folder.path().join("context.jsonl");
    let lines = ["a.txt", "a.txt", "b.txt"].map(|path| format!("{{\"path\":\"{path}\",\"url\":null}}"));
    std::fs::write(&context, lines.join("\n")).unwrap();
    let page = folder.path().join("a.txt");
    let output = rouei(["extract".as_ref(), "--context".as_ref(), context.as_os_str(), page.as_os_str()]);
    assert_eq!(output.status.code(), Some(0));
    let said = stderr(&output);
    assert!(said.contains("1 lines are about a page that another line is about; the last one holds"), "{said}");
    assert!(said.contains("1 lines match no document, b.txt the first"), "{said}");
}
