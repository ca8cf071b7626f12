//! One search over a document for the strings of all prefilters, who then know what any slice of it holds.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Meets;
use super::index::Index;

/// Where several prefilters join one search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    search: u64,
    number: usize,
}

/// The search for the strings of all prefilters that were made while it was gathered.
#[derive(Debug)]
pub(crate) struct Search {
    id: u64,
    index: Index,
    /// By place of the index: where in `asks` it begins; one more says where the last one ends.
    asks_from: Vec<u32>,
    /// Who looks for the string: what a hit asks for lies in one piece, for fetching it is what a hit costs.
    asks: Vec<Ask>,
    members: usize,
}

/// One who looks for a string, and where in its `meets` it stands what the string says.
#[derive(Clone, Copy, Debug)]
struct Ask {
    member: u16,
    meets: u16,
    meets_from: u32,
}

/// What a prefilter looks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) strings: Arc<[String]>,
    /// Which requirements a string meets, string by string.
    pub(super) meets: Arc<[Meets]>,
    /// By string: where in `meets` it begins; one more says where the last one ends.
    pub(super) meets_from: Arc<[u32]>,
}

impl Wanted {
    /// Where in `meets` it stands what a string says.
    pub(super) fn place(&self, string: usize) -> Range<usize> {
        self.meets_from[string] as usize..self.meets_from[string + 1] as usize
    }

    /// Whether a hit has room for all of its numbers.
    fn fits(&self) -> bool {
        let short = |n: usize| u16::try_from(n).is_ok();
        self.strings.iter().all(|string| short(string.len()))
            && (0..self.strings.len()).all(|string| short(self.place(string).len()))
    }
}

thread_local! {
    /// By member, while a search is gathered in this thread.
    static GATHERED: RefCell<Option<(u64, Vec<Wanted>)>> = const { RefCell::new(None) };
    /// The document that this thread is reading.
    static SCANNED: RefCell<Scanned> = const { RefCell::new(Scanned::none()) };
}

/// Where the strings stand in one text.
struct Scanned {
    /// 0: none is being read.
    search: u64,
    /// Address of the text: a slice of it is known by its own.
    base: usize,
    length: usize,
    /// As they were found, each with its member.
    found: Vec<(u16, Hit)>,
    /// By member: where in `hits` it begins; one more says where the last one ends.
    hits_from: Vec<u32>,
    /// Member by member, by first byte; what lies behind the last one is of no text.
    hits: Vec<Hit>,
}

/// A string that stands in the text, and where one of those who look for it knows what that says.
#[derive(Clone, Copy, Debug, Default)]
struct Hit {
    start: u32,
    length: u16,
    meets: u16,
    meets_from: u32,
}

/// While it lives, prefilters know the text.
pub(crate) struct Scan<'t> {
    _text: &'t str,
}

impl Search {
    /// Runs `make`; all prefilters that it makes share the search that comes out.
    pub(crate) fn gather<T>(make: impl FnOnce() -> T) -> (T, Self) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let outer = GATHERED.replace(Some((id, Vec::new())));
        let made = make();
        let gathered = GATHERED.replace(outer).map_or_else(Vec::new, |(_, gathered)| gathered);
        let mut all: Vec<&str> = Vec::new();
        let mut wanted: Vec<(usize, u32, u32)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (member, own) in gathered.iter().enumerate() {
            for (number, string) in own.strings.iter().enumerate() {
                let at = *known.entry(string.as_str()).or_insert_with_key(|string| {
                    all.push(string);
                    all.len() - 1
                });
                wanted.push((at, member as u32, number as u32));
            }
        }
        drop(known);
        wanted.sort_unstable();
        let index = Index::new(&all);
        let (mut asks, mut asks_from) = (Vec::new(), vec![0]);
        for &string in &index.numbers {
            let from = wanted.partition_point(|w| w.0 < string as usize);
            for &(_, member, number) in wanted[from..].iter().take_while(|w| w.0 == string as usize) {
                let place = gathered[member as usize].place(number as usize);
                let (member, meets) = (member as u16, place.len() as u16);
                asks.push(Ask { member, meets, meets_from: place.start as u32 });
            }
            asks_from.push(asks.len() as u32);
        }
        (made, Self { id, index, asks_from, asks, members: gathered.len() })
    }

    /// Takes what a prefilter looks for into the search that is being gathered, if one is and has room for it.
    pub(super) fn join(wanted: &Wanted) -> Option<Member> {
        GATHERED.with_borrow_mut(|gathered| {
            let (search, members) = gathered.as_mut()?;
            if members.len() > usize::from(u16::MAX) || !wanted.fits() {
                return None;
            }
            members.push(wanted.clone());
            Some(Member { search: *search, number: members.len() - 1 })
        })
    }

    /// Searches a text; until the result is dropped, its prefilters need not search slices of it themselves.
    pub(crate) fn scan<'t>(&self, text: &'t str) -> Scan<'t> {
        SCANNED.with_borrow_mut(|scanned| {
            // Places are kept in 32 bits; what is longer is searched slice by slice.
            scanned.search = if u32::try_from(text.len()).is_ok() { self.id } else { 0 };
            (scanned.base, scanned.length) = (text.as_ptr() as usize, text.len());
            scanned.found.clear();
            scanned.hits_from.clear();
            scanned.hits_from.resize(self.members + 1, 0);
            if scanned.search != 0 {
                self.index.places(text, |start, end, place| {
                    for &Ask { member, meets, meets_from } in
                        &self.asks[self.asks_from[place] as usize..self.asks_from[place + 1] as usize]
                    {
                        let (start, length) = (start as u32, (end - start) as u16);
                        scanned.hits_from[usize::from(member)] += 1;
                        scanned.found.push((member, Hit { start, length, meets, meets_from }));
                    }
                });
            }
            scanned.sort();
        });
        Scan { _text: text }
    }
}

impl Scanned {
    const fn none() -> Self {
        Self { search: 0, base: 0, length: 0, found: Vec::new(), hits_from: Vec::new(), hits: Vec::new() }
    }

    /// Lays out what was found member by member; `hits_from` holds how many each has.
    fn sort(&mut self) {
        let mut end = 0;
        for place in &mut self.hits_from {
            end += *place;
            *place = end;
        }
        if self.hits.len() < self.found.len() {
            self.hits.resize(self.found.len(), Hit::default());
        }
        // From the last to the first, so that each place ends up where its member begins.
        for &(member, hit) in self.found.iter().rev() {
            let place = &mut self.hits_from[usize::from(member)];
            *place -= 1;
            self.hits[*place as usize] = hit;
        }
    }

    fn hits(&self, member: usize) -> &[Hit] {
        &self.hits[self.hits_from[member] as usize..self.hits_from[member + 1] as usize]
    }
}

impl Drop for Scan<'_> {
    fn drop(&mut self) {
        /// Hits that may keep their room for the next document: those of some hundred thousand characters.
        const KEPT: usize = 1 << 16;
        SCANNED.with_borrow_mut(|scanned| {
            scanned.search = 0;
            scanned.found.clear();
            scanned.found.shrink_to(KEPT);
            scanned.hits.truncate(KEPT);
            scanned.hits.shrink_to(KEPT);
        });
    }
}

/// Names where a member knows what the strings say that a slice of the scanned text holds; false where the text is no such
/// slice.
pub(super) fn in_scanned(member: Member, text: &str, met: &mut impl FnMut(Range<usize>)) -> bool {
    SCANNED.with_borrow(|scanned| {
        let start = (text.as_ptr() as usize).wrapping_sub(scanned.base);
        if scanned.search != member.search || start > scanned.length || text.len() > scanned.length - start {
            return false;
        }
        let hits = scanned.hits(member.number);
        let end = start + text.len();
        let first = hits.partition_point(|hit| (hit.start as usize) < start);
        for hit in &hits[first..] {
            if hit.start as usize >= end {
                break;
            }
            if hit.start as usize + usize::from(hit.length) <= end {
                met(hit.meets_from as usize..hit.meets_from as usize + usize::from(hit.meets));
            }
        }
        true
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_the_scanned_text_and_others_agree() {
        let (prefilter, search) = Search::gather(|| super::super::Prefilter::of_words(["漏えい", "情報", "報が"]));
        let text = String::from("情報が漏えいした情報");
        let of = |text: &str| prefilter.candidates(text).iter().collect::<Vec<_>>();
        let slices: Vec<(usize, usize)> = (0..=text.len())
            .flat_map(|from| (from..=text.len()).map(move |to| (from, to)))
            .filter(|&(from, to)| text.is_char_boundary(from) && text.is_char_boundary(to))
            .collect();
        let scan = search.scan(&text);
        for &(from, to) in &slices {
            assert_eq!(of(&text[from..to]), of(&String::from(&text[from..to])), "{}", &text[from..to]);
        }
        drop(scan);
        for &(from, to) in &slices {
            assert_eq!(of(&text[from..to]), of(&String::from(&text[from..to])));
        }
    }
}
