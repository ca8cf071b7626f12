//! Rows of a table that lists incidents, and rows whose cells have run together.

use std::collections::BTreeMap;

use rouei_model::{BlockKind, Span};

use super::labels::{Label, classify};
use super::lexicon::{IncidentLexicon, WordList};
use super::{Incident, Shape};
use crate::counts::CountFinding;
use crate::organizations::{Mention, OrganizationFinding, OrganizationLexicon, read_cell};
use crate::reading::Reading;

/// One incident a data row, where a column names organizations and another one counts, causes or describes.
pub(super) fn rows(
    words: &IncidentLexicon,
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    organizations: &[OrganizationFinding],
    counts: &[CountFinding],
) -> Vec<Incident> {
    let mut tables: BTreeMap<u32, Vec<(usize, u32, u32, bool)>> = BTreeMap::new();
    for (index, sentence) in reading.sentences.iter().enumerate() {
        if let BlockKind::TableCell { table, row, column, header, .. } = reading.document.blocks[sentence.block].kind {
            tables.entry(table).or_default().push((index, row, column, header));
        }
    }
    let announcing: Vec<usize> = organizations
        .iter()
        .filter(|o| o.onlooker.is_none())
        .filter(|o| {
            o.mention == Mention::FirstPerson || words.has(WordList::Announcing, reading.sentence_text(o.sentence))
        })
        .map(|o| o.sentence)
        .collect();
    let mut found = Vec::new();
    for cells in tables.values() {
        let rows = read_table(words, reading, lexicon, cells);
        if !are_parts(words, reading, &announcing, counts, cells, &rows) {
            found.extend(rows);
        }
        if found.is_empty() {
            found.extend(read_own_list(words, reading, organizations, cells));
        }
    }
    if found.is_empty() {
        found = piped(words, reading);
    }
    if found.is_empty() {
        found = spaced(words, reading);
    }
    if found.is_empty() {
        found = run_together(words, reading);
    }
    found
}

/// `発表 団体 概要 人数 原因` over `9月12日 霧影県 委託先に侵入 11名 不正アクセス`: cells between blanks. Blanks beside digits are
/// gone, so that only the name and what stands before it are looked for.
fn spaced(words: &IncidentLexicon, reading: &Reading) -> Vec<Incident> {
    let label = |cell: &str| classify(words, cell);
    let head = (0..reading.sentences.len()).find_map(|s| {
        let line = reading.sentence_text(s);
        let cells: Vec<&str> = line.split([' ', '　', '\t']).filter(|c| !c.is_empty()).collect();
        let named = cells.iter().position(|c| label(c) == Some(Label::Organization))?;
        let told = cells.iter().filter(|c| matches!(label(c), Some(Label::Count | Label::Cause | Label::Description)));
        (cells.len() >= 3 && named <= 1 && told.count() >= 2 && line.chars().count() <= 50).then_some((s, named))
    });
    let Some((head, named)) = head else { return Vec::new() };
    let cell = |s: usize| {
        let line = reading.sentence_text(s);
        let day = line.trim_start_matches(|c: char| c.is_ascii_digit() || "年月日/.-~ 　()火水木金土".contains(c));
        let name = if named == 0 { line } else { day };
        let dated = named == 0 || day.len() < line.len();
        // 霧影市170集落の: the blank beside the digit is gone.
        let blank = |c: char| c.is_whitespace() || c.is_ascii_digit();
        let name = name.split(blank).next().filter(|n| dated && n.len() < name.len())?;
        let fits =
            (2..=30).contains(&name.chars().count()) && !line.ends_with('。') && !words.has(WordList::TotalRow, name);
        let start = reading.sentences[s].span.start + line.find(name).filter(|_| fits)?;
        Some(row(s, Span::new(start, start + name.len()), name, Mention::Weak))
    };
    let rows: Vec<Incident> = (head + 1..reading.sentences.len()).map_while(cell).collect();
    if rows.len() >= 2 { rows } else { Vec::new() }
}

/// `2031年3月 | 北浜水族園 | 140件 | 住所`: rows of a table in plain text below their headings, with bars between the cells.
fn piped(words: &IncidentLexicon, reading: &Reading) -> Vec<Incident> {
    let cells = |s: usize| -> Vec<&str> { reading.sentence_text(s).trim_matches('|').split('|').collect() };
    let asks = |cell: &&str, label: Label| classify(words, cell.trim()) == Some(label);
    let head = (0..reading.sentences.len()).filter(|s| reading.sentence_text(*s).contains('|')).find_map(|s| {
        let head = cells(s);
        let column = |label: Label| head.iter().position(|c| asks(c, label));
        let named = column(Label::Organization).map(|column| (column, Mention::Weak));
        let named = named.or_else(|| column(Label::Trade).map(|column| (column, Mention::Anonymised)))?;
        let told = [Label::Count, Label::Cause, Label::Description].into_iter().any(|l| column(l).is_some());
        (head.len() >= 3 && told).then_some((s, head.len(), named))
    });
    let Some((head, width, (named, mention))) = head else { return Vec::new() };
    (head + 1..reading.sentences.len())
        .take_while(|&s| cells(s).len() == width)
        .filter_map(|s| {
            let cell = cells(s)[named].trim();
            let inside = reading.sentence_text(s).find(cell).filter(|_| cell.chars().any(char::is_alphanumeric))?;
            let start = reading.sentences[s].span.start + inside;
            Some(row(s, Span::new(start, start + cell.len()), cell, mention))
        })
        .collect()
}

/// A line of its own as an incident of whoever stands in `span`.
fn row(sentence: usize, span: Span, name: &str, mention: Mention) -> Incident {
    let lead = super::unknown::unknown_name(sentence, span, name, mention);
    Incident {
        sentences: vec![sentence..sentence + 1],
        lead: Some(lead),
        shape: Shape::Row,
        counts: None,
        reported: None,
        service: None,
    }
}

fn read_table(
    words: &IncidentLexicon,
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    cells: &[(usize, u32, u32, bool)],
) -> Vec<Incident> {
    let header_of = |want: Label| {
        cells
            .iter()
            .find(|(s, row, _, header)| {
                (*header || *row == 0) && classify(words, reading.sentence_text(*s)) == Some(want)
            })
            .map(|&(_, row, column, _)| (row, column))
    };
    let named = header_of(Label::Organization);
    let Some((header_row, name_column)) = named.or_else(|| header_of(Label::Trade)) else { return Vec::new() };
    if ![Label::Count, Label::Cause, Label::Description].into_iter().any(|l| header_of(l).is_some()) {
        return Vec::new();
    }
    let mut rows: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
    for &(sentence, row, column, _) in cells.iter().filter(|c| c.1 > header_row) {
        rows.entry(row).or_default().push((sentence, column));
    }
    let mut found = Vec::new();
    let mut last_lead: Option<OrganizationFinding> = None;
    for row in rows.values() {
        if row.iter().any(|(s, _)| words.has(WordList::TotalRow, reading.sentence_text(*s))) {
            continue;
        }
        let own = row.iter().find(|(_, c)| *c == name_column).and_then(|(s, _)| match named {
            Some(_) => read_cell(reading, lexicon, *s),
            // 学校 is all that its column says.
            None => Some(described(reading, *s)),
        });
        let own = own.filter(|o| o.name.chars().any(char::is_alphanumeric));
        // A cell that spans rows stands once, at its first row.
        let lead = own.or_else(|| last_lead.clone());
        let (Some(first), Some(last)) = (row.iter().map(|r| r.0).min(), row.iter().map(|r| r.0).max()) else {
            continue;
        };
        if let Some(lead) = lead {
            last_lead = Some(lead.clone());
            found.push(Incident {
                sentences: vec![first..last + 1],
                lead: Some(lead),
                shape: Shape::Row,
                counts: None,
                reported: None,
                service: None,
            });
        }
    }
    found
}

/// A cell that says what kind of house it was.
fn described(reading: &Reading, sentence: usize) -> OrganizationFinding {
    let span = reading.sentences[sentence].span;
    super::unknown::unknown_name(sentence, span, span.of(reading.text()).trim(), Mention::Anonymised)
}

/// Whether the rows are parts of one incident that the text around tells of: their figures add up to one of its own, or
/// they hold nothing but names and figures while somebody outside announces, in one of the sentences `announcing`.
fn are_parts(
    words: &IncidentLexicon,
    reading: &Reading,
    announcing: &[usize],
    counts: &[CountFinding],
    cells: &[(usize, u32, u32, bool)],
    rows: &[Incident],
) -> bool {
    let (Some(begin), Some(end)) = (cells.iter().map(|c| c.0).min(), cells.iter().map(|c| c.0).max()) else {
        return false;
    };
    let outside = |sentence: usize| sentence < begin || sentence > end;
    let value = |row: &Incident| {
        counts
            .iter()
            .filter(|c| c.rejected.is_none() && row.sentences.iter().any(|r| r.contains(&c.sentence)))
            .find_map(|c| c.value)
    };
    let sum: Option<u64> = rows.iter().map(value).sum();
    let adds_up = rows.len() >= 2
        && sum.is_some_and(|sum| {
            counts.iter().any(|c| c.rejected.is_none() && outside(c.sentence) && c.value == Some(sum))
        });
    let told = cells.iter().any(|(s, row, _, header)| {
        (*header || *row == 0)
            && matches!(
                classify(words, reading.sentence_text(*s)),
                Some(Label::Cause | Label::Date | Label::Description)
            )
    });
    adds_up || !told && announcing.iter().any(|&s| outside(s))
}

/// An organization's own list of its cases: a day, what happened and how many in each row, nobody named. A table of one
/// incident has no day and figure in every row.
fn read_own_list(
    words: &IncidentLexicon,
    reading: &Reading,
    organizations: &[OrganizationFinding],
    cells: &[(usize, u32, u32, bool)],
) -> Vec<Incident> {
    let column_of = |want: Label| {
        cells
            .iter()
            .find(|(s, row, _, header)| {
                (*header || *row == 0) && classify(words, reading.sentence_text(*s)) == Some(want)
            })
            .map(|&(_, row, column, _)| (row, column))
    };
    let told = column_of(Label::Description).or_else(|| column_of(Label::Cause));
    let (Some((header_row, days)), Some((_, counts)), Some(_)) =
        (column_of(Label::Date), column_of(Label::Count), told)
    else {
        return Vec::new();
    };
    let begin = cells.iter().map(|c| c.0).min().unwrap_or(0);
    let lead = organizations
        .iter()
        .filter(|o| o.sentence < begin && o.onlooker.is_none() && o.mention <= Mention::Weak)
        .max_by_key(|o| (organizations.iter().filter(|p| p.name == o.name).count(), std::cmp::Reverse(o.span.start)));
    let Some(lead) = lead else { return Vec::new() };
    let mut rows: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
    for &(sentence, row, column, _) in cells.iter().filter(|c| c.1 > header_row) {
        rows.entry(row).or_default().push((sentence, column));
    }
    let figure = |column: u32, row: &[(usize, u32)]| {
        row.iter().any(|(s, c)| *c == column && reading.sentence_text(*s).contains(|d: char| d.is_ascii_digit()))
    };
    let cases: Vec<&Vec<(usize, u32)>> = rows.values().filter(|r| figure(days, r) && figure(counts, r)).collect();
    if cases.len() < 2 {
        return Vec::new();
    }
    cases
        .into_iter()
        .filter_map(|row| {
            let (first, last) = (row.iter().map(|r| r.0).min()?, row.iter().map(|r| r.0).max()?);
            Some(Incident {
                sentences: vec![first..last + 1],
                lead: Some(lead.clone()),
                shape: Shape::Row,
                counts: None,
                reported: None,
                service: None,
            })
        })
        .collect()
}

/// `2025/03/19北浜水族園12,931件設定ミスWebシステム設定ミス`: a date, a name, a figure, no mark between them, under a
/// line of headings.
fn run_together(words: &IncidentLexicon, reading: &Reading) -> Vec<Incident> {
    let mut found = Vec::new();
    // 原因 with or without a blank inside.
    let headed = (0..reading.sentences.len()).filter(|s| reading.sentence_text(*s).contains('因')).find(|&s| {
        let text: String = reading.sentence_text(s).chars().filter(|c| !c.is_whitespace()).collect();
        text.chars().count() <= 40
            && words.has(WordList::CountColumn, &text)
            && words.has(WordList::OrganizationColumn, &text)
            && words.has(WordList::CauseColumn, &text)
    });
    let Some(headed) = headed else { return found };
    for sentence in headed + 1..reading.sentences.len() {
        let span = reading.sentences[sentence].span;
        let text = span.of(reading.text());
        let Some((date_len, name_len)) = date_then_name(words, text) else {
            if found.len() > 1 {
                break;
            }
            continue;
        };
        let name = Span::new(span.start + date_len, span.start + date_len + name_len);
        found.push(row(sentence, name, name.of(reading.text()).trim(), Mention::Weak));
    }
    found
}

/// Lengths in bytes of the date at the head of a line and of the name up to the figure or 非公表.
fn date_then_name(words: &IncidentLexicon, text: &str) -> Option<(usize, usize)> {
    let date_len =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | '~' | '年' | '月' | '日' | ' ')))?;
    if date_len < 8 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = &text[date_len..];
    let digit = rest.find(|c: char| c.is_ascii_digit());
    let figure = words.lists().find(WordList::FigureStart, rest).into_iter().chain(digit).min()?;
    (figure >= 3 && rest[..figure].chars().count() <= 30).then_some((date_len, figure))
}
