//! Stretches of time that two dates of a text make together, and the windows in which data could be seen.

use rouei_model::{DateKind, DatePrecision};

use super::DateFinding;
use super::classify::POINTED_AT;
use super::derived::{Told, copied, usable};
use super::written::Open;

impl Told<'_, '_> {
    /// Left in the car on the 3rd, gone on the 4th: it happened in between.
    pub(super) fn join_left_and_gone(&self, findings: &mut Vec<DateFinding>) {
        let count = self.candidates.len();
        for i in 0..count {
            let (rule, line) = (findings[i].rule.as_str(), self.candidates[i].line);
            let overnight = self.lexicon.voice.left_in_vehicle.is_match(self.lines[line].text);
            let left = matches!(rule, "occurred-left" | "occurred-act" | "occurred-outing");
            if !left || !usable(&findings[i], DateKind::Occurred) {
                continue;
            }
            if self.lexicon.voice.forgotten.is_match(self.lines[line].text) {
                continue;
            }
            let gone = (i + 1..count.min(i + 3)).find(|&g| {
                let next_day = overnight && usable(&findings[g], DateKind::Discovered);
                self.candidates[g].verdict.noticed_loss || next_day
            });
            let Some(gone) = gone else { continue };
            let (left, gone) = (&findings[i], &findings[gone]);
            if gone.sentence - left.sentence <= 4 && left.from <= gone.from {
                let joined = DateFinding {
                    to: gone.to,
                    rule: "occurred-left-until-gone".to_owned(),
                    confidence: 0.85,
                    ..left.clone()
                };
                findings.push(joined);
            }
        }
    }

    /// 最後に確認したのは4月14日であり、4月17日に紛失に気付いた: it happened in between.
    pub(super) fn since_last_seen(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let day = |f: &DateFinding| f.from.is_some() && f.precision == DatePrecision::Day && !f.doubtful;
        let seen = (0..self.candidates.len()).find(|&i| findings[i].rule == "last-seen" && day(&findings[i]))?;
        let noticed = findings[seen + 1..self.candidates.len()]
            .iter()
            .find(|f| usable(f, DateKind::Discovered) && day(f) && f.sentence - findings[seen].sentence <= 2)?;
        (findings[seen].from <= noticed.from).then(|| DateFinding {
            to: noticed.to,
            confidence: 0.7,
            ..copied(&findings[seen], DateKind::Occurred, "occurred-since-last-seen", 1.0)
        })
    }

    /// 昨日(5月1日)、…事案が発生しました: who writes so announces on the next day.
    pub(super) fn written_the_day_after(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        /// Lines at the head of a notice.
        const HEAD: usize = 3;
        let told = findings.iter().zip(self.candidates).find(|(f, c)| {
            let line = &self.lines[c.line];
            let before = line.text[..line.dates[c.index].span.start].trim_end_matches(['(', ' ', '、']);
            c.line < HEAD && before.ends_with("昨日") && f.from.is_some() && f.precision == DatePrecision::Day
        });
        let (finding, _) = told?;
        let next = finding.from?.tomorrow().ok();
        Some(DateFinding {
            from: next,
            to: next,
            confidence: 0.7,
            ..copied(finding, DateKind::Announced, "announced-day-after", 1.0)
        })
    }

    /// 5月8日、…入り込み、5月19日までに…書き出された: from the one to the other.
    pub(super) fn join_until(&self, findings: &mut Vec<DateFinding>) {
        for b in 1..self.candidates.len() {
            let (line, index) = (self.candidates[b].line, self.candidates[b].index);
            let written = &self.lines[line].dates[index];
            let harm = usable(&findings[b], DateKind::Occurred) || usable(&findings[b], DateKind::Exposed);
            let told = self.ends_stretch(b) || harm && self.ends_of_nouns(b);
            let until = written.open == Open::Until && (harm || self.far_end(b)) || told;
            if !until || written.back_days.is_some() {
                continue;
            }
            let harmful = |j: &usize| {
                let harm = usable(&findings[*j], DateKind::Occurred) || usable(&findings[*j], DateKind::Exposed);
                harm && findings[*j].from.is_some() && line - self.candidates[*j].line <= 2
            };
            let a = (0..b).rev().find(harmful).unwrap_or(b - 1);
            let same_line = self.candidates[a].line == line;
            let begun = (usable(&findings[a], DateKind::Occurred) || usable(&findings[a], DateKind::Exposed))
                && line - self.candidates[a].line <= 2;
            let between = same_line && findings[a].kind.is_none() && findings[a].rejected.is_none();
            let single = findings[a].from == findings[a].to || findings[a].precision != DatePrecision::Day;
            let (from, to) = (findings[a].from, findings[b].to);
            if (begun || between) && single && from.is_some() && from < to {
                findings.push(DateFinding {
                    to,
                    kind: Some(DateKind::Occurred),
                    rule: "occurred-until".to_owned(),
                    confidence: 0.86,
                    ..findings[a].clone()
                });
            }
        }
    }

    /// 10月26日に2回、30日に1回: one act on several days.
    pub(super) fn join_coordinated(&self, findings: &mut Vec<DateFinding>) {
        let count = self.candidates.len();
        let fits = |f: &DateFinding| {
            usable(f, DateKind::Occurred) && f.precision == DatePrecision::Day && f.from.is_some() && f.from == f.to
        };
        let mut a = 0;
        while a < count {
            let mut b = a;
            while b + 1 < count && fits(&findings[b]) && fits(&findings[b + 1]) && self.coordinated(b) {
                b += 1;
            }
            if findings[a].from < findings[b].to && b > a {
                findings.push(DateFinding {
                    to: findings[b].to,
                    rule: "occurred-on-several-days".to_owned(),
                    ..findings[a].clone()
                });
            }
            a = b + 1;
        }
    }

    /// Several stretches under one heading or below one sentence: from the first to the last.
    pub(super) fn join_listed(&self, findings: &mut Vec<DateFinding>) {
        let listed = |i: usize| {
            let (finding, candidate) = (&findings[i], &self.candidates[i]);
            let rule = matches!(finding.rule.as_str(), "label-occurred" | POINTED_AT);
            let day = finding.precision == DatePrecision::Day && !finding.doubtful;
            let line = &self.lines[candidate.line];
            // Under a key or a header of its own each may be an incident of its own.
            let beside = line.labels.is_empty() || finding.rule == POINTED_AT;
            (rule && day && usable(finding, DateKind::Occurred) && beside && line.dates.len() == 1).then_some((
                candidate.line,
                finding.from?,
                finding.to?,
            ))
        };
        let Some((first, mut last)) = (0..self.candidates.len()).find_map(|i| Some((i, listed(i)?))) else { return };
        let from = last.1;
        for next in (first + 1..self.candidates.len()).map_while(listed) {
            if next.0 > last.0 + 2 || next.1 < last.2 {
                break;
            }
            last = next;
        }
        if last.1 > from {
            findings.push(DateFinding {
                to: Some(last.2),
                rule: "occurred-on-several-days".to_owned(),
                confidence: findings[first].confidence + 0.01,
                ..findings[first].clone()
            });
        }
    }

    /// Whether the next date of the line stands beside this one, with no verb between them.
    fn coordinated(&self, of: usize) -> bool {
        let (one, next) = (&self.candidates[of], &self.candidates[of + 1]);
        one.line == next.line && {
            let line = &self.lines[one.line];
            let between = &line.text[line.dates[one.index].span.end..line.dates[next.index].span.start];
            between.chars().count() <= 10
                && between.ends_with(['、', 'と', '・', 'び', 'や'])
                && !between.contains(['た', 'し', 'て', 'れ', 'は', 'が'])
        }
    }

    /// 受付を始めた7月5日から、参加者に指摘された12日まで: the end of a range whose ends are told of; 16日に上げられ、
    /// 削除される17日朝まで.
    pub(super) fn far_end(&self, of: usize) -> bool {
        let (line, index) = (self.candidates[of].line, self.candidates[of].index);
        let dates = &self.lines[line].dates;
        index > 0 && {
            let between = &self.lines[line].text[dates[index - 1].span.end..dates[index].span.start];
            let begun = dates[index - 1].open == Open::Since;
            between.chars().count() <= 40
                && !between.contains('。')
                && (begun || self.lexicon.voice.closed_before.is_match(between))
        }
    }

    /// 6月4日の診療終了後から6月5日の診療開始前までの間に紛失した: the ends are moments of their days.
    fn ends_of_nouns(&self, of: usize) -> bool {
        let (line, index) = (self.candidates[of].line, self.candidates[of].index);
        let (text, dates) = (self.lines[line].text, &self.lines[line].dates);
        let moment = |text: &str, joint: &str| {
            text.starts_with('の')
                && text
                    .split_once(joint)
                    .is_some_and(|(noun, _)| noun.chars().count() <= 16 && !noun.contains(['、', '。']))
        };
        index > 0 && {
            let between = &text[dates[index - 1].span.end..dates[index].span.start];
            moment(between, "から")
                && between.trim_end_matches('、').ends_with("から")
                && moment(&text[dates[index].span.end..], "まで")
        }
    }

    /// 5月8日に公開した際に誤り、6月19日に指摘を受けるまで続いた: the clause tells of the end of a stretch.
    fn ends_stretch(&self, of: usize) -> bool {
        let (line, index) = (self.candidates[of].line, self.candidates[of].index);
        let line = &self.lines[line];
        let end = line.dates.get(index + 1).map_or(line.text.len(), |next| next.span.start);
        let clause = &line.text[line.dates[index].span.end..end];
        clause.contains("まで") && self.lexicon.voice.until_then.is_match(clause)
    }

    /// Put up on one day, and seen from that day to another.
    pub(super) fn join_exposed(&self, findings: &mut Vec<DateFinding>) {
        let count = self.candidates.len();
        for e in 0..count {
            let seen = usable(&findings[e], DateKind::Exposed) && findings[e].from.is_some();
            let begun = |f: &&DateFinding| {
                usable(f, DateKind::Occurred) && f.from == findings[e].from && f.from == f.to && f.to < findings[e].to
            };
            if let Some(occurred) = findings[..count].iter().find(begun).filter(|_| seen) {
                let joined = DateFinding {
                    to: findings[e].to,
                    rule: "occurred-while-exposed".to_owned(),
                    confidence: 0.86,
                    ..occurred.clone()
                };
                findings.push(joined);
            }
        }
    }

    /// The time that data could be seen is the time of the incident.
    pub(super) fn as_exposed(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let exposed: Vec<&DateFinding> = findings.iter().filter(|f| usable(f, DateKind::Exposed)).collect();
        let first = exposed.first()?;
        // Several windows of one sentence are one stretch of time, from the first to the last.
        let open = first.from.is_none() || first.to.is_none();
        let together = || exposed.iter().filter(|f| f.sentence == first.sentence || (open && f.from.is_none()));
        Some(DateFinding {
            from: together().filter_map(|f| f.from).min(),
            to: together().filter_map(|f| f.to).max(),
            kind: Some(DateKind::Occurred),
            rule: "occurred-as-exposed".to_owned(),
            confidence: first.confidence * 0.8,
            ..(*first).clone()
        })
    }

    /// A stated window outweighs a day inside it, which is mostly that of its end.
    pub(super) fn instead_of_its_end(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let window = findings.iter().find(|f| usable(f, DateKind::Exposed) && f.from.is_some() && f.from < f.to)?;
        let first = findings.iter().find(|f| usable(f, DateKind::Occurred))?;
        let inside = first.from == first.to && first.from > window.from && first.to >= window.to;
        inside
            .then(|| DateFinding { confidence: 0.86, ..copied(window, DateKind::Occurred, "occurred-as-exposed", 1.0) })
    }

    /// Whether what was told happened in the two months before it was noticed; a thing left in a car was stolen later.
    pub(super) fn shortly(&self, told: &DateFinding, noticed: &DateFinding) -> bool {
        let line = self.lines.iter().find(|l| l.sentence == told.sentence);
        let left = line.is_some_and(|l| self.lexicon.voice.left_in_vehicle.is_match(l.text));
        let days = noticed.from.zip(told.from).map(|(noticed, told)| (noticed - told).get_days());
        !left && days.is_some_and(|days| (0..=60).contains(&days))
    }

    /// Open to all since one day, closed on the day of its discovery.
    pub(super) fn until_closed(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let voice = &self.lexicon.voice;
        let visible = self.lines.iter().any(|l| voice.visible.is_match(l.text));
        let first = findings.iter().find(|f| usable(f, DateKind::Occurred))?;
        let (at, found) = findings
            .iter()
            .enumerate()
            .filter(|(_, f)| usable(f, DateKind::Discovered) && f.from.is_some() && f.precision == DatePrecision::Day)
            .min_by_key(|(_, f)| f.from)?;
        let began = matches!(
            first.rule.as_str(),
            "occurred-publishing"
                | "occurred-was"
                | "occurred-first-told"
                | "occurred-act"
                | "occurred-event"
                | "occurred-as-exposed"
        );
        let single = first.from.is_some() && (first.from == first.to || first.to.is_none());
        if !(visible && began && single && first.from < found.from) || at >= self.candidates.len() {
            return None;
        }
        let line = self.candidates[at].line;
        let closed = self.lines[line..].iter().take(2).any(|l| voice.closed_at_once.is_match(l.text));
        // …発覚。その2日後に資料を削除した: seen until then.
        let later = || {
            (at + 1..self.candidates.len()).map(|i| (i, &findings[i])).find_map(|(i, f)| {
                let of = &self.candidates[i];
                let behind = || &self.lines[of.line].text[self.lines[of.line].dates[of.index].span.end..];
                let near = of.line - line <= 2 && f.precision == DatePrecision::Day && !f.doubtful;
                let soon = f.from.zip(found.from).is_some_and(|(to, from)| (0..=31).contains(&(to - from).get_days()));
                (near && soon && voice.closed_then.is_match(behind())).then_some(f.to?)
            })
        };
        let to = later().or(found.to.filter(|_| closed));
        to.is_some().then(|| DateFinding {
            to,
            rule: "occurred-until-closed".to_owned(),
            confidence: 0.86,
            ..first.clone()
        })
    }
}
