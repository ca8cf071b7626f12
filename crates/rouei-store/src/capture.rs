use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Store, StoreError,
    codes::{integer, natural, parse_time, parse_time_opt, time},
};

/// Number of a capture in this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaptureId(pub i64);

/// A capture and where the archive keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewCapture {
    /// Identifier of the source in `sources.yaml`.
    pub source: String,
    /// What it was fetched for (`page`, `attachment`, `discovery`, `robots`; `feed` is a discovery page whose entries are
    /// read from it); none if not known, as after a recovery.
    pub role: Option<String>,
    /// Address that was asked for.
    pub url: String,
    /// The address by which the page is known, where it differs or was looked for.
    pub canonical_url: Option<String>,
    /// When the response began.
    pub captured: Timestamp,
    /// HTTP status code.
    pub status: u16,
    /// Whether the archive holds a `revisit` record, without the body.
    pub revisit: bool,
    /// `sha256:…` of the body; of a revisit, of the original's body.
    pub payload_digest: String,
    /// `ETag` as received.
    pub etag: Option<String>,
    /// `Last-Modified` as received.
    pub last_modified: Option<String>,
    /// `Content-Type` as received.
    pub content_type: Option<String>,
    /// `Location` as received, of a redirect.
    pub redirect: Option<String>,
    /// Until when the answer is fresh by the word of the server (RFC 9111, 4.2).
    pub fresh_until: Option<Timestamp>,
    /// `WARC-Truncated`.
    pub truncated: Option<String>,
    /// The page that the link stood on.
    pub found_on: Option<String>,
    /// The title beside the link.
    pub link_title: Option<String>,
    /// The date beside the link, as discovery read it.
    pub link_date: Option<String>,
    /// Name of the archive file.
    pub warc_file: String,
    /// Byte where the record begins.
    pub warc_offset: u64,
    /// Bytes of the record.
    pub warc_length: u64,
    /// `WARC-Record-ID` without angle brackets.
    pub record_id: String,
}

/// A capture out of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCapture {
    /// Its number.
    pub id: CaptureId,
    /// The rest.
    pub capture: NewCapture,
}

/// What a crawler needs to know of an address that was captured before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCapture {
    /// The latest answer that the archive holds in full, of any status: what a revisit refers to.
    pub original: StoredCapture,
    /// Its `ETag`, or a newer one that a revisit of it brought (RFC 9111, 4.3.4).
    pub etag: Option<String>,
    /// Its `Last-Modified`, or a newer one.
    pub last_modified: Option<String>,
    /// Until when it is fresh, by the latest word of the server.
    pub fresh_until: Option<Timestamp>,
    /// When the address was asked last, revisits included.
    pub checked: Timestamp,
    /// When the address was first captured.
    pub first_captured: Timestamp,
}

const COLUMNS: &str = "id, source, role, url, canonical_url, captured, status, record_type, payload_digest, etag, \
                       last_modified, content_type, truncated, warc_file, warc_offset, warc_length, record_id, \
                       redirect, fresh_until, found_on, link_title, link_date";

impl Store {
    /// Keeps a capture. One that is there already, by its record identifier, is left as it is, except that a role and
    /// a canonical address are added where they were unknown.
    ///
    /// # Errors
    /// [`StoreError::Sql`], also if another capture claims the same place in the archive.
    pub fn insert_capture(&self, new: &NewCapture) -> Result<CaptureId, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO capture (source, role, url, canonical_url, captured, status, record_type, payload_digest, etag,
                                  last_modified, content_type, truncated, warc_file, warc_offset, warc_length, record_id,
                                  redirect, fresh_until, found_on, link_title, link_date)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
             ON CONFLICT (record_id) DO UPDATE
                SET role = coalesce(role, excluded.role), canonical_url = coalesce(canonical_url, excluded.canonical_url)
                WHERE (role IS NULL AND excluded.role IS NOT NULL)
                   OR (canonical_url IS NULL AND excluded.canonical_url IS NOT NULL)
             RETURNING id",
        )?;
        let values = params![
            new.source,
            new.role,
            new.url,
            new.canonical_url,
            time(new.captured),
            new.status,
            if new.revisit { "revisit" } else { "response" },
            new.payload_digest,
            new.etag,
            new.last_modified,
            new.content_type,
            new.truncated,
            new.warc_file,
            integer(new.warc_offset)?,
            integer(new.warc_length)?,
            new.record_id,
            new.redirect,
            new.fresh_until.map(time),
            new.found_on,
            new.link_title,
            new.link_date,
        ];
        // Nothing comes back where the row stays as it is.
        if let Some(id) = statement.query_row(values, |row| row.get(0).map(CaptureId)).optional()? {
            return Ok(id);
        }
        self.known_record(&new.record_id)?
            .ok_or_else(|| StoreError::NotFound { what: "capture", id: new.record_id.clone() })
    }

    /// The capture of a record identifier.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn known_record(&self, record_id: &str) -> Result<Option<CaptureId>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM capture WHERE record_id = ?1")?;
        Ok(statement.query_row([record_id], |row| row.get(0).map(CaptureId)).optional()?)
    }

    /// One capture.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Sql`].
    pub fn capture(&self, id: CaptureId) -> Result<StoredCapture, StoreError> {
        self.captures_where("FROM capture WHERE id = ?1", [id.0])?
            .pop()
            .ok_or_else(|| StoreError::NotFound { what: "capture", id: id.0.to_string() })
    }

    /// What is known of an address. None if it was never captured in full.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn last_capture(&self, url: &str) -> Result<Option<LastCapture>, StoreError> {
        // One statement, and no row more than is needed: it is asked of every address of every listing. The latest is the
        // one that came last: a clock may have been set back since.
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, (SELECT min(captured) FROM capture WHERE url = ?1)
             FROM capture WHERE url = ?1 ORDER BY id DESC"
        ))?;
        let mut rows = statement.query([url])?;
        let mut revisits: Vec<StoredCapture> = Vec::new();
        while let Some(row) = rows.next()? {
            let capture = read(row)?;
            if capture.capture.revisit {
                revisits.push(capture);
                continue;
            }
            let first_captured = parse_time(&row.get::<_, String>(COLUMNS.split(',').count())?)?;
            let original = capture;
            let checked = revisits.first().unwrap_or(&original).capture.captured;
            // Revisits of it, latest first: each may have brought newer validators.
            revisits.retain(|revisit| revisit.capture.payload_digest == original.capture.payload_digest);
            let newest = |field: fn(&NewCapture) -> Option<&String>| {
                revisits.iter().chain([&original]).find_map(|c| field(&c.capture)).cloned()
            };
            return Ok(Some(LastCapture {
                etag: newest(|c| c.etag.as_ref()),
                last_modified: newest(|c| c.last_modified.as_ref()),
                fresh_until: revisits.first().unwrap_or(&original).capture.fresh_until,
                checked,
                first_captured,
                original,
            }));
        }
        Ok(None)
    }

    /// The latest whole answer (status 200) of an address: the page to be read.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn latest_response(&self, url: &str) -> Result<Option<StoredCapture>, StoreError> {
        Ok(self.captures_where("FROM latest_response WHERE url = ?1", [url])?.pop())
    }

    /// The latest whole answer (status 200) of each address, in the order of source and address: what `reextract`
    /// reads.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn latest_captures(&self) -> Result<Vec<StoredCapture>, StoreError> {
        self.captures_where("FROM latest_response ORDER BY source, url", [])
    }

    /// Of [`Store::latest_captures`] those that no document was read from: after a run was killed between the archive
    /// and the extraction. Those whose role says that nothing is read from them are among them.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn captures_without_document(&self) -> Result<Vec<StoredCapture>, StoreError> {
        self.captures_where(
            "FROM latest_response l WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.capture_id = l.id)
             ORDER BY source, url",
            [],
        )
    }

    /// The captures that turned out to be another page than the one that was asked for, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn signed_captures(&self) -> Result<Vec<StoredCapture>, StoreError> {
        self.captures_where("FROM capture WHERE page_sign IS NOT NULL ORDER BY captured, id", [])
    }

    /// Every whole answer of a feed, listing or sitemap, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn discovery_captures(&self) -> Result<Vec<StoredCapture>, StoreError> {
        self.captures_where(
            "FROM capture WHERE role IN ('discovery', 'feed') AND record_type = 'response' AND status = 200
             ORDER BY captured, id",
            [],
        )
    }

    /// The files of the archive that captures were recorded in, with their number.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn archive_files(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT warc_file, count(*) FROM capture GROUP BY warc_file ORDER BY warc_file")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        rows.map(|row| row.map_err(StoreError::from).and_then(|(file, count)| Ok((file, natural(count)?)))).collect()
    }

    /// The earliest capture that holds this payload, for an `identical-payload-digest` revisit.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn capture_of_payload(&self, payload_digest: &str) -> Result<Option<StoredCapture>, StoreError> {
        Ok(self
            .captures_where(
                "FROM capture WHERE payload_digest = ?1 AND record_type = 'response' ORDER BY captured, id LIMIT 1",
                [payload_digest],
            )?
            .pop())
    }

    /// Address and status of answers with an error status that hold this payload, the first twenty.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn error_answers(&self, payload_digest: &str) -> Result<Vec<(String, u16)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT url, status FROM capture WHERE payload_digest = ?1 AND status >= 400 ORDER BY id LIMIT 20",
        )?;
        let rows = statement.query_map([payload_digest], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn captures_where(
        &self,
        from: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<StoredCapture>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} {from}"))?;
        let mut rows = statement.query(params)?;
        let mut captures = Vec::new();
        while let Some(row) = rows.next()? {
            captures.push(read(row)?);
        }
        Ok(captures)
    }
}

fn read(row: &Row<'_>) -> Result<StoredCapture, StoreError> {
    Ok(StoredCapture {
        id: CaptureId(row.get(0)?),
        capture: NewCapture {
            source: row.get(1)?,
            role: row.get(2)?,
            url: row.get(3)?,
            canonical_url: row.get(4)?,
            captured: parse_time(&row.get::<_, String>(5)?)?,
            status: row.get(6)?,
            revisit: row.get::<_, String>(7)? == "revisit",
            payload_digest: row.get(8)?,
            etag: row.get(9)?,
            last_modified: row.get(10)?,
            content_type: row.get(11)?,
            truncated: row.get(12)?,
            warc_file: row.get(13)?,
            warc_offset: natural(row.get(14)?)?,
            warc_length: natural(row.get(15)?)?,
            record_id: row.get(16)?,
            redirect: row.get(17)?,
            fresh_until: parse_time_opt(row.get(18)?)?,
            found_on: row.get(19)?,
            link_title: row.get(20)?,
            link_date: row.get(21)?,
        },
    })
}
