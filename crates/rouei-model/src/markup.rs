use std::borrow::Cow;

/// Attributes of one tag that a parser of HTML is given. html5ever compares each with all before it, so that a megabyte of
/// them would take hours.
pub const MAX_ATTRIBUTES: usize = 2000;

/// What is looked at twice, in lengths of the text, until it is taken for an attack: tags in pages stand in no other tags.
const EFFORT: usize = 4;

/// Bytes that are always looked at.
const LEAST_EFFORT: usize = 1 << 16;

/// Times that a text is looked through: what is cut out may join what stood around it.
const ROUNDS: usize = 4;

/// Markup in which no tag has more than [`MAX_ATTRIBUTES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundedMarkup<'t> {
    /// The text; borrowed where nothing was out of bounds.
    pub text: Cow<'t, str>,
    /// A tag had more.
    pub exceeded: bool,
}

/// Bounds the attributes of tags, in linear time, for both crates that give HTML to a parser.
///
/// What is a tag depends on what a parser makes of all before it: a script inside SVG, a `style` inside `select`, a comment that
/// ends as no other does are markup where one would not think so. So the bound holds for whatever begins like a tag, wherever
/// it stands. Where it is one by all appearances, its further attributes are cut out; elsewhere (in scripts, comments,
/// values) a `>` is put in, which ends it if it is a tag and harms nothing if it is none.
#[must_use]
pub fn bounded_markup(html: &str) -> BoundedMarkup<'_> {
    let mut bounded = BoundedMarkup { text: Cow::Borrowed(html), exceeded: false };
    for round in 1..=ROUNDS {
        let edits = edits_of(&bounded.text);
        let Some(first) = edits.first() else { break };
        let text = if round < ROUNDS { edited(&bounded.text, &edits) } else { bounded.text[..first.from].to_owned() };
        bounded = BoundedMarkup { text: Cow::Owned(text), exceeded: true };
    }
    bounded
}

/// Bytes that go, and what takes their place.
struct Edit {
    from: usize,
    to: usize,
    instead: &'static str,
}

fn edits_of(html: &str) -> Vec<Edit> {
    let bytes = html.as_bytes();
    let mut edits: Vec<Edit> = Vec::new();
    // By all appearances, what begins before this place is no tag.
    let mut hidden_until = 0;
    let mut effort = bytes.len().saturating_mul(EFFORT) + LEAST_EFFORT;
    let mut at = 0;
    while let Some(found) = html.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + found;
        at = open + 1;
        if edits.last().is_some_and(|edit| open < edit.to) {
            continue;
        }
        let appears = open >= hidden_until;
        let name = at + usize::from(bytes.get(at) == Some(&b'/'));
        if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
            if appears && html[at..].starts_with("!--") {
                hidden_until = end_of_comment(html, at + 3);
            }
            continue;
        }
        let tag = Tag::scan(bytes, name, appears);
        effort = effort.saturating_sub(tag.end - open);
        if effort == 0 {
            // Tags in tags in tags: nobody writes so.
            edits.push(Edit { from: open, to: bytes.len(), instead: "" });
            return edits;
        }
        if let Some(excess) = tag.excess {
            // The blank keeps what stands before from making the end of a comment of it.
            let (to, instead) = if appears { (tag.end, "") } else { (excess, " >") };
            edits.push(Edit { from: excess, to, instead });
        }
        if appears {
            hidden_until = end_of_raw_text(html, name, tag.end).unwrap_or(tag.end);
        }
    }
    // A tag that stands in another may have its end before it.
    edits.sort_by_key(|edit| (edit.from, edit.to));
    edits.dedup_by(|next, edit| next.from < edit.to || next.from == edit.from);
    edits
}

fn edited(html: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(html.len() + edits.len() * 2);
    let mut copied = 0;
    for edit in edits {
        out.push_str(&html[copied..edit.from]);
        out.push_str(edit.instead);
        copied = edit.to;
    }
    out.push_str(&html[copied..]);
    out
}

/// WHATWG HTML, 13.2.5.43 to 51.
fn end_of_comment(html: &str, start: usize) -> usize {
    let rest = &html[start..];
    if rest.starts_with('>') || rest.starts_with("->") {
        return start;
    }
    let mut at = start;
    while let Some(found) = html[at..].find("--") {
        at += found + 1;
        for end in ["->", "-!>"] {
            if html[at..].starts_with(end) {
                return at + end.len();
            }
        }
    }
    html.len()
}

/// Where the content of a script or style ends, by all appearances.
fn end_of_raw_text(html: &str, name: usize, end: usize) -> Option<usize> {
    let bytes = html.as_bytes();
    let starts = |at: usize, word: &str| {
        bytes.get(at..at + word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    if bytes.get(name.wrapping_sub(1)) == Some(&b'/') {
        return None;
    }
    let word = ["script", "style"].into_iter().find(|word| starts(name, word))?;
    let mut at = end;
    while let Some(found) = html.get(at..).and_then(|rest| rest.find("</")) {
        at += found + 2;
        if starts(at, word) {
            return Some(at - 2);
        }
    }
    Some(bytes.len())
}

/// A tag, or what would be one if it were not in a comment.
struct Tag {
    /// Its `>`, or the end of the text; if the rest is of no use, where looking ended.
    end: usize,
    /// Where the first attribute begins that is one too many.
    excess: Option<usize>,
}

/// The states in which a tokenizer reads a tag (WHATWG HTML, 13.2.5.8 and 32 to 40).
#[derive(Clone, Copy)]
enum State {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
    AfterQuoted,
    SelfClosing,
}

impl Tag {
    /// Reads from the first letter of the name, to the end if that is asked for.
    fn scan(bytes: &[u8], name: usize, to_end: bool) -> Self {
        use State::*;

        let (mut state, mut attributes, mut excess) = (TagName, 0, None);
        let mut at = name;
        while let Some(&byte) = bytes.get(at) {
            let blank = matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
            let begins = match (state, byte) {
                (DoubleQuoted | SingleQuoted, _) => false,
                (_, b'>') => return Self { end: at, excess },
                (BeforeName | AfterQuoted | SelfClosing, b'=') => true,
                (BeforeName | AfterName | AfterQuoted | SelfClosing, b'/' | b'=') => false,
                (BeforeName | AfterName | AfterQuoted | SelfClosing, _) => !blank,
                _ => false,
            };
            if begins {
                attributes += 1;
                if attributes > MAX_ATTRIBUTES && excess.is_none() {
                    excess = Some(at);
                    if !to_end {
                        return Self { end: at, excess };
                    }
                }
            }
            state = match (state, byte) {
                (DoubleQuoted, b'"') | (SingleQuoted, b'\'') => AfterQuoted,
                (DoubleQuoted | SingleQuoted, _) => state,
                (BeforeValue, b'"') => DoubleQuoted,
                (BeforeValue, b'\'') => SingleQuoted,
                (BeforeValue, _) if blank => BeforeValue,
                (BeforeValue, _) => Unquoted,
                (Unquoted, _) => {
                    if blank {
                        BeforeName
                    } else {
                        Unquoted
                    }
                }
                (Name, _) if blank => AfterName,
                (AfterName, _) if blank => AfterName,
                (_, _) if blank => BeforeName,
                (_, b'/') => SelfClosing,
                (Name | AfterName, b'=') => BeforeValue,
                (TagName, _) => TagName,
                (_, _) => Name,
            };
            at += 1;
        }
        Self { end: bytes.len(), excess }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many attributes.
    fn many(count: usize) -> String {
        (0..count).map(|i| format!("a{i} ")).collect()
    }

    #[test]
    fn what_is_within_bounds_is_not_touched() {
        for html in [
            String::new(),
            "<p>a</p><br/>".into(),
            format!("<p {}>", many(2000)),
            format!("<p x=\"{}\">", many(9000)),
            format!("<p x = '{}'>", many(9000)),
            format!("<!-- {} -->", many(9000)),
            format!("<script>var a = 1; {}</script>", many(9000)),
            format!("{} 1 < 2 {}", many(9000), many(9000)),
            // As many as stand in the names of files, and no tag.
            format!("a<1 {}", many(9000)),
        ] {
            assert_eq!(bounded_markup(&html), BoundedMarkup { text: Cow::Borrowed(&html), exceeded: false });
        }
    }

    #[test]
    fn what_is_a_tag_by_all_appearances_loses_its_further_attributes() {
        for (open, close) in [
            ("<p ", ">Text"),
            ("</p ", ">Text"),
            ("<!-- <b x=' --><p x='>' ", ">Text"),
            ("<!----!><p ", ">Text"),
            ("<!--><p ", ">Text"),
            ("<style>a</style><p ", ">Text"),
            ("<p a=b=\"c ", ">Text"),
            ("<p =\" ", ">Text"),
        ] {
            let html = format!("{open}{}{close}", many(5000));
            let bounded = bounded_markup(&html);
            assert!(bounded.exceeded && bounded.text.starts_with(open) && bounded.text.ends_with(close), "{open}");
            let left = bounded.text.matches(" a").count();
            assert!((1995..=2001).contains(&left), "{open}: {left}");
        }
    }

    #[test]
    fn what_may_be_a_tag_is_ended() {
        for (open, close) in [
            ("<svg><style><p ", "></style></svg>Text"),
            ("<svg><style><p x='</style>' ", ">Text"),
            ("<svg><foreignObject></svg></foreignObject><script><p ", "></script>Text"),
            ("<select><style><p ", "></style></select>Text"),
            ("<script><!--<script></script><a x=\"--></script><p ", ">Text"),
            ("<title><!--</title><p ", ">Text"),
            ("<textarea><a x=\"</textarea><p ", ">Text"),
            ("<!-- <p ", " --> Text"),
        ] {
            let html = format!("{open}{}{close}", many(5000));
            let bounded = bounded_markup(&html);
            assert!(bounded.exceeded && bounded.text.ends_with(close), "{open}");
            // Nothing of a script or comment is lost.
            let longest = bounded.text.split('>').map(|part| part.matches(" a").count()).max();
            assert!(longest.is_some_and(|longest| longest <= 3001), "{open}: {longest:?}");
        }
    }

    #[test]
    fn tags_in_tags_take_linear_time() {
        let started = std::time::Instant::now();
        for unit in [
            "<a ",
            "<a x=\"",
            "<a x='",
            "<a x=\"<b y='",
            "<!--",
            "<!---->",
            "<!-- ---",
            "<script>",
            "<style><a x=\"",
            "</p ",
        ] {
            let html = unit.repeat((1 << 20) / unit.len());
            assert!(bounded_markup(&html).text.len() <= html.len() * 2, "{unit}");
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
