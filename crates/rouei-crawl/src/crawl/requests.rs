//! Requests as a host may be asked them: through its gate, repeated with patience, and robots.txt before all.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rouei_model::{Capture, CaptureKind, Truncation};
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use url::Url;

use super::events::{CaptureContext, CrawlEvent, Role};
use super::run::Run;
use crate::decode::decode_content;
use crate::fetch::{Exchange, FetchError, Request, header};
use crate::history::Previous;
use crate::policy::Directives;
use crate::politeness::locked;
use crate::robots::{MAX_BYTES, Robots};
use crate::sources::Source;

/// How long a robots.txt counts (RFC 9309, 2.4).
const ROBOTS_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// How long the answer counts that it cannot be had.
const ROBOTS_FAILURE_LIFETIME: Duration = Duration::from_secs(600);

/// Redirects of robots.txt that are followed (RFC 9309, 2.3.1.2).
const ROBOTS_REDIRECTS: usize = 5;

/// By origin, and by whether private addresses may be visited: what one source may not fetch, another may.
#[derive(Default)]
pub(crate) struct RobotsCache(Mutex<HashMap<(String, bool), Slot>>);

/// Locked while the file is fetched, so that it is fetched once.
type Slot = Arc<AsyncMutex<Option<(Instant, Known)>>>;

type Known = Result<Arc<Robots>, FetchError>;

impl Run {
    /// Asks for an address, without following redirects, as often as it makes sense. What comes back after the last
    /// attempt may still be an error status or a cut body.
    pub(super) async fn request(
        &self,
        source: &Source,
        url: &Url,
        previous: Option<&Previous>,
        max_body: usize,
        role: Role,
    ) -> Result<Exchange, FetchError> {
        let limits = &self.shared.settings.limits;
        let gate = self.gate(source, url);
        let allow_private = source.allow_private_addresses;
        let alone = role == Role::Discovery;
        let request = Request { source: &source.id, url, allow_private, previous, max_body, alone };
        let mut attempt = 0;
        loop {
            attempt += 1;
            let permit = gate.enter().await.map_err(FetchError::HostLeft)?;
            let slot = self.shared.slots.acquire().await;
            self.requests.fetch_add(1, Ordering::Relaxed);
            let result = self.shared.client.exchange(&request, &*self.history).await;
            drop((permit, slot));
            if let Ok(exchange) = &result {
                self.bytes.fetch_add(exchange.capture.body.len() as u64, Ordering::Relaxed);
            }

            let failure = match &result {
                Ok(exchange) => failure_of(exchange),
                Err(e) => Some(e.clone()),
            };
            let Some(failure) = failure.filter(FetchError::is_passing) else {
                if result.is_ok() {
                    gate.succeeded();
                }
                return result;
            };
            let asked = result.as_ref().ok().and_then(|exchange| retry_after(&exchange.capture, self.now()));
            if let Some(wait) = asked.filter(|wait| *wait > limits.max_wait) {
                let reason = format!("{failure}; it asks to come back in {} s", wait.as_secs());
                self.host_left(url, &reason);
                gate.leave(reason);
                return result;
            }
            // The more a host fails, the longer it is left alone.
            let doublings = (attempt - 1 + gate.failures()).min(16);
            let wait = asked.unwrap_or_else(|| limits.backoff.saturating_mul(1 << doublings).min(limits.max_wait));
            gate.pause(wait);
            if attempt >= limits.attempts {
                if speaks_of_the_host(&failure) {
                    gate.failed(limits.host_failures, &failure.to_string());
                }
                return result;
            }
            tracing::debug!(%url, attempt, ?wait, "{failure}");
        }
    }

    /// The robots.txt of an address's origin. An error says why it cannot be had, which forbids everything.
    pub(super) async fn robots(&self, source: &Source, url: &Url) -> Known {
        let key = (url.origin().ascii_serialization(), source.allow_private_addresses);
        let slot = Arc::clone(locked(&self.shared.robots.0).entry(key).or_default());
        let mut known = slot.lock().await;
        if let Some((read, robots)) = &*known
            && read.elapsed() < lifetime(robots)
        {
            // A delay asked for in an earlier run holds in this one too.
            if let Some(delay) = robots.as_ref().ok().and_then(|r| r.crawl_delay()) {
                self.gate(source, url).slow_down(delay);
            }
            return robots.clone();
        }
        let robots = self.fetch_robots(source, url).await.map(Arc::new);
        if let Some(delay) = robots.as_ref().ok().and_then(|r| r.crawl_delay()) {
            self.gate(source, url).slow_down(delay);
        }
        *known = Some((Instant::now(), robots.clone()));
        robots
    }

    async fn fetch_robots(&self, source: &Source, url: &Url) -> Result<Robots, FetchError> {
        let mut at = url.join("/robots.txt").map_err(|e| FetchError::BadRedirect(e.to_string()))?;
        let requested = at.to_string();
        for _ in 0..=ROBOTS_REDIRECTS {
            let last = self.history.last(at.as_str()).filter(|last| !last.truncated);
            let previous = last.as_ref().filter(|last| last.status == 200);
            // A condition is of use only if the body can be had without the server.
            let stored = previous.and_then(|_| self.history.response(at.as_str()));
            let previous = previous.filter(|_| stored.is_some());
            // What an earlier run was told counts as long as what this one is told.
            if let Some(last) = last.as_ref().filter(|last| is_current(last, self.now())) {
                match (last.status, &stored) {
                    (200, Some(stored)) => return Ok(parsed(self, &stored.headers, &stored.body)),
                    (status @ 400..=499, _) if status != 429 => return Ok(not_there(status)),
                    _ => {}
                }
            }
            // One byte more shows that the file is longer than what is read.
            let Exchange { capture, room, .. } =
                self.request(source, &at, previous, MAX_BYTES + 1, Role::Robots).await?;
            let next = redirect_target(&capture, &at);
            let answer = match (capture.status, &capture.kind) {
                (304, CaptureKind::NotModified(_)) => stored.map(|s| parsed(self, &s.headers, &s.body)),
                (200..=299, _) if !broken_off(&capture) => Some(parsed(self, &capture.response_headers, &capture.body)),
                (200..=299, _) => Some(Robots::deny_all("robots.txt broke off")),
                (429, _) => Some(Robots::deny_all("robots.txt answered 429")),
                (status @ 400..=499, _) => Some(not_there(status)),
                (301 | 302 | 303 | 307 | 308, _) => None,
                (status, _) => Some(Robots::deny_all(format!("robots.txt answered {status}"))),
            };
            let context = CaptureContext {
                source_id: source.id.clone(),
                role: Role::Robots,
                requested: requested.clone(),
                found_on: None,
                discovered_title: None,
                discovered_date: None,
                directives: Directives::default(),
                canonical: None,
                redirects_to: next.as_ref().ok().map(Url::to_string),
                room,
            };
            self.send(CrawlEvent::Captured(Box::new(capture), Box::new(context))).await;
            if let Some(robots) = answer {
                return Ok(robots);
            }
            match next {
                Ok(target) => at = target,
                Err(e) => return Err(e),
            }
        }
        // RFC 9309, 2.3.1.2: after five redirects the file may be taken as not there.
        Ok(Robots::allow_all("robots.txt redirects more than five times"))
    }
}

fn parsed(run: &Run, headers: &[rouei_model::Header], body: &[u8]) -> Robots {
    let agent = &run.shared.settings.product;
    match decode_content(headers, body, 4 * MAX_BYTES) {
        Ok(bytes) => Robots::parse(&bytes, agent),
        Err(e) => Robots::deny_all(format!("robots.txt cannot be read: {e}")),
    }
}

fn not_there(status: u16) -> Robots {
    Robots::allow_all(format!("robots.txt answered {status}"))
}

fn is_current(last: &Previous, now: Timestamp) -> bool {
    let age = last.checked.duration_until(now);
    !age.is_negative() && age.unsigned_abs() < ROBOTS_LIFETIME
}

fn lifetime(known: &Known) -> Duration {
    match known {
        Ok(robots) if !robots.denies_all() => ROBOTS_LIFETIME,
        _ => ROBOTS_FAILURE_LIFETIME,
    }
}

/// Whether a failure is likely to meet the next request too. A broken page is no broken host.
fn speaks_of_the_host(failure: &FetchError) -> bool {
    match failure {
        FetchError::Connect(_) | FetchError::Resolve(_) | FetchError::Timeout(_) | FetchError::Protocol(_) => true,
        FetchError::Status(status) => matches!(status, 429 | 502 | 503 | 504),
        _ => false,
    }
}

fn broken_off(capture: &Capture) -> bool {
    matches!(capture.truncated, Some(Truncation::Time | Truncation::Disconnect | Truncation::Unspecified))
}

/// What is wrong with a response: a status that brings no page, or a body that is not whole.
pub(super) fn failure_of(exchange: &Exchange) -> Option<FetchError> {
    let capture = &exchange.capture;
    let brings_none = match capture.status {
        // A 304 that nobody asked for has no body, and there is none to take its place.
        304 => capture.kind == CaptureKind::Response,
        // Parts were not asked for.
        206 => true,
        200..=299 | 301 | 302 | 303 | 307 | 308 => false,
        _ => true,
    };
    if brings_none {
        return Some(FetchError::Status(capture.status));
    }
    exchange.cut.clone()
}

/// Where a redirect leads. The error is for responses that are redirects and lead nowhere.
pub(super) fn redirect_target(capture: &Capture, url: &Url) -> Result<Url, FetchError> {
    let location =
        header(&capture.response_headers, "location").ok_or_else(|| FetchError::BadRedirect("no Location".into()))?;
    let mut target = url.join(location.trim()).map_err(|e| FetchError::BadRedirect(format!("{location:?}: {e}")))?;
    target.set_fragment(None);
    if !matches!(target.scheme(), "http" | "https") {
        return Err(FetchError::Scheme(target.scheme().to_owned()));
    }
    Ok(target)
}

/// `Retry-After` of a 429 or 503, as a number of seconds or as a date (RFC 9110, 10.2.3).
fn retry_after(capture: &Capture, now: Timestamp) -> Option<Duration> {
    if !matches!(capture.status, 429 | 503) {
        return None;
    }
    let value = header(&capture.response_headers, "retry-after")?;
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(now.into()).unwrap_or_default())
}
