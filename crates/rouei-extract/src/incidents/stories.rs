//! Running text that tells of one organization after the other, in whatever order its words stand: every clause has
//! somebody who governs it, and a sentence that names nobody goes on with whoever governed the one before.

use std::ops::Range;

use super::apart::{has_its_own, houses_of_one, is_told, only_takes_part, several, stand_apart};
use super::governor::{Governor, Place};
use super::kin::{are_kin, contracts, is_about, is_division, is_part, is_party};
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::EACH;
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, OrganizationLexicon, same_organization};
use crate::reading::Reading;

/// A text in which more clauses have a governor is no running text about a few.
const MOST: usize = 400;

/// What is told of one organization.
pub(super) struct Story {
    pub(super) lead: OrganizationFinding,
    pub(super) governors: Vec<Governor>,
    /// Bytes of the text, in order.
    pub(super) spans: Vec<Range<usize>>,
    /// Nothing is added behind its end until somebody is named again.
    pub(super) open: bool,
    /// Counts of the document that a name of theirs owns.
    pub(super) owned: Vec<usize>,
}

/// One incident a story, where two stories at least stand apart from each other.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governors: &[Governor],
    own: bool,
) -> Vec<Incident> {
    if governors.len() > MOST || own {
        return Vec::new();
    }
    let stories = tell(words, reading, organizations, counts, governors);
    let listed = super::lists::names(words, reading, organizations);
    let houses = stories.len() >= 2 && !houses_of_one(words, reading, counts, governors).is_empty();
    let apart = houses || stand_apart(words, reading, lexicon, counts, &stories);
    if !apart && listed.len() < 3 {
        return Vec::new();
    }
    let in_list = |s: &Story| listed.iter().any(|l| same_organization(&l.name, &s.lead.name));
    let told = stories.iter().filter(|s| apart || in_list(s) || has_its_own(words, reading.text(), counts, s));
    let mut found: Vec<Incident> = told.map(|s| incident(reading, s)).collect();
    found.extend(beside(words, reading, organizations, &stories));
    for name in listed {
        let known = found.iter().filter_map(|i| i.lead.as_ref()).any(|lead| {
            same_organization(&lead.name, &name.name)
                || contracts(&name.name, &lead.name)
                || contracts(&lead.name, &name.name)
        });
        if !known {
            found.push(Incident {
                sentences: vec![name.sentence..name.sentence + 1],
                lead: Some(name),
                shape: Shape::Entry,
                counts: Some(Vec::new()),
                reported: None,
                service: None,
            });
        }
    }
    found.sort_by_key(|i| i.lead.as_ref().map(|l| l.span.start));
    found
}

/// A notice: what it tells of several parties is one incident.
pub(super) fn speaks_of_itself(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> bool {
    let humble = (0..reading.sentences.len()).map(|s| reading.sentence_text(s)).any(|text| {
        // 「…お詫び申し上げます」とコメントした: who is quoted.
        !text.contains('「') && words.has(WordList::Humble, text)
    });
    humble
        || organizations.iter().filter(|o| o.mention == Mention::FirstPerson).any(|o| {
            let text = reading.sentence_text(o.sentence);
            // 弊社のソフトで防げた可能性があります: who sells something tells of others.
            let sells = words.has(WordList::Vendor, text) && !words.has(WordList::Announcing, text);
            !sells && (words.has(WordList::Event, text) || words.has(WordList::Announcing, text))
        })
}

/// The stories in the order of the text; of each organization one.
fn tell(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governors: &[Governor],
) -> Vec<Story> {
    let text = reading.text();
    let mut stories: Vec<Story> = Vec::new();
    let mut current: Option<usize> = None;
    let mut at = 0;
    let houses = houses_of_one(words, reading, counts, governors);
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        let own: Vec<&Governor> = governors[at..].iter().take_while(|g| g.sentence == sentence).collect();
        at += own.len();
        if own.is_empty() {
            let Some(story) = current.map(|c| &mut stories[c]) else { continue };
            let sums_up = words.has(WordList::SumsUp, entry.span.of(text));
            let elsewhere = super::leads_elsewhere(words, reading, sentence);
            // 4.霧影県警 below 3.霧影病院 is the next of a list, whoever it names.
            let marked = |s: usize| super::sections::is_marked(reading, s) && !reading.sentence_text(s).ends_with('。');
            let next =
                marked(sentence) && story.governors[0].sentence < sentence && marked(story.governors[0].sentence);
            story.open &= !(sums_up || elsewhere || next || is_division(words, reading, sentence));
            if story.open {
                story.spans.push(entry.span.start..entry.span.end);
            }
            continue;
        }
        for (n, governor) in own.iter().enumerate() {
            let begin = if n == 0 { entry.span.start } else { governor.begin };
            let end = own.get(n + 1).map_or(governor.end, |next| next.begin);
            let is_house = |name: &str| houses.iter().any(|h| same_organization(h, name));
            if !houses.is_empty() && !is_house(&governor.who.name) {
                // Whose houses they are says what all of them have in common.
                if let Some(story) = current.take().map(|c| &mut stories[c]) {
                    story.open = false;
                }
                continue;
            }
            let known = stories.iter().position(|s| match houses.is_empty() {
                true => is_about(words, reading, s, governor, current.map(|c| &stories[c]), sentence),
                false => same_organization(&s.lead.name, &governor.who.name),
            });
            match known {
                Some(known) => {
                    stories[known].governors.push((*governor).clone());
                    stories[known].spans.push(begin..end);
                    stories[known].open = true;
                    current = Some(known);
                }
                None if governor.dependent
                    || is_part(words, reading, organizations, governor, current.map(|c| &stories[c]))
                    || is_party(words, reading, organizations, counts, governor, &stories) =>
                {
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
                        owned: Vec::new(),
                    });
                }
            }
        }
    }
    share_ends(words, reading, counts, &mut stories);
    own_figures(words, reading, organizations, counts, &mut stories);
    let cases = stories.iter().filter(|s| s.governors[0].place == Place::Case).count();
    let collects = cases >= 2 || several(words, reading);
    let first = stories.iter().map(|s| s.spans[0].start).min();
    stories.retain(|s| {
        let other = first.is_some_and(|at| s.spans[0].start > at);
        let named = collects || s.governors.iter().any(|g| g.place != Place::Case);
        named && is_told(words, reading, counts, s) && !(other && only_takes_part(words, reading, counts, s))
    });
    stories.sort_by_key(|s| s.lead.span.start);
    stories
}

/// 甲は10日に、乙は12日に、それぞれ不正アクセスの被害を公表した: the end belongs to all of them.
fn share_ends(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], stories: &mut [Story]) {
    let text = reading.text();
    for story in stories {
        for at in 0..story.spans.len() {
            let Some(sentence) = reading.sentence_at(story.spans[at].start).map(|s| reading.sentences[s].span) else {
                continue;
            };
            let shared = text[sentence.start..sentence.end].rfind(EACH).map(|s| s + sentence.start);
            let figure =
                |from| counts.iter().any(|c| c.rejected.is_none() && (from..sentence.end).contains(&c.span.start));
            if let Some(from) = shared.filter(|&from| from >= story.spans[at].end)
                && words.has(WordList::Event, &text[from..sentence.end])
                && !figure(from)
            {
                story.spans.insert(at + 1, from..sentence.end);
                break;
            }
        }
    }
}

/// 甲の5万6000件で、乙(8000件)や丙の3300件が続いた: gives every figure to the name that stands at it, and a story to who
/// has none but a figure.
fn own_figures(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    stories: &mut Vec<Story>,
) {
    let text = reading.text();
    let collects = several(words, reading);
    let announced = stories.iter().any(|s| s.governors.iter().any(|g| g.announces));
    let owners = super::pairs::figures(words, reading, organizations, counts);
    let places: Vec<usize> = owners.iter().map(|o| o.sentences[0].start).collect();
    for owner in owners {
        // 甲(8000件)や乙(1200件)などで: where two stand side by side, they are no part of somebody's figure.
        let paired = places.iter().filter(|&&s| s == owner.sentences[0].start).count() >= 2;
        let collects = collects || paired && !announced;
        let (Some(lead), Some(&[count])) = (owner.lead, owner.counts.as_deref()) else { continue };
        let figure = counts[count].span;
        let known = stories.iter_mut().find(|s| {
            same_organization(&s.lead.name, &lead.name)
                || s.lead.name.starts_with(&lead.name) && s.lead.span.start == lead.span.start
        });
        if let Some(known) = known {
            known.owned.push(count);
            continue;
        }
        // 霧影市の通知書1万2000件 is a part of what a printer lost.
        let near = lead.span.end > figure.start
            || super::naming::stands_at(words, &text[lead.span.end..figure.start])
                && super::governor::may_own(words, reading, &lead);
        let kin = stories.iter().any(|s| are_kin(words, &s.lead.name, &lead.name));
        if !collects
            || !near
            || kin
            || matches!(counts[count].unit.as_str(), "社" | "部")
            || lead.kind == OrganizationKind::Service
            || lead.mention >= Mention::FirstPerson
        {
            continue;
        }
        let begin = lead.span.start.min(figure.start);
        let end = lead.span.end.max(figure.end);
        let governor = Governor::of_figure(&lead, owner.sentences[0].start, begin..end);
        stories.push(Story {
            lead,
            governors: vec![governor],
            spans: vec![begin..end],
            open: false,
            owned: vec![count],
        });
    }
    // What one owns is nobody else's.
    let owned: Vec<(usize, usize)> =
        stories.iter().enumerate().flat_map(|(at, s)| s.owned.iter().map(move |&c| (c, at))).collect();
    for (at, story) in stories.iter_mut().enumerate() {
        let within = |c: usize, s: &Story| s.spans.iter().any(|span| span.contains(&counts[c].span.start));
        let mut own: Vec<usize> = (0..counts.len())
            .filter(|&c| within(c, story) && !owned.iter().any(|&(o, other)| o == c && other != at))
            .collect();
        own.extend(story.owned.iter().copied().filter(|&c| !within(c, story)));
        // 甲や乙は合計で735人分を: the figure that several have in common is nobody's own.
        let joint = |c: usize| {
            (counts[c].total || !text[..counts[c].span.start].ends_with(['各', 'れ']))
                && story.governors.iter().any(|g| {
                    (g.begin..g.end).contains(&counts[c].span.start)
                        && super::governor::siblings(words, text, organizations, g)
                            .iter()
                            .any(|sibling| !same_organization(&sibling.name, &g.who.name))
                })
        };
        // …が約8000人分を提供した一部。: more than what was lost.
        let whole =
            |c: usize| words.lists().ending(WordList::Continues, reading.sentence_text(counts[c].sentence)).is_some();
        own.retain(|&c| !joint(c) && !whole(c));
        own.sort_unstable();
        story.owned = own;
    }
}

fn incident(reading: &Reading, story: &Story) -> Incident {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    for span in &story.spans {
        let at = |byte: usize| reading.sentences.partition_point(|s| s.span.start <= byte).saturating_sub(1);
        let range = at(span.start)..at(span.end.saturating_sub(1)) + 1;
        match sentences.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => sentences.push(range),
        }
    }
    Incident {
        sentences,
        lead: Some(story.lead.clone()),
        shape: Shape::Entry,
        counts: Some(story.owned.clone()),
        reported: None,
        service: None,
    }
}

/// 甲や、乙、丙などが攻撃の被害を発表した: who stands beside the one that governs has the same to tell, but no figure of
/// theirs.
fn beside(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    stories: &[Story],
) -> Vec<Incident> {
    let text = reading.text();
    let mut found = Vec::new();
    for story in stories {
        for governor in &story.governors {
            for sibling in super::governor::siblings(words, text, organizations, governor) {
                // 霧影県庁 below a picture.
                let seat = |name: &str| name.strip_prefix(sibling.name.as_str()).is_some_and(|rest| rest == "庁");
                let known = stories.iter().any(|s| {
                    same_organization(&s.lead.name, &sibling.name)
                        || contracts(&s.lead.name, &sibling.name)
                        || seat(&s.lead.name)
                });
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

/// 甲や乙は、合計で735人分を紛失したと発表した: what several have in common is one incident.
pub(super) fn have_in_common(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governors: &[Governor],
) -> bool {
    let text = reading.text();
    let first = governors.first().into_iter().chain(governors.iter().find(|g| g.announces));
    first.into_iter().any(|g| {
        let told = &text[g.who.span.end..g.end];
        let total = counts.iter().any(|c| c.total && c.rejected.is_none() && (g.begin..g.end).contains(&c.span.start));
        total
            && words.has(WordList::Event, told)
            && !super::governor::siblings(words, text, organizations, g).is_empty()
    })
}
