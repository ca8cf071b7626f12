//! One module a command.

pub mod crawl;
pub mod demo;
pub mod extract;
pub mod reextract;
pub mod source;
pub mod text;
