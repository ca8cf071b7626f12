//! What a crawl knows of a page and a bare file does not: `--context`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use jiff::civil::Date;
use serde::Deserialize;

use crate::outcome::UsageError;

/// Facts by path and by address.
#[derive(Debug, Default)]
pub struct PageContext {
    by_path: BTreeMap<String, Known>,
    by_url: BTreeMap<String, Known>,
    /// Lines about a page that an earlier line is about: the last one holds.
    repeated: usize,
}

/// The facts of a line, and whether a page asked for them.
#[derive(Debug, Default)]
struct Known {
    facts: Facts,
    asked: AtomicBool,
}

impl Known {
    fn told(&self) -> &Facts {
        self.asked.store(true, Ordering::Relaxed);
        &self.facts
    }
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
        let reader =
            BufReader::new(File::open(file).map_err(|e| UsageError(format!("cannot open {}: {e}", file.display())))?);
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
            let (map, key) = match &facts.path {
                Some(path) => (&mut context.by_path, path.clone()),
                None => (&mut context.by_url, facts.url.clone().unwrap_or_default()),
            };
            let known = Known { facts, asked: AtomicBool::new(false) };
            context.repeated += usize::from(map.insert(key, known).is_some());
        }
        Ok(context)
    }

    /// What of the file served nobody, for a person: lines about the same page, and about none that was read. None where every
    /// line served.
    pub fn summary(&self) -> Option<String> {
        let lines = || self.by_path.iter().chain(&self.by_url);
        let idle: Vec<&str> =
            lines().filter(|(_, known)| !known.asked.load(Ordering::Relaxed)).map(|(key, _)| key.as_str()).collect();
        let mut said = Vec::new();
        if self.repeated > 0 {
            said.push(format!(
                "{} lines are about a page that another line is about; the last one holds",
                self.repeated
            ));
        }
        if let Some(first) = idle.first() {
            said.push(format!("{} lines match no document, {first} the first", idle.len()));
        }
        (!said.is_empty()).then(|| format!("context: {}", said.join("; ")))
    }

    /// The facts of an entry of a feed: by its address. Of the feed itself only the publisher is that of its entries.
    pub fn facts_of_entry(&self, path: Option<&str>, url: Option<&str>) -> Facts {
        let own = url.and_then(|u| self.by_url.get(u)).map(|known| known.told().clone()).unwrap_or_default();
        let publisher = own.publisher.or_else(|| self.facts(path, None).publisher);
        Facts { publisher, ..own }
    }

    /// The facts of a page: by its path, by the end of its path, or by its address.
    pub fn facts(&self, path: Option<&str>, url: Option<&str>) -> Facts {
        let by_path = path.and_then(|path| {
            let mut rest = path;
            loop {
                if let Some(known) = self.by_path.get(rest) {
                    return Some(known.told());
                }
                rest = rest.split_once('/')?.1;
            }
        });
        by_path.or_else(|| url.and_then(|u| self.by_url.get(u)).map(Known::told)).cloned().unwrap_or_default()
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
