//! Memory over many documents: `cargo bench -p rouei --bench soak`.
//!
//! The fixture pages again and again, with other figures each time, through reading and extraction on two threads, a
//! batch at a time as `rouei extract` does it. Prints the peak every 10,000 documents; fails above 200 MB. Option:
//! `--documents N` (default 100,000).

mod pages;

use std::io::{self, Write as _};
use std::time::Instant;

use pages::{peak_memory, shown};
use rayon::prelude::*;
use rouei_extract::Extractor;
use rouei_text::Hints;

const BOUND: u64 = 200_000_000;
const EVERY: usize = 10_000;
/// As in `rouei extract`.
const BATCH: usize = 64;

fn main() -> anyhow::Result<()> {
    let documents = documents(std::env::args().skip(1))?;
    let originals: Vec<String> = pages::all()?.iter().map(|p| rouei_text::decode(&p.bytes, None).text).collect();
    let extractor = Extractor::new()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let started = Instant::now();
    let (mut done, mut disclosures, mut written) = (0, 0, 0);
    while done < documents {
        let batch: Vec<usize> = (done..documents.min(done + BATCH)).collect();
        let lines: Vec<(usize, Vec<u8>)> = pool.install(|| {
            batch.par_iter().map(|&n| extract(&extractor, &originals[n % originals.len()], n)).collect::<Result<_, _>>()
        })?;
        for (found, line) in &lines {
            disclosures += found;
            written += line.len();
            io::sink().write_all(line)?;
        }
        let before = done / EVERY;
        done += batch.len();
        if done / EVERY > before || done == documents {
            let peak = peak_memory();
            let rate = done as f64 / started.elapsed().as_secs_f64();
            println!(
                "{done:>7} documents, {disclosures:>7} disclosures, {:>6} MB written, {rate:.0}/s, peak {}",
                written / 1_000_000,
                shown(peak)
            );
            anyhow::ensure!(peak.is_none_or(|p| p <= BOUND), "peak memory is above {} MB", BOUND / 1_000_000);
        }
    }
    anyhow::ensure!(disclosures > 0, "nothing was extracted");
    Ok(())
}

fn documents(mut args: impl Iterator<Item = String>) -> anyhow::Result<usize> {
    let mut documents = 100_000;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--documents" => documents = args.next().unwrap_or_default().parse()?,
            "--bench" => {}
            other => anyhow::bail!("unknown option {other}; known: --documents N"),
        }
    }
    Ok(documents)
}

fn extract(extractor: &Extractor, original: &str, n: usize) -> Result<(usize, Vec<u8>), serde_json::Error> {
    let hints = Hints {
        path: Some(format!("{n:06}.html")),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        ..Hints::default()
    };
    let page = with_other_figures(original, n);
    let extraction = extractor.extract(&rouei_text::read(page.as_bytes(), &hints));
    Ok((extraction.disclosures.len(), serde_json::to_vec(&extraction)?))
}

/// The page with its figures turned on by `n`; tags, attributes and character references stay.
fn with_other_figures(page: &str, n: usize) -> String {
    let (mut in_tag, mut in_reference) = (false, false);
    let mut seed = n as u64;
    page.chars()
        .map(|c| {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                '&' => in_reference = true,
                ';' | ' ' | '\n' => in_reference = false,
                _ => {}
            }
            match c.to_digit(10) {
                Some(digit) if !in_tag && !in_reference => {
                    // Knuth's multiplier (MMIX): any sequence without a short period would do.
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let turned = (u64::from(digit) + (seed >> 33)) % 10;
                    char::from_digit(turned as u32, 10).unwrap_or(c)
                }
                _ => c,
            }
        })
        .collect()
}
