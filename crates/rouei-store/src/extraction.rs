use std::collections::{BTreeMap, BTreeSet};

use rouei_model::{DateClaim, DateKind, DatePrecision, Disclosure, Evidence, Extraction, Issue, OrganizationRole};
use rusqlite::{CachedStatement, params};

use crate::{
    CaptureId, Store, StoreError,
    codes::{date, integer, issue_code, list, time},
};

/// What [`Store::put_extraction`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The document itself.
    pub document: DocumentOutcome,
    /// Disclosures that were not there.
    pub new: usize,
    /// Disclosures of which a claim or a property is another one now.
    pub changed: usize,
    /// Disclosures that are as they were.
    pub unchanged: usize,
    /// Disclosures that the document does not yield any more: removed, or kept as withdrawn if they have reviews.
    pub withdrawn: usize,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentOutcome {
    /// Not seen before.
    New,
    /// Its text, a property or a disclosure is another one now.
    Changed,
    /// As it was; at most it was fetched again.
    Unchanged,
    /// Its address is withdrawn: nothing of what it says was kept.
    Withdrawn,
}

impl Store {
    /// Keeps what was read of a document in place of what was read of it before, in one transaction. The same twice
    /// changes nothing. A disclosure that is not found any more is removed, unless it has reviews: then it stays,
    /// marked as withdrawn, and comes back when it is found again.
    ///
    /// What follows from claims ([`Disclosure::claims_only`]) is not kept.
    ///
    /// `text` is the document text that the evidence counts in; where it is none, `extraction.document.text` is taken.
    ///
    /// # Errors
    /// [`StoreError::DuplicateDisclosure`], [`StoreError::TooLarge`], [`StoreError::Sql`]; then nothing is changed.
    pub fn put_extraction(
        &self,
        capture: Option<CaptureId>,
        extraction: &Extraction,
        text: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let text = text.or(extraction.document.text.as_deref());
        self.in_transaction(|store| store.replace_extraction(capture, extraction, text))
    }

    fn replace_extraction(
        &self,
        capture: Option<CaptureId>,
        extraction: &Extraction,
        text: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let id = &extraction.document.id;
        if let Some(url) = &extraction.document.url
            && self.is_withdrawn(url)?
        {
            return self.put_withdrawn(capture, extraction);
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = extraction.disclosures.iter().find(|d| !ids.insert(d.id.as_str())) {
            return Err(StoreError::DuplicateDisclosure { document: id.clone(), id: twice.id.clone() });
        }
        let stored = self.document(id)?;
        let before: BTreeMap<String, (Disclosure, bool)> =
            self.disclosures_of(id)?.into_iter().map(|(d, withdrawn)| (d.id.clone(), (d, withdrawn))).collect();

        let mut outcome = Outcome { document: DocumentOutcome::New, new: 0, changed: 0, unchanged: 0, withdrawn: 0 };
        let mut same = false;
        if let Some(stored) = &stored {
            let provenance_apart = |e: &Extraction| {
                let mut e = e.clone();
                e.disclosures.clear();
                e.document.text = None;
                (e.document.path, e.document.captured, e.document.warc_record) = (None, None, None);
                e
            };
            let text_same = stored.text.as_deref() == text;
            same = text_same && provenance_apart(&stored.extraction) == provenance_apart(extraction);
            outcome.document = if same { DocumentOutcome::Unchanged } else { DocumentOutcome::Changed };
            let provenance_same = stored.capture == capture
                && stored.extraction.document.path == extraction.document.path
                && stored.extraction.document.captured == extraction.document.captured
                && stored.extraction.document.warc_record == extraction.document.warc_record;
            if !(same && provenance_same) {
                self.write_document(capture, extraction, text)?;
            }
        } else {
            self.write_document(capture, extraction, text)?;
        }
        if !same {
            self.execute("DELETE FROM issue WHERE document_id = ?1 AND disclosure_id IS NULL", params![id])?;
            self.write_issues(id, None, &extraction.issues)?;
        }

        for (ordinal, disclosure) in extraction.disclosures.iter().enumerate() {
            match before.get(&disclosure.id) {
                Some((stored, false)) if *stored == disclosure.claims_only() => {
                    outcome.unchanged += 1;
                    self.execute(
                        "UPDATE disclosure SET ordinal = ?2 WHERE id = ?1 AND ordinal <> ?2",
                        params![disclosure.id, ordinal as i64],
                    )?;
                    continue;
                }
                Some((_, false)) => outcome.changed += 1,
                Some((_, true)) | None => outcome.new += 1,
            }
            self.write_disclosure(id, ordinal, disclosure)?;
        }
        for (gone, _) in before.values().filter(|(d, withdrawn)| !withdrawn && !ids.contains(d.id.as_str())) {
            outcome.withdrawn += 1;
            let kept = self.execute(
                "UPDATE disclosure SET withdrawn = 1
                 WHERE id = ?1 AND EXISTS (SELECT 1 FROM review WHERE disclosure_id = ?1)",
                params![gone.id],
            )?;
            if kept == 0 {
                self.execute("DELETE FROM disclosure WHERE id = ?1", params![gone.id])?;
            }
        }
        if outcome.document == DocumentOutcome::Unchanged && outcome.new + outcome.changed + outcome.withdrawn > 0 {
            outcome.document = DocumentOutcome::Changed;
        }
        Ok(outcome)
    }

    pub(crate) fn write_document(
        &self,
        capture: Option<CaptureId>,
        extraction: &Extraction,
        text: Option<&str>,
    ) -> Result<(), StoreError> {
        let document = &extraction.document;
        self.execute(
            "INSERT INTO document (id, schema_version, extractor_version, capture_id, path, url, warc_record, captured,
                                   sha256, text_sha256, title, publisher, published, charset, kind, source_tier,
                                   text_chars, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
             ON CONFLICT (id) DO UPDATE SET
                schema_version = excluded.schema_version, extractor_version = excluded.extractor_version,
                capture_id = excluded.capture_id, path = excluded.path, url = excluded.url,
                warc_record = excluded.warc_record, captured = excluded.captured, sha256 = excluded.sha256,
                text_sha256 = excluded.text_sha256, title = excluded.title, publisher = excluded.publisher,
                published = excluded.published, charset = excluded.charset, kind = excluded.kind,
                source_tier = excluded.source_tier, text_chars = excluded.text_chars, text = excluded.text",
            params![
                document.id,
                extraction.schema_version,
                extraction.extractor_version,
                capture.map(|c| c.0),
                document.path,
                document.url,
                document.warc_record,
                document.captured.map(time),
                document.sha256,
                document.text_sha256,
                document.title,
                document.publisher,
                date(document.published),
                document.charset,
                document.kind.code(),
                document.source_tier.code(),
                integer(document.text_chars as u64)?,
                text,
            ],
        )?;
        Ok(())
    }

    /// The row, in place of an earlier one, and the claims.
    fn write_disclosure(&self, document: &str, ordinal: usize, d: &Disclosure) -> Result<(), StoreError> {
        for table in
            ["organization_claim", "count_claim", "cause_claim", "date_claim", "data_type_claim", "evidence", "issue"]
        {
            self.execute(&format!("DELETE FROM {table} WHERE disclosure_id = ?1"), params![d.id])?;
        }
        // The leading organization is the victim; a disclosure that names none has none.
        let victim = d.organizations.iter().find(|o| o.role == OrganizationRole::Victim);
        let headline = d.headline_count.as_ref();
        let value = headline.map(|h| integer(h.value)).transpose()?;
        let announced = leading(d, &[DateKind::Announced]);
        let occurred = leading(d, &[DateKind::Occurred, DateKind::Exposed]);
        let discovered = leading(d, &[DateKind::Discovered]);
        let from = |c: Option<&DateClaim>| date(c.and_then(|c| c.date_from));
        let to = |c: Option<&DateClaim>| date(c.and_then(|c| c.date_to));
        let precision = |c: Option<&DateClaim>| c.map(|c: &DateClaim| DatePrecision::code(c.precision));
        self.execute(
            "INSERT INTO disclosure (id, document_id, ordinal, withdrawn, organization, organization_canonical,
                headline_claim, headline_value, headline_unit, headline_bound, headline_approx, headline_scope,
                headline_derived, headline_confidence, cause, announced_from, announced_to, announced_precision,
                occurred_from, occurred_to, occurred_precision, discovered_from, discovered_to, discovered_precision,
                card_data, leak_status, event, stage, confidence, needs_review)
             VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)
             ON CONFLICT (id) DO UPDATE SET
                document_id = excluded.document_id, ordinal = excluded.ordinal, withdrawn = 0,
                organization = excluded.organization, organization_canonical = excluded.organization_canonical,
                headline_claim = excluded.headline_claim, headline_value = excluded.headline_value,
                headline_unit = excluded.headline_unit, headline_bound = excluded.headline_bound,
                headline_approx = excluded.headline_approx, headline_scope = excluded.headline_scope,
                headline_derived = excluded.headline_derived, headline_confidence = excluded.headline_confidence,
                cause = excluded.cause, announced_from = excluded.announced_from,
                announced_to = excluded.announced_to, announced_precision = excluded.announced_precision,
                occurred_from = excluded.occurred_from, occurred_to = excluded.occurred_to,
                occurred_precision = excluded.occurred_precision, discovered_from = excluded.discovered_from,
                discovered_to = excluded.discovered_to, discovered_precision = excluded.discovered_precision,
                card_data = excluded.card_data, leak_status = excluded.leak_status, event = excluded.event,
                stage = excluded.stage, confidence = excluded.confidence, needs_review = excluded.needs_review",
            params![
                d.id,
                document,
                ordinal as i64,
                victim.map(|o| &o.name),
                victim.map(|o| &o.canonical),
                headline.and_then(|h| h.claim.as_ref()),
                value,
                headline.map(|h| &h.unit),
                headline.map(|h| h.bound.code()),
                headline.map(|h| h.approx),
                headline.map(|h| h.scope.code()),
                headline.map(|h| h.derived.code()),
                headline.map(|h| h.confidence),
                d.causes.first().map(|c| c.code.code()),
                from(announced),
                to(announced),
                precision(announced),
                from(occurred),
                to(occurred),
                precision(occurred),
                from(discovered),
                to(discovered),
                precision(discovered),
                d.card_data.map(|s| s.code()),
                d.leak_status.map(|s| s.code()),
                d.event.code(),
                d.stage.code(),
                d.confidence,
                d.needs_review,
            ],
        )?;
        self.write_claims(d)?;
        self.write_issues(document, Some(&d.id), &d.issues)
    }

    fn write_claims(&self, d: &Disclosure) -> Result<(), StoreError> {
        let mut evidence = self.connection.prepare_cached(
            "INSERT INTO evidence (disclosure_id, claim_id, ordinal, start, \"end\", quote) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for (i, o) in d.organizations.iter().enumerate() {
            self.execute(
                "INSERT INTO organization_claim (disclosure_id, id, ordinal, name, canonical, legal_form, ticker,
                    aliases, role, anonymised, confidence, rule)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    d.id,
                    o.id,
                    i as i64,
                    o.name,
                    o.canonical,
                    o.legal_form,
                    o.ticker,
                    list(&o.aliases),
                    o.role.code(),
                    o.anonymised,
                    o.confidence,
                    o.rule,
                ],
            )?;
            write_evidence(&mut evidence, &d.id, &o.id, &o.evidence)?;
        }
        for (i, c) in d.counts.iter().enumerate() {
            self.execute(
                "INSERT INTO count_claim (disclosure_id, id, ordinal, value, max_value, unit, bound, approx, cumulative,
                    scope, subject, part_of, undisclosed, as_of, confidence, rule)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                params![
                    d.id,
                    c.id,
                    i as i64,
                    c.value.map(integer).transpose()?,
                    c.max_value.map(integer).transpose()?,
                    c.unit,
                    c.bound.code(),
                    c.approx,
                    c.cumulative,
                    c.scope.code(),
                    c.subject.code(),
                    c.part_of,
                    c.undisclosed.map(|u| u.code()),
                    date(c.as_of),
                    c.confidence,
                    c.rule,
                ],
            )?;
            write_evidence(&mut evidence, &d.id, &c.id, &c.evidence)?;
        }
        for (i, k) in d.causes.iter().enumerate() {
            self.execute(
                "INSERT INTO cause_claim (disclosure_id, id, ordinal, code, label, source_label, vulnerabilities,
                    confidence, rule)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    d.id,
                    k.id,
                    i as i64,
                    k.code.code(),
                    k.label,
                    k.source_label,
                    list(&k.vulnerabilities),
                    k.confidence,
                    k.rule,
                ],
            )?;
            write_evidence(&mut evidence, &d.id, &k.id, &k.evidence)?;
        }
        for (i, t) in d.dates.iter().enumerate() {
            self.execute(
                "INSERT INTO date_claim (disclosure_id, id, ordinal, kind, date_from, date_to, precision, confidence,
                    rule)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    d.id,
                    t.id,
                    i as i64,
                    t.kind.code(),
                    date(t.date_from),
                    date(t.date_to),
                    t.precision.code(),
                    t.confidence,
                    t.rule,
                ],
            )?;
            write_evidence(&mut evidence, &d.id, &t.id, &t.evidence)?;
        }
        for (i, t) in d.data_types.iter().enumerate() {
            let id = format!("t{}", i + 1);
            self.execute(
                "INSERT INTO data_type_claim (disclosure_id, id, ordinal, code, state, confidence, rule)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![d.id, id, i as i64, t.code.code(), t.state.code(), t.confidence, t.rule],
            )?;
            write_evidence(&mut evidence, &d.id, &id, &t.evidence)?;
        }
        Ok(())
    }

    fn write_issues(&self, document: &str, disclosure: Option<&str>, issues: &[Issue]) -> Result<(), StoreError> {
        for (i, issue) in issues.iter().enumerate() {
            self.execute(
                "INSERT INTO issue (document_id, disclosure_id, ordinal, code, message) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![document, disclosure, i as i64, issue_code(issue.code)?, issue.message],
            )?;
        }
        Ok(())
    }

    pub(crate) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }
}

/// The first date of the first kind that there is.
fn leading<'a>(d: &'a Disclosure, kinds: &[DateKind]) -> Option<&'a DateClaim> {
    kinds.iter().find_map(|kind| d.dates.iter().find(|c| c.kind == *kind))
}

fn write_evidence(
    statement: &mut CachedStatement<'_>,
    disclosure: &str,
    claim: &str,
    evidence: &[Evidence],
) -> Result<(), StoreError> {
    for (i, e) in evidence.iter().enumerate() {
        let (start, end) = (integer(e.start as u64)?, integer(e.end as u64)?);
        statement.execute(params![disclosure, claim, i as i64, start, end, e.quote])?;
    }
    Ok(())
}
