//! Fields that the pages of a source always had and suddenly lack: the trace that a redesign leaves.

use rouei_store::DocumentFields;

/// Documents that are looked at: the latest, and those before them.
pub const DOCUMENTS: usize = LATEST + BEFORE;

/// The documents that may lack something.
const LATEST: usize = 5;

/// The documents that show what a source's pages have.
const BEFORE: usize = 40;

/// Of the documents before, at least so many are needed to speak of always.
const ENOUGH: usize = 10;

/// A text that is so many times shorter than usual lacks its body.
const SHORTER: u64 = 6;

/// What a document has or has not; none where it cannot say.
type Has = fn(&DocumentFields) -> Option<bool>;

const FIELDS: [(&str, &str, Has); 7] = [
    ("lacks_title", "a title", |d| Some(d.title)),
    ("lacks_date", "a date of publication", |d| Some(d.published)),
    ("lacks_disclosures", "a disclosure", |d| Some(d.disclosures > 0)),
    ("lacks_organization", "the organization of a disclosure", |d| (d.disclosures > 0).then_some(d.organization)),
    ("lacks_count", "the figure of a disclosure", |d| (d.disclosures > 0).then_some(d.headline)),
    ("lacks_cause", "the cause of a disclosure", |d| (d.disclosures > 0).then_some(d.cause)),
    ("lacks_announced", "the day of a disclosure", |d| (d.disclosures > 0).then_some(d.announced)),
];

/// What the latest of these documents (the latest last) lack although those before them always had it: kind and
/// sentence. Always is nineteen of twenty; to lack is none of the latest five.
pub fn lacking(documents: &[DocumentFields]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (kind, name, has) in FIELDS {
        let said: Vec<bool> = documents.iter().filter_map(has).collect();
        let Some((before, latest)) = said.len().checked_sub(LATEST).map(|at| said.split_at(at)) else { continue };
        let had = before.iter().filter(|has| **has).count();
        if before.len() >= ENOUGH && had * 20 >= before.len() * 19 && latest.iter().all(|has| !has) {
            found.push((
                kind,
                format!("the latest {LATEST} pages lack {name}, which {had} of the {} before had", before.len()),
            ));
        }
    }
    found.extend(short_bodies(documents));
    found
}

fn short_bodies(documents: &[DocumentFields]) -> Option<(&'static str, String)> {
    let (before, latest) = documents.split_at(documents.len().checked_sub(LATEST)?);
    if before.len() < ENOUGH {
        return None;
    }
    let mut lengths: Vec<u64> = before.iter().map(|d| d.text_chars).collect();
    lengths.sort_unstable();
    let usual = lengths[lengths.len() / 2];
    let longest = latest.iter().map(|d| d.text_chars).max()?;
    (longest * SHORTER < usual).then(|| {
        ("lacks_body", format!("the latest {LATEST} pages have at most {longest} characters, usual are {usual}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: DocumentFields = DocumentFields {
        title: true,
        published: true,
        text_chars: 1_200,
        disclosures: 1,
        organization: true,
        headline: true,
        cause: true,
        announced: true,
    };

    #[track_caller]
    fn check(before: &[DocumentFields], latest: DocumentFields, expected: &[&str]) {
        let mut documents = before.to_vec();
        documents.extend([latest; LATEST]);
        let kinds: Vec<&str> = lacking(&documents).iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, expected);
    }

    #[test]
    fn what_was_always_there_and_is_gone() {
        let usual = [WHOLE; 20];
        check(&usual, WHOLE, &[]);
        check(&usual, DocumentFields { title: false, ..WHOLE }, &["lacks_title"]);
        check(&usual, DocumentFields { published: false, text_chars: 150, ..WHOLE }, &["lacks_date", "lacks_body"]);
        // Without disclosures there are no fields of disclosures to miss.
        check(&usual, DocumentFields { disclosures: 0, headline: false, ..WHOLE }, &["lacks_disclosures"]);
        check(&usual, DocumentFields { headline: false, cause: false, ..WHOLE }, &["lacks_count", "lacks_cause"]);
        // A young source has no habits.
        check(&usual[..9], DocumentFields { title: false, ..WHOLE }, &[]);
    }

    #[test]
    fn what_was_there_now_and_then_is_not_missed() {
        let mut mixed = [WHOLE; 20];
        mixed[3].headline = false;
        mixed[9].headline = false;
        check(&mixed, DocumentFields { headline: false, ..WHOLE }, &[]);
        let one_of_the_latest_has_it = [DocumentFields { title: false, ..WHOLE }; 4];
        let mut documents = vec![WHOLE; 21];
        documents.extend(one_of_the_latest_has_it);
        assert_eq!(lacking(&documents), []);
    }
}
