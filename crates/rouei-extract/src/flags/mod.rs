//! What follows from the claims of a record: codings of its causes, report types of the PPC, effect, who leaked.
//!
//! Pure functions of a [`Disclosure`] over the tables of `flags.toml`. A flag says what the claims say and no more: where they
//! are silent, there is none.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::sync::LazyLock;

use regex::Regex;
use rouei_model::{
    Bound, CauseCode, CountClaim, CountScope, CountSubject, DataState, DataTypeCode, Disclosure, Effect, HeadlineCount,
    LeakStatus, LeakedBy, OrganizationClaim, OrganizationRole, ReportType,
};
use serde::Deserialize;

/// Sets what follows from the claims of a record, whatever stood there.
pub fn derive(disclosure: &mut Disclosure) {
    for cause in &mut disclosure.causes {
        cause.codings = crate::causes::codings::claimed(cause.code);
    }
    let table = table();
    disclosure.effect = table.effect(disclosure);
    disclosure.report_types = table.report_types(disclosure);
    disclosure.leaked_by = table.leaked_by(disclosure);
}

/// `flags.toml`, read; a test holds that it can be.
fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| parse(include_str!("flags.toml")).unwrap_or_default());
    &TABLE
}

fn parse(text: &str) -> Result<Table, toml::de::Error> {
    toml::from_str(text)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    report_type: Vec<ReportRule>,
    effect: Vec<EffectRule>,
    leaked_by: Vec<PartyRule>,
    name: Vec<NameRule>,
    persons: Persons,
}

/// Any of its conditions suffices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportRule {
    code: ReportType,
    #[serde(default)]
    causes: Vec<CauseCode>,
    #[serde(default)]
    data_types: Vec<DataTypeCode>,
    #[serde(default)]
    subjects: Vec<CountSubject>,
    /// Kinds of data that count where the victim or a service keeps money.
    #[serde(default)]
    access: Vec<DataTypeCode>,
    /// More persons than these.
    over: Option<u64>,
    /// `over` is for public bodies.
    #[serde(default)]
    public: bool,
    #[serde(flatten)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    tried: Tried,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EffectRule {
    code: Effect,
    #[serde(default)]
    causes: Vec<CauseCode>,
    /// Of the causes of a record, the main one alone.
    #[serde(default)]
    main: bool,
    #[serde(default)]
    statuses: Vec<LeakStatus>,
    /// Statuses under which it is a leak instead.
    #[serde(default)]
    unless: Vec<LeakStatus>,
    #[serde(flatten)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    tried: Tried,
}

/// The first that holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyRule {
    code: LeakedBy,
    roles: Vec<OrganizationRole>,
    #[serde(default)]
    needs_cause: bool,
    #[serde(flatten)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    tried: Tried,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRule {
    #[cfg_attr(not(test), expect(dead_code, reason = "named by the test of the examples"))]
    id: String,
    says: NameKind,
    #[serde(deserialize_with = "regex")]
    pattern: Regex,
    #[serde(default, deserialize_with = "regex_opt")]
    unless: Option<Regex>,
    #[serde(default)]
    legal_forms: Vec<String>,
    #[serde(flatten)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    tried: Tried,
}

/// What a test tries.
#[derive(Debug, Deserialize)]
struct Tried {
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    examples: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the examples"))]
    counterexamples: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NameKind {
    Public,
    Exempt,
    School,
    Money,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Persons {
    units: Vec<String>,
}

impl Table {
    /// What happened to the data or is feared to have happened.
    fn effect(&self, d: &Disclosure) -> Vec<Effect> {
        let caused = |rule: &EffectRule| {
            let seen = if rule.main { 1 } else { d.causes.len() };
            d.causes.iter().take(seen).any(|c| rule.causes.contains(&c.code))
        };
        let stated = |statuses: &[LeakStatus]| d.leak_status.is_some_and(|s| statuses.contains(&s));
        let losses = self.effect.iter().filter(|r| !r.unless.is_empty());
        // A thing that was only lost has not leaked because it might have.
        let only_lost = losses
            .clone()
            .any(|r| !d.causes.is_empty() && !stated(&r.unless) && d.causes.iter().all(|c| r.causes.contains(&c.code)));
        let leaked_kinds = d.leak_status.is_none() && d.data_types.iter().any(|t| t.state == DataState::Leaked);
        let holds = |rule: &&EffectRule| match rule.code {
            Effect::Leak => !only_lost && (stated(&rule.statuses) || leaked_kinds),
            Effect::Loss | Effect::Damage => caused(rule) && !stated(&rule.unless),
        };
        let found: Vec<Effect> = self.effect.iter().filter(holds).map(|r| r.code).collect();
        Effect::ALL.iter().copied().filter(|code| found.contains(code)).collect()
    }

    /// Why it is to be reported; nothing where no data leaked, was lost or damaged.
    fn report_types(&self, d: &Disclosure) -> Vec<ReportType> {
        if self.effect(d).is_empty() {
            return Vec::new();
        }
        let leaked = |kinds: &[DataTypeCode]| {
            d.data_types.iter().any(|t| t.state == DataState::Leaked && kinds.contains(&t.code))
        };
        let counted = |subjects: &[CountSubject]| {
            d.card_data != Some(DataState::Denied)
                && d.counts.iter().any(|c| subjects.contains(&c.subject) && c.value.is_some_and(|v| v > 0))
        };
        let holds = |rule: &&ReportRule| {
            d.causes.iter().any(|c| rule.causes.contains(&c.code))
                || leaked(&rule.data_types)
                || counted(&rule.subjects)
                || (leaked(&rule.access) && self.keeps_money(d))
                || rule
                    .over
                    .is_some_and(|limit| self.concerns_more_than(d, limit) && (!rule.public || self.is_public(d)))
        };
        let found: Vec<ReportType> = self.report_type.iter().filter(holds).map(|r| r.code).collect();
        ReportType::ALL.iter().copied().filter(|code| found.contains(code)).collect()
    }

    fn leaked_by(&self, d: &Disclosure) -> Option<LeakedBy> {
        let known = d.causes.iter().any(|c| c.code != CauseCode::Unknown);
        let holds = |rule: &&PartyRule| {
            (known || !rule.needs_cause) && d.organizations.iter().any(|o| rule.roles.contains(&o.role))
        };
        self.leaked_by.iter().find(holds).map(|r| r.code)
    }

    /// By the headline, or by a figure that the page calls possible or confirmed.
    fn concerns_more_than(&self, d: &Disclosure, limit: u64) -> bool {
        let persons = |unit: &str| self.persons.units.iter().any(|u| u == unit);
        let cumulative = |h: &HeadlineCount| d.counts.iter().any(|c| Some(&c.id) == h.claim.as_ref() && c.cumulative);
        let headline = d.headline_count.as_ref();
        let told = |c: &&CountClaim| {
            matches!(c.subject, CountSubject::PersonalData | CountSubject::Household)
                && c.scope != CountScope::Unstated
                && !c.cumulative
                && persons(&c.unit)
        };
        headline.is_some_and(|h| persons(&h.unit) && !cumulative(h) && exceeds(h.value, h.bound, limit))
            || d.counts.iter().filter(told).any(|c| {
                let most = c.max_value.or(c.value);
                most.is_some_and(|value| exceeds(value, c.bound, limit))
            })
    }

    fn keeps_money(&self, d: &Disclosure) -> bool {
        let own = |o: &&OrganizationClaim| matches!(o.role, OrganizationRole::Victim | OrganizationRole::Service);
        d.organizations.iter().filter(own).any(|o| self.says(o, NameKind::Money))
    }

    /// Whether who answers for the data is a public body; a school is where one tells of it.
    fn is_public(&self, d: &Disclosure) -> bool {
        let Some(victim) = d.organizations.iter().find(|o| o.role == OrganizationRole::Victim) else { return false };
        let tells = |o: &OrganizationClaim| matches!(o.role, OrganizationRole::Discloser | OrganizationRole::Parent);
        self.is_public_body(victim)
            || (self.says(victim, NameKind::School)
                && d.organizations.iter().any(|o| tells(o) && self.is_public_body(o)))
    }

    fn is_public_body(&self, organization: &OrganizationClaim) -> bool {
        let public = |rule: &&NameRule| rule.says == NameKind::Public;
        let by_form = |form: &String| self.name.iter().filter(public).any(|r| r.legal_forms.contains(form));
        if self.says(organization, NameKind::Exempt) {
            return false;
        }
        organization.legal_form.as_ref().map_or_else(|| self.says(organization, NameKind::Public), by_form)
    }

    fn says(&self, organization: &OrganizationClaim, kind: NameKind) -> bool {
        self.name.iter().any(|rule| rule.says == kind && rule.matches(&organization.canonical))
    }
}

impl NameRule {
    fn matches(&self, name: &str) -> bool {
        self.pattern.is_match(name) && !self.unless.as_ref().is_some_and(|unless| unless.is_match(name))
    }
}

/// Whether a figure with its bound is more than `limit`, or may be.
fn exceeds(value: u64, bound: Bound, limit: u64) -> bool {
    match bound {
        Bound::Exact | Bound::AtMost | Bound::AtLeast => value > limit,
        Bound::Over => value >= limit,
        Bound::Under => value.saturating_sub(1) > limit,
    }
}

fn regex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    Regex::new(&pattern).map_err(serde::de::Error::custom)
}

fn regex_opt<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    regex(deserializer).map(Some)
}
