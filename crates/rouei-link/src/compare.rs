//! What two disclosures have in common, and what speaks against them.

use jiff::civil::Date;
use rouei_model::{CauseCode, OrganizationRole as Role, SourceTier};

use crate::{
    candidate::Candidate,
    figures,
    names::{NameRelation, NameTable},
    rules::{Rule, Rules},
};

/// How two disclosures stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// May tell of one victim's incident.
    Same,
    /// Tell of two victims that one contractor, platform or parent has in common: parts of one incident.
    Parts,
    /// Have nothing in common that linking may build on.
    Apart,
}

/// Two disclosures compared, for whoever wants to know why they were joined or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What they may be to each other.
    pub relation: Relation,
    /// Probability that they are it, contradictions aside; 0 to 1.
    pub score: f64,
    /// What the score is made of.
    pub reasons: Vec<Reason>,
    /// What keeps them from being one victim's incident whatever the score.
    pub contradictions: Vec<Rule>,
}

/// One rule that applied to a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which rule.
    pub rule: Rule,
    /// Its Japanese label.
    pub label: String,
    /// Log odds that it added.
    pub weight: f64,
    /// The other disclosure of the pair.
    pub with: String,
    /// What was compared, as written: `みぎわ市教委 = みぎわ市教育委員会`, `12345人 / 12000人`.
    pub detail: String,
}

/// Compares two disclosures by themselves. [`crate::link`] also looks at what they would be joined with.
#[must_use]
pub fn compare(rules: &Rules, a: &Candidate, b: &Candidate) -> Comparison {
    let mut names = NameTable::default();
    let views = [View::of(rules, &mut names, a), View::of(rules, &mut names, b)];
    names.relate_all(rules);
    let verdict = Judge { rules, names: &names }.verdict(&views[0], &views[1]);
    Comparison {
        relation: verdict.relation,
        score: probability(verdict.log_odds),
        reasons: verdict.reasons(rules, b),
        contradictions: verdict.contradictions,
    }
}

/// Log odds to a probability.
pub(crate) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// A candidate with its names numbered.
pub(crate) struct View<'a> {
    pub(crate) candidate: &'a Candidate,
    /// Named parties that may be compared: role, name, name as written.
    pub(crate) parties: Vec<(Role, usize, &'a str)>,
    /// Descriptions of anonymised victims.
    pub(crate) descriptions: Vec<&'a str>,
    pub(crate) notice: Option<Date>,
}

impl<'a> View<'a> {
    pub(crate) fn of(rules: &Rules, names: &mut NameTable, candidate: &'a Candidate) -> Self {
        // Who answers for the data, where nobody is named victim, is whoever tells of it.
        let headless = candidate.parties.iter().all(|p| p.role != Role::Victim);
        let mut parties = Vec::new();
        let mut descriptions = Vec::new();
        for party in &candidate.parties {
            let role = if headless && party.role == Role::Discloser { Role::Victim } else { party.role };
            if matches!(role, Role::Recipient | Role::Regulator | Role::Actor) {
                continue;
            }
            if party.anonymised {
                if role == Role::Victim {
                    descriptions.push(party.name.as_str());
                }
                continue;
            }
            for written in std::iter::once(&party.name).chain(&party.aliases) {
                if let Some(id) = names.intern(rules, written)
                    && !parties.iter().any(|(r, known, _)| *r == role && *known == id)
                {
                    parties.push((role, id, written.as_str()));
                }
            }
        }
        Self { candidate, parties, descriptions, notice: candidate.notice() }
    }

    pub(crate) fn of_role(&self, roles: &'static [Role]) -> impl Iterator<Item = usize> {
        self.parties.iter().filter(|(role, ..)| roles.contains(role)).map(|(_, id, _)| *id)
    }

    fn has_victim(&self) -> bool {
        !self.descriptions.is_empty() || self.of_role(&[Role::Victim]).next().is_some()
    }
}

/// What two candidates say together.
pub(crate) struct Verdict {
    pub(crate) relation: Relation,
    pub(crate) log_odds: f64,
    pub(crate) evidence: Vec<(Rule, f64, String)>,
    pub(crate) contradictions: Vec<Rule>,
}

impl Verdict {
    pub(crate) fn has(&self, rule: Rule) -> bool {
        self.evidence.iter().any(|(r, ..)| *r == rule)
    }

    /// The evidence as reasons for a comparison with `with`.
    pub(crate) fn reasons(&self, rules: &Rules, with: &Candidate) -> Vec<Reason> {
        let reason = |(rule, weight, detail): &(Rule, f64, String)| Reason {
            rule: *rule,
            label: rules.label(*rule).to_owned(),
            weight: *weight,
            with: with.id.clone(),
            detail: detail.clone(),
        };
        self.evidence.iter().map(reason).collect()
    }
}

/// Compares candidates whose names stand in one table.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) names: &'a NameTable,
}

/// The name in common that weighs most.
struct NameInCommon {
    rule: Rule,
    weight: f64,
    /// Both are victims by it.
    victims: bool,
    detail: String,
}

/// What two victims share.
struct ProviderInCommon {
    factor: f64,
    /// One names the other as its client.
    named_client: bool,
    detail: String,
}

/// Whose failure reaches several victims.
const PROVIDERS: &[Role] = &[Role::Contractor, Role::Subcontractor, Role::Service, Role::Parent];
const PROCESSORS: &[Role] = &[Role::Contractor, Role::Subcontractor, Role::Service];

impl Judge<'_> {
    pub(crate) fn verdict(&self, a: &View<'_>, b: &View<'_>) -> Verdict {
        let mut verdict =
            Verdict { relation: Relation::Apart, log_odds: 0.0, evidence: Vec::new(), contradictions: Vec::new() };
        let figure = |parts| {
            let later = a.candidate.refers_back() || b.candidate.refers_back();
            figures::compare(self.rules, a.candidate, b.candidate, later, parts)
        };
        let cause = self.cause(a.candidate, b.candidate);
        let provider = self.provider(a, b);
        let organization = self.organization(a, b).filter(|found| {
            // A platform and a shop on it: each gives its own figure, or the platform names the shop as its client.
            found.victims
                || !provider.as_ref().is_some_and(|p| p.named_client || figure(false) == Some(Rule::OtherFigure))
        });
        if let Some(NameInCommon { rule, weight, detail, .. }) = organization {
            verdict.relation = Relation::Same;
            verdict.evidence.push((rule, weight, detail));
        } else if self.one_anonymised(a, b) {
            verdict.relation = Relation::Same;
            if let Some(same) = a.descriptions.iter().find(|d| b.descriptions.contains(d)) {
                verdict.evidence.push((
                    Rule::SameDescription,
                    self.rules.weight(Rule::SameDescription),
                    (*same).to_owned(),
                ));
            }
        } else {
            if a.of_role(&[Role::Victim]).next().is_some() && b.of_role(&[Role::Victim]).next().is_some() {
                verdict.contradictions.push(Rule::DifferentVictims);
            }
            if let Some(ProviderInCommon { factor, detail, .. }) = provider {
                let spreading = |c: &Candidate| c.causes.iter().any(|c| self.rules.file.causes.spreading.contains(c));
                let rule = if spreading(a.candidate) || spreading(b.candidate) {
                    Rule::CommonProvider
                } else {
                    Rule::CommonProviderOnce
                };
                verdict.relation = Relation::Parts;
                verdict.evidence.push((rule, self.rules.weight(rule) * factor, detail));
            }
        }
        let parts = verdict.relation != Relation::Same;
        let mut apply = |rule: Rule, detail: String| verdict.evidence.push((rule, self.rules.weight(rule), detail));
        if let Some(rule) = cause {
            apply(rule, format!("{} / {}", codes(a.candidate), codes(b.candidate)));
        }
        let figure = figure(parts);
        if let Some(rule) = figure {
            apply(rule, format!("{} / {}", headline(a.candidate), headline(b.candidate)));
        }
        self.moments(a.candidate, b.candidate, &mut apply);
        self.notices(a, b, parts, &mut verdict.evidence);
        self.contradictions(a, b, &mut verdict);
        verdict.log_odds = self.rules.file.base + verdict.evidence.iter().map(|(_, weight, _)| weight).sum::<f64>();
        verdict
    }

    /// The name in common that weighs most.
    fn organization(&self, a: &View<'_>, b: &View<'_>) -> Option<NameInCommon> {
        let both_have_victims = a.has_victim() && b.has_victim();
        let mut best: Option<NameInCommon> = None;
        for (role_a, name_a, written_a) in &a.parties {
            for (role_b, name_b, written_b) in &b.parties {
                let Some(relation) = self.names.relation(*name_a, *name_b) else { continue };
                let victims = *role_a == Role::Victim && *role_b == Role::Victim;
                if relation == NameRelation::Branch && !victims
                    || both_have_victims && *role_a != Role::Victim && *role_b != Role::Victim
                {
                    continue;
                }
                let rule = match relation {
                    NameRelation::Same => Rule::SameName,
                    NameRelation::Contained => Rule::ContainedName,
                    NameRelation::Initials => Rule::Initials,
                    NameRelation::Branch => Rule::Branch,
                };
                let weight = self.rules.weight(rule) * self.role_factor(*role_a, *role_b);
                if weight > best.as_ref().map_or(0.0, |known| known.weight) {
                    best = Some(NameInCommon { rule, weight, victims, detail: format!("{written_a} = {written_b}") });
                }
            }
        }
        best
    }

    fn role_factor(&self, a: Role, b: Role) -> f64 {
        let pairs = &self.rules.file.role_pairs;
        pairs.iter().find(|p| p.roles == [a, b] || p.roles == [b, a]).map_or(0.0, |p| p.factor)
    }

    /// An anonymised victim is compared by a distinctive figure told within days, never by its description.
    fn one_anonymised(&self, a: &View<'_>, b: &View<'_>) -> bool {
        let nameless = |v: &View<'_>| v.of_role(&[Role::Victim]).next().is_none();
        let near = match (a.notice, b.notice) {
            (Some(x), Some(y)) => gap(x, y) <= self.rules.file.anonymised_window_days,
            _ => false,
        };
        (nameless(a) || nameless(b))
            && near
            && a.candidate.headline.as_ref().is_some_and(figures::is_distinctive)
            && figures::compare(self.rules, a.candidate, b.candidate, false, true) == Some(Rule::SameDistinctiveFigure)
    }

    /// What two victims have in common: a provider, or one is the provider of the other.
    fn provider(&self, a: &View<'_>, b: &View<'_>) -> Option<ProviderInCommon> {
        let mut best: Option<ProviderInCommon> = None;
        for (role_a, name_a, written_a) in &a.parties {
            for (role_b, name_b, written_b) in &b.parties {
                let own = *role_a == Role::Victim && PROCESSORS.contains(role_b)
                    || *role_b == Role::Victim && PROCESSORS.contains(role_a);
                let named_client = *role_a == Role::Victim && *role_b == Role::AffectedClient
                    || *role_b == Role::Victim && *role_a == Role::AffectedClient;
                let shared = PROVIDERS.contains(role_a) && PROVIDERS.contains(role_b);
                let agree =
                    matches!(self.names.relation(*name_a, *name_b), Some(NameRelation::Same | NameRelation::Contained));
                if !agree || !(own || shared || named_client) {
                    continue;
                }
                let weak = |role: &Role| matches!(role, Role::Service | Role::Parent);
                let factor = if weak(role_a) || weak(role_b) { 0.6 } else { 1.0 };
                if factor > best.as_ref().map_or(0.0, |known| known.factor) {
                    best =
                        Some(ProviderInCommon { factor, named_client, detail: format!("{written_a} = {written_b}") });
                }
            }
        }
        best
    }

    fn cause(&self, a: &Candidate, b: &Candidate) -> Option<Rule> {
        let causes = &self.rules.file.causes;
        let agree = |x: &CauseCode, y: &CauseCode| {
            x == y
                || causes.open.contains(x)
                || causes.open.contains(y)
                || causes.compatible.iter().any(|group| group.contains(x) && group.contains(y))
        };
        let (main_a, main_b) = (a.causes.first()?, b.causes.first()?);
        let shared = a.causes.iter().any(|x| b.causes.contains(x) && !causes.open.contains(x));
        let any = a.causes.iter().any(|x| b.causes.iter().any(|y| agree(x, y)));
        Some(if shared && agree(main_a, main_b) {
            Rule::SameCause
        } else if any {
            Rule::CompatibleCause
        } else {
            Rule::OtherCause
        })
    }

    fn moments(&self, a: &Candidate, b: &Candidate, apply: &mut dyn FnMut(Rule, String)) {
        if let (Some(x), Some(y)) = (a.occurred, b.occurred) {
            let rule = if !overlap(x, y) {
                Rule::OtherOccurred
            } else if x == y && !whole_months(x) {
                Rule::SameOccurred
            } else {
                Rule::OverlappingOccurred
            };
            apply(rule, format!("{} / {}", range(x), range(y)));
        }
        if let (Some(x), Some(y)) = (a.discovered, b.discovered) {
            let short = gap(x.0, x.1) <= 7 && gap(y.0, y.1) <= 7;
            if !overlap(x, y) {
                apply(Rule::OtherDiscovered, format!("{} / {}", range(x), range(y)));
            } else if short {
                apply(Rule::SameDiscovered, format!("{} / {}", range(x), range(y)));
            }
        }
    }

    fn notices(&self, a: &View<'_>, b: &View<'_>, parts: bool, evidence: &mut Vec<(Rule, f64, String)>) {
        let (Some(x), Some(y)) = (a.notice, b.notice) else { return };
        let days = gap(x, y);
        let detail = format!("{x} / {y}");
        let later = if x > y || (x == y && a.candidate.refers_back()) { a } else { b };
        let refers_back = later.candidate.refers_back();
        let retold = later.candidate.tier == SourceTier::Roundup && later.candidate.announced.is_none();
        let band = self.rules.file.notice_bands.iter().find(|band| days <= band.days);
        let within_reach = refers_back && days <= self.rules.file.follow_up_window_days;
        match band {
            Some(band) => evidence.push((Rule::NoticeNear, band.weight, detail.clone())),
            None if within_reach => {}
            None if retold && days <= self.rules.file.roundup_window_days => {}
            None => evidence.push((Rule::NoticeFar, self.rules.weight(Rule::NoticeFar), detail.clone())),
        }
        if within_reach {
            // Long after, there may be another incident to refer back to: it excuses the distance and no more.
            let weight = if band.is_some() { self.rules.weight(Rule::RefersBack) } else { 0.0 };
            evidence.push((Rule::RefersBack, weight, later.candidate.id.clone()));
        }
        if !parts && days > 1 && both(a, b, |c| c.tier == SourceTier::Official && !c.refers_back()) {
            evidence.push((Rule::TwoFirstNotices, self.rules.weight(Rule::TwoFirstNotices), detail));
        }
    }

    fn contradictions(&self, a: &View<'_>, b: &View<'_>, verdict: &mut Verdict) {
        let (x, y) = (a.candidate, b.candidate);
        if x.document == y.document || x.url.is_some() && x.url == y.url {
            verdict.contradictions.push(Rule::SameDocument);
        }
        let momentary = |c: &Candidate| c.causes.first().is_some_and(|c| self.rules.file.causes.momentary.contains(c));
        if let (Some(p), Some(q)) = (x.occurred, y.occurred)
            && p.0 == p.1
            && q.0 == q.1
            && gap(p.0, q.0) > 1
            && both(a, b, momentary)
        {
            verdict.contradictions.push(Rule::DifferentDays);
        }
        let one_day = verdict.has(Rule::SameOccurred) || verdict.has(Rule::SameDiscovered);
        let own_days = both(a, b, |c| c.tier == SourceTier::Official)
            && !one_day
            && matches!((a.notice, b.notice), (Some(p), Some(q)) if gap(p, q) > 1);
        if verdict.has(Rule::OtherFigure) && (verdict.has(Rule::OtherCause) || own_days) {
            verdict.contradictions.push(Rule::DifferentFirstNotices);
        }
    }
}

fn both(a: &View<'_>, b: &View<'_>, holds: impl Fn(&Candidate) -> bool) -> bool {
    holds(a.candidate) && holds(b.candidate)
}

fn codes(c: &Candidate) -> String {
    c.causes.iter().map(|c| c.code()).collect::<Vec<_>>().join(",")
}

fn headline(c: &Candidate) -> String {
    c.headline.as_ref().map_or_else(|| "–".to_owned(), |h| format!("{}{}", h.value, h.unit))
}

fn range((from, to): (Date, Date)) -> String {
    if from == to { from.to_string() } else { format!("{from}..{to}") }
}

fn overlap(a: (Date, Date), b: (Date, Date)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// Days between, whatever the order.
pub(crate) fn gap(a: Date, b: Date) -> i64 {
    (a.duration_since(b).as_hours() / 24).abs()
}

/// A date known to the month or year, where the same words name many incidents.
fn whole_months((from, to): (Date, Date)) -> bool {
    from != to && from.day() == 1 && to == to.last_of_month()
}
