//! Lines of a name and what befell it: ベネタ:委託先による名簿の転売(2014年).

use std::ops::Range;

use rouei_model::{BlockKind, Span};

use super::labels::classify;
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::opening;
use super::unknown::unknown_name;
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;

/// Lines of a list at least.
const FEWEST: usize = 3;

/// Longest name in characters.
const LONGEST: usize = 25;

/// One incident a line, where three in a row name somebody and most of them say what went wrong.
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
    let mut found: Vec<Incident> = Vec::new();
    let mut run: Vec<(Incident, bool)> = Vec::new();
    // Behind the last line the run ends.
    let lines = super::units::units(reading).into_iter().map(Some).chain([None]);
    for line in lines {
        let line = line.and_then(|line| labelled(words, reading, organizations, counts, line));
        match line {
            Some(line) => run.push(line),
            None => {
                let told = run.iter().filter(|(_, told)| *told).count();
                if run.len() >= FEWEST && told * 3 >= run.len() * 2 {
                    found.extend(run.drain(..).map(|(incident, _)| incident));
                }
                run.clear();
            }
        }
    }
    found
}

/// Keys that name somebody, each with a value that says what befell it: three at least, one below the other.
pub(super) fn keyed(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    own: bool,
) -> Vec<Incident> {
    let all = reading.sentences.len();
    let value = |s: &usize| matches!(reading.block(*s).kind, BlockKind::Value { .. });
    // A figure alone may be a part of a sum (県立霧影高校:96名).
    let told = |s: usize| {
        let text = reading.sentence_text(s);
        words.has(WordList::Event, text) || words.has(WordList::Headline, text)
    };
    let named = |s: usize| {
        let key = reading.sentences[s].span;
        let known = |o: &&OrganizationFinding| {
            o.sentence == s && o.mention <= Mention::Bare && o.onlooker.is_none() && o.span.len() * 2 > key.len()
        };
        organizations.iter().find(known).cloned()
    };
    // つばめ運輸 among keys that name somebody does so too.
    let unknown = |s: usize| {
        let key = reading.sentences[s].span;
        let name = key.of(reading.text());
        let plain = (2..=LONGEST).contains(&name.chars().count())
            && !name.contains(|c: char| "をがはにで、。".contains(c))
            && classify(words, name).is_none()
            && ![WordList::Event, WordList::OnlyAKind, WordList::Thing, WordList::Post, WordList::NoHouse]
                .into_iter()
                .any(|list| words.has(list, name));
        plain.then(|| unknown_name(s, key, name, Mention::Weak))
    };
    let incident = |key: usize| {
        let end = (key + 1..all).take_while(value).last()? + 1;
        let lead = named(key).or_else(|| unknown(key)).filter(|_| (key + 1..end).any(told))?;
        Some(Incident { sentences: vec![key..end], ..Incident::line(key, lead) })
    };
    let keys = (0..all).filter(|&s| reading.block(s).kind == BlockKind::Key && !own);
    let found: Vec<Incident> = keys.filter_map(incident).collect();
    let next_to = |a: &Incident, b: &Incident| a.sentences[0].end == b.sentences[0].start;
    let mostly_known = |run: &&[Incident]| {
        let known = run.iter().filter(|i| named(i.sentences[0].start).is_some()).count();
        run.len() >= FEWEST && known >= 2 && known * 2 >= run.len()
    };
    found.chunk_by(next_to).filter(mostly_known).flatten().cloned().collect()
}

/// 【霧影県】市立小学校 児童の個人情報18人分を紛失, over what is told of it: the place in brackets, a label to the line behind it,
/// and the kind of house are all that names it.
pub(super) fn bracketed(words: &IncidentLexicon, reading: &Reading) -> Vec<Incident> {
    let head = |label: usize| {
        let place = reading.sentence_text(label);
        let span = reading.sentences.get(label + 1)?.span;
        let line = span.of(reading.text());
        let name = line.split([' ', '　', '、', ':']).next()?;
        let house = (2..=4).contains(&place.chars().count())
            && place.ends_with(['県', '府', '都', '道', '市', '町', '村', '区'])
            && (2..=LONGEST).contains(&name.chars().count())
            && name.len() < line.len()
            && (words.has(WordList::Head, name) || words.has(WordList::PlacedHouse, name))
            && !line.ends_with('。');
        let name_span = Span::new(span.start, span.start + name.len());
        house.then(|| unknown_name(label, name_span, &format!("{place}の{name}"), Mention::Anonymised))
    };
    // 霧影県の私立高校で below 【霧影県】私立高等学校: as the text calls it.
    let called = |place: &str, body: Range<usize>| {
        let named = |s: usize| {
            let (_, rest) = reading.sentence_text(s).split_once(place)?;
            let house = rest.strip_prefix('の')?;
            let house = &house[..house.find(|c: char| ('ぁ'..='ん').contains(&c) || "、。".contains(c))?];
            (words.has(WordList::Head, house) || words.has(WordList::PlacedHouse, house))
                .then(|| format!("{place}の{house}"))
        };
        body.into_iter().find_map(named)
    };
    let heads: Vec<OrganizationFinding> = (0..reading.sentences.len()).filter_map(head).collect();
    if heads.len() < FEWEST {
        return Vec::new();
    }
    let ends = heads.iter().skip(1).map(|next| next.sentence).chain([reading.sentences.len()]);
    let entry = |(lead, end): (&OrganizationFinding, usize)| {
        let mut lead = lead.clone();
        let body = (lead.sentence + 2).min(end)..end;
        lead.name = called(reading.sentence_text(lead.sentence), body).unwrap_or(lead.name);
        let sentences = vec![lead.sentence..end];
        Incident { sentences, shape: Shape::Entry, ..Incident::line(lead.sentence, lead) }
    };
    heads.iter().zip(ends).map(entry).collect()
}

/// 霧影県2031年2月3日市立保育園 USBメモリ27件: three lines at least of a place, a day and what kind of house it was.
pub(super) fn placed(words: &IncidentLexicon, reading: &Reading) -> Vec<Incident> {
    let found: Vec<Incident> = (0..reading.sentences.len())
        .filter_map(|sentence| {
            let span = reading.sentences[sentence].span;
            let line = span.of(reading.text());
            let place = line.char_indices().take(4).filter(|(_, c)| "県府都道".contains(*c)).last()?.0;
            let day = &line[place + '県'.len_utf8()..];
            let day = day.trim_start();
            let behind = day.trim_start_matches(|c: char| c.is_ascii_digit() || "年月日/.".contains(c)).trim_start();
            let dated = behind.len() < day.len() && day[..day.len() - behind.len()].contains(['月', '/']);
            let name = behind.split([' ', '　']).next().unwrap_or(behind);
            let house = dated
                && (2..=LONGEST).contains(&name.chars().count())
                && (words.has(WordList::Head, name) || words.has(WordList::PlacedHouse, name))
                && !line.ends_with('。');
            let start = span.end - behind.len();
            house.then(|| Incident {
                sentences: vec![sentence..sentence + 1],
                lead: Some(unknown_name(sentence, Span::new(start, start + name.len()), name, Mention::Anonymised)),
                shape: Shape::Row,
                counts: None,
                reported: None,
                service: None,
            })
        })
        .collect();
    if found.len() >= FEWEST { found } else { Vec::new() }
}

/// 霧影病院: and 霧影病院......827人, 霧影病院 - 名簿の流出: a name and what stands behind it.
fn parted<'l>(words: &IncidentLexicon, line: &'l str) -> Option<(&'l str, &'l str, bool)> {
    let leader = || {
        let at = line.find("..").or_else(|| line.find('…')).or_else(|| line.find("--")).or_else(|| line.find(" - "))?;
        Some((line[..at].trim_end(), line[at..].trim_start_matches(['.', '…', '-', ' ']), true))
    };
    // ミナモの情報漏洩事例USBメモリを紛失
    let joined = || {
        let places = line.match_indices('の').map(|(at, _)| at);
        let mut joints = places.filter_map(|at| Some((at, words.lists().beginning(WordList::CaseJoint, &line[at..])?)));
        joints.next().map(|(at, joint)| (&line[..at], &line[at + joint.len()..], false))
    };
    line.split_once(':').map(|(name, rest)| (name, rest, false)).or_else(leader).or_else(joined)
}

/// The incident of a line, and whether it says what went wrong.
fn labelled(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    unit: Range<usize>,
) -> Option<(Incident, bool)> {
    let sentence = unit.start;
    if matches!(reading.block(sentence).kind, BlockKind::TableCell { .. }) {
        return None;
    }
    let span = reading.sentences[sentence].span;
    let line = span.of(reading.text());
    let (mark, marked) = opening(line);
    let item = marked || matches!(reading.block(sentence).kind, BlockKind::ListItem { .. });
    let (name, rest, leader) = parted(words, &line[mark..])?;
    let name = name.split('(').next().unwrap_or(name).trim().trim_matches(['「', '」', '『', '』', '*']);
    let letters = name.chars().count();
    let plain = (2..=LONGEST).contains(&letters)
        && (!line.ends_with('。') || (item || leader) && unit.len() > 1)
        && !name.contains(|c: char| "をがはにで、。".contains(c))
        && !name.chars().all(|c| c.is_ascii_digit() || "年月日/.-".contains(c))
        && classify(words, name).is_none()
        && !words.has(WordList::Event, name)
        && ![WordList::OnlyAKind, WordList::Thing, WordList::Post].into_iter().any(|l| words.has(l, name));
    let start = span.start + line.find(name).filter(|_| plain)?;
    let place = Span::new(start, start + name.len());
    let from = organizations.partition_point(|o| o.span.end <= place.start);
    let known = organizations[from..]
        .iter()
        .take_while(|o| o.span.start < place.end)
        .find(|o| o.mention <= Mention::Bare && o.onlooker.is_none() && o.kind != OrganizationKind::Police);
    // 霧影県:3人 is a part of something; 担当者:…, 今後の対応:… name nobody.
    let nobody = known.is_none() && words.has(WordList::NoHouse, name) && !words.has(WordList::Shop, name);
    if nobody || known.is_some_and(|o| o.kind == OrganizationKind::Prefecture) {
        return None;
    }
    let lead = match known {
        Some(o) if o.span.start == place.start || o.span.len() * 2 > place.len() => o.clone(),
        _ => unknown_name(sentence, place, name, Mention::Weak),
    };
    let figure = counts.iter().any(|c| unit.contains(&c.sentence) && c.rejected.is_none() && c.value.is_some());
    let tells = |text: &str| words.has(WordList::Event, text) || words.has(WordList::Headline, text);
    let told = tells(rest) || (unit.start + 1..unit.end).any(|s| tells(reading.sentence_text(s)));
    // A figure alone may be a part of a sum.
    (told || figure || rest.chars().count() >= 4).then(|| {
        let incident = Incident { sentences: vec![unit], ..Incident::line(sentence, lead) };
        (incident, told)
    })
}
