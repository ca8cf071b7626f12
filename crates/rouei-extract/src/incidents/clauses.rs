//! One sentence, read for who governs its clauses.

use rouei_model::{BlockKind, Span};

use super::governor::{Governor, PHRASE, Place};
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::{EACH, behind_name, opening, run_on};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;
use crate::script::is_alphanumeric;

/// A sentence with the figures of the document.
pub(super) struct Clauses<'a, 'd> {
    pub(super) words: &'a IncidentLexicon,
    pub(super) reading: &'a Reading<'d>,
    pub(super) sentence: usize,
    pub(super) span: Span,
    pub(super) counts: &'a [CountFinding],
    /// Where names stand, of whomever.
    pub(super) known: Vec<Span>,
}

impl Clauses<'_, '_> {
    pub(super) fn text(&self) -> &str {
        self.reading.text()
    }

    /// The name that opens a line which is no sentence: a heading, or a line behind a mark.
    pub(super) fn heading(&self, here: &[&OrganizationFinding]) -> Option<Governor> {
        let line = self.span.of(self.text());
        if line.ends_with('。') || line.chars().count() > 90 || !self.stands_alone() {
            return None;
        }
        let (opening, marked) = opening(line);
        let opening = self.span.start + opening;
        let who = here.iter().find(|o| {
            let before = self.text().get(opening..o.span.start).unwrap_or("-を");
            let raw = &self.text()[o.span.end..self.span.end];
            let after = behind_name(self.words, raw);
            let parts = ["、", ":", "の", "で", "が", "へ", "に", "は", "も", "-", "/", "|", "】", "~", "「"];
            // 通信販売B社
            let unnamed = o.mention == Mention::Anonymised && before.chars().all(|c| !('ぁ'..='ん').contains(&c));
            before.chars().count() <= if unnamed { 10 } else { 3 }
                && !before.contains(['を', 'に', 'は', 'が', '、'])
                && (after.trim().is_empty()
                    || raw[..raw.len() - after.len()].ends_with(' ')
                    || parts.iter().any(|p| after.starts_with(p)))
        })?;
        let title = self.sentence == 0 && !marked;
        let mut named = self.in_full(who);
        // 2.霧影ワールドロジ: the name fills its line.
        let rest = run_on(&self.text()[who.span.end..self.span.end]);
        if marked && who.span.start == opening && !rest.is_empty() && who.span.end + rest.len() == self.span.end {
            named.name = self.text()[who.span.start..self.span.end].to_owned();
            named.span.end = self.span.end;
            named.mention = named.mention.min(Mention::Weak);
        }
        (!title).then(|| Governor {
            who: named,
            sentence: self.sentence,
            begin: self.span.start,
            end: self.span.end,
            place: Place::Heading,
            apart: true,
            marked: marked || self.is_item(),
            announces: false,
            dated: false,
            dependent: false,
            own_part: false,
            quoted: false,
        })
    }

    /// A heading or an item of a list.
    pub(super) fn is_item(&self) -> bool {
        match self.reading.block(self.sentence).kind {
            BlockKind::ListItem { .. } | BlockKind::Heading { .. } => true,
            // 2023年5月:霧影運輸 メール誤送信
            BlockKind::Value { .. } => self.reading.sentences[self.sentence].labels.first().is_some_and(|&key| {
                self.reading.sentence_text(key).chars().all(|c| c.is_ascii_digit() || "年月日/.第位()例".contains(c))
            }),
            _ => false,
        }
    }

    /// Whether the sentence below goes on with what a line says.
    pub(super) fn leads_on(&self, heading: &Governor) -> bool {
        let below = self.reading.sentence_text(self.sentence + 1);
        let (name, line) = (heading.who.name.as_str(), self.span.of(self.text()));
        let item = matches!(self.reading.block(self.sentence).kind, BlockKind::ListItem { .. });
        let event = |text: &str| self.words.has(WordList::Event, text);
        below.ends_with('。')
            && (below.contains(name)
                || below.starts_with('同')
                || heading.marked && !item && (event(line) || event(below)))
    }

    /// ▽霧影市で10件: hardly anything beside the name and its figure.
    pub(super) fn is_name_and_figure(&self, who: &OrganizationFinding) -> bool {
        let first = self.counts.partition_point(|c| c.span.start < who.span.end);
        let behind = behind_name(self.words, &self.text()[who.span.end..self.span.end]);
        self.has_figure_at_hand(who)
            && ["で", "が", "は", ":", "、"].iter().any(|p| {
                behind
                    .strip_prefix(p)
                    .is_some_and(|b| b.starts_with(|c: char| c.is_ascii_digit() || "約最計のおよ".contains(c)))
            })
            && self.counts.get(first).is_some_and(|c| {
                self.text()[c.span.end..self.span.end].chars().filter(|&c| is_alphanumeric(c)).count() <= 3
            })
    }

    /// 日立 of 日立化成, 東海ソフト of 東海ソフト開発: what the name goes on with up to its particle.
    pub(super) fn in_full(&self, who: &OrganizationFinding) -> OrganizationFinding {
        let mut full = who.clone();
        let rest = run_on(&self.text()[who.span.end..self.span.end]);
        let company = matches!(who.kind, OrganizationKind::Company | OrganizationKind::Unknown) && !who.quoted;
        if company && !rest.is_empty() && rest.chars().count() <= 4 && !self.words.has(WordList::NoPartOfName, rest) {
            full.span.end += rest.len();
            full.name.push_str(rest);
        }
        full
    }

    /// Whether a line is no part of a sentence that is broken over several.
    pub(super) fn stands_alone(&self) -> bool {
        let line = self.span.of(self.text());
        let broken = self.words.has(WordList::NotAName, line) || line.ends_with('、');
        let value = matches!(self.reading.block(self.sentence).kind, BlockKind::Value { .. }) && !self.is_item();
        let above = self.sentence.checked_sub(1).map_or("。", |s| self.reading.sentence_text(s));
        !broken && !value && !above.ends_with('、')
    }

    pub(super) fn clauses(&self, here: &[&OrganizationFinding]) -> Vec<Governor> {
        let first = here.first().map_or(self.span.start, |o| o.span.start);
        if self.goes_on() || self.words.has(WordList::PartsOf, &self.text()[self.span.start..first]) {
            return Vec::new();
        }
        let mut found: Vec<(Governor, &'static str)> = Vec::new();
        for &who in here {
            // 判事補は9月、霧影市の飲食店で: where somebody was.
            let topic = self.text()[self.span.start..who.span.start].replace("では", "").contains('は');
            let unnamed = self.unnamed_house(who).filter(|u| {
                !(topic
                    && self.text()[u.span.end..].starts_with('で')
                    && !self.text()[u.span.end..].starts_with("では"))
            });
            let who = unnamed.as_ref().unwrap_or(who);
            let Some((place, particle)) = self.place(who) else { continue };
            if self.is_told_of(who) {
                continue;
            }
            // マイレージ情報が
            // マイレージ情報が; but whoever tells the public is no thing: 霧影データは…と発表した.
            if who.mention == Mention::Bare
                && self.words.has(WordList::Thing, &self.in_full(who).name)
                && !(particle == "は" && self.tells_public(who.span.end))
            {
                continue;
            }
            // 甲(乙) may be read as two names, one in the other.
            if found.last().is_some_and(|(last, _)| who.span.start < last.who.span.end) {
                continue;
            }
            if let Some((last, held_by)) = found.last_mut() {
                let between = &self.text()[last.who.span.end..who.span.start];
                if !between.contains('、') || !self.is_told(last.begin..who.span.start) {
                    // 甲グループで給湯器を売る乙が, 甲の子会社の乙が, 霧影市の影響は甲にも: the nearer name governs.
                    // 霧影市の唐影高校で: the house, not the town where it stands.
                    let town = |o: &OrganizationFinding| {
                        matches!(o.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture)
                    };
                    let stands_there = between == "の"
                        && last.place == Place::Possessive
                        && town(&last.who)
                        && matches!(who.kind, OrganizationKind::School | OrganizationKind::Hospital);
                    let nearer = stands_there
                        || matches!(particle, "は" | "が" | "も" | "でも")
                            && (matches!(*held_by, "で" | "の" | "に")
                                && (!between.contains('、')
                                    || last.place == Place::Possessive
                                        && *held_by == "の"
                                        && between.starts_with("の")
                                        && between.chars().count() <= PHRASE));
                    if nearer {
                        let begin = last.begin;
                        (*last, *held_by) = (self.governor(who, place, particle, begin), particle);
                    }
                    continue;
                }
                if !self.opens_clause(last, who) || place == Place::Possessive {
                    continue;
                }
                let begin = self.clause_begin(last.who.span.end, who.span.start);
                last.end = begin;
                found.push((self.governor(who, place, particle, begin), particle));
            } else {
                found.push((self.governor(who, place, particle, self.span.start), particle));
            }
        }
        found.into_iter().map(|(g, _)| g).collect()
    }

    /// 紛失したのは、甲市の分室で扱う名簿, 職員が見ていたのは、甲が管理する顧客の名簿: a name inside what the sentence says it was,
    /// but not one with its own figure: 流出したのは、甲が12件、乙が30件.
    fn is_told_of(&self, who: &OrganizationFinding) -> bool {
        let before = &self.text()[self.span.start..who.span.start];
        let what = before.split_once("のは、").map_or("", |(what, _)| what);
        self.words.has(WordList::WhatItWas, what) && !self.has_figure_at_hand(who)
    }

    /// 同市によると、市防犯協会の…: a sentence that goes on with the house before.
    pub(super) fn goes_on(&self) -> bool {
        // その結果、…, …の一部とみられる。
        if self.words.has(WordList::Continues, self.span.of(self.text())) {
            return true;
        }
        let Some(rest) = self.span.of(self.text()).strip_prefix('同') else { return false };
        let house: usize = rest.chars().take(5).take_while(|c| !"はがでのもによ、じ日月年時様".contains(*c)).count();
        let behind: String = rest.chars().skip(house).take(2).collect();
        (1..=4).contains(&house)
            && (["は", "が", "で", "の", "も", "、"].iter().any(|p| behind.starts_with(p)) || behind == "によ")
    }

    /// 福岡県の町立小学校では: a house of a place, described.
    pub(super) fn unnamed_house(&self, who: &OrganizationFinding) -> Option<OrganizationFinding> {
        let town = matches!(who.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
        // 霧影県東部の, 霧影市内にある
        let rest = &self.text()[who.span.end..self.span.end];
        let part = self.words.lists().beginning(WordList::PartOfPlace, rest).map_or(0, str::len);
        let rest = &rest[part..];
        let rest = rest.strip_prefix('の').or_else(|| rest.strip_prefix("にある")).filter(|_| town)?;
        let end = ["では", "でも", "が", "は", "で", "も"].iter().filter_map(|p| rest.find(p)).min()?;
        let house = &rest[..end];
        let fits = house.chars().count() <= 12
            && !house.contains(['、', '。', 'を', 'に', 'と', 'や'])
            && !self.known.iter().any(|k| k.start > who.span.start && k.start < self.span.end - rest.len() + end)
            && self.words.has(WordList::Head, house);
        fits.then(|| {
            let mut described = who.clone();
            described.span.end = self.span.end - rest.len() + end;
            described.name = self.text()[who.span.start..described.span.end].to_owned();
            described.kind = OrganizationKind::Unknown;
            described.mention = Mention::Anonymised;
            described
        })
    }

    pub(super) fn governor(
        &self,
        who: &OrganizationFinding,
        place: Place,
        particle: &'static str,
        begin: usize,
    ) -> Governor {
        let text = self.text();
        let before = &text[begin..who.span.start];
        let after = &text[who.span.end..self.span.end];
        let opens = begin == self.span.start;
        let (mark, marked) = opening(self.span.of(text));
        // 9月28日、霧影局では: a day with its comma is no mark.
        let sentence = self.span.of(text);
        let dated_only = sentence[..mark].ends_with(['日', '月', '年', '、'])
            && sentence[..mark].starts_with(|c: char| c.is_ascii_digit())
            && ["日、", "月、", "年、"].iter().any(|d| sentence[..mark].ends_with(d));
        let marked = opens && !dated_only && (marked || mark > 0 || self.is_item());
        // 「…を管理している甲が…」(乙): what somebody says of another house.
        let said = sentence.starts_with('「')
            && who.span.start > self.span.start + '「'.len_utf8()
            && sentence.find('」').is_some_and(|at| self.span.start + at > who.span.end);
        let also = matches!(particle, "も" | "でも" | "にも");
        // 昨年10月にも、霧影病院で
        let again = before.ends_with("にも、") || before.ends_with("にも");
        let turns = again || self.words.has(WordList::Ordinal, before) || self.words.has(WordList::Turn, before);
        let day = |s: &str| s.find('日').is_some_and(|at| s[..at].ends_with(|c: char| c.is_ascii_digit()));
        let month = |s: &str| s.find("月").is_some_and(|at| s[..at].ends_with(|c: char| c.is_ascii_digit()));
        let topic: String = after.chars().take(16).collect();
        Governor {
            who: if place == Place::Case { who.clone() } else { self.in_full(who) },
            sentence: self.sentence,
            begin,
            end: self.span.end,
            place: if place != Place::Case && self.has_figure_at_hand(who) { Place::Figure } else { place },
            apart: also || turns || marked || !opens,
            marked,
            announces: matches!(particle, "は" | "が" | "も") && self.tells_public(who.span.end),
            dated: month(before) || day(before) || day(&topic),
            own_part: also,
            dependent: particle == "によると" && !also && self.sentence > 1
                || said
                || self.is_dependent(before)
                // 誤送付分のうち、霧影県が約79万人で: where the persons live.
                || before.ends_with("うち、") && matches!(who.kind, OrganizationKind::Prefecture | OrganizationKind::Municipality),
            quoted: particle == "によると" && !self.is_dependent(before),
        }
    }

    /// 委託先の甲が, 甲を運営する乙が: what stands before the name ties it to the one before.
    pub(super) fn is_dependent(&self, before: &str) -> bool {
        let phrase = before.rsplit(['、', '。']).next().unwrap_or(before);
        let phrase = phrase.trim_end_matches(['「', '『', '"', '“', '(']);
        self.words.has(WordList::Dependent, phrase)
    }

    /// Whether something went wrong in a clause, or is counted.
    pub(super) fn is_told(&self, clause: std::ops::Range<usize>) -> bool {
        self.words.has(WordList::Event, &self.text()[clause.clone()])
            || self.shared_end().is_some_and(|at| at >= clause.end)
            || self.figure_in(clause)
    }

    /// 甲は10日に、乙は12日に、それぞれ不正アクセスの被害を公表した: where the end begins that several clauses share.
    pub(super) fn shared_end(&self) -> Option<usize> {
        let at = self.text()[self.span.start..self.span.end].rfind(EACH)? + self.span.start;
        let end = &self.text()[at..self.span.end];
        (self.words.has(WordList::Event, end) && !self.figure_in(at..self.span.end)).then_some(at)
    }

    pub(super) fn figure_in(&self, range: std::ops::Range<usize>) -> bool {
        let first = self.counts.partition_point(|c| c.span.start < range.start);
        self.counts[first..]
            .iter()
            .take_while(|c| c.span.start < range.end)
            .any(|c| c.rejected.is_none() && c.value.is_some())
    }

    /// 甲が12件: hardly anything between the name and its figure.
    pub(super) fn has_figure_at_hand(&self, who: &OrganizationFinding) -> bool {
        let rest = &self.text()[who.span.end..self.span.end];
        let near = rest.len() - behind_name(self.words, rest).len() + 24;
        let first = self.counts.partition_point(|c| c.span.start < who.span.end);
        self.counts.get(first).is_some_and(|c| {
            c.span.start <= who.span.end + near
                && c.rejected.is_none()
                && c.value.is_some()
                && c.span.end <= self.span.end
        })
    }

    /// Whether a clause ends before the name, and only what describes the name stands between.
    pub(super) fn opens_clause(&self, last: &Governor, who: &OrganizationFinding) -> bool {
        let between = &self.text()[last.who.span.end..who.span.start];
        between.rsplit('、').next().is_some_and(|phrase| {
            let about = phrase.replace("には", "").contains(['は', '。']);
            phrase.chars().count() <= PHRASE && !about && !self.words.has(WordList::Dependent, phrase)
        })
    }

    pub(super) fn clause_begin(&self, from: usize, name: usize) -> usize {
        self.text()[from..name].rfind('、').map_or(name, |at| from + at + '、'.len_utf8())
    }
}
