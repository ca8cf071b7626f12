//! Headings of one shape, each of which holds the name of somebody else in the same place: 《霧影旅行》名簿を紛失, 霧影旅行(5月3日),
//! 名簿を紛失(霧影旅行), 5月3日 霧影旅行. The shape says where the name stands, whether or not a list knows it.

use std::collections::BTreeMap;
use std::ops::Range;

use rouei_model::{BlockKind, Span};

use super::labels::{Label, classify};
use super::lexicon::{IncidentLexicon, WordList};
use super::shapes::{BRACKETS, MARKS, PARTING, is_day, is_figure, peel};
use super::unknown::unknown_name;
use super::{Incident, Shape};
use crate::organizations::{Mention, Names, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;

/// Headings of a shape at least.
const FEWEST: usize = 3;

/// Longest heading in characters.
const LONGEST_LINE: usize = 90;

/// Longest name in characters.
const LONGEST: usize = 25;

/// A heading, its shape and the name in it.
struct Head {
    sentence: usize,
    /// The last of its sentences: a key and its value are one heading.
    last: usize,
    shape: String,
    lead: OrganizationFinding,
    /// Whether a list knows the name, or it is a kind of house.
    known: bool,
    /// Whether the heading itself says what went wrong.
    told: bool,
}

/// One incident a heading with what stands below it, where three of one shape name somebody else each.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    own: bool,
) -> Vec<Incident> {
    if own {
        return Vec::new();
    }
    let mut heads: Vec<Head> = Vec::new();
    let mut sentence = 0;
    while sentence < reading.sentences.len() {
        let read = heads_of(words, reading, organizations, sentence);
        sentence = read.first().map_or(sentence, |h| h.last) + 1;
        heads.extend(read);
    }
    let mut runs: BTreeMap<&str, Vec<&Head>> = BTreeMap::new();
    for head in &heads {
        runs.entry(&head.shape).or_default().push(head);
    }
    let runs = runs.values().map(|run| read_run(words, reading, organizations, run));
    runs.max_by_key(Vec::len).unwrap_or_default()
}

/// The incidents below headings of one shape; none where they are no list of houses.
fn read_run(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    run: &[&Head],
) -> Vec<Incident> {
    let all = reading.sentences.len();
    let known = run.iter().filter(|h| h.known).count();
    // One or another may have had two of them; the story of one house comes back to it all the time.
    let mut names = Names::default();
    let distinct = run.iter().filter(|h| names.insert(&h.lead.name)).count();
    if distinct < FEWEST
        || known * 2 < run.len()
        || distinct * 4 < run.len() * 3
        || announced(words, reading, organizations, run)
    {
        return Vec::new();
    }
    let heading = |s: usize| !reading.sentence_text(s).ends_with('。');
    let mark = |s: usize| reading.sentence_text(s).chars().next().filter(|c| MARKS.contains(c));
    // ■ over what is told of nobody ends what stands below the ■ before it.
    let alike = |s: usize, n: usize| heading(s) && mark(s).is_some() && mark(s) == mark(run[n].sentence);
    let end = |n: usize| match run.get(n + 1) {
        Some(next) => (run[n].last + 1..next.sentence).find(|&s| alike(s, n)).unwrap_or(next.sentence),
        // The last one has as much below it as those before; another heading ends it.
        None => {
            let usual = run.windows(2).map(|w| w[1].sentence - w[0].last).max().unwrap_or(1);
            let from = run[n].last + 1;
            let plain = (from..all).take_while(|&s| !heading(s)).count();
            (from + plain.max(usual.saturating_sub(1))).min(all)
        }
    };
    let entries: Vec<(Incident, bool)> = run
        .iter()
        .enumerate()
        .map(|(n, head)| {
            let range = head.sentence..end(n).max(head.last + 1);
            // 原因 and 件数 below a name say that it befell them.
            let tells = |s: usize| {
                let text = reading.sentence_text(s);
                words.has(WordList::Event, text) || matches!(classify(words, text), Some(Label::Cause | Label::Count))
            };
            let told = head.told || (head.last + 1..range.end).any(tells);
            let incident = Incident {
                sentences: vec![range],
                shape: Shape::Entry,
                ..Incident::line(head.sentence, head.lead.clone())
            };
            (incident, told)
        })
        .collect();
    let told = entries.iter().filter(|(_, told)| *told).count();
    let most = told * 3 >= entries.len() * 2;
    // A figure below a bare name may be a part of what is told above.
    if most {
        entries.into_iter().filter(|(_, told)| *told).map(|(incident, _)| incident).collect()
    } else {
        Vec::new()
    }
}

/// Whether somebody whom no heading names announces above them what went wrong: below stand the parts of it.
fn announced(words: &IncidentLexicon, reading: &Reading, organizations: &[OrganizationFinding], run: &[&Head]) -> bool {
    let names: Names = run.iter().map(|h| h.lead.name.as_str()).collect();
    let first = run.iter().map(|h| h.sentence).min().unwrap_or(0);
    organizations.iter().filter(|o| o.sentence < first).any(|o| {
        let text = reading.sentence_text(o.sentence);
        o.onlooker.is_none()
            && o.mention <= Mention::FirstPerson
            && (o.mention == Mention::FirstPerson || words.has(WordList::Announcing, text))
            && words.has(WordList::Event, text)
            && text.ends_with('。')
            && !names.holds(&o.name)
    })
}

/// What a line may be as a heading: one for each place in which its name can stand.
fn heads_of(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    sentence: usize,
) -> Vec<Head> {
    let kind = |s: usize| &reading.block(s).kind;
    let mut last = sentence;
    if matches!(kind(sentence), BlockKind::Key) {
        let value = |s: usize| matches!(kind(s), BlockKind::Value { .. });
        last = (sentence + 1..reading.sentences.len()).take_while(|&s| value(s)).last().unwrap_or(sentence);
    }
    let span = Span::new(reading.sentences[sentence].span.start, reading.sentences[last].span.end);
    let line = span.of(reading.text());
    // A value of its own is no heading.
    if matches!(kind(sentence), BlockKind::TableCell { .. } | BlockKind::Value { .. })
        || line.ends_with('。') && !line.starts_with(MARKS)
        || line.chars().count() > LONGEST_LINE
        || super::leads_elsewhere(words, reading, sentence)
    {
        return Vec::new();
    }
    let (mut opened, rest) = peel(line);
    // ◇霧影旅行 職員が名簿を紛失したと5日発表した。: a brief behind its name.
    if line.ends_with('。') {
        opened.push('s');
    }
    let under = kind_above(words, reading, organizations, sentence);
    let mut found = Vec::new();
    let from = span.end - rest.len();
    // Parts of the rest that it begins or ends with.
    let opening = |part: &str| 0..part.len();
    let ending = |part: &str| rest.len() - part.len()..rest.len();
    let mut add = |shape: String, name: Range<usize>, matter: &str| {
        let start = name.end - rest[name.clone()].trim_start().len();
        let name = rest[name].trim();
        let place = Span::new(from + start, from + start + name.len());
        let case = opened.ends_with('c');
        let Some((lead, known)) = name_at(words, organizations, (sentence, place), name, case) else { return };
        let told = [WordList::Event, WordList::Headline, WordList::KindAttacked]
            .into_iter()
            .any(|list| words.has(list, matter));
        let told = told || under.is_some() && is_figure(matter);
        let shape = format!("{opened}{shape}");
        let again = found.iter().any(|h: &Head| h.shape == shape);
        if (matter.trim().is_empty() || told) && !again {
            found.push(Head { sentence, last, shape, lead, known, told });
        }
    };
    for (open, close) in BRACKETS {
        // 《霧影旅行》名簿を紛失, 【名簿を紛失】霧影旅行
        if let Some((inner, behind)) = rest.strip_prefix(open).and_then(|r| r.split_once(close)) {
            let inside = open.len_utf8()..open.len_utf8() + inner.len();
            add(format!("{open}N"), inside.clone(), behind);
            // 【霧影旅行】名簿を紛失 is a key and its value where it is short.
            if open == '【' {
                add("N-H".to_owned(), inside, behind);
            }
            if !inner.is_empty() && !behind.trim().is_empty() {
                add(format!("{open}H{close}N"), ending(behind.trim_start_matches(PARTING)), inner);
            }
        }
        // 名簿を紛失(霧影旅行), 霧影旅行(5月3日)
        if let Some((before, inner)) = rest.strip_suffix(close).and_then(|r| r.rsplit_once(open))
            && !before.trim().is_empty()
        {
            match is_day(inner) {
                true => {
                    add(format!("N{open}D"), opening(before), "");
                    if let Some((name, matter)) = before.split_once(PARTING) {
                        add(format!("N-H{open}D"), opening(name), matter);
                    }
                }
                false if is_figure(inner) => add(format!("N{open}F"), opening(before), inner),
                false => {
                    let inside = before.len() + open.len_utf8();
                    add(format!("H{open}N"), inside..inside + inner.len(), before);
                }
            }
        }
    }
    add("N".to_owned(), opening(rest), "");
    if let Some((name, behind)) = rest.split_once(PARTING) {
        let shape = if is_day(behind) { "N-D" } else { "N-H" };
        add(shape.to_owned(), opening(name), if is_day(behind) { "" } else { behind });
    }
    // 霧影区2031/5/3: the blank beside the digit is gone.
    if let Some(at) = rest.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0 && is_day(&rest[*at..])) {
        add("N-D".to_owned(), 0..at, "");
    }
    // 霧影区30件
    let figure = rest.find(|c: char| c.is_ascii_digit() || c == '約');
    if let Some(at) = figure.filter(|at| *at > 0 && is_figure(&rest[*at..])) {
        add("N-F".to_owned(), 0..at, &rest[at..]);
    }
    // 霧影旅行,名簿の紛失,30件
    if let Some((name, behind)) = rest.split_once([',', '/', '|']) {
        add("N,H".to_owned(), opening(name), behind);
    }
    // 名簿を紛失 / 霧影旅行
    if let Some((matter, name)) = rest.rsplit_once(['/', '-', '|']).filter(|(matter, _)| !matter.trim().is_empty()) {
        add("H/N".to_owned(), ending(name), matter);
    }
    // 霧影旅行が名簿を紛失: where a list knows the name.
    let opens = |o: &&OrganizationFinding| o.span.start == from && o.span.end < span.end && o.mention <= Mention::Weak;
    if let Some(named) = organizations.iter().find(opens)
        && let Some(behind) = reading.text()[named.span.end..span.end].strip_prefix(['が', 'で', 'は', 'も'])
    {
        add("NgaH".to_owned(), 0..named.span.len(), behind);
    }
    found
}

/// Gives each line of a list what stands over it as the kind of what befell it: ■紛失. The next kind begins another list.
pub(super) fn under_kinds(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    incidents: &mut [Incident],
) {
    for incident in incidents {
        let [range] = incident.sentences.as_slice() else { continue };
        let range = range.clone();
        let listed = matches!(incident.shape, Shape::Entry | Shape::Line);
        let Some(kind) = kind_above(words, reading, organizations, range.start).filter(|_| listed) else { continue };
        let same = |s: &usize| reading.sentences[*s].headings.last() == Some(&kind);
        let end = (range.start + 1..range.end).take_while(same).last().unwrap_or(range.start) + 1;
        if !range.contains(&kind) {
            incident.sentences = vec![kind..kind + 1, range.start..end];
        }
    }
}

/// The heading over a line that says what befell all that stand below it, and names nobody.
fn kind_above(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    sentence: usize,
) -> Option<usize> {
    const LONGEST_KIND: usize = 24;
    let above = *reading.sentences[sentence].headings.last().filter(|h| **h != sentence)?;
    let text = reading.sentence_text(above);
    let lists = [WordList::Event, WordList::KindAttacked, WordList::MishapNoun];
    let kind = text.chars().count() <= LONGEST_KIND && lists.into_iter().any(|list| words.has(list, text));
    let named = organizations.iter().any(|o| o.sentence == above);
    // The title of a page says what all of it is about.
    (kind && !named && above > 0 && !text.contains(|c: char| c.is_ascii_digit())).then_some(above)
}

/// The name that fills a place, and whether it is known: a list knows it, or it says what kind of house it was. `case`: the
/// number of a case stands before it.
fn name_at(
    words: &IncidentLexicon,
    organizations: &[OrganizationFinding],
    (sentence, place): (usize, Span),
    name: &str,
    case: bool,
) -> Option<(OrganizationFinding, bool)> {
    let is = |list| words.has(list, name);
    let letters = (2..=LONGEST).contains(&name.chars().count())
        && name.chars().any(|c| c.is_alphabetic() && !"年月日件名人万億約".contains(c))
        && !name.contains(['。', '、', '「', '」', '【', '】', '|', ':', '\n'])
        && !name.contains(|c: char| "をがは".contains(c) && name.chars().count() > 6)
        && classify(words, name).is_none()
        && !is(WordList::TotalRow)
        // 事例2:地方銀行
        && (case || !is(WordList::OnlyAKind));
    if !letters {
        return None;
    }
    let from = organizations.partition_point(|o| o.span.end <= place.start);
    let known = organizations[from..].iter().take_while(|o| o.span.start < place.end).find(|o| {
        let bystander = o.kind != OrganizationKind::Police && o.onlooker.is_some();
        o.mention <= Mention::Bare && !bystander && o.span.len() * 2 > place.len()
    });
    if let Some(known) = known {
        // No.1 霧影旅行: read together with its number.
        let within = known.span.start < place.start || known.span.end > place.end;
        let named = if within { unknown_name(sentence, place, name, known.mention) } else { known.clone() };
        return Some((named, true));
    }
    let said = [WordList::Event, WordList::MishapNoun, WordList::Thing, WordList::NotAName].into_iter().any(is);
    let house = is(WordList::Head) || is(WordList::PlacedHouse) || case && is(WordList::OnlyAKind);
    if house && !said && !is(WordList::AllOfAKind) {
        return Some((unknown_name(sentence, place, name, Mention::Anonymised), true));
    }
    let nobody = is(WordList::NoHouse) && !is(WordList::Shop) || is(WordList::Post);
    let sentence_like = name.contains(|c: char| "をがはにで".contains(c));
    (!said && !nobody && !sentence_like).then(|| (unknown_name(sentence, place, name, Mention::Weak), false))
}
