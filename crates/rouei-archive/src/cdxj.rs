use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rouei_model::Capture;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    ArchiveError, BadRecord, HttpMessage, Record, RecordLocation, RecordType, http::find, open_file::sync_dir,
    selection::is_capture,
};

/// One line of the index beside a WARC file: sort key, time, JSON (CDXJ, as pywb and OutbackCDX read it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CdxjLine {
    /// [`surt`] of the address.
    pub key: String,
    /// Fourteen digits, UTC.
    pub timestamp: String,
    /// The rest.
    pub fields: CdxjFields,
}

/// The JSON part of a [`CdxjLine`]; numbers are strings by custom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CdxjFields {
    /// Address.
    pub url: String,
    /// Media type of the response, `warc/revisit` for a revisit, `unk` where none is stated.
    #[serde(default)]
    pub mime: String,
    /// Status code.
    #[serde(default)]
    pub status: String,
    /// `WARC-Payload-Digest`.
    #[serde(default)]
    pub digest: String,
    /// Bytes of the gzip member.
    #[serde(default)]
    pub length: String,
    /// Where the gzip member begins.
    pub offset: String,
    /// Name of the WARC file.
    pub filename: String,
}

impl CdxjLine {
    /// The line of a capture.
    #[must_use]
    pub fn of_capture(capture: &Capture, location: &RecordLocation) -> Self {
        let media_type = media_type(find(&capture.response_headers, "Content-Type"));
        let revisit = location.record_type == RecordType::Revisit;
        Self {
            key: surt(&capture.url),
            timestamp: digits(capture.captured),
            fields: CdxjFields {
                url: capture.url.clone(),
                mime: if revisit { "warc/revisit".into() } else { media_type },
                status: capture.status.to_string(),
                digest: location.payload_digest.clone(),
                length: location.length.to_string(),
                offset: location.offset.to_string(),
                filename: location.file.clone(),
            },
        }
    }

    /// The line of a record, of rouei's own or another tool's. None for records that are no captures of an address.
    #[must_use]
    pub fn of_record(record: &Record) -> Option<Self> {
        if !is_capture(&record.record_type()) {
            return None;
        }
        let (url, date) = (record.url()?, record.date()?);
        let message = HttpMessage::parse_head(&record.block).ok().filter(|_| record.holds_http());
        let (status, stated) = match &message {
            Some(message) => (message.status.to_string(), message.header("Content-Type")),
            None => (String::new(), record.header.get("Content-Type").map(str::to_owned)),
        };
        let revisit = record.record_type() == RecordType::Revisit;
        let digest = record.header.get("WARC-Payload-Digest").unwrap_or_default();
        Some(Self {
            key: surt(url),
            timestamp: digits(date),
            fields: CdxjFields {
                url: url.to_owned(),
                mime: if revisit { "warc/revisit".into() } else { media_type(stated) },
                status,
                digest: digest.to_owned(),
                length: record.length.unwrap_or(0).to_string(),
                offset: record.offset.to_string(),
                filename: file_name(&record.file),
            },
        })
    }

    fn parse(line: &str) -> Option<Self> {
        let (key, rest) = line.split_once(' ')?;
        let (timestamp, json) = rest.split_once(' ')?;
        Some(Self { key: key.into(), timestamp: timestamp.into(), fields: serde_json::from_str(json).ok()? })
    }
}

/// Reads the index of a WARC file. Nothing if there is none.
///
/// # Errors
/// [`ArchiveError::Io`]; [`ArchiveError::BadRecord`] with the byte of the first line that is none.
pub fn read_cdxj(warc: &Path) -> Result<Option<Vec<CdxjLine>>, ArchiveError> {
    let path = index_path(warc);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(ArchiveError::io(path, e)),
    };
    let mut lines = Vec::new();
    let mut offset = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|e| ArchiveError::io(&path, e))?;
        let parsed = CdxjLine::parse(&line).ok_or_else(|| BadRecord {
            file: path.display().to_string(),
            offset,
            reason: "no CDXJ line".into(),
        })?;
        offset += line.len() as u64 + 1;
        lines.push(parsed);
    }
    Ok(Some(lines))
}

/// The sort key of an address: host reversed, without scheme, `www.` and the order of query parameters, so that
/// captures of one site lie together. An address that is none stands as it is.
#[must_use]
pub fn surt(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return address.to_ascii_lowercase() };
    let Some(host) = url.host_str() else { return address.to_ascii_lowercase() };
    let host = host.to_ascii_lowercase();
    let mut key = if matches!(url.host(), Some(url::Host::Domain(_))) {
        let labels = host.strip_prefix("www.").unwrap_or(&host);
        labels.rsplit('.').collect::<Vec<_>>().join(",")
    } else {
        host
    };
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    key.push(')');
    let path = url.path().to_ascii_lowercase();
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { &path };
    key.push_str(if path.is_empty() { "/" } else { path });
    if let Some(query) = url.query().filter(|q| !q.is_empty()) {
        let query = query.to_ascii_lowercase();
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        key.push('?');
        key.push_str(&pairs.join("&"));
    }
    key
}

/// Writes the index beside the WARC file `name`, sorted, whole or not at all.
pub(crate) fn write_index(dir: &Path, name: &str, lines: Vec<CdxjLine>) -> Result<(), ArchiveError> {
    let path = index_path(&dir.join(name));
    let mut texts = Vec::with_capacity(lines.len());
    for line in lines {
        let json = serde_json::to_string(&line.fields).map_err(|e| ArchiveError::io(&path, e.into()))?;
        texts.push(format!("{} {} {json}\n", line.key, line.timestamp));
    }
    texts.sort_unstable();
    let new = path.with_extension("cdxj.new");
    let written = File::create(&new).and_then(|mut file| {
        file.write_all(texts.concat().as_bytes())?;
        file.sync_data()
    });
    written.map_err(|e| ArchiveError::io(&new, e))?;
    fs::rename(&new, &path).map_err(|e| ArchiveError::io(&path, e))?;
    sync_dir(dir)
}

pub(crate) fn index_path(warc: &Path) -> PathBuf {
    let name = warc.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".open").unwrap_or(&name);
    let stem = name.strip_suffix(".gz").unwrap_or(name);
    warc.with_file_name(format!("{}.cdxj", stem.strip_suffix(".warc").unwrap_or(stem)))
}

fn media_type(content_type: Option<String>) -> String {
    content_type
        .and_then(|value| Some(value.split(';').next()?.trim().to_ascii_lowercase()))
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| "unk".into())
}

fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.strip_suffix(".open").unwrap_or(&name).to_owned()
}

fn digits(time: Timestamp) -> String {
    time.strftime("%Y%m%d%H%M%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::surt;

    #[test]
    fn sort_keys() {
        for (address, key) in [
            ("https://www.example.jp/News/2025/", "jp,example)/news/2025"),
            ("http://example.jp", "jp,example)/"),
            ("http://example.jp:8080/a?b=2&a=1#x", "jp,example:8080)/a?a=1&b=2"),
            ("http://127.0.0.1/a", "127.0.0.1)/a"),
            ("dns:example.jp", "dns:example.jp"),
            ("not an address", "not an address"),
        ] {
            assert_eq!(surt(address), key, "{address}");
        }
    }
}
