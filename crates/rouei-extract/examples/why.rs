//! Why a page was read as it was:
//! `cargo run -p rouei-extract --example why -- [--context FILE] [--lexicons FOLDER] [--records] PATH…`
//!
//! `--lexicons` reads edited lexicons, `--records` prints the record instead, so that neither waits for a build.
//! Prints the judgement with its reasons, the incidents with the scores of their organizations, every mention,
//! every figure and every date.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use rouei_extract::{Extractor, LEXICON_FILES, Lexicons};
use rouei_text::Hints;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut option = |name: &str| {
        let at = paths.iter().position(|p| p == name).filter(|at| at + 1 < paths.len())?;
        paths.drain(at..at + 2).nth(1)
    };
    let mut context = Vec::new();
    if let Some(file) = option("--context") {
        for line in std::fs::read_to_string(file)?.lines() {
            context.push(serde_json::from_str::<serde_json::Value>(line)?);
        }
    }
    let lexicons = match option("--lexicons") {
        Some(folder) => Lexicons::from_sources(&sources(Path::new(&folder))?)?,
        None => Lexicons::embedded()?,
    };
    let records = paths.first().is_some_and(|p| p == "--records");
    if records {
        paths.remove(0);
    }
    let extractor = Extractor::with_lexicons(lexicons)?;
    for path in paths {
        let name = Path::new(&path).file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let facts = context.iter().find(|c| c["path"].as_str() == Some(name));
        let text = |key: &str| facts.and_then(|f| f[key].as_str()).map(str::to_owned);
        let hints = Hints {
            path: Some(path.clone()),
            url: text("url"),
            publisher: text("publisher"),
            published: text("published").and_then(|d| d.parse().ok()),
            ..Hints::default()
        };
        let document = rouei_text::read(&std::fs::read(&path)?, &hints);
        if records {
            println!("{}", serde_json::to_string(&extractor.extract(&document))?);
            continue;
        }
        let why = extractor.explain(&document);
        println!(
            "== {path} {:?} suffix {:?} publisher {:?}",
            document.title, document.title_suffix, document.publisher
        );
        println!("judgement {:.2} {:?}", why.judgement.score, why.judgement.reasons);
        println!("voice {:.2} {:?}", why.voice.score, why.voice.reasons);
        println!(
            "status {:?} {:?} {:?} {:?}",
            why.status.leak_status, why.status.event, why.status.stage, why.status.rules
        );
        let quoted = why.status.leak_span.map(|span| span.of(why.text()));
        println!("  {quoted:?}");
        for (incident, entities) in &why.incidents {
            let lead = incident.lead.as_ref().map(|l| l.name.as_str());
            println!("incident {:?} {:?} lead {lead:?}", incident.shape, incident.sentences);
            for e in entities {
                println!(
                    "  {:?} {} {:?}/{:?} {:.1} by {:?} cue {:?} aliases {:?} {}",
                    e.role,
                    e.name,
                    e.kind,
                    e.mention,
                    e.score,
                    e.strongest,
                    e.cue_role,
                    e.aliases,
                    e.cues.join(" ")
                );
            }
        }
        let mentions: Vec<String> =
            why.mentions.iter().map(|m| format!("{}:{}/{:?}/{:?}", m.sentence, m.name, m.kind, m.mention)).collect();
        println!("mentions {}", mentions.join(" "));
        for c in &why.counts {
            let state = c.rejected.as_deref().unwrap_or("counts");
            let tied = if c.tied { "tied" } else { "untied" };
            println!(
                "count {} {:?} {state} {tied} {:?}{} {} part {:?} beside {:?}{}{} {:.2}",
                c.span.of(why.text()),
                c.class,
                c.subject,
                if c.rule == "number_unit" { String::new() } else { format!(" {}", c.rule) },
                c.scope.code(),
                c.part_of,
                c.beside,
                if c.superseded { " superseded" } else { "" },
                if c.total { " total" } else { "" },
                c.confidence
            );
        }
        for d in &why.dates {
            let kind = d.kind.map_or("-", |k| k.code());
            let day = |d: Option<jiff::civil::Date>| d.map_or_else(|| "?".to_owned(), |d| d.to_string());
            let rejected = if d.rejected.is_some() { " rejected" } else { "" };
            let (from, to, rule, weight) = (day(d.from), day(d.to), &d.rule, d.weight);
            println!("date {} {kind} {from}..{to} {rule}{rejected} {weight:.2}", d.span.of(why.text()));
        }
    }
    Ok(())
}

/// The lexicons of a folder, by name.
fn sources(folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut sources = BTreeMap::new();
    for file in LEXICON_FILES {
        if folder.join(file).is_file() {
            sources.insert(file.to_owned(), std::fs::read_to_string(folder.join(file))?);
        }
    }
    Ok(sources)
}
