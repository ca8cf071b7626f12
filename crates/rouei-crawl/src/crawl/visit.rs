//! One address from the queue to the receiver.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use rouei_model::{Capture, CaptureKind, Header};
use url::Url;

use super::events::{CaptureContext, CrawlEvent, Finding, Role, SkipReason};
use super::requests::{failure_of, redirect_target};
use super::run::{Run, Task, item_task};
use crate::decode::{DecodeError, decode_content, decode_prefix, decode_text};
use crate::discovery::{Item, discover, pdf_links};
use crate::fetch::{Exchange, FetchError, header};
use crate::history::{Previous, revisit_due};
use crate::policy::{Directives, canonical_in, directives};
use crate::rhythm::due_at;
use crate::sources::{Bounds, Discovery};

/// Pictures of a page that are fetched: as many as text recognition reads of a document.
const MAX_PICTURES: usize = 10;

/// Levels of sitemap indexes: the protocol knows one, some sites have two.
const SITEMAP_LEVELS: u16 = 3;

/// Decoded bytes of a page above which its links are read while nothing else is large: that takes many times its length.
const SMALL: usize = 1 << 20;

/// How long a discovery page may count as fresh, whatever the server says: new items are what a visit is for.
const DISCOVERY_FRESHNESS: SignedDuration = SignedDuration::from_mins(30);

/// What a page leads to.
#[derive(Default)]
struct Links {
    items: Vec<Item>,
    attachments: Vec<Item>,
    /// Further pages of a listing, or sitemaps.
    further: Vec<Item>,
}

pub(super) async fn visit(run: &Run, task: Task) {
    let mut url = task.url.clone();
    let mut way: Vec<Url> = Vec::new();
    let limits = &run.shared.settings.limits;
    loop {
        let previous = run.history.last(url.as_str());
        if let Some(previous) = &previous
            && let Some(reason) = not_due(run, &task, &url, previous)
        {
            run.skip(&task, &url, reason).await;
            // An interrupted run may have left what stands behind this address.
            if let Some(target) = stored_redirect(previous, &url)
                && way.len() < limits.max_redirects
                && !way.contains(&target)
                && run.take_redirect(&target)
            {
                way.push(std::mem::replace(&mut url, target));
                continue;
            }
            follow_stored(run, &task, &url).await;
            return;
        }
        match run.robots(&task.source, &url).await {
            Err(e) => return run.fail(&task, &url, e).await,
            Ok(robots) => {
                let decision = robots.decide(&url);
                if !decision.allowed {
                    let reason = SkipReason::Robots { line: decision.line, text: decision.text };
                    return run.skip(&task, &url, reason).await;
                }
            }
        }
        let conditions = conditions(run, &task, &url, previous.clone());
        let exchange = match run.request(&task.source, &url, conditions.as_ref(), limits.max_body, task.role).await {
            Ok(exchange) => exchange,
            Err(e) => return run.fail(&task, &url, e).await,
        };
        let failure = failure_of(&exchange);
        let Exchange { capture, room, .. } = exchange;
        let redirect = matches!(capture.status, 301 | 302 | 303 | 307 | 308);
        let target = redirect.then(|| redirect_target(&capture, &url));
        let canonical = (!redirect && capture.status < 300).then(|| canonical_link(&capture, &url)).flatten();
        let (links, asked) = if redirect || matches!(failure, Some(FetchError::Status(_))) {
            (Ok(Links::default()), Directives::default())
        } else {
            read(run, &task, &url, &capture, room.is_held()).await
        };
        if failure.is_none() && !redirect && task.role != Role::Discovery {
            count(run, &task, &capture, previous.is_some());
        }
        let context = CaptureContext {
            source_id: task.source.id.clone(),
            role: task.role,
            requested: task.url.to_string(),
            found_on: task.found_on.clone(),
            discovered_title: task.title.clone(),
            discovered_date: task.published.clone(),
            directives: asked,
            canonical,
            redirects_to: target.as_ref().and_then(|t| t.as_ref().ok()).map(Url::to_string),
            room,
        };
        run.send(CrawlEvent::Captured(Box::new(capture), Box::new(context))).await;
        if let Some(failure) = failure {
            run.fail(&task, &url, failure).await;
        }
        match links {
            Ok(links) => follow(run, &task, &url, links, asked).await,
            Err(e) => run.fail(&task, &url, e).await,
        }

        let target = match target {
            None => return,
            Some(Err(e)) => return run.fail(&task, &url, e).await,
            Some(Ok(target)) => target,
        };
        if target == url || way.contains(&target) {
            return run.fail(&task, &url, FetchError::RedirectLoop(target.into())).await;
        }
        if way.len() + 1 > limits.max_redirects {
            return run.fail(&task, &url, FetchError::TooManyRedirects(limits.max_redirects)).await;
        }
        let same_page = crate::address::canonical_url(&target) == crate::address::canonical_url(&url);
        if task.role != Role::Discovery && !same_page && !run.take_redirect(&target) {
            return run.skip(&task, &target, SkipReason::Duplicate).await;
        }
        way.push(std::mem::replace(&mut url, target));
    }
}

/// Why a known address is not asked for now.
fn not_due(run: &Run, task: &Task, url: &Url, previous: &Previous) -> Option<SkipReason> {
    let now = run.now();
    let fresh = previous.fresh_until.filter(|&until| until > now && !previous.truncated && previous.status < 400);
    // The one page of a source is its own discovery: it is asked for at every visit.
    let is_discovery = task.role == Role::Discovery || is_page_of_source(task);
    if sitemap_unchanged(run, task, url, previous) {
        return Some(SkipReason::NotDue);
    }
    if is_discovery {
        let until = fresh?;
        let recent = now.duration_since(previous.checked) < DISCOVERY_FRESHNESS;
        return (recent && run.history.response(url.as_str()).is_some()).then_some(SkipReason::Fresh(until));
    }
    let changed = task.modified.is_some_and(|modified| modified > previous.checked && modified <= now);
    if !changed && !revisit_due(previous, now) && !rhythm_due(run, url, previous, &task.source.revisit(), now) {
        return Some(SkipReason::NotDue);
    }
    fresh.map(SkipReason::Fresh)
}

/// Whether a page that was captured before is due, by its days of follow-up or by its rhythm.
pub(super) fn is_due(run: &Run, url: &Url, bounds: &Bounds, now: Timestamp) -> bool {
    run.history
        .last(url.as_str())
        .is_some_and(|previous| revisit_due(&previous, now) || rhythm_due(run, url, &previous, bounds, now))
}

/// Whether a page is due by what its visits so far brought. One that is gone is not asked for by this.
fn rhythm_due(run: &Run, url: &Url, previous: &Previous, bounds: &Bounds, now: Timestamp) -> bool {
    // The cheap question first: most pages of a listing were asked for yesterday.
    previous.status < 400
        && previous.checked.saturating_add(bounds.shortest()).is_ok_and(|earliest| earliest <= now)
        && due_at(&run.history.visits(url.as_str()), bounds).is_some_and(|due| due <= now)
}

/// Whether a sitemap below an index is left alone: by the index's word it has not changed since it was read.
fn sitemap_unchanged(run: &Run, task: &Task, url: &Url, previous: &Previous) -> bool {
    task.role == Role::Discovery
        && task.step > 1
        && previous.status == 200
        && !previous.truncated
        // A day without a time may mean any moment of it.
        && task.modified.is_some_and(|m| m.saturating_add(SignedDuration::from_hours(24)).is_ok_and(|m| m < previous.checked))
        && run.history.response(url.as_str()).is_some()
}

/// Whether it is the one page of a source that has no other.
fn is_page_of_source(task: &Task) -> bool {
    matches!(&task.source.discovery, Discovery::Page { url } if *url.url() == task.url)
}

/// The capture whose validators are sent. A discovery page is asked for with conditions only if its archived body can
/// be read again: unchanged, it may name pages that an interrupted run did not reach.
fn conditions(run: &Run, task: &Task, url: &Url, previous: Option<Previous>) -> Option<Previous> {
    let mut previous = previous?;
    let readable = task.role != Role::Discovery || run.history.response(url.as_str()).is_some();
    if previous.truncated || !(200..300).contains(&previous.status) || !readable {
        // Without validators; an equal body is still a revisit.
        (previous.etag, previous.last_modified) = (None, None);
    }
    Some(previous)
}

fn stored_redirect(previous: &Previous, url: &Url) -> Option<Url> {
    let location = previous.location.as_deref().filter(|_| (300..400).contains(&previous.status))?;
    url.join(location.trim()).ok().filter(|target| matches!(target.scheme(), "http" | "https"))
}

/// Follows the links of an archived page.
async fn follow_stored(run: &Run, task: &Task, url: &Url) {
    let needed = task.role == Role::Discovery || (task.role == Role::Page && task.wants_files());
    let Some(stored) = needed.then(|| run.history.response(url.as_str())).flatten() else { return };
    let (links, asked) = read_links(run, task, url, &stored.headers, &stored.body, false).await;
    if let Ok(links) = links
        && !asked.nofollow
    {
        enqueue(run, task, url, links);
    }
}

/// What a capture leads to. `room` says whether the room for a large one is in hand.
async fn read(
    run: &Run,
    task: &Task,
    url: &Url,
    capture: &Capture,
    room: bool,
) -> (Result<Links, FetchError>, Directives) {
    if let CaptureKind::NotModified(_) = capture.kind {
        let needed = task.role == Role::Discovery || (task.role == Role::Page && task.wants_files());
        return match needed.then(|| run.history.response(url.as_str())).flatten() {
            Some(stored) => read_links(run, task, url, &stored.headers, &stored.body, room).await,
            None => (Ok(Links::default()), Directives::default()),
        };
    }
    read_links(run, task, url, &capture.response_headers, &capture.body, room).await
}

async fn read_links(
    run: &Run,
    task: &Task,
    url: &Url,
    headers: &[Header],
    body: &[u8],
    room: bool,
) -> (Result<Links, FetchError>, Directives) {
    let agent = run.shared.settings.product.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let content_type = header(headers, "content-type");
    let is_html = looks_like_html(content_type.as_deref(), body);
    let head = if is_html { decode_prefix(headers, body, 64 * 1024) } else { Vec::new() };
    let asked = directives(headers, is_html.then(|| readable(&head)).as_deref(), &agent);
    let wants = match task.role {
        Role::Discovery => true,
        Role::Page => task.wants_files() && is_html,
        Role::Robots | Role::Attachment => false,
    };
    if !wants || asked.nofollow {
        return (Ok(Links::default()), asked);
    }
    let max = run.shared.settings.limits.max_decoded;
    let within = |bound| {
        let bytes = decode_content(headers, body, bound).map_err(|e| (e.to_string(), e))?;
        let mut links = links_in(run, task, url, content_type.as_deref(), &bytes, max);
        if let Ok(links) = links.as_mut()
            && (asked.noindex || asked.noarchive)
        {
            // A feed that is not to be read from: its pages may say otherwise.
            links.items.iter_mut().for_each(|item| item.text = None);
        }
        Ok(links)
    };
    let links = match within(if room { max } else { SMALL.min(max) }) {
        Ok(links) => links,
        Err((_, DecodeError::TooLarge(bound))) if bound < max => {
            // A page in hand with room for a large body has all of it, if it is one that links are read from.
            let _alone = run.shared.client.all_room().await;
            within(max).unwrap_or_else(|(reason, _)| Err(reason))
        }
        Err((reason, _)) => Err(reason),
    };
    (links.map_err(FetchError::Unreadable), asked)
}

fn links_in(
    run: &Run,
    task: &Task,
    url: &Url,
    content_type: Option<&str>,
    bytes: &[u8],
    max: usize,
) -> Result<Links, String> {
    if task.role == Role::Discovery {
        let found = discover(&task.source.discovery, url, content_type, bytes, max).map_err(|e| e.to_string())?;
        return Ok(Links { items: found.items, attachments: Vec::new(), further: found.further });
    }
    let mut attachments = match task.source.attachments {
        true => pdf_links(&decode_text(bytes, content_type), url).map_err(|e| e.to_string())?,
        false => Vec::new(),
    };
    if let Some(pictures_of) = run.shared.settings.pictures_of.as_ref().filter(|_| task.source.pictures) {
        let pictures = pictures_of(url, content_type, bytes).into_iter().take(MAX_PICTURES);
        attachments.extend(pictures.map(|picture| Item { title: task.title.clone(), ..Item::bare(picture) }));
    }
    Ok(Links { attachments, ..Links::default() })
}

async fn follow(run: &Run, task: &Task, url: &Url, links: Links, asked: Directives) {
    if asked.nofollow && (task.role == Role::Discovery || task.wants_files()) {
        return run.skip(task, url, SkipReason::NoFollow).await;
    }
    enqueue(run, task, url, links);
}

fn enqueue(run: &Run, task: &Task, url: &Url, links: Links) {
    // Links are named after the page that they stand on, which a redirect may have moved.
    let from = Task { url: url.clone(), ..task.clone() };
    let listing = matches!(task.source.discovery, Discovery::Listing(_)) && task.role == Role::Discovery;
    let circle =
        listing && !run.names_more(&task.source.id, &links.items) && task.step > 1 && !links.further.is_empty();
    run.enqueue_items(&from, links.items);
    run.enqueue_attachments(&from, links.attachments);
    let (steps, breadth) = match &task.source.discovery {
        Discovery::Listing(listing) => (listing.max_pages, 1),
        _ => (SITEMAP_LEVELS, run.shared.settings.limits.max_sitemaps),
    };
    let cut = links.further.len().saturating_sub(breadth);
    if cut > 0 {
        let text = format!("{cut} sitemaps over the bound of {breadth} left out");
        run.finding(&task.source.id, Finding::CutOff(text));
    }
    if circle {
        let text = format!("page {} of the listing names nothing that those before it do not: {url}", task.step);
        return run.finding(&task.source.id, Finding::CutOff(text));
    }
    for item in links.further.into_iter().take(breadth) {
        if task.step < steps {
            let step = task.step + 1;
            run.enqueue(Task { role: Role::Discovery, step, ..item_task(&from, item, Role::Discovery) });
        } else if !matches!(task.source.discovery, Discovery::Listing(_)) {
            let text = format!("sitemap indexes deeper than {SITEMAP_LEVELS} levels left out: {}", item.url);
            run.finding(&task.source.id, Finding::CutOff(text));
        }
    }
}

/// `rel=canonical` of the page or its headers, absolute.
fn canonical_link(capture: &Capture, url: &Url) -> Option<String> {
    let content_type = header(&capture.response_headers, "content-type");
    if !looks_like_html(content_type.as_deref(), &capture.body) {
        return None;
    }
    let head = decode_prefix(&capture.response_headers, &capture.body, 64 * 1024);
    let link = canonical_in(&readable(&head))?;
    let target = url.join(&link).ok()?;
    matches!(target.scheme(), "http" | "https").then(|| crate::address::canonical_url(&target).into())
}

fn count(run: &Run, task: &Task, capture: &Capture, known: bool) {
    run.tally(&task.source.id, |tally| match capture.kind {
        CaptureKind::Response if known => tally.changed += 1,
        CaptureKind::Response => tally.new += 1,
        CaptureKind::NotModified(_) | CaptureKind::SamePayload(_) => tally.unchanged += 1,
    });
}

/// Text enough to find tags in. Most pages are UTF-8, and checking that is many times faster than replacing what is not.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn looks_like_html(content_type: Option<&str>, body: &[u8]) -> bool {
    match content_type.map(|t| t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()) {
        Some(kind) if !kind.is_empty() => kind == "text/html" || kind == "application/xhtml+xml",
        _ => body.trim_ascii_start().starts_with(b"<") || body.starts_with(&[0x1f, 0x8b]),
    }
}
