//! What a reviewer does at the terminal: look, decide, take back; and nothing of it is lost to a later run.
#![allow(clippy::unwrap_used)]

#[path = "filled/mod.rs"]
mod filled;

use filled::{done, filled, id, open, put, records, refused, rouei};

fn row(folder: &std::path::Path, id: &str) -> rouei_store::DisclosureRow {
    open(folder).disclosure(id).unwrap().row
}

#[test]
fn the_queue_lists_the_least_confident_first() {
    let folder = filled();
    let folder = folder.path();
    insta::assert_snapshot!("queue", done(folder, &["review", "list"]));
    let ids = |arguments: &[&str]| -> Vec<String> {
        done(folder, arguments).lines().skip(1).map(|l| l.split_whitespace().next().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&["review", "list", "--limit", "1"]), [id(5)]);
    assert_eq!(ids(&["review", "list", "--all"]).len(), 14);
    done(folder, &["review", "accept", &id(5)]);
    assert_eq!(ids(&["review", "list"]), [id(7), id(4)]);
}

#[test]
fn a_record_is_shown_with_the_sentences_that_say_so() {
    let folder = filled();
    done(folder.path(), &["review", "correct", &id(0), "headline_count", "15,480人", "--note", "第二報による"]);
    let decided = without_time(&done(folder.path(), &["review", "show", "00d1"]));
    insta::assert_snapshot!("show", decided);
    // Text of a page does not steer the terminal.
    let hostile = done(folder.path(), &["review", "show", &id(7)]);
    assert!(!hostile.contains('\u{1b}'));
    assert!(
        hostile.contains("【=HYPERLINK(\"https://evil.example\")<b>堂</b>|本舗】は、設定の誤りにより"),
        "{hostile}"
    );
}

/// The time of a decision is that of the clock.
fn without_time(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(decision) = lines.iter_mut().find(|l| l.contains(" reviewer correct ")) {
        decision.replace_range(4..21, "YYYY-MM-DD hh:mmZ");
    }
    lines.join("\n")
}

#[test]
fn each_field_is_corrected_accepted_and_taken_back() {
    let folder = filled();
    let folder = folder.path();
    let first = id(0);
    for (field, value, shown) in [
        ("organization", "みほん商店", "みほん商店"),
        ("headline_count", "1234 人", "1,234人"),
        ("headline_count", "約1,234件", "約1,234件"),
        ("headline_count", "最大約16万件", "最大約160,000件"),
        ("headline_count", "unknown", "不明"),
        ("cause", "誤公開・誤掲載", "誤公開・誤掲載 (publishing)"),
        ("cause", "theft", "盗難 (theft)"),
        ("announced", "2025-04-04", "2025-04-04"),
        ("occurred", "2025-02", "2025-02-01 to 2025-02-28"),
        ("discovered", "unknown", "unknown"),
    ] {
        let before = row(folder, &first);
        let told = done(folder, &["review", "correct", &first, field, value]);
        assert!(told.trim_end().ends_with(&format!("→ {shown}")), "{told}");
        assert_ne!(row(folder, &first), before);
        let told = done(folder, &["review", "undo"]);
        assert!(told.contains("takes back"), "{told}");
        let after = row(folder, &first);
        assert_eq!(after, before, "{field} {value}");
        assert!(done(folder, &["review", "accept", &first, field]).contains("is right"));
        done(folder, &["review", "undo", "last", "--quiet"]);
    }
    assert_eq!(open(folder).reviews(&first).unwrap().len(), 40, "append-only");
}

#[test]
fn decisions_survive_what_a_later_run_reads() {
    let folder = filled();
    let folder = folder.path();
    let first = id(0);
    done(folder, &["review", "correct", &first, "headline_count", "15,480人"]);
    done(folder, &["review", "accept", &id(1)]);
    done(folder, &["review", "reject", &id(2)]);
    let before = [0, 1, 2].map(|n| row(folder, &id(n)));
    // The same again, as `reextract` does, and then with other readings of the machine.
    let store = open(folder);
    for (i, record) in records().iter().enumerate().take(3) {
        put(&store, i, record);
    }
    drop(store);
    assert_eq!([0, 1, 2].map(|n| row(folder, &id(n))), before);

    let mut records = records();
    let store = open(folder);
    for (i, record) in records.iter_mut().enumerate().take(3) {
        record.recount(77);
        put(&store, i, record);
    }
    drop(store);
    assert_eq!(row(folder, &first).headline_value, Some(15_480));
    assert_eq!(row(folder, &id(1)).headline_value, Some(132), "accepted as it was shown");
    assert!(row(folder, &id(2)).rejected);
    let queue = done(folder, &["review", "list"]);
    assert!(queue.contains("changed since it was decided"), "{queue}");
    done(folder, &["report", "month", "2025-04"]);
    let report = filled::written(&folder.join("reports"), "2025-04.md");
    assert!(report.contains("15,480人") && report.contains("要再確認") && !report.contains("つくも共済会"), "{report}");
}

#[test]
fn decisions_survive_a_reextraction_of_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let demo = rouei(folder, &["demo", "--data", folder.to_str().unwrap()]);
    assert_eq!(demo.status.code(), Some(0), "{}", String::from_utf8_lossy(&demo.stderr));
    let rows = open(folder).export_rows().unwrap();
    let (first, second) = (&rows[0].id, &rows[1].id);
    done(folder, &["review", "correct", first, "headline_count", "最大約98万7654件"]);
    done(folder, &["review", "reject", second]);
    let before = [first, second].map(|id| row(folder, id));
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/sites/sources.yaml");
    let again = rouei(folder, &["reextract", "--sources", sources]);
    assert!(again.status.success() || again.status.code() == Some(3), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!([first, second].map(|id| row(folder, id)), before);
    assert_eq!(before[0].headline_value, Some(987_654));
    assert!(before[1].rejected);
    assert_eq!(open(folder).export_rows().unwrap().len(), rows.len() - 1);
}

#[test]
fn what_makes_no_sense_is_refused_with_a_hint() {
    let folder = filled();
    let folder = folder.path();
    let first = id(0);
    for (arguments, hint) in [
        (&["review", "show", "zz"][..], "no record begins with \"zz\""),
        (&["review", "show", ""], "no record begins with"),
        (&["review", "show", "0"], "14 records begin with \"0\": 00d15c0000000000, "),
        (&["review", "accept", &first, "colour"], "one of record, organization, headline_count"),
        (&["review", "correct", &first, "headline_count", "about ten"], "digits and a unit"),
        (&["review", "correct", &first, "headline_count", "延べ5人"], "without 延べ"),
        (&["review", "correct", &first, "cause", "雷"], "misdelivery (誤送信・誤送付・誤交付)"),
        (&["review", "correct", &first, "announced", "2025-02-30"], "YYYY-MM-DD"),
        (&["review", "correct", &first, "organization", " "], "a name, or unknown"),
        (&["review", "correct", &first, "record", "x"], "one field of the record"),
        (&["review", "undo"], "no decision of reviewer stands"),
        (&["review", "undo", "99"], "no review 99"),
        (&["review", "undo", "soon"], "neither the number of a decision nor `last`"),
        (&["review", "accept", &first, "--reviewer", " "], "--reviewer"),
    ] {
        let message = refused(folder, arguments);
        assert!(message.contains(hint), "{arguments:?}: {message}");
    }
    assert_eq!(open(folder).status().unwrap().reviews, 0);
    done(folder, &["review", "accept", &first]);
    done(folder, &["review", "undo", "1"]);
    assert!(refused(folder, &["review", "undo", "1"]).contains("a decision that stands"), "taken back twice");
    let other = rouei(folder, &["review", "undo", "--reviewer", "other"]);
    assert_eq!(other.status.code(), Some(2), "`last` is the reviewer's own");
}
