//! Entries of a ranking or a list of articles, and list lines of a name and its figure.

use jiff::civil::Date;
use rouei_model::{BlockKind, Span};

use super::labels::{Label, label_of};
use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, Onlooker, OrganizationFinding, OrganizationKind};
use crate::reading::Reading;
use crate::script::is_alphanumeric;

/// A line of two labels that ask for an organization and a figure.
fn heads_names(words: &IncidentLexicon, line: &str) -> bool {
    let asks =
        |label: Label| line.split([' ', '\t', '/', '|']).any(|w| super::labels::classify(words, w) == Some(label));
    line.chars().count() <= 40 && asks(Label::Organization) && asks(Label::Count)
}

/// A headline followed by 原因:, 件数:, page views or its address.
pub(super) fn entries(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
) -> Vec<Incident> {
    let mut found = Vec::new();
    let mut sentence = 0;
    while sentence < reading.sentences.len() {
        let end = entry_end(words, reading, sentence);
        if end > sentence + 1
            && (is_headline(words, reading.sentence_text(sentence)) || is_ranked(reading, sentence))
            && let Some(lead) = headline_organization(words, reading, organizations, sentence)
                .or_else(|| named_by_rank(words, reading, sentence))
        {
            let reported = (sentence..end).find_map(|s| date_in_address(reading.sentence_text(s)));
            found.push(Incident {
                sentences: vec![sentence..end],
                lead: Some(lead),
                shape: Shape::Entry,
                counts: None,
                reported,
                service: None,
            });
            sentence = end;
        } else {
            sentence += 1;
        }
    }
    found
}

/// `セディアカード 15万8,248件`: at least two lines in a row, each a name and a figure and little else. `roundup`: the page
/// is known to tell of several.
pub(super) fn lines(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
    roundup: bool,
    own: bool,
) -> Vec<Incident> {
    let mut runs: Vec<Vec<Incident>> = vec![Vec::new()];
    let mut announced = false;
    let mut total = false;
    let mut headed = false;
    for (sentence, entry) in reading.sentences.iter().enumerate() {
        let text = entry.span.of(reading.text());
        // サービス 不正ログイン件数: below it stand names, known or not.
        headed = headed
            || heads_names(words, text)
            || words.has(WordList::Clients, text) && words.has(WordList::ListFollows, text);
        announced = announced || words.has(WordList::Announcing, text);
        // Figures stand in the order of the text.
        let first = counts.partition_point(|c| c.sentence < sentence);
        let own = || counts[first..].iter().take_while(|c| c.sentence == sentence);
        total |= own().any(|c| c.total && c.rejected.is_none());
        let line = own().find(|c| c.value.is_some()).and_then(|count| {
            name_before(words, reading, organizations, entry.span, count.span, headed).map(|lead| (lead, count))
        });
        match line {
            Some((lead, _)) if text.chars().count() <= 80 && !text.ends_with('。') => {
                let incident = Incident::line(sentence, lead);
                if let Some(run) = runs.last_mut() {
                    run.push(incident);
                }
            }
            _ => runs.push(Vec::new()),
        }
    }
    // 10万件以上の得意先は次のとおり。: a list of whose information a contractor lost, each of them hit.
    let clients = !own
        && runs.iter().any(|run| {
            run.len() >= 3 && {
                let above = run[0].sentences[0].start.saturating_sub(4)..run[0].sentences[0].start;
                let has = |list| above.clone().any(|s| words.has(list, reading.sentence_text(s)));
                has(WordList::Clients) && has(WordList::ListFollows)
            }
        });
    // Parts of one incident look the same; there somebody announces and a total is stated.
    if !roundup && !clients && (announced || total) {
        return Vec::new();
    }
    runs.into_iter().filter(|run| run.len() >= 2).flatten().collect()
}

fn entry_end(words: &IncidentLexicon, reading: &Reading, sentence: usize) -> usize {
    let mut end = sentence + 1;
    while end < reading.sentences.len() {
        let text = reading.sentence_text(end);
        let figures = label_of(words, reading, end)
            .is_some_and(|(l, _)| matches!(l, Label::Cause | Label::Count | Label::Date))
            || matches!(reading.block(end).kind, BlockKind::Key);
        let address = text.starts_with("http://") || text.starts_with("https://");
        let views = words.has(WordList::PageViews, text);
        if !(figures || address || views) || end > sentence + 8 || is_rank(text) {
            break;
        }
        end += 1;
    }
    end
}

/// `**1位` before its colon: the key of a name, not of a figure.
fn is_rank(text: &str) -> bool {
    behind_rank(text).is_some_and(str::is_empty)
}

/// The value of a key that is a rank.
fn is_ranked(reading: &Reading, sentence: usize) -> bool {
    let keys = &reading.sentences[sentence].labels;
    keys.first().is_some_and(|&key| is_rank(reading.sentence_text(key)))
}

/// `1位 霧影宅配`: what stands behind a rank is a name, known or not.
pub(super) fn named_by_rank(
    words: &IncidentLexicon,
    reading: &Reading,
    sentence: usize,
) -> Option<OrganizationFinding> {
    let span = reading.sentences[sentence].span;
    let line = span.of(reading.text());
    let rest = behind_rank(line).or_else(|| is_ranked(reading, sentence).then_some(line))?;
    // Adobe(2013年)
    let rest = rest.split_once('(').filter(|(name, _)| name.chars().count() >= 2).map_or(rest, |(name, _)| name);
    let name = rest.trim_matches(['*', '「', '」', ' ', '】', '『', '』']);
    let plain = (2..=25).contains(&name.chars().count())
        && !name.contains(|c: char| "をがはにで。、:".contains(c))
        && !words.has(WordList::Headline, name);
    let start = span.start + line.find(name).filter(|_| plain)?;
    Some(super::unknown::unknown_name(sentence, Span::new(start, start + name.len()), name, Mention::Weak))
}

fn is_headline(words: &IncidentLexicon, text: &str) -> bool {
    let length = text.chars().count();
    (8..=120).contains(&length) && !text.ends_with('。') && words.has(WordList::Headline, text)
        || length <= 120 && behind_rank(text).is_some()
}

/// Whom a headline is about: who is attacked, whose name opens it, who stands behind a dash at its end.
pub(super) fn headline_organization(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    sentence: usize,
) -> Option<OrganizationFinding> {
    let span = reading.sentences[sentence].span;
    let text = reading.text();
    let head = skip_rank(span.of(text));
    let opening = span.end - head.len();
    let mut best: Option<(i32, &OrganizationFinding)> = None;
    for finding in organizations.iter().filter(|f| f.sentence == sentence) {
        if matches!(finding.onlooker, Some(Onlooker::Product | Onlooker::Media))
            || finding.mention == Mention::FirstPerson
        {
            continue;
        }
        let before = Span::new(opening.min(finding.span.start), finding.span.start).of(text);
        let after = Span::new(finding.span.end, span.end).of(text).trim_start_matches(['」', '』', '"', '”']);
        let attacked = words.has(WordList::Attacked, after);
        let opens = before.chars().all(|c| !is_alphanumeric(c));
        let closes = after.trim().is_empty() && before.trim_end().ends_with(['-', '~', '|']);
        let mut score = 0;
        score += if attacked { 4 } else { 0 };
        score += if opens { 4 } else { 0 };
        score += if closes { 4 } else { 0 };
        score += match finding.mention {
            Mention::LegalForm | Mention::Suffix => 3,
            Mention::Weak => 2,
            _ => 0,
        };
        // 「出前亭」アカウント情報が…: a quotation in a headline is a name if nothing better stands there.
        score += if finding.quoted { 4 } else { 0 };
        score += i32::from(words.has(WordList::HeadlineParticle, after));
        // 広島県警の警察官住所録が流出: not who arrests.
        let pursues = !opens || words.has(WordList::Arrest, after);
        let police = finding.kind == OrganizationKind::Police && pursues;
        let onlooker = finding.kind != OrganizationKind::Police && finding.onlooker.is_some();
        score -= if police || onlooker { 6 } else { 0 };
        if score >= 4 && best.is_none_or(|(s, b)| score > s || (score == s && finding.span.start < b.span.start)) {
            best = Some((score, finding));
        }
    }
    best.map(|(_, f)| f.clone())
}

/// What stands behind `3位:`, `**第3位 `, `【3位】`.
fn behind_rank(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(['*', '#', ' ', '【', '■', '●', '・', '-', '第', '◆']);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start().strip_prefix('位')?;
    let ranked = rest.is_empty()
        || rest.starts_with([':', ' ', '、', '】', '「', '.', '-'])
        || rest.starts_with(char::is_alphabetic);
    let particle = rest.starts_with(['は', 'に', 'が', 'の', 'で', 'と', 'を', 'も', 'か', 'ま']);
    (rest.len() < bare.len() && bare.len() - rest.len() <= 8 && ranked && !particle)
        .then(|| rest.trim_start_matches([':', ' ', '、', '】', '.', '-']))
}

/// `3位:`, `【10月】`, `1.` before a headline.
pub(super) fn skip_rank(text: &str) -> &str {
    let mut rest = behind_rank(text).or_else(|| super::naming::behind_case(text)).unwrap_or(text);
    // <不動産業界> like 【…】, where a title goes on behind it.
    if let Some(at) = rest.strip_prefix('<').and_then(|inner| inner.find('>')).filter(|at| *at <= 45) {
        rest = &rest[at + 2..];
    }
    if rest.starts_with('【')
        && let Some(at) = rest.find('】')
    {
        rest = &rest[at + '】'.len_utf8()..];
    }
    // 2031年5月:霧影市
    let date = rest.find(|c: char| !c.is_ascii_digit() && !"年月日/.-".contains(c)).unwrap_or(0);
    let rest = match rest[date..].strip_prefix([':', '、', ' ']) {
        Some(tail) if date >= 6 => tail,
        _ => rest,
    };
    let rest = rest.trim_start_matches(['◎', '■', '◆', '●', '▼', '□', '◇', '★', '▽', '第', '(', ' ']);
    // 3. 霧影市, 27■霧影市, ①霧影市
    let bare = rest.trim_start_matches(|c: char| c.is_ascii_digit() || ('①'..='⓿').contains(&c));
    let marks = ['.', ')', ':', '、', '■', '◆', '●', ' '];
    let digits = rest.len() - bare.len();
    let numbered = digits > 0 && (bare.starts_with(marks) || rest.starts_with(|c: char| ('①'..='⓿').contains(&c)));
    let rest = if numbered && digits <= 3 { bare.trim_start_matches(marks) } else { rest };
    rest.trim_start()
}

/// The organization that fills a line up to its figure.
fn name_before(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    line: Span,
    count: Span,
    headed: bool,
) -> Option<OrganizationFinding> {
    let text = reading.text();
    let before = Span::new(line.start, count.start).of(text);
    let after = Span::new(count.end, line.end).of(text);
    if after.chars().filter(|&c| is_alphanumeric(c)).count() > 12 {
        return None;
    }
    let bare = before.trim_end_matches(|c: char| !is_alphanumeric(c) && !matches!(c, ')' | '」'));
    let name_text = bare.split('(').next().unwrap_or(bare).trim();
    let name_text = name_text.trim_start_matches(['・', '●', '■', '◆', '○', '□', '▼', '◇', '*', '-', ' ']);
    if name_text.is_empty() || name_text.chars().count() > 45 || name_text.contains(['、', '。', 'を', 'は']) {
        return None;
    }
    // 霧影通信 不正アクセス 88件: what befell it stands behind its name.
    let event =
        |text: &str| [WordList::MishapNoun, WordList::Mishap, WordList::Event].iter().any(|&l| words.has(l, text));
    let name_text = match name_text.split_once([' ', '　']) {
        Some((name, behind)) if event(behind) && !event(name) => name,
        _ => name_text,
    };
    let start = line.start + before.find(name_text)?;
    let span = Span::new(start, start + name_text.len());
    let first = organizations.partition_point(|o| o.span.end <= span.start);
    let known = organizations[first..]
        .iter()
        .take_while(|o| o.span.start < span.end)
        .find(|o| o.span.overlaps(span) && !matches!(o.mention, Mention::FirstPerson));
    // 朔夜峠珈琲オンラインショップ: a shop of common nouns is a name where it fills its line.
    let shop = words.lists().ending(WordList::Shop, name_text).is_some_and(|w| name_text.len() > w.len() + 5);
    let mut lead = match known {
        Some(known) => known.clone(),
        None if shop => OrganizationFinding {
            sentence: reading.sentence_at(start)?,
            span,
            name: String::new(),
            legal_form: None,
            ticker: None,
            kind: OrganizationKind::Service,
            mention: Mention::Bare,
            quoted: false,
            onlooker: None,
        },
        None if headed && !words.has(WordList::TotalRow, name_text) => {
            super::unknown::unknown_name(reading.sentence_at(start)?, span, name_text, Mention::Weak)
        }
        None => return None,
    };
    // 霧影商事の漏洩事例 誤送信が原因で、37件: the name opens the line, and the rest of it tells.
    let rest = name_text.strip_prefix(lead.name.as_str()).filter(|_| lead.span.start == span.start);
    let tells = words.has(WordList::Headline, name_text) || words.has(WordList::KindAttacked, name_text);
    if rest.is_some_and(|r| r.starts_with(['の', 'が', 'で', 'は', ':'])) && tells {
        return Some(lead);
    }
    lead.span = span;
    name_text.clone_into(&mut lead.name);
    Some(lead)
}

/// `/article/2025/04/25/` in an address.
pub(super) fn date_in_address(text: &str) -> Option<Date> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let parts: Vec<&str> = rest.split('/').collect();
    parts.windows(3).find_map(|w| {
        let year: i16 = w[0].parse().ok().filter(|y| (1995..=2060).contains(y))?;
        let month: i8 = w[1].parse().ok()?;
        let day: i8 = w[2].parse().ok()?;
        Date::new(year, month, day).ok()
    })
}
