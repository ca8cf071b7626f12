//! Which addresses may be asked, whether a name leads there or they are written as such.

use std::net::IpAddr;
use std::sync::Arc;

use url::{Host, Url};

use super::FetchError;
use crate::address::{Resolve, is_private};

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

/// Hands on public addresses alone, unless the source may visit others.
pub(super) struct GuardedResolver {
    pub(super) inner: Arc<dyn Resolve>,
    pub(super) allow_private: bool,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
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
