//! `rouei export`: one flat row a disclosure, what stands beside what the machine read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::Context as _;
use rouei_model::Disclosure;
use rouei_store::{DisclosureRow, MachineValues, NearDuplicate};
use serde::Serialize;

use crate::cli::{ExportArgs, ExportFormat};
use crate::opening::store_for_reading;
use crate::outcome::{Outcome, UsageError};
use crate::standing::standing;

/// Runs the command.
pub fn run(args: &ExportArgs) -> anyhow::Result<Outcome> {
    if args.bom && args.format != ExportFormat::Csv {
        return Err(UsageError("--bom is for csv".to_owned()).into());
    }
    let store = store_for_reading(&args.data)?;
    let machine = store.machine_values()?;
    let repeats: BTreeMap<String, NearDuplicate> =
        store.near_duplicates()?.into_iter().map(|n| (n.document_id.clone(), n)).collect();
    let rows = store.standing_records()?.into_iter().map(|record| {
        let machine = machine.get(&record.row.id).cloned().unwrap_or_default();
        let follows = Follows::of(&standing(&record, &machine));
        let row = record.row;
        let repeats = repeats.get(&row.document_id).map(|n| n.of_url.clone().unwrap_or_else(|| n.of.clone()));
        Row { stands: row, machine, repeats: Repeats { near_duplicate_of: repeats }, follows }
    });
    let out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
        None => Box::new(io::stdout().lock()),
    };
    let mut out = BufWriter::new(out);
    match args.format {
        ExportFormat::Jsonl => write_jsonl(&mut out, rows)?,
        ExportFormat::Csv => write_csv(&mut out, rows, args.bom)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    stands: DisclosureRow,
    #[serde(flatten)]
    machine: MachineValues,
    #[serde(flatten)]
    repeats: Repeats,
    #[serde(flatten)]
    follows: Follows,
}

#[derive(Serialize)]
struct Repeats {
    /// Address of the earliest document of another site whose text the document carries nearly word for word.
    near_duplicate_of: Option<String>,
}

/// What follows from the record as it stands; several codes are divided by blanks.
#[derive(Serialize)]
struct Follows {
    report_types: Option<String>,
    effect: Option<String>,
    leaked_by: Option<&'static str>,
}

impl Follows {
    fn of(d: &Disclosure) -> Self {
        let joined = |codes: Vec<&str>| (!codes.is_empty()).then(|| codes.join(" "));
        Self {
            report_types: joined(d.report_types.iter().map(|t| t.code()).collect()),
            effect: joined(d.effect.iter().map(|e| e.code()).collect()),
            leaked_by: d.leaked_by.map(|l| l.code()),
        }
    }
}

fn write_jsonl(out: &mut impl Write, rows: impl Iterator<Item = Row>) -> anyhow::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_csv(out: &mut impl Write, rows: impl Iterator<Item = Row>, bom: bool) -> anyhow::Result<()> {
    if bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    // CRLF, as RFC 4180 has it.
    let mut csv = csv::WriterBuilder::new().has_headers(false).terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS)?;
    for row in rows {
        let Row { stands, machine, repeats, follows } = without_formulas(row);
        csv.serialize((stands, machine, repeats, follows))?;
    }
    csv.flush()?;
    Ok(())
}

/// The columns, in the order of the fields; a test holds them against the rows.
const COLUMNS: [&str; 61] = [
    "id",
    "document_id",
    "source",
    "url",
    "path",
    "title",
    "publisher",
    "published",
    "captured",
    "kind",
    "source_tier",
    "organization",
    "organization_canonical",
    "headline_value",
    "headline_unit",
    "headline_bound",
    "headline_approx",
    "headline_scope",
    "headline_derived",
    "cause",
    "announced_from",
    "announced_to",
    "announced_precision",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "discovered_from",
    "discovered_to",
    "discovered_precision",
    "card_data",
    "leak_status",
    "event",
    "stage",
    "confidence",
    "needs_review",
    "withdrawn",
    "rejected",
    "decided",
    "outdated",
    "placed",
    "machine_organization",
    "machine_headline_value",
    "machine_headline_unit",
    "machine_headline_bound",
    "machine_headline_approx",
    "machine_headline_cumulative",
    "machine_headline_scope",
    "machine_headline_derived",
    "machine_undisclosed",
    "machine_cause",
    "machine_announced_from",
    "machine_announced_to",
    "machine_announced_precision",
    "machine_occurred_from",
    "machine_occurred_to",
    "machine_discovered_from",
    "machine_discovered_to",
    "near_duplicate_of",
    "report_types",
    "effect",
    "leaked_by",
];

/// Text out of pages that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection). The
/// other fields are numbers, dates and codes of our own.
fn without_formulas(mut row: Row) -> Row {
    let stands = &mut row.stands;
    for text in [
        &mut stands.source,
        &mut stands.url,
        &mut stands.path,
        &mut stands.title,
        &mut stands.publisher,
        &mut stands.organization,
        &mut stands.organization_canonical,
        &mut stands.headline_unit,
        &mut row.machine.organization,
        &mut row.machine.headline_unit,
        &mut row.repeats.near_duplicate_of,
    ]
    .into_iter()
    .flatten()
    {
        // Full-width signs, too: Japanese Excel takes ＝ for =.
        if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            text.insert(0, '\'');
        }
    }
    row
}
