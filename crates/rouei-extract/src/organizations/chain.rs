//! From words to names: chains of name-like words, cut where a suffix ends them.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::WordList;
use super::scan::{LONGEST_NAME, Scan};
use super::word::{is_hiragana, is_host, is_kanji};
use super::{Mention, OrganizationFinding, OrganizationKind};

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
                let name_word = self.is_name_word(token) && !self.is_form_word(token) || self.is_cut_verb(last + 1);
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
        // 医療法人社団仁風会|北沢総合病院: what belongs to the corporation is read.
        let corporation = chain.first().and_then(|first| {
            out.iter().rev().take(4).find(|f| {
                f.mention == Mention::LegalForm
                    && f.kind == OrganizationKind::Hospital
                    && f.span.start < first.start
                    && first.start < f.span.end
            })
        });
        let read = corporation.map_or(0, |f| chain.iter().take_while(|t| t.start < f.span.end).count());
        let chain = if read < chain.len() { &chain[read..] } else { chain };
        let uncut = self.without_cut_hiragana(chain);
        if let (Some(first), Some(last)) = (uncut.first(), uncut.last())
            && let Some(span) = self.hiragana_in_a_slot(first.start, Span::new(first.start, last.end))
        {
            out.push(self.finding(span, OrganizationKind::Company, Mention::Weak));
            return;
        }
        let Some(origin) = chain.first().map(|t| t.start) else { return };
        if let Some(town) = self.town_behind_hiragana(chain) {
            out.push(town);
            return;
        }
        let chain = self.without_lead(chain);
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return };
        let whole = Span::new(first.start, last.end);
        // ホテル|あし|はら: a prefix may open the chain as well as end it.
        let behind_prefix = self.hiragana_behind_prefix(last).or_else(|| self.hiragana_behind_prefix(first));
        if let Some(span) = behind_prefix {
            let span = Span::new(first.start, span.end);
            let kind = self.suffix_of(whole.of(text)).map_or(OrganizationKind::Company, |s| s.kind);
            out.push(self.finding(span, kind, Mention::Weak));
            return;
        }
        let next_char = |end: usize| text[end..self.span().end].chars().next();
        for (k, token) in chain.iter().enumerate().rev() {
            let part = &chain[..=k];
            let Some((span, suffix)) = self
                .suffix_at(part, next_char(token.end))
                .map(|suffix| (Span::new(first.start, token.end), suffix))
                .or_else(|| self.suffix_behind_hiragana(origin, part))
            else {
                continue;
            };
            if self.is_only_a_kind(span.of(text)) {
                // 生活協同組合コープみなも: the kind stands before the name.
                let rest = &chain[k + 1..];
                if rest.first().is_some_and(|t| !t.known || self.lexicon.is_one_of(WordList::NamePrefix, self.word(t)))
                {
                    self.read_chain(rest, out);
                }
                return;
            }
            // 三笠野市病院事業管理者: the post of whoever runs the hospitals of a town.
            if suffix.form == "病院" && text[span.end..].starts_with("事業管理者") {
                continue;
            }
            // 三笠野市市民文化スポーツ局: a department of the town answers as the town.
            if suffix.form == "局" && self.is_department_of_a_town(part) {
                continue;
            }
            // 三笠野市教育委員会事務局: the board.
            if suffix.form == "局" && span.of(text).ends_with("会事務局") {
                continue;
            }
            let mention = if suffix.weak { Mention::Weak } else { Mention::Suffix };
            // 東海信金ビジネスは9日、…と発表した: what announces is named to its end.
            let longer = span.end < whole.end
                && (self.announces(whole)
                    || self.announces_some_day(whole)
                    || self.is_who_we_are(whole)
                    || self.is_contracted_to_its_end(whole));
            let span = if longer { whole } else { span };
            let span = self.with_ticker(span);
            if span.of(text).chars().count() > LONGEST_NAME {
                return;
            }
            let span = self.behind_dash(self.with_cut_head(span, suffix.kind), suffix.kind);
            out.push(self.finding(span, suffix.kind, mention));
            return;
        }
        if self.is_abbreviated_school(whole) || self.is_shortened_school(chain) {
            out.push(self.finding(whole, OrganizationKind::School, Mention::Suffix));
            return;
        }
        if let Some((span, kind)) = self.founder_of_a_kind(whole) {
            out.push(self.finding(span, kind, Mention::Suffix));
            return;
        }
        if self.is_contracted_by_name(chain) || self.stands_in_a_slot(chain) {
            out.push(self.finding(whole, OrganizationKind::Company, Mention::Weak));
            return;
        }
        if self.is_behind_country_sign(chain)
            || self.is_foreign_topic(chain)
            || self.is_mixed_topic(chain)
            || self.is_spelled_out(chain)
            || self.is_entrusted(chain)
        {
            out.push(self.finding(whole, OrganizationKind::Unknown, Mention::Weak));
            return;
        }
        let topic = self.with_verb_head(whole);
        if self.announces(topic) && !self.is_only_a_kind(topic.of(text)) {
            out.push(self.finding(topic, OrganizationKind::Unknown, Mention::Weak));
            return;
        }
        let told = self.behind_its_kind(chain).or_else(|| self.behind_its_business(chain));
        if let Some(finding) = told.or_else(|| self.before_its_place(chain)) {
            out.push(finding);
            return;
        }
        if let Some((span, kind)) = self.whose_post(chain) {
            out.push(self.finding(span, kind, Mention::Suffix));
            return;
        }
        if let Some(span) = self.framed_name(chain) {
            out.push(self.finding(span, OrganizationKind::Unknown, Mention::Weak));
            return;
        }
        self.read_bare(chain, out);
    }

    /// 警部補ら書類送検-三笠野県警: whose news it is stands behind the dash of a headline.
    fn behind_dash(&self, span: Span, kind: OrganizationKind) -> Span {
        use OrganizationKind as K;
        let name = span.of(self.reading.text());
        match name.rfind('-') {
            Some(at)
                if matches!(kind, K::Police | K::Municipality | K::Prefecture | K::Board)
                    && name[at + 1..].chars().count() >= 3 =>
            {
                Span::new(span.start + at + 1, span.end)
            }
            _ => span,
        }
    }

    /// Whether 局 ends the department of a town that stands before it; waterworks and buses are houses of their own.
    fn is_department_of_a_town(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let name = Span::new(first.start, last.end).of(self.reading.text());
        let town = name.char_indices().skip(2).find(|(_, c)| matches!(c, '市' | '都' | '府' | '県'));
        let rest = town.map_or("", |(at, c)| &name[at + c.len_utf8()..]);
        !rest.is_empty()
            && self.lexicon.ends_with(WordList::OwnDepartment, rest).is_none()
            && rest.chars().count() >= 3
            && town.is_some_and(|(at, c)| chain.iter().any(|t| t.end == first.start + at + c.len_utf8()))
    }

    /// 吹き出し舎: where the dictionary sees a verb in the name that announces.
    fn with_verb_head(&self, span: Span) -> Span {
        let tokens = self.tokens();
        let Some(at) = tokens.iter().position(|t| t.start == span.start) else { return span };
        match at.checked_sub(1).map(|i| &tokens[i]) {
            Some(token)
                if token.end == span.start
                    && token.class == WordClass::Verb
                    && self.word(token).chars().any(is_kanji)
                    && self
                        .word(token)
                        .ends_with(['い', 'き', 'し', 'ち', 'に', 'み', 'り', 'ぎ', 'び', 'け', 'え', 'せ', 'れ']) =>
            {
                Span::new(token.start, span.end)
            }
            _ => span,
        }
    }

    /// 雨降石市: where the dictionary sees a verb inside a place name, the kanji before it belong to the name.
    pub(super) fn with_cut_head(&self, span: Span, kind: OrganizationKind) -> Span {
        use OrganizationKind as K;
        // 運営する|う|みまるホールディングス: hiragana before hiragana.
        let hiragana = span.of(self.reading.text()).starts_with(is_hiragana)
            && self.reading.text()[self.span().start..span.start].ends_with(is_hiragana);
        if hiragana && let Some(head) = self.hiragana_head(span.start) {
            return Span::new(head, span.end);
        }
        // に|じいろ薬局: no sentence begins with a particle.
        let opening = &self.reading.text()[self.span().start..span.start];
        if hiragana && opening.chars().count() == 1 {
            return Span::new(self.span().start, span.end);
        }
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
            // キョードー東京: a place may end the name that it would not begin.
            let seat = token.class == WordClass::Place && k + 1 == chain.len() && named;
            if self.is_generic_word(word) && k > 0 && !seat {
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
        let mention = if !named && self.is_contracted_loan(&chain[..end]) { Mention::Weak } else { Mention::Bare };
        if end == 0 || !named && mention == Mention::Bare {
            return;
        }
        let span = self.with_ticker(Span::new(chain[0].start, chain[end - 1].end));
        let raw = span.of(text);
        if raw.chars().count() < 2
            || raw.chars().count() > LONGEST_NAME
            || self.is_generic_word(raw)
            || self.is_only_a_kind(raw)
            || self.lexicon.is_one_of(WordList::Founder, raw)
            || is_host(raw)
            || self.lexicon.is_loan_compound(raw)
            || self.is_in_an_address(span)
            || self.is_a_plain_latin_word(raw)
        {
            return;
        }
        out.push(self.finding(span, OrganizationKind::Unknown, mention));
    }

    /// 委託先であるトランスコスモス: behind words of a contract even known words in katakana name somebody.
    fn is_contracted_loan(&self, chain: &[Token]) -> bool {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return false };
        let text = self.reading.text();
        let before = Span::new(self.span().start, first.start).of(text);
        let name = Span::new(first.start, last.end).of(text);
        name.chars().count() >= 5
            && name.chars().all(|c| ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric())
            && self.lexicon.ends_with(WordList::ContractBefore, before).is_some()
    }

    /// 保守を委託する南条情報サービスの社員: behind words of a contract common nouns go on with a name that they follow.
    fn is_contracted_by_name(&self, chain: &[Token]) -> bool {
        let ([head @ .., last], Some(first)) = (chain, chain.first()) else { return false };
        let text = self.reading.text();
        let name = Span::new(first.start, last.end).of(text);
        let before = Span::new(self.span().start, first.start).of(text);
        let after = Span::new(last.end, self.span().end).of(text);
        let proper = |t: &Token| {
            !t.known && !self.lexicon.is_loan_compound(self.word(t))
                || matches!(
                    t.class,
                    WordClass::ProperNoun | WordClass::PersonName | WordClass::Place | WordClass::Organization
                )
        };
        // 田中主任, 三笠市内: a person with a post, a place.
        let person = head.len() == 1 && first.class == WordClass::PersonName && self.word(last).chars().all(is_kanji);
        let place = last.class == WordClass::Place || name.ends_with(['内', '市', '町', '村', '区', '県', '府', '都']);
        (4..=LONGEST_NAME / 2).contains(&name.chars().count())
            && head.iter().any(proper)
            && !person
            && !place
            && self.lexicon.ends_with(WordList::ContractBefore, before).is_some()
            && after.starts_with(['が', 'の', 'は', 'に', 'で', 'を', '、', '(', '」'])
            // 鏡山システム: behind a contract a system with a name is a firm.
            && self.lexicon.ends_with(WordList::Announcer, name).is_none_or(|end| end == "システム")
            && !self.is_only_a_kind(name)
    }

    /// Drops what stands before a name without being part of it: 被告, 委託先, 同業, dates.
    pub(super) fn without_lead<'t>(&self, chain: &'t [Token]) -> &'t [Token] {
        let mut chain = chain;
        while let Some(first) = chain.first() {
            let word = self.word(first);
            // データ|ブリッジに委託, データ|ブリッジ社: one run of katakana, where a name has to stand.
            let run = self.is_foreign(first)
                && chain.get(1).is_some_and(|t| self.is_foreign(t) && t.start == first.end)
                && chain.last().is_some_and(|last| {
                    let whole = Span::new(first.start, last.end);
                    self.is_slot(whole) || whole.of(self.reading.text()).ends_with('社')
                })
                && chain.iter().filter(|t| self.is_foreign(t)).any(|t| !self.lexicon.is_loan_compound(self.word(t)));
            let drop = self.is_generic_word(word)
                && !run
                && chain.len() > 1
                && !matches!(first.class, WordClass::Place)
                // 全国健康保険協会
                && !self.lexicon.is_one_of(WordList::PartOfName, word)
                || self.lexicon.is_one_of(WordList::Lead, word)
                || self.lexicon.is_one_of(WordList::CountrySign, word)
                    && chain.get(1).is_some_and(|t| self.is_foreign(t))
                || word.chars().all(|c| c.is_ascii_digit())
                || self.is_connector_word(word);
            // 日本|法人|ルミエラジャパン
            let words = || {
                let whole = Span::new(first.start, chain.last()?.end).of(self.reading.text());
                let forms = self.lexicon.words(WordList::Lead).iter().filter(|f| f.chars().count() >= 4);
                let end = first.start + forms.filter(|f| whole.starts_with(f.as_str())).map(String::len).max()?;
                let at = chain.iter().position(|t| t.end == end)?;
                (at > 0 && at + 1 < chain.len()).then_some(at + 1)
            };
            if let Some(lead) = (!drop).then(words).flatten() {
                chain = &chain[lead..];
                continue;
            }
            if drop {
                chain = &chain[1..];
                continue;
            }
            // 千葉・柏市: the prefecture before the town, as newspapers write it.
            if let [a, dot, b, ..] = chain
                && a.class == WordClass::Place
                && self.word(dot) == "・"
                && b.class == WordClass::Place
            {
                chain = &chain[2..];
                continue;
            }
            // 通信大手オプタス, 航空会社タイガーエア: what stands behind the kind is the name.
            let leads = |t: &Token| self.lexicon.is_one_of(WordList::LeaderBefore, self.word(t));
            let is_kind = |t: &Token| leads(t) || self.lexicon.is_one_of(WordList::KindBefore, self.word(t));
            if let Some(at) = chain.iter().take(4).position(is_kind)
                && chain.get(at + 1).is_some_and(|t| leads(&chain[at]) || self.is_foreign(t) && !t.known)
            {
                chain = &chain[at + 1..];
                continue;
            }
            // 運営事業者ヌルナギ: a kind of more than one word before a name that nothing knows.
            let kind = chain.iter().take(4).position(|t| {
                let whole = Span::new(first.start, t.end).of(self.reading.text());
                self.lexicon.ends_with(WordList::KindBeforeForm, whole).is_some()
            });
            if let Some(at) = kind
                && chain.get(at + 1).is_some_and(|t| self.is_foreign(t))
                && (!chain[at + 1].known || self.holds_cut_katakana(&chain[at + 1..]))
                && self.lexicon.ends_with(WordList::LeaderBefore, self.word(&chain[at])).is_none()
            {
                chain = &chain[at + 1..];
                continue;
            }
            // 調査会社UpGuard: what is more than one word.
            let whole = Span::new(first.start, chain[chain.len() - 1].end).of(self.reading.text());
            let Some(lead) = self.lexicon.begins_with(WordList::Lead, whole) else { break };
            let behind = chain.iter().position(|t| t.start == first.start + lead.len());
            let Some(behind) = behind.filter(|_| lead.chars().count() >= 3) else { break };
            chain = &chain[behind..];
        }
        chain
    }
}
