//! `rouei extract`: one line a document, in input order, the same whatever the number of threads.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;
use rouei_extract::Extractor;
use rouei_model::Extraction;

use crate::cli::{ExtractArgs, ExtractFormat};
use crate::context::PageContext;
use crate::document;
use crate::flat::{DISCLOSURES, FileFormat, FlatFiles, Sheet};
use crate::input::{Input, Inputs};
use crate::lexicons;
use crate::outcome::{Outcome, UsageError};

/// A batch is read, extracted side by side and written before the next: memory stays flat over any number of documents.
const BATCH_INPUTS: usize = 64;
const BATCH_BYTES: usize = 16 << 20;

/// Runs the command.
pub fn run(args: &ExtractArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let context = args.context.as_deref().map(PageContext::read).transpose()?.unwrap_or_default();
    let extractor = lexicons::extractor(args.lexicons.as_deref())?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .context("cannot start the threads")?;
    let mut out = Output::new(args.format, args.out.as_deref(), BufWriter::new(io::stdout().lock()))?;
    let mut outcome = Outcome::Done;
    let mut inputs = Inputs::new(&args.paths);
    loop {
        let batch = next_batch(&mut inputs);
        if batch.is_empty() {
            break;
        }
        let lines: Vec<Extraction> = pool.install(|| {
            batch.into_par_iter().map(|input| extract(&extractor, &context, input, args.with_text)).collect()
        });
        for line in &lines {
            if line.issues.iter().any(|i| i.code.is_unread()) {
                outcome = Outcome::SomeUnread;
            }
            out.write(line)?;
        }
        say(inputs.take_notes(), quiet);
    }
    say(inputs.take_notes(), quiet);
    say(context.summary().into_iter().collect(), quiet);
    out.finish()?;
    Ok(outcome)
}

/// What was passed over is no trouble, so it is said beside the output and not in it.
fn say(notes: Vec<String>, quiet: bool) {
    for note in notes.iter().filter(|_| !quiet) {
        eprintln!("rouei: {note}");
    }
}

fn extract(extractor: &Extractor, context: &PageContext, input: Input, with_text: bool) -> Extraction {
    let document = document::open(input, context);
    let mut extraction = extractor.extract(&document);
    if with_text {
        extraction.document.text = Some(document.text);
    }
    extraction
}

fn next_batch(inputs: &mut Inputs) -> Vec<Input> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < BATCH_INPUTS && bytes < BATCH_BYTES {
        let Some(input) = inputs.next() else { break };
        bytes += input.weight();
        batch.push(input);
    }
    batch
}

enum Output<W: Write> {
    Jsonl(W),
    /// The disclosures alone: standard output is one table.
    Csv(Box<Sheet<W>>),
    Files(Box<FlatFiles>),
}

impl<W: Write> Output<W> {
    fn new(format: ExtractFormat, folder: Option<&Path>, out: W) -> anyhow::Result<Self> {
        let to = |format| folder.map(|folder| FlatFiles::create(folder, format).map(Box::new)).transpose();
        Ok(match format {
            ExtractFormat::Jsonl if folder.is_some() => {
                return Err(UsageError("--out is for the tables of csv and parquet".to_owned()).into());
            }
            ExtractFormat::Jsonl => Self::Jsonl(out),
            ExtractFormat::Csv => match to(FileFormat::Csv)? {
                Some(files) => Self::Files(files),
                None => Self::Csv(Box::new(Sheet::new(DISCLOSURES, out)?)),
            },
            #[cfg(feature = "parquet")]
            ExtractFormat::Parquet => match to(FileFormat::Parquet)? {
                Some(files) => Self::Files(files),
                None => {
                    return Err(UsageError("parquet needs a folder for its three tables: --out DIR".to_owned()).into());
                }
            },
            #[cfg(not(feature = "parquet"))]
            ExtractFormat::Parquet => {
                return Err(UsageError("this build writes no Parquet (feature `parquet`)".to_owned()).into());
            }
        })
    }

    fn write(&mut self, extraction: &Extraction) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(out) => {
                serde_json::to_writer(&mut *out, extraction)?;
                out.write_all(b"\n")?;
                Ok(())
            }
            Self::Csv(sheet) => sheet.write_disclosures(extraction),
            Self::Files(files) => files.write(extraction),
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(mut out) => Ok(out.flush()?),
            Self::Csv(sheet) => sheet.finish(),
            Self::Files(files) => files.finish(),
        }
    }
}
