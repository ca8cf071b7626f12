//! 株式会社X, X株式会社: the words that touch a legal form; securities codes behind a name.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::name::is_ticker;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_hiragana, is_kanji, is_name_char};
use super::{Mention, OrganizationFinding, OrganizationKind};
use crate::script::is_alphanumeric;

impl Scan<'_> {
    /// 株式会社X, X株式会社: the words that touch the form, particles excluded.
    pub(super) fn legal_forms(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        let mut from = 0;
        while let Some((at, form, kind)) = self.lexicon.legal_form_from(text, from) {
            let end = at + form.len();
            from = end;
            let signed = (at == 0).then(|| self.signed_name(base + end)).flatten();
            let after =
                signed.or_else(|| self.quoted_name_at(base + end)).or_else(|| self.name_starting_at(base + end));
            let before = self
                .name_ending_at(base + at)
                .or_else(|| after.is_none().then(|| self.name_between_marks(base + at)).flatten());
            let trailing = before.filter(|b| {
                let name = b.of(self.reading.text());
                // 指定管理者・株式会社…: a mark is no name.
                // 静岡県の医療法人に: what a particle links to the form is no part of it.
                name.chars().any(char::is_alphanumeric)
                    && !name.ends_with('の')
                    && !self.is_generic_word(name)
                    && !self.lexicon.is_one_of(WordList::FunctionWord, name)
            });
            let span = match (trailing, after) {
                (Some(b), _) => Span::new(b.start, base + end),
                (None, Some(a)) => {
                    from = (a.end - base).max(end);
                    Span::new(base + at, a.end)
                }
                (None, None) => continue,
            };
            let span = self.with_ticker(self.with_cut_line_head(span, base + end));
            if let Some(house) = self.house_behind_its_corporation(span, kind) {
                out.push(self.finding(Span::new(span.start, house.start), kind, Mention::LegalForm));
                out.push(self.finding(house, kind, Mention::Suffix));
                continue;
            }
            if span.of(self.reading.text()).chars().count() <= LONGEST_NAME {
                out.push(self.finding(span, kind, Mention::LegalForm));
            }
        }
    }

    /// `なの|はな生命保険株式会社`, `霧鳴|ガス株式会社` on a line of its own: what begins the line begins the name.
    fn with_cut_line_head(&self, span: Span, end: usize) -> Span {
        /// Longest piece that the dictionary cuts off, in characters.
        const LONGEST: usize = 4;
        let head = Span::new(self.span().start, span.start).of(self.reading.text());
        let alone = span.end == end && end == self.span().end && span.start > self.span().start;
        let of_one_kind = head.chars().all(is_hiragana) || head.chars().all(is_kanji);
        let piece = of_one_kind && head.chars().count() <= LONGEST;
        let function = self.lexicon.is_one_of(WordList::FunctionWord, head);
        if alone && piece && !function { Span::new(self.span().start, end) } else { span }
    }

    /// 医療法人社団仁風会|北沢総合病院: the corporation, then the house that it runs.
    fn house_behind_its_corporation(&self, span: Span, kind: OrganizationKind) -> Option<Span> {
        if kind != OrganizationKind::Hospital {
            return None;
        }
        let name = span.of(self.reading.text());
        let at = name.find('会').map(|at| at + '会'.len_utf8())?;
        let house = &name[at..];
        let hospital = self.suffix_of(house).is_some_and(|s| s.kind == OrganizationKind::Hospital);
        (hospital && house.chars().count() >= 4).then(|| Span::new(span.start + at, span.end))
    }

    /// `株式会社北のシステム` on a line of its own: all of the line is the name.
    fn signed_name(&self, byte: usize) -> Option<Span> {
        let rest = Span::new(byte, self.span().end).of(self.reading.text());
        let blank = usize::from(rest.starts_with(' '));
        let (byte, rest) = (byte + blank, &rest[blank..]);
        let genitive = rest.split_once(['の', 'と']).is_some_and(|(head, tail)| {
            (1..=4).contains(&head.chars().count()) && head.chars().all(is_kanji) && tail.chars().count() >= 2
        });
        (genitive
            && rest.chars().count() <= LONGEST_NAME / 2
            && rest.chars().all(|c| is_name_char(c) || is_hiragana(c) && !matches!(c, 'を' | 'は' | 'が')))
        .then(|| Span::new(byte, byte + rest.len()))
    }

    /// 一般社団法人「ふるさと振興会」: the quotation with its marks.
    fn quoted_name_at(&self, byte: usize) -> Option<Span> {
        let rest = Span::new(byte, self.span().end).of(self.reading.text());
        let inner = rest.strip_prefix('「')?;
        let name = &inner[..inner.find('」')?];
        let length = name.chars().count();
        let plain = name.chars().all(|c| is_alphanumeric(c) || matches!(c, '・' | 'ー' | ' ' | '-' | '&'));
        ((2..=LONGEST_NAME / 2).contains(&length) && plain)
            .then(|| Span::new(byte, byte + name.len() + '「'.len_utf8() + '」'.len_utf8()))
    }

    pub(super) fn name_ending_at(&self, byte: usize) -> Option<Span> {
        let tokens = self.tokens();
        let mut i = tokens.iter().position(|t| t.end == byte)?;
        let end = byte;
        let mut start = byte;
        loop {
            let token = &tokens[i];
            let joined = token.end == start || start < end && self.blank_inside_name(token.end, start);
            // 日|鉄: the head of a name may look like a counter, behind a figure it is one.
            let figure = i.checked_sub(1).is_some_and(|before| tokens[before].class == WordClass::Number);
            let counter = matches!(token.class, WordClass::Counter | WordClass::AdverbialNoun)
                && self.word(token).chars().count() == 1
                && !figure;
            let name_word = self.is_name_word(token) || counter || self.is_connector(token, i);
            // 予約サービス事業者ナルミ株式会社: what it is stands before the name.
            let before = Span::new(self.span().start, token.end).of(self.reading.text());
            let kind = start < end && self.lexicon.ends_with(WordList::KindBeforeForm, before).is_some();
            if !joined || !name_word || kind || self.is_form_word(token) {
                break;
            }
            start = token.start;
            if i == 0 {
                break;
            }
            i -= 1;
        }
        (start < end).then(|| Span::new(start, end))
    }

    /// `ほしづき(株)`: where the dictionary sees no noun, everything from the last mark to the form.
    pub(super) fn name_between_marks(&self, byte: usize) -> Option<Span> {
        let before = Span::new(self.span().start, byte).of(self.reading.text());
        let name: usize = before
            .chars()
            .rev()
            .take_while(|&c| is_name_char(c) || ('ぁ'..='ゖ').contains(&c))
            .map(char::len_utf8)
            .sum();
        let name = &before[before.len() - name..];
        let length = name.chars().count();
        let clause = self.lexicon.holds(WordList::ClauseBeforeForm, name);
        ((2..=12).contains(&length) && !clause).then(|| Span::new(byte - name.len(), byte))
    }

    pub(super) fn name_starting_at(&self, byte: usize) -> Option<Span> {
        let tokens = self.tokens();
        let mut i = tokens.iter().position(|t| {
            t.start == byte
                || (t.start < byte && t.end > byte)
                || (t.start == byte + 1 && self.reading.text().as_bytes().get(byte) == Some(&b' '))
        })?;
        let first = i;
        let mut end = byte;
        // 独立行政法人等12法人: how many there are of the kind.
        if self.reading.text()[byte..].starts_with('等') {
            return None;
        }
        if let Some(name) = self.hiragana_name(byte) {
            return Some(name);
        }
        while let Some(token) = tokens.get(i) {
            if i > first && token.start != end && !self.blank_inside_name(end, token.start) {
                break;
            }
            // A name may be cut as a verb; only the first word is taken on trust.
            let plain = matches!(
                token.class,
                WordClass::Verb | WordClass::Adjective | WordClass::Adverb | WordClass::Interjection
            ) && i == first;
            if !(plain || self.is_name_word(token) || self.is_connector(token, i)) || self.is_form_word(token) {
                break;
            }
            if i > first && (self.ends_a_name(token) || self.tells_what_it_supplies(token)) {
                break;
            }
            end = token.end;
            i += 1;
        }
        (end > byte).then(|| Span::new(byte, self.with_genitive(byte, self.with_mixed_tail(byte, end))))
    }

    /// 社会福祉法人陽《だまり会》: what the dictionary cuts into a verb or particles goes on to the end of a club's name.
    fn with_mixed_tail(&self, start: usize, end: usize) -> usize {
        let behind = Span::new(end, self.span().end).of(self.reading.text());
        let hiragana: usize = behind.chars().take(4).take_while(|&c| is_hiragana(c)).map(char::len_utf8).sum();
        let (run, rest) = behind.split_at(hiragana);
        let tail: usize = rest.chars().take(6).take_while(|&c| is_name_char(c)).map(char::len_utf8).sum();
        let short = Span::new(start, end).of(self.reading.text()).chars().count() <= 3;
        let particle = run.starts_with(['は', 'が', 'を', 'の', 'に', 'へ', 'で', 'と', 'も', 'や', 'か'])
            || self.lexicon.ends_with(WordList::FunctionEnding, run).is_some();
        let club = self.lexicon.ends_with(WordList::ClubEnding, &rest[..tail]).is_some();
        if short && !run.is_empty() && !particle && club { end + hiragana + tail } else { end }
    }

    /// NPO法人星の《こども会》: clubs and homes have names like sentences.
    fn with_genitive(&self, start: usize, end: usize) -> usize {
        let text = self.reading.text();
        let behind = Span::new(end, self.span().end).of(text);
        let Some(rest) = behind.strip_prefix('の') else { return end };
        let short = Span::new(start, end).of(text).chars().count() <= 4;
        let run: usize = rest
            .chars()
            .take(8)
            .take_while(|&c| is_name_char(c) || is_hiragana(c) && !matches!(c, 'は' | 'が' | 'の' | 'を' | 'に'))
            .map(char::len_utf8)
            .sum();
        let club = self.lexicon.ends_with(WordList::ClubEnding, &rest[..run]).is_some();
        let form = self.lexicon.ends_with(WordList::ClubForm, &text[self.span().start..start]).is_some();
        if short && club && form { end + 'の'.len_utf8() + run } else { end }
    }

    /// (株式会社ショーウインド提供): a verb of supplying that closes a bracket or governs what follows.
    fn tells_what_it_supplies(&self, token: &Token) -> bool {
        let after = Span::new(token.end, self.span().end).of(self.reading.text());
        self.lexicon.is_one_of(WordList::SupplierWord, self.word(token)) && after.starts_with([')', 'の', 'す', '」'])
    }

    /// `ミナモ<9999>`, `灯台精機(9999)`.
    pub(super) fn with_ticker(&self, span: Span) -> Span {
        let rest = &self.reading.text()[span.end..self.span().end];
        for (open, close) in [('<', '>'), ('(', ')')] {
            if let Some(inner) = rest.strip_prefix(open)
                && let Some(at) = inner.find(close)
                && is_ticker(&inner[..at])
            {
                return Span::new(span.start, span.end + 1 + at + 1);
            }
        }
        span
    }
}
