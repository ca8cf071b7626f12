//! Whether a chain of words ends as names do: 三笠野|市, 北碧|大.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::{Suffix, WordList};
use super::scan::Scan;
use super::word::is_kanji;
use super::{OrganizationKind, OrganizationLexicon};

impl Scan<'_> {
    pub(super) fn suffix_at(&self, chain: &[Token], next: Option<char>) -> Option<&Suffix> {
        let text = self.reading.text();
        let last = chain.last()?;
        let whole = Span::new(chain[0].start, last.end).of(text);
        let suffix = self.suffix_of(whole)?;
        let stem = &whole[..whole.len() - suffix.form.len()];
        let behind = Span::new(last.end, self.span().end).of(text);
        if suffix.not_before.iter().any(|w| behind.starts_with(w.as_str())) {
            return None;
        }
        // 当金庫: who speaks.
        if whole.chars().count() <= 7 && self.lexicon.first_person.iter().any(|(form, _)| form == whole) {
            return None;
        }
        // A one-character suffix has to be a word of its own, or the end of a place name.
        if suffix.form.chars().count() == 1 {
            let town = matches!(suffix.kind, OrganizationKind::Municipality);
            let own_word = self.word(last) == suffix.form
                || matches!(last.class, WordClass::Place | WordClass::Organization)
                || town && (!last.known || matches!(last.class, WordClass::PersonName | WordClass::ProperNoun))
                || town && chain.len() > 1 && self.has_what_towns_have(whole);
            if !own_word {
                return None;
            }
            if suffix.form == "大"
                && next.is_some_and(|c| {
                    !matches!(
                        c,
                        'は' | 'が'
                            | 'の'
                            | 'で'
                            | 'に'
                            | 'と'
                            | '、'
                            | ','
                            | '」'
                            | ')'
                            | 'も'
                            | 'へ'
                            | '-'
                            | '病'
                            | ' '
                    )
                })
            {
                return None;
            }
            if matches!(
                suffix.form.as_str(),
                "市" | "町" | "村" | "区" | "署" | "省" | "庁" | "局" | "屋" | "堂" | "舎" | "銀"
            ) && stem.chars().count() == 1
                && !matches!(
                    chain[0].class,
                    WordClass::Place | WordClass::ProperNoun | WordClass::PersonName | WordClass::Organization
                )
                && !matches!(suffix.form.as_str(), "市" | "町" | "村")
            {
                return None;
            }
        }
        if stem.chars().all(|c| c.is_ascii_digit())
            || suffix.kind == OrganizationKind::Municipality
                && self.lexicon.ends_with(WordList::NoTownEnding, whole).is_some()
        {
            return None;
        }
        // 婚活アプリ大手: what is named stands behind it.
        if suffix.kind == OrganizationKind::Service
            && self.lexicon.begins_with(WordList::LeaderBefore, behind).is_some()
        {
            return None;
        }
        let named = || {
            self.looks_named(chain)
                || self.is_contracted(chain, suffix)
                || self.is_repeated(chain, suffix)
                // 霧杉データに委託: the suffix may be a common noun by itself.
                || suffix.kind != OrganizationKind::Service && self.stands_in_a_slot(chain)
                || self.heads_an_announcement(chain, suffix)
                || self.is_framed_firm(chain, suffix)
                || suffix.form == "社" && self.is_foreign_firm(stem)
        };
        if suffix.weak && !named() {
            return None;
        }
        if !suffix.only.is_empty() && !suffix.only.contains(whole) {
            let invented = suffix.invented
                && stem.chars().count() == 2
                && stem.chars().all(is_kanji)
                && matches!(suffix.form.as_str(), "県" | "府")
                && !self.lexicon.is_one_of(WordList::NoPrefecture, stem);
            // 群馬県職員 ends elsewhere; 徳島県教育委員会 is longer. What is left has to be the prefecture itself.
            if !invented {
                return None;
            }
        }
        let house = matches!(suffix.kind, OrganizationKind::School | OrganizationKind::Hospital);
        if suffix.kind == OrganizationKind::School && is_generic_school(self.lexicon, whole, &suffix.form)
            || house && is_only_described(self.lexicon, stem)
        {
            return None;
        }
        Some(suffix)
    }

    /// スカイノート社: loanwords of several words, of which nobody makes a kind.
    fn is_foreign_firm(&self, stem: &str) -> bool {
        stem.chars().count() >= 5
            && stem.chars().all(|c| ('ァ'..='ヿ').contains(&c))
            && self.lexicon.ends_with(WordList::KindBeforeForm, stem).is_none()
            && self.lexicon.ends_with(WordList::NoNameEnding, stem).is_none()
            && !self.is_generic_word(stem)
    }

    /// `霧杉ガスは、…と発表した`: common nouns that open a sentence and announce.
    fn heads_an_announcement(&self, chain: &[Token], suffix: &Suffix) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let whole = Span::new(first.start, last.end);
        let mut stem = chain.iter().take_while(|t| t.end <= last.end - suffix.form.len());
        chain.len() > 1
            && first.start == self.span().start
            && !stem.any(|t| self.is_generic_word(self.word(t)) || self.lexicon.is_loan_compound(self.word(t)))
            && !self.lexicon.is_one_of(WordList::PlainNoun, self.word(first))
            && self.announces_some_day(whole)
    }

    /// 霧影自動車のサーバーが不正アクセスを受け: common nouns and a trade that nobody has without a name, where only an
    /// organization can stand.
    fn is_framed_firm(&self, chain: &[Token], suffix: &Suffix) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let span = Span::new(first.start, last.end);
        let end = last.end - suffix.form.len();
        let mut words = chain.iter().take_while(|t| t.end <= end).map(|t| self.word(t));
        self.lexicon.is_one_of(WordList::FramedTrade, &suffix.form)
            && Span::new(span.start, end).of(self.reading.text()).chars().count() >= 2
            && !words.any(|word| {
                self.is_generic_word(word)
                    || self.lexicon.is_loan_compound(word)
                    || self.lexicon.is_one_of(WordList::PlainNoun, word)
                    || self.lexicon.is_one_of(WordList::DescribesKind, word)
            })
            && self.is_framed(span)
    }

    /// 羽衣|草市: where the dictionary knows the end as a noun, the document has to know the town's mayor, hall or people.
    fn has_what_towns_have(&self, whole: &str) -> bool {
        let text = self.reading.text();
        text.match_indices(whole)
            .any(|(at, _)| self.lexicon.begins_with(WordList::OfATown, &text[at + whole.len()..]).is_some())
    }

    /// つぼみ園: what a document names again and again is more than a common noun.
    fn is_repeated(&self, chain: &[Token], suffix: &Suffix) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let whole = Span::new(first.start, last.end).of(text);
        suffix.repeated
            && chain.len() > 1
            && whole.chars().count() >= 3
            && !chain.iter().any(|t| self.is_generic_word(self.word(t)))
            && text.matches(whole).nth(1).is_some()
    }

    /// 委託を受けた潮騒路印刷: what stands behind words of a contract is named, even by common nouns.
    fn is_contracted(&self, chain: &[Token], suffix: &Suffix) -> bool {
        let Some(first) = chain.first() else { return false };
        let before = Span::new(self.span().start, first.start).of(self.reading.text());
        let stem = &chain[..chain.len() - 1];
        let contract = self.lexicon.ends_with(WordList::ContractBefore, before).is_some();
        // 委託する人材派遣会社: a kind that is longer than its suffix.
        let last = chain.last().map_or(first.end, |t| t.end);
        let behind = Span::new(last, self.span().end).of(self.reading.text());
        if self.lexicon.begins_with(WordList::KindBeforeForm, behind).is_some() {
            return false;
        }
        // Machines are used too, so what is only used has to call itself a company.
        let used = suffix.form == "社" && self.lexicon.ends_with(WordList::UseBefore, before).is_some();
        (contract || used)
            && stem
                .iter()
                .any(|t| !matches!(t.class, WordClass::VerbalNoun | WordClass::NounSuffix | WordClass::Prefix))
            && !chain.iter().any(|t| self.is_generic_word(self.word(t)) || self.lexicon.is_loan_compound(self.word(t)))
    }

    pub(super) fn suffix_of(&self, whole: &str) -> Option<&Suffix> {
        self.lexicon
            .suffixes_of(whole)
            .find(|s| whole.len() > s.form.len() && whole.ends_with(s.form.as_str()) && !s.stop.contains(whole))
    }

    /// Whether a chain holds a word that common nouns do not: a name, Latin letters, a word that the dictionary
    /// does not know.
    pub(super) fn looks_named(&self, chain: &[Token]) -> bool {
        let mut named = self.holds_cut_katakana(chain);
        for token in chain {
            let word = self.word(token);
            // 日本郵便, 東京ガス: a country or a city names a company.
            let place = token.class == WordClass::Place && word.chars().count() >= 2 && !word.ends_with('内');
            if self.is_generic_word(word) && !place || self.lexicon.is_one_of(WordList::PlainNoun, word) {
                return false;
            }
            named |= !token.known
                || matches!(
                    token.class,
                    WordClass::ProperNoun | WordClass::PersonName | WordClass::Organization | WordClass::Place
                );
        }
        named
    }

    /// ヤマ|セミ工業: a run of katakana that the dictionary cuts into short words is one that it does not know.
    pub(super) fn holds_cut_katakana(&self, chain: &[Token]) -> bool {
        let katakana = |t: &Token| self.word(t).chars().all(|c| ('ァ'..='ヿ').contains(&c));
        let run: Vec<&Token> = chain.iter().take_while(|t| katakana(t)).collect();
        let short = |t: &&&Token| self.word(t).chars().count() <= 2;
        run.len() > 1
            && run.iter().any(|t| short(&t))
            && !run.iter().any(|t| self.lexicon.is_loan_compound(self.word(t)) || self.is_generic_word(self.word(t)))
            && run.iter().map(|t| self.word(t).chars().count()).sum::<usize>() >= 4
    }
}

/// 市内中学校, 県立高校: a school of the town, not a name.
fn is_generic_school(lexicon: &OrganizationLexicon, whole: &str, suffix: &str) -> bool {
    if !lexicon.is_one_of(WordList::KindOfSchool, suffix) {
        return false;
    }
    let mut stem = whole.strip_suffix(suffix).unwrap_or(whole);
    for word in lexicon.words(WordList::BehindFounder) {
        stem = stem.strip_suffix(word.as_str()).unwrap_or(stem);
    }
    stem.is_empty()
        || lexicon.is_one_of(WordList::FounderSign, stem)
        || stem.ends_with(['県', '市', '府', '都', '町', '村', '区'])
}

/// 出身高校, 登録動物病院: words that say which of them, and no name.
fn is_only_described(lexicon: &OrganizationLexicon, stem: &str) -> bool {
    let mut rest = stem;
    while let Some(word) = lexicon.words(WordList::DescribesKind).iter().find(|w| rest.starts_with(w.as_str())) {
        rest = &rest[word.len()..];
    }
    rest.is_empty()
}
