//! Places where only an organization can stand: whom work is entrusted to, for whom it is done, whose site is named.
//!
//! The words of a name may be common nouns there (霧杉データに委託), for nobody entrusts anything to mist. The
//! dictionary's cuts are mended there, too.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::OrganizationKind;
use super::lexicon::WordList;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_hiragana, is_kanji};

/// How far behind a name, in characters, the verb of its particle is looked for.
const REACH: usize = 28;

/// How far behind a name, in characters, a regulator says what it does.
const SANCTION_REACH: usize = 80;

/// How far behind a name, in characters, the quotation of its site may open.
const SITE_REACH: usize = 14;

impl Scan<'_> {
    /// Whether a chain stands where only an organization can stand, and may be a name.
    pub(super) fn stands_in_a_slot(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let span = Span::new(first.start, last.end);
        // Wares have a site, too (ペット用品の通販サイト「…」); what nothing knows is a name.
        let site = || {
            let after = Span::new(last.end, self.span().end).of(self.reading.text());
            let name = span.of(self.reading.text());
            let firm =
                self.is_foreign(first) && self.suffix_of(name).is_some_and(|s| s.kind == OrganizationKind::Company);
            (!first.known || firm) && self.names_its_site(after)
        };
        (self.is_slot(span) || site()) && self.may_fill_a_slot(chain) || self.is_sanctioned(chain)
    }

    /// 北碧省は霧杉モバイルに対し、…を理由に行政指導を行った: whom a regulator calls to order.
    fn is_sanctioned(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let Some(told) = Span::new(last.end, self.span().end).of(text).strip_prefix("に対し") else { return false };
        let near = told.char_indices().nth(SANCTION_REACH).map_or(told, |(at, _)| &told[..at]);
        let before = Span::new(self.span().start, first.start).of(text);
        let name = Span::new(first.start, last.end).of(text);
        self.lexicon.holds(WordList::SanctionNoun, near.split('。').next().unwrap_or_default())
            && self.lexicon.holds(WordList::RegulatorBefore, before)
            && (chain.len() > 1 || self.is_foreign(first))
            && (3..=LONGEST_NAME / 2).contains(&name.chars().count())
            && !self.lexicon.is_loan_compound(name)
            && !self.lexicon.onlookers.contains_key(name)
            && !chain.iter().any(|t| self.is_generic_word(self.word(t)))
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
            && self.lexicon.ends_with(WordList::KindBeforeForm, name).is_none()
    }

    /// Whether what stands around a span tells that an organization works there, or has others work.
    pub(super) fn is_slot(&self, span: Span) -> bool {
        let text = self.reading.text();
        let before = Span::new(self.span().start, span.start).of(text);
        let after = Span::new(span.end, self.span().end).of(text);
        let linked = after.starts_with(['が', 'の', 'は', 'に', 'で', 'を', '、', '(', '」', 'か', 'よ']);
        linked
            && (self.lexicon.ends_with(WordList::ContractBefore, before).is_some()
                || self.lexicon.ends_with(WordList::ContractorBefore, before).is_some()
                || self.works_for_somebody(before))
            || self.particle_tells(after)
    }

    /// 委託を受けて検針を行っている: a verb of working for others, and the verb that describes the name.
    fn works_for_somebody(&self, before: &str) -> bool {
        let clause = before.rsplit(['。', '、', 'は', 'が']).next().unwrap_or_default();
        clause.ends_with(['る', 'う', 'た'])
            && clause.contains('て')
            && self.lexicon.holds(WordList::TakingVerb, clause)
    }

    /// に…委託, から…受託, が委託する: the particle behind a name and the verb that it belongs to.
    fn particle_tells(&self, after: &str) -> bool {
        let after = after.strip_prefix('社').unwrap_or(after);
        let after = match after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            Some((_, behind)) => behind,
            None => after,
        };
        let verbs = |particles: &[&str], list: WordList| {
            let told = particles.iter().find_map(|p| after.strip_prefix(p));
            told.is_some_and(|told| {
                let near = told.char_indices().nth(REACH).map_or(told, |(at, _)| &told[..at]);
                let near = near.split(['。', '、', 'は']).next().unwrap_or_default();
                self.lexicon.holds(list, near)
            })
        };
        // 鏡石測量がみはらし町から請け負った: who works stands before for whom.
        let works = after.strip_prefix('が').is_some_and(|told| {
            let near = told.char_indices().nth(REACH).map_or(told, |(at, _)| &told[..at]);
            let near = near.split(['。', '、']).next().unwrap_or_default();
            near.split_once("から").is_some_and(|(_, verb)| self.lexicon.holds(WordList::TakingVerb, verb))
        });
        works || verbs(&["に", "へ"], WordList::GivingVerb) || verbs(&["から", "より", "の"], WordList::TakingVerb)
    }

    /// の通販サイト「: a site that is quoted has somebody who runs it.
    fn names_its_site(&self, after: &str) -> bool {
        let Some(told) = after.strip_prefix('の') else { return false };
        let Some(at) = told.find('「').filter(|&at| told[..at].chars().count() <= SITE_REACH) else { return false };
        let site = &told[..at];
        !site.contains(['、', '。', 'は', 'が', 'を', 'の'])
            && self.lexicon.ends_with(WordList::SiteNoun, site).is_some()
    }

    /// Whether the words of a chain may be a name where one has to stand: no word that says what somebody is.
    fn may_fill_a_slot(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let name = Span::new(first.start, last.end).of(self.reading.text());
        let (head, end) = (self.word(first), self.word(last));
        let loan: usize = name.chars().take_while(|c| ('ァ'..='ヿ').contains(c)).map(char::len_utf8).sum();
        let proper = |token: &Token| {
            !token.known
                || matches!(
                    token.class,
                    WordClass::ProperNoun | WordClass::PersonName | WordClass::Organization | WordClass::Place
                )
        };
        // ヘルス|リンク: katakana of several words, データ|ブリッジ: even behind a common one.
        let katakana = chain.len() > 1 && name[..loan].chars().count() >= 3;
        let whole = katakana && loan > head.len();
        // 霧|杉: single nouns that no compound is made of; 瀬音ガス: a noun before what ends names.
        let single = head.chars().count() == 1 && head.chars().all(is_kanji);
        let suffixed = || chain.len() == 2 && self.suffix_of(name).is_some_and(|s| s.form == end);
        let odd = chain.len() > 1 && first.class == WordClass::Noun && (single || suffixed());
        // 田中主任: a person with a post.
        let post = first.class == WordClass::PersonName && chain.len() == 2 && last.known && end.chars().all(is_kanji);
        let common = |word: &str| self.is_generic_word(word) || self.lexicon.is_loan_compound(word);
        (3..=LONGEST_NAME / 2).contains(&name.chars().count())
            && (proper(first) || katakana && !self.lexicon.is_loan_compound(&name[..loan]) || odd)
            && !post
            && !matches!(first.class, WordClass::NounSuffix | WordClass::Prefix | WordClass::Number)
            && (!common(head) || whole)
            && !common(name)
            && !self.lexicon.is_one_of(WordList::PlainNoun, head)
            && !self.is_only_a_kind(name)
            && (!common(&name[..loan]) || loan == 0)
            && ![name, head].iter().any(|word| self.lexicon.onlookers.contains_key(*word))
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
            && self.lexicon.ends_with(WordList::KindBeforeForm, name).is_none()
            && self.lexicon.ends_with(WordList::NoNameEnding, name).is_none()
    }

    /// 鈴|鳴|電力: a verb without an ending inside a chain is a piece of a name.
    pub(super) fn is_cut_verb(&self, index: usize) -> bool {
        let tokens = self.tokens();
        let Some(before) = index.checked_sub(1).and_then(|i| tokens.get(i)) else { return false };
        let (Some(token), Some(next)) = (tokens.get(index), tokens.get(index + 1)) else { return false };
        matches!(token.class, WordClass::Verb | WordClass::Adjective)
            && self.word(token).chars().all(is_kanji)
            && before.end == token.start
            && next.start == token.end
            && self.word(before).ends_with(is_kanji)
            && self.is_name_word(next)
            && !self.is_form_word(next)
    }

    /// あ|おぞ|ら保険: hiragana behind hiragana is the end of what the dictionary cut.
    pub(super) fn without_cut_hiragana<'t>(&self, chain: &'t [Token]) -> &'t [Token] {
        let Some(first) = chain.first() else { return chain };
        let cut = self.reading.text()[self.span().start..first.start].ends_with(is_hiragana);
        let hiragana = chain.iter().take_while(|t| self.word(t).chars().all(is_hiragana)).count();
        if cut && hiragana < chain.len() { &chain[hiragana..] } else { chain }
    }

    /// 代理店の|あおぞら|保険サービスが: hiragana before a chain, where an organization has to stand.
    pub(super) fn hiragana_in_a_slot(&self, origin: usize, whole: Span) -> Option<Span> {
        let span = Span::new(self.hiragana_head(origin)?, whole.end);
        let long = span.of(self.reading.text()).chars().count() <= LONGEST_NAME / 2;
        let name = whole.of(self.reading.text());
        (long
            && self.is_slot(span)
            && self.lexicon.ends_with(WordList::Announcer, name).is_none()
            && self.lexicon.ends_with(WordList::KindBeforeForm, name).is_none())
        .then_some(span)
    }
}
