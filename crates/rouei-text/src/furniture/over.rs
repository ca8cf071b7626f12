//! What a line says of what stands below or beside it.

use super::{KEY, Line, SITE_NAME, WORDS};

/// Whether a line between paragraphs shows another page by a label before its headline: `【図解】…`.
pub(crate) fn is_labelled_headline(text: &str) -> bool {
    let Some((label, rest)) = text.strip_prefix('【').and_then(|t| t.split_once('】')) else { return false };
    !rest.trim().is_empty() && is_label(label)
}

/// Whether a name, as the key of a pair between paragraphs, is such a label.
pub(crate) fn is_label(label: &str) -> bool {
    WORDS.label.iter().any(|word| label == word)
}

/// Whether a line above the story shows the latest headline of the site: `速報 …`.
pub(crate) fn is_flash(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['【', '[', '＜', '<', '■', '●', '▶']);
    let behind = WORDS.flash.iter().find_map(|word| text.strip_prefix(word.as_str()));
    behind.is_some_and(|rest| {
        rest.starts_with([' ', '\u{3000}', ':', '：', '】', ']', '＞', '>', '｜', '|']) && rest.chars().count() > 8
    })
}

/// Whether a text is the name of what a page can be shared with, and nothing else.
pub(crate) fn is_share(text: &str) -> bool {
    let name = text.trim().to_lowercase();
    WORDS.share.contains(&name)
}

/// Whether a heading stands over the table of contents of a text, which says nothing that the text does not say.
pub(crate) fn is_contents(text: &str) -> bool {
    text.chars().count() <= 12 && WORDS.contents.iter().any(|word| text.contains(word.as_str()))
}

/// Whether a heading may stand over other articles: what follows has to look like them.
pub(crate) fn hints_at_others(text: &str) -> bool {
    let line = Line::of(text);
    text.chars().count() <= 24
        && !text.contains('。')
        && WORDS.hint.as_ref().is_some_and(|words| words.is_match(text))
        && !line.is_content_heading()
}

/// Whether a name, as the key of a pair, says something of the page and not of what it tells: ページ番号.
pub(crate) fn is_key(text: &str) -> bool {
    Line::of(text).is(KEY, 30)
}

/// Whether a short text is what a site of news or a diary calls itself: ひだまり通信ブログ.
pub(crate) fn is_site_name(text: &str) -> bool {
    Line::of(text).is(SITE_NAME, 30)
}

/// Whether a text says that a list of cases comes below it.
pub(crate) fn announces_list(text: &str) -> bool {
    WORDS.announces_list.as_ref().is_some_and(|words| words.is_match(text))
}
