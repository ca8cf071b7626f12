//! From a feed, listing or sitemap to the addresses that it names. No network here.

mod dates;
mod feed;
mod html;
mod sitemap;

use jiff::Timestamp;
use url::Url;

use crate::address::canonical_url;
use crate::decode::decode_text;
use crate::sources::{Discovery, FeedContent};

use feed::read_feed;
pub use feed::{Feed, FeedEntry, MAX_FEED, feed, is_feed};
pub(crate) use html::pdf_links;
use html::read_listing;
use sitemap::{Sitemap, read_sitemap};

/// A link that discovery found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Absolute canonical address.
    pub url: Url,
    /// Title beside the link.
    pub title: Option<String>,
    /// Date beside the link: `2025-04-16` from a listing, RFC 3339 with time from a feed or sitemap.
    pub published: Option<String>,
    /// When the page changed last, as a sitemap or feed has it.
    pub modified: Option<Timestamp>,
    /// The full text of a feed's entry as HTML, where the source says that its feed holds full texts: the page is read
    /// from there, and not fetched.
    pub text: Option<String>,
}

impl Item {
    /// An address and nothing beside it.
    pub(crate) fn bare(url: Url) -> Self {
        Self { url, title: None, published: None, modified: None, text: None }
    }

    /// As [`FeedEntry::identity`], for an item whose text the feed holds.
    pub(crate) fn identity(&self) -> Option<Vec<u8>> {
        self.text.as_deref().map(|text| feed::identity(self.title.as_deref(), text))
    }
}

/// What a discovery page yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// The links, in the order of the page.
    pub items: Vec<Item>,
    /// Further pages of a listing, or the sitemaps of an index.
    pub further: Vec<Item>,
}

/// Reads a page of a feed, listing or sitemap, out of its bytes without content encoding; `max` bounds what a packed
/// sitemap may decode to. A source of one page names no others.
///
/// # Errors
/// Why nothing could be read.
pub fn discover(
    discovery: &Discovery,
    url: &Url,
    content_type: Option<&str>,
    bytes: &[u8],
    max: usize,
) -> Result<Discovered, DiscoveryError> {
    let mut found = Discovered::default();
    match discovery {
        Discovery::Feed { .. } if bytes.len() > MAX_FEED => {
            return Err(DiscoveryError::TooLarge { what: "bytes of a feed", bound: MAX_FEED });
        }
        Discovery::Feed { content, .. } => {
            found.items = read_feed(bytes, content_type, url, *content == FeedContent::Feed)?;
        }
        Discovery::Listing(listing) => {
            let (items, next) = read_listing(&decode_text(bytes, content_type), url, listing)?;
            found.items = items;
            found.further = next.into_iter().map(Item::bare).collect();
        }
        Discovery::Sitemap { since, .. } => {
            let since = since.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|z| z.timestamp());
            let old = |item: &Item| since.is_some_and(|since| item.modified.is_some_and(|m| m < since));
            match read_sitemap(bytes, url, max)? {
                Sitemap::Pages(items) => found.items = items.into_iter().filter(|i| !old(i)).collect(),
                Sitemap::Index(items) => found.further = items.into_iter().filter(|i| !old(i)).collect(),
            }
        }
        Discovery::Page { .. } => {}
    }
    Ok(found)
}

/// Why a discovery page yields nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// No feed.
    #[error("no feed: {0}")]
    Feed(String),
    /// No sitemap.
    #[error("no sitemap: {0}")]
    Sitemap(String),
    /// Elements nested deeper than the parser is given.
    #[error("elements are nested more than {0} deep")]
    Nesting(usize),
    /// More of something than a discovery page is read with.
    #[error("more than {bound} {what}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// The bound.
        bound: usize,
    },
    /// A selector of the source does not parse (checked when `sources.yaml` is read).
    #[error("selector {0:?} cannot be read")]
    Selector(String),
}

/// An absolute http(s) address in canonical form, or nothing.
fn absolute(base: &Url, link: &str) -> Option<Url> {
    let url = base.join(link.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host().is_some()).then(|| canonical_url(&url))
}

/// The first of several items with one address, in order.
fn unique(items: Vec<Item>) -> Vec<Item> {
    let mut seen = std::collections::HashSet::new();
    items.into_iter().filter(|item| seen.insert(item.url.clone())).collect()
}

/// XML text without its declaration, whose charset no longer holds once the text is decoded.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    }
}

fn blank_free(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
