//! Which moment a date names: label, rejection, announcement, clause, heading, in this order.

use std::borrow::Cow;

use rouei_model::DateKind;

use super::around::{Around, around, blank, same};
use super::clause::by_clause;
use super::lexicon::{DateLexicon, Label, Pattern};
use super::words::WordList;
use super::written::{Day, Written};
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
    /// It is a header cell of a table.
    pub(super) header: bool,
    /// The dates in it; spans count from the beginning of `text`.
    pub(super) dates: Vec<Written>,
    /// Indices of dates that tell of something else in passing (2021年度に卒業した…): they end no clause.
    pub(super) passing: Vec<usize>,
}

/// What is known of the document as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// An official notice rather than a press article.
    pub(super) official: bool,
    /// Whoever writes speaks for themselves on a page of their own.
    pub(super) notice: bool,
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
    /// The clause tells what was done before it tells of its discovery.
    pub(super) acted: bool,
    /// What was noticed is an act: 8日、紛失していたことが分かった.
    pub(super) act_inside: bool,
}

impl Line<'_> {
    /// Whether a key or a header names what it holds, not only a title above it.
    pub(super) fn named(&self) -> bool {
        self.labels.iter().any(|label| label.chars().count() < TITLE)
    }
}

/// Letters from which a label is the title of what stands below it.
const TITLE: usize = 14;

impl Verdict {
    pub(super) fn new(kind: Option<DateKind>, rule: &str, confidence: f64) -> Self {
        Self {
            kind,
            rule: rule.to_owned(),
            confidence,
            rejected: false,
            noticed_loss: false,
            snatched: false,
            acted: false,
            act_inside: false,
        }
    }

    pub(super) fn rejected(rule: &str) -> Self {
        Self { rejected: true, ..Self::new(None, rule, 0.9) }
    }
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
    let around = around(lexicon, lines, at, index);
    if line.dates[index].weak && around.whole_before.ends_with(|c: char| !"(【[、:は".contains(c)) {
        return Verdict::rejected("fraction");
    }
    if let Some(verdict) = by_label(lines, at, index, lexicon) {
        return verdict;
    }
    if let Some(verdict) = pointed_at(lines, at, index, lexicon) {
        return verdict;
    }
    let tried = Tried::new(&around, line.text, lexicon);
    if let Some((_, reject)) = tried.rejects(lexicon).find(|&(number, r)| tried.matches(number, r, setting)) {
        return Verdict::rejected(&reject.id);
    }
    // A cue that the date itself fixes (Nのは, 付で) goes before the reading of the whole sentence.
    if let Some(verdict) = by_clause(&tried, lexicon, setting, |cue| cue.weight >= 1.05) {
        return verdict;
    }
    if announces(&around, lexicon) {
        // What else is announced in a column or a roundup (infections, appointments) stands behind the incident.
        let confidence = if lexicon.voice.incident.is_match(&around.whole_after) { 0.9 } else { 0.8 };
        return Verdict::new(Some(DateKind::Announced), "topic-announced", confidence);
    }
    if let Some(verdict) = by_clause(&tried, lexicon, setting, |_| true) {
        return verdict;
    }
    if let Some(verdict) = by_main_clause(&around, line, index, lexicon, setting) {
        return verdict;
    }
    by_heading(lines, at, index, lexicon).unwrap_or_else(|| Verdict::new(None, "no-cue", 0.3))
}

/// The dates of a line that tell of something else in passing: 2021年度に卒業した…, 4月分の….
pub(super) fn passing(lines: &[Line<'_>], at: usize, lexicon: &DateLexicon, setting: Setting) -> Vec<usize> {
    let line = &lines[at];
    (1..line.dates.len())
        .filter(|&index| {
            let around = around(lexicon, lines, at, index);
            let tried = Tried::new(&around, line.text, lexicon);
            tried.rejects(lexicon).any(|(n, r)| r.passing && tried.matches(n, r, setting))
        })
        .collect()
}

/// Judges a date that stands in what another date of its sentence announces: 6日、先月28日の豪雨で…流失したと発表した.
pub(super) fn classify_content(
    lines: &[Line<'_>],
    at: usize,
    index: usize,
    lexicon: &DateLexicon,
    setting: Setting,
) -> Verdict {
    let around = around(lexicon, lines, at, index);
    let tried = Tried::new(&around, lines[at].text, lexicon);
    // 30日、書類を紛失したとして謝罪した: the charge tells what happened, the apology is of the other day.
    let charged = around.after.contains("たとして");
    let of_content = |cue: &Pattern| cue.kind != Some(DateKind::Announced) && !(charged && cue.id == COUNTERMEASURE);
    by_clause(&tried, lexicon, setting, of_content).unwrap_or_else(|| Verdict::new(None, CONTENT, 0.3))
}

/// The rule of a day on which something was done about it.
pub(super) const COUNTERMEASURE: &str = "countermeasure";

/// The rule of a date that only what is announced tells of.
pub(super) const CONTENT: &str = "told-of-announced";

/// The texts that the patterns are matched against, and which patterns are worth trying on each.
pub(super) struct Tried<'a, 't> {
    pub(super) around: &'a Around<'t>,
    pub(super) line: &'t str,
    before: Candidates,
    after: Candidates,
    in_line: Candidates,
    /// In `before` or `after`, of which every pattern has one.
    any: Candidates,
}

impl<'a, 't> Tried<'a, 't> {
    fn new(around: &'a Around<'t>, line: &'t str, lexicon: &DateLexicon) -> Self {
        let [before, after, in_line] = &lexicon.patterns_in;
        let (before, after) = (before.candidates(around.before), after.candidates(&around.after));
        let any = before.clone().with(&after);
        Self { around, line, before, after, in_line: in_line.candidates(line), any }
    }

    /// The rejections that may hold, with their numbers.
    fn rejects<'l>(&self, lexicon: &'l DateLexicon) -> impl Iterator<Item = (usize, &'l Pattern)> {
        self.any.iter().map_while(move |number| Some((number, lexicon.rejects.get(number)?)))
    }

    /// The cues that may hold, with their numbers, which go on behind those of the rejections.
    pub(super) fn cues<'l>(&self, lexicon: &'l DateLexicon) -> impl Iterator<Item = (usize, &'l Pattern)> {
        let cue = move |number: usize| lexicon.cues.get(number.checked_sub(lexicon.rejects.len())?);
        self.any.iter().filter_map(move |number| Some((number, cue(number)?)))
    }

    /// Whether a pattern holds; its number counts the rejections first, then the cues.
    pub(super) fn matches(&self, number: usize, pattern: &Pattern, setting: Setting) -> bool {
        let around = self.around;
        (pattern.kind != Some(DateKind::Discovered) || pattern.after.is_none() || !around.up_to)
            // Nothing is noticed from a day on, but by what it leads to.
            && (pattern.kind != Some(DateKind::Discovered) || !around.since || pattern.weight >= 1.05)
            // (令和3年7月公表): a document's own month.
            && (pattern.kind != Some(DateKind::Announced) || !(around.bracketed && around.coarse))
            && (!pattern.range || around.range)
            && (!pattern.single || !around.both)
            && (!pattern.coarse || around.coarse)
            && (!pattern.payment || setting.payment)
            && (!pattern.fiscal || around.fiscal)
            && (pattern.before.is_none() || self.before.contains(number))
            && (pattern.after.is_none() || self.after.contains(number))
            && (pattern.line.is_none() || self.in_line.contains(number))
            && pattern.before.as_ref().is_none_or(|p| p.is_match(around.before))
            && pattern.after.as_ref().is_none_or(|p| p.is_match(&around.after))
            && pattern.line.as_ref().is_none_or(|p| p.is_match(self.line))
            && pattern.unless.as_ref().is_none_or(|p| !p.is_match(&around.after))
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
    } else if index == 0
        && !before.is_empty()
        && before.chars().count() <= 24
        && !matches!(line.dates[0].from.day, Day::FromPrevious(_))
    {
        labels.push(before.trim_end_matches('は'));
    }
    if index == 0 && blank(before) && line.labels.is_empty() && at > 0 {
        let above = lines[at - 1].text;
        if lines[at - 1].dates.is_empty() && above.chars().count() <= 30 && !above.ends_with('。') {
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
            let opens = |n: &&Line<'_>| {
                n.dates.first().is_some_and(|d| bare_label(&n.text[..d.span.start]).is_empty() && !n.heading)
            };
            // The last line of a notice is its own date, no step.
            let end = lines.len().saturating_sub(1).max(at + 1).min(at + 6);
            let below = lines[at + 1..end].iter().take_while(|n| !n.heading).filter(opens).any(|n| n.labels.is_empty());
            let course = || lexicon.voice.course.is_match(name);
            labelled.take(2).count() > 1 || below && (course() || !line.labels.iter().any(|l| same(l, label)))
        };
        let named = |l: &&Label| l.pattern.is_match(name) && !(l.once && heads_several());
        let candidates = lexicon.labels_in.candidates(name);
        // 個別通知の発送について / 発送時期: 8月20日
        let letters = || line.headings.last().is_some_and(|h| lexicon.voice.told_to_each.is_match(h));
        candidates.iter().map(|l| &lexicon.labels[l]).find(named).map(|l| match l.kind {
            Some(DateKind::Occurred) if letters() => Verdict::rejected("label-letters"),
            Some(kind) => Verdict::new(Some(kind), &l.id, 0.93),
            None => Verdict::rejected(&l.id),
        })
    })
}

/// Whether a label says that this date is another than that of the notice: 発生年月日 above it.
pub(super) fn labelled_otherwise(lines: &[Line<'_>], at: usize, index: usize, lexicon: &DateLexicon) -> bool {
    by_label(lines, at, index, lexicon)
        .is_some_and(|v| !matches!(v.kind, Some(DateKind::Announced | DateKind::Updated)))
}

/// A date that says nothing else in the list below a sentence that does: 今回の攻撃は以下の期間に発生しました。第1期間:5月3日~4日
fn pointed_at(lines: &[Line<'_>], at: usize, index: usize, lexicon: &DateLexicon) -> Option<Verdict> {
    let says_no_more = |line: &Line<'_>| {
        let end = line.dates.last().map_or(0, |d| d.span.end);
        let begin = line.dates.first().map_or(0, |d| d.span.start);
        line.text[..begin].chars().count() <= 10 && bare_label(&line.text[end..]).chars().count() <= 6
    };
    if index > 0 || !says_no_more(&lines[at]) {
        return None;
    }
    let mut above = lines[at.saturating_sub(MOST_POINTED)..at].iter().rev();
    let lead = above.find(|l| l.text.ends_with('。') || !says_no_more(l))?;
    if !lead.dates.is_empty()
        || !(lead.text.contains("以下") || lead.text.contains("次の") || lead.text.contains("下記"))
    {
        return None;
    }
    if lexicon.voice.seen_ahead.is_match(lead.text) {
        return Some(Verdict::new(Some(DateKind::Exposed), POINTED_AT, 0.8));
    }
    lexicon.voice.points_ahead.is_match(lead.text).then(|| Verdict::new(Some(DateKind::Occurred), POINTED_AT, 0.85))
}

/// How many lines below it a sentence points at.
const MOST_POINTED: usize = 6;
/// The rule of a date that a sentence above points at.
pub(super) const POINTED_AT: &str = "pointed-at";

/// A label without numbering, brackets and colon.
pub(super) fn bare_label(label: &str) -> &str {
    label.trim_matches(|c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || ('①'..='⓿').contains(&c)
            // Arrows, and the signs that stand before the entries of a list.
            || ('←'..='⇿').contains(&c)
            || ('■'..='➿').contains(&c)
            || "()[]【】<>《》〈〉.、:・※*#-|•‣〇".contains(c)
    })
}

/// ○○は13日、…と発表した: the sentence announces, and the date stands beside its topic.
fn announces(around: &Around<'_>, lexicon: &DateLexicon) -> bool {
    let tail = around.whole_after.trim_start_matches([')', ' ']);
    // 【7月1日】○○は、…と発表した.
    let dateline = around.whole_before.ends_with('【') && tail.starts_with('】');
    let apart = dateline
        || tail.starts_with(['、', ','])
        || tail.starts_with("に、")
        || tail.starts_with("付で、")
        || tail.starts_with('「');
    let before = around.whole_before.trim_end_matches(['(', ' ']);
    let beside = dateline
        || before.is_empty()
        || before.ends_with(['は', 'が', '、', '】', ')', '。', '-'])
        || lexicon.lists.has(WordList::Today, before);
    if !beside || !(apart || before.ends_with(['は', 'が'])) || around.range || around.coarse {
        return false;
    }
    // に ties the date to the next verb: 4月30日に公開した文書に…と発表した. Not so behind the topic and before a comma:
    // ○○社は4月30日に、…が流出したと発表した.
    if tail.starts_with('に') && !(tail.starts_with("に、") && before.ends_with(['は', 'が'])) {
        return false;
    }
    // 所在不明が12日の点検で判明したと、○○が13日発表した: の ties the date to a noun that is no announcement.
    let of_noun =
        tail.starts_with('の') && !lexicon.voice.announces.is_match(tail.split(['、', '。']).next().unwrap_or(tail));
    if of_noun && !lexicon.lists.has(WordList::AnnouncedAt, tail) {
        return false;
    }
    // ○○は30日までに、12日、…と発表した: what is announced, on a day that nobody tells.
    if before.ends_with("までに、") {
        return false;
    }
    let opens = before.is_empty() || before.ends_with('、') && !before.ends_with("は、") && !before.ends_with("が、");
    // 同会では10月31日に…が発生し、…したことを11月7日に公表していた
    if (opens || before.ends_with("では")) && lexicon.voice.announced_later.is_match(tail) {
        return false;
    }
    if opens && lexicon.voice.told_by_others.is_match(tail) {
        return false;
    }
    if before.is_empty() && lexicon.voice.told_those_affected.is_match(tail) {
        return false;
    }
    // …を掲載した際、12人分の氏名を誤って公開しました: what was shown by mistake is no announcement.
    if lexicon.voice.shown_by_mistake.is_match(tail) {
        return false;
    }
    let by_topic = tail.starts_with(['、', ',']) && before.ends_with(['は', 'が']);
    let own = lexicon.voice.announcing_end.is_match(tail) || by_topic && lexicon.voice.topic_end.is_match(tail);
    // ミスは18日、別人の通知が届いた市民の問い合わせで発覚。市は…謝罪した: the next sentence announces only in so many words,
    // and not what was noticed.
    own || around.goes_on.is_some_and(|next| {
        lexicon.voice.announcing_end.is_match(next)
            && lexicon.voice.announces.is_match(next)
            && !lexicon.voice.noticed.is_match(tail)
    })
}

/// 11月8日に、設定の不備により、5月1日から4月14日までの間、…ことを確認しました: the first day of a sentence goes with its
/// last predicate where its own clause has none.
fn by_main_clause(
    around: &Around<'_>,
    line: &Line<'_>,
    index: usize,
    lexicon: &DateLexicon,
    setting: Setting,
) -> Option<Verdict> {
    let adverbial = ["、", "に、", "には、"].iter().any(|w| around.after.starts_with(w));
    // 受け取り、6月1日に…: a verb of its own.
    let own = around.after.trim_end_matches('、');
    let particles = [
        "により",
        "によって",
        "において",
        "にて",
        "で",
        "は",
        "が",
        "を",
        "から",
        "より",
        "も",
        "、",
        "に",
        "対し",
        "対して",
        "つき",
        "ついて",
    ];
    let concessive = ["たが", "るが", "だが", "すが"].iter().any(|w| own.ends_with(w));
    let adverbial = adverbial && !concessive && (own.is_empty() || particles.iter().any(|p| own.ends_with(p)));
    if index > 0 || line.dates.len() < 2 || around.range || around.bracketed || !adverbial {
        return None;
    }
    let whole = Around { after: Cow::Borrowed(&line.text[line.dates[0].span.end..]), ..around.clone() };
    by_clause(&Tried::new(&whole, line.text, lexicon), lexicon, setting, |cue| cue.kind == Some(DateKind::Discovered))
        .map(|verdict| Verdict { confidence: verdict.confidence * 0.95, ..verdict })
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
