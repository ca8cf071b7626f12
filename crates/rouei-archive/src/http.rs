use rouei_model::Header;

/// A response as it stands in the block of a record, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpMessage {
    /// `HTTP/1.1`, as written.
    pub protocol: String,
    /// Status code.
    pub status: u16,
    /// Fields in the order of the block.
    pub headers: Vec<Header>,
    /// The body as it stands in the block: still content-encoded, and still chunked where the tool left it so.
    pub body: Vec<u8>,
}

impl HttpMessage {
    /// Takes the block of a `response` or `revisit` record apart. Lines may end in LF alone; fields without a colon
    /// are continuations (RFC 9112, 5.2) or rubbish and are joined to the one before.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the status line.
    pub fn parse(block: &[u8]) -> Result<Self, String> {
        let mut message = Self::parse_head(block)?;
        message.body = split_head(block).1.to_vec();
        Ok(message)
    }

    /// As [`HttpMessage::parse`], out of a block that becomes the body: a large one has no second copy.
    pub(crate) fn of_block(mut block: Vec<u8>) -> Result<Self, String> {
        let mut message = Self::parse_head(&block)?;
        let head = block.len() - split_head(&block).1.len();
        block.drain(..head);
        message.body = block;
        Ok(message)
    }

    /// As [`HttpMessage::parse`], and leaves the body alone.
    pub(crate) fn parse_head(block: &[u8]) -> Result<Self, String> {
        let (head, _) = split_head(block);
        let mut lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
        let mut words = first.splitn(3, ' ');
        let protocol = words.next().unwrap_or("");
        if !protocol.starts_with("HTTP/") {
            return Err(format!("the block begins with {:?} in place of an HTTP status line", shorten(&first)));
        }
        let status = words
            .next()
            .and_then(|code| code.trim().parse().ok())
            .ok_or_else(|| format!("no status code in {:?}", shorten(&first)))?;
        let mut headers: Vec<Header> = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let colon = line.iter().position(|b| *b == b':').filter(|_| !line[0].is_ascii_whitespace());
            match (colon, headers.last_mut()) {
                (Some(colon), _) => headers.push(Header {
                    name: String::from_utf8_lossy(&line[..colon]).trim_end().to_owned(),
                    value: line[colon + 1..].trim_ascii().to_vec(),
                }),
                (None, Some(last)) => {
                    last.value.push(b' ');
                    last.value.extend_from_slice(line.trim_ascii());
                }
                (None, None) => {}
            }
        }
        Ok(Self { protocol: protocol.into(), status, headers, body: Vec::new() })
    }

    /// The first value of a field, bytes outside UTF-8 replaced.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        find(&self.headers, name)
    }

    /// Whether the head says that the body is chunked.
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.header("Transfer-Encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
    }
}

/// Why a body is not what its `Transfer-Encoding: chunked` says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// Not even the first chunk begins as one: many tools undo the chunking and leave the field.
    #[error("the body is not chunked although its head says so")]
    NotChunked,
    /// The body ends or breaks inside a later chunk; what came before is here.
    #[error("chunk at byte {offset} is broken; {read} bytes were read before it", read = .body.len())]
    Broken {
        /// Where in the chunked body.
        offset: usize,
        /// The payload up to there.
        body: Vec<u8>,
    },
}

/// Undoes chunked transfer coding (RFC 9112, 7.1). Chunk extensions and trailers are dropped.
///
/// # Errors
/// [`ChunkError`], with the part that could be read.
pub fn dechunk(mut rest: &[u8]) -> Result<Vec<u8>, ChunkError> {
    let whole = rest.len();
    let mut body = Vec::with_capacity(whole);
    let mut first = true;
    loop {
        let offset = whole - rest.len();
        let chunk = next_chunk(rest);
        let Some((data, after)) = chunk else {
            return Err(if first { ChunkError::NotChunked } else { ChunkError::Broken { offset, body } });
        };
        if data.is_empty() {
            return Ok(body);
        }
        body.extend_from_slice(data);
        rest = after;
        first = false;
    }
}

pub(crate) fn find(headers: &[Header], name: &str) -> Option<String> {
    let header = headers.iter().find(|h| h.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(&header.value).into_owned())
}

/// Where the head ends and the body begins.
fn split_head(block: &[u8]) -> (&[u8], &[u8]) {
    let mut line_start = 0;
    while let Some(length) = block[line_start..].iter().position(|b| *b == b'\n') {
        let line = &block[line_start..line_start + length];
        if line.is_empty() || line == b"\r" {
            return (&block[..line_start], &block[line_start + length + 1..]);
        }
        line_start += length + 1;
    }
    (block, &[])
}

fn next_chunk(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let line_end = rest.iter().take(4096).position(|b| *b == b'\n')?;
    let line = rest[..line_end].split(|b| *b == b';').next()?;
    let size = std::str::from_utf8(line).ok()?.trim();
    let size = usize::from_str_radix(size, 16).ok()?;
    let data = rest.get(line_end + 1..)?.get(..size)?;
    if size == 0 {
        return Some((data, &[]));
    }
    let after = &rest[line_end + 1 + size..];
    let after = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n"))?;
    Some((data, after))
}

fn shorten(line: &str) -> String {
    line.chars().take(40).collect()
}

/// The reason phrase of a status code (RFC 9110, 15); HTTP/2 sends none.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        206 => "Partial Content",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        421 => "Misdirected Request",
        429 => "Too Many Requests",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn chunks_are_undone(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..6)) {
            let mut wire = Vec::new();
            for chunk in &chunks {
                wire.extend_from_slice(format!("{:X};ext=1\r\n", chunk.len()).as_bytes());
                wire.extend_from_slice(chunk);
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(b"0\r\nTrailer: x\r\n\r\n");
            prop_assert_eq!(dechunk(&wire).unwrap(), chunks.concat());
        }

        #[test]
        fn nothing_breaks_the_parser(block in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = dechunk(&block);
            let _ = HttpMessage::parse(&block);
        }
    }

    #[test]
    fn broken_chunks_are_told_apart() {
        assert_eq!(dechunk(b"<html></html>"), Err(ChunkError::NotChunked));
        assert_eq!(dechunk(b""), Err(ChunkError::NotChunked));
        let broken = dechunk(b"3\r\nabc\r\nffff\r\nrest");
        assert_eq!(broken, Err(ChunkError::Broken { offset: 8, body: b"abc".to_vec() }));
    }

    #[test]
    fn heads_of_many_tools() {
        let message = HttpMessage::parse(b"HTTP/1.0 200\nA: 1\n folded\nB:2\n\nbody\n\n").unwrap();
        assert_eq!((message.status, message.protocol.as_str()), (200, "HTTP/1.0"));
        assert_eq!(message.header("a").unwrap(), "1 folded");
        assert_eq!(message.header("b").unwrap(), "2");
        assert_eq!(message.body, b"body\n\n");
        assert_eq!(HttpMessage::parse(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap().status, 404);
        assert!(HttpMessage::parse(b"<html>").unwrap_err().contains("<html>"));
        assert!(HttpMessage::parse(b"HTTP/1.1 abc").unwrap_err().contains("status code"));
    }
}
