//! Is it a disclosure at all?
//!
//! A weighted sum of what the text says (`lexicon.toml`) and of what the extractors found in it. Both the genre and the
//! claims count: a guide that names an organization, a leak and a figure does report an incident.

use crate::cues::{self, Cue, Place};
use crate::lexicon::LexiconError;
use crate::prefilter::Prefilter;
use crate::reading::Reading;

/// The patterns for and against.
#[derive(Debug)]
pub struct JudgementLexicon {
    cues: Vec<Cue>,
    /// Over the patterns of `cues`.
    prefilter: Prefilter,
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
        let cues = cues::parse("judgement/lexicon.toml", text)?;
        Ok(Self { prefilter: Prefilter::new(cues.iter().map(|cue| &cue.pattern)), cues })
    }

    /// The patterns, for the test of their examples.
    #[must_use]
    pub fn cues(&self) -> &[Cue] {
        &self.cues
    }
}

/// What the extractors found, as far as it speaks for or against a disclosure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Findings {
    /// Incidents that structure or clauses set apart, with a name each.
    pub incidents: usize,
    /// Of these, rows of a table, groups of keys and values, entries of a ranking with a figure or a cause of their own.
    pub structured: usize,
    /// The best score of an organization as victim; none where there is no organization.
    pub victim: Option<f64>,
    /// The victim is known by name.
    pub named: bool,
    /// The victim announces, or is said to have leaked.
    pub acts: bool,
    /// Somebody says 当社.
    pub first_person: bool,
    /// Accepted figures of persons or records.
    pub counts: usize,
    /// A cause that the text affirms.
    pub cause: bool,
    /// Dates with a meaning: occurred, discovered, announced.
    pub dates: usize,
}

/// The judgement and what decided it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Above zero: a disclosure.
    pub score: f64,
    /// The cues that fired, with their weights.
    pub reasons: Vec<(String, f64)>,
}

impl Judgement {
    /// Whether the document discloses an incident.
    #[must_use]
    pub fn is_disclosure(&self) -> bool {
        self.score > 0.0
    }
}

/// Sums up what speaks for and against.
#[must_use]
pub fn judge(lexicon: &JudgementLexicon, reading: &Reading, findings: &Findings) -> Judgement {
    let mut reasons: Vec<(String, f64)> = Vec::new();
    let title = reading.document.title.as_deref().unwrap_or_default();
    let first = reading.sentence_text(0);
    let matching = |text: &str, titles: bool, hit: &mut dyn FnMut(usize)| {
        for number in lexicon.prefilter.candidates(text).iter() {
            let cue = &lexicon.cues[number];
            if (cue.on == Place::Title) == titles && cue.pattern.is_match(text) {
                hit(number);
            }
        }
    };
    let mut hits_of = vec![0_usize; lexicon.cues.len()];
    for sentence in 0..reading.sentences.len() {
        matching(reading.sentence_text(sentence), false, &mut |cue| hits_of[cue] += 1);
    }
    for text in [title, first] {
        matching(text, true, &mut |cue| hits_of[cue] = 1);
    }
    for (cue, hits) in lexicon.cues.iter().zip(hits_of) {
        if hits > 0 {
            // Long guides repeat themselves; one apology is as good as two.
            let repeated = if cue.weight < 0.0 { 1.0 + 0.25 * (hits.min(4) as f64 - 1.0) } else { 1.0 };
            reasons.push((cue.id.clone(), cue.weight * repeated));
        }
    }
    let information = PERSONAL.iter().any(|w| reading.text().contains(w));
    let mishap = reasons.iter().any(|(id, _)| MISHAP_CUES.contains(&id.as_str()));
    let said: Vec<String> = reasons.iter().map(|(id, _)| id.clone()).collect();
    let mut add = |name: &str, weight: f64| reasons.push((name.to_owned(), weight));
    match findings.victim {
        None => add("no-organization", if findings.first_person { -0.5 } else { -2.5 }),
        Some(score) if findings.named => add("named-organization", if score > 4.0 { 1.6 } else { 0.7 }),
        Some(_) => add("unnamed-organization", 0.0),
    }
    if !mishap {
        add("no-mishap", -1.2);
    }
    if is_listing(reading) {
        add("listing", -5.0);
    }
    if findings.acts {
        add("organization-acts", 0.2);
    }
    if findings.counts > 0 {
        add("counts", 1.4);
    }
    if !findings.cause {
        add("no-cause", -1.2);
    }
    // Opening hours have dates too; they tell most where something is said to have gone wrong.
    let told = reasons_tell(&said);
    add("dates", if told { 1.2 } else { 0.8 } * findings.dates.min(3) as f64);
    if !information {
        add("no-information", -1.0);
    }
    if findings.incidents >= 2 {
        add("several-incidents", 2.0);
    }
    if findings.structured >= 3 {
        add("structured-cases", 3.0 + 0.5 * findings.structured.min(10) as f64);
    }
    add("prior", PRIOR);
    Judgement { score: reasons.iter().map(|(_, w)| w).sum(), reasons }
}

fn reasons_tell(said: &[String]) -> bool {
    said.iter().any(|id| TELLING_CUES.contains(&id.as_str()))
}

/// Cues that only who tells of a mishap says.
const TELLING_CUES: [&str; 10] = [
    "announced-leak",
    "mishap",
    "notice-title",
    "headline-title",
    "mishap-title",
    "sanctioned",
    "request-to-delete",
    "told-those-affected",
    "apology",
    "no-leak-found",
];

/// Cues that tell of something gone wrong.
const MISHAP_CUES: [&str; 8] = [
    "announced-leak",
    "past-leak",
    "mishap",
    "notice-title",
    "headline-title",
    "mishap-title",
    "sanctioned",
    "on-a-day",
];

/// Whether most lines are dated headlines: an index of notices, which repeats what the notices say.
fn is_listing(reading: &Reading) -> bool {
    let lines: Vec<&str> = (0..reading.sentences.len()).map(|s| reading.sentence_text(s)).collect();
    let dated = lines
        .iter()
        .filter(|l| {
            !l.ends_with('。')
                && l.chars().count() >= 8
                && (l.starts_with("20") || l.starts_with("令和") || l.starts_with("R"))
        })
        .count();
    let told = lines.iter().filter(|l| l.ends_with('。')).count();
    dated >= 4 && dated * 2 > lines.len() && told <= 2
}

/// Words for somebody's information; a mishap without any is another kind of mishap.
const PERSONAL: [&str; 22] = [
    "個人情報",
    "個人データ",
    "氏名",
    "名前",
    "住所",
    "電話番号",
    "メールアドレス",
    "アドレス",
    "生年月日",
    "名簿",
    "顧客",
    "会員",
    "患者",
    "アカウント",
    "パスワード",
    "クレジットカード",
    "カード番号",
    "個人番号",
    "マイナンバー",
    "情報",
    "カルテ",
    "書類",
];

/// What a page without any cue is worth.
const PRIOR: f64 = -1.3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cue_examples_hold() -> Result<(), LexiconError> {
        let lexicon = JudgementLexicon::embedded()?;
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
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }
}
