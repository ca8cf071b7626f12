//! `kill -9` at random moments of a crawl, and the crawl again until it is whole: the same as one undisturbed run.
//! 200 kills of a crawl of 2,000 pages are `cargo bench -p rouei --bench kills`.

#![allow(clippy::unwrap_used)]

#[allow(unreachable_pub)]
mod kills;

#[test]
fn killed_crawls_end_like_an_undisturbed_one() {
    let trial = kills::Trial { hosts: 40, pages: 80, kills: 10, seed: 0x5eed };
    let outcome = kills::run(&trial);
    assert_eq!(outcome.kills, trial.kills);
    assert!(outcome.records >= trial.pages / 2, "{outcome:?}");
    assert!(outcome.responses > trial.pages, "pages, listings and robots.txt: {outcome:?}");
}
