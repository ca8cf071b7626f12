//! Running text in which several organizations each have a figure of their own.

use rouei_model::{CountSubject, Span};

use super::lexicon::{IncidentLexicon, WordList};
use super::naming::EACH;
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Names, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;

/// Clauses of name and figure; nothing where they are parts or partners of one incident.
pub(super) fn clauses(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    own: bool,
) -> Vec<Incident> {
    let text = reading.text();
    let mut found: Vec<Incident> = distributed(reading, organizations, counts);
    let story = super::tells_a_story(reading, organizations);
    let given: Vec<usize> = found.iter().filter_map(|i| i.counts.as_ref()).flatten().copied().collect();
    found.extend(figures(words, reading, organizations, counts).into_iter().filter(|i| {
        // A headline names who the text below is about, often by its service.
        let headline = i.sentences[0].start == 0 && !reading.sentence_text(0).ends_with('。');
        !headline
            && super::tells(reading, story, i.sentences[0].start)
            && !i.counts.as_ref().is_some_and(|c| c.iter().any(|n| given.contains(n)))
    }));
    let leads: Vec<&OrganizationFinding> = found.iter().filter_map(|i| i.lead.as_ref()).collect();
    let mut names = Names::default();
    let distinct = leads.iter().filter(|lead| names.insert(&lead.name)).count();
    if distinct < 2 {
        return Vec::new();
    }
    let several = words.has(WordList::Several, text);
    let partners = words.lists().count(WordList::Partner, text);
    let enough = distinct >= 3 && (several || words.has(WordList::GoesOnTo, text)) || several && partners == 0 && !own;
    if enough { found } else { Vec::new() }
}

/// Every figure that a name in its sentence owns.
pub(super) fn figures(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    let told = |c: &CountFinding| {
        c.value.is_some()
            && c.rejected.is_none()
            && c.subject != CountSubject::Population
            // 乙が約8000人分を提供した一部。: more than what was lost.
            && words.lists().ending(WordList::Continues, reading.sentence_text(c.sentence)).is_none()
    };
    let owners: Vec<Option<OrganizationFinding>> = (0..counts.len())
        .map(|index| {
            let owner = || owner(words, reading, organizations, counts, &counts[index]).cloned();
            told(&counts[index]).then(owner).flatten()
        })
        .collect();
    // 甲が12件、乙が30件、: among names with their figures another one that nothing knows.
    let known = |sentence: usize| {
        (0..counts.len()).filter(|&i| counts[i].sentence == sentence && owners[i].is_some()).count() >= 2
    };
    let unknown = |index: usize| {
        let count = &counts[index];
        (told(count) && known(count.sentence)).then(|| named_between(words, reading, organizations, count)).flatten()
    };
    (0..counts.len())
        .filter(|&index| told(&counts[index]))
        .filter_map(|index| {
            let lead = unknown(index).or_else(|| owners[index].clone())?;
            // date 2031-02-03 霧影市は…: the mark of a stored page.
            if lead.name == "date" {
                return None;
            }
            // 大阪府の9万人: where the persons live.
            let between = reading.text().get(lead.span.end..counts[index].span.start);
            if lead.kind == OrganizationKind::Prefecture && between.is_some_and(|b| matches!(b, "の" | "が" | "は"))
            {
                return None;
            }
            Some(Incident {
                sentences: vec![counts[index].sentence..counts[index].sentence + 1],
                lead: Some(lead.clone()),
                shape: Shape::Clause,
                counts: Some(vec![index]),
                reported: None,
                service: None,
            })
        })
        .collect()
}

/// 、乙が約10万件: the run of nouns between the last comma and the particle of a figure.
fn named_between(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    count: &CountFinding,
) -> Option<OrganizationFinding> {
    const LONGEST: usize = 16;
    let span = reading.sentences[count.sentence].span;
    let before = &reading.text()[span.start..count.span.start];
    let phrase = before.trim_end_matches(['約', '計', '最', '大', 'の', 'べ', '延']);
    let phrase = ["では", "が", "は", "で"].iter().find_map(|p| phrase.strip_suffix(p))?;
    let comma = phrase.rfind('、')?;
    let name = &phrase[comma + '、'.len_utf8()..];
    let noun =
        |c: char| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphabetic() || c == '々';
    let plain = (3..=LONGEST).contains(&name.chars().count())
        && name.chars().all(noun)
        && ![WordList::NoHouse, WordList::Event].into_iter().any(|l| words.has(l, name))
        && ![WordList::OnlyAKind, WordList::Thing, WordList::Post].into_iter().any(|l| words.has(l, name));
    let start = span.start + comma + '、'.len_utf8();
    let place = Span::new(start, start + name.len());
    let whole = organizations
        .iter()
        .any(|o| o.span.overlaps(place) && (o.span.len() >= place.len() || o.mention <= Mention::Suffix));
    (plain && !whole).then(|| super::unknown::unknown_name(count.sentence, place, name, Mention::Weak))
}

/// Incidents that the running text around a structure tells of.
pub(super) fn mentions(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    structure: &[Incident],
) -> Vec<Incident> {
    let inside = |sentence: usize| structure.iter().any(|i| i.sentences.iter().any(|r| r.contains(&sentence)));
    let mut found: Vec<Incident> =
        figures(words, reading, organizations, counts).into_iter().filter(|i| !inside(i.sentences[0].start)).collect();
    for finding in organizations.iter().filter(|o| !inside(o.sentence) && is_candidate(o)) {
        let sentence = reading.sentences[finding.sentence].span;
        let after = Span::new(finding.span.end, sentence.end).of(reading.text());
        let after = after.trim_start_matches(['」', '』']);
        let told = words.has(WordList::ToldAt, after) && words.has(WordList::ToldMishap, first_clause(after));
        if told {
            found.push(Incident {
                sentences: vec![finding.sentence..finding.sentence + 1],
                lead: Some(finding.clone()),
                shape: Shape::Clause,
                counts: Some(Vec::new()),
                reported: None,
                service: None,
            });
        }
    }
    found
}

fn first_clause(text: &str) -> &str {
    text.split(['、', '。']).next().unwrap_or(text)
}

fn is_candidate(finding: &OrganizationFinding) -> bool {
    finding.onlooker.is_none()
        && !matches!(finding.mention, Mention::FirstPerson)
        && finding.kind != OrganizationKind::Police
}

/// Whose figure it is: `ヤフウ(最大2200万人分)`, `和洋野大では171人分`, `3504万人分が漏えいしたベネタ`.
fn owner<'o>(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &'o [OrganizationFinding],
    counts: &[CountFinding],
    count: &CountFinding,
) -> Option<&'o OrganizationFinding> {
    let text = reading.text();
    let sentence = reading.sentences[count.sentence].span;
    let mut neighbours: Vec<&OrganizationFinding> =
        organizations.iter().filter(|o| o.sentence == count.sentence && is_candidate(o)).collect();
    // 取り引きのある企業
    neighbours.retain(|o| !(o.name.starts_with("ある") && text[..o.span.start].ends_with(['の', 'で'])));
    // The clause that ends in the name: …件のIDが流出した可能性を公表した【名】、
    let next_count = counts
        .iter()
        .filter(|c| c.sentence == count.sentence && c.span.start >= count.span.end && c.value.is_some())
        .map(|c| c.span.start)
        .min()
        .unwrap_or(sentence.end);
    let before =
        neighbours.iter().filter(|o| o.span.end <= count.span.start).max_by_key(|o| (o.span.end, o.span.len()));
    if let Some(name) = before {
        let between = Span::new(name.span.end, count.span.start).of(text);
        let other_count = counts.iter().any(|c| {
            c.sentence == count.sentence
                && c.value.is_some()
                && c.rejected.is_none()
                // 会員1000万人のうち、1万589人分: the population leads up to the figure.
                && c.subject != CountSubject::Population
                && c.span.start >= name.span.end
                && c.span.end <= count.span.start
        });
        let opens = between.trim_start_matches(['」', '』', ')', ']']);
        // …を公表した甲、11月に672万人分…: 甲 closes a clause of its own.
        let closes = opens.starts_with('、')
            && words.has(WordList::ClauseEnd, Span::new(sentence.start, name.span.start).of(text));
        let joined = !closes
            && (opens.starts_with(['(', 'の', 'は', 'が', 'で', 'も', '、', 'へ', 'に', ' ', ':']) || opens.is_empty());
        if joined && !other_count && between.chars().count() <= 90 {
            // 甲ホールディングス(乙コーポレーション)で, 甲[(株)乙]では: who stands before the bracket leads.
            let before = text[..name.span.start].trim_end_matches("(株)").strip_suffix(['(', '[']);
            let outer =
                neighbours.iter().find(|o| Some(o.span.end) == before.map(str::len) && o.span.end < name.span.start);
            return Some(outer.copied().or_else(|| operator_of(text, &neighbours, name)).unwrap_or(name));
        }
    }
    // …分のデータを記録した乙(媒体)を紛失した甲: the last name of the chain of clauses is whose figure it is.
    let mut head: Option<&OrganizationFinding> = None;
    let mut behind: Vec<&&OrganizationFinding> =
        neighbours.iter().filter(|o| o.span.start >= count.span.end && o.span.start < next_count).collect();
    behind.sort_by_key(|o| o.span.start);
    for name in behind {
        let between = Span::new(count.span.end, name.span.start).of(text);
        let told = words.has(WordList::RelativeEnd, between);
        let broken = head.is_some_and(|h| Span::new(h.span.end, name.span.start).of(text).contains(['、', '。']));
        if broken || between.chars().count() > 80 {
            break;
        }
        if told {
            head = Some(name);
        }
    }
    head
}

/// 音羽総研のファイル転送サービス「宅送便」: the operator is meant, not its service.
fn operator_of<'o>(
    text: &str,
    neighbours: &[&'o OrganizationFinding],
    name: &OrganizationFinding,
) -> Option<&'o OrganizationFinding> {
    if !(name.quoted || name.kind == OrganizationKind::Service) || name.mention == Mention::LegalForm {
        return None;
    }
    neighbours
        .iter()
        .filter(|o| o.span.end <= name.span.start && !o.quoted && o.mention <= Mention::Weak)
        .max_by_key(|o| o.span.end)
        .filter(|o| {
            let between = Span::new(o.span.end, name.span.start).of(text);
            between.starts_with(['の', 'が']) && between.chars().count() <= 25 && !between.contains(['、', '。'])
        })
        .copied()
}

/// `甲、乙への攻撃が行われ、それぞれ約29万ID、26万アカウント`: the figures go to the names in order.
fn distributed(reading: &Reading, organizations: &[OrganizationFinding], counts: &[CountFinding]) -> Vec<Incident> {
    let text = reading.text();
    let mut found = Vec::new();
    for (index, sentence) in reading.sentences.iter().enumerate() {
        let Some(at) = sentence.span.of(text).find(EACH).map(|a| a + sentence.span.start) else { continue };
        let names: Vec<&OrganizationFinding> =
            organizations.iter().filter(|o| o.sentence == index && o.span.end <= at && is_candidate(o)).collect();
        let figures: Vec<usize> = counts
            .iter()
            .enumerate()
            .filter(|(_, c)| c.sentence == index && c.span.start >= at && c.value.is_some())
            .map(|(i, _)| i)
            .collect();
        let Some(&last) = names.last().filter(|_| figures.len() >= 2) else { continue };
        let listed = listed_before(text, sentence.span, last, figures.len());
        for (name, &figure) in listed.iter().zip(&figures) {
            found.push(Incident {
                sentences: vec![index..index + 1],
                lead: Some(name.clone()),
                shape: Shape::Clause,
                counts: Some(vec![figure]),
                reported: None,
                service: None,
            });
        }
    }
    found
}

/// The last `wanted` names of an enumeration that ends in a known one: what stands between its commas are names too.
fn listed_before(text: &str, sentence: Span, last: &OrganizationFinding, wanted: usize) -> Vec<OrganizationFinding> {
    let mut names = vec![last.clone()];
    let mut end = last.span.start;
    while names.len() < wanted {
        let before = Span::new(sentence.start, end).of(text);
        let Some(list) =
            before.strip_suffix('、').or_else(|| before.strip_suffix('と')).or_else(|| before.strip_suffix('や'))
        else {
            break;
        };
        let item = list.rsplit(['、', '。', 'と', 'や', 'は']).next().unwrap_or(list).trim();
        if item.is_empty() || item.chars().count() > 20 {
            break;
        }
        let start = sentence.start + list.len() - item.len();
        let mut name = last.clone();
        name.span = Span::new(start, start + item.len());
        item.clone_into(&mut name.name);
        names.insert(0, name);
        end = start;
    }
    if names.len() == wanted { names } else { Vec::new() }
}
