//! Single words: what can be part of a name, what joins two parts, what names nobody.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::scan::Scan;
use crate::script::is_alphanumeric;

impl Scan<'_> {
    /// A word of the dictionary that names nothing by itself, or a compound of loanwords.
    pub(super) fn is_common_word(&self, token: &Token) -> bool {
        let word = self.word(token);
        self.is_generic_word(word)
            || self.lexicon.is_loan_compound(word)
            || token.known
                && matches!(
                    token.class,
                    WordClass::Noun
                        | WordClass::VerbalNoun
                        | WordClass::AdjectivalNoun
                        | WordClass::NounSuffix
                        | WordClass::Number
                        | WordClass::Prefix
                        | WordClass::Symbol
                        | WordClass::Adverb
                )
    }

    pub(super) fn is_generic_word(&self, word: &str) -> bool {
        self.lexicon.generic.contains(word.trim())
    }

    /// 水道局, 教育委員会: a kind of organization alone. 本学地域交流センター: a part of whoever speaks.
    pub(super) fn is_only_a_kind(&self, name: &str) -> bool {
        self.lexicon.suffix_set.contains(name) || self.lexicon.begins_with(WordList::SpeakerPart, name).is_some()
    }

    pub(super) fn is_name_word(&self, token: &Token) -> bool {
        let named = match token.class {
            WordClass::Noun
            | WordClass::VerbalNoun
            | WordClass::AdjectivalNoun
            | WordClass::ProperNoun
            | WordClass::PersonName
            | WordClass::Organization
            | WordClass::Place
            | WordClass::NounSuffix
            | WordClass::Prefix => true,
            // 十三市民病院, 第一生命: numerals belong to names, figures do not.
            WordClass::Number => !self.word(token).starts_with(|c: char| c.is_ascii_digit()),
            // 六日町: behind a numeral in kanji even a counter.
            WordClass::Counter => {
                let before = self.reading.text()[..token.start].chars().next_back();
                before.is_some_and(|c| "一二三四五六七八九十百千".contains(c))
            }
            WordClass::Symbol => !token.known,
            _ => false,
        };
        // The dictionary calls brackets and other ASCII marks nouns.
        named && self.word(token).chars().all(|c| is_alphanumeric(c) || matches!(c, '・' | 'ー' | '々'))
    }

    pub(super) fn is_form_word(&self, token: &Token) -> bool {
        self.lexicon.legal_form_set.contains(self.word(token))
    }

    pub(super) fn is_connector_word(&self, word: &str) -> bool {
        matches!(word, "・" | "&" | "." | "-" | "'" | "’" | "!" | "＆")
    }

    pub(super) fn is_connector(&self, token: &Token, index: usize) -> bool {
        self.is_connector_word(self.word(token))
            && index > 0
            && self.tokens().get(index + 1).is_some_and(|n| n.start == token.end && self.is_name_word(n))
    }

    /// `HOSHI ONLINE SHOP`, `ミナモライフ アリエ`.
    pub(super) fn blank_inside_name(&self, end: usize, start: usize) -> bool {
        let text = self.reading.text();
        if start != end + 1 || text.as_bytes().get(end) != Some(&b' ') {
            return false;
        }
        let before = text[..end].chars().next_back();
        let after = text[start..].chars().next();
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let katakana = |c: Option<char>| c.is_some_and(|c| ('ァ'..='ヿ').contains(&c));
        latin(before) && latin(after) || katakana(before) && katakana(after)
    }

    /// `https://city.example/soshiki/`, no-reply@shop.example, leak.pdf: what stands in an address names nobody.
    pub(super) fn is_in_an_address(&self, span: Span) -> bool {
        let text = self.reading.text();
        let graphic = |c: &char| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '"' | ',');
        let before: usize = text[..span.start].chars().rev().take_while(graphic).count();
        let after: usize = text[span.end..].chars().take_while(graphic).count();
        let around = &text[span.start - before..span.end + after];
        let file = [
            ".html", ".htm", ".php", ".pdf", ".cgi", ".jsp", ".aspx", ".jpg", ".png", ".gif", ".zip", ".xlsx", ".docx",
        ];
        around.contains("://")
            || around.contains("www.")
            || around.contains('@')
            || file.iter().any(|f| around.contains(f))
    }

    /// A word of Latin letters without a capital or a figure, said once: a word of some language.
    pub(super) fn is_a_plain_latin_word(&self, raw: &str) -> bool {
        let plain = raw.chars().all(|c| c.is_ascii_lowercase() || matches!(c, ' ' | '-'));
        plain && (raw.len() < 4 || raw.contains(' ') || self.reading.text().matches(raw).nth(1).is_none())
    }

    pub(super) fn ends_a_name(&self, token: &Token) -> bool {
        let rest = Span::new(token.start, self.span().end).of(self.reading.text());
        self.lexicon.is_one_of(WordList::Post, self.word(token))
            || self.lexicon.begins_with(WordList::BehindAName, rest).is_some()
    }
}

pub(super) fn is_kanji(c: char) -> bool {
    ('一'..='鿿').contains(&c)
}

pub(super) fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c) || c == 'ー'
}

pub(super) fn is_name_char(c: char) -> bool {
    is_kanji(c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric()
}

/// `example.co.jp`: a host, not a name.
pub(super) fn is_host(name: &str) -> bool {
    name.contains('.') && [".jp", ".com", ".net", ".org", ".example"].iter().any(|d| name.ends_with(d))
}
