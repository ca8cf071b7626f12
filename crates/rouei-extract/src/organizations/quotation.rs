//! Names in quotation marks: 「出前亭」, 予約サイト「とまれる丘」.

use rouei_model::Span;
use rouei_morphology::WordClass;

use super::lexicon::WordList;
use super::scan::Scan;
use super::word::is_hiragana;
use super::{Mention, Onlooker, OrganizationFinding, OrganizationKind, OrganizationLexicon, topic};

impl Scan<'_> {
    pub(super) fn quotations(&self, out: &mut Vec<OrganizationFinding>) {
        let base = self.span().start;
        let text = self.text();
        if !text.contains(['「', '『', '"', '“']) {
            return;
        }
        for (open, close) in [('「', '」'), ('『', '』'), ('"', '"'), ('“', '”')] {
            let mut from = 0;
            while let Some(start) = text[from..].find(open).map(|a| from + a + open.len_utf8()) {
                let Some(len) = text[start..].find(close) else { break };
                from = start + len + close.len_utf8();
                let inner = &text[start..start + len];
                // 「ミナモ通信…「MNM」…」: the innermost quotation is the name.
                let inner_start = inner.rfind(open).map_or(0, |a| a + open.len_utf8());
                let inner = &inner[inner_start..];
                let inner = without_reading(inner);
                let at = base + start + inner_start;
                let behind = &text[start + len + close.len_utf8()..];
                let run = self.lexicon.begins_with(WordList::RunBehind, behind).is_some()
                    && !self.lexicon.no_name_inside.iter().any(|w| inner.contains(w.as_str()));
                let typed = self
                    .type_in_front(&self.reading.text()[self.span().start..at])
                    .or(run.then_some(OrganizationKind::Service))
                    .or_else(|| self.type_behind(behind));
                if !looks_like_title(self.lexicon, inner)
                    || self.is_generic_word(inner)
                    || !(typed.is_some()
                        || self.may_be_a_name(at, inner)
                        || topic::announces(self.lexicon, &self.text()[start + len..], inner)
                        || self.announces_quoted(behind, inner)
                        || self.is_attacked(start + len + close.len_utf8(), inner))
                {
                    continue;
                }
                let span = Span::new(at, at + inner.len());
                let suffix = self.suffix_of(inner).map_or(OrganizationKind::Unknown, |s| s.kind);
                let kind = match typed {
                    Some(kind) if suffix == OrganizationKind::Unknown => kind,
                    // 通販「ミナモウェブストア」: a shop is no company.
                    Some(OrganizationKind::Service) if suffix == OrganizationKind::Company || run => {
                        OrganizationKind::Service
                    }
                    None if suffix == OrganizationKind::Unknown && self.lexicon.names_a_service(inner) => {
                        OrganizationKind::Service
                    }
                    _ => suffix,
                };
                let mention = if kind == OrganizationKind::Unknown || kind == OrganizationKind::Service {
                    Mention::Bare
                } else {
                    Mention::Suffix
                };
                let mut finding = self.finding(span, kind, mention);
                finding.quoted = true;
                out.push(finding);
            }
        }
    }

    /// What the noun in front of a quotation says of it: サイト「…」 is a service, 会社「…」 a company.
    pub(super) fn type_in_front(&self, before: &str) -> Option<OrganizationKind> {
        let before = before.trim_end_matches(['「', '『', '"', '“']).trim_end_matches(['の', '・', ' ']);
        // 北星テレビ『月影の大作戦!』: what a station calls by a name is a programme.
        let station = |name: &str, role: &Onlooker| *role == Onlooker::Media && before.ends_with(name);
        if self.lexicon.onlookers.iter().any(|(name, role)| station(name, role)) {
            return Some(OrganizationKind::Service);
        }
        self.lexicon.typing_nouns.iter().find(|(noun, _)| before.ends_with(noun.as_str())).map(|(_, kind)| *kind)
    }

    /// 「霧影ウェブ」と「霧影モール」の2つの通販サイト: what all of a list of quotations are.
    fn type_behind(&self, behind: &str) -> Option<OrganizationKind> {
        let mut rest = behind;
        while let Some((_, next)) = rest
            .strip_prefix(['と', 'や', '、', '・'])
            .and_then(|next| next.strip_prefix('「'))
            .and_then(|next| next.split_once('」'))
        {
            rest = next;
        }
        let counted = rest.strip_prefix('の')?;
        let noun = counted.trim_start_matches(|c: char| c.is_ascii_digit() || "つの".contains(c));
        let typed = || self.lexicon.typing_nouns.iter().filter(|(word, _)| noun.starts_with(word.as_str()));
        let longest = typed().max_by_key(|(word, _)| word.len())?;
        (noun.len() < counted.len()).then_some(longest.1)
    }

    /// オンライン英会話の「ことは」は、…と発表した: who announces is somebody, on whatever day.
    fn announces_quoted(&self, behind: &str, inner: &str) -> bool {
        topic::announces_some_day(self.lexicon, behind)
            && !self.lexicon.no_name_inside.iter().any(|w| inner.contains(w.as_str()))
            && self.lexicon.ends_with(WordList::Announcer, inner).is_none()
    }

    /// 「ホットリボン」への不正アクセス: what is attacked is named, whatever its words mean.
    pub(super) fn is_attacked(&self, behind: usize, inner: &str) -> bool {
        let after = &self.text()[behind..];
        let named = !self.lexicon.no_name_inside.iter().any(|w| inner.contains(w.as_str()));
        named && self.lexicon.begins_with(WordList::AttackedBehind, after).is_some()
    }

    /// Whether quoted words may name somebody: no figure, no verb, no word of the mishap itself, and not common nouns
    /// throughout.
    pub(super) fn may_be_a_name(&self, at: usize, inner: &str) -> bool {
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
}

/// A quotation that may be a name: short, no punctuation, not a clause.
fn looks_like_title(lexicon: &OrganizationLexicon, inner: &str) -> bool {
    let length = inner.chars().count();
    (2..=30).contains(&length)
        && !inner.contains(['。', '、', '?', '：', ':', '「', '」'])
        && lexicon.ends_with(WordList::ClauseEnding, inner).is_none()
        && !lexicon.holds(WordList::ClauseInside, inner)
        && inner.chars().any(|c| c.is_alphabetic())
}

/// 「ミナモ(みなも)」: the name without how it is read or spelled.
fn without_reading(inner: &str) -> &str {
    let Some((name, reading)) = inner.strip_suffix(')').and_then(|rest| rest.split_once('(')) else { return inner };
    let spelled =
        reading.chars().all(|c| is_hiragana(c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric() || c == ' ');
    if spelled && name.chars().count() >= 2 { name } else { inner }
}
