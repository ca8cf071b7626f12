//! Number + unit + bound: what stands directly at a number. Works on one sentence, knows nothing of its meaning.

use rouei_model::{Bound, CountSubject, Span};

use super::lexicon::{CountLexicon, Position, UnitClass, UnitKind};
use super::numeral::{self, Numeral};

/// A number with what stands directly around it. Spans count bytes of the sentence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mention {
    /// From the first modifier to the last.
    pub(crate) span: Span,
    /// The numeral alone.
    pub(crate) number: Span,
    pub(crate) value: u64,
    pub(crate) max: Option<u64>,
    /// Canonical unit as written, without 分; empty where none stands there.
    pub(crate) unit: String,
    /// Entry of the lexicon that the unit stands in.
    pub(crate) unit_id: String,
    pub(crate) kind: MentionKind,
    pub(crate) bound: Bound,
    pub(crate) approx: bool,
    pub(crate) cumulative: bool,
    pub(crate) total: bool,
    /// 人分, 名分: of persons, not persons.
    pub(crate) portion: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MentionKind {
    /// A unit that can count victims.
    Counts(UnitClass, CountSubject),
    /// A unit or a text pattern that cannot; the rule.
    Rejected(String),
    /// No unit.
    Bare,
}

/// Every number of a sentence, in order. Kanji numerals only before a counting unit and outside words.
pub(crate) fn mentions(text: &str, lexicon: &CountLexicon) -> Vec<Mention> {
    let numerals = numeral::scan(text);
    if numerals.is_empty() {
        return Vec::new();
    }
    let patterns = pattern_spans(text, lexicon);
    let mut found: Vec<Mention> = Vec::new();
    let mut reported: Vec<usize> = Vec::new();
    let mut index = 0;
    while let Some(&numeral) = numerals.get(index) {
        index += 1;
        if let Some(p) = patterns.iter().position(|(span, _)| span.overlaps(numeral.span)) {
            if !reported.contains(&p) && !numeral.kanji {
                reported.push(p);
                found.push(rejected(patterns[p].0, numeral, &patterns[p].1));
            }
            continue;
        }
        if found.last().is_some_and(|m| m.span.end > numeral.span.start) {
            continue;
        }
        let second = numerals
            .get(index)
            .filter(|n| is_range(text, numeral, **n) && !patterns.iter().any(|(span, _)| span.overlaps(n.span)));
        let numeral = match second {
            Some(second) => {
                index += 1;
                let span = Span::new(numeral.span.start, second.span.end);
                let max = second.max.unwrap_or(second.value);
                let shared = if span.of(text).contains('~') { 1 } else { scale(numeral, *second) };
                Numeral { span, value: numeral.value * shared, max: Some(max), ..numeral }
            }
            None => numeral,
        };
        if let Some(mention) = read(text, numeral, lexicon) {
            found.push(mention);
        }
    }
    found
}

fn read(text: &str, numeral: Numeral, lexicon: &CountLexicon) -> Option<Mention> {
    let (front, behind) = (&text[..numeral.span.start], &text[numeral.span.end..]);
    let mut mention = Mention {
        span: numeral.span,
        number: numeral.span,
        value: numeral.value,
        max: numeral.max,
        unit: String::new(),
        unit_id: String::new(),
        kind: MentionKind::Bare,
        bound: Bound::Exact,
        approx: false,
        cumulative: false,
        total: false,
        portion: false,
    };
    let between = lexicon.modifiers_at(Position::Between, behind).find(|m| {
        behind.strip_prefix(m.form.as_str()).is_some_and(|rest| unit_at(rest, lexicon).is_some_and(|u| u.counts()))
    });
    let skipped = between.map_or(0, |m| m.form.len());
    match unit_at(&behind[skipped..], lexicon) {
        Some(unit) => {
            mention.unit.clone_from(&unit.canonical);
            mention.unit_id.clone_from(&unit.id);
            mention.span.end += skipped + unit.length;
            mention.kind = match unit.kind {
                UnitKind::Counts(class, subject) => MentionKind::Counts(class, subject),
                UnitKind::Other(rule) => MentionKind::Rejected(rule),
            };
            mention.portion = unit.portion;
            if let Some(bound) = between.and_then(|m| m.bound) {
                mention.bound = bound;
            }
        }
        None if inside_word(front, behind) => mention.kind = MentionKind::Rejected("identifier".to_owned()),
        None => {}
    }
    if numeral.fractional && mention.kind == MentionKind::Bare {
        mention.kind = MentionKind::Rejected("fraction".to_owned());
    }
    if numeral.kanji && !kanji_counts(front, &mention, lexicon) {
        return None;
    }
    read_after(text, &mut mention, lexicon);
    read_before(text, &mut mention, lexicon);
    if mention.max.is_some() {
        mention.approx = true;
    }
    Some(mention)
}

struct UnitMatch {
    id: String,
    kind: UnitKind,
    canonical: String,
    length: usize,
    portion: bool,
}

impl UnitMatch {
    fn counts(&self) -> bool {
        matches!(self.kind, UnitKind::Counts(..))
    }
}

/// The longest unit at the start of `rest`.
fn unit_at(rest: &str, lexicon: &CountLexicon) -> Option<UnitMatch> {
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    let rest = &rest[blank..];
    let unit = lexicon.units_at(rest).find(|u| {
        rest.strip_prefix(u.form.as_str()).is_some_and(|more| {
            !u.not_before.iter().any(|n| more.starts_with(n.as_str()))
                && (!u.form.ends_with(|c: char| c.is_ascii_alphabetic())
                    || !more.starts_with(|c: char| c.is_ascii_alphanumeric()))
        })
    })?;
    let mut length = blank + unit.form.len();
    let mut portion = false;
    let more = &rest[unit.form.len()..];
    if matches!(unit.kind, UnitKind::Counts(..))
        && let Some(after) = more.strip_prefix('分')
        && !after
            .starts_with(['間', 'け', '析', '類', '野', '割', '散', '担', '離', '室', '校', '署', '会', '科', '団'])
    {
        length += '分'.len_utf8();
        portion = true;
    }
    let canonical = match unit.form.as_str() {
        "名様" => "名",
        "人様" => "人",
        "メールアカウント" => "アカウント",
        "メールアドレス" | "メアド" => "アドレス",
        "の個人" => "人",
        // の個人や団体 are both at once; の法人 are firms.
        form if form.starts_with("の個人") || form.contains("・個人") || form.ends_with("や個人") => "件",
        form => form.strip_prefix('の').unwrap_or(form),
    };
    Some(UnitMatch { id: unit.id.clone(), kind: unit.kind.clone(), canonical: canonical.to_owned(), length, portion })
}

/// Modifiers behind the unit, any number of them.
fn read_after(text: &str, mention: &mut Mention, lexicon: &CountLexicon) {
    if matches!(mention.kind, MentionKind::Rejected(_)) {
        return;
    }
    for _ in 0..2 {
        let rest = &text[mention.span.end..];
        let Some(m) = lexicon.modifiers_at(Position::After, rest).find(|m| {
            rest.strip_prefix(m.form.as_str())
                .is_some_and(|more| !m.not_before.iter().any(|n| more.starts_with(n.as_str())))
        }) else {
            return;
        };
        mention.span.end += m.form.len();
        // 最大16万件以上 keeps the first bound read; the word before is read later and wins.
        if let Some(bound) = m.bound {
            mention.bound = bound;
        }
        mention.approx |= m.approx;
    }
}

/// Modifiers before the number, any number of them: 最大で延べ約.
fn read_before(text: &str, mention: &mut Mention, lexicon: &CountLexicon) {
    if matches!(mention.kind, MentionKind::Rejected(_)) {
        return;
    }
    for _ in 0..5 {
        let front = &text[..mention.span.start];
        let trimmed = front.trim_end_matches([' ', ':', '、', '・']);
        let tight = modifier_ending(front, lexicon);
        let loose = (trimmed.len() < front.len())
            .then(|| modifier_ending(trimmed, lexicon))
            .flatten()
            .filter(|m| m.total || m.bound.is_some());
        let (m, at) = match (tight, loose) {
            (Some(m), _) => (m, front.len()),
            (None, Some(m)) => (m, trimmed.len()),
            (None, None) => break,
        };
        mention.span.start = at - m.form.len();
        if let Some(bound) = m.bound {
            mention.bound = bound;
        }
        mention.approx |= m.approx;
        mention.cumulative |= m.cumulative;
        mention.total |= m.total;
    }
    if mention.bound == Bound::Exact && lexicon.cues.distant_at_most.is_match(&text[..mention.span.start]) {
        mention.bound = Bound::AtMost;
    }
}

fn modifier_ending<'l>(front: &str, lexicon: &'l CountLexicon) -> Option<&'l super::lexicon::Modifier> {
    lexicon.modifiers_at(Position::Before, front).find(|m| {
        front.strip_suffix(m.form.as_str()).is_some_and(|more| !m.not_after.iter().any(|n| more.ends_with(n.as_str())))
    })
}

/// 10~20件; 2、3名 and 二、三名, which mean two or three; 2、3百件, which mean 200 or 300.
fn is_range(text: &str, first: Numeral, second: Numeral) -> bool {
    let gap = &text[first.span.end..second.span.start];
    match gap {
        "~" => first.value < second.value,
        "、" | "," | "・" => {
            first.max.is_none()
                && first.value < 9
                && (second.value == first.value + 1 && first.kanji == second.kanji || scale(first, second) > 1)
        }
        _ => false,
    }
}

/// What the second number of 2、3百 multiplies both by; 1 where it does not.
fn scale(first: Numeral, second: Numeral) -> u64 {
    let next = first.value + 1;
    let factor = second.value / next.max(1);
    let round = [10, 100, 1_000, 10_000].contains(&factor) && second.value == next * factor;
    if round && first.value < 9 { factor } else { 1 }
}

/// 一部, 第三者, 統一: a kanji numeral counts only before some units and outside words.
fn kanji_counts(front: &str, mention: &Mention, lexicon: &CountLexicon) -> bool {
    let MentionKind::Counts(class, _) = mention.kind else { return false };
    let usual = matches!(
        mention.unit.as_str(),
        "人" | "名"
            | "件"
            | "社"
            | "団体"
            | "世帯"
            | "通"
            | "枚"
            | "口座"
            | "アカウント"
            | "ID"
            | "アドレス"
            | "契約"
            | "事業所"
    );
    usual && !(class == UnitClass::Organization && mention.value == 1) && !lexicon.cues.kanji_word.is_match(front)
}

/// `A4`, `v1.2`, `2-b`: a digit grown together with letters.
fn inside_word(front: &str, behind: &str) -> bool {
    front.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '_' | '-' | '/' | '.' | '@'))
        || behind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '/' | '@'))
}

fn pattern_spans(text: &str, lexicon: &CountLexicon) -> Vec<(Span, String)> {
    let mut spans: Vec<(Span, String)> = Vec::new();
    for pattern in lexicon.patterns_in.candidates(text).iter().map(|p| &lexicon.patterns[p]) {
        for m in pattern.regex.find_iter(text) {
            let span = Span::new(m.start(), m.end());
            // A pattern must not begin inside a longer number.
            let grown = text[..span.start].ends_with(|c: char| c.is_ascii_digit())
                && m.as_str().starts_with(|c: char| c.is_ascii_digit());
            if !grown && !spans.iter().any(|(s, _)| s.overlaps(span)) {
                spans.push((span, pattern.id.clone()));
            }
        }
    }
    spans
}

fn rejected(span: Span, numeral: Numeral, rule: &str) -> Mention {
    Mention {
        span: Span::new(span.start.min(numeral.span.start), span.end.max(numeral.span.end)),
        number: numeral.span,
        value: numeral.value,
        max: numeral.max,
        unit: String::new(),
        unit_id: String::new(),
        kind: MentionKind::Rejected(rule.to_owned()),
        bound: Bound::Exact,
        approx: false,
        cumulative: false,
        total: false,
        portion: false,
    }
}
