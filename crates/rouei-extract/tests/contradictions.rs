//! Documents that contradict or revise themselves: what the record says of it.

#![allow(clippy::unwrap_used)]

use rouei_extract::Extractor;
use rouei_model::{Disclosure, Event};
use rouei_text::{Hints, read};

fn record(text: &str) -> Disclosure {
    let hints = Hints { path: Some("notice.txt".into()), published: "2031-03-12".parse().ok(), ..Hints::default() };
    let document = read(text.as_bytes(), &hints);
    Extractor::new().unwrap().extract(&document).disclosures.into_iter().next().unwrap()
}

fn codes(record: &Disclosure) -> Vec<String> {
    record.issues.iter().map(|i| format!("{:?}", i.code)).collect()
}

#[test]
fn a_denied_cause_is_no_claim_and_is_told() {
    let record = record(
        "個人情報の漏えいに関するお詫び\n灯台精機株式会社の会員サイトで、別の会員の氏名が表示されました。\n\
         本件は不正アクセス等により発生したものではなく、プログラムの不具合に起因するものです。",
    );
    let causes: Vec<_> = record.causes.iter().map(|c| c.code.code()).collect();
    assert!(causes.first() == Some(&"system_fault") && !causes.contains(&"unauthorized_access"), "{causes:?}");
    let denied = record.issues.iter().find(|i| format!("{:?}", i.code) == "DeniedCause").unwrap();
    assert!(denied.message.contains("「不正アクセス等により発生したものではなく"), "{}", denied.message);
}

#[test]
fn a_title_against_its_text_goes_to_review() {
    let torn = record(
        "灯台市、職員が個人情報入りUSBメモリーの盗難被害\n灯台市は2日、職員が市民34人の氏名が入ったUSBメモリーを\
         紛失したと発表した。職員は飲食店に立ち寄り、翌朝なくしたことに気付いた。",
    );
    assert_eq!(torn.causes[0].code.code(), "loss");
    assert!(torn.needs_review && torn.causes[0].confidence < 0.7, "{}", torn.causes[0].confidence);
    assert!(codes(&torn).contains(&"ContradictingCauses".to_owned()), "{:?}", torn.issues);
}

#[test]
fn the_words_for_the_cause_stand_among_its_evidence() {
    let record = record(
        "個人情報の漏えいについて\n灯台市は、申込者43人の個人情報が漏えいしたと発表した。\n原因: メールの誤送信\n件数: 43件",
    );
    let cause = &record.causes[0];
    assert_eq!(cause.source_label.as_deref(), Some("メールの誤送信"));
    assert!(cause.evidence.iter().any(|e| e.quote == "メールの誤送信"), "{:?}", cause.evidence);
}

#[test]
fn figures_of_title_and_text() {
    let with_title = |title: &str| {
        let text = "灯台市は3月2日、職員が市民1,240人の個人情報を含むメールを誤送信したと発表した。";
        codes(&record(&format!("{title}\n{text}"))).contains(&"ContradictingCounts".to_owned())
    };
    assert!(with_title("灯台市、1,204人分の個人情報を誤送信"));
    for same in [
        "灯台市、1,240人分の個人情報を誤送信",
        "灯台市、約1,200人分の個人情報を誤送信",
        "灯台市、1,200人の情報を誤送信",
    ] {
        assert!(!with_title(same), "{same}");
    }
}

#[test]
fn days_that_cannot_be_in_this_order() {
    let record = record(
        "個人情報の漏えいについて\n灯台市は、3月2日に受信者からの指摘で漏えいが発覚したと発表した。\
         職員は3月9日に市民20人の個人情報を含むメールを誤送信した。",
    );
    assert!(record.needs_review && codes(&record).contains(&"DoubtfulDate".to_owned()), "{:?}", record.dates);
}

#[test]
fn a_revised_figure_stays_beside_the_new_one() {
    let follow_up = record(
        "情報流出の件数について\n灯台通販株式会社は、不正アクセスによる顧客情報の流出を当初760万件と公表していましたが、\
         調査の結果2,070万件と判明しました。",
    );
    assert_eq!(follow_up.event, Event::FollowUp);
    assert_eq!(follow_up.headline_count.as_ref().map(|h| h.value), Some(20_700_000));
    assert!(follow_up.counts.iter().any(|c| c.value == Some(7_600_000)));
    let correction =
        record("お詫びと訂正\n灯台市が公表した個人情報の漏えいに誤りがありました。漏えいした人数 (誤)120人 (正)102人");
    assert_eq!(correction.event, Event::Correction);
    assert_eq!(correction.headline_count.as_ref().map(|h| h.value), Some(102));
}

#[test]
fn a_figure_has_the_day_that_it_stood_for() {
    let record = record(
        "個人情報漏えいについて\n灯台通販株式会社への不正アクセスで、3月5日時点で顧客1,240人の情報が漏えいした可能性があります。",
    );
    assert_eq!(record.counts[0].as_of, "2031-03-05".parse().ok());
}
