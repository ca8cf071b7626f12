//! `rouei lexicon check`: whether the rules keep the word that their examples give.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;
use rouei_extract::{Extractor, LEXICON_FILES, Lexicons};

use crate::cli::LexiconCommand;
use crate::outcome::{Outcome, UsageError};

/// Runs the command. What does not hold goes to standard output, one line each.
pub fn run(command: &LexiconCommand, quiet: bool) -> anyhow::Result<Outcome> {
    let LexiconCommand::Check { dir } = command;
    let sources = dir.as_deref().map(sources).transpose()?.unwrap_or_default();
    let lexicons = parse(dir.as_deref(), &sources)?;
    let extractor = Extractor::with_lexicons(lexicons)?;
    let broken = extractor.lexicons().broken_examples(extractor.tokenizer());
    for example in &broken {
        println!("{example}");
    }
    if !quiet {
        for file in LEXICON_FILES {
            let from = match dir.as_deref().filter(|_| sources.contains_key(file)) {
                Some(dir) => dir.join(file).display().to_string(),
                None => "built in".to_owned(),
            };
            match broken.iter().filter(|b| b.file == file).count() {
                0 => eprintln!("{file}: every example holds ({from})"),
                wrong => eprintln!("{file}: {wrong} examples do not hold ({from})"),
            }
        }
    }
    Ok(if broken.is_empty() { Outcome::Done } else { Outcome::Failed })
}

/// The lexicons of a folder, by name.
fn sources(dir: &Path) -> anyhow::Result<BTreeMap<String, String>> {
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
fn parse(dir: Option<&Path>, sources: &BTreeMap<String, String>) -> anyhow::Result<Lexicons> {
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
