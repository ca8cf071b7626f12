use rouei_model::{MAX_ATTRIBUTES, bounded_markup};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::dates::date_in;
use super::{DiscoveryError, Item, absolute, blank_free, unique};
use crate::sources::{CssSelector, Listing};

/// Depth at which a page is refused: html5ever's time grows with the square of it (80,000 take nine seconds).
const MAX_DEPTH: usize = 2_000;

/// Start tags at which a page is refused: each becomes a node of some 300 bytes.
const MAX_TAGS: usize = 100_000;

/// Bytes of text at which a page is refused: parsing keeps a second copy.
const MAX_TEXT: usize = 8 << 20;

/// The items of one listing page and the address of the next page.
pub(crate) fn read_listing(
    html: &str,
    base: &Url,
    listing: &Listing,
) -> Result<(Vec<Item>, Option<Url>), DiscoveryError> {
    let document = parse(html)?;
    let base = base_of(&document, base);
    let item_selector = selector(&listing.item_selector)?;
    let link_selector = listing.link_selector.as_ref().map(selector).transpose()?;
    let title_selector = listing.title_selector.as_ref().map(selector).transpose()?;
    let date_selector = listing.date_selector.as_ref().map(selector).transpose()?;
    let anchor = anchors()?;

    let items = document.select(&item_selector).filter_map(|element| {
        let link = match &link_selector {
            Some(selector) => element.select(selector).find(|e| e.value().attr("href").is_some())?,
            None if element.value().attr("href").is_some() => element,
            None => element.select(&anchor).next()?,
        };
        let url = absolute(&base, link.value().attr("href")?)?;
        let title = match &title_selector {
            Some(selector) => element.select(selector).next().and_then(text_of),
            None => text_of(link).or_else(|| link.value().attr("title").and_then(blank_free)),
        };
        let date = match &date_selector {
            Some(selector) => element.select(selector).find_map(date_of),
            None => None,
        };
        Some(Item { title, published: date, ..Item::bare(url) })
    });
    let items = unique(items.collect());
    let next = match &listing.next_selector {
        Some(next) => {
            let next = selector(next)?;
            let target = document.select(&next).find_map(|e| e.value().attr("href").map(str::to_owned));
            target.and_then(|link| absolute(&base, &link))
        }
        None => None,
    };
    Ok((items, next))
}

/// The PDF files that a page links to, with the text of the link.
pub(crate) fn pdf_links(html: &str, base: &Url) -> Result<Vec<Item>, DiscoveryError> {
    // Most pages have none, and parsing is dear.
    if !html.as_bytes().windows(4).any(|w| w.eq_ignore_ascii_case(b".pdf")) {
        return Ok(Vec::new());
    }
    let document = parse(html)?;
    let base = base_of(&document, base);
    let anchor = anchors()?;
    let items = document.select(&anchor).filter_map(|link| {
        let url = absolute(&base, link.value().attr("href")?)?;
        let is_pdf = url.path().to_ascii_lowercase().ends_with(".pdf");
        is_pdf.then(|| Item { title: text_of(link), ..Item::bare(url) })
    });
    Ok(unique(items.collect()))
}

fn parse(html: &str) -> Result<Html, DiscoveryError> {
    if html.len() > MAX_TEXT {
        return Err(DiscoveryError::TooLarge { what: "bytes of HTML", bound: MAX_TEXT });
    }
    let shape = shape(html);
    if shape.depth > MAX_DEPTH {
        return Err(DiscoveryError::Nesting(MAX_DEPTH));
    }
    if shape.tags > MAX_TAGS {
        return Err(DiscoveryError::TooLarge { what: "tags", bound: MAX_TAGS });
    }
    if bounded_markup(html).exceeded {
        return Err(DiscoveryError::TooLarge { what: "attributes in a tag", bound: MAX_ATTRIBUTES });
    }
    Ok(Html::parse_document(html))
}

/// What parsing a page would cost, at most.
struct Shape {
    /// How deep elements are nested. Those whose end tag may be left out, and void ones, do not nest by themselves.
    depth: usize,
    tags: usize,
}

/// A scan that never takes more than one look at a byte.
fn shape(html: &str) -> Shape {
    const FLAT: &[&str] = &[
        "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
        "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
        "thead", "tr", "track", "wbr",
    ];
    let bytes = html.as_bytes();
    let mut shape = Shape { depth: 0, tags: 0 };
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = bytes[at..].iter().position(|&b| b == b'<') {
        at += next + 1;
        let closing = bytes.get(at) == Some(&b'/');
        let start = at + usize::from(closing);
        let length = bytes[start..].iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        if length == 0 || !bytes[start].is_ascii_alphabetic() {
            continue;
        }
        let name = html[start..start + length].to_ascii_lowercase();
        if FLAT.binary_search(&name.as_str()).is_ok() {
            shape.tags += usize::from(!closing);
            continue;
        }
        shape.tags += usize::from(!closing);
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            shape.depth = shape.depth.max(depth);
        }
    }
    shape
}

/// Start tags of XML or HTML: what a parser makes something of.
pub(super) fn start_tags(text: &str) -> usize {
    text.as_bytes().windows(2).filter(|w| w[0] == b'<' && w[1].is_ascii_alphabetic()).count()
}

fn base_of(document: &Html, url: &Url) -> Url {
    let base = Selector::parse("base[href]").ok();
    let href = base.and_then(|b| document.select(&b).next().and_then(|e| e.value().attr("href").map(str::to_owned)));
    href.and_then(|h| url.join(&h).ok()).unwrap_or_else(|| url.clone())
}

fn selector(css: &CssSelector) -> Result<Selector, DiscoveryError> {
    Selector::parse(css.as_str()).map_err(|_| DiscoveryError::Selector(css.as_str().to_owned()))
}

fn anchors() -> Result<Selector, DiscoveryError> {
    Selector::parse("a[href]").map_err(|_| DiscoveryError::Selector("a[href]".into()))
}

fn text_of(element: ElementRef<'_>) -> Option<String> {
    blank_free(&element.text().collect::<String>())
}

fn date_of(element: ElementRef<'_>) -> Option<String> {
    let machine = element.value().attr("datetime").and_then(date_in);
    machine.or_else(|| date_in(&element.text().collect::<String>())).map(|d| d.to_string())
}
