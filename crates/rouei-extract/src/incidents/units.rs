//! Running text that goes from one incident to the next: paragraphs, list items and lines that each open with somebody
//! else.

use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Names, Onlooker, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;
use crate::script::is_alphanumeric;

/// One incident a unit, where three units (two, if the text counts them off) open with names that stand nowhere else.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    own: bool,
) -> Vec<Incident> {
    if own {
        return Vec::new();
    }
    let story = super::tells_a_story(reading, organizations);
    let units = units(reading);
    let mut leads: Vec<(usize, &OrganizationFinding)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let figure = counts.iter().any(|c| unit.contains(&c.sentence) && c.rejected.is_none() && c.value.is_some());
        let told = unit.clone().any(|s| words.has(WordList::Mishap, reading.sentence_text(s)));
        // 甲は注意喚起を発表した
        let advises = words.has(WordList::Advises, reading.sentence_text(unit.start)) && unit.len() == 1 && !figure;
        if (figure || told && !advises)
            && (unit.len() > 1 || super::tells(reading, story, unit.start))
            && let Some(lead) = opening(words, reading, organizations, behind_day(reading, unit))
        {
            leads.push((index, lead));
        }
    }
    // 甲は10日、…と発表した。 乙は9日、…と発表した。: told one after the other where the text says that they are many.
    let announcing: Vec<(usize, &OrganizationFinding)> = leads
        .iter()
        .filter(|(index, lead)| {
            let text = reading.sentence_text(units[*index].start);
            let topic = reading.text()[lead.span.end..].starts_with('は');
            topic && words.has(WordList::Announcing, text) && !words.has(WordList::Advises, text)
        })
        .copied()
        .collect();
    let mut names = Names::default();
    let distinct = announcing.iter().all(|(_, lead)| names.insert(&lead.name));
    if announcing.len() >= 2 && distinct && words.has(WordList::OneAfterTheOther, reading.text()) {
        return entries(&units, &announcing);
    }
    // 甲は9日、…について発表した。 and nothing but such leads, on a line each.
    let day = |lead: &OrganizationFinding| {
        let behind = reading.text()[lead.span.end..].trim_start_matches('は');
        let letters = behind.chars().take_while(|c| c.is_ascii_digit() || "年月日/".contains(*c)).count();
        letters >= 2 && behind.chars().nth(letters).is_some_and(|c| c == '、' || c == 'に' || c == '付')
    };
    let leads_of_news = announcing.len() >= 3
        && distinct
        && announcing.iter().all(|(index, lead)| units[*index].len() == 1 && day(lead))
        && announcing.len() * 2 >= units.len();
    if leads_of_news {
        let alone = |&(index, lead): &(usize, &OrganizationFinding)| Incident {
            sentences: vec![units[index].clone()],
            shape: Shape::Entry,
            ..Incident::line(units[index].start, lead.clone())
        };
        return announcing.iter().map(alone).collect();
    }
    // The headline and the lines under it may name the one whom the article is about.
    let named: Vec<&OrganizationFinding> = organizations.iter().filter(|o| o.mention != Mention::Anonymised).collect();
    let names: Names = named.iter().map(|o| o.name.as_str()).collect();
    leads.retain(|(index, lead)| {
        let own = &units[*index];
        !names.any(&lead.name, |n| !own.contains(&named[n].sentence))
    });
    let figures = leads
        .iter()
        .filter(|(i, _)| {
            counts.iter().any(|c| units[*i].contains(&c.sentence) && c.rejected.is_none() && c.value.is_some())
        })
        .count();
    let counted_off =
        leads.iter().filter(|(i, _)| words.has(WordList::Ordinal, reading.sentence_text(units[*i].start))).count();
    if !(leads.len() >= 3 && figures >= 2 || leads.len() >= 2 && counted_off >= 2) {
        return Vec::new();
    }
    entries(&units, &leads)
}

/// From each lead to the next.
fn entries(units: &[std::ops::Range<usize>], leads: &[(usize, &OrganizationFinding)]) -> Vec<Incident> {
    leads
        .iter()
        .enumerate()
        .map(|(n, (index, lead))| {
            let start = units[*index].start;
            let end = leads.get(n + 1).map_or(units[*index].end, |(next, _)| units[*next].start);
            let end = end.max(units[*index].end);
            Incident {
                sentences: vec![start..end],
                lead: Some((*lead).clone()),
                shape: Shape::Entry,
                counts: None,
                reported: None,
                service: None,
            }
        })
        .collect()
}

/// Ranges of sentences that begin at a block or at a line.
pub(super) fn units(reading: &Reading) -> Vec<std::ops::Range<usize>> {
    let text = reading.text();
    let mut units: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, sentence) in reading.sentences.iter().enumerate() {
        let line = text[..sentence.span.start].trim_end_matches([' ', '　']).ends_with('\n');
        let block = index == 0 || reading.sentences[index - 1].block != sentence.block;
        match units.last_mut() {
            Some(last) if !line && !block => last.end = index + 1,
            _ => units.push(index..index + 1),
        }
    }
    units
}

/// **2031年11月。霧影病院 1万8千件。: the sentence behind the day that opens a unit.
fn behind_day(reading: &Reading, unit: &std::ops::Range<usize>) -> usize {
    let head = reading.sentence_text(unit.start);
    let day = head.contains(|c: char| c.is_ascii_digit())
        && head.chars().all(|c| c.is_ascii_digit() || "年月日頃ごろ*●・■◆/.。-() ".contains(c));
    if day && unit.len() > 1 { unit.start + 1 } else { unit.start }
}

/// The name that a unit opens with, behind a date, a bullet or a word that counts off; or that its first sentence ends
/// with: `…を明らかにした通販のすぷーん堂。`
fn opening<'o>(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &'o [OrganizationFinding],
    sentence: usize,
) -> Option<&'o OrganizationFinding> {
    let text = reading.text();
    let span = reading.sentences[sentence].span;
    let first = organizations.partition_point(|o| o.span.start < span.start);
    organizations[first..]
        .iter()
        .take_while(|o| o.span.start < span.end)
        .filter(|o| {
            // シティグループ、: known by another mention.
            let known = |o: &OrganizationFinding| {
                o.mention == Mention::Bare
                    && organizations.iter().any(|p| p.mention <= Mention::Weak && same_organization(&p.name, &o.name))
            };
            (o.mention <= Mention::Weak || known(o))
                && !matches!(o.onlooker, Some(Onlooker::Media | Onlooker::Product | Onlooker::Regulator))
                && o.kind != OrganizationKind::Police
        })
        .find(|o| {
            let before = &text[span.start..o.span.start];
            let after = &text[o.span.end..span.end];
            let counted = words.has(WordList::Ordinal, before) && after.starts_with(['が', 'は', '(', 'で']);
            let opens = before.chars().count() <= if counted { 40 } else { 14 }
                && !before.contains('。')
                && (counted || !before.contains('「'))
                && !words.has(WordList::NotAName, before.trim_end())
                || words.has(WordList::OpenedBy, before) && before.chars().count() <= 12;
            let closes = after.chars().filter(|&c| is_alphanumeric(c)).count() == 0;
            // 霧影病院1万4000件: the blank beside the figure is gone.
            let goes_on = after.is_empty()
                || words.has(WordList::GoesOn, after)
                || after.starts_with(|c: char| c.is_ascii_digit() || c == '約' || c == '…');
            opens && goes_on || closes
        })
}
