//! Whether data left, what a document tells of, and which report it is.

mod check;
mod lexicon;
#[cfg(test)]
mod tests;

use std::ops::Range;

use rouei_model::{BlockKind, CauseCode, Event, LeakStatus, Span, Stage};

pub use lexicon::StatusLexicon;
use lexicon::{Cue, Place};

use crate::prefilter::Candidates;
use crate::reading::Reading;

/// The entry of what was not seen; whether that is a denial, the rest of the text says.
const NOT_SEEN: &str = "not-seen";

/// How many sentences belong to the lead: the title and what tells the whole in brief.
const LEAD: usize = 6;

/// Leak status, event and stage, each with what decided it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusFinding {
    /// Whether data left; none where the text does not say.
    pub leak_status: Option<LeakStatus>,
    /// What the document tells of.
    pub event: Event,
    /// Which report it is; the first unless it says otherwise.
    pub stage: Stage,
    /// The words that decided the leak status, in bytes of the normalised text.
    pub leak_span: Option<Span>,
    /// The words that decided the event.
    pub event_span: Option<Span>,
    /// The words that decided the stage.
    pub stage_span: Option<Span>,
    /// Ids of the entries that decided, as `leak/…`, `event/…`, `stage/…`.
    pub rules: Vec<String>,
}

impl StatusFinding {
    /// Fills in what the main cause says: of a text that is silent, or that tells only what the cause outweighs.
    pub fn weigh_cause(&mut self, lexicon: &StatusLexicon, main: CauseCode) {
        if self.leak_status.is_none() {
            self.leak_status = lexicon.implied(main);
            return;
        }
        let entry = self.rules.iter().find_map(|rule| rule.strip_prefix("leak/"));
        // What was not seen is `possible` already where somebody still looks into it.
        if entry != Some(NOT_SEEN) || self.leak_status == Some(LeakStatus::None) {
            self.leak_status = entry.and_then(|entry| lexicon.despite(entry, main)).or(self.leak_status);
        }
    }
}

/// Reads a range of sentences. In each of the three tables of the lexicon, the first entry that holds decides.
#[must_use]
pub fn find(reading: &Reading<'_>, lexicon: &StatusLexicon, sentences: Range<usize>) -> StatusFinding {
    let sentences = sentences.start..sentences.end.min(reading.sentences.len());
    let told: Vec<(usize, Candidates)> = sentences
        .clone()
        .map(|s| (s, reading.sentence_text(s)))
        .filter(|(_, text)| !lexicon.skips(text))
        .map(|(s, text)| (s, lexicon.tables_in.candidates(text)))
        .collect();
    let (events, stages) = (lexicon.leak.len(), lexicon.leak.len() + lexicon.event.len());
    let leak = first(reading, 0, &lexicon.leak, &sentences, &told, &|_| true);
    // Title and lead say how far the matter goes; what a later line presupposes does not go beyond them.
    let doubted = leak.as_ref().and_then(|(cue, _)| cue.gives_way_to).and_then(|place| {
        let there: Vec<_> = told.iter().filter(|(s, _)| stands_in(reading, place, &sentences, *s)).cloned().collect();
        first(reading, 0, &lexicon.leak, &sentences, &there, &|cue| cue.doubt)
    });
    let leak = doubted.or(leak);
    let stage = first(reading, stages, &lexicon.stage, &sentences, &told, &|_| true);
    let event = first(reading, events, &lexicon.event, &sentences, &told, &|_| true);
    let still_open =
        || sentences.clone().any(|s| lexicon.open.iter().any(|cue| cue.matches(reading.sentence_text(s)).is_some()));
    let leak_status = leak.as_ref().map(|(cue, _)| match cue.value {
        LeakStatus::None if cue.id == NOT_SEEN && still_open() => LeakStatus::Possible,
        value => value,
    });
    let mut rules = Vec::new();
    rules.extend(leak.as_ref().map(|(cue, _)| format!("leak/{}", cue.id)));
    rules.extend(event.as_ref().map(|(cue, _)| format!("event/{}", cue.id)));
    rules.extend(stage.as_ref().map(|(cue, _)| format!("stage/{}", cue.id)));
    let stage_value = stage.as_ref().map_or(Stage::First, |(cue, _)| cue.value);
    // A report that tells of nothing else tells more about the incident itself.
    let later = match stage_value {
        Stage::First => Event::Incident,
        Stage::FollowUp | Stage::Final => Event::FollowUp,
        Stage::Correction => Event::Correction,
    };
    StatusFinding {
        leak_status,
        event: event.as_ref().map_or(later, |(cue, _)| cue.value),
        stage: stage_value,
        leak_span: leak.map(|(_, span)| span),
        event_span: event.map(|(_, span)| span),
        stage_span: stage.map(|(_, span)| span),
        rules,
    }
}

/// The first entry asked for that holds, with its first match. So many patterns stand `before` the table in the prefilter.
fn first<'l, T>(
    reading: &Reading<'_>,
    before: usize,
    cues: &'l [Cue<T>],
    sentences: &Range<usize>,
    told: &[(usize, Candidates)],
    asked: &dyn Fn(&Cue<T>) -> bool,
) -> Option<(&'l Cue<T>, Span)> {
    cues.iter().enumerate().filter(|(_, cue)| asked(cue)).find_map(|(number, cue)| {
        let tried = told.iter().filter(|(_, candidates)| candidates.contains(before + number)).map(|&(s, _)| s);
        let found = tried.filter(|&s| stands_in(reading, cue.on, sentences, s)).find_map(|s| {
            let span = cue.matches(reading.sentence_text(s))?;
            Some(span.shifted(reading.sentences[s].span.start))
        });
        found.map(|span| (cue, span))
    })
}

fn stands_in(reading: &Reading<'_>, place: Place, sentences: &Range<usize>, sentence: usize) -> bool {
    let order = sentence - sentences.start;
    let title = order == 0 || reading.block(sentence).kind == BlockKind::Heading { level: 1 };
    match place {
        Place::Title => title,
        Place::Lead => title || order < LEAD,
        Place::Text => true,
    }
}
