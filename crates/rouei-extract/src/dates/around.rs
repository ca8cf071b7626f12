//! What stands around a date: the clause that it belongs to, before and behind it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::classify::{Line, bare_label};
use super::lexicon::DateLexicon;
use super::words::WordList;
use super::written::{Day, Month, Open};
use crate::script::is_alphanumeric;

/// What stands around one date of a line.
#[derive(Clone)]
pub(super) struct Around<'t> {
    /// Inside brackets: (令和3年7月公表).
    pub(super) bracketed: bool,
    /// A time of day stands beside it.
    pub(super) time: bool,
    /// Only months or years.
    pub(super) coarse: bool,
    /// 翌25日: a step behind the one before it.
    pub(super) next: bool,
    /// It shares its clause with another day: 4月1日と6日に.
    pub(super) several: bool,
    /// 令和5年度.
    pub(super) fiscal: bool,
    /// Both ends stand.
    pub(super) both: bool,
    pub(super) before: &'t str,
    pub(super) whole_before: &'t str,
    /// Of the page's own text as long as one line holds it all.
    pub(super) after: Cow<'t, str>,
    /// To the end of the sentence, whatever dates stand in it.
    pub(super) whole_after: Cow<'t, str>,
    /// The sentence behind one that ends in a noun: …が感染。…と発表した.
    pub(super) goes_on: Option<&'t str>,
    pub(super) range: bool,
    /// It opens an entry of a list (`6月19日(水) 紛失が判明`): what follows is told of it as a whole.
    pub(super) entry: bool,
    /// 8月1日から.
    pub(super) since: bool,
    /// 8月1日まで, but not 8月1日までに.
    pub(super) up_to: bool,
}

/// Reads what stands around date `index` of line `at`.
pub(super) fn around<'t>(lexicon: &DateLexicon, lines: &[Line<'t>], at: usize, index: usize) -> Around<'t> {
    let line = &lines[at];
    let dates = &line.dates;
    // 7日と13日: coordinated dates share what stands around them.
    // …のは5月11日、翌12日に…: a day told by のは, and one counted from another, stand for themselves.
    let told = |i: usize| {
        let begin = if i == 0 { 0 } else { dates[i - 1].span.end };
        line.text[begin..dates[i].span.start].trim_end_matches('、').ends_with("のは")
    };
    let joined = |i: usize| {
        let together =
            matches!(&line.text[dates[i].span.end..dates[i + 1].span.start], "と" | "や" | "及び" | "および");
        if (told(i) && !together)
            || matches!(dates[i + 1].from.day, Day::FromPrevious(_) | Day::FromPublished(_) | Day::NextGiven(_))
            || (dates[i].from.month == Month::Missing && dates[i + 1].from.month != Month::Missing)
        {
            return false;
        }
        let between = &line.text[dates[i].span.end..dates[i + 1].span.start];
        // ○○市は5月22日、5月16日時点で…と発表した: the day of the announcement stands beside its topic and shares nothing.
        let begin = if i == 0 { 0 } else { dates[i - 1].span.end };
        let topic = line.text[begin..dates[i].span.start].ends_with(['は', 'が']);
        let (one, other) = (&dates[i].from, &dates[i + 1].from);
        let back = matches!((one.day, other.day), (Day::Given(one), Day::Given(other)) if other < one);
        if topic && between == "、" && (other.month != Month::Missing || back) {
            return false;
        }
        // 11月30日、11月21日に使用した媒体を紛失していることに気づき: the second day only says which.
        let behind = &line.text[dates[i + 1].span.end..];
        let which = between == "、" && behind.starts_with('に') && says_which(behind);
        if which {
            return false;
        }
        matches!(
            between,
            "と" | "と同" | "及び" | "および" | "、" | "・" | "や" | "並びに" | "の間と、" | "の間と" | "までと"
        )
    };
    let (mut first, mut last) = (index, index);
    while first > 0 && joined(first - 1) {
        first -= 1;
    }
    while last + 1 < dates.len() && joined(last) {
        last += 1;
    }
    let behind_other = if first == 0 { 0 } else { dates[first - 1].span.end };
    let written = &dates[index];
    let own_end = dates[last].span.end;
    let bracketed = depth(&line.text[..dates[first].span.start]) > 0;
    // A date in brackets does not end the clause of one outside them.
    let open_clause = (last + 1..dates.len())
        .map(|i| (i, &dates[i]))
        .find(|(i, d)| !line.passing.contains(i) && (bracketed || depth(&line.text[own_end..d.span.start]) <= 0));
    let mut end = open_clause.map_or(line.text.len(), |(_, d)| d.span.start);
    if bracketed && let Some(close) = line.text[own_end..end].find(')') {
        // この日(8月5日)、…: what follows the bracket belongs to a date that fills it.
        if close > 0 || !line.text[..dates[first].span.start].ends_with('(') {
            end = own_end + close;
        }
    }
    // 9月9日11時頃(日本時間)、…: no words of the clause.
    let begin = own_end + lexicon.voice.time_note.find(&line.text[own_end..end]).map_or(0, |note| note.end());
    let mut after = Cow::Borrowed(line.text[begin..end].trim_start_matches([')', ' ']));
    if last + 1 == dates.len()
        && blank(&line.text[own_end..])
        && bare_label(&line.text[..dates[first].span.start]).is_empty()
    {
        // 【6月6日】 or 6月6日 alone on its line or in the first cell of a row: what stands below or beside tells what
        // happened.
        let mut told = "、".to_owned();
        let belongs =
            |n: &&Line<'_>| !n.heading && (n.labels.is_empty() || n.labels.iter().any(|l| same(l, line.text)));
        for next in lines[at + 1..].iter().take(3).take_while(belongs) {
            if !next.dates.is_empty() && told.len() > "、".len() {
                break;
            }
            told.push_str(next.dates.last().map_or(next.text, |d| &next.text[d.span.end..]));
            if !next.dates.is_empty() {
                break;
            }
        }
        if told.len() == "、".len() {
            told.clear();
        }
        after = Cow::Owned(told);
    }
    // 資料(令和3年7月公表)について: what a bracket tells of its own date is none of this one's.
    if !bracketed && let Cow::Borrowed(clause) = after {
        let begin = line.text.len() - line.text[begin..].trim_start_matches([')', ' ']).len();
        let own = |span: &rouei_model::Span| span.start >= begin && span.end <= begin + clause.len();
        let asides = dates[last + 1..].iter().map(|d| d.span).filter(own);
        after = without_asides(clause, asides.map(|s| s.start - begin));
    }
    if let Some(plain) = without_notes(lexicon, &after) {
        after = Cow::Owned(plain);
    }
    let rest = line.text[own_end..].trim();
    if !rest.is_empty()
        && dates.len() == 1
        && bare_label(&line.text[..dates[first].span.start]).is_empty()
        && rest.chars().count() <= 20
        && !rest.ends_with(['。', ':', ')', '」', '】'])
        && !lexicon.lists.has(WordList::Posted, rest)
        && let Some(next) = lines.get(at + 1)
        && next.dates.is_empty()
        && next.text.ends_with('。')
        && !next.text.starts_with('※')
        && !next.heading
        && next.labels.is_empty()
    {
        // 10月31日 11:09から17通 / 「お知らせ」として会員へメールを送信。
        after.to_mut().push_str(next.text);
    }
    let mut whole_after = Cow::Borrowed(&line.text[begin..]);
    let mut to_the_end = end == line.text.len();
    for (next, line) in lines[at + 1..].iter().zip(&lines[at..]).take(3) {
        if next.heading || !next.labels.is_empty() || !broken(line.text, next.text) {
            break;
        }
        whole_after.to_mut().push_str(next.text);
        if to_the_end && !after.contains(next.text) {
            after.to_mut().push_str(next.dates.first().map_or(next.text, |d| &next.text[..d.span.start]));
        }
        to_the_end &= next.dates.is_empty();
    }
    // ○○は24日、…が感染。…と発表した: a sentence that ends in a noun goes on in the next.
    let goes_on = lines
        .get(at + 1)
        .filter(|next| ends_in_noun(line.text) && next.dates.is_empty() && !next.heading && next.labels.is_empty());
    Around {
        bracketed: bracketed && end < line.text.len() && line.text[end..].starts_with(')'),
        time: written.time,
        coarse: written.from.day == Day::Missing,
        next: line.text[dates[first].span.start..].starts_with('翌'),
        several: last > first,
        fiscal: written.from.fiscal,
        both: written.to.is_some(),
        before: &line.text[behind_other..dates[first].span.start],
        whole_before: &line.text[..dates[first].span.start],
        after,
        since: written.open == Open::Since,
        up_to: written.open == Open::Until && !line.text[written.span.end..].starts_with("までに"),
        whole_after,
        goes_on: goes_on.map(|next| next.text),
        entry: line.text[own_end..].starts_with(' ') && bare_label(&line.text[..dates[first].span.start]).is_empty(),
        range: written.to.is_some() || written.open != Open::Closed || written.back_days.is_some(),
    }
}

/// Whether a clause ends as one that a noun follows: …に使用した当該….
fn says_which(clause: &str) -> bool {
    let clause = clause.split(['、', '。']).next().unwrap_or(clause);
    let ends =
        ["した", "された", "いた", "った"].iter().filter_map(|end| clause.find(end).map(|at| at + end.len())).min();
    ends.is_some_and(|at| {
        clause[at..]
            .starts_with(|c: char| ('一'..='龠').contains(&c) || ('ァ'..='ヶ').contains(&c) || c.is_ascii_alphabetic())
    })
}

/// A clause without the brackets that hold these places.
fn without_asides<'t>(clause: &'t str, places: impl Iterator<Item = usize>) -> Cow<'t, str> {
    let mut kept = Cow::Borrowed(clause);
    let mut cut = 0;
    for at in places {
        let open = clause.get(..at).and_then(|before| before.rfind('('));
        let close = clause.get(at..).and_then(|behind| behind.find(')')).map(|end| at + end + 1);
        if let (Some(open), Some(close)) = (open, close)
            && open >= cut
        {
            let text = kept.to_mut();
            let removed = clause.len() - text.len();
            text.replace_range(open - removed..close - removed, "");
            cut = close;
        }
    }
    kept
}

/// A clause without the signs of notes between a noun and its する: 公表※した, 公表(第2報)した.
fn without_notes(lexicon: &DateLexicon, clause: &str) -> Option<String> {
    let mut plain = String::new();
    let mut kept = 0;
    for note in lexicon.voice.note_sign.find_iter(clause) {
        let noun = clause[..note.start()].ends_with(|c: char| ('一'..='龠').contains(&c) || ('ァ'..='ー').contains(&c));
        let verb = ["し", "され", "いたし"].iter().any(|v| clause[note.end()..].starts_with(v));
        if noun && verb {
            plain.push_str(&clause[kept..note.start()]);
            kept = note.end();
        }
    }
    (kept > 0).then(|| plain + &clause[kept..])
}

/// Whether the page cut a sentence in two here.
fn broken(line: &str, next: &str) -> bool {
    let particles = ['を', 'が', 'は', 'に', 'の', 'と', 'で', 'へ', '、'];
    let starts =
        ["が", "を", "は", "に", "の", "で", "と", "も", "され", "した", "し、", "しました", "いたし", "(以下"];
    // 「高年齢者の受給資格確 / 認票」: nor does a sentence end inside a quotation.
    depth(line) > 0 && line.chars().count() >= 20 && next.contains(['」', '』', ')'])
        || line.ends_with(particles)
        || (!line.ends_with(['。', ')', '」', '】', ':']) && starts.iter().any(|s| next.starts_with(s)))
}

/// Whether a sentence ends without a verb: …に感染。
pub(super) fn ends_in_noun(line: &str) -> bool {
    let last = line.strip_suffix('。').and_then(|l| l.chars().next_back());
    last.is_some_and(|c| ('一'..='龠').contains(&c) || ('ァ'..='ー').contains(&c))
}

/// Brackets that `text` opens and does not close.
fn depth(text: &str) -> i32 {
    text.chars().fold(0, |d, c| match c {
        '(' | '「' | '『' => d + 1,
        ')' | '」' | '』' => d - 1,
        _ => d,
    })
}

/// Whether two texts are one and the same stretch of the document.
pub(super) fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b)
}

pub(super) fn blank(text: &str) -> bool {
    text.chars().all(|c| !is_alphanumeric(c))
}

/// A first row that begins with a day is the first step of a course of events, and its cells head no column.
pub(super) fn without_false_headers(lines: &mut [Line<'_>]) {
    let mut steps: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let cells = lines[at..].iter().take_while(|l| l.header).count();
        let row = at..at + cells;
        at += cells.max(1);
        let day = |l: &Line<'_>| {
            l.dates.len() == 1
                && l.dates[0].from.day != Day::Missing
                && bare_label(&l.text[..l.dates[0].span.start]).is_empty()
                && bare_label(&l.text[l.dates[0].span.end..]).is_empty()
        };
        let step =
            cells >= 2 && day(&lines[row.start]) && lines[row.clone()].iter().skip(1).all(|l| l.dates.is_empty());
        if step {
            steps.push(row);
        }
    }
    if steps.is_empty() {
        return;
    }
    // A label is the text of its header itself, not one that reads the same.
    let texts: HashSet<*const str> =
        steps.iter().flat_map(|row| &lines[row.clone()]).map(|l| std::ptr::from_ref(l.text)).collect();
    for line in lines.iter_mut() {
        line.labels.retain(|label| !texts.contains(&std::ptr::from_ref(*label)));
    }
    for row in steps {
        for line in &mut lines[row.clone()] {
            line.heading = false;
        }
        // What stands beside the day is told of it, as in the rows below.
        let day = lines[row.start].text;
        for line in &mut lines[row.start + 1..row.end] {
            line.labels.push(day);
        }
    }
}
