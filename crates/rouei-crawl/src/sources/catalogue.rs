use std::collections::BTreeMap;

use jiff::civil::Date;
use rouei_model::SourceTier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use super::alarms::AlarmSettings;
use super::limits::LimitSettings;
use super::scalars::{Bounds, CssSelector, HttpUrl, Pattern, Period, Schedule};

/// The whole of `sources.yaml`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Catalogue {
    /// What holds for every source.
    #[schemars(default)]
    pub crawl: CrawlSettings,
    /// Who is told when a source breaks, besides standard error.
    #[schemars(default)]
    pub alarms: AlarmSettings,
    /// The sources, in the order of the file.
    pub sources: Vec<Source>,
}

/// What holds for every source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CrawlSettings {
    /// A mail address or web page at which a site's owner reaches the operator. It stands in the user agent;
    /// without it no crawl starts.
    pub contact: String,
    /// Delay between the starts of two requests to one host, where a source names none (5s).
    pub delay: Option<Period>,
    /// Bounds on what a server may cost.
    pub limits: LimitSettings,
}

/// One publisher's pages of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable name: lower-case letters, digits and hyphens. Records refer to it.
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9-]*$"))]
    pub id: String,
    /// Who publishes, as it is to be written in records.
    pub publisher: String,
    /// Who speaks there.
    pub tier: SourceTier,
    /// Whether `rouei crawl` visits it.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Why not; required where `enabled` is false.
    #[serde(default)]
    pub disabled_reason: Option<String>,
    /// A page for human readers.
    #[serde(default)]
    pub homepage: Option<HttpUrl>,
    /// How pages are found.
    pub discovery: Discovery,
    /// How pages were found before the site was changed, oldest first: archived pages are read as they were then.
    #[serde(default)]
    pub earlier: Vec<EarlierLayout>,
    /// Which of the links found are fetched; all where nothing is said.
    #[serde(default)]
    pub follow: Follow,
    /// Whether PDF files linked from the pages are fetched too.
    #[serde(default)]
    pub attachments: bool,
    /// Whether the pictures are fetched too that a page shows in place of a text (PNG, JPEG, TIFF; ten a page), to be read
    /// by text recognition.
    #[serde(default)]
    pub pictures: bool,
    /// When it is due; every run where nothing is said.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// Between how long and how long a page waits to be visited again, by what earlier visits brought (7d..180d). Its
    /// days of follow-up (1, 3, 7, 30 and 60) come beside.
    #[serde(default)]
    pub revisit: Option<Bounds>,
    /// Delay between the starts of two requests to one host. The larger of this and the site's Crawl-delay counts.
    #[serde(default)]
    pub delay: Option<Period>,
    /// Requests under way at once to one host (1).
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 64))]
    pub max_per_host: u16,
    /// What is normal. Anything else is reported.
    #[serde(default)]
    pub expect: Expectation,
    /// Whether loopback, private and link-local addresses may be visited.
    #[serde(default)]
    pub allow_private_addresses: bool,
    /// How the address became known.
    #[serde(default)]
    pub known_from: Option<String>,
    /// Anything else worth knowing.
    #[serde(default)]
    pub notes: Option<String>,
}

/// How the pages of a source were found until a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierLayout {
    /// The last day (Asia/Tokyo) on which it held.
    #[schemars(with = "String")]
    pub until: Date,
    /// How pages were found.
    pub discovery: Discovery,
}

/// How the pages of a source are found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Discovery {
    /// RSS 0.9x, 1.0 or 2.0, Atom, or JSON Feed 1.
    Feed {
        /// Address of the feed.
        url: HttpUrl,
        /// Where the texts are read.
        #[serde(default)]
        content: FeedContent,
    },
    /// A page of links, perhaps with further pages.
    Listing(Listing),
    /// A sitemap or sitemap index (sitemaps.org 0.9), plain or gzip.
    Sitemap {
        /// Address of the sitemap.
        url: HttpUrl,
        /// Pages last changed before this day are left out.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        since: Option<Date>,
    },
    /// One page that is itself the content.
    Page {
        /// Its address.
        url: HttpUrl,
    },
}

/// Where the texts of a feed's entries are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedContent {
    /// On the pages that the entries name: each is fetched.
    #[default]
    Pages,
    /// In the feed itself, which holds full texts (`content:encoded`, `content`): no page is fetched, except of entries
    /// of which it holds only a summary.
    Feed,
}

/// A page of links.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Address of the first page.
    pub url: HttpUrl,
    /// One match for each item.
    pub item_selector: CssSelector,
    /// The link, within the item; its first `a[href]` (or the item itself) where nothing is said.
    #[serde(default)]
    pub link_selector: Option<CssSelector>,
    /// The title, within the item; the text of the link where nothing is said.
    #[serde(default)]
    pub title_selector: Option<CssSelector>,
    /// The date, within the item.
    #[serde(default)]
    pub date_selector: Option<CssSelector>,
    /// The link to the next page.
    #[serde(default)]
    pub next_selector: Option<CssSelector>,
    /// Pages read at most (1).
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1000))]
    pub max_pages: u16,
}

/// Which of the links found are fetched. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Follow {
    /// The address matches one of these.
    pub patterns: Vec<Pattern>,
    /// The address matches none of these.
    pub exclude: Vec<Pattern>,
    /// The title holds one of these words.
    pub title_words: Vec<String>,
}

/// What is normal for a source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// Items that a visit finds at least (1; 0 for a single page).
    pub min_items: Option<u32>,
    /// Items that a visit finds at most.
    pub max_items: Option<u32>,
    /// The longest time without a new page, on working days of Japan: neither Saturdays, Sundays and holidays nor 29
    /// December to 3 January count. 5d is a week.
    pub longest_silence: Option<Period>,
}

/// Why `sources.yaml` cannot be used. The message names file, line and column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct CatalogueError {
    /// The file, as it was named to [`Catalogue::parse`].
    pub file: String,
    /// Line, from 1; 0 where unknown.
    pub line: u64,
    /// Column in characters, from 1; 0 where unknown.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalogue {
    #[serde(default)]
    crawl: CrawlSettings,
    #[serde(default)]
    alarms: Option<Spanned<AlarmSettings>>,
    sources: Vec<Spanned<Source>>,
}

impl Catalogue {
    /// Reads a catalogue; `file_name` is for messages only.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place: YAML syntax, an unknown or missing key, a value that does not
    /// fit, a source that occurs twice, a disabled source without a reason.
    pub fn parse(file_name: &str, yaml: &str) -> Result<Self, CatalogueError> {
        Self::parse_all(file_name, yaml).map_err(|mut errors| errors.remove(0))
    }

    /// Reads a catalogue as [`Catalogue::parse`] does.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file and never empty. What does not read as YAML, or does not fit
    /// its key, ends the reading: then it is one error.
    pub fn parse_all(file_name: &str, yaml: &str) -> Result<Self, Vec<CatalogueError>> {
        let error = |at: Option<serde_saphyr::Location>, message: String| CatalogueError {
            file: file_name.to_owned(),
            line: at.map_or(0, |l| l.line()),
            column: at.map_or(0, |l| l.column()),
            message,
        };
        let raw: RawCatalogue = serde_saphyr::from_str(yaml).map_err(|e| {
            let text = e.without_snippet().to_string();
            let message = text.lines().next().unwrap_or_default();
            // The place stands in front.
            let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
            vec![error(e.location(), message.to_owned())]
        })?;
        let mut errors = Vec::new();
        let alarms = raw.alarms.map(|spanned| {
            errors.extend(spanned.value.check().map_err(|message| error(Some(spanned.referenced), message)).err());
            spanned.value
        });
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        for spanned in &raw.sources {
            let source = &spanned.value;
            let place = Some(spanned.referenced);
            errors.extend(source.check().into_iter().map(|message| error(place, message)));
            if let Some(line) = seen.insert(&source.id, spanned.referenced.line()) {
                errors.push(error(place, format!("source {:?} stands already in line {line}", source.id)));
            }
        }
        if errors.is_empty() {
            let sources = raw.sources.into_iter().map(|s| s.value).collect();
            Ok(Self { crawl: raw.crawl, alarms: alarms.unwrap_or_default(), sources })
        } else {
            Err(errors)
        }
    }

    /// The source of this name.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == id)
    }
}

impl Source {
    /// How its pages were found on a day (Asia/Tokyo).
    #[must_use]
    pub fn discovery_on(&self, day: Date) -> &Discovery {
        self.earlier.iter().find(|layout| day <= layout.until).map_or(&self.discovery, |layout| &layout.discovery)
    }

    /// Between how long and how long its pages wait to be visited again.
    #[must_use]
    pub fn revisit(&self) -> Bounds {
        self.revisit.unwrap_or(Bounds::OF_PAGES)
    }

    /// Everything that is wrong with it.
    fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.starts_with('-') || !self.id.chars().all(good) {
            wrong.push(format!("id {:?}: only lower-case letters, digits and hyphens", self.id));
        }
        let mut of_source = |message: &str| wrong.push(format!("source {:?}{message}", self.id));
        if self.publisher.trim().is_empty() {
            of_source(" names no publisher");
        }
        if !self.enabled && self.disabled_reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            of_source(" is disabled without a disabled_reason");
        }
        if !(1..=64).contains(&self.max_per_host) {
            of_source(": max_per_host is 1 to 64");
        }
        for discovery in self.earlier.iter().map(|layout| &layout.discovery).chain([&self.discovery]) {
            if let Discovery::Listing(listing) = discovery {
                if !(1..=1000).contains(&listing.max_pages) {
                    of_source(": max_pages is 1 to 1000");
                }
                if listing.max_pages > 1 && listing.next_selector.is_none() {
                    of_source(": max_pages needs a next_selector");
                }
            }
        }
        if !self.earlier.is_sorted_by(|a, b| a.until < b.until) {
            of_source(": the layouts of `earlier` stand in the order of their days, each with a day of its own");
        }
        if self.follow.title_words.iter().any(|word| word.trim().is_empty()) {
            of_source(": an empty word in title_words accepts every title");
        }
        if let (Some(min), Some(max)) = (self.expect.min_items, self.expect.max_items)
            && min > max
        {
            of_source(": min_items is larger than max_items");
        }
        wrong
    }
}

impl Discovery {
    /// Where discovery starts.
    #[must_use]
    pub fn url(&self) -> &url::Url {
        match self {
            Self::Feed { url, .. } | Self::Sitemap { url, .. } | Self::Page { url } => url.url(),
            Self::Listing(listing) => listing.url.url(),
        }
    }

    /// Whether the texts of its pages are read out of the feed itself.
    #[must_use]
    pub fn holds_texts(&self) -> bool {
        matches!(self, Self::Feed { content: FeedContent::Feed, .. })
    }

    /// `feed`, `listing`, `sitemap` or `page`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Feed { .. } => "feed",
            Self::Listing(_) => "listing",
            Self::Sitemap { .. } => "sitemap",
            Self::Page { .. } => "page",
        }
    }
}

impl Follow {
    /// Whether a link with this address and title is fetched. A link without a title passes `title_words`, for
    /// nothing is known against it.
    #[must_use]
    pub fn accepts(&self, url: &str, title: Option<&str>) -> bool {
        (self.patterns.is_empty() || self.patterns.iter().any(|p| p.0.is_match(url)))
            && !self.exclude.iter().any(|p| p.0.is_match(url))
            && (self.title_words.is_empty()
                || title.is_none_or(|t| self.title_words.iter().any(|w| t.contains(w.as_str()))))
    }
}

/// The JSON Schema of `sources.yaml`, for editors. `schemas/sources.schema.json` is this, and a test keeps them equal.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Catalogue).to_value()
}

fn yes() -> bool {
    true
}

fn one() -> u16 {
    1
}
