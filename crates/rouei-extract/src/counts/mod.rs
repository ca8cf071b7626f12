//! Figures: numbers with unit, bound, scope and subject; and the numbers that are no victims, with the reason.
//!
//! [`numeral`] reads the number, `grammar` what stands directly at it, `context` what the sentence says about it,
//! `relation` what the figures have to do with each other, [`fn@headline`] which of them to quote. All words are in
//! `lexicon.toml`; `cases.toml` shows what comes out.

mod beside;
mod context;
mod cues;
mod examples;
mod grammar;
mod headline;
mod joined;
mod lexicon;
mod lexicon_file;
pub mod numeral;
mod others;
mod part;
mod population;
mod recipients;
mod relation;
#[cfg(test)]
mod tests;
mod tie;
mod words;

use std::ops::Range;

use rouei_model::{BlockKind, Bound, CountScope, CountSubject, Span, Undisclosed};

pub(crate) use headline::count_records_of_a_row;
pub use headline::{Headline, HeadlineContext, headline};
pub use lexicon::{CountLexicon, UnitClass};
pub(crate) use others::reject_other_stories;

use crate::reading::Reading;

/// One number of the text and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct CountFinding {
    /// Index into [`crate::reading::Reading::sentences`].
    pub sentence: usize,
    /// From the bound word to the unit, bytes of the normalised text.
    pub span: Span,
    /// The figure; none where the text says that there is none.
    pub value: Option<u64>,
    /// Upper end of a vague figure (数百件).
    pub max_value: Option<u64>,
    /// As written, after normalisation; `""` where none stands beside the number.
    pub unit: String,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// 約, およそ, 程度.
    pub approx: bool,
    /// 延べ.
    pub cumulative: bool,
    /// Feared or established.
    pub scope: CountScope,
    /// What is counted.
    pub subject: CountSubject,
    /// Index of the finding that this one is a part of.
    pub part_of: Option<usize>,
    /// 計, 合計, 全.
    pub total: bool,
    /// 重複を除く.
    pub deduplicated: bool,
    /// Why there is no figure.
    pub undisclosed: Option<Undisclosed>,
    /// The rule that says that this number counts no victims; the finding is kept to explain itself.
    pub rejected: Option<String>,
    /// The rule that read it.
    pub rule: String,
    /// Probability that value, unit and subject are right.
    pub confidence: f64,
    /// Persons, accounts, records, …: the order in which figures lead. 個人は143件 are persons.
    pub class: UnitClass,
    /// The text takes it back for a later figure (当初は4件).
    pub superseded: bool,
    /// Index of an earlier finding beside which this one counts another, disjoint class.
    pub beside: Option<usize>,
    /// A word of its own clause, its unit or its label ties it to a leak.
    pub tied: bool,
}

/// Every number with a counting meaning in `sentences`, accepted or rejected with its reason, in text order.
///
/// `part_of` and `beside` are indices into the returned findings.
#[must_use]
pub fn find(reading: &Reading<'_>, lexicon: &CountLexicon, sentences: Range<usize>) -> Vec<CountFinding> {
    let mut places: Vec<Place<'_>> = sentences
        .filter_map(|i| {
            let sentence = reading.sentences.get(i)?;
            let text_of = |&s: &usize| reading.sentence_text(s);
            let kind = &reading.document.blocks.get(sentence.block)?.kind;
            Some(Place {
                sentence: i,
                start: sentence.span.start,
                text: reading.sentence_text(i),
                labels: sentence.labels.iter().map(text_of).collect(),
                headings: sentence.headings.iter().map(text_of).collect(),
                item: matches!(kind, BlockKind::ListItem { .. }),
                key: matches!(kind, BlockKind::Key),
                unit_behind: None,
                under_title: sentence.headings == [0],
            })
        })
        .collect();
    head_values(&mut places, lexicon);
    units_behind(&mut places, lexicon);
    find_in(&places, lexicon)
}

/// 1,204 | 人: a cell that holds nothing but a unit belongs to the bare number in the cell before it.
fn units_behind(places: &mut [Place<'_>], lexicon: &CountLexicon) {
    for i in 1..places.len() {
        let (unit, number) = (places[i].text.trim(), places[i - 1].text.trim());
        let bare = number.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '万' | '千' | '億'));
        let follows = places[i].sentence == places[i - 1].sentence + 1 && !places[i].labels.is_empty();
        if bare
            && follows
            && lexicon.units.iter().any(|u| u.form == unit && matches!(u.kind, lexicon::UnitKind::Counts(..)))
        {
            places[i - 1].unit_behind = Some(unit);
        }
    }
}

/// A first pair such as 区分 → 件数 is the header of a table whose mark-up is gone: it labels the values below it.
fn head_values<'a>(places: &mut [Place<'a>], lexicon: &CountLexicon) {
    let mut header: Option<&'a str> = None;
    for place in places {
        let value = !place.labels.is_empty();
        if !value && !place.key {
            header = None;
        } else if value
            && place.text.chars().count() <= 10
            && lexicon.labels.iter().any(|l| l.regex.is_match(place.text))
        {
            header = Some(place.text);
        } else if let Some(text) = header.filter(|_| value) {
            place.labels.push(text);
        }
    }
}

/// A sentence with what heads it.
#[derive(Clone, Debug)]
struct Place<'a> {
    sentence: usize,
    /// Where `text` begins in the normalised text.
    start: usize,
    text: &'a str,
    labels: Vec<&'a str>,
    headings: Vec<&'a str>,
    /// An item of a list.
    item: bool,
    /// The name in a name–value pair: what it lacks stands in its value.
    key: bool,
    /// The unit of this number, where it stands in a cell of its own behind.
    unit_behind: Option<&'a str>,
    /// Nothing but the title of the document heads it.
    under_title: bool,
}

fn find_in(places: &[Place<'_>], lexicon: &CountLexicon) -> Vec<CountFinding> {
    let mut findings = Vec::new();
    for (number, place) in places.iter().enumerate() {
        let previous = number.checked_sub(1).map_or("", |p| places[p].text);
        let read = context::read_place(place, previous, lexicon);
        let none = undisclosed(place, lexicon);
        findings.extend(read);
        findings.extend(none);
    }
    findings.sort_by_key(|f: &CountFinding| f.span.start);
    relation::relate(&mut findings, places, lexicon);
    findings
}

/// 件数は非公表, 人数は調査中: there is a number, and the text keeps it.
fn undisclosed(place: &Place<'_>, lexicon: &CountLexicon) -> Option<CountFinding> {
    if place.key {
        return None;
    }
    let candidates = lexicon.undisclosed_in.candidates(place.text);
    if candidates.is_empty() {
        return None;
    }
    let labelled =
        || {
            place.labels.iter().chain(place.headings.last()).any(|l| {
                lexicon.cues.quantity.is_match(l) || lexicon.labels.iter().any(|label| label.regex.is_match(l))
            })
        };
    let quantity = lexicon.cues.quantity.find(place.text);
    let (reason, m) = candidates.iter().map(|c| &lexicon.undisclosed[c]).find_map(|(reason, regex)| {
        let m = match quantity {
            Some(q) => {
                let m = regex.find_at(place.text, q.end())?;
                let between = &place.text[q.end()..m.start()];
                (between.chars().count() <= 24
                    && !between.contains(['。', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']))
                .then_some(m)?
            }
            None => regex.find(place.text).filter(|_| place.text.chars().count() <= 24 && labelled())?,
        };
        Some((*reason, m))
    })?;
    Some(CountFinding {
        sentence: place.sentence,
        span: Span::new(m.start(), m.end()).shifted(place.start),
        value: None,
        max_value: None,
        unit: String::new(),
        bound: Bound::Exact,
        approx: false,
        cumulative: false,
        scope: CountScope::Unstated,
        subject: CountSubject::PersonalData,
        part_of: None,
        total: false,
        deduplicated: false,
        undisclosed: Some(reason),
        rejected: None,
        rule: "undisclosed".to_owned(),
        confidence: 0.9,
        class: UnitClass::Other,
        superseded: false,
        beside: None,
        tied: true,
    })
}
