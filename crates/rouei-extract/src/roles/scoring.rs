//! What stands around the mentions of one organization, weighed.

use rouei_model::{OrganizationRole, Span};

use super::lexicon::RoleWords;
use super::{Entity, RoleLexicon, Scope};
use crate::cues::{Cue, Place};
use crate::organizations::{Mention, Onlooker, OrganizationKind};
use crate::prefilter::Candidates;
use crate::script::is_alphanumeric;

/// Weight from which on a role is beyond doubt; a cue of less only may give it.
const SURE_ROLE: f64 = -2.0;

/// Longest heading, in characters, that says what the name below it is.
const LONGEST_HEADING: usize = 24;

/// Adds to an entity what its mentions say; `notice`: the text is in the words of whom it is about.
pub(super) fn score(lexicon: &RoleLexicon, scope: &Scope, notice: bool, entity: &mut Entity) {
    let title_sentence = scope.first_sentence();
    // Headlines below a text are of other matters.
    let is_late =
        |sentence: usize| sentence > title_sentence + 2 && !scope.reading.sentence_text(sentence).ends_with('。');
    let mut roles: Vec<(f64, OrganizationRole)> = Vec::new();
    let mut best_mention = 0.0_f64;
    for mention in entity.mentions.clone() {
        let finding = &scope.findings[mention];
        let around = Around::of(lexicon, scope, mention);
        let owns = around.any.iter().any(|n| lexicon.cues[n].id == "parent" && around.fires(n, &lexicon.cues[n]))
            && !around.after[0].is_some_and(|after| after.starts_with(['は', 'が']));
        for number in around.any.iter() {
            let cue = &lexicon.cues[number];
            if entity.has_cue(&cue.id)
                || cue.notice.is_some_and(|wanted| wanted != notice)
                    && !(cue.id == "introduces-a-writer" && is_greeted(lexicon, scope, finding.sentence))
                || !cue.kinds.is_empty() && !cue.kinds.contains(&entity.kind)
                || !around.fires(number, cue)
                // 甲(乙): 乙 is the short name of 甲 itself.
                || cue.id == "in-brackets-behind-another" && entity.aliases.contains(&finding.name)
                // 発注していた三笠野市: who has others work is what stands behind the verb, where it is a town.
                || is_public(entity) && cue.on == Place::Before && contractor_cue(cue) && cue.id != "contractor-named-before"
                // 委託会社(三笠野市): where the contractor has its seat.
                || is_seat_of(scope, mention) && cue.role.as_deref() == Some("contractor")
                // 委託しているミナモのグループ会社: the contractor is the other one.
                || owns && cue.on == Place::Before && cue.role.as_deref() == Some("contractor")
                // Whom an article is about may be quoted as its source as well.
                || cue.id == "source-line" && entity.mentions.len() > 1
                || cue.id == "whose-programme" && entity.onlooker != Some(Onlooker::Media)
                || cue.id == "headline-lead" && is_late(finding.sentence)
                || cue.id == "introduces-itself" && is_greeted(lexicon, scope, finding.sentence)
            {
                continue;
            }
            entity.fire(&cue.id, cue.weight);
            if let Some(role) = cue.role.as_deref().and_then(OrganizationRole::from_code) {
                roles.push((cue.weight, role));
            }
        }
        if !entity.has_cue("location")
            && (is_location_of_next(lexicon, scope, mention)
                || entity.mentions.len() == 1 && is_seat_of(scope, mention))
        {
            entity.fire("location", -2.0);
        }
        best_mention = best_mention.max(match finding.mention {
            Mention::LegalForm | Mention::Suffix => 2.0,
            Mention::Weak => 1.2,
            Mention::Anonymised => 1.0,
            Mention::Bare if finding.quoted => 0.8,
            Mention::Bare => 0.6,
            Mention::FirstPerson => 0.0,
        });
        if finding.sentence == title_sentence && !entity.has_cue("title") {
            entity.note("title", 1.0);
        }
        if finding.sentence <= title_sentence + 2 && !entity.has_cue("early") {
            entity.note("early", 0.8);
        }
    }
    entity.score += best_mention + 0.3 * (entity.mentions.len().min(5) as f64 - 1.0).max(0.0);
    if entity.kind == OrganizationKind::Service {
        entity.score -= 1.0;
    }
    entity.announces = [
        "announces",
        "disciplines",
        "announces-behind-clause",
        "announced-behind",
        "announces-as",
        "announces-together",
        "whose-programme",
        "own-reporter",
    ]
    .iter()
    .any(|c| entity.has_cue(c));
    match entity.onlooker {
        // A newspaper that lost its readers' list tells of itself.
        Some(Onlooker::Media) if entity.announces && !entity.has_cue("reports") => entity.score -= 0.5,
        // So does a maker of software whose customers' addresses leaked.
        Some(Onlooker::Product) if announces_its_own(entity) => entity.score -= 0.5,
        Some(Onlooker::Media | Onlooker::Product) => entity.score -= 5.0,
        Some(Onlooker::Regulator) => {
            // Police that lost a notebook are the victim; police that were told are not.
            let its_own = entity.has_cue("arrests-its-own") || entity.has_cue("arrests-its-own-before");
            entity.score -= match (entity.announces, entity.has_cue("has-leak")) {
                _ if its_own => 0.5,
                (true, true) => 0.5,
                (true, false) => 2.5,
                _ => 4.0,
            };
        }
        None => {}
    }
    // Mail and forms of the trade are tools, whoever uses them; a firm may have the name of one and be entrusted.
    if entity.onlooker == Some(Onlooker::Product) {
        roles.retain(|(weight, _)| *weight < SURE_ROLE);
    }
    // 委託していた京都市の会社: the place of a contractor is none. A subsidiary that runs its site is no contractor.
    if entity.has_cue("location") {
        roles.retain(|(_, role)| *role != OrganizationRole::Contractor);
    }
    // 当財団が運営を受託している「三笠野市こども館」: the house is the client's.
    if ["client-of-speaker", "client-before", "sanctioned-by"].iter().any(|c| entity.has_cue(c)) {
        roles.retain(|(_, role)| *role != OrganizationRole::Contractor);
    }
    if entity.has_cue("subsidiary") || entity.has_cue("subsidiary-of-speaker") {
        roles.retain(|(weight, _)| *weight <= SURE_ROLE);
    }
    let told = roles.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    entity.soft_role = told.is_some_and(|(weight, _)| weight > SURE_ROLE);
    entity.cue_role = told.map(|(_, role)| role);
    entity.leaks = ["has-leak", "attacked", "whose-people", "of-its-class"].iter().any(|c| entity.has_cue(c));
}

fn is_public(entity: &Entity) -> bool {
    matches!(entity.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture | OrganizationKind::Board)
}

/// The topic of a headline or lead, that says of itself what leaked.
fn announces_its_own(entity: &Entity) -> bool {
    let head = entity.has_cue("title") || entity.has_cue("early");
    entity.announces && entity.has_cue("has-leak") && entity.has_cue("headline-lead") && head
}

fn contractor_cue(cue: &Cue) -> bool {
    cue.role.as_deref() == Some("contractor")
}

/// (三笠野市), (北碧県三笠野市), (三笠野市西区): a bracket that holds a place and nothing else.
fn is_seat_of(scope: &Scope, mention: usize) -> bool {
    let finding = &scope.findings[mention];
    let text = scope.reading.text();
    matches!(finding.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture)
        && text[..finding.span.start].ends_with('(')
        && text[finding.span.end..].starts_with([')', '、'])
}

/// The texts around one mention that cues are matched against.
struct Around<'t> {
    /// From the beginning of the sentence to the name.
    before: &'t str,
    /// The heading or label of a name that opens its line.
    heading: Option<&'t str>,
    /// `before` without the place of the name: 委託していた《京都市にある「》.
    before_place: Option<&'t str>,
    /// The name opens its sentence.
    opens: bool,
    /// From the name to the end of the sentence: as it is, behind a bracket, behind a department.
    after: [Option<&'t str>; 3],
    /// Which cues may match `before`, `heading`, each of `after` and `before_place`.
    candidates: [Candidates; 6],
    /// Those that any of them names.
    any: Candidates,
}

impl<'t> Around<'t> {
    fn of(lexicon: &RoleLexicon, scope: &Scope<'t>, mention: usize) -> Self {
        let finding = &scope.findings[mention];
        let text = scope.reading.text();
        let sentence = scope.reading.sentences[finding.sentence].span;
        let before = Span::new(sentence.start, finding.span.start).of(text);
        let after = Span::new(finding.span.end, sentence.end).of(text);
        let behind_bracket = skip_bracket(after);
        // の男性教諭(31)が; a house that the town only places is no department of it.
        let department = || skip_department(lexicon, behind_bracket).map(skip_bracket);
        let behind_department = house_behind(lexicon, scope, mention).is_none().then(department).flatten();
        let opens = before.chars().all(|c| !is_alphanumeric(c));
        let heading = opens.then(|| heading_of(scope, finding.sentence)).flatten();
        let after = [Some(after), (behind_bracket.len() < after.len()).then_some(behind_bracket), behind_department];
        let may = |text: &str| lexicon.prefilter.candidates(text);
        let before_place = place_before(lexicon, scope, mention).map(|end| Span::new(sentence.start, end).of(text));
        let candidates = [
            before,
            heading.unwrap_or_default(),
            after[0].unwrap_or_default(),
            after[1].unwrap_or_default(),
            after[2].unwrap_or_default(),
            before_place.unwrap_or_default(),
        ]
        .map(may);
        let any = candidates.iter().fold(Candidates::default(), |any, some| any.with(some));
        Self { before, heading, before_place, opens, after, candidates, any }
    }

    fn fires(&self, number: usize, cue: &Cue) -> bool {
        let matches = |at: usize, text: &str| self.candidates[at].contains(number) && cue.pattern.is_match(text);
        let behind = || {
            self.after.iter().enumerate().any(|(i, text)| {
                // What is done to a department tells nothing of the whole.
                text.is_some_and(|text| (i < 2 || cue.weight > 0.0) && matches(2 + i, text))
            })
        };
        let contractor = cue.role.as_deref() == Some("contractor");
        match cue.on {
            Place::After => behind(),
            Place::Before => {
                matches(0, self.before)
                    || contractor && self.heading.is_some_and(|heading| matches(1, heading))
                    || contractor && self.before_place.is_some_and(|before| matches(5, before))
            }
            Place::Lead => self.opens && behind(),
            Place::Sentence | Place::Title => false,
        }
    }
}

/// Where the town begins that says where the organization is: 京都市の, 京都市にある「.
fn place_before(lexicon: &RoleLexicon, scope: &Scope, mention: usize) -> Option<usize> {
    let finding = &scope.findings[mention];
    let place = &scope.findings[mention.checked_sub(1)?];
    let town = matches!(place.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture);
    let between = scope.reading.text().get(place.span.end..finding.span.start)?;
    (town && place.sentence == finding.sentence && lexicon.is_one_of(RoleWords::SeatLink, between))
        .then_some(place.span.start)
}

/// こんにちは。○○研究所です。: a writer greets its readers and tells of somebody else.
fn is_greeted(lexicon: &RoleLexicon, scope: &Scope, sentence: usize) -> bool {
    let above = sentence.checked_sub(1).map_or("", |above| scope.reading.sentence_text(above));
    lexicon.holds(RoleWords::Greeting, above)
}

/// The label of a cell or value, or the short line above.
fn heading_of<'t>(scope: &Scope<'t>, sentence: usize) -> Option<&'t str> {
    let reading = scope.reading;
    let own = &reading.sentences[sentence];
    let line = match own.labels.last() {
        Some(&label) => label,
        None => sentence.checked_sub(1).filter(|&above| reading.sentences[above].block != own.block)?,
    };
    let text = reading.sentences[line].span.of(reading.text()).trim_end_matches([':', ' ', ')', '】', ']', '>']);
    (text.chars().count() <= LONGEST_HEADING && !text.contains('。')).then_some(text)
}

/// 三笠野市の北碧総合病院: the town only says where the other is.
fn is_location_of_next(lexicon: &RoleLexicon, scope: &Scope, mention: usize) -> bool {
    house_behind(lexicon, scope, mention).is_some()
}

/// The house that a town right before it only places.
pub(super) fn house_behind(lexicon: &RoleLexicon, scope: &Scope, mention: usize) -> Option<usize> {
    let finding = &scope.findings[mention];
    if !matches!(finding.kind, OrganizationKind::Municipality | OrganizationKind::Prefecture) {
        return None;
    }
    let text = scope.reading.text();
    let near = scope.findings.iter().enumerate().skip(mention + 1).take(3);
    let mut houses = near.take_while(|(_, f)| f.sentence == finding.sentence);
    houses
        .find(|(_, next)| {
            let between = text.get(finding.span.end..next.span.start).unwrap_or_default();
            let institution = matches!(
                next.kind,
                OrganizationKind::Company
                    | OrganizationKind::Hospital
                    | OrganizationKind::School
                    | OrganizationKind::Association
                    | OrganizationKind::Police
            );
            (lexicon.is_one_of(RoleWords::SeatLink, between) || is_kind_link(lexicon, between))
                && institution
                && next.mention <= Mention::Weak
        })
        .map(|(at, _)| at)
}

/// `の住宅リフォーム会社「`: between a town and the name of who has its seat there.
fn is_kind_link(lexicon: &RoleLexicon, between: &str) -> bool {
    let Some(kind) = between.strip_prefix("にある").or_else(|| between.strip_prefix('の')) else { return false };
    let kind = kind.trim_end_matches(['「', '『']);
    let kind = kind.strip_suffix('の').unwrap_or(kind);
    let plain = |c: char| ('一'..='鿿').contains(&c) || ('ァ'..='ヿ').contains(&c) || c.is_ascii_alphanumeric();
    (2..=16).contains(&kind.chars().count())
        && kind.chars().all(plain)
        && lexicon.ends_with(RoleWords::ContractorKind, kind)
}

/// The text behind a bracket that explains the name: `(川崎市)は13日` gives `は13日`.
fn skip_bracket(after: &str) -> &str {
    let trimmed = after.trim_start_matches(['」', '』', '"', '”']);
    let Some(inner) = trimmed.strip_prefix('(') else { return trimmed };
    match inner.find(')').filter(|&at| at < 120) {
        // 「ミナモ(みなも)」(港区)は
        Some(at) => skip_bracket(&inner[at + 1..]),
        None => trimmed,
    }
}

/// `高齢福祉課が8月18日に`, `の担当職員が`: the text behind the department or the people of whoever is named.
fn skip_department<'t>(lexicon: &RoleLexicon, after: &'t str) -> Option<&'t str> {
    let body = after.strip_prefix('の').unwrap_or(after);
    let run: usize = body
        .chars()
        .take(LONGEST_HEADING)
        .take_while(|c| {
            ('一'..='鿿').contains(c) || ('ァ'..='ヿ').contains(c) || c.is_ascii_alphanumeric() || *c == '・'
        })
        .map(char::len_utf8)
        .sum();
    (run > 0 && lexicon.ends_with(RoleWords::Department, &body[..run])).then(|| &body[run..])
}
