//! One incident, in the words of a report: its lead speaks, its other members are further sources.

use jiff::civil::Date;
use rouei_model::DatePrecision;
use rouei_store::DisclosureRow;

use super::entry::{Entry, Mark, MarkKind, Source, card_figures, count_text, placed};
use super::words::{UNKNOWN, Words, grouped};
use crate::incidents::{Incidents, KnownIncident, Place, Telling};

/// Digits of an identifier that a report shows; enough for `rouei incident show`.
const SHOWN: usize = 10;

/// The first digits of an incident's identifier: `i-00d15c00`.
fn short_id(incident: &KnownIncident) -> String {
    incident.link.id.chars().take(SHOWN).collect()
}

/// The incident as its lead tells of it, placed by its first announcement. None where its lead does not stand.
pub fn entry_of(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> Option<Entry> {
    let lead = incidents.lead(incident)?;
    let first = incidents.first(incident)?;
    let (date, date_basis) = match incident.place {
        Place::Occurred(day) => (day.to_string(), Some("発生日")),
        _ => placed(&first.row),
    };
    let mut entry = Entry::of(&lead.row, &lead.machine, words);
    if !incident.link.parts.is_empty() && incidents.union_unknown(incident) {
        // No lead speaks for all of them: the one that told first stands for the others.
        let name = first.row.organization.as_deref().unwrap_or(UNKNOWN);
        entry.organization = format!("{name}ほか（計{}組織）", incident.link.parts.len());
    }
    let count = count_of(incidents, incident, words);
    let before = incidents.counted_first_by(incident).map(|t| count_text(&t.row, &t.machine, words));
    entry.counted = incidents.counted_by(incident).is_some();
    Some(Entry {
        date,
        date_basis,
        count_before: before.filter(|text| *text != count),
        count,
        cause: words.cause(incidents.cause(incident)).to_owned(),
        sources: sources(incidents, incident),
        parts: parts(incidents, incident, words),
        incident: short_id(incident),
        ..entry
    })
}

/// The figure of the incident; never that of a part.
pub fn count_of(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> String {
    match (incidents.counted_by(incident), incidents.lead(incident)) {
        (Some(teller), _) => count_text(&teller.row, &teller.machine, words),
        (None, Some(lead)) if !incidents.union_unknown(incident) => count_text(&lead.row, &lead.machine, words),
        _ => "全体は不明".to_owned(),
    }
}

/// What each victim of a provider's incident tells: `みほん市 1,200人`.
fn parts(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> Vec<String> {
    let part = |part: &rouei_link::Part| {
        let count = incidents.telling(&part.lead).map(|t| count_text(&t.row, &t.machine, words));
        format!("{} {}", part.organization, count.unwrap_or_else(|| UNKNOWN.to_owned()))
    };
    incident.link.parts.iter().map(part).collect()
}

/// A record of the month with what its incident adds: its identifier, the history of its figures, where it is counted.
pub(super) fn record_of(
    incidents: &Incidents,
    row: &DisclosureRow,
    telling: &Telling,
    month: (i16, i8),
    words: &Words,
) -> Entry {
    let mut entry = Entry::of(row, &telling.machine, words);
    entry.history.clone_from(&entry.count);
    let Some(incident) = incidents.of_record(&row.id) else { return entry };
    entry.incident = short_id(incident);
    if let Some(history) = history(incidents, incident, row, words) {
        entry.history = history;
    }
    let (kind, text) = match incident.place {
        place if place.is_in(month.0, month.1) => return entry,
        Place::First(day) | Place::Occurred(day) => {
            (MarkKind::Elsewhere, format!("{:04}-{:02}の事案", day.year(), day.month()))
        }
        Place::OnlyLater => (MarkKind::Outside, "集計外: 初回の公表なし".to_owned()),
        Place::WithoutDay => (MarkKind::Outside, "集計外: 公表日・発生日不明".to_owned()),
    };
    entry.marks.push(Mark { kind, text });
    entry
}

/// `164,000アカウント（2026-04-15）→ 21,377アカウント（2026-04-27）`; none where nothing changed.
fn history(incidents: &Incidents, incident: &KnownIncident, row: &DisclosureRow, words: &Words) -> Option<String> {
    let figures = incidents.history(incident, &row.id);
    if figures.len() < 2 {
        return None;
    }
    let mut shown: Option<Date> = None;
    let mut texts = Vec::with_capacity(figures.len());
    for figure in figures {
        shown = day_of(incidents, figure, shown);
        let count = figure_text(incidents, figure, words);
        texts.push(shown.map_or_else(|| count.clone(), |day| format!("{count}（{day}）")));
    }
    Some(texts.join("→ "))
}

/// The day of a figure: linking dates a later report by its publication, for many repeat the day of the first; where it
/// states a day of its own, after the figure before, that one.
fn day_of(incidents: &Incidents, figure: &rouei_link::Figure, before: Option<Date>) -> Option<Date> {
    let stated = incidents.telling(&figure.disclosure).and_then(|t| {
        let dated = t.claims.counts.iter().any(|c| c.value == Some(figure.value) && c.as_of.is_some());
        let day = t.row.announced_from.filter(|_| t.row.announced_precision == Some(DatePrecision::Day));
        day.filter(|day| !dated && Some(*day) > before && Some(*day) < figure.as_of)
    });
    stated.filter(|_| before.is_some()).or(figure.as_of)
}

/// A figure with the words that bound it, where it is the headline of its record.
pub fn figure_text(incidents: &Incidents, figure: &rouei_link::Figure, words: &Words) -> String {
    let headline = incidents.telling(&figure.disclosure).filter(|t| {
        t.row.headline_value == Some(figure.value) && t.row.headline_unit.as_deref() == Some(figure.unit.as_str())
    });
    match headline {
        Some(teller) => count_text(&teller.row, &teller.machine, words),
        None => format!("{}{}", grouped(figure.value), figure.unit),
    }
}

/// The figures about cards by whoever tells that cards leaked, the lead first; a part's with its name.
pub(super) fn cards_of(incidents: &Incidents, incident: &KnownIncident, words: &Words) -> Option<String> {
    let leaked = |t: &&Telling| t.row.card_data == Some(rouei_model::DataState::Leaked);
    let lead = incidents.lead(incident)?;
    // A lead that denies it is believed.
    if lead.row.card_data.is_some() && !leaked(&lead) {
        return None;
    }
    let tellers: Vec<&Telling> =
        std::iter::once(lead).chain(incidents.members(incident).into_iter().rev()).filter(leaked).collect();
    let counts = |t: &&&Telling| t.claims.counts.iter().any(|c| c.subject == rouei_model::CountSubject::Card);
    let teller = tellers.iter().find(counts).or(tellers.first())?;
    let figures = card_figures(&teller.claims.counts, words);
    let part = incident.link.parts.iter().find(|p| p.members.contains(&teller.row.id));
    Some(part.map_or_else(|| figures.clone(), |p| format!("{}: {figures}", p.organization)))
}

/// Every page once: the lead's, then the others' as they came.
fn sources(incidents: &Incidents, incident: &KnownIncident) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for telling in incidents.lead(incident).into_iter().chain(incidents.members(incident)) {
        let source = Source::of(&telling.row);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}
