//! Feeds whose entries are read from their own captures: one capture, many documents.
//!
//! An entry is read once for each text that it had, from the capture that brought it first (`feed_entry`). What a later capture
//! says of the same address, be it a feed or a page, takes its place: a document is known by its address alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rouei_crawl::{Catalogue, FeedEntry, MAX_FEED, Room, Source, directives};
use rouei_extract::Extractor;
use rouei_model::{Capture, Document, Issue, IssueCode};
use rouei_store::{CaptureId, EntryKnown, FeedEntryText, Store, StoreError, StoredCapture};
use rouei_text::Hints;
use url::Url;

use super::reading::{Read, ReadPage};
use super::rows::{self, Site};
use super::site;
use crate::feed;

/// What is known already need not be read again.
pub(super) type IsKnown<'k> = &'k dyn Fn(&StoredCapture, &FeedEntryText) -> bool;

/// A feed taken out of the archive.
struct OpenFeed {
    title: Option<String>,
    entries: Vec<FeedEntry>,
    hints: Hints,
}

/// Whether a capture is a feed whose entries are read from it.
pub(super) fn is_feed(stored: &StoredCapture) -> bool {
    let capture = &stored.capture;
    capture.role.as_deref() == Some("feed") && capture.status == 200 && !capture.revisit
}

/// Archive → entries → Documents → Disclosures, one after the other into `out`, which says whether to go on; at the end that
/// the feed was read. Read are the entries that `follow` accepts and `is_known` does not know.
pub(super) fn read(
    stored: &StoredCapture,
    archive: &Path,
    catalogue: &Catalogue,
    extractor: &Extractor,
    room: &dyn Fn() -> Room,
    is_known: IsKnown<'_>,
    out: &mut dyn FnMut(Result<Read, String>) -> bool,
) {
    let source = catalogue.source(&stored.capture.source);
    let feed = match open(stored, archive, site(Some(catalogue), &stored.capture.source), room) {
        Ok(feed) => feed,
        Err(reason) => {
            out(Err(reason));
            return;
        }
    };
    let mut looked_at = 0;
    let (Ok(feed), _room) = feed else {
        // That it cannot be read, the crawl has said when it looked for links.
        out(Ok(Read::Feed { capture: stored.id, entries: 0 }));
        return;
    };
    let mut met = BTreeSet::new();
    for entry in &feed.entries {
        let Some(text) =
            text_of(stored.id, entry).filter(|text| follows(source, entry) && met.insert(text.url.clone()))
        else {
            continue;
        };
        looked_at += 1;
        if is_known(stored, &text) {
            continue;
        }
        let page = page(stored, &feed, entry, extractor);
        if let Some(page) = page
            && !out(Ok(Read::Entry { page: Box::new(page), feed: stored.capture.url.clone(), text }))
        {
            return;
        }
    }
    out(Ok(Read::Feed { capture: stored.id, entries: looked_at }));
}

/// Reads the entries of a capture that are known to stand in it, whatever `follow` says today.
pub(super) fn read_again(
    stored: &StoredCapture,
    texts: &[FeedEntryText],
    archive: &Path,
    catalogue: Option<&Catalogue>,
    extractor: &Extractor,
) -> Vec<Result<ReadPage, String>> {
    let feed = match open(stored, archive, site(catalogue, &stored.capture.source), &Room::default) {
        Ok((Ok(feed), _)) => feed,
        Ok((Err(issue), _)) => return vec![Err(format!("{}: {}", stored.capture.url, issue.message))],
        Err(reason) => return vec![Err(reason)],
    };
    let mut wanted: BTreeMap<&str, &FeedEntryText> = texts.iter().map(|text| (text.url.as_str(), text)).collect();
    let mut pages = Vec::new();
    for entry in &feed.entries {
        let asked = text_of(stored.id, entry).and_then(|text| wanted.remove(text.url.as_str()));
        pages.extend(asked.and_then(|_| page(stored, &feed, entry, extractor)).map(Ok));
    }
    let missing =
        wanted.keys().map(|url| Err(format!("{}: the entry of {url} is not found any more", stored.capture.url)));
    pages.extend(missing.collect::<Vec<_>>());
    pages
}

/// The latest text of each entry, by the capture that holds it, without what a page took the place of since.
pub(super) fn standing(store: &Store) -> Result<Vec<(StoredCapture, Vec<FeedEntryText>)>, StoreError> {
    let mut standing = Vec::new();
    for (capture, mut texts) in store.latest_entries()? {
        let mut overtaken = Vec::with_capacity(texts.len());
        for text in &texts {
            overtaken.push(store.is_overtaken(&text.url, capture)?);
        }
        let mut overtaken = overtaken.into_iter();
        texts.retain(|_| !overtaken.next().unwrap_or(false));
        if !texts.is_empty() {
            standing.push((store.capture(capture)?, texts));
        }
    }
    Ok(standing)
}

/// Leaves out the captures of pages whose address a feed had a newer text of.
pub(super) fn without_overtaken(store: &Store, captures: Vec<StoredCapture>) -> Result<Vec<StoredCapture>, StoreError> {
    let newest: BTreeMap<String, CaptureId> = store
        .latest_entries()?
        .into_iter()
        .flat_map(|(capture, texts)| texts.into_iter().map(move |text| (text.url, capture)))
        .collect();
    let stands = |stored: &StoredCapture| {
        let entry = newest.get(&rows::canonical(&stored.capture.url));
        entry.is_none_or(|entry| *entry < stored.id)
    };
    Ok(captures.into_iter().filter(stands).collect())
}

/// Whether an entry is known by this capture or by an earlier one of the same feed.
pub(super) fn is_known(store: &Store, stored: &StoredCapture, text: &FeedEntryText) -> Result<bool, StoreError> {
    let known = store.entry_known(&stored.capture.url, &text.url, &text.sha256, Some(stored.id))?;
    Ok(known == EntryKnown::SameText)
}

fn follows(source: Option<&Source>, entry: &FeedEntry) -> bool {
    let url = entry.url.as_ref().map_or("", Url::as_str);
    source.is_none_or(|source| source.follow.accepts(url, entry.title.as_deref()))
}

fn text_of(capture: CaptureId, entry: &FeedEntry) -> Option<FeedEntryText> {
    let (url, identity) = (entry.url.as_ref()?.to_string(), entry.identity()?);
    Some(FeedEntryText { capture, url, sha256: rouei_text::sha256_hex(&identity) })
}

fn page(stored: &StoredCapture, feed: &OpenFeed, entry: &FeedEntry, extractor: &Extractor) -> Option<ReadPage> {
    let document = feed::document(entry, feed.title.as_deref(), feed.hints.clone())?;
    let document = if document.text.len() > rows::MAX_TEXT { too_long(document) } else { document };
    Some(ReadPage::of_document(stored, document, extractor))
}

fn too_long(document: Document) -> Document {
    let length = document.text.len();
    let bound = rows::MAX_TEXT;
    let issue =
        Issue::new(IssueCode::TooLarge, format!("a text of {length} bytes is larger than the bound of {bound}"));
    Document { text: String::new(), blocks: Vec::new(), links: Vec::new(), issues: vec![issue], ..document }
}

/// The documents of some entries of a feed that is nowhere but in memory.
pub(super) fn documents(capture: &Capture, wanted: &[&str], site: Site) -> Vec<Document> {
    let Ok(feed) = feed_in(capture, site, None) else { return Vec::new() };
    let asked = |entry: &&FeedEntry| entry.url.as_ref().is_some_and(|url| wanted.contains(&url.as_str()));
    let mut met = BTreeSet::new();
    let entries = feed.entries.iter().filter(asked).filter(|entry| met.insert(entry.url.clone()));
    entries.filter_map(|entry| feed::document(entry, feed.title.as_deref(), feed.hints.clone())).collect()
}

/// The feed in a capture, with the room that it takes; the inner error is of the feed, the outer one of the archive.
fn open(
    stored: &StoredCapture,
    archive: &Path,
    site: Option<Site>,
    room: &dyn Fn() -> Room,
) -> Result<(Result<OpenFeed, Issue>, Option<Room>), String> {
    let unread = |message: String| Ok((Err(Issue::new(IssueCode::Unreadable, message)), None));
    if stored.capture.truncated.is_some() || stored.capture.warc_length > MAX_FEED as u64 {
        return unread("the feed was cut off, or is longer than the bound".to_owned());
    }
    let (capture, site) = rows::archived_capture(archive, &stored.capture, site)?;
    let mut held = None;
    let feed = feed_in(&capture, site, Some((room, &mut held)));
    Ok((feed, held))
}

fn feed_in(
    capture: &Capture,
    site: Site,
    room: Option<(&dyn Fn() -> Room, &mut Option<Room>)>,
) -> Result<OpenFeed, Issue> {
    let unread = |message: String| Issue::new(IssueCode::Unreadable, message);
    let asked = directives(&capture.response_headers, None, "rouei");
    if asked.noindex || asked.noarchive {
        return Err(unread("the feed asks not to be indexed".to_owned()));
    }
    let body = rouei_crawl::decoded_body(capture, MAX_FEED).map_err(|e| unread(e.to_string()))?;
    if let Some((room, held)) = room.filter(|_| body.len() > rows::SMALL) {
        *held = Some(room());
    }
    let base = Url::parse(&capture.url).map_err(|e| unread(format!("{}: {e}", capture.url)))?;
    let content_type = rows::header(capture, "content-type");
    let feed = rouei_crawl::feed(&body, content_type.as_deref(), Some(&base)).map_err(|e| unread(e.to_string()))?;
    let hints = Hints {
        publisher: site.publisher,
        source_tier: site.tier,
        captured: Some(capture.captured),
        ..Hints::default()
    };
    Ok(OpenFeed { title: feed.title, entries: feed.entries, hints })
}
