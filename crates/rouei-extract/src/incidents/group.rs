//! Cases told as keys and values: 企業 … 被害時期 … 原因 … 被害内容 …

use rouei_model::BlockKind;

use super::labels::{Label, label_of};
use super::lexicon::IncidentLexicon;
use super::{Incident, Shape};
use crate::organizations::{OrganizationFinding, OrganizationLexicon, read_cell};
use crate::reading::Reading;

/// One incident for each key that asks for an organization, where at least two do and other keys stand beside them.
pub(super) fn groups(words: &IncidentLexicon, reading: &Reading, lexicon: &OrganizationLexicon) -> Vec<Incident> {
    let labelled: Vec<(usize, Label, rouei_model::Span)> = (0..reading.sentences.len())
        .filter_map(|s| label_of(words, reading, s).map(|(l, span)| (s, l, span)))
        .collect();
    let starts: Vec<usize> =
        labelled.iter().enumerate().filter(|(_, (_, l, _))| *l == Label::Organization).map(|(i, _)| i).collect();
    let accompanied = |i: usize| {
        labelled[i + 1..].iter().take(4).any(|(s, l, _)| *l != Label::Organization && *s <= labelled[i].0 + 8)
    };
    let starts: Vec<usize> = starts.into_iter().filter(|&i| accompanied(i)).collect();
    if starts.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (n, &start) in starts.iter().enumerate() {
        let (sentence, _, value) = labelled[start];
        let Some(lead) = lead_at(reading, lexicon, sentence, value) else { continue };
        // The heading above belongs to the case; so does the text up to the heading of the next one.
        let begin = case_begin(words, reading, sentence);
        let end = starts.get(n + 1).map_or_else(
            || section_end(words, reading, sentence),
            |&next| case_begin(words, reading, labelled[next].0),
        );
        found.push(Incident {
            sentences: vec![begin..end.max(sentence + 1)],
            lead: Some(lead),
            shape: Shape::Group,
            counts: None,
            reported: None,
            service: None,
        });
    }
    found
}

fn lead_at(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentence: usize,
    value: rouei_model::Span,
) -> Option<OrganizationFinding> {
    if value == reading.sentences[sentence].span {
        return read_cell(reading, lexicon, sentence);
    }
    // The value shares its sentence with the key: read it as a cell of its own.
    let mut finding = read_cell(reading, lexicon, sentence)?;
    finding.span = value;
    value.of(reading.text()).trim().clone_into(&mut finding.name);
    Some(finding)
}

fn case_begin(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> usize {
    let mut begin = sentence;
    while begin > 0 && begin + 2 > sentence {
        let above = begin - 1;
        let text = reading.sentence_text(above);
        let heading = matches!(reading.block(above).kind, BlockKind::Heading { .. } | BlockKind::Key)
            || (text.chars().count() <= 60 && !text.ends_with('。') && label_of(words, reading, above).is_none());
        if !heading {
            break;
        }
        begin = above;
    }
    begin
}

/// Where the section of a sentence ends: the next heading, or eight sentences on.
fn section_end(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> usize {
    let mut labels_over = false;
    for next in sentence + 1..reading.sentences.len() {
        let text = reading.sentence_text(next);
        let labelled = label_of(words, reading, next).is_some() || matches!(reading.block(next).kind, BlockKind::Key);
        labels_over |= !labelled;
        let heading = matches!(reading.block(next).kind, BlockKind::Heading { .. });
        let looks_like_heading = labels_over && text.chars().count() <= 60 && !text.ends_with(['。', ')']) && !labelled;
        if heading || looks_like_heading || next > sentence + 20 {
            return next;
        }
    }
    reading.sentences.len()
}
