//! `rouei lexicon check`: whether the rules keep the word that their examples give.

use rouei_extract::LEXICON_FILES;

use crate::cli::LexiconCommand;
use crate::lexicons;
use crate::outcome::Outcome;

/// Runs the command. What does not hold goes to standard output, one line each.
pub fn run(command: &LexiconCommand, quiet: bool) -> anyhow::Result<Outcome> {
    let LexiconCommand::Check { dir } = command;
    let (extractor, sources) = lexicons::read(dir.as_deref())?;
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
