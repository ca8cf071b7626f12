//! Files of other tools, and broken ones, built by hand.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use rouei_archive::{ArchiveError, ArchiveReader, BadRecord, Limits, Page};

fn record(number: u32, content_type: &str, block: &[u8]) -> Vec<u8> {
    typed("response", number, content_type, block)
}

fn typed(kind: &str, number: u32, content_type: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <http://mihon.example.jp/{number}>\r\n\
         WARC-Date: 2019-05-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(number: u32) -> Vec<u8> {
    record(
        number,
        "application/http;msgtype=response",
        format!("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody {number}").as_bytes(),
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(file: &[u8]) -> (Vec<String>, Vec<BadRecord>) {
    let reader = ArchiveReader::from_reader("x.warc", Cursor::new(file.to_vec()), Limits { block: 1000 }).unwrap();
    let (mut pages, mut bad) = (Vec::new(), Vec::new());
    for page in reader.pages() {
        match page {
            Ok(page) => pages.push(String::from_utf8_lossy(&page.body).into_owned()),
            Err(e) => bad.push(e),
        }
    }
    (pages, bad)
}

#[track_caller]
fn check(file: &[u8], pages: &[&str], bad: &[(usize, &str)]) {
    let (found, skipped) = read(file);
    assert_eq!(found, pages, "{skipped:?}");
    assert_eq!(skipped.len(), bad.len(), "{skipped:?}");
    for (skipped, (offset, reason)) in skipped.iter().zip(bad) {
        assert_eq!(skipped.offset, *offset as u64, "{skipped}");
        assert!(skipped.reason.contains(reason), "{skipped}");
    }
}

#[test]
fn with_and_without_gzip_in_one_member_or_many() {
    let records: Vec<Vec<u8>> = (1..=3).map(response).collect();
    let pages = ["body 1", "body 2", "body 3"];
    check(&records.concat(), &pages, &[]);
    check(&gzip(&records.concat()), &pages, &[]);
    check(&records.iter().flat_map(|r| gzip(r)).collect::<Vec<u8>>(), &pages, &[]);
    // Two in the first member, an empty member, one in the last.
    let mixed = [gzip(&records[..2].concat()), gzip(b""), gzip(&records[2])].concat();
    check(&mixed, &pages, &[]);
    // Blank lines beyond the two of the standard; LF alone.
    let loose = String::from_utf8(records.join(&b"\r\n\n\r\n"[..])).unwrap();
    check(loose.as_bytes(), &pages, &[]);
}

#[test]
fn offsets_and_lengths() {
    let records: Vec<Vec<u8>> = (1..=2).map(response).collect();
    let places = |file: &[u8]| -> Vec<_> {
        let reader = ArchiveReader::from_reader("x", Cursor::new(file.to_vec()), Limits::default()).unwrap();
        reader.map(|r| r.map(|r| (r.offset, r.length, r.offset_in_member)).unwrap()).collect()
    };
    let (a, b) = (records[0].len() as u64, records[1].len() as u64);
    assert_eq!(places(&records.concat()), [(0, Some(a), 0), (a, Some(b), 0)]);
    assert_eq!(places(&gzip(&records.concat())), [(0, None, 0), (0, None, a)]);
    let (x, y) = (gzip(&records[0]), gzip(&records[1]));
    let (xl, yl) = (x.len() as u64, y.len() as u64);
    assert_eq!(places(&[x, y].concat()), [(0, Some(xl), 0), (xl, Some(yl), 0)]);
}

#[test]
fn what_is_broken_is_skipped_and_named() {
    let [one, two, three] = [1, 2, 3].map(response);
    let n = one.len();

    // A damaged member between two whole ones.
    let mut damaged = gzip(&two);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let file = [gzip(&one), damaged, gzip(&three)].concat();
    check(&file, &["body 1", "body 3"], &[(gzip(&one).len(), "corrupt gzip member")]);

    // A member whose start is lost.
    let file = [gzip(&one), b"\0\0\0\0".to_vec(), gzip(&three)].concat();
    check(&file, &["body 1", "body 3"], &[(gzip(&one).len(), "corrupt gzip member")]);

    // A torn tail.
    let file = [gzip(&one), gzip(&two)[..40].to_vec()].concat();
    check(&file, &["body 1"], &[(gzip(&one).len(), "nothing that can be read follows")]);
    check(&[one.clone(), two[..n - 9].to_vec()].concat(), &["body 1"], &[(n, "the block ends after")]);

    // Content-Length too small, too large, missing, none.
    let with_length = |length: &str| {
        let text = String::from_utf8(two.clone()).unwrap();
        let end = text.find("\r\n\r\n").unwrap();
        let start = text.find("Content-Length").unwrap();
        format!("{}{length}{}", &text[..start], &text[end..]).into_bytes()
    };
    for (length, reason) in [
        ("Content-Length: 5", "does not end after the 5 bytes"),
        ("Content-Length: 99", "does not end after"),
        ("Content-Length: 900", "ends after"),
        ("Content-Length: 99999999999", "over the bound"),
        ("Content-Length: -1", "no Content-Length"),
        ("X: 5", "no Content-Length"),
        ("rubbish", "no colon"),
    ] {
        let broken = with_length(length);
        check(&[one.clone(), broken.clone(), three.clone()].concat(), &["body 1", "body 3"], &[(n, reason)]);
        let members = [gzip(&one), gzip(&broken), gzip(&three)].concat();
        let (pages, bad) = read(&members);
        assert_eq!((pages, bad.len()), (vec!["body 1".to_owned(), "body 3".to_owned()], 1), "{length}: {bad:?}");
    }

    // Rubbish between records.
    check(&[one.clone(), b"rubbish\nrubbish\n".to_vec(), three.clone()].concat(), &["body 3"], &[(0, "does not end")]);

    // A record over the bound.
    let large = record(2, "application/http", &[b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2000]].concat());
    check(
        &[one.clone(), large.clone(), three.clone()].concat(),
        &["body 1", "body 3"],
        &[(n, "over the bound of 1000")],
    );
    check(&gzip(&[one, large, three].concat()), &["body 1", "body 3"], &[(0, "over the bound of 1000")]);
}

#[test]
fn chunking_is_undone_where_it_is() {
    let page = |block: &[u8]| -> Page {
        let file = record(1, "application/http", block);
        let mut reader = ArchiveReader::from_reader("x", Cursor::new(file), Limits::default()).unwrap();
        reader.next().unwrap().unwrap().page().unwrap().unwrap()
    };
    let chunked = page(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assert_eq!((chunked.body.as_slice(), chunked.notes.len()), (&b"abcde"[..], 0));
    let left_over = page(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>abc");
    assert_eq!((left_over.body.as_slice(), left_over.notes.len()), (&b"<p>abc"[..], 0));
    let broken = page(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nde");
    assert_eq!((broken.body.as_slice(), broken.notes.len()), (&b"abc"[..], 1));
}

#[test]
fn only_pages_are_pages() {
    let http = b"HTTP/1.1 200 OK\r\n\r\npage";
    let dns = typed("response", 9, "text/dns", b"20190501\nmihon.example.jp. 300 IN A 192.0.2.1");
    let dns = String::from_utf8(dns).unwrap().replace("http://mihon.example.jp/9", "dns:mihon.example.jp");
    let log = String::from_utf8(typed("resource", 10, "text/plain", b"log")).unwrap();
    let log = log.replace("http://mihon.example.jp/10", "metadata://gnu.org/software/wget/warc/wget.log");
    let file = [
        log.into_bytes(),
        typed("warcinfo", 1, "application/warc-fields", b"software: other/1\r\n"),
        dns.into_bytes(),
        typed("request", 2, "application/http", b"GET / HTTP/1.1\r\n\r\n"),
        typed("response", 3, "application/http", http),
        typed("metadata", 4, "application/warc-fields", b"via: x\r\n"),
        typed("resource", 5, "text/html", b"resource"),
        typed("conversion", 6, "text/plain", b"conversion"),
        typed("revisit", 7, "application/http", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        typed("unheard-of", 8, "text/plain", b"x"),
    ];
    let conversion = file[..7].iter().map(Vec::len).sum();
    check(&file.concat(), &["page", "resource"], &[(conversion, "1 conversion records (WET) were skipped")]);
    let broken = typed("response", 1, "application/http", b"<html>");
    check(&[broken.clone(), response(2)].concat(), &["body 2"], &[(0, "in place of an HTTP status line")]);
}

#[test]
fn folded_fields_and_angle_brackets() {
    let text = "WARC/0.18\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://mihon.example.jp/>\r\nX-Long: a\r\n b\r\n\
                Content-Length: 2\r\n\r\nab\r\n\r\n";
    let mut reader = ArchiveReader::from_reader("x", Cursor::new(text.as_bytes()), Limits::default()).unwrap();
    let record = reader.next().unwrap().unwrap();
    assert_eq!(record.url(), Some("http://mihon.example.jp/"));
    assert_eq!(record.header.get("x-long"), Some("a b"));
    assert_eq!((record.header.version.as_str(), record.id(), record.location()), ("WARC/0.18", "", None));
}

#[test]
fn other_formats_are_refused_by_name() {
    for (bytes, reason) in [
        (&b""[..], "the file is empty"),
        (b"<html>", "it begins with \"<html\""),
        (b"\x28\xb5\x2f\xfd\0\0", "Zstandard"),
    ] {
        let error = ArchiveReader::from_reader("x.warc", Cursor::new(bytes), Limits::default()).err().unwrap();
        assert!(matches!(error, ArchiveError::NotWarc { .. }));
        assert!(error.to_string().starts_with("x.warc: ") && error.to_string().contains(reason), "{error}");
    }
    // Gzip of something else.
    check(&gzip(b"<html>not an archive</html>"), &[], &[(0, "in place of a WARC version line")]);
}

/// Each of these would cost seconds per megabyte if every attempt began anew.
#[test]
fn hostile_files_cost_no_more_than_their_length() {
    let starts = [gzip(&response(1)), b"\x1f\x8b\x08\0".repeat(500_000)].concat();
    check(&starts, &["body 1"], &[(gzip(&response(1)).len(), "nothing that can be read follows")]);
    let lengths = b"WARC/1.0\r\nContent-Length: 900000\r\n\r\n".repeat(40_000);
    let reader = ArchiveReader::from_reader("x", Cursor::new(lengths), Limits { block: 1 << 30 }).unwrap();
    let skipped = reader.filter_map(Result::err).count();
    assert!((1..40_000).contains(&skipped), "{skipped}");
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..600), gz in any::<bool>()) {
        let mut file = if gz { gzip(&response(1)) } else { response(1) };
        file.extend_from_slice(&bytes);
        read(&file);
    }

    /// Whatever happens to one record, those that are not touched and not its neighbours are found.
    #[test]
    fn damage_stays_where_it_is(at in 0.0f64..1.0, byte in any::<u8>(), gz in any::<bool>()) {
        let records: Vec<Vec<u8>> = (1..=5).map(|i| if gz { gzip(&response(i)) } else { response(i) }).collect();
        let mut file = records.concat();
        let target: usize = records[..2].iter().map(Vec::len).sum();
        let index = target + (at * records[2].len() as f64) as usize;
        file[index] = byte;
        let (pages, _) = read(&file);
        for expected in ["body 1", "body 5"] {
            prop_assert!(pages.iter().any(|p| p == expected), "{pages:?}");
        }
    }
}
