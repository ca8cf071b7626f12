//! Headlines with or without bodies, one below the other, each about somebody else: digests, lists of cases, archive
//! pages of a blog.

use std::collections::BTreeMap;
use std::ops::Range;

use rouei_model::{BlockKind, Span};

use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Names, Onlooker, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;

/// One incident a section, where two sections tell of a mishap of somebody whom no other section names.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    own: bool,
) -> Vec<Incident> {
    let heads: Vec<usize> = (0..reading.sentences.len()).filter(|&s| is_head(reading, organizations, s)).collect();
    let mut sections: Vec<(Range<usize>, OrganizationFinding)> = Vec::new();
    let mut bodies = 0;
    let mut shapes: Vec<Option<String>> = Vec::new();
    // How many of these there are of each shape.
    let mut of_shape: BTreeMap<String, usize> = BTreeMap::new();
    for (n, &head) in heads.iter().enumerate() {
        let end = heads.get(n + 1).copied().unwrap_or(reading.sentences.len());
        let told = words.has(WordList::Headline, reading.sentence_text(head));
        let body = (head + 1..end).any(|s| reading.sentence_text(s).ends_with('。'));
        // In a notice the figures under names are parts of one incident.
        let figure = !own && counts.iter().any(|c| (head..end).contains(&c.sentence) && c.rejected.is_none());
        let mishap = told || figure || (head + 1..end).any(|s| words.has(WordList::Headline, reading.sentence_text(s)));
        // 2031年1月:霧影財団 between headings of the same shape needs no word of what went wrong.
        let shape = shape(reading, head);
        let shaped = body && shape.as_ref().and_then(|shape| of_shape.get(shape)).is_some_and(|many| *many >= 2);
        if !(mishap || shaped) || !(told || body) {
            continue;
        }
        let named = super::entry::headline_organization(words, reading, organizations, head)
            .filter(|lead| lead.mention <= Mention::Weak || is_named(reading, organizations, head));
        // ① 不正アクセスによる流出: the first sentence below says whose.
        // 3. 原因 in a notice: whom its first sentence names is a party.
        let numbered = !own && is_numbered(reading, head);
        let below = || opening(reading, organizations, head + 1..end).filter(|_| told || numbered);
        let subject = || before_comma(words, reading, head).filter(|_| told && !own);
        let ranked = || super::entry::named_by_rank(words, reading, head).filter(|_| body && !own);
        let whole = || whole_heading(words, reading, head).filter(|_| body && !own);
        let Some(lead) = named.or_else(subject).or_else(below).or_else(whole).or_else(ranked) else { continue };
        bodies += usize::from(body);
        // The title of a page is often repeated as its first heading.
        let repeated = |(range, before): &(Range<usize>, OrganizationFinding)| {
            range.len() == 1 && range.end == head && same_organization(&before.name, &lead.name)
        };
        if sections.last().is_some_and(repeated) {
            sections.pop();
        }
        if let Some(shape) = &shape {
            *of_shape.entry(shape.clone()).or_default() += 1;
        }
        let range = if body { head..end } else { head..head + 1 };
        shapes.push(shape);
        sections.push((range, lead));
    }
    // Headlines without bodies are a list only where hardly anything else is told: else they lead to other articles.
    let told = (0..reading.sentences.len()).filter(|&s| reading.sentence_text(s).ends_with('。')).count();
    let marks = sections.iter().filter(|(range, _)| is_marked(reading, range.start)).count();
    let alike = shapes.len() >= 3 && shapes.iter().all(|s| s.is_some() && *s == shapes[0]);
    if alike {
        // 原因 and 概要 below a heading of the shape belong to it.
        let next: Vec<usize> = sections.iter().skip(1).map(|(range, _)| range.start).collect();
        for (at, (range, _)) in sections.iter_mut().enumerate() {
            range.end = next.get(at).copied().unwrap_or(reading.sentences.len());
        }
    }
    if bodies < 2
        && !alike
        && !(bodies == 1 && marks >= 2)
        && (sections.len() < 3 || told >= sections.len() && marks < sections.len())
    {
        return Vec::new();
    }
    let mut section_of: Vec<Option<usize>> = vec![None; reading.sentences.len()];
    for (at, (range, _)) in sections.iter().enumerate() {
        section_of[range.clone()].fill(Some(at));
    }
    let mut named: Vec<(&str, usize)> = organizations
        .iter()
        .filter(|o| o.mention != Mention::FirstPerson)
        .filter_map(|o| section_of[o.sentence].map(|at| (o.name.as_str(), at)))
        .collect();
    named.sort_unstable();
    named.dedup();
    let names: Names = named.iter().map(|(name, _)| *name).collect();
    let alone = |at: usize| !names.any(&sections[at].1.name, |n| named[n].1 != at);
    // A list of headlines may come back to one house; a story told under headings does so all the time.
    let own: Vec<usize> = (0..sections.len()).filter(|&at| bodies == 0 || alone(at)).collect();
    if own.len() < 2 || bodies > 0 && own.len() * 2 < sections.len() {
        return Vec::new();
    }
    let mut found: Vec<Incident> = own
        .into_iter()
        .map(|at| Incident {
            sentences: vec![sections[at].0.clone()],
            lead: Some(sections[at].1.clone()),
            shape: Shape::Entry,
            counts: None,
            reported: None,
            service: None,
        })
        .collect();
    // ほぼ同時期に、乙でも3万件の流出が…: a section may speak of somebody else's in passing.
    let passing = super::pairs::figures(words, reading, organizations, counts).into_iter().filter(|other| {
        let sentence = other.sentences[0].start;
        words.has(WordList::Several, reading.sentence_text(sentence))
            && found.iter().any(|i| i.sentences.iter().any(|r| r.contains(&sentence)))
    });
    let passing: Vec<Incident> = passing.collect();
    found.extend(passing);
    let introduced = introduced(words, reading, organizations, &found);
    found.extend(introduced);
    found
}

/// 甲からは…が流出。乙からは…が、丙からは…が流出した。 above the sections of 甲 and 乙: whom only the introduction tells of.
fn introduced(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    found: &[Incident],
) -> Vec<Incident> {
    let first = found.iter().flat_map(|i| &i.sentences).map(|r| r.start).min().unwrap_or(0);
    let told = |o: &&OrganizationFinding| {
        let span = reading.sentences[o.sentence].span;
        let after = reading.text()[o.span.end..span.end].trim_start_matches(['」', '』']);
        o.sentence < first
            && o.onlooker.is_none()
            && o.mention <= Mention::Bare
            && span.of(reading.text()).ends_with('。')
            && (after.starts_with("から") || after.starts_with("では") || after.starts_with("でも"))
            && words.has(WordList::WentOut, after)
    };
    let known = |o: &OrganizationFinding| {
        found
            .iter()
            .filter_map(|i| i.lead.as_ref())
            .any(|lead| same_organization(&lead.name, &o.name) || super::kin::are_kin(words, &lead.name, &o.name))
    };
    let all: Vec<&OrganizationFinding> = organizations.iter().filter(told).collect();
    let others: Vec<&OrganizationFinding> = all.iter().copied().filter(|o| !known(o)).collect();
    // Most of whom it tells have sections.
    if others.is_empty() || others.len() * 2 > all.len() {
        return Vec::new();
    }
    let alone = |o: &OrganizationFinding| Incident {
        counts: Some(Vec::new()),
        shape: Shape::Entry,
        ..Incident::line(o.sentence, o.clone())
    };
    others.into_iter().map(alone).collect()
}

/// 2031年1月:霧影財団, read as a key and its value.
fn is_dated_value(reading: &Reading, sentence: usize) -> bool {
    let day = |key: &usize| {
        let key = reading.sentence_text(*key);
        key.contains(['年', '月', '/']) && key.chars().all(|c| c.is_ascii_digit() || "年月日/.-頃".contains(c))
    };
    matches!(reading.block(sentence).kind, BlockKind::Value { .. })
        && reading.sentences[sentence].labels.first().is_some_and(day)
}

/// What stands before the name of a heading, its digits alike: 9年9月:.
fn shape(reading: &Reading, head: usize) -> Option<String> {
    let text = reading.sentence_text(head);
    if is_dated_value(reading, head) {
        return Some("9".to_owned());
    }
    let mark = &text[..text.len() - super::entry::skip_rank(text).len()];
    let alike = mark.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("9");
    let dated = mark.contains(['年', '月', '/']) && mark.contains(|c: char| c.is_ascii_digit());
    (dated || super::naming::behind_case(text).is_some()).then_some(alike)
}

/// Whether a mark, a number or a month opens the line.
pub(super) fn is_marked(reading: &Reading, sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    super::entry::skip_rank(text).len() < text.len()
}

/// A heading, or a line that opens with a mark, a number or words in brackets.
fn is_head(reading: &Reading, organizations: &[OrganizationFinding], sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    if text.ends_with('。') || text.chars().count() > 90 {
        return false;
    }
    sentence > 0
        && (matches!(reading.block(sentence).kind, BlockKind::Heading { .. })
            || is_named(reading, organizations, sentence)
            || is_dated_value(reading, sentence)
                && organizations
                    .iter()
                    .any(|o| o.mention <= Mention::Weak && o.span.start == reading.sentences[sentence].span.start))
        || text.starts_with(['◎', '■', '◆', '●', '▼', '□', '◇', '★', '▽'])
        || text.starts_with('【') && text.contains('】')
        || text.starts_with('<') && text.contains('>')
        || is_numbered(reading, sentence)
}

/// `霧影商事株式会社:不正な持ち出し` above a sentence.
fn is_named(reading: &Reading, organizations: &[OrganizationFinding], sentence: usize) -> bool {
    let span = reading.sentences[sentence].span;
    let text = reading.text();
    let first = organizations.partition_point(|o| o.span.start < span.start);
    let opening = span.end - super::entry::skip_rank(span.of(text)).len();
    let below = sentence + 1 < reading.sentences.len() && {
        let below = reading.sentence_text(sentence + 1);
        below.ends_with('。') || below.chars().count() >= 20
    };
    span.of(text).chars().count() <= 40
        && organizations[first..].iter().take_while(|o| o.span.end <= span.end).any(|o| {
            let after = text[o.span.end..span.end].trim_start();
            let parted = after.starts_with([':', '(', '-', '|', '「', '/', '~']);
            let told = after.starts_with(':') && after.chars().count() > 4;
            let dated = opening > span.start && text[o.span.end..span.end].starts_with(' ');
            o.span.start == opening
                && (o.mention <= Mention::Weak && (below && (after.is_empty() || parted || dated) || told)
                    || o.mention == Mention::Bare && told)
        })
}

/// `1.`, `27■`, `(3)`, `①`, `第3位`.
fn is_numbered(reading: &Reading, sentence: usize) -> bool {
    if super::naming::behind_case(reading.sentence_text(sentence)).is_some() {
        return true;
    }
    let text = reading.sentence_text(sentence).trim_start_matches(['(', '第', '【']);
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let marked = rest.starts_with(['.', ')', '■', '◆', '●', '、', ':', '位', ' ']);
    (1..=2).contains(&digits) && marked || text.starts_with(|c: char| ('①'..='⓿').contains(&c))
}

/// `霧影セミナー、名簿が流出`: what stands before the comma of a headline is a name, known or not.
pub(super) fn before_comma(words: &IncidentLexicon, reading: &Reading, head: usize) -> Option<OrganizationFinding> {
    let span = reading.sentences[head].span;
    let text = super::entry::skip_rank(span.of(reading.text()));
    let (name, behind) = text.split_once('、')?;
    // 「煎餅工房さざなみ屋」の唐影製菓、: whoever runs it.
    let name = name.strip_prefix('「').and_then(|n| n.split_once("」の")).map_or(name, |(_, runs)| runs).trim();
    // 【漏えいした情報】会員番号、氏名: what befell it stands behind the name.
    if !words.has(WordList::Headline, behind) {
        return None;
    }
    let letters = name.chars().count();
    let plain = (2..=20).contains(&letters)
        && !name.contains(|c: char| c.is_ascii_digit() || "をがはにで「」『』【】(".contains(c))
        && !words.has(WordList::Mishap, name)
        && !words.has(WordList::NotAName, name)
        // 霧影市内の幼稚園、小学校で: kinds of house, and whose they are stands below.
        && !name.contains("内の");
    let start = span.end - text.len() + text.find(name)?;
    plain.then(|| OrganizationFinding {
        sentence: head,
        span: Span::new(start, start + name.len()),
        name: name.to_owned(),
        legal_form: None,
        ticker: None,
        kind: OrganizationKind::Unknown,
        mention: Mention::Weak,
        quoted: false,
        onlooker: None,
    })
}

/// `■ 霧影不動産販売(5月8日公表)`, `5.霧影介護の事例`, `■ 霧影通信 メール誤送信`: a heading that is nothing but a name, known or not,
/// with its day, its case or what befell it behind it.
fn whole_heading(words: &IncidentLexicon, reading: &Reading, head: usize) -> Option<OrganizationFinding> {
    let span = reading.sentences[head].span;
    let text = super::entry::skip_rank(span.of(reading.text()));
    let dated = text.split_once('(').filter(|(_, behind)| {
        behind.ends_with(')') && behind.contains(|c: char| c.is_ascii_digit()) && behind.contains(['月', '/', '年'])
    });
    let case = || words.lists().ending(WordList::CaseHeading, text).map(|end| &text[..text.len() - end.len()]);
    // ■ 霧影通信 メール誤送信
    let matter = || {
        text.split_once([' ', '　']).filter(|(_, rest)| {
            rest.chars().count() <= 20
                && [WordList::MishapNoun, WordList::Mishap].into_iter().any(|l| words.has(l, rest))
        })
    };
    let name = dated.map(|(name, _)| name).or_else(case).or_else(|| matter().map(|(name, _)| name))?.trim();
    let plain = (2..=20).contains(&name.chars().count())
        && !name.contains(|c: char| c.is_ascii_digit() || "、をがはにで「」『』【】(".contains(c))
        && ![WordList::Mishap, WordList::Event, WordList::OnlyAKind].into_iter().any(|list| words.has(list, name));
    let start = span.end - text.len() + text.find(name)?;
    plain.then(|| super::unknown::unknown_name(head, Span::new(start, start + name.len()), name, Mention::Weak))
}

/// Whom the first sentence of a body is about.
fn opening(
    reading: &Reading,
    organizations: &[OrganizationFinding],
    body: Range<usize>,
) -> Option<OrganizationFinding> {
    let first = body.into_iter().find(|&s| reading.sentence_text(s).ends_with('。'))?;
    let span = reading.sentences[first].span;
    let fits = |o: &&OrganizationFinding| {
        o.sentence == first
            && o.mention <= Mention::Weak
            && !matches!(o.onlooker, Some(Onlooker::Media | Onlooker::Product | Onlooker::Regulator))
            && o.kind != OrganizationKind::Police
    };
    organizations.iter().filter(fits).find(|o| reading.text()[span.start..o.span.start].chars().count() <= 24).cloned()
}
