//! One HTTP exchange, within bounds.

mod body;
mod error;
mod resolver;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rouei_model::{Capture, CaptureKind, Header, Original};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::history::{History, Previous};
use crate::settings::{CrawlerError, Limits, Settings};

pub use body::Room;
use body::{Body, ROOM};
pub use error::FetchError;
use error::{chain, classify};
use resolver::GuardedResolver;
pub(crate) use resolver::check_address;

/// The first field of this name, read as UTF-8 where possible.
pub(crate) fn header(headers: &[Header], name: &str) -> Option<String> {
    let found = headers.iter().find(|h| h.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(&found.value).into_owned())
}

/// Sends requests. Two connection pools: a connection to a private address, opened for a source that may, is never
/// used for one that may not.
pub(crate) struct HttpClient {
    guarded: reqwest::Client,
    open: reqwest::Client,
    user_agent: HeaderValue,
    limits: Limits,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    room: Arc<Semaphore>,
}

/// What came back.
pub(crate) struct Exchange {
    pub(crate) capture: Capture,
    /// Why the body is not whole, in more words than [`Capture::truncated`] has.
    pub(crate) cut: Option<FetchError>,
    /// Held as long as the body is.
    pub(crate) room: Room,
}

/// What a request is for.
pub(crate) struct Request<'r> {
    pub(crate) source: &'r str,
    pub(crate) url: &'r Url,
    pub(crate) allow_private: bool,
    pub(crate) previous: Option<&'r Previous>,
    pub(crate) max_body: usize,
    /// A large body takes all the room there is: what is made of it then is many times as large.
    pub(crate) alone: bool,
}

impl HttpClient {
    pub(crate) fn new(settings: &Settings) -> Result<Self, CrawlerError> {
        let user_agent = settings.user_agent()?;
        // Fails only where a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |allow_private: bool| {
            let builder = || {
                let resolver = GuardedResolver { inner: Arc::clone(&settings.resolver), allow_private };
                reqwest::Client::builder()
                    .redirect(reqwest::redirect::Policy::none())
                    .retry(reqwest::retry::never())
                    .referer(false)
                    .no_proxy()
                    .dns_resolver(Arc::new(resolver))
                    .connect_timeout(settings.limits.connect_timeout)
                    .http1_max_headers(settings.limits.max_headers)
                    .http2_max_header_list_size(64 * 1024)
                    .pool_idle_timeout(Duration::from_secs(30))
                    .tcp_nodelay(true)
            };
            builder().build().or_else(|e| {
                // A bare machine without certificates can still crawl http, and says so for https.
                tracing::warn!("no system certificates, every https address will fail: {}", chain(&e));
                builder().tls_certs_only([]).build().map_err(|e| CrawlerError::Client(chain(&e)))
            })
        };
        Ok(Self {
            guarded: build(false)?,
            open: build(true)?,
            user_agent: HeaderValue::from_str(&user_agent).map_err(|_| CrawlerError::BadContact(user_agent))?,
            limits: settings.limits.clone(),
            clock: Arc::clone(&settings.clock),
            room: Arc::new(Semaphore::new(ROOM)),
        })
    }

    /// Asks for one address, without following redirects. A response cut off by a bound or a break comes back with
    /// [`Capture::truncated`] set.
    pub(crate) async fn exchange(&self, request: &Request<'_>, history: &dyn History) -> Result<Exchange, FetchError> {
        let url = request.url;
        check_address(url, request.allow_private)?;
        let headers = self.headers(request.previous);
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let deadline = Instant::now() + self.limits.total_timeout;
        let client = if request.allow_private { &self.open } else { &self.guarded };
        let sending = client.get(url.clone()).headers(headers.clone()).send();
        let first = deadline.min(Instant::now() + self.limits.connect_timeout + self.limits.idle_timeout);
        let mut response = timeout_at(first, sending)
            .await
            .map_err(|_| FetchError::Timeout("no response"))?
            .map_err(|e| classify(&e, host))?;

        let captured = (self.clock)();
        let status = response.status().as_u16();
        let protocol = match response.version() {
            reqwest::Version::HTTP_2 => "HTTP/2",
            reqwest::Version::HTTP_10 => "HTTP/1.0",
            _ => "HTTP/1.1",
        };
        let response_headers = recorded(response.headers());
        let remote_ip = response.remote_addr().map(|a| a.ip().to_string());
        let Body { bytes, truncated, cut, room } = self.read_body(&mut response, request, deadline).await;

        let mut request_headers = recorded(&headers);
        // hyper adds it last on HTTP/1; on HTTP/2 it stands for `:authority`.
        request_headers.push(Header { name: "host".into(), value: authority.into_bytes() });
        let mut capture = Capture {
            source: request.source.to_owned(),
            url: url.to_string(),
            captured,
            method: "GET".into(),
            request_headers,
            protocol: protocol.into(),
            status,
            response_headers,
            body: bytes,
            remote_ip,
            truncated,
            kind: CaptureKind::Response,
        };
        if let Some(previous) = request.previous {
            capture.kind = kind(&capture, previous, history);
        }
        Ok(Exchange { capture, cut, room })
    }

    /// Sends JSON, for alarms; the answer's body is not read, and a redirect is not followed.
    pub(crate) async fn post_json(
        &self,
        url: &Url,
        json: Vec<u8>,
        allow_private: bool,
        within: Duration,
    ) -> Result<u16, FetchError> {
        check_address(url, allow_private)?;
        let client = if allow_private { &self.open } else { &self.guarded };
        let mut headers = HeaderMap::new();
        headers.insert("user-agent", self.user_agent.clone());
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let sending = client.post(url.clone()).headers(headers).body(json).send();
        let response = tokio::time::timeout(within, sending)
            .await
            .map_err(|_| FetchError::Timeout("no answer"))?
            .map_err(|e| classify(&e, url.host_str().unwrap_or_default()))?;
        Ok(response.status().as_u16())
    }

    fn headers(&self, previous: Option<&Previous>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let fixed = |text| HeaderValue::from_static(text);
        headers.insert("user-agent", self.user_agent.clone());
        headers.insert("accept", fixed("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        headers.insert("accept-language", fixed("ja,en;q=0.5"));
        // Only what `decoded_body` can undo.
        headers.insert("accept-encoding", fixed("gzip, deflate"));
        for (name, value) in [
            ("if-none-match", previous.and_then(|p| p.etag.as_deref())),
            ("if-modified-since", previous.and_then(|p| p.last_modified.as_deref())),
        ] {
            if let Some(value) = value.and_then(|v| HeaderValue::from_str(v).ok()) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers
    }
}

fn kind(capture: &Capture, previous: &Previous, history: &dyn History) -> CaptureKind {
    let original = || Original {
        url: capture.url.clone(),
        captured: previous.captured,
        payload_digest: previous.payload_digest.clone(),
    };
    if capture.status == 304 {
        return CaptureKind::NotModified(original());
    }
    let same = capture.truncated.is_none()
        && capture.status == previous.status
        && !previous.truncated
        && !previous.payload_digest.is_empty()
        // Redirects mostly have the same empty body wherever they lead.
        && header(&capture.response_headers, "location") == previous.location
        && history.digest(&capture.body) == previous.payload_digest;
    if same { CaptureKind::SamePayload(original()) } else { CaptureKind::Response }
}

/// `Transfer-Encoding` is left out: the body is kept without it.
fn recorded(headers: &HeaderMap) -> Vec<Header> {
    headers
        .iter()
        .filter(|(name, _)| *name != reqwest::header::TRANSFER_ENCODING)
        .map(|(name, value)| Header { name: name.as_str().to_owned(), value: value.as_bytes().to_vec() })
        .collect()
}
