//! A table as comma-separated values (RFC 4180).

use std::io::Write;

use super::{Cell, Table};

/// A table that is written row by row, under a line with the names of its columns.
pub struct Sheet<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// Begins a table.
    ///
    /// # Errors
    /// Where the line with the names cannot be written.
    pub fn new(table: Table, out: W) -> anyhow::Result<Self> {
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(table.columns.iter().map(|(name, _)| name))?;
        Ok(Self { csv })
    }

    /// Adds a row; null is the empty field.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&mut self, row: &[Cell]) -> anyhow::Result<()> {
        self.csv.write_record(row.iter().map(text))?;
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.csv.flush()?;
        Ok(())
    }
}

fn text(cell: &Cell) -> String {
    let some = |value: Option<String>| value.unwrap_or_default();
    match cell {
        Cell::Text(value) => value.as_deref().map_or_else(String::new, harmless),
        Cell::Code(value) => some(value.clone()),
        Cell::Integer(value) => some(value.map(|v| v.to_string())),
        Cell::Real(value) => some(value.map(|v| v.to_string())),
        Cell::Flag(value) => some(value.map(|v| v.to_string())),
        Cell::Day(value) => some(value.map(|v| v.to_string())),
        Cell::Time(value) => some(value.map(|v| v.to_string())),
    }
}

/// Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection). Full-width signs,
/// too: Japanese Excel takes ＝ for =.
pub fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}
