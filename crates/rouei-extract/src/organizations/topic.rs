//! Who announces is an organization, whatever its name looks like: `カラクリ堂屋は6月20日、…と公表した`.

use std::sync::LazyLock;

use regex::Regex;

use rouei_model::Span;
use rouei_morphology::WordClass;

use super::lexicon::WordList;
use super::scan::Scan;
use super::word::is_hiragana;
use super::{Mention, OrganizationFinding, OrganizationKind, OrganizationLexicon};

/// From the end of the name: は, a day or 「このほど」, and a verb of announcing in the same sentence.
static ANNOUNCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = "(?:(?:20)?[0-9]{2}年)?(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:付)?(?:まで)?(?:に)?(?:、|,)?";
    Regex::new(&format!(
        "^[」』]?(?:\\([^)]{{1,40}}\\))?は、?(?:{day}|同日|このほど|このたび)[^。]{{0,200}}(?:発表|公表|明らかに|謝罪)(?:し|する|した)"
    ))
    .ok()
});

/// Whether what stands behind `name` says that it told the public.
pub(super) fn announces(lexicon: &OrganizationLexicon, after: &str, name: &str) -> bool {
    let length = name.chars().count();
    (3..=20).contains(&length)
        && !name.starts_with(['同', '当', '本', '各', '両'])
        && !name.contains(|c: char| c.is_ascii_digit())
        && lexicon.ends_with(WordList::Announcer, name).is_none()
        && ANNOUNCES.as_ref().is_some_and(|pattern| pattern.is_match(after))
}

/// Verbs of announcing, in news.
const ANNOUNCED: [&str; 6] = ["発表し", "公表し", "公表され", "発表され", "明らかにし", "謝罪し"];

impl Scan<'_> {
    /// `ほしづなは、…と発表した`: a name in hiragana that the dictionary cuts into particles, as the topic of a sentence that
    /// announces.
    pub(super) fn hiragana_topics(&self, out: &mut Vec<OrganizationFinding>) {
        let text = self.text();
        if !ANNOUNCED.iter().any(|verb| text.contains(verb)) {
            return;
        }
        for (at, _) in text.match_indices('は') {
            let before = &text[..at];
            let Some((start, _)) = before.char_indices().rev().take_while(|(_, c)| is_hiragana(*c)).last() else {
                continue;
            };
            let name = &before[start..];
            let next = text[at + 'は'.len_utf8()..].chars().next();
            let begins = start == 0 || self.lexicon.ends_with(WordList::HiraganaBefore, &before[..start]).is_some();
            let span = Span::new(self.span().start + start, self.span().start + at);
            if begins
                && (3..=8).contains(&name.chars().count())
                && next.is_some_and(|c| !is_hiragana(c))
                && !self.is_one_common_word(span)
                && !self.lexicon.is_one_of(WordList::FunctionWord, name)
                && self.lexicon.ends_with(WordList::FunctionEnding, name).is_none()
            {
                out.push(self.finding(span, OrganizationKind::Unknown, Mention::Weak));
            }
        }
    }

    /// A single word that the dictionary knows and that names nobody.
    fn is_one_common_word(&self, span: Span) -> bool {
        self.tokens().iter().any(|t| {
            t.start <= span.start
                && t.end >= span.end
                && !matches!(
                    t.class,
                    WordClass::ProperNoun | WordClass::Organization | WordClass::PersonName | WordClass::Interjection
                )
        })
    }
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
