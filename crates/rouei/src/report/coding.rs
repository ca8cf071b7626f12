//! Causes in the classes of another counting.

use rouei_extract::causes::codings;
use rouei_model::{CauseCode, Coding};

use super::Words;
use super::words::grouped;
use crate::incidents::{Incidents, KnownIncident};

/// What a cause is called that the coding has no place for.
const NO_PLACE: &str = "区分なし";

/// The class of a cause; of none, that nothing is known.
pub(super) fn label(cause: Option<CauseCode>, coding: Coding, words: &Words) -> String {
    let Some(code) = cause else { return words.cause(None).to_owned() };
    codings::claimed(code).label(coding).unwrap_or(NO_PLACE).to_owned()
}

/// Whether the coding has a class for a cause; a cause that nobody names needs none.
pub(super) fn has_place(cause: Option<CauseCode>, coding: Coding) -> bool {
    cause.is_none_or(|code| codings::claimed(code).label(coding).is_some())
}

/// Whose classes, how many are assigned by our judgement, and whether the report keeps to the universe of that counting.
pub(super) fn notes(incidents: &Incidents, now: &[&KnownIncident], coding: Coding, words: &Words) -> Vec<String> {
    let coded = words.coding(coding);
    let causes = || now.iter().filter_map(|incident| incidents.cause(incident));
    let ours = causes().filter(|code| codings::claimed(*code).judgement.contains(&coding)).count() as u64;
    let assigned = match ours {
        0 => String::new(),
        ours => format!("うち{}件は、原典に定めがなく、当方の判断で割り当てたものです。", grouped(ours)),
    };
    let mut notes = vec![format!("原因は{}の区分で示しています。{assigned}", coded.name)];
    notes.push(match coded.universe {
        Some(universe) => format!(
            "{}の集計対象は{universe}です。この表はそれに限らず、「対象範囲」の情報源から読み取った事案すべてを数えており、原典の件数とは比べられません。",
            coded.name
        ),
        None => format!(
            "{}は集計対象を定めていません。この表は「対象範囲」の情報源から読み取った事案すべてを数えています。",
            coded.name
        ),
    });
    if causes().any(|code| !has_place(Some(code), coding)) {
        notes.push(format!("「{NO_PLACE}」は、この区分に当てはまる分類がない原因です。"));
    }
    notes
}
