//! What goes wrong with disk, files, database and clock between two runs: a clear error, nothing damaged, and the next
//! run goes on. The cases stand in `cases/faults.toml`.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rouei_archive::{ArchiveReader, archive_files};
use serde::Deserialize;
use support::{json_lines, rouei, stderr, stdout};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One fault in a data folder that a run has filled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    damage: Damage,
    step: Vec<Step>,
    /// What stands in the folder afterwards is what stood there with the damage: nothing was written.
    #[serde(default)]
    untouched: bool,
    /// Once the damage is taken back, a run succeeds and the archive is whole.
    #[serde(default = "yes")]
    mends: bool,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Damage {
    FlippedBit,
    ZeroedBlock,
    TornTail,
    MissingArchive,
    MissingIndex,
    BrokenIndex,
    WrongIndex,
    ForeignArchive,
    ForeignFile,
    OpenRubbish,
    NewerSchema,
    NoDatabase,
    TruncatedDatabase,
    BrokenWithdrawals,
    LockedFolder,
    LockedArchive,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// `rouei … --data FOLDER`.
    command: Vec<String>,
    code: i32,
    /// What standard output or standard error says; `{archive}` stands for the first WARC file, `{offset}` for where it
    /// was damaged.
    #[serde(default)]
    says: Vec<String>,
}

#[test]
fn faults() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/faults.toml")).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap();
    let clean = tempfile::tempdir().unwrap();
    run(clean.path(), &["demo"], 0, "a clean run");
    for case in &cases.case {
        check(case, clean.path());
    }
}

fn check(case: &Case, clean: &Path) {
    let folder = tempfile::tempdir().unwrap();
    copy(clean, folder.path());
    let file = archive_files(&folder.path().join("archive")).unwrap().remove(0);
    let (offset, held) = damage(case.damage, folder.path(), &file);
    let before = contents(folder.path());
    for step in &case.step {
        let arguments: Vec<&str> = step.command.iter().map(String::as_str).collect();
        let said = run(folder.path(), &arguments, step.code, &case.name);
        for part in &step.says {
            let part = part.replace("{archive}", &file.display().to_string()).replace("{offset}", &offset.to_string());
            assert!(said.contains(&part), "{}: {arguments:?} does not say {part:?} but\n{said}", case.name);
        }
    }
    if case.untouched {
        assert!(contents(folder.path()) == before, "{}: something was written", case.name);
    }
    drop(held);
    if case.mends {
        let mended = tempfile::tempdir().unwrap();
        copy(folder.path(), mended.path());
        mend(case.damage, mended.path(), clean);
        run(mended.path(), &["demo"], 0, &case.name);
        run(mended.path(), &["archive", "verify"], 0, &case.name);
        assert_eq!(records(mended.path()), records(clean), "{}", case.name);
    }
}

/// The byte that was damaged, and what has to be held on to meanwhile.
fn damage(damage: Damage, data: &Path, file: &Path) -> (u64, Option<fs::File>) {
    let database = data.join("rouei.sqlite");
    let index = PathBuf::from(file.to_str().unwrap().replace(".warc.gz", ".cdxj"));
    let response = || {
        let mut records = ArchiveReader::open(file).unwrap().map(Result::unwrap);
        // A page, and not a robots.txt or a listing.
        records.find(|r| r.context().unwrap().get("role").is_some_and(|role| role == "page")).unwrap()
    };
    let mut held = None;
    let mut offset = 0;
    match damage {
        Damage::FlippedBit => {
            offset = response().offset;
            change(file, offset + 40, |bytes| bytes[0] ^= 0x10, 1);
        }
        Damage::ZeroedBlock => {
            offset = response().offset;
            change(file, offset, |bytes| bytes.fill(0), 400);
        }
        Damage::TornTail => {
            let length = fs::metadata(file).unwrap().len();
            let last = ArchiveReader::open(file).unwrap().map(Result::unwrap).last().unwrap();
            offset = last.offset;
            OpenOptions::new().write(true).open(file).unwrap().set_len(length - 20).unwrap();
        }
        Damage::MissingArchive => fs::remove_file(file).unwrap(),
        Damage::MissingIndex => fs::remove_file(index).unwrap(),
        Damage::BrokenIndex => change(&index, 0, |bytes| bytes.fill(b'x'), 200),
        // The key, by which an address is looked up.
        Damage::WrongIndex => change(&index, 0, |bytes| bytes.fill(b'x'), 5),
        Damage::ForeignArchive => fs::write(data.join("archive/foreign.warc.gz"), "no archive at all").unwrap(),
        Damage::ForeignFile => fs::write(data.join("archive/notes.txt"), "mine").unwrap(),
        // What a run leaves that dies before its first capture is whole.
        Damage::OpenRubbish => {
            fs::write(data.join("archive/rouei-20200101000000-00000.warc.gz.open"), [0x1f, 0x8b, 8, 0]).unwrap()
        }
        // `user_version` stands at byte 60 of the header (SQLite file format, 1.3).
        Damage::NewerSchema => change(&database, 60, |bytes| bytes.copy_from_slice(&999u32.to_be_bytes()), 4),
        Damage::NoDatabase => {
            fs::write(&database, "this is no database, but long enough to be looked at ".repeat(40)).unwrap()
        }
        Damage::TruncatedDatabase => OpenOptions::new().write(true).open(&database).unwrap().set_len(6_000).unwrap(),
        Damage::BrokenWithdrawals => fs::write(data.join("archive/withdrawn.jsonl"), "{\"url\":").unwrap(),
        Damage::LockedFolder => {
            let lock =
                OpenOptions::new().create(true).truncate(true).write(true).open(data.join("rouei.lock")).unwrap();
            (&lock).write_all(b"rouei crawl, process 1, since 2025-04-16T00:00:00Z\n").unwrap();
            lock.lock().unwrap();
            held = Some(lock);
        }
        Damage::LockedArchive => {
            let path = data.join("archive/rouei-20200101000000-00000.warc.gz.open");
            let lock = OpenOptions::new().create(true).truncate(true).write(true).open(path).unwrap();
            lock.lock().unwrap();
            held = Some(lock);
        }
    }
    (offset, held)
}

/// Takes the damage back, as an operator would: what was lost comes from a copy, what does not belong goes.
fn mend(damage: Damage, data: &Path, clean: &Path) {
    let restore = |folder: &str| {
        for entry in fs::read_dir(clean.join(folder)).unwrap() {
            let from = entry.unwrap().path();
            if from.is_file() {
                fs::copy(&from, data.join(folder).join(from.file_name().unwrap())).unwrap();
            }
        }
    };
    match damage {
        Damage::FlippedBit
        | Damage::ZeroedBlock
        | Damage::TornTail
        | Damage::MissingArchive
        | Damage::MissingIndex
        | Damage::BrokenIndex
        | Damage::WrongIndex => restore("archive"),
        Damage::ForeignArchive => fs::remove_file(data.join("archive/foreign.warc.gz")).unwrap(),
        Damage::ForeignFile => fs::remove_file(data.join("archive/notes.txt")).unwrap(),
        Damage::BrokenWithdrawals => fs::remove_file(data.join("archive/withdrawn.jsonl")).unwrap(),
        Damage::NewerSchema | Damage::NoDatabase | Damage::TruncatedDatabase => {
            for extra in ["-wal", "-shm"] {
                let _ = fs::remove_file(data.join(format!("rouei.sqlite{extra}")));
            }
            fs::copy(clean.join("rouei.sqlite"), data.join("rouei.sqlite")).unwrap();
        }
        Damage::OpenRubbish | Damage::LockedFolder | Damage::LockedArchive => {}
    }
}

fn change(file: &Path, offset: u64, change: impl FnOnce(&mut [u8]), length: usize) {
    let mut file = OpenOptions::new().read(true).write(true).open(file).unwrap();
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(offset)).unwrap();
    file.read_exact(&mut bytes).unwrap();
    change(&mut bytes);
    file.seek(SeekFrom::Start(offset)).unwrap();
    file.write_all(&bytes).unwrap();
}

/// Runs `rouei ARGUMENTS --data FOLDER`; what it says on both streams.
#[track_caller]
fn run(data: &Path, arguments: &[&str], code: i32, name: &str) -> String {
    let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(|a| a.as_ref()).collect();
    all.extend(["--data".as_ref(), data.as_os_str()]);
    let output = rouei(all);
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(code), "{name}: {arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{name}: {said}");
    said
}

/// The records that stand, without the time of the fetch.
fn records(data: &Path) -> Vec<String> {
    let output = rouei(["export".as_ref(), "jsonl".as_ref(), "--data".as_ref(), data.as_os_str()]);
    let mut rows = json_lines(&stdout(&output));
    rows.iter_mut().for_each(|row| row["captured"] = serde_json::Value::Null);
    let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    rows.sort();
    rows
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// Every file with its bytes, but for the lock, which names the latest run, and SQLite's own shared memory.
fn contents(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(contents(&path));
        } else if name != "rouei.lock"
            && !name.ends_with("-shm")
            && !(name.ends_with("-wal") && fs::metadata(&path).unwrap().len() == 0)
        {
            files.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

/// Runs a script in namespaces of its own, where an ordinary user may mount; none where the system does not let it.
fn in_namespaces(script: &str, data: &Path) -> Option<Output> {
    let may = Command::new("unshare").args(["-rm", "sh", "-c", "mount -t tmpfs tmpfs /tmp"]).output();
    if !may.is_ok_and(|o| o.status.success()) {
        eprintln!("no mounts for an ordinary user on this system: not tested");
        return None;
    }
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .env("DATA", data)
        .env("ROUEI", env!("CARGO_BIN_EXE_rouei"))
        .env_remove("ROUEI_DATA")
        .output()
        .unwrap();
    Some(output)
}

#[test]
fn a_full_disk_ends_the_run_and_the_next_one_goes_on() {
    let data = tempfile::tempdir().unwrap();
    // Too small for the database, for the first captures, for the last ones.
    for size in ["40k", "400k", "700k"] {
        let script = format!(
            "mount -t tmpfs -o size={size} tmpfs \"$DATA\" || exit 9
             \"$ROUEI\" demo --data \"$DATA\" >/dev/null 2>\"$DATA.err\"; echo \"first $?\"
             mount -o remount,size=50m \"$DATA\" || exit 9
             \"$ROUEI\" demo --data \"$DATA\" >/dev/null 2>&1; echo \"second $?\"
             \"$ROUEI\" archive verify --data \"$DATA\"; echo \"verify $?\"
             \"$ROUEI\" export jsonl --data \"$DATA\" | wc -l"
        );
        let Some(output) = in_namespaces(&script, data.path()) else { return };
        let said = stdout(&output);
        let error = fs::read_to_string(format!("{}.err", data.path().display())).unwrap();
        let _ = fs::remove_file(format!("{}.err", data.path().display()));
        assert!(said.starts_with("first 1\nsecond 0\nverify 0\n"), "{size}: {said}{error}{}", stderr(&output));
        let lower = error.to_lowercase();
        assert!(lower.contains("no space left") || lower.contains("disk is full"), "{size}: {error}");
        assert!(error.contains(data.path().to_str().unwrap()), "{size}: names no place: {error}");
        let clean = tempfile::tempdir().unwrap();
        run(clean.path(), &["demo"], 0, "a clean run");
        let lines: usize = said.lines().last().unwrap().trim().parse().unwrap();
        assert_eq!(lines, records(clean.path()).len(), "{size}");
    }
}

#[test]
fn a_read_only_folder_is_called_so_and_left_alone() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["demo"], 0, "a clean run");
    let before = contents(data.path());
    let script = "mount --bind \"$DATA\" \"$DATA\" && mount -o remount,ro,bind \"$DATA\" || exit 9
                  \"$ROUEI\" demo --data \"$DATA\"; echo \"demo $?\"
                  \"$ROUEI\" reextract --data \"$DATA\"; echo \"reextract $?\"
                  \"$ROUEI\" archive verify --quiet --data \"$DATA\"; echo \"verify $?\"
                  \"$ROUEI\" archive list --data \"$DATA\" >/dev/null; echo \"list $?\"
                  \"$ROUEI\" export jsonl --data \"$DATA\" >/dev/null; echo \"export $?\"";
    let Some(output) = in_namespaces(script, data.path()) else { return };
    let (said, error) = (stdout(&output), stderr(&output));
    for line in ["demo 1", "reextract 1", "verify 0", "list 0", "export 0"] {
        assert!(said.lines().any(|l| l == line), "no {line:?} in\n{said}{error}");
    }
    assert_eq!(error.matches("read-only").count(), 2, "{error}");
    assert!(error.contains(data.path().to_str().unwrap()), "{error}");
    assert!(contents(data.path()) == before);
    run(data.path(), &["demo"], 0, "the next run");
}

/// The time as `faketime` has it: the runs believe it.
#[test]
fn a_clock_that_jumps_costs_nothing() {
    if !Command::new("faketime").args(["2030-01-01", "true"]).output().is_ok_and(|o| o.status.success()) {
        eprintln!("faketime is not installed: not tested");
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let visits = |when: &str| {
        let output = Command::new("faketime")
            .args([when, env!("CARGO_BIN_EXE_rouei"), "demo", "--data"])
            .arg(data.path())
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .output()
            .unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{when}: {said}");
        let listed = run(data.path(), &["archive", "list", "--from", "2000-01", "--format", "json"], 0, when);
        json_lines(&listed).len()
    };
    let first = visits("2026-06-01 03:00:00");
    let expected = records(data.path());
    let mut before = first;
    // Forward by years, back by years, back by an hour: each run asks the sources, and finds the same.
    for when in ["2031-01-01 00:00:00", "2021-01-01 00:00:00", "2026-06-02 03:00:00", "2026-06-02 02:00:00"] {
        let now = visits(when);
        assert!(now > before, "{when}: nothing was asked");
        before = now;
        assert_eq!(records(data.path()), expected, "{when}");
        run(data.path(), &["archive", "verify"], 0, when);
        run(data.path(), &["reextract"], 0, when);
        assert_eq!(records(data.path()), expected, "{when}");
    }
}
