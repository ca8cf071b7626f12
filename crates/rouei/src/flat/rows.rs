//! The columns of the tables, and records in their order.

use rouei_model::{Coding, DateClaim, DateKind, Disclosure, Evidence, Extraction, Issue, OrganizationRole};

use super::{Cell, Kind};

/// Columns of `documents`.
pub const DOCUMENT: &[(&str, Kind)] = &[
    ("document_id", Kind::Text),
    ("path", Kind::Text),
    ("url", Kind::Text),
    ("warc_record", Kind::Text),
    ("captured", Kind::Time),
    ("sha256", Kind::Text),
    ("text_sha256", Kind::Text),
    ("title", Kind::Text),
    ("publisher", Kind::Text),
    ("published", Kind::Day),
    ("charset", Kind::Text),
    ("kind", Kind::Text),
    ("source_tier", Kind::Text),
    ("text_chars", Kind::Integer),
    ("text", Kind::Text),
    ("disclosures", Kind::Integer),
    ("issues", Kind::Text),
    ("schema_version", Kind::Integer),
    ("extractor_version", Kind::Text),
];

/// Columns of `disclosures`.
pub const DISCLOSURE: &[(&str, Kind)] = &[
    ("disclosure_id", Kind::Text),
    ("document_id", Kind::Text),
    ("ordinal", Kind::Integer),
    ("path", Kind::Text),
    ("url", Kind::Text),
    ("title", Kind::Text),
    ("published", Kind::Day),
    ("organization", Kind::Text),
    ("organization_canonical", Kind::Text),
    ("role", Kind::Text),
    ("headline_claim", Kind::Text),
    ("headline_value", Kind::Integer),
    ("headline_unit", Kind::Text),
    ("headline_bound", Kind::Text),
    ("headline_approx", Kind::Flag),
    ("headline_scope", Kind::Text),
    ("headline_derived", Kind::Text),
    ("headline_confidence", Kind::Real),
    ("cause", Kind::Text),
    ("announced_from", Kind::Day),
    ("announced_to", Kind::Day),
    ("discovered_from", Kind::Day),
    ("discovered_to", Kind::Day),
    ("occurred_from", Kind::Day),
    ("occurred_to", Kind::Day),
    ("card_data", Kind::Text),
    ("leak_status", Kind::Text),
    ("event", Kind::Text),
    ("stage", Kind::Text),
    ("report_types", Kind::Text),
    ("effect", Kind::Text),
    ("leaked_by", Kind::Text),
    ("confidence", Kind::Real),
    ("needs_review", Kind::Flag),
    ("issues", Kind::Text),
];

/// Columns of `claims`.
pub const CLAIM: &[(&str, Kind)] = &[
    ("disclosure_id", Kind::Text),
    ("document_id", Kind::Text),
    ("kind", Kind::Text),
    ("ordinal", Kind::Integer),
    ("claim_id", Kind::Text),
    // organization
    ("name", Kind::Text),
    ("canonical", Kind::Text),
    ("legal_form", Kind::Text),
    ("ticker", Kind::Text),
    ("role", Kind::Text),
    ("anonymised", Kind::Flag),
    // count
    ("value", Kind::Integer),
    ("max_value", Kind::Integer),
    ("unit", Kind::Text),
    ("bound", Kind::Text),
    ("approx", Kind::Flag),
    ("cumulative", Kind::Flag),
    ("scope", Kind::Text),
    ("subject", Kind::Text),
    ("part_of", Kind::Text),
    ("undisclosed", Kind::Text),
    ("as_of", Kind::Day),
    // cause, date and data type: which
    ("code", Kind::Text),
    ("label", Kind::Text),
    ("source_label", Kind::Text),
    ("vulnerabilities", Kind::Text),
    ("coding_scan", Kind::Text),
    ("coding_tsr", Kind::Text),
    ("coding_jnsa", Kind::Text),
    ("coding_veris", Kind::Text),
    ("coding_judgement", Kind::Text),
    // date
    ("date_from", Kind::Day),
    ("date_to", Kind::Day),
    ("precision", Kind::Text),
    // data type
    ("state", Kind::Text),
    // all
    ("confidence", Kind::Real),
    ("rule", Kind::Text),
    ("evidence", Kind::Integer),
    ("evidence_start", Kind::Integer),
    ("evidence_end", Kind::Integer),
    ("quote", Kind::Text),
];

pub fn document(extraction: &Extraction) -> Vec<Cell> {
    let d = &extraction.document;
    vec![
        code(&d.id),
        Cell::Text(d.path.clone()),
        Cell::Text(d.url.clone()),
        Cell::Code(d.warc_record.clone()),
        Cell::Time(d.captured),
        code(&d.sha256),
        code(&d.text_sha256),
        Cell::Text(d.title.clone()),
        Cell::Text(d.publisher.clone()),
        Cell::Day(d.published),
        Cell::Code(d.charset.clone()),
        code(d.kind.code()),
        code(d.source_tier.code()),
        Cell::Integer(Some(d.text_chars as u64)),
        Cell::Text(d.text.clone()),
        Cell::Integer(Some(extraction.disclosures.len() as u64)),
        issues(&extraction.issues),
        Cell::Integer(Some(extraction.schema_version.into())),
        code(&extraction.extractor_version),
    ]
}

pub fn disclosure(extraction: &Extraction, ordinal: usize, d: &Disclosure) -> Vec<Cell> {
    let document = &extraction.document;
    // As the database has it: the victim, where the page names one; a disclosure that names none has none.
    let victim = d.organizations.iter().find(|o| o.role == OrganizationRole::Victim);
    let headline = d.headline_count.as_ref();
    let announced = leading(d, &[DateKind::Announced]);
    let discovered = leading(d, &[DateKind::Discovered]);
    let occurred = leading(d, &[DateKind::Occurred, DateKind::Exposed]);
    let from = |claim: Option<&DateClaim>| Cell::Day(claim.and_then(|c| c.date_from));
    let to = |claim: Option<&DateClaim>| Cell::Day(claim.and_then(|c| c.date_to));
    vec![
        code(&d.id),
        code(&document.id),
        Cell::Integer(Some(ordinal as u64)),
        Cell::Text(document.path.clone()),
        Cell::Text(document.url.clone()),
        Cell::Text(document.title.clone()),
        Cell::Day(document.published),
        Cell::Text(victim.map(|o| o.name.clone())),
        Cell::Text(victim.map(|o| o.canonical.clone())),
        code_of(victim.map(|o| o.role.code())),
        Cell::Code(headline.and_then(|h| h.claim.clone())),
        Cell::Integer(headline.map(|h| h.value)),
        Cell::Text(headline.map(|h| h.unit.clone())),
        code_of(headline.map(|h| h.bound.code())),
        Cell::Flag(headline.map(|h| h.approx)),
        code_of(headline.map(|h| h.scope.code())),
        code_of(headline.map(|h| h.derived.code())),
        Cell::Real(headline.map(|h| h.confidence)),
        code_of(d.causes.first().map(|c| c.code.code())),
        from(announced),
        to(announced),
        from(discovered),
        to(discovered),
        from(occurred),
        to(occurred),
        code_of(d.card_data.map(|s| s.code())),
        code_of(d.leak_status.map(|s| s.code())),
        code(d.event.code()),
        code(d.stage.code()),
        codes(d.report_types.iter().map(|t| t.code())),
        codes(d.effect.iter().map(|e| e.code())),
        code_of(d.leaked_by.map(|l| l.code())),
        Cell::Real(Some(d.confidence)),
        Cell::Flag(Some(d.needs_review)),
        issues(&d.issues),
    ]
}

/// Every claim of a record: organizations, counts, causes, dates, kinds of data.
pub fn claims(extraction: &Extraction, d: &Disclosure) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let row = |kind: &str, ordinal: usize, id: Option<&String>| {
        let mut row = ClaimRow::empty();
        row.set("disclosure_id", code(&d.id));
        row.set("document_id", code(&extraction.document.id));
        row.set("kind", code(kind));
        row.set("ordinal", Cell::Integer(Some(ordinal as u64)));
        row.set("claim_id", Cell::Code(id.cloned()));
        row
    };
    for (i, c) in d.organizations.iter().enumerate() {
        let mut row = row("organization", i, Some(&c.id));
        row.set("name", Cell::Text(Some(c.name.clone())));
        row.set("canonical", Cell::Text(Some(c.canonical.clone())));
        row.set("legal_form", Cell::Text(c.legal_form.clone()));
        row.set("ticker", Cell::Text(c.ticker.clone()));
        row.set("role", code(c.role.code()));
        row.set("anonymised", Cell::Flag(Some(c.anonymised)));
        rows.push(row.found(c.confidence, &c.rule, &c.evidence));
    }
    for (i, c) in d.counts.iter().enumerate() {
        let mut row = row("count", i, Some(&c.id));
        row.set("value", Cell::Integer(c.value));
        row.set("max_value", Cell::Integer(c.max_value));
        row.set("unit", Cell::Text(Some(c.unit.clone())));
        row.set("bound", code(c.bound.code()));
        row.set("approx", Cell::Flag(Some(c.approx)));
        row.set("cumulative", Cell::Flag(Some(c.cumulative)));
        row.set("scope", code(c.scope.code()));
        row.set("subject", code(c.subject.code()));
        row.set("part_of", Cell::Code(c.part_of.clone()));
        row.set("undisclosed", code_of(c.undisclosed.map(|u| u.code())));
        row.set("as_of", Cell::Day(c.as_of));
        rows.push(row.found(c.confidence, &c.rule, &c.evidence));
    }
    for (i, c) in d.causes.iter().enumerate() {
        let mut row = row("cause", i, Some(&c.id));
        row.set("code", code(c.code.code()));
        row.set("label", Cell::Text(Some(c.label.clone())));
        row.set("source_label", Cell::Text(c.source_label.clone()));
        let numbers = c.vulnerabilities.join(" ");
        row.set("vulnerabilities", Cell::Text((!numbers.is_empty()).then_some(numbers)));
        for coding in Coding::ALL {
            row.set(&format!("coding_{}", coding.code()), code_of(c.codings.label(*coding)));
        }
        row.set("coding_judgement", codes(c.codings.judgement.iter().map(|coding| coding.code())));
        rows.push(row.found(c.confidence, &c.rule, &c.evidence));
    }
    for (i, c) in d.dates.iter().enumerate() {
        let mut row = row("date", i, Some(&c.id));
        row.set("code", code(c.kind.code()));
        row.set("date_from", Cell::Day(c.date_from));
        row.set("date_to", Cell::Day(c.date_to));
        row.set("precision", code(c.precision.code()));
        rows.push(row.found(c.confidence, &c.rule, &c.evidence));
    }
    for (i, c) in d.data_types.iter().enumerate() {
        let mut row = row("data_type", i, None);
        row.set("code", code(c.code.code()));
        row.set("state", code(c.state.code()));
        rows.push(row.found(c.confidence, &c.rule, &c.evidence));
    }
    rows
}

struct ClaimRow(Vec<Cell>);

impl ClaimRow {
    fn empty() -> Self {
        Self(CLAIM.iter().map(|(_, kind)| null(*kind)).collect())
    }

    fn set(&mut self, name: &str, value: Cell) {
        if let Some(at) = CLAIM.iter().position(|(column, _)| *column == name) {
            self.0[at] = value;
        }
    }

    /// The first place stands in the row, the number of all beside it.
    fn found(mut self, confidence: f64, rule: &str, evidence: &[Evidence]) -> Vec<Cell> {
        let first = evidence.first();
        self.set("confidence", Cell::Real(Some(confidence)));
        self.set("rule", code(rule));
        self.set("evidence", Cell::Integer(Some(evidence.len() as u64)));
        self.set("evidence_start", Cell::Integer(first.map(|e| e.start as u64)));
        self.set("evidence_end", Cell::Integer(first.map(|e| e.end as u64)));
        self.set("quote", Cell::Text(first.map(|e| e.quote.clone())));
        self.0
    }
}

fn null(kind: Kind) -> Cell {
    match kind {
        Kind::Text => Cell::Code(None),
        Kind::Integer => Cell::Integer(None),
        Kind::Real => Cell::Real(None),
        Kind::Flag => Cell::Flag(None),
        Kind::Day => Cell::Day(None),
        Kind::Time => Cell::Time(None),
    }
}

fn code(text: &str) -> Cell {
    Cell::Code(Some(text.to_owned()))
}

fn code_of(text: Option<&str>) -> Cell {
    Cell::Code(text.map(str::to_owned))
}

/// Codes divided by blanks; none where there is none.
fn codes<'c>(codes: impl Iterator<Item = &'c str>) -> Cell {
    let codes: Vec<&str> = codes.collect();
    Cell::Code((!codes.is_empty()).then(|| codes.join(" ")))
}

/// The codes, each once, in the order of the issues; none where there is no issue.
fn issues(issues: &[Issue]) -> Cell {
    let mut codes: Vec<String> = Vec::new();
    for issue in issues {
        let name = serde_json::to_value(issue.code).ok().and_then(|v| v.as_str().map(str::to_owned));
        codes.extend(name.filter(|name| !codes.contains(name)));
    }
    Cell::Code((!codes.is_empty()).then(|| codes.join(" ")))
}

/// The first date of the first kind that there is.
fn leading<'a>(d: &'a Disclosure, kinds: &[DateKind]) -> Option<&'a DateClaim> {
    kinds.iter().find_map(|kind| d.dates.iter().find(|c| c.kind == *kind))
}
