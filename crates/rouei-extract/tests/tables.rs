//! Tables in whole pages: which are lists of incidents, and which are parts of one.

#![allow(clippy::unwrap_used)]

use rouei_extract::Extractor;
use rouei_text::{Hints, read};

/// Leading organization and headline of each disclosure of a page.
fn check(html: &str, want: &[(&str, Option<u64>)]) {
    let document = read(html.as_bytes(), &Hints::default());
    let extraction = Extractor::new().unwrap().extract(&document);
    let found: Vec<(String, Option<u64>)> = extraction
        .disclosures
        .iter()
        .map(|d| (d.organizations[0].name.clone(), d.headline_count.as_ref().map(|h| h.value)))
        .collect();
    let want: Vec<(String, Option<u64>)> = want.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect();
    assert_eq!(found, want, "{html}");
}

#[test]
fn a_list_that_names_organizations() {
    check(
        "<h1>今年の主な情報漏えい</h1><table><tr><th>公表日</th><th>組織</th><th>件数</th><th>原因</th></tr>\
         <tr><td>2031/04/02</td><td>灯台精機</td><td>1,234件</td><td>不正アクセス</td></tr>\
         <tr><td>2031/05/07</td><td>碧霞大学</td><td>56人</td><td>誤送信</td></tr></table>",
        &[("灯台精機", Some(1234)), ("碧霞大学", Some(56))],
    );
}

#[test]
fn an_organizations_own_list() {
    check(
        "<h1>個人情報の漏えい等事案一覧</h1><p>今年度に灯台市が公表した個人情報の漏えい等の事案は次のとおりです。</p>\
         <table><tr><th>公表日</th><th>所属</th><th>内容</th><th>影響を受けた方</th></tr>\
         <tr><td>令和13年5月20日</td><td>税務課</td><td>課税明細書を別人に送付</td><td>3人</td></tr>\
         <tr><td>令和13年7月8日</td><td>学校教育課</td><td>児童名簿を紛失</td><td>29人</td></tr></table>",
        &[("灯台市", Some(3)), ("灯台市", Some(29))],
    );
}

#[test]
fn parts_of_one_incident() {
    check(
        "<h1>個人情報の漏えいについて</h1><p>灯台市は4月2日、システムの不正アクセスにより計60人分の個人情報が漏えいしたと発表した。</p>\
         <table><tr><th>学校</th><th>人数</th></tr><tr><td>市立第一中学校</td><td>40人</td></tr>\
         <tr><td>市立第二中学校</td><td>20人</td></tr></table>",
        &[("灯台市", Some(60))],
    );
}

#[test]
fn the_one_figure_of_a_row_counts_records() {
    check(
        "<h1>今年の主な情報漏えい</h1><table><tr><th>組織</th><th>事案</th><th>件数</th></tr>\
         <tr><td>灯台銀行</td><td>メール誤送信</td><td>1,204件</td></tr>\
         <tr><td>碧霞大学</td><td>不正アクセス</td><td>56件</td></tr></table>",
        &[("灯台銀行", Some(1204)), ("碧霞大学", Some(56))],
    );
    check(
        "<h1>今年の主な情報漏えい</h1><ul><li>灯台銀行 メール誤送信1,204件</li><li>碧霞大学 不正アクセス56件</li>\
         <li>霧影旅行 書類の紛失3件</li></ul>",
        &[("灯台銀行", Some(1204)), ("碧霞大学", Some(56)), ("霧影旅行", Some(3))],
    );
}
