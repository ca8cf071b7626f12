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
        let value = |pattern: &Regex| {
            let found = pattern.captures(tag.as_str())?;
            let value = found.iter().skip(1).flatten().next()?;
            Some(value.as_str().trim().to_ascii_lowercase())
        };
        if value(name).is_some_and(|n| n == "robots" || n == agent)
            && let Some(content) = value(content)
        {
            found.add(&content);
        }
    }
    found
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

static META: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)<meta\s[^>]*>").ok());
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\sname\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).ok());
static CONTENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\scontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).ok());

#[cfg(test)]
mod tests {
    use super::*;

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
