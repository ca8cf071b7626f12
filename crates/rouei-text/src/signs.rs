//! Pages that are not what was asked for, though their status is 200: soft 404s, walls, shells without content. The
//! signs are data (`page_signs.toml`).

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use rouei_model::{Document, Issue, IssueCode};
use serde::Deserialize;
use url::Url;

/// Bytes of mark-up that are searched: a wall or a shell is short, or says what it is in its beginning.
const MOST_SOURCE: usize = 256 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sign: Vec<Written>,
    redirect: Vec<WrittenRedirect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    code: IssueCode,
    #[serde(rename = "in")]
    place: Place,
    pattern: String,
    also: Option<String>,
    max_chars: usize,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRedirect {
    id: String,
    code: IssueCode,
    pattern: String,
    #[serde(rename = "examples")]
    _examples: Vec<String>,
    #[serde(rename = "counterexamples")]
    _counterexamples: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Place {
    Title,
    Text,
    Source,
}

struct Sign {
    id: String,
    code: IssueCode,
    place: Place,
    pattern: Regex,
    also: Option<Regex>,
    max_chars: usize,
}

struct Signs {
    signs: Vec<Sign>,
    redirects: Vec<(String, IssueCode, Regex)>,
    /// Beyond this, no sign can hold.
    max_chars: usize,
}

/// The constant table; one that did not compile would fail the test of its examples.
static SIGNS: LazyLock<Option<Signs>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("page_signs.toml")).ok()?;
    // Short pages alone are searched: the time that a large cache of states saves is not worth its memory.
    let regex =
        |pattern: &str| RegexBuilder::new(pattern).case_insensitive(true).dfa_size_limit(128 << 10).build().ok();
    let signs: Option<Vec<Sign>> = file
        .sign
        .into_iter()
        .map(|w| {
            let also = match &w.also {
                Some(pattern) => Some(regex(pattern)?),
                None => None,
            };
            Some(Sign {
                pattern: regex(&w.pattern)?,
                also,
                id: w.id,
                code: w.code,
                place: w.place,
                max_chars: w.max_chars,
            })
        })
        .collect();
    let redirects: Option<Vec<_>> =
        file.redirect.into_iter().map(|w| Some((w.id, w.code, regex(&w.pattern)?))).collect();
    let signs = signs?;
    let max_chars = signs.iter().map(|s| s.max_chars).max().unwrap_or(0);
    Some(Signs { signs, redirects: redirects?, max_chars })
});

/// The first sign that a document and its mark-up show. An issue for its list, with the sign's id.
pub(crate) fn page_sign(document: &Document, source: &str) -> Option<Issue> {
    let signs = SIGNS.as_ref()?;
    // Byte length bounds the count of characters from above; almost every page ends here.
    let long = document.text.len() > signs.max_chars * 4;
    let chars = if long { return None } else { document.text.chars().count() };
    let title = document.title.as_deref().unwrap_or_default();
    let source = &source[..source.floor_char_boundary(MOST_SOURCE)];
    let shown = |sign: &&Sign| {
        let hit = match sign.place {
            Place::Title => sign.pattern.is_match(title),
            Place::Text => sign.pattern.is_match(&document.text),
            Place::Source => sign.pattern.is_match(source),
        };
        hit && sign.also.as_ref().is_none_or(|also| also.is_match(source))
    };
    let sign = signs.signs.iter().filter(|sign| chars <= sign.max_chars).find(shown)?;
    Some(Issue::new(sign.code, format!("the page is none: {} ({})", name(sign.code), sign.id)))
}

/// What it says that a request for one address ended at another: none where that is another page, or the same.
#[must_use]
pub fn redirect_sign(asked: &str, reached: &str) -> Option<Issue> {
    let (asked, reached) = (Url::parse(asked).ok()?, Url::parse(reached).ok()?);
    let signs = SIGNS.as_ref()?;
    let place = |url: &Url| format!("{}{}", url.path(), url.query().map(|q| format!("?{q}")).unwrap_or_default());
    let (from, to) = (place(&asked), place(&reached));
    let matching = |place: &str| signs.redirects.iter().find(|(_, _, pattern)| pattern.is_match(place));
    let (id, code, _) = matching(&to)?;
    // Whoever asks for the top page, or for a login, gets what was asked for.
    if matching(&from).is_some_and(|(asked_for, ..)| asked_for == id) {
        return None;
    }
    Some(Issue::new(*code, format!("the request was led to {reached}: {} ({id})", name(*code))))
}

fn name(code: IssueCode) -> &'static str {
    match code {
        IssueCode::SoftNotFound => "soft 404",
        IssueCode::CookieWall => "cookie wall",
        IssueCode::LoginWall => "login wall",
        IssueCode::ScriptShell => "JavaScript shell",
        _ => "no page",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Hints, read};

    fn file() -> File {
        toml::from_str(include_str!("page_signs.toml")).unwrap()
    }

    fn seen(html: &str) -> Option<Issue> {
        let page = format!("<!doctype html><html lang=ja><meta charset=utf-8>{html}</html>");
        let document = read(page.as_bytes(), &Hints { url: Some("https://a.example/x".into()), ..Hints::default() });
        document.issues.into_iter().find(|i| i.code.is_other_page())
    }

    #[test]
    fn pages_are_known_by_their_signs() {
        let mut wrong = Vec::new();
        for sign in file().sign {
            assert!(sign.code.is_other_page(), "{}", sign.id);
            for html in &sign._examples {
                let found = seen(html);
                if !found
                    .as_ref()
                    .is_some_and(|i| i.code == sign.code && i.message.ends_with(&format!("({})", sign.id)))
                {
                    wrong.push(format!("{}: {html}: {found:?}", sign.id));
                }
            }
            for html in &sign._counterexamples {
                if let Some(issue) = seen(html) {
                    wrong.push(format!("{}: {html}: {}", sign.id, issue.message));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn places_that_requests_are_led_to() {
        let mut wrong = Vec::new();
        for redirect in file().redirect {
            let sign_of = |line: &str| {
                let (asked, reached) = line.split_once(" -> ").unwrap();
                redirect_sign(&format!("https://a.example{asked}"), &format!("https://a.example{reached}"))
            };
            for line in &redirect._examples {
                if !sign_of(line).is_some_and(|i| i.code == redirect.code && i.message.contains(&redirect.id)) {
                    wrong.push(format!("{}: {line}", redirect.id));
                }
            }
            wrong.extend(redirect._counterexamples.iter().filter(|l| sign_of(l).is_some()).map(|l| format!("not {l}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
