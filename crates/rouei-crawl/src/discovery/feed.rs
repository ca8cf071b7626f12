use std::borrow::Cow;

use feed_rs::model::{Content, Entry};
use jiff::Timestamp;
use url::Url;

use super::{DiscoveryError, Item, absolute, blank_free, unique, without_declaration};
use crate::address::canonical_url;
use crate::decode::decode_text;

/// Tags at which a feed is refused: the parser makes up to some hundred bytes of each. Strings of a JSON feed cost as
/// much.
const MAX_TAGS: usize = 200_000;

/// Entries at which a feed is refused: each takes a kilobyte.
const MAX_ENTRIES: usize = 20_000;

/// Bytes of a feed that a crawl takes apart: its parser copies each text several times. Hundreds of whole notices are less.
pub const MAX_FEED: usize = 4 << 20;

/// A feed with what it says of itself and of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title: mostly the name of the site.
    pub title: Option<String>,
    /// The entries, in its order.
    pub entries: Vec<FeedEntry>,
}

/// An entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// Absolute canonical address of the page that it stands for, where it names one.
    pub url: Option<Url>,
    /// Its title.
    pub title: Option<String>,
    /// When it was published, else changed last; RFC 3339.
    pub published: Option<String>,
    /// When it was changed last.
    pub modified: Option<Timestamp>,
    /// Its full text as HTML: `content:encoded` of RSS, `content` of Atom, `content_html` or `content_text` of JSON
    /// Feed. None where the feed holds only a summary of it, or nothing that can be read.
    pub text: Option<String>,
}

impl FeedEntry {
    /// The bytes by whose digest a change of the entry is known: its title, a line feed, and its full text.
    #[must_use]
    pub fn identity(&self) -> Option<Vec<u8>> {
        self.text.as_deref().map(|text| identity(self.title.as_deref(), text))
    }
}

pub(crate) fn identity(title: Option<&str>, text: &str) -> Vec<u8> {
    [title.unwrap_or_default(), "\n", text].concat().into_bytes()
}

/// Whether bytes begin as a feed: RSS, RDF with RSS in it, Atom, JSON Feed.
#[must_use]
pub fn is_feed(bytes: &[u8]) -> bool {
    // Without NUL bytes, UTF-16 begins as ASCII does; so do all Japanese charsets.
    let head: Vec<u8> = bytes.iter().copied().take(8192).filter(|b| *b != 0).collect();
    let head = String::from_utf8_lossy(&head);
    let mut rest = head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    if rest.starts_with('{') {
        return rest.contains("https://jsonfeed.org/version/1") || rest.contains(r"https:\/\/jsonfeed.org\/version\/1");
    }
    // The root element stands behind declarations, instructions and comments.
    while let Some(end) = match rest {
        text if text.starts_with("<?") => text.find("?>").map(|at| at + 2),
        text if text.starts_with("<!--") => text.find("-->").map(|at| at + 3),
        text if text.starts_with("<!") => text.find('>').map(|at| at + 1),
        _ => None,
    } {
        rest = rest[end..].trim_start();
    }
    let Some(root) = rest.strip_prefix('<') else { return false };
    let name: &str = root.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    match name.rsplit(':').next().unwrap_or_default() {
        "rss" | "feed" => true,
        "RDF" => rest.contains("http://purl.org/rss/1.0/"),
        _ => false,
    }
}

/// The links of an RSS or Atom feed, in its order. The bytes may be in any Japanese charset. `texts` says whether the full
/// texts of entries come with them.
pub(crate) fn read_feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    texts: bool,
) -> Result<Vec<Item>, DiscoveryError> {
    let items = read(bytes, content_type, Some(base), texts)?.entries.into_iter().filter_map(|entry| {
        let FeedEntry { url, title, published, modified, text } = entry;
        Some(Item { url: url?, title, published, modified, text })
    });
    Ok(unique(items.collect()))
}

/// An RSS, Atom or JSON feed with the full texts of its entries, out of its bytes without content encoding. `base` is its
/// own address, where that is known.
///
/// # Errors
/// Why nothing could be read.
pub fn feed(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>) -> Result<Feed, DiscoveryError> {
    read(bytes, content_type, base, true)
}

fn read(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>, texts: bool) -> Result<Feed, DiscoveryError> {
    let text = decode_text(bytes, content_type);
    let text = without_declaration(&text);
    let json = text.starts_with('{');
    if json && strings(text) > MAX_TAGS {
        return Err(DiscoveryError::TooLarge { what: "strings", bound: MAX_TAGS });
    }
    if !json && tags(text) > MAX_TAGS {
        return Err(DiscoveryError::TooLarge { what: "tags", bound: MAX_TAGS });
    }
    let too_many = DiscoveryError::TooLarge { what: "entries", bound: MAX_ENTRIES };
    if !json && text.matches("<item").count() + text.matches("<entry").count() > MAX_ENTRIES {
        return Err(too_many);
    }
    // A declaration in the middle makes quick-xml change the charset too late, and panic.
    let text = match !json && text.contains("<?xml") {
        true => Cow::Owned(text.replace("<?xml", "<?x-xml")),
        false => Cow::Borrowed(text),
    };
    let source = if json { text } else { repaired(text) };
    let feed = feed_rs::parser::Builder::new()
        .base_uri(base.map(Url::as_str))
        .build()
        .parse(source.as_bytes())
        .map_err(|e| DiscoveryError::Feed(e.to_string()))?;
    if feed.entries.len() > MAX_ENTRIES {
        return Err(too_many);
    }
    // A feed read from a file says itself where it belongs.
    let own = feed.links.iter().find_map(|link| address(&link.href));
    let base = base.or(own.as_ref());
    Ok(Feed {
        title: feed.title.and_then(|t| blank_free(&t.content)),
        entries: feed.entries.into_iter().map(|entry| entry_of(entry, base, texts)).collect(),
    })
}

fn entry_of(entry: Entry, base: Option<&Url>, texts: bool) -> FeedEntry {
    let alternate = |l: &&feed_rs::model::Link| l.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let link = entry.links.iter().find(alternate).or_else(|| entry.links.first());
    let url = match (link, base) {
        (Some(link), Some(base)) => absolute(base, &link.href),
        (Some(link), None) => address(&link.href),
        // An identifier that is an address is the page's own (`guid` of RSS).
        (None, _) => address(&entry.id),
    };
    let updated = entry.updated.and_then(|t| Timestamp::from_second(t.timestamp()).ok());
    let published = entry.published.and_then(|t| Timestamp::from_second(t.timestamp()).ok()).or(updated);
    FeedEntry {
        url,
        title: entry.title.and_then(|t| blank_free(&t.content)),
        published: published.map(|t| t.to_string()),
        modified: updated,
        text: entry.content.filter(|_| texts).and_then(full_text),
    }
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host().is_some()).then(|| canonical_url(&url))
}

/// The content of an entry as HTML, if it holds a text.
fn full_text(content: Content) -> Option<String> {
    let (body, kind) = (content.body?, content.content_type.to_string());
    let html = match kind.split(';').next().unwrap_or_default().trim() {
        "text/plain" => paragraphs(&body),
        "text/html" => body,
        // Written anew by the XML parser, and to HTML the end of a line break is another one.
        "application/xhtml" | "application/xhtml+xml" | "text/xml" | "application/xml" => body.replace("</br>", ""),
        // Atom holds pictures and files so, too.
        _ => return None,
    };
    holds_text(&html).then_some(html)
}

fn paragraphs(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace("\r\n", "\n");
    let blocks = escaped.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| format!("<p>{}</p>\n", block.replace('\n', "<br>"))).collect()
}

/// Whether there is a letter or figure outside tags, scripts and styles: an entry that embeds a film has a content, too.
fn holds_text(html: &str) -> bool {
    let mut rest = html;
    loop {
        let (text, tag) = rest.split_once('<').map_or((rest, None), |(text, tag)| (text, Some(tag)));
        // What a reference stands for is not looked up; `&nbsp;` alone is no text.
        if text.split('&').enumerate().any(|(i, part)| {
            let part = if i == 0 { part } else { part.split_once(';').map_or(part, |(_, rest)| rest) };
            part.chars().any(char::is_alphanumeric)
        }) {
            return true;
        }
        let Some(tag) = tag else { return false };
        let raw = ["script", "style", "iframe"]
            .into_iter()
            .find(|name| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        rest = match raw {
            Some(name) => after_end_of(tag, name),
            None => tag.split_once('>').map_or("", |(_, rest)| rest),
        };
    }
}

/// What follows the end tag of an element whose content is no markup.
fn after_end_of<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, tag)) = rest.split_once("</") {
        if tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return tag.split_once('>').map_or("", |(_, rest)| rest);
        }
        rest = tag;
    }
    ""
}

/// Start tags of XML. What stands in CDATA is one text to the parser, whatever it says.
fn tags(xml: &str) -> usize {
    let count = |text: &str| super::html::start_tags(text);
    let mut parts = xml.split("<![CDATA[");
    let first = parts.next().map_or(0, count);
    first + parts.map(|part| part.split_once("]]>").map_or(0, |(_, rest)| count(rest))).sum::<usize>()
}

/// Strings of JSON, keys among them.
fn strings(json: &str) -> usize {
    let bytes = json.as_bytes();
    let quote = |at: usize| bytes[at] == b'"' && (at == 0 || bytes[at - 1] != b'\\');
    (0..bytes.len()).filter(|at| quote(*at)).count() / 2
}

/// Bare ampersands and control characters are the commonest faults of hand-made feeds, and fatal to XML parsers.
fn repaired(xml: Cow<'_, str>) -> Cow<'_, str> {
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
        return xml;
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
