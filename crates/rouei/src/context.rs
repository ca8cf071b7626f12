//! What a crawl knows of a page and a bare file does not: `--context`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context as _;
use jiff::civil::Date;
use serde::Deserialize;

use crate::outcome::UsageError;

/// Facts by path and by address.
#[derive(Debug, Default)]
pub struct PageContext {
    by_path: BTreeMap<String, Facts>,
    by_url: BTreeMap<String, Facts>,
}

/// What is known of one page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Path as given on the command line, or its last components.
    pub path: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Day of publication.
    pub published: Option<Date>,
    /// Whose site it is.
    pub publisher: Option<String>,
}

impl PageContext {
    /// Reads a context file.
    ///
    /// # Errors
    /// Where the file cannot be read or a line is no such object; names the line.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let reader = BufReader::new(
            File::open(file).map_err(|e| UsageError(format!("cannot open {}: {e}", file.display())))?,
        );
        let mut context = Self::default();
        for (number, line) in reader.lines().enumerate() {
            let line = line.with_context(|| format!("cannot read {}", file.display()))?;
            if line.trim().is_empty() {
                continue;
            }
            let facts: Facts = serde_json::from_str(&line)
                .map_err(|e| UsageError(format!("{}:{}: {e}", file.display(), number + 1)))?;
            if facts.path.is_none() && facts.url.is_none() {
                let place = format!("{}:{}", file.display(), number + 1);
                return Err(UsageError(format!("{place}: neither \"path\" nor \"url\"")).into());
            }
            match &facts.path {
                Some(path) => context.by_path.insert(path.clone(), facts),
                None => context.by_url.insert(facts.url.clone().unwrap_or_default(), facts),
            };
        }
        Ok(context)
    }

    /// The facts of an entry of a feed: by its address. Of the feed itself only the publisher is that of its entries.
    pub fn facts_of_entry(&self, path: Option<&str>, url: Option<&str>) -> Facts {
        let own = url.and_then(|u| self.by_url.get(u)).cloned().unwrap_or_default();
        let publisher = own.publisher.or_else(|| self.facts(path, None).publisher);
        Facts { publisher, ..own }
    }

    /// The facts of a page: by its path, by the end of its path, or by its address.
    pub fn facts(&self, path: Option<&str>, url: Option<&str>) -> Facts {
        let by_path = path.and_then(|path| {
            let mut rest = path;
            loop {
                if let Some(facts) = self.by_path.get(rest) {
                    return Some(facts);
                }
                rest = rest.split_once('/')?.1;
            }
        });
        by_path.or_else(|| url.and_then(|u| self.by_url.get(u))).cloned().unwrap_or_default()
    }
}

/// The day in Asia/Tokyo of a date beside a link: a day, or RFC 3339.
pub fn day(date: &str) -> Option<Date> {
    if let Ok(day) = date.parse::<Date>()
        && date.len() == 10
    {
        return Some(day);
    }
    let time: jiff::Timestamp = date.parse().ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9))).date())
}
