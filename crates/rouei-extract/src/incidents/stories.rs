//! Running text that tells of one organization after the other, in whatever order its words stand: every clause has
//! somebody who governs it, and a sentence that names nobody goes on with whoever governed the one before.

use std::ops::Range;

use super::governor::{Governor, Place, governors};
use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, core_name, same_organization};
use crate::reading::Reading;

/// What is told of one organization.
struct Story<'o> {
    lead: OrganizationFinding,
    governors: Vec<Governor<'o>>,
    /// Bytes of the text, in order.
    spans: Vec<Range<usize>>,
    /// Nothing is added behind its end until somebody is named again.
    open: bool,
}

/// One incident a story, where two stories at least stand apart from each other.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    if speaks_of_itself(words, reading, organizations) {
        return Vec::new();
    }
    let stories = tell(words, reading, organizations, counts);
    if !stand_apart(words, reading, counts, &stories) {
        return Vec::new();
    }
    let mut found: Vec<Incident> = stories.iter().map(|s| incident(reading, counts, s)).collect();
    found.extend(beside(reading, organizations, &stories));
    found
}

/// A notice: what it tells of several parties is one incident.
fn speaks_of_itself(words: &IncidentLexicon, reading: &Reading, organizations: &[OrganizationFinding]) -> bool {
    organizations.iter().filter(|o| o.mention == Mention::FirstPerson).any(|o| {
        let text = reading.sentence_text(o.sentence);
        words.has(WordList::Event, text) || words.has(WordList::Announcing, text)
    })
}

/// The stories in the order of the text; of each organization one.
fn tell<'o>(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &'o [OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Story<'o>> {
    let text = reading.text();
    let governors = governors(words, reading, organizations, counts);
    let mut stories: Vec<Story<'o>> = Vec::new();
    let mut current: Option<usize> = None;
    let mut at = 0;
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        let own: Vec<&Governor<'o>> = governors[at..].iter().take_while(|g| g.sentence == sentence).collect();
        at += own.len();
        if own.is_empty() {
            let Some(story) = current.map(|c| &mut stories[c]) else { continue };
            let sums_up = words.has(WordList::SumsUp, entry.span.of(text));
            story.open &= !(sums_up || is_division(words, reading, sentence));
            if story.open {
                story.spans.push(entry.span.start..entry.span.end);
            }
            continue;
        }
        for (n, governor) in own.iter().enumerate() {
            let begin = if n == 0 { entry.span.start } else { governor.begin };
            let end = own.get(n + 1).map_or(governor.end, |next| next.begin);
            let known = stories.iter().position(|s| is_about(s, governor, current.map(|c| &stories[c]), sentence, reading));
            match known {
                Some(known) => {
                    stories[known].governors.push((*governor).clone());
                    stories[known].spans.push(begin..end);
                    stories[known].open = true;
                    current = Some(known);
                }
                None if governor.dependent => {
                    if let Some(story) = current.map(|c| &mut stories[c]).filter(|s| s.open) {
                        story.spans.push(begin..end);
                    }
                }
                None => {
                    current = Some(stories.len());
                    stories.push(Story {
                        lead: governor.who.clone(),
                        governors: vec![(*governor).clone()],
                        spans: vec![begin..end],
                        open: true,
                    });
                }
            }
        }
    }
    stories.retain(|s| is_told(words, reading, counts, s));
    stories
}

/// Whether a governor goes on with a story: of the same house, of a house of it, or of whom the heading above names.
fn is_about(
    story: &Story,
    governor: &Governor,
    current: Option<&Story>,
    sentence: usize,
    reading: &Reading,
) -> bool {
    let lead = &story.lead;
    if lead.mention == Mention::Anonymised || governor.who.mention == Mention::Anonymised {
        return lead.name == governor.who.name && !governor.dated;
    }
    if same_organization(&lead.name, &governor.who.name)
        || governor.place != Place::Heading && are_kin(&lead.name, &governor.who.name)
    {
        return true;
    }
    // 霧影運輸、名簿を紛失 over 霧影ロジスティクスは…: the headline and the sentence under it tell the same.
    let under = current.is_some_and(|c| std::ptr::eq(c, story))
        && story.governors.last().is_some_and(|g| g.place == Place::Heading)
        && story.spans.len() == 1
        && story.governors.last().is_some_and(|g| g.sentence + 1 == sentence)
        && governor.place != Place::Heading;
    under && reading.sentence_text(sentence).ends_with('。')
}

/// 霧影市 and its board, its school, its fire brigade.
fn are_kin(a: &str, b: &str) -> bool {
    let of = |town: &str, house: &str| {
        let (town, house) = (core_name(town), core_name(house));
        let Some(stem) = town.strip_suffix(['市', '町', '村', '区', '県', '府', '都', '道']) else { return false };
        let public = ["市立", "町立", "村立", "区立", "県立", "府立", "都立", "道立", "市教", "県教", "町教", "市消防", "市役所", "県庁"];
        !stem.is_empty()
            && house.chars().count() > town.chars().count()
            && (house.starts_with(&town) || public.iter().any(|p| house.starts_with(p)))
    };
    of(a, b) || of(b, a)
}

/// A heading or a numbered line that leads on to something else.
fn is_division(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    let marked = super::entry::skip_rank(text).len() < text.len();
    !text.ends_with('。') && marked && text.chars().count() <= 60 && words.has(WordList::Event, text)
}

/// Whether something went wrong at somebody's.
fn is_told(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], story: &Story) -> bool {
    let event = story.spans.iter().any(|s| words.has(WordList::Event, &reading.text()[s.clone()]));
    let bodies = story.spans.iter().any(|s| reading.text()[s.clone()].ends_with('。'));
    let figure = !figures(counts, story).is_empty();
    let bare = story.lead.mention == Mention::Bare && !story.lead.quoted;
    let announced = story.spans.iter().any(|s| words.has(WordList::TellsOf, &reading.text()[s.clone()]));
    let headed = story.governors[0].place == Place::Heading;
    (event || figure)
        && (!bare || figure || announced && event)
        && (!headed || bodies || story.governors[0].marked && event || figure && story.governors[0].marked)
}

/// The accepted figures of a story.
fn figures(counts: &[CountFinding], story: &Story) -> Vec<usize> {
    (0..counts.len())
        .filter(|&i| story.spans.iter().any(|s| s.contains(&counts[i].span.start)))
        .filter(|&i| counts[i].rejected.is_none() && counts[i].value.is_some())
        .collect()
}

/// Whether the stories are incidents of their own: the text says that it goes on to another one, or each tells what
/// went wrong and how much of it, or when.
fn stand_apart(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], stories: &[Story]) -> bool {
    if stories.len() < 2 {
        return false;
    }
    let text = reading.text();
    let announces = |s: &Story| {
        s.spans.iter().any(|span| {
            let told = &text[span.clone()];
            words.has(WordList::TellsOf, told) && words.has(WordList::Event, told)
        })
    };
    // 甲や乙は、合計で735人分を紛失したと発表した: one that several have in common.
    let first = &stories[0];
    let joint = first.spans.first().is_some_and(|s| {
        let told = &text[s.clone()];
        let named = stories.iter().filter(|o| told.contains(o.lead.name.as_str())).count();
        named + 1 >= stories.len() && named >= 2 && words.has(WordList::Partner, told)
    });
    if joint {
        return false;
    }
    let several = words.has(WordList::Several, text) || words.has(WordList::Genre, text);
    let apart = stories[1..].iter().filter(|s| s.governors[0].apart).count();
    let dated = stories.iter().filter(|s| s.governors[0].dated && announces(s)).count();
    let with_figures = stories.iter().filter(|s| !figures(counts, s).is_empty()).count();
    let announced = stories.iter().filter(|s| announces(s)).count();
    apart >= 1 && (with_figures + announced >= 2 || several)
        || several && with_figures + announced >= 2
        || stories.len() >= 3 && (with_figures >= 2 || announced >= 2)
        || dated >= 2
}

fn incident(reading: &Reading, counts: &[CountFinding], story: &Story) -> Incident {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    for span in &story.spans {
        let at = |byte: usize| reading.sentences.partition_point(|s| s.span.start <= byte).saturating_sub(1);
        let range = at(span.start)..at(span.end.saturating_sub(1)) + 1;
        match sentences.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => sentences.push(range),
        }
    }
    let own = (0..counts.len()).filter(|&i| story.spans.iter().any(|s| s.contains(&counts[i].span.start)));
    Incident {
        sentences,
        lead: Some(story.lead.clone()),
        shape: Shape::Entry,
        counts: Some(own.collect()),
        reported: None,
        service: None,
    }
}

/// 甲や、乙、丙などが攻撃の被害を発表した: who stands beside the one that governs has the same to tell, but no figure of
/// theirs.
fn beside(reading: &Reading, organizations: &[OrganizationFinding], stories: &[Story]) -> Vec<Incident> {
    let text = reading.text();
    let mut found = Vec::new();
    for story in stories {
        for governor in &story.governors {
            for sibling in super::governor::siblings(text, organizations, governor) {
                let known = stories.iter().any(|s| same_organization(&s.lead.name, &sibling.name));
                if !known && sibling.kind != OrganizationKind::Service {
                    let last = reading.sentences.partition_point(|s| s.span.start < governor.end);
                    found.push(Incident {
                        sentences: vec![sibling.sentence..last.max(sibling.sentence + 1)],
                        lead: Some(sibling.clone()),
                        shape: Shape::Entry,
                        counts: Some(Vec::new()),
                        reported: None,
                        service: None,
                    });
                }
            }
        }
    }
    found
}
