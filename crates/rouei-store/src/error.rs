use std::path::PathBuf;

/// Why the store could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file or its folder cannot be opened.
    #[error("{path}: the database cannot be opened: {reason}", path = .path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// What the operating system or SQLite said.
        reason: String,
    },
    /// The file or its folder cannot be written.
    #[error("{path}: the database or its folder is read-only", path = .path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// The file is no SQLite database, or a damaged one.
    #[error("{path}: not a database, or a damaged one: {reason}", path = .path.display())]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// A later version of rouei wrote the file.
    #[error("{path}: written by a later rouei: schema {found}, this rouei knows {known}", path = .path.display())]
    NewerSchema {
        /// The database file.
        path: PathBuf,
        /// `user_version` of the file.
        found: i64,
        /// Migrations of this version.
        known: i64,
    },
    /// The migrations failed.
    #[error("the schema could not be brought up to date: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// SQLite refused.
    #[error("database: {0}")]
    Sql(#[from] rusqlite::Error),
    /// There is no such record.
    #[error("no {what} {id}")]
    NotFound {
        /// Kind of record.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A review whose value or combination makes no sense.
    #[error("{field}: {value:?} is no correction; expected {expected}")]
    BadValue {
        /// Field of the review.
        field: &'static str,
        /// What was given.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// A value in the database is not of its vocabulary: another program wrote it.
    #[error("the database holds {value:?} where {expected} is expected")]
    UnknownCode {
        /// What stands there.
        value: String,
        /// Which vocabulary.
        expected: &'static str,
    },
    /// A figure beyond the 63 bits that SQLite has.
    #[error("{0} is too large for the database")]
    TooLarge(u64),
    /// One document yields two disclosures of the same identifier.
    #[error("document {document} yields disclosure {id} twice")]
    DuplicateDisclosure {
        /// The document.
        document: String,
        /// The identifier.
        id: String,
    },
}
