//! Names that stand side by side in one sentence: 甲や乙、丙など計20自治体の情報が閲覧できる状態だった. Each has the same to
//! tell, and no figure of its own.

use rouei_model::Span;

use super::lexicon::{IncidentLexicon, WordList};
use super::naming::EACH;
use super::unknown::unknown_name;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;

/// Names of a list at least.
const FEWEST: usize = 3;

/// Longest name in characters that only its place in a list tells.
const LONGEST: usize = 20;

/// The names of all lists of houses that a mishap befell, each once.
pub(super) fn names(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<OrganizationFinding> {
    let text = reading.text();
    let lists = [WordList::Several, WordList::Genre, WordList::OneAfterTheOther, WordList::SideBySide];
    let collects = lists.into_iter().any(|l| words.has(l, text)) || text.contains(EACH);
    let mut found: Vec<OrganizationFinding> = Vec::new();
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        let line = entry.span.of(text);
        let near = sentence.checked_sub(1).map_or("", |s| reading.sentence_text(s));
        let below = if sentence + 1 < reading.sentences.len() { reading.sentence_text(sentence + 1) } else { "" };
        // 報告を出したのは、甲、乙、丙: what went wrong stands beside it.
        let beside = line.contains("のは") && (words.has(WordList::Event, near) || words.has(WordList::Event, below));
        let told = words.has(WordList::Event, line) || collects && beside;
        if !line.ends_with('。') || !told || words.has(WordList::Entrusts, line) {
            continue;
        }
        let list = list_of(words, reading, organizations, sentence);
        if list.len() >= FEWEST && (collects || counts_houses(words, line)) {
            for name in list {
                if !found.iter().any(|f| same_organization(&f.name, &name.name)) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// 計20自治体, 18企業, 7市
fn counts_houses(words: &IncidentLexicon, line: &str) -> bool {
    words.lists().stands_behind(WordList::CountedHouse, line, |c| c.is_ascii_digit() || c == '数')
}

/// The list of a sentence, from its first name on.
fn list_of(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    sentence: usize,
) -> Vec<OrganizationFinding> {
    let text = reading.text();
    let span = reading.sentences[sentence].span;
    let from = organizations.partition_point(|o| o.span.start < span.start);
    let here: Vec<&OrganizationFinding> =
        organizations[from..].iter().take_while(|o| o.span.start < span.end).collect();
    let mut best: Vec<OrganizationFinding> = Vec::new();
    let mut next = span.start;
    for first in &here {
        let told_parts = words.has(WordList::PartsOf, &text[span.start..first.span.start]);
        if first.span.start < next || !is_name(first) || told_parts {
            continue;
        }
        let (items, end) = items(text, &here, Span::new(first.span.start, span.end));
        // 甲や乙など18企業: who is listed is a house, known or not.
        let summed = {
            let behind = &text[end.min(span.end)..span.end];
            let number = behind.strip_prefix("など").unwrap_or("").trim_start_matches(['の', '計', '約']);
            let kind = number.trim_start_matches(|c: char| c.is_ascii_digit());
            kind.len() < number.len() && words.has(WordList::SummedHouse, kind)
        };
        next = end.max(first.span.end);
        let mut list: Vec<OrganizationFinding> = before(words, text, span, first.span.start)
            .into_iter()
            .chain(items)
            .filter_map(|item| named(words, reading, summed, sentence, &here, item))
            .collect();
        list.dedup_by(|a, b| a.span == b.span);
        // 甲、乙、丙から預かった, に委託した: whose papers somebody else had.
        let behind = &text[end.min(span.end)..span.end];
        let parts = words.has(WordList::FromTheListed, behind);
        if !parts && list.len() > best.len() {
            best = list;
        }
    }
    best
}

/// Items of a list from its first name, and where it ends.
fn items(text: &str, here: &[&OrganizationFinding], span: Span) -> (Vec<Span>, usize) {
    let mut found = Vec::new();
    let mut start = span.start;
    let mut at = span.start;
    let mut depth = 0_usize;
    while at < span.end {
        if let Some(name) = here.iter().find(|o| o.span.start == at && is_name(o)) {
            at = name.span.end;
            continue;
        }
        let rest = &text[at..span.end];
        let Some(c) = rest.chars().next() else { break };
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '、' => {
                found.push(Span::new(start, at));
                start = at + c.len_utf8();
            }
            'や' | 'と' => {
                found.push(Span::new(start, at));
                start = at + c.len_utf8();
            }
            _ if rest.starts_with("など") || rest.starts_with("等") => {
                found.push(Span::new(start, at));
                match behind_and_so_on(rest) {
                    Some(len) => {
                        at += len;
                        start = at;
                        continue;
                    }
                    None => return (found, at),
                }
            }
            'は' | 'が' | 'で' | 'に' | 'を' | 'も' | '。' | '\n' => {
                found.push(Span::new(start, at));
                return (found, at);
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    (found, at)
}

/// など計20自治体と、: the list goes on behind how many there are.
fn behind_and_so_on(rest: &str) -> Option<usize> {
    let behind = rest.strip_prefix("など").or_else(|| rest.strip_prefix('等'))?;
    let number = behind.trim_start_matches(['の', '計', '約']);
    let kind = number.trim_start_matches(|c: char| c.is_ascii_digit());
    if kind.len() == number.len() {
        return None;
    }
    let noun = kind.trim_start_matches(|c: char| ('一'..='龥').contains(&c));
    let more = noun.strip_prefix('と').or_else(|| noun.strip_prefix('や'))?;
    Some(rest.len() - more.trim_start_matches('、').len())
}

/// イオや of イオや、ナギサ、: what is listed before the first known name.
fn before(words: &IncidentLexicon, text: &str, sentence: Span, first: usize) -> Option<Span> {
    let head = text[sentence.start..first].strip_suffix('、').unwrap_or(&text[sentence.start..first]);
    let head = head.strip_suffix('や').or_else(|| head.strip_suffix('と'))?;
    let start = head
        .rfind(['、', '。', 'は', 'に', ','])
        .map_or(0, |at| at + head[at..].chars().next().map_or(0, char::len_utf8));
    let item = Span::new(sentence.start + start, sentence.start + head.len());
    let name = item.of(text);
    let plain = (3..=LONGEST).contains(&name.chars().count()) && !name.chars().any(|c| ('ぁ'..='ん').contains(&c));
    (plain && !words.has(WordList::NoHouse, name)).then_some(item)
}

/// Whom an item names: 教育系NPOの甲(霧影市), 甲グループ傘下の「乙」, or a run of nouns that nothing knows.
fn named(
    words: &IncidentLexicon,
    reading: &Reading,
    summed: bool,
    sentence: usize,
    here: &[&OrganizationFinding],
    item: Span,
) -> Option<OrganizationFinding> {
    let text = reading.text();
    let bracket = item.of(text).find('(').map_or(item.end, |at| item.start + at);
    let inside = |o: &&&OrganizationFinding| o.span.start >= item.start && o.span.end <= bracket;
    if let Some(known) = here.iter().filter(inside).rfind(|o| is_name(o)) {
        let tail = text[known.span.end..bracket].trim_end_matches(['」', '』', ' ']);
        // 霧影自動車の乗用車「ストリーム」: what it makes is no house.
        let made = tail.strip_prefix('の').and_then(|t| t.split_once('「')).is_some_and(|(what, _)| {
            !what.is_empty()
                && !what.ends_with(['社', '店', '院', '校', '園', '所', '体', '人', '県', '市', '町', '先'])
        });
        // リコー傘下のリコーリース: the last one is meant.
        if made || !words.has(WordList::HoldsAnother, tail) {
            let kind = words.has(WordList::OnlyAKind, &known.name);
            return (!kind).then(|| (*known).clone());
        }
    }
    let whole = Span::new(item.start, bracket).of(text);
    let name = whole.rsplit(['の', '「', '『', ' ']).next()?.trim_end_matches(['」', '』']);
    let start = item.start + whole.rfind(name)?;
    let letters = name.chars().count();
    let fits = (2..=LONGEST).contains(&letters)
        && !name.chars().any(|c| ('ぁ'..='ん').contains(&c) || c.is_ascii_digit() || "()、。:%".contains(c))
        && !words.has(WordList::NoHouse, name)
        && !words.has(WordList::OnlyAKind, name)
        && !words.has(WordList::Event, name)
        && !words.has(WordList::Head, name)
        && !words.has(WordList::Post, name)
        // 委託契約: words of kanji alone may be anything.
        && (name.chars().any(|c| ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphabetic()) || (summed || is_proper(reading, sentence, start)));
    fits.then(|| unknown_name(sentence, Span::new(start, start + name.len()), name, Mention::Weak))
}

/// Whether a name of some kind begins at a place.
fn is_proper(reading: &Reading, sentence: usize, at: usize) -> bool {
    use rouei_morphology::WordClass as C;
    let named = |c: C| matches!(c, C::ProperNoun | C::Organization | C::Place | C::PersonName);
    reading.sentence_tokens(sentence).iter().any(|t| t.start == at && (named(t.class) || !t.known))
}

/// Whether a mention may be listed as a house of its own.
fn is_name(o: &OrganizationFinding) -> bool {
    o.onlooker.is_none()
        && o.mention <= Mention::Bare
        && !matches!(o.kind, OrganizationKind::Police)
        && !(o.name.is_ascii() && o.name.len() <= 3)
}
