//! Decisions of people: only added, laid over the machine's values, never lost.
#![allow(clippy::unwrap_used)]

use common::{FIRST, SECOND, TEXT, at, notice, review, with_notice};
use rouei_model::{Bound, CauseCode, DataState, Event, ReviewAction, ReviewField, SourceTier};
use rouei_store::{DisclosureFilter, DisclosureRow, NewReview, Store, StoreError};
use rusqlite::Connection;

mod common;

use ReviewAction::{Accept, Correct, Reject};

fn row(store: &Store) -> DisclosureRow {
    store.disclosure(FIRST).unwrap().row
}

/// The field as it stands, in one text.
fn shown(row: &DisclosureRow, field: ReviewField) -> String {
    let range = |from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>| match (from, to) {
        (Some(from), Some(to)) if from == to => from.to_string(),
        (Some(from), Some(to)) => format!("{from}/{to}"),
        _ => "null".into(),
    };
    match field {
        ReviewField::Record => row.rejected.to_string(),
        ReviewField::Organization => row.organization.clone().unwrap_or("null".into()),
        ReviewField::HeadlineCount => match row.headline_value {
            Some(value) => {
                let bound = row.headline_bound.map_or("null", Bound::code);
                format!("{bound} {value}{}", row.headline_unit.as_deref().unwrap_or("null"))
            }
            None => "null".into(),
        },
        ReviewField::Cause => row.cause.map_or("null", CauseCode::code).into(),
        ReviewField::Announced => range(row.announced_from, row.announced_to),
        ReviewField::Occurred => range(row.occurred_from, row.occurred_to),
        ReviewField::Discovered => range(row.discovered_from, row.discovered_to),
    }
}

#[test]
fn corrections_show_and_survive_reextraction_and_undo() {
    for (field, value, machine, corrected) in [
        (ReviewField::Organization, "見本市役所", "見本市", "見本市役所"),
        (ReviewField::Organization, "unknown", "見本市", "null"),
        (ReviewField::HeadlineCount, "1,234名", "at_most 4072人", "exact 1234名"),
        (ReviewField::HeadlineCount, "0", "at_most 4072人", "exact 0人"),
        (ReviewField::HeadlineCount, "unknown", "at_most 4072人", "null"),
        (ReviewField::Cause, "loss", "misdelivery", "loss"),
        (ReviewField::Announced, "2025-05-02", "2025-04-15", "2025-05-02"),
        (ReviewField::Occurred, "2024", "2025-03-01/2025-03-31", "2024-01-01/2024-12-31"),
        (ReviewField::Occurred, "2024-02", "2025-03-01/2025-03-31", "2024-02-01/2024-02-29"),
        (ReviewField::Discovered, "2025-04-01/2025-04-03", "null", "2025-04-01/2025-04-03"),
        (ReviewField::Discovered, "unknown", "null", "null"),
    ] {
        let store = with_notice();
        assert_eq!(shown(&row(&store), field), machine);
        let id = review(&store, FIRST, field, Correct, Some(value));
        assert_eq!(shown(&row(&store), field), corrected, "{value}");
        for other in ReviewField::ALL.iter().filter(|f| **f != field) {
            assert_eq!(shown(&row(&store), *other), shown(&row(&with_notice()), *other), "{value} changes {other:?}");
        }

        // The machine reads all of it anew, and otherwise.
        let mut anew = notice();
        anew.extractor_version = "test-2".into();
        anew.disclosures[0].confidence = 0.99;
        anew.disclosures[0].needs_review = false;
        store.put_extraction(None, &anew, Some(TEXT)).unwrap();
        assert_eq!(shown(&row(&store), field), corrected, "{value}");
        assert_eq!(store.export_rows().unwrap().iter().find(|r| r.id == FIRST), Some(&row(&store)));
        assert!(!row(&store).outdated);

        store.undo_review(id, "reviewer", Some("slip of the key"), at("2025-05-02T00:00:00Z")).unwrap();
        assert_eq!(shown(&row(&store), field), machine, "{value}");
        let actions: Vec<_> = store.reviews(FIRST).unwrap().iter().map(|r| r.action).collect();
        assert_eq!(actions, [Correct, ReviewAction::Undo]);
    }
}

#[test]
fn the_latest_standing_decision_wins() {
    let store = with_notice();
    review(&store, FIRST, ReviewField::Organization, Correct, Some("甲市"));
    let second = review(&store, FIRST, ReviewField::Organization, Correct, Some("乙市"));
    assert_eq!(shown(&row(&store), ReviewField::Organization), "乙市");
    let third = review(&store, FIRST, ReviewField::Organization, Accept, None);
    assert_eq!(shown(&row(&store), ReviewField::Organization), "見本市", "the machine was right");
    store.undo_review(third, "reviewer", None, at("2025-05-02T00:00:00Z")).unwrap();
    store.undo_review(second, "reviewer", None, at("2025-05-02T00:00:00Z")).unwrap();
    assert_eq!(shown(&row(&store), ReviewField::Organization), "甲市");
}

#[test]
fn an_accepted_record_stays_as_it_was_shown_and_is_asked_about_when_the_machine_changes_its_mind() {
    let store = with_notice();
    review(&store, FIRST, ReviewField::Cause, Correct, Some("loss"));
    review(&store, FIRST, ReviewField::Record, Accept, None);
    let queue = || store.review_queue(None).unwrap().into_iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(queue(), [SECOND]);

    let mut anew = notice();
    anew.disclosures[0].headline_count.as_mut().unwrap().value = 5000;
    store.put_extraction(None, &anew, Some(TEXT)).unwrap();
    let now = row(&store);
    assert_eq!((now.headline_value, now.cause, now.outdated), (Some(4072), Some(CauseCode::Loss), true));
    assert_eq!(queue(), [SECOND, FIRST]);

    review(&store, FIRST, ReviewField::HeadlineCount, Correct, Some("5000人"));
    review(&store, FIRST, ReviewField::Record, Accept, None);
    assert_eq!((row(&store).headline_value, row(&store).outdated), (Some(5000), false));
    assert_eq!(queue(), [SECOND]);
}

#[test]
fn the_queue_is_least_confident_first() {
    let store = with_notice();
    let queue = |limit| store.review_queue(limit).unwrap().into_iter().map(|r| r.id).collect::<Vec<_>>();
    assert_eq!(queue(None), [SECOND, FIRST]);
    assert_eq!(queue(Some(1)), [SECOND]);
    assert_eq!(store.status().unwrap().to_review, 2);
    let id = review(&store, SECOND, ReviewField::Record, Reject, None);
    assert_eq!(queue(None), [FIRST]);
    store.undo_review(id, "reviewer", None, at("2025-05-02T00:00:00Z")).unwrap();
    assert_eq!(queue(None), [SECOND, FIRST]);
}

#[test]
fn rejected_records_stand_nowhere_but_are_kept() {
    let store = with_notice();
    review(&store, SECOND, ReviewField::Record, Reject, None);
    let ids = |filter: &DisclosureFilter| -> Vec<_> {
        store.disclosures(filter).unwrap().into_iter().map(|r| (r.id, r.rejected)).collect()
    };
    assert_eq!(ids(&DisclosureFilter::default()), [(FIRST.into(), false)]);
    let all = DisclosureFilter { with_rejected: true, ..DisclosureFilter::default() };
    assert_eq!(ids(&all).len(), 2);
    let april = DisclosureFilter { month: Some((2025, 4)), ..DisclosureFilter::default() };
    assert_eq!(ids(&april).len(), 1);
    assert_eq!((store.status().unwrap().disclosures, store.status().unwrap().rejected), (1, 1));
    review(&store, SECOND, ReviewField::Record, Accept, None);
    assert_eq!(ids(&DisclosureFilter::default()).len(), 2);
}

#[test]
fn reviews_are_never_changed_nor_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rouei.sqlite");
    let store = Store::open(&path).unwrap();
    store.put_extraction(None, &notice(), None).unwrap();
    let id = review(&store, FIRST, ReviewField::Record, Accept, None);
    store.undo_review(id, "reviewer", None, at("2025-05-01T00:00:00Z")).unwrap();
    drop(store);
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    for sql in [
        "UPDATE review SET reviewer = 'other'",
        "UPDATE review SET decided = '2000-01-01T00:00:00Z'",
        "DELETE FROM review",
        "INSERT OR REPLACE INTO review (id, disclosure_id, field, action, reviewer, decided)
         SELECT id, disclosure_id, field, 'reject', 'other', decided FROM review",
        "INSERT OR REPLACE INTO review (disclosure_id, field, action, undoes, reviewer, decided)
         SELECT disclosure_id, field, action, undoes, 'other', decided FROM review WHERE action = 'undo'",
        "DELETE FROM disclosure",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    let reviews = Store::open(&path).unwrap().reviews(FIRST).unwrap();
    let reviews: Vec<_> = reviews.iter().map(|r| (r.action, r.reviewer.as_str())).collect();
    assert_eq!(reviews, [(Accept, "reviewer"), (ReviewAction::Undo, "reviewer")]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let store = with_notice();
    let refused = |disclosure: &str, field, action, value: Option<&str>| -> StoreError {
        let new = NewReview {
            disclosure: disclosure.into(),
            field,
            action,
            value: value.map(str::to_owned),
            reviewer: "reviewer".into(),
            note: None,
            decided: at("2025-05-01T00:00:00Z"),
        };
        store.add_review(&new).unwrap_err()
    };
    for (field, action, value) in [
        (ReviewField::HeadlineCount, Correct, Some("about ten")),
        (ReviewField::HeadlineCount, Correct, Some("-1人")),
        (ReviewField::HeadlineCount, Correct, Some("99999999999999999999")),
        (ReviewField::HeadlineCount, Correct, None),
        (ReviewField::Cause, Correct, Some("theft or loss")),
        (ReviewField::Cause, Correct, Some("unheard_of")),
        (ReviewField::Announced, Correct, Some("yesterday")),
        (ReviewField::Announced, Correct, Some("2025-02-30")),
        (ReviewField::Announced, Correct, Some("2025-02-03/2025-02-01")),
        (ReviewField::Organization, Correct, Some("  ")),
        (ReviewField::Record, Correct, Some("x")),
        (ReviewField::Record, Accept, Some("x")),
        (ReviewField::Cause, Reject, None),
        (ReviewField::Cause, ReviewAction::Undo, None),
    ] {
        assert!(matches!(refused(FIRST, field, action, value), StoreError::BadValue { .. }), "{field:?} {value:?}");
    }
    assert!(matches!(refused("no such", ReviewField::Record, Accept, None), StoreError::NotFound { .. }));
    let undo = |id| store.undo_review(id, "reviewer", None, at("2025-05-01T00:00:00Z"));
    assert!(matches!(undo(99).unwrap_err(), StoreError::NotFound { .. }));
    assert_eq!(store.reviews(FIRST).unwrap(), []);
    let id = review(&store, FIRST, ReviewField::Record, Accept, None);
    let undone = undo(id).unwrap();
    assert!(undo(id).is_err(), "taken back twice");
    assert!(undo(undone.id).is_err(), "an undo is not undone");
}

#[test]
fn the_month_shows_corrections() {
    let store = with_notice();
    let mut march = notice();
    march.document.id = "d0c0000000000002".into();
    march.document.published = Some("2025-03-31".parse().unwrap());
    march.disclosures.truncate(1);
    march.disclosures[0].id = "d15c000000000003".into();
    march.disclosures[0].dates.clear();
    march.disclosures[0].headline_count.as_mut().unwrap().value = 9000;
    store.put_extraction(None, &march, None).unwrap();
    let mut retold = march.clone();
    retold.document.id = "d0c0000000000003".into();
    retold.document.source_tier = SourceTier::Roundup;
    retold.document.published = Some("2025-04-30".parse().unwrap());
    retold.disclosures[0].id = "d15c000000000004".into();
    store.put_extraction(None, &retold, None).unwrap();
    let mut later = march.clone();
    later.document.id = "d0c0000000000004".into();
    later.document.published = None;
    later.document.captured = Some(at("2025-03-31T15:00:00Z"));
    later.disclosures[0].id = "d15c000000000005".into();
    later.disclosures[0].event = Event::FollowUp;
    store.put_extraction(None, &later, None).unwrap();

    let month = |year, month| {
        let filter = DisclosureFilter { month: Some((year, month)), ..DisclosureFilter::default() };
        store.disclosures(&filter).unwrap()
    };
    let ids = |rows: &[DisclosureRow]| rows.iter().map(|r| r.id.chars().last().unwrap()).collect::<String>();
    let april = month(2025, 4);
    assert_eq!(ids(&april), "5124", "fetched on the first of April in Tokyo; announced; published; retold");
    assert_eq!(april[2].card_data, Some(DataState::Leaked));
    assert_eq!(ids(&month(2025, 3)), "3");

    // A corrected date moves the record, a corrected cause and count show.
    review(&store, "d15c000000000003", ReviewField::Announced, Correct, Some("2025-04-01"));
    review(&store, "d15c000000000003", ReviewField::Cause, Correct, Some("theft"));
    review(&store, "d15c000000000003", ReviewField::HeadlineCount, Correct, Some("7人"));
    let april = month(2025, 4);
    let moved = april.iter().find(|r| r.id == "d15c000000000003").unwrap();
    assert_eq!((moved.headline_value, moved.cause), (Some(7), Some(CauseCode::Theft)));
    assert_eq!((april.len(), month(2025, 3)), (5, vec![]));

    // What linking sees of it: the row as corrected, the claims as the machine read them.
    let standing = store.standing_records().unwrap();
    let moved = standing.iter().find(|r| r.row.id == "d15c000000000003").unwrap();
    assert_eq!((moved.row.headline_value, moved.machine.headline_count.as_ref().unwrap().value), (Some(7), 9000));
    assert_eq!(moved.document.id, moved.row.document_id);
    assert_eq!(standing.iter().map(|r| &r.row).cloned().collect::<Vec<_>>(), store.export_rows().unwrap());
}

#[test]
fn machine_values_stay_beside_what_was_decided() {
    let store = with_notice();
    review(&store, FIRST, ReviewField::HeadlineCount, Correct, Some("最大約16万件"));
    review(&store, FIRST, ReviewField::Cause, Correct, Some("theft"));
    let stands = row(&store);
    assert_eq!((stands.headline_value, stands.headline_bound), (Some(160_000), Some(Bound::AtMost)));
    assert_eq!((stands.headline_unit.as_deref(), stands.headline_approx), (Some("件"), Some(true)));
    let machine = store.machine_values().unwrap();
    assert_eq!(machine.keys().collect::<Vec<_>>(), [FIRST, SECOND]);
    let first = &machine[FIRST];
    assert_eq!((first.headline_value, first.headline_cumulative), (Some(4072), Some(false)));
    assert_eq!(first.cause, Some(CauseCode::Misdelivery));
    assert_eq!(first.undisclosed, None, "only the cards are under investigation");
    assert_eq!(machine[SECOND], rouei_store::MachineValues::default());
}

#[test]
fn identifiers_by_prefix_and_the_last_decision_of_a_reviewer() {
    let store = with_notice();
    assert_eq!(store.disclosure_ids("d15c").unwrap(), [FIRST, SECOND]);
    assert_eq!(store.disclosure_ids(FIRST).unwrap(), [FIRST]);
    assert!(store.disclosure_ids("%").unwrap().is_empty());
    assert_eq!(store.last_standing_review("reviewer").unwrap(), None);
    let first = review(&store, FIRST, ReviewField::Record, Accept, None);
    let second = review(&store, SECOND, ReviewField::Record, Reject, None);
    let last = |reviewer: &str| store.last_standing_review(reviewer).unwrap().map(|r| r.id);
    assert_eq!((last("reviewer"), last("other")), (Some(second), None));
    store.undo_review(second, "reviewer", None, at("2025-05-02T00:00:00Z")).unwrap();
    assert_eq!(last("reviewer"), Some(first));
    let order: Vec<_> = store.by_confidence(None).unwrap().into_iter().map(|r| r.id).collect();
    assert_eq!(order, [SECOND, FIRST], "decided or not");
}

#[test]
fn the_universe_of_a_month_counts_documents_by_source() {
    let store = with_notice();
    let mut silent = notice();
    silent.document.id = "d0c0000000000009".into();
    silent.document.published = None;
    silent.document.captured = Some(at("2025-03-31T14:59:59Z"));
    silent.disclosures.clear();
    store.put_extraction(None, &silent, None).unwrap();
    let april = store.month_universe(2025, 4).unwrap();
    let lines: Vec<_> = april
        .sources
        .iter()
        .map(|s| (s.source.as_deref(), s.publisher.as_deref(), s.documents, s.disclosing))
        .collect();
    assert_eq!(lines, [(Some("mihon-city"), Some("見本市"), 1, 1)]);
    assert_eq!((april.documents_before, april.last_captured), (1, Some(at("2025-04-16T01:02:03.5Z"))));
    let march = store.month_universe(2025, 3).unwrap();
    let lines: Vec<_> = march.sources.iter().map(|s| (s.source.as_deref(), s.documents, s.disclosing)).collect();
    assert_eq!(lines, [(None, 1, 0)], "fetched on the last minute of March in Tokyo");
}
