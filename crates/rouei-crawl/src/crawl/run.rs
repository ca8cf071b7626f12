use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use url::Url;

use super::events::{CrawlEvent, CrawlSummary, Finding, Role, SkipReason, SourceTally};
use super::expectation::judge;
use super::items::Sample;
use super::{Shared, visit};
use crate::address::canonical_url;
use crate::discovery::Item;
use crate::fetch::FetchError;
use crate::history::History;
use crate::politeness::{Gate, Gates, host_key, locked};
use crate::sources::{Discovery, Source};

/// One run over some sources.
pub(crate) struct Run {
    pub(super) shared: Arc<Shared>,
    pub(super) history: Arc<dyn History>,
    /// Names the captures of robots.txt refer to.
    pub(super) sources: Vec<Arc<Source>>,
    out: mpsc::Sender<CrawlEvent>,
    gates: Gates,
    queues: Mutex<HashMap<String, Queue>>,
    /// Canonical addresses taken up in this run.
    pub(super) taken: Mutex<HashSet<String>>,
    /// Source and address of what pages of listings named.
    pub(super) named: Mutex<HashSet<(String, String)>>,
    pub(super) tallies: Mutex<BTreeMap<String, SourceTally>>,
    hosts_left: Mutex<BTreeMap<String, String>>,
    woken: mpsc::UnboundedSender<String>,
    woken_hosts: Mutex<Option<mpsc::UnboundedReceiver<String>>>,
    stop: watch::Sender<bool>,
    pub(super) requests: AtomicU64,
    pub(super) bytes: AtomicU64,
    pub(super) sample: Option<Sample>,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Task>,
    served: bool,
}

/// One address to visit.
#[derive(Clone)]
pub(super) struct Task {
    pub(super) source: Arc<Source>,
    pub(super) url: Url,
    pub(super) role: Role,
    /// Page of a listing, or level of a sitemap; from 1.
    pub(super) step: u16,
    pub(super) title: Option<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<Timestamp>,
    pub(super) found_on: Option<String>,
}

impl Task {
    /// Whether a page is searched for files that are fetched, too.
    pub(super) fn wants_files(&self) -> bool {
        self.source.attachments || self.source.pictures
    }
}

impl Run {
    pub(crate) fn new(
        shared: Arc<Shared>,
        sources: &[Source],
        history: Arc<dyn History>,
        out: mpsc::Sender<CrawlEvent>,
        sample: Option<Sample>,
    ) -> Self {
        let (woken, woken_hosts) = mpsc::unbounded_channel();
        Self {
            shared,
            history,
            sources: sources.iter().cloned().map(Arc::new).collect(),
            out,
            gates: Gates::default(),
            queues: Mutex::default(),
            taken: Mutex::default(),
            named: Mutex::default(),
            tallies: Mutex::new(sources.iter().map(|s| (s.id.clone(), SourceTally::default())).collect()),
            hosts_left: Mutex::default(),
            woken,
            woken_hosts: Mutex::new(Some(woken_hosts)),
            stop: watch::channel(false).0,
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            sample,
        }
    }

    /// Visits everything; ends when nothing is left to do.
    pub(crate) async fn drive(self, cancel: watch::Receiver<bool>) -> CrawlSummary {
        self.drive_with_sample(cancel).await.0
    }

    pub(crate) async fn drive_with_sample(self, mut cancel: watch::Receiver<bool>) -> (CrawlSummary, Option<Sample>) {
        let run = Arc::new(self);
        let Some(mut woken) = locked(&run.woken_hosts).take() else { return (CrawlSummary::default(), None) };
        // The strictest limits for a host are known before its first request.
        for source in &run.sources {
            run.gate(source, source.discovery.url());
        }
        for source in &run.sources {
            run.enqueue(first_task(source));
        }
        if run.sample.is_none() {
            run.enqueue_followed_up();
        }
        let interrupted = AtomicBool::new(false);
        let mut hosts: JoinSet<()> = JoinSet::new();
        let mut can_cancel = true;
        loop {
            while let Ok(host) = woken.try_recv() {
                hosts.spawn(serve_host(Arc::clone(&run), host));
            }
            if hosts.is_empty() {
                break;
            }
            tokio::select! {
                cancelled = becomes_true(&mut cancel), if can_cancel => {
                    can_cancel = false;
                    if cancelled {
                        run.stop();
                    }
                }
                Some(host) = woken.recv() => { hosts.spawn(serve_host(Arc::clone(&run), host)); }
                Some(ended) = hosts.join_next() => {
                    if let Err(e) = ended && e.is_panic() {
                        tracing::error!("a host's task broke: {e}");
                        interrupted.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
        interrupted.fetch_or(run.stopped(), Ordering::Relaxed);
        let summary = run.summary(interrupted.into_inner());
        (summary, Arc::into_inner(run).and_then(|run| run.sample))
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.shared.settings.clock)()
    }

    pub(super) fn gate(&self, source: &Source, url: &Url) -> Arc<Gate> {
        let delay = source.delay.map_or(self.shared.settings.limits.delay, |period| period.0);
        self.gates.gate(&host_key(url), source.max_per_host, delay)
    }

    /// Queues an address, unless it was taken up before.
    pub(super) fn enqueue(&self, task: Task) -> bool {
        if !self.take(&task) {
            return false;
        }
        let host = host_key(&task.url);
        // The gate learns of stricter limits when the first task of a source comes.
        self.gate(&task.source, &task.url);
        let mut queues = locked(&self.queues);
        let queue = queues.entry(host.clone()).or_default();
        queue.tasks.push_back(task);
        if !queue.served {
            queue.served = true;
            // The receiver lives as long as the run.
            let _ = self.woken.send(host);
        }
        true
    }

    /// Whether this run has not met the address before. A discovery page is taken once for each source.
    fn take(&self, task: &Task) -> bool {
        let address = canonical_url(&task.url);
        let key = match task.role {
            Role::Discovery => format!("{} {address}", task.source.id),
            _ => address.into(),
        };
        locked(&self.taken).insert(key)
    }

    /// Like [`Run::take`] for the target of a redirect, which is visited at once.
    pub(super) fn take_redirect(&self, url: &Url) -> bool {
        locked(&self.taken).insert(canonical_url(url).into())
    }

    pub(super) fn tally(&self, source: &str, change: impl FnOnce(&mut SourceTally)) {
        if let Some(tally) = locked(&self.tallies).get_mut(source) {
            change(tally);
        }
    }

    pub(super) fn finding(&self, source: &str, finding: Finding) {
        self.tally(source, |tally| {
            if !tally.findings.contains(&finding) {
                tally.findings.push(finding);
            }
        });
    }

    pub(super) fn host_left(&self, url: &Url, reason: &str) {
        locked(&self.hosts_left).entry(host_key(url)).or_insert_with(|| reason.to_owned());
    }

    /// Hands an event over; waits while the receiver is busy.
    pub(super) async fn send(&self, event: CrawlEvent) {
        if self.out.send(event).await.is_err() {
            self.stop();
        }
    }

    pub(super) async fn skip(&self, task: &Task, url: &Url, reason: SkipReason) {
        self.tally(&task.source.id, |tally| match reason {
            SkipReason::Robots { .. } | SkipReason::NoFollow => tally.rejected += 1,
            SkipReason::NotDue | SkipReason::Fresh(_) if task.role != Role::Discovery => tally.not_due += 1,
            _ => {}
        });
        if task.role == Role::Discovery && matches!(reason, SkipReason::Robots { .. } | SkipReason::NoFollow) {
            let finding = Finding::DiscoveryFailed { url: url.to_string(), reason: reason.to_string() };
            self.finding(&task.source.id, finding);
        }
        let (source, role) = (task.source.id.clone(), task.role);
        self.send(CrawlEvent::Skipped { source, url: url.to_string(), role, reason }).await;
    }

    pub(super) async fn fail(&self, task: &Task, url: &Url, reason: FetchError) {
        self.tally(&task.source.id, |tally| tally.failed += 1);
        if task.role == Role::Discovery {
            let finding = Finding::DiscoveryFailed { url: url.to_string(), reason: reason.to_string() };
            self.finding(&task.source.id, finding);
        }
        if let FetchError::HostLeft(why) = &reason {
            self.host_left(url, why);
        }
        let (source, role) = (task.source.id.clone(), task.role);
        self.send(CrawlEvent::Failed { source, url: url.to_string(), role, reason }).await;
    }

    fn stop(&self) {
        self.stop.send_replace(true);
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    fn summary(&self, interrupted: bool) -> CrawlSummary {
        let mut sources = locked(&self.tallies).clone();
        // What a broken-off or partial run found says nothing about what is normal.
        for source in self.sources.iter().filter(|_| !interrupted && self.sample.is_none()) {
            if let Some(tally) = sources.get_mut(&source.id) {
                judge(source, tally, self.history.last_news(&source.id), self.now());
            }
        }
        CrawlSummary {
            sources,
            requests: self.requests.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            hosts_left: locked(&self.hosts_left).clone(),
            interrupted,
        }
    }
}

pub(super) fn item_task(from: &Task, item: Item, role: Role) -> Task {
    let is_pdf = item.url.path().to_ascii_lowercase().ends_with(".pdf");
    Task {
        source: Arc::clone(&from.source),
        role: if is_pdf { Role::Attachment } else { role },
        step: 1,
        title: item.title,
        published: item.published,
        modified: item.modified,
        found_on: Some(from.url.to_string()),
        url: item.url,
    }
}

pub(super) fn first_task(source: &Arc<Source>) -> Task {
    let role = match &source.discovery {
        Discovery::Page { .. } => Role::Page,
        _ => Role::Discovery,
    };
    Task {
        source: Arc::clone(source),
        url: source.discovery.url().clone(),
        role,
        step: 1,
        title: None,
        published: None,
        modified: None,
        found_on: None,
    }
}

/// Waits for the signal; false where it can no longer come.
async fn becomes_true(signal: &mut watch::Receiver<bool>) -> bool {
    signal.wait_for(|set| *set).await.is_ok()
}

/// Works off one host's queue.
async fn serve_host(run: Arc<Run>, host: String) {
    let mut stop = run.stop.subscribe();
    let mut under_way: JoinSet<()> = JoinSet::new();
    loop {
        let room = run.gates.max(&host);
        while under_way.len() < room && !run.stopped() {
            let Some(task) = locked(&run.queues).get_mut(&host).and_then(|q| q.tasks.pop_front()) else { break };
            let run = Arc::clone(&run);
            under_way.spawn(async move { visit::visit(&run, task).await });
        }
        if under_way.is_empty() {
            let mut queues = locked(&run.queues);
            let Some(queue) = queues.get_mut(&host) else { return };
            if queue.tasks.is_empty() || run.stopped() {
                queue.served = false;
                queue.tasks.clear();
                return;
            }
            continue;
        }
        tokio::select! {
            _ = becomes_true(&mut stop) => under_way.shutdown().await,
            Some(ended) = under_way.join_next() => {
                if let Err(e) = ended && e.is_panic() {
                    tracing::error!("a visit to {host} broke: {e}");
                    locked(&run.hosts_left).entry(host.clone()).or_insert_with(|| "a visit broke off (a fault of rouei)".into());
                }
            }
        }
    }
}
