//! What the words around a number say: victim figure or not, of what, feared or established.

use std::borrow::Cow;
use std::cell::OnceCell;

use rouei_model::{Bound, CountScope, CountSubject, Span};

use super::grammar::{Mention, MentionKind, mentions};
use super::lexicon::{Context, CountLexicon, Effect, UnitClass, UnitKind};
use super::tie::tied;
use super::{CountFinding, Place};

/// The findings of one sentence, without relations among them.
pub(crate) fn read_place(place: &Place<'_>, previous: &str, lexicon: &CountLexicon) -> Vec<CountFinding> {
    let mut found = mentions(place.text, lexicon);
    for mention in &mut found {
        if mention.kind == MentionKind::Bare {
            label_bare(mention, place, lexicon);
        }
    }
    found.retain(|m| m.kind != MentionKind::Bare);
    let counting: Vec<Span> =
        found.iter().filter(|m| matches!(m.kind, MentionKind::Counts(..))).map(|m| m.span).collect();
    let whole = with_labels(place, place.text);
    let sentence = Sentence { whole: &whole, previous, leaks: OnceCell::new() };
    found.iter().map(|m| judge(m, place, &sentence, &counting, lexicon)).collect()
}

/// What is the same for all numbers of a sentence.
struct Sentence<'t> {
    /// With its labels.
    whole: &'t str,
    /// The sentence before it.
    previous: &'t str,
    /// Whether it tells of a leak, asked when first needed.
    leaks: OnceCell<bool>,
}

/// A number without a unit counts where its label says so: `件数: 1,234`, a cell under 件数.
fn label_bare(mention: &mut Mention, place: &Place<'_>, lexicon: &CountLexicon) {
    let front = &place.text[..mention.span.start];
    let behind = place.text[mention.span.end..].trim();
    let alone = front.trim().is_empty() && (behind.is_empty() || behind.starts_with(['(', '※']));
    for label in &lexicon.labels {
        let fits = |text: &str| label.regex.is_match(text) && !label.not.as_ref().is_some_and(|n| n.is_match(text));
        let inline = label.inline.is_match(front) && fits(front);
        let text = if inline {
            front
        } else if let Some(text) = place.labels.iter().chain(place.headings.last()).copied().find(|l| alone && fits(l))
        {
            text
        } else {
            continue;
        };
        if let Some(unit) = place.unit_behind {
            mention.unit = unit.to_owned();
            let class = lexicon.units.iter().find(|u| u.form == unit).map(|u| u.kind.clone());
            if let Some(UnitKind::Counts(class, subject)) = class {
                mention.kind = MentionKind::Counts(class, subject);
                return;
            }
        }
        mention.unit = if text.contains('名') { "名".to_owned() } else { label.unit.clone() };
        let class = match label.unit.as_str() {
            "人" => UnitClass::Person,
            "社" => UnitClass::Organization,
            _ => UnitClass::Record,
        };
        mention.kind = MentionKind::Counts(class, CountSubject::PersonalData);
        return;
    }
}

fn judge(
    mention: &Mention,
    place: &Place<'_>,
    sentence: &Sentence<'_>,
    counting: &[Span],
    lexicon: &CountLexicon,
) -> CountFinding {
    let mut finding = CountFinding {
        sentence: place.sentence,
        span: mention.span.shifted(place.start),
        value: Some(mention.value),
        max_value: mention.max,
        unit: mention.unit.clone(),
        bound: mention.bound,
        approx: mention.approx,
        cumulative: mention.cumulative,
        scope: CountScope::Unstated,
        subject: CountSubject::Other,
        part_of: None,
        total: mention.total,
        deduplicated: false,
        undisclosed: None,
        rejected: None,
        rule: "number_unit".to_owned(),
        confidence: 0.95,
        class: UnitClass::Other,
        superseded: false,
        beside: None,
        tied: false,
    };
    let (class, subject) = match &mention.kind {
        MentionKind::Counts(class, subject) => (*class, *subject),
        MentionKind::Rejected(rule) => {
            finding.subject = match rule.as_str() {
                "attempts" => CountSubject::Attempts,
                "device" => CountSubject::Device,
                _ => CountSubject::Other,
            };
            finding.rejected = Some(rule.clone());
            return finding;
        }
        MentionKind::Bare => return finding,
    };
    finding.class = class;
    finding.subject = subject;

    let front = with_labels(place, &place.text[..mention.span.start]);
    let behind = &place.text[mention.span.end..];
    let whole = sentence.whole;
    if let Some(subject) = beside_subject(&front, behind, class, lexicon) {
        finding.subject = subject;
        if subject == CountSubject::Organization {
            finding.class = UnitClass::Organization;
        } else if matches!(subject, CountSubject::EmailAddress | CountSubject::Account) && class == UnitClass::Record {
            finding.class = UnitClass::Account;
        }
    }
    if lexicon.cues.individuals.is_match(&front) && class == UnitClass::Record {
        finding.class = UnitClass::Person;
    }
    // 名寄せ後の件数) ※延べ77,190件: 延べ counts nobody once.
    finding.deduplicated = !mention.cumulative
        && (lexicon.cues.dedup_before.is_match(&front) || lexicon.cues.dedup_after.is_match(behind));
    finding.scope = scope(mention, place, counting, lexicon);
    let [before_in, after_in, sentence_in] = &lexicon.contexts_in;
    let texts = [before_in.candidates(&front), after_in.candidates(behind), sentence_in.candidates(whole)];
    let mut tried = lexicon.contexts.iter().enumerate().filter_map(|(number, c)| {
        let patterns = [&c.before, &c.after, &c.sentence];
        patterns.iter().zip(&texts).all(|(p, held)| p.is_none() || held.contains(number)).then_some(c)
    });
    if let Some(context) = tried.find(|c| {
        c.previous.as_ref().is_none_or(|r| r.is_match(sentence.previous))
            && matches(c, mention, finding.class, place, &front, behind, whole)
    }) {
        match context.effect {
            Effect::Reject => {
                finding.rejected = Some(context.id.clone());
                finding.subject = context.subject.unwrap_or(CountSubject::Other);
            }
            Effect::Population => {
                finding.subject = CountSubject::Population;
                finding.rule = context.id.clone();
            }
        }
    }
    if finding.rejected.is_none() && mention.value == 0 && mention.max.is_none() {
        finding.rejected = Some("zero".to_owned());
    }
    finding.tied = tied(mention, place, sentence.previous, lexicon);
    finding.confidence = confidence(mention, place, sentence, (class, finding.scope), lexicon);
    finding
}

/// Keys and headers read as if they stood in front.
fn with_labels<'t>(place: &Place<'_>, text: &'t str) -> Cow<'t, str> {
    if place.labels.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for label in &place.labels {
        out.push_str(label);
        out.push(':');
    }
    out.push_str(text);
    Cow::Owned(out)
}

fn matches(
    c: &Context,
    mention: &Mention,
    class: UnitClass,
    place: &Place<'_>,
    front: &str,
    behind: &str,
    whole: &str,
) -> bool {
    // What a key says of the time is said of its own entry, not of an earlier case.
    let sentence = if c.id == "earlier_case" { place.text } else { whole };
    (c.classes.is_empty() || c.classes.contains(&class))
        && c.max.is_none_or(|max| mention.value <= max)
        && c.before.as_ref().is_none_or(|r| r.is_match(front))
        && c.after.as_ref().is_none_or(|r| r.is_match(behind))
        && c.sentence.as_ref().is_none_or(|r| r.is_match(sentence))
        && c.heading.as_ref().is_none_or(|r| place.headings.last().is_some_and(|h| r.is_match(h)))
        && !c.unless.as_ref().is_some_and(|r| r.is_match(whole))
        && !c.unless_after.as_ref().is_some_and(|r| r.is_match(&portioned(mention, behind)))
}

/// What follows, with the 分 that belonged to the unit: rules tell 2名が from 2名分が by it.
fn portioned(mention: &Mention, behind: &str) -> String {
    if mention.portion { format!("分{behind}") } else { behind.to_owned() }
}

fn beside_subject(front: &str, behind: &str, class: UnitClass, lexicon: &CountLexicon) -> Option<CountSubject> {
    if matches!(class, UnitClass::Organization | UnitClass::Document | UnitClass::Other) {
        return None;
    }
    let front = front.trim_end();
    let [before_in, after_in] = &lexicon.subjects_in;
    let subjects = &lexicon.subjects;
    let after = after_in.candidates(behind).iter().find(|&s| subjects[s].after.is_match(behind));
    let found = after.or_else(|| before_in.candidates(front).iter().find(|&s| subjects[s].before.is_match(front)));
    let found = &subjects[found?];
    if found.value == CountSubject::EmailAddress && lexicon.cues.with_address.is_match(front) {
        return None;
    }
    // A person stays a person whatever of hers leaked; only the card is told apart.
    (class != UnitClass::Person || matches!(found.value, CountSubject::Card | CountSubject::EmailAddress))
        .then_some(found.value)
}

/// From the words behind the figure up to the next one, else before it, else to the end of the sentence.
fn scope(mention: &Mention, place: &Place<'_>, counting: &[Span], lexicon: &CountLexicon) -> CountScope {
    let text = place.text;
    let next = counting.iter().map(|s| s.start).find(|&s| s >= mention.span.end).unwrap_or(text.len());
    let previous = counting.iter().map(|s| s.end).rfind(|&e| e <= mention.span.start).unwrap_or(0);
    let cue = |part: &str| {
        let candidates = lexicon.scopes_in.candidates(part);
        candidates.iter().map(|scope| &lexicon.scopes[scope]).find(|(_, r)| r.is_match(part)).map(|(s, _)| *s)
    };
    let behind = &text[mention.span.end..next];
    let front = &text[previous..mention.span.start];
    let detached = behind.starts_with(['、', '。', '(', ')']) || behind.is_empty();
    let (first, second) = if detached { (front, behind) } else { (behind, front) };
    // 件数:最大約16万件(漏えいの可能性) — the label may say it too.
    cue(first)
        .or_else(|| cue(second))
        .or_else(|| cue(&text[mention.span.end..]))
        .or_else(|| place.labels.iter().find_map(|l| cue(l)))
        .unwrap_or(CountScope::Unstated)
}

fn confidence(
    mention: &Mention,
    place: &Place<'_>,
    sentence: &Sentence<'_>,
    (class, scope): (UnitClass, CountScope),
    lexicon: &CountLexicon,
) -> f64 {
    let of = lexicon.confidence;
    let leaks = *sentence.leaks.get_or_init(|| lexicon.cues.leak.is_match(sentence.whole));
    let mut confidence = if leaks {
        of.sentence
    } else if scope == CountScope::Confirmed {
        of.confirmed
    } else if place.headings.last().is_some_and(|h| lexicon.cues.affected_heading.is_match(h)) {
        of.affected_heading
    } else if place.headings.iter().any(|h| lexicon.cues.leak.is_match(h)) {
        of.heading
    } else {
        of.none
    };
    let limits = [
        (mention.max.is_some(), of.vague),
        // お一人(1名): the figure in digits speaks for both.
        (!mention.number_is_ascii(place.text), of.kanji.min(confidence - 0.01)),
        (class == UnitClass::Document, of.paper),
        (class == UnitClass::Organization, of.organization),
        (mention.bound == Bound::Under, of.under),
        (lexicon.cues.notified.is_match(&place.text[mention.span.end..]), of.notified),
        (mention.unit.is_empty(), of.no_unit),
    ];
    for (_, limit) in limits.into_iter().filter(|(applies, _)| *applies) {
        confidence = confidence.min(limit);
    }
    confidence
}

impl Mention {
    fn number_is_ascii(&self, text: &str) -> bool {
        self.number.of(text).bytes().any(|b| b.is_ascii_digit())
    }
}
