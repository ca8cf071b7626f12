use crate::{Store, StoreError};

/// Which fields a document and its records have: what a redesign of a site silently takes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentFields {
    /// A title was found.
    pub title: bool,
    /// A date of publication was found.
    pub published: bool,
    /// Code points of the text.
    pub text_chars: u64,
    /// Records that stand.
    pub disclosures: u64,
    /// Every record names who is concerned.
    pub organization: bool,
    /// Every record has a figure.
    pub headline: bool,
    /// Every record has a cause.
    pub cause: bool,
    /// Every record has the day of its announcement.
    pub announced: bool,
}

impl Store {
    /// The fields of the last documents of a source, in the order in which they were first captured, the latest last.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn document_fields(&self, source: &str, at_most: usize) -> Result<Vec<DocumentFields>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT p.title IS NOT NULL AND p.title <> '', p.published IS NOT NULL, p.text_chars, count(d.id),
                    coalesce(min(d.organization IS NOT NULL), 0), coalesce(min(d.headline_value IS NOT NULL), 0),
                    coalesce(min(d.cause IS NOT NULL), 0), coalesce(min(d.announced_from IS NOT NULL), 0)
             FROM document p
             JOIN capture c ON c.id = p.capture_id
             LEFT JOIN disclosure d ON d.document_id = p.id AND NOT d.withdrawn
             WHERE c.source = ?1 AND p.text IS NOT NULL
             GROUP BY p.id
             -- Entries of a feed share its captures.
             ORDER BY iif(c.role IN ('feed', 'discovery'), p.captured,
                          (SELECT min(f.captured) FROM capture f WHERE f.url = c.url)) DESC, p.id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(rusqlite::params![source, at_most as i64], |row| {
            Ok(DocumentFields {
                title: row.get(0)?,
                published: row.get(1)?,
                text_chars: row.get::<_, i64>(2)?.unsigned_abs(),
                disclosures: row.get::<_, i64>(3)?.unsigned_abs(),
                organization: row.get(4)?,
                headline: row.get(5)?,
                cause: row.get(6)?,
                announced: row.get(7)?,
            })
        })?;
        let mut fields = rows.collect::<Result<Vec<_>, _>>()?;
        fields.reverse();
        Ok(fields)
    }
}
