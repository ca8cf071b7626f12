//! Which moment a date names: label, rejection, announcement, clause, heading, in this order.

use rouei_model::DateKind;

use super::lexicon::{DateLexicon, Label, Pattern};
use super::written::{Day, Month, Open, Written};
use crate::prefilter::Candidates;

/// A sentence as the classifier sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line<'t> {
    /// Index of the sentence.
    pub(super) sentence: usize,
    /// First byte in the normalised text.
    pub(super) start: usize,
    /// Its text.
    pub(super) text: &'t str,
    /// Texts of the sentences that label it.
    pub(super) labels: Vec<&'t str>,
    /// Texts of the headings above it, innermost last.
    pub(super) headings: Vec<&'t str>,
    /// It is a heading, a key or a header cell itself.
    pub(super) heading: bool,
    /// The dates in it; spans count from the beginning of `text`.
    pub(super) dates: Vec<Written>,
}

/// What is known of the document as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// An official notice rather than a press article.
    pub(super) official: bool,
    /// It speaks of payment cards.
    pub(super) payment: bool,
}

/// The verdict on one date.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) kind: Option<DateKind>,
    pub(super) rule: String,
    pub(super) confidence: f64,
    pub(super) rejected: bool,
    /// The clause also tells of a loss or theft noticed on that day.
    pub(super) noticed_loss: bool,
    /// The clause tells of a theft that was noticed at once.
    pub(super) snatched: bool,
}

impl Verdict {
    pub(super) fn new(kind: Option<DateKind>, rule: &str, confidence: f64) -> Self {
        Self { kind, rule: rule.to_owned(), confidence, rejected: false, noticed_loss: false, snatched: false }
    }

    pub(super) fn rejected(rule: &str) -> Self {
        Self { rejected: true, ..Self::new(None, rule, 0.9) }
    }
}

/// What stands around one date of a line.
struct Around<'t> {
    /// Inside brackets: (令和3年7月公表).
    bracketed: bool,
    /// Only months or years.
    coarse: bool,
    /// Both ends stand.
    both: bool,
    before: &'t str,
    whole_before: &'t str,
    after: String,
    whole_after: String,
    range: bool,
    /// 8月1日まで, but not 8月1日までに.
    up_to: bool,
}

/// Judges date `index` of line `at`.
pub(super) fn classify(
    lines: &[Line<'_>],
    at: usize,
    index: usize,
    lexicon: &DateLexicon,
    setting: Setting,
) -> Verdict {
    let line = &lines[at];
    let around = around(lines, at, index);
    if line.dates[index].weak && around.whole_before.ends_with(|c: char| !"(【[、:は".contains(c)) {
        return Verdict::rejected("fraction");
    }
    if let Some(verdict) = by_label(lines, at, index, lexicon) {
        return verdict;
    }
    let tried = Tried::new(&around, line.text, lexicon);
    let mut rejects = lexicon.rejects.iter().enumerate();
    if let Some((_, reject)) = rejects.find(|&(number, r)| tried.matches(number, r, setting)) {
        return Verdict::rejected(&reject.id);
    }
    // A cue that the date itself fixes (Nのは, 付で) goes before the reading of the whole sentence.
    if let Some(verdict) = by_clause(&tried, lexicon, setting, 1.05) {
        return verdict;
    }
    if announces(&around, lexicon) {
        return Verdict::new(Some(DateKind::Announced), "topic-announced", 0.9);
    }
    if let Some(verdict) = by_clause(&tried, lexicon, setting, 0.0) {
        return verdict;
    }
    by_heading(lines, at, index, lexicon).unwrap_or_else(|| Verdict::new(None, "no-cue", 0.3))
}

fn around<'t>(lines: &[Line<'t>], at: usize, index: usize) -> Around<'t> {
    let line = &lines[at];
    let dates = &line.dates;
    // 7日と13日: coordinated dates share what stands around them.
    // …のは5月11日、翌12日に…: a day told by のは, and one counted from another, stand for themselves.
    let told = |i: usize| {
        let begin = if i == 0 { 0 } else { dates[i - 1].span.end };
        line.text[begin..dates[i].span.start].trim_end_matches('、').ends_with("のは")
    };
    let joined = |i: usize| {
        if told(i)
            || matches!(dates[i + 1].from.day, Day::FromPrevious(_) | Day::FromPublished(_) | Day::NextGiven(_))
            || (dates[i].from.month == Month::Missing && dates[i + 1].from.month != Month::Missing)
        {
            return false;
        }
        let between = &line.text[dates[i].span.end..dates[i + 1].span.start];
        matches!(between, "と" | "と同" | "及び" | "および" | "、" | "・" | "や" | "並びに")
    };
    let (mut first, mut last) = (index, index);
    while first > 0 && joined(first - 1) {
        first -= 1;
    }
    while last + 1 < dates.len() && joined(last) {
        last += 1;
    }
    let begin = if first == 0 { 0 } else { dates[first - 1].span.end };
    let written = &dates[index];
    let own_end = dates[last].span.end;
    let bracketed = depth(&line.text[..dates[first].span.start]) > 0;
    // A date in brackets does not end the clause of one outside them.
    let open_clause = dates[last + 1..].iter().find(|d| bracketed || depth(&line.text[own_end..d.span.start]) <= 0);
    let mut end = open_clause.map_or(line.text.len(), |d| d.span.start);
    if bracketed && let Some(close) = line.text[own_end..end].find(')') {
        // この日(8月5日)、…: what follows the bracket belongs to a date that fills it.
        if close > 0 || !line.text[..dates[first].span.start].ends_with('(') {
            end = own_end + close;
        }
    }
    let mut after = line.text[own_end..end].trim_start_matches([')', ' ']).to_owned();
    if last + 1 == dates.len()
        && blank(&line.text[own_end..])
        && bare_label(&line.text[..dates[first].span.start]).is_empty()
    {
        // 【6月6日】 or 6月6日 alone on its line or in the first cell of a row: what stands below or beside tells what
        // happened.
        after = "、".to_owned();
        let belongs =
            |n: &&Line<'_>| !n.heading && (n.labels.is_empty() || n.labels.iter().any(|l| same(l, line.text)));
        for next in lines[at + 1..].iter().take(3).take_while(belongs) {
            after.push_str(next.dates.last().map_or(next.text, |d| &next.text[d.span.end..]));
            if !next.dates.is_empty() {
                break;
            }
        }
        if after.len() == "、".len() {
            after.clear();
        }
    }
    let mut whole_after = line.text[own_end..].to_owned();
    let to_the_end = end == line.text.len();
    for (next, line) in lines[at + 1..].iter().zip(&lines[at..]).take(3) {
        if next.heading || !next.labels.is_empty() || !broken(line.text, next.text) {
            break;
        }
        whole_after.push_str(next.text);
        if to_the_end && !after.contains(next.text) {
            after.push_str(next.dates.first().map_or(next.text, |d| &next.text[..d.span.start]));
        }
        if !next.dates.is_empty() {
            break;
        }
    }
    Around {
        bracketed: bracketed && end < line.text.len() && line.text[end..].starts_with(')'),
        coarse: written.from.day == Day::Missing,
        both: written.to.is_some(),
        before: &line.text[begin..dates[first].span.start],
        whole_before: &line.text[..dates[first].span.start],
        after,
        up_to: written.open == Open::Until && !line.text[written.span.end..].starts_with("までに"),
        whole_after,
        range: written.to.is_some() || written.open != Open::Closed || written.back_days.is_some(),
    }
}

/// Whether the page cut a sentence in two here.
fn broken(line: &str, next: &str) -> bool {
    let particles = ['を', 'が', 'は', 'に', 'の', 'と', 'で', 'へ', '、'];
    let starts = ["が", "を", "は", "に", "の", "で", "と", "も", "され", "した", "し、", "しました", "いたし"];
    line.ends_with(particles)
        || (!line.ends_with(['。', ')', '」', '】', ':']) && starts.iter().any(|s| next.starts_with(s)))
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
fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b)
}

fn blank(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}

/// The texts that the patterns are matched against, and which patterns are worth trying on each.
struct Tried<'a, 't> {
    around: &'a Around<'t>,
    line: &'t str,
    before: Candidates,
    after: Candidates,
    in_line: Candidates,
}

impl<'a, 't> Tried<'a, 't> {
    fn new(around: &'a Around<'t>, line: &'t str, lexicon: &DateLexicon) -> Self {
        let [before, after, in_line] = &lexicon.patterns_in;
        Self {
            around,
            line,
            before: before.candidates(around.before),
            after: after.candidates(&around.after),
            in_line: in_line.candidates(line),
        }
    }

    /// Whether a pattern holds; its number counts the rejections first, then the cues.
    fn matches(&self, number: usize, pattern: &Pattern, setting: Setting) -> bool {
        let around = self.around;
        (pattern.kind != Some(DateKind::Discovered) || !around.up_to)
            && (!pattern.range || around.range)
            && (!pattern.single || !around.both)
            && (!pattern.coarse || around.coarse)
            && (!pattern.payment || setting.payment)
            && (pattern.before.is_none() || self.before.contains(number))
            && (pattern.after.is_none() || self.after.contains(number))
            && (pattern.line.is_none() || self.in_line.contains(number))
            && pattern.before.as_ref().is_none_or(|p| p.is_match(around.before))
            && pattern.after.as_ref().is_none_or(|p| p.is_match(&around.after))
            && pattern.line.as_ref().is_none_or(|p| p.is_match(self.line))
    }
}

/// 発生日 as key, header, `発生日:` before the date or the short line above.
fn by_label(lines: &[Line<'_>], at: usize, index: usize, lexicon: &DateLexicon) -> Option<Verdict> {
    let line = &lines[at];
    let mut labels: Vec<&str> = line.labels.clone();
    let begin = if index == 0 { 0 } else { line.dates[index - 1].span.end };
    let before = &line.text[begin..line.dates[index].span.start];
    if let Some(head) = before.trim_end_matches(' ').strip_suffix([':', '】', ']', '|', '・', '-']) {
        labels.push(head.trim_end_matches([' ', '|']).rsplit(['、', '。', ' ', '|', '(', ')']).next().unwrap_or(head));
    } else if let Some(name) = lexicon.voice.label_before.find(before)
        && !line.text.contains('。')
    {
        // ページ番号1008867更新日令和8年4月22日 印刷
        labels.push(name.as_str());
    } else if index == 0 && !before.is_empty() && before.chars().count() <= 14 {
        labels.push(before);
    }
    if index == 0 && blank(before) && line.labels.is_empty() && at > 0 {
        let above = lines[at - 1].text;
        if lines[at - 1].dates.is_empty() && above.chars().count() <= 16 && !above.ends_with('。') {
            labels.push(above);
        }
    }
    if index == 0
        && before.chars().count() <= 3
        && let Some(heading) = line.headings.last()
        && lines[..at].iter().rev().take_while(|l| l.headings == line.headings).all(|l| l.dates.is_empty())
    {
        labels.push(heading);
    }
    labels.iter().find_map(|label| {
        let name = bare_label(label);
        let heads_several = || {
            let labelled = lines.iter().filter(|n| !n.dates.is_empty() && n.labels.iter().any(|l| same(l, label)));
            labelled.take(2).count() > 1
        };
        let named = |l: &&Label| l.pattern.is_match(name) && !(l.once && heads_several());
        let candidates = lexicon.labels_in.candidates(name);
        candidates.iter().map(|l| &lexicon.labels[l]).find(named).map(|l| match l.kind {
            Some(kind) => Verdict::new(Some(kind), &l.id, 0.93),
            None => Verdict::rejected(&l.id),
        })
    })
}

/// A label without numbering, brackets and colon.
pub(super) fn bare_label(label: &str) -> &str {
    label.trim_matches(|c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || ('①'..='⓿').contains(&c)
            || "()[]【】<>《》〈〉.、:・■□●○◆◇▼▽※*#-|".contains(c)
    })
}

/// ○○は13日、…と発表した: the sentence announces, and the date stands beside its topic.
fn announces(around: &Around<'_>, lexicon: &DateLexicon) -> bool {
    let tail = around.whole_after.trim_start_matches([')', ' ']);
    let apart = tail.starts_with('、') || tail.starts_with("付で、") || tail.starts_with('「');
    let before = around.whole_before.trim_end_matches(['(', ' ']);
    let beside =
        before.is_empty() || before.ends_with(['は', 'が', '、', '】', ')', '。', '-']) || before.ends_with("この日");
    if !beside || !(apart || before.ends_with(['は', 'が'])) || around.range || around.coarse {
        return false;
    }
    // に ties the date to the next verb: 4月30日に公開した文書に…と発表した.
    if tail.starts_with('に') {
        return false;
    }
    lexicon.voice.announcing_end.is_match(tail)
}

/// The best cue of the clause, if its weight is at least `floor`.
fn by_clause(tried: &Tried<'_, '_>, lexicon: &DateLexicon, setting: Setting, floor: f64) -> Option<Verdict> {
    let around = tried.around;
    let adverbial = around.after.starts_with('、') || around.after.starts_with("に、");
    let mut best: Option<(f64, &Pattern)> = None;
    let numbered = (lexicon.rejects.len()..).zip(&lexicon.cues);
    for (_, cue) in numbered.filter(|(n, c)| c.weight >= floor && tried.matches(*n, c, setting)) {
        // The predicate of the main clause stands last; に ties the date to the verb that comes first.
        let found = cue
            .after
            .as_ref()
            .and_then(|p| if adverbial { p.find_iter(&around.after).last() } else { p.find(&around.after) });
        let found = found.map_or(0, |m| m.start());
        let passed = &around.after[..found];
        let letters = passed.chars().count() as f64;
        let clauses = passed.chars().filter(|c| matches!(c, '、' | '。')).count() as f64;
        // An event that is none of ours takes a date only from close by.
        let cost = match (adverbial, cue.kind.is_some()) {
            (true, true) => 0.05 * (clauses - 1.0).max(0.0) + 0.001 * letters,
            (true, false) => 0.15 * (clauses - 1.0).max(0.0) + 0.001 * letters,
            (false, true) => 0.1 * clauses + 0.006 * letters,
            (false, false) => 0.1 * clauses + 0.02 * letters,
        };
        let complement = ["こと", "ことを", "ことが", "ことに", "旨", "旨を", "旨の"];
        let nominal = match adverbial {
            true if complement.iter().any(|w| passed.ends_with(w)) => 0.12,
            false if ["ことが", "ことを", "ことに", "旨"].iter().any(|w| around.after[..found].contains(w)) => {
                -0.15
            }
            false if cue.id == "discovered-word-of" => -0.15,
            _ => 0.0,
        };
        let score = cue.weight - cost.min(0.6) + nominal;
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, cue));
        }
    }
    let (score, cue) = best?;
    let fade = if score < 0.5 { 0.8 } else { 1.0 };
    let mut verdict = match cue.kind {
        Some(kind) => Verdict::new(Some(kind), &cue.id, cue.confidence * fade),
        None => Verdict::rejected(&cue.id),
    };
    if around.bracketed && cue.kind == Some(DateKind::Announced) {
        verdict.confidence *= 0.6;
    }
    verdict.snatched = cue.kind == Some(DateKind::Occurred) && lexicon.voice.snatched.is_match(&around.after);
    verdict.noticed_loss = cue.kind == Some(DateKind::Discovered)
        && ["盗", "無くな", "なくなっ", "持ち去", "ないことに気", "無いことに気"]
            .iter()
            .any(|w| around.after.contains(w));
    Some(verdict)
}

/// The heading above names the moment (判明日時), and this is its first date.
fn by_heading(lines: &[Line<'_>], at: usize, index: usize, lexicon: &DateLexicon) -> Option<Verdict> {
    let heading = bare_label(lines[at].headings.last()?);
    if index > 0 {
        return None;
    }
    let candidates = lexicon.labels_in.candidates(heading);
    let label = candidates.iter().map(|l| &lexicon.labels[l]).find(|l| l.pattern.is_match(heading))?;
    Some(Verdict::new(Some(label.kind?), &label.id, 0.7))
}
