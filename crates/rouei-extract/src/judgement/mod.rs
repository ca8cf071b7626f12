//! Is it a disclosure at all?
//!
//! A weighted sum of what the text says (`lexicon.toml`) and of what the extractors found in it. Both the genre and the
//! claims count: a guide that names an organization, a leak and a figure does report an incident.

mod lexicon;

use std::borrow::Cow;
use std::cell::LazyCell;

use rouei_model::BlockKind;

use crate::cues::{Cue, Place};
use crate::reading::Reading;
use crate::script::is_alphanumeric;
use lexicon::without;
pub use lexicon::{JudgementLexicon, MediaWords};

/// What the extractors found, as far as it speaks for or against a disclosure.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Incidents that structure or clauses set apart, with a name each.
    pub incidents: usize,
    /// Of these, rows of a table, groups of keys and values, entries of a ranking with a figure or a cause of their own.
    pub structured: usize,
    /// Of these, of somebody named, with a figure.
    pub counted: usize,
    /// Of these, of somebody who has a letter for a name (A社, 自治体Y).
    pub lettered: usize,
    /// The best score of an organization as victim; none where there is no organization.
    pub victim: Option<f64>,
    /// The victim is known by name.
    pub named: bool,
    /// The victim announces, or is said to have leaked.
    pub acts: bool,
    /// Somebody says 当社.
    pub first_person: bool,
    /// The sentences of accepted figures of persons or records.
    pub counts: Vec<usize>,
    /// Sentences that say who leaked, and how many or when.
    pub claims: Vec<usize>,
    /// A cause that the text affirms.
    pub cause: bool,
    /// The sentences of dates with a meaning: occurred, discovered, announced.
    pub dates: Vec<usize>,
}

/// The judgement and what decided it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Above zero: a disclosure.
    pub score: f64,
    /// The cues that fired, with their weights.
    pub reasons: Vec<(String, f64)>,
}

impl Judgement {
    /// Whether the document discloses an incident.
    #[must_use]
    pub fn is_disclosure(&self) -> bool {
        self.score > 0.0
    }
}

/// Sums up what speaks for and against. `second_reader`: the log-odds of a disclosure by the terms of the text.
#[must_use]
pub fn judge(lexicon: &JudgementLexicon, reading: &Reading, findings: &Findings, second_reader: f64) -> Judgement {
    let mut reasons: Vec<(String, f64)> = Vec::new();
    let title = reading.document.title.as_deref().unwrap_or_default();
    let opening = opening(reading);
    let matching = |text: &str, titles: bool, hit: &mut dyn FnMut(usize)| {
        // 漏えい対策 speaks for nothing, though it may well speak against.
        let guarded = LazyCell::new(|| lexicon.without_prevention(text));
        for number in lexicon.candidates(text).iter() {
            let cue = &lexicon.cues()[number];
            if (cue.on == Place::Title) != titles {
                continue;
            }
            let read = if cue.weight > 0.0 { guarded.as_deref().unwrap_or(text) } else { text };
            if cue.pattern.is_match(read) {
                hit(number);
            }
        }
    };
    let mut hits_of = vec![0_usize; lexicon.cues().len()];
    // A sentence about cases in general, a statistic or a law, tells of none: only what it says against counts.
    let mut general = vec![false; reading.sentences.len()];
    let mut supposed = false;
    for (sentence, general) in general.iter_mut().enumerate() {
        let mut here = Vec::new();
        matching(reading.sentence_text(sentence), false, &mut |cue| here.push(cue));
        let item = is_item(reading, sentence);
        let speaks_of_many = |cue: usize| matches!(lexicon.cues()[cue].role.as_deref(), Some(GENERAL | TEMPLATE));
        *general = here.iter().any(|&cue| speaks_of_many(cue)) || item && supposed;
        // 以下のようなケースも報告対象です: the items of its list are as general.
        let text = reading.sentence_text(sentence);
        supposed = *general && (item || text.contains("ような") || text.contains("場合"));
        here.retain(|&cue| !*general || lexicon.cues()[cue].weight < 0.0);
        here.into_iter().for_each(|cue| hits_of[cue] += 1);
    }
    let of_cases = |sentences: &[usize]| sentences.iter().filter(|&&s| !general.get(s).is_some_and(|g| *g)).count();
    if !title.ends_with('。') {
        matching(title, true, &mut |cue| hits_of[cue] = 1);
    }
    for line in (0..=opening).chain(subject(lexicon, reading).filter(|&line| line > opening)) {
        let is_general = general.get(line).is_some_and(|g| *g);
        let text = reading.sentence_text(line);
        // The first sentence of a story is no title: whatever it speaks of beside, 募集 or 対策, is not its matter.
        if text.ends_with('。') {
            continue;
        }
        matching(text, true, &mut |cue| {
            if !is_general || lexicon.cues()[cue].weight < 0.0 {
                hits_of[cue] = 1;
            }
        });
    }
    // Who found no leak tells of a mishap only where one is told of; maintenance has leaked nothing either.
    let has_role = |cue: usize, roles: &[&str]| lexicon.cues()[cue].role.as_deref().is_some_and(|r| roles.contains(&r));
    let told_of = (0..hits_of.len()).any(|cue| hits_of[cue] > 0 && has_role(cue, &["mishap", "tells-mishap", OURS]));
    let ours = (0..hits_of.len()).any(|cue| hits_of[cue] > 0 && has_role(cue, &[OURS]));
    // Headlines below the text are of other matters.
    let told_until = (0..general.len()).rev().find(|&s| reading.sentence_text(s).ends_with('。'));
    let own = 0..told_until.map_or(general.len(), |last| last + 1);
    let leaks = own.into_iter().any(|s| !general[s] && leaks_in(lexicon, reading.sentence_text(s)));
    let harmless = !leaks && !ours && (0..hits_of.len()).any(|cue| hits_of[cue] > 0 && has_role(cue, &[HARMLESS]));
    let denied = !told_of && (0..hits_of.len()).any(|cue| hits_of[cue] > 0 && has_role(cue, &[DENIES]));
    for (cue, hits) in hits_of.iter_mut().enumerate() {
        let idle = !told_of || harmless;
        if idle && has_role(cue, &[DENIES]) || (leaks || ours) && has_role(cue, &[HARMLESS]) {
            *hits = 0;
        }
    }
    // 紛失を防ぐ研修を200人に行った: a figure beside what is guarded against tells of no leak.
    let guarded = |&s: &usize| {
        let left = lexicon.without_prevention(reading.sentence_text(s));
        left.is_some_and(|left| !lexicon.tells_of_a_leak(&left))
    };
    let claims: Vec<usize> = findings.claims.iter().copied().filter(|s| !guarded(s)).collect();
    let cases = of_cases(&claims) > 0 || findings.counted >= 2;
    for (cue, &hits) in lexicon.cues().iter().zip(&hits_of) {
        if hits > 0 {
            // Long guides repeat themselves; one apology is as good as two.
            let repeated = if cue.weight < 0.0 { 1.0 + 0.25 * (hits.min(4) as f64 - 1.0) } else { 1.0 };
            // A page of figures about many may tell of one case all the same.
            let tells = cases && cue.role.as_deref() == Some(GENERAL) && cue.weight < 0.0;
            let advice = if tells { GENERAL_BESIDE_A_CASE } else { 1.0 };
            // Whose account was taken warns of mails in its name.
            let advice = if ours && cue.role.as_deref() == Some(ADVICE) { ADVICE_OF_THE_HIT } else { advice };
            reasons.push((cue.id.clone(), cue.weight * repeated * advice));
        }
    }
    let weights = lexicon.weights();
    let information = lexicon.tells_of_information(reading.text());
    let role = |role: &str| {
        let held = lexicon.cues().iter().zip(&hits_of).filter(|(_, hits)| **hits > 0);
        held.into_iter().any(|(cue, _)| cue.role.as_deref() == Some(role))
    };
    let (mishap, told) = (
        role("mishap") || role("tells-mishap") || role(OURS),
        role("tells") || role(OURS) || role(DENIES) || role("tells-mishap"),
    );
    let mut add = |name: &str, weight: f64| reasons.push((name.to_owned(), weight));
    match findings.victim {
        None if findings.first_person => add("no-organization", weights.no_name_of_ours),
        None => add("no-organization", weights.no_organization),
        Some(score) if findings.named && score > CLEARLY_THE_VICTIM => {
            add("named-organization", weights.named_victim);
        }
        Some(_) if findings.named => add("named-organization", weights.named_organization),
        Some(_) => add("unnamed-organization", weights.unnamed_organization),
    }
    // What went wrong may be told without a word for it; a cause that the text affirms tells it as well.
    match (mishap, findings.cause && information && !denied) {
        (true, _) => {}
        (false, true) => add("no-mishap", weights.no_mishap_but_a_cause),
        (false, false) => add("no-mishap", weights.no_mishap),
    }
    if is_listing(reading) && findings.structured < 3 {
        add("listing", weights.listing);
    }
    if findings.acts {
        add("organization-acts", weights.organization_acts);
    }
    if of_cases(&findings.counts) > 0 {
        // Sheets and tickets are counted too; they tell less where nobody's information is spoken of.
        add("counts", if information { weights.counts } else { weights.counts * COUNTS_OF_NOTHING });
    }
    if of_cases(&claims) > 0 {
        add("claim", weights.claim);
    }
    if !findings.cause {
        add("no-cause", if mishap { weights.no_cause_of_a_mishap } else { weights.no_cause });
    }
    // Opening hours and outages have dates too; they tell most where something is said to have gone wrong.
    let date = match (told && mishap, information) {
        (_, false) => weights.date_of_nothing,
        (true, _) => weights.date_of_mishap,
        (false, _) => weights.date,
    };
    add("dates", date * of_cases(&findings.dates).min(3) as f64);
    if !information {
        add("no-information", weights.no_information);
    }
    // A headline has no room for what a notice says besides.
    let against = lexicon.cues().iter().zip(&hits_of).any(|(cue, &hits)| hits > 0 && cue.weight < 0.0);
    let brief = reading.sentences.len() <= BRIEF.0 && reading.text().chars().count() <= BRIEF.1;
    let against = against || brief && lexicon.without_prevention(reading.text()).is_some();
    if brief && !against && findings.cause && findings.victim.is_some() && information {
        add("brief", weights.brief);
    }
    if findings.incidents >= 2 {
        add("several-incidents", weights.several_incidents);
    }
    if findings.lettered >= 2 {
        add("lettered-cases", weights.lettered_cases);
    }
    if findings.structured >= 3 {
        let cases = findings.structured.min(10) as f64;
        add("structured-cases", weights.structured_cases + weights.structured_case * cases);
    }
    add("second-reader", weights.second_reader * second_reader.clamp(-SECOND_READER_AGAINST, SECOND_READER_FOR));
    add("prior", weights.prior);
    Judgement { score: reasons.iter().map(|(_, w)| w).sum(), reasons }
}

/// Sentences and characters of a text that is no more than a headline.
const BRIEF: (usize, usize) = (2, 90);

/// Role of a cue whose sentence speaks of cases in general.
const GENERAL: &str = "general";

/// The same of blanks to be filled in, which weigh as much where a sidebar tells of a case.
const TEMPLATE: &str = "template";

/// Role of a cue that tells of a mishap of whoever writes.
const OURS: &str = "ours";

/// Role of a cue of warnings and guides, which weigh less where the writer was hit.
const ADVICE: &str = "advice";
const ADVICE_OF_THE_HIT: f64 = 0.4;

/// What general words weigh where a case is told of too.
const GENERAL_BESIDE_A_CASE: f64 = 0.5;

/// Role of a cue that says what did not happen.
const DENIES: &str = "denies";

/// Role of a cue for mistakes that tell nobody anything; words of a leak outdo it.
const HARMLESS: &str = "harmless";

/// The second reader outvotes no rules: it has seen few kinds of pages, and says of others too much.
const SECOND_READER_AGAINST: f64 = 1.0;
const SECOND_READER_FOR: f64 = 2.0;

/// What figures weigh where nobody's information is spoken of.
const COUNTS_OF_NOTHING: f64 = 0.6;

/// An organization that scores higher is clearly whose incident it is.
const CLEARLY_THE_VICTIM: f64 = 4.0;

/// Whether a word of a leak is left in a sentence without what it denies, 個人情報の流出はありません, and without what is
/// harmless, 閲覧しにくい.
fn leaks_in(lexicon: &JudgementLexicon, text: &str) -> bool {
    let innocent = |cue: &&Cue| matches!(cue.role.as_deref(), Some(DENIES | HARMLESS));
    let mut left = Cow::Borrowed(text);
    for cue in lexicon.cues().iter().filter(innocent) {
        if !lexicon.tells_of_a_leak(&left) {
            return false;
        }
        if let Some(cut) = without(&cue.pattern, &left) {
            left = Cow::Owned(cut);
        }
    }
    lexicon.tells_of_a_leak(&left)
}

/// The line of a letter that names its matter, below the date and whom it is addressed to: …に関するお知らせ.
fn subject(lexicon: &JudgementLexicon, reading: &Reading) -> Option<usize> {
    /// Lines among which it stands.
    const HEAD: usize = 8;
    let names = |s: &usize| {
        let line = reading.sentence_text(*s);
        (8..=80).contains(&line.chars().count()) && !line.contains('。') && lexicon.names_a_matter(line)
    };
    (1..reading.sentences.len().min(HEAD)).take_while(|&s| !reading.sentence_text(s).ends_with('。')).find(names)
}

/// Where the text begins behind ニュース, its day and what else leads up to its headline.
fn opening(reading: &Reading) -> usize {
    const LEADING: usize = 4;
    let leads_up = |s: usize| {
        let text = reading.sentence_text(s);
        let letters = text.chars().filter(|&c| is_alphanumeric(c));
        let day =
            letters.clone().all(|c| c.is_ascii_digit() || "年月日時分更新公開掲載令和平成火水木金土曜付".contains(c));
        !text.ends_with('。') && (day || letters.count() <= 6)
    };
    (0..reading.sentences.len().min(LEADING)).find(|&s| !leads_up(s)).unwrap_or(0)
}

/// Whether a sentence is an item of a list.
fn is_item(reading: &Reading, sentence: usize) -> bool {
    let bullet = reading.sentence_text(sentence).starts_with(['・', '•', '-', '●', '■', '□', '①', '②', '③', '④', '⑤']);
    bullet || matches!(reading.block(sentence).kind, BlockKind::ListItem { .. })
}

/// Whether most lines are dated headlines: an index of notices, which repeats what the notices say.
fn is_listing(reading: &Reading) -> bool {
    let lines: Vec<&str> = (0..reading.sentences.len()).map(|s| reading.sentence_text(s)).collect();
    let dated = lines
        .iter()
        .filter(|l| {
            !l.ends_with('。')
                // A row of a table has cells beside its date.
                && !l.contains(['|', '\t'])
                && l.chars().count() >= 8
                && (l.starts_with("20") || l.starts_with("令和") || l.starts_with("R"))
        })
        .count();
    let told = lines.iter().filter(|l| l.ends_with('。')).count();
    dated >= 4 && dated * 2 > lines.len() && told <= 2
}
