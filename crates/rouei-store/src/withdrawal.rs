use jiff::Timestamp;
use rouei_model::Extraction;
use rusqlite::params;

use crate::{CaptureId, DocumentOutcome, Outcome, Store, StoreError, codes::time};

/// A decision about an address, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWithdrawal {
    /// The address, as documents have it (`document.url`).
    pub url: String,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub reviewer: String,
    /// When.
    pub decided: Timestamp,
}

/// What a withdrawal took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithdrawalEffect {
    /// The decision changed something: it did not stand already.
    pub decided: bool,
    /// Documents whose text and title were removed.
    pub documents: usize,
    /// Records that stood until now.
    pub disclosures: usize,
}

impl Store {
    /// Withdraws an address: the text and title of its document, its records and their evidence are removed, and every
    /// later extraction of it is refused. Records with reviews stay without their claims, marked as withdrawn, for
    /// reviews are never removed; nothing that reports or exports shows them.
    ///
    /// The same twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Sql`]; then nothing is changed.
    pub fn withdraw(&self, new: &NewWithdrawal) -> Result<WithdrawalEffect, StoreError> {
        self.in_transaction(|store| {
            let decided = !store.is_withdrawn(&new.url)?;
            if decided {
                store.write_withdrawal("withdraw", new)?;
            }
            let (documents, disclosures) = store.bury(&new.url)?;
            Ok(WithdrawalEffect { decided, documents, disclosures })
        })
    }

    /// Takes a withdrawal back. What was removed comes again when the address is read again from the archive. False if
    /// the address was not withdrawn.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn reinstate(&self, new: &NewWithdrawal) -> Result<bool, StoreError> {
        self.in_transaction(|store| {
            let standing = store.is_withdrawn(&new.url)?;
            if standing {
                store.write_withdrawal("reinstate", new)?;
            }
            Ok(standing)
        })
    }

    /// Whether an address is withdrawn.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn is_withdrawn(&self, url: &str) -> Result<bool, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM withdrawn_address WHERE url = ?1)")?;
        Ok(statement.query_row([url], |row| row.get(0))?)
    }

    /// Every address that was captured or read, as it was asked for and as it is known by, in order.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn addresses(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT url FROM capture UNION SELECT canonical_url FROM capture WHERE canonical_url IS NOT NULL
             UNION SELECT url FROM document WHERE url IS NOT NULL ORDER BY 1",
        )?;
        let urls = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(urls)
    }

    /// In place of what was read of a withdrawn address: that it was captured, and nothing of what it says.
    pub(crate) fn put_withdrawn(
        &self,
        capture: Option<CaptureId>,
        extraction: &Extraction,
    ) -> Result<Outcome, StoreError> {
        let mut bare = extraction.clone();
        (bare.document.title, bare.document.text) = (None, None);
        self.write_document(capture, &bare, None)?;
        if let Some(url) = &bare.document.url {
            self.bury(url)?;
        }
        Ok(Outcome { document: DocumentOutcome::Withdrawn, new: 0, changed: 0, unchanged: 0, withdrawn: 0 })
    }

    /// Removes what documents of the address say; how many said something, and how many records stood.
    fn bury(&self, url: &str) -> Result<(usize, usize), StoreError> {
        const RECORDS: &str =
            "(SELECT x.id FROM disclosure x JOIN document p ON p.id = x.document_id WHERE p.url = ?1)";
        // What is deleted is overwritten, not only forgotten.
        self.connection.pragma_update(None, "secure_delete", true)?;
        let standing: i64 = self.connection.query_row(
            &format!("SELECT count(*) FROM disclosure WHERE NOT withdrawn AND id IN {RECORDS}"),
            [url],
            |row| row.get(0),
        )?;
        for table in
            ["organization_claim", "count_claim", "cause_claim", "date_claim", "data_type_claim", "evidence", "issue"]
        {
            self.execute(&format!("DELETE FROM {table} WHERE disclosure_id IN {RECORDS}"), [url])?;
        }
        self.execute("DELETE FROM issue WHERE document_id IN (SELECT id FROM document WHERE url = ?1)", [url])?;
        self.execute(
            &format!("DELETE FROM disclosure WHERE id IN {RECORDS} AND id NOT IN (SELECT disclosure_id FROM review)"),
            [url],
        )?;
        self.execute(&format!("UPDATE disclosure SET withdrawn = 1 WHERE id IN {RECORDS}"), [url])?;
        let documents = self.execute(
            "UPDATE document SET title = NULL, text = NULL
             WHERE url = ?1 AND (title IS NOT NULL OR text IS NOT NULL)",
            [url],
        )?;
        self.execute(
            "UPDATE capture SET link_title = NULL
             WHERE (url = ?1 OR canonical_url = ?1) AND link_title IS NOT NULL",
            [url],
        )?;
        Ok((documents, usize::try_from(standing).unwrap_or(0)))
    }

    fn write_withdrawal(&self, action: &str, new: &NewWithdrawal) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO withdrawal (url, action, reason, reviewer, decided) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new.url, action, new.reason, new.reviewer, time(new.decided)],
        )?;
        Ok(())
    }
}
