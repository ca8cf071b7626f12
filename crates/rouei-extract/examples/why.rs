//! Why a page was read as it was: `cargo run -p rouei-extract --example why -- [--context FILE] PATH…`
//!
//! Prints the judgement with its reasons, the incidents with the scores of their organizations, and every mention.

use std::error::Error;
use std::path::Path;

use rouei_extract::Extractor;
use rouei_text::Hints;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut context = Vec::new();
    if paths.first().is_some_and(|p| p == "--context") && paths.len() > 2 {
        for line in std::fs::read_to_string(&paths[1])?.lines() {
            context.push(serde_json::from_str::<serde_json::Value>(line)?);
        }
        paths.drain(..2);
    }
    let extractor = Extractor::new()?;
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
        let why = extractor.explain(&document);
        println!(
            "== {path} {:?} suffix {:?} publisher {:?}",
            document.title, document.title_suffix, document.publisher
        );
        println!("judgement {:.2} {:?}", why.judgement.score, why.judgement.reasons);
        for (incident, entities) in &why.incidents {
            let lead = incident.lead.as_ref().map(|l| l.name.as_str());
            println!("incident {:?} {:?} lead {lead:?}", incident.shape, incident.sentences);
            for e in entities {
                println!(
                    "  {:?} {} {:?}/{:?} {:.1} by {:?} cue {:?} aliases {:?}",
                    e.role, e.name, e.kind, e.mention, e.score, e.strongest, e.cue_role, e.aliases
                );
            }
        }
        let mentions: Vec<String> =
            why.mentions.iter().map(|m| format!("{}:{}/{:?}/{:?}", m.sentence, m.name, m.kind, m.mention)).collect();
        println!("mentions {}", mentions.join(" "));
    }
    Ok(())
}
