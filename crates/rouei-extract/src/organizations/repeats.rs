//! Names that were recognised once are found everywhere: 「出前亭」 in a headline makes 出前亭の in the text a name.

use rouei_model::Span;

use super::{Mention, OrganizationFinding, OrganizationKind, OrganizationLexicon};
use crate::prefilter::Index;
use crate::reading::Reading;

/// Adds the places where a known name stands without what made it known: its legal form, its quotation marks.
pub(super) fn find(reading: &Reading, lexicon: &OrganizationLexicon, findings: &mut Vec<OrganizationFinding>) {
    let mut known: Vec<&OrganizationFinding> = Vec::new();
    for finding in findings.iter() {
        let telling = matches!(finding.mention, Mention::LegalForm | Mention::Suffix | Mention::Weak)
            || finding.mention == Mention::Bare && finding.quoted;
        let named =
            finding.onlooker.is_none() && finding.name.chars().count() >= 2 && !lexicon.generic.contains(&finding.name);
        if telling && named && !known.iter().any(|k| k.name == finding.name) {
            known.push(finding);
        }
        if known.len() >= MOST_NAMES {
            break;
        }
    }
    if known.is_empty() {
        return;
    }
    let text = reading.text();
    let names: Vec<String> = known.iter().map(|k| k.name.clone()).collect();
    let mut hits: Vec<(usize, usize, usize)> = Vec::new();
    Index::new(&names).scan(text, |start, end, name| match hits.last_mut() {
        // Of the names that begin here, the longest.
        Some(last) if last.0 == start => *last = if end > last.1 { (start, end, name) } else { *last },
        _ => hits.push((start, end, name)),
    });
    let mut added = Vec::new();
    let mut behind = 0;
    for (start, end, name) in hits {
        if start < behind {
            continue;
        }
        behind = end;
        let span = Span::new(start, end);
        let covered = findings.partition_point(|f| f.span.start < span.end);
        let overlaps = findings[covered.saturating_sub(8)..covered].iter().any(|f| f.span.overlaps(span));
        if overlaps || !stands_alone(text, span) {
            continue;
        }
        let Some(sentence) = reading.sentence_at(span.start) else { continue };
        if span.end > reading.sentences[sentence].span.end {
            continue;
        }
        let first = known[name];
        let mention = if first.kind == OrganizationKind::Unknown || first.mention == Mention::Bare {
            Mention::Bare
        } else {
            Mention::Weak
        };
        added.push(OrganizationFinding {
            sentence,
            span,
            legal_form: None,
            ticker: None,
            mention,
            quoted: false,
            ..first.clone()
        });
    }
    findings.extend(added);
    findings.sort_by_key(|f| (f.span.start, f.span.end));
}

/// Names looked for in one document; a page with more is a list.
const MOST_NAMES: usize = 500;

/// Whether the name is no part of a longer word: letters of its own script do not touch it.
fn stands_alone(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let name = span.of(text);
    let joins = |outside: Option<char>, inside: Option<char>| match (outside.map(script), inside.map(script)) {
        (Some(a), Some(b)) => a == b && a != Script::Other && a != Script::Hiragana,
        _ => false,
    };
    !joins(before, name.chars().next()) && !joins(after, name.chars().next_back())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Katakana,
    Hiragana,
    Latin,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '一'..='鿿' | '々' => Script::Kanji,
        'ァ'..='ヿ' => Script::Katakana,
        'ぁ'..='ゖ' => Script::Hiragana,
        _ if c.is_ascii_alphanumeric() => Script::Latin,
        _ => Script::Other,
    }
}
