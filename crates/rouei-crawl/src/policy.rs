//! What a page itself asks of robots: `X-Robots-Tag` and `<meta name="robots">`.

use std::sync::LazyLock;

use regex::Regex;
use rouei_model::Header;

/// What a page asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// Not to be listed: no record is published from it.
    pub noindex: bool,
    /// Its links are not to be followed.
    pub nofollow: bool,
    /// No copy is to be kept.
    pub noarchive: bool,
}

/// The directives of a response: those of its headers and, for HTML, of the first 64 KiB of its text. `agent` is our
/// product token in lower case; directives for other agents do not count.
#[must_use]
pub fn directives(headers: &[Header], text: Option<&str>, agent: &str) -> Directives {
    let mut found = Directives::default();
    for header in headers.iter().filter(|h| h.name.eq_ignore_ascii_case("x-robots-tag")) {
        let value = String::from_utf8_lossy(&header.value).to_ascii_lowercase();
        // "agent: directives", where "unavailable_after: date" is the one directive that has a colon itself.
        match value.split_once(':') {
            Some((name, rest)) if !name.contains(',') && name.trim() != "unavailable_after" => {
                if name.trim() == agent {
                    found.add(rest);
                }
            }
            _ => found.add(&value),
        }
    }
    let Some(text) = text else { return found };
    let head = &text[..text.floor_char_boundary(64 * 1024)];
    let (Some(meta), Some(name), Some(content)) = (META.as_ref(), NAME.as_ref(), CONTENT.as_ref()) else {
        return found;
    };
    for tag in meta.find_iter(head) {
        let name = attribute(name, tag.as_str()).map(str::to_ascii_lowercase);
        if name.is_some_and(|n| n == "robots" || n == agent)
            && let Some(content) = attribute(content, tag.as_str())
        {
            found.add(&content.to_ascii_lowercase());
        }
    }
    found
}

/// The address of `<link rel="canonical">`, as written.
pub(crate) fn canonical_in(text: &str) -> Option<String> {
    let (rel, href) = (REL.as_ref()?, HREF.as_ref()?);
    let tag = LINK.as_ref()?.find_iter(text).find(|tag| {
        let rel = attribute(rel, tag.as_str());
        rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("canonical")))
    })?;
    let href = attribute(href, tag.as_str())?.replace("&amp;", "&");
    (!href.is_empty()).then_some(href)
}

/// The value that an attribute pattern finds: double-quoted, single-quoted or bare.
fn attribute<'t>(pattern: &Regex, tag: &'t str) -> Option<&'t str> {
    let found = pattern.captures(tag)?;
    found.iter().skip(1).flatten().next().map(|value| value.as_str().trim())
}

impl Directives {
    fn add(&mut self, list: &str) {
        for directive in list.split(',').map(str::trim) {
            match directive {
                "noindex" => self.noindex = true,
                "nofollow" => self.nofollow = true,
                "noarchive" => self.noarchive = true,
                "none" => (self.noindex, self.nofollow) = (true, true),
                _ => {}
            }
        }
    }
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        // The patterns are constants; one that did not compile would fail every test.
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

pattern!(META, r"(?i)<meta\s[^>]*>");
pattern!(LINK, r"(?i)<link\s[^>]*>");
pattern!(NAME, r#"(?i)\sname\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#);
pattern!(CONTENT, r#"(?i)\scontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#);
pattern!(REL, r#"(?i)\srel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#);
pattern!(HREF, r#"(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_links() {
        for (html, expected) in [
            ("<link rel=stylesheet href=a><LINK HREF='/x?a=1&amp;b=2' REL='shortlink canonical'>", Some("/x?a=1&b=2")),
            ("<link rel=\"canonical\" href=\"https://a.example/\" />", Some("https://a.example/")),
            ("<link rel=canonical>", None),
            ("<a rel=canonical href=x>", None),
        ] {
            assert_eq!(canonical_in(html).as_deref(), expected, "{html}");
        }
    }

    #[test]
    fn headers_and_meta() {
        let check = |header: Option<&str>, html: Option<&str>, expected: &str| {
            let headers: Vec<Header> =
                header.iter().map(|v| Header { name: "X-Robots-Tag".into(), value: v.as_bytes().to_vec() }).collect();
            let d = directives(&headers, html, "rouei");
            let got: String =
                [(d.noindex, 'i'), (d.nofollow, 'f'), (d.noarchive, 'a')].iter().filter(|p| p.0).map(|p| p.1).collect();
            assert_eq!(got, expected, "{header:?} {html:?}");
        };
        check(None, Some("<title>x"), "");
        check(None, Some("<META NAME='robots' CONTENT='NoIndex, nofollow'>"), "if");
        check(None, Some("<meta content=noarchive name=robots>"), "a");
        check(None, Some("<meta name=googlebot content=noindex>"), "");
        check(None, Some("<meta name='description' content='noindex'>"), "");
        check(None, Some("<meta name=rouei content=none>"), "if");
        check(Some("noarchive"), None, "a");
        check(Some("otherbot: noindex"), None, "");
        check(Some("rouei: noindex, noarchive"), None, "ia");
        check(Some("unavailable_after: 25 Jun 2025 15:00:00 GMT"), None, "");
    }
}
