//! Which kinds of data got out, and which the text says did not.
//!
//! A kind is named by a word (`lexicon.toml`) in a sentence that speaks of data, or below a heading or label that does.
//! The first statement behind the word, within its clause, decides whether it is denied.

mod check;
mod lexicon;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use rouei_model::{DataState, DataTypeCode, Span};

pub use lexicon::DataTypeLexicon;

use crate::reading::Reading;

/// Confidence of a denial that speaks of somebody beside those whose data got out; less than that of a leak.
const OF_OTHERS: f64 = 0.74;

/// One mention of a kind of data.
#[derive(Clone, Debug, PartialEq)]
pub struct DataTypeFinding {
    /// The kind.
    pub code: DataTypeCode,
    /// Leaked, or feared to be; or denied.
    pub state: DataState,
    /// The word, in bytes of the normalised text.
    pub span: Span,
    /// The sentence that holds it.
    pub sentence: usize,
    /// Probability that kind and state are right.
    pub confidence: f64,
    /// What decided: the lexicon's id of the setting or of the denial.
    pub rule: String,
}

/// The mentions in a range of sentences, in text order. A kind has one state throughout: a denial goes before a mention
/// that only stands near, a leak stated of the word itself goes before a denial.
#[must_use]
pub fn find(reading: &Reading<'_>, lexicon: &DataTypeLexicon, sentences: Range<usize>) -> Vec<DataTypeFinding> {
    let mut findings = Vec::new();
    for sentence in sentences.start..sentences.end.min(reading.sentences.len()) {
        let text = reading.sentence_text(sentence);
        if lexicon.skips(text) {
            continue;
        }
        let mut around = None;
        for (code, span) in lexicon.mentions(text) {
            let above = around.get_or_insert_with(|| above(reading, sentence, sentences.start));
            let Some((state, confidence, rule)) = judge(lexicon, text, span, above) else { continue };
            let span = span.shifted(reading.sentences[sentence].span.start);
            findings.push(DataTypeFinding { code, state, span, sentence, confidence, rule });
        }
    }
    settle(&mut findings);
    findings
}

/// Headings and labels of a sentence, and the line that leads to it.
struct Above<'t> {
    titles: Vec<&'t str>,
    before: Option<&'t str>,
}

fn above<'t>(reading: &'t Reading<'_>, sentence: usize, first: usize) -> Above<'t> {
    let place = &reading.sentences[sentence];
    let titles = place.labels.iter().chain(&place.headings).map(|&s| reading.sentence_text(s)).collect();
    let before = (sentence > first).then(|| reading.sentence_text(sentence - 1));
    Above { titles, before }
}

fn judge(lexicon: &DataTypeLexicon, text: &str, span: Span, above: &Above<'_>) -> Option<(DataState, f64, String)> {
    let clause = without_asides(clause_behind(&text[span.end..]));
    if let Some(id) = lexicon.denied_behind(&clause) {
        let confidence = if lexicon.of_others(&text[..span.start]) { OF_OTHERS } else { 0.93 };
        return Some((DataState::Denied, confidence, id.to_owned()));
    }
    if let Some(id) = lexicon.stated_behind(&clause) {
        return Some((DataState::Leaked, 0.95, id.to_owned()));
    }
    // A whole list may stand under 含まれていない情報.
    let lead_in = above.before.filter(|line| line.ends_with(':') || line.chars().count() <= 24);
    if let Some(id) = above.titles.iter().copied().chain(lead_in).find_map(|title| lexicon.denied_by_heading(title)) {
        return Some((DataState::Denied, 0.85, id.to_owned()));
    }
    let setting = |line: &str| lexicon.setting(line).map(str::to_owned);
    let words_around = format!("{}{}", &text[..span.start], &text[span.end..]);
    if let Some(id) = setting(&words_around) {
        return Some((DataState::Leaked, 0.9, id));
    }
    let title = above.titles.iter().find_map(|line| setting(line)).map(|id| (DataState::Leaked, 0.85, id));
    title.or_else(|| above.before.and_then(setting).map(|id| (DataState::Leaked, 0.75, id)))
}

/// What stands behind a mention until its clause ends with a contrast.
fn clause_behind(behind: &str) -> &str {
    let ends = ["が、", "で、", "ものの、", "一方、", "一方で", "けれども、", "なお、", "ただし、", "。"];
    // が after a noun marks the subject; only after a verb does it close a clause.
    // So does で behind a list that nothing was said of yet: it is the copula.
    let closes = |at: usize, end: &str| match end {
        "で、" => !behind[..at].contains(['は', 'も', 'が', 'を', 'に']),
        "が、" => behind[..at].ends_with(['す', 'た', 'る', 'い', 'ん']) || behind[..at].ends_with("だ"),
        _ => true,
    };
    let cut = ends
        .iter()
        .flat_map(|end| behind.match_indices(end).filter(|(at, _)| closes(*at, end)).map(|(at, _)| at).next())
        .min();
    &behind[..cut.unwrap_or(behind.len())]
}

/// A clause without the brackets that hold a statement of their own: (お名前は含みません) says nothing of what stands before.
fn without_asides(clause: &str) -> Cow<'_, str> {
    let Some((before, rest)) = clause.split_once('(') else { return Cow::Borrowed(clause) };
    let Some((inside, after)) = rest.split_once(')') else { return Cow::Borrowed(clause) };
    let starts_its_own = inside.find(['は', 'も', 'が']).is_some_and(|at| at > 0);
    if starts_its_own { Cow::Owned(format!("{before}{after}")) } else { Cow::Borrowed(clause) }
}

/// Leaves one state to a kind.
fn settle(findings: &mut Vec<DataTypeFinding>) {
    let mut best: BTreeMap<(DataTypeCode, DataState), f64> = BTreeMap::new();
    for finding in findings.iter() {
        let confidence = best.entry((finding.code, finding.state)).or_default();
        *confidence = confidence.max(finding.confidence);
    }
    let loses = |finding: &DataTypeFinding| {
        let other = match finding.state {
            DataState::Leaked => DataState::Denied,
            DataState::Denied => DataState::Leaked,
        };
        let own = best.get(&(finding.code, finding.state)).copied().unwrap_or_default();
        best.get(&(finding.code, other)).is_some_and(|against| *against > own)
    };
    findings.retain(|finding| !loses(finding));
}
