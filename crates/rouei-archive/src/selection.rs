use jiff::Timestamp;

use crate::{Record, RecordType, surt};

/// Which captures of an archive. The default is all of them; what is given must hold together, of a list one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Captured at this moment or later.
    pub from: Option<Timestamp>,
    /// Captured before this moment.
    pub before: Option<Timestamp>,
    /// Asked for by one of these sources; records of other tools name none.
    pub sources: Vec<String>,
    /// Of one of these addresses.
    pub urls: Vec<UrlPattern>,
    /// With one of these payload digests, with or without the algorithm in front.
    pub digests: Vec<String>,
}

/// Addresses that a selection takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlPattern {
    /// This address, as an index looks it up: scheme, `www.` and the order of query parameters do not count ([`surt`]).
    Exact(String),
    /// Every address that begins so, letter by letter.
    Prefix(String),
}

impl UrlPattern {
    /// An address, or with `*` at its end the beginning of one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None => Self::Exact(text.to_owned()),
        }
    }

    fn takes(&self, url: &str) -> bool {
        match self {
            Self::Exact(address) => address == url || surt(address) == surt(url),
            Self::Prefix(prefix) => url.starts_with(prefix.as_str()),
        }
    }
}

impl Selection {
    /// Whether a capture is one of them: a `response`, `revisit`, `resource` or `conversion` record. What belongs to a
    /// capture (its request, its metadata) is not asked here.
    #[must_use]
    pub fn takes(&self, record: &Record) -> bool {
        is_capture(&record.record_type())
            && self.takes_time(record.date())
            && (self.sources.is_empty() || record.source().is_some_and(|s| self.sources.iter().any(|own| own == s)))
            && (self.urls.is_empty() || record.url().is_some_and(|u| self.urls.iter().any(|p| p.takes(u))))
            && (self.digests.is_empty() || self.takes_digest(record.header.get("WARC-Payload-Digest")))
    }

    /// A capture without a time that can be read is in no stretch of time.
    fn takes_time(&self, time: Option<Timestamp>) -> bool {
        if self.from.is_none() && self.before.is_none() {
            return true;
        }
        time.is_some_and(|t| self.from.is_none_or(|from| t >= from) && self.before.is_none_or(|before| t < before))
    }

    fn takes_digest(&self, stated: Option<&str>) -> bool {
        let Some(stated) = stated else { return false };
        let bare = stated.split_once(':').map_or(stated, |(_, value)| value);
        self.digests.iter().any(|d| d.eq_ignore_ascii_case(stated) || d.eq_ignore_ascii_case(bare))
    }
}

/// Records that hold a capture or stand for one.
pub(crate) fn is_capture(kind: &RecordType) -> bool {
    matches!(kind, RecordType::Response | RecordType::Revisit | RecordType::Resource | RecordType::Conversion)
}
