//! A selection comes out as a file of its own that stands by itself.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use common::{capture, not_modified};
use rouei_archive::{
    ArchiveReader, ArchiveWriter, ExportReport, RecordType, Selection, Software, UrlPattern, Withdrawal,
    WithdrawalAction, Withdrawals, archive_files, captures_of, export, export_to_file, latest, original_of, read_at,
    record_by_id, verify,
};
use rouei_model::{Capture, CaptureKind, Original};

mod common;

fn page(source: &str, url: &str, time: &str, body: &str) -> Capture {
    Capture { source: source.into(), captured: time.parse().unwrap(), ..capture(url, body.as_bytes()) }
}

/// Two files: pages, a revisit in the other file, and one that says the same as a page of another address.
fn archive(dir: &Path) {
    let first = page("city", "https://mihon.example.jp/a", "2025-04-01T00:00:00.5Z", "one");
    let second = page("news", "https://shimpo.example.jp/b", "2025-04-02T00:00:00Z", "two");
    let mut writer = ArchiveWriter::create(dir, &Software::new("rouei/test")).unwrap();
    let at = writer.append(&first).unwrap();
    writer.append_metadata(&first.url, &at.record_id, first.captured, &[("via".into(), "feed".into())]).unwrap();
    writer.append(&second).unwrap();
    writer.finish().unwrap();
    let mut writer = ArchiveWriter::create(dir, &Software::new("rouei/test")).unwrap();
    let again =
        Capture { captured: "2025-05-01T00:00:00Z".parse().unwrap(), source: "city".into(), ..not_modified(&first) };
    writer.append(&again).unwrap();
    let original = Original {
        url: second.url.clone(),
        captured: second.captured,
        payload_digest: rouei_archive::payload_digest(b"two"),
    };
    let mut same = page("news", "https://shimpo.example.jp/b?print=1", "2025-05-02T00:00:00Z", "two");
    same.kind = CaptureKind::SamePayload(original);
    writer.append(&same).unwrap();
    writer.finish().unwrap();
}

/// What an export holds: type and address of each record.
fn exported(dir: &Path, selection: &Selection, withdrawals: &Withdrawals) -> (Vec<String>, ExportReport) {
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("part.warc.gz");
    let files = archive_files(dir).unwrap();
    let report = export_to_file(&files, selection, withdrawals, &Software::new("rouei/test"), &to).unwrap();
    let records: Vec<_> = ArchiveReader::open(&to).unwrap().map(Result::unwrap).collect();
    assert_eq!(report.records, records.len() as u64);
    // Every digest is right, the index fits, and every record names a warcinfo that is there.
    let verified = verify(out.path()).unwrap();
    assert_eq!((verified.files, verified.faults), (1, vec![]));
    assert!(out.path().join("part.cdxj").exists());
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2);
    let ids: Vec<&str> = records.iter().map(|r| r.id()).collect();
    for record in &records {
        if let Some(info) = record.header.get("WARC-Warcinfo-ID") {
            assert!(ids.contains(&info.trim_matches(['<', '>'])), "{info} is missing");
        }
    }
    // To a stream comes the same but for the time and name in the first record.
    let mut stream = Vec::new();
    let (streamed, _) = export(&files, selection, withdrawals, &Software::new("rouei/test"), "-", &mut stream).unwrap();
    assert_eq!(streamed, report);
    let told = |r: &rouei_archive::Record| {
        let url = r.url().unwrap_or("").trim_start_matches("https://").to_owned();
        format!("{} {url}", r.record_type().code()).trim_end().to_owned()
    };
    (records.iter().map(told).collect(), report)
}

fn select(change: impl FnOnce(&mut Selection)) -> Selection {
    let mut selection = Selection::default();
    change(&mut selection);
    selection
}

#[test]
fn selections_bring_what_belongs_to_them() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let none = Withdrawals::default();
    let check = |selection: &Selection, expected: &[&str], originals: u64| {
        let (records, report) = exported(dir.path(), selection, &none);
        assert_eq!(records[0], "warcinfo");
        assert_eq!(records[1..], *expected, "{selection:?}");
        assert_eq!((report.originals, report.withheld, report.orphans, report.skipped), (originals, 0, vec![], vec![]));
    };
    let page_a =
        ["warcinfo", "request mihon.example.jp/a", "response mihon.example.jp/a", "metadata mihon.example.jp/a"];
    let page_b = ["request shimpo.example.jp/b", "response shimpo.example.jp/b"];
    let again_a = ["warcinfo", "request mihon.example.jp/a", "revisit mihon.example.jp/a"];
    let same_b = ["request shimpo.example.jp/b?print=1", "revisit shimpo.example.jp/b?print=1"];
    let all = [&page_a[..], &page_b, &again_a, &same_b].concat();
    check(&Selection::default(), &all, 0);
    check(&select(|s| s.before = Some("2025-04-02T00:00:00Z".parse().unwrap())), &page_a, 0);
    // Both revisits, and the two originals out of the other file.
    check(&select(|s| s.from = Some("2025-04-15T00:00:00Z".parse().unwrap())), &all, 2);
    check(&select(|s| s.sources = vec!["city".into()]), &[&page_a[..], &again_a].concat(), 0);
    let with_info = |rest: &[&'static str]| [&["warcinfo"], rest].concat();
    check(&select(|s| s.urls = vec![UrlPattern::parse("http://www.shimpo.example.jp/b")]), &with_info(&page_b), 0);
    let prefix = select(|s| s.urls = vec![UrlPattern::parse("https://shimpo.example.jp/*")]);
    check(&prefix, &[with_info(&page_b), with_info(&same_b)].concat(), 0);
    let digest = rouei_archive::payload_digest(b"one");
    let by_digest = select(|s| s.digests = vec![digest.trim_start_matches("sha256:").to_uppercase()]);
    check(&by_digest, &[&page_a[..], &again_a].concat(), 0);
    check(&select(|s| s.sources = vec!["nobody".into()]), &[], 0);
}

#[test]
fn what_is_withdrawn_stays_in_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let decision = Withdrawal {
        url: "https://shimpo.example.jp/b".into(),
        action: WithdrawalAction::Withdraw,
        reason: "依頼による".into(),
        by: "tester".into(),
        decided: "2025-06-01T00:00:00Z".parse().unwrap(),
    };
    let withdrawals = Withdrawals::add(dir.path(), &[decision]).unwrap();
    let (records, report) = exported(dir.path(), &Selection::default(), &withdrawals);
    assert!(!records.iter().any(|r| r.ends_with("shimpo.example.jp/b")), "{records:?}");
    assert!(records.iter().any(|r| r.ends_with("b?print=1")));
    assert_eq!((report.captures, report.withheld), (3, 1));
    let [orphan] = report.orphans.as_slice() else { panic!("{report:?}") };
    assert!(orphan.reason.contains("b?print=1"), "{orphan}");
}

#[test]
fn damage_is_reported_and_the_rest_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let path = archive_files(dir.path()).unwrap().remove(0);
    let response = ArchiveReader::open(&path).unwrap().map(Result::unwrap).nth(2).unwrap();
    assert_eq!(response.record_type(), RecordType::Response);
    let mut bytes = fs::read(&path).unwrap();
    bytes[response.offset as usize + 60] ^= 0x10;
    fs::write(&path, &bytes).unwrap();
    fs::write(dir.path().join("foreign.warc"), "no archive").unwrap();
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("part.warc.gz");
    let files = archive_files(dir.path()).unwrap();
    let none = Withdrawals::default();
    let report = export_to_file(&files, &Selection::default(), &none, &Software::new("t"), &to).unwrap();
    let skipped: Vec<String> = report.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(skipped[0].contains("foreign.warc at 0: not a WARC file"), "{skipped:?}");
    assert!(skipped[1].contains(&format!("at {}: corrupt gzip member", response.offset)), "{skipped:?}");
    // The revisit of the damaged page is there, and says that it stands alone.
    assert_eq!((report.captures, report.orphans.len()), (3, 1));
    assert_eq!(verify(out.path()).unwrap().faults, []);
    let again = export_to_file(&files, &Selection::default(), &none, &Software::new("t"), &to).unwrap_err();
    assert!(again.to_string().contains("part.warc.gz: exists, and is not overwritten"), "{again}");
}

#[test]
fn captures_are_found_by_address_and_identifier() {
    let dir = tempfile::tempdir().unwrap();
    archive(dir.path());
    let mut trouble = Vec::new();
    let mut look = || captures_of(dir.path(), "http://www.mihon.example.jp/a", &mut trouble).unwrap();
    let with_index = look();
    assert_eq!(
        with_index.iter().map(|f| f.timestamp.as_str()).collect::<Vec<_>>(),
        ["20250401000000", "20250501000000"]
    );
    let revisit = latest(&with_index, None).unwrap();
    let record = read_at(&revisit.file, revisit.offset).unwrap();
    assert_eq!(record.record_type(), RecordType::Revisit);
    let original = original_of(dir.path(), &record).unwrap().unwrap();
    assert_eq!(original.page().unwrap().unwrap().body, b"one");
    let then = latest(&with_index, Some("2025-04-20T00:00:00Z".parse().unwrap())).unwrap();
    assert_eq!(read_at(&then.file, then.offset).unwrap().id(), original.id());
    assert_eq!(latest(&with_index, Some("2020-01-01T00:00:00Z".parse().unwrap())), None);
    // The index is a convenience: without it, or with a broken one, the files are read.
    for path in archive_files(dir.path()).unwrap() {
        fs::remove_file(path.to_str().unwrap().replace(".warc.gz", ".cdxj")).unwrap();
    }
    assert_eq!(look(), with_index);
    for path in archive_files(dir.path()).unwrap() {
        fs::write(path.to_str().unwrap().replace(".warc.gz", ".cdxj"), "rubbish\n").unwrap();
    }
    assert_eq!(look(), with_index);
    assert_eq!(trouble.len(), 2, "{trouble:?}");
    let mut trouble = Vec::new();
    let by_id = record_by_id(dir.path(), &format!("<{}>", original.id()), &mut trouble).unwrap().unwrap();
    assert_eq!((by_id.offset, by_id.block), (original.offset, original.block));
    assert_eq!(record_by_id(dir.path(), "urn:uuid:0", &mut trouble).unwrap(), None);
    assert_eq!(trouble, []);
}
