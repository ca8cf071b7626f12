//! Who speaks: the organization itself, or somebody who tells of it.
//!
//! Whoever answers for the data writes humbly, to those it concerns, and signs; the press says that somebody said so. The sum of
//! the cues of `lexicon.toml` decides, and what the caller knows of the site goes before.

mod lexicon;
#[cfg(test)]
mod tests;

use rouei_model::{Document, SourceTier};

use lexicon::Place;
pub use lexicon::VoiceLexicon;

use crate::reading::Reading;

/// Lines in which a letterhead stands.
const HEAD: usize = 6;

/// A cue is heard so often; from the second time on by half.
const HEARD: usize = 3;

/// What speaks for the organization's own words, and against.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// Above zero: the organization itself.
    pub score: f64,
    /// The part of it that the text says, wherever it stands.
    pub of_text: f64,
    /// The cues that fired, with what they added.
    pub reasons: Vec<(String, f64)>,
}

impl Voice {
    /// Whether the organization itself speaks.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.score > 0.0
    }

    /// Whether the text by itself leaves no doubt that it is a notice, which tells of the writer's own.
    #[must_use]
    pub fn is_notice(&self) -> bool {
        self.of_text >= NOTICE
    }
}

/// From here on a text is a notice, and no column of somebody who writes 弊社 beside the mishaps of others.
const NOTICE: f64 = 2.0;

/// Sums up who speaks.
#[must_use]
pub fn listen(lexicon: &VoiceLexicon, reading: &Reading<'_>) -> Voice {
    let document = reading.document;
    let mut hits = vec![0_usize; lexicon.len()];
    for sentence in 0..reading.sentences.len() {
        let text = reading.sentence_text(sentence);
        let spoken = without_quotations(text);
        for cue in lexicon.candidates(text) {
            let heard = match lexicon.place(cue) {
                Place::Text => lexicon.matches(cue, &spoken),
                Place::Head => sentence < HEAD && lexicon.matches(cue, text),
                Place::Title => sentence == 0 && lexicon.matches(cue, text),
                Place::Address | Place::Publisher => false,
            };
            hits[cue] += usize::from(heard);
        }
    }
    for (place, text) in [
        (Place::Title, document.title.as_deref()),
        (Place::Address, document.url.as_deref()),
        (Place::Publisher, document.publisher.as_deref()),
    ] {
        for cue in (0..lexicon.len()).filter(|&cue| lexicon.place(cue) == place) {
            if hits[cue] == 0 && text.is_some_and(|text| lexicon.matches(cue, text)) {
                hits[cue] = 1;
            }
        }
    }
    let mut voice = Voice { score: lexicon.prior, of_text: lexicon.prior, reasons: Vec::new() };
    for (cue, &hits) in hits.iter().enumerate().filter(|(_, hits)| **hits > 0) {
        let weight = lexicon.weight(cue) * (1.0 + 0.5 * (hits.min(HEARD) - 1) as f64);
        voice.score += weight;
        if !matches!(lexicon.place(cue), Place::Address | Place::Publisher) {
            voice.of_text += weight;
        }
        voice.reasons.push((lexicon.id(cue).to_owned(), weight));
    }
    voice
}

/// Who speaks in a document of one disclosure. `elsewhere`: the site is not one of those who tell of themselves.
#[must_use]
pub fn tier(document: &Document, voice: &Voice, elsewhere: bool) -> SourceTier {
    match document.source_tier {
        Some(SourceTier::Official) => SourceTier::Official,
        _ if elsewhere && voice.of_text > 0.0 => SourceTier::Repost,
        Some(_) => SourceTier::Press,
        None if voice.is_own() => SourceTier::Official,
        None => SourceTier::Press,
    }
}

/// A sentence without what somebody is quoted with.
fn without_quotations(text: &str) -> String {
    let mut spoken = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '「' => depth += 1,
            '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 => spoken.push(c),
            _ => {}
        }
    }
    spoken
}
