//! Sources, discovery, politeness and fetching: from `sources.yaml` to captures.
//!
//! [`Catalogue::parse`] reads the sources; [`Crawler::crawl`] visits them and sends what it fetched, one
//! [`CrawlEvent`] at a time, into a bounded channel, so that nothing more is fetched than the receiver has archived.
//! What earlier runs captured comes in through [`History`].
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use rouei_crawl::{Catalogue, CrawlEvent, Crawler, History, Settings, Source, never_cancelled};
//! # async fn run(yaml: &str, history: Arc<dyn History>) -> Result<(), Box<dyn std::error::Error>> {
//! let catalogue = Catalogue::parse("sources.yaml", yaml)?;
//! let sources: Vec<Source> = catalogue.sources.iter().filter(|s| s.enabled).cloned().collect();
//! let crawler = Crawler::new(Settings::for_catalogue(&catalogue.crawl))?;
//! let (out, mut events) = tokio::sync::mpsc::channel(16);
//! let archive = async {
//!     while let Some(event) = events.recv().await {
//!         if let CrawlEvent::Captured(capture, context) = event { /* archive, then store */ }
//!     }
//! };
//! let (summary, ()) = tokio::join!(crawler.crawl(&sources, history, out, never_cancelled()), archive);
//! # Ok(())
//! # }
//! ```
//!
//! This crate never knows what a page says, and neither SQL nor WARC.

mod address;
mod calendar;
mod crawl;
mod decode;
mod discovery;
mod fetch;
mod history;
mod policy;
mod politeness;
mod preview;
mod rhythm;
mod robots;
mod settings;
mod sources;

pub use address::{Resolve, Resolving, StaticResolver, SystemResolver, canonical_url, is_private};
pub use calendar::{holiday, is_working_day, working_time};
pub use crawl::{
    CaptureContext, CrawlEvent, CrawlSummary, Crawler, Fate, Finding, Role, SkipReason, SourceTally, never_cancelled,
};
pub use decode::{DecodeError, decode_text, decoded_body};
pub use discovery::{Discovered, DiscoveryError, Feed, FeedEntry, Item, MAX_FEED, discover, feed, is_feed};
pub use fetch::{FetchError, Room};
pub use history::{EntryState, History, KnownPage, NoHistory, Previous, StoredResponse, fresh_until, revisit_due};
pub use policy::{Directives, directives};
pub use preview::PreviewReport;
pub use rhythm::{VISITS, Visit, due_at, interval};
pub use robots::{Decision, Robots, robots_decision};
pub use settings::{CrawlerError, Limits, PicturesOf, Settings};
pub use sources::{
    AlarmSettings, Bounds, Catalogue, CatalogueError, CrawlSettings, CssSelector, Discovery, EarlierLayout,
    Expectation, FeedContent, Follow, HttpUrl, LimitSettings, Listing, Mail, Pattern, Period, Schedule, Source,
    Webhook, json_schema,
};
