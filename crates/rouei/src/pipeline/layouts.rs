//! Archived listings, feeds and sitemaps read again by the layout of their day: what stood beside a link then.

use std::path::Path;

use rouei_crawl::{Catalogue, Discovery, Source, discover};
use rouei_store::{NewCapture, Store};
use url::Url;

/// What a packed sitemap decodes to at most.
const MAX_DECODED: usize = 32 << 20;

/// Reads every archived discovery page of the catalogue's sources once more, and corrects the titles and dates that
/// stand beside the links of the pages captured after it. A page that yields nothing corrects nothing.
pub(super) fn read_again(store: &Store, archive: &Path, catalogue: &Catalogue) -> anyhow::Result<()> {
    for stored in store.discovery_captures()? {
        let row = &stored.capture;
        let Some(source) = catalogue.source(&row.source) else { continue };
        match items(archive, row, source) {
            Ok(items) => store.in_transaction(|store| {
                items.iter().try_for_each(|item| {
                    let (title, date) = (item.title.as_deref(), item.published.as_deref());
                    store.correct_link(&row.url, item.url.as_str(), row.captured, title, date)
                })
            })?,
            Err(reason) => tracing::warn!(source = %row.source, url = %row.url, "{reason}"),
        }
    }
    Ok(())
}

fn items(archive: &Path, row: &NewCapture, source: &Source) -> Result<Vec<rouei_crawl::Item>, String> {
    let day = row.captured.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date();
    let discovery = source.discovery_on(day);
    if matches!(discovery, Discovery::Page { .. }) {
        return Ok(Vec::new());
    }
    let record = rouei_archive::read_at(&archive.join(&row.warc_file), row.warc_offset).map_err(|e| e.to_string())?;
    let capture = record.into_capture().ok_or("the record holds no capture")?.map_err(|e| e.to_string())?;
    let body = rouei_crawl::decoded_body(&capture, MAX_DECODED).map_err(|e| e.to_string())?;
    let url = Url::parse(&row.url).map_err(|e| e.to_string())?;
    let found = discover(discovery, &url, row.content_type.as_deref(), &body, MAX_DECODED);
    found.map(|found| found.items).map_err(|e| e.to_string())
}
