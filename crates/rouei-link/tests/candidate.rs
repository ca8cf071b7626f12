//! What linking takes of a record of the contract.

#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use rouei_link::{Candidate, Count, Party, Rules, link};
use rouei_model::{
    Bound, CauseClaim, CauseCode, CauseCodings, CountClaim, CountScope, CountSubject, DateClaim, DateKind,
    DatePrecision, Derivation, Disclosure, DocumentKind, DocumentRecord, Event, HeadlineCount, OrganizationClaim,
    OrganizationRole, SourceTier, Stage,
};

#[test]
fn a_record_becomes_a_candidate() {
    let found = Candidate::of(&document(), &disclosure());
    let expected = Candidate {
        id: "doc1-1".to_owned(),
        document: "doc1".to_owned(),
        url: Some("https://city.example/1".to_owned()),
        parties: vec![Party {
            name: "みぎわ市教育委員会".to_owned(),
            aliases: vec!["市教委".to_owned(), "みぎわ市教委".to_owned()],
            role: OrganizationRole::Victim,
            anonymised: false,
        }],
        causes: vec![CauseCode::Loss],
        headline: Some(Count { value: 311, unit: "人".to_owned(), as_of: Some(date(2025, 4, 2)) }),
        counts: vec![Count { value: 311, unit: "人".to_owned(), as_of: Some(date(2025, 4, 2)) }],
        announced: Some((date(2025, 4, 3), date(2025, 4, 3))),
        occurred: Some((date(2025, 3, 1), date(2025, 3, 31))),
        discovered: None,
        published: Some(date(2025, 4, 4)),
        event: Event::Incident,
        stage: Stage::First,
        tier: SourceTier::Official,
    };
    assert_eq!(found, expected);
    assert_eq!(found.notice(), Some(date(2025, 4, 3)));
}

#[test]
fn a_candidate_given_twice_is_one_member_and_later_articles_keep_the_id() {
    let rules = Rules::built_in().unwrap();
    let first = Candidate::of(&document(), &disclosure());
    let press = Candidate {
        id: "a-press".to_owned(),
        document: "doc2".to_owned(),
        url: None,
        tier: SourceTier::Press,
        ..first.clone()
    };
    let alone = link(&rules, &[first.clone(), first.clone()], &[]);
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].members.len(), alone[0].members[0].score), (1, 1.0));
    assert!(alone[0].members[0].reasons.is_empty() && alone[0].parts.is_empty());
    let both = link(&rules, &[press, first], &[]);
    assert_eq!(both.len(), 1);
    assert_eq!((both[0].id.as_str(), both[0].lead.as_str()), ("i-doc1-1", "doc1-1"));
    assert_eq!(alone[0].id, both[0].id);
    let reason = &both[0].members[0].reasons[0];
    assert_eq!(
        (reason.label.as_str(), reason.detail.as_str()),
        ("組織名が同じ", "みぎわ市教育委員会 = みぎわ市教育委員会")
    );
}

fn document() -> DocumentRecord {
    DocumentRecord {
        id: "doc1".to_owned(),
        path: None,
        url: Some("https://city.example/1".to_owned()),
        warc_record: None,
        captured: None,
        sha256: String::new(),
        text_sha256: String::new(),
        title: None,
        publisher: None,
        published: Some(date(2025, 4, 4)),
        charset: None,
        kind: DocumentKind::PressRelease,
        source_tier: SourceTier::Official,
        text_chars: 0,
        text: None,
    }
}

fn disclosure() -> Disclosure {
    let day = |kind, from, to, precision| DateClaim {
        id: "d".to_owned(),
        kind,
        date_from: Some(from),
        date_to: Some(to),
        precision,
        confidence: 0.9,
        rule: "r".to_owned(),
        evidence: Vec::new(),
    };
    Disclosure {
        id: "doc1-1".to_owned(),
        organizations: vec![OrganizationClaim {
            id: "o1".to_owned(),
            name: "みぎわ市教委".to_owned(),
            canonical: "みぎわ市教育委員会".to_owned(),
            legal_form: None,
            ticker: None,
            aliases: vec!["市教委".to_owned()],
            role: OrganizationRole::Victim,
            anonymised: false,
            confidence: 0.9,
            rule: "r".to_owned(),
            evidence: Vec::new(),
        }],
        counts: vec![
            count("c1", Some(311), CountSubject::PersonalData),
            count("c2", Some(30_000), CountSubject::MailsSent),
            count("c3", None, CountSubject::Card),
        ],
        headline_count: Some(HeadlineCount {
            claim: Some("c1".to_owned()),
            value: 311,
            unit: "人".to_owned(),
            bound: Bound::Exact,
            approx: false,
            scope: CountScope::Unstated,
            derived: Derivation::Stated,
            confidence: 0.9,
        }),
        causes: vec![CauseClaim {
            id: "k1".to_owned(),
            code: CauseCode::Loss,
            label: "紛失".to_owned(),
            source_label: None,
            codings: CauseCodings::default(),
            vulnerabilities: Vec::new(),
            confidence: 0.9,
            rule: "r".to_owned(),
            evidence: Vec::new(),
        }],
        dates: vec![
            day(DateKind::Occurred, date(2025, 3, 1), date(2025, 3, 31), DatePrecision::Month),
            day(DateKind::Reported, date(2025, 4, 5), date(2025, 4, 5), DatePrecision::Day),
            day(DateKind::Announced, date(2025, 4, 3), date(2025, 4, 3), DatePrecision::Day),
        ],
        data_types: Vec::new(),
        card_data: None,
        leak_status: None,
        event: Event::Incident,
        stage: Stage::First,
        report_types: Vec::new(),
        effect: Vec::new(),
        leaked_by: None,
        confidence: 0.9,
        needs_review: false,
        issues: Vec::new(),
    }
}

fn count(id: &str, value: Option<u64>, subject: CountSubject) -> CountClaim {
    CountClaim {
        id: id.to_owned(),
        value,
        max_value: None,
        unit: "人".to_owned(),
        bound: Bound::Exact,
        approx: false,
        cumulative: false,
        scope: CountScope::Unstated,
        subject,
        part_of: None,
        undisclosed: None,
        as_of: Some(date(2025, 4, 2)),
        confidence: 0.9,
        rule: "r".to_owned(),
        evidence: Vec::new(),
    }
}
