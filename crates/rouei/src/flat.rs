//! The flat tables of `rouei extract`: documents, disclosures, claims. One list of columns and one row a record, for every
//! format that has no lists in it.

mod rows;
mod sheet;

#[cfg(feature = "parquet")]
mod columns;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;
use rouei_model::{Disclosure, Extraction};

pub use sheet::Sheet;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text out of a page, which a spreadsheet must not run.
    Text(Option<String>),
    /// A code or identifier of our own.
    Code(Option<String>),
    /// A count.
    Integer(Option<u64>),
    /// A confidence.
    Real(Option<f64>),
    /// Yes or no.
    Flag(Option<bool>),
    /// A day.
    Day(Option<Date>),
    /// A moment.
    Time(Option<Timestamp>),
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Cell::Text`] or [`Cell::Code`].
    Text,
    /// [`Cell::Integer`].
    Integer,
    /// [`Cell::Real`].
    Real,
    /// [`Cell::Flag`].
    Flag,
    /// [`Cell::Day`].
    Day,
    /// [`Cell::Time`].
    Time,
}

/// A table: its name, and its columns in order.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// `documents`, `disclosures` or `claims`.
    pub name: &'static str,
    /// Name and kind.
    pub columns: &'static [(&'static str, Kind)],
}

/// One row a document.
pub const DOCUMENTS: Table = Table { name: "documents", columns: rows::DOCUMENT };
/// One row a record, with its leading claims.
pub const DISCLOSURES: Table = Table { name: "disclosures", columns: rows::DISCLOSURE };
/// One row a claim, of whatever kind: what the kind does not have is null.
pub const CLAIMS: Table = Table { name: "claims", columns: rows::CLAIM };

/// The row of a record in [`DISCLOSURES`].
pub fn disclosure_row(extraction: &Extraction, ordinal: usize, disclosure: &Disclosure) -> Vec<Cell> {
    rows::disclosure(extraction, ordinal, disclosure)
}

/// File formats of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// RFC 4180.
    Csv,
    /// Apache Parquet, Snappy.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// The three tables under construction in a folder. They appear when they are whole.
pub struct FlatFiles {
    folder: PathBuf,
    files: [TableFile; 3],
}

struct TableFile {
    /// While it is written.
    open: PathBuf,
    name: String,
    sink: Sink,
}

enum Sink {
    Csv(Box<Sheet<BufWriter<File>>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<columns::Columns>),
}

impl FlatFiles {
    /// Begins the tables; the folder is made if it does not exist. Earlier tables stay until these are whole.
    ///
    /// # Errors
    /// Where folder or files cannot be made; names them.
    pub fn create(folder: &Path, format: FileFormat) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let file = |table: Table| TableFile::create(folder, table, format);
        Ok(Self { folder: folder.to_owned(), files: [file(DOCUMENTS)?, file(DISCLOSURES)?, file(CLAIMS)?] })
    }

    /// Adds a document with all that was read of it.
    ///
    /// # Errors
    /// Where a file cannot be written; names it.
    pub fn write(&mut self, extraction: &Extraction) -> anyhow::Result<()> {
        let [documents, disclosures, claims] = &mut self.files;
        documents.write(rows::document(extraction))?;
        for (ordinal, disclosure) in extraction.disclosures.iter().enumerate() {
            disclosures.write(rows::disclosure(extraction, ordinal, disclosure))?;
            for row in rows::claims(extraction, disclosure) {
                claims.write(row)?;
            }
        }
        Ok(())
    }

    /// Ends the tables and gives them their names.
    ///
    /// # Errors
    /// As [`FlatFiles::write`].
    pub fn finish(self) -> anyhow::Result<()> {
        for file in self.files {
            let place = || format!("cannot write {}", file.open.display());
            match file.sink {
                Sink::Csv(sheet) => sheet.finish().with_context(place)?,
                #[cfg(feature = "parquet")]
                Sink::Parquet(columns) => columns.finish().with_context(place)?,
            }
            let name = self.folder.join(&file.name);
            fs::rename(&file.open, &name).with_context(|| format!("cannot write {}", name.display()))?;
        }
        Ok(())
    }
}

impl TableFile {
    fn create(folder: &Path, table: Table, format: FileFormat) -> anyhow::Result<Self> {
        let name = match format {
            FileFormat::Csv => format!("{}.csv", table.name),
            #[cfg(feature = "parquet")]
            FileFormat::Parquet => format!("{}.parquet", table.name),
        };
        let open = folder.join(format!("{name}.new"));
        let place = || format!("cannot write {}", open.display());
        let file = File::create(&open).with_context(place)?;
        let sink = match format {
            FileFormat::Csv => Sink::Csv(Box::new(Sheet::new(table, BufWriter::new(file)).with_context(place)?)),
            #[cfg(feature = "parquet")]
            FileFormat::Parquet => Sink::Parquet(Box::new(columns::Columns::new(table, file).with_context(place)?)),
        };
        Ok(Self { open, name, sink })
    }

    fn write(&mut self, row: Vec<Cell>) -> anyhow::Result<()> {
        let written = match &mut self.sink {
            Sink::Csv(sheet) => sheet.write(&row),
            #[cfg(feature = "parquet")]
            Sink::Parquet(columns) => columns.write(row),
        };
        written.with_context(|| format!("cannot write {}", self.open.display()))
    }
}

impl<W: Write> Sheet<W> {
    /// Adds a record to a sheet of [`DISCLOSURES`].
    ///
    /// # Errors
    /// Where the sheet cannot be written.
    pub fn write_disclosures(&mut self, extraction: &Extraction) -> anyhow::Result<()> {
        for (ordinal, disclosure) in extraction.disclosures.iter().enumerate() {
            self.write(&disclosure_row(extraction, ordinal, disclosure))?;
        }
        Ok(())
    }
}
