//! When two names are one organization.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{OrganizationKind, OrganizationLexicon};

/// Splits legal forms and a securities code off a name: `(name, legal form, ticker)`.
pub(super) fn split_name(
    lexicon: &OrganizationLexicon,
    raw: &str,
) -> (String, Option<String>, Option<String>, Option<OrganizationKind>) {
    let mut name = raw.trim().to_owned();
    let mut ticker = None;
    for (open, close) in [('<', '>'), ('(', ')'), ('【', '】')] {
        if let Some(inner) = name.strip_suffix(close)
            && let Some((before, code)) = inner.rsplit_once(open)
            && is_ticker(code)
        {
            ticker = Some(code.to_owned());
            name = before.trim().to_owned();
        }
    }
    let mut legal_form = None;
    let mut kind = None;
    for (form, form_kind) in &lexicon.legal_forms {
        let rest = name.strip_prefix(form.as_str()).or_else(|| name.strip_suffix(form.as_str()));
        if let Some(rest) = rest
            && !rest.trim().is_empty()
            // 北碧県公立大学法人: the form of a university is the name where only its place stands before it.
            && !(*form_kind == OrganizationKind::School
                && name.ends_with(form.as_str())
                && rest.ends_with(['都', '道', '府', '県', '市']))
        {
            legal_form.get_or_insert_with(|| form.clone());
            kind.get_or_insert(*form_kind);
            name = rest.trim().trim_start_matches(['「', '『']).trim_end_matches(['」', '』']).trim().to_owned();
        }
    }
    (name, legal_form, ticker, kind)
}

/// Four characters as the Japanese exchanges assign them: `9468`, since 2024 also `130A`.
pub(super) fn is_ticker(code: &str) -> bool {
    let code = code.trim_start_matches("コード番号:").trim_start_matches("証券コード:").trim();
    code.len() == 4
        && code.starts_with(|c: char| c.is_ascii_digit())
        && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// The name without prefecture, blanks, middle dots and case: what is compared.
#[must_use]
pub fn core_name(name: &str) -> String {
    let mut core = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '・' | '「' | '」' | '『' | '』' | '"' | '“' | '”' => {}
            _ if c.is_whitespace() => {}
            // Kana and kanji have no case.
            '\u{3000}'..='\u{9fff}' => core.push(c),
            _ => core.extend(c.to_lowercase()),
        }
    }
    for prefecture_end in ['県', '府', '都', '道'] {
        if let Some(at) = core.find(prefecture_end) {
            let rest = &core[at + prefecture_end.len_utf8()..];
            let head = core[..at].chars().count();
            // 北碧県灯台市, but neither 北碧県教育委員会 nor 北碧県立大学.
            if (2..=3).contains(&head) && rest.chars().count() >= 2 && rest.ends_with(['市', '町', '村', '区']) {
                core = rest.to_owned();
                break;
            }
        }
    }
    core
}

/// Whether two names may be read as one organization: equal, one an abbreviation of the other, or one inside the
/// other from its beginning.
#[must_use]
pub fn same_organization(a: &str, b: &str) -> bool {
    Compared::of(a).is_same(&Compared::of(b))
}

/// A name as it is compared, so that comparing it with many costs less.
#[derive(Debug)]
pub(super) struct Compared {
    /// Its core without 社: ミナモ社 is ミナモ. Empty where nothing of it is left.
    text: String,
    characters: usize,
}

impl Compared {
    pub(super) fn of(name: &str) -> Self {
        let text = without_company(&core_name(name));
        Self { characters: text.chars().count(), text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it ends as newspapers cut names: 霧影大.
    pub(super) fn is_cut(&self) -> bool {
        ABBREVIATIONS.short.iter().any(|rule| self.text.ends_with(rule.form.as_str()))
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        if self.text.is_empty() || other.text.is_empty() {
            return false;
        }
        let (short, long) = if self.characters <= other.characters { (self, other) } else { (other, self) };
        self.text == other.text || is_abbreviation(&short.text, &long.text)
    }
}

/// Whether two names are the same but for blanks, marks and 社.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (core_name(a), core_name(b));
    without_company(&a) == without_company(&b)
}

/// A letter stands for a name: A社, B大学, 自治体Y.
pub(crate) fn is_lettered(name: &str) -> bool {
    const LONGEST_KIND: usize = 4;
    let mut letters = name.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric());
    let (Some((at, letter)), None) = (letters.next(), letters.next()) else { return false };
    let behind = name[at + 1..].chars();
    let kana = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c);
    letter.is_ascii_uppercase() && behind.clone().count() <= LONGEST_KIND && !behind.clone().any(kana)
}

fn without_company(name: &str) -> String {
    let rules = &*ABBREVIATIONS;
    let founded = rules.founder.forms.iter().find_map(|founder| name.strip_prefix(founder.as_str()));
    let name = founded.filter(|rest| rest.chars().count() >= 3).unwrap_or(name);
    let company = name.strip_suffix('社').filter(|rest| rest.chars().count() >= 2);
    company
        .filter(|rest| !rules.company.own_words.iter().any(|w| rest.ends_with(w.as_str())))
        .unwrap_or(name)
        .to_owned()
}

/// What makes two names one, compiled in. A test parses the file, so what is here is never empty.
static ABBREVIATIONS: LazyLock<Abbreviations> = LazyLock::new(|| {
    let mut rules: Abbreviations = toml::from_str(ABBREVIATIONS_FILE).unwrap_or_default();
    for rule in &mut rules.short {
        rule.form = rule.form.to_lowercase();
        rule.long = rule.long.iter().map(|long| long.to_lowercase()).collect();
    }
    rules
});

const ABBREVIATIONS_FILE: &str = include_str!("abbreviations.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Abbreviations {
    short: Vec<Short>,
    founder: Forms,
    company: OwnWords,
    whole: Forms,
}

/// A suffix that newspapers cut, with what it was; examples and counterexamples are pairs of names.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Short {
    form: String,
    long: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    examples: Vec<(String, String)>,
    #[cfg_attr(not(test), allow(dead_code))]
    counterexamples: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    forms: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    examples: Vec<(String, String)>,
    #[cfg_attr(not(test), allow(dead_code))]
    counterexamples: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnWords {
    own_words: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    examples: Vec<(String, String)>,
    #[cfg_attr(not(test), allow(dead_code))]
    counterexamples: Vec<(String, String)>,
}

fn is_abbreviation(short: &str, long: &str) -> bool {
    if short.chars().count() < 2 {
        return false;
    }
    for rule in &ABBREVIATIONS.short {
        let Some(stem) = short.strip_suffix(rule.form.as_str()).filter(|stem| !stem.is_empty()) else { continue };
        let cut = rule.long.iter().filter_map(|full| long.strip_suffix(full.as_str()));
        if cut.into_iter().any(|long_stem| long_stem == stem || subsequence_from_start(stem, long_stem)) {
            return true;
        }
    }
    // ミナモ通信 ⊂ ミナモ通信サービス; ホシヅキ ⊂ ホシヅキコーポレーション. A town does not
    // abbreviate its school, nor a prefecture its board.
    if ABBREVIATIONS.whole.forms.iter().any(|end| short.ends_with(end.as_str())) {
        return long.ends_with(short);
    }
    long.starts_with(short) && short.chars().count() >= 3 || long.ends_with(short) && short.chars().count() >= 4
}

/// 日 → 日本, 早 → 早稲田: the characters in order, the first one first.
fn subsequence_from_start(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let mut first = true;
    for c in short.chars() {
        if first {
            if rest.next() != Some(c) {
                return false;
            }
            first = false;
        } else if !rest.any(|l| l == c) {
            return false;
        }
    }
    true
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_names() {
        for (name, lettered) in [
            ("A社", true),
            ("B大学", true),
            ("自治体Y", true),
            ("アパレルW社", true),
            ("Tポイント", false),
            ("IT協会", false),
            ("三笠野市", false),
            ("a社", false),
        ] {
            assert_eq!(is_lettered(name), lettered, "{name}");
        }
    }

    #[test]
    fn examples_of_abbreviations_hold() {
        let rules: Abbreviations = toml::from_str(ABBREVIATIONS_FILE).unwrap();
        let entries = [
            (&rules.founder.examples, &rules.founder.counterexamples),
            (&rules.company.examples, &rules.company.counterexamples),
            (&rules.whole.examples, &rules.whole.counterexamples),
        ];
        let entries = rules.short.iter().map(|s| (&s.examples, &s.counterexamples)).chain(entries);
        let mut wrong = Vec::new();
        for (examples, counterexamples) in entries {
            assert!(!examples.is_empty() && !counterexamples.is_empty());
            wrong.extend(examples.iter().filter(|(a, b)| !same_organization(a, b)));
            wrong.extend(counterexamples.iter().filter(|(a, b)| same_organization(a, b)));
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
