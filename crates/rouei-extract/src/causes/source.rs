//! The document's own words for the cause: 原因：誤送信, 設定の誤りが原因, 【紛失】.

use std::ops::Range;

use rouei_model::{CauseCode, Span};

use super::lexicon::{Source, Stands};
use super::{CauseFinding, CauseLexicon, SourceLabel};
use crate::reading::Reading;

/// A name for a cause is short; what is longer tells a story. Characters.
const LONGEST: usize = 60;
/// A bracket before an item of a roundup holds a word.
const LONGEST_IN_BRACKETS: usize = 16;

/// The value beside a key or below a header that announces a cause, or behind such a key in the line itself.
pub(super) fn labelled(reading: &Reading<'_>, lexicon: &CauseLexicon, sentence: usize) -> Option<Span> {
    let text = reading.sentence_text(sentence);
    let start = reading.sentences[sentence].span.start;
    let beside =
        |s: &usize| of(lexicon, Stands::Beside).any(|source| source.pattern.is_match(reading.sentence_text(*s)));
    let from = if reading.sentences[sentence].labels.iter().any(beside) {
        0
    } else {
        of(lexicon, Stands::Behind).filter(|s| s.id == IN_LINE).find_map(|s| s.pattern.find(text))?.end()
    };
    let written = text[from..].split('|').next().unwrap_or("");
    trimmed(written, from, LONGEST).map(|span| span.shifted(start))
}

/// The entry that is a key in the line itself, which makes as much of its words as a key of the page.
const IN_LINE: &str = "in-line";

/// Gives every finding the words of the document that name its class, and the main one words that name none (確認不足).
pub(super) fn attach(
    reading: &Reading<'_>,
    lexicon: &CauseLexicon,
    sentences: Range<usize>,
    findings: &mut [CauseFinding],
) {
    if findings.is_empty() {
        return;
    }
    let labels: Vec<Words> = sentences.flat_map(|s| words(reading, lexicon, s)).collect();
    for (rank, finding) in findings.iter_mut().enumerate() {
        let names =
            |words: &&Words| finding.spans.iter().any(|s| words.span.start <= s.start && s.end <= words.span.end);
        let unnamed = |words: &&Words| {
            let text = words.span.of(reading.text());
            let unknown = lexicon.under_inquiry.is_match(text) && finding.code != CauseCode::Unknown;
            rank == 0 && words.announced && !unknown && !names_any(lexicon, text)
        };
        let best = labels.iter().filter(names).min_by_key(|w| w.rank);
        let best = best.or_else(|| labels.iter().filter(unnamed).min_by_key(|w| w.rank));
        finding.source_label = best.map(|w| SourceLabel { text: w.span.of(reading.text()).to_owned(), span: w.span });
    }
}

/// Words for a cause, and how much their place says that they are that.
struct Words {
    span: Span,
    /// A key, a header or 原因は announces them, so they name the cause whatever they say.
    announced: bool,
    /// The order of the lexicon.
    rank: usize,
}

fn words(reading: &Reading<'_>, lexicon: &CauseLexicon, sentence: usize) -> Vec<Words> {
    let text = reading.sentence_text(sentence);
    let start = reading.sentences[sentence].span.start;
    let mut out: Vec<Words> = labelled(reading, lexicon, sentence)
        .filter(|span| named(lexicon, span.of(reading.text())))
        .map(|span| Words { span, announced: true, rank: 0 })
        .into_iter()
        .collect();
    for (number, source) in lexicon.sources.iter().enumerate() {
        if source.on == Stands::Below {
            let above = sentence.checked_sub(1).map_or("", |s| reading.sentence_text(s));
            let end = lexicon.source_end.find(text).map_or(text.len(), |m| m.start());
            if source.pattern.is_match(above)
                && let Some(span) = trimmed(&text[..end], 0, LONGEST).filter(|s| named(lexicon, s.of(text)))
            {
                out.push(Words { span: span.shifted(start), announced: source.announces, rank: number + 1 });
            }
            continue;
        }
        let Some(found) = (source.on != Stands::Beside).then(|| source.pattern.find(text)).flatten() else { continue };
        let span = match source.on {
            Stands::Beside | Stands::Below => None,
            Stands::Within => {
                let inner = found.as_str().trim_start_matches(['【', '[', '(', '<', '《', '〔']);
                let lead = found.as_str().len() - inner.len();
                let inner = inner.trim_end_matches(['】', ']', ')', '>', '》', '〕', ':', ' ']);
                trimmed(inner, found.start() + lead, LONGEST_IN_BRACKETS)
            }
            Stands::Behind => {
                let rest = &text[found.end()..];
                let end = lexicon.source_end.find(rest).map_or(rest.len(), |m| m.start());
                trimmed(&rest[..end], found.end(), LONGEST)
            }
            Stands::Before => {
                let front = &text[..found.start()];
                let from = front
                    .rfind(['、', '。', '「', ':', '|'])
                    .map_or(0, |at| at + front[at..].chars().next().map_or(0, char::len_utf8));
                let from = front[from..].rfind("は").map_or(from, |at| from + at + "は".len());
                trimmed(&front[from..], from, LONGEST)
            }
        };
        let span = span.filter(|s| named(lexicon, s.of(text)));
        out.extend(span.map(|span| Words { span: span.shifted(start), announced: source.announces, rank: number + 1 }));
    }
    out
}

/// Whether these words can be a name: not a pointer (以下のとおり), no half of a quotation.
fn named(lexicon: &CauseLexicon, words: &str) -> bool {
    let paired = |open: char, close: char| words.matches(open).count() == words.matches(close).count();
    paired('「', '」') && paired('(', ')') && paired('【', '】') && !lexicon.no_source.is_match(words)
}

/// Whether any cue speaks in these words.
fn names_any(lexicon: &CauseLexicon, words: &str) -> bool {
    let candidates = lexicon.prefilter.candidates(words);
    candidates.iter().any(|c| lexicon.cues[c].pattern.is_match(words))
}

fn of(lexicon: &CauseLexicon, on: Stands) -> impl Iterator<Item = &Source> {
    lexicon.sources.iter().filter(move |s| s.on == on)
}

/// The words without blanks and the full stop, if they are not too long.
fn trimmed(words: &str, at: usize, longest: usize) -> Option<Span> {
    let left = words.trim_start_matches([' ', '\t', '、', ',', ':', '・', '|']);
    let start = at + words.len() - left.len();
    let left = left.trim_end_matches([' ', '\t', '。', '、', '|']);
    let count = left.chars().count();
    (count >= 2 && count <= longest).then(|| Span::new(start, start + left.len()))
}
