//! Those to whom something was sent: the affected, where everybody saw everybody or each got the mail of another.

use rouei_model::CountSubject;

use super::lexicon::{CountLexicon, UnitClass};
use super::relation::{front, gap, place_index, place_of, tail};
use super::{CountFinding, Place};

/// Recipients who are not the affected leave X of "XのうちY" a population; where the text gives no other figure and
/// everybody saw everybody's address, they are the affected.
pub(crate) fn recipients(findings: &mut [CountFinding], places: &[Place<'_>], lexicon: &CountLexicon) {
    let received = |f: &CountFinding| f.rejected.as_deref() == Some("recipient");
    for i in 0..findings.len() {
        let population = received(&findings[i])
            && i > 0
            && findings[i - 1].rejected.is_none()
            && findings[i - 1].sentence == findings[i].sentence
            && gap(findings, i - 1, i, places).trim_start_matches('分').starts_with("のうち");
        if population {
            findings[i - 1].subject = CountSubject::Population;
        }
        // 26名のうち2名を停職: all of them are staff.
        let staff = i > 0
            && findings[i].rejected.as_deref() == Some("sanctioned")
            && findings[i - 1].rejected.is_none()
            && findings[i - 1].sentence == findings[i].sentence
            && gap(findings, i - 1, i, places).starts_with("のうち");
        if staff {
            findings[i - 1].rejected = Some("sanctioned".to_owned());
        }
    }
    // 年金受給者96万人に別人の通知書を発送した: each of them got somebody else's, so as many were sent out wrongly.
    for i in 0..findings.len() {
        let alone = |f: &CountFinding| f.rejected.is_some() || f.sentence != findings[i].sentence;
        // 受験者3,211名に通知を送る際、1名に別の受験者の通知を送った: those who got it are the few.
        let fewer = |me: &CountFinding| {
            let other = |f: &CountFinding| received(f) && f.sentence == me.sentence && f.value < me.value;
            findings.iter().any(other)
        };
        // 会員8,361人に配信した際、14人に別の会員の氏名を送った: the few of many are those whose mail went wrong.
        let few = |me: &CountFinding| {
            findings[..i].iter().any(|f| received(f) && f.sentence == me.sentence && f.value > me.value)
        };
        // 封入する書類を取り違え、12名に別の方の報告書を送った: theirs went to each other.
        let mixed_up = |me: &CountFinding| {
            me.value.is_some_and(|v| v >= 2) && lexicon.cues.mixed_up.is_match(place_of(me, places).text)
        };
        if received(&findings[i])
            && (findings[i].value.is_some_and(|v| v >= MANY) || few(&findings[i]) || mixed_up(&findings[i]))
            && lexicon.cues.swapped.is_match(place_of(&findings[i], places).text)
            && findings.iter().all(alone)
            && !fewer(&findings[i])
        {
            accept(&mut findings[i], "recipients_swapped", CountSubject::PersonalData);
        }
    }
    let leads = |f: &CountFinding| f.rejected.is_none() && f.value.is_some() && f.subject != CountSubject::Population;
    if findings.iter().any(|f| leads(f) && f.tied) {
        return;
    }
    for i in 0..findings.len() {
        let at = place_index(findings, i, places);
        let around = &places[at.saturating_sub(2)..places.len().min(at + 3)];
        let exposed = around.iter().any(|p| lexicon.cues.recipients_exposed.is_match(p.text));
        // メールの送信件数は657件: as many as got one.
        let f = &findings[i];
        let mailed = f.rejected.as_deref() == Some("mails_sent")
            && f.unit == "件"
            && lexicon.cues.quantity.is_match(tail(front(f, places), 6));
        if (received(f) || mailed) && f.class <= UnitClass::Record && exposed {
            accept(&mut findings[i], "recipients_exposed", CountSubject::EmailAddress);
        }
    }
}

/// From so many on, wrong mail means that each got the mail of another; below, that one thing went to a few.
const MANY: u64 = 100;

/// Recipients who are the affected after all.
fn accept(finding: &mut CountFinding, rule: &str, subject: CountSubject) {
    finding.rejected = None;
    finding.subject = subject;
    rule.clone_into(&mut finding.rule);
    finding.confidence = 0.6;
    finding.tied = true;
}
