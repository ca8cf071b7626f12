//! What earlier runs know. The pipeline supplies it from store and archive.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rouei_model::{Capture, Header};

use crate::fetch::header;
use crate::rhythm::Visit;

/// Days after its first capture on which a page is visited again: corrections come early, and the final report to
/// the regulator is due within 30 or 60 days (Act on the Protection of Personal Information, Enforcement Rules,
/// article 8).
const REVISIT_DAYS: [i64; 5] = [1, 3, 7, 30, 60];

/// The last capture of an address that is in archive **and** store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// `ETag` of the last response that had one.
    pub etag: Option<String>,
    /// `Last-Modified` of the last response that had one.
    pub last_modified: Option<String>,
    /// When the address was first captured.
    pub first_captured: Timestamp,
    /// When the response that holds the body was captured: revisits refer to it.
    pub captured: Timestamp,
    /// When the address was last asked for, revisits included.
    pub checked: Timestamp,
    /// Digest of the body as [`History::digest`] writes it.
    pub payload_digest: String,
    /// Status of the response.
    pub status: u16,
    /// `Location` of a redirect, as received.
    pub location: Option<String>,
    /// The body is incomplete; such a capture is made anew.
    pub truncated: bool,
    /// Until when the response counts as fresh ([`fresh_until`]).
    pub fresh_until: Option<Timestamp>,
}

/// A page that earlier runs captured, as discovery had it then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPage {
    /// Its address.
    pub url: String,
    /// Title beside the link.
    pub title: Option<String>,
    /// Date beside the link.
    pub published: Option<String>,
    /// The page that the link stood on.
    pub found_on: Option<String>,
    /// A PDF file.
    pub attachment: bool,
}

/// What earlier runs know of an entry that is read from its feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Nothing.
    New,
    /// It had another text.
    Changed,
    /// It is as it was.
    Same,
}

/// An archived response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// Response headers.
    pub headers: Vec<Header>,
    /// The body as sent, still content-encoded.
    pub body: Vec<u8>,
}

/// What earlier runs captured. Called from asynchronous tasks: answers are expected within milliseconds.
pub trait History: Send + Sync {
    /// The last capture of this address.
    fn last(&self, url: &str) -> Option<Previous>;

    /// The archived response of this address with its body. The crawler asks for it when a discovery page is
    /// unchanged, to find the links that an interrupted run left. Where it is missing, the page is fetched again
    /// without conditions.
    fn response(&self, url: &str) -> Option<StoredResponse>;

    /// The digest of a body in the form that [`Previous::payload_digest`] has.
    fn digest(&self, body: &[u8]) -> String;

    /// The last visits to this address that brought an answer, oldest first, at most [`crate::VISITS`]. Where there
    /// are none, a page has its days of follow-up alone.
    fn visits(&self, url: &str) -> Vec<Visit> {
        let _ = url;
        Vec::new()
    }

    /// The pages of a source that are to be followed up although discovery may no longer name them: those that hold a
    /// disclosure.
    fn followed_up(&self, source: &str) -> Vec<KnownPage> {
        let _ = source;
        Vec::new()
    }

    /// What was read of an entry of a feed before; `digest` is [`History::digest`] of [`crate::FeedEntry::identity`].
    fn entry(&self, feed: &str, url: &str, digest: &str) -> EntryState {
        let _ = (feed, url, digest);
        EntryState::New
    }

    /// When a page of this source last turned out new or changed, for [`crate::Expectation::longest_silence`].
    fn last_news(&self, source: &str) -> Option<Timestamp> {
        let _ = source;
        None
    }
}

/// A history that knows nothing: every capture is new.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHistory;

impl History for NoHistory {
    fn last(&self, _url: &str) -> Option<Previous> {
        None
    }

    fn response(&self, _url: &str) -> Option<StoredResponse> {
        None
    }

    fn digest(&self, _body: &[u8]) -> String {
        String::new()
    }
}

/// Whether a page is to be asked for again: on days 1, 3, 7, 30 and 60 after its first capture, and always where the
/// last attempt brought nothing whole.
#[must_use]
pub fn revisit_due(previous: &Previous, now: Timestamp) -> bool {
    if previous.truncated || previous.status >= 500 || previous.status == 429 {
        return true;
    }
    REVISIT_DAYS.iter().any(|&days| {
        let due = previous.first_captured.saturating_add(SignedDuration::from_hours(24 * days));
        due.is_ok_and(|due| due <= now && previous.checked < due)
    })
}

/// Until when a response may be taken for current without asking, by its own word: `Cache-Control: max-age` less
/// `Age`, else `Expires` less `Date` (RFC 9111, 4.2.1). No guess is made where it says nothing.
#[must_use]
pub fn fresh_until(capture: &Capture) -> Option<Timestamp> {
    let headers = &capture.response_headers;
    if let Some(control) = header(headers, "cache-control") {
        let control = control.to_ascii_lowercase();
        let mut directives = control.split(',').map(str::trim);
        if directives.clone().any(|d| d == "no-store" || d == "no-cache" || d.starts_with("no-cache=")) {
            return None;
        }
        if let Some(age) = directives.find_map(|d| d.strip_prefix("max-age=")) {
            let age: u64 = age.trim_matches('"').parse().ok()?;
            let spent = header(headers, "age").and_then(|a| a.trim().parse::<u64>().ok()).unwrap_or(0);
            // RFC 9111, 1.2.2: larger values are taken as 2^31.
            let left = Duration::from_secs(age.min(1 << 31).saturating_sub(spent));
            return (!left.is_zero()).then(|| capture.captured.checked_add(left).ok()).flatten();
        }
    }
    let time = |name| header(headers, name).and_then(|v| httpdate::parse_http_date(&v).ok());
    let expires = time("expires")?;
    let date = time("date").unwrap_or_else(|| capture.captured.into());
    let lifetime = expires.duration_since(date).ok().filter(|d| !d.is_zero())?;
    capture.captured.checked_add(lifetime).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rouei_model::CaptureKind;

    #[test]
    fn revisits_on_their_days() {
        let first: Timestamp = "2025-04-01T00:00:00Z".parse().unwrap();
        let at = |hours: i64| first + SignedDuration::from_hours(hours);
        for (checked, now, due) in [
            (0, 0, false),
            (0, 23, false),
            (0, 24, true),
            (24, 25, false),
            (25, 72, true),
            (0, 24 * 100, true),
            (24 * 61, 24 * 100, false),
        ] {
            let previous = Previous {
                etag: None,
                last_modified: None,
                first_captured: first,
                captured: first,
                checked: at(checked),
                payload_digest: String::new(),
                status: 200,
                location: None,
                truncated: false,
                fresh_until: None,
            };
            assert_eq!(revisit_due(&previous, at(now)), due, "{checked} {now}");
            assert!(revisit_due(&Previous { truncated: true, ..previous }, at(now)));
        }
    }

    #[test]
    fn freshness_by_the_word_of_the_server() {
        let captured: Timestamp = "2025-04-01T00:00:00Z".parse().unwrap();
        let check = |headers: &[(&str, &str)], seconds: Option<i64>| {
            let capture = Capture {
                source: "s".into(),
                url: "http://a.example/".into(),
                captured,
                method: "GET".into(),
                request_headers: vec![],
                protocol: "HTTP/1.1".into(),
                status: 200,
                response_headers: headers
                    .iter()
                    .map(|(n, v)| Header { name: (*n).into(), value: v.as_bytes().to_vec() })
                    .collect(),
                body: vec![],
                remote_ip: None,
                truncated: None,
                kind: CaptureKind::Response,
            };
            let expected = seconds.map(|s| captured + SignedDuration::from_secs(s));
            assert_eq!(fresh_until(&capture), expected, "{headers:?}");
        };
        check(&[], None);
        check(&[("cache-control", "max-age=60")], Some(60));
        check(&[("Cache-Control", "public, max-age=60"), ("Age", "20")], Some(40));
        check(&[("cache-control", "no-cache, max-age=60")], None);
        check(&[("cache-control", "max-age=0"), ("expires", "Tue, 01 Apr 2025 00:10:00 GMT")], None);
        check(&[("expires", "Tue, 01 Apr 2025 00:10:00 GMT"), ("date", "Tue, 01 Apr 2025 00:00:00 GMT")], Some(600));
        check(&[("expires", "0")], None);
    }
}
