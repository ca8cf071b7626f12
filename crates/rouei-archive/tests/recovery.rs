//! What a run leaves that was killed, at whatever byte.
#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use common::{capture, noise, not_modified};
use rouei_archive::{
    ArchiveError, ArchiveReader, ArchiveWriter, RecordLocation, RecoveryReport, Software, archive_files, read_at,
    recover, verify,
};

mod common;

/// Writes three captures and dies.
fn killed_run(dir: &Path) -> (PathBuf, Vec<RecordLocation>) {
    let mut writer = ArchiveWriter::create(dir, &Software::new("rouei/test")).unwrap();
    let first = capture("https://mihon.example.jp/1", &noise(700));
    let locations = [
        writer.append(&first).unwrap(),
        writer.append(&capture("https://mihon.example.jp/2", b"two")).unwrap(),
        writer.append(&not_modified(&first)).unwrap(),
    ];
    drop(writer);
    (archive_files(dir).unwrap().pop().unwrap(), locations.to_vec())
}

fn recovered(dir: &Path) -> (RecoveryReport, Vec<(RecordLocation, String)>) {
    let mut taken = Vec::new();
    let report = recover(dir, |recovered| {
        taken.push((recovered.location.clone(), recovered.capture.url.clone()));
        Ok(())
    })
    .unwrap();
    (report, taken)
}

#[test]
fn at_every_byte_whole_captures_survive_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (path, locations) = killed_run(dir.path());
    let whole = fs::read(&path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    for length in (0..=whole.len()).step_by(29).chain([whole.len() - 1, whole.len()]) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(&name), &whole[..length]).unwrap();
        let expected: Vec<_> = locations.iter().filter(|l| l.offset + l.length <= length as u64).cloned().collect();
        let (report, taken) = recovered(dir.path());
        let taken: Vec<_> = taken.into_iter().map(|(location, _)| location).collect();
        assert_eq!(taken, expected, "cut at {length}");
        let [file] = report.files.as_slice() else { panic!("one file, at {length}") };
        assert_eq!(file.skipped, [], "cut at {length}");
        let end = expected.last().map_or(0, |l| l.offset + l.length);
        assert_eq!(file.removed, expected.is_empty());
        if !file.removed {
            assert_eq!(file.cut, length as u64 - end, "cut at {length}");
            let report = verify(dir.path()).unwrap();
            assert_eq!((report.faults, report.records), (vec![], 1 + 2 * expected.len() as u64), "cut at {length}");
        }
        // Once in order, there is nothing to do.
        assert_eq!(recovered(dir.path()), (RecoveryReport::default(), vec![]));
    }
}

#[test]
fn a_caller_that_fails_gets_all_of_it_again() {
    let dir = tempfile::tempdir().unwrap();
    killed_run(dir.path());
    let mut calls = 0;
    let error = recover(dir.path(), |_| {
        calls += 1;
        if calls == 2 { Err("no space".into()) } else { Ok(()) }
    })
    .unwrap_err();
    assert!(matches!(error, ArchiveError::NotTaken { .. }), "{error}");
    let (report, taken) = recovered(dir.path());
    assert_eq!((report.files[0].captures, taken.len()), (3, 3));
    assert_eq!(taken[0].1, "https://mihon.example.jp/1");
}

#[test]
fn a_file_that_another_run_writes_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ArchiveWriter::create(dir.path(), &Software::new("rouei/test")).unwrap();
    let location = writer.append(&capture("https://mihon.example.jp/1", b"one")).unwrap();
    let error = recover(dir.path(), |_| Ok(())).unwrap_err();
    assert!(matches!(error, ArchiveError::InUse { .. }), "{error}");
    writer.finish().unwrap();
    read_at(&dir.path().join(location.file), location.offset).unwrap();
}

#[test]
fn damage_before_the_end_is_left_in_place_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let (path, locations) = killed_run(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    bytes[locations[0].offset as usize + 400] ^= 0x55;
    fs::write(&path, &bytes).unwrap();
    let (report, taken) = recovered(dir.path());
    assert_eq!(taken.iter().map(|(l, _)| l.clone()).collect::<Vec<_>>(), locations[1..]);
    let [bad] = report.files[0].skipped.as_slice() else { panic!("{report:?}") };
    assert_eq!(bad.offset, locations[0].offset);
    assert_eq!(report.files[0].cut, 0);
}

#[test]
fn a_finished_file_is_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ArchiveWriter::create(dir.path(), &Software::new("rouei/test")).unwrap();
    let location = writer.append(&capture("https://mihon.example.jp/1", b"one")).unwrap();
    writer.finish().unwrap();
    let path = dir.path().join(&location.file);
    // Somebody else tore it: recovery is not for that, reading and verifying say so.
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(location.offset + location.length - 3).unwrap();
    drop(file);
    assert_eq!(recovered(dir.path()).0, RecoveryReport::default());
    let bad = ArchiveReader::open(&path).unwrap().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(bad.len(), 1);
    assert_eq!(bad[0].offset, location.offset);
    assert!(read_at(&path, location.offset).is_err());
    assert!(!verify(dir.path()).unwrap().faults.is_empty());
}

#[test]
fn what_the_crawler_knew_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ArchiveWriter::create(dir.path(), &Software::new("rouei/test")).unwrap();
    let context: BTreeMap<String, String> =
        [("role", "page"), ("link_title", "お詫び\r\nと \"訂正\"")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    writer.append_with_context(&capture("https://mihon.example.jp/1", b"one"), &context).unwrap();
    drop(writer);
    let mut taken = Vec::new();
    recover(dir.path(), |recovered| {
        taken.push(recovered.context.clone());
        Ok(())
    })
    .unwrap();
    assert_eq!(taken, [context]);
    assert_eq!(verify(dir.path()).unwrap().faults, []);
}
