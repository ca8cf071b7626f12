use rouei_model::{BlockKind, Document};

use crate::builder::{Builder, Context, trim};

/// Reads plain text, page by page, into the document. A short first line is the title.
pub(crate) fn read_text(document: &mut Document, pages: &[(Option<u32>, &str)]) {
    let mut builder = Builder::default();
    for (page, text) in pages {
        builder.page = *page;
        let folded = fold_lines(text);
        let mut rest = folded.as_str();
        if builder.drafts.is_empty()
            && let Some((above, title, after)) = split_letter(rest)
        {
            builder.push_lines(above, Context::Body);
            builder.push(BlockKind::Heading { level: 1 }, title);
            document.title = Some(title.to_owned());
            rest = after;
        } else if builder.drafts.is_empty()
            && let Some((title, after)) = split_title(rest)
        {
            builder.push(BlockKind::Heading { level: 1 }, title);
            document.title = Some(title.to_owned());
            rest = after;
        }
        builder.push_lines(rest, Context::Body);
    }
    builder.finish(document);
    if let Some((title, Some(site))) = document.title.as_deref().map(|title| crate::title::split(title, &[], &[])) {
        document.title = Some(title);
        document.title_suffix = document.title_suffix.take().or(Some(site));
    }
    if document.publisher.is_none() {
        let lines = pages.last().map_or("", |(_, text)| text).lines().rev().filter(|line| !line.trim().is_empty());
        document.publisher = lines.take(COLOPHON).find_map(crate::metadata::copyright_name);
    }
}

/// Lines at the end of a text among which its copyright line stands.
const COLOPHON: usize = 6;

/// Runs of blanks become one; tabs stay, as they separate cells.
fn fold_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = trim(line);
        for c in line.chars() {
            match c {
                ' ' if out.ends_with([' ', '\t']) => {}
                '\u{c}' => out.push('\n'),
                '\u{0}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' => {}
                _ => out.push(c),
            }
        }
        out.push('\n');
    }
    part_by_tabs(&out)
}

/// `2031年3月 | 北浜水族園 | 140件`: bars between the cells of lines one below the other, as many in each, part cells as tabs do.
/// One line with bars is a row of links.
fn part_by_tabs(text: &str) -> String {
    const ROWS: usize = 3;
    const BARS: [char; 2] = ['|', '｜'];
    let lines: Vec<&str> = text.lines().collect();
    // A bar at both ends of the line, or behind it, is a mark of Markdown.
    let bars = |line: &str| match line.trim().ends_with(BARS) || line.contains('\t') {
        true => 0,
        false => line.matches(BARS).count(),
    };
    let cells = |line: &str| line.split(BARS).map(trim).map(str::to_owned).collect::<Vec<String>>();
    let digit = |cell: Option<&String>| cell.is_some_and(|c| c.starts_with(|d: char| d.is_ascii_digit()));
    let mut out = String::with_capacity(text.len());
    // A line short of a cell belongs to the rows around it: the cell above, a day, spans both.
    for run in
        lines.chunk_by(|a, b| bars(a) == bars(b) || bars(a) >= 2 && bars(b) >= 2 && bars(a).abs_diff(bars(b)) == 1)
    {
        let most = run.iter().map(|l| bars(l)).max().unwrap_or(0);
        let full = run.iter().filter(|l| bars(l) == most).count();
        let rows = run.len() >= ROWS
            && most >= 2
            && full * 2 >= run.len()
            && bars(run[0]) == most
            && !run[0].trim().starts_with(BARS);
        let mut first = String::new();
        for line in run {
            match rows {
                true => {
                    let mut cells = cells(line);
                    let short = bars(line) < most && digit(Some(&first)) && !digit(cells.first());
                    if short {
                        cells.insert(0, first.clone());
                    } else if cells[0].is_empty() {
                        cells[0].clone_from(&first);
                    }
                    first = cells.first().cloned().unwrap_or_default();
                    out.push_str(&cells.join("\t"));
                }
                false => out.push_str(line),
            }
            out.push('\n');
        }
    }
    out
}

/// What stands above the subject of a letter, the subject, and what stands below it; none where the text begins otherwise.
fn split_letter(text: &str) -> Option<(&str, &str, &str)> {
    let first = text.trim_start().lines().next().map(trim)?;
    let subject = crate::letter::subject(text).filter(|_| crate::letter::is_head(first))?;
    Some((&text[..subject.start], &text[subject.clone()], &text[subject.end..]))
}

/// The first line, if it reads as a title and more follows.
fn split_title(text: &str) -> Option<(&str, &str)> {
    let start = text.len() - text.trim_start().len();
    let (line, rest) = text[start..].split_once('\n')?;
    let line = trim(line);
    let title_like = (4..=100).contains(&line.chars().count()) && !line.ends_with(['。', '、']) && !line.contains('\t');
    // 【週間】漏えいのニュース: what stands in brackets before a title is a label of its own.
    let plain = line.starts_with('【') && !line.ends_with('】')
        || matches!(crate::lines::classify(line), crate::lines::Line::Plain(_) | crate::lines::Line::Heading { .. });
    (title_like && plain && !rest.trim().is_empty()).then_some((line, rest))
}
