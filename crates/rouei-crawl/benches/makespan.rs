//! Time over 200 hosts beside what the slowest of them needs alone: `cargo bench -p rouei-crawl --bench makespan`.
#![allow(clippy::unwrap_used)]

#[path = "../tests/makespan/hosts.rs"]
#[allow(unreachable_pub)]
mod hosts;

use hosts::Host;

/// What the crawl may take, in parts of what the slowest host takes.
const BOUND: f64 = 1.1;

fn main() {
    let hosts = hosts::hosts(200);
    let bound = hosts.iter().copied().map(Host::bound).max().unwrap();
    let sum: std::time::Duration = hosts.iter().copied().map(Host::bound).sum();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (took, captures) = runtime.block_on(hosts::crawl(&hosts));
    let ratio = took.as_secs_f64() / bound.as_secs_f64();
    println!(
        "{} hosts, {captures} captures: {:.2} s; the slowest host alone {:.2} s; one after the other {:.1} s",
        hosts.len(),
        took.as_secs_f64(),
        bound.as_secs_f64(),
        sum.as_secs_f64()
    );
    println!("ratio {ratio:.3} (bound {BOUND})");
    assert!(ratio <= BOUND, "above the bound");
}
