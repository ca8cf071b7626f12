//! A feed among the inputs: each entry with a full text is an input of its own.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use rouei_archive::Withdrawals;
use rouei_crawl::{DiscoveryError, FeedEntry};
use rouei_model::{Issue, IssueCode};
use url::Url;

use super::Input;
use crate::document::decoded;

/// Addresses that a note names; the others it counts.
const NAMED: usize = 5;

/// An entry with the title of its feed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry, with its full text.
    pub entry: FeedEntry,
    /// What the feed calls itself.
    pub site: Option<Arc<str>>,
}

/// What a feed came to.
#[derive(Default)]
pub(super) struct Taken {
    /// An input for each entry with a full text.
    pub(super) inputs: VecDeque<Input>,
    /// Entries of which the feed holds only a summary: address or title.
    pub(super) summaries: Vec<String>,
    /// Entries that are withdrawn.
    pub(super) withdrawn: u64,
    /// Entries that an earlier capture of the feed holds word for word.
    pub(super) repeated: u64,
}

/// What of an archive's feeds was given out already, and what goes by.
#[derive(Default)]
pub(super) struct Repeats {
    given: HashSet<[u8; 16]>,
}

/// Whether bytes begin as a feed, inside their compression.
pub(super) fn is_feed(content_type: Option<&str>, coding: Option<&str>, bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return rouei_crawl::is_feed(&beginning(bytes));
    }
    if coding.is_none_or(|coding| coding.trim().is_empty()) {
        return rouei_crawl::is_feed(bytes);
    }
    // Other codings are undone only where the answer calls itself XML or JSON.
    let kind = content_type.unwrap_or_default().to_ascii_lowercase();
    ["rss", "atom", "rdf", "xml", "json"].iter().any(|word| kind.contains(word))
        && !kind.contains("html")
        && rouei_crawl::is_feed(&decoded(bytes.to_vec(), coding, &mut Vec::new()))
}

/// The first bytes inside gzip.
pub(super) fn beginning(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read as _;

    let mut start = Vec::new();
    // What is damaged is said when all of it is read.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(8192).read_to_end(&mut start);
    start
}

/// Takes a feed apart. One that cannot be read as one comes back as an input that says so.
pub(super) fn take(
    input: Input,
    withdrawals: Option<&Withdrawals>,
    mut repeats: Option<&mut Repeats>,
) -> Result<Taken, Box<Input>> {
    let Input { path, url, warc_record, captured, content_type, content_encoding, bytes, mut issues, .. } = input;
    let bytes = decoded(bytes, content_encoding.as_deref(), &mut issues);
    let base = url.as_deref().and_then(|url| Url::parse(url).ok());
    let of_feed = Input { path, url, warc_record, captured, issues, ..Input::default() };
    let feed = match rouei_crawl::feed(&bytes, content_type.as_deref(), base.as_ref()) {
        Ok(feed) => feed,
        Err(error) => {
            let code = match error {
                DiscoveryError::TooLarge { .. } | DiscoveryError::Nesting(_) => IssueCode::TooLarge,
                _ => IssueCode::UnknownFormat,
            };
            let mut unread = Input { bytes, ..of_feed };
            unread.issues.push(Issue::new(code, format!("the input begins as a feed and is not read: {error}")));
            return Err(Box::new(unread));
        }
    };
    let site: Option<Arc<str>> = feed.title.map(Arc::from);
    let mut taken = Taken::default();
    for entry in feed.entries {
        let url = entry.url.as_ref().map(ToString::to_string);
        let Some(identity) = entry.identity() else {
            taken
                .summaries
                .push(url.or(entry.title).unwrap_or_else(|| "an entry without address and title".to_owned()));
            continue;
        };
        if url.as_deref().is_some_and(|url| withdrawals.is_some_and(|w| w.holds_back(url))) {
            taken.withdrawn += 1;
            continue;
        }
        if let Some(repeats) = repeats.as_deref_mut()
            && !repeats.is_first(url.as_deref(), &identity)
        {
            taken.repeated += 1;
            continue;
        }
        let entry = Some(Entry { entry, site: site.clone() });
        let issues = of_feed.issues.clone();
        let (path, warc_record) = (of_feed.path.clone(), of_feed.warc_record.clone());
        let weight = identity.len();
        taken.inputs.push_back(Input { path, url, warc_record, captured, issues, entry, weight, ..Input::default() });
    }
    Ok(taken)
}

impl Repeats {
    /// A feed is captured many times with the same entries.
    fn is_first(&mut self, url: Option<&str>, identity: &[u8]) -> bool {
        let digest = rouei_text::sha256_hex(&[url.unwrap_or_default().as_bytes(), b"\n", identity].concat());
        let mut key = [0; 16];
        key.copy_from_slice(&digest.as_bytes()[..16]);
        self.given.insert(key)
    }
}

/// One sentence about entries that were passed over because the feed holds only a summary of them.
pub(super) fn said(summaries: &[String]) -> Option<String> {
    if summaries.is_empty() {
        return None;
    }
    let named = summaries.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = summaries.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(format!("passed over: {} entries with only a summary: {named}{more}", summaries.len()))
}

/// Entries with only a summary in the feeds of an archive, by address: the same stand in many captures.
#[derive(Default)]
pub(super) struct Summaries(BTreeSet<String>);

impl Summaries {
    pub(super) fn add(&mut self, more: Vec<String>) {
        self.0.extend(more);
    }

    pub(super) fn said(&self) -> Option<String> {
        said(&self.0.iter().cloned().collect::<Vec<_>>())
    }
}
