//! The name in a name–value pair, however the page writes it.

use std::borrow::Cow;

use rouei_model::Span;
use serde::Deserialize;

use super::lexicon::IncidentLexicon;
use crate::reading::Reading;

/// What a label asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// 企業, 組織, 発表元.
    Organization,
    /// 業種, 業界: what kind of house it was, where no column names any.
    Trade,
    /// 件数, 被害規模.
    Count,
    /// 原因.
    Cause,
    /// 被害時期, 発生日.
    Date,
    /// 被害内容, 概要.
    Description,
}

/// The label of a sentence and the value behind it: a value block, `件数:1,234件`, or `企業 ○○` in plain text.
#[must_use]
pub(super) fn label_of(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> Option<(Label, Span)> {
    let entry = reading.sentences.get(sentence)?;
    if let Some(&key) = entry.labels.first()
        && matches!(reading.block(sentence).kind, rouei_model::BlockKind::Value { .. })
    {
        return classify(words, reading.sentence_text(key)).map(|label| (label, entry.span));
    }
    let text = entry.span.of(reading.text());
    let (key, value) = match text.split_once(':') {
        Some(parts) => parts,
        None => text.split_once(' ').or_else(|| split_at_digit(text))?,
    };
    let label = classify(words, key)?;
    let start = entry.span.end - value.len();
    let lead = value.len() - value.trim_start().len();
    (!value.trim().is_empty()).then(|| (label, Span::new(start + lead, entry.span.end)))
}

/// What may stand around a label.
const DECORATION: [char; 10] = ['・', ':', '【', '】', '-', '*', '▼', '◇', '▶', '◎'];

/// The label that a heading of a table or a key names.
#[must_use]
pub(super) fn classify(words: &IncidentLexicon, key: &str) -> Option<Label> {
    let counts = |c: &char| !c.is_whitespace() && !matches!(c, '【' | '】' | '■' | '●' | '◆' | '○' | '※');
    // What is longer than any label before its bracket is none; most keys that are asked for are sentences.
    let name = key.split('(').next().unwrap_or(key);
    let longest = words.longest_label();
    if name.chars().filter(|c| counts(c) && !DECORATION.contains(c)).take(longest + 1).count() > longest {
        return None;
    }
    // Most keys are written without blanks and brackets.
    let key = match key.chars().all(|c| counts(&c)) {
        true => Cow::Borrowed(key),
        false => Cow::Owned(key.chars().filter(counts).collect()),
    };
    let key = key.trim_matches(DECORATION);
    words.label(key).or_else(|| {
        let bare = key.split('(').next().unwrap_or(key);
        (bare.len() < key.len()).then(|| words.label(bare)).flatten()
    })
}

/// `被害時期2022年10月`: the blank beside the digit is gone.
fn split_at_digit(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|c: char| c.is_ascii_digit() || c == '約')?;
    Some((&text[..at], &text[at..]))
}
