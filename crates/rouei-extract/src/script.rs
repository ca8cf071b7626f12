//! Characters by their script, at the price of a comparison where the tables of Unicode cost a search.

/// As [`char::is_alphanumeric`]; kana and kanji, of which most texts consist, are known at a glance.
#[inline]
pub(crate) fn is_alphanumeric(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿') || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_character_is_what_unicode_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(super::is_alphanumeric(c), c.is_alphanumeric(), "{c}");
        }
    }
}
