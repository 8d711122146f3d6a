//! Values of a request as one text, however they were written: JSON without spaces, the fields of an object in the
//! order of their names (by UTF-16 units, as JavaScript sorts), numbers and texts as `JSON.stringify` writes them. For
//! what JavaScript can send, this is the canonical form of RFC 8785. So anyone can hash a log, and a database may keep
//! fields in another order.

use super::Value;
use super::contract::DEPTH;
use super::fields::wrong_type;
use super::json::Json;
use crate::error::{Error, Reason, Result, Site};
use crate::memory::{self, capped_product, capped_sum};
use crate::order::sort_by;
use std::cmp::Ordering;

/// Refuses what JSON does not hold, and what an entry, which adds a level, could not be read with again.
///
/// # Errors
/// `invalidType` for what is no plain value and for numbers that JSON has not; `tooLarge` for too many levels.
pub(super) fn check(value: &Value<'_>, site: &Site<'_>) -> Result<()> {
    check_levels(value, site, DEPTH.saturating_sub(1))
}

fn check_levels(value: &Value<'_>, site: &Site<'_>, levels: u32) -> Result<()> {
    match value {
        Value::Null | Value::Boolean(_) | Value::Whole(_) | Value::Text(_) => Ok(()),
        Value::Number(number) if is_json(number) => Ok(()),
        Value::Number(_) | Value::Foreign(_) => Err(wrong_type(site, "scalar", value)),
        Value::List(list) => {
            let levels = below(levels, site)?;
            let mut entries = list.iter().enumerate();
            entries.try_for_each(|(index, entry)| check_levels(entry, &site.entry(index), levels))
        }
        Value::Object(fields) => {
            let levels = below(levels, site)?;
            let mut fields = fields.iter();
            fields.try_for_each(|(name, field)| check_levels(field, &site.field(name), levels))
        }
    }
}

/// How many levels there may be below a list or an object.
fn below(levels: u32, site: &Site<'_>) -> Result<u32> {
    let below = levels.checked_sub(1);
    below.ok_or_else(|| Error::of(Reason::RequestTooLarge {}, site))
}

/// Whether JSON writes a number as JavaScript prints it: not −0, NaN and the infinities.
fn is_json(number: &str) -> bool {
    number != "-0" && !number.ends_with(|letter: char| letter.is_ascii_alphabetic())
}

/// A copy of a value with the fields of every object in their canonical order, for which memory has room.
#[derive(Debug)]
pub(super) struct Sorted<'a>(Value<'a>);

impl<'a> Sorted<'a> {
    /// Sorts a copy.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for the copy and for the entry that is made of it.
    pub(super) fn of(value: &Value<'a>) -> Result<Self> {
        let room = room_of(value);
        if room > SMALL {
            memory::reserve(room)?;
        }
        Ok(Self(sorted(value)))
    }

    /// The value.
    pub(super) const fn value(&self) -> &Value<'a> {
        &self.0
    }
}

/// What a value may take of the room that is always there.
const SMALL: usize = 0x1000;

/// How often the text of a value is there at the same time: by itself, in its entry with and without a hash, and in the
/// answer; each may have grown to twice its length.
const COPIES: usize = 8;

/// What a sorted copy of a value, and the entry that is made of it, may take in bytes.
fn room_of(value: &Value<'_>) -> usize {
    let below = match value {
        Value::Null | Value::Boolean(_) | Value::Whole(_) => 0,
        Value::Number(text) | Value::Foreign(text) | Value::Text(text) => {
            capped_product(written_length(text), COPIES)
        }
        Value::List(list) => capped_sum(list.iter().map(room_of)),
        Value::Object(fields) => capped_sum(fields.iter().map(|(name, field)| {
            let name = capped_product(written_length(name), COPIES);
            capped_sum([name, size_of::<&str>(), room_of(field)])
        })),
    };
    // A number, a word and the marks around a value are no longer than it is in memory.
    capped_sum([below, capped_product(size_of::<Value<'_>>(), COPIES)])
}

/// How long a text is in JSON, without its quotation marks; the longest form of a control character counts for all.
fn written_length(text: &str) -> usize {
    capped_sum(text.bytes().map(|byte| match byte {
        ..b' ' => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    }))
}

fn sorted<'a>(value: &Value<'a>) -> Value<'a> {
    match value {
        Value::List(list) => Value::List(list.iter().map(sorted).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| (*name, sorted(field)));
            let mut fields: Vec<_> = fields.collect();
            sort_by(&mut fields, |(a, _), (b, _)| by_units(a, b));
            Value::Object(fields)
        }
        other => other.clone(),
    }
}

/// The order of names in which JavaScript sorts. Letters of one byte are in it as they are.
fn by_units(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// The canonical text of a value.
pub(super) fn text(value: &Value<'_>) -> String {
    let mut json = Json::default();
    write(&mut json, value);
    json.into_text()
}

/// The canonical text of an object without one of its fields.
pub(super) fn text_without(value: &Value<'_>, name: &str) -> String {
    let Value::Object(fields) = value else {
        return text(value);
    };
    let mut json = Json::default();
    let fields = fields.iter().filter(|(field, _)| *field != name);
    write_fields(&mut json, fields.collect());
    json.into_text()
}

fn write(json: &mut Json, value: &Value<'_>) {
    match value {
        Value::Null | Value::Foreign(_) => json.nothing(),
        Value::Boolean(truth) => json.truth(*truth),
        Value::Whole(number) => json.number(*number),
        Value::Number(text) => json.json(text),
        Value::Text(text) => json.quote(text),
        Value::List(list) => {
            json.open('[');
            for entry in list {
                match entry {
                    // Brackets see themselves what is before them.
                    Value::List(_) | Value::Object(_) => write(json, entry),
                    _ => write(json.item(), entry),
                }
            }
            json.close(']');
        }
        Value::Object(fields) => write_fields(json, fields.iter().collect()),
    }
}

fn write_fields(json: &mut Json, mut fields: Vec<&(&str, Value<'_>)>) {
    // What was sorted as a copy need not be sorted again.
    if !fields.is_sorted_by(|(a, _), (b, _)| by_units(a, b).is_le()) {
        sort_by(&mut fields, |(a, _), (b, _)| by_units(a, b));
    }
    json.open('{');
    for (name, field) in fields {
        write(json.any_name(name), field);
    }
    json.close('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_copy_has_the_same_text_and_room_for_it() {
        let letters = "\u{1}\"\\é".repeat(100);
        let inner = Value::Object(vec![("z", Value::Text(&letters)), ("a", Value::Null)]);
        let value = Value::Object(vec![("b", inner), ("a", Value::Number("0.1"))]);

        let copy = Sorted::of(&value).unwrap();

        assert_eq!(text(copy.value()), text(&value));
        assert_eq!(copy.value(), &sorted(copy.value()));
        assert!(text(&value).len() * COPIES <= room_of(&value));
    }

    #[test]
    fn fields_are_in_the_order_of_their_names() {
        let inner = Value::Object(vec![("z", Value::Null), ("a", Value::Boolean(true))]);
        let list = Value::List(vec![
            Value::Whole(-5),
            Value::Number("0.1"),
            Value::List(Vec::new()),
            Value::Object(Vec::new()),
        ]);
        let value = Value::Object(vec![
            ("b", Value::Text("a \"quote\"\n")),
            // U+1F600 comes before U+FB01 by UTF-16 units, and after it by code points.
            ("\u{fb01}", list),
            ("\u{1f600}", inner),
        ]);
        let expected = concat!(
            "{\"b\":\"a \\\"quote\\\"\\n\",",
            "\"\u{1f600}\":{\"a\":true,\"z\":null},",
            "\"\u{fb01}\":[-5,0.1,[],{}]}",
        );
        assert_eq!(text(&value), expected);
    }
}
