//! One document, read once: normalised, cut into sentences, tokenized. Every extractor works on this.

use std::ops::Range;

use rouei_model::{Block, BlockKind, Document, Evidence, Span};
use rouei_morphology::{Token, Tokenizer};
use rouei_text::normalize::Normalized;

/// A document as the extractors see it. All spans count bytes of the **normalised** text.
pub struct Reading<'d> {
    /// What was read.
    pub document: &'d Document,
    /// Normalised text and the way back.
    pub normalized: Normalized,
    /// Sentences in reading order.
    pub sentences: Vec<Sentence>,
    /// Words of the whole text.
    pub tokens: Vec<Token>,
    /// Code points of the document text before every [`STRIDE`] bytes.
    code_points: Vec<usize>,
}

/// Distance in bytes between two entries of [`Reading::code_points`].
const STRIDE: usize = 256;

/// A sentence, a heading, a list item's sentence, a table cell, a key or a value.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Bytes of the normalised text, without surrounding blanks.
    pub span: Span,
    /// Index of its block in [`Document::blocks`].
    pub block: usize,
    /// Its words in [`Reading::tokens`].
    pub tokens: Range<usize>,
    /// Indices of the headings above it, outermost first.
    pub headings: Vec<usize>,
    /// Indices of the sentences that label it: the key of a value, the headers of a cell.
    pub labels: Vec<usize>,
}

impl<'d> Reading<'d> {
    /// Normalises, cuts and tokenizes.
    #[must_use]
    pub fn new(document: &'d Document, tokenizer: &Tokenizer) -> Self {
        let normalized = Normalized::of_document(document);
        let mut tokens = Vec::with_capacity(normalized.text.len() / 5);
        tokenizer.tokenize(&normalized.text, &mut tokens);
        let code_points = count_code_points(&document.text);
        let mut reading = Self { document, normalized, sentences: Vec::new(), tokens, code_points };
        reading.cut();
        reading
    }

    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.normalized.text
    }

    /// The normalised text of a sentence.
    #[must_use]
    pub fn sentence_text(&self, sentence: usize) -> &str {
        self.sentences.get(sentence).map_or("", |s| s.span.of(self.text()))
    }

    /// The words of a sentence.
    #[must_use]
    pub fn sentence_tokens(&self, sentence: usize) -> &[Token] {
        self.sentences.get(sentence).map_or(&[], |s| &self.tokens[s.tokens.clone()])
    }

    /// The block of a sentence.
    #[must_use]
    pub fn block(&self, sentence: usize) -> &Block {
        &self.document.blocks[self.sentences[sentence].block]
    }

    /// Which sentence holds this byte of the normalised text.
    #[must_use]
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        let next = self.sentences.partition_point(|s| s.span.start <= byte);
        next.checked_sub(1).filter(|&i| byte < self.sentences[i].span.end)
    }

    /// The quotation in the document text for a span of the normalised text.
    #[must_use]
    pub fn evidence(&self, span: Span) -> Evidence {
        let original = self.normalized.to_document(span);
        let quote = original.of(&self.document.text);
        let start = self.code_points_before(original.start);
        Evidence { start, end: start + quote.chars().count(), quote: quote.to_owned() }
    }

    fn code_points_before(&self, byte: usize) -> usize {
        let stride = (byte / STRIDE).min(self.code_points.len().saturating_sub(1));
        let known = self.code_points.get(stride).copied().unwrap_or(0);
        let bytes = self.document.text.as_bytes();
        let rest = bytes.get(stride * STRIDE..byte.min(bytes.len())).unwrap_or_default();
        known + rest.iter().filter(|b| starts_code_point(**b)).count()
    }

    fn cut(&mut self) {
        let text = std::mem::take(&mut self.normalized.text);
        let mut headings: Vec<(u8, usize)> = Vec::new();
        let mut first_of_block: Vec<Option<usize>> = vec![None; self.document.blocks.len()];
        for (index, block) in self.document.blocks.iter().enumerate() {
            let level = match block.kind {
                BlockKind::Heading { level } => Some(level),
                _ => None,
            };
            if let Some(level) = level {
                headings.retain(|&(l, _)| l < level);
            }
            let labels: Vec<usize> = match &block.kind {
                BlockKind::Value { key } => vec![*key],
                BlockKind::TableCell { row_headers, column_headers, .. } => {
                    column_headers.iter().chain(row_headers).copied().collect()
                }
                _ => Vec::new(),
            }
            .into_iter()
            .filter_map(|b| first_of_block.get(b as usize).copied().flatten())
            .collect();
            for span in sentence_spans(&text, self.normalized.blocks[index], &self.tokens) {
                let tokens = self.token_range(span);
                first_of_block[index].get_or_insert(self.sentences.len());
                self.sentences.push(Sentence {
                    span,
                    block: index,
                    tokens,
                    headings: headings.iter().map(|&(_, s)| s).collect(),
                    labels: labels.clone(),
                });
            }
            if let (Some(level), Some(first)) = (level, first_of_block[index]) {
                headings.push((level, first));
            }
        }
        self.normalized.text = text;
    }

    fn token_range(&self, span: Span) -> Range<usize> {
        let from = self.tokens.partition_point(|t| t.start < span.start);
        let to = self.tokens.partition_point(|t| t.start < span.end);
        from..to
    }
}

fn count_code_points(text: &str) -> Vec<usize> {
    let mut before = 0;
    let mut counts = Vec::with_capacity(text.len() / STRIDE + 1);
    for chunk in text.as_bytes().chunks(STRIDE) {
        counts.push(before);
        before += chunk.iter().filter(|b| starts_code_point(**b)).count();
    }
    counts
}

/// In UTF-8 every byte but the continuation bytes `10xxxxxx` begins a code point.
fn starts_code_point(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// A longer sentence is cut at its next comma, and after as much again behind any word: what stands in one sentence is set
/// against all else in it, so that the cost of a sentence grows faster than its length. Bytes; some 1,300 characters.
const LONGEST_SENTENCE: usize = 4_000;

/// Cuts a block at line breaks and after sentence-final marks outside quotations and brackets.
fn sentence_spans(text: &str, block: Span, tokens: &[Token]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = block.start;
    let mut depth = 0usize;
    let body = block.of(text);
    for (at, c) in body.char_indices() {
        let end = block.start + at + c.len_utf8();
        match c {
            '「' | '『' | '(' | '【' | '[' => depth += 1,
            '」' | '』' | ')' | '】' | ']' => depth = depth.saturating_sub(1),
            '\n' => {
                push_trimmed(text, start, end, &mut spans);
                start = end;
                depth = 0;
            }
            '。' | '!' | '?' if depth == 0 => {
                push_trimmed(text, start, end, &mut spans);
                start = end;
            }
            _ if end - start > LONGEST_SENTENCE
                && (matches!(c, '、' | ',' | '。' | ' ') || end - start > 2 * LONGEST_SENTENCE)
                && tokens.binary_search_by_key(&end, |token| token.start).is_ok() =>
            {
                push_trimmed(text, start, end, &mut spans);
                start = end;
                depth = 0;
            }
            _ => {}
        }
    }
    push_trimmed(text, start, block.end, &mut spans);
    spans
}

fn push_trimmed(text: &str, start: usize, end: usize, spans: &mut Vec<Span>) {
    let raw = &text[start..end];
    let left = raw.len() - raw.trim_start().len();
    let trimmed = raw.trim();
    if !trimmed.is_empty() {
        spans.push(Span::new(start + left, start + left + trimmed.len()));
    }
}
