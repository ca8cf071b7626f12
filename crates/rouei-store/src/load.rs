use std::collections::BTreeMap;

use rouei_model::{
    CauseClaim, CauseCodings, CountClaim, DataTypeClaim, DateClaim, Disclosure, DocumentRecord, Evidence, Extraction,
    HeadlineCount, Issue, OrganizationClaim,
};
use rusqlite::{Row, params};

use crate::{
    CaptureId, Store, StoreError,
    codes::{code, code_opt, natural, natural_opt, parse_date, parse_issue_code, parse_list, parse_time_opt},
};

/// A document out of the database.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDocument {
    /// The capture that it was read from.
    pub capture: Option<CaptureId>,
    /// The text that evidence counts in.
    pub text: Option<String>,
    /// The record, with the issues of the document and **without** its disclosures.
    pub extraction: Extraction,
}

impl Store {
    /// One document, without its disclosures. None if it is not known.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn document(&self, id: &str) -> Result<Option<StoredDocument>, StoreError> {
        let sql = format!("SELECT {DOCUMENT}, text FROM document WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let document = document_record(row)?;
        Ok(Some(StoredDocument {
            capture: row.get::<_, Option<i64>>(3)?.map(CaptureId),
            text: row.get(17)?,
            extraction: Extraction {
                schema_version: row.get(1)?,
                extractor_version: row.get(2)?,
                document,
                disclosures: Vec::new(),
                issues: self.issues(
                    "SELECT code, message FROM issue WHERE document_id = ?1 AND disclosure_id IS NULL ORDER BY ordinal",
                    id,
                )?,
            },
        }))
    }

    /// The identifiers of all documents, in their order.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn documents(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM document ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// What was read of a document, as it was given to [`Store::put_extraction`], with its text in
    /// `document.text`; withdrawn disclosures are left out. None if it is not known. What follows from claims is not
    /// kept ([`Disclosure::claims_only`]): whoever hands records out derives it.
    ///
    /// # Errors
    /// [`StoreError::Sql`], [`StoreError::UnknownCode`].
    pub fn extraction(&self, id: &str) -> Result<Option<Extraction>, StoreError> {
        let Some(StoredDocument { mut extraction, text, .. }) = self.document(id)? else { return Ok(None) };
        extraction.document.text = text;
        extraction.disclosures =
            self.disclosures_of(id)?.into_iter().filter(|(_, withdrawn)| !withdrawn).map(|(d, _)| d).collect();
        Ok(Some(extraction))
    }

    /// The disclosures of a document and whether they are withdrawn.
    pub(crate) fn disclosures_of(&self, document: &str) -> Result<Vec<(Disclosure, bool)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM disclosure WHERE document_id = ?1 ORDER BY withdrawn, ordinal, id")?;
        let ids = statement.query_map([document], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        ids.iter().map(|id| self.machine_disclosure(id)).collect()
    }

    /// What the machine read, and whether it is withdrawn.
    pub(crate) fn machine_disclosure(&self, id: &str) -> Result<(Disclosure, bool), StoreError> {
        let mut evidence = self.evidence(id)?;
        let mut of = |claim: &str| evidence.remove(claim).unwrap_or_default();
        let mut statement = self.connection.prepare_cached(
            "SELECT withdrawn, headline_claim, headline_value, headline_unit, headline_bound, headline_approx,
                    headline_scope, headline_derived, headline_confidence, card_data, leak_status, event, stage,
                    confidence, needs_review
             FROM disclosure WHERE id = ?1",
        )?;
        let mut rows = statement.query([id])?;
        let Some(row) = rows.next()? else {
            return Err(StoreError::NotFound { what: "disclosure", id: id.into() });
        };
        let disclosure = Disclosure {
            id: id.into(),
            organizations: self.claims("organization_claim", ORGANIZATION, id, |row| organization(row, &mut of))?,
            counts: self.claims("count_claim", COUNT, id, |row| count(row, &mut of))?,
            headline_count: headline(row)?,
            causes: self.claims("cause_claim", CAUSE, id, |row| cause(row, &mut of))?,
            dates: self.claims("date_claim", DATE, id, |row| date_claim(row, &mut of))?,
            data_types: self.claims("data_type_claim", DATA_TYPE, id, |row| data_type(row, &mut of))?,
            card_data: code_opt(row.get(9)?)?,
            leak_status: code_opt(row.get(10)?)?,
            event: code(&row.get::<_, String>(11)?)?,
            stage: code(&row.get::<_, String>(12)?)?,
            report_types: Vec::new(),
            effect: Vec::new(),
            leaked_by: None,
            confidence: row.get(13)?,
            needs_review: row.get(14)?,
            issues: self.issues("SELECT code, message FROM issue WHERE disclosure_id = ?1 ORDER BY ordinal", id)?,
        };
        Ok((disclosure, row.get(0)?))
    }

    fn claims<T>(
        &self,
        table: &str,
        columns: &str,
        disclosure: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT {columns} FROM {table} WHERE disclosure_id = ?1 ORDER BY ordinal");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![disclosure])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            claims.push(read(row)?);
        }
        Ok(claims)
    }

    fn evidence(&self, disclosure: &str) -> Result<BTreeMap<String, Vec<Evidence>>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT claim_id, start, \"end\", quote FROM evidence WHERE disclosure_id = ?1 ORDER BY claim_id, ordinal",
        )?;
        let mut rows = statement.query([disclosure])?;
        let mut evidence: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (start, end) = (natural(row.get(1)?)? as usize, natural(row.get(2)?)? as usize);
            evidence.entry(row.get(0)?).or_default().push(Evidence { start, end, quote: row.get(3)? });
        }
        Ok(evidence)
    }

    fn issues(&self, sql: &str, id: &str) -> Result<Vec<Issue>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([id])?;
        let mut issues = Vec::new();
        while let Some(row) = rows.next()? {
            issues.push(Issue { code: parse_issue_code(row.get(0)?)?, message: row.get(1)? });
        }
        Ok(issues)
    }
}

pub(crate) const DOCUMENT: &str = "id, schema_version, extractor_version, capture_id, path, url, warc_record, captured, \
     sha256, text_sha256, title, publisher, published, charset, kind, source_tier, text_chars";

/// A row that begins with [`DOCUMENT`].
pub(crate) fn document_record(row: &Row<'_>) -> Result<DocumentRecord, StoreError> {
    Ok(DocumentRecord {
        id: row.get(0)?,
        path: row.get(4)?,
        url: row.get(5)?,
        warc_record: row.get(6)?,
        captured: parse_time_opt(row.get(7)?)?,
        sha256: row.get(8)?,
        text_sha256: row.get(9)?,
        title: row.get(10)?,
        publisher: row.get(11)?,
        published: parse_date(row.get(12)?)?,
        charset: row.get(13)?,
        kind: code(&row.get::<_, String>(14)?)?,
        source_tier: code(&row.get::<_, String>(15)?)?,
        text_chars: natural(row.get(16)?)? as usize,
        text: None,
    })
}

fn headline(row: &Row<'_>) -> Result<Option<HeadlineCount>, StoreError> {
    let Some(value) = natural_opt(row.get(2)?)? else { return Ok(None) };
    Ok(Some(HeadlineCount {
        claim: row.get(1)?,
        value,
        unit: row.get(3)?,
        bound: code(&row.get::<_, String>(4)?)?,
        approx: row.get(5)?,
        scope: code(&row.get::<_, String>(6)?)?,
        derived: code(&row.get::<_, String>(7)?)?,
        confidence: row.get(8)?,
    }))
}

type EvidenceOf<'a> = dyn FnMut(&str) -> Vec<Evidence> + 'a;

const ORGANIZATION: &str = "id, name, canonical, legal_form, ticker, aliases, role, anonymised, confidence, rule";

fn organization(row: &Row<'_>, evidence: &mut EvidenceOf<'_>) -> Result<OrganizationClaim, StoreError> {
    let id: String = row.get(0)?;
    Ok(OrganizationClaim {
        name: row.get(1)?,
        canonical: row.get(2)?,
        legal_form: row.get(3)?,
        ticker: row.get(4)?,
        aliases: parse_list(&row.get::<_, String>(5)?)?,
        role: code(&row.get::<_, String>(6)?)?,
        anonymised: row.get(7)?,
        confidence: row.get(8)?,
        rule: row.get(9)?,
        evidence: evidence(&id),
        id,
    })
}

const COUNT: &str = "id, value, max_value, unit, bound, approx, cumulative, scope, subject, part_of, undisclosed, as_of, \
                     confidence, rule";

fn count(row: &Row<'_>, evidence: &mut EvidenceOf<'_>) -> Result<CountClaim, StoreError> {
    let id: String = row.get(0)?;
    Ok(CountClaim {
        value: natural_opt(row.get(1)?)?,
        max_value: natural_opt(row.get(2)?)?,
        unit: row.get(3)?,
        bound: code(&row.get::<_, String>(4)?)?,
        approx: row.get(5)?,
        cumulative: row.get(6)?,
        scope: code(&row.get::<_, String>(7)?)?,
        subject: code(&row.get::<_, String>(8)?)?,
        part_of: row.get(9)?,
        undisclosed: code_opt(row.get(10)?)?,
        as_of: parse_date(row.get(11)?)?,
        confidence: row.get(12)?,
        rule: row.get(13)?,
        evidence: evidence(&id),
        id,
    })
}

const CAUSE: &str = "id, code, label, source_label, vulnerabilities, confidence, rule";

fn cause(row: &Row<'_>, evidence: &mut EvidenceOf<'_>) -> Result<CauseClaim, StoreError> {
    let id: String = row.get(0)?;
    Ok(CauseClaim {
        code: code(&row.get::<_, String>(1)?)?,
        label: row.get(2)?,
        source_label: row.get(3)?,
        codings: CauseCodings::default(),
        vulnerabilities: parse_list(&row.get::<_, String>(4)?)?,
        confidence: row.get(5)?,
        rule: row.get(6)?,
        evidence: evidence(&id),
        id,
    })
}

const DATE: &str = "id, kind, date_from, date_to, precision, confidence, rule";

fn date_claim(row: &Row<'_>, evidence: &mut EvidenceOf<'_>) -> Result<DateClaim, StoreError> {
    let id: String = row.get(0)?;
    Ok(DateClaim {
        kind: code(&row.get::<_, String>(1)?)?,
        date_from: parse_date(row.get(2)?)?,
        date_to: parse_date(row.get(3)?)?,
        precision: code(&row.get::<_, String>(4)?)?,
        confidence: row.get(5)?,
        rule: row.get(6)?,
        evidence: evidence(&id),
        id,
    })
}

const DATA_TYPE: &str = "id, code, state, confidence, rule";

fn data_type(row: &Row<'_>, evidence: &mut EvidenceOf<'_>) -> Result<DataTypeClaim, StoreError> {
    Ok(DataTypeClaim {
        code: code(&row.get::<_, String>(1)?)?,
        state: code(&row.get::<_, String>(2)?)?,
        confidence: row.get(3)?,
        rule: row.get(4)?,
        evidence: evidence(&row.get::<_, String>(0)?),
    })
}
