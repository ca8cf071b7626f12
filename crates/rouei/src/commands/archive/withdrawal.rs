//! `rouei archive withdraw|reinstate|withdrawn`: addresses of which nothing leaves rouei any more.
//!
//! The decision stands twice: beside the archive's files, where whoever reads them finds it, and in the database, where
//! every later extraction meets it. The archive's list is written first; the same command again completes what a crash
//! left half done.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use rouei_archive::{Withdrawal, WithdrawalAction, Withdrawals, record_by_id, surt};
use rouei_store::{NewWithdrawal, Store};

use crate::cli::WithdrawArgs;
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::terminal::Table;

/// Withdraws an address.
pub fn withdraw(args: &WithdrawArgs, archive: &Path, quiet: bool) -> anyhow::Result<Outcome> {
    let store = store(args)?;
    let (addresses, decided) = (addresses(args, archive, store.as_ref())?, Timestamp::now());
    decide(args, archive, &addresses, WithdrawalAction::Withdraw, decided)?;
    let (mut documents, mut disclosures) = (0, 0);
    let mut feeds = BTreeSet::new();
    if let Some(store) = &store {
        for url in &addresses {
            feeds.extend(store.feeds_of(url)?);
            let effect = store.withdraw(&row(args, url, decided))?;
            documents += effect.documents;
            disclosures += effect.disclosures;
        }
    }
    if !quiet {
        eprintln!("{} withdrawn: {documents} documents, {disclosures} records", addresses.join(", "));
    }
    // A capture is handed out as a whole or not at all, and this one holds other entries, too.
    for feed in feeds {
        eprintln!(
            "the captures of the feed {feed} hold its text; `archive show` and `export` hand them out unless they are withdrawn, too"
        );
    }
    Ok(Outcome::Done)
}

/// Takes a withdrawal back.
pub fn reinstate(args: &WithdrawArgs, archive: &Path, quiet: bool) -> anyhow::Result<Outcome> {
    let store = store(args)?;
    let (addresses, decided) = (addresses(args, archive, store.as_ref())?, Timestamp::now());
    let list = Withdrawals::read(archive)?;
    let mut was_withdrawn = addresses.iter().any(|url| list.holds_back(url));
    decide(args, archive, &addresses, WithdrawalAction::Reinstate, decided)?;
    if let Some(store) = &store {
        for url in &addresses {
            was_withdrawn |= store.reinstate(&row(args, url, decided))?;
        }
    }
    if !was_withdrawn {
        return Err(UsageError(format!("{} is not withdrawn", args.target)).into());
    }
    if !quiet {
        eprintln!("{} reinstated; `rouei reextract` reads the archive again", addresses.join(", "));
    }
    Ok(Outcome::Done)
}

/// Lists what is withdrawn.
pub fn list(archive: &Path) -> anyhow::Result<Outcome> {
    let withdrawals = Withdrawals::read(archive)?;
    let mut table = Table::new(&["decided", "by", "address", "reason"]);
    for decision in withdrawals.standing() {
        let decided = decision.decided.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        table.row(&[&decided, &decision.by, &decision.url, &decision.reason]);
    }
    table.write(&mut std::io::stdout().lock())?;
    Ok(Outcome::Done)
}

/// The database, where there is one.
fn store(args: &WithdrawArgs) -> anyhow::Result<Option<Store>> {
    let database = DataFolder::new(&args.data.data).database();
    Ok(if database.is_file() { Some(Store::open(&database)?) } else { None })
}

/// The address in every way in which it was captured or read; that of the argument itself first.
fn addresses(args: &WithdrawArgs, archive: &Path, store: Option<&Store>) -> anyhow::Result<Vec<String>> {
    let given = if let Some(id) = super::record_id(&args.target) {
        let mut trouble = Vec::new();
        let record = record_by_id(archive, &id, &mut trouble)?;
        for bad in &trouble {
            eprintln!("rouei: {bad}");
        }
        let url = record.and_then(|r| r.url().map(str::to_owned));
        url.ok_or_else(|| UsageError(format!("the archive holds no record {id} that has an address")))?
    } else {
        let url = url::Url::parse(&args.target);
        url.map_err(|e| UsageError(format!("{:?} is no address: {e}", args.target)))?.to_string()
    };
    // With it goes what it is canonically known by: a page fetched with tracking parameters is the same page.
    let canonical = url::Url::parse(&given).map(|url| rouei_crawl::canonical_url(&url).to_string())?;
    let keys = [surt(&given), surt(&canonical)];
    let mut addresses = vec![given];
    if !addresses.contains(&canonical) {
        addresses.push(canonical);
    }
    if let Some(store) = store {
        for known in store.addresses()? {
            let of_known = url::Url::parse(&known).map(|url| surt(rouei_crawl::canonical_url(&url).as_str()));
            let same = keys.contains(&surt(&known)) || of_known.is_ok_and(|key| keys.contains(&key));
            if same && !addresses.contains(&known) {
                addresses.push(known);
            }
        }
    }
    Ok(addresses)
}

fn decide(
    args: &WithdrawArgs,
    archive: &Path,
    addresses: &[String],
    action: WithdrawalAction,
    decided: Timestamp,
) -> anyhow::Result<()> {
    let decision = |url: &String| Withdrawal {
        url: url.clone(),
        action,
        reason: args.reason.clone(),
        by: args.reviewer.clone(),
        decided,
    };
    Withdrawals::add(archive, &addresses.iter().map(decision).collect::<Vec<_>>())?;
    Ok(())
}

fn row(args: &WithdrawArgs, url: &str, decided: Timestamp) -> NewWithdrawal {
    NewWithdrawal { url: url.to_owned(), reason: args.reason.clone(), reviewer: args.reviewer.clone(), decided }
}
