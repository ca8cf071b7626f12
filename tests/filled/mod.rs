//! A data folder filled through rouei-store, and the binary run on it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rouei_model::{
    Bound, CauseClaim, CauseCode, CauseCodings, CountClaim, CountScope, CountSubject, DataState, DateClaim, DateKind,
    DatePrecision, Derivation, Disclosure, DocumentKind, DocumentRecord, Event, Evidence, Extraction, HeadlineCount,
    LeakStatus, OrganizationClaim, OrganizationRole, SCHEMA_VERSION, SourceTier, Stage, Undisclosed,
};
use rouei_store::{NewCapture, Store};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    record: Vec<Record>,
}

/// One record of `records.toml`; without `confidence` the document discloses nothing.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub url: Option<String>,
    pub path: Option<String>,
    source: Option<String>,
    publisher: Option<String>,
    published: Option<String>,
    captured: String,
    pub title: String,
    text: String,
    tier: Option<SourceTier>,
    kind: Option<DocumentKind>,
    organization: Option<String>,
    contractor: Option<String>,
    count: Option<Figure>,
    card_count: Option<Figure>,
    undisclosed: Option<Undisclosed>,
    cause: Option<CauseCode>,
    announced: Option<String>,
    occurred: Option<String>,
    discovered: Option<String>,
    card_data: Option<DataState>,
    leak_status: Option<LeakStatus>,
    event: Option<Event>,
    stage: Option<Stage>,
    pub confidence: Option<f64>,
    #[serde(default)]
    needs_review: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    value: u64,
    unit: String,
    bound: Option<Bound>,
    #[serde(default)]
    approx: bool,
    #[serde(default)]
    cumulative: bool,
    scope: Option<CountScope>,
    quote: String,
}

impl Record {
    /// The machine now reads another figure.
    pub fn recount(&mut self, value: u64) {
        self.count.as_mut().unwrap().value = value;
    }
}

pub fn records() -> Vec<Record> {
    toml::from_str::<File>(include_str!("records.toml")).unwrap().record
}

/// A data folder with every record of `records.toml`.
pub fn filled() -> tempfile::TempDir {
    filled_with(&records())
}

/// The records of `incidents.toml`: one event told several times.
pub fn joined() -> tempfile::TempDir {
    filled_with(&toml::from_str::<File>(include_str!("incidents.toml")).unwrap().record)
}

fn filled_with(records: &[Record]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for (i, record) in records.iter().enumerate() {
        put(&store, i, record);
    }
    folder
}

pub fn open(folder: &Path) -> Store {
    Store::open(&folder.join("rouei.sqlite")).unwrap()
}

/// Stores a record as the extraction of document `number`.
pub fn put(store: &Store, number: usize, record: &Record) {
    let capture = record.source.as_ref().map(|source| {
        let capture = NewCapture {
            source: source.clone(),
            role: Some("page".into()),
            url: record.url.clone().unwrap(),
            captured: record.captured.parse().unwrap(),
            status: 200,
            payload_digest: format!("sha256:{number}"),
            warc_file: "rouei-00000.warc.gz".into(),
            warc_offset: number as u64 * 1000,
            warc_length: 900,
            record_id: format!("urn:uuid:{number}"),
            ..NewCapture::default()
        };
        store.insert_capture(&capture).unwrap()
    });
    store.put_extraction(capture, &extraction(number, record), Some(&record.text)).unwrap();
}

/// The identifier of the record of document `number`.
pub fn id(number: usize) -> String {
    format!("{number:02x}d15c0000000000")
}

fn extraction(number: usize, r: &Record) -> Extraction {
    Extraction {
        schema_version: SCHEMA_VERSION,
        extractor_version: "test-1".into(),
        document: DocumentRecord {
            id: format!("{number:02x}d0c00000000000"),
            path: r.path.clone(),
            url: r.url.clone(),
            warc_record: None,
            captured: Some(r.captured.parse().unwrap()),
            sha256: format!("{number:064x}"),
            text_sha256: format!("{number:064x}"),
            title: Some(r.title.clone()),
            publisher: r.publisher.clone(),
            published: r.published.as_ref().map(|d| d.parse().unwrap()),
            charset: Some("utf-8".into()),
            kind: r.kind.unwrap_or(DocumentKind::PressRelease),
            source_tier: r.tier.unwrap_or(SourceTier::Official),
            text_chars: r.text.chars().count(),
            text: None,
        },
        disclosures: r.confidence.map(|confidence| disclosure(number, r, confidence)).into_iter().collect(),
        issues: Vec::new(),
    }
}

fn disclosure(number: usize, r: &Record, confidence: f64) -> Disclosure {
    let dates =
        [(DateKind::Announced, &r.announced), (DateKind::Occurred, &r.occurred), (DateKind::Discovered, &r.discovered)];
    let mut counts: Vec<CountClaim> = Vec::new();
    counts.extend(r.count.as_ref().map(|f| count("c1", f, CountSubject::PersonalData, &r.text)));
    counts.extend(r.card_count.as_ref().map(|f| count("c2", f, CountSubject::Card, &r.text)));
    counts.extend(r.undisclosed.map(|why| CountClaim { undisclosed: Some(why), ..unknown_count() }));
    Disclosure {
        id: id(number),
        organizations: [(&r.organization, OrganizationRole::Victim), (&r.contractor, OrganizationRole::Contractor)]
            .into_iter()
            .filter_map(|(name, role)| Some((name.as_ref()?, role)))
            .enumerate()
            .map(|(i, (name, role))| OrganizationClaim {
                id: format!("o{}", i + 1),
                name: name.clone(),
                canonical: name.clone(),
                legal_form: None,
                ticker: None,
                aliases: Vec::new(),
                role,
                anonymised: false,
                confidence,
                rule: "signature".into(),
                evidence: evidence(&r.text, name),
            })
            .collect(),
        headline_count: r.count.as_ref().map(|f| HeadlineCount {
            claim: Some("c1".into()),
            value: f.value,
            unit: f.unit.clone(),
            bound: f.bound.unwrap_or(Bound::Exact),
            approx: f.approx,
            scope: f.scope.unwrap_or(CountScope::Unstated),
            derived: Derivation::Stated,
            confidence,
        }),
        counts,
        causes: r
            .cause
            .iter()
            .map(|code| CauseClaim {
                id: "k1".into(),
                code: *code,
                label: code.code().into(),
                source_label: None,
                codings: CauseCodings::default(),
                vulnerabilities: Vec::new(),
                confidence,
                rule: "cue".into(),
                evidence: Vec::new(),
            })
            .collect(),
        dates: dates
            .into_iter()
            .filter_map(|(kind, day)| Some((kind, day.as_ref()?.parse().unwrap())))
            .enumerate()
            .map(|(i, (kind, day))| DateClaim {
                id: format!("d{}", i + 1),
                kind,
                date_from: Some(day),
                date_to: Some(day),
                precision: DatePrecision::Day,
                confidence,
                rule: "written".into(),
                evidence: Vec::new(),
            })
            .collect(),
        data_types: Vec::new(),
        card_data: r.card_data,
        leak_status: r.leak_status,
        event: r.event.unwrap_or(Event::Incident),
        stage: r.stage.unwrap_or(Stage::First),
        report_types: Vec::new(),
        effect: Vec::new(),
        leaked_by: None,
        confidence,
        needs_review: r.needs_review,
        issues: Vec::new(),
    }
}

fn count(id: &str, f: &Figure, subject: CountSubject, text: &str) -> CountClaim {
    CountClaim {
        id: id.into(),
        value: Some(f.value),
        unit: f.unit.clone(),
        bound: f.bound.unwrap_or(Bound::Exact),
        approx: f.approx,
        cumulative: f.cumulative,
        scope: f.scope.unwrap_or(CountScope::Unstated),
        subject,
        evidence: evidence(text, &f.quote),
        ..unknown_count()
    }
}

fn unknown_count() -> CountClaim {
    CountClaim {
        id: "c9".into(),
        value: None,
        max_value: None,
        unit: String::new(),
        bound: Bound::Exact,
        approx: false,
        cumulative: false,
        scope: CountScope::Unstated,
        subject: CountSubject::PersonalData,
        part_of: None,
        undisclosed: None,
        as_of: None,
        confidence: 0.9,
        rule: "number".into(),
        evidence: Vec::new(),
    }
}

fn evidence(text: &str, quote: &str) -> Vec<Evidence> {
    let at = text.find(quote).unwrap_or_else(|| panic!("{quote} does not stand in {text}"));
    let start = text[..at].chars().count();
    vec![Evidence { start, end: start + quote.chars().count(), quote: quote.into() }]
}

/// The binary with a data folder and nothing of the surroundings.
pub fn rouei(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rouei"))
        .args(arguments)
        .env_clear()
        .env("ROUEI_DATA", folder)
        .env("USER", "reviewer")
        .output()
        .unwrap()
}

/// Standard output of a run that ends with 0 and says nothing on standard error.
pub fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = rouei(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a run that ends with 2 and writes nothing to standard output.
pub fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = rouei(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

pub fn written(folder: &Path, name: &str) -> String {
    let path: PathBuf = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}
