//! A line as the patterns see it.

use unicode_normalization::UnicodeNormalization;

/// What decorates headings.
const MARKS: &str = "■□●○◆◇▼▽▲△▶►★☆◎[]【】<>《》«»‹›「」『』〈〉:・|-~….。、＊*#→←↑↓⇒!?";

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
    fn what_is_folded_alone_is_what_the_whole_way_makes_of_it() {
        for c in ('\0'..=char::MAX).filter(|c| !c.is_whitespace()) {
            let whole: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
            assert!(folded_alone(c).is_none_or(|folded| whole == folded.to_string()), "{c} {whole}");
        }
    }
}
