//! `rouei explain` and `rouei lexicon check`: why a sentence reads as it does, and whether the lexicons keep their word.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use support::{json_lines, rouei, stderr, stdout};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    published: Option<String>,
    organizations: Vec<String>,
    counts: Vec<String>,
    dates: Vec<String>,
    rejected: Vec<String>,
}

fn cases() -> Vec<Case> {
    toml::from_str::<Cases>(include_str!("cases/explain.toml")).unwrap().case
}

fn explain(case: &Case) -> Value {
    let mut args = vec!["explain", "--format", "json", &case.text];
    if let Some(published) = &case.published {
        args.extend(["--published", published]);
    }
    let output = rouei(args);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut lines = json_lines(&stdout(&output));
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("none").to_owned()
}

fn each(line: &Value, field: &str, show: impl Fn(&Value) -> String) -> Vec<String> {
    line[field].as_array().unwrap().iter().map(show).collect()
}

#[test]
fn sentences_read_as_labelled() {
    let mut wrong = Vec::new();
    for case in cases() {
        let line = explain(&case);
        let organizations = each(&line, "organizations", |o| format!("{}/{}", text(&o["name"]), text(&o["role"])));
        let counts = each(&line, "counts", |c| match c["value"].as_u64() {
            Some(value) => format!("{value}{}", text(&c["unit"])),
            None => text(&c["undisclosed"]),
        });
        let dates = each(&line, "dates", |d| format!("{} {}", text(&d["kind"]), text(&d["date_from"])));
        let rejected = each(&line, "rejected", |r| format!("{}/{}", text(&r["quote"]), text(&r["reason"])));
        let holds = |all: &[String], some: &[String]| some.iter().all(|s| all.contains(s));
        if !holds(&organizations, &case.organizations)
            || counts != case.counts
            || dates != case.dates
            || !holds(&rejected, &case.rejected)
        {
            wrong.push(format!("{}\n  {organizations:?} {counts:?} {dates:?} {rejected:?}", case.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn offsets_count_code_points_of_the_input() {
    let mut checked = 0;
    for case in cases() {
        let line = explain(&case);
        assert_eq!(line["text"], case.text.as_str());
        let input: Vec<char> = case.text.chars().collect();
        for field in ["organizations", "counts", "dates", "rejected", "data_types"] {
            for found in line[field].as_array().unwrap() {
                let (start, end) = (found["start"].as_u64().unwrap() as usize, found["end"].as_u64().unwrap() as usize);
                let quoted: String = input[start..end].iter().collect();
                assert_eq!(found["quote"], quoted, "{field} of {}", case.text);
                checked += 1;
            }
        }
    }
    assert!(checked > 15, "only {checked} places");
}

#[test]
fn a_page_for_people_names_every_rule() {
    let output = rouei(["explain", "三笠野市は4月13日、3名分の書類を紛失したと発表した。2名で確認する。"]);
    let page = stdout(&output);
    for part in [
        "三笠/",
        "victim (organization/",
        "3名, personal_data",
        "2名: rejected by safeguard",
        "announced (date/",
        "loss:",
        "judgement: a disclosure",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

#[test]
fn a_file_gives_a_line_for_each_of_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sentences.txt");
    fs::write(&file, "\u{feff}3名分が漏えいした。\n\n今日は晴れ。\n").unwrap();
    let output = rouei(["explain".as_ref(), "--format".as_ref(), "json".as_ref(), "--file".as_ref(), file.as_os_str()]);
    let lines = json_lines(&stdout(&output));
    let texts: Vec<&str> = lines.iter().map(|l| l["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["3名分が漏えいした。", "今日は晴れ。"]);
    assert_eq!(rouei(["explain"]).status.code(), Some(2));
    let missing = rouei(["explain", "--file", "no-such-file.txt"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("no-such-file.txt"), "{}", stderr(&missing));
}

#[test]
fn built_in_lexicons_keep_their_word() {
    let output = rouei(["lexicon", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&rouei(["--quiet", "lexicon", "check"])), "");
}

/// A folder with one lexicon as it is built in, changed by `edit`.
fn check(name: &str, edit: impl Fn(&str) -> String) -> std::process::Output {
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rouei-extract/src").join(name);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, edit(&fs::read_to_string(built_in).unwrap())).unwrap();
    rouei(["lexicon".as_ref(), "check".as_ref(), "--dir".as_ref(), folder.path().as_os_str()])
}

#[test]
fn edited_lexicons_are_checked_by_file_and_entry() {
    let lexicons = ["causes", "counts", "data_types", "dates", "judgement", "organizations", "roles", "status"];
    for lexicon in lexicons {
        let name = format!("{lexicon}/lexicon.toml");
        let lines = |output: &std::process::Output| -> Vec<String> {
            stdout(output).lines().filter(|l| l.starts_with(&name)).map(str::to_owned).collect()
        };
        let same = check(&name, str::to_owned);
        assert!(stderr(&same).contains(&format!("/{name})")), "not read from the folder: {}", stderr(&same));

        let unreadable = check(&name, |text| text.replacen("examples = [", "exemples = [", 1));
        assert_eq!(unreadable.status.code(), Some(2), "{name}: {}", stderr(&unreadable));
        assert!(stderr(&unreadable).contains(&name), "{}", stderr(&unreadable));

        // An example that nothing could be found in fails its own entry, and no other.
        let failing = check(&name, |text| text.replacen("\nexamples = [\"", "\nexamples = [\"ふふふ\", \"", 1));
        assert_eq!(failing.status.code(), Some(1), "{name}: {}", stderr(&failing));
        let known = lines(&same);
        let lines: Vec<String> = lines(&failing).into_iter().filter(|l| !known.contains(l)).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with(&format!("{name}, entry ")) && lines[0].contains("ふふふ"), "{lines:?}");
    }
}

#[test]
fn a_mistyped_lexicon_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let run = || rouei(["lexicon".as_ref(), "check".as_ref(), "--dir".as_ref(), folder.path().as_os_str()]);
    let empty = run();
    assert_eq!(empty.status.code(), Some(2), "{}", stderr(&empty));
    fs::create_dir(folder.path().join("cause")).unwrap();
    fs::write(folder.path().join("cause/lexicon.toml"), "").unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cause/lexicon.toml"), "{}", stderr(&output));
}

#[test]
fn edited_lexicons_are_what_pages_are_read_with() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.txt");
    fs::write(&page, "北碧大学は、学生12名の名簿を保存した記録板が迷子になったと発表した。").unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rouei-extract/src/causes/lexicon.toml");
    let mut text = fs::read_to_string(built_in).unwrap();
    text.push_str(
        "\n[[cue]]\nid = \"astray\"\ncode = \"loss\"\nweight = 4.0\npattern = '迷子になった'\n\
         examples = [\"記録板が迷子になった。\"]\ncounterexamples = [\"記録板を置いた。\"]\n",
    );
    let lexicons = folder.path().join("edited");
    fs::create_dir_all(lexicons.join("causes")).unwrap();
    fs::write(lexicons.join("causes/lexicon.toml"), text).unwrap();

    let extract = |more: &[&std::ffi::OsStr]| rouei([&["extract".as_ref(), page.as_os_str()], more].concat());
    let [plain, edited] = [extract(&[]), extract(&["--lexicons".as_ref(), lexicons.as_os_str()])]
        .map(|output| json_lines(&stdout(&output)).remove(0));
    assert_eq!(edited["disclosures"][0]["causes"][0]["rule"], "cause/astray");
    assert_ne!(plain["disclosures"][0]["causes"][0]["rule"], "cause/astray");
    assert_ne!(plain["extractor_version"], edited["extractor_version"]);
    let missing = extract(&["--lexicons".as_ref(), folder.path().join("none").as_os_str()]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("no such folder"), "{}", stderr(&missing));
}

#[test]
fn a_missing_sentence_or_file_is_wrong_usage() {
    for (args, part) in [
        (vec!["explain", "--published", "2026-01-01", ""], "no sentence"),
        (vec!["explain", "--file", "no-such-file.txt"], "no-such-file.txt"),
        (vec!["eval", "no-such-folder"], "no-such-folder"),
        (vec!["extract", "--context", "no-such-file.jsonl", "-"], "no-such-file.jsonl"),
    ] {
        let output = rouei(args.clone());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
}
