//! What is written comes back.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use common::{capture, header, noise, not_modified};
use proptest::prelude::*;
use rouei_archive::{
    ArchiveReader, ArchiveWriter, RecordType, Software, WriterOptions, archive_files, payload_digest, read_at,
    read_cdxj, verify,
};
use rouei_model::{Capture, CaptureKind, Header, Original, Truncation};

mod common;

fn write(dir: &Path, captures: &[Capture]) -> Vec<rouei_archive::RecordLocation> {
    let mut writer = ArchiveWriter::create(dir, &Software::new("rouei/test")).unwrap();
    let locations = captures.iter().map(|c| writer.append(c).unwrap()).collect();
    writer.commit().unwrap();
    writer.finish().unwrap();
    locations
}

/// The capture as the archive keeps it: the request headers stand in another record, a revisit holds no body, HTTP/1.1
/// names its protocol in capitals.
fn kept(mut capture: Capture) -> Capture {
    capture.request_headers.clear();
    if capture.kind != CaptureKind::Response {
        capture.body.clear();
    }
    capture
}

#[test]
fn a_large_incompressible_body_comes_back_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let big = capture("https://mihon.example.jp/notice.pdf", &noise(5_000_001));
    let locations = write(dir.path(), std::slice::from_ref(&big));
    let record = read_at(&dir.path().join(&locations[0].file), locations[0].offset).unwrap();
    assert_eq!(record.capture().unwrap().unwrap(), kept(big.clone()));
    assert_eq!(record.location().unwrap().length, locations[0].length);
    assert_eq!(locations[0].payload_digest, payload_digest(&big.body));
    let page = record.page().unwrap().unwrap();
    assert_eq!((page.status, page.body == big.body), (Some(200), true));
}

#[test]
fn the_records_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let first = capture("https://mihon.example.jp/a?b=1", b"<p>1");
    let again = not_modified(&first);
    let locations = write(dir.path(), &[first.clone(), again]);
    let path = dir.path().join(&locations[0].file);
    let records: Vec<_> = ArchiveReader::open(&path).unwrap().map(Result::unwrap).collect();
    let types: Vec<_> = records.iter().map(|r| r.record_type().code().to_owned()).collect();
    assert_eq!(types, ["warcinfo", "request", "response", "request", "revisit"]);

    let [info, request, response, _, revisit] = records.as_slice() else { panic!() };
    assert!(String::from_utf8_lossy(&info.block).contains("software: rouei/test\r\n"));
    assert_eq!(
        String::from_utf8_lossy(&request.block),
        "GET /a?b=1 HTTP/1.1\r\nHost: mihon.example.jp\r\nuser-agent: rouei/0.1 (+mailto:ops@example.jp)\r\n\r\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&response.block),
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=Shift_JIS\r\netag: \"v1\"\r\n\r\n<p>1"
    );
    let field = |r: &rouei_archive::Record, name: &str| r.header.get(name).unwrap_or("").to_owned();
    for (name, expected) in [
        ("WARC-Date", "2025-04-16T01:02:03.123456789Z"),
        ("WARC-Target-URI", "https://mihon.example.jp/a?b=1"),
        ("WARC-IP-Address", "192.0.2.7"),
        ("WARC-Protocol", "h2"),
        ("WARC-Concurrent-To", &field(request, "WARC-Record-ID")),
        ("WARC-Warcinfo-ID", &field(info, "WARC-Record-ID")),
        ("WARC-Payload-Digest", &payload_digest(b"<p>1")),
        ("WARC-Block-Digest", &payload_digest(&response.block)),
        ("Content-Type", "application/http; msgtype=response"),
        ("Rouei-Source", "mihon-city"),
    ] {
        assert_eq!(field(response, name), expected, "{name}");
    }
    for (name, expected) in [
        ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified"),
        ("WARC-Refers-To-Target-URI", "https://mihon.example.jp/a?b=1"),
        ("WARC-Refers-To-Date", "2025-04-16T01:02:03.123456789Z"),
        ("WARC-Payload-Digest", &payload_digest(b"<p>1")),
    ] {
        assert_eq!(field(revisit, name), expected, "{name}");
    }

    let index = read_cdxj(&path).unwrap().unwrap();
    let lines: Vec<_> = index.iter().map(|l| (l.key.as_str(), l.timestamp.as_str(), l.fields.mime.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("jp,example,mihon)/a?b=1", "20250416010203", "text/html"),
            ("jp,example,mihon)/a?b=1", "20250417010203", "warc/revisit")
        ]
    );
    let report = verify(dir.path()).unwrap();
    assert_eq!((report.files, report.records, report.unverified), (1, 5, 0));
    assert_eq!(report.faults, []);
}

#[test]
fn files_are_bounded_and_never_shared() {
    let dir = tempfile::tempdir().unwrap();
    let options = WriterOptions { max_file_bytes: 30_000, ..WriterOptions::default() };
    let software = Software::new("rouei/test");
    let mut one = ArchiveWriter::with_options(dir.path(), &software, options).unwrap();
    let mut other = ArchiveWriter::with_options(dir.path(), &software, options).unwrap();
    for i in 0..10 {
        let capture = capture(&format!("https://mihon.example.jp/{i}"), &noise(10_000));
        one.append(&capture).unwrap();
        other.append(&capture).unwrap();
    }
    one.commit().unwrap();
    one.finish().unwrap();
    other.commit().unwrap();
    other.finish().unwrap();
    let files = archive_files(dir.path()).unwrap();
    assert_eq!(files.len(), 10);
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("rouei-") && name.ends_with(".warc.gz"), "{name}");
        assert!(file.metadata().unwrap().len() <= 30_000, "{name}");
    }
    assert_eq!(verify(dir.path()).unwrap().faults, []);
}

#[test]
fn a_full_file_keeps_its_suffix_until_the_commit_after_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let options = WriterOptions { max_file_bytes: 5_000, ..WriterOptions::default() };
    let mut writer = ArchiveWriter::with_options(dir.path(), &Software::new("rouei/test"), options).unwrap();
    let open = || archive_files(dir.path()).unwrap().iter().filter(|p| p.extension().unwrap() == "open").count();
    let mut append = |i: u8| {
        let location = writer.append(&capture(&format!("https://mihon.example.jp/{i}"), &noise(4_000))).unwrap();
        // The location is that of the finished file, and can be read before it is finished.
        read_at(&dir.path().join(&location.file), location.offset).unwrap();
    };
    append(0);
    append(1);
    assert_eq!(open(), 2);
    writer.commit().unwrap();
    assert_eq!(open(), 2, "the caller has had no chance to record what was committed");
    writer.commit().unwrap();
    assert_eq!(open(), 1);
    writer.finish().unwrap();
    assert_eq!(open(), 0);
}

/// A reader beside the writer: the file loses its suffix between any two of its looks.
#[test]
fn a_record_is_read_while_its_file_is_renamed() {
    let dir = tempfile::tempdir().unwrap();
    let location = write(dir.path(), &[capture("https://mihon.example.jp/a", b"<p>1")]).remove(0);
    let bytes = std::fs::read(dir.path().join(&location.file)).unwrap();
    for number in 0..300 {
        let finished = dir.path().join(format!("{number}.warc.gz"));
        let open = dir.path().join(format!("{number}.warc.gz.open"));
        std::fs::write(&open, &bytes).unwrap();
        let to = finished.clone();
        let renaming = std::thread::spawn(move || std::fs::rename(open, to).unwrap());
        while !renaming.is_finished() {
            read_at(&finished, location.offset).unwrap();
        }
        renaming.join().unwrap();
        read_at(&finished, location.offset).unwrap();
    }
}

#[test]
fn verify_names_what_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let locations = write(
        dir.path(),
        &[capture("https://mihon.example.jp/1", b"one"), capture("https://mihon.example.jp/2", b"two")],
    );
    let index = dir.path().join(locations[0].file.replace(".warc.gz", ".cdxj"));
    let text = std::fs::read_to_string(&index).unwrap();
    // One line lost, and one that points where nothing is.
    let line = text.lines().next().unwrap().replace(&format!("\"{}\"", locations[0].offset), "\"7\"");
    std::fs::write(&index, format!("{line}\n")).unwrap();
    let faults = verify(dir.path()).unwrap().faults;
    let offsets: Vec<_> = faults.iter().map(|f| f.offset).collect();
    assert_eq!(offsets, [locations[0].offset, locations[1].offset, 7], "{faults:?}");
}

#[test]
fn an_address_that_is_none_is_refused_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = ArchiveWriter::create(dir.path(), &Software::new("rouei/test")).unwrap();
    let error = writer.append(&capture("not an address", b"")).unwrap_err();
    assert!(error.to_string().contains("not an address"), "{error}");
    writer.finish().unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

fn headers() -> impl Strategy<Value = Vec<Header>> {
    let name = "[A-Za-z][A-Za-z0-9-]{0,12}".prop_filter("dropped", |n| !n.eq_ignore_ascii_case("transfer-encoding"));
    // Field values hold no line ends, and none begins or ends with white space (RFC 9110, 5.5).
    let value = prop::collection::vec(prop_oneof![0x21u8..0x7f, 0x80u8..=0xff], 0..20);
    prop::collection::vec((name, value).prop_map(|(name, value)| Header { name, value }), 0..5)
}

fn kinds() -> impl Strategy<Value = CaptureKind> {
    let original = ("[a-z]{1,9}", 0i64..2_000_000_000, any::<[u8; 4]>()).prop_map(|(path, second, body)| Original {
        url: format!("https://mihon.example.jp/{path}"),
        captured: jiff::Timestamp::from_second(second).unwrap(),
        payload_digest: payload_digest(&body),
    });
    prop_oneof![
        Just(CaptureKind::Response),
        original.clone().prop_map(CaptureKind::NotModified),
        original.prop_map(CaptureKind::SamePayload)
    ]
}

fn captures() -> impl Strategy<Value = Capture> {
    let truncated = prop_oneof![
        Just(None),
        Just(Some(Truncation::Length)),
        Just(Some(Truncation::Time)),
        Just(Some(Truncation::Disconnect)),
        Just(Some(Truncation::Unspecified))
    ];
    let wire = (headers(), headers(), 100u16..600, prop::bool::ANY, prop::collection::vec(any::<u8>(), 0..3000));
    let rest =
        (kinds(), truncated, 0i64..4_000_000_000, 0i32..1_000_000_000, prop::option::of(Just("192.0.2.1".into())));
    (wire, rest, "[a-z0-9/?=&%-]{0,20}").prop_map(
        |((request_headers, response_headers, status, h2, body), (kind, truncated, second, nano, remote_ip), path)| {
            Capture {
                source: "mihon".into(),
                url: format!("https://mihon.example.jp/{path}"),
                captured: jiff::Timestamp::new(second, nano).unwrap(),
                method: "GET".into(),
                request_headers,
                protocol: if h2 { "HTTP/2".into() } else { "HTTP/1.1".into() },
                status,
                response_headers,
                body,
                remote_ip,
                truncated,
                kind,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_capture_comes_back(captures in prop::collection::vec(captures(), 1..5)) {
        let dir = tempfile::tempdir().unwrap();
        let locations = write(dir.path(), &captures);
        for (capture, location) in captures.iter().zip(&locations) {
            let record = read_at(&dir.path().join(&location.file), location.offset).unwrap();
            prop_assert_eq!(record.id(), &location.record_id);
            prop_assert_eq!(record.capture().unwrap().unwrap(), kept(capture.clone()));
            let expected = if capture.kind == CaptureKind::Response { RecordType::Response } else { RecordType::Revisit };
            prop_assert_eq!(&location.record_type, &expected);
        }
        let report = verify(dir.path()).unwrap();
        prop_assert_eq!(report.faults, vec![]);
        prop_assert_eq!(report.records, 1 + 2 * captures.len() as u64);
    }
}

#[test]
fn line_ends_cannot_be_smuggled_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut evil = capture("https://mihon.example.jp/", b"body");
    evil.response_headers.push(header("X-Evil", "a\r\n\r\nWARC/1.1"));
    evil.source = "mihon\r\nContent-Length: 0".into();
    let locations = write(dir.path(), &[evil]);
    let record = read_at(&dir.path().join(&locations[0].file), locations[0].offset).unwrap();
    assert_eq!(record.page().unwrap().unwrap().body, b"body");
    assert_eq!(verify(dir.path()).unwrap().faults, []);
}
