//! What a sentence tells of by the kinds of words in it, where no cue knows its wording.

use std::collections::BTreeMap;
use std::ops::Range;

use rouei_model::{CauseCode, Span};

use super::CauseLexicon;
use super::lexicon::Frame;
use super::scoring::{Hit, place};
use crate::reading::Reading;

/// A sentence of measures or of the background is no account.
const ACCOUNT: f64 = 0.5;

/// The strongest frame of each class in each sentence. A hint: it leads only where nothing is stated, and it does not make
/// an incident of a document.
pub(super) fn hits(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: &Range<usize>) -> Vec<Hit> {
    let mut out = Vec::new();
    for sentence in sentences.clone() {
        let text = reading.sentence_text(sentence);
        let (factor, background, title) = place(reading, lexicon, sentence, sentences);
        if background || factor < ACCOUNT {
            continue;
        }
        let start = reading.sentences[sentence].span.start;
        let mut best: BTreeMap<CauseCode, (&Frame, Span)> = BTreeMap::new();
        for frame in &lexicon.frames {
            let Some(span) = matched(frame, text) else { continue };
            let known = best.get(&frame.code).map_or(0.0, |(known, _)| known.weight);
            if frame.weight > known {
                best.insert(frame.code, (frame, span));
            }
        }
        out.extend(best.into_iter().map(|(code, (frame, span))| Hit {
            code,
            rule: format!("frame-{}", frame.id),
            weight: frame.weight * factor,
            own: frame.weight,
            effect: false,
            title,
            doubted: true,
            background: false,
            span: span.shifted(start),
            sentence,
        }));
    }
    out
}

/// Where the first of its kinds of words stands, if all of them do.
pub(super) fn matched(frame: &Frame, text: &str) -> Option<Span> {
    let first = frame.all.first()?.find(text)?;
    let others = frame.all.iter().skip(1).all(|kind| kind.is_match(text));
    let not = frame.unless.as_ref().is_some_and(|unless| unless.is_match(text));
    (others && !not).then(|| Span::new(first.start(), first.end()))
}
