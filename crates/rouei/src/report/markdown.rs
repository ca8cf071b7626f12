//! The report as Markdown (CommonMark with GitHub's tables).

use std::fmt::Write as _;

use super::{Entry, MonthReport, entry::Source, notes};

/// Lays the report out. What comes from pages is escaped.
pub fn render(report: &MonthReport) -> String {
    let mut out = String::new();
    // Writing into a String does not fail.
    let _ = write_report(&mut out, report);
    out
}

fn write_report(out: &mut String, report: &MonthReport) -> std::fmt::Result {
    writeln!(out, "# 個人情報漏えい等 公表事案 月次レポート {}\n", report.title)?;
    writeln!(out, "**事案数 {}件**（{}）\n", report.incidents, report.change)?;
    for line in notes::summary(report) {
        writeln!(out, "- {line}")?;
    }

    writeln!(out, "\n## 原因別の事案数\n")?;
    for note in &report.coding {
        writeln!(out, "{note}\n")?;
    }
    if report.causes.is_empty() {
        writeln!(out, "この月の事案はありません。")?;
    } else {
        table(out, &["原因", "事案数", "構成比", "前月", "増減"], &[false, true, true, true, true])?;
        for line in &report.causes {
            let before = line.before.map_or_else(|| "—".to_owned(), |b| b.to_string());
            writeln!(out, "| {} | {} | {} | {before} | {} |", line.label, line.count, line.share, line.change)?;
        }
        let before = report.before.as_deref().unwrap_or("—");
        writeln!(out, "| **合計** | **{}** | | {before} | {} |", report.incidents, report.difference)?;
    }

    writeln!(out, "\n## 規模の大きい事案（上位10件）\n")?;
    if report.largest.is_empty() {
        writeln!(out, "規模が公表された事案はありません。")?;
    } else {
        writeln!(out, "{}\n", notes::LARGEST)?;
        table(out, &["順", "漏えい規模", "組織", "原因", "公表日", "漏えいの状況", "出典"], &[true, true])?;
        for (i, e) in report.largest.iter().enumerate() {
            let (count, organization, link) = (count(e), organization(e), links(e));
            writeln!(
                out,
                "| {} | {count} | {organization} | {} | {} | {} | {link} |",
                i + 1,
                e.cause,
                date(e),
                e.status
            )?;
        }
    }

    writeln!(out, "\n## クレジットカード情報の漏えい\n")?;
    if report.cards.is_empty() {
        writeln!(out, "該当する事案はありません。")?;
    } else {
        writeln!(out, "{}\n", notes::CARDS)?;
        table(out, &["公表日", "組織", "カード情報の件数", "全体の漏えい規模", "原因", "出典"], &[])?;
        for e in &report.cards {
            let (organization, cards, count) = (organization(e), escape(&e.cards), count(e));
            writeln!(out, "| {} | {organization} | {cards} | {count} | {} | {} |", date(e), e.cause, links(e))?;
        }
    }

    writeln!(out, "\n## 事案一覧（{}件）\n", report.listed.len())?;
    if !report.listed.is_empty() {
        writeln!(out, "{}\n", notes::LISTED)?;
        table(out, &["公表日", "組織", "漏えい規模", "内訳", "原因", "漏えいの状況", "出典", "事案"], &[])?;
        for e in &report.listed {
            let (date, organization, count) = (date(e), organization(e), count(e));
            let (parts, links) = (escape(&e.parts.join("、")), links(e));
            let (cause, status, incident) = (&e.cause, &e.status, &e.incident);
            writeln!(
                out,
                "| {date} | {organization} | {count} | {parts} | {cause} | {status} | {links} | {incident} |"
            )?;
        }
    }

    writeln!(out, "\n## 続報・訂正・処分など\n")?;
    if report.later.is_empty() {
        writeln!(out, "該当する記録はありません。")?;
    } else {
        writeln!(out, "{}\n", notes::LATER)?;
        table(out, &["公表日", "組織", "種別", "漏えい規模の推移", "原因", "出典", "事案"], &[])?;
        for e in &report.later {
            let (organization, history, link) = (organization(e), escape(&e.history), links(e));
            let (date, incident) = (date(e), &e.incident);
            writeln!(out, "| {date} | {organization} | {} | {history} | {} | {link} | {incident} |", e.kind, e.cause)?;
        }
    }

    writeln!(out, "\n## 全記録（{}件）\n", report.all.len())?;
    if !report.all.is_empty() {
        let names = ["公表日", "組織", "漏えい規模", "原因", "種別", "確度", "備考", "出典", "事案", "記録"];
        table(out, &names, &[false, false, false, false, false, true])?;
        for e in &report.all {
            let marks: Vec<&str> = e.marks.iter().map(|m| m.text.as_str()).collect();
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                date(e),
                organization(e),
                escape(&e.count),
                e.cause,
                e.kind,
                e.confidence,
                marks.join("、"),
                links(e),
                e.incident,
                e.id
            )?;
        }
    }

    writeln!(out, "\n## 対象範囲\n")?;
    table(out, &["情報源", "読み取った文書", "うち事案の記載あり"], &[false, true, true])?;
    for source in &report.sources {
        writeln!(out, "| {} | {} | {} |", escape(&source.name), source.documents, source.disclosing)?;
    }

    writeln!(out, "\n## 注記\n")?;
    for note in notes::NOTES {
        writeln!(out, "- {note}")?;
    }
    Ok(())
}

/// Columns without an entry in `right` stand to the left.
fn table(out: &mut String, names: &[&str], right: &[bool]) -> std::fmt::Result {
    let rule: Vec<&str> =
        (0..names.len()).map(|i| if right.get(i).copied().unwrap_or(false) { "---:" } else { "---" }).collect();
    writeln!(out, "| {} |\n| {} |", names.join(" | "), rule.join(" | "))
}

fn date(entry: &Entry) -> String {
    match entry.date_basis {
        Some(basis) => format!("{}（{basis}）", entry.date),
        None => entry.date.clone(),
    }
}

fn organization(entry: &Entry) -> String {
    escape(&entry.organization)
}

/// The figure, with the one that was announced first.
fn count(entry: &Entry) -> String {
    match &entry.count_before {
        Some(before) => format!("{}（公表時 {}）", escape(&entry.count), escape(before)),
        None => escape(&entry.count),
    }
}

fn links(entry: &Entry) -> String {
    entry.sources.iter().map(link).collect::<Vec<_>>().join("、")
}

fn link(source: &Source) -> String {
    match &source.link {
        // An address in angle brackets holds neither blanks nor `>` after parsing (CommonMark 6.3).
        Some(link) => format!("[{}](<{}>)", escape(&source.name), link.url().replace('|', "%7C").replace('>', "%3E")),
        None => escape(&source.name),
    }
}

/// Text of a page as plain text of one table cell: no mark-up, no HTML, no new line (CommonMark 2.4).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    // A bare address would become a link of its own.
    out.replace("://", "\\://").replace("www.", "www\\.")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn page_text_is_no_markup() {
        for (text, escaped) in [
            ("見本市", "見本市"),
            ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
            ("a|b\nc", "a\\|b c"),
            ("[x](https://evil.example)", "\\[x\\](https\\://evil.example)"),
            ("![x](y)", "\\!\\[x\\](y)"),
            ("**太字**", "\\*\\*太字\\*\\*"),
            ("&lt;", "\\&lt;"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }
}
