//! Arguments of the commands that read what a crawl has stored, and of the reviewer's.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use rouei_model::Coding;

use super::Format;

/// Where the data is.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// Folder of archive, database and reports.
    #[arg(long, env = "ROUEI_DATA", default_value = "rouei-data")]
    pub data: PathBuf,
}

/// `rouei report …`.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The report of one month, in Japanese, as Markdown and HTML; prints where it is.
    Month {
        /// Year and month, as 2025-04.
        month: String,
        /// Tally the causes by the classes of another counting: scan, tsr, jnsa or veris. Written beside the report in our own.
        #[arg(long, value_parser = coding)]
        coding: Option<Coding>,
        /// Folder to write to; `reports/` in the data folder by default.
        #[arg(long, short)]
        output: Option<PathBuf>,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
}

fn coding(text: &str) -> Result<Coding, String> {
    Coding::from_code(text).ok_or_else(|| "it is scan, tsr, jnsa or veris".to_owned())
}

/// `rouei incident …`.
#[derive(Debug, Subcommand)]
pub enum IncidentCommand {
    /// Every incident, by the day of its first announcement; those that no month counts last.
    List {
        /// Only those that this month counts, as 2025-04.
        #[arg(long)]
        month: Option<String>,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
    /// One incident: who tells of it and why they are joined, its figures by date, its parts.
    Show {
        /// Identifier, or its beginning; that of one of its records does too.
        id: String,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
}

/// Arguments of `rouei export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Form of the output.
    pub format: ExportFormat,
    /// File to write to; standard output by default.
    #[arg(long, short)]
    pub output: Option<PathBuf>,
    /// Begin the CSV with a byte order mark, so that Excel takes it for UTF-8.
    #[arg(long)]
    pub bom: bool,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// Output forms of `rouei export`: one flat row a disclosure, what stands beside what the machine read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated, with a header line; text that a spreadsheet would run as a formula begins with `'`.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Arguments of `rouei status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = StatusFormat::Table)]
    pub format: StatusFormat,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// Output forms of `rouei status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// For people.
    Table,
    /// One JSON object.
    Json,
}

/// `rouei review …`.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// What waits for a decision, least confident first.
    List {
        /// Every record, decided, rejected and certain ones too.
        #[arg(long)]
        all: bool,
        /// At most so many.
        #[arg(long, short = 'n')]
        limit: Option<u32>,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
    /// A record: every claim with the sentence that says so, and the decisions so far.
    Show {
        /// Identifier, or its first digits.
        id: String,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
    /// The machine is right: about one field, or about the record as it stands.
    Accept {
        /// Identifier, or its first digits.
        id: String,
        /// organization, headline_count, cause, announced, occurred, discovered or record.
        #[arg(default_value = "record")]
        field: String,
        /// Who and why.
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Another value is right.
    #[command(after_help = CORRECTIONS)]
    Correct {
        /// Identifier, or its first digits.
        id: String,
        /// organization, headline_count, cause, announced, occurred or discovered.
        field: String,
        /// The value, or `unknown`.
        value: String,
        /// Who and why.
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// The record is no disclosure: it leaves reports and exports.
    Reject {
        /// Identifier, or its first digits.
        id: String,
        /// Who and why.
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Take a decision back; what stood before it stands again.
    Undo {
        /// Number of the decision, or `last`: the latest of this reviewer that stands.
        #[arg(default_value = "last")]
        review: String,
        /// Who and why.
        #[command(flatten)]
        decision: DecisionArgs,
    },
}

const CORRECTIONS: &str = "Values:
  organization    the name
  headline_count  '1,234人', '約1,234件', '最大約16万件', '1,000人以上'
  cause           a code (misdelivery) or its Japanese name (誤送信・誤送付・誤交付)
  announced, occurred, discovered
                  2025-04-15, 2025-04-01/2025-04-15, 2025-04 or 2025
  any of them     unknown";

/// Who decides, and why.
#[derive(Debug, Args)]
pub struct DecisionArgs {
    /// Who decides.
    #[arg(long, env = "USER")]
    pub reviewer: String,
    /// Why.
    #[arg(long)]
    pub note: Option<String>,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}
