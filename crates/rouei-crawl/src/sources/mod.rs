//! `sources.yaml`: who publishes, how its pages are found, how often, and what is normal.

mod catalogue;
mod scalars;

pub use catalogue::{
    Catalogue, CatalogueError, CrawlSettings, Discovery, Expectation, Follow, Listing, Source, json_schema,
};
pub use scalars::{CssSelector, HttpUrl, Pattern, Period, Schedule};
