use jiff::Timestamp;

/// Extension field: the source in `sources.yaml` that asked for the page.
pub(crate) const SOURCE: &str = "Rouei-Source";
/// Extension field: what the crawler knew of the capture, a JSON object of strings.
pub(crate) const CONTEXT: &str = "Rouei-Context";
/// Extension field: the request method where it is not GET.
pub(crate) const METHOD: &str = "Rouei-Method";

/// The named fields at the head of a record (ISO 28500:2017, clause 5), in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WarcHeader {
    /// `WARC/1.1`, `WARC/1.0`, or what an older tool wrote.
    pub version: String,
    /// Name and value; continuation lines are joined by one blank, bytes outside UTF-8 replaced.
    pub fields: Vec<(String, String)>,
}

impl WarcHeader {
    pub(crate) fn new(kind: &RecordType) -> Self {
        let mut header = Self { version: "WARC/1.1".into(), fields: Vec::with_capacity(16) };
        header.push("WARC-Type", kind.code());
        header
    }

    /// The first value of a field; names do not heed case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// `WARC-Type`.
    #[must_use]
    pub fn record_type(&self) -> RecordType {
        RecordType::from_code(self.get("WARC-Type").unwrap_or(""))
    }

    /// `WARC-Date`, to the fraction of a second that it states.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.get("WARC-Date")?.parse().ok()
    }

    /// Appends a field. Control characters in the value would break the record and become blanks.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        let value = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.fields.push((name.into(), value));
    }

    pub(crate) fn push_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.version);
        for (name, value) in &self.fields {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

/// What a record holds (ISO 28500:2017, clause 6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordType {
    /// Describes the records that follow.
    Warcinfo,
    /// A response with its head.
    Response,
    /// A file without protocol.
    Resource,
    /// A request.
    Request,
    /// Says more about another record.
    Metadata,
    /// A response that was archived before.
    Revisit,
    /// Another form of a record, such as its text.
    Conversion,
    /// The rest of a record that was split over files.
    Continuation,
    /// A type that the standard does not name.
    Other(String),
}

impl RecordType {
    /// The code in `WARC-Type`.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Warcinfo => "warcinfo",
            Self::Response => "response",
            Self::Resource => "resource",
            Self::Request => "request",
            Self::Metadata => "metadata",
            Self::Revisit => "revisit",
            Self::Conversion => "conversion",
            Self::Continuation => "continuation",
            Self::Other(code) => code,
        }
    }

    /// The type of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code.trim().to_ascii_lowercase().as_str() {
            "warcinfo" => Self::Warcinfo,
            "response" => Self::Response,
            "resource" => Self::Resource,
            "request" => Self::Request,
            "metadata" => Self::Metadata,
            "revisit" => Self::Revisit,
            "conversion" => Self::Conversion,
            "continuation" => Self::Continuation,
            _ => Self::Other(code.trim().into()),
        }
    }

    /// Whether the record closes a capture: everything else about the capture stands before it.
    pub(crate) fn closes_capture(&self) -> bool {
        matches!(self, Self::Response | Self::Revisit | Self::Resource)
    }
}
