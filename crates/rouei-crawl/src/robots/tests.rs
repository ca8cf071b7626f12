#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    robots: String,
    #[serde(default)]
    agent: Option<String>,
    /// `"path" = line that decides, 0 for none`; the sign of the answer stands in the list that holds it.
    #[serde(default)]
    allowed: Vec<(String, usize)>,
    #[serde(default)]
    denied: Vec<(String, usize)>,
    #[serde(default)]
    crawl_delay: Option<f64>,
}

fn check(case: &Case) {
    let agent = case.agent.as_deref().unwrap_or("rouei");
    for (expected, questions) in [(true, &case.allowed), (false, &case.denied)] {
        for (path, line) in questions {
            let decision = robots_decision(&case.robots, agent, &format!("http://site.example{path}"));
            let line = (*line > 0).then_some(*line);
            assert_eq!((decision.allowed, decision.line), (expected, line), "{}: {path}: {decision:?}", case.name);
        }
    }
    let delay = Robots::parse(case.robots.as_bytes(), agent).crawl_delay().map(|d| d.as_secs_f64());
    assert_eq!(delay, case.crawl_delay, "{}", case.name);
}

#[test]
fn cases() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    cases.case.iter().for_each(check);
    assert!(cases.case.len() >= 25);
}

#[test]
fn a_long_file_is_cut_at_a_line() {
    let mut text = String::from("User-agent: *\n");
    while text.len() < MAX_BYTES - 20 {
        text.push_str("Disallow: /x\n");
    }
    text.push_str("Disallow: /a-long-path-over-the-edge\nDisallow: /late\n");
    let robots = Robots::parse(text.as_bytes(), "rouei");
    let allowed = |path: &str| robots.decide(&Url::parse("http://a.example").unwrap().join(path).unwrap()).allowed;
    assert!(!allowed("/x"));
    assert!(allowed("/a-long-path-over-the-edge"));
    assert!(allowed("/late"));
}

proptest! {
    /// Google's matcher, by its port, agrees wherever RFC 9309 and Google do.
    #[test]
    fn agrees_with_google(
        lines in prop::collection::vec(("(user-agent|allow|disallow)", "(\\*|rouei|other|/[ab*$]{0,4}|/a/b)"), 0..8),
        path in "/[ab]{0,3}(/[ab]{0,2})?",
    ) {
        let mut text = String::new();
        for (key, value) in &lines {
            let is_agent = key == "user-agent";
            // A path as agent's name, or a name as path, is where the two differ by design.
            if is_agent != value.starts_with('/') && (is_agent || value.starts_with('/')) {
                text.push_str(&format!("{key}: {value}\n"));
            }
        }
        let url = format!("http://site.example{path}");
        let theirs = robotstxt::DefaultMatcher::default().one_agent_allowed_by_robots(&text, "rouei", &url);
        prop_assert_eq!(robots_decision(&text, "rouei", &url).allowed, theirs, "{}", text);
    }

    #[test]
    fn reads_anything(bytes in prop::collection::vec(any::<u8>(), 0..300), path in "\\PC{0,20}") {
        let robots = Robots::parse(&bytes, "rouei");
        if let Ok(url) = Url::parse("http://a.example/").and_then(|u| u.join(&path)) {
            let _ = robots.decide(&url);
        }
    }
}
