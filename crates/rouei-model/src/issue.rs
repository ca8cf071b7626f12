use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a reader of the record has to know: a guess, a contradiction, a part that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Issue {
    /// What kind of trouble.
    pub code: IssueCode,
    /// One sentence for a person, naming the place.
    pub message: String,
}

impl Issue {
    /// An issue with its sentence.
    pub fn new(code: IssueCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The closed vocabulary of [`Issue`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// The input holds no bytes.
    EmptyInput,
    /// The input could not be opened or read.
    Unreadable,
    /// The input is larger than the bound and was cut or refused.
    TooLarge,
    /// The input ends before its own format says so.
    Truncated,
    /// The bytes are of no format that rouei reads.
    UnknownFormat,
    /// The PDF is damaged or encrypted.
    BrokenPdf,
    /// The page or file holds pictures but no text: an "image release".
    ImageOnly,
    /// The text came from optical character recognition.
    Ocr,
    /// Declared charset and bytes disagree; the bytes won.
    CharsetMismatch,
    /// No charset was declared; it was detected.
    CharsetGuessed,
    /// Some bytes are invalid in the charset and were replaced by U+FFFD.
    ReplacedCharacters,
    /// Elements nested deeper than the bound were flattened.
    NestingTooDeep,
    /// A WARC record could not be read and was skipped.
    BadRecord,
    /// No main content was found; the whole page was read.
    NoMainContent,
    /// A date lacks the year or month that would place it.
    UnresolvedDate,
    /// A date that cannot be right as written (a likely typo).
    DoubtfulDate,
    /// Figures in the document contradict each other.
    ContradictingCounts,
    /// Title and body name different causes.
    ContradictingCauses,
    /// The document says of a cause that it was not that; no claim stands for it.
    DeniedCause,
    /// The document speaks of an organization that it does not name.
    UnnamedOrganization,
    /// The text looks like a template or a draft.
    Template,
    /// The reading itself is uncertain (interleaved lines, broken words).
    DoubtfulText,
    /// The server answered 200 with a page that says that there is none.
    SoftNotFound,
    /// The page shows nothing before cookies are accepted.
    CookieWall,
    /// The page shows nothing before a login.
    LoginWall,
    /// The page holds nothing that can be read without running its scripts.
    ScriptShell,
}

impl IssueCode {
    /// Whether the issue means that the page is another than the one that was asked for: nothing is to be read from it.
    #[must_use]
    pub fn is_other_page(self) -> bool {
        matches!(self, Self::SoftNotFound | Self::CookieWall | Self::LoginWall | Self::ScriptShell)
    }

    /// Whether the issue means that the input, or a part of it, could not be read (exit code 3).
    #[must_use]
    pub fn is_unread(self) -> bool {
        matches!(
            self,
            Self::EmptyInput
                | Self::Unreadable
                | Self::TooLarge
                | Self::Truncated
                | Self::UnknownFormat
                | Self::BrokenPdf
                | Self::ImageOnly
                | Self::BadRecord
        )
    }
}
