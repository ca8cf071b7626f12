use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rouei_model::{BlockKind, CauseCode, Span};

use super::lexicon::{Context, Cue, Place};
use super::{CauseFinding, CauseLexicon};
use crate::reading::Reading;

/// A title says what the document is about; a heading in the text does so less surely.
const TITLE: f64 = 2.0;
const HEADING: f64 = 1.2;
/// The sentences behind the title tell the whole in brief.
const LEAD: (usize, f64) = (4, 1.3);
/// Far down stand history, advice and other news.
const FAR: [(usize, f64); 2] = [(40, 0.6), (15, 0.8)];
/// Below this, a class was hinted at but not stated.
const LEAST: f64 = 0.8;
/// A label 原因 with その他 beside it says that the publisher found no class; any class stated outright is better.
const OTHER: f64 = 1.5;
const OTHER_LABEL: &str = "その他";

/// One cue in one sentence.
pub(super) struct Hit {
    code: CauseCode,
    rule: String,
    weight: f64,
    /// Its cue tells what was seen, not why.
    effect: bool,
    span: Span,
    sentence: usize,
    source_label: Option<String>,
}

/// The strongest cue of each class in each sentence.
pub(super) fn hits(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: Range<usize>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for sentence in sentences.clone() {
        let text = reading.sentence_text(sentence);
        // A key that asks (`ランサムウェアか`) states nothing; its value answers.
        if reading.block(sentence).kind == BlockKind::Key && text.trim_end_matches(['?', ':']).ends_with('か') {
            continue;
        }
        let candidates = lexicon.prefilter.candidates(text);
        let matched: Vec<&Cue> =
            candidates.iter().map(|c| &lexicon.cues[c]).filter(|cue| cue.pattern.is_match(text)).collect();
        // Where no cue holds, only a label may still speak, and of labels only その他.
        if matched.is_empty() && !text.contains(OTHER_LABEL) {
            continue;
        }
        let label = source_label(reading, lexicon, sentence);
        let other = label.as_ref().is_some_and(|(l, _)| l.starts_with(OTHER_LABEL));
        if matched.is_empty() && !other {
            continue;
        }
        let factor = factor(reading, lexicon, sentence, &sentences, label.is_some());
        let start = reading.sentences[sentence].span.start;
        let source = label.as_ref().map(|(l, _)| l.clone());
        let mut best: BTreeMap<CauseCode, Hit> = BTreeMap::new();
        for cue in matched {
            let weight = cue.weight * factor;
            if weight <= best.get(&cue.code).map_or(0.0, |hit| hit.weight) {
                continue;
            }
            if let Some(span) = affirmed(reading, lexicon, cue, sentence, &sentences) {
                let span = span.shifted(start);
                let (rule, source_label) = (cue.id.clone(), source.clone());
                let (code, effect) = (cue.code, cue.effect);
                best.insert(code, Hit { code, rule, weight, effect, span, sentence, source_label });
            }
        }
        if let (true, Some((written, at))) = (other, label) {
            let span = Span::new(start + at, start + at + OTHER_LABEL.len());
            let (rule, source_label) = ("source-label".to_owned(), Some(written));
            let weight = OTHER * factor;
            let (code, effect) = (CauseCode::Other, false);
            best.insert(code, Hit { code, rule, weight, effect, span, sentence, source_label });
        }
        hits.extend(best.into_values());
    }
    hits
}

/// One finding for each class, the main one first.
pub(super) fn rank(lexicon: &CauseLexicon, hits: Vec<Hit>) -> Vec<CauseFinding> {
    let mut classes: BTreeMap<CauseCode, Vec<Hit>> = BTreeMap::new();
    for hit in hits {
        classes.entry(hit.code).or_default().push(hit);
    }
    // A class that only says what was seen goes before no other by precedence.
    let explained: BTreeSet<CauseCode> =
        classes.iter().filter(|(_, hits)| hits.iter().any(|hit| !hit.effect)).map(|(&code, _)| code).collect();
    let mut findings: Vec<CauseFinding> = classes.into_values().filter_map(|hits| finding(lexicon, hits)).collect();
    if findings.iter().any(|f| f.code != CauseCode::Unknown) {
        findings.retain(|f| f.code != CauseCode::Unknown);
    }
    // By score; the codes' own order settles ties, so that the result never depends on anything else.
    findings.sort_by(|a, b| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal).then(a.code.cmp(&b.code)));
    let mut main = 0;
    // No class is put first twice, so a ring of precedences in the lexicon cannot hang this.
    let mut seen = Vec::new();
    while let Some(over) = findings.get(main) {
        seen.push(main);
        let next = findings.iter().enumerate().position(|(index, first)| {
            let before = |p: &super::lexicon::Precedence| {
                p.first == first.code && p.over == over.code && first.score >= p.ratio * over.score
            };
            !seen.contains(&index) && explained.contains(&first.code) && lexicon.precedences.iter().any(before)
        });
        match next {
            Some(index) => main = index,
            None => break,
        }
    }
    if main < findings.len() {
        let first = findings.remove(main);
        findings.insert(0, first);
    }
    set_confidence(lexicon, &mut findings);
    findings
}

/// Puts CVE, JVN and JVNDB numbers on the class that an exploited weakness explains.
pub(super) fn add_vulnerabilities(reading: &Reading<'_>, sentences: Range<usize>, findings: &mut [CauseFinding]) {
    static NUMBER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"CVE-\d{4}-\d{4,7}|JVN#\d{8}|JVNVU#\d{8}|JVNDB-\d{4}-\d{6}").ok());
    let exploited = [CauseCode::Ransomware, CauseCode::UnauthorizedAccess, CauseCode::Malware];
    let Some(finding) = findings.iter_mut().find(|f| exploited.contains(&f.code)) else { return };
    let Some(number) = NUMBER.as_ref() else { return };
    for sentence in sentences {
        for found in number.find_iter(reading.sentence_text(sentence)) {
            if !finding.vulnerabilities.iter().any(|v| v == found.as_str()) {
                finding.vulnerabilities.push(found.as_str().to_owned());
            }
        }
    }
}

/// Where the sentence says that this happened: the first match that nothing takes back.
fn affirmed(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    cue: &Cue,
    sentence: usize,
    sentences: &Range<usize>,
) -> Option<Span> {
    let text = reading.sentence_text(sentence);
    if cue.unless.as_ref().is_some_and(|unless| unless.is_match(text)) {
        return None;
    }
    if let Some(near) = &cue.near {
        let around = sentence.saturating_sub(1).max(sentences.start)..(sentence + 2).min(sentences.end);
        if !around.into_iter().any(|s| near.is_match(reading.sentence_text(s))) {
            return None;
        }
    }
    cue.pattern.find_iter(text).find_map(|found| {
        let behind = &text[found.end()..];
        let taken_back = cue.unless_next.as_ref().is_some_and(|next| next.is_match(behind))
            || lexicon.denials_in.candidates(behind).iter().any(|d| lexicon.denials[d].pattern.is_match(behind));
        (!taken_back).then(|| Span::new(found.start(), found.end()))
    })
}

/// What the document names as the cause in this sentence, and where in the sentence that begins.
fn source_label(reading: &Reading<'_>, lexicon: &CauseLexicon, sentence: usize) -> Option<(String, usize)> {
    /// A name for a cause is short; what is longer tells a story.
    const LONGEST: usize = 60;
    static INLINE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[|\s]*\S{0,8}(原因|要因)\s*[:|]\s*([^|]+)").ok());
    let text = reading.sentence_text(sentence);
    let is_label = |s: &usize| {
        let label = reading.sentence_text(*s);
        let candidates = lexicon.contexts_in.candidates(label);
        candidates.iter().map(|c| &lexicon.contexts[c]).any(|c| c.on == Place::Label && c.pattern.is_match(label))
    };
    let at = if reading.sentences[sentence].labels.iter().any(is_label) {
        0
    } else if !["原因", "要因"].iter().any(|word| text.contains(word)) {
        return None;
    } else {
        INLINE.as_ref()?.captures(text)?.get(2)?.start()
    };
    let written = text[at..].split('|').next().unwrap_or("").trim();
    (!written.is_empty() && written.chars().count() <= LONGEST).then(|| (written.to_owned(), at))
}

/// How much the place of a sentence makes of its cues.
fn factor(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    sentence: usize,
    sentences: &Range<usize>,
    labelled: bool,
) -> f64 {
    let text = reading.sentence_text(sentence);
    let level = |s: usize| match reading.block(s).kind {
        BlockKind::Heading { level } => Some(level),
        _ => None,
    };
    let order = sentence - sentences.start;
    let title = level(sentence) == Some(1) || (order == 0 && !text.ends_with('。'));
    let mut factor = match (title, level(sentence)) {
        (true, _) => TITLE,
        (false, Some(_)) => HEADING,
        (false, None) if order <= LEAD.0 => LEAD.1,
        _ => FAR.iter().find(|(from, _)| order > *from).map_or(1.0, |(_, far)| *far),
    };
    // The title has the whole document below it, so it says nothing about one sentence.
    let headings: Vec<usize> = reading.sentences[sentence]
        .headings
        .iter()
        .copied()
        .filter(|&h| level(h) != Some(1))
        .chain(section_line(reading, sentence, sentences))
        .collect();
    let in_headings: Vec<_> =
        headings.iter().map(|&h| lexicon.contexts_in.candidates(reading.sentence_text(h))).collect();
    let heads = |context: &Context, number: usize, at: usize| {
        in_headings[at].contains(number) && context.pattern.is_match(reading.sentence_text(headings[at]))
    };
    let in_text = lexicon.contexts_in.candidates(text);
    for (number, context) in lexicon.contexts.iter().enumerate() {
        let applies = match context.on {
            Place::Label => labelled,
            // A title may announce measures along with the incident.
            Place::Sentence => {
                (!title || context.factor == 0.0) && in_text.contains(number) && context.pattern.is_match(text)
            }
            Place::Heading if context.factor < 1.0 => (0..headings.len()).any(|at| heads(context, number, at)),
            Place::Heading => headings.len().checked_sub(1).is_some_and(|last| heads(context, number, last)),
        };
        if applies {
            factor *= context.factor;
        }
    }
    factor
}

fn opens_a_section(c: char) -> bool {
    matches!(c, '0'..='9' | '(' | '<' | '①'..='⑨' | '■' | '□' | '●' | '○' | '◆' | '◇' | '▼' | '【' | '《')
        || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
}

/// The numbered or bulleted line that opens the section of a sentence, where the page has no real headings
/// (`3 再発防止策`).
fn section_line(reading: &Reading<'_>, sentence: usize, sentences: &Range<usize>) -> Option<usize> {
    /// A section is not longer than this many sentences, and its line not longer than this many characters.
    const REACH: usize = 30;
    const LONGEST: usize = 24;
    let opens = |text: &str| {
        text.starts_with(opens_a_section)
            && !text.ends_with(['。', '、', '円', '件', '人', '名'])
            && text.chars().count() <= LONGEST
            && !text.chars().all(|c| c.is_ascii_digit())
    };
    let from = sentences.start.max(sentence.saturating_sub(REACH));
    (from..sentence).rev().find(|&s| opens(reading.sentence_text(s)))
}

fn finding(lexicon: &CauseLexicon, mut hits: Vec<Hit>) -> Option<CauseFinding> {
    hits.sort_by(|a, b| b.weight.partial_cmp(&a.weight).unwrap_or(Ordering::Equal).then(a.sentence.cmp(&b.sentence)));
    // Each further sentence counts half: saying it ten times makes it no truer.
    let score: f64 = hits.iter().zip(0..).map(|(hit, rank)| hit.weight * 0.5f64.powi(rank)).sum();
    let best = hits.first()?;
    (score >= LEAST).then(|| CauseFinding {
        code: best.code,
        label: lexicon.labels.get(&best.code).cloned().unwrap_or_default(),
        source_label: hits.iter().find_map(|hit| hit.source_label.clone()),
        vulnerabilities: Vec::new(),
        score,
        confidence: 0.0,
        rule: best.rule.clone(),
        spans: hits.iter().map(|hit| hit.span).collect(),
        sentence: best.sentence,
    })
}

/// The first is as sure as such findings proved right; classes that stand beside it by rule do not weaken it.
fn set_confidence(lexicon: &CauseLexicon, findings: &mut [CauseFinding]) {
    let Some(main) = findings.first() else { return };
    let (code, score) = (main.code, main.score);
    let beside = |other: CauseCode| lexicon.precedences.iter().any(|p| p.first == code && p.over == other);
    let against: f64 = findings.iter().skip(1).filter(|f| !beside(f.code)).map(|f| f.score).sum();
    let share = score / (score + against);
    let reached = |p: &&super::lexicon::Precision| share >= p.share && score >= p.score;
    let proved = lexicon.precisions.iter().find(reached).map_or(0.0, |p| p.precision);
    for (rank, finding) in findings.iter_mut().enumerate() {
        let strength = 1.0 - (-finding.score / 3.0).exp();
        let sure = if rank == 0 { proved } else { 0.2 + 0.6 * strength };
        finding.confidence = (sure * 100.0).round() / 100.0;
    }
}
