//! Lines of one shape below each other in plain text, where no mark-up says that they are a table: a day or a number, a
//! name, and what befell it; or the cells of a table, each on a line of its own.

use std::ops::Range;

use rouei_model::{BlockKind, Span};

use super::labels::{Label, classify};
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::opening;
use super::unknown::unknown_name;
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Names, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;

/// Lines of a shape at least.
const FEWEST: usize = 3;

/// Longest name in characters.
const LONGEST: usize = 20;

/// Longest name in characters that may hold a letter that looks like a particle: はてな.
const SHORT: usize = 5;

/// Lines that may stand between two of a shape: the heading of a kind, a bracket that belongs to the one above.
const BETWEEN: usize = 3;

/// `2017年 霧影放送 3,300万人 …`, `11■霧影・唐影中 32人分の解答用紙を紛失`: one incident a line.
pub(super) fn lines(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    own: bool,
) -> Vec<Incident> {
    if own {
        return Vec::new();
    }
    let mut runs: Vec<Vec<Incident>> = vec![Vec::new()];
    let mut last = 0;
    let mut sentence = 0;
    while sentence < reading.sentences.len() {
        let told = reading.sentence_text(sentence).ends_with('。');
        if told || sentence > last + BETWEEN {
            runs.push(Vec::new());
        }
        match line(words, reading, organizations, counts, sentence).filter(|_| !told) {
            Some(incident) => {
                sentence = incident.sentences[0].end;
                last = sentence;
                if let Some(run) = runs.last_mut() {
                    run.push(incident);
                }
            }
            None => sentence += 1,
        }
    }
    let found: Vec<Incident> = runs.into_iter().filter(|run| super::distinct(run) >= FEWEST).flatten().collect();
    // Lines beside the story of somebody whom none of them names lead elsewhere.
    let listed: Names = found.iter().filter_map(|i| i.lead.as_ref()).map(|lead| lead.name.as_str()).collect();
    let beside = organizations.iter().any(|o| {
        let text = reading.sentence_text(o.sentence);
        o.onlooker.is_none()
            && o.mention <= Mention::Bare
            && text.ends_with('。')
            && words.has(WordList::Announcing, text)
            && words.has(WordList::Event, text)
            && !listed.holds(&o.name)
    });
    if beside { Vec::new() } else { found }
}

/// The incident of a line that opens with a day, a number or a name with a day behind it.
fn line(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    sentence: usize,
) -> Option<Incident> {
    if matches!(reading.block(sentence).kind, BlockKind::TableCell { .. }) {
        return None;
    }
    let span = reading.sentences[sentence].span;
    let line = span.of(reading.text());
    let (mark, _) = opening(line);
    let head = &line[..mark];
    let body = &line[mark..];
    if line.chars().count() > 110 || body.is_empty() || super::leads_elsewhere(words, reading, sentence) {
        return None;
    }
    let dated = |text: &str| text.contains(['年', '/']) && text.contains(|c: char| c.is_ascii_digit());
    // Blanks beside digits are gone: 霧影放送3,300万人, 霧影社約220万.
    let token = body.split(|c: char| " 　:、(「\t約".contains(c) || c.is_ascii_digit()).next().unwrap_or(body);
    let start = span.start + mark;
    let known = organizations.iter().find(|o| {
        o.span.start == start
            && o.mention <= Mention::Bare
            && (o.onlooker.is_none() || o.kind == OrganizationKind::Police)
    });
    let plain = (2..=LONGEST).contains(&token.chars().count())
        && token.chars().any(char::is_alphabetic)
        && !token.contains(['を', 'が', '。'])
        && (!token.contains(['は', 'に', 'で']) || token.chars().count() <= SHORT)
        && classify(words, token).is_none()
        && (known.is_some() || !words.has(WordList::NoHouse, token))
        && ![WordList::Event, WordList::OnlyAKind, WordList::Post, WordList::TotalRow]
            .into_iter()
            .any(|l| words.has(l, token));
    let (lead, end) = match known {
        Some(o) if !plain || o.span.len() >= token.len() => (o.clone(), o.span.end),
        _ if plain => {
            (unknown_name(sentence, Span::new(start, start + token.len()), token, Mention::Weak), start + token.len())
        }
        _ => return None,
    };
    // 霧影銀行 / (海外・金融) / 約1億人 設定ミス: what befell it stands on the lines below its own.
    let tail = Span::new(end, span.end).of(reading.text());
    let mut last = sentence;
    if tail.trim().is_empty() && dated(head) {
        let goes_on = |s: usize| {
            s < reading.sentences.len() && {
                let below = reading.sentence_text(s);
                !below.ends_with('。') && opening(below).0 == 0
            }
        };
        while last < sentence + 2 && goes_on(last + 1) {
            last += 1;
        }
    }
    let told = |s: usize| {
        let text = if s == sentence { tail } else { reading.sentence_text(s) };
        // A day is up to three numbers; what else is counted needs no unit below its heading.
        let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|t| !t.is_empty()).count();
        words.has(WordList::Event, text)
            || words.has(WordList::Headline, text)
            || numbers > 3
            || counts
                .iter()
                .any(|c| c.sentence == s && c.span.start >= end && c.rejected.is_none() && c.value.is_some())
    };
    let numbered = head.contains(|c: char| c.is_ascii_digit());
    let caught = lead.kind == OrganizationKind::Police
        && words.has(WordList::Arrest, tail)
        && !words.has(WordList::Officer, tail);
    ((dated(head) || dated(tail) || numbered && words.has(WordList::Event, tail))
        && !caught
        && (sentence..=last).any(told))
    .then(|| Incident { sentences: vec![sentence..last + 1], ..Incident::line(sentence, lead) })
}

/// Cells of a table on a line each: 番号, 発生日, 概要, 本人の数, 担当課, and then a line for each of them, again and again.
pub(super) fn stacked(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<Incident> {
    let text = |s: usize| reading.sentence_text(s);
    let head = |s: usize| {
        let line = text(s);
        line.chars().count() <= 14 && !line.ends_with('。') && !line.contains(|c: char| c.is_ascii_digit())
    };
    let all = reading.sentences.len();
    let heads: Vec<bool> = (0..all).map(head).collect();
    let labels: Vec<Option<Label>> = (0..all).map(|s| heads[s].then(|| classify(words, text(s))).flatten()).collect();
    if !labels.contains(&Some(Label::Count)) {
        return Vec::new();
    }
    let plain = |s: usize| !matches!(reading.block(s).kind, BlockKind::TableCell { .. });
    let digits = |s: usize| text(s).contains(|c: char| c.is_ascii_digit());
    let mut best: Option<(usize, usize, Vec<Range<usize>>)> = None;
    for begin in 0..all {
        for width in 3..=8 {
            let columns = &labels[begin..(begin + width).min(all)];
            let of = |want: Label| columns.iter().position(|c| *c == Some(want));
            let (Some(count), true) =
                (of(Label::Count), (begin..begin + width).all(|s| s < all && heads[s] && plain(s)))
            else {
                continue;
            };
            let (date, name) = (of(Label::Date), of(Label::Organization));
            let told = of(Label::Description).is_some() || of(Label::Cause).is_some();
            if date.is_none() && name.is_none() || !told && name.is_none() {
                continue;
            }
            let fits = |row: usize| {
                row + width <= all
                    && digits(row + count)
                    && date.is_none_or(|d| digits(row + d) && text(row + d).contains(['月', '/', '.']))
                    && name
                        .is_none_or(|n| text(row + n).contains(char::is_alphabetic) && !text(row + n).ends_with('。'))
            };
            let rows: Vec<Range<usize>> =
                (1..).map(|n| begin + n * width).take_while(|&row| fits(row)).map(|row| row..row + width).collect();
            if rows.len() >= 2 && best.as_ref().is_none_or(|(_, _, b)| rows.len() > b.len()) {
                best = Some((begin, name.unwrap_or(width), rows));
            }
        }
    }
    let Some((begin, name, rows)) = best else { return Vec::new() };
    let house = organizations
        .iter()
        .filter(|o| o.sentence < begin && o.onlooker.is_none() && o.mention <= Mention::Weak)
        .max_by_key(|o| (organizations.iter().filter(|p| p.name == o.name).count(), std::cmp::Reverse(o.span.start)));
    rows.into_iter()
        .filter_map(|row| {
            let lead = match row.clone().nth(name) {
                Some(cell) => {
                    let span = reading.sentences[cell].span;
                    let known =
                        organizations.iter().find(|o| o.span.start == span.start && o.span.len() * 2 > span.len());
                    known.cloned().unwrap_or_else(|| unknown_name(cell, span, text(cell), Mention::Weak))
                }
                None => house?.clone(),
            };
            Some(Incident { sentences: vec![row.clone()], shape: Shape::Row, ..Incident::line(row.start, lead) })
        })
        .collect()
}

/// Headlines and nothing else, each of somebody else: nothing is told below them, so that they are what the page tells.
pub(super) fn headlines(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<Incident> {
    if (0..reading.sentences.len()).any(|s| reading.sentence_text(s).ends_with('。')) {
        return Vec::new();
    }
    let headline = |s: usize| {
        let cell = matches!(reading.block(s).kind, BlockKind::TableCell { .. });
        !cell && words.has(WordList::Headline, reading.sentence_text(s))
    };
    // Of who arrests somebody no leak is told.
    let bystander = |o: &OrganizationFinding, s: usize| match o.kind {
        OrganizationKind::Police => words.has(WordList::Arrest, reading.sentence_text(s)),
        _ => o.onlooker.is_some(),
    };
    let mut known = 0;
    let found: Vec<Incident> = (0..reading.sentences.len())
        .filter_map(|s| {
            let span = reading.sentences[s].span;
            let start = span.start + opening(span.of(reading.text())).0;
            let opens = |o: &&OrganizationFinding| o.span.start == start && o.mention <= Mention::Weak;
            let named = organizations.iter().filter(opens).find(|o| !bystander(o, s)).cloned();
            known += usize::from(named.is_some());
            let lead = named.or_else(|| super::sections::before_comma(words, reading, s))?;
            // 【霧影銀行】顧客1万人分の情報流出か: the name is a line of its own above what befell it.
            let alone = !reading.text()[lead.span.end..span.end].contains(char::is_alphanumeric);
            let end = match (headline(s), alone) {
                (true, _) => s + 1,
                (false, true) if s + 1 < reading.sentences.len() && headline(s + 1) => s + 2,
                _ => return None,
            };
            Some(Incident { sentences: vec![s..end], ..Incident::line(s, lead) })
        })
        .collect();
    // Two are a list where marks set them off and nothing else is marked.
    let marks: Vec<usize> = (0..reading.sentences.len()).filter(|&s| opening(reading.sentence_text(s)).1).collect();
    let marked = marks.len() >= 2 && marks.iter().copied().eq(found.iter().map(|i| i.sentences[0].start));
    let fewest = if marked { 2 } else { FEWEST };
    let distinct = super::distinct(&found);
    if distinct >= fewest && distinct == found.len() && known * 2 >= found.len() { found } else { Vec::new() }
}

/// Headlines with a line each below their days: 2031-02-11, 霧影競技会、申込者情報が閲覧可能に, 氏名などが見える状態だった.
pub(super) fn by_day(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<Incident> {
    const DAYS: usize = 2;
    let all = reading.sentences.len();
    let day = |s: usize| {
        let line = reading.sentence_text(s);
        // 9月12日:唐影社でシステム障害が発生: a key is a step of one course of events.
        !matches!(reading.block(s).kind, BlockKind::Key)
            && line.chars().filter(char::is_ascii_digit).count() >= 3
            && line.chars().all(|c| c.is_ascii_digit() || "年月日/.-: ()月火水木金土".contains(c))
    };
    let days: Vec<usize> = (0..all).filter(|&s| day(s)).collect();
    if days.len() < DAYS {
        return Vec::new();
    }
    let body = |s: usize| s < all && reading.sentence_text(s).ends_with(['。', '.', '…']);
    // A headline that ends in に runs on into the line below it.
    let told = |n: usize| n < all && words.has(WordList::Headline, reading.sentence_text(n));
    let headline = |s: usize| !day(s) && (day(s - 1) || !body(s) && body(s + 1)) && (told(s) || told(s + 1));
    let mut found = Vec::new();
    for s in days[0] + 1..all {
        // A headline that names nobody, or of another matter, ends the one above.
        if !headline(s) {
            continue;
        }
        let span = reading.sentences[s].span;
        let start = span.start + opening(span.of(reading.text())).0;
        let opens =
            |o: &&OrganizationFinding| o.span.start == start && o.mention <= Mention::Bare && o.onlooker.is_none();
        let lead = super::sections::before_comma(words, reading, s)
            .map(|name| organizations.iter().find(|o| o.span == name.span).cloned().unwrap_or(name))
            .or_else(|| organizations.iter().find(opens).cloned());
        let end = (s + 1..all).take_while(|&n| body(n)).last().map_or(s + 1, |last| last + 1);
        if let Some(lead) = lead {
            found.push(Incident { sentences: vec![s..end], shape: Shape::Entry, ..Incident::line(s, lead) });
        }
    }
    // Of one house alone its own days are told.
    if super::distinct(&found) >= 2 { found } else { Vec::new() }
}

/// `病院で起こった事件①霧影病院の事件` and `病院で起こった事件②唐影病院の事件`: headings that differ in a number and a name only.
pub(super) fn headed(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<Incident> {
    let all = reading.sentences.len();
    let mut heads: Vec<(usize, &str, &str)> = Vec::new();
    for sentence in 0..all {
        let line = reading.sentence_text(sentence);
        let numbered = line.char_indices().find(|(_, c)| ('①'..='⑳').contains(c));
        if let Some((at, number)) = numbered
            && line.chars().count() <= 90
            && !line.ends_with('。')
            && line[..at].chars().count() >= 2
        {
            heads.push((sentence, &line[..at], &line[at + number.len_utf8()..]));
        }
    }
    let Some(&(_, prefix, first)) = heads.first() else { return Vec::new() };
    heads.retain(|(_, before, _)| *before == prefix);
    if heads.len() < 2 {
        return Vec::new();
    }
    // What all of them end with is no part of the name, but for the kind of house: 病院の事件.
    let shared = heads[1..].iter().fold(first.chars().count(), |shared, (_, _, tail)| {
        shared.min(first.chars().rev().zip(tail.chars().rev()).take_while(|(a, b)| a == b).count())
    });
    let ending: String = first.chars().skip(first.chars().count() - shared).collect();
    let begins = |n: &usize| words.has(WordList::Head, &ending.chars().take(*n).collect::<String>());
    let kind = (2..=shared.min(4)).rev().find(begins).unwrap_or(0);
    let shared = shared - kind;
    let mut found = Vec::new();
    for (n, &(sentence, _, tail)) in heads.iter().enumerate() {
        let end = heads.get(n + 1).map_or(all, |next| next.0);
        let span = reading.sentences[sentence].span;
        let own: String = tail.chars().take(tail.chars().count().saturating_sub(shared)).collect();
        let own = own.trim_start_matches([':', ' ', '.', '、']);
        let start = span.end - tail.len() + tail.find(own).unwrap_or(0);
        let known = organizations.iter().find(|o| o.span.start >= start && o.span.end <= span.end);
        let name = own.split(['・', ' ', '「', '、', '(', ':', 'の']).next().unwrap_or(own);
        let told = (sentence..end).any(|s| words.has(WordList::Event, reading.sentence_text(s)));
        let plain = (2..=LONGEST).contains(&name.chars().count()) && !words.has(WordList::Event, name);
        let lead = match known {
            Some(known) => known.clone(),
            None if plain => unknown_name(sentence, Span::new(start, start + name.len()), name, Mention::Weak),
            None => continue,
        };
        if told {
            let range = vec![sentence..end];
            found.push(Incident { sentences: range, shape: Shape::Entry, ..Incident::line(sentence, lead) });
        }
    }
    found
}
