//! Dates: what is written, which day it is, and which moment it names.
//!
//! [`written`] finds dates by grammar alone, [`resolve`] places them on the calendar, the classifier reads labels and
//! clauses with the patterns of `lexicon.toml`. Nothing here reads the clock.

mod around;
mod bare;
mod check;
mod claims;
mod classify;
mod clause;
mod derived;
mod forms;
pub mod lexicon;
mod numeral;
mod placing;
mod publicly;
pub mod resolve;
mod same_day;
mod scanner;
mod spans;
mod voice;
mod words;
pub mod written;

use std::ops::Range;

use jiff::civil::Date;
use rouei_model::{BlockKind, DateKind, DatePrecision, Span};

use crate::reading::Reading;
use crate::script::is_alphanumeric;
pub use claims::claims;
use classify::{Line, Setting, Verdict};
pub use lexicon::DateLexicon;
use resolve::{Place, Resolved};
use written::{Open, Year};

/// One date or range of the text and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct DateFinding {
    /// Index into [`crate::reading::Reading::sentences`].
    pub sentence: usize,
    /// As written, bytes of the normalised text.
    pub span: Span,
    /// First day; none where the text alone does not place it (no year, no publication date).
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// How exactly it is known.
    pub precision: DatePrecision,
    /// Which moment; none where no cue says so.
    pub kind: Option<DateKind>,
    /// A likely typo (2003 in a notice of 2023).
    pub doubtful: bool,
    /// The rule that says that this date is none of the incident's; the finding is kept to explain itself.
    pub rejected: Option<String>,
    /// The rule that read it.
    pub rule: String,
    /// Probability that day and kind are right, as measured.
    pub confidence: f64,
    /// The judged confidence, by which findings of a kind compete.
    pub weight: f64,
}

/// What is known of the time and the speaker of a document from outside its sentences.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anchor {
    /// Publication of the article or notice; may come from its address.
    pub published: Option<Date>,
    /// The last day of the month or year that the address tells, where it tells no more.
    pub no_later_than: Option<Date>,
    /// The year of the publication.
    pub year_hint: Option<i16>,
    /// An official notice (true) or a press article (false); none lets the text decide.
    pub publisher_is_victim: Option<bool>,
    /// The page carries somebody else's notice: its day is not that of the notice.
    pub reposted: bool,
}

/// Every date in `sentences`, in reading order, with its moment.
///
/// A range that data could be seen in is also offered as the time of the incident if no other is stated.
#[must_use]
pub fn find(
    reading: &Reading<'_>,
    lexicon: &DateLexicon,
    anchor: &Anchor,
    sentences: Range<usize>,
) -> Vec<DateFinding> {
    let last = sentences.end.min(reading.sentences.len());
    let mut lines = Vec::with_capacity(last.saturating_sub(sentences.start));
    for index in sentences.start..last {
        let sentence = &reading.sentences[index];
        lines.push(Line {
            sentence: index,
            start: sentence.span.start,
            text: reading.sentence_text(index),
            labels: sentence
                .labels
                .iter()
                .copied()
                .chain(row_name(reading, index))
                .map(|l| reading.sentence_text(l))
                .collect(),
            headings: sentence.headings.iter().map(|&h| reading.sentence_text(h)).collect(),
            heading: matches!(
                reading.block(index).kind,
                BlockKind::Heading { .. } | BlockKind::Key | BlockKind::TableCell { header: true, .. }
            ),
            header: matches!(reading.block(index).kind, BlockKind::TableCell { header: true, .. }),
            ..Line::default()
        });
    }
    find_in_lines(lines, lexicon, anchor)
}

/// The day that a title ends with: `名簿の紛失について 2022年10月9日`.
#[must_use]
pub fn at_end_of_title(title: &str, lexicon: &DateLexicon) -> Option<Date> {
    let title = rouei_text::normalize::Normalized::of_text(title).text;
    let last = written::find(&title, &lexicon.relative).pop()?;
    let full = matches!(last.from.year, Year::Given(..)) && last.to.is_none();
    let ends = title[last.span.end..].chars().all(|c| !is_alphanumeric(c));
    let placed = resolve::resolve(&last, &resolve::Context::default());
    placed.from.filter(|_| full && ends && placed.precision == DatePrecision::Day && !placed.doubtful)
}

/// The sentence in the first cell of the row: in a table headed 項目|内容 it names what the cell beside it holds.
fn row_name(reading: &Reading<'_>, sentence: usize) -> Option<usize> {
    let BlockKind::TableCell { table, row, column: 1.., .. } = reading.block(sentence).kind else { return None };
    (0..sentence)
        .rev()
        .map_while(|s| match reading.block(s).kind {
            BlockKind::TableCell { table: t, row: r, column, .. } if (t, r) == (table, row) => Some((s, column)),
            _ => None,
        })
        .find_map(|(s, column)| (column == 0).then_some(s))
}

/// A date on its way: line, index in the line, verdict, place.
struct Candidate {
    line: usize,
    index: usize,
    verdict: Verdict,
    resolved: Resolved,
}

fn find_in_lines(mut lines: Vec<Line<'_>>, lexicon: &DateLexicon, anchor: &Anchor) -> Vec<DateFinding> {
    for line in &mut lines {
        line.dates = written::find(line.text, &lexicon.relative);
    }
    around::without_false_headers(&mut lines);
    let setting = setting(&lines, lexicon, anchor);
    for at in 0..lines.len() {
        if lines[at].dates.len() > 1 {
            lines[at].passing = classify::passing(&lines, at, lexicon, setting);
        }
    }
    let bare = bare::find(&lines, lexicon, setting);
    let mut candidates = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for index in 0..line.dates.len() {
            let verdict = classify::classify(&lines, at, index, lexicon, setting);
            let labelled = verdict.rule.starts_with("label-");
            let verdict = match bare.iter().find(|b| (b.0, b.1) == (at, index)) {
                Some((_, _, bare)) if !labelled => bare.clone(),
                _ => verdict,
            };
            candidates.push(Candidate { line: at, index, verdict, resolved: unresolved() });
        }
        let announced = candidates.len() - line.dates.len()..candidates.len();
        for i in content(line, &candidates[announced.clone()], lexicon) {
            candidates[announced.start + i].verdict = classify::classify_content(&lines, at, i, lexicon, setting);
        }
    }
    placing::place_all(&mut candidates, &lines, anchor);
    settle_announcements(&mut candidates, setting);
    let mut findings: Vec<DateFinding> = candidates.iter().map(|c| finding(c, &lines)).collect();
    doubt_lone_years(&mut findings, &candidates, &lines);
    let notice = anchor.published.filter(|_| setting.notice);
    derived::add(&mut findings, &candidates, &lines, lexicon, notice);
    weigh_against_each_other(&mut findings);
    for finding in &mut findings {
        finding.weight = finding.confidence;
        finding.confidence = lexicon.calibrated(&finding.rule, finding.weight);
    }
    findings
}

/// The dates of a sentence that only share its last predicate with the day of the announcement: 6日、先月28日の豪雨で
/// …流失したと発表した.
fn content(line: &Line<'_>, candidates: &[Candidate], lexicon: &DateLexicon) -> Vec<usize> {
    let announced = |i: usize| matches!(candidates[i].verdict.rule.as_str(), "topic-announced" | "announced");
    // 7日、ホームページに「お知らせ」を掲載し、1日に…したと公表した: whatever word says so of the first day.
    let opens =
        |i: usize| candidates[i].verdict.kind == Some(DateKind::Announced) && in_words(&candidates[i].verdict.rule);
    let Some(first) = (0..candidates.len()).find(|&i| opens(i)) else { return Vec::new() };
    // ホームページに「お知らせとお詫び」を掲載し: the name of a notice is no verb.
    let named = |at: usize| line.text[..at].rfind('「').is_some_and(|open| !line.text[open..at].contains('」'));
    let said = |from: usize, to: usize| {
        lexicon.voice.announces.find_iter(&line.text[from..to]).filter(|m| !named(from + m.start())).count()
    };
    (first + 1..candidates.len())
        .filter(|&i| {
            let (day, other) = (line.dates[first].span.end, line.dates[i].span);
            let between = &line.text[day..other.start];
            let charged =
                candidates[i].verdict.rule == classify::COUNTERMEASURE && line.text[other.end..].contains("たとして");
            (announced(i) || charged)
                && between.chars().any(|c| c == '、' || c == 'は')
                && said(day, other.start) == 0
                && said(other.end, line.text.len()) <= 1
        })
        .collect()
}

/// What a day is beside one on which somebody announced in so many words.
///
/// A story that tells the day of the announcement itself was posted on a day of its own; and what it says to have become
/// known before (…ことが4日、分かった) was discovered then.
fn settle_announcements(candidates: &mut [Candidate], setting: Setting) {
    let told = |c: &Candidate| c.verdict.kind == Some(DateKind::Announced) && in_words(&c.verdict.rule);
    let days: Vec<(bool, Option<Date>)> = candidates
        .iter()
        .filter(|c| told(c) || c.verdict.rule == "known-by-reporters")
        .map(|c| (c.verdict.rule == CAME_TO_LIGHT, c.resolved.from))
        .collect();
    let released = released(candidates);
    let announced = days.iter().filter(|(light, _)| !light).filter_map(|(_, day)| *day).max();
    for candidate in candidates.iter_mut() {
        let before = candidate.resolved.from.zip(announced).is_some_and(|(day, announced)| day < announced);
        match candidate.verdict.rule.as_str() {
            CAME_TO_LIGHT if before => candidate.verdict.kind = Some(DateKind::Discovered),
            "label-posted" if !setting.official && !days.is_empty() => {
                candidate.verdict.kind = Some(DateKind::Reported);
            }
            // 掲載日 of the page, and below it the release with a day of its own.
            "label-posted" if released.is_some_and(|day| candidate.resolved.from > Some(day)) => {
                candidate.verdict.confidence *= 0.9;
            }
            _ => {}
        }
    }
}

/// The day of a release that stands in its head.
fn released(candidates: &[Candidate]) -> Option<Date> {
    let head = |c: &&Candidate| {
        let line = matches!(c.verdict.rule.as_str(), "date-line-head" | "date-line-title" | "date-line-notice");
        line && c.verdict.kind == Some(DateKind::Announced) && !c.resolved.doubtful
    };
    candidates.iter().filter(head).find_map(|c| c.resolved.from)
}

/// Whether a rule reads a sentence that announces, not a label, a date line or a notice before this one.
fn in_words(rule: &str) -> bool {
    !rule.starts_with("label-") && !rule.starts_with("date-line") && rule != "earlier-notice"
}

/// The rule of a day on which something became known, nobody says how.
const CAME_TO_LIGHT: &str = "came-to-light";

fn unresolved() -> Resolved {
    Resolved {
        from: None,
        to: None,
        precision: DatePrecision::Day,
        doubtful: false,
        place: Place::default(),
        origin: "none",
    }
}

fn setting(lines: &[Line<'_>], lexicon: &DateLexicon, anchor: &Anchor) -> Setting {
    let payment = lines.iter().any(|l| lexicon.voice.payment.is_match(l.text));
    let (official, notice) = match anchor.publisher_is_victim {
        Some(own) => (own, own),
        None => {
            let count = |p: &crate::pattern::Regex| lines.iter().map(|l| p.find_iter(l.text).count()).sum::<usize>();
            let (own, press) = (count(&lexicon.voice.official), count(&lexicon.voice.press));
            (own > press || press == 0, own > press)
        }
    };
    Setting { official, notice: notice && !anchor.reposted, payment }
}

fn finding(candidate: &Candidate, lines: &[Line<'_>]) -> DateFinding {
    let line = &lines[candidate.line];
    let written = &line.dates[candidate.index];
    let resolved = candidate.resolved;
    let mut confidence = candidate.verdict.confidence;
    if matches!(resolved.origin, "previous" | "published" | "year_hint") {
        confidence *= 0.97;
    }
    if resolved.doubtful {
        confidence *= 0.5;
    }
    let exposed = candidate.verdict.kind == Some(DateKind::Exposed);
    let ended = candidate.verdict.rule == "exposure-ended";
    let open_at =
        |open: Open| exposed && written.back_days.is_none() && (written.open == open || (ended && open == Open::Until));
    DateFinding {
        sentence: line.sentence,
        span: written.span.shifted(line.start),
        from: resolved.from.filter(|_| !open_at(Open::Until)),
        to: resolved.to.filter(|_| !open_at(Open::Since)),
        precision: resolved.precision,
        kind: candidate.verdict.kind,
        doubtful: resolved.doubtful,
        rejected: candidate.verdict.rejected.then(|| candidate.verdict.rule.clone()),
        rule: candidate.verdict.rule.clone(),
        confidence,
        weight: confidence,
    }
}

/// What cannot be true together: a discovery before the incident or after its announcement, an incident on the very day
/// of the notice while another day is told too, a moment of the future.
fn weigh_against_each_other(findings: &mut [DateFinding]) {
    let best = |findings: &[DateFinding], kind| {
        let day = |f: &&DateFinding| f.kind == Some(kind) && f.rejected.is_none() && f.precision == DatePrecision::Day;
        findings.iter().filter(day).max_by(|a, b| a.confidence.total_cmp(&b.confidence)).and_then(|f| f.from)
    };
    let announced = best(findings, DateKind::Announced);
    let occurred: Vec<Date> = findings
        .iter()
        .filter(|f| {
            matches!(f.kind, Some(DateKind::Occurred | DateKind::Exposed))
                && f.rejected.is_none()
                && f.precision == DatePrecision::Day
        })
        .filter_map(|f| f.from)
        .collect();
    let discovered = |f: &&DateFinding| f.kind == Some(DateKind::Discovered) && f.rejected.is_none();
    let by_day = |f: &&DateFinding| f.confidence >= 0.6 && f.precision == DatePrecision::Day;
    let first_noticed = findings.iter().filter(discovered).filter(by_day).filter_map(|f| f.from).min();
    for finding in findings.iter_mut().filter(|f| f.rejected.is_none()) {
        let Some(from) = finding.from else { continue };
        let after = announced.is_some_and(|a| from > a);
        let wrong = match finding.kind {
            Some(DateKind::Discovered) => {
                after
                    // What is found out on the day of the notice was noticed before.
                    || (announced == Some(from) && first_noticed.is_some_and(|d| d < from))
                    || finding.precision == DatePrecision::Year
                    || occurred.iter().min().is_some_and(|o| finding.to.is_some_and(|to| to < *o))
            }
            Some(DateKind::Occurred) => {
                let labelled = finding.rule.starts_with("label-");
                after || (announced == Some(from) && !labelled && occurred.iter().any(|o| *o < from))
            }
            _ => false,
        };
        if wrong {
            finding.confidence *= 0.5;
            if after && finding.precision != DatePrecision::Day {
                finding.rejected = Some("later-than-notice".to_owned());
            }
        }
    }
}

/// A year that lies far from all others, which agree among themselves, is a likely typo.
fn doubt_lone_years(findings: &mut [DateFinding], candidates: &[Candidate], lines: &[Line<'_>]) {
    let years: Vec<Option<i16>> = findings
        .iter()
        .zip(candidates)
        .map(|(f, c)| {
            let written = &lines[c.line].dates[c.index];
            let told = matches!(written.from.year, Year::Given(..)) && f.rejected.is_none();
            f.from.filter(|_| told && f.precision == DatePrecision::Day).map(Date::year)
        })
        .collect();
    for i in 0..findings.len() {
        let Some(year) = years[i] else { continue };
        let others: Vec<i16> = years.iter().enumerate().filter(|&(j, _)| j != i).filter_map(|(_, y)| *y).collect();
        let (Some(&low), Some(&high)) = (others.iter().min(), others.iter().max()) else { continue };
        let discovered_first = others.len() == 1 && findings[i].kind == Some(DateKind::Discovered) && year < low;
        if (others.len() >= 2 || discovered_first) && high - low <= 2 && (year < low - 8 || year > high + 8) {
            findings[i].doubtful = true;
            findings[i].confidence *= 0.5;
        }
    }
}

#[cfg(test)]
mod tests;
