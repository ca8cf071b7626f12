//! Documents that repeat others, and captures that are not the page that was asked for.

use rouei_model::{Document, Extraction, Issue, IssueCode};
use rouei_store::{CaptureId, DocumentOutcome, Store, StoreError};
use url::Url;

/// Part of the shorter text that the other must hold for a near duplicate. Notices of different incidents, which share
/// their customary phrases, have 0.23 at most in `fixtures/gold` (665 texts).
const CONTAINMENT: f64 = 0.8;

/// Marks which documents of other sites carry nearly the same text as one that was just recorded.
pub(super) fn mark(
    store: &Store,
    id: &str,
    document: &Document,
    bands: Option<&[u64]>,
    outcome: DocumentOutcome,
) -> Result<(), StoreError> {
    if outcome == DocumentOutcome::Withdrawn || (outcome == DocumentOutcome::Unchanged && store.has_bands(id)?) {
        return Ok(());
    }
    let Some(bands) = bands else { return store.put_bands(id, &[]) };
    store.put_bands(id, bands)?;
    let host = host_of(document.url.as_deref());
    for like in store.like_documents(id)? {
        // On its own site, what is nearly the same is the next report about it.
        if !like.canonical && host == host_of(like.url.as_deref()) {
            continue;
        }
        // One text at a time: they may be long.
        let text = store.document_text(&like.id)?.unwrap_or_default();
        if let Some(containment) = rouei_text::containment(&document.text, &text).filter(|c| *c >= CONTAINMENT) {
            store.put_near_duplicate(id, &like.id, containment)?;
        }
    }
    Ok(())
}

/// Takes note that a capture is another page than the one that was asked for. What was read of the address before
/// stays, unless it was read from this very capture.
pub(super) fn set_aside(
    store: &Store,
    capture: CaptureId,
    extraction: &Extraction,
    sign: &Issue,
) -> Result<(), StoreError> {
    store.put_page_sign(capture, Some(&code(sign)))?;
    if store.document(&extraction.document.id)?.is_some_and(|stored| stored.capture == Some(capture)) {
        let bare = Extraction { disclosures: Vec::new(), ..extraction.clone() };
        store.put_extraction(Some(capture), &bare, None)?;
    }
    Ok(())
}

/// What it says of a page that its site gave these very bytes with an error status elsewhere: most sites are asked for a
/// robots.txt that they do not have, and answer with their page for what is not there.
pub(super) fn error_answer(
    store: &Store,
    payload_digest: &str,
    url: Option<&str>,
) -> Result<Option<Issue>, StoreError> {
    let host = host_of(url);
    let errors = store.error_answers(payload_digest)?;
    let Some((error, status)) = errors.into_iter().find(|(error, _)| host.is_some() && host_of(Some(error)) == host)
    else {
        return Ok(None);
    };
    let message = format!("the page is none: soft 404 (the body of the answer {status} at {error})");
    Ok(Some(Issue::new(IssueCode::SoftNotFound, message)))
}

/// The code of an issue as the contract has it.
fn code(issue: &Issue) -> String {
    match serde_json::to_value(issue.code) {
        Ok(serde_json::Value::String(code)) => code,
        _ => format!("{:?}", issue.code),
    }
}

fn host_of(url: Option<&str>) -> Option<String> {
    let host = Url::parse(url?).ok()?.host_str()?.to_owned();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}
