use std::io;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Bytes of members that are kept before they go on to where they are written.
pub(crate) const PIECE: usize = 1 << 20;

/// Writes gzip members (RFC 1952), keeping the compressor's tables from one to the next.
pub(crate) struct MemberEncoder {
    deflate: Compress,
}

impl MemberEncoder {
    pub(crate) fn new(level: u32) -> Self {
        Self { deflate: Compress::new(Compression::new(level.min(9)), false) }
    }

    /// Appends `parts`, one after the other, as one member to `out`. Whenever `out` holds a [`PIECE`], `full` may take
    /// it: a large body has no second copy in memory.
    pub(crate) fn append(
        &mut self,
        parts: &[&[u8]],
        out: &mut Vec<u8>,
        full: &mut dyn FnMut(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.deflate.reset();
        let mut crc = Crc::new();
        // No name, no time: equal input gives equal bytes. 255 = unknown operating system.
        out.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        for part in parts {
            crc.update(part);
            let mut rest = *part;
            while !rest.is_empty() {
                rest = &rest[self.step(rest, out, FlushCompress::None)?.0..];
                if out.len() >= PIECE {
                    full(out)?;
                }
            }
        }
        while self.step(&[], out, FlushCompress::Finish)?.1 != Status::StreamEnd {}
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        Ok(())
    }

    fn step(&mut self, input: &[u8], out: &mut Vec<u8>, flush: FlushCompress) -> io::Result<(usize, Status)> {
        out.reserve(32 * 1024);
        let before = self.deflate.total_in();
        let status = self.deflate.compress_vec(input, out, flush).map_err(io::Error::other)?;
        Ok(((self.deflate.total_in() - before) as usize, status))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use flate2::read::MultiGzDecoder;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_large_member_goes_on_in_pieces() {
        // xorshift: nothing that deflate could shorten.
        let mut state = 1u64;
        let noise: Vec<u8> = (0..5 * PIECE)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect();
        let (mut out, mut written, mut most) = (Vec::new(), Vec::new(), 0);
        let mut full = |out: &mut Vec<u8>| {
            most = most.max(out.len());
            written.append(out);
            Ok(())
        };
        MemberEncoder::new(1).append(&[b"head", &noise], &mut out, &mut full).unwrap();
        assert!(most < PIECE + 64 * 1024, "{most}");
        written.append(&mut out);
        let mut back = Vec::new();
        MultiGzDecoder::new(written.as_slice()).read_to_end(&mut back).unwrap();
        assert!(back == [b"head", noise.as_slice()].concat());
    }

    proptest! {
        #[test]
        fn members_read_back(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5000), 0..4)) {
            let mut encoder = MemberEncoder::new(6);
            let mut out = Vec::new();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            encoder.append(&parts, &mut out, &mut |_| Ok(())).unwrap();
            encoder.append(&parts, &mut out, &mut |_| Ok(())).unwrap();
            let mut back = Vec::new();
            MultiGzDecoder::new(out.as_slice()).read_to_end(&mut back).unwrap();
            prop_assert_eq!(back, [parts.concat(), parts.concat()].concat());
        }
    }
}
