//! robots.txt after RFC 9309.
//!
//! Parsed once per origin and asked many times. Beyond the standard: `Crawl-delay`, a byte order mark, and `Disallow`
//! lines before any `User-agent` are ignored as the standard's grammar has it.

use std::ops::Range;
use std::time::Duration;

use url::Url;

/// Bytes of a robots.txt that are read (RFC 9309, 2.5 asks for at least 500 KiB).
pub(crate) const MAX_BYTES: usize = 500 * 1024;

/// A robots.txt, as far as it concerns one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    /// Answers every question where the file could not be had.
    blanket: Option<Decision>,
}

/// Whether an address may be fetched, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be fetched.
    pub allowed: bool,
    /// The line of robots.txt that decided, from 1; nothing where none matched.
    pub line: Option<usize>,
    /// That line, or the reason in words.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Pattern in the normal form of [`normalise`].
    pattern: String,
    line: usize,
    text: String,
}

/// Asks a robots.txt about one address, for `rouei source robots`. `agent` is a product token such as `rouei`.
/// An address that cannot be parsed is refused.
#[must_use]
pub fn robots_decision(robots_txt: &str, agent: &str, url: &str) -> Decision {
    match Url::parse(url) {
        Ok(url) => Robots::parse(robots_txt.as_bytes(), agent).decide(&url),
        Err(e) => Decision { allowed: false, line: None, text: format!("{url:?} is no absolute URL: {e}") },
    }
}

impl Robots {
    /// Reads the rules for `agent` (a product token; whatever follows its letters, `-` and `_` is ignored). Bytes
    /// beyond 500 KiB are ignored, together with the line that they cut.
    #[must_use]
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        let text = String::from_utf8_lossy(whole_lines(bytes));
        // A byte order mark, or the beginning of one, which decodes to a replacement character.
        let text = text.trim_start_matches(['\u{feff}', char::REPLACEMENT_CHARACTER]);
        let agent = product_token(agent);
        // Groups that name the agent are combined (2.2.1); `*` counts only where none does.
        let (mut named, mut general) = (Group::default(), Group::default());
        let (mut in_named, mut in_general, mut naming) = (false, false, false);
        for (index, line) in lines(text).enumerate() {
            let Some((key, value)) = directive(line) else { continue };
            match key {
                Key::UserAgent => {
                    if !naming {
                        (in_named, in_general, naming) = (false, false, true);
                    }
                    // `*` may be followed by a blank and anything (Google's reading; the standard has it alone).
                    in_general |= value == "*" || value.starts_with("* ") || value.starts_with("*\t");
                    let token = product_token(value);
                    in_named |= !token.is_empty() && token.eq_ignore_ascii_case(agent);
                    named.present |= in_named;
                }
                Key::Allow | Key::Disallow => {
                    naming = false;
                    // An empty value matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = || Rule {
                        allow: matches!(key, Key::Allow),
                        pattern: normalise(value),
                        line: index + 1,
                        text: line.trim().to_owned(),
                    };
                    if in_named {
                        named.rules.push(rule());
                    }
                    if in_general {
                        general.rules.push(rule());
                    }
                }
                // No member of the grammar: it ends no list of agents, for "other records" do not (2.2.4).
                Key::CrawlDelay => {
                    let delay = value.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
                    let delay = delay.map(|s| Duration::from_secs_f64(s.min(86_400.0)));
                    for (inside, group) in [(in_named, &mut named), (in_general, &mut general)] {
                        if inside {
                            group.crawl_delay = group.crawl_delay.max(delay);
                        }
                    }
                }
            }
        }
        let group = if named.present { named } else { general };
        Self { rules: group.rules, crawl_delay: group.crawl_delay, blanket: None }
    }

    /// Everything may be fetched: there is no robots.txt (status 4xx; RFC 9309, 2.3.1.3).
    #[must_use]
    pub fn allow_all(reason: impl Into<String>) -> Self {
        Self::blanket(true, reason.into())
    }

    /// Nothing may be fetched: robots.txt cannot be had (status 5xx, unreachable; RFC 9309, 2.3.1.4).
    #[must_use]
    pub fn deny_all(reason: impl Into<String>) -> Self {
        Self::blanket(false, reason.into())
    }

    fn blanket(allowed: bool, text: String) -> Self {
        Self { rules: Vec::new(), crawl_delay: None, blanket: Some(Decision { allowed, line: None, text }) }
    }

    /// Whether the answer is no to everything, because the file cannot be had.
    pub(crate) fn denies_all(&self) -> bool {
        self.blanket.as_ref().is_some_and(|decision| !decision.allowed)
    }

    /// The `Crawl-delay` that the file asks of this agent, at most a day.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// Whether the path and query of `url` may be fetched: the longest matching pattern decides, `Allow` where two
    /// are of one length (RFC 9309, 2.2.2). `/robots.txt` itself always may be.
    #[must_use]
    pub fn decide(&self, url: &Url) -> Decision {
        if url.path() == "/robots.txt" {
            return Decision { allowed: true, line: None, text: "robots.txt itself may always be fetched".into() };
        }
        if let Some(blanket) = &self.blanket {
            return blanket.clone();
        }
        let target = normalise(&url[url::Position::BeforePath..url::Position::AfterQuery]);
        let best = self
            .rules
            .iter()
            .filter(|rule| matches(rule.pattern.as_bytes(), target.as_bytes()))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow, std::cmp::Reverse(rule.line)));
        best.map_or_else(
            || Decision { allowed: true, line: None, text: "no rule matches".into() },
            |rule| Decision { allowed: rule.allow, line: Some(rule.line), text: rule.text.clone() },
        )
    }
}

#[derive(Default)]
struct Group {
    present: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Clone, Copy)]
enum Key {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
}

/// The leading letters, `-` and `_` (RFC 9309, 2.2.1). Digits are no part of a product token there, but sites write
/// them (`360Spider`), and ours has none: they are kept, so that `rouei2` is another agent.
fn product_token(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
    &text[..end]
}

fn whole_lines(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= MAX_BYTES {
        return bytes;
    }
    let cut = &bytes[..MAX_BYTES];
    cut.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(&[], |end| &cut[..end])
}

/// Lines ended by CR, LF or CRLF (RFC 9309, 2.2, EOL).
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = current.find(['\n', '\r']) else {
            rest = None;
            return Some(current);
        };
        let Range { start, end: next } = end..end + 1 + usize::from(current[end..].starts_with("\r\n"));
        rest = Some(&current[next..]);
        Some(&current[..start])
    })
}

fn directive(line: &str) -> Option<(Key, &str)> {
    let line = line.split('#').next().unwrap_or_default().trim();
    // A blank instead of the colon is an error that sites make often enough; Google reads it too.
    let (key, value) = line.split_once(':').or_else(|| {
        let (key, value) = line.split_once([' ', '\t'])?;
        let value = value.trim();
        (!value.contains([' ', '\t'])).then_some((key, value))
    })?;
    let key = match key.trim().to_ascii_lowercase().as_str() {
        "user-agent" | "useragent" | "user agent" => Key::UserAgent,
        "allow" => Key::Allow,
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => Key::Disallow,
        "crawl-delay" | "crawldelay" => Key::CrawlDelay,
        _ => return None,
    };
    Some((key, value.trim()))
}

/// The form in which patterns and targets are compared (RFC 9309, 2.2.2): bytes outside ASCII escaped, hexadecimal
/// digits in capitals, escapes of unreserved characters undone.
fn normalise(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                    out.push(char::from(byte));
                } else {
                    out.push_str(&format!("%{byte:02X}"));
                }
                at += 3;
            }
            None => {
                if bytes[at].is_ascii() {
                    out.push(char::from(bytes[at]));
                } else {
                    out.push_str(&format!("%{:02X}", bytes[at]));
                }
                at += 1;
            }
        }
    }
    out
}

/// `*` stands for any run of characters, a last `$` for the end. Linear in the product of the lengths at worst.
fn matches(pattern: &[u8], target: &[u8]) -> bool {
    let (pattern, anchored) = match pattern {
        [rest @ .., b'$'] => (rest, true),
        _ => (pattern, false),
    };
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && (!anchored || t == target.len()) {
            return true;
        }
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p + 1, t));
            p += 1;
        } else if p < pattern.len() && t < target.len() && pattern[p] == target[t] {
            p += 1;
            t += 1;
        } else {
            let Some((after, from)) = star else { return false };
            if from >= target.len() {
                return false;
            }
            star = Some((after, from + 1));
            (p, t) = (after, from + 1);
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
