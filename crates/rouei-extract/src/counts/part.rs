//! Figures of which others are parts, or from which others were drawn: XのうちY, X(うちY), X人中Y人.

use rouei_model::CountSubject;

use super::lexicon::CountLexicon;
use super::relation::{behind, gap, place_index};
use super::words::WordList;
use super::{CountFinding, Place};

/// Marks before the words of a line.
const BULLETS: [char; 14] = ['-', '・', '●', '○', '■', '□', '◆', '◇', '▼', '※', '*', ' ', '\u{3000}', '('];

/// The finding that `i` is a part of: XのうちY, X。うちY, X(Y + Z).
pub(super) fn parent_of(
    findings: &[CountFinding],
    previous: usize,
    i: usize,
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) -> Option<usize> {
    let (value, max) = (findings[i].value?, findings[previous].value?);
    let distance = place_index(findings, i, places) - place_index(findings, previous, places);
    if distance > 2 || findings[i].total || findings[i].deduplicated {
        return None;
    }
    let between = gap(findings, previous, i, places);
    let introduced = lexicon.cues.part.find_iter(between).last().is_some_and(|m| {
        // ・うちカード情報を含む流出の可能性がある人数:4,262人: a line that opens so is all about the part.
        let opens = distance > 0 && between[..m.start()].trim_start_matches(BULLETS).is_empty();
        !between[m.end()..].contains(['。'])
            && between[m.end()..].chars().count() <= if opens { 48 } else { 24 }
            && in_part(m, between, lexicon)
    });
    if introduced {
        if value <= max {
            return Some(previous);
        }
        let outer = findings[previous].part_of.filter(|&p| findings[p].value.is_some_and(|v| value <= v));
        return outer.or_else(|| exceeds(findings, previous, i, between).then_some(previous));
    }
    if distance > 0 {
        return None;
    }
    let same_unit = findings[previous].unit == findings[i].unit;
    // うち6件では氏名、10件では住所: the second stands beside the first part.
    if let Some(parent) = findings[previous].part_of.filter(|_| same_unit)
        && findings[parent].subject != CountSubject::Population
        && findings[parent].value.is_some_and(|v| value <= v)
        && !lexicon.cues.addition.is_match(between)
        && findings[parent].unit == findings[i].unit
    {
        return Some(parent);
    }
    let bracketed = between.starts_with('(') && !between.contains(')');
    (bracketed && findings[previous].class == findings[i].class && value < max).then_some(previous)
}

/// 132契約、このうち488契約: what cannot be is kept as it is told, for the record says that it contradicts itself.
fn exceeds(findings: &[CountFinding], whole: usize, part: usize, between: &str) -> bool {
    /// Characters of 、このうち and （うち.
    const MARK: usize = 8;
    let (whole, part_value, unit) = (&findings[whole], findings[part].value, &findings[part].unit);
    let larger = |f: &CountFinding| f.rejected.is_none() && f.unit == *unit && f.value >= part_value;
    whole.sentence == findings[part].sentence
        && whole.unit == *unit
        && between.chars().count() <= MARK
        && !findings[..part].iter().any(larger)
}

/// カードの4,218名は、会員の11,206名に含まれる: a part, wherever the same figure stands.
pub(super) fn included(
    findings: &mut [CountFinding],
    accepted: &[usize],
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) {
    for pair in accepted.windows(2) {
        let (part, whole) = (pair[0], pair[1]);
        let fits = findings[part].sentence == findings[whole].sentence
            && findings[part].class == findings[whole].class
            && findings[part].value < findings[whole].value
            && gap(findings, part, whole, places).starts_with(['は', 'も'])
            && lexicon.cues.included.is_match(behind(&findings[whole], places));
        if fits {
            findings[part].part_of = Some(whole);
        }
    }
}

/// 104名(全校児童312名のうち、…): the figure in brackets is what the one before was drawn from.
pub(super) fn drawn_from(
    findings: &[CountFinding],
    previous: usize,
    i: usize,
    places: &[Place<'_>],
    lexicon: &CountLexicon,
) -> bool {
    if findings[previous].sentence != findings[i].sentence || findings[previous].class != findings[i].class {
        return false;
    }
    let between = gap(findings, previous, i, places);
    findings[i].value > findings[previous].value
        && between.starts_with('(')
        && !between.contains(')')
        && lexicon.lists.has(WordList::DrawnFrom, behind(&findings[i], places))
}

/// 中 is a part marker only directly behind a figure (1万人中30人), うち only as a word.
fn in_part(m: crate::pattern::Match<'_>, between: &str, lexicon: &CountLexicon) -> bool {
    let behind = &between[m.end()..];
    match m.as_str() {
        "中" => {
            (m.start() == 0 || ends_population(&between[..m.start()], lexicon))
                && !lexicon.lists.has(WordList::MiddleOfWord, behind)
        }
        "うち" => !lexicon.lists.has(WordList::UchiOfWord, behind),
        _ => true,
    }
}

/// 10万人の登録者中: what the figure counts stands before 中.
fn ends_population(between: &str, lexicon: &CountLexicon) -> bool {
    between.starts_with('の')
        && between.chars().count() <= 8
        && lexicon.cues.population.find_iter(between).any(|m| m.end() == between.len())
}
