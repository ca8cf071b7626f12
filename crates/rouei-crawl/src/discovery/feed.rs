use std::borrow::Cow;

use jiff::Timestamp;
use url::Url;

use super::html::start_tags;
use super::{DiscoveryError, Item, absolute, blank_free, unique, without_declaration};
use crate::decode::decode_text;

/// Tags at which a feed is refused: the parser makes up to some hundred bytes of each.
const MAX_TAGS: usize = 200_000;

/// Entries at which a feed is refused: each takes a kilobyte.
const MAX_ENTRIES: usize = 20_000;

/// The entries of an RSS or Atom feed, in its order. The bytes may be in any Japanese charset.
pub(crate) fn read_feed(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<Vec<Item>, DiscoveryError> {
    let text = decode_text(bytes, content_type);
    let text = without_declaration(&text);
    if start_tags(text) > MAX_TAGS {
        return Err(DiscoveryError::TooLarge { what: "tags", bound: MAX_TAGS });
    }
    if text.matches("<item").count() + text.matches("<entry").count() > MAX_ENTRIES {
        return Err(DiscoveryError::TooLarge { what: "entries", bound: MAX_ENTRIES });
    }
    // A declaration in the middle makes quick-xml change the charset too late, and panic.
    let text = match text.contains("<?xml") {
        true => Cow::Owned(text.replace("<?xml", "<?x-xml")),
        false => Cow::Borrowed(text),
    };
    let xml = repaired(&text);
    let feed = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .build()
        .parse(xml.as_bytes())
        .map_err(|e| DiscoveryError::Feed(e.to_string()))?;
    let items = feed.entries.into_iter().filter_map(|entry| {
        let alternate = |l: &&feed_rs::model::Link| l.rel.as_deref().is_none_or(|rel| rel == "alternate");
        let link = entry.links.iter().find(alternate).or_else(|| entry.links.first())?;
        let updated = entry.updated.and_then(|t| Timestamp::from_second(t.timestamp()).ok());
        let published = entry.published.and_then(|t| Timestamp::from_second(t.timestamp()).ok()).or(updated);
        Some(Item {
            url: absolute(base, &link.href)?,
            title: entry.title.and_then(|t| blank_free(&t.content)),
            published: published.map(|t| t.to_string()),
            modified: updated,
        })
    });
    Ok(unique(items.collect()))
}

/// Bare ampersands and control characters are the commonest faults of hand-made feeds, and fatal to XML parsers.
fn repaired(xml: &str) -> Cow<'_, str> {
    let is_reference = |rest: &str| {
        rest.find(';').is_some_and(|end| {
            let name = &rest[..end];
            (1..=10).contains(&end) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        })
    };
    let bad = |at: usize, c: char| {
        (c == '&' && !is_reference(&xml[at + 1..])) || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    };
    // Ampersands within CDATA are right as they are.
    if xml.contains("<![CDATA[") || !xml.char_indices().any(|(at, c)| bad(at, c)) {
        return Cow::Borrowed(xml);
    }
    let mut out = String::with_capacity(xml.len() + 16);
    for (at, c) in xml.char_indices() {
        match c {
            '&' if bad(at, c) => out.push_str("&amp;"),
            c if bad(at, c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
