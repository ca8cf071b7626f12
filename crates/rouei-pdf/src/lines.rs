//! Runs of text with their places on the page to lines in reading order.
//!
//! The library's own assembly looks for columns and takes the date and the sender of a letter, which stand at the right
//! margin, for one: the date of a press release came out behind its last line. Notices are set in one column, so rows
//! are taken from the top down and runs of one row from the left.

use pdf_oxide::layout::TextSpan;

/// A gap of this many ems parts two cells of a table; `\t` marks it.
const CELL_GAP: f32 = 1.5;
/// A gap of this many ems parts two words.
const WORD_GAP: f32 = 0.2;
/// A row this many times further down than usual opens a paragraph.
const PARAGRAPH_PITCH: f32 = 1.35;

/// The text of a page, or nothing where it is set vertically or turned, which this module cannot order.
pub(crate) fn assemble(spans: &[TextSpan]) -> Option<String> {
    let mut runs: Vec<&TextSpan> = spans.iter().filter(|s| !s.text.trim().is_empty()).collect();
    if runs.iter().any(|s| s.wmode != 0 || s.rotation_degrees != 0.0 || s.rtl_draw_logical) || is_vertical(&runs) {
        return None;
    }
    runs.sort_by(|a, b| b.bbox.y.total_cmp(&a.bbox.y).then(a.bbox.x.total_cmp(&b.bbox.x)));
    let mut rows: Vec<Vec<&TextSpan>> = Vec::new();
    for run in runs {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| is_same_row(first, run)) => row.push(run),
            _ => rows.push(vec![run]),
        }
    }
    let tops: Vec<f32> = rows.iter().filter_map(|row| row.first().map(|s| s.bbox.y)).collect();
    let usual = usual_pitch(&tops);
    let mut text = String::new();
    for (i, row) in rows.iter_mut().enumerate() {
        if i > 0 {
            let pitch = tops[i - 1] - tops[i];
            text.push_str(if usual.is_some_and(|usual| pitch > usual * PARAGRAPH_PITCH) { "\n\n" } else { "\n" });
        }
        row.sort_by(|a, b| a.bbox.x.total_cmp(&b.bbox.x));
        push_row(&mut text, row);
    }
    Some(text)
}

/// Writing from top to bottom without the mark of it: single characters, most of them with another right below.
fn is_vertical(runs: &[&TextSpan]) -> bool {
    let single = runs.iter().filter(|s| s.text.trim().chars().count() == 1).count();
    runs.len() >= 8 && single * 2 > runs.len() && {
        let below = runs.iter().filter(|a| runs.iter().take(2000).any(|b| is_right_below(a, b))).count();
        below * 2 > runs.len()
    }
}

fn is_right_below(upper: &TextSpan, lower: &TextSpan) -> bool {
    let down = upper.bbox.y - lower.bbox.y;
    (upper.bbox.x - lower.bbox.x).abs() < 0.2 * upper.font_size
        && down > 0.5 * upper.font_size
        && down < 1.2 * upper.font_size
}

/// Raised and lowered figures belong to the row that they overlap by half.
fn is_same_row(first: &TextSpan, run: &TextSpan) -> bool {
    let height = first.font_size.min(run.font_size).max(1.0);
    (first.bbox.y - run.bbox.y).abs() < height * 0.5
}

fn usual_pitch(tops: &[f32]) -> Option<f32> {
    let mut pitches: Vec<f32> = tops.windows(2).map(|w| w[0] - w[1]).collect();
    pitches.sort_by(f32::total_cmp);
    pitches.get(pitches.len() / 2).copied()
}

fn push_row(text: &mut String, row: &[&TextSpan]) {
    let mut before: Option<&TextSpan> = None;
    for run in row {
        if let Some(before) = before {
            let em = before.font_size.max(run.font_size).max(1.0);
            // Bold without a bold font: the same run drawn twice, a hair apart.
            if before.text == run.text && (run.bbox.x - before.bbox.x).abs() < em * 0.2 {
                continue;
            }
            let gap = run.bbox.x - (before.bbox.x + before.bbox.width);
            let latin = text.ends_with(|c: char| c.is_ascii_alphanumeric())
                && run.text.starts_with(|c: char| c.is_ascii_alphanumeric());
            if gap > em * CELL_GAP {
                text.push('\t');
            } else if gap > em * 0.6 || (latin && gap > em * WORD_GAP) {
                text.push(' ');
            }
        }
        text.push_str(&run.text);
        before = Some(run);
    }
}
