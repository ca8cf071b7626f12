//! What is withdrawn is gone from everything that shows records, and stays gone.
#![allow(clippy::unwrap_used)]

use common::{FIRST, TEXT, at, notice, review, with_notice};
use rouei_model::{ReviewAction, ReviewField};
use rouei_store::{DocumentOutcome, NewWithdrawal, Store};

mod common;

fn decision(url: &str) -> NewWithdrawal {
    let decided = at("2025-06-01T00:00:00Z");
    NewWithdrawal { url: url.into(), reason: "依頼による".into(), reviewer: "reviewer".into(), decided }
}

fn standing(store: &Store) -> usize {
    store.export_rows().unwrap().len()
}

#[test]
fn a_withdrawal_outlives_extraction_and_can_be_taken_back() {
    let store = with_notice();
    let url = notice().document.url.unwrap();
    assert_eq!(standing(&store), 2);
    review(&store, FIRST, ReviewField::Record, ReviewAction::Accept, None);

    let effect = store.withdraw(&decision(&url)).unwrap();
    assert_eq!((effect.decided, effect.documents, effect.disclosures), (true, 1, 2));
    assert_eq!(store.withdraw(&decision(&url)).unwrap(), Default::default());
    assert_eq!((standing(&store), store.review_queue(None).unwrap().len()), (0, 0));
    assert!(store.standing_records().unwrap().is_empty());
    let document = store.document(&notice().document.id).unwrap().unwrap();
    assert_eq!((document.text, document.extraction.document.title), (None, None));
    // The review is kept, the claims that it was about are not.
    let kept = store.disclosure(FIRST).unwrap();
    assert_eq!((kept.reviews.len(), kept.row.withdrawn), (1, true));
    assert!(kept.machine.organizations.is_empty() && kept.machine.counts.is_empty());

    // However often the page is read again.
    let capture = document.capture;
    for _ in 0..2 {
        let outcome = store.put_extraction(capture, &notice(), Some(TEXT)).unwrap();
        assert_eq!((outcome.document, outcome.new), (DocumentOutcome::Withdrawn, 0));
        assert_eq!(standing(&store), 0);
        assert_eq!(store.document(&notice().document.id).unwrap().unwrap().text, None);
        assert!(store.captures_without_document().unwrap().is_empty());
    }

    assert!(store.reinstate(&decision(&url)).unwrap());
    assert!(!store.reinstate(&decision(&url)).unwrap());
    let outcome = store.put_extraction(capture, &notice(), Some(TEXT)).unwrap();
    assert_eq!((outcome.document, outcome.new), (DocumentOutcome::Changed, 2));
    assert_eq!(standing(&store), 2);
    assert_eq!(store.extraction(&notice().document.id).unwrap().unwrap().disclosures, notice().disclosures);
}

#[test]
fn an_address_can_be_withdrawn_before_it_is_read() {
    let store = Store::open_in_memory().unwrap();
    let url = notice().document.url.unwrap();
    assert!(store.withdraw(&decision(&url)).unwrap().decided);
    let outcome = store.put_extraction(None, &notice(), Some(TEXT)).unwrap();
    assert_eq!(outcome.document, DocumentOutcome::Withdrawn);
    assert_eq!(store.document(&notice().document.id).unwrap().unwrap().extraction.document.title, None);
    // Another page is none of its business.
    let mut other = notice();
    other.document.url = Some(format!("{url}?page=2"));
    other.document.id = "d0c0000000000099".into();
    for disclosure in &mut other.disclosures {
        disclosure.id = disclosure.id.replace("d15c", "d15d");
    }
    assert_eq!(store.put_extraction(None, &other, Some(TEXT)).unwrap().new, 2);
    assert_eq!(store.addresses().unwrap(), [url.clone(), format!("{url}?page=2")]);
}
