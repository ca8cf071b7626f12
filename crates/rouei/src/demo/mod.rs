//! The fixture sites, inside the binary, served on loopback under their own names.

mod site;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use include_dir::{Dir, include_dir};
use rouei_crawl::{Catalogue, Settings, StaticResolver};

use site::Sites;

/// `fixtures/sites`: pages as a crawler sees them, byte for byte.
static FIXTURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/sites");

/// The running sites. They stop when this is dropped.
pub struct FixtureSites {
    /// The sites as sources.
    pub catalogue: Catalogue,
    /// A crawler's settings in which only these sites exist.
    pub settings: Settings,
    _server: tokio::runtime::Runtime,
}

impl FixtureSites {
    /// Serves the sites on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where no port can be had.
    pub fn serve() -> anyhow::Result<Self> {
        let yaml = FIXTURES
            .get_file("sources.yaml")
            .and_then(|f| f.contents_utf8())
            .context("the binary holds no fixtures/sites/sources.yaml")?;
        let catalogue = Catalogue::parse("fixtures/sites/sources.yaml", yaml)?;
        let sites = Arc::new(Sites::read(&FIXTURES)?);

        let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = server
            .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .context("no port of 127.0.0.1 can be had")?;
        let address = listener.local_addr()?;
        let hosts: BTreeMap<String, SocketAddr> = sites.hosts().map(|h| (h.to_owned(), address)).collect();
        let service = Router::new().fallback(site::answer).with_state(sites);
        server.spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!("the fixture sites stopped: {error}");
            }
        });

        let mut settings = Settings::new(catalogue.crawl.contact.clone());
        settings.resolver = Arc::new(StaticResolver(hosts));
        Ok(Self { catalogue, settings, _server: server })
    }
}
