use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// The digest of a payload as it stands in `WARC-Payload-Digest`: `sha256:` and 64 lower-case hexadecimal digits.
///
/// The payload is the body as it was sent: without chunking, still content-encoded.
#[must_use]
pub fn payload_digest(body: &[u8]) -> String {
    digest_of(&[body])
}

/// [`payload_digest`] of these parts, one after the other.
pub(crate) fn digest_of(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    format!("sha256:{}", hex(&digest.finalize()))
}

/// Whether `bytes` have the digest that a record states. None for an algorithm that rouei does not compute.
///
/// ISO 28500 leaves algorithm and encoding open; seen are SHA-1, SHA-256 and SHA-512 in base 32 (padded or not), in
/// hexadecimal, and MD5, which is not computed.
pub(crate) fn matches(stated: &str, bytes: &[u8]) -> Option<bool> {
    let (algorithm, value) = stated.split_once(':')?;
    let computed = match algorithm.to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => Sha1::digest(bytes).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
        "sha512" | "sha-512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    };
    let value = value.trim();
    Some(
        value.eq_ignore_ascii_case(&hex(&computed))
            || value.trim_end_matches('=').eq_ignore_ascii_case(&base32(&computed)),
    )
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
        text
    })
}

/// A UUID of version 8 (RFC 9562, 5.8) as a URN, out of what makes something unique.
pub(crate) fn uuid(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex(&bytes);
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// RFC 4648 base 32 without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut group = [0u8; 8];
        group[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(group);
        let letters = (chunk.len() * 8).div_ceil(5);
        for i in 0..letters {
            let index = (bits >> (35 - 5 * i)) & 31;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        // RFC 4648, section 10.
        for (input, expected) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI"), ("fooba", "MZXW6YTB")]
        {
            assert_eq!(base32(input.as_bytes()), expected);
        }
        assert_eq!(payload_digest(b""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        // The empty payload as other tools state it.
        for (stated, expected) in [
            ("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", Some(true)),
            ("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", Some(true)),
            ("sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====", Some(true)),
            ("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Some(false)),
            ("md5:d41d8cd98f00b204e9800998ecf8427e", None),
            ("no digest", None),
        ] {
            assert_eq!(matches(stated, b""), expected, "{stated}");
        }
    }
}
