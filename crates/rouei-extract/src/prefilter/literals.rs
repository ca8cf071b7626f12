//! Which strings a match of a pattern must hold, read off the pattern (as RE2's FilteredRE2 does).

use regex_syntax::hir::{Class, Hir, HirKind};

/// Strings of one requirement; more cost more than they save.
const MOST_STRINGS: usize = 256;
/// Characters of a class that are spelled out.
const MOST_OF_CLASS: usize = 8;
/// Requirements of one branch of a pattern, the most telling ones.
pub(super) const MOST_REQUIREMENTS: usize = 4;

/// Strings of which every match holds at least one.
pub(super) type Requirement = Vec<String>;
/// One alternative of a pattern: all of its requirements are met wherever it matches.
pub(super) type Branch = Vec<Requirement>;

/// The alternatives of a pattern with what each requires; none where one of them requires nothing.
pub(super) fn required(pattern: &str) -> Option<Vec<Branch>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut top = &hir;
    while let HirKind::Capture(capture) = top.kind() {
        top = &capture.sub;
    }
    let branches: Vec<&Hir> = match top.kind() {
        HirKind::Alternation(parts) => parts.iter().collect(),
        _ => vec![top],
    };
    branches.into_iter().map(branch).collect()
}

/// What one alternative requires; none where nothing.
fn branch(hir: &Hir) -> Option<Branch> {
    let mut requirements = match hir.kind() {
        HirKind::Concat(parts) => concat(parts).1,
        _ => best(&analyse(hir)).into_iter().collect(),
    };
    requirements.retain(|strings| strings.len() <= MOST_STRINGS && strings.iter().all(|s| !s.is_empty()));
    requirements.sort_by_key(|strings| std::cmp::Reverse(telling(strings)));
    // に, へ and the like stand everywhere: they cost a hit at each place and rule out next to nothing.
    let particle = |strings: &Requirement| strings.iter().any(|s| s.len() <= 3 && s.chars().all(is_hiragana));
    if requirements.iter().any(|strings| !particle(strings)) {
        requirements.retain(|strings| !particle(strings));
    }
    requirements.truncate(MOST_REQUIREMENTS);
    (!requirements.is_empty()).then_some(requirements)
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
}

/// What is known of the matches of a part of a pattern.
#[derive(Clone, Default)]
struct Known {
    /// All of them, where they are few.
    exact: Option<Vec<String>>,
    /// Strings of which each holds one.
    required: Option<Vec<String>>,
}

fn exactly(strings: Vec<String>) -> Known {
    Known { exact: Some(strings), required: None }
}

fn analyse(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => exactly(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => exactly(vec![text.to_owned()]),
            Err(_) => Known::default(),
        },
        HirKind::Class(Class::Unicode(class)) => {
            let chars: Vec<String> =
                class.iter().flat_map(|r| r.start()..=r.end()).take(MOST_OF_CLASS + 1).map(String::from).collect();
            if chars.len() <= MOST_OF_CLASS { exactly(chars) } else { Known::default() }
        }
        HirKind::Class(Class::Bytes(_)) => Known::default(),
        HirKind::Capture(capture) => analyse(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = analyse(&repetition.sub);
            match (repetition.min, repetition.max) {
                (0, Some(1)) => Known {
                    exact: sub.exact.map(|mut strings| {
                        strings.push(String::new());
                        strings
                    }),
                    required: None,
                },
                (0, _) => Known::default(),
                (1, Some(1)) => sub,
                _ => Known { exact: None, required: best(&sub) },
            }
        }
        HirKind::Alternation(parts) => {
            let parts: Vec<Known> = parts.iter().map(analyse).collect();
            let union = |of: fn(&Known) -> Option<Vec<String>>| {
                let lists: Option<Vec<Vec<String>>> = parts.iter().map(of).collect();
                lists.map(|l| l.into_iter().flatten().collect::<Vec<_>>()).filter(|l| l.len() <= MOST_STRINGS)
            };
            Known { exact: union(|k| k.exact.clone()), required: union(best) }
        }
        HirKind::Concat(parts) => concat(parts).0,
    }
}

/// Neighbours of which all matches are known are joined; of the strings so found the most telling ones are kept. Beside
/// what is known of the whole stands every requirement that was met on the way.
fn concat(parts: &[Hir]) -> (Known, Vec<Requirement>) {
    let mut run = vec![String::new()];
    let mut all_exact = true;
    let mut found: Vec<Requirement> = Vec::new();
    let mut offer = |strings: Option<Vec<String>>| {
        found.extend(strings.filter(|s| s.iter().all(|s| !s.is_empty())));
    };
    for part in parts {
        let known = analyse(part);
        match known.exact {
            Some(own) if own.len() * run.len() <= MOST_STRINGS => {
                run = run.iter().flat_map(|a| own.iter().map(move |b| format!("{a}{b}"))).collect();
            }
            Some(own) => {
                offer(Some(std::mem::replace(&mut run, own)));
                all_exact = false;
            }
            None => {
                offer(Some(std::mem::replace(&mut run, vec![String::new()])));
                offer(known.required);
                all_exact = false;
            }
        }
    }
    if all_exact {
        let requirements = if run.iter().all(|s| !s.is_empty()) { vec![run.clone()] } else { Vec::new() };
        return (Known { exact: Some(run), required: None }, requirements);
    }
    offer(Some(run));
    let mut most: Option<&Requirement> = None;
    for strings in &found {
        if most.is_none_or(|known| telling(strings) > telling(known)) {
            most = Some(strings);
        }
    }
    (Known { exact: None, required: most.cloned() }, found)
}

/// The better of the two lists.
fn best(known: &Known) -> Option<Vec<String>> {
    let exact = known.exact.as_ref().filter(|e| e.iter().all(|s| !s.is_empty()));
    match (exact, &known.required) {
        (Some(exact), Some(required)) if telling(required) > telling(exact) => Some(required.clone()),
        (Some(exact), _) => Some(exact.clone()),
        (None, required) => required.clone(),
    }
}

/// Longer strings stand in fewer texts; then, fewer strings do.
fn telling(strings: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = strings.iter().map(String::len).min().unwrap_or(0);
    (shortest.min(6), std::cmp::Reverse(strings.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_strings_are_those_that_no_match_lacks() {
        for (pattern, want) in [
            ("紛失", Some("紛失")),
            ("紛失|盗(?:難|ま)", Some("紛失 盗ま/盗難")),
            ("[^。]{0,20}(?:漏えい|漏洩)し", Some("漏えいし/漏洩し")),
            ("(?:鍵|錠)[^。]{0,20}紛失", Some("紛失+錠/鍵")),
            ("誤(?:って)?送信", Some("誤って送信/誤送信")),
            ("(?i)vpn", Some("VPN/VPn/VpN/Vpn/vPN/vPn/vpN/vpn")),
            ("^[0-9]+日", Some("日")),
            ("[0-9]*", None),
            ("紛失|[0-9]+", None),
            ("(?:メール)+を", Some("メール")),
        ] {
            let got = required(pattern).map(|branches| {
                let branch = |b: &Branch| b.iter().map(|strings| strings.join("/")).collect::<Vec<_>>().join("+");
                branches.iter().map(branch).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(got.as_deref(), want, "{pattern}");
        }
    }
}
