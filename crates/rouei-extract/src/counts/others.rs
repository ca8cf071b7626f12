//! Lines that tell of somebody else's leak beside the text: what a page links, ranks or recommends.

use super::CountFinding;
use super::lexicon::CountLexicon;
use crate::organizations::{Mention, OrganizationFinding, same_organization};
use crate::reading::Reading;

/// Rejects figures of lines behind the beginning of the text that name an organization which no sentence names, and not
/// the one that the document is about (`own`: its names).
pub(crate) fn reject_other_stories(
    reading: &Reading<'_>,
    organizations: &[OrganizationFinding],
    own: &[&str],
    counts: &mut [CountFinding],
    lexicon: &CountLexicon,
) {
    let ends = |sentence: usize| reading.sentence_text(sentence).ends_with(['。', '」']);
    let Some(begins) = (0..reading.sentences.len()).find(|&s| ends(s)) else { return };
    let last = (0..reading.sentences.len()).rfind(|&s| ends(s)).unwrap_or(begins);
    let is_own = |o: &OrganizationFinding| own.iter().any(|name| same_organization(name, &o.name));
    let in_text = |o: &OrganizationFinding| {
        organizations.iter().any(|other| ends(other.sentence) && same_organization(&other.name, &o.name))
    };
    for count in counts.iter_mut().filter(|c| c.rejected.is_none() && c.sentence > begins) {
        let sentence = &reading.sentences[count.sentence];
        if ends(count.sentence)
            || !sentence.labels.is_empty()
            || !lexicon.cues.tie.is_match(reading.sentence_text(count.sentence))
        {
            continue;
        }
        let here = || organizations.iter().filter(|o| o.sentence == count.sentence);
        let other = |o: &OrganizationFinding| {
            o.mention != Mention::Anonymised && o.onlooker.is_none() && !is_own(o) && !in_text(o)
        };
        // 光洋医科機器でUSB紛失 782人分: behind the last sentence, a headline that names none of those the text is about.
        let text = reading.sentence_text(count.sentence);
        let headline = count.sentence > last
            && last > begins
            && here().next().is_none()
            && lexicon.cues.headline_of_another.is_match(text)
            && !own.iter().any(|name| text.contains(name));
        if headline || here().next().is_some() && here().all(other) {
            count.rejected = Some("other_story".to_owned());
        }
    }
}
