//! Organizations that are meant without their name: 当社, 大手メーカー, the subsidiary of somebody.

use rouei_model::Span;
use rouei_morphology::WordClass;

use super::lexicon::WordList;
use super::scan::Scan;
use super::word::{is_kanji, is_name_char};
use super::{Mention, OrganizationFinding, OrganizationKind};

impl Scan<'_> {
    pub(super) fn first_person(&self, out: &mut Vec<OrganizationFinding>) {
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

    pub(super) fn anonymised(&self, out: &mut Vec<OrganizationFinding>) {
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
                    // 取引のある企業, 関係がある会社: the verb of what stands before it.
                    if head == "ある" && text[..at].ends_with(['の', 'が', 'も', 'に', 'で']) {
                        continue;
                    }
                    let tail = &text[from..];
                    let hit = entry
                        .nouns
                        .iter()
                        .filter_map(|noun| {
                            // No farther than eight characters behind the head.
                            let mut near = tail.char_indices().take(9).map(|(n, _)| n);
                            let n = near.find(|n| tail[*n..].starts_with(noun.as_str()))?;
                            let between = &tail[..n];
                            (between.chars().all(|c| is_name_char(c) || "ずすしそばうどん".contains(c)))
                                .then_some(from + n + noun.len())
                        })
                        .max();
                    if let Some(end) = hit {
                        let span = Span::new(base + at, base + end);
                        // 本店のある一関信用金庫: who is named is not meant without a name.
                        if self.holds_a_name(Span::new(base + from, span.end)) {
                            continue;
                        }
                        out.push(self.finding(span, OrganizationKind::Unknown, Mention::Anonymised));
                        from = end;
                    }
                }
            }
        }
    }

    /// Whether a word of a place or a name stands in a span.
    fn holds_a_name(&self, span: Span) -> bool {
        self.tokens().iter().filter(|t| t.start >= span.start && t.end <= span.end).any(|t| {
            matches!(t.class, WordClass::Place | WordClass::ProperNoun | WordClass::Organization)
                && self.word(t).chars().any(is_kanji)
                && !self.is_generic_word(self.word(t))
        })
    }

    /// `ミナモホールディングス海外グループ会社`, `○○自動車の販売子会社`: the subsidiary is meant and not named. Where
    /// its name follows (`100%子会社の音羽総研`), the name speaks for itself.
    pub(super) fn subsidiaries(&self, out: &mut Vec<OrganizationFinding>, from: usize) {
        let text = self.reading.text();
        let end = self.span().end;
        let mut unnamed = Vec::new();
        for parent in &out[from..] {
            if parent.quoted || parent.mention == Mention::Anonymised {
                continue;
            }
            let after = &text[parent.span.end..end];
            let body = after.strip_prefix('の').unwrap_or(after);
            let Some(stop) = self.subsidiary_word(body).map(|word| parent.span.end + (after.len() - body.len()) + word)
            else {
                continue;
            };
            let named =
                text[stop..end].starts_with(['の', '「', '(', '、']) && !self.is_part_of_a_firm(&text[stop..end]);
            let several = text[stop..end].starts_with(|c: char| c.is_ascii_digit() || c == '数');
            if !named && !several {
                // 当社の海外グループ会社: the description is all there is to say until it is known who speaks.
                let start = match parent.mention {
                    Mention::FirstPerson => parent.span.end + (after.len() - body.len()),
                    _ => parent.span.start,
                };
                unnamed.push(self.finding(Span::new(start, stop), parent.kind, Mention::Anonymised));
            }
        }
        unnamed.extend(self.subsidiaries_of_somebody(&out[from..], &unnamed));
        for finding in &mut unnamed {
            finding.mention = Mention::Anonymised;
        }
        out.extend(unnamed);
    }

    /// 桂木製作所は10日、タイの子会社がサイバー攻撃を受け…: of whose subsidiary a mishap is told stands elsewhere.
    fn subsidiaries_of_somebody(
        &self,
        named: &[OrganizationFinding],
        known: &[OrganizationFinding],
    ) -> Vec<OrganizationFinding> {
        let (base, text) = (self.span().start, self.text());
        let mut out: Vec<OrganizationFinding> = Vec::new();
        let words = self.lexicon.words(WordList::Subsidiary).iter();
        let hits = words.flat_map(|word| text.match_indices(word.as_str()).map(|(at, word)| (at, at + word.len())));
        for (at, end) in hits {
            let behind = &text[end..];
            let acts = [
                "が",
                "で",
                "のサーバ",
                "の従業員",
                "の社員",
                "のシステム",
                "のネットワーク",
                "における",
                "において",
                "への",
            ]
            .iter()
            .any(|p| behind.starts_with(p));
            let mishap = self.lexicon.no_name_inside.iter().any(|w| behind.contains(w.as_str()));
            let run: usize =
                text[..at].chars().rev().take(8).take_while(|c| is_name_char(*c)).map(char::len_utf8).sum();
            let mut start = at - run;
            // タイの|子会社: where it is.
            let place = text[..start].strip_suffix('の').map(str::len);
            let country =
                self.tokens().iter().find(|t| t.class == WordClass::Place && Some(t.end) == place.map(|p| base + p));
            if let Some(token) = country.filter(|_| run == 0 || run <= 6) {
                start = token.start - base;
            }
            let span = Span::new(base + start, base + end);
            let bounded =
                text[..start].chars().next_back().is_none_or(|c| matches!(c, '、' | 'は' | '。' | '「' | ' '));
            let covered =
                named.iter().chain(known).chain(&out).any(|f| f.span.start < span.end && span.start < f.span.end);
            if acts && mishap && bounded && !covered && (run > 0 || country.is_some()) {
                out.push(self.finding(span, OrganizationKind::Company, Mention::Anonymised));
            }
        }
        out
    }

    /// Where 海外グループ会社, 米国子会社, 欧州の販売子会社 ends at the head of a text: what it is, then its kind.
    fn subsidiary_word(&self, body: &str) -> Option<usize> {
        /// Longest description before 子会社, in characters.
        const LONGEST: usize = 8;
        let starts = body
            .char_indices()
            .take(LONGEST + 1)
            .take_while(|(at, _)| body[..*at].chars().all(|c| is_name_char(c) || c == 'の'));
        let words = self.lexicon.words(WordList::Subsidiary);
        starts
            .map(|(at, _)| at)
            .find_map(|at| words.iter().find(|word| body[at..].starts_with(word.as_str())).map(|word| at + word.len()))
    }

    /// のサーバ, の従業員: what a firm has, and no name of one.
    fn is_part_of_a_firm(&self, behind: &str) -> bool {
        self.lexicon.begins_with(WordList::AttackedBehind, behind).is_some()
    }

    pub(super) fn is_description(&self, text: &str) -> bool {
        self.lexicon.anonymised.iter().any(|a| {
            a.heads.iter().any(|h| text.starts_with(h.as_str()))
                || a.nouns.iter().any(|n| text.ends_with(n.as_str()) && text.len() > n.len())
                // 自治体の窓口: a part of an organization that is only described.
                || a.nouns.iter().any(|n| text.strip_prefix(n.as_str()).is_some_and(|rest| rest.starts_with('の')))
        }) && !self.tokens().iter().any(|t| matches!(t.class, WordClass::Organization | WordClass::ProperNoun))
    }
}
