//! What speaks against a class: a denial takes it down in the whole range, a title may say another than the text.

use std::collections::BTreeMap;

use rouei_model::CauseCode;

use super::lexicon::Force;
use super::scoring::{Denied, Hit};
use super::{CauseFinding, CauseLexicon, Contradiction, DeniedCause};

/// A cue of at least this weight states its class.
const STATES: f64 = 3.0;
/// What a denied class has to have elsewhere in the text, after all that stands around it.
const STANDS: f64 = 1.5;
/// What the text has to say for a class that goes before that of the title.
const ACCOUNT: f64 = 3.0;
/// How sure the main class can be where the title says another one.
const TORN: f64 = 0.3;

/// Takes out the hits of classes that the document denies, and says which those are.
///
/// A class stands where another sentence of the text states it; where only the title does, it falls if the text says that
/// it was something else (ではなく), not if nothing was found.
pub(super) fn take_down(lexicon: &CauseLexicon, hits: &mut Vec<Hit>, denied: Vec<Denied>) -> Vec<DeniedCause> {
    let mut out: Vec<DeniedCause> = Vec::new();
    for denial in denied {
        let concludes = denial.force == Force::Concludes;
        let states = |hit: &Hit| hit.code == denial.code && !hit.doubted && hit.own >= STATES;
        let in_text = |hit: &Hit| {
            let elsewhere = hit.sentence != denial.sentence || !concludes;
            states(hit) && !hit.title && elsewhere && hit.weight >= STANDS
        };
        let stands = hits.iter().any(|hit| in_text(hit) || (states(hit) && hit.title && !concludes));
        if stands {
            continue;
        }
        let in_title = hits.iter().any(|hit| hit.code == denial.code && hit.title && hit.own >= STATES);
        hits.retain(|hit| hit.code != denial.code);
        match out.iter_mut().find(|d| d.code == denial.code) {
            Some(known) => known.in_title |= in_title,
            None => out.push(DeniedCause {
                code: denial.code,
                label: lexicon.labels.get(&denial.code).cloned().unwrap_or_default(),
                span: denial.span,
                in_title,
            }),
        }
    }
    out
}

/// The class of the title, where the text says nothing of it and tells of one that cannot be meant by it.
pub(super) fn contradiction(lexicon: &CauseLexicon, hits: &[Hit], denied: &[DeniedCause]) -> Option<Contradiction> {
    let mut account: BTreeMap<CauseCode, f64> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| !hit.title && !hit.effect) {
        let best = account.entry(hit.code).or_default();
        *best = best.max(hit.weight);
    }
    let (&body, &weight) = account.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    if weight < ACCOUNT {
        return None;
    }
    let titles = |code: CauseCode| hits.iter().any(|hit| hit.title && hit.code == code);
    if let Some(denied) = denied.iter().find(|d| d.in_title) {
        return Some(Contradiction { title: denied.code, body });
    }
    let said = |code: CauseCode| hits.iter().any(|hit| !hit.title && hit.code == code);
    if hits.iter().any(|hit| hit.title && said(hit.code)) {
        return None;
    }
    let other = lexicon.contradictions.iter().find(|c| titles(c.title) && c.body.contains(&body))?;
    Some(Contradiction { title: other.title, body })
}

/// Puts what the text says first, less sure than it would be.
pub(super) fn settle(findings: &mut Vec<CauseFinding>, contradiction: Contradiction) {
    let Some(at) = findings.iter().position(|f| f.code == contradiction.body) else { return };
    let first = findings.remove(at);
    findings.insert(0, first);
    if let Some(first) = findings.first_mut() {
        first.confidence = first.confidence.min(TORN);
    }
}
