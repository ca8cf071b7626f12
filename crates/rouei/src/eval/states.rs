//! What a record says of the leak and of its page, beside organization, figure, cause and dates: leak status, event, stage,
//! kinds of data, card data, special-care data, and who speaks.

use std::collections::BTreeSet;

use super::gold::Case;
use super::kinds;
use super::prediction::{DataType, Disclosure, Prediction};
use super::scoring::{Found, Mark, Sheet};

/// Kinds that are 要配慮個人情報.
const SPECIAL_CARE: [&str; 2] = ["health", "special_care"];

/// Kinds that `card_data` sums up.
const CARD: [&str; 2] = ["card", "card_security_code"];

impl Sheet<'_> {
    /// Who speaks, on every page that discloses something.
    pub(super) fn source_tier(&mut self, case: &Case, prediction: Option<&Prediction>) {
        let Some(want) = &case.source_tier else { return };
        let got = prediction.filter(|p| !p.disclosures.is_empty()).and_then(|p| p.source_tier.as_deref());
        self.value("source_tier", got == Some(want), want, &Found { value: got, rule: "", confidence: None });
    }

    /// The rest, of the one record of a page.
    pub(super) fn states(&mut self, case: &Case, prediction: Option<&Prediction>) {
        let d = prediction.and_then(|p| p.disclosures.first()).cloned().unwrap_or_default();
        let rules = prediction.map_or(&[][..], |p| &p.status);
        // What no rule decided was left as it begins, or followed from the main cause.
        let rule = |table: &str| rules.iter().find(|r| r.starts_with(table)).map_or("", String::as_str);
        for (field, table, want, got) in [
            ("leak_status", "leak/", &case.leak_status, &d.leak_status),
            ("event", "event/", &case.event, &d.event),
            ("stage", "stage/", &case.stage, &d.stage),
        ] {
            if let Some(want) = want {
                let claim = Found { value: got.as_deref(), rule: rule(table), confidence: None };
                self.value(field, got.as_ref() == Some(want), want, &claim);
            }
        }
        if let Some(labels) = &case.data_types {
            self.kinds("data_types", &kinds::codes(labels), &d.kinds("leaked"));
        }
        if let Some(labels) = &case.data_denied {
            // Labels name the denials that matter: one more is wrong only of a kind that leaked.
            let wanted = kinds::codes(labels);
            let leaked = case.data_types.as_deref().map(kinds::codes).unwrap_or_default();
            let labelled = |code: &str| wanted.contains(code) || leaked.contains(code);
            let found: Vec<&DataType> = d.kinds("denied").into_iter().filter(|t| labelled(&t.code)).collect();
            self.kinds("data_types_denied", &wanted, &found);
        }
        self.card_data(case, &d);
        if let Some(labels) = &case.data_types {
            let wanted = kinds::codes(labels).iter().any(|code| SPECIAL_CARE.contains(code));
            let given = d.report_types.iter().any(|t| t == "special_care");
            self.flag("special_care", wanted, given);
        }
    }

    /// One comparison a kind that is labelled or found.
    fn kinds(&mut self, field: &'static str, wanted: &BTreeSet<&'static str>, found: &[&DataType]) {
        let got: BTreeSet<&str> = found.iter().map(|t| t.code.as_str()).collect();
        let all: BTreeSet<&str> = wanted.iter().copied().chain(got.iter().copied()).collect();
        for code in all {
            let claim = found.iter().find(|t| t.code == code);
            let (wanted, given) = (wanted.contains(code), claim.is_some());
            let mark = self.mark(
                field,
                if wanted { code } else { "none" },
                if given { code } else { "none" },
                claim.map_or("", |t| &t.rule),
            );
            let item = format!("{}/{code}", mark.item);
            let confidence = claim.and_then(|t| t.confidence);
            self.push(Mark { item, wanted, given, right: wanted && given, confidence, ..mark });
        }
    }

    /// Leaked, denied, or not spoken of. A denial is scored where the labels list denials.
    fn card_data(&mut self, case: &Case, d: &Disclosure) {
        let Some(leaked) = case.card_data else { return };
        let denies = |labels: &Vec<String>| kinds::codes(labels).iter().any(|code| CARD.contains(code));
        let want = match &case.data_denied {
            _ if leaked => Some("leaked"),
            Some(labels) => denies(labels).then_some("denied"),
            None => None,
        };
        let got = d.card_data.as_deref().filter(|g| *g == "leaked" || case.data_denied.is_some());
        let rule = d.kinds(got.unwrap_or_default()).into_iter().find(|t| CARD.contains(&t.code.as_str()));
        let claim = Found { value: got, rule: rule.map_or("", |t| &t.rule), confidence: None };
        match (want, got) {
            (Some(want), got) => {
                self.value("card_data", got == Some(want), want, &claim);
            }
            (None, Some(_)) => self.unwanted("card_data", false, &claim),
            (None, None) => {}
        }
    }

    /// Something that a record has or has not.
    fn flag(&mut self, field: &'static str, wanted: bool, given: bool) {
        let claim = Found { value: given.then_some("yes"), rule: "", confidence: None };
        match (wanted, given) {
            (true, _) => {
                self.value(field, given, "yes", &claim);
            }
            (false, true) => self.unwanted(field, false, &claim),
            (false, false) => {}
        }
    }
}

impl Disclosure {
    /// The kinds of data in a state.
    fn kinds(&self, state: &str) -> Vec<&DataType> {
        self.data_types.iter().filter(|t| t.state == state).collect()
    }
}
