//! Hosts are worked off side by side: all of them take hardly longer than the slowest alone. The same with 200 hosts is
//! `cargo bench -p rouei-crawl --bench makespan`.
#![allow(clippy::unwrap_used)]

#[path = "makespan/hosts.rs"]
#[allow(unreachable_pub)]
mod hosts;

use hosts::Host;

#[tokio::test]
async fn many_hosts_take_as_long_as_the_slowest() {
    let hosts = hosts::hosts(30);
    let bound = hosts.iter().copied().map(Host::bound).max().unwrap();
    let one_after_the_other: std::time::Duration = hosts.iter().copied().map(Host::bound).sum();
    let (took, captures) = hosts::crawl(&hosts).await;
    assert_eq!(captures, hosts.iter().map(|host| host.pages as usize + 2).sum::<usize>());
    assert!(took >= bound, "{took:?} is less than the delays of {bound:?} allow");
    // The bound that is promised is a tenth; a busy machine gets some more here, and still a fraction of the sum.
    assert!(took < bound * 3 / 2 && took * 4 < one_after_the_other, "{took:?}, {bound:?}, {one_after_the_other:?}");
}
