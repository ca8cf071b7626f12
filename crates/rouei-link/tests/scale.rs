//! Ten thousand candidates: found again as the incidents that they were made from. Prints its time (`--nocapture`).

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Instant;

use jiff::{ToSpan, civil::date};
use rouei_link::{Rules, link};

#[test]
fn ten_thousand_candidates() {
    let rules = Rules::built_in().unwrap();
    let mut candidates = Vec::new();
    // 800 organizations, three incidents each, a hundred days apart, each told by notice, article, repost and follow-up.
    for organization in 0..800_u64 {
        for incident in 0..3_u64 {
            let day = date(2023, 1, 1)
                + i64::try_from(incident).unwrap().saturating_mul(100).days()
                + i64::try_from(organization % 90).unwrap().days();
            let (name, figure) = (format!("架空{organization}市"), 1001 + organization * 37 + incident * 7919);
            let who = format!("victim={name} cause=misdelivery announced={day} {figure}人");
            candidates.push(common::read(&format!("{organization}-{incident}-a: official {who}")));
            candidates.push(common::read(&format!("{organization}-{incident}-b: press {who}")));
            candidates.push(common::read(&format!("{organization}-{incident}-c: repost {who}")));
            candidates.push(common::read(&format!("{organization}-{incident}-d: official follow_up {who}")));
        }
    }
    candidates
        .extend((0..400).map(|n| common::read(&format!("x{n}: press victim=無関係{n}商会 announced=2023-02-01"))));
    assert_eq!(candidates.len(), 10_000);
    let start = Instant::now();
    let incidents = link(&rules, &candidates, &[]);
    println!("10,000 candidates: {:?}, {} incidents", start.elapsed(), incidents.len());
    assert_eq!(incidents.len(), 800 * 3 + 400);
    assert!(incidents.iter().all(|i| matches!(i.members.len(), 1 | 4)));
}
