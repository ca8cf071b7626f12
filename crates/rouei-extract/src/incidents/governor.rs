//! Who governs a clause: whose name is its topic, its subject or its place, whose name heads a line, and whose figure
//! stands in it.

use rouei_model::{BlockKind, Span};

use super::clauses::Clauses;
use super::lexicon::{IncidentLexicon, WordList};
use super::naming::behind_name;
use crate::counts::CountFinding;
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind, same_organization};
use crate::reading::Reading;

/// Longest text in characters that describes a name in front of it, or what is behind its の.
pub(super) const PHRASE: usize = 30;

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
    /// 甲によると: who is quoted goes on with what was told, and is nobody's contractor for it.
    pub(super) quoted: bool,
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
            quoted: false,
        }
    }
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
    /// 甲個人情報流出事件: a case that is called after its house.
    Case,
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
    let collects =
        [WordList::Genre, WordList::SideBySide, WordList::OneAfterTheOther].into_iter().any(|l| words.has(l, text));
    let mut parts_follow = false;
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        // 内訳は次のとおり。 over a table: its rows are parts of one figure.
        if matches!(reading.block(sentence).kind, BlockKind::TableCell { .. }) {
            if parts_follow {
                continue;
            }
        } else {
            parts_follow = words.has(WordList::PartsOf, entry.span.of(text));
        }
        let from = organizations.partition_point(|o| o.span.start < entry.span.start);
        let here = organizations[from..].iter().take_while(|o| o.span.start < entry.span.end);
        let here: Vec<&OrganizationFinding> = here.filter(|o| is_candidate(words, text, entry.span, o)).collect();
        let known =
            organizations[from..].iter().take_while(|o| o.span.start < entry.span.end).map(|o| o.span).collect();
        let unnamed: Vec<OrganizationFinding> = if collects {
            let mut unnamed = super::unknown::pseudonyms(words, text, sentence, entry.span);
            unnamed.extend(super::unknown::described(words, text, sentence, entry.span));
            unnamed
        } else {
            Vec::new()
        };
        let mut here = here;
        // 大手通信会社の子会社で: the whole description is meant.
        here.retain(|o| {
            o.mention != Mention::Anonymised
                || !unnamed.iter().any(|u| u.span.len() > o.span.len() && u.span.overlaps(o.span))
        });
        here.extend(unnamed.iter().filter(|u| {
            !organizations[from..]
                .iter()
                .take(50)
                .any(|o| o.span.overlaps(u.span) && !(o.mention == Mention::Anonymised && u.span.len() > o.span.len()))
        }));
        here.sort_by_key(|o| o.span.start);
        let scan = Clauses { words, reading, sentence, span: whole(reading, sentence), counts, known };
        if here.is_empty() {
            found.extend(scan.unknown_heading().or_else(|| scan.unknown()).filter(|u| collects || u.announces));
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
            // 配送大手の甲にランサムウェア 取引先230社に影響: one of a run of headlines beside the story.
            None if !super::tells(reading, story, sentence) => {}
            None => {
                let mut clauses = scan.clauses(&here);
                if let Some(unknown) = scan.unknown().filter(|u| collects || u.announces) {
                    put_before(text, unknown, &mut clauses);
                }
                found.extend(clauses);
            }
        }
    }
    // 甲は乙に業務を委託していた: whoever was entrusted once is a party everywhere.
    let dependent: Vec<String> =
        found.iter().filter(|g| g.dependent && !g.quoted).map(|g| g.who.name.clone()).collect();
    let entrusted: Vec<String> =
        organizations.iter().filter(|o| is_entrusted(words, reading, o)).map(|o| o.name.clone()).collect();
    // 委託先である乙も…発表した: whoever works for the first one has no incident of its own.
    let works: Vec<String> = organizations
        .iter()
        .filter(|o| entrusted_by(words, reading, o).is_some_and(|word| !word.starts_with("委託し")))
        .map(|o| o.name.clone())
        .collect();
    for governor in &mut found {
        governor.apart |= is_parted(reading, governor.sentence);
        let is_in = |names: &[String]| names.iter().any(|name| same_organization(name, &governor.who.name));
        governor.dependent |= !governor.own_part && is_in(&dependent) || is_in(&entrusted) || is_in(&works);
    }
    found
}

/// Whether a line of nothing but marks stands above a sentence: ◇ parts one piece of news from the next.
fn is_parted(reading: &Reading, sentence: usize) -> bool {
    let above = sentence.checked_sub(1).map_or("", |above| reading.sentence_text(above));
    !above.trim().is_empty() && above.chars().all(|c| c.is_whitespace() || "◇◆□■○●*＊☆★▽▼-ー―─=※".contains(c))
}

/// What before a name says that it works for somebody: 委託先の乙, 委託を受けた乙.
pub(super) fn entrusted_by<'w>(
    words: &'w IncidentLexicon,
    reading: &Reading,
    o: &OrganizationFinding,
) -> Option<&'w str> {
    let sentence = reading.sentences[o.sentence].span;
    let before = &reading.text()[sentence.start..o.span.start];
    let before = before.trim_end_matches(['「', '『', '"', '“', '(']);
    let phrase = before.rsplit(['、', '。', '「', '(']).next().unwrap_or(before);
    let bare = phrase.strip_suffix("である").or_else(|| phrase.strip_suffix('の')).unwrap_or(phrase);
    words.lists().ending(WordList::EntrustedBefore, bare)
}

/// 乙に業務を委託していた, 委託先の乙: but not 乙に業務を委託していた甲は, which is about 甲.
fn is_entrusted(words: &IncidentLexicon, reading: &Reading, o: &OrganizationFinding) -> bool {
    let sentence = reading.sentences[o.sentence].span;
    let text = reading.text();
    if entrusted_by(words, reading, o).is_some() {
        return true;
    }
    let after = behind_name(words, &text[o.span.end..sentence.end]);
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
    words: &IncidentLexicon,
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
        let between = behind_name(words, &text[name.span.end..next]).trim_start();
        let Some(rest) = ["や、", "と、", "、", "や", "と"].iter().find_map(|p| between.strip_prefix(p)) else {
            continue;
        };
        // 甲ホテルや乙ホテルなどを運営する丙: what somebody runs stands not beside it.
        let runs = words.has(WordList::IsRun, rest);
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

/// Whether a mention may govern a clause of its own. Who watches over others does where it tells of what it lost.
fn is_candidate(words: &IncidentLexicon, text: &str, sentence: Span, o: &OrganizationFinding) -> bool {
    let watches = o.onlooker == Some(Onlooker::Regulator) || o.kind == OrganizationKind::Police;
    let own_loss = || {
        let clause = &text[o.span.end..sentence.end];
        // 霧影県警では, 霧影県警の60代の警部補は
        let staff: String = clause.chars().take(20).collect();
        if o.kind == OrganizationKind::Police
            && (clause.starts_with("では") || clause.starts_with('の') && words.has(WordList::Staff, &staff))
        {
            return words.has(WordList::Event, clause);
        }
        // 霧影署は3日、署員が捜査書類を紛失したと発表した
        let own_staff = || o.kind == OrganizationKind::Police && words.has(WordList::Staff, clause);
        words.has(WordList::OwnLoss, clause)
            && !words.has(WordList::Arrest, clause)
            && (!words.has(WordList::Watches, clause) || own_staff())
    };
    // Parts of addresses and fields of mails.
    let latin = o.name.is_ascii() && o.mention == Mention::Bare;
    let near = |c: Option<char>| c.is_some_and(|c| "/.:@_-".contains(c));
    let address = latin
        && (near(text[..o.span.start].chars().next_back())
            || near(text[o.span.end..].chars().next())
            || ["cc", "bcc", "to", "url", "id", "pc", "usb", "nas", "vpn"]
                .iter()
                .any(|w| o.name.to_lowercase().split(' ').all(|p| p == *w || p == "bcc")));
    // 委員会は、甲に対し報告を求めた: who asks for a report.
    let asks = || {
        let clause = &text[o.span.end..sentence.end];
        clause.contains("に対し") && words.has(WordList::Watches, clause) && !words.has(WordList::OwnLoss, clause)
    };
    // 犯罪組織「Kirikage」は: who attacks.
    let attacks = o.mention >= Mention::Weak && {
        let before = text[sentence.start.min(o.span.start)..o.span.start].trim_end_matches(['「', '『', '"', '“']);
        words.has(WordList::Attackers, before)
    };
    let pronoun = words.has(WordList::Pronoun, &o.name) && o.mention >= Mention::Weak;
    let kind = pronoun || words.has(WordList::OnlyAKind, &o.name) && o.mention != Mention::Anonymised;
    // 「To形式」, 「支援給付金」: a thing in quotation marks.
    let thing = o.mention >= Mention::Weak
        && matches!(o.kind, OrganizationKind::Unknown | OrganizationKind::Service)
        && o.mention != Mention::Anonymised
        && words.has(WordList::Thing, &o.name);
    // 大手メーカーなど3社のサイトが: all of those who are named below.
    let sums_up_below = || {
        let behind = text[o.span.end..sentence.end].strip_prefix("など").unwrap_or_default();
        let kind = behind.trim_start_matches(['の', '計', '約']).trim_start_matches(|c: char| c.is_ascii_digit());
        kind.len() < behind.len() && words.has(WordList::CountedHouse, kind)
    };
    // 甲、乙と大手銀行で: what sums up the names before it.
    let sums_up = o.mention == Mention::Anonymised
        && (text[..o.span.start].ends_with(['と', 'ど']) || sums_up_below())
        // 取り引きのある企業
        || o.name.starts_with("ある") && text[..o.span.start].ends_with(['の', 'で', 'に']);
    if address
        || kind
        || thing
        || sums_up
        || attacks
        || asks()
        || words.has(WordList::Event, &o.name)
        || words.has(WordList::Technique, &o.name)
    {
        return false;
    }
    // date 2031-02-03 霧影市は…: the mark of a stored page.
    o.mention != Mention::FirstPerson && o.name != "date" && (o.onlooker.is_none() && !watches || watches && own_loss())
}
