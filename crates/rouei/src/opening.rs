//! Opens what a crawl has left, for those who come after it.

use rouei_store::{Store, StoreError};

use crate::cli::DataArgs;
use crate::folder::DataFolder;
use crate::outcome::UsageError;

/// The folder, which must hold a database.
///
/// # Errors
/// [`UsageError`] that says what to run first.
pub fn existing_folder(args: &DataArgs) -> anyhow::Result<DataFolder> {
    let folder = DataFolder::new(&args.data);
    if folder.database().is_file() {
        return Ok(folder);
    }
    let shown = folder.path().display();
    let what = if folder.path().exists() { "holds no database" } else { "does not exist" };
    let message = format!(
        "{shown} {what}: run `rouei crawl --data {shown}` or `rouei demo --data {shown}` first, or name another folder by --data"
    );
    Err(UsageError(message).into())
}

/// The database, for reading alone.
///
/// # Errors
/// As [`existing_folder`]; where the database cannot be opened.
pub fn store_for_reading(args: &DataArgs) -> anyhow::Result<Store> {
    Ok(Store::open_read_only(&existing_folder(args)?.database())?)
}

/// The database, for decisions.
///
/// # Errors
/// As [`existing_folder`]; where the database cannot be opened.
pub fn store_for_writing(args: &DataArgs) -> anyhow::Result<Store> {
    Ok(Store::open(&existing_folder(args)?.database())?)
}

/// Turns what the store says of a mistake in an argument into a usage error.
pub fn usage_or_failure(error: StoreError) -> anyhow::Error {
    match error {
        StoreError::BadValue { .. } | StoreError::NotFound { .. } | StoreError::TooLarge(_) => {
            UsageError(error.to_string()).into()
        }
        other => other.into(),
    }
}
