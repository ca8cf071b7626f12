//! A table as Apache Parquet: every column may be null, text is UTF-8, days and moments are what they are.

use std::fs::File;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::{Cell, Kind, Table};

/// Rows of a row group: memory stays bounded over any number of documents.
const ROWS: usize = 20_000;

/// A table that is collected and written group by group.
pub struct Columns {
    table: Table,
    writer: SerializedFileWriter<File>,
    rows: Vec<Vec<Cell>>,
}

impl Columns {
    /// Begins a table.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn new(table: Table, file: File) -> anyhow::Result<Self> {
        let fields = table.columns.iter().map(|(name, kind)| field(name, *kind).map(Arc::new));
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder(table.name).with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("rouei ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { table, writer, rows: Vec::new() })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Where a full group cannot be written.
    pub fn write(&mut self, row: Vec<Cell>) -> anyhow::Result<()> {
        self.rows.push(row);
        if self.rows.len() >= ROWS { self.write_group() } else { Ok(()) }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        self.writer.close()?;
        Ok(())
    }

    fn write_group(&mut self) -> anyhow::Result<()> {
        let mut group = self.writer.next_row_group()?;
        let mut at = 0;
        while let Some(mut column) = group.next_column()? {
            let name = self.table.columns.get(at).map_or("", |(name, _)| name);
            let cells = self.rows.iter().map(|row| row.get(at));
            write_column(&mut column, self.table.columns[at].1, cells).with_context(|| format!("column {name}"))?;
            column.close()?;
            at += 1;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

fn field(name: &str, kind: Kind) -> Result<Type, parquet::errors::ParquetError> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
        Kind::Flag => (Physical::BOOLEAN, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => {
            let unit = TimeUnit::MICROS;
            (Physical::INT64, Some(LogicalType::timestamp(true, unit)))
        }
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

fn write_column<'a>(
    column: &mut SerializedColumnWriter<'_>,
    kind: Kind,
    cells: impl Iterator<Item = Option<&'a Cell>>,
) -> anyhow::Result<()> {
    match kind {
        Kind::Text => write_typed::<ByteArrayType>(column, cells, |cell| match cell {
            Cell::Text(v) | Cell::Code(v) => Some(v.as_deref().map(ByteArray::from)),
            _ => None,
        }),
        // SQL and Parquet count to 2^63 - 1; a figure beyond it is none.
        Kind::Integer => write_typed::<Int64Type>(column, cells, |cell| match cell {
            Cell::Integer(v) => Some(v.and_then(|v| i64::try_from(v).ok())),
            _ => None,
        }),
        Kind::Real => write_typed::<DoubleType>(column, cells, |cell| match cell {
            Cell::Real(v) => Some(*v),
            _ => None,
        }),
        Kind::Flag => write_typed::<BoolType>(column, cells, |cell| match cell {
            Cell::Flag(v) => Some(*v),
            _ => None,
        }),
        Kind::Day => write_typed::<Int32Type>(column, cells, |cell| match cell {
            Cell::Day(v) => Some(v.map(days)),
            _ => None,
        }),
        Kind::Time => write_typed::<Int64Type>(column, cells, |cell| match cell {
            Cell::Time(v) => Some(v.map(|v| v.as_microsecond())),
            _ => None,
        }),
    }
}

/// `value` gives nothing for a cell of another kind than the column's.
fn write_typed<'a, T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = Option<&'a Cell>>,
    value: impl Fn(&Cell) -> Option<Option<T::T>>,
) -> anyhow::Result<()> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        let Some(value) = cell.and_then(&value) else { bail!("{cell:?} is not of the kind of its column") };
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}

/// Since 1970-01-01.
fn days(day: Date) -> i32 {
    day.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| span.get_days())
}
