//! Dates that stand alone: the date line of a notice, the date of an article, the day of the visit above it.

use rouei_model::DateKind;

use super::around::{ends_in_noun, same};
use super::classify::{Line, Setting, Verdict, bare_label, labelled_otherwise};
use super::lexicon::DateLexicon;
use super::words::WordList;
use super::written::{Day, Month, Year};
use crate::script::is_alphanumeric;

/// Where a date that stands alone was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Head,
    Title,
    Foot,
    Notice,
}

/// The lines whose date stands alone, with the verdict on each.
pub(super) fn find(lines: &[Line<'_>], lexicon: &DateLexicon, setting: Setting) -> Vec<(usize, usize, Verdict)> {
    let mut found: Vec<(usize, usize, Position, bool, bool)> = Vec::new();
    // A headline of two sentences: …の情報も流出。件数は計3万7000件に
    let headline = |i: usize, l: &Line<'_>| i == 0 && ends_in_noun(l.text);
    let first_body = lines.iter().enumerate().position(|(i, l)| body(l) && !headline(i, l));
    for (at, line) in lines.iter().enumerate() {
        let Some((index, residue)) = alone(line, lexicon) else { continue };
        if labelled_otherwise(lines, at, index, lexicon) {
            continue;
        }
        let Some(position) = position(lines, first_body, at, (index, &residue), lexicon) else { continue };
        let posted = lexicon.lists.has(WordList::PostedBeside, &residue);
        // A stamp (2018-08-13 18:20) at the very head is that of the page, further down a step of the story.
        let stamp =
            at <= 2 && matches!(line.dates[index].from.year, Year::Given(..)) && steps_from(lines, lexicon, at) == 1;
        if setting.official && line.dates[index].time && !posted && !stamp && (is_step(lines, at) || at > 2) {
            continue;
        }
        // 9月12日 | 障害が発生: the key of a row tells what happened that day.
        let keyed = lines.get(at + 1).is_some_and(|next| next.labels.iter().any(|l| std::ptr::eq(*l, line.text)));
        if keyed
            && (matches!(position, Position::Foot | Position::Notice) || line.dates[index].from.year == Year::Missing)
        {
            continue;
        }
        found.push((
            at,
            index,
            position,
            lexicon.lists.has(WordList::UpdatedBeside, &residue),
            posted || line.dates[index].time,
        ));
    }
    // Of several at the head of an article the last is its date; those above are the day of the visit.
    let last_head = found.iter().rposition(|f| f.2 == Position::Head && !f.3);
    let listed = list_of_pages(lines, &found, lexicon);
    let mut verdicts = Vec::new();
    for (i, &(at, index, position, updated, posted)) in found.iter().enumerate() {
        let verdict = if updated {
            Verdict::new(Some(DateKind::Updated), "date-line-updated", 0.9)
        } else if listed && matches!(position, Position::Foot | Position::Notice) {
            Verdict::rejected("list-of-pages")
        } else if position == Position::Head && Some(i) != last_head && !posted {
            Verdict::rejected("masthead")
        } else {
            // 報道発表資料 stands beside the date or in the lines of the head.
            let head = lines.iter().take(at + 4).filter(|l| !body(l) && l.text.chars().count() <= 60);
            let released = lexicon.voice.released.is_match(lines[at].text)
                || position == Position::Head && head.into_iter().any(|l| lexicon.voice.released.is_match(l.text));
            let kind = if setting.official || released { DateKind::Announced } else { DateKind::Reported };
            let (rule, confidence) = match position {
                Position::Head => ("date-line-head", 0.9),
                Position::Title => ("date-line-title", 0.88),
                Position::Foot => ("date-line-foot", 0.85),
                Position::Notice => ("date-line-notice", 0.87),
            };
            Verdict::new(Some(kind), rule, confidence)
        };
        verdicts.push((at, index, verdict));
    }
    verdicts
}

/// Whether the days below the text are those of other pages: several, each with a title below it that nobody signs.
fn list_of_pages(lines: &[Line<'_>], found: &[(usize, usize, Position, bool, bool)], lexicon: &DateLexicon) -> bool {
    let titled = |at: usize| {
        lines.get(at + 1).is_some_and(|next| {
            let length = next.text.chars().count();
            next.dates.is_empty() && (8..=80).contains(&length) && !lexicon.voice.signature.is_match(next.text)
        })
    };
    let below = found.iter().filter(|f| matches!(f.2, Position::Foot | Position::Notice) && !f.3 && titled(f.0));
    let days: Vec<_> = below.map(|f| (f.0, lines[f.0].dates[f.1].from)).collect();
    days.windows(2).any(|pair| pair[0].1 != pair[1].1 && pair[1].0 - pair[0].0 <= 3)
}

/// The one full date of a line that says nothing else, with what stands beside it.
fn alone(line: &Line<'_>, lexicon: &DateLexicon) -> Option<(usize, String)> {
    if line.named() {
        return None;
    }
    let last = line.dates.len().checked_sub(1)?;
    // "date 2025-01-31 …": what stands behind the stamp may hold other dates.
    let opens = blank(&line.text[..line.dates[0].span.start]);
    // 平成28年2月10日 各位 …: a notice whose lines were lost.
    let addressed = opens && lexicon.voice.addressed.is_match(&line.text[line.dates[0].span.end..]);
    let index = if addressed || line.text[..line.dates[0].span.start].trim() == "date" { 0 } else { last };
    let date = &line.dates[index];
    let year = matches!(date.from.year, Year::Given(..) | Year::Short(_));
    // 7月28日 alone on the first or last line of a notice.
    let yearless = date.from.year == Year::Missing && matches!(date.from.month, Month::Given(_)) && !date.weak;
    if date.to.is_some() || !matches!(date.from.day, Day::Given(_)) || !(year || yearless) {
        return None;
    }
    if yearless {
        let (before, after) = (&line.text[..date.span.start], &line.text[date.span.end..]);
        // (灯台新聞) 1月25日
        let credited = before.trim_end_matches([' ', '-']).strip_prefix('(').and_then(|b| b.strip_suffix(')'));
        let paper = credited.is_some_and(|name| (2..=12).contains(&name.chars().count()) && index == 0);
        return ((blank(before) || paper) && blank(after)).then(|| (index, String::new()));
    }
    let before = &line.text[..date.span.start];
    let after = &line.text[date.span.end..];
    let residue = format!("{before}{after}");
    let short = residue.chars().count() <= 40 && !residue.contains('。');
    let posted = date.time && residue.chars().count() <= 20 && lexicon.lists.has(WordList::PostedAt, &residue);
    let bare = index == 0 && (posted || lexicon.voice.beside_bare.is_match(&residue));
    // "date 2025-01-31 …", "(○○ニュース - 2011/09/21 )", "○○について 2022年11月22日"
    let stamped = index == 0 && before.trim() == "date";
    let credit = index == 0 && short && before.starts_with('(') && blank(after);
    let titled = index == line.dates.len() - 1
        && !before.is_empty()
        && !line.text.ends_with('。')
        && !before.ends_with(['は', 'が', 'を', 'に', 'で', 'と', 'も', 'の', '、', ',', 'ら', ':', '~', '-'])
        && (blank(after) || names_signer(before, after, lexicon))
        && !outside_brackets(before).contains('。')
        && before.chars().count() <= 120;
    // 2024年11月5日 園長: the date and who signs.
    let signed = index == 0 && blank(before) && lexicon.voice.signature.is_match(after);
    // 2022/11/22 不正アクセスについて, ニュース 2020.12.17 警察庁のパソコン
    let named = !blank(before) && before.chars().count() <= 12 && lexicon.voice.beside_bare.is_match(before);
    let leads = index == 0
        && year
        && (blank(before) || named)
        && !line.text.contains('。')
        && after.chars().count() <= 80
        && (named || lexicon.voice.title_end.is_match(after));
    (bare || stamped || credit || titled || signed || leads || addressed && year).then_some((index, residue))
}

/// Where such a line stands; `first_body` is the first one of the text itself.
fn position(
    lines: &[Line<'_>],
    first_body: Option<usize>,
    at: usize,
    (index, residue): (usize, &str),
    lexicon: &DateLexicon,
) -> Option<Position> {
    let line = &lines[at];
    let bare = index == 0 && (line.dates[0].time || lexicon.voice.beside_bare.is_match(residue));
    if line.dates[index].from.year == Year::Missing && is_step(lines, at) && at > 1 {
        return None;
    }
    if !bare && index == 0 && lexicon.voice.signature.is_match(residue) {
        let head = at <= 4 && !lines[..at].iter().any(body);
        let foot = at + 4 >= lines.len() && !lines[at + 1..].iter().any(body);
        return if head { Some(Position::Title) } else { foot.then_some(Position::Foot) };
    }
    let like = |other: usize| lines[other].dates.iter().all(|d| d.time == line.dates[index].time);
    if bare && is_step(lines, at) && (line.text.starts_with('【') || steps(lines, lexicon, like) >= 2) {
        return None;
    }
    let above_body = first_body.is_none_or(|body| at <= body);
    let under_course = lines[..at].iter().rev().take(2).any(|l| {
        l.text.chars().count() <= 20 && l.dates.is_empty() && lexicon.voice.chronology.is_match(bare_label(l.text))
    });
    if under_course || bare && (in_course(lines, at, lexicon) || among_steps(lines, at, lexicon)) {
        return None;
    }
    if line.text.starts_with("date ") && at <= 2 {
        return Some(Position::Head);
    }
    if !bare {
        let last = at + 3 >= lines.len();
        if residue.starts_with('(') && (last || at > 0) && residue.chars().count() <= 40 {
            return Some(Position::Foot);
        }
        return ((at <= 4 || line.heading && at < 12) && above_body).then_some(Position::Title);
    }
    if above_body && at < 12 {
        return Some(Position::Head);
    }
    if at + 1 == lines.len() || (at + 4 >= lines.len() && !lines[at + 1..].iter().any(body)) {
        return Some(Position::Foot);
    }
    // The date and, below it, who signs.
    let signed = lines.get(at + 1).is_some_and(|l| {
        l.dates.is_empty() && l.text.chars().count() <= 30 && lexicon.voice.signature.is_match(l.text)
    });
    let begins_notice = signed
        || lines[at + 1..]
            .iter()
            .take(4)
            .any(|l| l.text.chars().count() <= 60 && lexicon.voice.notice_head.is_match(l.text));
    begins_notice.then_some(Position::Notice)
}

/// A further step below a heading of the course of events: a day, and below it what was done, in no whole sentence.
fn in_course(lines: &[Line<'_>], at: usize, lexicon: &DateLexicon) -> bool {
    let told = |l: &Line<'_>| {
        l.dates.is_empty()
            && l.text.chars().count() >= 6
            && !l.heading
            && !lexicon.voice.signature.is_match(l.text)
            // 対象者へお詫びの電話 is a step, …についてのお詫び a title.
            && !(lexicon.voice.notice_head.is_match(l.text) && lexicon.voice.title_end.is_match(l.text))
    };
    let headed = |l: &Line<'_>| {
        l.dates.is_empty()
            && l.text.chars().count() <= 20
            && lexicon.voice.chronology.is_match(bare_label(l.text))
            && !lexicon.voice.past.is_match(l.text)
    };
    let above = &lines[at.saturating_sub(MOST_STEP_LINES)..at];
    let below = lines.get(at + 1).is_some_and(told);
    let Some(heading) = above.iter().rposition(headed) else {
        // No heading, but the step before, of the same kind.
        let step = |i: usize| alone(&lines[i], lexicon).is_some() && lines.get(i + 1).is_some_and(told);
        return below
            && lines[at].dates.iter().all(|d| d.from.year == Year::Missing)
            && (at.saturating_sub(3)..at.saturating_sub(1)).any(step);
    };
    below
        && above[heading + 1..].iter().any(|l| alone(l, lexicon).is_some())
        && above[heading + 1..].iter().all(|l| !l.heading || alone(l, lexicon).is_some())
}

/// A line below a heading of the course of events with nothing but steps between them: 1月27日:個人情報保護委員会に報告.
fn among_steps(lines: &[Line<'_>], at: usize, lexicon: &DateLexicon) -> bool {
    let above = &lines[at.saturating_sub(MOST_STEP_LINES)..at];
    let heading = above.iter().rposition(|l| {
        l.dates.is_empty() && l.text.chars().count() <= 20 && lexicon.voice.course.is_match(bare_label(l.text))
    });
    heading.is_some_and(|heading| {
        let steps = &above[heading + 1..];
        let opens = |l: &Line<'_>| l.dates.first().is_some_and(|d| blank(&l.text[..d.span.start]));
        let told = |l: &Line<'_>| l.labels.iter().any(|label| steps.iter().any(|s| same(s.text, label)));
        let text = !blank(&lines[at].text[lines[at].dates[0].span.end..]);
        let keyed = lines.get(at + 1).is_some_and(|next| next.labels.iter().any(|l| same(l, lines[at].text)));
        !steps.is_empty() && steps.iter().all(|l| opens(l) || told(l)) && (text || keyed)
    })
}

/// How far above a step its heading is looked for.
const MOST_STEP_LINES: usize = 16;

fn body(line: &Line<'_>) -> bool {
    line.text.chars().count() >= 25 && line.text.ends_with('。')
}

/// A date line with a sentence right below it: a step in a course of events.
fn is_step(lines: &[Line<'_>], at: usize) -> bool {
    lines.get(at + 1).is_some_and(|next| {
        next.text.ends_with('。')
            && (next.labels.is_empty() || next.labels.iter().any(|l| std::ptr::eq(*l, lines[at].text)))
    })
}

/// Steps of a course of events whose days are written alike: with a time of day, or without.
fn steps(lines: &[Line<'_>], lexicon: &DateLexicon, like: impl Fn(usize) -> bool) -> usize {
    (0..lines.len()).filter(|&i| like(i) && alone(&lines[i], lexicon).is_some() && is_step(lines, i)).count()
}

/// Steps with a time of day from line `at` on.
fn steps_from(lines: &[Line<'_>], lexicon: &DateLexicon, at: usize) -> usize {
    steps(lines, lexicon, |i| i >= at && lines[i].dates.iter().all(|d| d.time))
}

/// …について 2024年11月5日 みさき市: the title, its date and who signs.
fn names_signer(before: &str, after: &str, lexicon: &DateLexicon) -> bool {
    let sides = [' ', '|', '-', '/'];
    lexicon.voice.title_end.is_match(before.trim_end_matches(sides))
        && lexicon.voice.signature.is_match(after.trim_start_matches(sides))
}

/// A text without what stands in its brackets: …媒体(USBメモリ。以下「媒体」という。)の紛失について.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|c| {
            depth += i32::from(matches!(c, '(' | '「' | '『'));
            let outside = depth <= 0;
            depth -= i32::from(matches!(c, ')' | '」' | '』'));
            outside
        })
        .collect()
}

fn blank(text: &str) -> bool {
    text.chars().all(|c| !is_alphanumeric(c))
}
