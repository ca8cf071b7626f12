//! Running text that goes from one incident to the next: paragraphs, list items and lines that each open with somebody
//! else.

use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;

/// Words that count incidents off.
const ORDINALS: [&str; 16] = [
    "まず",
    "次は",
    "次に",
    "続いて",
    "ひとつめ",
    "一つ目",
    "ふたつめ",
    "二つ目",
    "みっつめ",
    "三つ目",
    "最後は",
    "トリを",
    "このほか",
    "さらに",
    "1つ目",
    "2つ目",
];

/// Words of mishaps; a unit without a figure needs one.
const MISHAPS: [&str; 22] = [
    "漏",
    "流出",
    "紛失",
    "盗",
    "誤",
    "不正",
    "攻撃",
    "感染",
    "丸見え",
    "落とす",
    "落とし",
    "宛先",
    "公開",
    "掲載",
    "映って",
    "乗っ取",
    "詐取",
    "廃棄",
    "残した",
    "並ぶ",
    "見え",
    "持ち出",
];

/// One incident a unit, where three units (two, if the text counts them off) open with names that stand nowhere else.
pub(super) fn incidents(
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    if organizations.iter().any(|o| o.mention == Mention::FirstPerson) {
        return Vec::new();
    }
    let units = units(reading);
    let mut leads: Vec<(usize, &OrganizationFinding)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let figure = counts.iter().any(|c| unit.contains(&c.sentence) && c.rejected.is_none() && c.value.is_some());
        let told = unit.clone().any(|s| MISHAPS.iter().any(|w| reading.sentence_text(s).contains(w)));
        if (figure || told)
            && let Some(lead) = opening(reading, organizations, unit.start)
        {
            leads.push((index, lead));
        }
    }
    // The headline and the lines under it may name the one whom the article is about.
    leads.retain(|(index, lead)| {
        let own = &units[*index];
        !organizations.iter().any(|o| {
            !own.contains(&o.sentence) && o.mention != Mention::Anonymised && same_organization(&o.name, &lead.name)
        })
    });
    let figures = leads
        .iter()
        .filter(|(i, _)| {
            counts.iter().any(|c| units[*i].contains(&c.sentence) && c.rejected.is_none() && c.value.is_some())
        })
        .count();
    let counted_off = leads
        .iter()
        .filter(|(i, _)| ORDINALS.iter().any(|w| reading.sentence_text(units[*i].start).starts_with(w)))
        .count();
    if !(leads.len() >= 3 && figures >= 2 || leads.len() >= 2 && counted_off >= 2) {
        return Vec::new();
    }
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
fn units(reading: &Reading) -> Vec<std::ops::Range<usize>> {
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

/// The name that a unit opens with, behind a date, a bullet or a word that counts off; or that its first sentence ends
/// with: `…を明らかにした通販のすぷーん堂。`
fn opening<'o>(
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
            o.mention <= Mention::Weak
                && !matches!(o.onlooker, Some(Onlooker::Media | Onlooker::Product | Onlooker::Regulator))
                && o.kind != OrganizationKind::Police
        })
        .find(|o| {
            let before = &text[span.start..o.span.start];
            let after = &text[o.span.end..span.end];
            let opens = before.chars().count() <= 14
                && !before.contains(['。', '「'])
                && !before.trim_end().ends_with(['の', 'を', 'が', 'に', 'は', 'で', 'と'])
                || ["家具の", "通販の", "の"].iter().any(|w| before.ends_with(w)) && before.chars().count() <= 12;
            let closes = after.chars().filter(|c| c.is_alphanumeric()).count() == 0;
            let goes_on = after.is_empty()
                || after.starts_with([' ', '　', 'は', 'が', 'で', 'の', '、', '(', '。', ':', 'も', 'に']);
            opens && goes_on || closes
        })
}
