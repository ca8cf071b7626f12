//! Running text that tells of one organization after the other, in whatever order its words stand: every clause has
//! somebody who governs it, and a sentence that names nobody goes on with whoever governed the one before.

use std::ops::Range;

use super::governor::{Governor, Place};
use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, core_name, same_organization};
use crate::reading::Reading;

/// A text in which more clauses have a governor is no running text about a few.
const MOST: usize = 400;

/// Characters of a day that may stand beside a name: 令和12年12月24日(木)
const LONGEST_DAY: usize = 15;

/// What is told of one organization.
struct Story {
    lead: OrganizationFinding,
    governors: Vec<Governor>,
    /// Bytes of the text, in order.
    spans: Vec<Range<usize>>,
    /// Nothing is added behind its end until somebody is named again.
    open: bool,
    /// Counts of the document that a name of theirs owns.
    owned: Vec<usize>,
}

/// One incident a story, where two stories at least stand apart from each other.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governors: &[Governor],
) -> Vec<Incident> {
    if governors.len() > MOST || speaks_of_itself(words, reading, organizations) {
        return Vec::new();
    }
    let stories = tell(words, reading, organizations, counts, governors);
    let listed = super::lists::names(words, reading, organizations);
    let houses = stories.len() >= 2 && !houses_of_one(words, reading, counts, governors).is_empty();
    let apart = houses || stand_apart(words, reading, counts, &stories);
    if !apart && listed.len() < 3 {
        return Vec::new();
    }
    let in_list = |s: &Story| listed.iter().any(|l| same_organization(&l.name, &s.lead.name));
    let told = stories.iter().filter(|s| apart || in_list(s) || has_its_own(words, reading.text(), counts, s));
    let mut found: Vec<Incident> = told.map(|s| incident(reading, s)).collect();
    found.extend(beside(reading, organizations, &stories));
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
fn speaks_of_itself(words: &IncidentLexicon, reading: &Reading, organizations: &[OrganizationFinding]) -> bool {
    organizations.iter().filter(|o| o.mention == Mention::FirstPerson).any(|o| {
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
            story.open &= !(sums_up || elsewhere || is_division(words, reading, sentence));
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
                    || is_party(words, reading, organizations, governor, &stories) =>
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
            let shared = text[sentence.start..sentence.end].rfind("それぞれ").map(|s| s + sentence.start);
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
            || super::naming::stands_at(&text[lead.span.end..figure.start])
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
                        && !super::governor::siblings(text, organizations, g).is_empty()
                })
        };
        own.retain(|&c| !joint(c));
        own.sort_unstable();
        story.owned = own;
    }
}

/// 取引先別では甲が12件、乙が30件だった: parts of what somebody else has announced.
fn is_part(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    governor: &Governor,
    current: Option<&Story>,
) -> bool {
    let text = reading.text();
    let told = &text[governor.begin..governor.end];
    // 霧影県の委託業者が誤って印刷した: who works for the first one, by where it works.
    let works = governor.place == Place::Possessive
        && !governor.apart
        && text[governor.who.span.end..governor.end]
            .strip_prefix('の')
            .is_some_and(|rest| words.has(WordList::Dependent, rest.split(['が', 'は', '、']).next().unwrap_or(rest)));
    let told_on = !words.has(WordList::TellsOf, told) && !words.has(WordList::Genre, text);
    if works && told_on && current.is_some_and(|c| c.governors[0].announces) {
        return true;
    }
    // 甲と乙は…と発表した。甲が12件、乙が30件: who announced together tells of its own.
    let announced = |name: &str| {
        current.is_some_and(|c| {
            let listed = super::governor::siblings(reading.text(), organizations, &c.governors[0]);
            listed.iter().any(|s| same_organization(&s.name, name) || contracts(name, &s.name))
        })
    };
    governor.place == Place::Figure
        && !announced(&governor.who.name)
        && !words.has(WordList::Event, told)
        && !words.has(WordList::TellsOf, told)
        && current.is_some_and(|c| c.governors[0].announces)
        && !several(words, reading)
}

/// 日本郵便は、霧影郵便局で控えを紛失したと発表した。霧影郵便局では…: who came up in what another one tells, unless the text
/// turns to it.
fn is_party(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    governor: &Governor,
    stories: &[Story],
) -> bool {
    let text = reading.text();
    let first = organizations.partition_point(|o| o.span.end <= governor.begin);
    let apart = governor.apart || matches!(governor.place, Place::Figure | Place::Case | Place::Heading);
    !apart
        && !several(words, reading)
        && organizations[..first].iter().any(|o| {
            let said = stories.iter().find(|s| s.spans.iter().any(|span| span.contains(&o.span.start)));
            let listed = |s: &Story| {
                let lists =
                    |g: &Governor| super::governor::siblings(text, organizations, g).iter().any(|l| l.span == o.span);
                s.governors.iter().any(lists)
            };
            let longer = o.name.chars().count() >= 4 && governor.who.name.starts_with(&o.name);
            (o.name == governor.who.name || longer || same_organization(&o.name, &governor.who.name))
                && said.is_some_and(|s| !listed(s) && s.governors.iter().any(|g| g.announces))
        })
}

/// 関電 of 関西電力, 損保ジャパン of 損害保険ジャパン: the first letter and others of it in order, where both stand in one text.
fn contracts(short: &str, long: &str) -> bool {
    let letters = short.chars().count();
    if !(2..=8).contains(&letters) || letters >= long.chars().count() || short.ends_with('大') || short.is_ascii() {
        return false;
    }
    let mut rest = long.chars().peekable();
    let mut last = None;
    for letter in short.chars() {
        // Katakana are not cut in their middle.
        let kana = ('ァ'..='ヿ').contains(&letter) && last.is_some_and(|l| ('ァ'..='ヿ').contains(&l));
        let found = if last.is_none() || kana { rest.next() == Some(letter) } else { rest.any(|l| l == letter) };
        if !found {
            return false;
        }
        last = Some(letter);
    }
    // A town is no contraction of its school.
    rest.count() <= 3
}

/// Schools or hospitals of one town or board that each tell of a mishap of their own, with a time or a figure.
pub(super) fn houses_of_one(
    words: &IncidentLexicon,
    reading: &Reading,
    counts: &[CountFinding],
    governors: &[Governor],
) -> Vec<String> {
    let text = reading.text();
    let mut found: Vec<String> = Vec::new();
    for (n, governor) in governors.iter().enumerate() {
        // 病院事業局 is whose hospitals they are.
        let house = matches!(governor.who.kind, OrganizationKind::School | OrganizationKind::Hospital)
            && !["局", "委員会", "教委", "機構", "本部"].iter().any(|end| governor.who.name.ends_with(end));
        let until = governors.get(n + 1).map_or(reading.text().len(), |g| g.begin);
        let clause = &text[governor.begin..governor.end];
        let told = words.has(WordList::Event, clause)
            && (words.has(WordList::OwnTime, &text[governor.begin..until])
                || counts.iter().any(|c| c.rejected.is_none() && (governor.begin..until).contains(&c.span.start)));
        let head = matches!(governor.place, Place::Topic | Place::Possessive | Place::Figure);
        if house && head && told && !found.iter().any(|f| same_organization(f, &governor.who.name)) {
            found.push(governor.who.name.clone());
        }
    }
    // Their town or board is told of too, and everybody else belongs to it.
    let of_one = governors.iter().all(|g| {
        found.iter().any(|f| same_organization(f, &g.who.name))
            || found.iter().all(|f| are_kin(words, f, &g.who.name) || text[g.begin..g.end].contains(f.as_str()))
            || g.dependent
    });
    let several = governors.iter().any(|g| !found.iter().any(|f| same_organization(f, &g.who.name)));
    if found.len() >= 2 && of_one && (several || several_cases(words, reading)) { found } else { Vec::new() }
}

/// 県立高校2校で…, 相次いだ: the text says that there are several.
fn several_cases(words: &IncidentLexicon, reading: &Reading) -> bool {
    let text = reading.text();
    let counted = ["校で", "病院で", "園で", "件の"]
        .iter()
        .any(|kind| text.match_indices(kind).any(|(at, _)| text[..at].ends_with(|c: char| ('2'..='9').contains(&c))));
    counted || words.has(WordList::OneAfterTheOther, text)
}

/// Whether a governor goes on with a story: of the same house, of a house of it, or of whom the heading above names.
fn is_about(
    words: &IncidentLexicon,
    reading: &Reading,
    story: &Story,
    governor: &Governor,
    current: Option<&Story>,
    sentence: usize,
) -> bool {
    let lead = &story.lead;
    // 霧影市の市立病院で…。霧影市によると: the town of an unnamed house.
    let of_the_town =
        lead.name.starts_with(governor.who.name.as_str()) && lead.name[governor.who.name.len()..].starts_with('の');
    if lead.mention == Mention::Anonymised || governor.who.mention == Mention::Anonymised {
        return of_the_town || lead.name == governor.who.name && !governor.dated;
    }
    let here = current.is_some_and(|c| std::ptr::eq(c, story));
    // A name alone on its line signs, or says whose notice it is; a headline says more.
    let headline = || reading.sentence_text(sentence).chars().count() > governor.who.name.chars().count() + LONGEST_DAY;
    let own = governor.place == Place::Heading && (governor.marked || headline()) || governor.dated && governor.apart;
    // ドコモ of NTTドコモ.
    let inside = |a: &str, b: &str| a.chars().count() >= 3 && b.contains(a);
    let shortened = governor.who.mention == Mention::Bare && inside(&governor.who.name, &lead.name)
        || lead.mention == Mention::Bare && inside(&lead.name, &governor.who.name);
    // A shop and whoever runs it tell of one incident.
    let service = |o: &OrganizationFinding| o.kind == OrganizationKind::Service;
    // 全国共済農業協同組合連合会(共済連)
    let alias = |a: &str, b: &str| {
        let text = reading.text();
        text.contains(&format!("{a}({b})")) || text.contains(&format!("{b}({a})"))
    };
    // A university and its institute, a town and its bureau, told of without turning to somebody else.
    let inner = here
        && !governor.apart
        && matches!(
            lead.kind,
            OrganizationKind::School | OrganizationKind::Municipality | OrganizationKind::Prefecture
        )
        && words.has(WordList::InnerPart, &governor.who.name);
    let contracted = governor.who.mention == Mention::Bare && contracts(&governor.who.name, &lead.name)
        || lead.mention == Mention::Bare && contracts(&lead.name, &governor.who.name)
        || governor.who.kind == lead.kind
            && lead.kind == OrganizationKind::Company
            && contracts(&governor.who.name, &lead.name);
    // 給油アプリ「甲」の会員情報が流出したと、運営する乙が明らかにした。
    let runs = service(lead) && words.has(WordList::RunBy, &reading.text()[..governor.who.span.start]);
    if same_organization(&lead.name, &governor.who.name)
        || contracted
        || inner
        || runs
        || alias(&lead.name, &governor.who.name)
        || shortened
        || here && !governor.apart && (service(lead) || service(&governor.who))
        || !own && are_kin(words, &lead.name, &governor.who.name)
    {
        return true;
    }
    // 霧影運輸、名簿を紛失 over 霧影ロジスティクスは…: the headline and the sentence under it tell the same.
    // Pages repeat their title above the text.
    let title = |g: &Governor| g.sentence <= 2 && !reading.sentence_text(g.sentence).ends_with('。');
    let under = here
        && story.governors.last().is_some_and(|g| g.place == Place::Heading || title(g))
        && (story.spans.len() == 1 || story.governors.iter().all(title))
        && story.governors.last().is_some_and(|g| g.sentence + 1 == sentence)
        && governor.place != Place::Heading;
    under && reading.sentence_text(sentence).ends_with('。')
}

/// 霧影市 and its board, its school, its fire brigade; 霧影ホールディングス and its 霧影ファーマ.
pub(super) fn are_kin(words: &IncidentLexicon, a: &str, b: &str) -> bool {
    const TOWN: [char; 9] = ['市', '町', '村', '区', '県', '府', '都', '道', '郡'];
    const OFFICE: [char; 8] = ['立', '教', '役', '議', '消', '庁', '内', '営'];
    let town_of = |name: &str| {
        let core = core_name(name);
        let at = core.char_indices().skip(1).find(|(_, c)| TOWN.contains(c)).map(|(at, c)| at + c.len_utf8());
        at.map(|at| core[..at].to_owned())
    };
    // 市教委, 県立高校: of the town or prefecture that the text is about.
    let of_the_town = |name: &str, town: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|c| TOWN.contains(&c) && town.ends_with(c))
            && letters.next().is_some_and(|c| OFFICE.contains(&c))
    };
    let holds = |holding: &str, other: &str| {
        let ending = words.ending(WordList::Holding, holding);
        let house = ending.and_then(|ending| holding.strip_suffix(ending)).unwrap_or_default();
        house.chars().count() >= 2 && other.starts_with(house)
    };
    if holds(a, b) || holds(b, a) {
        return true;
    }
    match (town_of(a), town_of(b)) {
        (Some(a), Some(b)) => a == b,
        (Some(town), None) => of_the_town(b, &town),
        (None, Some(town)) => of_the_town(a, &town),
        (None, None) => false,
    }
}

/// A heading or a numbered line that leads on to something else.
fn is_division(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    let (_, marked) = super::naming::opening(text);
    !text.ends_with('。') && marked && text.chars().count() <= 60 && words.has(WordList::Event, text)
}

/// Whether something went wrong at somebody's.
fn is_told(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], story: &Story) -> bool {
    let event = story.spans.iter().any(|s| words.has(WordList::Event, &reading.text()[s.clone()]));
    let bodies = story.spans.len() > 2 || story.spans.iter().any(|s| reading.text()[s.clone()].ends_with('。'));
    let figure = !figures(counts, story).is_empty();
    let bare = story.lead.mention == Mention::Bare && !story.lead.quoted;
    let announced = story.spans.iter().any(|s| words.has(WordList::TellsOf, &reading.text()[s.clone()]));
    let headed = story.governors[0].place == Place::Heading;
    let case = story.governors[0].place == Place::Case;
    // 甲が12件、乙が30件
    let counted = story.governors[0].place == Place::Figure && story.lead.name.chars().count() >= 4;
    (event || figure)
        && (!bare || figure && (event || counted || several(words, reading)) || announced && event || case)
        && (!headed || bodies || story.governors[0].marked && event || figure && story.governors[0].marked)
}

/// 一方、唐影社は不正アクセスの原因を調べている: nothing went wrong at somebody who only looks into it; nor does a figure
/// somewhere behind the name tell that it did.
fn only_takes_part(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], story: &Story) -> bool {
    let Some(governor) = story.governors.first() else { return true };
    let clause = &reading.text()[governor.begin..governor.end];
    let figure =
        |from: usize, to: usize| figures(counts, story).iter().any(|&c| (from..to).contains(&counts[c].span.start));
    let counted = figure(governor.begin, governor.end);
    match governor.place {
        Place::Figure | Place::Heading | Place::Case => false,
        Place::Topic | Place::Possessive => {
            let event = story.spans.iter().any(|s| words.has(WordList::Event, &reading.text()[s.clone()]));
            let told = words.has(WordList::Announcing, clause) || words.has(WordList::CameOut, clause);
            let shared = story.spans.get(1).is_some_and(|s| reading.text()[s.clone()].starts_with("それぞれ"));
            !(event || counted && governor.apart) || words.has(WordList::Reacts, clause) && !told && !counted && !shared
        }
    }
}

/// Whether the text says of itself that it tells of several.
fn several(words: &IncidentLexicon, reading: &Reading) -> bool {
    words.has(WordList::Several, reading.text()) || words.has(WordList::Genre, reading.text())
}

/// The accepted figures of a story.
fn figures(counts: &[CountFinding], story: &Story) -> Vec<usize> {
    let counts_it =
        |c: &CountFinding| c.rejected.is_none() && c.value.is_some() && !matches!(c.unit.as_str(), "社" | "部");
    story.owned.iter().copied().filter(|&i| counts_it(&counts[i])).collect()
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
    let several = several(words, reading);
    // A line of a course of events is no heading: ・9月12日 委託先でシステム障害が発生.
    let bodies = |s: &Story| s.spans.len() > 1 || text[s.spans[0].clone()].ends_with('。');
    let apart = stories[1..]
        .iter()
        .filter(|s| s.governors[0].apart)
        .filter(|s| s.governors[0].place != Place::Heading || several || bodies(s))
        .count();
    let dated = stories.iter().filter(|s| s.governors[0].dated && s.governors[0].announces).count();
    let with_figures = stories.iter().filter(|s| !figures(counts, s).is_empty()).count();
    let announced = stories.iter().filter(|s| announces(s)).count();
    // 霧影大学では…。唐影大学の研究室では…: side by side, where nobody works for the other.
    let events =
        stories.iter().filter(|s| words.has(WordList::Event, &text[s.governors[0].begin..s.governors[0].end])).count();
    let side_by_side =
        words.has(WordList::SideBySide, text) && !words.has(WordList::Entrusts, text) && !text.contains("子会社");
    let announcing: Vec<u64> = stories
        .iter()
        .filter(|s| s.governors.iter().any(|g| g.announces))
        .filter_map(|s| figures(counts, s).first().and_then(|&i| counts[i].value))
        .collect();
    let each_its_own =
        announcing.len() >= 2 && announcing.iter().all(|v| announcing.iter().filter(|o| *o == v).count() == 1);
    let listed =
        stories.iter().filter(|s| s.governors[0].marked && words.has(WordList::Event, &text[s.spans[0].clone()]));
    let cases = stories.iter().filter(|s| s.governors[0].place == Place::Case).count();
    // 甲では昨年六月、…が流出した。乙は十一月、…を紛失した: a mishap and a time or a figure of each, where nothing ties them.
    let with_mishaps = stories.iter().filter(|s| has_its_own(words, text, counts, s)).count();
    let tied = words.has(WordList::TieOfParties, text);
    // Towns that gave work to one house tell of their own figures each.
    let town = |s: &&Story| {
        matches!(s.lead.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture)
            && has_its_own(words, text, counts, s)
            && s.governors.iter().any(|g| {
                figures(counts, s).iter().any(|&c| (g.begin..g.end).contains(&counts[c].span.start))
                    && words.has(WordList::Event, &text[g.begin..g.end])
            })
    };
    let clients = stories.iter().filter(town).count();
    listed.count() >= 3
        || cases >= 2
        || with_mishaps >= 3
        || with_mishaps >= 2 && !tied
        || clients >= 2
        || each_its_own && !words.has(WordList::Entrusts, text) && !text.contains("子会社")
        || events >= 2 && (several || side_by_side)
        || apart >= 1 && (with_figures + announced >= 2 || several)
        || several && with_figures + announced >= 2
        || stories.len() >= 3 && (with_figures >= 2 || announced >= 2)
        || dated >= 2
}

/// Whether a story tells of a mishap beside a time or a figure that is its own.
fn has_its_own(words: &IncidentLexicon, text: &str, counts: &[CountFinding], story: &Story) -> bool {
    let shared = story.spans.get(1).is_some_and(|s| text[s.clone()].starts_with("それぞれ"));
    let figures = figures(counts, story);
    let governs = |g: &&Governor| g.place != Place::Heading && !g.dependent;
    let clause = |g: &Governor| &text[g.begin..g.end];
    let counted = story
        .governors
        .iter()
        .filter(governs)
        .any(|g| figures.iter().any(|&c| (g.begin..g.end).contains(&counts[c].span.start)));
    story.governors.iter().filter(governs).any(|g| {
        (shared || words.has(WordList::Event, clause(g))) && (counted || words.has(WordList::OwnTime, clause(g)))
    })
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
fn beside(reading: &Reading, organizations: &[OrganizationFinding], stories: &[Story]) -> Vec<Incident> {
    let text = reading.text();
    let mut found = Vec::new();
    for story in stories {
        for governor in &story.governors {
            for sibling in super::governor::siblings(text, organizations, governor) {
                let known = stories
                    .iter()
                    .any(|s| same_organization(&s.lead.name, &sibling.name) || contracts(&s.lead.name, &sibling.name));
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
        total && words.has(WordList::Event, told) && !super::governor::siblings(text, organizations, g).is_empty()
    })
}
