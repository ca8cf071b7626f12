//! The cues, words and weights of `lexicon.toml`, read and checked.

use serde::Deserialize;

use crate::cues::{self, Cue};
use crate::lexicon::LexiconError;
use crate::pattern::{self, Regex};
use crate::prefilter::{Candidates, Prefilter};
use crate::script::is_alphanumeric;

const FILE: &str = "judgement/lexicon.toml";

/// The patterns for and against, and what the findings weigh.
#[derive(Debug)]
pub struct JudgementLexicon {
    cues: Vec<Cue>,
    /// Over the patterns of `cues`.
    prefilter: Prefilter,
    information: Information,
    /// Over the words of `information`.
    informing: Prefilter,
    /// Over its words of a leak.
    leaking: Prefilter,
    weights: Weights,
    media: MediaWords,
    subject: Endings,
    step: Endings,
    day_line: DayLine,
    /// Of `prevention`.
    preventing: Regex,
    prevention: Prevention,
}

/// Leaks that are guarded against, insured or feared: 漏えい対策 tells of none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prevention {
    pattern: String,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// How a line ends that is of a kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Endings {
    endings: Vec<String>,
    /// Endings in which one of them stands and means something else.
    #[serde(default)]
    except: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl Endings {
    fn end(&self, line: &str) -> bool {
        let ends = |endings: &[String]| endings.iter().any(|end| line.ends_with(end.as_str()));
        ends(&self.endings) && !ends(&self.except)
    }
}

/// A line that holds nothing but a day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DayLine {
    /// What stands beside its numbers.
    letters: String,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// Words by which a site shows that it carries what others say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaWords {
    publishers: Vec<String>,
    addresses: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

impl MediaWords {
    /// Whether the name of a publisher is that of a medium.
    #[must_use]
    pub fn published_by(&self, publisher: &str) -> bool {
        self.publishers.iter().any(|w| publisher.contains(w.as_str()))
    }

    /// Whether an address is that of a medium or a blog.
    #[must_use]
    pub fn addressed(&self, address: &str) -> bool {
        self.addresses.iter().any(|w| address.contains(w.as_str()))
    }
}

/// What the findings weigh.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    /// Nobody is named or described.
    pub(super) no_organization: f64,
    /// The same, where something went wrong with somebody's information.
    pub(super) no_organization_of_a_mishap: f64,
    /// Somebody says 当社 and is named nowhere.
    pub(super) no_name_of_ours: f64,
    /// An organization with a name that clearly answers for the data.
    pub(super) named_victim: f64,
    /// An organization with a name.
    pub(super) named_organization: f64,
    /// 大手通信会社, 当社.
    pub(super) unnamed_organization: f64,
    /// No cue with the role of a mishap.
    pub(super) no_mishap: f64,
    /// The same, where the text affirms a cause and speaks of somebody's information.
    pub(super) no_mishap_but_a_cause: f64,
    /// An index of notices repeats what the notices say.
    pub(super) listing: f64,
    /// The victim announces, or is said to have leaked.
    pub(super) organization_acts: f64,
    /// A figure of persons or records.
    pub(super) counts: f64,
    /// One sentence says who leaked, and how many or when.
    pub(super) claim: f64,
    /// No cause that the text affirms.
    pub(super) no_cause: f64,
    /// The same, where a mishap is told of.
    pub(super) no_cause_of_a_mishap: f64,
    /// Each of up to three dates with a meaning, where somebody tells of a mishap.
    pub(super) date_of_mishap: f64,
    /// Each of up to three dates with a meaning elsewhere.
    pub(super) date: f64,
    /// Each of up to three where nobody's information is told of, or a mistake told nobody anything: an outage, a misprint.
    pub(super) date_of_nothing: f64,
    /// Nobody's information is spoken of.
    pub(super) no_information: f64,
    /// Incidents that structure or clauses set apart.
    pub(super) several_incidents: f64,
    /// Two incidents or more whose organizations have letters for names.
    pub(super) lettered_cases: f64,
    /// Three rows of a table, or groups of keys and values, with a figure or a cause of their own.
    pub(super) structured_cases: f64,
    /// Each of up to ten such rows.
    pub(super) structured_case: f64,
    /// The log-odds of a disclosure by the second reader.
    pub(super) second_reader: f64,
    /// A text of a line or two that names what happened, to whom, and speaks against nothing.
    pub(super) brief: f64,
    /// A page without any cue.
    pub(super) prior: f64,
}

impl JudgementLexicon {
    /// The lexicon that is compiled in.
    ///
    /// # Errors
    /// Where the file does not parse.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::parse(include_str!("lexicon.toml"))
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// Where the text does not parse or a pattern does not compile.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        let parse = |message: String| LexiconError::Parse { file: FILE.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|e| parse(e.to_string()))?;
        let cues = cues::compile(FILE, file.cue)?;
        let informing = Prefilter::of_words(file.information.words.iter().map(String::as_str));
        let leaking = Prefilter::of_words(file.information.leaks.iter().map(String::as_str));
        let preventing = pattern::compile_alone(&file.prevention.pattern).map_err(|e| parse(e.to_string()))?;
        let prefilter = Prefilter::new(cues.iter().map(|cue| &cue.pattern));
        Ok(Self {
            prefilter,
            cues,
            information: file.information,
            informing,
            leaking,
            weights: file.weights,
            media: file.media,
            subject: file.subject,
            step: file.step,
            day_line: file.day_line,
            preventing,
            prevention: file.prevention,
        })
    }

    /// The patterns, for the test of their examples.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// The cues worth trying on a text.
    pub(super) fn candidates(&self, text: &str) -> Candidates {
        self.prefilter.candidates(text)
    }

    /// Whether a text speaks of somebody's information.
    pub(super) fn tells_of_information(&self, text: &str) -> bool {
        !self.informing.candidates(text).is_empty()
    }

    /// Whether a text has a word of a leak or a loss.
    pub(super) fn tells_of_a_leak(&self, text: &str) -> bool {
        !self.leaking.candidates(text).is_empty()
    }

    /// A text without leaks that are guarded against; none where it speaks of none.
    pub(super) fn without_prevention(&self, text: &str) -> Option<String> {
        without(&self.preventing, text)
    }

    /// What the findings weigh.
    pub(super) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Whose sites carry what others say.
    #[must_use]
    pub fn media(&self) -> &MediaWords {
        &self.media
    }

    /// Whether a line ends as one does that names the matter of a letter.
    pub(super) fn names_a_matter(&self, line: &str) -> bool {
        self.subject.end(line)
    }

    /// Whether a line is a step of a course of events.
    pub(super) fn is_step(&self, line: &str) -> bool {
        self.step.end(line)
    }

    /// Whether a line holds nothing but a day.
    pub(super) fn is_day(&self, line: &str) -> bool {
        let mut letters = line.chars().filter(|&c| is_alphanumeric(c));
        letters.all(|c| c.is_ascii_digit() || self.day_line.letters.contains(c))
    }

    /// Every example and counterexample that does not hold, as `entry: message`.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for cue in &self.cues {
            let misses = cue.examples.iter().filter(|e| !cues::matches_example(cue, e));
            wrong.extend(misses.map(|e| format!("{}: misses {e:?}", cue.id)));
            let hits = cue.counterexamples.iter().filter(|e| cues::matches_example(cue, e));
            wrong.extend(hits.map(|e| format!("{}: matches {e:?}", cue.id)));
        }
        let words = &self.information;
        let misses = words.examples.iter().filter(|e| !self.tells_of_information(e));
        wrong.extend(misses.map(|e| format!("information: misses {e:?}")));
        let hits = words.counterexamples.iter().filter(|e| self.tells_of_information(e));
        wrong.extend(hits.map(|e| format!("information: matches {e:?}")));
        let guards = |text: &&String| self.without_prevention(text).is_some();
        wrong.extend(
            self.prevention.examples.iter().filter(|e| !guards(e)).map(|e| format!("prevention: misses {e:?}")),
        );
        wrong.extend(
            self.prevention.counterexamples.iter().filter(guards).map(|e| format!("prevention: matches {e:?}")),
        );
        let carries = |text: &str| self.media.published_by(text) || self.media.addressed(text);
        wrong.extend(self.media.examples.iter().filter(|e| !carries(e)).map(|e| format!("media: misses {e:?}")));
        wrong.extend(self.media.counterexamples.iter().filter(|e| carries(e)).map(|e| format!("media: matches {e:?}")));
        let mut check = |entry: &str, examples: &[String], counterexamples: &[String], is: &dyn Fn(&str) -> bool| {
            wrong.extend(examples.iter().filter(|e| !is(e)).map(|e| format!("{entry}: misses {e:?}")));
            wrong.extend(counterexamples.iter().filter(|e| is(e)).map(|e| format!("{entry}: matches {e:?}")));
        };
        for (entry, endings) in [("subject", &self.subject), ("step", &self.step)] {
            check(entry, &endings.examples, &endings.counterexamples, &|line| endings.end(line));
        }
        let day = &self.day_line;
        check("day_line", &day.examples, &day.counterexamples, &|line| self.is_day(line));
        wrong
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<cues::Entry>,
    information: Information,
    weights: Weights,
    media: MediaWords,
    subject: Endings,
    step: Endings,
    day_line: DayLine,
    prevention: Prevention,
}

/// Words for somebody's information.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Information {
    words: Vec<String>,
    leaks: Vec<String>,
    examples: Vec<String>,
    counterexamples: Vec<String>,
}

/// A text with `・` for each match; none where nothing matches.
pub(super) fn without(pattern: &Regex, text: &str) -> Option<String> {
    let mut left = String::new();
    let mut from = 0;
    for found in pattern.find_iter(text) {
        left.push_str(&text[from..found.start()]);
        left.push('・');
        from = found.end();
    }
    (from > 0).then(|| left + &text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_hold() -> Result<(), LexiconError> {
        let wrong = JudgementLexicon::embedded()?.failures();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }
}
