//! What becomes of the links that discovery found.

use std::sync::Mutex;

use url::Url;

use super::events::{Finding, Role};
use super::run::{Run, Task, first_task, item_task};
use super::visit;
use crate::discovery::{Item, pdf_links};
use crate::history::EntryState;
use crate::politeness::locked;

/// For a preview: only so many pages are fetched, the other items are noted.
pub(crate) struct Sample {
    pub(crate) pages: usize,
    pub(crate) items: Mutex<Vec<(Item, Fate)>>,
}

/// What becomes of a link that discovery found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Its page is fetched.
    Fetched,
    /// Its text is read from the feed.
    InFeed,
    /// `follow` leaves it out.
    Left,
}

impl Fate {
    fn of(accepted: bool, in_feed: bool) -> Self {
        match (accepted, in_feed) {
            (false, _) => Self::Left,
            (true, true) => Self::InFeed,
            (true, false) => Self::Fetched,
        }
    }
}

impl Run {
    /// Items that discovery found: filtered, counted and queued.
    pub(super) fn enqueue_items(&self, task: &Task, items: Vec<Item>) {
        let bound = self.shared.settings.limits.max_items;
        let (mut found, mut filtered, mut cut) = (0, 0, 0);
        let before = locked(&self.tallies).get(&task.source.id).map_or(0, |t| t.found as usize);
        for item in items {
            if before + found >= bound {
                cut += 1;
                continue;
            }
            found += 1;
            let accepted = task.source.follow.accepts(item.url.as_str(), item.title.as_deref());
            let in_feed = accepted && item.text.is_some();
            if let Some(sample) = &self.sample {
                let mut items = locked(&sample.items);
                items.push((Item { text: None, ..item.clone() }, Fate::of(accepted, in_feed)));
                if items.iter().filter(|(_, fate)| *fate != Fate::Left).count() > sample.pages {
                    continue;
                }
            }
            if !accepted {
                filtered += 1;
            } else if in_feed {
                self.take_entry(task, &item);
            } else {
                self.enqueue(item_task(task, item, Role::Page));
            }
        }
        self.tally(&task.source.id, |tally| {
            tally.found += u32::try_from(found).unwrap_or(u32::MAX);
            tally.filtered += filtered;
        });
        if cut > 0 {
            self.finding(&task.source.id, Finding::CutOff(format!("{cut} items over the bound of {bound} left out")));
        }
    }

    /// An entry that is read from the feed itself: counted as the page would be, and not fetched. The files that it links to
    /// are.
    fn take_entry(&self, task: &Task, item: &Item) {
        if !locked(&self.taken).insert(item.url.clone().into()) {
            return;
        }
        let Some(identity) = item.identity() else { return };
        let state = self.history.entry(task.url.as_str(), item.url.as_str(), &self.history.digest(&identity));
        self.tally(&task.source.id, |tally| match state {
            EntryState::New => tally.new += 1,
            EntryState::Changed => tally.changed += 1,
            EntryState::Same => tally.unchanged += 1,
        });
        let text = item.text.as_deref().filter(|_| task.source.attachments).unwrap_or_default();
        match pdf_links(text, &item.url) {
            Ok(files) => {
                let from = Task { url: item.url.clone(), published: item.published.clone(), ..task.clone() };
                self.enqueue_attachments(&from, files);
            }
            Err(error) => self.finding(&task.source.id, Finding::CutOff(format!("links of {}: {error}", item.url))),
        }
    }

    /// Files linked from a page, as far as they are not excluded.
    pub(super) fn enqueue_attachments(&self, page: &Task, files: Vec<Item>) {
        for file in files {
            if !page.source.follow.exclude.iter().any(|pattern| pattern.0.is_match(file.url.as_str())) {
                self.enqueue(Task { published: page.published.clone(), ..item_task(page, file, Role::Attachment) });
            }
        }
    }

    /// Queues what discovery may no longer name, behind the discovery pages: disclosures whose day has come.
    pub(super) fn enqueue_followed_up(&self) {
        let now = self.now();
        for source in &self.sources {
            for page in self.history.followed_up(&source.id) {
                let Ok(url) = Url::parse(&page.url) else { continue };
                let excluded = source.follow.exclude.iter().any(|pattern| pattern.0.is_match(&page.url));
                if excluded || !visit::is_due(self, &url, &source.revisit(), now) {
                    continue;
                }
                self.enqueue(Task {
                    role: if page.attachment { Role::Attachment } else { Role::Page },
                    url,
                    title: page.title,
                    published: page.published,
                    found_on: page.found_on,
                    ..first_task(source)
                });
            }
        }
    }

    /// Whether a page of a listing names anything that the pages of this source before it did not.
    pub(super) fn names_more(&self, source: &str, items: &[Item]) -> bool {
        let mut named = locked(&self.named);
        let more = items.iter().filter(|item| named.insert((source.to_owned(), item.url.to_string())));
        more.count() > 0
    }
}
