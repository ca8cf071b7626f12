//! Whose story a clause goes on with: its own house, a part of it, a party of what another one tells.

use super::apart::several;
use super::governor::{Governor, Place};
use super::lexicon::{IncidentLexicon, WordList};
use super::stories::Story;
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, core_name, same_organization};
use crate::reading::Reading;

/// Characters of a day that may stand beside a name: 令和12年12月24日(木)
const LONGEST_DAY: usize = 15;

/// 取引先別では甲が12件、乙が30件だった: parts of what somebody else has announced.
pub(super) fn is_part(
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
            let listed = super::governor::siblings(words, reading.text(), organizations, &c.governors[0]);
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
pub(super) fn is_party(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governor: &Governor,
    stories: &[Story],
) -> bool {
    let text = reading.text();
    let first = organizations.partition_point(|o| o.span.end <= governor.begin);
    // 霧影国税局は…と発表した。…唐影税務署で: an office of whoever tells of it.
    let office = words.has(WordList::HouseOfOne, &governor.who.name)
        && !words.has(WordList::HouseOfOne, stories.last().map_or("", |s| s.lead.name.as_str()))
        && stories
            .iter()
            .any(|s| words.has(WordList::RunsHouses, &s.lead.name) && s.governors.iter().any(|g| g.announces));
    if office && !governor.apart && !several(words, reading) {
        return true;
    }
    if is_counted_in(words, reading, counts, governor, stories) {
        return true;
    }
    let apart = governor.apart || matches!(governor.place, Place::Figure | Place::Case | Place::Heading);
    !apart
        && !several(words, reading)
        && organizations[..first].iter().any(|o| {
            let said = stories.iter().find(|s| s.spans.iter().any(|span| span.contains(&o.span.start)));
            let listed = |s: &Story| {
                let lists = |g: &Governor| {
                    super::governor::siblings(words, text, organizations, g).iter().any(|l| l.span == o.span)
                };
                s.governors.iter().any(lists)
            };
            let longer = o.name.chars().count() >= 4 && governor.who.name.starts_with(&o.name);
            (o.name == governor.who.name || longer || same_organization(&o.name, &governor.who.name))
                && said.is_some_and(|s| !listed(s) && s.governors.iter().any(|g| g.announces))
        })
}

/// 霧影庁は、一部の税務署で計7809枚を…と発表した。灯台税務署では230枚を: a house whose figure is within the sum of who runs it.
fn is_counted_in(
    words: &IncidentLexicon,
    reading: &Reading,
    counts: &[CountFinding],
    governor: &Governor,
    stories: &[Story],
) -> bool {
    let house = matches!(governor.who.kind, OrganizationKind::School | OrganizationKind::Hospital)
        || words.has(WordList::HouseOfOne, &governor.who.name);
    let Some(announcer) = stories.last().and_then(|s| s.governors.iter().find(|g| g.announces)) else { return false };
    let within = |begin: usize, end: usize| {
        counts.iter().filter(move |c| c.rejected.is_none() && (begin..end).contains(&c.span.start))
    };
    let sum = within(announcer.begin, announcer.end).filter(|c| c.total).filter_map(|c| c.value).max();
    let own = within(governor.begin, governor.end).filter_map(|c| c.value).max();
    house
        && !governor.apart
        && !several(words, reading)
        && words.has(WordList::RunsHouses, &announcer.who.name)
        && sum.zip(own).is_some_and(|(sum, own)| own < sum)
}

/// 関電 of 関西電力, 損保ジャパン of 損害保険ジャパン: the first letter and others of it in order, where both stand in one text.
pub(super) fn contracts(short: &str, long: &str) -> bool {
    let letters = short.chars().count();
    // 阪大 of 大阪大学, 横市大 of 横浜市立大学.
    if let (Some(own), Some(full)) = (short.strip_suffix('大'), long.strip_suffix("大学")) {
        let mut rest = full.chars();
        return (1..=3).contains(&own.chars().count()) && own.chars().all(|letter| rest.any(|l| l == letter));
    }
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

/// Whether a governor goes on with a story: of the same house, of a house of it, or of whom the heading above names.
pub(super) fn is_about(
    words: &IncidentLexicon,
    reading: &Reading,
    story: &Story,
    governor: &Governor,
    current: Option<&Story>,
    sentence: usize,
) -> bool {
    let lead = &story.lead;
    // 「うみねこ通販」に不正ログイン over 霧影商事は、「うみねこ通販」で…と発表した: the title names what the first sentence tells of.
    let headline = |g: &Governor| g.sentence <= 2 && !reading.sentence_text(g.sentence).ends_with('。');
    if governor.announces
        && story.governors.iter().all(headline)
        && lead.name.chars().count() >= 3
        && reading.text()[governor.who.span.end..governor.end].contains(lead.name.as_str())
    {
        return true;
    }
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
    let universities = governor.who.kind == OrganizationKind::School && lead.kind == OrganizationKind::School;
    let contracted = universities
        && (contracts(&governor.who.name, &lead.name) || contracts(&lead.name, &governor.who.name))
        || governor.who.mention == Mention::Bare && contracts(&governor.who.name, &lead.name)
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
        let ending = words.lists().ending(WordList::Holding, holding);
        let house = ending.and_then(|ending| holding.strip_suffix(ending)).unwrap_or_default();
        house.chars().count() >= 2 && other.starts_with(house)
    };
    // 霧影署 of 霧影県警.
    let station = |name: &str, police: &str| name.ends_with('署') && words.has(WordList::PoliceOfAPrefecture, police);
    if holds(a, b) || holds(b, a) || station(a, b) || station(b, a) {
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
pub(super) fn is_division(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> bool {
    let text = reading.sentence_text(sentence);
    let (_, marked) = super::naming::opening(text);
    !text.ends_with('。') && marked && text.chars().count() <= 60 && words.has(WordList::Event, text)
}
