//! Discoveries told without a day of their own: they are of the day before them in the text.

use rouei_model::{DateKind, DatePrecision};

use super::DateFinding;
use super::around::same;
use super::classify::CONTENT;
use super::derived::{Told, copied, usable};
use super::written::Day;

impl Told<'_, '_> {
    /// 19時に指摘を受けた, 10分後に…知らせ: a time without a day belongs to the day before it.
    pub(super) fn discovered_at_once(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let day = |f: &&DateFinding| usable(f, DateKind::Discovered) && f.precision == DatePrecision::Day;
        let known = findings.iter().filter(day).filter_map(|f| f.from).min();
        self.same_day(findings, |told| self.lexicon.voice.at_once.is_match(told), Days::Steps)
            .filter(|f| known.is_none_or(|day| f.from.is_some_and(|from| from < day)))
            .map(|f| copied(f, DateKind::Discovered, "discovered-at-once", 1.0))
            .map(|f| DateFinding { confidence: 0.8, ..f })
    }

    /// The story goes on to the discovery without another day; or what happened cannot be overlooked.
    pub(super) fn discovered_same_day(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let voice = &self.lexicon.voice;
        // …した可能性があることが判明しました: the notice itself tells what is known by now.
        let noticed = |told: &str| {
            let mut sentences = told.split_inclusive(['。', '\n']);
            sentences.any(|s| voice.noticed.is_match(s) && !voice.noticed_lately.is_match(s))
        };
        let told = self.same_day(findings, noticed, Days::Taken).map(|f| (f, "discovered-same-day"));
        told.or_else(|| {
            self.same_day(findings, |told| voice.disrupted.is_match(told), Days::Cued)
                .map(|f| (f, "discovered-as-disrupted"))
        })
        .map(|(f, rule)| DateFinding { confidence: 0.7, ..copied(f, DateKind::Discovered, rule, 1.0) })
    }

    /// 9月3日午後4時から4時20分まで閲覧できた: over within the day, by whoever noticed it.
    pub(super) fn window_closed(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let visible = self.lines.iter().any(|l| self.lexicon.voice.visible.is_match(l.text));
        let hours = findings.iter().zip(self.candidates).find(|(f, c)| {
            let written = &self.lines[c.line].dates[c.index];
            (usable(f, DateKind::Occurred) || usable(f, DateKind::Exposed))
                && written.time
                && written.to.is_some()
                && f.precision == DatePrecision::Day
                && !f.doubtful
                && f.from == f.to
        });
        hours.filter(|_| visible).map(|(f, _)| DateFinding {
            confidence: 0.6,
            ..copied(f, DateKind::Discovered, "discovered-as-window-closed", 1.0)
        })
    }

    /// The occurrence on one of these days, if `holds` is true of what the text tells of it.
    fn same_day<'f>(
        &self,
        findings: &'f [DateFinding],
        holds: impl Fn(&str) -> bool,
        days: Days,
    ) -> Option<&'f DateFinding> {
        let occurred = findings.iter().filter(|f| usable(f, DateKind::Occurred)).filter_map(|f| f.from).min();
        (0..self.candidates.len()).map(|i| (i, &findings[i])).find_map(|(i, f)| {
            let single = f.from.is_some() && f.from == f.to && f.precision == DatePrecision::Day && !f.doubtful;
            let step = days == Days::Steps
                && (f.rule == "no-cue" || f.rule == CONTENT)
                && f.from.is_some_and(|from| occurred.is_none_or(|o| from >= o));
            // What is taken for the incident because nothing else is told of it.
            let taken = |d: &DateFinding| {
                d.rule == "occurred-first-told" && (d.sentence, d.span, d.from) == (f.sentence, f.span, f.from)
            };
            let first = || days != Days::Cued && findings[self.candidates.len()..].iter().any(taken);
            let told = usable(f, DateKind::Occurred) || step || first();
            (told && single && f.rule != LED && holds(&self.told_of_day(findings, i))).then_some(f)
        })
    }

    /// What stands behind a date up to the next other day, in the next sentences and below one more heading.
    fn told_of_day(&self, findings: &[DateFinding], of: usize) -> String {
        let at = self.candidates[of].line;
        let end_of = |i: usize| self.lines[self.candidates[i].line].dates[self.candidates[i].index].span;
        let next = (of + 1..self.candidates.len()).find(|&i| {
            let coarse = findings[i].precision != DatePrecision::Day;
            !coarse && findings[i].from != findings[of].from
        });
        let mut text = String::new();
        let mut headings = 0;
        for line in at..self.lines.len().min(at + MOST_SENTENCES) {
            let sentence = &self.lines[line];
            // The key of a field is no heading of what comes.
            let key = self.lines.get(line + 1).is_some_and(|next| next.labels.iter().any(|l| same(l, sentence.text)));
            headings += usize::from(line > at && sentence.heading && sentence.labels.is_empty() && !key);
            if headings > 1 || text.len() > MOST_BYTES {
                break;
            }
            // 同日、…お詫びのメールを送った: the word for the day is part of what is told.
            let written = &self.lines[at].dates[self.candidates[of].index];
            let same_day = written.from.day == Day::FromPrevious(0);
            let begin = match line == at {
                true if same_day => written.span.start,
                true => written.span.end,
                false => 0,
            };
            let stop = next.filter(|&n| self.candidates[n].line == line).map(|n| end_of(n).start);
            if !text.is_empty() && !text.ends_with('。') {
                text.push('\n');
            }
            text.push_str(&sentence.text[begin.min(stop.unwrap_or(usize::MAX))..stop.unwrap_or(sentence.text.len())]);
            if let Some(later) = self.lexicon.voice.later.find(&text) {
                text.truncate(later.start());
                break;
            }
            if stop.is_some() || next.is_some_and(|n| self.candidates[n].line < line) {
                break;
            }
        }
        text
    }
}

/// The days whose story is followed to a discovery.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Days {
    /// Those of which a cue says that the incident happened then.
    Cued,
    /// Also the one that is taken for it.
    Taken,
    /// Also those of the story for which no cue stands.
    Steps,
}

/// The rule of a fraud's victim, whom a call or a message reached that told of nothing.
const LED: &str = "occurred-led";
/// How far the story of one day is followed: sentences (keys and cells count as such), and bytes.
const MOST_SENTENCES: usize = 12;
const MOST_BYTES: usize = 900;
