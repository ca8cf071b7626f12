//! What the second reader sees of texts, a JSON line each: what `fit/second_reader.py` fits its weights to.
//! `cargo run -p rouei-extract --example second_reader -- PATH…`

use std::error::Error;

use rouei_extract::Extractor;
use rouei_extract::reading::Reading;
use rouei_extract::second_reader::{features, is_candidate, masked};
use rouei_text::Hints;

fn main() -> Result<(), Box<dyn Error>> {
    let extractor = Extractor::new()?;
    for path in std::env::args().skip(1) {
        let document =
            rouei_text::read(&std::fs::read(&path)?, &Hints { path: Some(path.clone()), ..Hints::default() });
        let reading = Reading::new(&document, extractor.tokenizer());
        let why = extractor.explain(&document);
        let figures: Vec<serde_json::Value> = why
            .counts
            .iter()
            .filter(|count| is_candidate(count))
            .map(|count| {
                let seen = features(why.text(), count, &why.counts);
                serde_json::json!({ "value": count.value, "features": seen })
            })
            .collect();
        let text = masked(&reading);
        println!("{}", serde_json::json!({ "path": path, "text": text, "figures": figures }));
    }
    Ok(())
}
