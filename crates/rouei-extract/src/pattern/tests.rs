use proptest::prelude::*;

use super::*;

#[test]
fn only_numbered_groups_are_opened() {
    for (pattern, want) in [
        ("紛失", "紛失"),
        ("(鍵|(金)庫)を", "(?:鍵|(?:金)庫)を"),
        (r"\((?:a|b)[(](?i)c(d)", r"\((?:a|b)[(](?i)c(?:d)"),
        ("(?<name>a)(b)", "(?<name>a)(?:b)"),
    ] {
        assert_eq!(ungrouped(pattern).as_deref(), Some(want), "{pattern}");
    }
    assert_eq!(ungrouped("("), None);
}

/// Every pattern of every lexicon, whatever its key.
fn lexicon_patterns() -> Vec<String> {
    fn strings(value: &toml::Value, out: &mut Vec<String>) {
        match value {
            toml::Value::String(text) => out.push(text.clone()),
            toml::Value::Array(values) => values.iter().for_each(|v| strings(v, out)),
            toml::Value::Table(table) => table.values().for_each(|v| strings(v, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for text in [
        include_str!("../causes/lexicon.toml"),
        include_str!("../counts/lexicon.toml"),
        include_str!("../data_types/lexicon.toml"),
        include_str!("../dates/lexicon.toml"),
        include_str!("../judgement/lexicon.toml"),
        include_str!("../roles/lexicon.toml"),
        include_str!("../status/lexicon.toml"),
    ] {
        strings(&toml::Value::Table(text.parse().unwrap()), &mut out);
    }
    out
}

fn assert_same(ours: &Regex, theirs: &regex::Regex, text: &str) {
    let pattern = ours.as_str();
    assert_eq!(ours.is_match(text), theirs.is_match(text), "is_match {pattern} in {text}");
    let got: Vec<(usize, usize)> = ours.find_iter(text).map(|m| (m.start(), m.end())).collect();
    let want: Vec<(usize, usize)> = theirs.find_iter(text).map(|m| (m.start(), m.end())).collect();
    assert_eq!(got, want, "find {pattern} in {text}");
    if let Some(at) = text.char_indices().map(|(at, _)| at).nth(3) {
        let got = ours.find_at(text, at).map(|m| (m.start(), m.end()));
        assert_eq!(got, theirs.find_at(text, at).map(|m| (m.start(), m.end())), "find_at {pattern} in {text}");
    }
}

/// The strings of a lexicon are its patterns and the sentences of its examples: each against a part of the others.
#[test]
fn lexicon_patterns_match_as_the_library_says() {
    let strings = lexicon_patterns();
    let special = |s: &str| s.contains(['(', '[', '|', '?', '^', '$']);
    let patterns: Vec<(Regex, regex::Regex)> = strings
        .iter()
        .filter(|s| special(s))
        .filter_map(|s| Some((compile(s).ok()?, regex::Regex::new(s).ok()?)))
        .collect();
    let sentences: Vec<&String> = strings.iter().filter(|s| s.chars().count() > 8).collect();
    assert!(patterns.len() > 300 && sentences.len() > 1000, "{} {}", patterns.len(), sentences.len());
    for (number, (ours, theirs)) in patterns.iter().enumerate() {
        for text in sentences.iter().skip(number % 23).step_by(23) {
            assert_same(ours, theirs, text);
        }
    }
}

#[test]
fn hard_cases_match_as_the_library_says() {
    let patterns = [
        "",
        "^",
        "$",
        "a*",
        "a*b",
        "(?:ab)*c",
        "(?:ab|a)(?:c|bcd)(?:d*)",
        "a+?b",
        "(?:a|ab)(?:c|bcd)",
        "[^b]{0,3}b",
        "(?:あ|い)+う",
        "^あ|い$",
        "(?:あい){2,3}",
        "あ??い",
        "(?:あ|)い",
        "(?i)aB",
        r"\bab\b",
        r"\d{2,}件",
        r"(?:^|[^あ])い",
        "(?:あ*)*い",
        "(?s).{0,2}う",
        "[^あ]*?い",
        "あ{2}",
        "(?:あ{1,2}い?){2}",
        "い?$",
        "(?:(?:あ)?い)?$",
        "^あ*$",
    ];
    let texts = [
        "",
        "a",
        "ab",
        "abc",
        "abab",
        "ababc",
        "abcd",
        "aab",
        "あ",
        "い",
        "あい",
        "ああいう",
        "いあいう",
        "ああああ",
        "Ab ab",
        "12件と345件",
        "うあい\nう",
        "あいあいあい",
        "bbb",
        "aabbab",
    ];
    for pattern in patterns {
        let (ours, theirs) = (compile(pattern).unwrap(), regex::Regex::new(pattern).unwrap());
        for text in texts {
            assert_same(&ours, &theirs, text);
        }
    }
}

/// Without the second automaton, `(?:a|aa)+$` takes two to the power of the length.
#[test]
fn no_search_takes_for_ever() {
    let pattern = compile("(?:a|aa)+b").unwrap();
    let text = "a".repeat(50_000);
    assert!(!pattern.is_match(&text));
    assert!(compile("(?:[^。]{0,40}(?:あ|い)){3}う").unwrap().find(&"あ".repeat(20_000)).is_none());
}

proptest! {
    #[test]
    fn any_pattern_matches_as_the_library_says(
        pattern in "(\\(\\?:|[あいab。]|\\[\\^あ\\]|\\[aい\\]|\\||\\)|\\?|\\*|\\{0,2\\}|\\{2\\}|\\+|\\^|\\$){1,12}",
        text in "[あいab。]{0,12}",
    ) {
        if let (Ok(ours), Ok(theirs)) = (compile(&pattern), regex::Regex::new(&pattern)) {
            assert_same(&ours, &theirs, &text);
        }
    }
}
