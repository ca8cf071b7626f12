//! Records as they stand, with what follows from their claims: the machine's, under a reviewer's corrections.

use rouei_model::{
    Bound, CauseClaim, CauseCodings, CountScope, CountSubject, Derivation, Disclosure, HeadlineCount,
    OrganizationClaim, OrganizationRole,
};
use rouei_store::{DisclosureRow, MachineValues, StandingRecord};

/// Who decided a claim that no rule found.
const RULE: &str = "review";

/// The record with the values of its reviewers, and with the codings, report types, effect and party that follow.
pub fn standing(record: &StandingRecord, machine: &MachineValues) -> Disclosure {
    let row = &record.row;
    let mut d = record.machine.clone();
    if row.organization != machine.organization {
        d.organizations.retain(|o| o.role != OrganizationRole::Victim);
        d.organizations.extend(victim(row));
    }
    if row.cause != machine.cause {
        d.causes = row.cause.map(|code| cause(code, row.confidence)).into_iter().collect();
    }
    let stands = (row.headline_value, &row.headline_unit, row.headline_bound, row.headline_approx);
    if stands != (machine.headline_value, &machine.headline_unit, machine.headline_bound, machine.headline_approx) {
        // A figure that a person set outweighs whatever else the machine counted; cards stand beside it.
        d.counts.retain(|c| c.subject == CountSubject::Card);
        d.headline_count = headline(row);
    }
    rouei_extract::flags::derive(&mut d);
    d
}

fn victim(row: &DisclosureRow) -> Option<OrganizationClaim> {
    let name = row.organization.clone()?;
    Some(OrganizationClaim {
        id: "o0".to_owned(),
        canonical: row.organization_canonical.clone().unwrap_or_else(|| name.clone()),
        name,
        legal_form: None,
        ticker: None,
        aliases: Vec::new(),
        role: OrganizationRole::Victim,
        anonymised: false,
        confidence: row.confidence,
        rule: RULE.to_owned(),
        evidence: Vec::new(),
    })
}

fn cause(code: rouei_model::CauseCode, confidence: f64) -> CauseClaim {
    CauseClaim {
        id: "k0".to_owned(),
        code,
        label: code.code().to_owned(),
        source_label: None,
        codings: CauseCodings::default(),
        vulnerabilities: Vec::new(),
        confidence,
        rule: RULE.to_owned(),
        evidence: Vec::new(),
    }
}

fn headline(row: &DisclosureRow) -> Option<HeadlineCount> {
    Some(HeadlineCount {
        claim: None,
        value: row.headline_value?,
        unit: row.headline_unit.clone().unwrap_or_default(),
        bound: row.headline_bound.unwrap_or(Bound::Exact),
        approx: row.headline_approx.unwrap_or(false),
        scope: row.headline_scope.unwrap_or(CountScope::Unstated),
        derived: row.headline_derived.unwrap_or(Derivation::Stated),
        confidence: row.confidence,
    })
}
