//! From a feed, listing or sitemap to the addresses that it names. No network here.

mod dates;
mod feed;
mod html;
mod sitemap;

use jiff::Timestamp;
use url::Url;

use crate::address::canonical_url;

pub(crate) use feed::read_feed;
pub(crate) use html::{pdf_links, read_listing};
pub(crate) use sitemap::{Sitemap, read_sitemap};

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
