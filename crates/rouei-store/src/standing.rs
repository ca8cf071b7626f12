use rouei_model::{Disclosure, DocumentRecord};

use crate::{
    DisclosureRow, Store, StoreError,
    load::{DOCUMENT, document_record},
};

/// A record that stands, with everything the machine read of it but the text of its document.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingRecord {
    /// As it stands.
    pub row: DisclosureRow,
    /// Where it stands.
    pub document: DocumentRecord,
    /// As the machine read it.
    pub machine: Disclosure,
}

impl Store {
    /// Every record that stands, of whatever month, in the order of [`Store::export_rows`].
    ///
    /// # Errors
    /// As [`Store::disclosures`].
    pub fn standing_records(&self) -> Result<Vec<StandingRecord>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {DOCUMENT} FROM document WHERE id = ?1"))?;
        let mut records = Vec::new();
        for row in self.export_rows()? {
            let document = statement.query_row([&row.document_id], |r| Ok(document_record(r)))??;
            let (machine, _) = self.machine_disclosure(&row.id)?;
            records.push(StandingRecord { row, document, machine });
        }
        Ok(records)
    }
}
