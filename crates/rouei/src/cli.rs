//! The whole surface of the command line.

mod archive;
mod reading;
mod rules;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use archive::{ArchiveCommand, ArchiveExportArgs, SelectionArgs, ShowArgs, WithdrawArgs};

pub use reading::{
    DataArgs, DecisionArgs, ExportArgs, ExportFormat, IncidentCommand, ReportCommand, ReviewCommand, StatusArgs,
    StatusFormat,
};

pub use rules::{EvalArgs, ExplainArgs, Format, LexiconCommand, Pages};

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
    /// Show the whole way on sites that live inside the binary; needs no network.
    Demo(DemoArgs),
    /// Visit the enabled sources: archive what is new, read it, record what it discloses.
    Crawl(CrawlArgs),
    /// Read the archive again with the rules of today, without touching the network.
    Reextract(ReextractArgs),
    /// The sources: what they are, what they would yield, what robots.txt says.
    #[command(subcommand)]
    Source(SourceCommand),
    /// Read pages and write what they disclose, one line of JSON a document.
    Extract(ExtractArgs),
    /// Show what rouei reads of a page: charset, title, dates, blocks.
    Text(TextArgs),
    /// Show every finding in a sentence, with its rule, and why a number was rejected.
    Explain(ExplainArgs),
    /// The words and patterns that the rules read.
    #[command(subcommand)]
    Lexicon(LexiconCommand),
    /// Measure extraction against labelled pages.
    Eval(EvalArgs),
    /// Reports in Japanese: tallies, the largest, the list of all.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Real events, each joined from the records that tell of it.
    #[command(subcommand)]
    Incident(IncidentCommand),
    /// Every record that stands, one flat row each.
    Export(ExportArgs),
    /// How much there is, and how the last runs went.
    Status(StatusArgs),
    /// What the machine is unsure of, and a person's decisions about it.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// The WARC files.
    #[command(subcommand)]
    Archive(ArchiveCommand),
}

/// Arguments of `rouei demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder for archive, database and reports.
    #[arg(long, default_value = "rouei-demo")]
    pub data: PathBuf,
}

/// Arguments of `rouei crawl`.
#[derive(Debug, Args)]
pub struct CrawlArgs {
    /// Folder for archive, database and reports.
    #[arg(long, env = "ROUEI_DATA", default_value = "rouei-data")]
    pub data: PathBuf,
    /// The sources.
    #[arg(long, default_value = "sources.yaml")]
    pub sources: PathBuf,
    /// Only this source, enabled or not; may be given several times.
    #[arg(long)]
    pub source: Vec<String>,
    /// Only sources that are due by their schedule; a source without one is always due.
    #[arg(long)]
    pub due: bool,
    /// End in order after this time (30m, 2h); the next run goes on.
    #[arg(long)]
    pub max_time: Option<jiff::SignedDuration>,
    /// Say what would be visited, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Archive and index what is fetched, and leave the reading to the next crawl without this or to `reextract`.
    #[arg(long)]
    pub no_extract: bool,
}

/// Arguments of `rouei reextract`.
#[derive(Debug, Args)]
pub struct ReextractArgs {
    /// Folder for archive, database and reports.
    #[arg(long, env = "ROUEI_DATA", default_value = "rouei-data")]
    pub data: PathBuf,
    /// The sources, for the names of publishers; left out if the file is missing.
    #[arg(long, default_value = "sources.yaml")]
    pub sources: PathBuf,
}

/// `rouei source …`.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Every source with its state: when it last worked, when it is due, what is wrong with it.
    List {
        /// The sources.
        #[arg(long, default_value = "sources.yaml")]
        sources: PathBuf,
        /// Folder of archive and database; without one there, only what the file says is shown.
        #[arg(long, env = "ROUEI_DATA", default_value = "rouei-data")]
        data: PathBuf,
        /// Form of the output.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Validate the file, offline; every fault with its line.
    Check {
        /// The sources.
        #[arg(long, default_value = "sources.yaml")]
        sources: PathBuf,
    },
    /// Fetch one source and show what it would yield; stores nothing.
    Preview {
        /// Identifier.
        id: String,
        /// The sources.
        #[arg(long, default_value = "sources.yaml")]
        sources: PathBuf,
        /// Pages that are fetched and read.
        #[arg(long, default_value_t = 5)]
        pages: usize,
    },
    /// Whether robots.txt allows an address, and which line decides.
    Robots {
        /// The address.
        url: String,
        /// A robots.txt on disk; without it the site is asked.
        #[arg(long)]
        robots: Option<PathBuf>,
        /// The name that robots.txt is asked for.
        #[arg(long, default_value = "rouei")]
        agent: String,
        /// The sources, for the contact that a request needs.
        #[arg(long, default_value = "sources.yaml")]
        sources: PathBuf,
    },
}

/// Arguments of `rouei extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Files (.html .htm .txt .pdf .warc .wacz, feeds with full texts, each also .gz; pictures .png .jpg .tif), folders,
    /// or `-` for standard input.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// JSON lines that say what is known of a page: {"path" or "url", "url", "published", "publisher"}.
    #[arg(long)]
    pub context: Option<PathBuf>,
    /// Folder of edited lexicons (organizations/lexicon.toml, …); those that are not there are the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Add the document text to each line, so that the offsets can be followed.
    #[arg(long)]
    pub with_text: bool,
    /// Threads; all processors by default. The output is the same whatever the number.
    #[arg(long, short = 'j')]
    pub threads: Option<usize>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = ExtractFormat::Jsonl)]
    pub format: ExtractFormat,
    /// Folder for the tables of csv and parquet: documents, disclosures, claims.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Output forms of `rouei extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFormat {
    /// The contract: one JSON object a document.
    Jsonl,
    /// Flat tables: documents, disclosures and claims with --out, the disclosures alone without.
    Csv,
    /// The same tables as Apache Parquet; needs --out.
    Parquet,
}

/// Arguments of `rouei text`.
#[derive(Debug, Args)]
pub struct TextArgs {
    /// Files, folders, or `-`.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}
