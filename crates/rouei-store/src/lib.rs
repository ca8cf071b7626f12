//! The SQLite database: captures, documents, disclosures with their claims and evidence, reviews, runs.
//!
//! All SQL of the product lives here. Knows no HTTP, no HTML and no linguistics; what it is given it keeps, and what a
//! person decided it lays over what the machine read (`current_disclosure`), whatever a later run reads.
//!
//! Tables and views are described in `migrations/*.sql` and `docs/schema.md`.

mod alarm;
mod capture;
mod codes;
mod disclosures;
mod error;
mod extraction;
mod feed;
mod fields;
mod likeness;
mod load;
mod machine;
mod review;
mod run;
mod schema;
mod standing;
mod status;
mod store;
mod typed_count;
mod universe;
mod visits;
mod withdrawal;

pub use alarm::Alarm;
pub use capture::{CaptureId, LastCapture, NewCapture, StoredCapture};
pub use disclosures::{DisclosureFilter, DisclosureRow, FullDisclosure};
pub use error::StoreError;
pub use extraction::{DocumentOutcome, Outcome};
pub use feed::{EntryKnown, FeedEntryText};
pub use fields::DocumentFields;
pub use likeness::{LikeDocument, NearDuplicate};
pub use load::StoredDocument;
pub use machine::MachineValues;
pub use review::NewReview;
pub use run::{RunId, SourceCounts, SourceReason, SourceReport, SourceState};
pub use standing::StandingRecord;
pub use status::{RunSummary, SourceVisits, Status};
pub use store::Store;
pub use universe::{MonthUniverse, SourceDocuments};
pub use visits::{DisclosingPage, PastVisit, SignCount};
pub use withdrawal::{NewWithdrawal, WithdrawalEffect};
