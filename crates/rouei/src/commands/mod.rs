//! One module a command.

pub mod archive;
pub mod crawl;
pub mod demo;
pub mod eval;
pub mod explain;
pub mod export;
pub mod extract;
pub mod incident;
pub mod lexicon;
pub mod reextract;
pub mod report;
pub mod review;
pub mod source;
pub mod status;
pub mod text;
