//! Loanwords that name somebody because of where they stand: `ローソン` is a dictionary's person, `イオン` a particle of
//! physics, but nobody breaks into either.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::scan::{LONGEST_NAME, Scan};
use super::topic::announces_some_day;

impl Scan<'_> {
    /// The part of a chain of loanwords that stands where only an organization can stand, and may be a name.
    pub(super) fn framed_name(&self, chain: &[Token]) -> Option<Span> {
        let first = chain.first()?;
        let head = chain.iter().take_while(|t| self.is_foreign(t)).count();
        (1..=head).rev().find_map(|length| {
            let span = Span::new(first.start, chain[length - 1].end);
            (self.may_be_framed(&chain[..length], span) && self.is_framed(span)).then_some(span)
        })
    }

    /// に不正アクセス, の元社員, 誤って掲載したのは…, and the head of a headline with a figure.
    pub(super) fn is_framed(&self, span: Span) -> bool {
        let text = self.reading.text();
        let line = self.text();
        let before = Span::new(self.span().start, span.start).of(text);
        // ヒューマンネットワーク(福岡市)が運営する
        let seat = if self.place_in_brackets(span.end) { text[span.end..].find(')').map_or(0, |at| at + 1) } else { 0 };
        let after = Span::new(span.end + seat, self.span().end).of(text);
        let told = || self.lexicon.no_name_inside.iter().any(|w| line.contains(w.as_str()));
        let headline = || !line.ends_with('。') && line.contains(|c: char| c.is_ascii_digit()) && told();
        let heads = before.is_empty() && after.starts_with(['で', 'が', '、', 'に', 'か']) && headline();
        // 1,234人分が流出 イオン、メール誤送信で
        let behind_blank = before.ends_with(' ') && after.starts_with('、') && headline();
        let it_was = self.lexicon.ends_with(WordList::ItWas, before).is_some()
            && (after.is_empty() || after.starts_with(['。', '、', 'だ', 'で']));
        // 6月8日、霧影電機は…と発表した
        let topic = (before.is_empty() || before.ends_with('、')) && announces_some_day(self.lexicon, after);
        heads || behind_blank || it_was || topic || self.lexicon.begins_with(WordList::FrameBehind, after).is_some()
    }

    /// Loanwords that are no thing, no kind of shop and no word of the trade.
    fn may_be_framed(&self, chain: &[Token], span: Span) -> bool {
        let name = span.of(self.reading.text());
        let known_person = chain.len() == 1 && chain[0].class == WordClass::PersonName;
        (3..=LONGEST_NAME / 2).contains(&name.chars().count())
            && name.chars().all(|c| ('ァ'..='ヿ').contains(&c))
            && (chain.len() > 1 || known_person || !self.lexicon.is_loan_compound(name))
            && !self.is_generic_word(name)
            && !self.lexicon.onlookers.contains_key(name)
            && self.lexicon.ends_with(WordList::NoFramedName, name).is_none()
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
            && !self.lexicon.no_name_inside.iter().any(|w| name.contains(w.as_str()))
    }
}
