use rusqlite::params;
use serde::Serialize;

use crate::{Store, StoreError};

/// Documents that are compared with one, those that share most hashes first.
const CANDIDATES: i64 = 20;

/// A document that carries nearly the text of an earlier one of another site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearDuplicate {
    /// The later document.
    pub document_id: String,
    /// The earlier.
    pub of: String,
    /// Address of the earlier.
    pub of_url: Option<String>,
    /// Part of the shorter text that stands in the other.
    pub containment: f64,
}

/// Another document whose text may be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikeDocument {
    /// Its identifier.
    pub id: String,
    /// Its address.
    pub url: Option<String>,
    /// One of the two names the other as its `rel=canonical`.
    pub canonical: bool,
}

impl Store {
    /// Keeps the hashes of a document's text in place of earlier ones, and forgets of which documents it was a near
    /// duplicate.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_bands(&self, document: &str, bands: &[u64]) -> Result<(), StoreError> {
        self.in_transaction(|store| {
            store.execute("DELETE FROM text_band WHERE document_id = ?1", [document])?;
            store.execute("DELETE FROM near_duplicate WHERE document_id = ?1 OR of = ?1", [document])?;
            for (band, hash) in bands.iter().enumerate() {
                // The bits are kept, not the number.
                let hash = i64::from_ne_bytes(hash.to_ne_bytes());
                store.execute(
                    "INSERT INTO text_band (band, hash, document_id) VALUES (?1, ?2, ?3)",
                    params![band as i64, hash, document],
                )?;
            }
            Ok(())
        })
    }

    /// Whether hashes of this document are kept.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn has_bands(&self, document: &str) -> Result<bool, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM text_band WHERE document_id = ?1)")?;
        Ok(statement.query_row([document], |row| row.get(0))?)
    }

    /// Documents that share hashes with this one, those that share most first, and those that a `rel=canonical` ties
    /// to it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn like_documents(&self, document: &str) -> Result<Vec<LikeDocument>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "WITH me AS (
                SELECT p.id, p.url, c.canonical_url FROM document p LEFT JOIN capture c ON c.id = p.capture_id
                WHERE p.id = ?1
             ),
             tied AS (
                SELECT o.id FROM me JOIN document o ON o.url = me.canonical_url AND o.id <> me.id
                UNION
                SELECT o.id FROM me JOIN capture c ON c.canonical_url = me.url AND c.url <> me.url
                            JOIN document o ON o.capture_id = c.id AND o.id <> me.id
             ),
             shared AS (
                SELECT b.document_id AS id, count(*) AS bands FROM text_band a
                JOIN text_band b ON b.band = a.band AND b.hash = a.hash AND b.document_id <> a.document_id
                WHERE a.document_id = ?1 GROUP BY b.document_id ORDER BY bands DESC, id LIMIT ?2
             )
             SELECT p.id, p.url, p.id IN (SELECT id FROM tied), coalesce(s.bands, 0)
             FROM document p LEFT JOIN shared s ON s.id = p.id
             WHERE p.text IS NOT NULL AND (s.id IS NOT NULL OR p.id IN (SELECT id FROM tied))
             ORDER BY 4 DESC, 1",
        )?;
        let rows = statement.query_map(params![document, CANDIDATES], |row| {
            Ok(LikeDocument { id: row.get(0)?, url: row.get(1)?, canonical: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The text of a document; none where there is none, or it is withdrawn.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn document_text(&self, document: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT text FROM document WHERE id = ?1")?;
        let mut rows = statement.query([document])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.flatten())
    }

    /// Notes that two documents carry nearly the same text. The later one by date of publication is the duplicate, else
    /// the one that stands further from the organization, else the one that was captured later.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn put_near_duplicate(&self, one: &str, other: &str, containment: f64) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO near_duplicate (document_id, of, containment)
             SELECT l.id, e.id, ?3 FROM (
                SELECT id, row_number() OVER (
                    ORDER BY coalesce(published, date(captured, '+9 hours')),
                             CASE source_tier WHEN 'official' THEN 0 WHEN 'press' THEN 1 WHEN 'repost' THEN 2 ELSE 3 END,
                             captured, id) AS place
                FROM document WHERE id IN (?1, ?2)
             ) l JOIN (
                SELECT id, row_number() OVER (
                    ORDER BY coalesce(published, date(captured, '+9 hours')),
                             CASE source_tier WHEN 'official' THEN 0 WHEN 'press' THEN 1 WHEN 'repost' THEN 2 ELSE 3 END,
                             captured, id) AS place
                FROM document WHERE id IN (?1, ?2)
             ) e ON e.place = 1 AND l.place = 2",
            params![one, other, containment],
        )?;
        Ok(())
    }

    /// Every near duplicate with the earliest document that it repeats, by its identifier.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn near_duplicates(&self) -> Result<Vec<NearDuplicate>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT document_id, of, url, containment FROM (
                SELECT n.document_id, n.of, p.url, n.containment, row_number() OVER (
                    PARTITION BY n.document_id
                    ORDER BY coalesce(p.published, date(p.captured, '+9 hours')), p.captured, p.id) AS place
                FROM near_duplicate n JOIN document p ON p.id = n.of
             ) WHERE place = 1 ORDER BY document_id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(NearDuplicate {
                document_id: row.get(0)?,
                of: row.get(1)?,
                of_url: row.get(2)?,
                containment: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
