//! `sources.yaml`: who publishes, how its pages are found, how often, and what is normal.

mod alarms;
mod catalogue;
mod limits;
mod scalars;

pub use alarms::{AlarmSettings, Mail, Webhook};
pub use catalogue::{
    Catalogue, CatalogueError, CrawlSettings, Discovery, EarlierLayout, Expectation, FeedContent, Follow, Listing,
    Source, json_schema,
};
pub use limits::LimitSettings;
pub use scalars::{Bounds, CssSelector, HttpUrl, Pattern, Period, Schedule};
