//! From the body as sent to bytes and text, within bounds.

use std::borrow::Cow;
use std::io::Read;
use std::sync::LazyLock;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8};
use regex::bytes::Regex;
use rouei_model::{Capture, Header};

/// Room for a body that decodes to more than a mebibyte.
const LARGE: usize = 33 << 20;

/// Content codings applied one over the other; more than two are a trick.
const MAX_CODINGS: usize = 2;

/// Why a body cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A coding that was not asked for.
    #[error("content coding {0:?} is not supported")]
    Unsupported(String),
    /// Not what the coding promises, or cut off.
    #[error("the {coding} body is damaged: {message}")]
    Damaged {
        /// The coding.
        coding: &'static str,
        /// What the decoder says.
        message: String,
    },
    /// More than the bound: a decompression bomb, or a file too large for us.
    #[error("the body decodes to more than {0} bytes")]
    TooLarge(usize),
}

/// The body with its `Content-Encoding` undone: gzip and deflate (RFC 9110, 8.4.1), which are all that the crawler
/// asks for. At most `max` bytes come out.
///
/// # Errors
/// An unknown coding, a damaged body, or more than `max` bytes.
pub fn decoded_body(capture: &Capture, max: usize) -> Result<Cow<'_, [u8]>, DecodeError> {
    decode_content(&capture.response_headers, &capture.body, max)
}

pub(crate) fn decode_content<'b>(headers: &[Header], body: &'b [u8], max: usize) -> Result<Cow<'b, [u8]>, DecodeError> {
    let mut codings: Vec<String> = Vec::new();
    for header in headers.iter().filter(|h| h.name.eq_ignore_ascii_case("content-encoding")) {
        let value = String::from_utf8_lossy(&header.value).to_ascii_lowercase();
        codings.extend(value.split(',').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty() && c != "identity"));
    }
    if codings.len() > MAX_CODINGS {
        return Err(DecodeError::Unsupported(codings.join(", ")));
    }
    let mut decoded = Cow::Borrowed(body);
    for coding in codings.iter().rev() {
        decoded = Cow::Owned(match coding.as_str() {
            _ if decoded.is_empty() => Vec::new(),
            "gzip" | "x-gzip" => gunzip(&decoded, max)?,
            "deflate" => inflate(&decoded, max)?,
            other => return Err(DecodeError::Unsupported(other.to_owned())),
        });
    }
    if decoded.len() > max {
        return Err(DecodeError::TooLarge(max));
    }
    Ok(decoded)
}

/// The first bytes of a body with its `Content-Encoding` undone, as many as can be had.
pub(crate) fn decode_prefix(headers: &[Header], body: &[u8], max: usize) -> Vec<u8> {
    let coding = headers.iter().find(|h| h.name.eq_ignore_ascii_case("content-encoding"));
    let mut out = Vec::new();
    // What cannot be read is reported by whoever needs the whole body.
    let _ = match coding.map(|h| h.value.trim_ascii().to_ascii_lowercase()).as_deref() {
        Some(b"gzip" | b"x-gzip") => flate2::bufread::GzDecoder::new(body).take(max as u64).read_to_end(&mut out),
        Some(b"deflate") => flate2::bufread::ZlibDecoder::new(body).take(max as u64).read_to_end(&mut out),
        _ => body.take(max as u64).read_to_end(&mut out),
    };
    out
}

/// All members of a gzip file. What follows the last member and is none is left out, as browsers do.
pub(crate) fn gunzip(bytes: &[u8], max: usize) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while out.is_empty() || rest.starts_with(&[0x1f, 0x8b]) {
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        read_within("gzip", &mut decoder, &mut out, max)?;
        rest = decoder.into_inner();
        if rest.is_empty() {
            break;
        }
    }
    Ok(out)
}

/// "deflate" is zlib by the standard and raw deflate by old servers.
fn inflate(bytes: &[u8], max: usize) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    match read_within("deflate", &mut flate2::bufread::ZlibDecoder::new(bytes), &mut out, max) {
        Err(DecodeError::Damaged { .. }) => {
            out.clear();
            read_within("deflate", &mut flate2::bufread::DeflateDecoder::new(bytes), &mut out, max)?;
        }
        other => other?,
    }
    Ok(out)
}

fn read_within(coding: &'static str, reader: &mut dyn Read, out: &mut Vec<u8>, max: usize) -> Result<(), DecodeError> {
    let room = (max - out.len().min(max)) as u64;
    let small = room.min(1 << 20);
    let mut read = (&mut *reader).take(small).read_to_end(out);
    if room > small && read.as_ref().is_ok_and(|read| *read as u64 == small) {
        // Once and for all: what no byte is written to takes no memory, and a block below 32 MiB that is given back would
        // make glibc keep as much of whatever is freed later.
        out.reserve_exact(LARGE);
    }
    if read.is_ok() {
        read = reader.take(room + 1 - small).read_to_end(out);
    }
    if out.len() > max {
        return Err(DecodeError::TooLarge(max));
    }
    read.map(|_| ()).map_err(|e| DecodeError::Damaged { coding, message: e.to_string() })
}

/// Text of HTML or XML: charset by byte order mark, `Content-Type`, `<meta>` or XML declaration. A declared charset
/// under which the bytes are no text gives way to the one of UTF-8, ISO-2022-JP, EUC-JP and Shift_JIS that fits.
#[must_use]
pub fn decode_text<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let declared = content_type.and_then(charset_of_header).or_else(|| charset_in_text(bytes));
    // ISO-2022-JP is ASCII to every other decoder, so nothing else would refuse it.
    let escapes = bytes.is_ascii() && bytes.windows(2).any(|w| w == b"\x1b$");
    let candidates = [escapes.then_some(ISO_2022_JP), declared, Some(UTF_8), Some(EUC_JP), Some(SHIFT_JIS)];
    for encoding in candidates.into_iter().flatten() {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return text;
        }
    }
    declared.unwrap_or(UTF_8).decode_without_bom_handling(bytes).0
}

fn charset_of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let value = lower.split(';').find_map(|p| p.trim().strip_prefix("charset="))?;
    Encoding::for_label(value.trim_matches(['"', '\'', ' ']).as_bytes())
}

fn charset_in_text(bytes: &[u8]) -> Option<&'static Encoding> {
    // The pattern is a constant; a failure would show in every test.
    static DECLARATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?i)(?:<meta[^>]{0,200}?charset\s*=\s*|<\?xml[^>]{0,100}?encoding\s*=\s*)["']?([a-z0-9_-]+)"#)
            .ok()
    });
    let head = &bytes[..bytes.len().min(4096)];
    let label = DECLARATION.as_ref()?.captures(head)?.get(1)?.as_bytes();
    Encoding::for_label(label)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(coding: &str, body: &[u8], max: usize) -> Result<Vec<u8>, DecodeError> {
        let headers = [Header { name: "Content-Encoding".into(), value: coding.into() }];
        decode_content(&headers, body, max).map(Cow::into_owned)
    }

    #[test]
    fn codings() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(b"abc").unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        raw.write_all(b"abc").unwrap();
        let members = [gzip(b"ab"), gzip(b"c")].concat();
        assert_eq!(decode("gzip", &gzip(b"abc"), 3).unwrap(), b"abc");
        assert_eq!(decode("x-gzip", &members, 3).unwrap(), b"abc");
        assert_eq!(decode("gzip", &[members, b"rubbish".to_vec()].concat(), 3).unwrap(), b"abc");
        assert_eq!(decode("deflate", &zlib.finish().unwrap(), 3).unwrap(), b"abc");
        assert_eq!(decode("deflate", &raw.finish().unwrap(), 3).unwrap(), b"abc");
        assert_eq!(decode("gzip, gzip", &gzip(&gzip(b"abc")), 100).unwrap(), b"abc");
        assert_eq!(decode("identity", b"abc", 3).unwrap(), b"abc");
        assert_eq!(decode("gzip", b"", 3).unwrap(), b"");
    }

    #[test]
    fn bad_codings() {
        assert_eq!(decode("br", b"abc", 3), Err(DecodeError::Unsupported("br".into())));
        assert_eq!(decode("gzip", &gzip(&vec![0; 1 << 20]), 1000), Err(DecodeError::TooLarge(1000)));
        let whole = gzip(b"abcdefgh");
        assert!(matches!(decode("gzip", &whole[..whole.len() - 9], 100), Err(DecodeError::Damaged { .. })));
        assert!(matches!(decode("gzip", b"plain", 100), Err(DecodeError::Damaged { .. })));
    }

    #[test]
    fn charsets() {
        let text = "<meta charset=\"?\"><p>個人情報の漏えいについて";
        for (label, encoding) in
            [("shift_jis", SHIFT_JIS), ("euc-jp", EUC_JP), ("iso-2022-jp", ISO_2022_JP), ("utf-8", UTF_8)]
        {
            let text = text.replace('?', label);
            let bytes = encoding.encode(&text).0;
            assert_eq!(decode_text(&bytes, None), text, "{label} by meta");
            assert_eq!(
                decode_text(&bytes, Some(&format!("text/html; charset=\"{label}\""))),
                text,
                "{label} by header"
            );
            assert_eq!(decode_text(&bytes, Some("text/html; charset=utf-8")), text, "{label} though UTF-8 is declared");
        }
        let xml = "<?xml version='1.0' encoding='EUC-JP'?><title>お知らせ</title>";
        assert_eq!(decode_text(&EUC_JP.encode(xml).0, Some("text/xml")), xml);
        assert_eq!(decode_text(b"\xef\xbb\xbfa", Some("text/html; charset=euc-jp")), "a");
    }
}
