use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rouei_model::{BlockKind, CauseCode, Span};

use super::lexicon::{Context, Cue, Force, Place, Side};
use super::{CauseFinding, CauseLexicon, source};
use crate::reading::Reading;

/// A title says what the document is about; a heading in the text does so less surely.
const TITLE: f64 = 2.0;
const HEADING: f64 = 1.2;
/// The sentences behind the title tell the whole in brief.
const LEAD: (usize, f64) = (4, 1.3);
/// Far down stand history, advice and other news.
const FAR: [(usize, f64); 2] = [(40, 0.6), (15, 0.8)];
/// Below this, a class was hinted at but not stated.
pub(super) const LEAST: f64 = 0.8;
/// A label 原因 with その他 beside it says that the publisher found no class; any class stated outright is better.
const OTHER: f64 = 1.5;
const OTHER_LABEL: &str = "その他";
/// 調査中 beside 原因.
const INQUIRY: f64 = 1.0;
/// What is denied is named by a word. Characters.
const LONGEST_DENIED: usize = 20;
/// Below this, a sentence tells of measures and of what might be: what it denies is not of the incident.
const SPEAKS: f64 = 0.3;

/// One cue in one sentence.
pub(super) struct Hit {
    pub(super) code: CauseCode,
    pub(super) rule: String,
    pub(super) weight: f64,
    /// The cue's own weight, whatever stands around it.
    pub(super) own: f64,
    /// Its cue tells what was seen, not why.
    pub(super) effect: bool,
    /// It stands in the title.
    pub(super) title: bool,
    /// It was thought of, not stated.
    pub(super) doubted: bool,
    /// Its sentence tells of other times and places, or of what might be.
    pub(super) background: bool,
    pub(super) span: Span,
    pub(super) sentence: usize,
}

/// A class that a sentence says it was not.
pub(super) struct Denied {
    pub(super) code: CauseCode,
    pub(super) force: Force,
    /// The cue and the words that deny it.
    pub(super) span: Span,
    pub(super) sentence: usize,
}

/// What a range of sentences says for the classes, and against them.
#[derive(Default)]
pub(super) struct Told {
    pub(super) hits: Vec<Hit>,
    pub(super) denied: Vec<Denied>,
}

/// The strongest cue of each class in each sentence.
pub(super) fn hits(reading: &Reading<'_>, lexicon: &CauseLexicon, sentences: Range<usize>) -> Told {
    let mut told = Told::default();
    for sentence in sentences.clone() {
        let text = reading.sentence_text(sentence);
        // A key that asks (`ランサムウェアか`) states nothing; its value answers.
        if reading.block(sentence).kind == BlockKind::Key && text.trim_end_matches(['?', ':']).ends_with('か') {
            continue;
        }
        let candidates = lexicon.prefilter.candidates(text);
        let matched: Vec<&Cue> =
            candidates.iter().map(|c| &lexicon.cues[c]).filter(|cue| cue.pattern.is_match(text)).collect();
        // Where no cue holds, only a label may still speak, and of labels only その他 and that nobody knows.
        let label = source::labelled(reading, lexicon, sentence);
        let labelled_as = label.map_or("", |span| span.of(reading.text()));
        let beside = match () {
            () if labelled_as.starts_with(OTHER_LABEL) => Some((CauseCode::Other, OTHER_LABEL.len(), OTHER)),
            () if lexicon.under_inquiry.is_match(labelled_as) => Some((CauseCode::Unknown, labelled_as.len(), INQUIRY)),
            () => None,
        };
        if matched.is_empty() && beside.is_none() {
            continue;
        }
        let title = is_title(reading, sentence, &sentences);
        let (factor, background) = factor(reading, lexicon, sentence, &sentences, label.is_some());
        let start = reading.sentences[sentence].span.start;
        let mut best: BTreeMap<CauseCode, Hit> = BTreeMap::new();
        for cue in matched {
            let weight = cue.weight * factor;
            let known = best.get(&cue.code).map_or(0.0, |hit| hit.weight);
            let (found, denied) = affirmed(reading, lexicon, cue, sentence, &sentences);
            if factor >= SPEAKS {
                told.denied.extend(denied);
            }
            if let Some((span, doubted)) = found.filter(|_| weight > known) {
                let (span, rule) = (span.shifted(start), cue.id.clone());
                let (code, effect, own) = (cue.code, cue.effect, cue.weight);
                best.insert(code, Hit { code, rule, weight, own, effect, title, doubted, background, span, sentence });
            }
        }
        if let (Some((code, length, own)), Some(span)) = (beside, label) {
            let span = Span::new(span.start, span.start + length);
            let (rule, weight) = ("source-label".to_owned(), own * factor);
            let (effect, doubted) = (false, false);
            best.insert(code, Hit { code, rule, weight, own, effect, title, doubted, background, span, sentence });
        }
        // BCCではなくCCで送信した: a cue that holds the denial knows what it says.
        let knows = |d: &Denied| {
            let covers = |hit: &Hit| hit.span.start <= d.span.start && d.span.end <= hit.span.end;
            d.sentence == sentence && best.get(&d.code).is_some_and(|hit| !hit.doubted && covers(hit))
        };
        told.denied.retain(|d| !knows(d));
        told.hits.extend(best.into_values());
    }
    told
}

/// One finding for each class, the main one first.
pub(super) fn rank(lexicon: &CauseLexicon, hits: Vec<Hit>) -> Vec<CauseFinding> {
    let mut classes: BTreeMap<CauseCode, Vec<Hit>> = BTreeMap::new();
    for hit in hits {
        classes.entry(hit.code).or_default().push(hit);
    }
    // What only the background speaks of is none of it, where something else is told.
    if classes.values().flatten().any(|hit| !hit.background && !hit.effect && hit.weight >= LEAST) {
        classes.retain(|_, hits| hits.iter().any(|hit| !hit.background));
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

/// Where the sentence says that this happened: the first match that nothing takes back, and whether it is doubted; and
/// the matches that it says did not.
fn affirmed(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    cue: &Cue,
    sentence: usize,
    sentences: &Range<usize>,
) -> (Option<(Span, bool)>, Vec<Denied>) {
    let text = reading.sentence_text(sentence);
    let mut denied = Vec::new();
    if cue.unless.as_ref().is_some_and(|unless| unless.is_match(text)) {
        return (None, denied);
    }
    if let Some(near) = &cue.near {
        let around = sentence.saturating_sub(1).max(sentences.start)..(sentence + 2).min(sentences.end);
        if !around.into_iter().any(|s| near.is_match(reading.sentence_text(s))) {
            return (None, denied);
        }
    }
    for found in cue.pattern.find_iter(text) {
        let behind = &text[found.end()..];
        if cue.unless_next.as_ref().is_some_and(|next| next.is_match(behind)) {
            continue;
        }
        let candidates = lexicon.denials_in.candidates(behind);
        let holding = candidates.iter().map(|d| &lexicon.denials[d]);
        let words = holding.filter_map(|d| Some((d.force, d.pattern.find(behind)?))).max_by_key(|(force, _)| *force);
        match words {
            None => return (Some((Span::new(found.start(), found.end()), false)), denied),
            Some((Force::Doubts, _)) => return (Some((Span::new(found.start(), found.end()), true)), denied),
            Some((force, words)) => {
                let sides = (&text[..found.start()], found.as_str(), behind);
                // A cue that tells a story ends in another clause than it began in, and who knows which of it is denied.
                let word = !found.as_str().contains('、') && found.as_str().chars().count() <= LONGEST_DENIED;
                if force > Force::Suppresses && word && !is_elsewhere(lexicon, force, sides) {
                    let span = Span::new(found.start(), found.end() + words.end());
                    let span = span.shifted(reading.sentences[sentence].span.start);
                    denied.push(Denied { code: cue.code, force, span, sentence });
                }
            }
        }
    }
    (None, denied)
}

/// 他のサーバーへの不正アクセスの形跡はない, 不正アクセスによる被害は確認されていない: the denial is of something else. That it
/// was not this by which it happened is of the incident, whatever is said to have happened.
fn is_elsewhere(lexicon: &CauseLexicon, force: Force, (front, cue, behind): (&str, &str, &str)) -> bool {
    let clause = front.rsplit(['、', '。', '「', '(']).next().unwrap_or(front);
    lexicon.elsewhere.iter().any(|place| match place.on {
        Side::Front => place.pattern.is_match(clause),
        Side::Cue => place.pattern.is_match(cue),
        Side::Behind => force < Force::Concludes && place.pattern.is_match(behind),
    })
}

/// The factor of a sentence's place, whether it tells of something else, and whether it is the title.
pub(super) fn place(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    sentence: usize,
    sentences: &Range<usize>,
) -> (f64, bool, bool) {
    let (factor, background) = factor(reading, lexicon, sentence, sentences, false);
    (factor, background, is_title(reading, sentence, sentences))
}

fn is_title(reading: &Reading<'_>, sentence: usize, sentences: &Range<usize>) -> bool {
    let heads = matches!(reading.block(sentence).kind, BlockKind::Heading { level: 1 });
    heads || (sentence == sentences.start && !reading.sentence_text(sentence).ends_with('。'))
}

/// How much the place of a sentence makes of its cues, and whether it tells of something else.
fn factor(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    sentence: usize,
    sentences: &Range<usize>,
    labelled: bool,
) -> (f64, bool) {
    let text = reading.sentence_text(sentence);
    let level = |s: usize| match reading.block(s).kind {
        BlockKind::Heading { level } => Some(level),
        _ => None,
    };
    let order = sentence - sentences.start;
    let title = is_title(reading, sentence, sentences);
    let mut factor = match (title, level(sentence)) {
        (true, _) => TITLE,
        (false, Some(_)) => HEADING,
        (false, None) if order <= LEAD.0 => LEAD.1,
        _ => FAR.iter().find(|(from, _)| order > *from).map_or(1.0, |(_, far)| *far),
    };
    let mut background = false;
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
            background |= context.background;
        }
    }
    (factor, background)
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
        source_label: None,
        vulnerabilities: Vec::new(),
        score,
        hinted: false,
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
