use std::fmt::Write;

use rouei_model::{BlockKind, Document};

/// What was read of a page, for a person: charset, title, publisher, dates, issues, and every block with its kind.
#[must_use]
pub fn outline(document: &Document) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{name:<10} {value}");
        }
    };
    line("charset", Some(format!("{} ({:?})", document.charset, document.charset_origin)));
    line("title", document.title.clone());
    line("suffix", document.title_suffix.clone());
    line("publisher", document.publisher.clone());
    line("published", document.published.map(|p| format!("{} ({:?})", p.date, p.origin)));
    line("updated", document.updated.map(|d| d.to_string()));
    for issue in &document.issues {
        line("issue", Some(format!("{:?}: {}", issue.code, issue.message)));
    }
    line("links", (!document.links.is_empty()).then(|| document.links.len().to_string()));
    let mut page = None;
    for block in &document.blocks {
        if block.page != page {
            page = block.page;
            let _ = writeln!(out, "-- page {}", page.unwrap_or(0));
        }
        let text = block.span.of(&document.text).replace('\n', "\n                   ↵ ");
        let _ = writeln!(out, "{:>4} {:<14} {text}", block.id, kind(&block.kind));
    }
    out
}

fn kind(kind: &BlockKind) -> String {
    match kind {
        BlockKind::Heading { level } => format!("h{level}"),
        BlockKind::Paragraph => "p".to_owned(),
        BlockKind::ListItem { depth, ordered } => format!("{}{depth}", if *ordered { "ol" } else { "li" }),
        BlockKind::TableCell { table, row, column, header, row_headers, column_headers } => {
            let list = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let mut out = format!("{}{table}[{row},{column}]", if *header { "th" } else { "td" });
            if !row_headers.is_empty() {
                let _ = write!(out, " ←{}", list(row_headers));
            }
            if !column_headers.is_empty() {
                let _ = write!(out, " ↑{}", list(column_headers));
            }
            out
        }
        BlockKind::Key => "key".to_owned(),
        BlockKind::Value { key } => format!("value of {key}"),
    }
}
