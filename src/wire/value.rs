//! Plain values as bytes: what the JavaScript package sends.
//!
//! ```text
//! value = 0 null | 1 false | 2 true | 3 signed | 4 text | 5 count value* | 6 count (text value)* | 7 text | 8 text
//! ```
//!
//! 7 is a JavaScript number that is not a whole number in ±2⁵³, 8 something that is no plain value at all; both carry
//! their description, so that the refusal can name the field and say what was found there.

use crate::bytes::Reader;
use crate::error::{Code, Error, Result, quoted};
use std::borrow::Cow;

/// The deepest nesting of a request; the package refuses deeper ones itself.
const DEPTH: u32 = 32;

/// Room for so many entries is made before they are there: a request may say any number.
pub(super) const AT_ONCE: usize = 1024;

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
    /// No plain value, described.
    Foreign(&'a str),
}

impl Value<'_> {
    /// What it is, for people.
    #[must_use]
    pub fn describe(&self) -> Cow<'static, str> {
        match self {
            Value::Null => "null".into(),
            Value::Boolean(value) => value.to_string().into(),
            Value::Whole(number) => format!("the number {number}").into(),
            Value::Number(number) => format!("the number {number}").into(),
            Value::Text(text) => format!("the text {}", quoted(text)).into(),
            Value::List(_) => "a list".into(),
            Value::Object(_) => "an object".into(),
            Value::Foreign(what) => (*what).to_owned().into(),
        }
    }
}

/// Reads the bytes of one value.
///
/// # Errors
/// `malformedRequest` for anything else.
pub fn read(bytes: &[u8]) -> Result<Value<'_>> {
    let mut reader = Reader::new(bytes);
    read_value(&mut reader, DEPTH)
        .filter(|_| reader.is_empty())
        .ok_or_else(|| Error::general(Code::MalformedRequest, "the bytes of one value", "other bytes"))
}

fn read_value<'a>(reader: &mut Reader<'a>, depth: u32) -> Option<Value<'a>> {
    Some(match reader.byte()? {
        0 => Value::Null,
        1 => Value::Boolean(false),
        2 => Value::Boolean(true),
        3 => Value::Whole(reader.number()?),
        4 => Value::Text(reader.text()?),
        5 => {
            let (depth, count) = (depth.checked_sub(1)?, reader.count()?);
            let mut list = Vec::with_capacity(count.min(AT_ONCE));
            for _ in 0..count {
                list.push(read_value(reader, depth)?);
            }
            Value::List(list)
        }
        6 => {
            let (depth, count) = (depth.checked_sub(1)?, reader.count()?);
            let mut fields = Vec::with_capacity(count.min(AT_ONCE));
            for _ in 0..count {
                fields.push((reader.text()?, read_value(reader, depth)?));
            }
            Value::Object(fields)
        }
        7 => Value::Number(reader.text()?),
        8 => Value::Foreign(reader.text()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        let bytes = [6, 2, 1, b'a', 5, 2, 3, 2, 0, 1, b'b', 4, 2, b'h', b'i'];
        let value = read(&bytes).unwrap();
        let list = Value::List(vec![Value::Whole(1), Value::Null]);
        assert_eq!(value, Value::Object(vec![("a", list), ("b", Value::Text("hi"))]));
    }

    #[test]
    fn other_bytes_are_refused() {
        let mut deep = [5, 1].repeat(40);
        deep.push(0);
        for bytes in [&[][..], &[9], &[0, 0], &[4, 5, b'x'], &[5, 200, 200, 200, 1], &[6, 1, 1, b'a'], &deep] {
            assert_eq!(read(bytes).unwrap_err().code(), Code::MalformedRequest, "{bytes:?}");
        }
    }
}
