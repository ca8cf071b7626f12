//! Whether the stories of a text stand apart from each other, or are one with several parties.

use super::Incident;
use super::governor::{Governor, Place};
use super::kin::are_kin;
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::EACH;
use super::stories::Story;
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, OrganizationLexicon, same_organization};
use crate::reading::Reading;

/// Whether the stories are incidents of their own: the text says that it goes on to another one, or each tells what
/// went wrong and how much of it, or when.
pub(super) fn stand_apart(
    words: &IncidentLexicon,
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    counts: &[CountFinding],
    stories: &[Story],
) -> bool {
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
    let side_by_side = words.has(WordList::SideBySide, text)
        && !words.has(WordList::Entrusts, text)
        && !lexicon.tells_of_a_subsidiary(text);
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
        || each_its_own && !words.has(WordList::Entrusts, text) && !lexicon.tells_of_a_subsidiary(text)
        || events >= 2 && (several || side_by_side)
        || apart >= 1 && (with_figures + announced >= 2 || several)
        || several && with_figures + announced >= 2
        || stories.len() >= 3 && (with_figures >= 2 || announced >= 2)
        || dated >= 2
}

/// Whether a story tells of a mishap beside a time or a figure that is its own.
pub(super) fn has_its_own(words: &IncidentLexicon, text: &str, counts: &[CountFinding], story: &Story) -> bool {
    let shared = story.spans.get(1).is_some_and(|s| text[s.clone()].starts_with(EACH));
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
        let house = (matches!(governor.who.kind, OrganizationKind::School | OrganizationKind::Hospital)
            || words.has(WordList::HouseOfOne, &governor.who.name))
            && !words.has(WordList::RunsHouses, &governor.who.name);
        let until = governors.get(n + 1).map_or(reading.text().len(), |g| g.begin);
        let clause = &text[governor.begin..governor.end];
        let told = words.has(WordList::Event, clause)
            && (words.has(WordList::OwnTime, &text[governor.begin..until])
                || counts.iter().any(|c| c.rejected.is_none() && (governor.begin..until).contains(&c.span.start)));
        let head = matches!(governor.place, Place::Topic | Place::Possessive | Place::Figure);
        let listed = are_counted(words, &text[governor.who.span.end..governor.end]);
        if house && head && told && !listed && !found.iter().any(|f| same_organization(f, &governor.who.name)) {
            found.push(governor.who.name.clone());
        }
    }
    // Their town or board is told of too, and everybody else belongs to it.
    let of_one = governors.iter().all(|g| {
        found.iter().any(|f| same_organization(f, &g.who.name))
            || found.iter().all(|f| are_kin(words, f, &g.who.name) || text[g.begin..g.end].contains(f.as_str()))
            || g.dependent
            || words.has(WordList::HouseOfOne, &g.who.name)
            // 霧影県教育委員会は、県立高校2校で…と発表した: whose schools or hospitals they are.
            || g.sentence <= 2 && words.has(WordList::RunsHouses, &g.who.name) && several_cases(words, reading)
            || g.sentence <= 2
                && matches!(
                    g.who.kind,
                    OrganizationKind::Municipality | OrganizationKind::Prefecture | OrganizationKind::Agency
                )
                && found.iter().all(|f| words.has(WordList::HouseOfOne, f))
    });
    let several = governors.iter().any(|g| !found.iter().any(|f| same_organization(f, &g.who.name)));
    if found.len() >= 2 && of_one && (several || several_cases(words, reading)) { found } else { Vec::new() }
}

/// Whether the end of a list stands behind the last name in it, which says how many houses they are together:
/// 霧小、唐中、鶺小の計6校で紛失した.
fn are_counted(words: &IncidentLexicon, behind: &str) -> bool {
    let Some(sum) = ["の", "など"].into_iter().find_map(|end| behind.strip_prefix(end)) else { return false };
    let sum = ["計", "合計"].into_iter().find_map(|word| sum.strip_prefix(word)).unwrap_or(sum);
    let counter = sum.trim_start_matches(|c: char| c.is_ascii_digit());
    let many = sum[..sum.len() - counter.len()].parse::<usize>();
    many.is_ok_and(|many| many >= 2) && words.has(WordList::HouseCounter, counter)
}

/// 県立高校2校で…, 相次いだ: the text says that there are several.
pub(super) fn several_cases(words: &IncidentLexicon, reading: &Reading) -> bool {
    let text = reading.text();
    let counted = words.lists().stands_behind(WordList::CountedCase, text, |c| ('2'..='9').contains(&c));
    counted || words.has(WordList::OneAfterTheOther, text)
}

/// Whether something went wrong at somebody's.
pub(super) fn is_told(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding], story: &Story) -> bool {
    let event = story.spans.iter().any(|s| words.has(WordList::Event, &reading.text()[s.clone()]));
    let bodies = story.spans.len() > 2 || story.spans.iter().any(|s| reading.text()[s.clone()].ends_with('。'));
    let figure = !figures(counts, story).is_empty();
    let office = words.has(WordList::HouseOfOne, &story.lead.name);
    let bare = story.lead.mention == Mention::Bare && !story.lead.quoted && !office;
    let announced = story.spans.iter().any(|s| words.has(WordList::TellsOf, &reading.text()[s.clone()]));
    let headed = story.governors[0].place == Place::Heading;
    let case = story.governors[0].place == Place::Case;
    // 甲が12件、乙が30件
    let counted = story.governors[0].place == Place::Figure && story.lead.name.chars().count() >= 4;
    (event || figure)
        && (!bare
            || figure && (event || counted || several(words, reading))
            || announced && event
            || case
            // - Kirikageの事例 over what happened there.
            || headed && story.governors[0].marked && bodies && event && several(words, reading))
        && (!headed || bodies || story.governors[0].marked && event || figure && story.governors[0].marked)
}

/// 一方、唐影社は不正アクセスの原因を調べている: nothing went wrong at somebody who only looks into it; nor does a figure
/// somewhere behind the name tell that it did.
pub(super) fn only_takes_part(
    words: &IncidentLexicon,
    reading: &Reading,
    counts: &[CountFinding],
    story: &Story,
) -> bool {
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
            let shared = story.spans.get(1).is_some_and(|s| reading.text()[s.clone()].starts_with(EACH));
            !(event || counted && governor.apart) || words.has(WordList::Reacts, clause) && !told && !counted && !shared
        }
    }
}

/// Whether the text says of itself that it tells of several.
pub(super) fn several(words: &IncidentLexicon, reading: &Reading) -> bool {
    words.has(WordList::Several, reading.text()) || words.has(WordList::Genre, reading.text())
}

/// The accepted figures of a story.
pub(super) fn figures(counts: &[CountFinding], story: &Story) -> Vec<usize> {
    let counts_it =
        |c: &CountFinding| c.rejected.is_none() && c.value.is_some() && !matches!(c.unit.as_str(), "社" | "部");
    story.owned.iter().copied().filter(|&i| counts_it(&counts[i])).collect()
}

/// ■霧影店 and ■唐影店 below 当社は3店舗で…と発表した: places of whoever announced, and what each lost is a part of it.
pub(super) fn places_of_one(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    incidents: &[Incident],
) -> bool {
    let branch = |name: &str| words.has(WordList::Branch, name);
    let places: Vec<&OrganizationFinding> =
        incidents.iter().filter_map(|i| i.lead.as_ref()).filter(|l| branch(&l.name)).collect();
    // One alone, of which no mishap is told.
    let untold = |i: &Incident| {
        let told = |s: usize| words.has(WordList::Event, reading.sentence_text(s));
        i.lead.as_ref().is_some_and(|l| branch(&l.name)) && !i.sentences.iter().flat_map(Clone::clone).any(told)
    };
    // …や唐影支店など6支店で扱った書類。唐影支店で紛失が発覚した: one alone of which whoever announced told before.
    let came_up =
        |l: &OrganizationFinding| reading.text()[..reading.sentences[l.sentence].span.start].contains(l.name.as_str());
    let parts = places.len() >= 2 || places.iter().any(|l| came_up(l)) || incidents.iter().any(untold);
    let Some(first) = places.iter().map(|l| l.sentence).min().filter(|_| parts) else { return false };
    // 霧影病院 among 霧影店 and 唐影店 may have its own.
    let others = incidents.iter().filter_map(|i| i.lead.as_ref()).filter(|l| !branch(&l.name));
    let announces = |o: &&OrganizationFinding| {
        let text = reading.sentence_text(o.sentence);
        o.sentence < first
            && o.onlooker.is_none()
            && !branch(&o.name)
            && text.ends_with('。')
            && (o.mention == Mention::FirstPerson || words.has(WordList::Announcing, text))
            && words.has(WordList::Event, text)
    };
    let Some(house) = organizations.iter().find(announces) else { return false };
    others.into_iter().all(|l| same_organization(&l.name, &house.name))
        && places.iter().all(|l| !words.has(WordList::Announcing, reading.sentence_text(l.sentence)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_list_says_how_many_it_held() -> Result<(), crate::lexicon::LexiconError> {
        let words = IncidentLexicon::embedded()?;
        for (behind, counted) in [
            ("の計6校で紛失した", true),
            ("など3病院で紛失した", true),
            ("の合計12施設で紛失した", true),
            ("など計2か所", true),
            ("の1校で紛失した", false),
            ("計6校で紛失した", false),
            ("の計6人が紛失した", false),
            ("の教諭が2校で紛失した", false),
        ] {
            assert_eq!(are_counted(&words, behind), counted, "{behind}");
        }
        Ok(())
    }
}
