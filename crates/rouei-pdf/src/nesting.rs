//! Refuses objects nested deeper than any writer nests them.
//!
//! The library parses arrays and dictionaries by recursion without a bound, and a stack that overflows ends the whole
//! process: no panic, nothing to catch. So the brackets are counted before it sees the bytes.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Deepest nesting of arrays and dictionaries; real files stay below twenty.
const MAX_DEPTH: usize = 256;

/// Longest object stream that is looked into, unpacked.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// Whether an object of the file, or of one of its object streams (ISO 32000-1, 7.5.7), is nested too deeply.
pub(crate) fn is_too_deep(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        let Some(at) = find(rest, b"stream") else { return depth(rest) > MAX_DEPTH };
        let (head, tail) = rest.split_at(at);
        if depth(head) > MAX_DEPTH {
            return true;
        }
        let body = tail.get(b"stream".len()..).unwrap_or_default();
        let end = find(body, b"endstream").unwrap_or(body.len());
        let (body, tail) = body.split_at(end);
        // The dictionary in front of the stream; the last kilobyte holds it whole.
        let dictionary = head.get(head.len().saturating_sub(1024)..).unwrap_or(head);
        if find(dictionary, b"/ObjStm").is_some() && depth(&unpacked(body)) > MAX_DEPTH {
            return true;
        }
        rest = tail.get(b"endstream".len()..).unwrap_or_default();
    }
}

/// The deepest point; a closing bracket too many counts for nothing, the end of an object closes all.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0usize, 0, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (change, step) = match rest {
            [b'<', b'<', ..] => (1, 2),
            [b'>', b'>', ..] => (-1, 2),
            [b'[', ..] => (1, 1),
            [b']', ..] => (-1, 1),
            _ => (0, 1),
        };
        if change == 0 && rest.starts_with(b"endobj") {
            depth = 0;
        }
        depth = depth.saturating_add_signed(change);
        deepest = deepest.max(depth);
        at += step;
    }
    deepest
}

/// As far as it can be unpacked; a stream without compression stays as it is.
fn unpacked(body: &[u8]) -> Vec<u8> {
    let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
    let mut out = Vec::new();
    // An error in the middle leaves what came before it, which is what the library would read as well.
    let _ = ZlibDecoder::new(body).take(MAX_UNPACKED).read_to_end(&mut out);
    if out.is_empty() { body.to_vec() } else { out }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|&b| b == first) {
        if bytes.get(from + at..)?.starts_with(word) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    #[test]
    fn counts() {
        let check = |bytes: &[u8], want: usize| assert_eq!(depth(bytes), want, "{}", String::from_utf8_lossy(bytes));
        check(b"<< /A [1 [2]] >>", 3);
        check(b"]]] >> [", 1);
        check(b"<< << endobj << >>", 2);
        check(b"<41>", 0);
    }

    #[test]
    fn object_streams_are_opened() {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&b"[".repeat(1000)).unwrap();
        let body = packed.finish().unwrap();
        let file = |kind: &[u8]| [b"1 0 obj << /Type ", kind, b" >> stream\n", &body, b"\nendstream endobj"].concat();
        assert!(is_too_deep(&file(b"/ObjStm")));
        assert!(!is_too_deep(&file(b"/XObject")), "pictures hold brackets by chance");
    }
}
