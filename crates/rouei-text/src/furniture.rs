//! The words of `furniture.toml`, ready to be asked.

mod bare;
mod days;
mod line;
mod over;
mod ways;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::Deserialize;

pub(crate) use days::{holds_day, is_ago, is_date, is_signed_at, meta, post_number, without_date};
pub(crate) use line::Line;
pub(crate) use over::{
    announces_list, hints_at_others, is_contents, is_flash, is_key, is_label, is_labelled_headline, is_share,
    is_site_name,
};
use ways::{Backtracker, Chars, Kinds, Ways};

#[derive(Deserialize)]
struct File {
    class: Vec<Class>,
    content: Vec<Content>,
    heading: Vec<Pattern>,
    line: Vec<Pattern>,
    atom: Vec<Pattern>,
    key: Vec<Pattern>,
    content_heading: Vec<Pattern>,
    site_name: Vec<Pattern>,
    announces_list: Announces,
    contents: Announces,
    flash: Announces,
    share: Announces,
    hint: Announces,
    label: Announces,
    date: Date,
}

/// Words by which a text announces the list below it.
#[derive(Deserialize, Default)]
struct Announces {
    words: Vec<String>,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    counterexamples: Vec<String>,
}

/// How days and times stand beside headlines and counters; pieces of patterns over lines as they are written.
#[derive(Deserialize, Default)]
struct Date {
    label: String,
    day: String,
    time: String,
    rank: String,
    post: String,
}

#[derive(Deserialize)]
struct Class {
    when: When,
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[cfg(test)]
    id: String,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    counterexamples: Vec<String>,
}

#[derive(Deserialize)]
struct Content {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Pattern {
    pattern: String,
    #[serde(default)]
    related: bool,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    behind: bool,
    #[cfg(test)]
    id: String,
    #[cfg(test)]
    examples: Vec<String>,
    #[cfg(test)]
    counterexamples: Vec<String>,
}

/// Under what condition a class name makes an element furniture; the weakest condition first.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// It holds links for the most part.
    Linked,
    /// It says a word or two, or holds links for the most part.
    Short,
    /// It does not hold half of the running text.
    Small,
    /// In any case.
    Always,
}

struct Words {
    /// By class entry.
    when: Vec<When>,
    /// By word as it stands in the file, and by word in ASCII lower case: the class entries that it speaks for and against.
    exact: HashMap<String, (Entries, Entries)>,
    folded: HashMap<String, (Entries, Entries)>,
    /// By content word in ASCII lower case: its rank.
    content: HashMap<String, usize>,
    /// Headings, lines and keys.
    lines: Ways,
    /// A line of counters and labels, with days among them.
    meta: Option<Gated>,
    /// A line that holds one of them at least.
    atom: Option<Backtracker>,
    /// What tells most lines that hold none.
    atom_begins: Chars,
    /// A day or a time with its label.
    day: Option<Regex>,
    /// Nothing but days and times.
    date: Option<Gated>,
    /// Rank, label, day, time before a headline.
    before: Option<Gated>,
    after: Option<Gated>,
    post: Option<Gated>,
    announces_list: Option<AhoCorasick>,
    contents: Vec<String>,
    flash: Vec<String>,
    share: Vec<String>,
    hint: Option<AhoCorasick>,
    label: Vec<String>,
}

/// One bit for each class entry.
type Entries = u64;

/// A heading that stands over links to other pages.
const HEADING: Kinds = 1;
/// One that announces another article in its own line.
const RELATED: Kinds = 1 << 1;
/// One that stands over a box that goes as a whole.
const WHOLE: Kinds = 1 << 2;
/// One that says so behind the story; what is one anywhere is so there.
const HEADING_BEHIND: Kinds = 1 << 3;
/// A line that is furniture by itself.
const LINE: Kinds = 1 << 4;
/// One that is so behind the story; what is furniture anywhere is so there.
const LINE_BEHIND: Kinds = 1 << 5;
const KEY: Kinds = 1 << 6;
const CONTENT_HEADING: Kinds = 1 << 7;
const SITE_NAME: Kinds = 1 << 8;

/// A pattern that is not searched where the text does not begin and end as its matches do.
struct Gated {
    pattern: String,
    /// Built when a text first passes: some patterns are for pages that few sites have.
    regex: OnceLock<Option<Regex>>,
    first: Chars,
    last: Chars,
}

impl Gated {
    fn new(pattern: &str) -> Option<Self> {
        let hir = regex_syntax::parse(pattern).ok()?;
        let (first, last) = (Chars::of(&hir, false), Chars::of(&hir, true));
        Some(Self { pattern: pattern.to_owned(), regex: OnceLock::new(), first, last })
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }

    /// Whether a match may begin with the text.
    fn may_begin(&self, text: &str) -> bool {
        self.first.fit(text.chars().next(), text)
    }

    /// Whether a match may end with it.
    fn may_end(&self, text: &str) -> bool {
        self.last.fit(text.chars().next_back(), text)
    }

    /// Whether the pattern, which is one for whole texts, matches.
    fn is_match(&self, text: &str) -> bool {
        self.may_begin(text) && self.may_end(text) && self.regex().is_some_and(|regex| regex.is_match(text))
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file = toml::from_str(include_str!("furniture.toml")).unwrap_or(File {
        class: Vec::new(),
        content: Vec::new(),
        heading: Vec::new(),
        line: Vec::new(),
        atom: Vec::new(),
        key: Vec::new(),
        content_heading: Vec::new(),
        site_name: Vec::new(),
        announces_list: Announces::default(),
        contents: Announces::default(),
        flash: Announces::default(),
        share: Announces::default(),
        hint: Announces::default(),
        label: Announces::default(),
        date: Date::default(),
    });
    let Date { label, day, time, rank, post } = &file.date;
    let atoms: Vec<&str> = file.atom.iter().map(|p| p.pattern.as_str()).collect();
    let atoms = atoms.join("|");
    let day = format!(r"(?:(?:{label})\s*[:：]?\s*)?(?:{day})(?:\s*(?:{time}))?|{time}");
    let space = r"[\s■□|｜│/／・,、:：()（）［］\[\]●○･>＞\-]";
    let gated = |p: String| Gated::new(&format!("(?i){p}"));
    let regex = |p: String| Regex::new(&format!("(?i){p}")).ok();
    let when = file.class.iter().map(|c| c.when).collect();
    let (mut exact, mut folded) = (HashMap::new(), HashMap::new());
    for (entry, class) in file.class.iter().take(Entries::BITS as usize).enumerate() {
        let speaks = class.words.iter().map(|w| (w, (1 << entry, 0)));
        for (word, (own, against)) in speaks.chain(class.except.iter().map(|w| (w, (0, 1 << entry)))) {
            let add = |words: &mut HashMap<String, (Entries, Entries)>, word: String| {
                let known = words.entry(word).or_default();
                *known = (known.0 | own, known.1 | against);
            };
            add(&mut folded, word.to_ascii_lowercase());
            add(&mut exact, word.clone());
        }
    }
    Words {
        when,
        exact,
        folded,
        meta: gated(format!("^{space}*(?:(?:{day}|{atoms}){space}*)+$")).map(|meta| {
            let parsed = |p: &str| regex_syntax::parse(&format!("(?i){p}")).ok();
            let pieces: Option<Vec<_>> = [day.as_str(), &atoms].into_iter().map(parsed).collect();
            match (parsed(space), pieces) {
                (Some(space), Some(pieces)) => Gated { last: Chars::at_end_of_run(&[&space], &pieces), ..meta },
                _ => meta,
            }
        }),
        atom_begins: regex_syntax::parse(&format!("(?i){atoms}"))
            .map_or_else(|_| Chars::default(), |atoms| Chars::at_start_of_any(&atoms)),
        atom: Backtracker::new(&format!("(?i)(?:^|{space}|{day})(?:{atoms})")),
        date: gated(format!(r"^{space}*(?:(?:{day}){space}*)+$")),
        before: gated(format!(r"^(?:{rank})?\s*(?:[\[［(（]?(?:{day})[\]］)）]?)?\s*(?:{rank})?\s*")),
        after: gated(format!(r"\s*[\[［(（]?(?:{day})[\]］)）]?\s*$")),
        day: regex(day),
        // It ends with anything, and is tried where it holds a name or an ID alone.
        post: gated(post.clone()).map(|gated| {
            let parsed = regex_syntax::parse(&format!("(?i){post}")).ok();
            let last = parsed.map(|post| Chars::at_end_of_run(&[], &[post]));
            Gated { last: last.unwrap_or_default(), ..gated }
        }),
        lines: file.ways(),
        announces_list: AhoCorasick::new(file.announces_list.words).ok(),
        contents: file.contents.words,
        flash: file.flash.words,
        share: file.share.words,
        hint: AhoCorasick::new(file.hint.words).ok(),
        label: file.label.words,
        content: file.content.into_iter().flat_map(|c| c.words).enumerate().fold(
            HashMap::new(),
            |mut ranks, (rank, word)| {
                ranks.entry(word.to_ascii_lowercase()).or_insert(rank);
                ranks
            },
        ),
    }
});

impl File {
    /// The patterns over folded lines, with what each is one of.
    fn patterns(&self) -> impl Iterator<Item = (&Pattern, Kinds)> {
        let heading = |p: &Pattern| {
            let of = |is: bool, kind: Kinds| if is { kind } else { 0 };
            HEADING_BEHIND | of(!p.behind, HEADING) | of(p.related, RELATED) | of(p.whole, WHOLE)
        };
        let line = |p: &Pattern| LINE_BEHIND | if p.behind { 0 } else { LINE };
        let headings = self.heading.iter().map(move |p| (p, heading(p)));
        let lines = self.line.iter().map(move |p| (p, line(p)));
        let names = [(&self.key, KEY), (&self.content_heading, CONTENT_HEADING), (&self.site_name, SITE_NAME)];
        let names = names.into_iter().flat_map(|(patterns, kind)| patterns.iter().map(move |p| (p, kind)));
        headings.chain(lines).chain(names)
    }

    fn ways(&self) -> Ways {
        Ways::new(self.patterns().map(|(p, kinds)| (p.pattern.as_str(), kinds)))
    }
}

/// What the names in a `class` and an `id` say, if they name furniture.
pub(crate) fn class_words(names: &str) -> Option<When> {
    let (mut own, mut against) = (0, 0);
    let mut add = |found: Option<&(Entries, Entries)>| {
        let (speaks, denies) = found.copied().unwrap_or_default();
        (own, against) = (own | speaks, against | denies);
    };
    tokens(names, |token| add(WORDS.exact.get(token)));
    for name in names.split_whitespace() {
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            add(WORDS.folded.get(&name.to_ascii_lowercase()));
        } else {
            add(WORDS.folded.get(name));
        }
    }
    let speaking = own & !against;
    WORDS.when.iter().enumerate().filter(|(entry, _)| speaking >> entry & 1 == 1).map(|(_, when)| *when).max()
}

/// How surely the names in a `class` and an `id` name the main content: 0 is the surest.
pub(crate) fn content_rank(names: &str) -> Option<usize> {
    let rank = |name: &str| {
        let mixed = name.bytes().any(|b| b.is_ascii_uppercase());
        if mixed { WORDS.content.get(&name.to_ascii_lowercase()) } else { WORDS.content.get(name) }
    };
    names.split_whitespace().filter_map(rank).min().copied()
}

/// As [`Line::is_heading`].
pub(crate) fn is_heading(text: &str) -> bool {
    Line::of(text).is_heading()
}

/// Whether a label announces another article in the same line: `関連記事：…`, `【関連記事】…`, `▶ 合わせて読みたい：…`.
pub(crate) fn is_related_line(text: &str) -> bool {
    let end =
        text.char_indices().take(24).skip(1).find(|(_, c)| matches!(c, '】' | '：' | ':' | '］' | ']' | '＞' | '>'));
    if end.is_some_and(|(at, _)| is_related(&text[..at])) {
        return true;
    }
    let blank = text.trim_start().split_once([' ', '\u{3000}']);
    blank.is_some_and(|(label, rest)| label.chars().count() >= 3 && rest.chars().count() >= 9 && is_related(label))
}

/// `A社、120件流出(31) / B市、名簿紛失(8)`: headlines of other pages in one line.
pub(crate) fn is_row_of_headlines(text: &str) -> bool {
    // Every part ends with its bracket, the last one too.
    if !text.trim_end().ends_with([')', '）']) {
        return false;
    }
    let parts: Vec<&str> = text.split(" / ").flat_map(|p| p.split(['／', '｜'])).map(str::trim).collect();
    let counted = |p: &str| {
        p.trim_end_matches([')', '）']).trim_end_matches(char::is_numeric).ends_with(['(', '（'])
            && p.ends_with([')', '）'])
    };
    parts.len() >= 2 && !text.contains('。') && parts.iter().all(|p| p.chars().count() >= 10 && counted(p))
}

/// As [`Line::is_related`].
pub(crate) fn is_related(text: &str) -> bool {
    Line::of(text).is_related()
}

/// Whether a heading stands over a box that is no part of the article, whatever it says: この記事を書いた人.
pub(crate) fn takes_its_box(text: &str) -> bool {
    Line::of(text).is(WHOLE, 60)
}

/// As [`Line::is_line`].
pub(crate) fn is_line(text: &str) -> bool {
    Line::of(text).is_line()
}

/// As [`Line::is_heading_behind`].
pub(crate) fn is_heading_behind(text: &str) -> bool {
    Line::of(text).is_heading_behind()
}

/// The words of a class list: split at anything but letters and digits, and where camelCase rises.
fn tokens(names: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            each(word);
            word.clear();
        }
    };
    let mut last_lower = false;
    for c in names.chars() {
        if !c.is_alphanumeric() {
            end(&mut word);
            last_lower = false;
            continue;
        }
        if c.is_uppercase() && last_lower {
            end(&mut word);
        }
        last_lower = c.is_lowercase();
        word.extend(c.to_lowercase());
    }
    end(&mut word);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
