//! Commands about the rules: what they find, whether they keep their word, how often they are right.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `rouei explain`.
#[derive(Debug, Args)]
#[group(required = true, multiple = true, args = ["sentences", "file"])]
pub struct ExplainArgs {
    /// Sentences.
    pub sentences: Vec<String>,
    /// Sentences from a file, one a line; `-` for standard input.
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// Day of publication, against which 先月29日 is resolved.
    #[arg(long)]
    pub published: Option<jiff::civil::Date>,
    /// Folder of edited lexicons (organizations/lexicon.toml, …); those that are not there are the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// For people, or one JSON object a sentence.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `rouei lexicon …`.
#[derive(Debug, Subcommand)]
pub enum LexiconCommand {
    /// Run the examples and counterexamples of every lexicon; exit code 1 where one does not hold, 2 where a file cannot
    /// be read.
    Check {
        /// Folder of edited lexicons (organizations/lexicon.toml, …); those that are not there are the built-in ones.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
}

/// Arguments of `rouei eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Folder of labelled pages: gold.jsonl, context.jsonl, and the pages in items/, html/ and pdf/.
    pub gold: PathBuf,
    /// What `rouei extract` wrote of the pages; without it they are read now.
    #[arg(long)]
    pub predictions: Option<PathBuf>,
    /// Which form of the pages is read: whole pages (html/ and pdf/), or their text (items/).
    #[arg(long, value_enum, default_value_t = Pages::Html)]
    pub on: Pages,
    /// Folder of edited lexicons (organizations/lexicon.toml, …); those that are not there are the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub lexicons: Option<PathBuf>,
    /// Only the cases of these splits, as gold.jsonl names them.
    #[arg(long, value_delimiter = ',')]
    pub split: Vec<String>,
    /// Show each miss of a field, with the rule that fired.
    #[arg(long, value_name = "FIELD")]
    pub errors: Option<String>,
    /// What `rouei extract` wrote before a change: shows what is gained and lost since.
    #[arg(long, value_name = "OLD.jsonl")]
    pub compare: Option<PathBuf>,
    /// Print the `confidence.toml` that fits these pages: take pages that no rule was tuned on.
    #[arg(long, conflicts_with_all = ["predictions", "errors", "compare"])]
    pub fit: bool,
    /// For people, or one JSON object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Forms in which a gold corpus holds its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pages {
    /// Whole pages and PDFs, as published.
    Html,
    /// Their text alone.
    Items,
}

/// Output forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}
