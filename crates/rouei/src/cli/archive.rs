//! Arguments of `rouei archive`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{DataArgs, Format};

/// `rouei archive …`.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// The WARC files with their records and sizes; with a selection, the captures that it takes.
    List {
        /// Which captures.
        #[command(flatten)]
        selection: SelectionArgs,
        /// Form of the output, of captures.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
    /// One capture as it was: the fields of its record, its HTTP head, its body.
    Show(ShowArgs),
    /// Compute every digest; one line per fault, and exit code 1 if there is any.
    Verify {
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
    /// Write a selection as a WARC file of its own, with its index: each capture with its request and metadata, each
    /// revisit with its original.
    Export(ArchiveExportArgs),
    /// Withdraw an address: nothing of it is shown, exported, reported or read again, whatever a later run finds.
    Withdraw(WithdrawArgs),
    /// Take a withdrawal back; `rouei reextract` then reads the address again.
    Reinstate(WithdrawArgs),
    /// The addresses that are withdrawn, when, by whom and why.
    Withdrawn {
        /// Where the data is.
        #[command(flatten)]
        data: DataArgs,
    },
}

/// Which captures; what is given must hold together.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Captured on this day or later (2025-04-01, Asia/Tokyo), in this month or later (2025-04), or from this moment on
    /// (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Captured on this day or before, in this month or before, or until this moment.
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Asked for by this source; may be given several times.
    #[arg(long)]
    pub source: Vec<String>,
    /// Of this address, or of every one that begins so (`https://www.example.jp/news/*`); may be given several times.
    #[arg(long)]
    pub url: Vec<String>,
    /// With this payload digest (sha256:…); may be given several times.
    #[arg(long)]
    pub digest: Vec<String>,
}

/// Arguments of `rouei archive export`.
#[derive(Debug, Args)]
pub struct ArchiveExportArgs {
    /// File to write to (.warc.gz), or `-` for standard output; the index stands beside the file.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Which captures; all by default.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// Arguments of `rouei archive show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Address, or identifier of a record (urn:uuid:…).
    pub target: String,
    /// The capture as of this day or moment; the latest by default.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Only the fields of the record and the HTTP head.
    #[arg(long, conflicts_with = "body")]
    pub headers: bool,
    /// Only the body, decoded, byte for byte; of a revisit, that of its original.
    #[arg(long)]
    pub body: bool,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// Arguments of `rouei archive withdraw` and `reinstate`.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// Address, or identifier of one of its records (urn:uuid:…).
    pub target: String,
    /// Why.
    #[arg(long)]
    pub reason: String,
    /// Who decides.
    #[arg(long, env = "USER")]
    pub reviewer: String,
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
}
