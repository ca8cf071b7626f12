//! `kill -9` in the middle of a crawl, then the crawl again: the same as one clean run.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rouei_archive::{ArchiveReader, RecordType, archive_files};
use rouei_store::{DisclosureFilter, Store};
use support::{command, rouei, stderr};

fn archive_bytes(data: &Path) -> u64 {
    let Ok(files) = std::fs::read_dir(data.join("archive")) else { return 0 };
    files.filter_map(|f| f.ok()?.metadata().ok()).map(|m| m.len()).sum()
}

/// (address, payload digest, record type) of every response and revisit, robots.txt aside.
fn archived(data: &Path) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for file in archive_files(&data.join("archive")).unwrap() {
        for record in ArchiveReader::open(&file).unwrap() {
            let record = record.unwrap();
            if !matches!(record.record_type(), RecordType::Response | RecordType::Revisit) {
                continue;
            }
            let url = record.url().unwrap().to_owned();
            if !url.ends_with("/robots.txt") {
                let digest = record.header.get("WARC-Payload-Digest").unwrap_or_default().to_owned();
                all.push((url, digest, record.record_type().code().to_owned()));
            }
        }
    }
    all.sort();
    all
}

/// What the store knows of the same.
fn stored(data: &Path) -> Vec<String> {
    let store = Store::open_read_only(&data.join("rouei.sqlite")).unwrap();
    let mut all: Vec<String> = store
        .disclosures(&DisclosureFilter::default())
        .unwrap()
        .into_iter()
        .map(|mut row| {
            row.captured = None;
            serde_json::to_string(&row).unwrap()
        })
        .collect();
    all.sort();
    all
}

#[test]
fn killed_runs_end_like_a_clean_one() {
    let clean = tempfile::tempdir().unwrap();
    let output = rouei(["demo".as_ref(), "--data".as_ref(), clean.path().as_os_str()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let (want_archive, want_store) = (archived(clean.path()), stored(clean.path()));
    assert!(want_archive.len() > 50);

    let killed = tempfile::tempdir().unwrap();
    let mut hit_half_way = 0;
    // Each kill comes when the archive has grown to a size; the next run continues where the last one died.
    for target in [1_500, 9_000, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000] {
        let mut child = command()
            .args(["demo".as_ref(), "--data".as_ref(), killed.path().as_os_str()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        while archive_bytes(killed.path()) < target && child.try_wait().unwrap().is_none() && Instant::now() < deadline
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        hit_half_way += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(hit_half_way >= 4, "only {hit_half_way} kills came while a run was under way");
    let output = rouei(["demo".as_ref(), "--data".as_ref(), killed.path().as_os_str()]);
    assert!(output.status.success(), "{}", stderr(&output));

    let set = |all: &[(String, String, String)]| all.iter().cloned().collect::<BTreeSet<_>>();
    let got = archived(killed.path());
    // A run that ended before it was killed makes the next one a second crawl, which stores revisits.
    let responses = |all: &BTreeSet<(String, String, String)>| {
        all.iter().filter(|r| r.2 == "response").cloned().collect::<BTreeSet<_>>()
    };
    assert_eq!(responses(&set(&got)), responses(&set(&want_archive)));
    if hit_half_way == 8 {
        assert_eq!(got, want_archive);
    }
    let twice: Vec<_> = got.windows(2).filter(|w| w[0] == w[1] && w[0].2 == "response").collect();
    assert!(twice.is_empty(), "stored twice: {twice:?}");
    assert_eq!(stored(killed.path()), want_store);

    // Every capture of the store is in the archive, and the archive is whole.
    let report = rouei_archive::verify(&killed.path().join("archive")).unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}
