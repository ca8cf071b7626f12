//! Text of pages on a terminal: plain, in columns, highlighted.

use std::io::{IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Text without control characters: a page must not move the cursor or change the title of the window.
pub fn plain(text: &str) -> String {
    // Directional overrides make text read otherwise than it stands (CVE-2021-42574).
    let hidden = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !hidden(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A line that shows how far a run is; hidden where it is not wanted or standard error is no terminal.
pub fn progress(wanted: bool) -> ProgressBar {
    if !wanted || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {pos} captured  {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}

/// How evidence is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Highlight {
    /// ANSI escapes.
    Ansi,
    /// 【 】.
    Brackets,
}

impl Highlight {
    /// Escapes on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
    pub fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        if std::io::stdout().is_terminal() && !refused { Self::Ansi } else { Self::Brackets }
    }

    /// The text, set off.
    pub fn of(self, text: &str) -> String {
        match self {
            Self::Ansi => format!("\u{1b}[1;33m{text}\u{1b}[0m"),
            Self::Brackets => format!("【{text}】"),
        }
    }
}

/// Columns that line up: a kanji takes two places.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a header line.
    pub fn new(header: &[&str]) -> Self {
        let mut table = Self { rows: Vec::new() };
        table.row(header);
        table
    }

    /// Adds a row; control characters become blanks, and what is wider than forty places is cut with `…`.
    pub fn row(&mut self, cells: &[&str]) {
        let last = cells.len().saturating_sub(1);
        let cells = cells.iter().enumerate();
        self.rows.push(cells.map(|(i, cell)| if i == last { plain(cell) } else { cut(&plain(cell)) }).collect());
    }

    /// Writes it.
    ///
    /// # Errors
    /// Of the writer.
    pub fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |i: usize| self.rows.iter().filter_map(|r| Some(r.get(i)?.width())).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

const WIDEST: usize = 40;

fn cut(text: &str) -> String {
    if text.width() <= WIDEST {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= WIDEST
        })
        .collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_text_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{7}\nc\u{202e}d"), "a [2Jb  cd");
    }

    #[test]
    fn wide_characters_take_two_places() {
        let mut table = Table::new(&["名", "b"]);
        table.row(&["見本市", "x"]);
        table.row(&[&"漢".repeat(30), "y"]);
        let mut out = Vec::new();
        assert!(table.write(&mut out).is_ok());
        let text = String::from_utf8_lossy(&out);
        let ends: Vec<usize> = text.lines().map(|l| l.width()).collect();
        assert_eq!(ends[0], ends[1]);
        assert_eq!(ends[1], ends[2]);
        assert!(text.contains('…'));
    }
}
