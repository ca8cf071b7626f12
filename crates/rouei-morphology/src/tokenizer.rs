use std::borrow::Cow;
use std::cell::Cell;

use lindera::segmenter::Segmenter;
use lindera_dictionary::mode::Mode;
use lindera_dictionary::viterbi::{Lattice, LexType, WordId};

use crate::{DictionaryError, Token, WordClass, embedded};

/// Longest piece, in bytes, that is cut in one lattice. A sentence of a notice is far shorter; what has no sentence
/// end for this long (minified scripts, a line of one character) is cut at the nearest character.
const LONGEST_PIECE: usize = 3 * 1024;

/// Longest run of characters of one kind that may become one unknown word (MeCab's `max-grouping-size`). Long enough
/// for a URL, short enough that a run of any length costs time linear in its length.
const LONGEST_UNKNOWN: usize = 256;

thread_local! {
    /// Lent to one text after the other; as large as the longest piece has made it.
    static LATTICE: Cell<Option<Lattice>> = const { Cell::new(None) };
}

/// Cuts Japanese text into words. `Send + Sync`: make one and share it by reference.
pub struct Tokenizer {
    segmenter: Segmenter,
}

impl Tokenizer {
    /// Opens the embedded dictionary; nothing is read from disk.
    ///
    /// # Errors
    /// The embedded bytes do not fit this version of the tokenizer, which only a broken build can cause.
    pub fn new() -> Result<Self, DictionaryError> {
        let dictionary = embedded::load().map_err(|error| DictionaryError(error.to_string()))?;
        let bytes = [embedded::WORD_CLASSES, embedded::UNKNOWN_CLASSES].concat();
        if let Some(byte) = bytes.into_iter().find(|byte| WordClass::from_byte(*byte).is_none()) {
            return Err(DictionaryError(format!("class table holds {byte}, which is no word class")));
        }
        let segmenter = Segmenter::new(Mode::Normal, dictionary, None).max_grouping_len(Some(LONGEST_UNKNOWN));
        Ok(Self { segmenter })
    }

    /// Appends the words of `text` in order, with byte offsets into it. Whitespace makes no word; every other byte is
    /// in exactly one. Never fails: what the dictionary can't cut becomes unknown words. Time grows linearly.
    pub fn tokenize(&self, text: &str, out: &mut Vec<Token>) {
        let mut lattice = LATTICE.take().unwrap_or_default();
        let mut start = 0;
        while start < text.len() {
            let end = piece_end(text, start);
            self.tokenize_piece(text, start..end, &mut lattice, out);
            start = end;
        }
        LATTICE.set(Some(lattice));
    }

    fn tokenize_piece(&self, text: &str, piece: std::ops::Range<usize>, lattice: &mut Lattice, out: &mut Vec<Token>) {
        let mut covered = piece.start;
        // An error leaves the piece uncovered, and `push_unknown` below takes it as it takes any gap.
        let words =
            self.segmenter.segment_with_lattice(Cow::Borrowed(&text[piece.clone()]), lattice).unwrap_or_default();
        for word in words {
            let (start, end) = (piece.start + word.byte_start, piece.start + word.byte_end);
            if start < covered || end <= start || end > piece.end {
                continue;
            }
            push_unknown(text, covered..start, out);
            covered = end;
            if !text[start..end].trim().is_empty() {
                out.push(Token { start, end, class: class_of(word.word_id), known: !word.word_id.is_unknown() });
            }
        }
        push_unknown(text, covered..piece.end, out);
    }
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tokenizer").field("words", &embedded::WORD_CLASSES.len()).finish_non_exhaustive()
    }
}

/// The end of the piece that starts at `start`: the last sentence end within reach, else the last place where words
/// part anyway, else the last character boundary.
fn piece_end(text: &str, start: usize) -> usize {
    if text.len() - start <= LONGEST_PIECE {
        return text.len();
    }
    let mut limit = start + LONGEST_PIECE;
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let reach = &text[start..limit];
    let after = |found: (usize, char)| start + found.0 + found.1.len_utf8();
    let last = |parts: fn(char) -> bool| reach.char_indices().rev().find(|(_, c)| parts(*c)).map(after);
    last(|c| matches!(c, '\n' | '。'))
        .or_else(|| last(|c| c.is_whitespace() || matches!(c, '、' | '「' | '」' | '(' | ')' | ',' | '.' | ';')))
        .unwrap_or(limit)
}

fn class_of(word: WordId) -> WordClass {
    let table = match word.lex_type() {
        LexType::System => embedded::WORD_CLASSES,
        // There is no user dictionary; its ids would need a table of their own.
        LexType::User | LexType::Unknown => embedded::UNKNOWN_CLASSES,
    };
    table.get(word.id() as usize).copied().and_then(WordClass::from_byte).unwrap_or(WordClass::Noun)
}

/// Words for a stretch that the segmenter left out: one for each run between blanks.
fn push_unknown(text: &str, gap: std::ops::Range<usize>, out: &mut Vec<Token>) {
    let mut start = gap.start;
    for run in text[gap].split_inclusive(char::is_whitespace) {
        let word = run.trim_end();
        if !word.is_empty() {
            out.push(Token { start, end: start + word.len(), class: WordClass::Noun, known: false });
        }
        start += run.len();
    }
}
