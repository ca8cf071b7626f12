//! `rouei demo`: the whole way on sites that live inside the binary. No network beyond loopback.

use std::io::Write as _;
use std::time::Instant;

use anyhow::Context as _;
use rouei_crawl::{Crawler, never_cancelled};
use rouei_store::{DisclosureFilter, DisclosureRow};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::cli::DemoArgs;
use crate::demo::FixtureSites;
use crate::folder::DataFolder;
use crate::outcome::Outcome;
use crate::pipeline::{Pages, Pipeline};

/// Runs the command.
pub fn run(args: &DemoArgs) -> anyhow::Result<Outcome> {
    let started = Instant::now();
    let sites = FixtureSites::serve()?;
    let crawler = Crawler::new(sites.settings.clone()).context("the crawler cannot be set up")?;
    let folder = DataFolder::new(&args.data);
    let pipeline = Pipeline::open(folder.clone())?;
    let (catalogue, sources) = (&sites.catalogue, &sites.catalogue.sources);
    let report = pipeline.crawl(&crawler, catalogue, sources, Pages::Read, never_cancelled())?;

    let rows = pipeline.store().disclosures(&DisclosureFilter::default())?;
    let mut out = std::io::stdout().lock();
    print_table(&mut out, &rows)?;
    writeln!(
        out,
        "\n{} records from {} documents; {} sites, {} requests, {:.1} s",
        rows.len(),
        report.reading.documents,
        report.crawl.sources.len(),
        report.crawl.requests,
        started.elapsed().as_secs_f64()
    )?;
    let data = folder.path().display();
    writeln!(out, "Archive and database are in {data}/ (archive/*.warc.gz, rouei.sqlite).")?;
    for path in super::report::write_latest_month(&folder)? {
        writeln!(out, "Report: {}", path.display())?;
    }
    writeln!(out, "\nTry next:")?;
    writeln!(out, "  rouei review list --data {data}        what the machine is unsure of")?;
    if let Some(row) = rows.first() {
        writeln!(
            out,
            "  rouei review show {} --data {data}   a record with the sentences that say so",
            &row.id[..8.min(row.id.len())]
        )?;
    }
    writeln!(out, "  rouei export csv --data {data}          every record as a table")?;
    writeln!(out, "  rouei demo --data {data}                once more: nothing is stored twice")?;
    Ok(Outcome::Done)
}

fn print_table(out: &mut impl std::io::Write, rows: &[DisclosureRow]) -> std::io::Result<()> {
    const WIDTHS: [usize; 5] = [10, 34, 20, 26, 4];
    let header = ["announced", "organization", "count", "cause", "conf"];
    write_row(out, &header.map(str::to_owned), &WIDTHS)?;
    write_row(out, &WIDTHS.map(|w| "-".repeat(w)), &WIDTHS)?;
    for row in rows {
        let cells = [
            row.announced_from.map_or_else(|| "?".to_owned(), |d| d.to_string()),
            row.organization.clone().unwrap_or_else(|| "?".to_owned()),
            figure(row),
            row.cause.map_or_else(|| "?".to_owned(), |c| c.code().to_owned()),
            format!("{:.2}{}", row.confidence, if row.needs_review { "?" } else { "" }),
        ];
        write_row(out, &cells, &WIDTHS)?;
    }
    Ok(())
}

fn figure(row: &DisclosureRow) -> String {
    let Some(value) = row.headline_value else { return "?".to_owned() };
    let mut digits = value.to_string();
    let mut at = digits.len();
    while at > 3 {
        at -= 3;
        digits.insert(at, ',');
    }
    let bound = match row.headline_bound {
        Some(rouei_model::Bound::AtMost) => "≤",
        Some(rouei_model::Bound::AtLeast | rouei_model::Bound::Over) => "≥",
        Some(rouei_model::Bound::Under) => "<",
        _ => "",
    };
    let approx = if row.headline_approx == Some(true) { "~" } else { "" };
    format!("{bound}{approx}{digits} {}", row.headline_unit.as_deref().unwrap_or_default())
}

/// Pads by display width: a kanji takes two columns.
fn write_row(out: &mut impl std::io::Write, cells: &[String], widths: &[usize]) -> std::io::Result<()> {
    let mut line = String::new();
    for (cell, &width) in cells.iter().zip(widths) {
        let mut shown = String::new();
        let mut used = 0;
        for c in cell.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width {
                break;
            }
            shown.push(c);
            used += wide;
        }
        line.push_str(&shown);
        line.push_str(&" ".repeat(width.saturating_sub(shown.width()) + 2));
    }
    writeln!(out, "{}", line.trim_end())
}
