//! Names in hiragana, which the dictionary cuts into particles.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::{Suffix, WordList};
use super::scan::Scan;
use super::word::{is_hiragana, is_name_char};
use super::{Mention, OrganizationFinding, OrganizationKind};
use crate::script::is_alphanumeric;

impl Scan<'_> {
    /// かながわ信用金庫, 三養基郡みやき町: the suffix with the hiragana before it.
    pub(super) fn suffix_behind_hiragana(&self, origin: usize, chain: &[Token]) -> Option<(Span, &Suffix)> {
        let last = chain.last()?;
        let span = Span::new(self.hiragana_head(origin)?, last.end);
        let suffix = self.suffix_of(span.of(self.reading.text()))?;
        let own_word = suffix.form.chars().count() > 1
            || suffix.kind == OrganizationKind::Municipality && self.word(last) == suffix.form;
        (own_word && suffix.only.is_empty()).then_some((span, suffix))
    }

    /// コープみなもは: a prefix of names with the hiragana behind it.
    pub(super) fn hiragana_behind_prefix(&self, prefix: &Token) -> Option<Span> {
        if !self.lexicon.is_one_of(WordList::NamePrefix, self.word(prefix)) {
            return None;
        }
        let span = self.hiragana_name(prefix.end)?;
        let name = span.of(self.reading.text());
        let function =
            self.lexicon.is_one_of(WordList::FunctionWord, name) || self.lexicon.is_one_of(WordList::Particle, name);
        (!function && name.chars().all(is_hiragana)).then_some(span)
    }

    /// 株式会社ほしづき: the dictionary cuts hiragana names into particles, so the whole run counts, without the
    /// particle that links it to what follows.
    pub(super) fn hiragana_name(&self, byte: usize) -> Option<Span> {
        let rest = &self.reading.text()[byte..self.span().end];
        let run: usize = rest.chars().take_while(|c| ('ぁ'..='ゖ').contains(c) || *c == 'ー').map(char::len_utf8).sum();
        if run < 6 {
            return None;
        }
        let mut name = &rest[..run];
        if self.lexicon.is_one_of(WordList::FunctionWord, name) {
            return None;
        }
        let inside = self.lexicon.words(WordList::ParticleInside).iter().filter_map(|p| name.find(p.as_str()));
        if let Some(at) = inside.filter(|&at| at >= 2 * 'あ'.len_utf8()).min() {
            return Some(Span::new(byte, byte + at));
        }
        // No name ends with へ.
        if let Some(addressed) = name.strip_suffix('へ') {
            return (addressed.chars().count() >= 2).then(|| Span::new(byte, byte + addressed.len()));
        }
        let next = rest[run..].chars().next();
        if next.is_some_and(|c| is_alphanumeric(c) || matches!(c, '、' | '「')) {
            // みなと|エナジー: what the dictionary knows as one word is not cut.
            let whole = self.tokens().iter().any(|t| {
                t.start == byte
                    && t.end == byte + run
                    && matches!(t.class, WordClass::Place | WordClass::ProperNoun | WordClass::Noun)
            });
            let particle = self.lexicon.ends_with(WordList::Particle, name).filter(|_| !whole);
            match particle {
                Some(particle) => name = &name[..name.len() - particle.len()],
                None if next != Some('、') => {
                    // みどり野, ほしづき銀行: the name goes on in other characters.
                    let more: usize = rest[run..].chars().take_while(|c| is_name_char(*c)).map(char::len_utf8).sum();
                    name = &rest[..run + more];
                }
                None => {}
            }
        }
        (name.chars().count() >= 2).then(|| Span::new(byte, byte + name.len()))
    }

    /// Where a name in hiragana begins that the dictionary cuts into particles before `byte`: かながわ|信用金庫,
    /// みやき|町. It begins a sentence, or stands behind a mark or what a place name ends with.
    pub(super) fn hiragana_head(&self, byte: usize) -> Option<usize> {
        let before = Span::new(self.span().start, byte).of(self.reading.text());
        let mut start = before.char_indices().rev().take_while(|(_, c)| is_hiragana(*c)).last()?.0;
        let last = before[..start].chars().next_back();
        let bounded = last.is_none_or(|c| !is_alphanumeric(c) || "都道府県郡市町村区立".contains(c))
            || self.lexicon.ends_with(WordList::BeforeCutHiragana, &before[..start]).is_some();
        // 調剤薬局のからたち薬局: the particle behind a common noun begins no name.
        // 運営するうみまるホールディングス: so does the end of a verb, after the longest that there is.
        if !bounded && let Some(verb) = self.lexicon.begins_with(WordList::VerbEndBefore, &before[start..]) {
            let rest = &before[start + verb.len()..];
            let particle = rest.starts_with(['の', 'は', 'が', 'を', 'に', 'で', 'と', 'も'])
                || self.lexicon.ends_with(WordList::FunctionEnding, rest).is_some();
            let named = !particle && (1..=8).contains(&rest.chars().count());
            return named.then(|| self.span().start + start + verb.len());
        }
        let genitive = !bounded && before[start..].starts_with('の');
        // 鏡石測量がみはらし町から: so does one behind another name, where enough is left.
        let particle =
            !bounded && before[start..].starts_with(['が', 'は', 'に', 'を']) && before[start..].chars().count() >= 4;
        if genitive || particle {
            start += 'の'.len_utf8();
        }
        let bounded = bounded || genitive || particle;
        // 越後ながおか農業協同組合: a place before hiragana that begins with no particle is the head of the name.
        if !bounded && let Some(place) = self.place_before_hiragana(self.span().start + start, byte) {
            return Some(place);
        }
        let run = &before[start..];
        let length = run.chars().count();
        // みなも生活協同組合は: what opens a sentence links nothing before it to what follows.
        let opens = (last.is_none() || last == Some('「')) && length >= 3 && run.ends_with(['も', 'と']);
        let function = self.lexicon.is_one_of(WordList::FunctionWord, run)
            || !opens && self.lexicon.ends_with(WordList::FunctionEnding, run).is_some();
        (bounded && !function && (2..=8).contains(&length)).then(|| self.span().start + start)
    }

    /// Where the place begins that stands right before a run of hiragana which no particle opens.
    fn place_before_hiragana(&self, start: usize, end: usize) -> Option<usize> {
        let run = Span::new(start, end).of(self.reading.text());
        let opens = ["は", "が", "を", "に", "の", "へ", "で", "と", "も", "や", "だ"];
        let particle = opens.iter().any(|p| run.starts_with(p));
        let place = self.tokens().iter().find(|t| t.end == start && t.class == WordClass::Place)?;
        let length = run.chars().count();
        (!particle && (2..=6).contains(&length) && self.lexicon.ends_with(WordList::FunctionEnding, run).is_none())
            .then_some(place.start)
    }

    /// `ほしづなは、…と発表した`: a name in hiragana that the dictionary cuts into particles, as the topic of a sentence that
    /// announces.
    pub(super) fn hiragana_topics(&self, out: &mut Vec<OrganizationFinding>) {
        let text = self.text();
        if self.lexicon.announced_in.candidates(text).is_empty() {
            return;
        }
        for (at, _) in text.match_indices('は') {
            // みのり(三笠野市)は、…と発表した
            let before = &text[..at];
            let bracket = before.strip_suffix(')').and_then(|b| b.rfind('('));
            let seat = bracket.is_some_and(|open| self.place_in_brackets(self.span().start + open));
            let before = bracket.filter(|_| seat).map_or(before, |open| &before[..open]);
            let name_end = before.len();
            let Some((start, _)) = before.char_indices().rev().take_while(|(_, c)| is_hiragana(*c)).last() else {
                continue;
            };
            // 大手のぬくもりは
            let start = if before[start..].starts_with('の') && start > 0 { start + 'の'.len_utf8() } else { start };
            let name = &before[start..];
            let next = text[at + 'は'.len_utf8()..].chars().next();
            let begins = start == 0
                || self.lexicon.ends_with(WordList::HiraganaBefore, before[..start].trim_end_matches('の')).is_some();
            let span = Span::new(self.span().start + start, self.span().start + name_end);
            if begins
                && (3..=8).contains(&name.chars().count())
                && next.is_some_and(|c| !is_hiragana(c))
                && (seat || !self.is_one_common_word(span))
                && !self.lexicon.is_one_of(WordList::FunctionWord, name)
                && self.lexicon.ends_with(WordList::FunctionEnding, name).is_none()
            {
                out.push(self.finding(span, OrganizationKind::Unknown, Mention::Weak));
            }
        }
    }

    /// `陽だまり生協は3日、…と発表した`: who announces at the head of a sentence is named to its は, however the dictionary
    /// cuts it.
    pub(super) fn mixed_topic(&self, out: &mut Vec<OrganizationFinding>) {
        /// Longest such name, in characters.
        const LONGEST: usize = 14;
        let text = self.text();
        let Some(end) = text.find(['は', '(', '、', '。']) else { return };
        let name = &text[..end];
        let span = Span::new(self.span().start, self.span().start + end);
        let mixed = name.chars().any(is_hiragana) && name.chars().any(is_name_char);
        let plain = name.chars().all(|c| is_name_char(c) || is_hiragana(c)) && !name.contains(['を', 'が', 'へ', 'の']);
        let mishap = self.lexicon.no_name_inside.iter().any(|w| name.contains(w.as_str()));
        let known = out.iter().any(|f| f.span.end == span.end);
        if mixed
            && plain
            && !mishap
            && !known
            && (3..=LONGEST).contains(&name.chars().count())
            && self.lexicon.ends_with(WordList::FunctionEnding, name).is_none()
            && !name.starts_with(is_hiragana)
            && self.announces(span)
        {
            let suffix = self.suffix_of(name);
            let kind = suffix.map_or(OrganizationKind::Unknown, |s| s.kind);
            out.push(self.finding(span, kind, Mention::Weak));
        }
    }

    /// A single word that the dictionary knows and that names nobody.
    pub(super) fn is_one_common_word(&self, span: Span) -> bool {
        self.tokens().iter().any(|t| {
            t.start <= span.start
                && t.end >= span.end
                && !matches!(
                    t.class,
                    WordClass::ProperNoun | WordClass::Organization | WordClass::PersonName | WordClass::Interjection
                )
        })
    }

    /// ひなげし市高齢福祉課: the town whose hiragana stands before the chain that begins with 市.
    pub(super) fn town_behind_hiragana(&self, chain: &[Token]) -> Option<OrganizationFinding> {
        let first = chain.first()?;
        let town = matches!(self.word(first), "市" | "町" | "村");
        let post = self.lexicon.is_one_of(WordList::TownPost, self.word(first)) && chain.len() == 1;
        let head = (town || post).then(|| self.hiragana_head(first.start)).flatten()?;
        let signed = head == self.span().start && !self.text().contains(['。', '、', 'を']);
        let end = if post { first.end - '長'.len_utf8() } else { first.end };
        let long = self.reading.text()[head..first.start].chars().count() >= 3;
        (long && (town || signed))
            .then(|| self.finding(Span::new(head, end), OrganizationKind::Municipality, Mention::Suffix))
    }
}
