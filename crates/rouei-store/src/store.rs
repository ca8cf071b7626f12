use std::{fs::OpenOptions, io::ErrorKind, path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{
    StoreError,
    schema::{MIGRATIONS, VERSION},
};

/// A connection to the database.
///
/// Methods take `&self`; each that writes more than one row does so in one transaction, and [`Store::in_transaction`]
/// joins several into one.
pub struct Store {
    pub(crate) connection: Connection,
}

impl Store {
    /// Opens the database for writing, makes it if it does not exist, and brings its schema up to date. The folder
    /// must exist.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::ReadOnly`], [`StoreError::Corrupt`], [`StoreError::NewerSchema`]; the file
    /// is then as it was.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| opening(path, e))?;
        connection.busy_timeout(Duration::from_secs(30)).map_err(|e| opening(path, e))?;
        // The version is asked for first: nothing may be written into a file that a later rouei made.
        Self::check_version(path, &connection)?;
        // SQLite falls back to reading alone without a word.
        if connection.is_readonly(rusqlite::MAIN_DB).map_err(|e| opening(path, e))? {
            return Err(StoreError::ReadOnly { path: path.to_owned() });
        }
        prepare(&connection).map_err(|e| opening(path, e))?;
        let mut store = Self { connection };
        MIGRATIONS.to_latest(&mut store.connection).map_err(|e| match e {
            rusqlite_migration::Error::RusqliteError { err, .. } => opening(path, err),
            other => other.into(),
        })?;
        Ok(store)
    }

    /// Opens the database for reading alone; it must exist and be of this version.
    ///
    /// # Errors
    /// As [`Store::open`]; an older schema, too, is [`StoreError::Open`].
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || -> Result<(Connection, i64), StoreError> {
            let connection = Connection::open_with_flags(path, flags).map_err(|e| opening(path, e))?;
            let found = Self::check_version(path, &connection)?;
            Ok((connection, found))
        };
        let (connection, found) = match open() {
            // On a read-only file system the files beside a database in WAL mode cannot be made; it can be read all the
            // same, if all of it stands in the one file.
            Err(StoreError::ReadOnly { .. }) if !has_log(path) => {
                let flags = flags | OpenFlags::SQLITE_OPEN_URI;
                let connection = Connection::open_with_flags(immutable(path), flags).map_err(|e| opening(path, e))?;
                let found = Self::check_version(path, &connection)?;
                (connection, found)
            }
            other => other?,
        };
        if found < VERSION {
            let reason = format!("its schema is {found}, this rouei needs {VERSION}; open it for writing once");
            return Err(StoreError::Open { path: path.to_owned(), reason });
        }
        connection.busy_timeout(Duration::from_secs(30)).map_err(|e| opening(path, e))?;
        Ok(Self { connection })
    }

    /// A database in memory, for tests and trials.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::Migration`].
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        connection.pragma_update(None, "foreign_keys", true)?;
        MIGRATIONS.to_latest(&mut connection)?;
        Ok(Self { connection })
    }

    /// Runs `work` in one transaction: all of it is kept if it succeeds, and nothing if it fails. Transactions nest.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Sql`]; turned into the caller's error type.
    pub fn in_transaction<T, E: From<StoreError>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let run = |sql: &str| self.connection.execute_batch(sql).map_err(|e| E::from(e.into()));
        // The outermost takes the write lock at once: a transaction that reads first cannot wait for it later.
        let (begin, commit, back) = if self.connection.is_autocommit() {
            ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        } else {
            ("SAVEPOINT step", "RELEASE step", "ROLLBACK TO step; RELEASE step")
        };
        run(begin)?;
        match work(self).and_then(|value| run(commit).map(|()| value)) {
            Ok(value) => Ok(value),
            Err(error) => {
                // SQLite may have rolled back by itself (full disk); then there is nothing left to do.
                let _ = run(back);
                Err(error)
            }
        }
    }

    fn check_version(path: &Path, connection: &Connection) -> Result<i64, StoreError> {
        let found: i64 =
            connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(|e| opening(path, e))?;
        if found > VERSION {
            return Err(StoreError::NewerSchema { path: path.to_owned(), found, known: VERSION });
        }
        // A database of another program has no version of ours; nothing may be added to it.
        let tables =
            |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|e| opening(path, e));
        let foreign = match found {
            0 => tables("SELECT count(*) FROM sqlite_schema")? > 0,
            _ => tables("SELECT count(*) FROM sqlite_schema WHERE name IN ('capture', 'document', 'disclosure')")? < 3,
        };
        if foreign {
            let reason = "it is a database of another program".to_owned();
            return Err(StoreError::Corrupt { path: path.to_owned(), reason });
        }
        Ok(found)
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "foreign_keys", true)?;
    // Reading goes on while a crawl writes. FULL, for an archive file loses its `.open` once its captures are recorded:
    // with NORMAL a power cut could take the record back. Writes come in batches, so it costs little.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // What an upsert may have to take back is kept in memory, not in a temporary file; and the pages of a night's crawl
    // find room (in KiB, SQLite's default is 2 MiB).
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8 * 1024)?;
    connection.pragma_update(None, "synchronous", "FULL")
}

fn opening(path: &Path, error: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Corrupt { path, reason: error.to_string() }
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) if is_read_only(&path) => {
            StoreError::ReadOnly { path }
        }
        Some(ErrorCode::CannotOpen) => {
            let reason = format!("{error}; does the folder exist, and may it be written?");
            StoreError::Open { path, reason }
        }
        _ => StoreError::Open { path, reason: error.to_string() },
    }
}

/// Whether file or folder forbid writing. The permissions do not tell it of a file system that is mounted so, and not to
/// a superuser; opening the file does, and changes nothing.
fn is_read_only(path: &Path) -> bool {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let refused = OpenOptions::new()
        .write(true)
        .open(path)
        .is_err_and(|e| matches!(e.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied));
    refused || [path, folder].iter().any(|p| p.metadata().is_ok_and(|m| m.permissions().readonly()))
}

/// Whether the log beside the database holds what the database does not hold yet.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|m| m.len() > 0)
}

/// A `file:` address (RFC 8089) of a database that nobody can write; SQLite then needs no files beside it.
fn immutable(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(*byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push_str("?immutable=1");
    address
}
