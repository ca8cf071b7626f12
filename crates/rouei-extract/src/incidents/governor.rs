//! Who governs a clause: whose name is its topic, its subject or its place, whose name heads a line, and whose figure
//! stands in it.

use rouei_model::{BlockKind, Span};
use rouei_morphology::{Token, WordClass};

use super::lexicon::{IncidentLexicon, WordList};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;

/// Longest text in characters that describes a name in front of it, or what is behind its の.
const PHRASE: usize = 30;

/// Somebody who governs a clause.
#[derive(Clone, Debug)]
pub(super) struct Governor {
    /// Its name, in full.
    pub(super) who: OrganizationFinding,
    pub(super) sentence: usize,
    /// Where its clause begins and ends, in bytes.
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) place: Place,
    /// The text says that it goes on to somebody else: 甲でも, また、甲は, a bullet, a heading.
    pub(super) apart: bool,
    /// A bullet, a number or a mark stands before it.
    pub(super) marked: bool,
    /// Its clause tells the public what went wrong.
    pub(super) announces: bool,
    /// A day of its own stands beside it.
    pub(super) dated: bool,
    /// A part of what another one tells: 委託先の甲が.
    pub(super) dependent: bool,
    /// 乙に業務を委託していた甲も: it entrusted somebody, and tells what became of its own.
    pub(super) own_part: bool,
}

impl Governor {
    /// Who has nothing but a figure.
    pub(super) fn of_figure(who: &OrganizationFinding, sentence: usize, clause: std::ops::Range<usize>) -> Self {
        Self {
            who: who.clone(),
            sentence,
            begin: clause.start,
            end: clause.end,
            place: Place::Figure,
            apart: true,
            marked: false,
            announces: false,
            dated: false,
            dependent: false,
            own_part: false,
        }
    }
}

/// Whether nothing but a particle and 約 stands between a name and its figure: 甲(本社東京)の約, 甲(.
pub(super) fn stands_at(between: &str) -> bool {
    let rest = behind_name(between);
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let rest = ["では", "でも", "の", "が", "は", "で", "も", ":", "、"].iter().find_map(|p| rest.strip_prefix(p)).unwrap_or(rest);
    let rest = rest.trim_start_matches(['計', '約', '最', '大', 'の', 'べ', '延', 'お', 'よ', 'そ', '合', '各']);
    rest.is_empty()
}

/// Whether the sentence of a name does not tell the parts of one figure.
pub(super) fn may_own(words: &IncidentLexicon, reading: &Reading, who: &OrganizationFinding) -> bool {
    let span = reading.sentences[who.sentence].span;
    is_candidate(words, reading.text(), span, who)
        && !words.has(WordList::PartsOf, &reading.text()[span.start..who.span.start])
        && !is_entrusted(words, reading, who)
}

/// How a name governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// 甲は, 甲でも, 甲が.
    Topic,
    /// 甲の社員が.
    Possessive,
    /// ■甲、名簿を紛失
    Heading,
    /// 甲が12件、
    Figure,
}

/// Every governor, in the order of the text.
pub(super) fn governors(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Governor> {
    let text = reading.text();
    let mut found: Vec<Governor> = Vec::new();
    let story = super::tells_a_story(reading, organizations);
    let collects = [WordList::Genre, WordList::SideBySide, WordList::OneAfterTheOther].into_iter().any(|l| words.has(l, text));
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        let from = organizations.partition_point(|o| o.span.start < entry.span.start);
        let here = organizations[from..].iter().take_while(|o| o.span.start < entry.span.end);
        let here: Vec<&OrganizationFinding> = here.filter(|o| is_candidate(words, text, entry.span, o)).collect();
        let scan = Clauses { words, reading, sentence, span: whole(reading, sentence), counts };
        if here.is_empty() {
            found.extend(scan.unknown_heading().or_else(|| scan.unknown()).filter(|_| collects));
            continue;
        }
        match scan.heading(&here) {
            Some(heading)
                if super::tells(reading, story, sentence)
                    || scan.leads_on(&heading)
                    || scan.is_name_and_figure(&heading.who) =>
            {
                found.push(heading);
            }
            Some(_) => {}
            None => {
                let mut clauses = scan.clauses(&here);
                if let Some(unknown) = scan.unknown().filter(|_| collects) {
                    put_before(text, unknown, &mut clauses);
                }
                found.extend(clauses);
            }
        }
    }
    // 甲は乙に業務を委託していた: whoever was entrusted once is a party everywhere.
    let entrusted: Vec<String> = found
        .iter()
        .filter(|g| g.dependent)
        .map(|g| g.who.name.clone())
        .chain(organizations.iter().filter(|o| is_entrusted(words, reading, o)).map(|o| o.name.clone()))
        .collect();
    for governor in &mut found {
        governor.dependent |=
            !governor.own_part && entrusted.iter().any(|name| same_organization(name, &governor.who.name));
    }
    found
}

/// 乙に業務を委託していた, 委託先の乙: but not 乙に業務を委託していた甲は, which is about 甲.
fn is_entrusted(words: &IncidentLexicon, reading: &Reading, o: &OrganizationFinding) -> bool {
    let sentence = reading.sentences[o.sentence].span;
    let text = reading.text();
    let before = text[sentence.start..o.span.start].trim_end_matches(['「', '『', '"', '“', '(']);
    let phrase = before.rsplit(['、', '。', '「', '(']).next().unwrap_or(before);
    let bare = phrase.strip_suffix("である").or_else(|| phrase.strip_suffix('の')).unwrap_or(phrase);
    if words.has(WordList::EntrustedBefore, bare) {
        return true;
    }
    let after = behind_name(&text[o.span.end..sentence.end]);
    let clause = after.split(['。', '、']).next().unwrap_or(after);
    after.starts_with(['に', 'へ']) && words.has(WordList::Entrusts, clause)
}

/// 4月には〔unknown〕で約8000件、7月には甲で…: the unknown one governs up to the clause of the first known one.
fn put_before(text: &str, mut unknown: Governor, clauses: &mut Vec<Governor>) {
    let Some(first) = clauses.first_mut() else {
        clauses.push(unknown);
        return;
    };
    let cut = text.get(unknown.who.span.end..first.who.span.start).and_then(|between| between.rfind('、'));
    if let Some(cut) = cut.map(|at| unknown.who.span.end + at + '、'.len_utf8()) {
        (unknown.end, first.begin, first.apart) = (cut, cut, true);
        clauses.insert(0, unknown);
    }
}

/// A sentence with what goes on below it: the line break stands between a name and its particle.
fn whole(reading: &Reading, sentence: usize) -> Span {
    let span = reading.sentences[sentence].span;
    let next = reading.sentences.get(sentence + 1).map(|s| s.span);
    let broken = !span.of(reading.text()).ends_with('。')
        && next.is_some_and(|n| {
            let below = n.of(reading.text());
            ["など", "が", "は", "を", "も", "では", "でも"].iter().any(|p| below.starts_with(p))
                && below.ends_with('。')
        });
    next.filter(|_| broken).map_or(span, |n| Span::new(span.start, n.end))
}

/// The names that are listed before a governor in one clause: 甲(霧影市)や、乙、丙などが.
pub(super) fn siblings<'o>(
    text: &str,
    organizations: &'o [OrganizationFinding],
    governor: &Governor,
) -> Vec<&'o OrganizationFinding> {
    let mut found = Vec::new();
    let mut next = governor.who.span.start;
    let before = organizations.partition_point(|o| o.span.end <= next);
    for name in organizations[..before].iter().rev() {
        if name.span.start < governor.begin {
            break;
        }
        if name.span.end > next {
            continue;
        }
        let between = behind_name(&text[name.span.end..next]).trim_start();
        let Some(rest) = ["や、", "と、", "、", "や", "と"].iter().find_map(|p| between.strip_prefix(p)) else { continue };
        // 甲ホテルや乙ホテルなどを運営する丙: what somebody runs stands not beside it.
        let runs = rest.contains("などを") || rest.contains("を運営");
        let phrase = rest.chars().count() <= PHRASE && !rest.contains(['。', '、', 'は']) && !runs;
        let bare = name.mention > Mention::Bare || name.mention == Mention::Bare && name.name.chars().count() < 4;
        if !phrase || bare || name.onlooker.is_some() || name.kind == OrganizationKind::Police {
            continue;
        }
        found.push(name);
        next = name.span.start;
    }
    found
}

struct Clauses<'a, 'd> {
    words: &'a IncidentLexicon,
    reading: &'a Reading<'d>,
    sentence: usize,
    span: Span,
    counts: &'a [CountFinding],
}

impl Clauses<'_, '_> {
    fn text(&self) -> &str {
        self.reading.text()
    }

    /// The name that opens a line which is no sentence: a heading, or a line behind a mark.
    fn heading(&self, here: &[&OrganizationFinding]) -> Option<Governor> {
        let line = self.span.of(self.text());
        if line.ends_with('。') || line.chars().count() > 90 || !self.stands_alone() {
            return None;
        }
        let (opening, marked) = opening(line);
        let opening = self.span.start + opening;
        let who = here.iter().find(|o| {
            let before = self.text().get(opening..o.span.start).unwrap_or("-を");
            let raw = &self.text()[o.span.end..self.span.end];
            let after = behind_name(raw);
            let parts = ["、", ":", "の", "で", "が", "へ", "に", "は", "も", "-", "/", "|", "】", "~", "「"];
            before.chars().count() <= 3
                && !before.contains(['を', 'に', 'は', 'が', '、'])
                && (after.trim().is_empty()
                    || raw[..raw.len() - after.len()].ends_with(' ')
                    || parts.iter().any(|p| after.starts_with(p)))
        })?;
        let title = self.sentence == 0 && !marked;
        (!title).then(|| Governor {
            who: self.in_full(who),
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
        })
    }

    /// さざなみ放送東京支社の社員が…を紛失: a name that nothing knows, or a description, at the head of a sentence that
    /// tells what went wrong there and when.
    fn unknown(&self) -> Option<Governor> {
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
        let known = |t: &&Token| t.known && !matches!(t.class, WordClass::Organization | WordClass::ProperNoun | WordClass::Place);
        let (last, named) = nouns.fold((from, false), |(_, named), t| (t.end, named || !known(&t)));
        let phrase = &rest[..end];
        let described = ["では", "で", "は", "が", "も"].iter().find_map(|p| phrase.strip_suffix(p));
        let described = described.filter(|d| self.words.has(WordList::Head, d) || d.contains("某")).map(|d| from + d.len());
        let (last, mention) = match described {
            Some(at) if at > last => (at, Mention::Anonymised),
            _ if named => (last, Mention::Weak),
            _ => return None,
        };
        // 通販業を営むA社
        let runs = ["を営む", "を手がける", "を手掛ける", "を運営する", "を展開する", "を販売する", "を扱う", "を経営する", "を提供する"];
        let whole = &self.text()[from..last];
        let from = runs.iter().filter_map(|r| whole.rfind(r).map(|at| from + at + r.len())).max().unwrap_or(from);
        let name = &self.text()[from..last];
        let fits = (if mention == Mention::Anonymised { 2..=30 } else { 3..=20 }).contains(&name.chars().count())
            && (mention == Mention::Anonymised || !self.words.has(WordList::NoHouse, name))
            && !self.words.has(WordList::OnlyAKind, name)
            && !self.words.has(WordList::NotAName, name);
        let who = unknown_name(self.sentence, Span::new(from, last), name, mention);
        let (place, particle) = self.place(&who).filter(|_| fits)?;
        let behind = behind_name(&self.text()[last..self.span.end]);
        let staff = || self.words.has(WordList::Staff, behind.split(['、', '。']).next().unwrap_or_default());
        let certain = match mention {
            // とある病院は, 海外に親会社があるサイトで、: but not 導入する企業が増える中.
            Mention::Anonymised => {
                ["ある", "とある", "某"].iter().any(|p| name.starts_with(p))
                    || matches!(particle, "で" | "では" | "でも")
                        && ["で、", "では、", "でも、"].iter().any(|p| behind.starts_with(p))
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
    fn unknown_heading(&self) -> Option<Governor> {
        let line = self.span.of(self.text());
        let (mark, marked) = opening(line);
        let name = line[mark..].trim_end_matches(['】', '》', '>', '」', '*', '~']);
        let below = self.reading.sentence_text(self.sentence + 1);
        let fits = (marked || self.is_item())
            && (3..=20).contains(&name.chars().count())
            && !name.contains(|c: char| "をがはにで、。:のとも".contains(c) || c.is_ascii_digit())
            && !self.words.has(WordList::NoHouse, name)
            && !self.words.has(WordList::Event, name)
            && below.ends_with('。')
            && self.words.has(WordList::Event, below)
            && (self.words.has(WordList::TellsOf, below) || below.contains('月') || below.contains('年'));
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

    /// Where a sentence begins behind its day and the word that turns to it.
    fn behind_day(&self, sentence: &str) -> usize {
        let (mark, _) = opening(sentence);
        let mut rest = &sentence[mark..];
        for turn in ["また、", "一方、", "さらに、", "さらに", "例えば", "続いて", "まず", "次に", "このほか、", "ほかにも、"] {
            rest = rest.strip_prefix(turn).unwrap_or(rest);
        }
        if let Some(at) = rest.find("日、").or_else(|| rest.find("月、")).or_else(|| rest.find("日に").or_else(|| rest.find("月に")).or_else(|| rest.find("年に")))
            && rest[..at].chars().all(|c| c.is_ascii_digit() || "年月日同去昨今先".contains(c))
        {
            rest = &rest[at + 6..];
            rest = rest.strip_prefix('は').unwrap_or(rest);
            rest = rest.strip_prefix('、').unwrap_or(rest);
        }
        sentence.len() - rest.len()
    }

    /// A heading or an item of a list.
    fn is_item(&self) -> bool {
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
    fn leads_on(&self, heading: &Governor) -> bool {
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
    fn is_name_and_figure(&self, who: &OrganizationFinding) -> bool {
        let first = self.counts.partition_point(|c| c.span.start < who.span.end);
        let behind = behind_name(&self.text()[who.span.end..self.span.end]);
        self.has_figure_at_hand(who)
            && ["で", "が", "は", ":", "、"].iter().any(|p| {
                behind.strip_prefix(p).is_some_and(|b| b.starts_with(|c: char| c.is_ascii_digit() || "約最計のおよ".contains(c)))
            })
            && self.counts.get(first).is_some_and(|c| {
                self.text()[c.span.end..self.span.end].chars().filter(|c| c.is_alphanumeric()).count() <= 3
            })
    }

    /// 日立 of 日立化成, 東海ソフト of 東海ソフト開発: what the name goes on with up to its particle.
    fn in_full(&self, who: &OrganizationFinding) -> OrganizationFinding {
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
    fn stands_alone(&self) -> bool {
        let line = self.span.of(self.text());
        let broken = self.words.has(WordList::NotAName, line) || line.ends_with('、');
        let value = matches!(self.reading.block(self.sentence).kind, BlockKind::Value { .. }) && !self.is_item();
        let above = self.sentence.checked_sub(1).map_or("。", |s| self.reading.sentence_text(s));
        !broken && !value && !above.ends_with('、')
    }

    fn clauses(&self, here: &[&OrganizationFinding]) -> Vec<Governor> {
        let first = here.first().map_or(self.span.start, |o| o.span.start);
        if self.goes_on() || self.words.has(WordList::PartsOf, &self.text()[self.span.start..first]) {
            return Vec::new();
        }
        let mut found: Vec<(Governor, &'static str)> = Vec::new();
        for &who in here {
            let unnamed = self.unnamed_house(who);
            let who = unnamed.as_ref().unwrap_or(who);
            let Some((place, particle)) = self.place(who) else { continue };
            // 甲(乙) may be read as two names, one in the other.
            if found.last().is_some_and(|(last, _)| who.span.start < last.who.span.end) {
                continue;
            }
            if let Some((last, held_by)) = found.last_mut() {
                let between = &self.text()[last.who.span.end..who.span.start];
                if !between.contains('、') || !self.is_told(last.begin..who.span.start) {
                    // 甲グループで給湯器を売る乙が, 甲の子会社の乙が, 霧影市の影響は甲にも: the nearer name governs.
                    let nearer = matches!(particle, "は" | "が" | "も" | "でも")
                        && (matches!(*held_by, "で" | "の" | "に")
                            && (!between.contains('、') || last.place == Place::Possessive && *held_by == "の" && between.starts_with("の")&& between.chars().count()<=PHRASE));
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

    /// 同市によると、市防犯協会の…: a sentence that goes on with the house before.
    fn goes_on(&self) -> bool {
        let Some(rest) = self.span.of(self.text()).strip_prefix('同') else { return false };
        let house: usize = rest.chars().take(5).take_while(|c| !"はがでのもによ、じ日月年時様".contains(*c)).count();
        let behind: String = rest.chars().skip(house).take(2).collect();
        (1..=4).contains(&house)
            && (["は", "が", "で", "の", "も", "、"].iter().any(|p| behind.starts_with(p)) || behind == "によ")
    }

    /// 福岡県の町立小学校では: a house of a place, described.
    fn unnamed_house(&self, who: &OrganizationFinding) -> Option<OrganizationFinding> {
        let town = matches!(who.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
        let rest = self.text()[who.span.end..self.span.end].strip_prefix('の').filter(|_| town)?;
        let end = ["では", "でも", "が", "は", "で", "も"].iter().filter_map(|p| rest.find(p)).min()?;
        let house = &rest[..end];
        let fits = house.chars().count() <= 12 && !house.contains(['、', '。', 'を', 'に']) && self.words.has(WordList::Head, house);
        fits.then(|| {
            let mut described = who.clone();
            described.span.end = who.span.end + 'の'.len_utf8() + end;
            described.name = format!("{}の{house}", who.name);
            described.kind = OrganizationKind::Unknown;
            described.mention = Mention::Anonymised;
            described
        })
    }

    /// How a name governs, with its particle.
    fn place(&self, who: &OrganizationFinding) -> Option<(Place, &'static str)> {
        let after = behind_name(&self.text()[who.span.end..self.span.end]);
        // 「氏名」「住所」が: what is listed in quotation marks names kinds of data.
        if who.quoted && self.text()[..who.span.start].trim_end_matches(['「', '『']).ends_with(['」', '』']) {
            return None;
        }
        if self.words.has(WordList::NoSubject, &self.text()[who.span.end..self.span.end]) {
            return None;
        }
        let particles = ["でも", "にも", "では", "には", "にて", "は", "が", "も", "で"];
        if let Some(&p) = particles.iter().find(|p| after.starts_with(**p)) {
            // 霧影市で飲食店を営む会社は: where somebody else is.
            let clause = after.split(['、', '。']).next().unwrap_or(after);
            let town = matches!(who.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
            if town && matches!(p, "で" | "では") && self.words.has(WordList::Located, clause) {
                return None;
            }
            let other = ["でも", "では", "でも"].contains(&p) || !self.words.has(WordList::NoSubject, after);
            return other.then_some((Place::Topic, if p == "には" || p == "にて" { "で" } else { p }));
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
        let part = !self.words.has(WordList::NoSubject, rest) && !(place && self.words.has(WordList::Located, phrase));
        (governed && part).then(|| {
            let also = rest[phrase.len()..].starts_with('も') || phrase.ends_with('も');
            (Place::Possessive, if also { "でも" } else { "の" })
        })
    }

    fn governor(&self, who: &OrganizationFinding, place: Place, particle: &'static str, begin: usize) -> Governor {
        let text = self.text();
        let before = &text[begin..who.span.start];
        let after = &text[who.span.end..self.span.end];
        let opens = begin == self.span.start;
        let (mark, marked) = opening(self.span.of(text));
        let marked = opens && (marked || mark > 0 || self.is_item());
        let also = matches!(particle, "も" | "でも" | "にも");
        let turns = self.words.has(WordList::Ordinal, before) || self.words.has(WordList::Turn, before);
        let day = |s: &str| s.find('日').is_some_and(|at| s[..at].ends_with(|c: char| c.is_ascii_digit()));
        let topic: String = after.chars().take(16).collect();
        Governor {
            who: self.in_full(who),
            sentence: self.sentence,
            begin,
            end: self.span.end,
            place: if self.has_figure_at_hand(who) { Place::Figure } else { place },
            apart: also || turns || marked || !opens,
            marked,
            announces: particle == "は" && self.words.has(WordList::TellsOf, after) && self.words.has(WordList::Event, after),
            dated: day(before) || day(&topic),
            own_part: also,
            dependent: particle == "によると" && !also && self.sentence > 1 || self.is_dependent(before),
        }
    }

    /// 委託先の甲が, 甲を運営する乙が: what stands before the name ties it to the one before.
    fn is_dependent(&self, before: &str) -> bool {
        let phrase = before.rsplit(['、', '。']).next().unwrap_or(before);
        let phrase = phrase.trim_end_matches(['「', '『', '"', '“', '(']);
        self.words.has(WordList::Dependent, phrase)
    }

    /// Whether something went wrong in a clause, or is counted.
    fn is_told(&self, clause: std::ops::Range<usize>) -> bool {
        self.words.has(WordList::Event, &self.text()[clause.clone()]) || self.figure_in(clause)
    }

    fn figure_in(&self, range: std::ops::Range<usize>) -> bool {
        let first = self.counts.partition_point(|c| c.span.start < range.start);
        self.counts[first..]
            .iter()
            .take_while(|c| c.span.start < range.end)
            .any(|c| c.rejected.is_none() && c.value.is_some())
    }

    /// 甲が12件: hardly anything between the name and its figure.
    fn has_figure_at_hand(&self, who: &OrganizationFinding) -> bool {
        let rest = &self.text()[who.span.end..self.span.end];
        let near = rest.len() - behind_name(rest).len() + 24;
        let first = self.counts.partition_point(|c| c.span.start < who.span.end);
        self.counts.get(first).is_some_and(|c| {
            c.span.start <= who.span.end + near && c.rejected.is_none() && c.value.is_some() && c.span.end <= self.span.end
        })
    }

    /// Whether a clause ends before the name, and only what describes the name stands between.
    fn opens_clause(&self, last: &Governor, who: &OrganizationFinding) -> bool {
        let between = &self.text()[last.who.span.end..who.span.start];
        between.rsplit('、').next().is_some_and(|phrase| {
            let about = phrase.replace("には", "").contains(['は', '。']);
            phrase.chars().count() <= PHRASE && !about && !self.words.has(WordList::Dependent, phrase)
        })
    }

    fn clause_begin(&self, from: usize, name: usize) -> usize {
        self.text()[from..name].rfind('、').map_or(name, |at| from + at + '、'.len_utf8())
    }
}

fn unknown_name(sentence: usize, span: Span, name: &str, mention: Mention) -> OrganizationFinding {
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
        C::Noun | C::VerbalNoun | C::ProperNoun | C::PersonName | C::Organization | C::Place | C::NounSuffix | C::Prefix | C::AdjectivalNoun
    )
}

/// Whether a mention may govern a clause of its own. Who watches over others does where it tells of what it lost.
fn is_candidate(words: &IncidentLexicon, text: &str, sentence: Span, o: &OrganizationFinding) -> bool {
    let watches = o.onlooker == Some(Onlooker::Regulator) || o.kind == OrganizationKind::Police;
    let own_loss = || {
        let clause = &text[o.span.end..sentence.end];
        words.has(WordList::OwnLoss, clause) && !words.has(WordList::Arrest, clause) && !words.has(WordList::Watches, clause)
    };
    // Parts of addresses and fields of mails.
    let latin = o.name.is_ascii() && o.mention == Mention::Bare;
    let near = |c: Option<char>| c.is_some_and(|c| "/.:@_-".contains(c));
    let address = latin
        && (near(text[..o.span.start].chars().next_back())
            || near(text[o.span.end..].chars().next())
            || ["cc", "bcc", "to", "url", "id", "pc", "usb", "nas", "vpn"].iter().any(|w| {
                o.name.to_lowercase().split(' ').all(|p| p == *w || p == "bcc")
            }));
    if address || words.has(WordList::Event, &o.name) || o.name.ends_with("インジェクション") {
        return false;
    }
    // date 2031-02-03 霧影市は…: the mark of a stored page.
    o.mention != Mention::FirstPerson && o.name != "date" && (o.onlooker.is_none() && !watches || watches && own_loss())
}

/// Where the text of a line begins behind marks, numbers, ranks and days, and whether a mark stands there.
pub(super) fn opening(line: &str) -> (usize, bool) {
    const MARKS: &[char] = &[
        '◎', '■', '◆', '●', '▼', '□', '◇', '★', '▽', '・', '~', '*', '#', '【', '<', '〈', '《', '「', '『', '"', '“', '-', '–', '○',
        '☆', '▲', '△', '▽', '▷', '▸', '‣', '※', '▶', '►', '◯', '|', '>',
    ];
    let mut rest = line;
    let mut marked = false;
    loop {
        let bare = rest.trim_start().trim_start_matches(MARKS);
        marked |= rest.trim_start().starts_with(|c: char| MARKS.contains(&c) && !"「『\"“".contains(c));
        let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit() || ('①'..='⓿').contains(&c) || "年月日/.,第位社件例目()月火水木金土日".contains(c));
        let number = bare.len() - digits.len();
        let parted = digits.starts_with([':', '.', '、', ' ', ')', '|', '■', '◆', '●', '.']) || number > 0 && bare[..number].ends_with(['.', ')', '位']);
        if number > 0 && parted && bare.starts_with(|c: char| c.is_ascii_digit() || c == '第' || c == '(' || ('①'..='⓿').contains(&c)) {
            marked = true;
            rest = digits.trim_start_matches([':', '.', '、', ' ', ')', '|']);
        } else if bare.len() < rest.len() {
            rest = bare;
        } else {
            return (line.len() - rest.len(), marked);
        }
    }
}

/// What follows a name behind its closing marks, its seat or alias in brackets, and the shop that it runs.
fn behind_name(after: &str) -> &str {
    let mut rest = &after[run_on(after).len()..];
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches(['」', '』', '"', '”', ' ', '\n']);
        if let Some(inner) = rest.strip_prefix('(')
            && let Some(at) = inner.find(')')
            && inner[..at].chars().count() <= 40
        {
            rest = &inner[at + 1..];
        }
        for noun in ["など", "等", "グループ", "公式オンラインショップ", "オンラインショップ", "通販サイト", "公式サイト", "のサーバー", "サイト", "側"] {
            rest = rest.strip_prefix(noun).unwrap_or(rest);
        }
        if rest.len() == before {
            return rest;
        }
    }
}

/// What goes on directly behind a name that was read too short: 化成 of 日立化成は.
fn run_on(after: &str) -> &str {
    const LONGEST: usize = 10;
    let noun = |c: char| ('一'..='龥').contains(&c) || ('ァ'..='ヿ').contains(&c) || c == '々';
    let end = after.find(|c: char| !noun(c)).unwrap_or(after.len());
    if after[..end].chars().count() <= LONGEST { &after[..end] } else { "" }
}
