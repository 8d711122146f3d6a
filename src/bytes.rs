//! Plain bytes: the writer and the reader that snapshots and cursors share.
//!
//! Whole numbers are LEB128 (7 bits a byte, least first), signed ones zigzagged before; texts and lists carry their
//! length in front. The reader never trusts a length: it returns `None` instead of reading past the end.

use std::fmt;

/// A writer in pieces hands on what it has once it has that many bytes.
const PIECE: usize = 0x8000;

/// Takes a piece of bytes that is finished.
type Take<'a> = &'a mut dyn FnMut(&[u8]);

/// Appends values to a buffer.
#[derive(Default)]
pub struct Writer<'a> {
    bytes: Vec<u8>,
    /// Who takes what is written, piece by piece.
    take: Option<Take<'a>>,
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    /// Room for all that a writer in pieces has at a time.
    #[must_use]
    pub fn room() -> Vec<u8> {
        // A writer that has almost a piece gets at most one more piece.
        Vec::with_capacity(2 * PIECE)
    }

    /// A writer that hands on what is written, piece by piece, and needs no memory but `room`.
    #[must_use]
    pub fn in_pieces(room: Vec<u8>, take: &'a mut dyn FnMut(&[u8])) -> Self {
        Self {
            bytes: room,
            take: Some(take),
        }
    }

    /// Hands on the last piece, and gives the room back.
    #[must_use]
    pub fn end(mut self) -> Vec<u8> {
        self.hand_on();
        self.bytes
    }

    #[cold]
    fn hand_on(&mut self) {
        if let Some(take) = &mut self.take {
            take(&self.bytes);
            self.bytes.clear();
        }
    }

    /// What has been written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The same, while more follows.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes have been written and not handed on.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Forgets what has been written, and keeps its room.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Bytes as they are, without a length.
    pub fn raw(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            if self.bytes.len() >= PIECE {
                self.hand_on();
            }
            self.bytes.extend_from_slice(piece);
        }
    }

    /// A whole number from 0.
    pub fn unsigned(&mut self, mut value: u128) {
        if self.bytes.len() >= PIECE {
            self.hand_on();
        }

        // From 0x80 on there are more bits than one group has.
        while let low @ 0x80.. = value {
            self.bytes.push(low7(low) | 0x80);
            value >>= 7;
        }
        self.bytes.push(low7(value));
    }

    /// A whole number of either sign.
    pub fn signed(&mut self, value: i128) {
        self.unsigned((value.cast_unsigned() << 1) ^ (value >> 127).cast_unsigned());
    }

    /// A length or an index.
    pub fn count(&mut self, count: usize) {
        self.unsigned(u128::try_from(count).unwrap_or(u128::MAX));
    }

    /// A text with its length.
    pub fn text(&mut self, text: &str) {
        self.count(text.len());
        self.raw(text.as_bytes());
    }

    /// A value that may be absent.
    pub fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// The lowest seven bits.
fn low7(value: u128) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0x7f)
}

/// Takes values off the front of a slice; `None` at the end or for what the writer does not write.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from the front.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether everything has been read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    /// `length` bytes as they are.
    pub fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(head)
    }

    /// Passes over `bytes` if they come next.
    pub fn pass(&mut self, bytes: &[u8]) -> bool {
        let rest = self.bytes.strip_prefix(bytes);
        self.bytes = rest.unwrap_or(self.bytes);
        rest.is_some()
    }

    /// What `later`, a copy of this reader, has read since.
    #[must_use]
    pub fn until(self, later: &Self) -> &'a [u8] {
        let length = self.bytes.len().saturating_sub(later.bytes.len());
        self.bytes.get(..length).unwrap_or_default()
    }

    /// A whole number of one byte, if the next is one: nearly all are lengths, kinds and differences.
    #[inline]
    fn short(&mut self) -> Option<u8> {
        let (&first, rest) = self
            .bytes
            .split_first()
            .filter(|(first, _)| **first < 0x80)?;
        self.bytes = rest;
        Some(first)
    }

    /// A whole number from 0, in its shortest form.
    pub fn unsigned(&mut self) -> Option<u128> {
        if let Some(short) = self.short() {
            return Some(short.into());
        }

        let mut value = 0_u128;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            let bits = u128::from(byte & 0x7f);
            let placed = bits.checked_shl(shift)?;

            // Bits beyond the 128th, or a last group of nothing: the writer writes neither, and a number has one form.
            if placed >> shift != bits || (byte == 0 && shift > 0) {
                return None;
            }

            value |= placed;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift = shift.checked_add(7)?;
        }
    }

    /// A whole number of either sign.
    pub fn signed(&mut self) -> Option<i128> {
        // The lowest bit is the sign: all bits of the number are turned round where it is set.
        let zigzag = self.unsigned()?;
        let sign = (zigzag & 1).cast_signed().checked_neg()?;
        Some((zigzag >> 1).cast_signed() ^ sign)
    }

    /// A whole number that fits `T`.
    pub fn number<T: TryFrom<i128>>(&mut self) -> Option<T> {
        T::try_from(self.signed()?).ok()
    }

    /// The length of a list whose entries take at least one byte each, so that no length can ask for more memory
    /// than the bytes can fill.
    #[inline]
    pub fn count(&mut self) -> Option<usize> {
        let count = match self.short() {
            Some(short) => usize::from(short),
            None => usize::try_from(self.unsigned()?).ok()?,
        };
        (count <= self.bytes.len()).then_some(count)
    }

    /// An index: a number from 0 that fits `u32`.
    pub fn index(&mut self) -> Option<u32> {
        u32::try_from(self.unsigned()?).ok()
    }

    /// A text with its length.
    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.count()?;
        std::str::from_utf8(self.raw(length)?).ok()
    }

    /// A value that may be absent.
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [
            0,
            1,
            -1,
            63,
            64,
            -64,
            -65,
            i128::from(i64::MAX),
            i128::from(i64::MIN),
            i128::MAX,
            i128::MIN,
        ];
        for number in numbers {
            let mut writer = Writer::default();
            writer.signed(number);
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.signed(), Some(number));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn a_number_has_one_form_only() {
        assert_eq!(
            Reader::new(&[0x80, 0x00]).unsigned(),
            None,
            "an empty last group"
        );
        assert_eq!(Reader::new(&[0x80; 30]).unsigned(), None, "no end");
        assert_eq!(Reader::new(&[0xff; 18]).unsigned(), None, "no end");
        let mut wide = [0xff; 19];
        wide[18] = 0x04;
        assert_eq!(Reader::new(&wide).unsigned(), None, "more than 128 bits");
        wide[18] = 0x03;
        assert_eq!(Reader::new(&wide).unsigned(), Some(u128::MAX));
    }

    #[test]
    fn a_length_is_never_trusted() {
        let mut writer = Writer::default();
        writer.unsigned(u128::from(u64::MAX));
        let bytes = writer.into_bytes();
        assert_eq!(Reader::new(&bytes).text(), None);
        assert_eq!(Reader::new(&[2, b'a']).text(), None);
        assert_eq!(Reader::new(&[1, 0xff]).text(), None, "not UTF-8");
    }
}
