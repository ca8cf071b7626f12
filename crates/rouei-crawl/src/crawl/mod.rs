//! The run: sources in, captures out.
//!
//! Every host has a queue and at most `max_per_host` tasks; hosts progress side by side. A task takes one address
//! through robots.txt, the request with its repetitions, and redirects, sends what came back to the receiver, and only
//! then queues the links in it.

mod events;
mod expectation;
mod items;
mod requests;
mod run;
mod visit;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::fetch::{FetchError, HttpClient, Room};
use crate::history::History;
use crate::settings::{CrawlerError, Settings};
use crate::sources::{Source, Webhook};

pub use events::{CaptureContext, CrawlEvent, CrawlSummary, Finding, Role, SkipReason, SourceTally};
pub use items::Fate;
pub(crate) use items::Sample;
pub(crate) use requests::RobotsCache;
pub(crate) use run::Run;

/// Visits sources. Cheap to clone; connections and robots.txt are kept between runs.
#[derive(Clone)]
pub struct Crawler {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) client: HttpClient,
    pub(crate) robots: RobotsCache,
    pub(crate) slots: tokio::sync::Semaphore,
}

impl Crawler {
    /// A crawler with these settings.
    ///
    /// # Errors
    /// No contact, or one that is none; TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, CrawlerError> {
        let client = HttpClient::new(&settings)?;
        let slots = tokio::sync::Semaphore::new(settings.limits.concurrency.max(1));
        Ok(Self { shared: Arc::new(Shared { settings, client, robots: RobotsCache::default(), slots }) })
    }

    /// Visits these sources, whether enabled or not (the caller chooses), and sends what it finds to `out`. It fetches
    /// no more while the channel is full, so its capacity bounds what a kill can lose; it stops when the receiver is
    /// dropped or `cancel` turns true. Must run within a tokio runtime.
    pub async fn crawl(
        &self,
        sources: &[Source],
        history: Arc<dyn History>,
        out: mpsc::Sender<CrawlEvent>,
        cancel: watch::Receiver<bool>,
    ) -> CrawlSummary {
        Run::new(Arc::clone(&self.shared), sources, history, out, None).drive(cancel).await
    }
}

impl Crawler {
    /// All the room for large bodies, given back when it is dropped: for whoever makes something large of a page while
    /// others are fetched.
    pub async fn room(&self) -> Room {
        self.shared.client.all_room().await
    }

    /// Hands a JSON object to a webhook with the crawler's own HTTP client: within the time that it names, and to a
    /// private address only if it allows that. Must run within a tokio runtime.
    ///
    /// # Errors
    /// No answer in time, a refused address, or a status other than 2xx.
    pub async fn post(&self, webhook: &Webhook, json: &serde_json::Value) -> Result<(), FetchError> {
        let body = json.to_string().into_bytes();
        let (private, within) = (webhook.allow_private_addresses, webhook.timeout.0);
        match self.shared.client.post_json(webhook.url.url(), body, private, within).await? {
            200..=299 => Ok(()),
            status => Err(FetchError::Status(status)),
        }
    }
}

/// A `cancel` for [`Crawler::crawl`] that never comes.
#[must_use]
pub fn never_cancelled() -> watch::Receiver<bool> {
    watch::channel(false).1
}
