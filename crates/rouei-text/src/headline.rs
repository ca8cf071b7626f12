//! The headline of a page, which no rule about furniture may drop.

use crate::page::Page;

/// Characters of a title at least by which the beginning of a text is known.
const LEAD: usize = 12;

/// What stands for the headline of a page.
#[derive(Clone, Copy)]
pub(crate) enum Headline {
    /// A heading.
    Heading(usize),
    /// A page without one, whose title is the beginning of its text: the paragraph that begins so.
    Lead(usize),
}

/// The heading that repeats the title of the page or a part of it, else the lead that does, else the first `h1`.
pub(crate) fn find(page: &Page<'_>, titles: &[String]) -> Option<Headline> {
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let separator =
        |c: char| matches!(c, '|' | '｜' | '：' | ':' | '/' | '／' | '-' | '–' | '—' | '―' | '«' | '»' | '‹' | '›');
    let parts: Vec<String> = titles.iter().flat_map(|t| t.split(separator)).map(squeeze).collect();
    // What a paragraph or a box repeats has to be the title and not the name of the site beside it.
    let longest: Vec<String> = titles
        .iter()
        .filter_map(|t| t.split(separator).map(squeeze).max_by_key(|p| (p.chars().count(), std::cmp::Reverse(p.len()))))
        .collect();
    let titles: Vec<String> = titles.iter().map(|t| squeeze(t)).collect();
    let mut best: Option<(usize, usize)> = None;
    let mut first_h1 = None;
    for at in 0..page.nodes.len() {
        let level = match page.tag(at) {
            "h1" => 1,
            "h2" | "h3" | "h4" => 2,
            "p" | "div" | "span" | "font" | "td" | "b" | "strong" => 3,
            _ => continue,
        };
        let chars = page.nodes[at].chars as usize;
        if !(4..=200).contains(&chars) || page.nodes[at].end - at > 40 || page.is_gone(at) {
            continue;
        }
        // The name of the site leads to its first page.
        if page.link_density(at) > 0.9 && page.is_home_link(at) {
            continue;
        }
        if level == 3 && chars < 8 {
            continue;
        }
        let text = page.squeezed(at, 1000);
        let is_part = titles.contains(&text) || parts.contains(&text);
        if page.link_density(at) > 0.5 && level > 1 && !(is_part && level == 2) {
            continue;
        }
        let named = |t: &String| t.ends_with(text.as_str()) && t.chars().count() > text.chars().count() * 3;
        if level <= 2 && parts.contains(&text) && !longest.contains(&text) && titles.iter().any(named) {
            continue;
        }
        if level == 1 && first_h1.is_none() {
            first_h1 = Some(at);
        }
        if level == 3 && parts.contains(&text) && !longest.contains(&text) && !titles.contains(&text) {
            continue;
        }
        let begins = titles.iter().any(|t| t.starts_with(&text));
        let holds = level <= 2 && titles.iter().any(|t| t.contains(&text));
        if is_part || begins || holds {
            // A real heading is worth more than the same words in bold; a longer match more than the site's name.
            let score = chars * 2 + usize::from(begins || is_part) * 8 + (3 - level) * 3;
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, at));
            }
        }
    }
    let lead = || {
        let words: Vec<&str> = longest
            .iter()
            .map(|t| t.trim_end_matches(['…', '.', '。']))
            .filter(|t| t.chars().count() >= LEAD)
            .collect();
        let begins = |at: &usize| {
            let Some(text) = page.nodes[*at].node.as_text() else { return false };
            let chars = page.nodes[*at].chars as usize;
            words.iter().any(|w| {
                chars > w.chars().count() + LEAD
                    && text.chars().filter(|c| !c.is_whitespace()).zip(w.chars()).all(|(a, b)| a == b)
            })
        };
        (0..page.nodes.len()).find(begins).map(|at| page.nodes[at].parent)
    };
    match best {
        Some((_, at)) => Some(Headline::Heading(at)),
        None => lead().filter(|&at| !page.is_gone(at)).map(Headline::Lead).or(first_h1.map(Headline::Heading)),
    }
}
