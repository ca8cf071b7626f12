//! Opening, migrating, refusing.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use rouei_store::{Store, StoreError};
use rusqlite::Connection;

fn schema(connection: &Connection) -> String {
    let mut statement = connection
        .prepare("SELECT type || ' ' || name || coalesce(char(10) || sql, '') FROM sqlite_schema ORDER BY type, name")
        .unwrap();
    let rows: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    rows.join("\n\n")
}

#[test]
fn the_schema_is_the_reviewed_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rouei.sqlite");
    drop(Store::open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    insta::assert_snapshot!(schema(&connection));
    // Every table is STRICT, and every view can be read.
    let mut statement = connection
        .prepare("SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'")
        .unwrap();
    let tables: Vec<(String, String, bool)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(tables.len() > 15);
    for (name, kind, strict) in tables {
        assert!(strict || kind == "view", "{name}");
        connection.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get::<_, i64>(0)).unwrap();
    }
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn opening_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rouei.sqlite");
    drop(Store::open(&path).unwrap());
    let before = schema(&Connection::open(&path).unwrap());
    drop(Store::open(&path).unwrap());
    drop(Store::open_read_only(&path).unwrap());
    assert_eq!(schema(&Connection::open(&path).unwrap()), before);
}

#[track_caller]
fn refused(path: &Path, expected: &str) -> StoreError {
    let error = Store::open(path).err().unwrap();
    let text = error.to_string();
    assert!(text.contains(expected) && text.contains(path.to_str().unwrap()), "{text}");
    error
}

#[test]
fn what_cannot_be_opened_says_why_and_stays_as_it_was() {
    let dir = tempfile::tempdir().unwrap();

    let path = dir.path().join("newer.sqlite");
    drop(Store::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    assert!(matches!(refused(&path, "later rouei: schema 999"), StoreError::NewerSchema { found: 999, .. }));

    let path = dir.path().join("no-database.sqlite");
    let text = "this is no database, but long enough to be looked at ".repeat(40);
    fs::write(&path, &text).unwrap();
    assert!(matches!(refused(&path, "not a database"), StoreError::Corrupt { .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    for version in [0, 1] {
        let path = dir.path().join(format!("foreign-{version}.sqlite"));
        let foreign = Connection::open(&path).unwrap();
        foreign.execute_batch("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')").unwrap();
        foreign.pragma_update(None, "user_version", version).unwrap();
        drop(foreign);
        let before = fs::read(&path).unwrap();
        refused(&path, "a database of another program");
        assert!(Store::open_read_only(&path).is_err());
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    refused(&dir.path().join("no-folder/rouei.sqlite"), "cannot be opened");
    let missing = dir.path().join("missing.sqlite");
    assert!(Store::open_read_only(&missing).is_err());
    assert!(!missing.exists());

    let path = dir.path().join("empty.sqlite");
    fs::write(&path, "").unwrap();
    let error = Store::open_read_only(&path).err().unwrap();
    assert!(error.to_string().contains("its schema is 0"), "{error}");
}

#[test]
fn a_read_only_file_is_called_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rouei.sqlite");
    drop(Store::open(&path).unwrap());
    // As a stand-in for a read-only folder, which stops no superuser: the connection itself may not write.
    let store = Store::open_read_only(&path).unwrap();
    let error = store.begin_run("crawl", "2025-04-16T00:00:00Z".parse().unwrap()).unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
}

#[test]
fn a_failed_step_takes_back_only_itself() {
    let store = Store::open_in_memory().unwrap();
    let now = "2025-04-16T00:00:00Z".parse().unwrap();
    let run = store
        .in_transaction(|store| {
            let run = store.begin_run("outer", now)?;
            let inner: Result<(), StoreError> = store.in_transaction(|store| {
                store.begin_run("inner", now)?;
                Err(StoreError::TooLarge(u64::MAX))
            });
            assert!(inner.is_err());
            Ok::<_, StoreError>(run)
        })
        .unwrap();
    store.end_run(run, now, 0).unwrap();
    let last = store.status().unwrap().last_run.unwrap();
    assert_eq!((last.command.as_str(), last.exit_code), ("outer", Some(0)));
    let whole: Result<(), StoreError> = store.in_transaction(|store| {
        store.begin_run("lost", now)?;
        Err(StoreError::TooLarge(1))
    });
    assert!(whole.is_err());
    assert_eq!(store.status().unwrap().last_run.unwrap().command, "outer");
}
