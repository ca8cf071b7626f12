//! Where a line begins behind its marks, and what goes on behind a name.

use super::lexicon::{IncidentLexicon, WordList};

/// Gives each of the names before it what follows: 甲は10日に、乙は12日に、それぞれ発表した.
pub(super) const EACH: &str = "それぞれ";

/// What counts cases off in a heading, before its number.
const CASES: [&str; 9] = ["事例", "ケース", "事案", "実例", "case", "Case", "CASE", "No.", "その"];

/// 霧影商事 of 事例①霧影商事, ケース2:霧影商事: a heading behind the number of its case.
pub(super) fn behind_case(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['【', '■', '●', '◆', '・', '*', '#', ' ', '<']);
    let case = CASES.iter().find(|c| bare.starts_with(**c))?;
    let number = bare[case.len()..].trim_start();
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit() || ('①'..='⓿').contains(&c));
    let digits = number.len() - rest.len();
    let parted = rest.starts_with([':', '.', ' ', '\n', '】', '、', '-', '|', '「', '>', '・'])
        || number.starts_with(|c: char| ('①'..='⓿').contains(&c))
        // No.1 霧影旅行: the blank beside the digit is gone.
        || *case == "No.";
    // ケース1社: what is counted.
    ((1..=3).contains(&digits) && parted)
        .then(|| rest.trim_start_matches([':', '.', ' ', '\n', '】', '、', '-', '|', '>', '・']))
}

/// Whether nothing but a particle and 約 stands between a name and its figure: 甲(本社東京)の約, 甲(.
pub(super) fn stands_at(words: &IncidentLexicon, between: &str) -> bool {
    let rest = behind_name(words, between);
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let rest = ["では", "でも", "の", "が", "は", "で", "も", ":", "、"]
        .iter()
        .find_map(|p| rest.strip_prefix(p))
        .unwrap_or(rest);
    let rest = rest.trim_start_matches(['計', '約', '最', '大', 'の', 'べ', '延', 'お', 'よ', 'そ', '合', '各']);
    rest.is_empty()
}

/// Where the text of a line begins behind marks, numbers, ranks and days, and whether a mark stands there.
pub(super) fn opening(line: &str) -> (usize, bool) {
    const MARKS: &[char] = &[
        '◎', '■', '◆', '●', '▼', '□', '◇', '★', '▽', '・', '~', '*', '#', '【', '<', '〈', '《', '「', '『', '"', '“',
        '-', '–', '○', '☆', '▲', '△', '▽', '▷', '▸', '‣', '※', '▶', '►', '◯', '|', '>',
    ];
    let mut rest = line;
    let mut marked = false;
    loop {
        let bare = rest.trim_start().trim_start_matches(MARKS);
        marked |= rest.trim_start().starts_with(|c: char| MARKS.contains(&c) && !"「『\"“".contains(c));
        let digits = bare.trim_start_matches(|c: char| {
            c.is_ascii_digit() || ('①'..='⓿').contains(&c) || "年月日/.,第位社件例目()月火水木金土日".contains(c)
        });
        // 4/21 日本通運: the day ends before 日本.
        let digits = match digits.starts_with('本') && bare[..bare.len() - digits.len()].ends_with('日') {
            true => &bare[bare.len() - digits.len() - '日'.len_utf8()..],
            false => digits,
        };
        let number = bare.len() - digits.len();
        let parted = digits.starts_with([':', '.', '、', ' ', ')', '|', '■', '◆', '●', '.'])
            || number > 0 && bare[..number].ends_with(['.', ')', '位'])
            || bare[..number].contains('/');
        if number > 0
            && parted
            && bare.starts_with(|c: char| c.is_ascii_digit() || c == '第' || c == '(' || ('①'..='⓿').contains(&c))
        {
            marked = true;
            rest = digits.trim_start_matches([':', '.', '、', ' ', ')', '|']);
        } else if bare.len() < rest.len() {
            rest = bare;
        } else {
            return (line.len() - rest.len(), marked);
        }
    }
}

/// What follows a name behind its closing marks, its seat or alias in brackets, and the shop that it runs.
pub(super) fn behind_name<'t>(words: &IncidentLexicon, after: &'t str) -> &'t str {
    let mut rest = &after[run_on(after).len()..];
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches(['」', '』', '"', '”', ' ', '\n']);
        if let Some(inner) = rest.strip_prefix('(')
            && let Some(at) = inner.find(')')
            && inner[..at].chars().count() <= 40
        {
            rest = &inner[at + 1..];
        }
        // 霧影銀行<<8326>>
        if rest.starts_with('<')
            && let Some(at) = rest.rfind('>').filter(|&at| at <= 12)
        {
            rest = &rest[at + 1..];
        }
        rest = words.lists().behind_each(WordList::BehindAName, rest);
        if rest.len() == before {
            return rest;
        }
    }
}

/// What goes on directly behind a name that was read too short: 化成 of 日立化成は.
pub(super) fn run_on(after: &str) -> &str {
    const LONGEST: usize = 10;
    let noun = |c: char| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || c == '々';
    let end = after.find(|c: char| !noun(c)).unwrap_or(after.len());
    if after[..end].chars().count() <= LONGEST { &after[..end] } else { "" }
}
