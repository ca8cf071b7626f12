//! What a visit to a source would find; nothing is stored.

use std::sync::{Arc, Mutex, PoisonError};

use rouei_model::Capture;
use tokio::sync::mpsc;

use crate::crawl::{CaptureContext, CrawlEvent, CrawlSummary, Crawler, Fate, Run, Sample};
use crate::discovery::Item;
use crate::fetch::Room;
use crate::history::NoHistory;
use crate::never_cancelled;
use crate::sources::Source;

/// What a preview saw.
#[derive(Clone, Debug)]
pub struct PreviewReport {
    /// The links found, in order, with what would become of them.
    pub items: Vec<(Item, Fate)>,
    /// Every exchange: robots.txt, discovery pages, and the sample of pages.
    pub captures: Vec<(Capture, CaptureContext)>,
    /// What was skipped or failed, as lines of text.
    pub problems: Vec<String>,
    /// The figures.
    pub summary: CrawlSummary,
}

impl Crawler {
    /// Visits a source's discovery pages and the first `pages` of the pages that it would follow, as if nothing were
    /// known, and keeps all in memory.
    pub async fn preview(&self, source: &Source, pages: usize) -> PreviewReport {
        let (out, mut events) = mpsc::channel(16);
        let sample = Sample { pages, items: Mutex::default() };
        let sources = std::slice::from_ref(source);
        let run = Run::new(Arc::clone(&self.shared), sources, Arc::new(NoHistory), out, Some(sample));
        let collect = async {
            let (mut captures, mut problems) = (Vec::new(), Vec::new());
            while let Some(event) = events.recv().await {
                match event {
                    CrawlEvent::Captured(capture, context) => {
                        // All is kept to the end: room is not waited for.
                        captures.push((*capture, CaptureContext { room: Room::default(), ..*context }));
                    }
                    CrawlEvent::Skipped { url, reason, .. } => problems.push(format!("{url}: {reason}")),
                    CrawlEvent::Failed { url, reason, .. } => problems.push(format!("{url}: {reason}")),
                }
            }
            (captures, problems)
        };
        let ((summary, sample), (captures, problems)) = tokio::join!(run.drive_with_sample(never_cancelled()), collect);
        let items = sample.map(|s| s.items.into_inner().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default();
        PreviewReport { items, captures, problems, summary }
    }
}
