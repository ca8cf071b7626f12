use std::collections::BTreeMap;

use jiff::Timestamp;
use rouei_model::Capture;

use crate::fetch::{FetchError, Room};
use crate::policy::Directives;

/// What a run tells while it goes on.
#[derive(Clone, Debug)]
pub enum CrawlEvent {
    /// An exchange, to be archived; a status of 400 and above or a cut body is followed by [`CrawlEvent::Failed`].
    Captured(Box<Capture>, Box<CaptureContext>),
    /// An address that was not asked for.
    Skipped {
        /// The source.
        source: String,
        /// The address.
        url: String,
        /// What for.
        role: Role,
        /// Why.
        reason: SkipReason,
    },
    /// An address that brought nothing, or not all.
    Failed {
        /// The source.
        source: String,
        /// The address.
        url: String,
        /// What for.
        role: Role,
        /// Why.
        reason: FetchError,
    },
}

/// What the crawl knows of a capture and the capture itself does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureContext {
    /// Source.
    pub source_id: String,
    /// What it was fetched for.
    pub role: Role,
    /// Canonical address that discovery named; differs from the capture's after a redirect.
    pub requested: String,
    /// The page that the link stood on.
    pub found_on: Option<String>,
    /// Title beside the link.
    pub discovered_title: Option<String>,
    /// Date beside the link: a day, or RFC 3339.
    pub discovered_date: Option<String>,
    /// What the page asks of robots.
    pub directives: Directives,
    /// The address that the page names as its own (`rel=canonical`); its word, not checked.
    pub canonical: Option<String>,
    /// `Location` of a redirect, made absolute; the capture behind it comes next.
    pub redirects_to: Option<String>,
    /// Room for a large body, given back when this is dropped.
    pub room: Room,
}

/// What an address is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// robots.txt.
    Robots,
    /// A feed, listing or sitemap.
    Discovery,
    /// A page that may be a disclosure.
    Page,
    /// A PDF file linked from a page or listing.
    Attachment,
}

/// Why an address was not asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// robots.txt forbids it.
    #[error("robots.txt forbids it ({}{text})", line.map(|l| format!("line {l}: ")).unwrap_or_default())]
    Robots {
        /// The line of robots.txt that decided.
        line: Option<usize>,
        /// Its text, or the reason.
        text: String,
    },
    /// Captured before, and its next visit is later.
    #[error("captured before and not due")]
    NotDue,
    /// Still fresh by the word of the server; what it holds was taken from the archive.
    #[error("still fresh until {0}")]
    Fresh(Timestamp),
    /// Reached by another way in this run.
    #[error("already visited in this run")]
    Duplicate,
    /// The page asks that its links not be followed.
    #[error("the page asks not to follow its links")]
    NoFollow,
}

/// Something about a source that its operator should know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// Nothing could be discovered.
    #[error("discovery failed at {url}: {reason}")]
    DiscoveryFailed {
        /// The feed, listing or sitemap.
        url: String,
        /// Why.
        reason: String,
    },
    /// Fewer items than normal.
    #[error("found {found} items, normal are at least {min}")]
    TooFew {
        /// Items found.
        found: u32,
        /// `expect.min_items`.
        min: u32,
    },
    /// More items than normal.
    #[error("found {found} items, normal are at most {max}")]
    TooMany {
        /// Items found.
        found: u32,
        /// `expect.max_items`.
        max: u32,
    },
    /// Nothing new for too long.
    #[error("nothing new since {since}, normal is at most {longest} of working days")]
    Silent {
        /// When something was new last.
        since: Timestamp,
        /// `expect.longest_silence`.
        longest: String,
    },
    /// A bound cut off what was found.
    #[error("{0}")]
    CutOff(String),
}

/// What a run did for one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceTally {
    /// Links that discovery found.
    pub found: u32,
    /// Of these, left out by `follow`.
    pub filtered: u32,
    /// Pages and attachments captured for the first time.
    pub new: u32,
    /// Captured again with another body.
    pub changed: u32,
    /// Captured again, the same.
    pub unchanged: u32,
    /// Known and not due.
    pub not_due: u32,
    /// Brought nothing, or not all.
    pub failed: u32,
    /// Refused by robots.txt or by the page.
    pub rejected: u32,
    /// What its operator should know.
    pub findings: Vec<Finding>,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrawlSummary {
    /// By source id.
    pub sources: BTreeMap<String, SourceTally>,
    /// Requests sent, repetitions included.
    pub requests: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
    /// Hosts that were left before their queue was empty, with the reason.
    pub hosts_left: BTreeMap<String, String>,
    /// The run was cancelled, or its receiver dropped.
    pub interrupted: bool,
}
