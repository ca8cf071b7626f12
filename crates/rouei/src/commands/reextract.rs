//! `rouei reextract`: reads the archive again with the rules of today, without touching the network.

use crate::cli::ReextractArgs;
use crate::folder::DataFolder;
use crate::outcome::{Outcome, UsageError};
use crate::pipeline::Pipeline;

/// Runs the command.
pub fn run(args: &ReextractArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let folder = DataFolder::new(&args.data);
    if !folder.database().exists() {
        return Err(
            UsageError(format!("{} holds no crawl yet; run `rouei crawl` first", folder.path().display())).into()
        );
    }
    let catalogue = match &args.sources {
        path if path.exists() => Some(super::crawl::read_catalogue(path)?),
        _ => None,
    };
    let tally = Pipeline::open(folder)?.reextract(catalogue.as_ref())?;
    if !quiet {
        eprintln!(
            "{} documents read ({} unread, {} missing from the archive): {} disclosures new, {} changed, {} unchanged, {} withdrawn",
            tally.documents, tally.unread, tally.missing, tally.new, tally.changed, tally.unchanged, tally.withdrawn
        );
    }
    Ok(if tally.missing + tally.unread > 0 { Outcome::SomeUnread } else { Outcome::Done })
}
