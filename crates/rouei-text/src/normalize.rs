//! The fourth layer of text: what the rules read, with the way back to the document text.
//!
//! Compatibility forms are folded (NFKC: full-width digits, ㈱, half-width kana, Kangxi radicals), dashes and wave
//! dashes become `-` and `~`, blanks beside digits go, and lines that the page broke in mid-sentence are joined.
//! Circled numbers stay: they number parts, and `①` folded to `1` would be read as a figure.

mod wrapping;

use rouei_model::{Document, Span};
use unicode_normalization::UnicodeNormalization;

use wrapping::GoesOn;

/// Normalised text of a document, block by block, with the map back.
#[derive(Clone, Debug, Default)]
pub struct Normalized {
    /// The text; blocks are joined by `\n`.
    pub text: String,
    /// Where each block of the document stands in [`Self::text`].
    pub blocks: Vec<Span>,
    segments: Vec<Segment>,
}

/// A run of text that maps to a run of the document: byte for byte, or as a whole.
#[derive(Clone, Copy, Debug)]
struct Segment {
    normalized: usize,
    original: Span,
    verbatim: bool,
}

impl Normalized {
    /// Normalises every block of a document.
    #[must_use]
    pub fn of_document(document: &Document) -> Self {
        let spans: Vec<Span> = document.blocks.iter().map(|b| b.span).collect();
        Self::of_spans(&document.text, &spans)
    }

    /// Normalises a text that is one block.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self::of_spans(text, &[Span::new(0, text.len())])
    }

    /// Normalises `spans` of `text`, each as a block of its own.
    #[must_use]
    pub fn of_spans(text: &str, spans: &[Span]) -> Self {
        let mut out = Self { text: String::with_capacity(text.len()), ..Self::default() };
        for (i, &span) in spans.iter().enumerate() {
            if i > 0 {
                out.push_replacement("\n", Span::new(span.start, span.start));
            }
            let start = out.text.len();
            out.push_block(text, span);
            out.blocks.push(Span::new(start, out.text.len()));
        }
        out
    }

    /// The bytes of the document text that `span` of the normalised text came from.
    #[must_use]
    pub fn to_document(&self, span: Span) -> Span {
        if span.is_empty() {
            let at = self.start_of(span.start);
            return Span::new(at, at);
        }
        Span::new(self.start_of(span.start), self.end_of(span.end - 1))
    }

    fn segment_at(&self, byte: usize) -> Option<&Segment> {
        let next = self.segments.partition_point(|s| s.normalized <= byte);
        next.checked_sub(1).map(|i| &self.segments[i])
    }

    fn start_of(&self, byte: usize) -> usize {
        self.segment_at(byte).map_or(0, |s| {
            if s.verbatim { (s.original.start + (byte - s.normalized)).min(s.original.end) } else { s.original.start }
        })
    }

    fn end_of(&self, last: usize) -> usize {
        self.segment_at(last).map_or(0, |s| {
            if s.verbatim { (s.original.start + (last - s.normalized) + 1).min(s.original.end) } else { s.original.end }
        })
    }

    fn push_block(&mut self, text: &str, span: Span) {
        let block_start = self.text.len();
        let block = span.of(text);
        let longest = block.lines().map(|l| l.chars().count()).max().unwrap_or(0);
        // Headlines one below the other are as long as each other, too, but end no sentence.
        let sentences = block.contains(['。', '．']);
        let spaced = spaced_numbers(block);
        let mut line_start = 0;
        let mut chars = block.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let original = Span::new(span.start + at, span.start + at + c.len_utf8());
            if c == '\n' {
                let line = &block[line_start..at];
                let next = block[at + 1..].lines().next().unwrap_or("");
                line_start = at + 1;
                if !is_broken_line(line, next, longest, sentences) {
                    self.push_replacement("\n", original);
                }
                continue;
            }
            if c == '\r' {
                continue;
            }
            if is_blank(c) {
                // The whole run at once: deciding blank by blank would look ahead over the run each time.
                let mut run = original;
                while let Some(&(_, next)) = chars.peek().filter(|(_, next)| is_blank(*next)) {
                    run.end += next.len_utf8();
                    chars.next();
                }
                let before = self.text[block_start..].chars().next_back();
                let after = chars.peek().map(|&(_, next)| fold_digit(next));
                let in_number =
                    spaced.get(spaced.partition_point(|run| run.end <= at)).is_some_and(|run| run.start < at);
                if !in_number && !blank_is_noise(before, after) {
                    self.push_replacement(" ", run);
                }
                continue;
            }
            // A half-width kana and its voicing mark become one character.
            if let Some(&(_, mark @ ('ﾞ' | 'ﾟ'))) = chars.peek()
                && ('ｦ'..='ﾝ').contains(&c)
            {
                chars.next();
                let pair: String = [c, mark].iter().collect::<String>().nfkc().collect();
                self.push_replacement(&pair, Span::new(original.start, original.end + mark.len_utf8()));
                continue;
            }
            self.push_char(c, original);
        }
    }

    fn push_char(&mut self, c: char, original: Span) {
        if c.is_ascii() || ('ぁ'..='ヿ').contains(&c) || ('一'..='鿿').contains(&c) {
            return self.push_verbatim(c, original);
        }
        match c {
            '〜' | '～' | '∼' => self.push_replacement("~", original),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '─' | '━' => {
                self.push_replacement("-", original)
            }
            // NFKC would fold these into bare digits or three full stops.
            '①'..='⓿' | '❶'..='➓' | '…' | '‥' => self.push_verbatim(c, original),
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => {}
            _ => {
                let folded: String = std::iter::once(c).nfkc().collect();
                if folded.len() == c.len_utf8() && folded.starts_with(c) {
                    self.push_verbatim(c, original);
                } else {
                    self.push_replacement(&folded, original);
                }
            }
        }
    }

    fn push_verbatim(&mut self, c: char, original: Span) {
        match self.segments.last_mut() {
            Some(last) if last.verbatim && last.original.end == original.start => last.original.end = original.end,
            _ => self.segments.push(Segment { normalized: self.text.len(), original, verbatim: true }),
        }
        self.text.push(c);
    }

    fn push_replacement(&mut self, with: &str, original: Span) {
        self.segments.push(Segment { normalized: self.text.len(), original, verbatim: false });
        self.text.push_str(with);
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}')
}

fn fold_digit(c: char) -> char {
    if ('０'..='９').contains(&c) {
        char::from_u32(u32::from('0') + (u32::from(c) - u32::from('０'))).unwrap_or(c)
    } else {
        c
    }
}

/// Numbers set with a blank behind each digit (`3 , 7 0 3 名`), from the first digit to the last: at least three single
/// digits, one blank or a comma between them, a counter behind.
fn spaced_numbers(block: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut chars = block.char_indices().map(|(at, c)| (at, fold_digit(c))).peekable();
    let mut before = None;
    while let Some((start, c)) = chars.next() {
        let begins =
            c.is_ascii_digit() && !before.is_some_and(|b: char| b.is_ascii_alphanumeric() || b == ',' || b == '.');
        before = Some(c);
        if !begins {
            continue;
        }
        let (mut digits, mut end) = (1, start + 1);
        let mut gap = (0, 0);
        let next = loop {
            let Some(&(at, c)) = chars.peek() else { break None };
            let single = gap.0 > 0 || gap.1 > 0;
            if is_blank(c) && gap.0 < 2 {
                gap.0 += 1;
            } else if c == ',' || c == '，' {
                gap.1 += 1;
            } else if c.is_ascii_digit() && single && gap.1 <= 1 && gap.0 <= gap.1 + 1 {
                (digits, end, gap) = (digits + 1, at + 1, (0, 0));
            } else {
                break Some(c);
            }
            before = Some(c);
            chars.next();
        };
        let counter = next.is_some_and(|c| matches!(c, '人' | '名' | '件' | '社' | '通' | '枚' | '世' | '口'));
        if digits >= 3 && counter && gap.1 == 0 {
            runs.push(Span::new(start, end));
        }
    }
    runs
}

/// A blank between a digit and a Japanese character, or at either end of a block, says nothing.
fn blank_is_noise(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return true };
    if is_blank(before) || before == '\n' {
        return true;
    }
    let digit = |c: char| c.is_ascii_digit();
    let wide = |c: char| !c.is_ascii();
    (digit(before) && (wide(after) || matches!(after, ',' | '%' | '/' | ')')))
        || (digit(after) && (wide(before) || matches!(before, ',' | '(')))
}

/// Whether the page broke a sentence between `line` and `next`.
///
/// `longest` is the longest line of the block in characters, `sentences` whether a sentence ends anywhere in it.
fn is_broken_line(line: &str, next: &str, longest: usize, sentences: bool) -> bool {
    let (line, next) = (line.trim(), next.trim());
    let (Some(last), Some(first)) = (line.chars().next_back(), next.chars().next()) else { return false };
    let hiragana = |c: char| ('ぁ'..='ん').contains(&c);
    let kanji = |c: char| ('一'..='鿿').contains(&c) || c == '々';
    let katakana = |c: char| ('ァ'..='ヿ').contains(&c);
    if matches!(last, '。' | '！' | '？' | '!' | '?' | '」' | '』' | '】' | ':' | '：' | '>' | '》') {
        return false;
    }
    if is_marker(first) || starts_numbered(next) {
        return false;
    }
    match wrapping::goes_on_with(line) {
        Some(GoesOn::Kana) => return hiragana(first),
        Some(GoesOn::Particle) => return matches!(first, 'が' | 'を' | 'に' | 'で'),
        None => {}
    }
    if matches!(
        last,
        '、' | ','
            | '，'
            | 'は'
            | 'が'
            | 'を'
            | 'に'
            | 'の'
            | 'と'
            | 'で'
            | 'も'
            | 'へ'
            | 'や'
            | 'し'
            | 'て'
            | 'り'
            | 'た'
    ) && line.chars().count() >= 4
    {
        // A headline may end in た; only a line as long as lines get breaks off there.
        let full = longest >= 25 && line.chars().count() * 10 >= longest * 8;
        // A table or a list may end in the others, but then the next line starts a label or a figure of its own.
        return match last {
            'た' => full && sentences,
            'り' | 'し' | ',' => longest >= 20,
            _ => true,
        };
    }
    if matches!(first, 'が' | 'を' | 'は' | 'へ') && !wrapping::begins_a_line(next) {
        return true;
    }
    // A hard wrap: the line is as long as lines get, and both ends are inside running text.
    let length = line.chars().count();
    longest >= 25
        && sentences
        && length * 10 >= longest * 8
        && (kanji(last) || katakana(last) || hiragana(last))
        && (kanji(first) || katakana(first) || hiragana(first))
        && next.contains(['。', '、', '，'])
        && line.contains(['。', '、', '，', 'を', 'は', 'が'])
}

fn is_marker(c: char) -> bool {
    matches!(
        c,
        '・' | '●'
            | '○'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '▼'
            | '▽'
            | '▲'
            | '△'
            | '★'
            | '☆'
            | '※'
            | '＊'
            | '*'
            | '【'
            | '〈'
            | '<'
            | '＜'
            | '《'
            | '-'
            | '－'
            | '―'
            | '|'
            | '•'
            | '◎'
            | '①'..='⓿' | '(' | '（' | '#'
    )
}

fn starts_numbered(line: &str) -> bool {
    let digits = line.chars().take_while(|c| c.is_numeric()).count();
    digits > 0
        && digits <= 2
        && line.chars().nth(digits).is_some_and(|c| matches!(c, '.' | '．' | '、' | ')' | '）' | ' ' | '\u{3000}'))
}

#[cfg(test)]
mod tests;
