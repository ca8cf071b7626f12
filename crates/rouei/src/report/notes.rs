//! The sentences of a report, the same in Markdown and HTML.

use super::MonthReport;

/// Above the largest.
pub(super) const LARGEST: &str = "見出し件数の数値が大きい順です。単位（人・件など）は公表のまま示し、換算していません。単位の異なる事案どうしの順位は目安です。";
/// Above the card leaks.
pub(super) const CARDS: &str = "カード情報の件数は、全体の漏えい規模とは別に公表された数字です。両者は合算しません。";
/// Above the follow-ups.
pub(super) const LATER: &str =
    "すでに公表された事案についての続報・訂正・処分などです。数字が改められた場合も、以前の記録は書き換えません。";

/// How to read the report.
pub(super) const NOTES: &[&str] = &[
    "1件は、1つの文書が伝える1つの事案です。同じ事案を当事者と報道機関の双方が伝えた場合は、それぞれ1件と数えます。",
    "原因別の事案数・規模の大きい事案・カード情報の漏えいは、事案を伝える公表と報道だけを数え、続報・訂正・処分など、まとめ記事、転載を除きます。除いたものも「全記録」にはあります。",
    "月は公表日で決めます。文書に公表日の記載がない場合は文書の公開日、それもない場合は取得日（いずれも日本時間）で決め、日付の後に（公開日）（取得日）と記します。",
    "漏えい規模の単位は公表のままです。単位の異なる数字は足し合わせません。人数の総計も、最大・約・延べの別や重複があって意味を持たないため、掲げません。",
    "「最大」「約」「以上」「超」「未満」「延べ」は公表された表現です。公表されていない数は「不明」「非公表」「調査中」とし、0とは区別します。",
    "「確度」は、機械が読み取った記録（組織・規模・原因・公表日）がすべて正しい見込みです。「要確認」は確度が低く人の確認が済んでいないもの、「要再確認」は確認後に文書の内容が変わったもの、「確認により訂正」は人の判断で値を改めたものです。",
    "各記録の根拠となる文は、「記録」欄の番号を使って rouei review show 番号 で確かめられます。",
];

/// What the report is about and what is uncertain, in a few lines.
pub(super) fn summary(report: &MonthReport) -> Vec<String> {
    let (first, last) = report.period;
    let mut lines = vec![format!("対象期間: {first} 〜 {last}（公表日、日本時間）")];
    lines.push(format!("読み取った文書: {}件（情報源 {}）", report.documents, report.sources.len()));
    if let Some(day) = report.as_of {
        let partial = if report.partial { "。月の途中までの集計です" } else { "" };
        lines.push(format!("最終取得日: {day}{partial}"));
    }
    let d = &report.doubts;
    let mut doubts = vec![format!("要確認 {}件", d.to_review)];
    if d.placed_otherwise > 0 {
        doubts.push(format!("公表日の記載がなく公開日・取得日によるもの {}件", d.placed_otherwise));
    }
    if d.without_count > 0 {
        doubts.push(format!("規模が不明・非公表・調査中のもの {}件", d.without_count));
    }
    if d.corrected > 0 {
        doubts.push(format!("人の確認により訂正したもの {}件", d.corrected));
    }
    if d.retold > 0 {
        doubts.push(format!("まとめ・転載（集計外） {}件", d.retold));
    }
    lines.push(format!("全記録 {}件のうち、{}", report.all.len(), doubts.join("、")));
    lines
}
