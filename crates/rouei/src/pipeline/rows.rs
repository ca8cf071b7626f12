//! Between the crates: what one calls a value, the other calls a row.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use rouei_archive::{RecordLocation, RecoveredCapture};
use rouei_crawl::{
    CaptureContext, Directives, Finding, Role, Room, SkipReason, Source, SourceTally, Visit, canonical_url, fresh_until,
};
use rouei_model::{Capture, CaptureKind, Document, Issue, IssueCode, SourceTier};
use rouei_store::{NewCapture, SourceCounts, SourceReason, SourceReport, SourceState};
use rouei_text::Hints;
use url::Url;

use crate::document;

/// Decoded PDF files are read up to this many bytes; what is longer in the archive, compressed, is not looked at.
const MAX_PDF: usize = 16 << 20;

/// Decoded bodies that are longer are read while nothing else is large.
pub(super) const SMALL: usize = 512 << 10;

/// Pages, up to this many: one costs many times its length while it is read.
const MAX_PAGE: usize = 4 << 20;

/// Whose site a page stands on, as the source says.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Who publishes.
    pub publisher: Option<String>,
    /// An organization's own site, or the press.
    pub tier: Option<SourceTier>,
}

impl Site {
    /// What a source says of its pages.
    pub fn of(source: &Source) -> Self {
        Self { publisher: Some(source.publisher.clone()), tier: Some(source.tier) }
    }
}

/// Bytes of text that are extracted from: some hundred printed pages. Time and memory grow faster than the text, and what
/// is longer is no notice.
pub(super) const MAX_TEXT: usize = 1 << 20;

/// The role of a page that asks not to be read; no other run takes it for a page either.
const NOINDEX: &str = "noindex";

/// The role of the page that a request was led to instead of the one that it asked for.
const OTHER_PAGE: &str = "other_page";

/// The role of a feed whose entries are read from it.
const FEED: &str = "feed";

/// Whether the entries of a discovery page are read from it: the source says so, and the answer does not forbid it.
fn is_read(context: &CaptureContext, source: Option<&Source>) -> bool {
    source.is_some_and(|source| source.discovery.holds_texts())
        && !context.directives.noindex
        && !context.directives.noarchive
}

/// What the archive keeps beside a capture, so that a recovered one has it again.
pub(super) fn notes(capture: &Capture, context: &CaptureContext, source: Option<&Source>) -> BTreeMap<String, String> {
    let role = match (context.role, context.directives.noindex) {
        (Role::Page | Role::Attachment, true) => NOINDEX,
        _ if redirected(capture, context).is_some() => OTHER_PAGE,
        (Role::Discovery, _) if is_read(context, source) => FEED,
        (role, _) => role_code(role),
    };
    let mut notes = BTreeMap::from([("role".to_owned(), role.to_owned())]);
    let mut note = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            notes.insert(name.to_owned(), value.clone());
        }
    };
    note("found_on", &context.found_on);
    note("link_title", &context.discovered_title);
    note("link_date", &context.discovered_date);
    note("canonical", &context.canonical.clone().filter(|canonical| may_be_canonical(&capture.url, canonical)));
    note("publisher", &source.map(|s| s.publisher.clone()));
    note("tier", &source.map(|s| s.tier.code().to_owned()));
    notes
}

/// How a page was come by, for the `metadata` record beside its response (ISO 28500, 6.6.2): other tools read `via`, and
/// nothing of our own header fields.
pub(super) fn way(notes: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let fields = [("via", "found_on"), ("link-title", "link_title"), ("link-date", "link_date")];
    let said = fields.iter().filter_map(|(field, note)| Some(((*field).to_owned(), notes.get(*note)?.clone())));
    said.collect()
}

pub(super) fn of_capture(capture: &Capture, location: &RecordLocation, notes: &BTreeMap<String, String>) -> NewCapture {
    row(capture, location, notes)
}

pub(super) fn of_recovered(recovered: &RecoveredCapture) -> NewCapture {
    row(&recovered.capture, &recovered.location, &recovered.context)
}

/// Capture → Document.
pub(super) fn document(capture: &Capture, link_date: Option<&str>, site: Site) -> Document {
    document_in(capture, link_date, site, &|| Room::default())
}

/// The same; `room` waits until there is some for what a large page takes.
fn document_in(capture: &Capture, link_date: Option<&str>, site: Site, room: &dyn Fn() -> Room) -> Document {
    let hints = Hints {
        path: None,
        url: Some(canonical(&capture.url)),
        content_type: header(capture, "content-type"),
        publisher: site.publisher,
        source_tier: site.tier,
        published: link_date.and_then(crate::context::day),
        captured: Some(capture.captured),
        warc_record: None,
        format: None,
    };
    let unread = |code, message: String| {
        let mut document = document::read(&[], &hints);
        document.issues = vec![Issue::new(code, message)];
        document
    };
    let pdf = capture.body.starts_with(b"%PDF-") || hints.content_type.as_deref().is_some_and(|t| t.contains("pdf"));
    // What a picture costs, another program pays.
    let picture = crate::ocr::is_picture(&capture.body);
    if capture.truncated.is_some() && capture.body.len() > MAX_TEXT {
        return unread(IssueCode::TooLarge, format!("a body that was cut off after {} bytes", capture.body.len()));
    }
    match rouei_crawl::decoded_body(capture, if pdf || picture { MAX_PDF } else { MAX_PAGE }) {
        Ok(body) => {
            let _room = (body.len() > SMALL && !picture).then(room);
            let mut document = document::read(&body, &hints);
            if document.text.len() > MAX_TEXT {
                let length = document.text.len();
                return unread(
                    IssueCode::TooLarge,
                    format!("a text of {length} bytes is larger than the bound of {MAX_TEXT}"),
                );
            }
            if capture.truncated.is_some() {
                document.issues.push(Issue::new(IssueCode::Truncated, "the response was cut off"));
            }
            document
        }
        Err(error) => unread(IssueCode::Unreadable, error.to_string()),
    }
}

/// The document of a capture that the archive holds.
pub(super) fn archived_document(
    archive: &Path,
    row: &NewCapture,
    site: Option<Site>,
    room: &dyn Fn() -> Room,
) -> Result<Document, String> {
    if row.truncated.as_deref() == Some("length") {
        return Ok(unread_row(row, "the body is longer than the bound, and was archived as far as that".to_owned()));
    }
    if row.warc_length > MAX_PDF as u64 {
        return Ok(unread_row(
            row,
            format!("a record of {} bytes is larger than the bound of {MAX_PDF}", row.warc_length),
        ));
    }
    let (capture, site) = archived_capture(archive, row, site)?;
    Ok(document_in(&capture, row.link_date.as_deref(), site, room))
}

/// A capture out of the archive, and whose site it is: as the source says, else as it said then.
pub(super) fn archived_capture(
    archive: &Path,
    row: &NewCapture,
    site: Option<Site>,
) -> Result<(Capture, Site), String> {
    let path = archive.join(&row.warc_file);
    let place = || format!("{} at {}", path.display(), row.warc_offset);
    let record = rouei_archive::read_at(&path, row.warc_offset).map_err(|e| e.to_string())?;
    if record.id() != row.record_id {
        return Err(format!("{}: holds {} where the database has {}", place(), record.id(), row.record_id));
    }
    // Without the source file of that time, the archive still knows whose site it was.
    let notes = record.context().map_err(|e| format!("{}: {e}", place()))?;
    let capture = record
        .into_capture()
        .ok_or_else(|| format!("{}: the record holds no capture", place()))?
        .map_err(|e| format!("{}: {e}", place()))?;
    let site = site.unwrap_or_else(|| Site {
        publisher: notes.get("publisher").cloned(),
        tier: notes.get("tier").and_then(|code| SourceTier::from_code(code)),
    });
    Ok((capture, site))
}

/// The document of a body that is too long: nothing of it is read, for that would cost many times its length.
fn unread_row(row: &NewCapture, message: String) -> Document {
    Document {
        url: Some(canonical(&row.url)),
        captured: Some(row.captured),
        sha256: row.payload_digest.trim_start_matches("sha256:").to_owned(),
        issues: vec![Issue::new(IssueCode::TooLarge, message)],
        ..Document::default()
    }
}

/// Why an address was left out, where that is worth a line of the report.
pub(super) fn rejection(url: &str, reason: &SkipReason) -> Option<SourceReason> {
    match reason {
        SkipReason::Robots { .. } | SkipReason::NoFollow => {
            Some(SourceReason { rejected: true, url: Some(url.to_owned()), reason: reason.to_string() })
        }
        SkipReason::NotDue | SkipReason::Fresh(_) | SkipReason::Duplicate => None,
    }
}

/// What the page itself asks not to be done with it: `noindex` keeps it out of the records, `noarchive` out of the
/// archive too.
pub(super) fn refusal(capture: &Capture, context: &CaptureContext) -> Option<SourceReason> {
    let page = matches!(context.role, Role::Page | Role::Attachment);
    if let Some(sign) = redirected(capture, context) {
        return Some(other_page(Some(context.requested.clone()), &sign));
    }
    let word = match context.directives {
        Directives { noarchive: true, .. } => "noarchive",
        Directives { noindex: true, .. } => "noindex",
        _ => return None,
    };
    page.then(|| SourceReason {
        rejected: true,
        url: Some(capture.url.clone()),
        reason: format!("the page asks for {word}"),
    })
}

/// Why a page was archived and not read. An image is what its publisher meant it to be; anything else is broken.
pub(super) fn unread(url: Option<String>, issue: &Issue) -> SourceReason {
    let rejected = issue.code == IssueCode::ImageOnly;
    SourceReason { rejected, url, reason: format!("not read: {}", issue.message) }
}

/// Why nothing was read from a page that is not the one that was asked for.
pub(super) fn other_page(url: Option<String>, sign: &Issue) -> SourceReason {
    SourceReason { rejected: true, url, reason: sign.message.clone() }
}

/// The state of a source after a run. `others` are captures that turned out to be no page: they are no news. `visits`
/// are those of the source, this run's among them.
pub(super) fn source_state(
    source: &Source,
    tally: &SourceTally,
    others: u32,
    visits: &[Visit],
    before: SourceState,
    now: Timestamp,
    interrupted: bool,
) -> SourceState {
    let failure = tally.findings.iter().find(|f| matches!(f, Finding::DiscoveryFailed { .. }));
    let news = tally.new + tally.changed > others;
    SourceState {
        last_run: Some(now),
        last_success: if failure.is_none() && !interrupted { Some(now) } else { before.last_success },
        last_new: if news { Some(now) } else { before.last_new },
        next_due: source.schedule.as_ref().map(|s| s.next_due(visits, now)),
        failures: if failure.is_some() { before.failures.saturating_add(1) } else { 0 },
        last_error: failure.map(ToString::to_string),
    }
}

pub(super) fn source_report(id: &str, tally: &SourceTally, reasons: Vec<SourceReason>) -> SourceReport {
    let mut reasons = reasons;
    reasons.extend(tally.findings.iter().map(|f| SourceReason { rejected: false, url: None, reason: f.to_string() }));
    SourceReport {
        source: id.to_owned(),
        counts: SourceCounts {
            found: tally.found.into(),
            new: tally.new.into(),
            changed: tally.changed.into(),
            unchanged: tally.unchanged.into(),
            failed: tally.failed.into(),
            rejected: tally.rejected.into(),
        },
        reasons,
    }
}

fn row(capture: &Capture, location: &RecordLocation, notes: &BTreeMap<String, String>) -> NewCapture {
    NewCapture {
        source: capture.source.clone(),
        role: notes.get("role").cloned(),
        url: capture.url.clone(),
        canonical_url: Some(notes.get("canonical").cloned().unwrap_or_else(|| canonical(&capture.url))),
        captured: capture.captured,
        status: capture.status,
        revisit: capture.kind != CaptureKind::Response,
        payload_digest: location.payload_digest.clone(),
        etag: header(capture, "etag"),
        last_modified: header(capture, "last-modified"),
        content_type: header(capture, "content-type"),
        redirect: (300..400).contains(&capture.status).then(|| header(capture, "location")).flatten(),
        fresh_until: fresh_until(capture),
        truncated: capture.truncated.map(|t| format!("{t:?}").to_lowercase()),
        found_on: notes.get("found_on").cloned(),
        link_title: notes.get("link_title").cloned(),
        link_date: notes.get("link_date").cloned(),
        warc_file: location.file.clone(),
        warc_offset: location.offset,
        warc_length: location.length,
        record_id: location.record_id.clone(),
    }
}

/// What it says that the request for a page ended where it did, if it was answered there.
pub(super) fn redirected(capture: &Capture, context: &CaptureContext) -> Option<Issue> {
    let page = matches!(context.role, Role::Page | Role::Attachment) && capture.status == 200;
    page.then(|| rouei_text::redirect_sign(&context.requested, &capture.url)).flatten()
}

/// Whether a page's word about its own address is taken: many sites name their top page on every page.
fn may_be_canonical(url: &str, canonical: &str) -> bool {
    let top = |text: &str| Url::parse(text).is_ok_and(|u| u.path() == "/" && u.query().is_none());
    !top(canonical) || top(url)
}

fn role_code(role: Role) -> &'static str {
    match role {
        Role::Robots => "robots",
        Role::Discovery => "discovery",
        Role::Page => "page",
        Role::Attachment => "attachment",
    }
}

pub(super) fn canonical(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |u| canonical_url(&u).to_string())
}

pub(super) fn header(capture: &Capture, name: &str) -> Option<String> {
    let field = capture.response_headers.iter().find(|h| h.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(&field.value).trim().to_owned())
}
