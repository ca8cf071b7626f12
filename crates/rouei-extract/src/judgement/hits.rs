//! Which cues of the lexicon a text holds.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::JudgementLexicon;
use super::lexicon::without;
use super::shape::{is_item, opening, subject};
use crate::cues::{Cue, Place};
use crate::reading::Reading;

/// Roles that tell of a mishap.
pub(super) const MISHAPS: &[&str] = &["mishap", "tells-mishap", OURS];

/// Roles of what only somebody says who met with a mishap.
pub(super) const TELLS: &[&str] = &["tells", "tells-mishap", OURS, DENIES];

/// Says what did not happen.
const DENIES: &str = "denies";

/// Speaks of cases in general.
const GENERAL: &str = "general";

/// Sums up the cases of many.
const SURVEY: &str = "survey";

/// The same of blanks to be filled in, which weigh as much where a sidebar tells of a case.
const TEMPLATE: &str = "template";

/// Tells of a mishap of whoever writes.
const OURS: &str = "ours";

/// Warnings and guides, which weigh less where the writer was hit.
const ADVICE: &str = "advice";
const ADVICE_OF_THE_HIT: f64 = 0.4;

/// What stands beside words about cases in general.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    /// One case at least, told of by name.
    Case,
    /// A victim that the survey itself names, or a list of cases: that it speaks of others too speaks against nothing.
    Cases,
}

impl Beside {
    /// What general words weigh beside it.
    fn weight(self) -> f64 {
        match self {
            Self::Nothing => 1.0,
            Self::Case => 0.5,
            Self::Cases => 0.0,
        }
    }
}

/// Mistakes that tell nobody anything; words of a leak outdo it.
const HARMLESS: &str = "harmless";

/// How often each cue matches, and which sentences speak of cases in general: of these only what they say against a
/// disclosure counts.
pub(super) struct Hits<'a> {
    lexicon: &'a JudgementLexicon,
    of_cue: Vec<usize>,
    general: Vec<bool>,
    /// What went wrong is only denied.
    pub(super) denied: bool,
    /// What went wrong told nobody anything.
    pub(super) harmless: bool,
}

impl<'a> Hits<'a> {
    pub(super) fn read(lexicon: &'a JudgementLexicon, reading: &Reading) -> Self {
        let count = reading.sentences.len();
        let mut hits = Self {
            lexicon,
            of_cue: vec![0; lexicon.cues().len()],
            general: vec![false; count],
            denied: false,
            harmless: false,
        };
        hits.read_sentences(reading);
        hits.read_titles(reading);
        hits.settle(reading);
        hits
    }

    /// Whether a cue of one of these roles matches.
    pub(super) fn any(&self, roles: &[&str]) -> bool {
        let held = self.lexicon.cues().iter().zip(&self.of_cue).filter(|(_, hits)| **hits > 0);
        held.into_iter().any(|(cue, _)| cue.role.as_deref().is_some_and(|role| roles.contains(&role)))
    }

    /// Whether a cue matches that speaks against a disclosure.
    pub(super) fn speak_against(&self) -> bool {
        self.lexicon.cues().iter().zip(&self.of_cue).any(|(cue, &hits)| hits > 0 && cue.weight < 0.0)
    }

    /// How many of these sentences speak of one case.
    pub(super) fn of_cases(&self, sentences: &[usize]) -> usize {
        sentences.iter().filter(|&&s| !self.general.get(s).is_some_and(|general| *general)).count()
    }

    /// The cues with their weights.
    pub(super) fn reasons(&self, beside: Beside) -> Vec<(String, f64)> {
        let ours = self.any(&[OURS]);
        let weigh = |cue: &Cue, hits: usize| {
            let role = cue.role.as_deref();
            // Long guides repeat themselves; one apology is as good as two.
            let repeated = if cue.weight < 0.0 { 1.0 + 0.25 * (hits.min(4) as f64 - 1.0) } else { 1.0 };
            // A page of figures about many may tell of one case all the same.
            let beside = match role {
                Some(GENERAL) if cue.weight < 0.0 => beside.weight(),
                Some(SURVEY) if beside == Beside::Cases => 0.0,
                _ => 1.0,
            };
            // Whose account was taken warns of mails in its name.
            let advice = if ours && role == Some(ADVICE) { ADVICE_OF_THE_HIT } else { beside };
            (cue.id.clone(), cue.weight * repeated * advice)
        };
        let held = self.lexicon.cues().iter().zip(&self.of_cue).filter(|(_, hits)| **hits > 0);
        held.map(|(cue, &hits)| weigh(cue, hits)).collect()
    }

    fn read_sentences(&mut self, reading: &Reading) {
        let mut supposed = false;
        for sentence in 0..reading.sentences.len() {
            let text = reading.sentence_text(sentence);
            let mut here = matching(self.lexicon, text, false);
            let item = is_item(reading, sentence);
            let speaks_of_many =
                |&cue: &usize| matches!(self.lexicon.cues()[cue].role.as_deref(), Some(GENERAL | TEMPLATE));
            let general = here.iter().any(speaks_of_many) || item && supposed;
            // 以下のようなケースも報告対象です: the items of its list are as general.
            supposed = general && (item || text.contains("ような") || text.contains("場合"));
            here.retain(|&cue| !general || self.lexicon.cues()[cue].weight < 0.0);
            here.into_iter().for_each(|cue| self.of_cue[cue] += 1);
            self.general[sentence] = general;
        }
    }

    fn read_titles(&mut self, reading: &Reading) {
        let title = reading.document.title.as_deref().unwrap_or_default();
        if !title.ends_with('。') {
            matching(self.lexicon, title, true).into_iter().for_each(|cue| self.of_cue[cue] = 1);
        }
        let opening = opening(self.lexicon, reading);
        for line in (0..=opening).chain(subject(self.lexicon, reading).filter(|&line| line > opening)) {
            let text = reading.sentence_text(line);
            // The first sentence of a story is no title: whatever it speaks of beside, 募集 or 対策, is not its matter.
            if text.ends_with('。') {
                continue;
            }
            let general = self.general.get(line).is_some_and(|general| *general);
            let held = matching(self.lexicon, text, true);
            let counts = |cue: &usize| !general || self.lexicon.cues()[*cue].weight < 0.0;
            held.into_iter().filter(counts).for_each(|cue| self.of_cue[cue] = 1);
        }
    }

    /// Who found no leak tells of a mishap only where one is told of; maintenance has leaked nothing either.
    fn settle(&mut self, reading: &Reading) {
        let (told, ours) = (self.any(MISHAPS), self.any(&[OURS]));
        let may_be_harmless = !ours && self.any(&[HARMLESS]);
        self.harmless = may_be_harmless && !self.tell_of_a_leak(reading);
        self.denied = !told && self.any(&[DENIES]);
        for (cue, hits) in self.lexicon.cues().iter().zip(&mut self.of_cue) {
            match cue.role.as_deref() {
                Some(DENIES) if !told || self.harmless => *hits = 0,
                Some(HARMLESS) if !self.harmless => *hits = 0,
                _ => {}
            }
        }
    }

    /// Whether the text tells of a leak that it does not deny. Headlines below it are of other matters.
    fn tell_of_a_leak(&self, reading: &Reading) -> bool {
        let count = self.general.len();
        let told_until = (0..count).rev().find(|&s| reading.sentence_text(s).ends_with('。'));
        let mut own = 0..told_until.map_or(count, |last| last + 1);
        own.any(|s| !self.general[s] && leaks_in(self.lexicon, reading.sentence_text(s)))
    }
}

/// The cues that match a title, or a sentence.
fn matching(lexicon: &JudgementLexicon, text: &str, titles: bool) -> Vec<usize> {
    // 漏えい対策 speaks for nothing, though it may well speak against.
    let guarded = LazyCell::new(|| lexicon.without_prevention(text));
    let matches = |&number: &usize| {
        let cue = &lexicon.cues()[number];
        let read = || if cue.weight > 0.0 { guarded.as_deref().unwrap_or(text) } else { text };
        (cue.on == Place::Title) == titles && cue.pattern.is_match(read())
    };
    lexicon.candidates(text).iter().filter(matches).collect()
}

/// Whether a word of a leak is left in a sentence without what it denies, 個人情報の流出はありません, and without what is
/// harmless, 閲覧しにくい.
fn leaks_in(lexicon: &JudgementLexicon, text: &str) -> bool {
    let innocent = |cue: &&Cue| matches!(cue.role.as_deref(), Some(DENIES | HARMLESS));
    let mut left = Cow::Borrowed(text);
    for cue in lexicon.cues().iter().filter(innocent) {
        if !lexicon.tells_of_a_leak(&left) {
            return false;
        }
        if let Some(cut) = without(&cue.pattern, &left) {
            left = Cow::Owned(cut);
        }
    }
    lexicon.tells_of_a_leak(&left)
}
