//! Documents per second of extraction beside the floor, in the same run: `cargo bench -p rouei --bench extraction`.
//!
//! The floor is what no reader of these pages can do without: decode, one html5ever parse, and tokenizing the main text.
//! Rounds of floor, one thread and two threads take turns, so that a busy machine slows all three alike; the best round
//! of each counts, for noise only ever adds time. For one thread the processor's own time stands beside the clock's.
//! Options: `--rounds N` (default 7), `--only floor|one|two` (for a
//! profiler), `--by-stage`, `--from-kb N` (the pages of at least so many kilobytes alone).

mod pages;

use std::hint::black_box;
use std::time::{Duration, Instant};

use pages::{Page, peak_memory, processor_time, shown};
use rayon::prelude::*;
use rouei_extract::Extractor;
use rouei_morphology::{Token, Tokenizer};
use rouei_text::Hints;
use rouei_text::normalize::Normalized;

fn main() -> anyhow::Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let mut pages = pages::all()?;
    pages.retain(|page| page.bytes.len() >= options.from_kb * 1000);
    anyhow::ensure!(!pages.is_empty(), "no page has {} kB", options.from_kb);
    let bytes: usize = pages.iter().map(|p| p.bytes.len()).sum();
    println!(
        "{} pages, {:.2} MB, {:.1} kB on average; best of {} rounds",
        pages.len(),
        bytes as f64 / 1e6,
        bytes as f64 / 1e3 / pages.len() as f64,
        options.rounds
    );
    let bench = Bench::new(&pages)?;
    println!("peak memory after loading dictionary, lexicons and pages: {}", shown(peak_memory()));
    if options.by_stage {
        bench.by_stage(options.rounds, pages.len());
        return Ok(());
    }

    let [mut floor, mut one, mut two] = [Duration::MAX; 3];
    let [mut floor_cpu, mut one_cpu] = [Duration::MAX; 2];
    for _ in 0..options.rounds {
        if options.runs("floor") {
            let (wall, cpu) = timed(|| bench.floor());
            (floor, floor_cpu) = (floor.min(wall), floor_cpu.min(cpu));
        }
        if options.runs("one") {
            let (wall, cpu) = timed(|| bench.extract());
            (one, one_cpu) = (one.min(wall), one_cpu.min(cpu));
        }
        if options.runs("two") {
            two = two.min(time(|| bench.extract_in_pool()));
        }
    }
    let row = |name: &str, took: Duration| {
        if took < Duration::MAX {
            let seconds = took.as_secs_f64();
            println!(
                "{name:28} {:8.1} ms  {:8.0} documents/s  {:7.2} MB/s",
                seconds * 1e3,
                pages.len() as f64 / seconds,
                bytes as f64 / 1e6 / seconds
            );
        }
    };
    row("floor, one thread", floor);
    row("  processor time", floor_cpu);
    row("read + extract, one thread", one);
    row("  processor time", one_cpu);
    row("read + extract, two threads", two);
    if options.only.is_none() {
        println!("ratio to floor  {:.2} (bound 1.5)", one.as_secs_f64() / floor.as_secs_f64());
        println!("  processor time {:.2}", one_cpu.as_secs_f64() / floor_cpu.as_secs_f64());
        println!("two threads     {:.2} times one (bound 1.8)", one.as_secs_f64() / two.as_secs_f64());
    }
    println!("peak memory     {}", shown(peak_memory()));
    Ok(())
}

struct Options {
    rounds: u32,
    only: Option<String>,
    by_stage: bool,
    from_kb: usize,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut options = Self { rounds: 7, only: None, by_stage: false, from_kb: 0 };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--rounds" => options.rounds = args.next().unwrap_or_default().parse()?,
                "--only" => options.only = args.next(),
                "--by-stage" => options.by_stage = true,
                "--from-kb" => options.from_kb = args.next().unwrap_or_default().parse()?,
                // Cargo passes it to every benchmark.
                "--bench" => {}
                other => anyhow::bail!(
                    "unknown option {other}; known: --rounds N, --only floor|one|two, --by-stage, --from-kb N"
                ),
            }
        }
        Ok(options)
    }

    fn runs(&self, what: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == what)
    }
}

struct Bench<'p> {
    pages: &'p [Page],
    hints: Vec<Hints>,
    /// Main text of each page, normalised, as extraction tokenizes it; found outside the measured time.
    main_texts: Vec<String>,
    tokenizer: Tokenizer,
    extractor: Extractor,
    pool: rayon::ThreadPool,
}

impl<'p> Bench<'p> {
    fn new(pages: &'p [Page]) -> anyhow::Result<Self> {
        let hints: Vec<Hints> =
            pages.iter().map(|p| Hints { path: Some(p.path.clone()), ..Hints::default() }).collect();
        let main_texts = pages
            .iter()
            .zip(&hints)
            .map(|(page, hints)| Normalized::of_document(&rouei_text::read(&page.bytes, hints)).text)
            .collect();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
        Ok(Self { pages, hints, main_texts, tokenizer: Tokenizer::new()?, extractor: Extractor::new()?, pool })
    }

    fn floor(&self) {
        let mut tokens: Vec<Token> = Vec::new();
        for (page, text) in self.pages.iter().zip(&self.main_texts) {
            let decoded = rouei_text::decode(&page.bytes, None);
            black_box(scraper::Html::parse_document(&decoded.text));
            tokens.clear();
            self.tokenizer.tokenize(text, &mut tokens);
            black_box(&tokens);
        }
    }

    fn extract(&self) {
        for (page, hints) in self.pages.iter().zip(&self.hints) {
            black_box(self.extractor.extract(&rouei_text::read(&page.bytes, hints)));
        }
    }

    fn extract_in_pool(&self) {
        self.pool.install(|| {
            self.pages.par_iter().zip(&self.hints).for_each(|(page, hints)| {
                black_box(self.extractor.extract(&rouei_text::read(&page.bytes, hints)));
            });
        });
    }

    /// What each stage takes alone, best of the rounds; read holds decode and parse, extract holds tokenize.
    fn by_stage(&self, rounds: u32, documents: usize) {
        let mut tokens: Vec<Token> = Vec::new();
        let read: Vec<_> = self.pages.iter().zip(&self.hints).map(|(p, h)| rouei_text::read(&p.bytes, h)).collect();
        let decoded: Vec<_> = self.pages.iter().map(|p| rouei_text::decode(&p.bytes, None)).collect();
        let stage = |name: &str, run: &mut dyn FnMut(usize)| {
            let best = (0..rounds).map(|_| time(|| (0..documents).for_each(&mut *run))).min().unwrap_or_default();
            println!(
                "{name:12} {:8.1} ms  {:7.1} µs a document",
                best.as_secs_f64() * 1e3,
                best.as_secs_f64() * 1e6 / documents as f64
            );
        };
        stage("decode", &mut |i| {
            black_box(rouei_text::decode(&self.pages[i].bytes, None));
        });
        stage("parse", &mut |i| {
            black_box(scraper::Html::parse_document(&decoded[i].text));
        });
        stage("tokenize", &mut |i| {
            tokens.clear();
            self.tokenizer.tokenize(&self.main_texts[i], &mut tokens);
        });
        stage("read", &mut |i| {
            black_box(rouei_text::read(&self.pages[i].bytes, &self.hints[i]));
        });
        stage("normalise", &mut |i| {
            black_box(Normalized::of_document(&read[i]));
        });
        stage("extract", &mut |i| {
            black_box(self.extractor.extract(&read[i]));
        });
    }
}

/// By the clock, and the time that this thread had a processor; the clock's again where the system does not say.
fn timed(run: impl FnOnce()) -> (Duration, Duration) {
    let before = processor_time();
    let wall = time(run);
    let cpu = before.zip(processor_time()).map(|(before, after)| Duration::from_nanos(after - before));
    (wall, cpu.unwrap_or(wall))
}

fn time(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}
