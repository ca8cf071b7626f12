//! One record, in the words of a report.

use rouei_model::{CountClaim, CountSubject, DatePrecision, Event, ReviewField, Stage};
use rouei_store::{DisclosureRow, MachineValues};

use super::words::{UNKNOWN, Words};

/// A line of a table: plain text, unescaped.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The first digits of the record's identifier, for `rouei review show`.
    pub id: String,
    /// The day that places the record.
    pub date: String,
    /// Why that day, where it is not a stated announcement: 公開日, 取得日.
    pub date_basis: Option<&'static str>,
    /// The victim.
    pub organization: String,
    /// The headline count in its own unit, with the words that bound it; or why there is none.
    pub count: String,
    /// There is a headline count.
    pub counted: bool,
    /// The figures about payment cards; only filled in for the list of card leaks.
    pub cards: String,
    /// The main cause.
    pub cause: String,
    /// Whether data left.
    pub status: String,
    /// What the document tells of, and who speaks.
    pub kind: String,
    /// Where it stands; of an incident every page that tells of it, the one that speaks for it first.
    pub sources: Vec<Source>,
    /// The first digits of its incident's identifier, for `rouei incident show`.
    pub incident: String,
    /// Figures of the incident with their days, where they changed; else the count.
    pub history: String,
    /// The figure that was announced first, where another stands now; only filled in for an incident.
    pub count_before: Option<String>,
    /// What each victim tells of a provider's incident; only filled in for an incident.
    pub parts: Vec<String>,
    /// Probability that the machine's record is right, as `97%`.
    pub confidence: String,
    /// What a reader has to know of it.
    pub marks: Vec<Mark>,
}

/// A page that tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The publisher, the host, or the file: never the title, which may hold the name of a private person.
    pub name: String,
    /// Its address, if it is one that a reader may follow.
    pub link: Option<Link>,
}

/// An address with the scheme `http` or `https`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(String);

/// A short remark behind an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub kind: MarkKind,
    /// In words.
    pub text: String,
}

/// The remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Nobody has looked, and somebody should.
    ToReview,
    /// A reviewer decided, and the machine reads something else since.
    Outdated,
    /// A value is a reviewer's.
    Corrected,
    /// A reviewer agreed.
    Confirmed,
    /// Its incident is in no tally.
    Outside,
    /// Its incident is in the tally of another month.
    Elsewhere,
}

impl MarkKind {
    /// Class in HTML.
    pub fn class(self) -> &'static str {
        match self {
            Self::ToReview | Self::Outdated => "doubt",
            Self::Corrected | Self::Confirmed => "reviewed",
            Self::Outside | Self::Elsewhere => "retold",
        }
    }
}

impl Source {
    pub(super) fn of(row: &DisclosureRow) -> Self {
        let host = || row.url.as_deref().and_then(|u| url::Url::parse(u).ok()?.host_str().map(str::to_owned));
        let file = || row.path.as_deref().and_then(|p| Some(p.rsplit('/').next()?.to_owned()));
        Self {
            name: row.publisher.clone().or_else(host).or_else(file).unwrap_or_else(|| UNKNOWN.to_owned()),
            link: row.url.as_deref().and_then(Link::of),
        }
    }
}

impl Link {
    /// The address, unless it is one of another scheme, which a page could smuggle in.
    pub fn of(url: &str) -> Option<Self> {
        let parsed = url::Url::parse(url).ok()?;
        matches!(parsed.scheme(), "http" | "https").then(|| Self(parsed.into()))
    }

    /// The address, percent-encoded as RFC 3986 wants it.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl Entry {
    /// Whether the entry has this remark.
    pub fn has(&self, kind: MarkKind) -> bool {
        self.marks.iter().any(|m| m.kind == kind)
    }

    pub fn of(row: &DisclosureRow, machine: &MachineValues, words: &Words) -> Self {
        let (date, date_basis) = placed(row);
        Self {
            id: row.id.chars().take(8).collect(),
            date,
            date_basis,
            organization: row.organization.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            count: count_text(row, machine, words),
            counted: row.headline_value.is_some(),
            cards: String::new(),
            cause: words.cause(row.cause).to_owned(),
            status: words.leak_status(row.leak_status).to_owned(),
            kind: kind(row, words),
            sources: vec![Source::of(row)],
            incident: String::new(),
            history: String::new(),
            count_before: None,
            parts: Vec::new(),
            confidence: format!("{:.0}%", row.confidence * 100.0),
            marks: marks(row, machine),
        }
    }
}

/// The headline count as it stands, in words. Unknown is said, never 0.
pub fn count_text(row: &DisclosureRow, machine: &MachineValues, words: &Words) -> String {
    let Some(value) = row.headline_value else {
        // A reviewer who says "unknown" overrules the page's reason, too.
        let why = if machine.headline_value.is_none() { machine.undisclosed } else { None };
        return words.undisclosed(why).to_owned();
    };
    let unit = row.headline_unit.as_deref().unwrap_or_default();
    // A correction has no rule, and keeps no 延べ.
    let cumulative = row.headline_derived.is_some() && machine.headline_cumulative == Some(true);
    words.count(value, unit, row.headline_bound, row.headline_approx == Some(true), cumulative)
}

/// Whether the record tells of an incident that is known already.
pub(super) fn is_later(row: &DisclosureRow) -> bool {
    row.event != Event::Incident || row.stage != Stage::First
}

/// The figures about cards that the page states.
pub(super) fn card_figures(claims: &[CountClaim], words: &Words) -> String {
    let mut figures: Vec<String> = claims
        .iter()
        .filter(|c| c.subject == CountSubject::Card)
        .map(|c| match c.value {
            Some(value) => words.count(value, &c.unit, Some(c.bound), c.approx, c.cumulative),
            None => words.undisclosed(c.undisclosed).to_owned(),
        })
        .collect();
    // A notice repeats its figures.
    let mut seen = std::collections::BTreeSet::new();
    figures.retain(|f| seen.insert(f.clone()));
    if figures.is_empty() { UNKNOWN.to_owned() } else { figures.join("、") }
}

/// The day that places a record, and why that one where it is not a stated announcement.
pub(super) fn placed(row: &DisclosureRow) -> (String, Option<&'static str>) {
    let announced = row.announced_from.filter(|_| row.announced_precision != Some(DatePrecision::Year));
    match (announced, row.published) {
        (Some(day), _) if row.announced_precision == Some(DatePrecision::Month) => {
            (format!("{:04}-{:02}", day.year(), day.month()), None)
        }
        (Some(day), _) => (day.to_string(), None),
        (None, Some(day)) => (day.to_string(), Some("公開日")),
        (None, None) => (row.placed.map_or_else(|| UNKNOWN.to_owned(), |d| d.to_string()), Some("取得日")),
    }
}

fn kind(row: &DisclosureRow, words: &Words) -> String {
    let tier = words.source_tier(row.source_tier);
    match (row.event, row.stage) {
        (Event::Incident, Stage::First) => tier.to_owned(),
        (Event::Incident, stage) => format!("{tier}・{}", words.stage(stage)),
        (event, _) => format!("{tier}・{}", words.event(event)),
    }
}

fn marks(row: &DisclosureRow, machine: &MachineValues) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut mark = |kind, text: String| marks.push(Mark { kind, text });
    if row.outdated {
        mark(MarkKind::Outdated, "要再確認".to_owned());
    } else if row.needs_review && !row.decided {
        mark(MarkKind::ToReview, "要確認".to_owned());
    }
    let fields = overruled(row, machine);
    if !fields.is_empty() {
        mark(MarkKind::Corrected, format!("確認により訂正: {}", fields.join("・")));
    } else if row.decided && !row.outdated {
        mark(MarkKind::Confirmed, "確認済み".to_owned());
    }
    marks
}

/// The fields of which something else stands than the machine reads: a reviewer's word.
fn overruled(row: &DisclosureRow, machine: &MachineValues) -> Vec<&'static str> {
    let count = (row.headline_value, &row.headline_unit, row.headline_bound, row.headline_approx);
    let read = (machine.headline_value, &machine.headline_unit, machine.headline_bound, machine.headline_approx);
    let differs = |field: ReviewField| match field {
        ReviewField::Record => false,
        ReviewField::Organization => row.organization != machine.organization,
        ReviewField::HeadlineCount => count != read,
        ReviewField::Cause => row.cause != machine.cause,
        ReviewField::Announced => {
            (row.announced_from, row.announced_to) != (machine.announced_from, machine.announced_to)
        }
        ReviewField::Occurred => (row.occurred_from, row.occurred_to) != (machine.occurred_from, machine.occurred_to),
        ReviewField::Discovered => {
            (row.discovered_from, row.discovered_to) != (machine.discovered_from, machine.discovered_to)
        }
    };
    ReviewField::ALL.iter().filter(|f| row.decided && differs(**f)).map(|f| field_name(*f)).collect()
}

fn field_name(field: ReviewField) -> &'static str {
    match field {
        ReviewField::Record => "記録",
        ReviewField::Organization => "組織",
        ReviewField::HeadlineCount => "件数",
        ReviewField::Cause => "原因",
        ReviewField::Announced => "公表日",
        ReviewField::Occurred => "発生日",
        ReviewField::Discovered => "発覚日",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for bad in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "not an address", ""] {
            assert_eq!(Link::of(bad), None, "{bad}");
        }
        let link = Link::of("https://mihon.example.jp/お知らせ?a=\"><script>").unwrap();
        assert!(!link.url().contains(['"', '<', '>']), "{}", link.url());
    }
}
