//! A line as the patterns see it.

use unicode_normalization::UnicodeNormalization;

/// What decorates headings.
const MARKS: &str = "■□●○◆◇▼▽▲△▶►★☆◎[]【】<>《》«»‹›「」『』〈〉:・|-~….。、＊*#†¶→←↑↓⇒!?";

/// NFKC, lower case, without blanks and without the marks that decorate headings.
pub(super) fn bare(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            continue;
        }
        let Some(c) = folded_alone(c) else {
            folded.clear();
            folded.extend(text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase));
            break;
        };
        folded.push(c);
    }
    let kept = folded.trim_end_matches(is_mark).len();
    folded.truncate(kept);
    let marks = kept - folded.trim_start_matches(is_mark).len();
    folded.drain(..marks);
    folded
}

/// The first and the last character of [`bare`]; none where that takes a closer look.
pub(super) fn ends(text: &str) -> Option<(char, char)> {
    let mut chars = text.chars();
    let first = end(&mut chars)?;
    // What joins itself to the character before it would change that.
    let alone = chars.next().is_none_or(|next| next.is_whitespace() || folded_alone(next).is_some());
    let last = end(&mut text.chars().rev())?;
    alone.then_some((first, last))
}

/// The next character that is neither blank nor mark; none where one that comes before it takes a closer look.
fn end(chars: &mut impl Iterator<Item = char>) -> Option<char> {
    for c in chars.filter(|c| !c.is_whitespace()) {
        let c = folded_alone(c)?;
        if !is_mark(c) {
            return Some(c);
        }
    }
    None
}

fn is_mark(c: char) -> bool {
    // Letters, kana and ideographs, at a glance.
    !matches!(c, 'a'..='z' | 'ぁ'..='ヺ' | '一'..='鿿') && MARKS.contains(c)
}

/// What NFKC and lower case make of a character, whatever stands beside it; none where that takes a closer look.
fn folded_alone(c: char) -> Option<char> {
    Some(match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | '・' | 'ー' | '一'..='鿿' | '、' | '。' | '〈'..='】' => c,
        '■' | '□' | '▲' | '△' | '▼' | '▽' | '◆' | '◇' | '○' | '◎' | '●' | '★' | '☆' | '※' => {
            c
        }
        // Full-width forms of ASCII.
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0)?.to_ascii_lowercase(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_those_of_the_whole_line() {
        for (text, want) in [
            ("■ 関連記事 ", Some(('関', '事'))),
            ("【Ｑ】", Some(('q', 'q'))),
            ("（続き）", Some(('(', ')'))),
            ("か\u{3099}き", None),
            ("きか\u{3099}", None),
            ("■ ■", None),
            ("", None),
        ] {
            let found = ends(text);
            assert_eq!(found, want, "{text}");
            let whole = bare(text);
            assert!(
                found.is_none_or(|ends| whole.chars().next().zip(whole.chars().next_back()) == Some(ends)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_folded_alone_is_what_the_whole_way_makes_of_it() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_whitespace()) {
            let whole: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
            assert!(folded_alone(c).is_none_or(|folded| whole == folded.to_string()), "{c} {whole}");
        }
    }
}
