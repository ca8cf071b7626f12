//! How a text is laid out: where its headline stands, what is an item, whether it is an index of notices.

use rouei_model::BlockKind;

use super::JudgementLexicon;
use crate::reading::Reading;
use crate::script::is_alphanumeric;

/// The line of a letter that names its matter, below the date and whom it is addressed to: …に関するお知らせ.
pub(super) fn subject(lexicon: &JudgementLexicon, reading: &Reading) -> Option<usize> {
    /// Lines among which it stands.
    const HEAD: usize = 8;
    let names = |s: &usize| {
        let line = reading.sentence_text(*s);
        (8..=80).contains(&line.chars().count()) && !line.contains('。') && lexicon.names_a_matter(line)
    };
    (1..reading.sentences.len().min(HEAD)).take_while(|&s| !reading.sentence_text(s).ends_with('。')).find(names)
}

/// Where the text begins behind ニュース, its day and what else leads up to its headline.
pub(super) fn opening(lexicon: &JudgementLexicon, reading: &Reading) -> usize {
    const LEADING: usize = 4;
    let leads_up = |s: usize| {
        let text = reading.sentence_text(s);
        let short = text.chars().filter(|&c| is_alphanumeric(c)).count() <= 6;
        !text.ends_with('。') && (lexicon.is_day(text) || short)
    };
    (0..reading.sentences.len().min(LEADING)).find(|&s| !leads_up(s)).unwrap_or(0)
}

/// Whether a sentence is an item of a list.
pub(super) fn is_item(reading: &Reading, sentence: usize) -> bool {
    let bullet = reading.sentence_text(sentence).starts_with(['・', '•', '-', '●', '■', '□', '①', '②', '③', '④', '⑤']);
    bullet || matches!(reading.block(sentence).kind, BlockKind::ListItem { .. })
}

/// Whether most lines are dated headlines: an index of notices, which repeats what the notices say.
pub(super) fn is_listing(lexicon: &JudgementLexicon, reading: &Reading) -> bool {
    let lines: Vec<&str> = (0..reading.sentences.len()).map(|s| reading.sentence_text(s)).collect();
    let dated = lines
        .iter()
        .filter(|l| {
            !l.ends_with('。')
                // A row of a table has cells beside its date.
                && !l.contains(['|', '\t'])
                && l.chars().count() >= 8
                && !lexicon.is_step(l)
                && (l.starts_with("20") || l.starts_with("令和") || l.starts_with("R"))
        })
        .count();
    let told = lines.iter().filter(|l| l.ends_with('。')).count();
    dated >= 4 && dated * 2 > lines.len() && told <= 2
}
