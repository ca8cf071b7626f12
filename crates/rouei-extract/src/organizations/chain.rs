//! From words to names: chains of name-like words, cut where a suffix or a legal form ends them.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::lexicon::Suffix;
use super::name::{is_ticker, split_name};
use super::topic;
use super::{Mention, Onlooker, OrganizationFinding, OrganizationKind, OrganizationLexicon};
use crate::reading::Reading;

/// Longest name in characters; what is longer is a sentence.
const LONGEST_NAME: usize = 40;

/// How many sentences from either end a signature may stand.
const SIGNATURE_REACH: usize = 6;

pub(super) fn find_in_sentence(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentence: usize,
    out: &mut Vec<OrganizationFinding>,
) {
    let scan = Scan { reading, lexicon, sentence };
    let from = out.len();
    scan.legal_forms(out);
    scan.first_person(out);
    scan.quotations(out);
    scan.anonymised(out);
    scan.chains(out);
    scan.signature(out);
    drop_contained(out, from);
    scan.subsidiaries(out, from);
}

pub(super) fn read_cell(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentence: usize,
) -> Option<OrganizationFinding> {
    let span = reading.sentences.get(sentence)?.span;
    let text = span.of(reading.text());
    if text.chars().count() > LONGEST_NAME || text.contains(['。', '、']) || lexicon.generic.contains(text) {
        return None;
    }
    let scan = Scan { reading, lexicon, sentence };
    let mut found = Vec::new();
    scan.legal_forms(&mut found);
    scan.chains(&mut found);
    let kind = found.iter().find(|f| f.span.end == span.end).map_or(OrganizationKind::Unknown, |f| f.kind);
    let mut finding = scan.finding(span, kind, Mention::Weak);
    if scan.is_description(text) {
        finding.mention = Mention::Anonymised;
    }
    Some(finding)
}

struct Scan<'a> {
    reading: &'a Reading<'a>,
    lexicon: &'a OrganizationLexicon,
    sentence: usize,
}

impl Scan<'_> {
    fn span(&self) -> Span {
        self.reading.sentences[self.sentence].span
    }

    fn text(&self) -> &str {
        self.span().of(self.reading.text())
    }

    fn tokens(&self) -> &[Token] {
        self.reading.sentence_tokens(self.sentence)
    }

    fn word(&self, token: &Token) -> &str {
        Span::new(token.start, token.end).of(self.reading.text())
    }

    fn finding(&self, span: Span, kind: OrganizationKind, mention: Mention) -> OrganizationFinding {
        let raw = span.of(self.reading.text());
        let (name, legal_form, ticker, form_kind) = split_name(self.lexicon, raw);
        let quoted = self.reading.text()[..span.start].ends_with(['「', '『', '"', '“'])
            && self.reading.text()[span.end..].starts_with(['」', '』', '"', '”']);
        let onlooker = self.lexicon.onlookers.get(name.as_str()).copied().or(match kind {
            OrganizationKind::Police => Some(Onlooker::Regulator),
            _ => None,
        });
        let mention = if legal_form.is_some() || ticker.is_some() { Mention::LegalForm } else { mention };
        let kind = match kind {
            OrganizationKind::Unknown if mention == Mention::Bare && names_a_service(&name) => {
                OrganizationKind::Service
            }
            OrganizationKind::Unknown => form_kind.unwrap_or(kind),
            _ => kind,
        };
        OrganizationFinding { sentence: self.sentence, span, name, legal_form, ticker, kind, mention, quoted, onlooker }
    }

    /// 株式会社X, X株式会社: the words that touch the form, particles excluded.
    fn legal_forms(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        let mut from = 0;
        while let Some((at, form, kind)) = self.lexicon.legal_form_from(text, from) {
            let end = at + form.len();
            from = end;
            let after = self.name_starting_at(base + end);
            let before = self
                .name_ending_at(base + at)
                .or_else(|| after.is_none().then(|| self.name_between_marks(base + at)).flatten());
            let trailing = before.filter(|b| !self.is_generic_word(b.of(self.reading.text())));
            let span = match (trailing, after) {
                (Some(b), _) => Span::new(b.start, base + end),
                (None, Some(a)) => {
                    from = (a.end - base).max(end);
                    Span::new(base + at, a.end)
                }
                (None, None) => continue,
            };
            let span = self.with_ticker(span);
            if span.of(self.reading.text()).chars().count() <= LONGEST_NAME {
                out.push(self.finding(span, kind, Mention::LegalForm));
            }
        }
    }

    fn name_ending_at(&self, byte: usize) -> Option<Span> {
        let tokens = self.tokens();
        let mut i = tokens.iter().position(|t| t.end == byte)?;
        let end = byte;
        let mut start = byte;
        loop {
            let token = &tokens[i];
            let joined = token.end == start;
            if !joined || !(self.is_name_word(token) || self.is_connector(token, i)) || self.is_form_word(token) {
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
    fn name_between_marks(&self, byte: usize) -> Option<Span> {
        let before = Span::new(self.span().start, byte).of(self.reading.text());
        let name: usize = before
            .chars()
            .rev()
            .take_while(|&c| is_name_char(c) || ('ぁ'..='ゖ').contains(&c))
            .map(char::len_utf8)
            .sum();
        let name = &before[before.len() - name..];
        let length = name.chars().count();
        let clause = ["は", "が", "を", "では", "には", "から", "により", "した", "する", "って"]
            .iter()
            .any(|p| name.contains(p));
        ((2..=12).contains(&length) && !clause).then(|| Span::new(byte - name.len(), byte))
    }

    fn name_starting_at(&self, byte: usize) -> Option<Span> {
        let tokens = self.tokens();
        let mut i = tokens.iter().position(|t| {
            t.start == byte
                || (t.start < byte && t.end > byte)
                || (t.start == byte + 1 && self.reading.text().as_bytes().get(byte) == Some(&b' '))
        })?;
        let first = i;
        let mut end = byte;
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
            if i > first && self.ends_a_name(token) {
                break;
            }
            end = token.end;
            i += 1;
        }
        (end > byte).then(|| Span::new(byte, end))
    }

    /// 株式会社ほしづき: the dictionary cuts hiragana names into particles, so the whole run counts, without the
    /// particle that links it to what follows.
    fn hiragana_name(&self, byte: usize) -> Option<Span> {
        let rest = &self.reading.text()[byte..self.span().end];
        let run: usize = rest.chars().take_while(|c| ('ぁ'..='ゖ').contains(c) || *c == 'ー').map(char::len_utf8).sum();
        if run < 6 {
            return None;
        }
        let mut name = &rest[..run];
        let next = rest[run..].chars().next();
        if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '、' | '「')) {
            let particle = ["では", "には", "から", "より", "は", "が", "の", "を", "に", "で", "と", "も", "へ"]
                .iter()
                .find(|p| name.ends_with(**p));
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

    /// `ミナモホールディングス海外グループ会社`, `○○自動車の販売子会社`: the subsidiary is meant and not named. Where
    /// its name follows (`100%子会社の音羽総研`), the name speaks for itself.
    fn subsidiaries(&self, out: &mut Vec<OrganizationFinding>, from: usize) {
        let text = self.reading.text();
        let end = self.span().end;
        let mut unnamed = Vec::new();
        for parent in &out[from..] {
            if parent.quoted || matches!(parent.mention, Mention::FirstPerson | Mention::Anonymised) {
                continue;
            }
            let after = &text[parent.span.end..end];
            let body = after.strip_prefix('の').unwrap_or(after);
            let word = [
                "販売子会社",
                "海外グループ会社",
                "海外子会社",
                "海外現地法人",
                "国内グループ会社",
                "連結子会社",
                "グループ会社",
                "現地法人",
                "子会社",
                "関連会社",
            ]
            .iter()
            .find(|w| body.starts_with(**w));
            if let Some(word) = word {
                let stop = parent.span.end + (after.len() - body.len()) + word.len();
                let named = text[stop..end].starts_with(['の', '「', '(', '・', 'で'])
                    && !text[stop..end].starts_with("で不正")
                    && text[stop..end].starts_with(['の', '「', '(']);
                if !named {
                    unnamed.push(self.finding(Span::new(parent.span.start, stop), parent.kind, Mention::Anonymised));
                }
            }
        }
        for finding in &mut unnamed {
            finding.mention = Mention::Anonymised;
        }
        out.extend(unnamed);
    }

    /// `ミナモ<9999>`, `灯台精機(9999)`.
    fn with_ticker(&self, span: Span) -> Span {
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

    /// A line of its own near either end that ends as names do: `のざらし仏壇店`, which the dictionary cuts at の.
    fn signature(&self, out: &mut Vec<OrganizationFinding>) {
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

    fn first_person(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        for (form, kind) in self.lexicon.first_person_in.candidates(text).iter().map(|f| &self.lexicon.first_person[f])
        {
            let mut from = 0;
            while let Some(at) = text[from..].find(form.as_str()).map(|a| a + from) {
                from = at + form.len();
                let before = text[..at].chars().next_back();
                let after = text[from..].chars().next();
                // 担当院長, 該当社員, 日本市場, 本町通り: the word is cut out of longer ones.
                let inside = before.is_some_and(|c| is_kanji(c) && c != '、')
                    || after.is_some_and(|c| {
                        is_kanji(c) && matches!(c, '員' | '場' | '通' | '丁' | '目' | '部' | '来' | '習')
                    });
                if !inside {
                    let span = Span::new(base + at, base + from);
                    out.push(self.finding(span, *kind, Mention::FirstPerson));
                }
            }
        }
    }

    fn quotations(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        for (open, close) in [('「', '」'), ('『', '』'), ('"', '"'), ('“', '”')] {
            let mut from = 0;
            while let Some(start) = text[from..].find(open).map(|a| from + a + open.len_utf8()) {
                let Some(len) = text[start..].find(close) else { break };
                from = start + len + close.len_utf8();
                let inner = &text[start..start + len];
                // 「ミナモ通信…「MNM」…」: the innermost quotation is the name.
                let inner_start = inner.rfind(open).map_or(0, |a| a + open.len_utf8());
                let inner = &inner[inner_start..];
                let at = base + start + inner_start;
                let typed = self.type_in_front(&self.reading.text()[self.span().start..at]);
                if !looks_like_title(inner)
                    || self.is_generic_word(inner)
                    || !(typed.is_some()
                        || self.may_be_a_name(at, inner)
                        || topic::announces(&self.text()[start + len..], inner)
                        || self.is_attacked(start + len + close.len_utf8(), inner))
                {
                    continue;
                }
                let span = Span::new(at, at + inner.len());
                let suffix = self.suffix_of(inner).map_or(OrganizationKind::Unknown, |s| s.kind);
                let kind = match typed {
                    Some(kind) if suffix == OrganizationKind::Unknown => kind,
                    None if suffix == OrganizationKind::Unknown && names_a_service(inner) => OrganizationKind::Service,
                    _ => suffix,
                };
                let mention = if kind == OrganizationKind::Unknown || kind == OrganizationKind::Service {
                    Mention::Bare
                } else {
                    Mention::Suffix
                };
                out.push(self.finding(span, kind, mention));
            }
        }
    }

    /// What the noun in front of a quotation says of it: サイト「…」 is a service, 会社「…」 a company.
    fn type_in_front(&self, before: &str) -> Option<OrganizationKind> {
        let before = before.trim_end_matches(['「', '『', '"', '“']).trim_end_matches(['の', '・', ' ']);
        self.lexicon.typing_nouns.iter().find(|(noun, _)| before.ends_with(noun.as_str())).map(|(_, kind)| *kind)
    }

    /// 「ホットリボン」への不正アクセス: what is attacked is named, whatever its words mean.
    fn is_attacked(&self, behind: usize, inner: &str) -> bool {
        let after = &self.text()[behind..];
        let named = !self.lexicon.no_name_inside.iter().any(|w| inner.contains(w.as_str()));
        named
            && [
                "に不正",
                "への不正",
                "へ不正",
                "で不正",
                "にサイバー",
                "へのサイバー",
                "にランサム",
                "アカウント",
                "会員",
                "ユーザー",
                "利用者",
                "公式",
            ]
            .iter()
            .any(|w| after.starts_with(w))
    }

    /// Whether quoted words may name somebody: no figure, no verb, no word of the mishap itself, and not common nouns
    /// throughout.
    fn may_be_a_name(&self, at: usize, inner: &str) -> bool {
        if inner.starts_with(|c: char| c.is_ascii_digit())
            || self.lexicon.no_name_inside.iter().any(|w| inner.contains(w.as_str()))
        {
            return false;
        }
        let tokens = self.tokens();
        let from = tokens.partition_point(|t| t.end <= at);
        let inside = tokens[from..].iter().take_while(|t| t.start < at + inner.len());
        let mut common = true;
        for token in inside {
            let particle = matches!(
                token.class,
                WordClass::Particle | WordClass::AuxiliaryVerb | WordClass::Verb | WordClass::Adjective
            );
            let hiragana = self.word(token).chars().all(|c| ('ぁ'..='ゖ').contains(&c));
            if particle && !hiragana {
                return false;
            }
            common &= particle || self.is_common_word(token);
        }
        !common
    }

    /// A word of the dictionary that names nothing by itself, or a compound of loanwords.
    fn is_common_word(&self, token: &Token) -> bool {
        let word = self.word(token);
        self.is_generic_word(word)
            || self.lexicon.is_loan_compound(word)
            || token.known
                && matches!(
                    token.class,
                    WordClass::Noun
                        | WordClass::VerbalNoun
                        | WordClass::AdjectivalNoun
                        | WordClass::NounSuffix
                        | WordClass::Number
                        | WordClass::Prefix
                        | WordClass::Symbol
                        | WordClass::Adverb
                )
    }

    fn anonymised(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        let held = self.lexicon.anonymised_in.candidates(text);
        if held.is_empty() {
            return;
        }
        let mut number = 0;
        for entry in &self.lexicon.anonymised {
            for head in &entry.heads {
                number += 1;
                if !held.contains(number - 1) {
                    continue;
                }
                let mut from = 0;
                while let Some(at) = text[from..].find(head.as_str()).map(|a| a + from) {
                    from = at + head.len();
                    if text[..at].chars().next_back().is_some_and(|c| is_kanji(c) || ('ァ'..='ヿ').contains(&c)) {
                        continue;
                    }
                    let tail = &text[from..];
                    let hit = entry
                        .nouns
                        .iter()
                        .filter_map(|noun| {
                            let n = tail.find(noun.as_str())?;
                            let between = &tail[..n];
                            (between.chars().count() <= 8 && between.chars().all(is_name_char))
                                .then_some(from + n + noun.len())
                        })
                        .max();
                    if let Some(end) = hit {
                        let span = Span::new(base + at, base + end);
                        out.push(self.finding(span, OrganizationKind::Unknown, Mention::Anonymised));
                        from = end;
                    }
                }
            }
        }
    }

    fn chains(&self, out: &mut Vec<OrganizationFinding>) {
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
    fn read_chain(&self, chain: &[Token], out: &mut Vec<OrganizationFinding>) {
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
        if topic::announces(Span::new(whole.end, self.span().end).of(text), whole.of(text))
            && !self.is_generic_word(whole.of(text))
            && !self.is_only_a_kind(whole.of(text))
        {
            out.push(self.finding(whole, OrganizationKind::Unknown, Mention::Weak));
            return;
        }
        self.read_bare(chain, out);
    }

    /// 雨降石市: where the dictionary sees a verb inside a place name, the kanji before it belong to the name.
    fn with_cut_head(&self, span: Span, kind: OrganizationKind) -> Span {
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

    fn read_bare(&self, chain: &[Token], out: &mut Vec<OrganizationFinding>) {
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
    fn without_lead<'t>(&self, chain: &'t [Token]) -> &'t [Token] {
        let mut chain = chain;
        while let Some(first) = chain.first() {
            let word = self.word(first);
            let drop = self.is_generic_word(word) && chain.len() > 1 && !matches!(first.class, WordClass::Place)
                || matches!(
                    word,
                    "被告"
                        | "原告"
                        | "同業"
                        | "運営"
                        | "元"
                        | "各"
                        | "同"
                        | "当該"
                        | "旧"
                        | "約"
                        | "計"
                        | "なお"
                        | "また"
                        | "受託"
                        | "委託"
                        | "再委託"
                        | "発行"
                        | "報告"
                        | "特定"
                        | "一部"
                        | "大手"
                )
                || word.chars().all(|c| c.is_ascii_digit())
                || self.is_connector_word(word);
            if !drop {
                break;
            }
            chain = &chain[1..];
        }
        chain
    }

    fn suffix_at(&self, chain: &[Token], next: Option<char>) -> Option<&Suffix> {
        let text = self.reading.text();
        let last = chain.last()?;
        let whole = Span::new(chain[0].start, last.end).of(text);
        let suffix = self.suffix_of(whole)?;
        let stem = &whole[..whole.len() - suffix.form.len()];
        // A one-character suffix has to be a word of its own, or the end of a place name.
        if suffix.form.chars().count() == 1 {
            let town = matches!(suffix.kind, OrganizationKind::Municipality);
            let own_word = self.word(last) == suffix.form
                || matches!(last.class, WordClass::Place | WordClass::Organization)
                || town && (!last.known || matches!(last.class, WordClass::PersonName | WordClass::ProperNoun));
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
        if stem.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        if suffix.weak && !self.looks_named(chain) {
            return None;
        }
        if !suffix.only.is_empty() && !suffix.only.contains(whole) {
            let invented = suffix.invented
                && stem.chars().count() == 2
                && stem.chars().all(is_kanji)
                && matches!(suffix.form.as_str(), "県" | "府")
                && !matches!(stem, "当該" | "関係" | "他都" | "近隣" | "全国" | "都道" | "政府");
            // 群馬県職員 ends elsewhere; 徳島県教育委員会 is longer. What is left has to be the prefecture itself.
            if !invented {
                return None;
            }
        }
        if suffix.kind == OrganizationKind::School && is_generic_school(whole, &suffix.form) {
            return None;
        }
        Some(suffix)
    }

    fn suffix_of(&self, whole: &str) -> Option<&Suffix> {
        self.lexicon
            .suffixes_of(whole)
            .find(|s| whole.len() > s.form.len() && whole.ends_with(s.form.as_str()) && !s.stop.contains(whole))
    }

    /// Whether a chain holds a word that common nouns do not: a name, Latin letters, a word that the dictionary
    /// does not know.
    fn looks_named(&self, chain: &[Token]) -> bool {
        let mut named = false;
        for token in chain {
            let word = self.word(token);
            if self.is_generic_word(word)
                || matches!(
                    word,
                    "情報" | "個人" | "不正" | "管理" | "対策" | "業務" | "保存" | "登録" | "送信" | "通信"
                )
            {
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

    fn is_description(&self, text: &str) -> bool {
        self.lexicon.anonymised.iter().any(|a| {
            a.heads.iter().any(|h| text.starts_with(h.as_str()))
                || a.nouns.iter().any(|n| text.ends_with(n.as_str()) && text.len() > n.len())
                // 自治体の窓口: a part of an organization that is only described.
                || a.nouns.iter().any(|n| text.strip_prefix(n.as_str()).is_some_and(|rest| rest.starts_with('の')))
        }) && !self.tokens().iter().any(|t| matches!(t.class, WordClass::Organization | WordClass::ProperNoun))
    }

    fn is_generic_word(&self, word: &str) -> bool {
        self.lexicon.generic.contains(word.trim())
    }

    /// 水道局, 教育委員会: a kind of organization alone. 本学地域交流センター: a part of whoever speaks.
    fn is_only_a_kind(&self, name: &str) -> bool {
        self.lexicon.suffix_set.contains(name)
            || [
                "本学",
                "当院",
                "当社",
                "弊社",
                "本校",
                "当館",
                "当園",
                "同社",
                "同市",
                "同町",
                "同県",
                "同院",
                "同校",
                "同大学",
            ]
            .iter()
            .any(|p| name.starts_with(p))
    }

    fn is_name_word(&self, token: &Token) -> bool {
        // The dictionary calls brackets and other ASCII marks nouns.
        if !self.word(token).chars().all(|c| c.is_alphanumeric() || matches!(c, '・' | 'ー' | '々')) {
            return false;
        }
        match token.class {
            WordClass::Noun
            | WordClass::VerbalNoun
            | WordClass::AdjectivalNoun
            | WordClass::ProperNoun
            | WordClass::PersonName
            | WordClass::Organization
            | WordClass::Place
            | WordClass::NounSuffix
            | WordClass::Prefix => true,
            // 十三市民病院, 第一生命: numerals belong to names, figures do not.
            WordClass::Number => !self.word(token).starts_with(|c: char| c.is_ascii_digit()),
            WordClass::Symbol => !token.known,
            _ => false,
        }
    }

    fn is_form_word(&self, token: &Token) -> bool {
        self.lexicon.legal_form_set.contains(self.word(token))
    }

    fn is_connector_word(&self, word: &str) -> bool {
        matches!(word, "・" | "&" | "." | "-" | "'" | "!" | "＆")
    }

    fn is_connector(&self, token: &Token, index: usize) -> bool {
        self.is_connector_word(self.word(token))
            && index > 0
            && self.tokens().get(index + 1).is_some_and(|n| n.start == token.end && self.is_name_word(n))
    }

    /// `HOSHI ONLINE SHOP`, `ミナモライフ アリエ`.
    fn blank_inside_name(&self, end: usize, start: usize) -> bool {
        let text = self.reading.text();
        if start != end + 1 || text.as_bytes().get(end) != Some(&b' ') {
            return false;
        }
        let before = text[..end].chars().next_back();
        let after = text[start..].chars().next();
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let katakana = |c: Option<char>| c.is_some_and(|c| ('ァ'..='ヿ').contains(&c));
        latin(before) && latin(after) || katakana(before) && katakana(after)
    }

    fn ends_a_name(&self, token: &Token) -> bool {
        self.is_generic_word(self.word(token))
            && matches!(
                self.word(token),
                "代表取締役" | "代表取締役社長" | "社長" | "社員" | "従業員" | "職員" | "担当者" | "取締役"
            )
    }
}

/// 市内中学校, 県立高校: a school of the town, not a name.
fn is_generic_school(whole: &str, suffix: &str) -> bool {
    if !matches!(
        suffix,
        "高等学校"
            | "高校"
            | "中学校"
            | "小学校"
            | "中学"
            | "幼稚園"
            | "保育園"
            | "保育所"
            | "こども園"
            | "特別支援学校"
            | "専門学校"
            | "学校"
    ) {
        return false;
    }
    let mut stem = whole.strip_suffix(suffix).unwrap_or(whole);
    for founder in ["立", "内の", "内", "下の"] {
        stem = stem.strip_suffix(founder).unwrap_or(stem);
    }
    for founder in ["私", "公", "国", "県", "市", "府", "都", "道", "町", "村", "区"] {
        if stem == founder {
            return true;
        }
    }
    stem.is_empty() || stem.ends_with(['県', '市', '府', '都', '町', '村', '区'])
}

fn is_kanji(c: char) -> bool {
    ('一'..='鿿').contains(&c)
}

fn is_name_char(c: char) -> bool {
    is_kanji(c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric()
}

/// `example.co.jp`: a host, not a name.
fn is_host(name: &str) -> bool {
    name.contains('.') && [".jp", ".com", ".net", ".org", ".example"].iter().any(|d| name.ends_with(d))
}

/// A name that ends as services, applications and shops do.
fn names_a_service(name: &str) -> bool {
    ["サービス", "システム", "アプリ", "サイト", "ストア", "ショップ", "オンライン", "ID", "ポイント"]
        .iter()
        .any(|w| name.len() > w.len() && name.ends_with(w))
}

/// A quotation that may be a name: short, no punctuation, not a clause.
fn looks_like_title(inner: &str) -> bool {
    let length = inner.chars().count();
    (2..=30).contains(&length)
        && !inner.contains(['。', '、', '?', '：', ':', '「', '」'])
        && !["を", "が", "は", "した", "ます", "です", "ない", "する", "され", "について", "です", "せよ"]
            .iter()
            .any(|p| inner.ends_with(p))
        && !["を", "は", "した", "され", "です", "ます", "から", "により", "による", "ついて"]
            .iter()
            .any(|p| inner.contains(p))
        && inner.chars().any(|c| c.is_alphabetic())
}

/// Of mentions that lie inside another, the outer one stays; of equal spans the surer one.
fn drop_contained(out: &mut Vec<OrganizationFinding>, from: usize) {
    let mut tail = out.split_off(from);
    tail.sort_by_key(|f| (f.span.start, std::cmp::Reverse(f.span.end), f.mention));
    let mut kept: Vec<OrganizationFinding> = Vec::new();
    for finding in tail {
        let covered = kept
            .iter()
            .any(|k| k.span.contains(finding.span) && !(k.mention == Mention::Bare && finding.mention < Mention::Weak));
        if !covered {
            kept.retain(|k| !(k.span.contains(finding.span) && k.mention == Mention::Bare && !k.quoted));
            kept.push(finding);
        }
    }
    out.extend(kept);
}
