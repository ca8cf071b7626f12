//! What a reader gets: reports, exports, status, the archive's state. Drives the binary on a store of invented records.
#![allow(clippy::unwrap_used)]

#[path = "filled/mod.rs"]
mod filled;

use filled::{done, filled, id, joined, open, refused, rouei, written};
use rouei_archive::{ArchiveWriter, Software};
use rouei_model::{Capture, CaptureKind, Header};
use rouei_store::{SourceCounts, SourceReason, SourceReport};

#[test]
fn the_month_in_markdown_reads_as_reviewed() {
    let folder = filled();
    let review = ["review", "correct", &id(4)[..6], "headline_count", "約60人"];
    done(folder.path(), &review);
    done(folder.path(), &["review", "accept", &id(9)]);
    let printed = done(folder.path(), &["report", "month", "2025-04"]);
    let reports = folder.path().join("reports");
    assert_eq!(
        printed,
        format!("{0}/2025-04.md\n{0}/2025-04.html\n", reports.display()),
        "where the report is, and nothing else"
    );
    insta::assert_snapshot!("month", written(&reports, "2025-04.md"));
}

#[test]
fn causes_are_tallied_by_the_classes_of_another_counting() {
    let folder = filled();
    let reports = folder.path().join("reports");
    for (coding, snapshot, name) in [("tsr", "coding", "東京商工リサーチ"), ("scan", "coding_scan", "ScanNetSecurity")]
    {
        let printed = done(folder.path(), &["report", "month", "2025-04", "--coding", coding]);
        assert!(printed.lines().all(|line| line.contains(&format!("2025-04-{coding}."))), "{printed}");
        let text = written(&reports, &format!("2025-04-{coding}.md"));
        let tally = text.split("## ").find(|part| part.starts_with("原因別の事案数")).unwrap();
        insta::assert_snapshot!(snapshot, tally);
        let html = written(&reports, &format!("2025-04-{coding}.html"));
        let notes: Vec<&str> = tally.lines().filter(|line| line.contains(name)).collect();
        assert!(notes.len() == 2 && notes.iter().all(|line| html.contains(line)), "{notes:?}");
    }
    assert!(!reports.join("2025-04.md").exists(), "the report in our own classes stays as it was");
    assert!(refused(folder.path(), &["report", "month", "2025-04", "--coding", "nist"]).contains("veris"));
}

#[test]
fn the_same_store_gives_the_same_bytes_wherever_it_is_written() {
    let folder = filled();
    let other = tempfile::tempdir().unwrap();
    done(folder.path(), &["report", "month", "2025-04"]);
    done(folder.path(), &["report", "month", "2025-04", "--output", other.path().to_str().unwrap()]);
    for name in ["2025-04.md", "2025-04.html"] {
        assert_eq!(written(&folder.path().join("reports"), name), written(other.path(), name));
    }
}

#[test]
fn html_escapes_what_pages_say_and_links_only_to_the_web() {
    let folder = filled();
    done(folder.path(), &["report", "month", "2025-04"]);
    let html = written(&folder.path().join("reports"), "2025-04.html");
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"ja\">"), "{}", &html[..60]);
    for absent in ["<script", "<b>堂", "javascript:", " src=", "url(", "@import", "<link", "onclick"] {
        assert!(!html.contains(absent), "{absent}");
    }
    assert!(html.contains("&#60;b&#62;堂&#60;/b&#62;|本舗"), "the name stands there as text");
    for link in html.split("<a ").skip(1) {
        let tag = &link[..link.find('>').unwrap()];
        assert!(tag.starts_with("href=\"https://"), "{tag}");
        assert!(tag.ends_with("rel=\"noopener noreferrer nofollow\""), "{tag}");
    }
    assert_eq!(html.matches("<svg").count(), html.matches("aria-label=").count(), "each bar has a text");
    // Titles may hold names of private persons.
    for record in filled::records() {
        assert!(!html.contains(&record.title), "{}", record.title);
    }
}

#[test]
fn months_without_records_and_without_a_month_before() {
    let folder = filled();
    let reports = folder.path().join("reports");
    done(folder.path(), &["report", "month", "2025-03"]);
    let march = written(&reports, "2025-03.md");
    assert!(march.contains("**事案数 2件**（前月の文書を取得していないため、比較していません）"), "{march}");
    assert!(march.contains("| 盗難 | 1 | 50.0% | — | — |"), "{march}");
    assert!(march.contains("該当する事案はありません。"), "no card leaks");
    done(folder.path(), &["report", "month", "2024-12"]);
    assert!(written(&reports, "2024-12.md").contains("この月の事案はありません。"));
    for bad in ["2025-13", "2025-4", "April", "2025-00", "-2025-04"] {
        assert!(refused(folder.path(), &["report", "month", "--", bad]).contains("is no month"), "{bad}");
    }
}

#[test]
fn an_incident_counts_once_in_the_month_of_its_first_announcement() {
    let folder = joined();
    let reports = folder.path().join("reports");
    done(folder.path(), &["report", "month", "2025-04"]);
    done(folder.path(), &["report", "month", "2025-05"]);
    let (april, may) = (written(&reports, "2025-04.md"), written(&reports, "2025-05.md"));
    let line = |report: &str, begins: &str, holds: &str| {
        let found = report.lines().filter(|l| l.starts_with(begins)).any(|l| l.contains(holds));
        assert!(found, "no line {begins} … {holds} in\n{report}");
    };
    // The notice, the newspaper and the follow-up of May are one, the theft is dated by its day alone.
    line(&april, "**事案数", "2件");
    line(&april, "| 1 |", "21,377アカウント（公表時 164,350アカウント）");
    line(&april, "| 2025-04-20（発生日）", "やまかげ信用組合");
    let sources = april.lines().find(|l| l.starts_with("| 1 |")).unwrap();
    assert_eq!(sources.matches("](<https://").count(), 3, "{sources}");
    // May has the provider's incident, whose parts are no total, and nothing else.
    line(&may, "**事案数", "1件");
    line(&may, "| 2025-05-12 | こかげ市ほか（計2組織） | 全体は不明 |", "こかげ市 1,820人、みずべ町 640人");
    line(&may, "規模が公表された事案はありません。", "");
    line(&may, "| 2025-05-07", "164,350アカウント（2025-04-15）→ 21,377アカウント（2025-05-07）");
    line(&may, "| 2025-05-07", "2025-04の事案");
    line(&may, "| 2025-05-20", "集計外: 初回の公表なし");
    line(&may, "| 2025-05-31", "集計外: 公表日・発生日不明");
}

#[test]
fn incidents_are_listed_and_say_why_they_are_joined() {
    let folder = joined();
    insta::assert_snapshot!("incidents", done(folder.path(), &["incident", "list"]));
    insta::assert_snapshot!("incident", done(folder.path(), &["incident", "show", "i-00d15c00"]));
    let may = done(folder.path(), &["incident", "list", "--month", "2025-05", "--format", "json"]);
    let may: serde_json::Value = serde_json::from_str(&may).unwrap();
    assert_eq!((may.as_array().unwrap().len(), &may[0]["parts"], &may[0]["sources"]), (1, &2.into(), &2.into()));
    let shown = done(folder.path(), &["incident", "show", &id(6), "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown["id"], &shown["headline"]), (&may[0]["id"], &"全体は不明".into()));
    assert_eq!(shown["part_list"][1]["count"], "640人");
    assert!(refused(folder.path(), &["incident", "show", "i-ff"]).contains("no incident begins with"));
    assert!(refused(folder.path(), &["incident", "show", "i-0"]).contains("incidents begin with"));
}

#[test]
fn a_reviewers_correction_parts_what_the_machine_joined() {
    let folder = joined();
    done(folder.path(), &["review", "correct", &id(1), "organization", "つきよ通販"]);
    done(folder.path(), &["review", "correct", &id(1), "headline_count", "12人"]);
    let listed = done(folder.path(), &["incident", "list", "--month", "2025-04", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 3, "{listed}");
}

#[test]
fn the_demo_joins_a_notice_a_newspaper_and_a_follow_up() {
    let folder = tempfile::tempdir().unwrap();
    let demo = rouei(folder.path(), &["demo", "--data", folder.path().to_str().unwrap()]);
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let listed = done(folder.path(), &["incident", "list", "--format", "json"]);
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    let of = |name: &str| {
        listed.iter().filter(|i| i["organization"].as_str().is_some_and(|o| o.starts_with(name))).collect::<Vec<_>>()
    };
    let [joined] = of("蒼鷺ネットワークス")[..] else { panic!("{listed:?}") };
    assert_eq!((&joined["sources"], &joined["headline"]), (&3.into(), &"21,377アカウント".into()));
    // A notice of March that names no figure, the final report and the newspaper of April; its other incidents stay apart.
    let works = of("灯台精機");
    assert!(works.len() > 1 && works[0]["first_announced"] == "2026-03-30", "{works:?}");
    let shown = done(folder.path(), &["incident", "show", works[0]["id"].as_str().unwrap(), "--format", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let tiers: Vec<&str> =
        shown["members"].as_array().unwrap().iter().map(|m| m["source_tier"].as_str().unwrap()).collect();
    assert_eq!(tiers, ["official", "official", "press"]);
    let april = written(&folder.path().join("reports"), "2026-04.md");
    let history = "最大約164,000アカウント（2026-04-15）→ 21,377アカウント（2026-04-27）";
    assert!(april.contains(history), "{april}");
}

#[test]
fn jsonl_and_csv_hold_the_same_flat_rows() {
    let folder = filled();
    done(folder.path(), &["review", "correct", &id(1), "cause", "紛失"]);
    done(folder.path(), &["review", "correct", &id(0), "headline_count", "900人"]);
    done(folder.path(), &["review", "reject", &id(3)]);
    let jsonl = done(folder.path(), &["export", "jsonl"]);
    let rows: Vec<serde_json::Value> = jsonl.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 13, "fourteen records, one of them rejected");
    let corrected = rows.iter().find(|r| r["id"] == id(1)).unwrap();
    assert_eq!((&corrected["cause"], &corrected["machine_cause"]), (&"loss".into(), &"misdelivery".into()));
    // What follows from a record follows from what a person made of it.
    assert_eq!((&corrected["machine_cause"], &corrected["effect"]), (&"misdelivery".into(), &"leak".into()));
    assert_eq!((&corrected["report_types"], &corrected["leaked_by"]), (&"over_100_public".into(), &"reporter".into()));
    let recounted = rows.iter().find(|r| r["id"] == id(0)).unwrap();
    assert_eq!(recounted["report_types"], "property_damage improper_purpose", "no more than 1,000 persons, and cards");
    let unknown = rows.iter().find(|r| r["id"] == id(6)).unwrap();
    assert!(unknown["headline_value"].is_null(), "unknown is null, never 0");
    assert_eq!(unknown["machine_undisclosed"], "under_investigation");

    let csv = done(folder.path(), &["export", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let first = jsonl.lines().next().unwrap();
    let mut last = 0;
    for name in &header {
        let at = first.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name} is no key"));
        assert!(at >= last, "{name}: the columns stand in the order of the keys");
        last = at;
    }
    assert_eq!(header.len(), rows[0].as_object().unwrap().len());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len());
    for (record, row) in records.iter().zip(&rows) {
        for (name, cell) in header.iter().zip(record) {
            let expected = match &row[name] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(cell.trim_start_matches('\''), expected, "{name}");
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{name}: {cell} would run as a formula");
        }
    }
    let hostile = records.iter().find(|r| &r[0] == id(7).as_str()).unwrap();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    assert!(hostile[at("organization")].starts_with("'=HYPERLINK"));
    assert_eq!(&hostile[at("title")], "'@SUM(1)");
    assert_eq!(csv, done(folder.path(), &["export", "csv"]), "the same twice");

    let file = folder.path().join("rows.csv");
    assert_eq!(done(folder.path(), &["export", "csv", "--bom", "--output", file.to_str().unwrap()]), "");
    assert_eq!(std::fs::read(&file).unwrap(), [b"\xef\xbb\xbf", csv.as_bytes()].concat());
    assert!(refused(folder.path(), &["export", "jsonl", "--bom"]).contains("--bom"));
}

#[test]
fn status_for_people_and_for_programs() {
    let folder = filled();
    let store = open(folder.path());
    let run = store.begin_run("crawl", "2025-05-01T03:00:00Z".parse().unwrap()).unwrap();
    let report = SourceReport {
        source: "kakuu-city".into(),
        counts: SourceCounts { found: 3, failed: 1, ..SourceCounts::default() },
        reasons: vec![SourceReason { rejected: false, url: None, reason: "timed out".into() }],
    };
    store.put_source_report(run, &report).unwrap();
    store.end_run(run, "2025-05-01T03:01:00Z".parse().unwrap(), 3).unwrap();
    drop(store);
    insta::assert_snapshot!("status", done(folder.path(), &["status"]));
    let json: serde_json::Value = serde_json::from_str(&done(folder.path(), &["status", "--format", "json"])).unwrap();
    assert_eq!((&json["disclosures"], &json["to_review"]), (&14.into(), &3.into()));
    assert_eq!(json["last_run"]["exit_code"], 3);
    assert_eq!(json["sources"][0]["last_error"], "timed out");
    assert!(json["sources"][0]["last_success"].is_null());
}

#[test]
fn without_a_data_folder_each_command_says_what_to_run_first() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    for command in [
        &["report", "month", "2025-04"][..],
        &["export", "csv"],
        &["status"],
        &["incident", "list"],
        &["review", "list"],
        &["review", "show", "a"],
        &["review", "accept", "a"],
        &["review", "undo"],
        &["archive", "list"],
        &["archive", "verify"],
    ] {
        let message = refused(&missing, command);
        assert!(message.contains("`rouei crawl --data"), "{command:?}: {message}");
        assert!(!missing.exists(), "{command:?} makes nothing");
    }
    assert!(refused(folder.path(), &["status"]).contains("holds no database"));
}

#[test]
fn the_archive_is_listed_and_damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    std::fs::create_dir(&archive).unwrap();
    let mut writer = ArchiveWriter::create(&archive, &Software::new("test")).unwrap();
    for n in 0..3 {
        let capture = Capture {
            source: "kakuu-city".into(),
            url: format!("https://www.city.kakuu.example.jp/{n}"),
            captured: "2025-04-08T05:00:00Z".parse().unwrap(),
            method: "GET".into(),
            request_headers: Vec::new(),
            protocol: "HTTP/1.1".into(),
            status: 200,
            response_headers: vec![Header { name: "Content-Type".into(), value: b"text/html".to_vec() }],
            body: format!("<p>架空市 {n}</p>").into_bytes(),
            remote_ip: None,
            truncated: None,
            kind: CaptureKind::Response,
        };
        writer.append(&capture).unwrap();
    }
    writer.commit().unwrap();
    writer.finish().unwrap();

    let listed = done(folder.path(), &["archive", "list"]);
    let columns: Vec<&str> = listed.lines().nth(1).unwrap().split_whitespace().collect();
    assert!(columns[0].ends_with(".warc.gz"), "{listed}");
    assert_eq!((columns[2], columns[3]), ("3", "0"), "{listed}");

    let sound = rouei(folder.path(), &["archive", "verify"]);
    assert_eq!((sound.status.code(), sound.stdout.as_slice()), (Some(0), &b""[..]));
    assert!(String::from_utf8_lossy(&sound.stderr).contains("0 faults"));
    assert_eq!(done(folder.path(), &["archive", "verify", "--quiet"]), "");

    let file = archive.join(columns[0]);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&file, bytes).unwrap();
    let damaged = rouei(folder.path(), &["archive", "verify"]);
    assert_eq!(damaged.status.code(), Some(1));
    let faults = String::from_utf8(damaged.stdout).unwrap();
    assert!(!faults.is_empty() && faults.lines().all(|l| l.contains(".warc.gz at ")), "{faults}");
    assert_eq!(rouei(folder.path(), &["archive", "list"]).status.code(), Some(3));
}
