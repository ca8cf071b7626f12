//! The cue of the clause that a date stands in.

use rouei_model::DateKind;

use super::classify::{Setting, Tried, Verdict};
use super::lexicon::{DateLexicon, Pattern};
use super::words::WordList;
use crate::pattern::{Match, Regex};

/// The best cue of the clause, if its weight is at least `floor`.
pub(super) fn by_clause(
    tried: &Tried<'_, '_>,
    lexicon: &DateLexicon,
    setting: Setting,
    which: impl Fn(&Pattern) -> bool,
) -> Option<Verdict> {
    let around = tried.around;
    let adverbial = around.entry
        || around.after.starts_with(['、', ','])
        || ["に、", "には", "になって、", "になり、"].iter().any(|w| around.after.starts_with(w));
    let mut best: Option<(f64, usize, &Pattern)> = None;
    let mut acts: Option<usize> = None;
    let mut first_act: Option<usize> = None;
    let mut noticed: Option<(f64, usize, &Pattern)> = None;
    let mut noticings: Vec<(usize, f64, &Pattern)> = Vec::new();
    for (_, cue) in tried.cues(lexicon).filter(|(n, c)| which(c) && tried.matches(*n, c, setting)) {
        // The predicate of the main clause stands last; に ties the date to the verb that comes first.
        let found = cue.after.as_ref().and_then(|p| {
            let own = |m: &Match<'_>| cue.kind != Some(DateKind::Occurred) || !said(&around.after, m.start(), lexicon);
            if adverbial {
                p.find_iter(&around.after).filter(own).last()
            } else {
                first_of(p, &around.after, lexicon).filter(own)
            }
        });
        if found.is_none() && cue.after.is_some() {
            continue;
        }
        let found = found.map_or(0, |m| m.start());
        let passed = &around.after[..found];
        // 4月5日、発送した書類に…混入していたことが、後日の問い合わせで判明した: that was another day.
        if cue.kind == Some(DateKind::Discovered) && cue.after.is_some() && lexicon.voice.later.is_match(passed) {
            continue;
        }
        let (letters, clauses) = distance(passed);
        // An event that is none of ours takes a date only from close by.
        let cost = match (adverbial, cue.kind.is_some()) {
            (true, true) => 0.05 * (clauses - 1.0).max(0.0) + 0.001 * letters,
            (true, false) => 0.15 * (clauses - 1.0).max(0.0) + 0.001 * letters,
            (false, true) => 0.1 * clauses + 0.006 * letters,
            (false, false) => 0.1 * clauses + 0.02 * letters,
        };
        let nominal = match adverbial {
            true if lexicon.lists.has(WordList::ComplementEnd, passed) => 0.12,
            false if lexicon.lists.has(WordList::ComplementInside, passed) => -0.15,
            false if cue.id == "discovered-word-of" => -0.15,
            _ => 0.0,
        };
        // 9月30日に、他市で事故が発生したとの報道を見て…: what was heard of is not what happened that day.
        let heard = cue.kind == Some(DateKind::Occurred) && holds(lexicon, WordList::Heard, &around.after[found..]);
        let score = cue.weight - cost.min(0.6) + nominal - if heard { 0.25 } else { 0.0 };
        if cue.kind == Some(DateKind::Occurred) && cue.after.is_some() {
            first_act = Some(first_act.map_or(found, |a| a.min(found)));
        }
        if cue.kind == Some(DateKind::Occurred)
            && let Some(pattern) = &cue.after
            && let Some(act) = pattern.find_iter(&around.after).find(|m| {
                // A pattern that begins at the date begins at the comma behind it.
                let act = around.after[m.start()..].trim_start_matches('、');
                !holds(lexicon, WordList::Told, act) && !said(&around.after, m.start(), lexicon)
            })
        {
            acts = Some(acts.map_or(act.start(), |a| a.min(act.start())));
        }
        if cue.kind == Some(DateKind::Discovered) && noticed.is_none_or(|(s, ..)| score > s) {
            noticed = Some((score, found, cue));
        }
        if cue.kind == Some(DateKind::Discovered)
            && let Some(pattern) = &cue.after
        {
            noticings.extend(pattern.find_iter(&around.after).map(|m| (m.start(), score, cue)));
        }
        if best.is_none_or(|(s, ..)| score > s) {
            best = Some((score, found, cue));
        }
    }
    // 今月12日、名簿が流出しているのではないかと電話がありました: the main clause tells of the call.
    let told_of = |(_, found, cue): &(f64, usize, &Pattern)| {
        adverbial && cue.kind == Some(DateKind::Occurred) && holds(lexicon, WordList::Told, &around.after[*found..])
    };
    if best.as_ref().is_some_and(told_of) && noticed.is_some_and(|(score, ..)| score >= 0.55) {
        best = noticed;
    }
    // What happened stands in what was noticed. A date with a comma belongs to the verb of noticing: 12月14日、ファイルが暗号化
    // され、読み取れないことを確認. One tied by に belongs to it where what was noticed is possible or lasts, or was
    // noticed by a look: 6月10日に流出した可能性があることが判明した, 10月初旬に名簿を紛失したことに気づいた.
    // The call of a deceiver holds no news of what happened; it is what happened.
    if let Some((_, occurred, happened @ Pattern { kind: Some(DateKind::Occurred), .. })) = best
        && !matches!(happened.id.as_str(), "occurred-pretext" | "occurred-led")
        && !around.range
        && let Some((that, score, cue)) = noticings
            .into_iter()
            .filter(|(that, ..)| *that > occurred && holds_what_happened(&around.after, occurred, *that, lexicon))
            .min_by_key(|(that, ..)| *that)
    {
        let told = &around.after[occurred..that];
        // アカウントが8月11日に不正にアクセスされ…可能性があることが判明した: what が marks acts in what was noticed.
        let inquired = around.several && !around.coarse
            || around.before.ends_with('が')
            || lexicon.voice.inquired.is_match(around.before);
        let lasting = lexicon.voice.found_to_be.is_match(told) && (!inquired || around.next);
        if adverbial || lasting || lexicon.lists.has(WordList::NoticedThat, told) {
            best = Some((score.max(0.5), that, cue));
        }
    }
    // 7月3日に保守業者から、サイトが改ざんされている旨の通報があった: whoever it came from told of it.
    if let (Some((_, occurred, Pattern { kind: Some(DateKind::Occurred), .. })), Some(that)) = (best, noticed)
        && !adverbial
        && occurred < that.1
        && matches!(that.2.id.as_str(), "discovered-told" | "discovered-word-of" | "discovered-contacting")
        && from_somebody(&around.after[..occurred])
        && (that.0 >= 0.4 && holds(lexicon, WordList::Told, &around.after[occurred..])
            // 事業者より、サーバーが感染したが、漏えいはないとの報告があり: all of it was told.
            || that.2.id == "discovered-word-of" && !around.after[occurred..that.1].contains('。'))
    {
        best = Some((that.0.max(0.5), that.1, that.2));
    }
    // 14日朝に感染を確認後、遮断した; 同日15時に指摘を受けて非公開とした: what was done about it came second.
    if let (Some((_, _, answer)), Some(first)) = (best, noticed)
        && (answer.kind.is_none() || answer.kind == Some(DateKind::Exposed))
        && first.0 >= 0.45
        && let Some(done) = answer.after.as_ref().and_then(|p| p.find(&around.after)).map(|m| m.end())
        && first.1 < done
        && lexicon.voice.and_then.is_match(&around.after[first.1..done])
    {
        best = noticed;
    }
    let (score, found, cue) = best?;
    let fade = if score < 0.5 { 0.8 } else { 1.0 };
    let mut verdict = match cue.kind {
        Some(kind) => Verdict::new(Some(kind), &cue.id, cue.confidence * fade),
        None => Verdict::rejected(&cue.id),
    };
    // 7日に…資料を交付した: the setting, if another day tells of the harm.
    if cue.id == "occurred-act" && !lexicon.voice.harm.is_match(tried.line) {
        verdict.confidence *= 0.7;
    }
    if around.bracketed && cue.kind == Some(DateKind::Announced) {
        verdict.confidence *= 0.6;
    }
    verdict.snatched = cue.kind == Some(DateKind::Occurred) && lexicon.voice.snatched.is_match(&around.after);
    verdict.acted =
        cue.kind == Some(DateKind::Discovered) && (acts.is_some_and(|a| a < found) || acted(tried, found, lexicon));
    verdict.act_inside = cue.kind == Some(DateKind::Discovered)
        && adverbial
        && around.after[..found].ends_with("ことが")
        && ["わかりました。", "分かりました。", "わかった。", "分かった。"]
            .iter()
            .any(|w| around.after[found..].starts_with(w))
        && first_act.is_some_and(|act| act < found);
    verdict.noticed_loss = cue.kind == Some(DateKind::Discovered) && lexicon.lists.has(WordList::Gone, &around.after);
    Some(verdict)
}

/// Whether the verb of noticing at `that` holds what happened at `act`: a word that makes a noun of a clause (こと, との, 痕跡)
/// stands between them, and no other verb behind it.
fn holds_what_happened(clause: &str, act: usize, that: usize, lexicon: &DateLexicon) -> bool {
    let told = &clause[act..that];
    // Not where it was noticed later.
    if told.contains('。') || lexicon.voice.later.is_match(told) {
        return false;
    }
    let Some(joint) = lexicon.voice.complement.find_iter(told).last() else { return false };
    let behind = &told[joint.end()..];
    let clauses = behind.matches('、').count();
    let verb =
        |clause: &str| lexicon.voice.own_verb.is_match(clause) && !lexicon.lists.has(WordList::Postposition, clause);
    !behind.split('、').take(clauses).any(verb)
}

/// Letters and clauses between a date and a cue. What somebody said counts as a word: 10月8日に会員から「…」との連絡が.
fn distance(passed: &str) -> (f64, f64) {
    let (mut letters, mut clauses, mut quoted) = (0_u16, 0_u16, false);
    for c in passed.chars() {
        quoted = quoted && c != '」' || c == '「';
        letters = letters.saturating_add(u16::from(!quoted));
        clauses = clauses.saturating_add(u16::from(!quoted && matches!(c, '、' | '。' | ',')));
    }
    (letters.into(), clauses.into())
}

/// The first match that tells of the day, not of persons: 2月2日に登録されている方の…が漏えいした.
fn first_of<'t>(pattern: &Regex, clause: &'t str, lexicon: &DateLexicon) -> Option<Match<'t>> {
    let of_persons = |m: &Match<'_>| lexicon.voice.attributive.is_match(&clause[m.start()..]);
    pattern.find_iter(clause).find(|m| !of_persons(m))
}

/// 保守業者から、委託先より、: but not 不正アクセスにより、.
fn from_somebody(passed: &str) -> bool {
    // 請求者から: a noun, but no time.
    let noun = |at: usize| {
        let last = passed[..at].chars().next_back();
        last.is_some_and(|c| {
            (('一'..='龠').contains(&c) || ('ァ'..='ー').contains(&c)) && !"日時分月年頃朝夜点".contains(c)
        })
    };
    passed.contains("から、")
        || passed.match_indices("から").any(|(at, _)| noun(at))
        || passed.match_indices("より、").any(|(at, _)| !passed[..at].ends_with('に'))
}

/// Whether a place stands in what somebody said: 「個人情報を閲覧できる」といった通報.
fn said(clause: &str, at: usize, lexicon: &DateLexicon) -> bool {
    let Some(open) = clause[..at].rfind('「') else { return false };
    if clause[open..at].contains('」') {
        return false;
    }
    // 「…」「…」といった問い合わせ: one behind the other.
    let mut behind = clause[at..].split_once('」').map(|(_, behind)| behind);
    while let Some(next) = behind.and_then(|b| b.trim_start_matches(['、', 'や', ' ']).strip_prefix('「')) {
        behind = next.split_once('」').map(|(_, behind)| behind);
    }
    behind.is_some_and(|behind| lexicon.lists.has(WordList::Said, behind))
}

/// Whether something was done that day before it was noticed: 切り替えを行ったところ…発覚, 15:58 再送 16:18 発覚.
fn acted(tried: &Tried<'_, '_>, found: usize, lexicon: &DateLexicon) -> bool {
    let passed = &tried.around.after[..found];
    let voice = &lexicon.voice;
    let times = voice.clock.find_iter(passed).count() + usize::from(tried.around.time);
    voice.acted_so.is_match(passed) || times >= 2 && !voice.noticed.is_match(passed)
}

/// Whether a word of a list stands in the clause that begins here.
fn holds(lexicon: &DateLexicon, list: WordList, clause: &str) -> bool {
    lexicon.lists.has(list, clause.split(['、', '。']).next().unwrap_or(clause))
}
