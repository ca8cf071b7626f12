//! The name in a name–value pair, however the page writes it.

use rouei_model::Span;

use crate::reading::Reading;

/// What a label asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// 企業, 組織, 発表元.
    Organization,
    /// 件数, 被害規模.
    Count,
    /// 原因.
    Cause,
    /// 被害時期, 発生日.
    Date,
    /// 被害内容, 概要.
    Description,
}

const LABELS: [(Label, &[&str]); 5] = [
    (
        Label::Organization,
        &[
            "企業",
            "企業名",
            "会社",
            "会社名",
            "社名",
            "組織",
            "組織名",
            "組織/企業",
            "企業・組織",
            "企業/組織",
            "団体",
            "団体名",
            "法人名",
            "機関名",
            "事業者",
            "事業者名",
            "公表元",
            "発表元",
            "公表組織",
            "公表者",
            "発表者",
            "発表主体",
            "公表主体",
            "対象組織",
            "被害組織",
            "被害企業",
            "自治体",
            "自治体名",
            "学校名",
            "施設名",
            "名称",
            "サイト名",
            "ショップ名",
            "サービス名",
            "運営会社",
            "企業・団体",
            "企業・団体名",
            "会社・団体名",
            "組織・企業名",
            "企業名・組織名",
            "発生元",
            "発生組織",
            "医療機関",
            "医療機関名",
            "病院名",
            "病院",
            "学校",
            "発表機関",
            "公表機関",
            "機関",
            "店名",
            "事業体",
            "組織・団体",
            "法人・団体",
            "公表した組織",
            "公表した企業",
        ],
    ),
    (
        Label::Count,
        &[
            "件数",
            "漏えい件数",
            "漏洩件数",
            "流出件数",
            "人数",
            "漏えい人数",
            "対象人数",
            "対象者数",
            "対象件数",
            "被害件数",
            "被害規模",
            "被害人数",
            "影響人数",
            "影響件数",
            "影響範囲",
            "漏えい数",
            "漏洩数",
            "流出数",
            "規模",
            "流出規模",
            "漏えい等件数",
            "件数・人数",
            "影響を受けた方",
            "影響を受けた人数",
            "対象となった方",
            "対象者",
            "漏えいした人数",
            "人数・件数",
            "漏えい等の人数",
            "本人の数",
            "影響した人数",
            "影響を受けた人数",
            "影響を受けた方",
            "影響人数等",
            "対象",
            "漏えい人数等",
        ],
    ),
    (
        Label::Cause,
        &[
            "原因",
            "原因カテゴリ",
            "事故原因",
            "発生原因",
            "漏えい原因",
            "原因区分",
            "要因",
            "種別",
            "分類",
            "区分",
            "事故種別",
            "原因・経緯",
            "原因種別",
            "インシデント種別",
        ],
    ),
    (
        Label::Date,
        &[
            "被害時期",
            "発生日",
            "発生時期",
            "発覚日",
            "公表日",
            "発表日",
            "発生日時",
            "判明日",
            "日付",
            "時期",
            "年月日",
            "公表年月日",
            "公開日",
            "掲載日",
        ],
    ),
    (
        Label::Description,
        &["被害内容", "内容", "概要", "備考", "詳細", "備考・詳細", "事案の概要", "事故概要", "漏えい情報", "対象情報"],
    ),
];

/// The label of a sentence and the value behind it: a value block, `件数:1,234件`, or `企業 ○○` in plain text.
#[must_use]
pub fn label_of(reading: &Reading, sentence: usize) -> Option<(Label, Span)> {
    let entry = reading.sentences.get(sentence)?;
    if let Some(&key) = entry.labels.first()
        && matches!(reading.block(sentence).kind, rouei_model::BlockKind::Value { .. })
    {
        return classify(reading.sentence_text(key)).map(|label| (label, entry.span));
    }
    let text = entry.span.of(reading.text());
    let (key, value) = match text.split_once(':') {
        Some(parts) => parts,
        None => text.split_once(' ').or_else(|| split_at_digit(text))?,
    };
    let label = classify(key)?;
    let start = entry.span.end - value.len();
    let lead = value.len() - value.trim_start().len();
    (!value.trim().is_empty()).then(|| (label, Span::new(start + lead, entry.span.end)))
}

/// The label that a heading of a table or a key names.
#[must_use]
pub(super) fn classify(key: &str) -> Option<Label> {
    let key: String = key
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '【' | '】' | '■' | '●' | '・' | '◆' | '○' | '※') || *c == '・')
        .collect();
    let key = key.trim_matches(['・', ':', '【', '】']);
    LABELS.iter().find(|(_, words)| words.contains(&key)).map(|(label, _)| *label).or_else(|| {
        let bare = key.split('(').next().unwrap_or(key);
        (bare.len() < key.len())
            .then(|| LABELS.iter().find(|(_, words)| words.contains(&bare)).map(|(l, _)| *l))
            .flatten()
    })
}

/// `被害時期2022年10月`: the blank beside the digit is gone.
fn split_at_digit(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|c: char| c.is_ascii_digit() || c == '約')?;
    Some((&text[..at], &text[at..]))
}
