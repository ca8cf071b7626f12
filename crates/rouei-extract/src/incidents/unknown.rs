//! Names that nothing knows, and houses that are only described, where their place in a sentence can only be a name's.

use rouei_model::Span;
use rouei_morphology::{Token, WordClass};

use super::clauses::Clauses;
use super::governor::{Governor, Place};
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::{behind_name, opening};
use crate::organizations::{Mention, OrganizationFinding, OrganizationKind};

impl Clauses<'_, '_> {
    /// さざなみ放送東京支社の社員が…を紛失: a name that nothing knows, or a description, at the head of a sentence that
    /// tells what went wrong there and when.
    pub(super) fn unknown(&self) -> Option<Governor> {
        let sentence = self.span.of(self.text());
        if !sentence.ends_with('。') || self.goes_on() {
            return None;
        }
        let from = self.span.start + self.behind_day(sentence);
        let rest = &self.text()[from..self.span.end];
        let end = rest.find(['、', '。', '「', '(', '」']).unwrap_or(rest.len());
        let tokens = self.reading.sentence_tokens(self.sentence);
        let first = tokens.partition_point(|t| t.start < from);
        let nouns = tokens[first..].iter().take_while(|t| is_noun(t.class) && t.end <= from + end);
        let known = |t: &&Token| {
            t.known && !matches!(t.class, WordClass::Organization | WordClass::ProperNoun | WordClass::Place)
        };
        let (last, named) = nouns.fold((from, false), |(_, named), t| (t.end, named || !known(&t)));
        let phrase = &rest[..end];
        let described = ["では", "で", "は", "が", "も"].iter().find_map(|p| phrase.strip_suffix(p));
        let described =
            described.filter(|d| self.words.has(WordList::Head, d) || d.contains("某")).map(|d| from + d.len());
        let (last, mention) = match described {
            Some(at) if at >= last => (at, Mention::Anonymised),
            _ => (last, Mention::Weak),
        };
        // 通販業を営むA社
        let whole = &self.text()[from..last];
        let business = Some(whole).filter(|whole| whole.contains('を'));
        let business = business.and_then(|whole| self.words.lists().last_end(WordList::Business, whole));
        let from = from + business.unwrap_or_default();
        let name = &self.text()[from..last];
        let fits = (if mention == Mention::Anonymised { 2..=30 } else { 3..=20 }).contains(&name.chars().count())
            && (mention == Mention::Anonymised || !self.words.has(WordList::NoHouse, name))
            && !self.known.iter().any(|k| k.overlaps(Span::new(from, last)))
            && !self.words.has(WordList::OnlyAKind, name)
            && !self.words.has(WordList::Thing, name)
            && !self.words.has(WordList::NotAName, name);
        let who = unknown_name(self.sentence, Span::new(from, last), name, mention);
        let (place, particle) = self.place(&who).filter(|_| fits)?;
        let behind = behind_name(self.words, &self.text()[last..self.span.end]);
        let staff = || self.words.has(WordList::Staff, behind.split(['、', '。']).next().unwrap_or_default());
        let certain = match mention {
            // とある病院は, 海外に親会社があるサイトで、: but not 導入する企業が増える中.
            Mention::Anonymised => {
                self.words.has(WordList::ACertain, name)
                    || matches!(particle, "で" | "では" | "でも")
                        && ["で、", "では、", "でも、"].iter().any(|p| behind.starts_with(p))
            }
            // Words that everybody knows are a name only where it tells the public.
            _ if !(named || particle == "は" && self.tells_public(last) && !self.words.has(WordList::Post, name)) => {
                false
            }
            _ => !self.words.has(WordList::Event, name) && (place != Place::Possessive || staff()),
        };
        if !certain {
            return None;
        }
        let governor = self.governor(&who, place, particle, self.span.start);
        let told = self.words.has(WordList::Event, sentence)
            && (governor.dated || self.words.has(WordList::TellsOf, sentence) || self.figure_in(from..self.span.end));
        told.then_some(governor)
    }

    /// ■ルミナリエ堂 over a sentence that tells what went wrong.
    pub(super) fn unknown_heading(&self) -> Option<Governor> {
        let line = self.span.of(self.text());
        let (mark, marked) = opening(line);
        let name = line[mark..].trim_end_matches(['】', '》', '>', '」', '*', '~']);
        let below = self.reading.sentence_text(self.sentence + 1);
        let fits = (marked || self.is_item())
            && (3..=20).contains(&name.chars().count())
            && !name.contains(|c: char| "をがはにで、。:のとも".contains(c) || c.is_ascii_digit())
            && !name.is_ascii()
            && !self.words.has(WordList::NoHouse, name)
            && !self.words.has(WordList::Event, name)
            && below.ends_with('。')
            && self.words.has(WordList::Event, below)
            && (self.words.has(WordList::TellsOf, below)
                || below.contains(['月', '年'])
                || self.words.has(WordList::Head, name)
                || name.starts_with('某'));
        let start = self.span.start + mark;
        fits.then(|| {
            let mut found = Governor::of_figure(
                &unknown_name(self.sentence, Span::new(start, start + name.len()), name, Mention::Weak),
                self.sentence,
                self.span.start..self.span.end,
            );
            found.place = Place::Heading;
            found.marked = true;
            found
        })
    }

    /// …を紛失したと発表した。
    pub(super) fn tells_public(&self, from: usize) -> bool {
        let rest = &self.text()[from..self.span.end];
        self.words.has(WordList::Event, rest) && self.words.has(WordList::Public, rest)
    }

    /// Where a sentence begins behind its day and the word that turns to it.
    pub(super) fn behind_day(&self, sentence: &str) -> usize {
        let (mark, _) = opening(sentence);
        let mut rest = self.words.lists().behind_each(WordList::TurnBeforeDay, &sentence[mark..]);
        // A day is made of these, and most sentences begin with none.
        let of_a_day = |c: char| c.is_ascii_digit() || "年月日同去昨今先".contains(c);
        if rest.starts_with(of_a_day)
            && let Some(at) = rest
                .find("日、")
                .or_else(|| rest.find("月、"))
                .or_else(|| rest.find("日に").or_else(|| rest.find("月に")).or_else(|| rest.find("年に")))
            && rest[..at].chars().all(of_a_day)
        {
            rest = &rest[at + 6..];
            rest = rest.strip_prefix('は').unwrap_or(rest);
            rest = rest.strip_prefix('、').unwrap_or(rest);
        }
        sentence.len() - rest.len()
    }
}

/// A社, U市, C信用組合: a letter instead of a name.
pub(super) fn pseudonyms(words: &IncidentLexicon, text: &str, sentence: usize, span: Span) -> Vec<OrganizationFinding> {
    let line = span.of(text);
    line.char_indices()
        .filter(|(at, c)| {
            let before = line[..*at].chars().next_back();
            c.is_ascii_uppercase() && !before.is_some_and(|b| b.is_ascii_alphanumeric())
        })
        .filter_map(|(at, _)| {
            let kind = words.lists().beginning(WordList::LetteredKind, &line[at + 1..])?;
            let name = Span::new(span.start + at, span.start + at + 1 + kind.len());
            Some(unknown_name(sentence, name, name.of(text), Mention::Anonymised))
        })
        .collect()
}

/// 某大手コンビニが, 遊園地を運営する会社は, エステ会社のケースで: houses that are described, wherever they stand in a sentence.
pub(super) fn described(words: &IncidentLexicon, text: &str, sentence: usize, span: Span) -> Vec<OrganizationFinding> {
    const LONGEST: usize = 24;
    const PARTICLES: [&str; 6] = ["では", "でも", "が", "は", "で", "から"];
    let line = span.of(text);
    let mut found: Vec<OrganizationFinding> = Vec::new();
    for (at, _) in line.char_indices() {
        let behind = &line[at..];
        let case = words.has(WordList::CaseOf, behind);
        if !case && !PARTICLES.iter().any(|p| behind.starts_with(p)) {
            continue;
        }
        let before = &line[..at];
        let from = before
            .rfind(['、', '。', '「', '(', '」', ')'])
            .map_or(0, |f| f + before[f..].chars().next().map_or(0, char::len_utf8));
        let phrase = before[from..].trim_start();
        // Behind a topic or a subject begins another phrase.
        let phrase = ["では", "とは", "には", "は", "が"]
            .iter()
            .filter_map(|p| phrase.rfind(p).map(|f| f + p.len()))
            .max()
            .map_or(phrase, |f| &phrase[f..]);
        let runs = words.has(WordList::RunsWhat, phrase);
        let vague = words.has(WordList::VagueHouse, phrase);
        // 霧影の私立大学
        let placed = phrase.split_once('の').is_some_and(|(place, house)| {
            (2..=6).contains(&place.chars().count())
                && place.chars().all(|c| ('一'..='龥').contains(&c))
                && words.has(WordList::PlacedKind, house)
        });
        let letters = phrase.chars().count();
        let head = words.has(WordList::Head, phrase) || words.has(WordList::DescribedHead, phrase);
        if !(3..=LONGEST).contains(&letters)
            || !head
            // 大手メーカーなど3社のサイト: all of them together.
            || phrase.contains("など")
            // 通販業を営むA社 has a letter for a name.
            || phrase.contains(|c: char| c.is_ascii_uppercase())
            || !(vague || runs || case || placed)
            || phrase.contains('を') && !runs
            || phrase.contains(['に', 'も']) && !phrase.starts_with("ある")
            || words.has(WordList::NoHouse, phrase.strip_suffix("会社").unwrap_or(phrase)) && !runs && !vague && !placed
        {
            continue;
        }
        let start = span.start + at - phrase.len();
        let house = Span::new(start, start + phrase.len());
        if found.last().is_some_and(|f| f.span.overlaps(house)) {
            continue;
        }
        found.push(unknown_name(sentence, house, phrase, Mention::Anonymised));
    }
    found
}

/// A name that only its place tells.
pub(super) fn unknown_name(sentence: usize, span: Span, name: &str, mention: Mention) -> OrganizationFinding {
    OrganizationFinding {
        sentence,
        span,
        name: name.to_owned(),
        legal_form: None,
        ticker: None,
        kind: OrganizationKind::Unknown,
        mention,
        quoted: false,
        onlooker: None,
    }
}

fn is_noun(class: WordClass) -> bool {
    use WordClass as C;
    matches!(
        class,
        C::Noun
            | C::VerbalNoun
            | C::ProperNoun
            | C::PersonName
            | C::Organization
            | C::Place
            | C::NounSuffix
            | C::Prefix
            | C::AdjectivalNoun
    )
}
