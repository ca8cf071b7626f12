use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;

/// False starts of members that are tried in one file. By chance there is one in 128 MB; a file of nothing else is hostile.
const FALSE_STARTS: u32 = 10_000;

/// The decoded bytes of an archive file, one unit after the other: a gzip member, or a whole file without gzip.
pub(crate) struct Stream<R> {
    unit: Unit<R>,
    gzip: bool,
    /// Byte of the file where the unit begins.
    unit_start: u64,
    /// Decoded bytes of the unit that were consumed.
    consumed: u64,
    /// What is left of [`FALSE_STARTS`].
    false_starts: u32,
}

enum Unit<R> {
    Plain(Counted<R>),
    // Boxed: the decoder's state is many times the size of the other variant.
    Member(Box<BufReader<GzDecoder<Counted<R>>>>),
    /// Only while a unit gives way to the next, or after seeking failed.
    None,
}

impl<R: Read + Seek> Stream<R> {
    /// The stream from byte `start` on.
    pub(crate) fn open(inner: R, gzip: bool, start: u64) -> io::Result<Self> {
        let counted = Counted::at(inner, start)?;
        let unit =
            if gzip { Unit::Member(Box::new(BufReader::new(GzDecoder::new(counted)))) } else { Unit::Plain(counted) };
        Ok(Self { unit, gzip, unit_start: start, consumed: 0, false_starts: FALSE_STARTS })
    }

    pub(crate) fn is_gzip(&self) -> bool {
        self.gzip
    }

    /// Byte of the file and decoded byte of the member of what is read next.
    pub(crate) fn position(&self) -> (u64, u64) {
        if self.gzip { (self.unit_start, self.consumed) } else { (self.unit_start + self.consumed, 0) }
    }

    /// Byte of the file up to which it was read. Exact at the end of a member and in a file without gzip.
    pub(crate) fn file_position(&self) -> u64 {
        match &self.unit {
            Unit::Plain(_) => self.unit_start + self.consumed,
            Unit::Member(member) => member.get_ref().get_ref().position,
            Unit::None => self.unit_start,
        }
    }

    /// Goes on to the next member. False at the end of the file.
    pub(crate) fn next_unit(&mut self) -> io::Result<bool> {
        let Unit::Member(member) = std::mem::replace(&mut self.unit, Unit::None) else { return Ok(false) };
        let mut counted = member.into_inner().into_inner();
        self.unit_start = counted.position;
        self.consumed = 0;
        if counted.fill_buf()?.is_empty() {
            return Ok(false);
        }
        self.unit = Unit::Member(Box::new(BufReader::new(GzDecoder::new(counted))));
        Ok(true)
    }

    /// Reads on from byte `to`, of a file without gzip.
    pub(crate) fn seek_plain(&mut self, to: u64) -> io::Result<()> {
        if let Unit::Plain(counted) = std::mem::replace(&mut self.unit, Unit::None) {
            self.unit = Unit::Plain(Counted::at(counted.inner.into_inner(), to)?);
            self.unit_start = to;
            self.consumed = 0;
        }
        Ok(())
    }

    /// Looks from byte `from` on for a member that holds a record, and goes there. False if there is none.
    pub(crate) fn resync(&mut self, from: u64, arc: bool) -> io::Result<bool> {
        let Unit::Member(member) = std::mem::replace(&mut self.unit, Unit::None) else { return Ok(false) };
        let mut inner = member.into_inner().into_inner().inner.into_inner();
        let mut from = from;
        loop {
            let mut counted = Counted::at(inner, from)?;
            let Some(candidate) = find_member(&mut counted)? else { return Ok(false) };
            let mut member = GzDecoder::new(Counted::at(counted.inner.into_inner(), candidate)?);
            let mut start = [0u8; 5];
            // An ARC record begins with an address: `dns:a`, `http:`, `https`.
            let begins = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'-');
            let is_record = member.read_exact(&mut start).is_ok()
                && if arc { start.iter().all(begins) } else { &start == b"WARC/" };
            inner = member.into_inner().inner.into_inner();
            if is_record {
                let counted = Counted::at(inner, candidate)?;
                self.unit = Unit::Member(Box::new(BufReader::new(GzDecoder::new(counted))));
                self.unit_start = candidate;
                self.consumed = 0;
                return Ok(true);
            }
            self.false_starts = self.false_starts.saturating_sub(1);
            if self.false_starts == 0 {
                return Ok(false);
            }
            from = candidate + 1;
        }
    }
}

impl<R: Read + Seek> Read for Stream<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.unit {
            Unit::Plain(counted) => counted.read(into)?,
            Unit::Member(member) => member.read(into)?,
            Unit::None => 0,
        };
        self.consumed += read as u64;
        Ok(read)
    }
}

impl<R: Read + Seek> BufRead for Stream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.unit {
            Unit::Plain(counted) => counted.fill_buf(),
            Unit::Member(member) => member.fill_buf(),
            Unit::None => Ok(&[]),
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.unit {
            Unit::Plain(counted) => counted.consume(amount),
            Unit::Member(member) => member.consume(amount),
            Unit::None => return,
        }
        self.consumed += amount as u64;
    }
}

/// A buffered reader that knows at which byte of the file it stands.
struct Counted<R> {
    inner: BufReader<R>,
    position: u64,
}

impl<R: Read + Seek> Counted<R> {
    fn at(mut inner: R, position: u64) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(position))?;
        Ok(Self { inner: BufReader::with_capacity(64 * 1024, inner), position })
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.position += amount as u64;
    }
}

/// The next byte that could begin a gzip member: the magic, deflate, no reserved flag (RFC 1952, 2.3).
fn find_member<R: Read>(counted: &mut Counted<R>) -> io::Result<Option<u64>> {
    let mut seen = 0u32;
    loop {
        let buffer = counted.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        for (i, byte) in buffer.iter().enumerate() {
            seen = seen << 8 | u32::from(*byte);
            if seen >> 8 == 0x001f_8b08 && seen & 0xe0 == 0 {
                let found = counted.position + i as u64 - 3;
                return Ok(Some(found));
            }
        }
        let length = buffer.len();
        counted.consume(length);
    }
}
