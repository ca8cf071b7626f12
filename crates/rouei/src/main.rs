//! The command line: parses the arguments, runs one command, turns its outcome into an exit code.

#![allow(unreachable_pub, reason = "a binary exports nothing; `pub` marks what a module offers the others")]

mod alarm;
mod cli;
mod commands;
mod context;
mod demo;
mod document;
mod eval;
mod feed;
mod flat;
mod folder;
mod incidents;
mod input;
mod lexicons;
mod ocr;
mod opening;
mod outcome;
mod pipeline;
mod preview;
mod report;
mod standing;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::cli::{Cli, Command, LogFormat};
use crate::commands::crawl::Voice;
use crate::outcome::Outcome;

fn main() -> ExitCode {
    let cli = Cli::parse();
    init_tracing(&cli);
    match run(&cli) {
        Ok(outcome) => outcome.into(),
        Err(error) if is_closed_pipe(&error) => Outcome::Done.into(),
        Err(error) => {
            eprintln!("rouei: {}", told(&error));
            Outcome::of_error(&error).into()
        }
    }
}

/// The causes in one line, each once: some of our errors name their cause themselves.
fn told(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    match &cli.command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Crawl(args) => commands::crawl::run(args, voice(cli)),
        Command::Reextract(args) => commands::reextract::run(args, cli.quiet),
        Command::Source(command) => commands::source::run(command),
        Command::Extract(args) => commands::extract::run(args, cli.quiet),
        Command::Text(args) => commands::text::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Lexicon(command) => commands::lexicon::run(command, cli.quiet),
        Command::Eval(args) => commands::eval::run(args),
        Command::Report(command) => commands::report::run(command),
        Command::Incident(command) => commands::incident::run(command),
        Command::Export(args) => commands::export::run(args),
        Command::Status(args) => commands::status::run(args),
        Command::Review(command) => commands::review::run(command, cli.quiet),
        Command::Archive(command) => commands::archive::run(command, cli.quiet),
    }
}

fn voice(cli: &Cli) -> Voice {
    match cli.log_format {
        _ if cli.quiet => Voice::Quiet,
        LogFormat::Text => Voice::Text,
        LogFormat::Json => Voice::Json,
    }
}

/// Logs go to standard error; `ROUEI_LOG` filters them as `RUST_LOG` does elsewhere.
fn init_tracing(cli: &Cli) {
    // The PDF library logs what it repairs; what cannot be read is an issue of its document anyway.
    let default = match voice(cli) {
        Voice::Quiet => "error,pdf_oxide=off",
        Voice::Text => "warn,pdf_oxide=off",
        // The summary of a run is made of log lines.
        Voice::Json => "warn,rouei=info,pdf_oxide=off",
    };
    let filter = EnvFilter::try_from_env("ROUEI_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match cli.log_format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// `rouei extract … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |io: &std::io::Error| io.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return closed(io);
        }
        match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
            Some(csv::ErrorKind::Io(io)) => closed(io),
            _ => false,
        }
    })
}
