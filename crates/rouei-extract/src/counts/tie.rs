//! Whether the words that govern a figure tie it to persons or data of a leak: its unit, the noun that it counts, the
//! topic or the predicate of its own clause; not the sentence that happens to tell of a leak as well
//! (12人が会見し、情報の流出を謝罪した).

use super::Place;
use super::grammar::Mention;
use super::lexicon::CountLexicon;

/// Whether its unit, its label, or a word of its own clause says that a figure counts somebody or something of a leak.
pub(crate) fn tied(mention: &Mention, place: &Place<'_>, previous: &str, lexicon: &CountLexicon) -> bool {
    let cues = &lexicon.cues;
    // A line without a full stop is a title, a cell or an item, and says what stands above it.
    let line = |text: &str| !text.trim_end().ends_with(['。', '」', '.']);
    let tells = |text: &str| cues.tie.is_match(text) || cues.counted_before.is_match(text);
    if mention.portion
        || !place.labels.is_empty()
        || line(place.text)
        || !previous.is_empty() && line(previous) && tells(previous)
    {
        return true;
    }
    let (before, after) = (&place.text[..mention.span.start], &place.text[mention.span.end..]);
    let front = cues.clause_end.find_iter(before).last().map_or(before, |m| &before[m.end()..]);
    let rest = past_bracket(after);
    let behind = cues.clause_end.find(rest).map_or(rest, |m| &rest[..m.end()]);
    // A title stands over everything: it ties only the group that it names itself (会員名簿の誤送付: 正会員12名).
    let headed = |heading: &&str| tells(heading) && (!place.under_title || names_group_of(heading, front));
    place.headings.last().is_some_and(headed)
        || tells(front)
        || cues.counted_behind.is_match(after)
        || cues.counted_behind.is_match(rest)
        || cues.tie.is_match(behind)
        || cues.tie.is_match(&after[..after.len() - rest.len()])
        || cues.notified.is_match(behind)
        || cues.recipients_exposed.is_match(place.text)
        // 情報が流出した。合計で1,200件に上る。: without a subject of its own it goes on about the one before.
        || cues.goes_on.is_match(before) && cues.copula.is_match(rest) && tells(previous)
        // 情報が流出し、その数は1,200件に上る。: the same within one sentence.
        || cues.takes_up.is_match(front) && cues.copula.is_match(rest) && tells(&before[..before.len() - front.len()])
        // 情報が流出した。株主が11人、顧客が6人で、計17人。: nothing but who and how many.
        || cues.enumerated_before.is_match(before) && cues.enumerated_behind.is_match(after) && tells(previous)
}

/// Whether a heading has the last noun before a figure, in its last two characters (正会員 and 会員名簿).
fn names_group_of(heading: &str, front: &str) -> bool {
    let noun = front.strip_suffix('の').unwrap_or(front);
    let is_word = |c: &char| !c.is_ascii() && !matches!(c, 'ぁ'..='ゖ' | '、' | '。' | '「' | '」' | '・');
    let mut tail: Vec<char> = noun.chars().rev().take_while(is_word).take(2).collect();
    tail.reverse();
    tail.len() == 2 && heading.contains(&String::from_iter(tail))
}

/// 2名(以下「対象者」という。)に: what a bracket right behind a figure says does not end its clause.
fn past_bracket(after: &str) -> &str {
    let inside = after.strip_prefix('(').and_then(|inside| inside.split_once(')'));
    inside.map_or(after, |(_, rest)| rest)
}
