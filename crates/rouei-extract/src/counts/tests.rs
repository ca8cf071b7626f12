#![allow(clippy::unwrap_used)]

use rouei_text::normalize::Normalized;
use serde::Deserialize;

use super::examples::places_of;
use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
    headline: Vec<HeadlineCase>,
}

/// `counts` lists every accepted finding: value and unit, then bound, flags, and optionally scope and subject.
/// `rejected` lists some of the others: value and rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    counts: Vec<String>,
    #[serde(default)]
    rejected: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadlineCase {
    text: String,
    #[serde(default)]
    follow_up: bool,
    want: String,
}

fn cases() -> Cases {
    toml::from_str(include_str!("cases.toml")).unwrap()
}

fn normalized(text: &str) -> String {
    // The layout signs of `places_of` are not text.
    let fold = |part: &str| Normalized::of_text(part).text;
    let line = |line: &str| match line.strip_prefix("# ") {
        Some(heading) => format!("# {}", fold(heading)),
        None => {
            let cells = |l: &str| l.split(" | ").map(fold).collect::<Vec<_>>().join(" | ");
            line.split('\t').map(cells).collect::<Vec<_>>().join("\t")
        }
    };
    text.trim_end().split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn strict_flags(f: &CountFinding) -> Vec<String> {
    let mut flags = Vec::new();
    if f.bound != Bound::Exact {
        flags.push(f.bound.code().to_owned());
    }
    for (on, name) in [
        (f.approx, "approx"),
        (f.cumulative, "cumulative"),
        (f.deduplicated, "dedup"),
        (f.part_of.is_some(), "part"),
        (f.superseded, "superseded"),
    ] {
        if on {
            flags.push(name.to_owned());
        }
    }
    if let Some(max) = f.max_value {
        flags.push(format!("max:{max}"));
    }
    flags
}

fn render(f: &CountFinding) -> String {
    match (f.undisclosed, f.value) {
        (Some(reason), _) => reason.code().to_owned(),
        (None, value) => format!("{}{}", value.unwrap_or(0), f.unit),
    }
}

fn agrees(f: &CountFinding, want: &str) -> bool {
    let mut words = want.split_whitespace();
    if words.next() != Some(render(f).as_str()) {
        return false;
    }
    let mut flags = strict_flags(f);
    for word in words {
        if let Some(at) = flags.iter().position(|flag| flag == word) {
            flags.remove(at);
        } else if word != f.scope.code() && word != f.subject.code() && !(word == "total" && f.total) {
            return false;
        }
    }
    flags.is_empty()
}

fn describe(findings: &[CountFinding]) -> String {
    let line = |f: &CountFinding| {
        format!(
            "  {} {} {} {} {}\n",
            render(f),
            strict_flags(f).join(" "),
            f.scope.code(),
            f.subject.code(),
            f.rejected.as_deref().map_or(String::new(), |r| format!("!{r}"))
        )
    };
    findings.iter().map(line).collect()
}

fn check(case: &Case, lexicon: &CountLexicon) -> Result<(), String> {
    let text = normalized(&case.text);
    let mut places = places_of(&text);
    head_values(&mut places, lexicon);
    units_behind(&mut places, lexicon);
    let findings = find_in(&places, lexicon);
    let accepted: Vec<&CountFinding> = findings.iter().filter(|f| f.rejected.is_none()).collect();
    let same =
        accepted.len() == case.counts.len() && accepted.iter().zip(&case.counts).all(|(f, want)| agrees(f, want));
    let missing = case.rejected.iter().find(|want| {
        let (value, rule) = want.split_once('!').unwrap();
        !findings.iter().any(|f| f.rejected.as_deref() == Some(rule) && f.value == value.parse().ok())
    });
    if same && missing.is_none() {
        return Ok(());
    }
    Err(format!("{}\n want {:?} {missing:?}\n got\n{}", case.text, case.counts, describe(&findings)))
}

fn check_headline(case: &HeadlineCase, lexicon: &CountLexicon) -> Result<(), String> {
    let text = normalized(&case.text);
    let mut places = places_of(&text);
    head_values(&mut places, lexicon);
    let findings = find_in(&places, lexicon);
    let got =
        headline::headline(&findings, HeadlineContext { follow_up: case.follow_up, ..HeadlineContext::default() });
    let shown = got.as_ref().map_or("none".to_owned(), |h| {
        let mut out = format!("{}{}", h.value, h.unit);
        if h.bound != Bound::Exact {
            out = format!("{out} {}", h.bound.code());
        }
        if h.approx {
            out.push_str(" approx");
        }
        format!("{out} {}", h.derived.code())
    });
    if shown == case.want {
        return Ok(());
    }
    Err(format!("{}\n want {}\n got  {shown}\n{}", case.text, case.want, describe(&findings)))
}

#[test]
fn every_example_of_the_lexicon_shows_its_entry() {
    let errors = CountLexicon::embedded().unwrap().check_examples();
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{} wrong:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn findings_of_the_cases() {
    let lexicon = CountLexicon::embedded().unwrap();
    let wrong: Vec<String> = cases().case.iter().filter_map(|c| check(c, &lexicon).err()).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn headlines_of_the_cases() {
    let lexicon = CountLexicon::embedded().unwrap();
    let wrong: Vec<String> = cases().headline.iter().filter_map(|c| check_headline(c, &lexicon).err()).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_broken_entry_is_named() {
    let broken = include_str!("lexicon.toml").replacen("value = \"possible\"", "value = \"perhaps\"", 1);
    let message = CountLexicon::parse(&broken).unwrap_err().to_string();
    assert!(message.contains("entry possible") && message.contains("perhaps"), "{message}");
    let unknown = include_str!("lexicon.toml").replacen("not_before =", "not_befor =", 1);
    let message = CountLexicon::parse(&unknown).unwrap_err().to_string();
    assert!(message.contains("entry person") && message.contains("not_befor"), "{message}");
}

#[test]
fn nothing_panics_on_odd_text() {
    let lexicon = CountLexicon::embedded().unwrap();
    for text in [
        "",
        "約",
        "最大",
        "1",
        "うち",
        "9,,9件",
        "うち1件うち1件",
        "(((1人",
        "999999999999999999999人",
        "1~件",
        "件数\t",
    ] {
        let findings = find_in(&places_of(text), &lexicon);
        let _ = headline::headline(&findings, HeadlineContext::default());
    }
}
