//! One HTTP exchange, within bounds.

use std::error::Error as _;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rouei_model::{Capture, CaptureKind, Header, Original, Truncation};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::address::{Resolve, is_private};
use crate::history::{History, Previous};
use crate::settings::{CrawlerError, Limits, Settings};

/// Why an exchange brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Neither http nor https.
    #[error("scheme {0:?} is not fetched")]
    Scheme(String),
    /// A loopback, private or link-local address.
    #[error("{host} is or resolves to {address}, which is no public address")]
    PrivateAddress {
        /// The host asked for.
        host: String,
        /// Its address.
        address: IpAddr,
    },
    /// The name has no address.
    #[error("name not resolved: {0}")]
    Resolve(String),
    /// No connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// The TLS handshake failed.
    #[error("TLS: {0}")]
    Tls(String),
    /// Nothing within the time.
    #[error("timed out: {0}")]
    Timeout(&'static str),
    /// The response is no HTTP, or too large in its headers, or the connection broke before it.
    #[error("bad response: {0}")]
    Protocol(String),
    /// More redirects than are followed.
    #[error("more than {0} redirects")]
    TooManyRedirects(usize),
    /// A redirect to an address already visited on the way.
    #[error("redirect loop at {0}")]
    RedirectLoop(String),
    /// A redirect without a usable `Location`.
    #[error("redirect without a usable Location: {0}")]
    BadRedirect(String),
    /// An error status.
    #[error("status {0}")]
    Status(u16),
    /// The body broke off.
    #[error("the body is incomplete: {0}")]
    Incomplete(&'static str),
    /// The body is longer than the bound.
    #[error("the body is incomplete: longer than the bound, cut off")]
    TooLong,
    /// The host asks for more patience than a run has.
    #[error("the host is left for this run: {0}")]
    HostLeft(String),
    /// The body cannot be read for links.
    #[error("{0}")]
    Unreadable(String),
}

impl FetchError {
    /// Whether another attempt may bring more.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Timeout(_) | Self::Protocol(_) | Self::Incomplete(_) | Self::Resolve(_) => true,
            Self::Status(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }
}

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

/// The right to hold a large body. Together they have bounded room, whatever the number of hosts; whoever archives a
/// capture gives it back by dropping the capture's context.
#[derive(Clone, Debug, Default)]
pub struct Room(Option<Arc<OwnedSemaphorePermit>>);

impl Room {
    /// Whether there is any in hand.
    pub(crate) fn is_held(&self) -> bool {
        self.0.is_some()
    }
}

/// Room is no property of a capture.
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Room {}

/// Bytes up to which a body needs no room.
const SMALL: usize = 512 << 10;

/// KiB of larger bodies that are received, or wait for the archive, at once.
const ROOM: usize = 32 << 10;

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

    /// All the room for large bodies: while it is held, no other is received.
    pub(crate) async fn all_room(&self) -> Room {
        self.some_room(ROOM).await
    }

    async fn some_room(&self, kib: usize) -> Room {
        let kib = u32::try_from(kib.clamp(1, ROOM)).unwrap_or(1);
        // The semaphore is never closed.
        Room(Arc::clone(&self.room).acquire_many_owned(kib).await.ok().map(Arc::new))
    }

    async fn read_body(&self, response: &mut reqwest::Response, request: &Request<'_>, deadline: Instant) -> Body {
        let mut body = Body::default();
        let mut deadline = deadline;
        let max = request.max_body;
        let longest = response.content_length().map_or(max, |length| max.min(usize::try_from(length).unwrap_or(max)));
        loop {
            let idle = Instant::now() + self.limits.idle_timeout;
            let chunk = match timeout_at(idle.min(deadline), response.chunk()).await {
                Err(_) if idle < deadline => {
                    return body.cut(Truncation::Time, FetchError::Incomplete("timed out: silent for too long"));
                }
                Err(_) => return body.cut(Truncation::Time, FetchError::Incomplete("timed out: too slow as a whole")),
                Ok(Err(e)) => return body.cut(Truncation::Disconnect, FetchError::Incomplete(broken(&e))),
                Ok(Ok(None)) => return body,
                Ok(Ok(Some(chunk))) => chunk,
            };
            let room = max - body.bytes.len();
            let taken = &chunk[..chunk.len().min(room)];
            if body.bytes.len() + taken.len() > SMALL && body.room.0.is_none() {
                // All that it may need, at once: two that wait for each other's rest would wait for ever.
                let waiting = Instant::now();
                body.room = self.some_room(if request.alone { ROOM } else { longest >> 10 }).await;
                deadline += waiting.elapsed();
                // Once, for growing may copy. What no byte is written to takes no memory.
                body.bytes.reserve_exact(max - body.bytes.len());
            }
            body.bytes.extend_from_slice(taken);
            if chunk.len() > room {
                return body.cut(Truncation::Length, FetchError::TooLong);
            }
        }
    }
}

/// A body as far as it came.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    truncated: Option<Truncation>,
    cut: Option<FetchError>,
    room: Room,
}

impl Body {
    fn cut(self, truncated: Truncation, cut: FetchError) -> Self {
        Self { truncated: Some(truncated), cut: Some(cut), ..self }
    }
}

/// What broke a body off.
fn broken(error: &reqwest::Error) -> &'static str {
    let mut source = error.source();
    while let Some(cause) = source {
        match cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => return "the connection was reset",
            // hyper's word for a chunk without a readable size.
            Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) => return "its chunks have no readable size",
            _ => source = cause.source(),
        }
    }
    "the connection ended early"
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

/// Scheme, and an address written as such: those never reach the resolver.
pub(crate) fn check_address(url: &Url, allow_private: bool) -> Result<(), FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Scheme(url.scheme().to_owned()));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        _ => None,
    };
    match literal {
        Some(address) if !allow_private && is_private(address) => {
            Err(FetchError::PrivateAddress { host: url.host_str().unwrap_or_default().to_owned(), address })
        }
        _ => Ok(()),
    }
}

/// `Transfer-Encoding` is left out: the body is kept without it.
fn recorded(headers: &HeaderMap) -> Vec<Header> {
    headers
        .iter()
        .filter(|(name, _)| *name != reqwest::header::TRANSFER_ENCODING)
        .map(|(name, value)| Header { name: name.as_str().to_owned(), value: value.as_bytes().to_vec() })
        .collect()
}

struct GuardedResolver {
    inner: Arc<dyn Resolve>,
    allow_private: bool,
}

#[derive(Debug, thiserror::Error)]
enum ResolveError {
    #[error("{0} is no public address")]
    Private(IpAddr),
    #[error("{0}")]
    Failed(String),
}

impl reqwest::dns::Resolve for GuardedResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let resolving = self.inner.resolve(name.as_str());
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = resolving.await.map_err(|e| ResolveError::Failed(e.to_string()))?;
            let public: Vec<_> = found.iter().filter(|a| allow_private || !is_private(a.ip())).copied().collect();
            match (public.is_empty(), found.first()) {
                (true, Some(first)) => Err(ResolveError::Private(first.ip()).into()),
                (true, None) => Err(ResolveError::Failed("the name has no address".into()).into()),
                _ => Ok(Box::new(public.into_iter()) as reqwest::dns::Addrs),
            }
        })
    }
}

fn classify(error: &reqwest::Error, host: &str) -> FetchError {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(resolve) = cause.downcast_ref::<ResolveError>() {
            return match resolve {
                ResolveError::Private(address) => {
                    FetchError::PrivateAddress { host: host.to_owned(), address: *address }
                }
                ResolveError::Failed(message) => FetchError::Resolve(message.clone()),
            };
        }
        if let Some(tls) = tls_error(cause) {
            return FetchError::Tls(tls.to_string());
        }
        source = cause.source();
    }
    if error.is_timeout() {
        FetchError::Timeout("no connection")
    } else if error.is_connect() {
        FetchError::Connect(chain(error))
    } else {
        FetchError::Protocol(chain(error))
    }
}

/// An `io::Error` around another error names it not as its source but as its inner value, and they may be nested.
fn tls_error<'e>(cause: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(tls) = cause.downcast_ref() {
        return Some(tls);
    }
    let inner = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    tls_error(inner)
}

/// An error with its causes, the address left out (it stands beside every message).
fn chain(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !text.ends_with(&message) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&message);
        }
        source = cause.source();
    }
    if text.is_empty() { error.to_string() } else { text }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use reqwest::dns::Resolve as _;
    use std::net::SocketAddr;

    struct Fixed(Vec<SocketAddr>);

    impl Resolve for Fixed {
        fn resolve(&self, _: &str) -> crate::address::Resolving {
            let found = self.0.clone();
            Box::pin(async move { Ok(found) })
        }
    }

    #[tokio::test]
    async fn a_name_with_public_and_private_addresses_keeps_the_public_ones() {
        let check = async |addresses: &[&str], allow_private: bool| {
            let inner = Arc::new(Fixed(addresses.iter().map(|a| a.parse().unwrap()).collect()));
            let found = GuardedResolver { inner, allow_private }.resolve("a.example".parse().unwrap()).await;
            found.map(|found| found.map(|a| a.to_string()).collect::<Vec<_>>()).map_err(|e| e.to_string())
        };
        let mixed = ["10.0.0.1:0", "203.0.114.1:0", "[::1]:0"];
        assert_eq!(check(&mixed, false).await, Ok(vec!["203.0.114.1:0".to_owned()]));
        assert_eq!(check(&mixed, true).await.map(|a| a.len()), Ok(3));
        assert_eq!(check(&mixed[..1], false).await, Err("10.0.0.1 is no public address".into()));
        assert_eq!(check(&[], true).await, Err("the name has no address".into()));
    }
}
