//! `rouei review show`: one record, every claim with the sentence that says so.

use std::io::{self, Write};

use rouei_model::{Evidence, OrganizationClaim, ReviewAction, ReviewField};
use rouei_store::{FullDisclosure, MachineValues, NearDuplicate, Store};

use super::{range, standing, state};
use crate::opening::usage_or_failure;
use crate::outcome::Outcome;
use crate::report::Words;
use crate::terminal::{Highlight, plain};

/// Code points shown on either side of the evidence, at most.
const REACH: usize = 80;

pub(super) fn run(store: &Store, id: &str, words: &Words) -> anyhow::Result<Outcome> {
    let full = store.disclosure(id).map_err(usage_or_failure)?;
    let machine = store.machine_values()?.remove(id).unwrap_or_default();
    let text: Vec<char> = full.document.text.as_deref().unwrap_or("").chars().collect();
    let repeats = store.near_duplicates()?.into_iter().find(|n| n.document_id == full.row.document_id);
    let page = Page { out: io::stdout().lock(), text, highlight: Highlight::of_stdout() };
    page.write(&full, &machine, repeats.as_ref(), words)?;
    Ok(Outcome::Done)
}

struct Page<W> {
    out: W,
    text: Vec<char>,
    highlight: Highlight,
}

impl<W: Write> Page<W> {
    fn write(
        mut self,
        full: &FullDisclosure,
        machine: &MachineValues,
        repeats: Option<&NearDuplicate>,
        words: &Words,
    ) -> io::Result<()> {
        let (row, document) = (&full.row, &full.document.extraction);
        let state = state(row);
        let comma = if state.is_empty() { "" } else { ", " };
        writeln!(self.out, "{}  confidence {:.2}{comma}{state}", row.id, row.confidence)?;
        writeln!(self.out, "{}", plain(row.title.as_deref().unwrap_or("(no title)")))?;
        writeln!(self.out, "{}", plain(row.url.as_deref().or(row.path.as_deref()).unwrap_or("(no address)")))?;
        if let Some(repeats) = repeats {
            writeln!(self.out, "near-duplicate of {}", plain(repeats.of_url.as_deref().unwrap_or(&repeats.of)))?;
        }
        writeln!(
            self.out,
            "published {} by {}; {}, {}; {} {}; read by {}",
            row.published.map_or_else(|| "?".to_owned(), |d| d.to_string()),
            plain(row.publisher.as_deref().unwrap_or("?")),
            row.kind.code(),
            row.source_tier.code(),
            row.event.code(),
            row.stage.code(),
            plain(&document.extractor_version),
        )?;

        writeln!(self.out, "\nas it stands")?;
        for field in ReviewField::ALL.iter().filter(|f| **f != ReviewField::Record) {
            writeln!(self.out, "  {:<15} {}", field.code(), plain(&standing(row, machine, *field, words)))?;
        }
        if let Some(status) = row.leak_status {
            writeln!(self.out, "  {:<15} {} ({})", "leak_status", words.leak_status(Some(status)), status.code())?;
        }
        if let Some(cards) = row.card_data {
            writeln!(self.out, "  {:<15} {}", "card_data", cards.code())?;
        }

        self.claims(full, words)?;
        for issue in full.machine.issues.iter().chain(&document.issues) {
            writeln!(self.out, "issue: {}", plain(&issue.message))?;
        }
        self.decisions(full)
    }

    fn claims(&mut self, full: &FullDisclosure, words: &Words) -> io::Result<()> {
        let d = &full.machine;
        writeln!(self.out, "\nwhat the machine read")?;
        if let Some(h) = &d.headline_count {
            let value = words.count(h.value, &h.unit, Some(h.bound), h.approx, false);
            let from = h.claim.as_deref().unwrap_or("a sum");
            self.claim("headline_count", &format!("{value} from {from}"), h.confidence, h.derived.code(), &[])?;
        }
        for o in &d.organizations {
            self.claim(&format!("{} {}", o.id, o.role.code()), &name(o), o.confidence, &o.rule, &o.evidence)?;
        }
        for c in &d.counts {
            let value = match c.value {
                Some(value) => words.count(value, &c.unit, Some(c.bound), c.approx, c.cumulative),
                None => words.undisclosed(c.undisclosed).to_owned(),
            };
            let part = c.part_of.as_ref().map_or_else(String::new, |p| format!(", part of {p}"));
            let value = format!("{value} [{}, {}{part}]", c.subject.code(), words.scope(c.scope));
            self.claim(&format!("{} count", c.id), &value, c.confidence, &c.rule, &c.evidence)?;
        }
        for k in &d.causes {
            let value = format!("{} ({})", k.label, k.code.code());
            self.claim(&format!("{} cause", k.id), &value, k.confidence, &k.rule, &k.evidence)?;
        }
        for date in &d.dates {
            let value = range(date.date_from, date.date_to);
            self.claim(
                &format!("{} {}", date.id, date.kind.code()),
                &value,
                date.confidence,
                &date.rule,
                &date.evidence,
            )?;
        }
        for t in &d.data_types {
            let value = format!("{} {}", t.code.code(), t.state.code());
            self.claim("data", &value, t.confidence, &t.rule, &t.evidence)?;
        }
        Ok(())
    }

    fn claim(&mut self, what: &str, value: &str, confidence: f64, rule: &str, evidence: &[Evidence]) -> io::Result<()> {
        writeln!(self.out, "  {what:<15} {}  {confidence:.2} by {}", plain(value), plain(rule))?;
        for place in evidence {
            let shown = sentence(&self.text, place, self.highlight);
            writeln!(self.out, "      {shown}")?;
        }
        Ok(())
    }

    fn decisions(mut self, full: &FullDisclosure) -> io::Result<()> {
        if full.reviews.is_empty() {
            return writeln!(self.out, "\nno decisions");
        }
        writeln!(self.out, "\ndecisions")?;
        for review in &full.reviews {
            let value = match (review.action, &review.value, review.undoes) {
                (ReviewAction::Undo, _, Some(undone)) => format!(" of {undone}"),
                (_, Some(value), _) => format!(" {}", plain(value)),
                _ => String::new(),
            };
            let taken_back = full.reviews.iter().find(|r| r.undoes == Some(review.id));
            let taken_back = taken_back.map_or_else(String::new, |r| format!(" (taken back by {})", r.id));
            let note = review.note.as_ref().map_or_else(String::new, |n| format!(": {}", plain(n)));
            writeln!(
                self.out,
                "  {} {} {} {} {}{value}{taken_back}{note}",
                review.id,
                review.decided.strftime("%Y-%m-%d %H:%MZ"),
                plain(&review.reviewer),
                review.action.code(),
                review.field.code(),
            )?;
        }
        Ok(())
    }
}

fn name(o: &OrganizationClaim) -> String {
    if o.name == o.canonical { o.name.clone() } else { format!("{} = {}", o.name, o.canonical) }
}

/// The sentence around the evidence, within [`REACH`]; the quote alone where the text is not at hand.
fn sentence(text: &[char], place: &Evidence, highlight: Highlight) -> String {
    let quote: Vec<char> = place.quote.chars().collect();
    if text.get(place.start..place.end) != Some(quote.as_slice()) {
        return highlight.of(&plain(&place.quote));
    }
    let ends = |c: &char| matches!(c, '。' | '\n' | '！' | '？');
    let from = text[..place.start].iter().rposition(ends).map_or(0, |i| i + 1);
    let to = text[place.end..].iter().position(ends).map_or(text.len(), |i| place.end + i + 1);
    let (first, last) = (from.max(place.start.saturating_sub(REACH)), to.min(place.end + REACH));
    let shown = |part: &[char]| plain(&part.iter().collect::<String>());
    let before = shown(&text[first..place.start]);
    let after = shown(&text[place.end..last]);
    let (cut_before, cut_after) = (if first > from { "…" } else { "" }, if last < to { "…" } else { "" });
    format!("{cut_before}{}{}{}{cut_after}", before.trim_start(), highlight.of(&plain(&place.quote)), after.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_shown_around_its_evidence() {
        let evidence = |start, end, quote: &str| Evidence { start, end, quote: quote.into() };
        let text: Vec<char> = "前の文。見本市は1,234人の情報を誤送信した。次の文".chars().collect();
        let shown = |e: &Evidence| sentence(&text, e, Highlight::Brackets);
        assert_eq!(shown(&evidence(8, 14, "1,234人")), "見本市は【1,234人】の情報を誤送信した。");
        assert_eq!(shown(&evidence(0, 3, "前の文")), "【前の文】。");
        assert_eq!(shown(&evidence(0, 3, "別の文")), "【別の文】", "offsets that do not fit show the quote alone");
        assert_eq!(shown(&evidence(90, 93, "外の文")), "【外の文】");
        let long: Vec<char> = "あ".repeat(300).chars().collect();
        let shown = sentence(&long, &evidence(150, 151, "あ"), Highlight::Ansi);
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("\u{1b}[1;33mあ\u{1b}[0m"));
        assert_eq!(shown.chars().filter(|c| *c == 'あ').count(), 2 * REACH + 1);
    }
}
