//! What a crawler is told beside the sources: who it is, its bounds, its resolver and its clock.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::address::{Resolve, SystemResolver};
use crate::sources::CrawlSettings;

/// The addresses of pictures that a page shows in place of a text: out of its address, its `Content-Type` and its bytes
/// without content encoding. Called for each page of some sources, from asynchronous tasks: answers are expected within
/// milliseconds.
pub type PicturesOf = Arc<dyn Fn(&Url, Option<&str>, &[u8]) -> Vec<Url> + Send + Sync>;

/// Everything that a crawler needs to know beside the sources.
#[derive(Clone)]
pub struct Settings {
    /// Product token and version, `rouei/0.1.0`. The token is also the name that robots.txt is asked for.
    pub product: String,
    /// Mail address or web page at which a site's owner reaches the operator.
    pub contact: String,
    /// Bounds.
    pub limits: Limits,
    /// Names to addresses.
    pub resolver: Arc<dyn Resolve>,
    /// What a page shows in place of its text, for sources with `pictures`: this crate never knows what a page says. None
    /// finds none.
    pub pictures_of: Option<PicturesOf>,
    /// The time that captures carry and that revisits go by.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// The bounds that hold whatever a server does.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Delay between the starts of two requests to a host where neither source nor site names one.
    pub delay: Duration,
    /// Bytes of a body as sent; the rest is cut off (`WARC-Truncated: length`).
    pub max_body: usize,
    /// Bytes that a page decodes to when it is searched for links.
    pub max_decoded: usize,
    /// Header fields of a response.
    pub max_headers: usize,
    /// Redirects in a row.
    pub max_redirects: usize,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Longest silence of a server.
    pub idle_timeout: Duration,
    /// Longest exchange.
    pub total_timeout: Duration,
    /// Attempts at one address.
    pub attempts: u32,
    /// Wait before the second attempt; doubled with each attempt and each address that failed before.
    pub backoff: Duration,
    /// Longest wait that is sat out within a run, be it ours or the site's `Retry-After`. A host that asks for more
    /// is left for this run.
    pub max_wait: Duration,
    /// Addresses that fail in a row, after all attempts and for reasons that lie with the host, until the host is left
    /// for this run.
    pub host_failures: u32,
    /// Requests under way at once over all hosts.
    pub concurrency: usize,
    /// Items that one discovery yields at most; the rest is reported.
    pub max_items: usize,
    /// Sitemaps read for one sitemap index.
    pub max_sitemaps: usize,
}

/// Why no crawler can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrawlerError {
    /// No contact.
    #[error(
        "no contact is set: put a mail address or web page at which site owners reach you into crawl.contact of \
         sources.yaml; rouei does not crawl without it"
    )]
    NoContact,
    /// Neither a mail address nor a web page.
    #[error("crawl.contact {0:?} is neither a mail address nor an http(s) address")]
    BadContact(String),
    /// The product is no token and version.
    #[error("{0:?} is no product name")]
    BadProduct(String),
    /// TLS or the resolver cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl Settings {
    /// Usual bounds, the resolver of the system and its clock.
    #[must_use]
    pub fn new(contact: impl Into<String>) -> Self {
        Self {
            product: concat!("rouei/", env!("CARGO_PKG_VERSION")).into(),
            contact: contact.into(),
            limits: Limits::default(),
            resolver: Arc::new(SystemResolver),
            pictures_of: None,
            clock: Arc::new(Timestamp::now),
        }
    }

    /// The same, with contact, delay and limits as `sources.yaml` has them.
    #[must_use]
    pub fn for_catalogue(crawl: &CrawlSettings) -> Self {
        let mut settings = Self::new(crawl.contact.clone());
        if let Some(delay) = crawl.delay {
            settings.limits.delay = delay.0;
        }
        crawl.limits.apply(&mut settings.limits);
        settings
    }

    /// `rouei/0.1.0 (+contact)`.
    ///
    /// # Errors
    /// No contact, or a contact or product that cannot stand in a header.
    pub fn user_agent(&self) -> Result<String, CrawlerError> {
        let contact = self.contact.trim();
        if contact.is_empty() {
            return Err(CrawlerError::NoContact);
        }
        let web = ["http://", "https://"].iter().any(|s| contact.strip_prefix(s).is_some_and(|rest| !rest.is_empty()));
        let mail = contact.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        let printable = contact.bytes().all(|b| b.is_ascii_graphic() && !b"()<>\\\"".contains(&b));
        if !(web || mail) || !printable {
            return Err(CrawlerError::BadContact(contact.to_owned()));
        }
        let letters = |b: u8| b.is_ascii_alphanumeric() || b"-_/.".contains(&b);
        if self.product.is_empty() || !self.product.bytes().all(letters) {
            return Err(CrawlerError::BadProduct(self.product.clone()));
        }
        Ok(format!("{} (+{contact})", self.product))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(5),
            max_body: 32 << 20,
            max_decoded: 8 << 20,
            max_headers: 200,
            max_redirects: 5,
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(300),
            attempts: 3,
            backoff: Duration::from_secs(2),
            max_wait: Duration::from_secs(120),
            host_failures: 5,
            concurrency: 256,
            max_items: 50_000,
            max_sitemaps: 500,
        }
    }
}
