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
pub(super) fn opening(reading: &Reading) -> usize {
    const LEADING: usize = 4;
    let leads_up = |s: usize| {
        let text = reading.sentence_text(s);
        let letters = text.chars().filter(|&c| is_alphanumeric(c));
        let day =
            letters.clone().all(|c| c.is_ascii_digit() || "年月日時分更新公開掲載令和平成火水木金土曜付".contains(c));
        !text.ends_with('。') && (day || letters.count() <= 6)
    };
    (0..reading.sentences.len().min(LEADING)).find(|&s| !leads_up(s)).unwrap_or(0)
}

/// Whether a sentence is an item of a list.
pub(super) fn is_item(reading: &Reading, sentence: usize) -> bool {
    let bullet = reading.sentence_text(sentence).starts_with(['・', '•', '-', '●', '■', '□', '①', '②', '③', '④', '⑤']);
    bullet || matches!(reading.block(sentence).kind, BlockKind::ListItem { .. })
}

/// Whether most lines are dated headlines: an index of notices, which repeats what the notices say.
pub(super) fn is_listing(reading: &Reading) -> bool {
    let lines: Vec<&str> = (0..reading.sentences.len()).map(|s| reading.sentence_text(s)).collect();
    let dated = lines
        .iter()
        .filter(|l| {
            !l.ends_with('。')
                // A row of a table has cells beside its date.
                && !l.contains(['|', '\t'])
                && l.chars().count() >= 8
                && !is_step(l)
                && (l.starts_with("20") || l.starts_with("令和") || l.starts_with("R"))
        })
        .count();
    let told = lines.iter().filter(|l| l.ends_with('。')).count();
    dated >= 4 && dated * 2 > lines.len() && told <= 2
}

/// 2031年5月1日 当社サーバーで異常を検知: a step of a course of events is no headline.
fn is_step(line: &str) -> bool {
    const STEPS: [&str; 20] = [
        "検知", "依頼", "報告", "受領", "提出", "実施", "判明", "確認", "遮断", "停止", "着手", "設置", "発覚", "発見",
        "相談", "完了", "開始", "再開", "連絡", "通報",
    ];
    STEPS.iter().any(|step| line.ends_with(step)) && !line.ends_with("ご報告") && !line.ends_with("ご連絡")
}
