//! The incidents of a store: derived from every record that stands, reviewed values first, each time anew (ADR 0098).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rouei_link::{Candidate, Count, Figure, Incident, Party, Rules, link};
use rouei_model::{CauseCode, DatePrecision, Disclosure, Event, OrganizationRole, SourceTier};
use rouei_store::{DisclosureRow, MachineValues, StandingRecord, Store};

/// A record that stands, as a member of an incident.
#[derive(Clone, Debug)]
pub struct Telling {
    /// As it stands.
    pub row: DisclosureRow,
    /// What the machine read in its place.
    pub machine: MachineValues,
    /// Every claim of the machine.
    pub claims: Disclosure,
}

/// One real event and where it is counted.
#[derive(Clone, Debug)]
pub struct KnownIncident {
    /// Its members, parts and figures.
    pub link: Incident,
    /// Its month.
    pub place: Place,
}

/// Whether and when a tally counts an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Counted in the month of this day: the earliest that places a member.
    First(Date),
    /// Counted in the month in which it happened: only roundups tell of it, and none says when it was announced.
    Occurred(Date),
    /// Not counted: every member is a follow-up, a sanction and so on of something that was not read.
    OnlyLater,
    /// Not counted: only roundups tell of it, and neither its announcement nor its occurrence is known to the month; or
    /// nothing places a member at all.
    WithoutDay,
}

impl Place {
    /// The day by which the incident is counted.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::First(day) | Self::Occurred(day) => Some(day),
            Self::OnlyLater | Self::WithoutDay => None,
        }
    }

    /// Whether it is counted in this month (1 to 12).
    pub fn is_in(self, year: i16, month: i8) -> bool {
        self.day().is_some_and(|day| (day.year(), day.month()) == (year, month))
    }
}

/// All incidents of a store.
#[derive(Clone, Debug)]
pub struct Incidents {
    tellings: BTreeMap<String, Telling>,
    /// Ordered by id.
    all: Vec<KnownIncident>,
    of_record: BTreeMap<String, usize>,
}

impl Incidents {
    /// Reads every record that stands and joins them.
    ///
    /// # Errors
    /// Where the database cannot be read; where the built-in rules are damaged, which a test holds.
    pub fn derive(store: &Store) -> anyhow::Result<Self> {
        let mut machine = store.machine_values()?;
        let mut tellings = BTreeMap::new();
        let mut candidates = Vec::new();
        for record in store.standing_records()? {
            let values = machine.remove(&record.row.id).unwrap_or_default();
            candidates.push(candidate(&record, &values));
            let StandingRecord { row, machine: claims, .. } = record;
            tellings.insert(row.id.clone(), Telling { row, machine: values, claims });
        }
        let links = link(&Rules::built_in()?, &candidates, &[]);
        let all: Vec<KnownIncident> =
            links.into_iter().map(|link| KnownIncident { place: place(&members(&tellings, &link)), link }).collect();
        let mut of_record = BTreeMap::new();
        for (at, incident) in all.iter().enumerate() {
            of_record.extend(incident.link.members.iter().map(|m| (m.id.clone(), at)));
        }
        Ok(Self { tellings, all, of_record })
    }

    /// Every incident, by the day that counts it, those that nothing counts last, then by id.
    pub fn by_day(&self) -> Vec<&KnownIncident> {
        let mut sorted: Vec<&KnownIncident> = self.all.iter().collect();
        sorted.sort_by_key(|i| (i.place.day().is_none(), i.place.day()));
        sorted
    }

    /// The incidents that a month (1 to 12) counts, by day.
    pub fn of_month(&self, year: i16, month: i8) -> Vec<&KnownIncident> {
        self.by_day().into_iter().filter(|i| i.place.is_in(year, month)).collect()
    }

    /// The latest day that counts an incident.
    pub fn latest(&self) -> Option<Date> {
        self.all.iter().filter_map(|i| i.place.day()).max()
    }

    /// The incident of a record.
    pub fn of_record(&self, id: &str) -> Option<&KnownIncident> {
        self.of_record.get(id).and_then(|at| self.all.get(*at))
    }

    /// A record.
    pub fn telling(&self, id: &str) -> Option<&Telling> {
        self.tellings.get(id)
    }

    /// The members, in the order of the incident.
    pub fn members(&self, incident: &KnownIncident) -> Vec<&Telling> {
        members(&self.tellings, &incident.link)
    }

    /// The record that speaks for the incident.
    pub fn lead(&self, incident: &KnownIncident) -> Option<&Telling> {
        self.telling(&incident.link.lead)
    }

    /// The member that is placed first.
    pub fn first(&self, incident: &KnownIncident) -> Option<&Telling> {
        self.members(incident).into_iter().min_by_key(|t| (t.row.placed.is_none(), t.row.placed))
    }

    /// Parts of a provider's incident whose whole nobody tells.
    pub fn union_unknown(&self, incident: &KnownIncident) -> bool {
        incident.link.parts.iter().any(|p| p.members.contains(&incident.link.lead))
    }

    /// The record whose figure is that of the incident: its lead; where that names none, the latest of the same tier.
    /// Never a part for the whole, and none where a reviewer said that the figure is unknown.
    pub fn counted_by(&self, incident: &KnownIncident) -> Option<&Telling> {
        let lead = self.lead(incident)?;
        if self.union_unknown(incident) {
            return None;
        }
        if lead.row.headline_value.is_some() {
            return Some(lead);
        }
        if lead.machine.headline_value.is_some() {
            return None;
        }
        self.peers(incident).into_iter().rev().find(|t| t.row.headline_value.is_some())
    }

    /// The record that named a figure of the incident first.
    pub fn counted_first_by(&self, incident: &KnownIncident) -> Option<&Telling> {
        self.counted_by(incident)?;
        self.peers(incident).into_iter().find(|t| t.row.headline_value.is_some())
    }

    /// The main cause by the lead; where it names none, by the latest of the same tier that does.
    pub fn cause(&self, incident: &KnownIncident) -> Option<CauseCode> {
        let known = |t: &Telling| t.row.cause.filter(|c| *c != CauseCode::Unknown);
        let lead = self.lead(incident)?;
        if known(lead).is_some() || lead.machine.cause != lead.row.cause {
            return lead.row.cause;
        }
        self.peers(incident).into_iter().rev().find_map(known).or(lead.row.cause)
    }

    /// Figures of the whole in the order of their days, each change once; of the part where `record` belongs to one.
    pub fn history<'a>(&self, incident: &'a KnownIncident, record: &str) -> Vec<&'a Figure> {
        let part = incident.link.parts.iter().find(|p| p.members.iter().any(|m| m == record));
        let Some(lead) = part.map_or_else(|| self.lead(incident), |p| self.telling(&p.lead)) else { return Vec::new() };
        let in_scope = |id: &str| match part {
            Some(part) => part.members.iter().any(|m| m == id),
            None => self.is_whole(incident, id),
        };
        // A newspaper's round figure is no change of the organization's.
        let tellers: Vec<&Telling> = self
            .members(incident)
            .into_iter()
            .filter(|t| in_scope(&t.row.id) && t.row.source_tier == lead.row.source_tier)
            .collect();
        let headlined =
            |unit: &str| tellers.iter().any(|t| t.row.headline_unit.as_deref().is_some_and(|known| known == unit));
        let told = |f: &&Figure| tellers.iter().any(|t| t.row.id == f.disclosure) && headlined(&f.unit);
        let mut figures: Vec<&Figure> = incident.link.figures.iter().filter(told).collect();
        figures.dedup_by(|later, kept| (later.value, &later.unit) == (kept.value, &kept.unit));
        figures
    }

    /// The members of the lead's tier that tell of the whole, in the order of the incident.
    fn peers(&self, incident: &KnownIncident) -> Vec<&Telling> {
        let tier = self.lead(incident).map(|t| t.row.source_tier);
        let mut peers = self.members(incident);
        peers.retain(|t| Some(t.row.source_tier) == tier && self.is_whole(incident, &t.row.id));
        peers
    }

    fn is_whole(&self, incident: &KnownIncident, record: &str) -> bool {
        !incident.link.parts.iter().any(|p| p.members.iter().any(|m| m == record))
    }
}

fn members<'a>(tellings: &'a BTreeMap<String, Telling>, link: &Incident) -> Vec<&'a Telling> {
    link.members.iter().filter_map(|m| tellings.get(&m.id)).collect()
}

fn place(members: &[&Telling]) -> Place {
    if members.iter().all(|t| t.row.event != Event::Incident) {
        return Place::OnlyLater;
    }
    if members.iter().any(|t| t.row.source_tier != SourceTier::Roundup) {
        return members.iter().filter_map(|t| t.row.placed).min().map_or(Place::WithoutDay, Place::First);
    }
    let to_the_month = |precision: Option<DatePrecision>| precision != Some(DatePrecision::Year);
    let announced =
        members.iter().filter_map(|t| t.row.announced_from.filter(|_| to_the_month(t.row.announced_precision)));
    if let Some(day) = announced.min() {
        return Place::First(day);
    }
    let occurred = members.iter().filter_map(|t| {
        let (from, to) = (t.row.occurred_from?, t.row.occurred_to.or(t.row.occurred_from)?);
        let one_month = (from.year(), from.month()) == (to.year(), to.month());
        (one_month && to_the_month(t.row.occurred_precision)).then_some(from)
    });
    occurred.min().map_or(Place::WithoutDay, Place::Occurred)
}

/// What linking sees of a record: the machine's claims under a reviewer's corrections.
fn candidate(record: &StandingRecord, machine: &MachineValues) -> Candidate {
    let row = &record.row;
    let mut seen = Candidate::of(&record.document, &record.machine);
    if row.organization != machine.organization {
        let misread =
            |p: &Party| machine.organization.as_ref().is_some_and(|name| p.name == *name || p.aliases.contains(name));
        seen.parties.retain(|p| !misread(p));
        seen.parties.extend(row.organization.iter().map(|name| Party {
            name: name.clone(),
            aliases: Vec::new(),
            role: OrganizationRole::Victim,
            anonymised: false,
        }));
    }
    if (row.headline_value, &row.headline_unit) != (machine.headline_value, &machine.headline_unit) {
        seen.counts
            .retain(|c| Some(c.value) != machine.headline_value || Some(&c.unit) != machine.headline_unit.as_ref());
        seen.headline = row.headline_value.map(|value| Count {
            value,
            unit: row.headline_unit.clone().unwrap_or_default(),
            as_of: None,
        });
    }
    if row.cause != machine.cause {
        seen.causes = row.cause.into_iter().collect();
    }
    let range = |from: Option<Date>, to: Option<Date>| Some((from.or(to)?, to.or(from)?));
    for (stands, read, field) in [
        ((row.announced_from, row.announced_to), (machine.announced_from, machine.announced_to), &mut seen.announced),
        ((row.occurred_from, row.occurred_to), (machine.occurred_from, machine.occurred_to), &mut seen.occurred),
        (
            (row.discovered_from, row.discovered_to),
            (machine.discovered_from, machine.discovered_to),
            &mut seen.discovered,
        ),
    ] {
        if stands != read {
            *field = range(stands.0, stands.1);
        }
    }
    seen
}
