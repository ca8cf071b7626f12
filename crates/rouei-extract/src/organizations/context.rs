//! Names that their words do not make: what stands around them can only stand around a name.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_hiragana, is_kanji};
use super::{Mention, OrganizationFinding, OrganizationKind, topic};

/// Longest line, in characters, in which somebody signs with a post and a name.
const SIGNED_POST: usize = 20;

/// How far behind a shortened school, in characters, its people are spoken of.
const SCHOOL_REACH: usize = 8;

impl Scan<'_> {
    /// Whether what stands behind the name says that it told the public, and the name is more than a common noun.
    pub(super) fn announces(&self, name: Span) -> bool {
        let text = self.reading.text();
        topic::announces(self.lexicon, Span::new(name.end, self.span().end).of(text), name.of(text))
            && !self.is_generic_word(name.of(text))
    }

    /// The same without a day, of a chain that begins with an organization: 三笠野電力送配電は、…と発表した.
    pub(super) fn announces_some_day(&self, name: Span) -> bool {
        let text = self.reading.text();
        let written = name.of(text);
        topic::announces_some_day(self.lexicon, Span::new(name.end, self.span().end).of(text))
            && written.chars().count() <= LONGEST_NAME / 2
            && self.lexicon.ends_with(WordList::Announcer, written).is_none()
    }

    /// 委託先の東北電機保安サービスの検針員: behind words of a contract the name goes on to the particle.
    pub(super) fn is_contracted_to_its_end(&self, whole: Span) -> bool {
        let text = self.reading.text();
        let before = Span::new(self.span().start, whole.start).of(text);
        let name = whole.of(text);
        (self.lexicon.ends_with(WordList::ContractBefore, before).is_some()
            || self.lexicon.ends_with(WordList::BusinessBefore, before).is_some())
            && text[whole.end..self.span().end].starts_with(['の', 'が', 'は', 'に', 'で', 'を', '、'])
            && name.chars().count() <= LONGEST_NAME / 2
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
    }

    /// 当社(ミナモ送配電): all of the bracket is the name.
    pub(super) fn is_who_we_are(&self, whole: Span) -> bool {
        let text = self.reading.text();
        let before = Span::new(self.span().start, whole.start).of(text);
        let we =
            before.strip_suffix('(').is_some_and(|b| self.lexicon.first_person.iter().any(|(f, _)| b.ends_with(f)));
        we && text[whole.end..].starts_with(')')
    }

    /// 専門学校みなもカレッジ, ホテルかがりび三笠野: the kind stands before the name.
    pub(super) fn behind_its_kind(&self, chain: &[Token]) -> Option<OrganizationFinding> {
        let (first, last) = (chain.first()?, chain.last()?);
        let text = self.reading.text();
        let whole = Span::new(first.start, last.end).of(text);
        let prefix = self.lexicon.begins_with(WordList::KindPrefix, whole)?;
        let rest = chain.iter().filter(|t| t.start >= first.start + prefix.len());
        let named = rest.clone().any(|t| {
            let word = self.word(t);
            !t.known && !self.lexicon.is_loan_compound(word)
                // 劇団あかつき
                || t.class == WordClass::Noun && word.chars().all(is_hiragana) && word.chars().count() >= 3
                || matches!(
                    t.class,
                    WordClass::ProperNoun | WordClass::PersonName | WordClass::Organization | WordClass::Place
                )
        });
        let generic = rest.clone().any(|t| self.is_generic_word(self.word(t)));
        let kind =
            self.lexicon.suffixes_of(prefix).find(|s| s.form == prefix).map_or(OrganizationKind::Company, |s| s.kind);
        let span = Span::new(first.start, last.end);
        (named && !generic && whole.chars().count() <= LONGEST_NAME).then(|| self.finding(span, kind, Mention::Weak))
    }

    /// タオル販売を手がける伊織(松山市)が: words of a business before a name that is no more than a name.
    pub(super) fn behind_its_business(&self, chain: &[Token]) -> Option<OrganizationFinding> {
        let (first, last) = (chain.first()?, chain.last()?);
        let text = self.reading.text();
        let before = Span::new(self.span().start, first.start).of(text);
        let after = Span::new(last.end, self.span().end).of(text);
        self.lexicon.ends_with(WordList::BusinessBefore, before)?;
        let place =
            after.strip_prefix('(').is_some_and(|b| b.find(['市', '町', '村', '区', '県']).is_some_and(|at| at < 24));
        let person = chain.len() == 1 && first.class == WordClass::PersonName && place;
        let proper = chain.iter().any(|t| matches!(t.class, WordClass::ProperNoun | WordClass::Organization));
        let foreign = chain.iter().all(|t| self.is_foreign(t) || self.is_connector_word(self.word(t)));
        let span = Span::new(first.start, last.end);
        let name = span.of(text);
        let length = name.chars().count();
        ((2..=LONGEST_NAME / 2).contains(&length)
            && (person || proper || foreign)
            && after.starts_with(['は', 'が', 'の', '(', '、', 'で'])
            && !self.is_generic_word(name)
            && !self.is_only_a_kind(name)
            && !self.lexicon.is_loan_compound(name)
            && self.lexicon.ends_with(WordList::Announcer, name).is_none())
        .then(|| self.finding(span, OrganizationKind::Unknown, Mention::Weak))
    }

    /// 日本国民食(東京)によると: whose seat stands behind it in brackets is somebody, whatever the words mean.
    pub(super) fn before_its_place(&self, chain: &[Token]) -> Option<OrganizationFinding> {
        let (first, last) = (chain.first()?, chain.last()?);
        let text = self.reading.text();
        let span = Span::new(first.start, last.end);
        let name = span.of(text);
        let behind = text[last.end..self.span().end].split_once(')').map_or("", |(_, behind)| behind);
        let acts = behind.starts_with("は")
            || behind.starts_with("が")
            || behind.starts_with("によ")
            || behind.starts_with("の");
        (chain.len() > 1
            && (3..=LONGEST_NAME / 2).contains(&name.chars().count())
            && acts
            && self.place_in_brackets(last.end)
            && !chain.iter().any(|t| self.is_generic_word(self.word(t)))
            && !self.is_only_a_kind(name)
            && !self.lexicon.is_loan_compound(name)
            && self.lexicon.ends_with(WordList::Announcer, name).is_none())
        .then(|| self.finding(span, OrganizationKind::Unknown, Mention::Weak))
    }

    /// Whether `(三笠野市)`, `(東京)`, `(本社・三笠野市)` stands at this byte.
    pub(super) fn place_in_brackets(&self, byte: usize) -> bool {
        let after = Span::new(byte, self.span().end).of(self.reading.text());
        let Some(inner) = after.strip_prefix('(').and_then(|b| b.find(')').map(|at| &b[..at])) else { return false };
        let inside = byte + '('.len_utf8();
        let place = self
            .tokens()
            .iter()
            .filter(|t| t.start >= inside && t.end <= inside + inner.len())
            .any(|t| t.class == WordClass::Place);
        inner.chars().count() <= 14 && (place || inner.ends_with(['市', '町', '村', '区', '県']))
    }

    /// 所沢市立小学校, 神奈川県立高校: one of many schools; what is named is the town that runs them.
    pub(super) fn founder_of_a_kind(&self, whole: Span) -> Option<(Span, OrganizationKind)> {
        let name = whole.of(self.reading.text());
        let at = name.find('立')?;
        let (town, kind) = (&name[..at], &name[at + '立'.len_utf8()..]);
        self.lexicon.begins_with(WordList::KindOfSchool, kind)?;
        let of = match town.chars().next_back()? {
            '市' | '町' | '村' | '区' => OrganizationKind::Municipality,
            '県' | '府' | '都' | '道' => OrganizationKind::Prefecture,
            _ => return None,
        };
        let named = town.chars().count() >= 3 && !town.starts_with(['同', '各', '他', '両']);
        named.then(|| (Span::new(whole.start, whole.start + town.len()), of))
    }

    /// 県立霧笛高の教諭, 三笠市立東小では: newspapers shorten the school behind its founder.
    pub(super) fn is_abbreviated_school(&self, whole: Span) -> bool {
        const LONGEST: usize = 8;
        let text = self.reading.text();
        let name = whole.of(text);
        let Some((founder, school)) = name.split_once('立') else { return false };
        let founded = founder.ends_with(['市', '町', '村', '区', '県', '府', '都', '道']);
        let kind = self.lexicon.ends_with(WordList::ShortSchool, school);
        let named = kind.map(|kind| &school[..school.len() - kind.len()]).is_some_and(|stem| {
            (1..=LONGEST).contains(&stem.chars().count()) && self.lexicon.ends_with(WordList::NoSchool, stem).is_none()
        });
        let behind = &text[whole.end..self.span().end];
        founded && named && behind.starts_with(['の', 'は', 'が', 'で', 'に', 'と', 'も', '、', '(', 'か'])
    }

    /// 磐田高に勤務する: a place and 高, in a document that speaks of pupils.
    pub(super) fn is_shortened_school(&self, chain: &[Token]) -> bool {
        let [stem @ .., last] = chain else { return false };
        let text = self.reading.text();
        let behind = &text[last.end..self.span().end];
        let in_town = ["市の", "町の", "村の", "区の", "県の"]
            .iter()
            .any(|w| text[..last.start].trim_end_matches(is_kanji).ends_with(w));
        let named = stem.iter().all(|t| {
            matches!(t.class, WordClass::Place | WordClass::ProperNoun | WordClass::PersonName)
                || !t.known
                // 灯台市の磐城高: behind its town.
                || t.class == WordClass::Noun && in_town && self.word(t).chars().count() == 2
        });
        let follows = match self.word(last) {
            "高" => behind.starts_with(['の', 'は', 'が', 'で', 'に', '、', '(']),
            // 中 and 小 end other words, too.
            "中" | "小" => behind.strip_prefix('の').is_some_and(|told| {
                let near = told.char_indices().nth(SCHOOL_REACH).map_or(told, |(at, _)| &told[..at]);
                self.lexicon.holds(WordList::OfASchool, near)
            }),
            _ => false,
        };
        !stem.is_empty() && named && follows && self.lexicon.holds(WordList::OfASchool, text)
    }

    /// 通販のサウンドハウスは、…と発表した: loanwords that nobody has as a common noun announce without a day.
    pub(super) fn is_foreign_topic(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let before = Span::new(self.span().start, first.start).of(text);
        let after = Span::new(last.end, self.span().end).of(text);
        // ジェフユナイテッド三笠野: a place may end it.
        let foreign = match chain {
            [head @ .., seat] if !head.is_empty() && seat.class == WordClass::Place => head,
            _ => chain,
        };
        (4..=LONGEST_NAME / 2).contains(&name.chars().count())
            && self.is_plain_foreign_name(foreign, name)
            && (before.is_empty() || before.ends_with(['の', '、', '」', ' ']))
            && topic::announces_some_day(self.lexicon, after)
    }

    /// 新三笠プロレスリングは、…と発表した: a place or a name with loanwords behind it, at the head of a sentence.
    pub(super) fn is_mixed_topic(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let proper = chain[..chain.len() - 1].iter().any(|t| {
            matches!(
                t.class,
                WordClass::Place | WordClass::ProperNoun | WordClass::Organization | WordClass::PersonName
            )
        });
        chain.len() > 1
            && first.start == self.span().start
            && (5..=LONGEST_NAME / 2).contains(&name.chars().count())
            && proper
            && self.is_foreign(last)
            && self.word(last).chars().count() >= 3
            && !self.lexicon.is_loan_compound(self.word(last))
            && !chain.iter().any(|t| self.is_generic_word(self.word(t)))
            && topic::announces_some_day(self.lexicon, Span::new(last.end, self.span().end).of(text))
    }

    /// 米フェイスブック: behind the sign of a country loanwords name a company.
    pub(super) fn is_behind_country_sign(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let sign = self.tokens().iter().find(|t| t.end == first.start);
        sign.is_some_and(|t| self.lexicon.is_one_of(WordList::CountrySign, self.word(t)))
            && (4..=LONGEST_NAME / 2).contains(&name.chars().count())
            && self.is_plain_foreign_name(chain, name)
    }

    /// エイチーム(Ateam)が…公開していた: a name in katakana with its spelling, of which a leak is told.
    pub(super) fn is_spelled_out(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let after = Span::new(last.end, self.span().end).of(text);
        let Some((spelling, behind)) = after.strip_prefix('(').and_then(|a| a.split_once(')')) else { return false };
        let latin = spelling.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '&' | '-'))
            && spelling.starts_with(|c: char| c.is_ascii_uppercase())
            && (3..=24).contains(&spelling.len());
        latin
            && behind.starts_with(['は', 'が', 'で'])
            && self.lexicon.no_name_inside.iter().any(|w| behind.contains(w.as_str()))
            && (3..=LONGEST_NAME / 2).contains(&name.chars().count())
            && self.is_plain_foreign_name(chain, name)
    }

    /// エヌ・ティ・ティ番号情報に委託している: whom something is entrusted to is named to its end.
    pub(super) fn is_entrusted(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let after = Span::new(last.end, self.span().end).of(text);
        chain.len() > 1
            && (self.lexicon.begins_with(WordList::EntrustedBehind, after).is_some()
                || self
                    .lexicon
                    .begins_with(WordList::AttackedBehind, after)
                    .is_some_and(|behind| behind.starts_with(['に', 'へ'])))
            && (4..=LONGEST_NAME / 2).contains(&name.chars().count())
            && (self.is_foreign(first)
                || matches!(first.class, WordClass::Place | WordClass::ProperNoun | WordClass::Organization))
            && !self.lexicon.is_loan_compound(self.word(first))
            && !self.lexicon.is_loan_compound(name)
            && !self.is_generic_word(self.word(first))
            && !self.is_generic_word(name)
    }

    /// All katakana or Latin letters, and no words of trade and technology alone.
    fn is_plain_foreign_name(&self, chain: &[Token], name: &str) -> bool {
        chain.iter().all(|t| self.is_foreign(t) || self.is_connector_word(self.word(t)))
            && name.chars().any(|c| c.is_alphabetic())
            && !self.is_generic_word(name)
            && !self.is_only_a_kind(name)
            && !self.lexicon.is_loan_compound(name)
            && !self.lexicon.onlookers.contains_key(name)
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
    }

    /// 鹿嶋市長 田中: on a line of its own the post of who signs names the town.
    pub(super) fn whose_post(&self, chain: &[Token]) -> Option<(Span, OrganizationKind)> {
        // 梓川|大|学長: the post has taken the end of the name.
        if let [head @ .., university, post] = chain
            && !head.is_empty()
            && self.word(university) == "大"
            && self.word(post) == "学長"
        {
            return Some((Span::new(chain[0].start, post.end - '長'.len_utf8()), OrganizationKind::School));
        }
        let at = chain.iter().position(|t| self.lexicon.is_one_of(WordList::TownPost, self.word(t)))?;
        let post = &chain[at];
        let signed = chain[0].start == self.span().start
            && self.text().chars().count() <= SIGNED_POST
            && !self.text().contains(['。', '、', 'は', 'が', 'を']);
        let place = at == 1 && chain[0].class == WordClass::Place;
        if at == 0 || !(signed || place) {
            return None;
        }
        Some((Span::new(chain[0].start, post.end - '長'.len_utf8()), OrganizationKind::Municipality))
    }

    pub(super) fn is_foreign(&self, token: &Token) -> bool {
        self.word(token).chars().all(|c| ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric())
    }
}
