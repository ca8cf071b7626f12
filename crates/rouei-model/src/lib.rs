//! The values that flow through rouei, from a captured page to a reviewed record.
//!
//! `Source → Capture → Document → Disclosure → Incident → Review → Report`
//!
//! Nothing here reads a file, asks the clock or knows Japanese. Types keep only their own invariants;
//! what they serialise to is the contract of `rouei extract` (see `schemas/extraction.schema.json`).
//!
//! One thing is no value: [`bounded_markup`], on which the two crates that give HTML to a parser must agree.
//!
//! Offsets: a [`Span`] counts bytes and lives inside one process; an [`Evidence`] counts Unicode code points of the
//! document text and is what leaves the program.

mod capture;
mod claim;
mod disclosure;
mod document;
mod issue;
mod markup;
mod review;
mod span;
mod vocabulary;

pub use capture::{Capture, CaptureKind, Header, Original, Truncation};
pub use claim::{CauseClaim, CauseCodings, CountClaim, DataTypeClaim, DateClaim, Evidence, OrganizationClaim};
pub use disclosure::{Disclosure, DocumentRecord, Extraction, HeadlineCount, SCHEMA_VERSION};
pub use document::{Block, BlockKind, CharsetOrigin, DateOrigin, Document, PublishedDate};
pub use issue::{Issue, IssueCode};
pub use markup::{BoundedMarkup, MAX_ATTRIBUTES, bounded_markup};
pub use review::{Review, ReviewAction, ReviewField};
pub use span::Span;
pub use vocabulary::{
    Bound, CauseCode, Coding, CountScope, CountSubject, DataState, DataTypeCode, DateKind, DatePrecision, Derivation,
    DocumentKind, Effect, Event, LeakStatus, LeakedBy, OrganizationRole, ReportType, SourceTier, Stage, Undisclosed,
};
