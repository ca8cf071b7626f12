use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Writes gzip members (RFC 1952), keeping the compressor's tables from one to the next.
pub(crate) struct MemberEncoder {
    deflate: Compress,
}

impl MemberEncoder {
    pub(crate) fn new(level: u32) -> Self {
        Self { deflate: Compress::new(Compression::new(level.min(9)), false) }
    }

    /// Appends `parts`, one after the other, as one member to `out`.
    pub(crate) fn append(&mut self, parts: &[&[u8]], out: &mut Vec<u8>) -> Result<(), flate2::CompressError> {
        self.deflate.reset();
        let mut crc = Crc::new();
        // No name, no time: equal input gives equal bytes. 255 = unknown operating system.
        out.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        for part in parts {
            crc.update(part);
            let mut rest = *part;
            while !rest.is_empty() {
                rest = &rest[self.step(rest, out, FlushCompress::None)?.0..];
            }
        }
        while self.step(&[], out, FlushCompress::Finish)?.1 != Status::StreamEnd {}
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        Ok(())
    }

    fn step(
        &mut self,
        input: &[u8],
        out: &mut Vec<u8>,
        flush: FlushCompress,
    ) -> Result<(usize, Status), flate2::CompressError> {
        out.reserve(32 * 1024);
        let before = self.deflate.total_in();
        let status = self.deflate.compress_vec(input, out, flush)?;
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

    proptest! {
        #[test]
        fn members_read_back(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5000), 0..4)) {
            let mut encoder = MemberEncoder::new(6);
            let mut out = Vec::new();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            encoder.append(&parts, &mut out).unwrap();
            encoder.append(&parts, &mut out).unwrap();
            let mut back = Vec::new();
            MultiGzDecoder::new(out.as_slice()).read_to_end(&mut back).unwrap();
            prop_assert_eq!(back, [parts.concat(), parts.concat()].concat());
        }
    }
}
