//! Politeness: every request passes the gate of its host, whatever source it is for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use url::Url;

/// The gates of all hosts.
#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<String, Arc<Gate>>>);

/// One host's limits and state.
pub(crate) struct Gate {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    active: u16,
    max: u16,
    delay: Duration,
    next_start: Instant,
    failures: u32,
    left: Option<String>,
}

/// The right to have one request under way. Given back when dropped.
pub(crate) struct Permit(Arc<Gate>);

/// The name under which a host's requests are counted: without scheme, and without port where it is the usual one.
pub(crate) fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

impl Gates {
    /// The gate of a host, with these limits or stricter ones that somebody else asked for.
    pub(crate) fn gate(&self, host: &str, max: u16, delay: Duration) -> Arc<Gate> {
        let mut gates = locked(&self.0);
        let gate = gates.entry(host.to_owned()).or_insert_with(|| {
            Arc::new(Gate {
                state: Mutex::new(State {
                    active: 0,
                    max: max.max(1),
                    delay,
                    next_start: Instant::now(),
                    failures: 0,
                    left: None,
                }),
                changed: Notify::new(),
            })
        });
        {
            let mut state = locked(&gate.state);
            state.max = state.max.min(max.max(1));
            state.delay = state.delay.max(delay);
        }
        Arc::clone(gate)
    }

    /// Requests that may be under way at once to this host.
    pub(crate) fn max(&self, host: &str) -> usize {
        let gate = locked(&self.0).get(host).cloned();
        gate.map_or(1, |gate| usize::from(locked(&gate.state).max))
    }
}

impl Gate {
    /// Waits until a request may start. The error is the reason why the host was left.
    pub(crate) async fn enter(self: &Arc<Self>) -> Result<Permit, String> {
        loop {
            let changed = self.changed.notified();
            let wait = {
                let mut state = locked(&self.state);
                if let Some(reason) = &state.left {
                    return Err(reason.clone());
                }
                let now = Instant::now();
                if state.active >= state.max {
                    None
                } else if state.next_start > now {
                    Some(state.next_start)
                } else {
                    state.active += 1;
                    state.next_start = now + state.delay;
                    if state.active < state.max {
                        // One word of a free place may have reached a task that only waits for the time.
                        self.changed.notify_one();
                    }
                    return Ok(Permit(Arc::clone(self)));
                }
            };
            match wait {
                Some(at) => {
                    tokio::select! { () = sleep_until(at) => {}, () = changed => {} }
                }
                None => changed.await,
            }
        }
    }

    /// Makes the delay at least this long, counted from the last start.
    pub(crate) fn slow_down(&self, delay: Duration) {
        let mut state = locked(&self.state);
        if delay > state.delay {
            let more = delay - state.delay;
            state.next_start += more;
            state.delay = delay;
        }
    }

    /// No request starts before this has passed.
    pub(crate) fn pause(&self, wait: Duration) {
        let mut state = locked(&self.state);
        state.next_start = state.next_start.max(Instant::now() + wait);
    }

    /// The host answered.
    pub(crate) fn succeeded(&self) {
        locked(&self.state).failures = 0;
    }

    /// Addresses that failed in a row.
    pub(crate) fn failures(&self) -> u32 {
        locked(&self.state).failures
    }

    /// An address failed for a reason that lies with the host; after `bound` of them in a row the host is left.
    pub(crate) fn failed(&self, bound: u32, reason: &str) {
        let mut state = locked(&self.state);
        state.failures += 1;
        if state.failures >= bound && state.left.is_none() {
            state.left = Some(format!("{} addresses in a row failed, the last: {reason}", state.failures));
            drop(state);
            self.changed.notify_waiters();
        }
    }

    /// No more requests in this run.
    pub(crate) fn leave(&self, reason: String) {
        locked(&self.state).left.get_or_insert(reason);
        self.changed.notify_waiters();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        locked(&self.0.state).active -= 1;
        self.0.changed.notify_one();
    }
}

/// No holder of these locks panics between two related writes, so a poisoned one is as good as any.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
