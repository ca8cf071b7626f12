//! What linking needs of one disclosure.

use jiff::civil::Date;
use rouei_model::{
    CauseCode, CountSubject, DateClaim, DateKind, Disclosure, DocumentRecord, Event, OrganizationRole, SourceTier,
    Stage,
};

/// A disclosure as linking sees it. Equal candidates give equal incidents, whatever order they come in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Of the disclosure; of two candidates with one id the lesser (by [`Ord`]) is linked and the other left out.
    pub id: String,
    /// Of the document that holds it.
    pub document: String,
    /// Address of the document.
    pub url: Option<String>,
    /// Who has a part in it.
    pub parties: Vec<Party>,
    /// Causes, main one first.
    pub causes: Vec<CauseCode>,
    /// The figure to quote.
    pub headline: Option<Count>,
    /// Every figure about what leaked; may hold the headline again.
    pub counts: Vec<Count>,
    /// When the organization told the public (failing that, when a newspaper did): first and last day.
    pub announced: Option<(Date, Date)>,
    /// When it happened; one day, a range, or the days of a month or year known no better.
    pub occurred: Option<(Date, Date)>,
    /// When it was noticed.
    pub discovered: Option<(Date, Date)>,
    /// When the document was published.
    pub published: Option<Date>,
    /// What it tells of.
    pub event: Event,
    /// Which report it is.
    pub stage: Stage,
    /// Who speaks.
    pub tier: SourceTier,
}

/// An organization and its part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// The fullest name that the document gives.
    pub name: String,
    /// Other names of it, the one as written among them.
    pub aliases: Vec<String>,
    /// Its part.
    pub role: OrganizationRole,
    /// A description rather than a name (大手自動車メーカー).
    pub anonymised: bool,
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count {
    /// The figure.
    pub value: u64,
    /// As written; empty where the text gives none.
    pub unit: String,
    /// The day that it stood for, where the document says so.
    pub as_of: Option<Date>,
}

impl Candidate {
    /// What linking needs of `disclosure`, which stands in `document`. Log-in attempts, mails sent and populations are
    /// no figures of a leak and stay out.
    #[must_use]
    pub fn of(document: &DocumentRecord, disclosure: &Disclosure) -> Self {
        let parties = disclosure.organizations.iter().map(|o| {
            let mut aliases = o.aliases.clone();
            if o.name != o.canonical {
                aliases.push(o.name.clone());
            }
            Party { name: o.canonical.clone(), aliases, role: o.role, anonymised: o.anonymised }
        });
        let counts = disclosure.counts.iter().filter(|c| {
            !matches!(c.subject, CountSubject::Attempts | CountSubject::MailsSent | CountSubject::Population)
        });
        let headline = disclosure.headline_count.as_ref().map(|h| Count {
            value: h.value,
            unit: h.unit.clone(),
            as_of: disclosure.counts.iter().find(|c| h.claim.as_deref() == Some(c.id.as_str())).and_then(|c| c.as_of),
        });
        Self {
            id: disclosure.id.clone(),
            document: document.id.clone(),
            url: document.url.clone(),
            parties: parties.collect(),
            causes: disclosure.causes.iter().map(|c| c.code).collect(),
            headline,
            counts: counts
                .filter_map(|c| Some(Count { value: c.value?, unit: c.unit.clone(), as_of: c.as_of }))
                .collect(),
            announced: days(&disclosure.dates, DateKind::Announced)
                .or_else(|| days(&disclosure.dates, DateKind::Reported)),
            occurred: days(&disclosure.dates, DateKind::Occurred),
            discovered: days(&disclosure.dates, DateKind::Discovered),
            published: document.published,
            event: disclosure.event,
            stage: disclosure.stage,
            tier: document.source_tier,
        }
    }

    /// The day that the public was told by this document, as well as it is known. A roundup tells of old things, so
    /// that the day of its publication comes last.
    #[must_use]
    pub fn notice(&self) -> Option<Date> {
        let announced = self.announced.map(|d| d.0);
        let known = self.discovered.or(self.occurred).map(|d| d.1);
        if self.tier == SourceTier::Roundup {
            announced.or(known).or(self.published)
        } else if self.refers_back() {
            // A later report often repeats the day of the first one.
            self.published.or(announced).or(known)
        } else {
            announced.or(self.published).or(known)
        }
    }

    /// Whether it says of itself that something was told before.
    #[must_use]
    pub fn refers_back(&self) -> bool {
        self.event != Event::Incident || self.stage != Stage::First
    }
}

/// The first date of a kind that is known at both ends.
fn days(dates: &[DateClaim], kind: DateKind) -> Option<(Date, Date)> {
    dates.iter().filter(|d| d.kind == kind).find_map(|d| match (d.date_from, d.date_to) {
        (Some(from), Some(to)) => Some((from.min(to), from.max(to))),
        (Some(day), None) | (None, Some(day)) => Some((day, day)),
        (None, None) => None,
    })
}
