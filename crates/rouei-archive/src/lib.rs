//! Captures to WARC files and back (WARC/1.1, ISO 28500:2017).
//!
//! Writes what the crawler fetched, one gzip member per record, and reads it again, along with the WARC files of other
//! tools. Knows no HTTP client and nothing of what a page says.
//!
//! A file under construction is called `NAME.warc.gz.open` and is locked by its writer. It loses the suffix when it is
//! full and the caller has had the chance to record its captures. So whatever still ends in `.open`, and is not locked,
//! was left by a run that died: [`recover`] cuts its torn tail off and hands its captures out again.
//!
//! ```text
//! recover(dir, …)                       captures of a killed run, again
//! let mut w = ArchiveWriter::create(dir, &Software::new("rouei/0.1.0"))?;
//! let at = w.append(&capture)?;         …many
//! w.commit()?;                          on disk; now, and not before, record the locations
//! w.finish()?;                          every location is recorded
//! ```

mod arc;
mod cdxj;
mod digest;
mod encode;
mod error;
mod export;
mod gzip;
mod header;
mod http;
mod lookup;
mod open_file;
mod page;
mod pages;
mod plan;
mod reader;
mod record;
mod recovery;
mod selection;
mod stream;
mod verify;
mod wacz;
mod withdrawal;
mod writer;

pub use cdxj::{CdxjLine, read_cdxj, surt};
pub use digest::payload_digest;
pub use error::{ArchiveError, BadRecord};
pub use export::{ExportReport, export, export_to_file};
pub use header::{RecordType, WarcHeader};
pub use http::{ChunkError, HttpMessage, dechunk};
pub use lookup::{Found, captures_of, latest, original_of, record_by_id};
pub use page::Page;
pub use pages::Pages;
pub use reader::{ArchiveReader, Limits, read_at};
pub use record::Record;
pub use recovery::{Recovered, RecoveredCapture, RecoveryReport, recover};
pub use selection::{Selection, UrlPattern};
pub use verify::{Fault, VerifyReport, archive_files, verify};
pub use wacz::{Section, open_wacz};
pub use withdrawal::{Withdrawal, WithdrawalAction, Withdrawals};
pub use writer::{ArchiveWriter, RecordLocation, Software, WriterOptions};
