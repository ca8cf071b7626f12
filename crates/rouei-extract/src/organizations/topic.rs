//! Who announces is an organization, whatever its name looks like: `カラクリ堂屋は6月20日、…と公表した`.

use std::sync::LazyLock;

use super::OrganizationLexicon;
use super::lexicon::WordList;
use crate::pattern::{self, Regex};

/// From the end of the name: は, a day or 「このほど」, and a verb of announcing in the same sentence.
static ANNOUNCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = "(?:(?:20)?[0-9]{2}年)?(?:(?:[0-9]{1,2}月)?[0-9]{1,2}日|[0-9]{1,2}月)(?:付)?(?:まで)?(?:に)?(?:、|,)?";
    let figures = "[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}";
    let verb = "(?:発表|公表|明らかに|謝罪)(?:し|する|した)|保護者(?:説明)?会で報告|報告書?を(?:出|公)";
    pattern::compile(&format!(
        "^[」』]?(?:\\([^)]{{1,40}}\\))?(?:は、?|が)(?:{day}|{figures}|同日|このほど|このたび)[^。]{{0,200}}(?:{verb})"
    ))
    .ok()
});

/// Whether what stands behind `name` says that it told the public.
pub(super) fn announces(lexicon: &OrganizationLexicon, after: &str, name: &str) -> bool {
    if !may_announce(after) {
        return false;
    }
    let length = name.chars().count();
    (2..=20).contains(&length)
        && !name.starts_with(['同', '当', '本', '各', '両'])
        && !name.contains(|c: char| c.is_ascii_digit())
        && lexicon.ends_with(WordList::Announcer, name).is_none()
        && ANNOUNCES.as_ref().is_some_and(|pattern| pattern.is_match(after))
}

/// Whether [`ANNOUNCES`] may match: a look at what it can begin with.
fn may_announce(after: &str) -> bool {
    let after = after.strip_prefix(['」', '』']).unwrap_or(after);
    if after.starts_with('(') {
        return true;
    }
    let Some(told) = after.strip_prefix('は').or_else(|| after.strip_prefix('が')) else { return false };
    let told = told.strip_prefix('、').unwrap_or(told);
    told.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '同' | 'こ'))
}

/// Whether は and a verb of announcing follow in the same sentence, on whatever day.
pub(super) fn announces_some_day(lexicon: &OrganizationLexicon, after: &str) -> bool {
    let sentence = after.split('。').next().unwrap_or_default();
    sentence.starts_with('は') && lexicon.holds(WordList::PlainlyAnnounced, sentence)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{OrganizationLexicon, announces};

    #[test]
    fn topics_of_announcements_are_names() {
        let lexicon = OrganizationLexicon::embedded().unwrap();
        for (after, name, want) in [
            ("は6月20日、従業員の氏名が漏れた可能性があると公表した。", "カラクリ堂屋", true),
            ("」は19日、メモを落としたと発表した。", "ひだまり膳", true),
            ("は6月20日、名簿をなくした。", "カラクリ堂屋", false),
            ("は6月20日、名簿をなくしたと発表した。", "担当者", false),
            ("は6月20日、名簿をなくしたと発表した。", "同組合", false),
        ] {
            assert_eq!(announces(&lexicon, after, name), want, "{name}{after}");
        }
    }
}
