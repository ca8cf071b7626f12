use super::*;
use crate::cues;
use crate::lexicon::LexiconError;

#[test]
fn cue_examples_hold() -> Result<(), LexiconError> {
    let lexicon = RoleLexicon::embedded()?;
    let mut wrong = Vec::new();
    for cue in lexicon.cues() {
        for example in &cue.examples {
            if !cues::matches_example(cue, example) {
                wrong.push(format!("{} does not match {example}", cue.id));
            }
        }
        for example in &cue.counterexamples {
            if cues::matches_example(cue, example) {
                wrong.push(format!("{} matches {example}", cue.id));
            }
        }
    }
    wrong.extend(lexicon.broken_words().into_iter().map(|(entry, message)| format!("{entry} {message}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
