//! Lexicons that a linguist edited, read from a folder instead of those that are built in.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;
use rouei_extract::{Extractor, LEXICON_FILES, Lexicons};

use crate::outcome::UsageError;

/// Texts of lexicons by their name in [`LEXICON_FILES`].
pub type Sources = BTreeMap<String, String>;

/// An extractor with the lexicons of a folder; those that it does not hold, or all without a folder, are the built-in ones.
///
/// # Errors
/// Where the folder holds no lexicon, or one under a name that none has, or one does not parse; names file and entry.
pub fn extractor(dir: Option<&Path>) -> anyhow::Result<Extractor> {
    Ok(read(dir)?.0)
}

/// The same, with what was read from the folder.
///
/// # Errors
/// As [`extractor`].
pub fn read(dir: Option<&Path>) -> anyhow::Result<(Extractor, Sources)> {
    let sources = dir.map(sources).transpose()?.unwrap_or_default();
    Ok((Extractor::with_lexicons(parse(dir, &sources)?)?, sources))
}

/// The lexicons of a folder, by name.
fn sources(dir: &Path) -> anyhow::Result<Sources> {
    if !dir.is_dir() {
        return Err(UsageError(format!("{}: no such folder", dir.display())).into());
    }
    let mut sources = BTreeMap::new();
    for file in LEXICON_FILES {
        match fs::read_to_string(dir.join(file)) {
            Ok(text) => {
                sources.insert(file.to_owned(), text);
            }
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(e) => return Err(UsageError(format!("{}: {e}", dir.join(file).display())).into()),
        }
    }
    // A folder whose name is mistyped would be checked by nobody.
    for entry in fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))? {
        let folder = entry?.file_name().to_string_lossy().into_owned();
        let name = format!("{folder}/lexicon.toml");
        if dir.join(&name).is_file() && !LEXICON_FILES.contains(&name.as_str()) {
            let message = format!(
                "{}: no lexicon has this name; there are {}",
                dir.join(name).display(),
                LEXICON_FILES.join(", ")
            );
            return Err(UsageError(message).into());
        }
    }
    if sources.is_empty() {
        return Err(UsageError(format!("{}: holds none of {}", dir.display(), LEXICON_FILES.join(", "))).into());
    }
    Ok(sources)
}

/// Every file that does not parse is named, not only the first.
fn parse(dir: Option<&Path>, sources: &Sources) -> anyhow::Result<Lexicons> {
    match Lexicons::from_sources(sources) {
        Ok(lexicons) => Ok(lexicons),
        Err(first) => {
            let single = |(name, text): (&String, &String)| {
                Lexicons::from_sources(&BTreeMap::from([(name.clone(), text.clone())])).err()
            };
            let mut all: Vec<String> = sources.iter().filter_map(single).map(|e| e.to_string()).collect();
            if all.is_empty() {
                all.push(first.to_string());
            }
            let place = dir.map_or_else(String::new, |d| format!("{}: ", d.display()));
            Err(UsageError(format!("{place}{}", all.join("\n"))).into())
        }
    }
}
