//! A crawl of 2,000 pages over 40 hosts, killed 200 times at random moments: `cargo bench -p rouei --bench kills`.
//! Options: `--kills N`, `--pages N`, `--seed N`.

#![allow(clippy::unwrap_used)]

#[path = "../../../tests/kills/mod.rs"]
#[allow(unreachable_pub)]
mod kills;

fn main() {
    let mut trial = kills::Trial { hosts: 40, pages: 2000, kills: 200, seed: 0x5eed };
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        let value: u64 =
            args.next().and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{arg} needs a number"));
        match arg.as_str() {
            "--kills" => trial.kills = value as usize,
            "--pages" => trial.pages = value as usize,
            "--seed" => trial.seed = value,
            _ => panic!("unknown option {arg}; known: --kills N, --pages N, --seed N"),
        }
    }
    let started = std::time::Instant::now();
    let outcome = kills::run(&trial);
    println!(
        "{} kills in {} crawls of {} responses and {} records: each ended like the undisturbed one; {:.0} s",
        outcome.kills,
        outcome.crawls,
        outcome.responses,
        outcome.records,
        started.elapsed().as_secs_f64()
    );
}
