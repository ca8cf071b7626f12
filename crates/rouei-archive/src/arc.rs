//! Records of ARC files, the format before WARC (Internet Archive, "ARC File Format", version 1.0 and 2.0): one line of
//! fields, then as many bytes as the last of them says.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{RecordType, WarcHeader};

/// What the first line of an ARC file begins with.
pub(crate) const FIRST: &[u8] = b"filedesc:";

/// Fields of a line in version 1: address, IP address, date, type, length.
const FIELDS: usize = 5;

/// Fields in version 2, which puts result code, checksum, location, offset and file name before the length.
const MORE_FIELDS: usize = 10;

/// The line that begins a record, as the named fields that WARC has for it; with the length of its block.
pub(crate) fn header(line: &str) -> Option<(WarcHeader, u64)> {
    of_line(line, FIELDS).or_else(|| of_line(line, MORE_FIELDS))
}

fn of_line(line: &str, count: usize) -> Option<(WarcHeader, u64)> {
    // Some tools left blanks in addresses, so the fields are counted from the end.
    let mut fields: Vec<&str> = line.rsplitn(count, ' ').collect();
    fields.reverse();
    let [url, ip, date, kind, ..] = fields.as_slice() else { return None };
    let length = fields.get(count - 1)?.parse().ok()?;
    let date = date_of(date)?;
    url.split_once(':')
        .filter(|(scheme, _)| !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let record_type = if url.as_bytes().starts_with(FIRST) { RecordType::Warcinfo } else { RecordType::Response };
    let mut header = WarcHeader::new(&record_type);
    header.version = "ARC".into();
    header.push("WARC-Target-URI", url);
    header.push("WARC-Date", &date.to_string());
    header.push("WARC-IP-Address", ip);
    header.push("Content-Type", kind);
    Some((header, length))
}

/// What a block turns out to be: pages before HTTP/1.0, and those of other protocols, have no head.
pub(crate) fn settle(header: &mut WarcHeader, block: &[u8]) {
    if header.record_type() == RecordType::Response && !block.starts_with(b"HTTP/") {
        for (name, value) in &mut header.fields {
            if name == "WARC-Type" {
                *value = RecordType::Resource.code().to_owned();
            }
        }
    }
}

/// Fourteen digits in UTC; twelve and eight are met, too.
fn date_of(digits: &str) -> Option<Timestamp> {
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole = format!("{digits:0<14}");
    let time = DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let check = |line: &str, expected: Option<(&str, &str, u64)>| {
            let read = header(line);
            let read = read.as_ref().map(|(header, length)| {
                (header.get("WARC-Target-URI").unwrap(), header.get("WARC-Date").unwrap(), *length)
            });
            assert_eq!(read, expected, "{line}");
        };
        let date = "2014-02-16T05:02:21Z";
        check("http://a.example/ 192.0.2.1 20140216050221 text/html 15", Some(("http://a.example/", date, 15)));
        check("http://a.example/a b 192.0.2.1 20140216050221 - 15", Some(("http://a.example/a b", date, 15)));
        let second =
            "http://a.example/ 192.0.2.1 20140216050221 text/html 200 fac069150613fe55599cc7fa88aa089d - 209 a.arc 15";
        check(second, Some(("http://a.example/", date, 15)));
        check(
            "http://a.example/ 192.0.2.1 20140216 text/html 0",
            Some(("http://a.example/", "2014-02-16T00:00:00Z", 0)),
        );
        for line in [
            "http://a.example/ 192.0.2.1 20140216050221 text/html -1",
            "http://a.example/ 192.0.2.1 20140216050221 text/html abc",
            "http://a.example/ 192.0.2.1 201402160502210000 text/html 1",
            "1 0 Bad Capture",
            "URL IP-address Archive-date Content-type Archive-length",
            "",
        ] {
            check(line, None);
        }
    }
}
