//! The sentences of a report, the same in Markdown and HTML.

use super::MonthReport;

/// Above the largest.
pub(super) const LARGEST: &str = "最初に公表された見出し件数の数値が大きい順です。後に改められたものは、最初の数字を（公表時）として併記します。単位（人・件など）は公表のまま示し、換算していません。単位の異なる事案どうしの順位は目安です。";
/// Above the card leaks.
pub(super) const CARDS: &str = "カード情報の件数は、全体の漏えい規模とは別に公表された数字です。両者は合算しません。";
/// Above the follow-ups.
pub(super) const LATER: &str = "すでに公表された事案についての続報・訂正・処分などです。数字が改められた場合も以前の記録は書き換えず、推移を日付とともに示します。";
/// Above the incidents.
pub(super) const LISTED: &str = "同じ事案を伝える文書は1件にまとめ、値は代表となる文書（当事者の発表、最新の報告を優先）のものです。ほかの文書は出典に並べます。";

/// How to read the report.
pub(super) const NOTES: &[&str] = &[
    "1件は、1つの事案です。当事者の発表・報道・転載・まとめ記事・続報が同じ事案を伝える場合は、組織名・原因・日付・件数の一致から自動でまとめ、1件と数えます。まとめた根拠は rouei incident show 事案番号 で確かめられます。",
    "事案は、最初に公表された月に数えます。翌月以降の続報・報道は、その月の事案数に入りません。まとめ記事だけが伝える事案は、公表日（なければ発生日）の月が分かる場合に限り数えます。初回の公表を読み取っていない続報・処分などは数えません。数えない記録は「集計外」、別の月に数えるものは「○月の事案」と備考に記し、「全記録」に残します。",
    "委託先などで起きた1つの事案を複数の組織が公表した場合は、全体を1件と数え、各組織の数字は内訳として示します。内訳を全体の数字とはせず、足し合わせもしません。全体の数字を伝える文書がなければ「全体は不明」とします。",
    "記録の日付は公表日です。文書に公表日の記載がない場合は文書の公開日、それもない場合は取得日（いずれも日本時間）とし、日付の後に（公開日）（取得日）と記します。",
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
    if d.elsewhere > 0 {
        doubts.push(format!("別の月の事案を伝えるもの {}件", d.elsewhere));
    }
    if d.outside > 0 {
        doubts.push(format!("集計外 {}件", d.outside));
    }
    lines.push(format!("全記録 {}件のうち、{}", report.all.len(), doubts.join("、")));
    lines
}
