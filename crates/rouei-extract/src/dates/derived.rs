//! Moments that follow from others where the text does not say them outright; each has a rule of its own.

use jiff::civil::Date;
use rouei_model::{DateKind, DatePrecision};

use super::around::same;
use super::classify::{CONTENT, Line};
use super::lexicon::DateLexicon;
use super::written::{Day, Open};
use super::{Candidate, DateFinding};
use crate::script::is_alphanumeric;

/// Adds what follows from `findings`; finding `i` was read from candidate `i`.
pub(super) fn add(
    findings: &mut Vec<DateFinding>,
    candidates: &[Candidate],
    lines: &[Line<'_>],
    lexicon: &DateLexicon,
    published: Option<Date>,
) {
    let told = Told { candidates, lines, lexicon };
    told.reported_where_announced(findings);
    told.act_where_noticed_later(findings);
    told.join_left_and_gone(findings);
    told.join_until(findings);
    told.join_coordinated(findings);
    told.join_listed(findings);
    told.join_exposed(findings);
    findings.extend(told.labelled_both(findings));
    if !stated(findings, DateKind::Announced) && !stated(findings, DateKind::Reported) {
        findings.extend(told.written_the_day_after(findings));
    }
    // A year alone is mostly that of an earlier case.
    let fine = |f: &DateFinding| usable(f, DateKind::Occurred) && f.precision != DatePrecision::Year;
    if !findings.iter().any(fine) {
        let noticed = told.as_noticed(findings);
        let added = told
            .as_exposed(findings)
            .or_else(|| told.since_last_seen(findings))
            .or_else(|| told.first_told(findings).filter(|f| noticed.as_ref().is_none_or(|n| told.shortly(f, n))))
            .or(noticed)
            .or_else(|| told.with_discovery(findings))
            .or_else(|| told.first_step(findings))
            .or_else(|| told.as_stopped(findings))
            .or_else(|| told.as_confirmed(findings));
        findings.extend(added);
    }
    findings.extend(told.day_of_month(findings));
    let added = told.instead_of_its_end(findings);
    findings.extend(added);
    told.announced_elsewise(findings, published);
    if let Some(added) = told.discovered_at_once(findings) {
        findings.push(added);
    }
    if !stated(findings, DateKind::Discovered) {
        let added = told
            .as_snatched(findings)
            .or_else(|| told.discovered_same_day(findings))
            .or_else(|| told.window_closed(findings));
        findings.extend(added);
    }
    let added = told.until_closed(findings);
    findings.extend(added);
}

/// What the text tells.
pub(super) struct Told<'a, 't> {
    pub(super) candidates: &'a [Candidate],
    pub(super) lines: &'a [Line<'t>],
    pub(super) lexicon: &'a DateLexicon,
}

impl Told<'_, '_> {
    /// Told by its month first and by its day further down.
    fn day_of_month(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let occurred = || findings.iter().filter(|f| usable(f, DateKind::Occurred) && f.from.is_some());
        let month = occurred().next().filter(|f| f.precision == DatePrecision::Month)?;
        let within = |f: &DateFinding| f.precision == DatePrecision::Day && f.from >= month.from && f.to <= month.to;
        if occurred().any(|f| f.precision == DatePrecision::Day && !within(f)) {
            return None;
        }
        let told = |(f, c): &(&DateFinding, &Candidate)| {
            let line = &self.lines[c.line];
            f.rule == "no-cue"
                && within(f)
                && line.text.ends_with('。')
                && !self.lexicon.voice.aside.is_match(line.text)
        };
        let cued = |(f, _): &(&DateFinding, &Candidate)| usable(f, DateKind::Occurred) && within(f);
        let days = || findings.iter().zip(self.candidates);
        let day = days().find(cued).or_else(|| days().find(told));
        day.map(|(f, _)| DateFinding {
            confidence: 0.86,
            ..copied(f, DateKind::Occurred, "occurred-day-of-month", 1.0)
        })
    }

    /// 発生日・発覚日: 7月10日.
    fn labelled_both(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let both = |candidate: &Candidate| {
            let line = &self.lines[candidate.line];
            let before = &line.text[..line.dates[candidate.index].span.start];
            line.labels.iter().copied().chain([before]).any(|l| self.lexicon.voice.both_moments.is_match(l))
        };
        let (finding, _) =
            findings.iter().zip(self.candidates).find(|(f, c)| f.rule.starts_with("label-") && both(c))?;
        let other = match finding.kind? {
            DateKind::Discovered => DateKind::Occurred,
            DateKind::Occurred => DateKind::Discovered,
            _ => return None,
        };
        Some(copied(finding, other, "label-both", 1.0))
    }

    fn as_noticed(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let noticed = findings.iter().zip(self.candidates).find(|(_, c)| c.verdict.noticed_loss);
        noticed.map(|(f, c)| {
            let copy = copied(f, DateKind::Occurred, "occurred-as-noticed", 0.6);
            // 帰宅途中に鞄を置き忘れた。翌日、ないことに気付いた: what was told before was of the day before.
            let before = self.lines[c.line.saturating_sub(1)..c.line]
                .iter()
                .any(|l| l.text.ends_with('。') && !l.heading && self.lexicon.voice.forgotten.is_match(l.text));
            let next_day = self.lines[c.line].dates[c.index].from.day == Day::FromPrevious(1);
            let eve = f.from.filter(|_| before && next_day).and_then(|day| day.yesterday().ok());
            DateFinding { from: eve.or(copy.from), to: eve.or(copy.to), ..copy }
        })
    }

    /// Who writes that somebody announced on the 10th reports it on the 11th, whoever they quote.
    fn reported_where_announced(&self, findings: &mut [DateFinding]) {
        let own = self.lines.iter().any(|l| self.lexicon.voice.official.is_match(l.text));
        let third_person = |i: &usize| {
            let (line, index) = (self.candidates[*i].line, self.candidates[*i].index);
            let text = self.lines[line].text;
            let before = text[..self.lines[line].dates[index].span.start].trim_end_matches(['(', ' ']);
            match findings[*i].rule.as_str() {
                "topic-announced" => before.ends_with(['は', 'が']) && !self.lexicon.voice.official.is_match(before),
                // …について、11月7日に会見を開き、…と説明した
                "announced" => !own && before.contains('は'),
                _ => false,
            }
        };
        let Some(announced) = (0..self.candidates.len()).find(third_person).and_then(|i| findings[i].from) else {
            return;
        };
        for finding in findings.iter_mut().filter(|f| usable(f, DateKind::Announced)) {
            let stamped = finding.rule.starts_with("date-line") || finding.rule.starts_with("label-");
            let days = finding.from.map(|from| (from - announced).get_days());
            if stamped && days.is_some_and(|days| (1..=7).contains(&days)) {
                finding.kind = Some(DateKind::Reported);
            }
        }
    }

    /// 今月8日、…を紛失していたことが分かった。9日、警察から連絡があり発覚した: the day of what came to light, where a later one
    /// tells of its coming to light.
    fn act_where_noticed_later(&self, findings: &mut [DateFinding]) {
        let day = |f: &DateFinding| usable(f, DateKind::Discovered) && f.precision == DatePrecision::Day && !f.doubtful;
        let act = |i: &usize| self.candidates[*i].verdict.act_inside && day(&findings[*i]);
        let Some(at) = (0..self.candidates.len()).find(act) else { return };
        let later = |f: &DateFinding| day(f) && f.confidence >= 0.6 && f.from > findings[at].from;
        if findings[at + 1..].iter().any(later) && !stated(findings, DateKind::Occurred) {
            findings[at].kind = Some(DateKind::Occurred);
            findings[at].rule = "occurred-told-first".to_owned();
        }
    }

    /// 9月25日、USBメモリを差したまま席を離れ、なくなっていることに気付いた: done and noticed on one day.
    fn with_discovery(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let noticed = findings.iter().zip(self.candidates).find(|(f, c)| {
            // 16日から、不審なメールが届くようになり…: what was felt had begun.
            (c.verdict.acted || f.rule == "discovered-symptom")
                && usable(f, DateKind::Discovered)
                && f.precision == DatePrecision::Day
                && !f.doubtful
        });
        noticed.map(|(f, _)| copied(f, DateKind::Occurred, "occurred-with-discovery", 0.75))
    }

    /// 9月5日、不審なメールの配信を確認した: what is seen as it happens has happened by then; little more than a guess.
    fn as_confirmed(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let day = |f: &DateFinding| usable(f, DateKind::Discovered) && f.precision == DatePrecision::Day && !f.doubtful;
        let seen = findings.iter().zip(self.candidates).find(|(f, c)| {
            let line = &self.lines[c.line];
            day(f) && self.lexicon.voice.at_hand.is_match(&line.text[line.dates[c.index].span.end..])
        });
        seen.map(|(f, _)| DateFinding {
            confidence: 0.5,
            ..copied(f, DateKind::Occurred, "occurred-as-confirmed", 1.0)
        })
    }

    /// 不正アクセスにより、6月6日よりサービスを停止しました: the day on which the attack was felt.
    fn as_stopped(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let stopped = findings.iter().zip(self.candidates).find(|(f, c)| {
            let line = &self.lines[c.line];
            f.rule == "countermeasure"
                && f.precision == DatePrecision::Day
                && !f.doubtful
                && self.lexicon.voice.stopped_by.is_match(&line.text[..line.dates[c.index].span.start])
        });
        stopped
            .map(|(f, _)| DateFinding { confidence: 0.5, ..copied(f, DateKind::Occurred, "occurred-as-stopped", 1.0) })
    }

    /// The first step of a course of events that is told as a table or list of days.
    fn first_step(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let bound = |kind| findings.iter().filter(|f| usable(f, kind)).filter_map(|f| f.from).min();
        let latest = [bound(DateKind::Discovered), bound(DateKind::Announced)].into_iter().flatten().min()?;
        let opens = |i: usize| {
            let (line, index) = (self.candidates[i].line, self.candidates[i].index);
            let before = self.lines[line].text[..self.lines[line].dates[index].span.start].trim();
            // A day is the key of what was done on it.
            let key = self.lines.get(line + 1).is_some_and(|n| n.labels.iter().any(|l| same(l, self.lines[line].text)));
            index == 0 && before.chars().all(|c| !is_alphanumeric(c)) && (!self.lines[line].heading || key)
        };
        let steps: Vec<usize> = (0..self.candidates.len()).filter(|&i| opens(i)).collect();
        steps.windows(3).find_map(|run| {
            let near = run.windows(2).all(|p| self.candidates[p[1]].line - self.candidates[p[0]].line <= 3);
            let first = &findings[run[0]];
            let told = first.rule == "no-cue" && first.precision == DatePrecision::Day && !first.doubtful;
            let rises = first.from < findings[run[1]].from && findings[run[1]].from <= findings[run[2]].from;
            let before = first.from.is_some_and(|from| from <= latest && recent(from, latest));
            (near && told && rises && before).then(|| DateFinding {
                confidence: 0.55,
                ..copied(first, DateKind::Occurred, "occurred-first-step", 1.0)
            })
        })
    }

    fn as_snatched(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let told = findings.iter().zip(self.candidates).find(|(_, c)| c.verdict.snatched).map(|(f, _)| f);
        // 事故に遭ったのは7月23日, and elsewhere 車を離れた隙に盗まれた.
        let elsewhere = || {
            let day =
                |f: &&DateFinding| usable(f, DateKind::Occurred) && f.precision == DatePrecision::Day && !f.doubtful;
            let said = self.lines.iter().any(|l| self.lexicon.voice.snatched.is_match(l.text));
            findings.iter().filter(|_| said).find(day).filter(|f| f.from.is_some() && f.from == f.to)
        };
        let snatched = told.or_else(elsewhere)?;
        // 4月の出張中に置き引きに遭った。…4月16日: the day of that month.
        let within = |f: &&DateFinding| {
            usable(f, DateKind::Occurred)
                && f.precision == DatePrecision::Day
                && snatched.precision == DatePrecision::Month
                && f.from >= snatched.from
                && f.to <= snatched.to
        };
        let day = findings.iter().find(within).unwrap_or(snatched);
        Some(copied(day, DateKind::Discovered, "discovered-as-snatched", 0.7))
    }

    /// The first day or range of the story for which no cue stands: what it tells is how it came about.
    fn first_told(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let bound = |kind| findings.iter().filter(|f| usable(f, kind)).filter_map(|f| f.from).min();
        let latest = [bound(DateKind::Discovered), bound(DateKind::Announced)].into_iter().flatten().min();
        let announced = findings.iter().find(|f| usable(f, DateKind::Announced)).and_then(|f| f.from);
        let untold = |i: &usize| {
            let (finding, candidate) = (&findings[*i], &self.candidates[*i]);
            let line = &self.lines[candidate.line];
            let day = finding.precision == DatePrecision::Day && !finding.doubtful;
            let story = line.text.ends_with('。') && !line.heading && !line.named();
            let content = finding.rule == CONTENT;
            // 市は同日、保護者に文書で通知し…: on the day of the announcement one answers, whatever the words.
            let answered =
                matches!(line.dates[candidate.index].from.day, Day::FromPrevious(0)) && finding.from == announced;
            !answered
                && (finding.rule == "no-cue" || content)
                && day
                && story
                && finding.from.is_some_and(|from| latest.is_none_or(|latest| from <= latest && recent(from, latest)))
                && (content || !self.lexicon.voice.aside.is_match(line.text))
        };
        let written = |i: usize| &self.lines[self.candidates[i].line].dates[self.candidates[i].index];
        let all: Vec<usize> = (0..self.candidates.len()).filter(untold).collect();
        if let Some(&range) = all.iter().find(|&&i| written(i).to.is_some()) {
            return Some(DateFinding {
                confidence: 0.7,
                ..copied(&findings[range], DateKind::Occurred, "occurred-range-told", 1.0)
            });
        }
        let past = |i: &&usize| self.lexicon.voice.past.is_match(self.lines[self.candidates[**i].line].text);
        let first = all.iter().filter(|&&i| written(i).open == Open::Closed).find(past)?;
        Some(DateFinding {
            confidence: 0.6,
            ..copied(&findings[*first], DateKind::Occurred, "occurred-first-told", 1.0)
        })
    }
}

/// Within two years and a half before `latest`.
fn recent(from: Date, latest: Date) -> bool {
    i32::from(latest.year()) * 12 + i32::from(latest.month()) - i32::from(from.year()) * 12 - i32::from(from.month())
        <= 30
}

pub(super) fn stated(findings: &[DateFinding], kind: DateKind) -> bool {
    findings.iter().any(|f| usable(f, kind))
}

pub(super) fn usable(finding: &DateFinding, kind: DateKind) -> bool {
    finding.kind == Some(kind) && finding.rejected.is_none()
}

pub(super) fn copied(finding: &DateFinding, kind: DateKind, rule: &str, certainty: f64) -> DateFinding {
    DateFinding {
        kind: Some(kind),
        rule: rule.to_owned(),
        confidence: finding.confidence * certainty,
        rejected: None,
        ..finding.clone()
    }
}
