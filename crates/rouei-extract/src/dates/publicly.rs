//! The day on which the public was told, where no sentence of the text says so.

use jiff::civil::Date;
use rouei_model::{DateKind, DatePrecision, Span};

use super::DateFinding;
use super::classify::COUNTERMEASURE;
use super::derived::{Told, copied, stated, usable};

impl Told<'_, '_> {
    /// Adds the day of a sanction, of the last change of a page, or of its publication, the first that there is.
    pub(super) fn announced_elsewise(&self, findings: &mut Vec<DateFinding>, published: Option<Date>) {
        if !stated(findings, DateKind::Announced) {
            findings.extend(self.as_sanctioned(findings));
        }
        // A town's page has only the day of its last change.
        if !stated(findings, DateKind::Announced) && !stated(findings, DateKind::Reported) {
            let updated = findings.iter().filter(|f| usable(f, DateKind::Updated) && !f.doubtful);
            let added =
                updated.min_by_key(|f| f.from).map(|f| copied(f, DateKind::Announced, "announced-as-updated", 0.7));
            findings.extend(added);
        }
        findings.extend(self.as_published(findings, published));
    }

    /// 10日付けで停職6か月の懲戒処分にした: a board or a town makes known whom it punishes on the day on which it does.
    fn as_sanctioned(&self, findings: &[DateFinding]) -> Option<DateFinding> {
        let sanction = |(f, c): &(&DateFinding, &super::Candidate)| {
            let line = &self.lines[c.line];
            f.rule == COUNTERMEASURE
                && f.precision == DatePrecision::Day
                && !f.doubtful
                && f.from.is_some()
                && self.lexicon.voice.sanctioned.is_match(&line.text[line.dates[c.index].span.end..])
        };
        let last = findings.iter().zip(self.candidates).filter(sanction).max_by_key(|(f, _)| f.from);
        last.map(|(f, _)| DateFinding {
            confidence: 0.6,
            ..copied(f, DateKind::Announced, "announced-as-sanctioned", 1.0)
        })
    }

    /// A notice that states no day of its own was announced when its page was published. Nothing in the text says so, and
    /// the finding has an empty place.
    fn as_published(&self, findings: &[DateFinding], published: Option<Date>) -> Option<DateFinding> {
        let stated = [DateKind::Announced, DateKind::Reported].iter().any(|&k| stated(findings, k));
        let (first, day) = (self.lines.first()?, published?);
        (!stated).then(|| DateFinding {
            sentence: first.sentence,
            span: Span::new(first.start, first.start),
            from: Some(day),
            to: Some(day),
            precision: DatePrecision::Day,
            kind: Some(DateKind::Announced),
            doubtful: false,
            rejected: None,
            rule: "announced-as-published".to_owned(),
            confidence: 0.7,
            weight: 0.7,
        })
    }
}
