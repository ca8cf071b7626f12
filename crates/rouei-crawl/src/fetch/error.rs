use std::error::Error as _;
use std::net::IpAddr;

use super::resolver::ResolveError;

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

/// What a failed request says, in our words.
pub(super) fn classify(error: &reqwest::Error, host: &str) -> FetchError {
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
pub(super) fn chain(error: &reqwest::Error) -> String {
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
