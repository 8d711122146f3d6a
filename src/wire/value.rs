//! Plain values as bytes: what the JavaScript package sends.
//!
//! ```text
//! value = 0 null | 1 false | 2 true | 3 number | 4 text | 5 count value* | 6 count (name value)* | 7 text | 8 text
//! text  = count, that many bytes of UTF-8        name = 0 text, the next of the names | its number among them, from 1
//! count = groups of 6 bits, the lowest first; 64 is added to each but the last        number = zigzagged, as a count
//! ```
//!
//! Only the first 63 names have numbers. 7 is a JavaScript number that is not a whole number in ±2⁵³, as JavaScript
//! prints it. 8 is no plain value at all: `undefined`, `function`, `symbol`, `bigint`, or `class` and the name of the
//! class. Both are there so that the refusal can name the field and say what was found. All this is UTF-8 as a whole,
//! so that it is checked but once.

use super::contract::{DEPTH, NAMES, tag};
use crate::error::{Error, Reason, Result, Site};
use crate::memory::{self, Room, capped_product, capped_sum};

/// Requests of more bytes are asked what they will take.
const LARGE: usize = 0x1000;

/// What an object may take in addition once the engine has made of it what it stands for: a command, an item.
const OBJECT: usize = 512;

/// What any value may take beside its letters.
const SCALAR: usize = 32;

/// How often a text may be there at the same time: in the request, in the document, and in a result that grows.
const COPIES: usize = 8;

/// A plain value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number in ±2⁵³.
    Whole(i64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(Vec<Value<'a>>),
    /// An object: its own enumerable fields, in their order.
    Object(Vec<(&'a str, Value<'a>)>),
    /// Another number, as JavaScript prints it.
    Number(&'a str),
    /// No plain value: its type, or `class` and the name of its class.
    Foreign(&'a str),
}

/// Reads the bytes of one value.
///
/// # Errors
/// `malformedRequest` for anything else; `tooLarge` where the memory has no room for it.
pub fn read(bytes: &[u8]) -> Result<Value<'_>> {
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    let mut source = Source {
        text,
        at: 0,
        names: [""; NAMES],
        named: 0,
        value_count: 1,
        object_count: 0,
        room: Room::default(),
        full: None,
    };

    match source.value(DEPTH) {
        Some(value) if source.at == text.len() => {
            // There is always room for small requests.
            if bytes.len() > LARGE {
                memory::reserve(source.made_room())?;
            }
            Ok(value)
        }
        _ => Err(source.full.unwrap_or_else(malformed)),
    }
}

#[cold]
fn malformed() -> Error {
    Error::of(Reason::MalformedBytes {}, &Site::Command)
}

/// Bytes on their way to become values. What it reads it never trusts: `None` is the end, or something else than is
/// needed.
struct Source<'a> {
    text: &'a str,
    at: usize,
    /// The names with numbers, and how many there are so far.
    names: [&'a str; NAMES],
    named: usize,
    /// How many values there are so far, and how many of them are objects.
    value_count: usize,
    object_count: usize,
    room: Room,
    /// Why there was no room for a value.
    full: Option<Error>,
}

impl<'a> Source<'a> {
    /// What may be made of all that was read, in bytes. Counted as it is read: to look at every value again would take
    /// longer.
    fn made_room(&self) -> usize {
        capped_sum([
            capped_product(self.text.len(), COPIES),
            capped_product(self.value_count, SCALAR),
            capped_product(self.object_count, OBJECT),
        ])
    }

    /// An empty list with room for `count` entries.
    fn list<T>(&mut self, count: usize) -> Option<Vec<T>> {
        self.value_count = capped_sum([self.value_count, count]);
        match self.room.take::<T>(count) {
            Ok(()) => Some(Vec::with_capacity(count)),
            Err(error) => {
                self.full = Some(error);
                None
            }
        }
    }

    fn value(&mut self, depth: u32) -> Option<Value<'a>> {
        Some(match self.byte()? {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Boolean(false),
            tag::TRUE => Value::Boolean(true),
            tag::WHOLE => Value::Whole(self.number()?),
            tag::TEXT => Value::Text(self.text()?),
            tag::LIST => {
                let (depth, count) = (depth.checked_sub(1)?, self.count()?);
                let mut list = self.list(count)?;
                for _ in 0..count {
                    list.push(self.value(depth)?);
                }
                Value::List(list)
            }
            tag::OBJECT => {
                let (depth, count) = (depth.checked_sub(1)?, self.count()?);

                self.object_count = capped_sum([self.object_count, 1]);
                let mut fields = self.list(count)?;
                for _ in 0..count {
                    let name = self.name()?;
                    // Most are texts: these need not go through the hands of a call.
                    if self.text.as_bytes().get(self.at) == Some(&tag::TEXT) {
                        self.at = self.at.checked_add(1)?;
                        fields.push((name, Value::Text(self.text()?)));
                    } else {
                        fields.push((name, self.value(depth)?));
                    }
                }
                Value::Object(fields)
            }
            tag::NUMBER => Value::Number(self.text()?),
            tag::FOREIGN => Value::Foreign(self.text()?),
            _ => return None,
        })
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at = self.at.checked_add(1)?;
        Some(byte)
    }

    #[inline]
    fn unsigned(&mut self) -> Option<u64> {
        match self.byte()? {
            // Nearly all are one byte.
            low @ ..0x40 => Some(low.into()),
            low @ 0x40..0x80 => self.more(low & 0x3f),
            _ => None,
        }
    }

    /// The number whose lowest bits are `low`.
    fn more(&mut self, low: u8) -> Option<u64> {
        let (mut value, mut shift) = (u64::from(low), 6_u32);
        loop {
            let byte = self.byte().filter(|byte| *byte < 0x80)?;
            let bits = u64::from(byte & 0x3f);
            let placed = bits
                .checked_shl(shift)
                .filter(|placed| placed >> shift == bits)?;
            value |= placed;
            if byte < 0x40 {
                return Some(value);
            }
            shift = shift.checked_add(6)?;
        }
    }

    fn number(&mut self) -> Option<i64> {
        let zigzag = self.unsigned()?;
        Some((zigzag >> 1).cast_signed() ^ (zigzag & 1).cast_signed().checked_neg()?)
    }

    /// A length: everything takes a byte at least, so that no length can ask for more memory than the bytes can fill.
    #[inline]
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.unsigned()?).ok()?;
        (count <= self.text.len().checked_sub(self.at)?).then_some(count)
    }

    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        let count = self.count()?;
        let end = self.at.checked_add(count)?;
        let text = self.text.get(self.at..end)?;
        self.at = end;
        Some(text)
    }

    #[inline]
    fn name(&mut self) -> Option<&'a str> {
        if let Some(number) = usize::from(self.byte()?).checked_sub(1) {
            return self.names.get(..self.named)?.get(number).copied();
        }
        let name = self.text()?;
        if let Some(place) = self.names.get_mut(self.named) {
            *place = name;
            self.named = self.named.checked_add(1)?;
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn values_are_read() {
        let bytes = [
            6, 2, 0, 1, b'a', 5, 2, 3, 2, 0, 0, 1, b'b', 4, 2, b'h', b'i',
        ];
        let value = read(&bytes).unwrap();
        let list = Value::List(vec![Value::Whole(1), Value::Null]);
        assert_eq!(
            value,
            Value::Object(vec![("a", list), ("b", Value::Text("hi"))])
        );
    }

    #[test]
    fn names_come_again_by_number() {
        let bytes = [5, 2, 6, 2, 0, 1, b'a', 1, 0, 1, b'b', 2, 6, 1, 2, 0];
        let objects = [
            vec![("a", Value::Boolean(false)), ("b", Value::Boolean(true))],
            vec![("b", Value::Null)],
        ];
        assert_eq!(
            read(&bytes).unwrap(),
            Value::List(objects.map(Value::Object).to_vec())
        );
        // The last of them that has a number, and the first that has none.
        let many = |count: u8, number: u8| {
            let mut bytes = vec![6, (count + 1) % 64 + 64, (count + 1) / 64];
            (0..count).for_each(|place| bytes.extend([0, 1, b'0' + place, 0]));
            bytes.extend([number, 0]);
            read(&bytes).map(|_| ())
        };
        assert!(many(63, 63).is_ok() && many(64, 63).is_ok());
        assert!(many(62, 63).is_err() && many(64, 64).is_err());
    }

    #[test]
    fn numbers_are_read() {
        let zigzag = [3, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x3f];
        assert_eq!(read(&zigzag).unwrap(), Value::Whole(-(1 << 53)));
        assert_eq!(read(&[3, 0x40, 1]).unwrap(), Value::Whole(32));
        assert_eq!(read(&[3, 0x3f]).unwrap(), Value::Whole(-32));
    }

    #[test]
    fn other_bytes_are_refused() {
        let mut deep = [5, 1].repeat(40);
        deep.push(0);
        let long = [3]
            .into_iter()
            .chain([0x7f; 10])
            .chain([0x3f])
            .collect::<Vec<_>>();
        let (missing, name) = (&[5, 0x48, 0x48, 0x48, 1][..], &[6, 1, 0, 1, b'a'][..]);
        for bytes in [
            &[][..],
            &[9],
            &[0, 0],
            &[4, 5, b'x'],
            missing,
            name,
            &[6, 1, 1, 0],
            &[3, 0xc3, 0xa9],
            &deep,
            &long,
        ] {
            assert_eq!(
                read(bytes).unwrap_err().code(),
                Code::MalformedRequest,
                "{bytes:?}"
            );
        }
        assert!(read(&[4, 2, 0xc3, 0xa9]).is_ok());
        for bytes in [&[4, 1, 0xc3, 0xa9][..], &[4, 1, 0xc3], &[4, 1, 0xff]] {
            assert_eq!(
                read(bytes).unwrap_err().code(),
                Code::MalformedRequest,
                "no text: {bytes:?}"
            );
        }
    }
}
