//! Several mishaps of one house: 1件目は…。2件目は…, or 誤送付など3件の事故 and then one after the other.

use super::governor::Governor;
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::opening;
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, same_organization};
use crate::reading::Reading;

/// Sentences at the head of a notice among which the name of the house stands.
const SIGNED: usize = 5;

/// One incident a case, where the text counts them off or says that there are several.
pub(super) fn incidents(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    governors: &[Governor],
    own: bool,
) -> Vec<Incident> {
    let mut begins = counted_off(words, reading);
    if begins.len() < 2 {
        begins = headed(words, reading, counts);
    }
    let numbered = begins.len() >= 2;
    let Some(house) = house(words, reading, organizations, governors, own || numbered) else { return Vec::new() };
    if !numbered {
        begins = told_in_turn(words, reading, counts);
    }
    if begins.len() < 2 {
        return Vec::new();
    }
    begins
        .iter()
        .enumerate()
        .map(|(n, &begin)| Incident {
            sentences: vec![begin..begins.get(n + 1).copied().unwrap_or(reading.sentences.len())],
            lead: Some(house.clone()),
            shape: Shape::Row,
            counts: None,
            reported: None,
            service: None,
        })
        .collect()
}

/// Whose mishaps they are: who announces, or is named first.
fn house(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    governors: &[Governor],
    own: bool,
) -> Option<OrganizationFinding> {
    let again = words.has(WordList::HappenedSeveralTimes, reading.text());
    let opens = |o: &&OrganizationFinding| {
        o.sentence <= if again { SIGNED } else { 1 }
            && o.onlooker.is_none()
            && o.mention <= Mention::Weak
            && words.has(WordList::Event, reading.sentence_text(o.sentence))
    };
    let named = organizations.iter().find(opens).cloned().or_else(|| {
        let first = governors.iter().find(|g| g.announces && g.sentence <= 2);
        first.map(|g| g.who.clone())
    });
    // 医療法人霧影会 唐影病院: a line of nothing but its name, above what it tells of its own.
    let signs = |o: &&OrganizationFinding| {
        let line = reading.sentences[o.sentence].span;
        let rest = &reading.text()[o.span.end..line.end];
        o.sentence <= SIGNED
            && o.onlooker.is_none()
            && o.mention <= Mention::Bare
            && rest.trim().is_empty()
            && line.of(reading.text()).chars().count() <= 40
    };
    let named = named.or_else(|| {
        let signed = || organizations.iter().rfind(signs).cloned();
        own.then(signed).flatten()
    })?;
    // Another house that tells of its own is none of these.
    let other = governors.iter().any(|g| {
        g.announces
            && !same_organization(&g.who.name, &named.name)
            && !super::kin::are_kin(words, &g.who.name, &named.name)
    });
    (!other && named.mention != Mention::Anonymised).then_some(named)
}

/// 1件目は…, 2件目は…, (1)紛失の事案.
fn counted_off(words: &IncidentLexicon, reading: &Reading) -> Vec<usize> {
    let counted = |s: usize| {
        let text = reading.sentence_text(s);
        let mishap = |text| words.has(WordList::Event, text) || words.has(WordList::KindAttacked, text);
        let told = || mishap(text) || mishap(reading.sentence_text(s + 1));
        words.lists().find(WordList::CaseNumber, text).is_some_and(|at| text[..at].chars().count() <= 12) && told()
    };
    (0..reading.sentences.len()).filter(|&s| counted(s)).collect()
}

/// 1 税証明書の誤交付, 2 メールの誤送信: numbered headings that end in a mishap, each over a day or a figure of its own.
fn headed(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding]) -> Vec<usize> {
    let heads: Vec<usize> = (0..reading.sentences.len())
        .filter(|&s| {
            let line = reading.sentence_text(s);
            let title = line.trim_start_matches(|c: char| {
                c.is_ascii_digit() || ('①'..='⓿').contains(&c) || "()【】■●◆○・.、 事案例ケース第件目:".contains(c)
            });
            let numbered = title.len() < line.len() && line.starts_with(|c: char| !('ぁ'..='ん').contains(&c));
            numbered
                && !line.ends_with('。')
                && title.chars().count() <= 40
                && words.has(WordList::Event, title)
                && words.has(WordList::MishapNoun, title.split('(').next().unwrap_or(title))
        })
        .collect();
    let own = |at: usize| {
        let end = heads.get(at + 1).copied().unwrap_or(reading.sentences.len());
        (heads[at] + 1..end).any(|s| words.has(WordList::OwnTime, reading.sentence_text(s)))
            && (heads[at]..end).any(|s| {
                counts.iter().any(|c| c.sentence == s && c.rejected.is_none() && c.value.is_some())
                    || reading.sentence_text(s).ends_with('。')
            })
    };
    if (0..heads.len()).all(own) { heads } else { Vec::new() }
}

/// The text says that there are several; then また、, このほか and においても begin another one that has a day or a figure.
fn told_in_turn(words: &IncidentLexicon, reading: &Reading, counts: &[CountFinding]) -> Vec<usize> {
    let several = (0..reading.sentences.len()).take(3).any(|s| {
        let text = reading.sentence_text(s);
        let counted = words.lists().find(WordList::CasesInAll, text).is_some_and(|at| {
            let many = &text[..at];
            many.ends_with(|c: char| ('2'..='9').contains(&c)) || words.has(WordList::SeveralOf, many)
        });
        words.has(WordList::Event, text) && (counted || words.has(WordList::InARow, text))
    });
    // 霧影大では昨年にもいくつか発生している。: what was told before it is one of them.
    let again = (1..reading.sentences.len()).find(|&s| {
        let text = reading.sentence_text(s);
        words.has(WordList::HappenedSeveralTimes, text) && words.has(WordList::Event, text)
    });
    if !several && again.is_none() {
        return elsewhere(words, reading).map_or_else(Vec::new, |(first, other)| vec![first, other]);
    }
    let figure = |s: usize| counts.iter().any(|c| c.sentence == s && c.rejected.is_none() && c.value.is_some());
    let own = |s: usize| {
        let text = reading.sentence_text(s);
        text.ends_with('。') && words.has(WordList::Event, text) && (figure(s) || words.has(WordList::OwnTime, text))
    };
    let turns = |s: usize| {
        let text = reading.sentence_text(s);
        let (mark, _) = opening(text);
        // また、流出した個人情報は…: more of what was told.
        let topic = words.lists().behind_each(WordList::TurnBeforeDay, &text[mark..]).trim_start_matches(['、', ' ']);
        let known = words.lists().beginning(WordList::ToldBefore, topic).is_some_and(|what| {
            topic[what.len()..].split(['、', '。']).next().is_some_and(|phrase| phrase.contains('は'))
        });
        !known && (words.has(WordList::Turn, &text[mark..]) || words.has(WordList::TurnInside, text))
    };
    let from = again.filter(|_| !several).map_or(1, |s| s + 1);
    let Some(first) =
        (from..reading.sentences.len()).find(|&s| own(s) && !words.has(WordList::SumsUp, reading.sentence_text(s)))
    else {
        return Vec::new();
    };
    let told_before = from > 1 && (0..from - 1).any(own);
    let mut begins = if told_before { vec![0, first] } else { vec![first] };
    begins.extend((first + 1..reading.sentences.len()).filter(|&s| turns(s) && own(s)));
    begins
}

/// 唐影事務所で書類を廃棄した。また、鶺影事務所でも別の人に納付書を送付していたことが分かった。: mishaps of different kinds at two places of one
/// house, as the sentences where they begin. Of one kind they are the parts of what was announced.
fn elsewhere(words: &IncidentLexicon, reading: &Reading) -> Option<(usize, usize)> {
    let kinds = |s: usize| {
        let text = reading.sentence_text(s);
        let lists = [WordList::KindLost, WordList::KindSent, WordList::KindShown, WordList::KindAttacked];
        lists.map(|list| words.has(list, text))
    };
    let event = |s: usize| words.has(WordList::Event, reading.sentence_text(s));
    let told = |s: &usize| reading.sentence_text(*s).ends_with('。');
    let first = (0..reading.sentences.len()).filter(told).find(|&s| event(s))?;
    let another = |s: &usize| {
        let text = reading.sentence_text(*s);
        let Some(turn) = words.lists().beginning(WordList::Turn, text) else { return false };
        let place = text[turn.len()..].split_once("でも").or_else(|| text[turn.len()..].split_once("においても"));
        place.is_some_and(|(place, rest)| {
            let inner = words.has(WordList::InnerPart, place) && place.chars().count() <= 20;
            inner && words.has(WordList::Event, rest) && words.has(WordList::TellsOf, rest)
        })
    };
    let other = (first + 1..reading.sentences.len()).filter(told).find(another)?;
    let (before, now) = ((first..other).map(kinds), kinds(other));
    let before = before.fold([false; 4], |all, one| [0, 1, 2, 3].map(|n| all[n] || one[n]));
    let differ = now.contains(&true) && before.contains(&true) && !(0..4).any(|n| now[n] && before[n]);
    differ.then_some((first, other))
}
