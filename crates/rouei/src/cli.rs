//! The whole surface of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Crawls Japanese personal-data breach disclosures, reads them, and keeps an evidence-backed record.
#[derive(Debug, Parser)]
#[command(name = "rouei", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing when all is well.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// How logs are written to standard error.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Log formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read pages and write what they disclose, one line of JSON a document.
    Extract(ExtractArgs),
    /// Show what rouei reads of a page: charset, title, dates, blocks.
    Text(TextArgs),
}

/// Arguments of `rouei extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Files (.html .htm .txt .pdf .warc .warc.gz, each also .gz), folders, or `-` for standard input.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// JSON lines that say what is known of a page: {"path" or "url", "url", "published", "publisher"}.
    #[arg(long)]
    pub context: Option<PathBuf>,
    /// Add the document text to each line, so that the offsets can be followed.
    #[arg(long)]
    pub with_text: bool,
    /// Threads; all processors by default. The output is the same whatever the number.
    #[arg(long, short = 'j')]
    pub threads: Option<usize>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = ExtractFormat::Jsonl)]
    pub format: ExtractFormat,
}

/// Output forms of `rouei extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// The contract: one JSON object a document.
    Jsonl,
    /// One flat row a disclosure.
    Csv,
}

/// Arguments of `rouei text`.
#[derive(Debug, Args)]
pub struct TextArgs {
    /// Files, folders, or `-`.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}
