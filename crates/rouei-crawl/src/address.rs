//! Addresses: canonical URLs, name resolution, and which addresses are not of the public internet.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::LazyLock;

use serde::Deserialize;
use url::Url;

/// The addresses of a host, once known.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Turns host names into addresses. A port of 0 stands for the usual port of the scheme; any other port is used
/// where the URL names none, so that fixture sites keep addresses without a port.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `host`.
    fn resolve(&self, host: &str) -> Resolving;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

/// A fixed table, for demonstrations and tests; every other name is unknown, so nothing leaves the machine.
#[derive(Clone, Debug, Default)]
pub struct StaticResolver(pub BTreeMap<String, SocketAddr>);

/// The address under which a page is remembered: without fragment, default port, tracking parameters (`utm_*`,
/// `fbclid`, `ref=rss`, session numbers, …: `address.toml`) and a last `index.html`, with percent-encoding in the normal
/// form of RFC 3986, 6.2.2. Applying it twice changes nothing more.
#[must_use]
pub fn canonical_url(url: &Url) -> Url {
    let mut canonical = url.clone();
    canonical.set_fragment(None);
    if let Some(query) = url.query() {
        let query = normal_escapes(query);
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
        let kept = kept.join("&");
        canonical.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    let mut path = normal_escapes(canonical.path());
    while let Some((before, parameter)) = path.rsplit_once(';')
        && !parameter.contains('/')
        && RULES.path.contains(parameter.split('=').next().unwrap_or_default())
    {
        path.truncate(before.len());
    }
    if let Some((folder, file)) = path.rsplit_once('/')
        && RULES.index.get(file).is_some_and(|without_query| !without_query || canonical.query().is_none())
    {
        path.truncate(folder.len() + 1);
    }
    canonical.set_path(&path);
    canonical
}

/// Whether an address is anything else than a public unicast address: loopback, private, link-local, shared
/// (RFC 6598), reserved, multicast, and the IPv6 forms that carry such an IPv4 address (mapped, NAT64, 6to4).
#[must_use]
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host.as_str(), 0)).await?.collect()) })
    }
}

impl Resolve for StaticResolver {
    fn resolve(&self, host: &str) -> Resolving {
        let found = self.0.get(host).copied();
        let host = host.to_owned();
        Box::pin(async move {
            found
                .map(|address| vec![address])
                .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{host} is not in the table of hosts")))
        })
    }
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    RULES.name.contains(name)
        || RULES.pair.contains(pair)
        || RULES.prefix.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

/// `address.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    parameter: Vec<Parameter>,
    index: Vec<IndexFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameter {
    name: Option<String>,
    prefix: Option<String>,
    pair: Option<String>,
    path: Option<String>,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexFile {
    file: String,
    #[serde(default)]
    without_query: bool,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

/// The same, for looking up.
#[derive(Default)]
struct Rules {
    name: HashSet<String>,
    prefix: Vec<String>,
    pair: HashSet<String>,
    path: HashSet<String>,
    /// By file name: whether it counts only without a query.
    index: HashMap<String, bool>,
}

/// A table that did not parse would fail the test of its examples.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let Ok(file) = toml::from_str::<RulesFile>(include_str!("address.toml")) else { return Rules::default() };
    let mut rules = Rules::default();
    for parameter in file.parameter {
        rules.name.extend(parameter.name);
        rules.prefix.extend(parameter.prefix);
        rules.pair.extend(parameter.pair);
        rules.path.extend(parameter.path);
    }
    rules.index = file.index.into_iter().map(|index| (index.file, index.without_query)).collect();
    rules
});

/// Escapes of unreserved characters undone, hexadecimal digits in capitals. Text with a stray `%` stays as it is.
fn normal_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let hex = rest.get(at + 1..at + 3).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) else {
            return text.to_owned();
        };
        // A dot stays escaped: `%2e%2e` is a segment of its own to some parsers, and a loop to none.
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        rest = &rest[at + 3..];
    }
    out + rest
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // ::, ::1, IPv4-compatible and IPv4-mapped.
        [0, 0, 0, 0, 0, 0, _, _] => true,
        [0, 0, 0, 0, 0, 0xffff, high, low] => embedded(high, low),
        // NAT64 (RFC 6052) and 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Local-use NAT64, Teredo, documentation.
        [0x64, 0xff9b, 1, ..] | [0x2001, 0, ..] | [0x2001, 0x0db8, ..] => true,
        // Only 2000::/3 is assigned for global unicast (RFC 4291): this leaves out fc00::/7, fe80::/10, ff00::/8.
        _ => segments[0] & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn canonical_addresses() {
        for (written, expected) in [
            ("http://A.example:80/x?utm_source=rss&id=3#top", "http://a.example/x?id=3"),
            ("https://a.example:443/news/index.html", "https://a.example/news/"),
            ("https://a.example/news/index.htm?b=1&&fbclid=z", "https://a.example/news/?b=1"),
            ("https://a.example/?ref=rss", "https://a.example/"),
            ("https://a.example/?ref=top", "https://a.example/?ref=top"),
            ("https://a.example/%7euser/%e3%81%82", "https://a.example/~user/%E3%81%82"),
            ("https://a.example/a%2fb", "https://a.example/a%2Fb"),
            ("https://a.example/myindex.html", "https://a.example/myindex.html"),
        ] {
            assert_eq!(canonical_url(&Url::parse(written).unwrap()).as_str(), expected, "{written}");
        }
    }

    #[test]
    fn every_rule_does_what_it_shows() {
        let file: RulesFile = toml::from_str(include_str!("address.toml")).unwrap();
        let shown = file.parameter.iter().map(|p| (&p._examples, &p._counterexamples));
        for (examples, counterexamples) in shown.chain(file.index.iter().map(|i| (&i._examples, &i._counterexamples))) {
            assert!(!examples.is_empty() && !counterexamples.is_empty());
            let same = |text: &&String| canonical_url(&Url::parse(text).unwrap()).as_str() == text.as_str();
            assert_eq!(examples.iter().find(same), None, "stays as it is");
            assert_eq!(counterexamples.iter().find(|text| !same(text)), None, "is changed");
        }
    }

    #[test]
    fn private_addresses() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
        {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    proptest! {
        #[test]
        fn canonical_is_stable(path in "(index\\.php|;jsessionid=|[a-zA-Z0-9/%._~;-]){0,20}", query in "[a-z0-9&=%_]{0,30}") {
            if let Ok(url) = Url::parse(&format!("http://h.example/{path}?{query}")) {
                let once = canonical_url(&url);
                prop_assert_eq!(canonical_url(&once), once);
            }
        }
    }
}
