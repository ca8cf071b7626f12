//! Labels and predictions side by side, field by field.

use super::Predictions;
use super::gold::{Case, Incident, Kind};
use super::names::same;
use super::prediction::{Disclosure, Prediction};

/// Fields in the order shown.
pub const FIELDS: [&str; 28] = [
    "answered",
    "disclosure",
    "positive_kept",
    "negative_rejected",
    "one_disclosure",
    "organization",
    "contractor",
    "headline_count",
    "no_count_invented",
    "count_unit",
    "count_approx",
    "count_at_most",
    "cause",
    "date_announced",
    "date_discovered",
    "date_occurred_from",
    "date_occurred_to",
    "leak_status",
    "event",
    "stage",
    "source_tier",
    "data_types",
    "data_types_denied",
    "card_data",
    "special_care",
    "roundup_incident",
    "roundup_count",
    "roundup_no_surplus",
];

/// One comparison.
#[derive(Clone, Debug)]
pub struct Mark {
    /// One of [`FIELDS`].
    pub field: &'static str,
    /// The case, with the incident where there are several.
    pub item: String,
    /// The label has a value: counts for recall.
    pub wanted: bool,
    /// The prediction has one: counts for precision.
    pub given: bool,
    /// They agree.
    pub right: bool,
    /// The label.
    pub want: String,
    /// The prediction.
    pub got: String,
    /// The rule that fired.
    pub rule: String,
    /// How sure the extractor was of the claim, where the field is one claim.
    pub confidence: Option<f64>,
}

/// The first disclosure of a page of one incident, or of a page that discloses nothing.
#[derive(Clone, Debug)]
pub struct Record {
    /// The case.
    pub item: String,
    /// How sure the extractor was.
    pub confidence: f64,
    /// It needs no second look.
    pub accepted: bool,
    /// Organization, headline count, cause and announcement are right, as far as they are labelled.
    pub right: bool,
    /// The page discloses nothing.
    pub on_negative: bool,
}

/// Everything that was compared.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// In the order of the cases.
    pub marks: Vec<Mark>,
    /// In the order of the cases.
    pub records: Vec<Record>,
    /// Pages that disclose one incident, found or not.
    pub singles: usize,
    /// Labelled main cause and the one found, for pages of one incident of which a record was made.
    pub causes: Vec<(String, String)>,
}

impl Scores {
    /// Compares every case with its prediction.
    pub fn of(cases: &[Case], predictions: &Predictions) -> Self {
        let mut scores = Self::default();
        for case in cases {
            scores.add(case, predictions.get(&case.id));
        }
        scores
    }

    fn add(&mut self, case: &Case, prediction: Option<&Prediction>) {
        let found = prediction.map_or(&[][..], |p| &p.disclosures[..]);
        let leads: Vec<&str> = found.iter().filter_map(|d| d.names(None).first().copied()).collect();
        let leads = if leads.is_empty() { "no disclosure".to_owned() } else { leads.join(", ") };
        let why = prediction.and_then(|p| p.judgement.clone()).unwrap_or_else(|| {
            found.first().and_then(|d| d.organizations.first()).map_or_else(String::new, |o| o.rule.clone())
        });
        let mut sheet = Sheet { case: &case.id, marks: &mut self.marks };
        sheet.check("answered", prediction.is_some(), "a line", "none", "");
        let positive = case.kind != Kind::Negative;
        sheet.push(Mark {
            wanted: positive,
            given: !found.is_empty(),
            right: positive && !found.is_empty(),
            ..sheet.mark("disclosure", if positive { "a disclosure" } else { "none" }, &leads, &why)
        });
        if case.kind == Kind::Negative {
            sheet.check("negative_rejected", prediction.is_some() && found.is_empty(), "no disclosure", &leads, &why);
            self.records.extend(found.first().map(|d| Record {
                item: case.id.clone(),
                confidence: d.confidence,
                accepted: d.needs_review == Some(false),
                right: false,
                on_negative: true,
            }));
            return;
        }
        sheet.check("positive_kept", !found.is_empty(), "a disclosure", &leads, &why);
        sheet.source_tier(case, prediction);
        if case.is_roundup() {
            sheet.roundup(&case.incidents, found, &leads);
            return;
        }
        sheet.check("one_disclosure", found.len() == 1, "1", &format!("{}: {leads}", found.len()), &why);
        let right = sheet.single(case, found.first());
        sheet.states(case, prediction);
        self.singles += 1;
        if let Some(first) = found.first() {
            let (confidence, accepted) = (first.confidence, first.needs_review == Some(false));
            self.records.push(Record { item: case.id.clone(), confidence, accepted, right, on_negative: false });
            self.causes.push((case.cause.clone(), in_labels(first.cause()).to_owned()));
        }
    }
}

/// What stands in the place of a label.
pub(super) struct Found<'a> {
    pub(super) value: Option<&'a str>,
    pub(super) rule: &'a str,
    pub(super) confidence: Option<f64>,
}

pub(super) struct Sheet<'a> {
    case: &'a str,
    marks: &'a mut Vec<Mark>,
}

impl Sheet<'_> {
    pub(super) fn mark(&self, field: &'static str, want: &str, got: &str, rule: &str) -> Mark {
        Mark {
            field,
            item: self.case.to_owned(),
            wanted: true,
            given: true,
            right: false,
            want: want.to_owned(),
            got: got.to_owned(),
            rule: rule.to_owned(),
            confidence: None,
        }
    }

    pub(super) fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// Something that is right or not, on every page that it applies to.
    fn check(&mut self, field: &'static str, right: bool, want: &str, got: &str, rule: &str) -> bool {
        let mark = self.mark(field, want, got, rule);
        self.push(Mark { right, ..mark });
        right
    }

    /// A value that has to be found.
    pub(super) fn value(&mut self, field: &'static str, right: bool, want: &str, found: &Found<'_>) -> bool {
        let mark = self.mark(field, want, found.value.unwrap_or("none"), found.rule);
        let confidence = found.value.and(found.confidence);
        self.push(Mark { right, given: found.value.is_some(), confidence, ..mark });
        right
    }

    /// A value where the label says that there is none; `good` where the label lets it pass.
    pub(super) fn unwanted(&mut self, field: &'static str, good: bool, found: &Found<'_>) {
        let mark = self.mark(field, "none", found.value.unwrap_or("none"), found.rule);
        self.push(Mark { wanted: false, right: good, confidence: found.confidence, ..mark });
    }

    fn single(&mut self, case: &Case, found: Option<&Disclosure>) -> bool {
        let nothing = Disclosure::default();
        let d = found.unwrap_or(&nothing);
        let organization = self.organizations(case, d);
        let count = self.headline(case, found);
        let cause = self.cause(case, found);
        let announced =
            ["announced", "discovered", "occurred_from", "occurred_to"].map(|key| self.date(case, d, key))[0];
        organization && count && cause && announced
    }

    fn organizations(&mut self, case: &Case, d: &Disclosure) -> bool {
        let found = |role: &str, value| {
            let leading = d.organizations.iter().find(|o| o.role == role).or(d.organizations.first());
            Found {
                value,
                rule: leading.map_or("", |o| o.rule.as_str()),
                confidence: leading.and_then(|o| o.confidence),
            }
        };
        let mut right = true;
        if !case.org.is_empty() && case.org_in_text != Some(false) {
            let victims = d.names(Some("victim"));
            let lead = if victims.is_empty() { d.names(None) } else { victims };
            let lead = &lead[..lead.len().min(2)];
            let known = || case.org.iter().chain(&case.org_aliases);
            right = lead.iter().any(|n| known().any(|o| same(n, o)));
            let got = (!lead.is_empty()).then(|| lead[0]);
            self.value("organization", right, &case.org.join(", "), &found("victim", got));
        }
        let contractors = d.names(Some("contractor"));
        let shown = contractors.join(", ");
        if !case.contractor.is_empty() {
            let right = contractors.iter().any(|n| case.contractor.iter().any(|o| same(n, o)));
            let got = (!contractors.is_empty()).then_some(shown.as_str());
            self.value("contractor", right, &case.contractor.join(", "), &found("contractor", got));
        } else if !contractors.is_empty() {
            self.unwanted("contractor", false, &found("contractor", Some(&shown)));
        }
        right
    }

    fn headline(&mut self, case: &Case, found: Option<&Disclosure>) -> bool {
        let value = found.and_then(Disclosure::headline);
        let got = value.map(|v| v.to_string());
        let rule = found.map_or_else(String::new, Disclosure::headline_rule);
        let confidence = found.and_then(|d| d.headline_count.as_ref()?.confidence);
        let claim = Found { value: got.as_deref(), rule: &rule, confidence };
        let passes = value.is_some_and(|v| case.headline_alt.contains(&v));
        let Some(want) = case.headline_count else {
            let right = found.is_some() && (value.is_none() || passes);
            self.check("no_count_invented", right, "none", got.as_deref().unwrap_or("no disclosure"), &rule);
            if claim.value.is_some() {
                self.unwanted("headline_count", passes, &claim);
            }
            return right;
        };
        let right = value == Some(want) || passes;
        self.value("headline_count", right, &want.to_string(), &claim);
        let labels: Vec<_> = case.counts.iter().filter(|c| c.value.is_some() && c.value == value).collect();
        if let (true, Some(first), Some(h)) = (right, labels.first(), found.and_then(|d| d.headline_count.as_ref())) {
            let units: Vec<&str> = labels.iter().map(|c| c.unit.as_str()).collect();
            self.check("count_unit", units.contains(&h.unit.as_str()), &units.join(", "), &h.unit, &rule);
            let approx = labels.iter().any(|c| c.approx.unwrap_or(false) == h.approx);
            self.check(
                "count_approx",
                approx,
                &first.approx.unwrap_or(false).to_string(),
                &h.approx.to_string(),
                &rule,
            );
            let at_most = labels.iter().any(|c| c.max.unwrap_or(false) == (h.bound == "at_most"));
            self.check("count_at_most", at_most, &first.max.unwrap_or(false).to_string(), &h.bound, &rule);
        }
        right
    }

    fn cause(&mut self, case: &Case, found: Option<&Disclosure>) -> bool {
        let got = in_labels(found.map_or("unknown", Disclosure::cause));
        let rule = found.and_then(|d| d.causes.first()).map_or("", |c| c.rule.as_str());
        let given = found.filter(|_| got != "unknown").map(|_| got);
        let confidence = found.and_then(|d| d.causes.first()?.confidence);
        let claim = Found { value: given, rule, confidence };
        let passes = case.cause_alt.iter().any(|alt| alt == got);
        if case.cause == "unknown" || case.cause.is_empty() {
            if given.is_some() {
                self.unwanted("cause", passes, &claim);
            }
            return true;
        }
        let right = found.is_some() && (got == case.cause || passes);
        self.value("cause", right, &case.cause, &claim)
    }

    fn date(&mut self, case: &Case, d: &Disclosure, key: &'static str) -> bool {
        let (field, kind) = match key {
            "announced" => ("date_announced", "announced"),
            "discovered" => ("date_discovered", "discovered"),
            "occurred_from" => ("date_occurred_from", "occurred"),
            _ => ("date_occurred_to", "occurred"),
        };
        let found = d.date(kind);
        let got = found.and_then(|f| if key == "occurred_to" { f.date_to.as_deref() } else { f.date_from.as_deref() });
        let rule = found.map_or("", |f| f.rule.as_str());
        let claim = Found { value: got, rule, confidence: found.and_then(|f| f.confidence) };
        match (case.day(key), got) {
            (Some(want), got) => self.value(field, got == Some(want), want, &claim),
            (None, Some(_)) if case.lacks_day(key) => {
                self.unwanted(field, false, &claim);
                true
            }
            _ => true,
        }
    }

    /// One disclosure answers for one incident; the one with the right figure before the first by name.
    fn roundup(&mut self, incidents: &[Incident], found: &[Disclosure], leads: &str) {
        let mut left: Vec<&Disclosure> = found.iter().collect();
        for incident in incidents {
            let named = |d: &&Disclosure| {
                let mut wanted = std::iter::once(&incident.org).chain(&incident.org_alt);
                wanted.any(|o| d.names(None).iter().any(|n| same(n, o)))
            };
            let exact = left.iter().position(|d| named(d) && d.headline() == incident.count);
            let hit = exact.or_else(|| left.iter().position(named)).map(|at| left.remove(at));
            let item = format!("{}/{}", self.case, incident.org);
            let rule = hit.and_then(|d| d.organizations.first()).map_or("", |o| o.rule.as_str());
            let name = hit.and_then(|d| d.names(None).first().copied());
            let mark = self.mark("roundup_incident", &incident.org, name.unwrap_or(leads), rule);
            self.push(Mark { item: item.clone(), given: hit.is_some(), right: hit.is_some(), ..mark });
            if let Some(want) = incident.count {
                let got = hit.and_then(Disclosure::headline);
                let shown = got.map_or_else(|| "none".to_owned(), |g| g.to_string());
                let rule = hit.map_or_else(|| "no disclosure".to_owned(), Disclosure::headline_rule);
                let mark = self.mark("roundup_count", &format!("{} {want}", incident.org), &shown, &rule);
                self.push(Mark { item, given: got.is_some(), right: got == Some(want), ..mark });
            }
        }
        let surplus: Vec<&str> = left.iter().map(|d| d.names(None).first().copied().unwrap_or("unnamed")).collect();
        for (number, (name, d)) in surplus.iter().zip(&left).enumerate() {
            let rule = d.organizations.first().map_or("", |o| o.rule.as_str());
            let mark = self.mark("roundup_incident", "none", name, rule);
            self.push(Mark { item: format!("{}/surplus {}", self.case, number + 1), wanted: false, ..mark });
        }
        let want = format!("{} incidents", incidents.len());
        let shown = if found.is_empty() { leads.to_owned() } else { surplus.join(", ") };
        self.check("roundup_no_surplus", !found.is_empty() && left.is_empty(), &want, &shown, "");
    }
}

/// The labels' code of a cause; three differ from ours.
fn in_labels(code: &str) -> &str {
    match code {
        "social_engineering" => "phishing_scam",
        "publishing" => "misdisplay",
        "system_fault" => "system_bug",
        other => other,
    }
}
