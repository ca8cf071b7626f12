//! One incident or many: where a document's incidents stand.
//!
//! Structure speaks first (tables, key–value groups, entries of a ranking, list lines of name and figure), then
//! running text: several organizations that each have a figure of their own, or a story of their own (`stories`).
//! Everything else is one incident. Who speaks is asked once, in [`split`]: a notice tells of its own.

// The sentences of an incident are a list of ranges; that most lists hold one range is no mistake.
#![allow(clippy::single_range_in_vec_init)]

mod apart;
mod clauses;
mod entry;
mod governor;
mod group;
mod kin;
mod labelled;
mod labels;
mod lead;
pub mod lexicon;
mod lists;
mod naming;
mod own;
mod pairs;
mod parallel;
mod particles;
mod sections;
mod shapes;
mod stories;
mod survey;
mod table;
mod uniform;
mod units;
mod unknown;

use std::ops::Range;

use crate::counts::CountFinding;
use crate::organizations::{
    Mention, Names, OrganizationFinding, OrganizationKind, OrganizationLexicon, same_name, same_organization,
};
use crate::reading::Reading;

pub use labels::Label;
pub use lexicon::IncidentLexicon;
use lexicon::WordList;

/// The part of a document that tells of one incident.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Its sentences; several ranges where the document comes back to it.
    pub sentences: Vec<Range<usize>>,
    /// The organization that the structure names.
    pub lead: Option<OrganizationFinding>,
    /// What made it an incident.
    pub shape: Shape,
    /// Counts of the document that are its own where one sentence holds those of several; none: all in its sentences.
    pub counts: Option<Vec<usize>>,
    /// The date of the report, where the address of an entry carries it.
    pub reported: Option<jiff::civil::Date>,
    /// The service that the structure names, where the lead runs it.
    pub service: Option<OrganizationFinding>,
}

impl Incident {
    /// One line of a list, and whom it names.
    fn line(sentence: usize, lead: OrganizationFinding) -> Self {
        Self {
            sentences: vec![sentence..sentence + 1],
            lead: Some(lead),
            shape: Shape::Line,
            counts: None,
            reported: None,
            service: None,
        }
    }
}

/// What made an incident of its sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The whole document.
    Whole,
    /// A row of a table.
    Row,
    /// A group of keys and values.
    Group,
    /// A headline with its figures or its address.
    Entry,
    /// A line of name and figure.
    Line,
    /// A clause of running text.
    Clause,
    /// A victim that a survey names beside its sums.
    Surveyed,
    /// What a document of several says outside them.
    Rest,
}

/// Cuts a document into its incidents; one whole where it tells of one. `own`: it is a notice, whose parties and parts are
/// no incidents of theirs.
#[must_use]
pub fn split(
    words: &IncidentLexicon,
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    own: bool,
) -> Vec<Incident> {
    let here: Vec<OrganizationFinding>;
    let members = members(words, reading, organizations);
    let tail = tail(reading, organizations);
    let aside = |o: &OrganizationFinding| {
        o.sentence >= tail
            || is_a_seat(reading, o)
            || has_a_branch(words, reading, o)
            || leads_elsewhere(words, reading, o.sentence)
            || is_subsidiary_of_a_named_one(lexicon, organizations, o)
            || members.iter().any(|name| same_organization(name, &o.name))
    };
    let organizations = if organizations.iter().any(aside) {
        here = organizations.iter().filter(|o| !aside(o)).cloned().collect();
        &here
    } else {
        organizations
    };
    let own = own || stories::speaks_of_itself(words, reading, organizations);
    let mut found = table::rows(words, reading, lexicon, organizations, counts);
    found.extend(group::groups(words, reading, lexicon));
    let entries = entry::entries(words, reading, organizations);
    // A headline inside a row or a group belongs to it.
    let free = entries.into_iter().filter(|e| !found.iter().any(|f| overlaps(f, e))).collect::<Vec<_>>();
    found.extend(free);
    let structured = distinct(&found) >= 2;
    let governors = match structured {
        true => Vec::new(),
        false => governor::governors(words, reading, organizations, counts),
    };
    let mut incidents = if structured {
        // The running text around the structure may tell of one more incident, or more of those.
        found.extend(pairs::mentions(words, reading, organizations, counts, &found));
        let beside = entry::lines(words, reading, organizations, counts, true, own);
        let beside = beside.into_iter().filter(|l| !found.iter().any(|f| touches(f, l))).collect::<Vec<_>>();
        found.extend(beside);
        found.extend(topic(organizations, counts, &found));
        found
    } else if stories::have_in_common(words, reading, organizations, counts, &governors) {
        Vec::new()
    } else if !apart::houses_of_one(words, reading, counts, &governors).is_empty() {
        stories::incidents(words, reading, lexicon, organizations, counts, &governors, own)
    } else {
        // Whichever way of telling shows most of them; of two that show as many the stricter one.
        [
            labelled::bracketed(words, reading),
            sections::incidents(words, reading, organizations, counts, own),
            labelled::incidents(words, reading, organizations, counts, own),
            uniform::incidents(words, reading, organizations, own),
            entry::lines(words, reading, organizations, counts, false, own),
            labelled::keyed(words, reading, organizations, own),
            labelled::placed(words, reading),
            pairs::clauses(words, reading, organizations, counts, own),
            units::incidents(words, reading, organizations, counts, own),
            stories::incidents(words, reading, lexicon, organizations, counts, &governors, own),
            parallel::lines(words, reading, organizations, counts, own),
            parallel::stacked(words, reading, organizations),
            parallel::headed(words, reading, organizations),
            parallel::headlines(words, reading, organizations),
            parallel::by_day(words, reading, organizations),
        ]
        .into_iter()
        .rev()
        .map(|candidate| without_vague(words, counts, candidate))
        .filter(|candidate| distinct(candidate) >= 2)
        .max_by_key(|candidate| distinct(candidate))
        .unwrap_or_else(|| own::incidents(words, reading, organizations, counts, &governors, own))
    };
    if apart::places_of_one(words, reading, organizations, &incidents) {
        incidents.clear();
    }
    if incidents.is_empty() && !own {
        incidents = survey::incidents(words, reading, organizations, counts);
    }
    uniform::under_kinds(words, reading, organizations, &mut incidents);
    lead::complete(words, reading, organizations, &mut incidents);
    let incidents = merge(incidents);
    if incidents.is_empty() { vec![whole(reading)] } else { incidents }
}

/// The names of those who make up a body that something is told of: 霧影市と唐影町でつくる組合は.
fn members<'o>(words: &IncidentLexicon, reading: &Reading, organizations: &'o [OrganizationFinding]) -> Vec<&'o str> {
    const REACH: usize = 40;
    let member = |o: &&OrganizationFinding| {
        let span = reading.sentences[o.sentence].span;
        let behind: String = reading.text()[o.span.end..span.end].chars().take(REACH).collect();
        let list = behind.split(['は', '。']).next().unwrap_or_default();
        list.starts_with(['と', '、', 'や', '・', 'で', 'な', 'か']) && words.has(WordList::MadeUpOf, list)
    };
    organizations.iter().filter(member).map(|o| o.name.as_str()).collect()
}

/// Where the lines begin that a page has below a story, headlines with their days: they lead to other stories.
fn tail(reading: &Reading, organizations: &[OrganizationFinding]) -> usize {
    const DAYS: usize = 2;
    let all = reading.sentences.len();
    let behind = (0..all).rev().take_while(|&s| !reading.sentence_text(s).ends_with('。')).last().unwrap_or(all);
    let day = |s: usize| {
        let line = reading.sentence_text(s);
        let digits = line.chars().filter(char::is_ascii_digit).count();
        digits >= 3 && line.chars().all(|c| c.is_ascii_digit() || "年月日/.-: ()月火水木金土".contains(c))
    };
    let headline = |s: usize| s > behind && !day(s - 1) && reading.sentence_text(s - 1).chars().count() >= 8;
    let days = (behind..all).filter(|&s| day(s) && headline(s)).count();
    if days >= DAYS && tells_a_story(reading, organizations) { behind } else { all }
}

/// 霧影旅行(本社:唐影市): where somebody sits.
fn is_a_seat(reading: &Reading, o: &OrganizationFinding) -> bool {
    let before = &reading.text()[reading.sentences[o.sentence].span.start..o.span.start];
    let inside = before.rsplit('(').next().filter(|b| b.len() < before.len()).unwrap_or_default();
    inside.chars().count() <= 12 && ["本社", "本店", "所在地", "本部"].iter().any(|w| inside.starts_with(w))
}

/// 霧影県の唐影支店で: where a branch of somebody else stands.
fn has_a_branch(words: &IncidentLexicon, reading: &Reading, o: &OrganizationFinding) -> bool {
    let place = matches!(o.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
    let behind = reading.text()[o.span.end..reading.sentences[o.sentence].span.end].strip_prefix('の');
    let named = |c: char| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || c == '々' || c == 'ヶ';
    let noun = behind.map(|b| &b[..b.find(|c| !named(c)).unwrap_or(b.len())]).unwrap_or_default();
    place && noun.chars().count() >= 4 && words.has(WordList::CommercialBranch, noun)
}

/// 霧影電機は、海外子会社が攻撃を受けたと発表した: whoever tells of it is named.
fn is_subsidiary_of_a_named_one(
    lexicon: &OrganizationLexicon,
    organizations: &[OrganizationFinding],
    o: &OrganizationFinding,
) -> bool {
    let named = |p: &OrganizationFinding| {
        p.sentence == o.sentence && p.span.end <= o.span.start && p.mention <= Mention::Weak && p.onlooker.is_none()
    };
    o.mention == Mention::Anonymised && lexicon.tells_of_a_subsidiary(&o.name) && organizations.iter().any(named)
}

/// A line under アクセスランキング or 関連記事, or a row of headlines between slashes.
fn leads_elsewhere(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    let headed = || {
        let own = reading.sentences.get(sentence);
        own.is_some_and(|s| {
            let above = s.headings.last().into_iter().chain(&s.labels);
            above.into_iter().any(|&h| h != sentence && words.has(WordList::Elsewhere, reading.sentence_text(h)))
        })
    };
    // 関連スレ over its lines, in one paragraph.
    let listed = || {
        let block = reading.sentences.get(sentence).map(|s| s.block);
        let first = reading.sentences[..sentence].iter().rposition(|s| Some(s.block) != block).map_or(0, |at| at + 1);
        let leads = |s: usize| {
            let line = reading.sentence_text(s);
            !line.ends_with('。') && words.has(WordList::Elsewhere, line)
        };
        // 【過去の事件から】 below the story in one cell.
        first < sentence
            && (leads(first)
                || (first..sentence).rev().take_while(|&s| !reading.sentence_text(s).ends_with('。')).any(leads))
    };
    !text.ends_with('。') && (text.matches(" / ").count() >= 2 || headed() || listed())
}

/// Whether a line tells of an incident: not one of a run of headlines beside a story, which lead elsewhere.
fn tells(reading: &Reading, story: bool, sentence: usize) -> bool {
    const RUN: usize = 3;
    let told = |s: usize| reading.sentence_text(s).ends_with('。');
    let before = (0..sentence).rev().take_while(|&s| !told(s)).take(RUN).count();
    let after = (sentence + 1..reading.sentences.len()).take_while(|&s| !told(s)).take(RUN).count();
    told(sentence) || before + 1 + after < RUN || !story
}

/// Whether at least two sentences tell of an organization.
fn tells_a_story(reading: &Reading, organizations: &[OrganizationFinding]) -> bool {
    let mut sentences = organizations
        .iter()
        .filter(|o| o.onlooker.is_none() && o.mention <= Mention::FirstPerson)
        .map(|o| o.sentence)
        .filter(|&s| reading.sentence_text(s).ends_with('。'));
    let first = sentences.next();
    let told = (0..reading.sentences.len()).filter(|&s| reading.sentence_text(s).ends_with('。')).count();
    // Half of it or more is told in sentences: what stands beside them leads elsewhere.
    let mostly = first.is_some() && told >= 3 && told >= reading.sentences.len() / 2;
    sentences.any(|s| Some(s) != first) || mostly
}

fn overlaps(a: &Incident, b: &Incident) -> bool {
    matches!(a.shape, Shape::Row | Shape::Group) && touches(a, b)
}

fn touches(a: &Incident, b: &Incident) -> bool {
    a.sentences.iter().any(|x| b.sentences.iter().any(|y| x.start < y.end && y.start < x.end))
}

/// What an article with a table of other cases is about itself: whom its title names, where the text around the table
/// names them again and again beside a figure.
fn topic(organizations: &[OrganizationFinding], counts: &[CountFinding], structure: &[Incident]) -> Option<Incident> {
    if !structure.iter().any(|i| i.shape == Shape::Row) {
        return None;
    }
    let inside = |sentence: usize| structure.iter().any(|i| i.sentences.iter().any(|r| r.contains(&sentence)));
    let first = structure.iter().flat_map(|i| &i.sentences).map(|r| r.start).min()?;
    let title =
        organizations.iter().find(|o| o.sentence == 0 && o.onlooker.is_none() && o.mention != Mention::FirstPerson)?;
    let again =
        organizations.iter().filter(|o| !inside(o.sentence) && o.sentence < first && o.name == title.name).count();
    let figures: Vec<usize> = (0..counts.len())
        .filter(|&i| counts[i].sentence < first && counts[i].rejected.is_none() && counts[i].value.is_some())
        .collect();
    (again >= 4 && !figures.is_empty()).then(|| Incident {
        sentences: vec![0..first],
        lead: Some(title.clone()),
        shape: Shape::Entry,
        counts: Some(figures),
        reported: None,
        service: None,
    })
}

fn whole(reading: &Reading) -> Incident {
    let all: Range<usize> = 0..reading.sentences.len();
    Incident { sentences: vec![all], lead: None, shape: Shape::Whole, counts: None, reported: None, service: None }
}

fn distinct(incidents: &[Incident]) -> usize {
    let mut names = Names::default();
    // Rows and groups are cases of their own, even of one organization.
    let mut own = |i: &Incident, lead: &OrganizationFinding| {
        lead.mention == Mention::Anonymised || i.shape == Shape::Row || names.insert(&lead.name)
    };
    incidents.iter().filter(|i| i.lead.as_ref().is_some_and(|lead| own(i, lead))).count()
}

/// 大手企業でも流出が相次ぐ, over those that are named with their figures: what all of them are is none of them.
fn without_vague(words: &IncidentLexicon, counts: &[CountFinding], mut candidate: Vec<Incident>) -> Vec<Incident> {
    let vague = |i: &Incident| {
        i.lead.as_ref().is_some_and(|lead| {
            lead.mention == Mention::Anonymised
                && words.has(WordList::AllOfAKind, &lead.name)
                && !counts.iter().any(|c| {
                    c.rejected.is_none() && c.value.is_some() && i.sentences.iter().any(|r| r.contains(&c.sentence))
                })
        })
    };
    let named = candidate.iter().filter(|i| i.lead.as_ref().is_some_and(|l| l.mention != Mention::Anonymised)).count();
    if named >= 2 {
        candidate.retain(|i| !vague(i));
    }
    candidate
}

/// Puts together what tells of the same organization, except rows and groups, which are cases of their own.
fn merge(found: Vec<Incident>) -> Vec<Incident> {
    let mut merged: Vec<Incident> = Vec::new();
    let mut leads = Names::default();
    let is_clause = |i: &Incident| matches!(i.shape, Shape::Clause | Shape::Surveyed);
    for incident in found.into_iter().filter(|i| i.lead.is_some()) {
        let own_case = |i: &Incident| matches!(i.shape, Shape::Row | Shape::Group);
        let name = incident.lead.as_ref().map_or("", |lead| lead.name.as_str());
        let same = leads.all(name).into_iter().find(|&m| {
            let known = &merged[m];
            // 甲銀行が約10万人、霧影甲銀行が約9万人: side by side they are two.
            let side_by_side = is_clause(known)
                && is_clause(&incident)
                && known
                    .lead
                    .as_ref()
                    .zip(incident.lead.as_ref())
                    .is_some_and(|(a, b)| a.sentence == b.sentence && !same_name(&a.name, &b.name));
            !(side_by_side || own_case(known) && own_case(&incident))
        });
        match same {
            Some(known) => {
                let known = &mut merged[known];
                known.sentences.extend(incident.sentences);
                known.reported = known.reported.or(incident.reported);
                known.counts = match (known.counts.take(), incident.counts) {
                    (Some(mut a), Some(b)) => {
                        a.extend(b);
                        Some(a)
                    }
                    _ => None,
                };
                if incident.shape == Shape::Entry || incident.shape == Shape::Row {
                    known.shape = incident.shape;
                }
            }
            None => {
                leads.push(name);
                merged.push(incident);
            }
        }
    }
    merged.sort_by_key(|i| i.sentences.iter().map(|r| r.start).min());
    merged
}
