//! Tables: which hold data and which only place things, and which cell heads which.

use rouei_model::BlockKind;
use scraper::Node;

use crate::builder::Builder;
use crate::page::Page;
use crate::render::Fold;

/// A cell before it is a block.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub row: u32,
    pub column: u32,
    pub rows: u32,
    pub columns: u32,
    pub header: bool,
    pub text: String,
    pub links: Vec<String>,
}

/// A grid wider than this is no table that a person could read.
const MAX_COLUMNS: u32 = 256;
const MAX_SLOTS: usize = 1 << 20;

/// The cells of a `table` element, or `None` where it only lays out the page.
pub(crate) fn read(page: &Page<'_>, at: usize) -> Option<Vec<Cell>> {
    let table = &page.nodes[at];
    if table.tables > 1 || matches!(page.attr(at, "role"), Some("presentation" | "none")) {
        return None;
    }
    let places = places_cells(page, at)?;
    let rows = places.iter().map(|p| p.row + 1).max()?;
    let columns = places.iter().map(|p| p.column + p.columns).max()?;
    let has_header = places.iter().any(|p| p.header);
    if places.iter().filter(|p| page.nodes[p.node].chars > 0).count() < 2 {
        return None;
    }
    if columns < 2 || (rows < 2 && !has_header) {
        return None;
    }
    let short_left = columns == 2
        && rows >= 2
        && places.iter().filter(|p| p.column == 0).all(|p| (1..=24).contains(&page.nodes[p.node].chars));
    let long = places.iter().any(|p| page.nodes[p.node].chars > 300);
    if !has_header && long && !short_left {
        return None;
    }
    // A menu beside a text: cells that place the parts of a page.
    let menu = |p: &Place| page.nodes[p.node].links >= 2 && page.link_density(p.node) > 0.5;
    if !has_header
        && places.len() <= 9
        && places.iter().any(menu)
        && places.iter().any(|p| page.nodes[p.node].prose >= 20)
    {
        return None;
    }
    // One row of several cells between rows that go across: head, columns and foot of a page.
    let several = (0..rows).filter(|r| places.iter().filter(|p| p.row == *r).count() > 1).count();
    if !has_header && several <= 1 && rows > 1 && places.iter().any(|p| page.nodes[p.node].prose >= 60) {
        return None;
    }
    let titled = places
        .iter()
        .any(|p| (p.node + 1..page.nodes[p.node].end).any(|i| matches!(page.tag(i), "h1" | "h2" | "article" | "main")));
    if titled {
        return None;
    }
    Some(
        places
            .into_iter()
            .map(|p| {
                let (text, links) = cell_text(page, p.node);
                Cell { row: p.row, column: p.column, rows: p.rows, columns: p.columns, header: p.header, text, links }
            })
            .collect(),
    )
}

struct Place {
    node: usize,
    row: u32,
    column: u32,
    rows: u32,
    columns: u32,
    header: bool,
}

/// Where each cell stands, after the table model of the HTML Standard (4.9.12): cells go to the first free slot.
fn places_cells(page: &Page<'_>, at: usize) -> Option<Vec<Place>> {
    let mut places: Vec<Place> = Vec::new();
    // For each column, the first row in which it is free again.
    let mut free_from: Vec<u32> = Vec::new();
    let (mut row, mut column, mut any_row) = (0_u32, 0_u32, false);
    let mut i = at + 1;
    while i < page.nodes[at].end {
        if page.nodes[i].dropped {
            i = page.nodes[i].end;
            continue;
        }
        match page.tag(i) {
            "tr" => {
                row += u32::from(any_row);
                any_row = true;
                column = 0;
            }
            "td" | "th" => {
                let span = |name| page.attr(i, name).and_then(|v| v.trim().parse::<u32>().ok()).unwrap_or(1).max(1);
                while free_from.get(column as usize).is_some_and(|&free| free > row) {
                    column += 1;
                }
                let columns = span("colspan").min(MAX_COLUMNS);
                let rows = span("rowspan").min(1000);
                if column + columns > MAX_COLUMNS {
                    return None;
                }
                let end = (column + columns) as usize;
                if free_from.len() < end {
                    free_from.resize(end, 0);
                }
                free_from[column as usize..end].fill(row + rows);
                places.push(Place { node: i, row, column, rows, columns, header: page.tag(i) == "th" });
                column += columns;
                i = page.nodes[i].end;
                continue;
            }
            "caption" => {
                i = page.nodes[i].end;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    let last = row + 1;
    for place in &mut places {
        place.rows = place.rows.min(last - place.row);
    }
    Some(places)
}

/// The text of a cell, lines kept, and where it links to.
pub(crate) fn cell_text(page: &Page<'_>, at: usize) -> (String, Vec<String>) {
    let mut fold = Fold::default();
    let mut links = Vec::new();
    let mut block_ends: Vec<usize> = Vec::new();
    let mut i = at + 1;
    while i < page.nodes[at].end {
        while block_ends.last().is_some_and(|&end| end <= i) {
            block_ends.pop();
            fold.break_line();
        }
        if page.nodes[i].dropped || matches!(page.tag(i), "rt" | "rp") {
            i = page.nodes[i].end;
            continue;
        }
        match page.nodes[i].node {
            Node::Text(text) => fold.push(text),
            Node::Element(element) => match element.name() {
                "br" => fold.break_line(),
                "a" => links.extend(element.attr("href").map(str::to_owned)),
                "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "h3" | "h4" | "h5" | "h6" => {
                    fold.break_line();
                    block_ends.push(page.nodes[i].end);
                }
                _ => {}
            },
            _ => {}
        }
        i += 1;
    }
    let text = fold.take();
    let lines: Vec<&str> = text.split('\n').map(crate::builder::trim).filter(|l| !l.is_empty()).collect();
    (lines.join("\n"), links)
}

/// Drafts the blocks of a table: pairs where it names and values things in two columns, else cells.
pub(crate) fn draft(builder: &mut Builder, cells: &[Cell]) {
    let mut rows: Vec<Vec<&Cell>> = Vec::new();
    for cell in cells {
        while rows.len() <= cell.row as usize {
            rows.push(Vec::new());
        }
        rows[cell.row as usize].push(cell);
    }
    if cells.iter().all(|c| c.text.is_empty()) {
        return;
    }
    if is_pairs(&rows) {
        draft_pairs(builder, &rows);
    } else {
        draft_cells(builder, &rows);
    }
}

fn width(rows: &[Vec<&Cell>]) -> u32 {
    rows.iter().flatten().map(|c| c.column + c.columns).max().unwrap_or(0)
}

fn is_pairs(rows: &[Vec<&Cell>]) -> bool {
    let width = width(rows);
    let spans_all = |row: &[&Cell]| row.len() == 1 && row[0].columns >= width && width > 1;
    let body: Vec<&Vec<&Cell>> = rows.iter().filter(|r| !r.is_empty() && !spans_all(r)).collect();
    if body.is_empty() {
        return false;
    }
    if rows.iter().flatten().any(|c| c.header) {
        // th td, or th td th td; a row of a key that spans rows holds its further values alone.
        let under_key =
            |row: &[&Cell]| row.iter().all(|c| !c.header) && row.len() == 1 && row[0].column > 0 && width == 2;
        let alternating = |row: &[&Cell]| {
            row.len().is_multiple_of(2) && row.iter().enumerate().all(|(i, c)| c.header == (i % 2 == 0))
        };
        return body.iter().all(|r| alternating(r) || under_key(r)) && body.iter().any(|r| alternating(r));
    }
    let label = |c: &Cell| {
        let count = c.text.chars().count();
        (1..=24).contains(&count) && !c.text.contains('。') && c.text.chars().any(char::is_alphabetic)
    };
    let two = |row: &[&Cell]| row.len() == 2 && row[0].column == 0 && label(row[0]);
    let under = |row: &[&Cell]| row.len() == 1 && row[0].column == 1;
    if width != 2 || !body.iter().all(|r| two(r) || under(r)) {
        return false;
    }
    // 組織 | 件数 over A社 | 100件: a header row with figures below it.
    let figure = |text: &str| text.chars().count() <= 16 && text.chars().any(char::is_numeric);
    let right: Vec<&str> = body.iter().filter_map(|r| r.last()).map(|c| c.text.as_str()).collect();
    let headed = right.len() > 2 && !right[0].chars().any(char::is_numeric) && right[1..].iter().all(|t| figure(t));
    !headed
}

fn draft_pairs(builder: &mut Builder, rows: &[Vec<&Cell>]) {
    let width = width(rows);
    let mut last_key = None;
    for row in rows {
        if row.len() == 1 && row[0].columns >= width && width > 1 {
            if !row[0].text.is_empty() {
                let short = row[0].text.chars().count() <= 40 && !row[0].text.contains('。');
                let kind = if short { BlockKind::Heading { level: 5 } } else { BlockKind::Paragraph };
                let at = builder.push(kind, &row[0].text);
                link(builder, at, row[0]);
            }
            continue;
        }
        if row.len() == 1 {
            if let Some(key) = last_key
                && !row[0].text.is_empty()
            {
                let at = builder.push(BlockKind::Value { key }, &row[0].text);
                link(builder, at, row[0]);
            }
            continue;
        }
        for pair in row.chunks(2) {
            let [key, value] = pair else { continue };
            match (key.text.is_empty(), value.text.is_empty()) {
                (true, true) => {}
                (true, false) => {
                    let at = match last_key {
                        Some(key) => builder.push(BlockKind::Value { key }, &value.text),
                        None => builder.push(BlockKind::Paragraph, &value.text),
                    };
                    link(builder, at, value);
                }
                (false, true) => last_key = Some(builder.push(BlockKind::Key, &key.text) as u32),
                (false, false) => {
                    let (key_at, value_at) = builder.pair(&key.text, &value.text);
                    last_key = Some(key_at as u32);
                    link(builder, value_at, value);
                }
            }
        }
    }
}

fn link(builder: &mut Builder, at: usize, cell: &Cell) {
    builder.links.extend(cell.links.iter().map(|url| (at, url.clone())));
}

fn draft_cells(builder: &mut Builder, rows: &[Vec<&Cell>]) {
    let width = width(rows) as usize;
    let table = builder.tables;
    builder.tables += 1;
    let header_rows = header_rows(rows, width);
    // What heads each column and each row so far: (row, draft) of headers; a section row heads all that follows.
    let mut column_headers: Vec<Vec<u32>> = vec![Vec::new(); width];
    let mut section: Option<u32> = None;
    let mut after_body = false;
    let small = rows.len().saturating_mul(width) <= MAX_SLOTS;
    let mut row_headers: Vec<Vec<u32>> = if small { vec![Vec::new(); rows.len()] } else { Vec::new() };
    for (r, row) in rows.iter().enumerate() {
        let spans_all = row.len() == 1 && row[0].columns as usize >= width;
        let is_head = header_rows[r];
        if is_head && after_body {
            column_headers.iter_mut().for_each(Vec::clear);
            section = None;
        }
        after_body |= !is_head && !spans_all;
        let mut first = true;
        for cell in row.iter().filter(|c| !c.text.is_empty()) {
            let header = cell.header || is_head || (spans_all && rows.len() > 1);
            let heads = row_headers.get(r).filter(|_| !is_head).cloned().unwrap_or_default();
            let mut above: Vec<u32> = section.into_iter().filter(|_| !is_head).collect();
            let columns = cell.column as usize..(cell.column + cell.columns) as usize;
            for column in columns.clone() {
                for id in &column_headers[column] {
                    if !above.contains(id) {
                        above.push(*id);
                    }
                }
            }
            let kind = BlockKind::TableCell {
                table,
                row: cell.row,
                column: cell.column,
                header,
                row_headers: heads,
                column_headers: above,
            };
            let at = if first { builder.push(kind, &cell.text) } else { builder.push_beside(kind, &cell.text) };
            first = false;
            link(builder, at, cell);
            let id = at as u32;
            if spans_all && rows.len() > 1 {
                section = Some(id);
            } else if is_head {
                columns.for_each(|c| column_headers[c].push(id));
            } else if header {
                let last = ((cell.row + cell.rows) as usize).min(row_headers.len());
                row_headers[r.min(last)..last].iter_mut().for_each(|heads| heads.push(id));
            }
        }
    }
}

/// Which rows head the columns: those of `th` alone; in a table without any, the first, if it holds no figures but the
/// rows below do, or if there is no `th` at all.
fn header_rows(rows: &[Vec<&Cell>], width: usize) -> Vec<bool> {
    let mut heads: Vec<bool> = rows
        .iter()
        .map(|row| {
            !row.is_empty() && row.iter().all(|c| c.header) && !(row.len() == 1 && row[0].columns as usize >= width)
        })
        .collect();
    if heads.iter().any(|h| *h) || rows.len() < 2 {
        // A single column of th is a column of row headers, not a table of header rows.
        if heads.iter().all(|h| *h) {
            heads.iter_mut().skip(1).for_each(|h| *h = false);
        }
        return heads;
    }
    let first = rows.iter().position(|row| row.len() > 1).unwrap_or(0);
    let figure = |c: &&&Cell| c.text.chars().any(char::is_numeric);
    let none_at_all = !rows.iter().flatten().any(|c| c.header);
    let words_only = !rows[first].iter().skip(1).any(|c| figure(&c));
    let figures_below = rows[first + 1..].iter().flatten().any(|c| figure(&c));
    heads[first] = none_at_all || (words_only && figures_below);
    heads
}
