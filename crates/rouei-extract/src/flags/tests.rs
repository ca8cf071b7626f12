use rouei_model::{CauseCodings, DataTypeClaim, Derivation, Event, Stage};

use super::*;

fn organization(role: OrganizationRole, name: &str) -> OrganizationClaim {
    OrganizationClaim {
        id: "o1".into(),
        name: name.into(),
        canonical: name.into(),
        legal_form: None,
        ticker: None,
        aliases: Vec::new(),
        role,
        anonymised: false,
        confidence: 0.9,
        rule: "r".into(),
        evidence: Vec::new(),
    }
}

/// `最大1500人`, `約2万人`, `120枚/card`; a figure of its own is the headline.
fn count(text: &str) -> CountClaim {
    let (text, subject) = text.split_once('/').unwrap_or((text, "personal_data"));
    let (cumulative, text) = text.strip_prefix("延べ").map_or((false, text), |rest| (true, rest));
    let (most, text) = text.strip_prefix("最大").map_or((false, text), |rest| (true, rest));
    let (approx, text) = text.strip_prefix('約').map_or((false, text), |rest| (true, rest));
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    let (times, rest) = rest.strip_prefix('万').map_or((1, rest), |rest| (10_000, rest));
    let bounds = [("超", Bound::Over), ("以上", Bound::AtLeast), ("未満", Bound::Under)];
    let ends = bounds.iter().find_map(|(word, bound)| Some((rest.strip_suffix(word)?, *bound)));
    let (unit, bound) = ends.unwrap_or((rest, if most { Bound::AtMost } else { Bound::Exact }));
    CountClaim {
        id: "c1".into(),
        value: Some(digits.parse::<u64>().unwrap() * times),
        max_value: None,
        unit: unit.into(),
        bound,
        approx,
        cumulative,
        scope: CountScope::Unstated,
        subject: CountSubject::from_code(subject).unwrap(),
        part_of: None,
        undisclosed: None,
        as_of: None,
        confidence: 0.9,
        rule: "r".into(),
        evidence: Vec::new(),
    }
}

fn headline(count: &CountClaim) -> HeadlineCount {
    HeadlineCount {
        claim: Some(count.id.clone()),
        value: count.value.unwrap(),
        unit: count.unit.clone(),
        bound: count.bound,
        approx: count.approx,
        scope: count.scope,
        derived: Derivation::Stated,
        confidence: 0.9,
    }
}

/// Claims in short, as the head of `flags.toml` has them.
fn record(text: &str) -> Disclosure {
    let mut d = Disclosure {
        id: "d".into(),
        organizations: Vec::new(),
        counts: Vec::new(),
        headline_count: None,
        causes: Vec::new(),
        dates: Vec::new(),
        data_types: Vec::new(),
        card_data: None,
        leak_status: None,
        event: Event::Incident,
        stage: Stage::First,
        report_types: Vec::new(),
        effect: Vec::new(),
        leaked_by: None,
        confidence: 0.9,
        needs_review: false,
        issues: Vec::new(),
    };
    for word in text.split_whitespace() {
        let (kind, state) = word.strip_prefix('!').map_or((word, DataState::Leaked), |kind| (kind, DataState::Denied));
        // `loss` is a cause; no status and no kind of data is called like one.
        if let Some(code) = CauseCode::from_code(word) {
            d.causes.push(rouei_model::CauseClaim {
                id: "k1".into(),
                code,
                label: String::new(),
                source_label: None,
                codings: CauseCodings::default(),
                vulnerabilities: Vec::new(),
                confidence: 0.9,
                rule: "r".into(),
                evidence: Vec::new(),
            });
        } else if let Some(status) = LeakStatus::from_code(word) {
            d.leak_status = Some(status);
        } else if let Some(code) = DataTypeCode::from_code(kind) {
            d.data_types.push(DataTypeClaim { code, state, confidence: 0.9, rule: "r".into(), evidence: Vec::new() });
        } else if let Some(form) = word.strip_prefix("legal_form=") {
            d.organizations.last_mut().unwrap().legal_form = Some(form.into());
        } else if let Some((role, name)) = word.split_once('=') {
            d.organizations.push(organization(OrganizationRole::from_code(role).unwrap(), name));
        } else {
            let count = count(word);
            d.headline_count = Some(headline(&count));
            d.counts.push(count);
        }
    }
    derive(&mut d);
    d
}

/// Whether the examples hold and the counterexamples do not; what is wrong, in words.
fn wrong(entry: &str, tried: &Tried, holds: impl Fn(&str) -> bool) -> Vec<String> {
    assert!(!tried.examples.is_empty() && !tried.counterexamples.is_empty(), "{entry} shows nothing");
    let missed = tried.examples.iter().filter(|text| !holds(text)).map(|text| format!("{entry}: not {text}"));
    let taken = tried.counterexamples.iter().filter(|text| holds(text)).map(|text| format!("{entry}: {text}"));
    missed.chain(taken).collect()
}

#[test]
fn every_entry_does_as_its_examples_say() {
    let table = parse(include_str!("flags.toml")).unwrap();
    let mut all = Vec::new();
    for rule in &table.report_type {
        all.extend(wrong(rule.code.code(), &rule.tried, |text| record(text).report_types.contains(&rule.code)));
    }
    for rule in &table.effect {
        all.extend(wrong(rule.code.code(), &rule.tried, |text| record(text).effect.contains(&rule.code)));
    }
    for rule in &table.leaked_by {
        all.extend(wrong(rule.code.code(), &rule.tried, |text| record(text).leaked_by == Some(rule.code)));
    }
    for rule in &table.name {
        all.extend(wrong(&rule.id, &rule.tried, |name| rule.matches(name)));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert_eq!(table.report_type.iter().map(|r| r.code).collect::<Vec<_>>(), ReportType::ALL);
    assert_eq!(table.effect.iter().map(|r| r.code).collect::<Vec<_>>(), Effect::ALL);
    assert_eq!(table.leaked_by.len(), LeakedBy::ALL.len());
}

#[test]
fn a_figure_beside_the_headline_counts_where_its_scope_is_stated() {
    let mut d = record("misdelivery confirmed 300人");
    d.counts.push(CountClaim { id: "c2".into(), scope: CountScope::Possible, ..count("1500人") });
    derive(&mut d);
    assert_eq!(d.report_types, [ReportType::Over1000]);
    d.counts[1].scope = CountScope::Unstated;
    derive(&mut d);
    assert_eq!(d.report_types, []);
}

#[test]
fn nothing_is_known_of_a_silent_record() {
    let d = record("");
    assert_eq!((d.report_types, d.effect, d.leaked_by), (vec![], vec![], None));
}

#[test]
fn several_flags_stand_in_the_order_of_the_vocabulary() {
    let d = record("ransomware possible health card 1200人 victim=灯台市 contractor=灯台印刷");
    assert_eq!(d.report_types, ReportType::ALL);
    assert_eq!(d.effect, [Effect::Leak, Effect::Damage]);
    assert_eq!(d.leaked_by, Some(LeakedBy::Contractor));
    assert_eq!(d.causes[0].codings.veris.as_deref(), Some("malware, Ransomware"));
}

#[test]
fn a_key_that_nobody_reads_is_an_error() {
    let text = include_str!("flags.toml");
    for entry in ["[[report_type]]\n", "[[effect]]\n", "[[leaked_by]]\n", "[[name]]\n"] {
        assert!(parse(&text.replacen(entry, &format!("{entry}colour = 1\n"), 1)).is_err(), "{entry}");
    }
}
