//! What was found in a document and what decided, for whoever asks why.

use rouei_model::{Document, Evidence, Span};
use rouei_morphology::Token;
use rouei_text::normalize::Normalized;

use crate::assemble::{Draft, Found};
use crate::causes::CauseFinding;
use crate::counts::CountFinding;
use crate::data_types::DataTypeFinding;
use crate::dates::DateFinding;
use crate::incidents::Incident;
use crate::judgement::Judgement;
use crate::organizations::OrganizationFinding;
use crate::reading::Reading;
use crate::roles::Entity;
use crate::status::StatusFinding;
use crate::voice::Voice;
use crate::{Lexicons, causes, data_types, status, voice};

/// Everything that was found, accepted or rejected, and what decided about the document. All spans count bytes of
/// [`Explanation::text`].
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Whether it discloses anything, and why.
    pub judgement: Judgement,
    /// Every mention of an organization.
    pub mentions: Vec<OrganizationFinding>,
    /// The incidents, each with its organizations, the leading one first.
    pub incidents: Vec<(Incident, Vec<Entity>)>,
    /// Every word.
    pub tokens: Vec<Token>,
    /// Every figure; `part_of` and `beside` are indices into this list.
    pub counts: Vec<CountFinding>,
    /// Every date.
    pub dates: Vec<DateFinding>,
    /// Causes of the whole document, the main one first.
    pub causes: Vec<CauseFinding>,
    /// Kinds of data.
    pub data_types: Vec<DataTypeFinding>,
    /// Leak status, event, stage.
    pub status: StatusFinding,
    /// Who speaks.
    pub voice: Voice,
    normalized: Normalized,
    document_text: String,
}

impl Explanation {
    /// Copies what was found out of the reading, which ends with the document.
    pub(crate) fn of(
        document: &Document,
        lexicons: &Lexicons,
        found: &Found<'_>,
        drafts: Vec<Draft>,
        judgement: Judgement,
    ) -> Self {
        let reading: &Reading<'_> = found.reading;
        let all = 0..reading.sentences.len();
        let causes::CauseReading { findings: mut causes, contradiction, .. } =
            causes::read(reading, &lexicons.causes, all.clone());
        // As a record has it.
        if contradiction.is_none() {
            lexicons.second_reader.causes.reconsider(found.masked, &mut causes);
        }
        Self {
            judgement,
            mentions: found.organizations.to_vec(),
            incidents: drafts.into_iter().map(Draft::into_incident).collect(),
            tokens: reading.tokens.clone(),
            counts: found.counts.to_vec(),
            dates: found.dates.to_vec(),
            causes,
            data_types: data_types::find(reading, &lexicons.data_types, all.clone()),
            status: status::find(reading, &lexicons.status, all),
            voice: voice::listen(&lexicons.voice, reading),
            normalized: reading.normalized.clone(),
            document_text: document.text.clone(),
        }
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.normalized.text
    }

    /// The quotation in the document text, in code points, for a span of the normalised text.
    #[must_use]
    pub fn evidence(&self, span: Span) -> Evidence {
        let original = self.normalized.to_document(span);
        let quote = original.of(&self.document_text);
        let start = self.document_text.get(..original.start).map_or(0, |before| before.chars().count());
        Evidence { start, end: start + quote.chars().count(), quote: quote.to_owned() }
    }
}
