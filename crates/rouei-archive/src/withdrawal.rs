use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ArchiveError, BadRecord, open_file::sync_dir, surt};

/// Name of the list in an archive's folder.
const NAME: &str = "withdrawn.jsonl";

/// A decision that the captures of an address are not handed out any more, or are again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The address; with it, every other way to write it ([`surt`]).
    pub url: String,
    /// What was decided.
    pub action: WithdrawalAction,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub decided: Timestamp,
}

/// What a [`Withdrawal`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalAction {
    /// Nothing of the address leaves the archive, whenever it was or will be captured.
    Withdraw,
    /// The address is handed out again.
    Reinstate,
}

/// The withdrawals of an archive: `withdrawn.jsonl` beside the WARC files, one decision a line, only ever added to.
///
/// It stands beside the files and not in a database, so that whoever copies or reads the folder has it, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawals {
    decisions: Vec<Withdrawal>,
    /// By [`surt`], whether the latest decision withdraws.
    standing: BTreeMap<String, bool>,
}

impl Withdrawals {
    /// Reads the list of a folder; a folder without one has none.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; [`ArchiveError::BadRecord`] with the byte of a line that is no decision. An archive whose
    /// withdrawals are not known must not be handed out.
    pub fn read(dir: &Path) -> Result<Self, ArchiveError> {
        let path = list(dir);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(ArchiveError::io(path, e)),
        };
        let mut withdrawals = Self::default();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let decision = serde_json::from_str(line).map_err(|e| BadRecord {
                file: path.display().to_string(),
                offset,
                reason: format!("no withdrawal: {e}"),
            })?;
            withdrawals.take(decision);
            offset += line.len() as u64;
        }
        Ok(withdrawals)
    }

    /// The list of the folder that a WARC file stands in.
    ///
    /// # Errors
    /// As [`Withdrawals::read`].
    pub fn beside(warc: &Path) -> Result<Self, ArchiveError> {
        Self::read(warc.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }

    /// Whether captures of an address are held back.
    #[must_use]
    pub fn holds_back(&self, url: &str) -> bool {
        !self.standing.is_empty() && self.standing.get(&surt(url)).copied().unwrap_or(false)
    }

    /// Every decision, oldest first.
    #[must_use]
    pub fn decisions(&self) -> &[Withdrawal] {
        &self.decisions
    }

    /// The addresses that are held back, with the decision that says so, in the order of decisions.
    pub fn standing(&self) -> impl Iterator<Item = &Withdrawal> {
        self.decisions
            .iter()
            .enumerate()
            .filter(|(i, decision)| {
                let key = surt(&decision.url);
                decision.action == WithdrawalAction::Withdraw
                    && self.decisions[i + 1..].iter().all(|later| surt(&later.url) != key)
            })
            .map(|(_, decision)| decision)
    }

    /// Adds decisions to the list of a folder, all of them or, if it fails, none; on disk when this returns. A decision
    /// that changes nothing is left out.
    ///
    /// # Errors
    /// As [`Withdrawals::read`].
    pub fn add(dir: &Path, decisions: &[Withdrawal]) -> Result<Self, ArchiveError> {
        let mut withdrawals = Self::read(dir)?;
        let before = withdrawals.decisions.len();
        for decision in decisions {
            if withdrawals.holds_back(&decision.url) != (decision.action == WithdrawalAction::Withdraw) {
                withdrawals.take(decision.clone());
            }
        }
        if withdrawals.decisions.len() > before {
            withdrawals.write(dir)?;
        }
        Ok(withdrawals)
    }

    fn take(&mut self, decision: Withdrawal) {
        self.standing.insert(surt(&decision.url), decision.action == WithdrawalAction::Withdraw);
        self.decisions.push(decision);
    }

    fn write(&self, dir: &Path) -> Result<(), ArchiveError> {
        let path = list(dir);
        let mut text = String::new();
        for decision in &self.decisions {
            text.push_str(&serde_json::to_string(decision).map_err(|e| ArchiveError::io(&path, e.into()))?);
            text.push('\n');
        }
        let new = path.with_extension("jsonl.new");
        let written = File::create(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_data()
        });
        written.map_err(|e| ArchiveError::io(&new, e))?;
        fs::rename(&new, &path).map_err(|e| ArchiveError::io(&path, e))?;
        sync_dir(dir)
    }
}

fn list(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn decision(url: &str, action: WithdrawalAction) -> Withdrawal {
        let decided = "2025-04-16T00:00:00Z".parse().unwrap();
        Withdrawal { url: url.into(), action, reason: "依頼".into(), by: "tester".into(), decided }
    }

    #[test]
    fn the_latest_decision_stands() {
        use WithdrawalAction::{Reinstate, Withdraw};
        let dir = tempfile::tempdir().unwrap();
        assert!(!Withdrawals::read(dir.path()).unwrap().holds_back("https://mihon.example.jp/a"));
        let first = decision("https://mihon.example.jp/a", Withdraw);
        Withdrawals::add(dir.path(), &[first.clone(), first.clone()]).unwrap();
        let read = Withdrawals::read(dir.path()).unwrap();
        assert_eq!(read.decisions(), std::slice::from_ref(&first));
        assert_eq!(read.standing().collect::<Vec<_>>(), [&first]);
        for (url, held) in [
            ("https://mihon.example.jp/a", true),
            ("http://www.mihon.example.jp/a/", true),
            ("https://mihon.example.jp/ab", false),
            ("https://mihon.example.jp/", false),
        ] {
            assert_eq!(read.holds_back(url), held, "{url}");
        }
        Withdrawals::add(dir.path(), &[decision("http://mihon.example.jp/a", Reinstate)]).unwrap();
        let read = Withdrawals::read(dir.path()).unwrap();
        assert!(!read.holds_back("https://mihon.example.jp/a"));
        assert_eq!((read.decisions().len(), read.standing().count()), (2, 0));
    }

    #[test]
    fn a_list_that_cannot_be_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let add = |action| Withdrawals::add(dir.path(), &[decision("https://mihon.example.jp/a", action)]);
        add(WithdrawalAction::Withdraw).unwrap();
        let path = dir.path().join(NAME);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{whole}{}", &whole[..40])).unwrap();
        let error = Withdrawals::read(dir.path()).unwrap_err().to_string();
        assert!(error.contains(&format!("withdrawn.jsonl at {}: no withdrawal", whole.len())), "{error}");
        assert!(add(WithdrawalAction::Reinstate).is_err());
    }
}
