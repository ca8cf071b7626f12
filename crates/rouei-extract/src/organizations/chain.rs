//! From words to names: chains of name-like words, cut where a suffix ends them.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_host, is_kanji};
use super::{Mention, OrganizationFinding, OrganizationKind, topic};

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 6;

impl Scan<'_> {
    pub(super) fn chains(&self, out: &mut Vec<OrganizationFinding>) {
        let tokens = self.tokens();
        let mut i = 0;
        while i < tokens.len() {
            if !self.is_name_word(&tokens[i]) || self.is_form_word(&tokens[i]) {
                i += 1;
                continue;
            }
            let first = i;
            let mut last = i;
            while let Some(token) = tokens.get(last + 1) {
                let touching = token.start == tokens[last].end || self.blank_inside_name(tokens[last].end, token.start);
                let name_word = self.is_name_word(token) && !self.is_form_word(token);
                if !touching || !(name_word || self.is_connector(token, last + 1)) {
                    break;
                }
                last += 1;
            }
            i = last + 1;
            self.read_chain(&tokens[first..=last], out);
        }
    }

    /// Cuts a chain behind its last organizational suffix; a chain without one is a bare name, if anything.
    pub(super) fn read_chain(&self, chain: &[Token], out: &mut Vec<OrganizationFinding>) {
        let text = self.reading.text();
        let chain = self.without_lead(chain);
        let Some(first) = chain.first() else { return };
        let next_char = |end: usize| text[end..self.span().end].chars().next();
        for (k, token) in chain.iter().enumerate().rev() {
            let span = Span::new(first.start, token.end);
            let Some(suffix) = self.suffix_at(&chain[..=k], next_char(token.end)) else { continue };
            if self.is_only_a_kind(span.of(text)) {
                return;
            }
            let mention = if suffix.weak { Mention::Weak } else { Mention::Suffix };
            let span = self.with_ticker(span);
            if span.of(text).chars().count() > LONGEST_NAME {
                return;
            }
            out.push(self.finding(self.with_cut_head(span, suffix.kind), suffix.kind, mention));
            return;
        }
        let Some(last) = chain.last() else { return };
        let whole = Span::new(first.start, last.end);
        if topic::announces(self.lexicon, Span::new(whole.end, self.span().end).of(text), whole.of(text))
            && !self.is_generic_word(whole.of(text))
            && !self.is_only_a_kind(whole.of(text))
        {
            out.push(self.finding(whole, OrganizationKind::Unknown, Mention::Weak));
            return;
        }
        self.read_bare(chain, out);
    }

    /// 雨降石市: where the dictionary sees a verb inside a place name, the kanji before it belong to the name.
    pub(super) fn with_cut_head(&self, span: Span, kind: OrganizationKind) -> Span {
        use OrganizationKind as K;
        if !matches!(kind, K::Municipality | K::Prefecture | K::Board | K::School | K::Hospital) {
            return span;
        }
        let tokens = self.tokens();
        let mut start = span.start;
        let Some(mut i) = tokens.iter().position(|t| t.start == start) else { return span };
        let mut verb = false;
        while i > 0 && tokens[i - 1].end == start {
            let token = &tokens[i - 1];
            let kanji = self.word(token).chars().all(is_kanji);
            let cut = matches!(token.class, WordClass::Verb | WordClass::Adjective);
            if !kanji || !(cut || verb && self.is_name_word(token) && !self.is_generic_word(self.word(token))) {
                break;
            }
            verb |= cut;
            start = token.start;
            i -= 1;
        }
        let head = Span::new(start, span.start).of(self.reading.text()).chars().count();
        if verb && head <= 3 { Span::new(start, span.end) } else { span }
    }

    pub(super) fn read_bare(&self, chain: &[Token], out: &mut Vec<OrganizationFinding>) {
        let text = self.reading.text();
        // The name ends before the first common noun behind it (ホシヅキ|顧客データ).
        let mut end = 0;
        let mut named = false;
        for (k, token) in chain.iter().enumerate() {
            let word = self.word(token);
            let known_name = matches!(token.class, WordClass::Organization | WordClass::ProperNoun);
            let foreign = word.chars().all(|c| {
                c.is_ascii_alphanumeric() || ('ァ'..='ヿ').contains(&c) || matches!(c, '&' | '.' | '-' | '!' | '\'')
            }) && word.chars().any(|c| c.is_alphabetic());
            if self.is_generic_word(word) && k > 0 {
                break;
            }
            let place = matches!(token.class, WordClass::Place | WordClass::PersonName);
            if !(known_name || foreign || place || self.is_connector_word(word)) {
                break;
            }
            let capitals = word.chars().all(|c| c.is_ascii_uppercase()) && word.len() >= 3;
            named |= known_name
                || foreign
                    && (!token.known && word.chars().count() >= 2 && !self.lexicon.is_loan_compound(word) || capitals);
            end = k + 1;
        }
        while end > 0 && self.is_connector_word(self.word(&chain[end - 1])) {
            end -= 1;
        }
        if !named || end == 0 {
            return;
        }
        let span = self.with_ticker(Span::new(chain[0].start, chain[end - 1].end));
        let raw = span.of(text);
        if raw.chars().count() < 2
            || raw.chars().count() > LONGEST_NAME
            || self.is_generic_word(raw)
            || self.is_only_a_kind(raw)
            || is_host(raw)
            || self.lexicon.is_loan_compound(raw)
        {
            return;
        }
        out.push(self.finding(span, OrganizationKind::Unknown, Mention::Bare));
    }

    /// Drops what stands before a name without being part of it: 被告, 委託先, 同業, dates.
    pub(super) fn without_lead<'t>(&self, chain: &'t [Token]) -> &'t [Token] {
        let mut chain = chain;
        while let Some(first) = chain.first() {
            let word = self.word(first);
            let drop = self.is_generic_word(word) && chain.len() > 1 && !matches!(first.class, WordClass::Place)
                || self.lexicon.is_one_of(WordList::Lead, word)
                || word.chars().all(|c| c.is_ascii_digit())
                || self.is_connector_word(word);
            if !drop {
                break;
            }
            chain = &chain[1..];
        }
        chain
    }

    /// A line of its own near either end that ends as names do: `のざらし仏壇店`, which the dictionary cuts at の.
    pub(super) fn signature(&self, out: &mut Vec<OrganizationFinding>) {
        let last = self.reading.sentences.len();
        let text = self.text();
        if self.sentence >= SIGNATURE_REACH && self.sentence + SIGNATURE_REACH < last
            || text.chars().count() > 22
            || text.contains(['。', '、', 'を', ':', '(', ' ', '「', '/'])
            || !text.starts_with(|c: char| c.is_alphabetic())
        {
            return;
        }
        let Some(suffix) = self.suffix_of(text) else { return };
        let stem = &text[..text.len() - suffix.form.len()];
        let common = self.tokens().iter().all(|t| self.is_common_word(t));
        if suffix.form.chars().count() >= 2
            && stem.chars().count() >= 2
            && !common
            && suffix.only.is_empty()
            && suffix.kind != OrganizationKind::Service
        {
            out.push(self.finding(self.span(), suffix.kind, if suffix.weak { Mention::Weak } else { Mention::Suffix }));
        }
    }
}
