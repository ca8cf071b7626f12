//! Lines of their own that are nothing but a name: who signs a notice.

use rouei_morphology::Token;

use super::lexicon::WordList;
use super::name::split_name;
use super::scan::{LONGEST_NAME, Scan};
use super::word::is_hiragana;
use super::{Mention, OrganizationFinding, OrganizationKind};

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 6;

impl Scan<'_> {
    /// A line of its own near either end that ends as names do: `のざらし仏壇店`, which the dictionary cuts at の.
    pub(super) fn signature(&self, out: &mut Vec<OrganizationFinding>) {
        let last = self.reading.sentences.len();
        let text = self.text();
        if let Some(spaced) = self.letter_spaced(text) {
            out.push(spaced);
            return;
        }
        if self.sentence >= SIGNATURE_REACH && self.sentence + SIGNATURE_REACH < last
            || text.chars().count() > 22
            || text.contains(['。', '、', 'を', ':', '(', ' ', '「', '/'])
            || !text.starts_with(|c: char| c.is_alphabetic())
            || self.holds_a_genitive(text)
        {
            return;
        }
        let Some(suffix) = self.suffix_of(text) else { return };
        let stem = &text[..text.len() - suffix.form.len()];
        let common = self.tokens().iter().all(|t| self.is_common_word(t)) && !self.is_dated_signature(stem);
        if suffix.form.chars().count() >= 2
            && stem.chars().count() >= 2
            && !common
            && suffix.only.is_empty()
            && suffix.kind != OrganizationKind::Service
        {
            out.push(self.finding(self.span(), suffix.kind, if suffix.weak { Mention::Weak } else { Mention::Suffix }));
        }
    }

    /// 灯台観光, of common nouns alone, where a line with nothing but a day stands beside it.
    fn is_dated_signature(&self, stem: &str) -> bool {
        let generic = |t: &Token| {
            let word = self.word(t);
            self.is_generic_word(word)
                || self.lexicon.is_loan_compound(word)
                || self.lexicon.is_one_of(WordList::PlainNoun, word)
        };
        let behind = (self.sentence + 1 < self.reading.sentences.len()).then_some(self.sentence + 1);
        let mut beside = self.sentence.checked_sub(1).into_iter().chain(behind);
        beside.any(|s| is_a_day(self.reading.sentence_text(s)))
            && stem.chars().all(char::is_alphabetic)
            && !self.tokens().iter().take_while(|t| t.end <= self.span().start + stem.len()).any(generic)
    }

    /// `九 州 大 学`: a name on a line of its own, with a blank between its characters.
    fn letter_spaced(&self, text: &str) -> Option<OrganizationFinding> {
        // 株式会社 九 州 製 菓: the form may be written close.
        let form = self.lexicon.legal_form_from(text, 0);
        let own = form.and_then(|(at, form, _)| match at {
            0 => text[form.len()..].strip_prefix(' '),
            _ => text.strip_suffix(form).and_then(|head| head.strip_suffix(' ')),
        });
        let spaced = own.unwrap_or(text).chars().enumerate().all(|(i, c)| (c == ' ') == (i % 2 == 1));
        if !spaced {
            return None;
        }
        let squeezed: String = text.chars().filter(|c| *c != ' ').collect();
        if !(3..=LONGEST_NAME / 2).contains(&squeezed.chars().count()) || self.is_generic_word(&squeezed) {
            return None;
        }
        let (name, legal_form, ticker, form_kind) = split_name(self.lexicon, &squeezed);
        let suffix = self.suffix_of(&name).filter(|s| name.chars().count() >= s.form.chars().count() + 2);
        let kind = suffix.map(|s| s.kind).or(form_kind)?;
        let mention = if legal_form.is_some() { Mention::LegalForm } else { Mention::Suffix };
        Some(OrganizationFinding { name, legal_form, ticker, ..self.finding(self.span(), kind, mention) })
    }

    /// 羽衣草市の名簿: a の between words, not one inside a name in hiragana.
    fn holds_a_genitive(&self, text: &str) -> bool {
        text.match_indices('の').any(|(at, _)| text[..at].chars().next_back().is_some_and(|c| !is_hiragana(c)))
    }
}

/// 2026年5月12日(火), 令和8年5月12日: a line that is no more than a day.
fn is_a_day(line: &str) -> bool {
    let part = |c: char| c.is_ascii_digit() || "令和平成元年月日火水木金土()/.- ".contains(c);
    (8..=20).contains(&line.chars().count()) && line.chars().all(part) && line.chars().any(|c| c.is_ascii_digit())
}
