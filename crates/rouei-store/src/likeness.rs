use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Store, StoreError};

/// Documents that are compared with one, those that share most hashes first.
const CANDIDATES: usize = 20;

/// Documents that are looked at for one hash. A form letter that a hundred sites carry needs no more of them to be known
/// as one, and looking at all would take the time of their square.
const SHARED_BY: i64 = 100;

const OWN_BANDS: &str = "SELECT band, hash FROM text_band WHERE document_id = ?1";

const SHARING: &str = "SELECT document_id FROM text_band WHERE band = ?1 AND hash = ?2 AND document_id <> ?3 ORDER BY document_id LIMIT ?4";

const WITH_TEXT: &str = "SELECT url FROM document WHERE id = ?1 AND text IS NOT NULL";

const TIED: &str = "WITH me AS (
        SELECT p.id, p.url, c.canonical_url FROM document p LEFT JOIN capture c ON c.id = p.capture_id WHERE p.id = ?1
     )
     SELECT o.id FROM me JOIN document o ON o.url = me.canonical_url AND o.id <> me.id
     UNION
     -- Said as the index says it.
     SELECT o.id FROM me JOIN capture c ON c.canonical_url = me.url AND c.canonical_url <> c.url
                 JOIN document o ON o.capture_id = c.id AND o.id <> me.id
     ORDER BY 1";

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
        let mut shared = self.sharing_bands(document)?;
        let tied = self.tied_documents(document)?;
        let mut canonical: Vec<LikeDocument> = Vec::new();
        for id in &tied {
            canonical.extend(self.like_document(id, true)?);
        }
        shared.retain(|id| !tied.contains(id));
        let mut like = Vec::new();
        for id in &shared {
            like.extend(self.like_document(id, false)?);
        }
        like.extend(canonical);
        Ok(like)
    }

    /// Documents that share bands with this one, at most [`CANDIDATES`], those that share most first.
    fn sharing_bands(&self, document: &str) -> Result<Vec<String>, StoreError> {
        let mut bands = self.connection.prepare_cached(OWN_BANDS)?;
        let bands: Vec<(i64, i64)> =
            bands.query_map([document], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut sharing = self.connection.prepare_cached(SHARING)?;
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for (band, hash) in bands {
            let mut rows = sharing.query(params![band, hash, document, SHARED_BY])?;
            while let Some(row) = rows.next()? {
                *counts.entry(row.get(0)?).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
        // Stable: those that share as many stay in the order of their identifiers.
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.truncate(CANDIDATES);
        Ok(counts.into_iter().map(|(id, _)| id).collect())
    }

    /// Documents that a `rel=canonical` ties to this one, by identifier.
    fn tied_documents(&self, document: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(TIED)?;
        let rows = statement.query_map([document], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn like_document(&self, id: &str, canonical: bool) -> Result<Option<LikeDocument>, StoreError> {
        let mut statement = self.connection.prepare_cached(WITH_TEXT)?;
        let row = |row: &Row<'_>| Ok(LikeDocument { id: id.to_owned(), url: row.get(0)?, canonical });
        Ok(statement.query_row([id], row).optional()?)
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Looking for what is alike must not read whole tables: it is done for every document.
    #[test]
    fn every_question_goes_by_an_index() {
        let store = Store::open_in_memory().unwrap();
        for sql in [OWN_BANDS, SHARING, WITH_TEXT, TIED] {
            let mut statement = store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            for n in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(n, "x").unwrap();
            }
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().unwrap() {
                let step: String = row.get(3).unwrap();
                assert!(!step.starts_with("SCAN ") || step == "SCAN me", "{step}: {sql}");
            }
        }
    }
}
