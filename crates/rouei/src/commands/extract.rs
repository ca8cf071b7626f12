//! `rouei extract`: one line a document, in input order, the same whatever the number of threads.

use std::io::{self, BufWriter, Write};

use anyhow::Context as _;
use rayon::prelude::*;
use rouei_extract::Extractor;
use rouei_model::{Disclosure, Extraction};

use crate::cli::{ExtractArgs, ExtractFormat};
use crate::context::PageContext;
use crate::document;
use crate::input::{Input, Inputs};
use crate::outcome::Outcome;

/// A batch is read, extracted side by side and written before the next: memory stays flat over any number of documents.
const BATCH_INPUTS: usize = 64;
const BATCH_BYTES: usize = 16 << 20;

/// Runs the command.
pub fn run(args: &ExtractArgs) -> anyhow::Result<Outcome> {
    let context = args.context.as_deref().map(PageContext::read).transpose()?.unwrap_or_default();
    let extractor = Extractor::new()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .context("cannot start the threads")?;
    let mut out = Output::new(args.format, BufWriter::new(io::stdout().lock()))?;
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
    }
    out.finish()?;
    Ok(outcome)
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
        bytes += input.bytes.len();
        batch.push(input);
    }
    batch
}

enum Output<W: Write> {
    Jsonl(W),
    Csv(Box<csv::Writer<W>>),
}

impl<W: Write> Output<W> {
    fn new(format: ExtractFormat, out: W) -> anyhow::Result<Self> {
        Ok(match format {
            ExtractFormat::Jsonl => Self::Jsonl(out),
            ExtractFormat::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(CSV_COLUMNS)?;
                Self::Csv(Box::new(writer))
            }
        })
    }

    fn write(&mut self, extraction: &Extraction) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(out) => {
                serde_json::to_writer(&mut *out, extraction)?;
                out.write_all(b"\n")?;
            }
            Self::Csv(writer) => {
                for disclosure in &extraction.disclosures {
                    writer.write_record(csv_row(extraction, disclosure))?;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Jsonl(mut out) => out.flush()?,
            Self::Csv(mut writer) => writer.flush()?,
        }
        Ok(())
    }
}

const CSV_COLUMNS: [&str; 17] = [
    "disclosure_id",
    "path",
    "url",
    "title",
    "published",
    "organization",
    "role",
    "count",
    "unit",
    "bound",
    "approx",
    "cause",
    "announced",
    "discovered",
    "occurred_from",
    "confidence",
    "needs_review",
];

fn csv_row(extraction: &Extraction, disclosure: &Disclosure) -> Vec<String> {
    let text = |value: Option<String>| value.unwrap_or_default();
    let date = |kind: rouei_model::DateKind| {
        text(disclosure.dates.iter().find(|d| d.kind == kind).and_then(|d| d.date_from).map(|d| d.to_string()))
    };
    let lead = disclosure.organizations.first();
    let headline = disclosure.headline_count.as_ref();
    vec![
        disclosure.id.clone(),
        text(extraction.document.path.clone()),
        text(extraction.document.url.clone()),
        text(extraction.document.title.clone()),
        text(extraction.document.published.map(|d| d.to_string())),
        text(lead.map(|o| o.name.clone())),
        text(lead.map(|o| o.role.code().to_owned())),
        text(headline.map(|h| h.value.to_string())),
        text(headline.map(|h| h.unit.clone())),
        text(headline.map(|h| h.bound.code().to_owned())),
        text(headline.map(|h| h.approx.to_string())),
        text(disclosure.causes.first().map(|c| c.code.code().to_owned())),
        date(rouei_model::DateKind::Announced),
        date(rouei_model::DateKind::Discovered),
        date(rouei_model::DateKind::Occurred),
        disclosure.confidence.to_string(),
        disclosure.needs_review.to_string(),
    ]
}
