//! How a fixture site answers: the file of the path, with the headers that `sites.toml` says.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use include_dir::Dir;
use serde::Deserialize;

/// Every fixture site.
pub(super) struct Sites {
    files: &'static Dir<'static>,
    sites: BTreeMap<String, Site>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SitesFile {
    site: Vec<Site>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    host: String,
    #[serde(rename = "publisher")]
    _publisher: String,
    html: String,
    #[serde(default)]
    path: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    path: String,
    content_type: Option<String>,
    status: Option<u16>,
    location: Option<String>,
}

impl Sites {
    pub(super) fn read(files: &'static Dir<'static>) -> anyhow::Result<Self> {
        let text = files
            .get_file("sites.toml")
            .and_then(|f| f.contents_utf8())
            .context("the binary holds no fixtures/sites/sites.toml")?;
        let parsed: SitesFile = toml::from_str(text).context("fixtures/sites/sites.toml")?;
        Ok(Self { files, sites: parsed.site.into_iter().map(|s| (s.host.clone(), s)).collect() })
    }

    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.sites.keys().map(String::as_str)
    }

    fn answer(&self, host: &str, path: &str, request: &HeaderMap) -> Response {
        let Some(site) = self.sites.get(host) else {
            return (StatusCode::MISDIRECTED_REQUEST, "no such fixture site").into_response();
        };
        let exception = site.path.iter().find(|e| e.path == path);
        let status =
            exception.and_then(|e| e.status).and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
        if let Some(location) = exception.and_then(|e| e.location.as_deref()) {
            return (status, [(header::LOCATION, location.to_owned())]).into_response();
        }
        let file = format!("{host}{path}{}", if path.ends_with('/') { "index.html" } else { "" });
        let Some(file) = self.files.get_file(&file) else {
            return (StatusCode::NOT_FOUND, "not found").into_response();
        };
        let body = file.contents();
        let etag = format!("\"{}\"", &rouei_text::sha256_hex(body)[..16]);
        if request.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes()) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
        }
        let content_type = match exception.and_then(|e| e.content_type.as_deref()) {
            Some(own) => own,
            None if path.ends_with(".pdf") => "application/pdf",
            None if path.ends_with(".xml") => "application/xml",
            None if path.ends_with(".txt") => "text/plain",
            None => &site.html,
        };
        (status, [(header::CONTENT_TYPE, content_type.to_owned()), (header::ETAG, etag)], body).into_response()
    }
}

pub(super) async fn answer(State(sites): State<Arc<Sites>>, request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or(host);
    sites.answer(host, request.uri().path(), request.headers())
}
