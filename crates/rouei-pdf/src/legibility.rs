//! Whether text that came out of a PDF can be Japanese (or English) at all.

/// Share of strange characters above which a text is taken for mojibake, in percent. Legible documents hold at most a
/// few private-use glyphs (company marks, circled numbers beyond 50).
const STRANGE_PERCENT: usize = 5;

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Legibility {
    /// Characters other than white space.
    pub(crate) letters: usize,
    /// Those of them that no Japanese document holds.
    pub(crate) strange: usize,
    ideographs: usize,
    kana: usize,
}

impl Legibility {
    /// False for mojibake: too many strange characters, or a long text of ideographs without a single kana, which is
    /// what a legacy code read one byte off looks like.
    pub(crate) fn is_legible(self) -> bool {
        let strange = self.strange * 100 > self.letters * STRANGE_PERCENT;
        let bare = self.ideographs >= 60 && self.kana == 0;
        !strange && !bare
    }
}

pub(crate) fn of(text: impl Iterator<Item = char>) -> Legibility {
    let mut found = Legibility { letters: 0, strange: 0, ideographs: 0, kana: 0 };
    for c in text.filter(|c| !c.is_whitespace()) {
        found.letters += 1;
        found.strange += usize::from(is_strange(c));
        found.ideographs += usize::from(matches!(c, '\u{4E00}'..='\u{9FFF}'));
        found.kana += usize::from(matches!(c, '\u{3041}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9D}'));
    }
    found
}

/// Blocks of the Unicode standard that a Japanese announcement does not draw from.
fn is_strange(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'    // controls
        | '\u{100}'..='\u{36F}'                  // Latin Extended, phonetic, combining
        | '\u{500}'..='\u{1FFF}'                 // Armenian to Greek Extended: Arabic, Indic, Thai, …
        | '\u{2C00}'..='\u{2DFF}'                // Glagolitic to Ethiopic
        | '\u{3130}'..='\u{318F}'                // Hangul letters
        | '\u{3400}'..='\u{4DBF}'                // rare ideographs
        | '\u{A000}'..='\u{D7FF}'                // Yi, Hangul, …
        | '\u{E000}'..='\u{F8FF}'                // private use
        | '\u{FB00}'..='\u{FDFF}'                // Hebrew and Arabic forms
        | '\u{FE70}'..='\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFF}'                // U+FFFD
        | '\u{F0000}'..)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn judges() {
        let check = |text: &str, legible: bool| assert_eq!(of(text.chars()).is_legible(), legible, "{text}");
        check("当社は、1,284名分のメールアドレスを誤送信しました。", true);
        check("Notice of unauthorized access (Apr. 14, 2026)", true);
        check("①②③ ※ ㈱灯台精機 ½ 〒000-0000 ～ 12⽉4⽇", true);
        check("ꗥ꒣믡췍꿡ꗥ", false);
        check("ʠʧʮʵʼ", false);
        check("\u{FFFD}\u{FFFD}名のメール", false);
        // One private glyph in a long text is a company's mark.
        check(&format!("\u{E001}{}", "個人情報の漏えいについて".repeat(4)), true);
        check(&"亜唖娃阿哀愛挨姶逢葵茜穐悪握渥旭葦芦鯵梓圧斡扱宛姐虻飴絢綾鮎或粟袷".repeat(2), false);
        check("灯台精機株式会社", true);
    }
}
