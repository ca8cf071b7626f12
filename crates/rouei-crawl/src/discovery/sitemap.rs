use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::{DiscoveryError, Item, absolute, unique, without_declaration};
use crate::decode::{decode_text, gunzip};

/// Entries that a sitemap may have, by the protocol; half as many more are forgiven.
const MAX_ENTRIES: usize = 75_000;

/// A sitemap file (sitemaps.org, protocol 0.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sitemap {
    /// `<urlset>`: pages.
    Pages(Vec<Item>),
    /// `<sitemapindex>`: further sitemaps.
    Index(Vec<Item>),
}

/// Reads a sitemap, gzip or plain; at most `max` bytes are decoded.
pub(crate) fn read_sitemap(bytes: &[u8], base: &Url, max: usize) -> Result<Sitemap, DiscoveryError> {
    let unpacked = if bytes.starts_with(&[0x1f, 0x8b]) {
        Cow::Owned(gunzip(bytes, max).map_err(|e| DiscoveryError::Sitemap(e.to_string()))?)
    } else {
        Cow::Borrowed(bytes)
    };
    let text = decode_text(&unpacked, None);
    let mut reader = Reader::from_str(without_declaration(&text));
    // Elements come in one of two depths only; what else is nested (images, alternates) has its own names.
    let mut is_index = None;
    let mut items = Vec::new();
    let (mut location, mut modified) = (String::new(), String::new());
    let mut field: Option<Field> = None;
    loop {
        let event = reader.read_event().map_err(|e| DiscoveryError::Sitemap(e.to_string()))?;
        match event {
            Event::Start(start) => match name(start.name().as_ref()) {
                "urlset" => is_index = is_index.or(Some(false)),
                "sitemapindex" => is_index = is_index.or(Some(true)),
                "url" | "sitemap" => (location, modified) = Default::default(),
                "loc" if !prefixed(start.name().as_ref()) => field = Some(Field::Location),
                "lastmod" => field = Some(Field::Modified),
                _ => field = None,
            },
            Event::Text(text) => push(field, &mut location, &mut modified, &text),
            Event::CData(text) => push(field, &mut location, &mut modified, &text),
            Event::GeneralRef(reference) => {
                let resolved = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    other => other.strip_prefix('#').and_then(character),
                };
                if let Some(c) = resolved {
                    push(field, &mut location, &mut modified, c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::End(end) => match name(end.name().as_ref()) {
                "url" | "sitemap" => {
                    if items.len() >= MAX_ENTRIES {
                        return Err(DiscoveryError::TooLarge { what: "entries in a sitemap", bound: MAX_ENTRIES });
                    }
                    if let Some(url) = absolute(base, &location) {
                        items.push(Item { modified: w3c_time(modified.trim()), ..Item::bare(url) });
                    }
                }
                _ => field = None,
            },
            Event::Eof => break,
            _ => {}
        }
    }
    match is_index {
        Some(true) => Ok(Sitemap::Index(unique(items))),
        Some(false) => Ok(Sitemap::Pages(unique(items))),
        None => Err(DiscoveryError::Sitemap("neither urlset nor sitemapindex".into())),
    }
}

#[derive(Clone, Copy)]
enum Field {
    Location,
    Modified,
}

fn push(field: Option<Field>, location: &mut String, modified: &mut String, text: &str) {
    match field {
        Some(Field::Location) => location.push_str(text),
        Some(Field::Modified) => modified.push_str(text),
        None => {}
    }
}

/// Sitemaps give their default namespace any prefix or none; `image:loc` is another thing.
fn name(qualified: &str) -> &str {
    qualified.rsplit(':').next().unwrap_or_default()
}

fn prefixed(qualified: &str) -> bool {
    qualified.contains(':')
}

fn character(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

/// The W3C profile of ISO 8601: a time with zone, or a day (its first moment in Japan).
fn w3c_time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let day: Date = text.parse().ok()?;
    day.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).ok().map(|z| z.timestamp())
}
