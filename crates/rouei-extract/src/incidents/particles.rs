//! How a name governs its clause: by the particle behind it, or by what its case is called.

use super::clauses::Clauses;
use super::governor::{PHRASE, Place};
use super::lexicon::WordList;
use super::naming::behind_name;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};

impl Clauses<'_, '_> {
    /// How a name governs, with its particle.
    pub(super) fn place(&self, who: &OrganizationFinding) -> Option<(Place, &'static str)> {
        let after = behind_name(self.words, &self.text()[who.span.end..self.span.end]);
        // 「氏名」「住所」が: what is listed in quotation marks names kinds of data.
        if who.quoted && self.text()[..who.span.start].trim_end_matches(['「', '『']).ends_with(['」', '』']) {
            return None;
        }
        let raw = &self.text()[who.span.end..self.span.end];
        if self.is_case(raw) {
            return Some((Place::Case, "で"));
        }
        if self.words.has(WordList::CaseOf, raw) {
            let place = if who.mention == Mention::Anonymised { Place::Case } else { Place::Topic };
            return Some((place, "では"));
        }
        // 甲で働いていた派遣社員
        if self.words.has(WordList::WorksAt, raw) {
            return None;
        }
        let town = matches!(who.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
        // 霧影県内では昨年にも、
        if self.words.has(WordList::NoSubject, raw) || town && raw.starts_with('内') {
            return None;
        }
        let particles = ["でも", "にも", "では", "には", "にて", "は", "が", "も", "で"];
        if let Some(&p) = particles.iter().find(|p| after.starts_with(**p)) {
            // 霧影市で飲食店を営む会社は: where somebody else is.
            let clause = after.split(['、', '。']).next().unwrap_or(after);
            // 霧影市で市民の名簿が: whose they are says not that it happened elsewhere.
            let elsewhere = || self.words.lists().without(WordList::OfThePeople, clause);
            if town && matches!(p, "で" | "では") && self.words.has(WordList::Located, &elsewhere()) {
                return None;
            }
            if p == "が" && self.is_relative(&after[p.len()..]) {
                return None;
            }
            let other = ["でも", "では", "でも"].contains(&p) || !self.words.has(WordList::NoSubject, after);
            return other.then_some((Place::Topic, if p == "には" || p == "にて" { "で" } else { p }));
        }
        let told: String = after.chars().take(PHRASE * 2).take_while(|&c| c != '。').collect();
        if self.words.has(WordList::WentOutOf, after)
            && self.words.has(WordList::WentOut, &told)
            && (self.words.has(WordList::Genre, self.text()) || self.figure_in(who.span.end..who.span.end + told.len()))
        {
            return Some((Place::Topic, "に"));
        }
        if self.words.has(WordList::Attacked, after) {
            return Some((Place::Topic, "に"));
        }
        if self.words.has(WordList::AccordingTo, after) {
            return Some((Place::Topic, "によると"));
        }
        let rest = after.strip_prefix('の')?;
        let end = rest.find(['、', '。']).unwrap_or(rest.len());
        let phrase: &str = rest[..end].split_inclusive(['が', 'で', 'は', 'も']).next().unwrap_or("");
        let governed = phrase.ends_with(['が', 'で', 'は', 'も']) && phrase.chars().count() <= PHRASE;
        // 霧影市の中央支店では: where a house stands.
        let place = matches!(who.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
        // アプリケーションの改ざんが: what something befell is no house.
        let befell = who.mention == Mention::Bare
            && !who.quoted
            && who.kind == OrganizationKind::Unknown
            && self.words.has(WordList::Event, phrase);
        if befell {
            return None;
        }
        let part = !(self.words.has(WordList::NoSubject, rest) || place && self.words.has(WordList::Located, phrase));
        (governed && part).then(|| {
            let also = rest[phrase.len()..].starts_with('も') || phrase.ends_with('も');
            (Place::Possessive, if also { "でも" } else { "の" })
        })
    }

    /// 甲が支援する議員の名簿に: a short clause that describes the noun behind it, and tells of no mishap.
    fn is_relative(&self, behind: &str) -> bool {
        const LONGEST: usize = 10;
        let verb = ["している", "していた", "する", "した"]
            .iter()
            .filter_map(|v| behind.find(v).map(|at| (at, at + v.len())))
            .min();
        verb.is_some_and(|(at, end)| {
            let noun = behind[end..].chars().next();
            behind[..at].chars().count() <= LONGEST
                && !behind[..at].contains(['、', '。', 'を'])
                && noun.is_some_and(|c| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || c == '「')
                && self.words.has(WordList::RelatedBy, &behind[..end])
        })
    }

    /// 甲個人情報流出事件, 甲の名簿流出事故, 甲によるデータ流出事件: what goes on behind the name is what its case is called.
    fn is_case(&self, raw: &str) -> bool {
        const LONGEST: usize = 20;
        let rest = raw.trim_start_matches(['」', '』']);
        let by = self.words.lists().beginning(WordList::CaseBy, rest).map(|by| &rest[by.len()..]);
        let rest = by.or_else(|| rest.strip_prefix('の')).unwrap_or(rest);
        let noun = |c: char| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || "々ぃい・".contains(c);
        // 漏えい事件 goes on behind its え.
        let end = rest.find(|c: char| !noun(c) && c != 'え' && c != 'の').unwrap_or(rest.len());
        let called = &rest[..end];
        let named = self.words.lists().ending(WordList::CaseName, called).is_some_and(|w| called.len() > w.len());
        let line = by.is_some() && end == rest.len() && self.words.has(WordList::WentOut, called);
        called.chars().count() <= LONGEST && (named || line) && self.words.has(WordList::Event, called)
    }
}
