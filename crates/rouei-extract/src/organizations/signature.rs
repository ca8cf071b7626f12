//! Lines of their own that are nothing but a name: who signs a notice.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::name::split_name;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_hiragana, is_kanji};
use super::{Mention, OrganizationFinding, OrganizationKind};

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 6;

/// How many sentences from the head a greeting may stand.
const GREETING_REACH: usize = 12;

impl Scan<'_> {
    /// A line of its own near either end that ends as names do: `のざらし仏壇店`, which the dictionary cuts at の.
    pub(super) fn signature(&self, out: &mut Vec<OrganizationFinding>) {
        let last = self.reading.sentences.len();
        if let Some(spaced) = self.letter_spaced(self.text()) {
            out.push(spaced);
            return;
        }
        if self.sentence >= SIGNATURE_REACH && self.sentence + SIGNATURE_REACH < last {
            return;
        }
        let Some(name) = self.signing_part() else { return };
        if self.lexicon.is_one_of(WordList::SectionLabel, name)
            || name.chars().count() > 22
            || name.contains(['。', '、', 'を', ':', '(', ' ', '「', '/'])
            || !name.starts_with(|c: char| c.is_alphabetic())
            || self.holds_a_genitive(name)
        {
            return;
        }
        let span = Span::new(self.span().start, self.span().start + name.len());
        let suffix = self.suffix_of(name);
        let Some(suffix) = suffix.filter(|s| s.form.chars().count() >= 2) else {
            if self.signs_without_a_kind(name) {
                let kind = suffix.map_or(OrganizationKind::Unknown, |s| s.kind);
                out.push(self.finding(span, kind, Mention::Bare));
            }
            return;
        };
        let stem = &name[..name.len() - suffix.form.len()];
        let framed = name.len() < self.text().len() || self.stands_as_signature();
        let common =
            self.name_tokens(name).all(|t| self.is_common_word(t)) && !(framed && self.is_of_common_nouns(stem));
        if stem.chars().count() >= 2 && !common && suffix.only.is_empty() && suffix.kind != OrganizationKind::Service {
            out.push(self.finding(span, suffix.kind, if suffix.weak { Mention::Weak } else { Mention::Suffix }));
        }
    }

    /// 平素より灯台観光をご利用いただき: who is thanked for being used speaks.
    pub(super) fn greeting(&self, out: &mut Vec<OrganizationFinding>) {
        let text = self.text();
        if self.sentence >= GREETING_REACH {
            return;
        }
        let Some(opening) = self.lexicon.begins_with(WordList::GreetingBefore, text) else { return };
        let rest = text[opening.len()..].trim_start_matches(['、', ' ', 'は']);
        let end = self.lexicon.words(WordList::GreetingBehind).iter().filter_map(|form| rest.find(form.as_str())).min();
        let Some(name) = end.map(|end| &rest[..end]) else { return };
        let speaks =
            |(form, _): &(String, OrganizationKind)| name.starts_with(form.as_str()) || name.ends_with(form.as_str());
        if !(2..=LONGEST_NAME / 2).contains(&name.chars().count())
            || name.contains(['。', '、', 'を', 'は', 'が', 'に', '「', '」', '('])
            || self.is_generic_word(name)
            || self.lexicon.first_person.iter().any(speaks)
            || self.lexicon.ends_with(WordList::NoNameEnding, name).is_some()
        {
            return;
        }
        let start = text.len() - rest.len();
        let from = self.span().start + start;
        let kind = self.suffix_of(name).map_or(OrganizationKind::Unknown, |s| s.kind);
        let span = Span::new(from, from + name.len());
        let mut words = self.tokens().iter().filter(|t| span.start <= t.start && t.end <= span.end);
        // 日頃より教育活動にご理解: what common nouns say in kanji is done, and does nothing.
        let common = |t: &Token| self.is_common_word(t) && self.word(t).chars().all(is_kanji);
        let kindless = kind == OrganizationKind::Unknown;
        if kindless && words.all(|t| common(t) || self.is_generic_word(self.word(t))) {
            return;
        }
        out.push(self.finding(span, kind, if kindless { Mention::Bare } else { Mention::Weak }));
    }

    /// The line, or what stands in it before a person of rank (灯台観光 代表取締役 …) or, below a heading for questions, before
    /// a department (灯台観光 総務部).
    fn signing_part(&self) -> Option<&str> {
        let line = self.text();
        let Some((name, rest)) = line.split_once(' ') else { return Some(line) };
        let rank = || self.lexicon.begins_with(WordList::BeginsBesideSignature, rest).is_some();
        let desk = || {
            let above = self.sentence.checked_sub(1).map_or("", |s| self.reading.sentence_text(s));
            self.lexicon.holds(WordList::AsksForQuestions, above)
                && self.lexicon.ends_with(WordList::DeskEnding, rest.trim_end()).is_some()
        };
        (rank() || desk()).then_some(name)
    }

    fn name_tokens(&self, name: &str) -> impl Iterator<Item = &Token> {
        let end = self.span().start + name.len();
        self.tokens().iter().take_while(move |t| t.end <= end)
    }

    /// Whether a line stands beside it that signatures stand beside: a day, whom it is for, 以上, who represents it.
    fn stands_as_signature(&self) -> bool {
        let above = self.sentence.checked_sub(1).map(|s| self.reading.sentence_text(s));
        let below =
            (self.sentence + 1 < self.reading.sentences.len()).then(|| self.reading.sentence_text(self.sentence + 1));
        let ends = |line: &str| self.lexicon.ends_with(WordList::EndsBesideSignature, line.trim_end()).is_some();
        let begins = |line: &str| self.lexicon.begins_with(WordList::BeginsBesideSignature, line).is_some();
        above.into_iter().chain(below).any(|line| is_a_day(line) || begins(line)) || above.is_some_and(ends)
    }

    /// 灯台観光: common nouns, none of which is a word of such documents; loanwords beside another word may be (ホテル霧影).
    fn is_of_common_nouns(&self, stem: &str) -> bool {
        let generic = |word: &str| {
            self.is_generic_word(word)
                || self.lexicon.is_loan_compound(word)
                || self.lexicon.is_one_of(WordList::PlainNoun, word)
        };
        let words = || self.name_tokens(stem).map(|t| self.word(t));
        stem.chars().all(char::is_alphabetic)
            && words().any(|word| !generic(word))
            && words().all(|word| !generic(word) || word.chars().all(|c| ('ァ'..='ヿ').contains(&c)))
    }

    /// 劇団つばめ, カワセミ: nouns in the place of a signature, in a document that says 弊社 and the like.
    fn signs_without_a_kind(&self, name: &str) -> bool {
        let noun = |t: &Token| {
            !t.known
                || matches!(
                    t.class,
                    WordClass::Noun
                        | WordClass::ProperNoun
                        | WordClass::Organization
                        | WordClass::Place
                        | WordClass::PersonName
                        | WordClass::NounSuffix
                )
        };
        let (mut nouns, mut person) = (self.name_tokens(name), self.name_tokens(name));
        self.sentence > 0
            && (3..=12).contains(&name.chars().count())
            && (name.len() < self.text().len() || self.stands_as_signature())
            && nouns.all(noun)
            && !person.all(|t| t.known && t.class == WordClass::PersonName)
            && self.is_of_common_nouns(name)
            && self.lexicon.ends_with(WordList::NoNameEnding, name).is_none()
            && self.lexicon.ends_with(WordList::EndsBesideSignature, name).is_none()
            && self.lexicon.begins_with(WordList::BeginsBesideSignature, name).is_none()
            && self.lexicon.ends_with(WordList::DeskEnding, name).is_none()
            && self.lexicon.first_person_in.candidates(self.reading.text()).iter().next().is_some()
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
