//! One line of JSON a sentence. `start` and `end` count Unicode code points of the sentence as given.

use rouei_extract::Explanation;
use rouei_extract::counts::CountFinding;
use rouei_extract::dates::DateFinding;
use rouei_model::Span;
use serde_json::{Value, json};

use super::{code, role};

/// What was found in `sentence`. `counts` and `dates` are those that stand; numbers and dates that are none of the
/// incident's are in `rejected` with the rule that says so.
pub(super) fn line(sentence: &str, explanation: &Explanation) -> Value {
    let reason = |(rule, weight): &(String, f64)| json!({"rule": rule, "weight": weight});
    let counts = explanation.counts.iter().filter(|c| c.rejected.is_none());
    let dates = explanation.dates.iter().filter(|d| d.rejected.is_none());
    let tokens = explanation
        .tokens
        .iter()
        .map(|t| json!({"surface": &explanation.text()[t.start..t.end], "class": code(t.class), "known": t.known}));
    json!({
        "text": sentence,
        "normalized": explanation.text(),
        "disclosure": explanation.judgement.is_disclosure(),
        "score": explanation.judgement.score,
        "reasons": explanation.judgement.reasons.iter().map(reason).collect::<Vec<_>>(),
        "organizations": organizations(explanation),
        "counts": counts.map(|c| count(explanation, c)).collect::<Vec<_>>(),
        "dates": dates.map(|d| date(explanation, d)).collect::<Vec<_>>(),
        "rejected": rejected(explanation),
        "causes": causes(explanation),
        "data_types": data_types(explanation),
        "leak_status": explanation.status.leak_status,
        "event": explanation.status.event,
        "stage": explanation.status.stage,
        "status_rules": explanation.status.rules,
        "tokens": tokens.collect::<Vec<_>>(),
    })
}

fn organizations(explanation: &Explanation) -> Vec<Value> {
    let mention = |(index, found): (usize, &rouei_extract::organizations::OrganizationFinding)| {
        let (role, rule) = role(explanation, index).unzip();
        let value = json!({
            "name": found.name,
            "legal_form": found.legal_form,
            "ticker": found.ticker,
            "kind": code(found.kind),
            "mention": code(found.mention),
            "role": role,
            "rule": rule,
        });
        placed(explanation, found.span, value)
    };
    explanation.mentions.iter().enumerate().map(mention).collect()
}

fn count(explanation: &Explanation, count: &CountFinding) -> Value {
    let whole = count.part_of.and_then(|p| explanation.counts.get(p)).filter(|w| w.rejected.is_none());
    let value = json!({
        "value": count.value,
        "max_value": count.max_value,
        "unit": count.unit,
        "bound": count.bound,
        "approx": count.approx,
        "cumulative": count.cumulative,
        "scope": count.scope,
        "subject": count.subject,
        "part_of": whole.map(|w| explanation.evidence(w.span)),
        "undisclosed": count.undisclosed,
        "confidence": count.confidence,
        "rule": format!("count/{}", count.rule),
    });
    placed(explanation, count.span, value)
}

fn date(explanation: &Explanation, date: &DateFinding) -> Value {
    let value = json!({
        "kind": date.kind,
        "date_from": date.from,
        "date_to": date.to,
        "precision": date.precision,
        "doubtful": date.doubtful,
        "confidence": date.confidence,
        "rule": format!("date/{}", date.rule),
    });
    placed(explanation, date.span, value)
}

fn rejected(explanation: &Explanation) -> Vec<Value> {
    let counts = explanation.counts.iter().filter_map(|c| {
        let value = json!({"field": "counts", "value": c.value, "unit": c.unit, "reason": c.rejected.as_deref()?});
        Some(placed(explanation, c.span, value))
    });
    let dates = explanation.dates.iter().filter_map(|d| {
        let value = json!({"field": "dates", "value": d.from, "reason": d.rejected.as_deref()?});
        Some(placed(explanation, d.span, value))
    });
    counts.chain(dates).collect()
}

fn causes(explanation: &Explanation) -> Vec<Value> {
    let cause = |c: &rouei_extract::causes::CauseFinding| {
        let evidence: Vec<_> = c.spans.iter().map(|&s| explanation.evidence(s)).collect();
        json!({
            "code": c.code,
            "label": c.label,
            "confidence": c.confidence,
            "rule": format!("cause/{}", c.rule),
            "evidence": evidence,
        })
    };
    explanation.causes.iter().map(cause).collect()
}

fn data_types(explanation: &Explanation) -> Vec<Value> {
    let kind = |d: &rouei_extract::data_types::DataTypeFinding| {
        placed(explanation, d.span, json!({"code": d.code, "state": d.state, "rule": format!("data_type/{}", d.rule)}))
    };
    explanation.data_types.iter().map(kind).collect()
}

/// Adds `start`, `end` and `quote`.
fn placed(explanation: &Explanation, span: Span, mut value: Value) -> Value {
    let evidence = explanation.evidence(span);
    value["start"] = json!(evidence.start);
    value["end"] = json!(evidence.end);
    value["quote"] = json!(evidence.quote);
    value
}
