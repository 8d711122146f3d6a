//! Values of a request as one text, however they were written: JSON without spaces, the fields of an object in the
//! order of their names (by UTF-16 units, as JavaScript sorts), numbers and texts as `JSON.stringify` writes them. For
//! what JavaScript can send, this is the canonical form of RFC 8785. So anyone can hash a log, and a database may keep
//! fields in another order.

use super::Value;
use super::contract::DEPTH;
use super::fields::wrong_type;
use super::json::Json;
use crate::error::{Error, Reason, Result, Site};
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
    let below = || {
        let below = levels.checked_sub(1);
        below.ok_or_else(|| Error::of(Reason::RequestTooLarge {}, site))
    };
    match value {
        Value::Null | Value::Boolean(_) | Value::Whole(_) | Value::Text(_) => Ok(()),
        Value::Number(number) if is_json(number) => Ok(()),
        Value::Number(_) | Value::Foreign(_) => Err(wrong_type(site, "scalar", value)),
        Value::List(list) => {
            let levels = below()?;
            let mut entries = list.iter().enumerate();
            entries.try_for_each(|(index, entry)| check_levels(entry, &site.entry(index), levels))
        }
        Value::Object(fields) => {
            let levels = below()?;
            let mut fields = fields.iter();
            fields.try_for_each(|(name, field)| check_levels(field, &site.field(name), levels))
        }
    }
}

/// Whether JSON writes a number as JavaScript prints it: not −0, NaN and the infinities.
fn is_json(number: &str) -> bool {
    number != "-0" && !number.ends_with(|letter: char| letter.is_ascii_alphabetic())
}

/// The same value with the fields of every object in their canonical order.
pub(super) fn sorted<'a>(value: &Value<'a>) -> Value<'a> {
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

/// The order of names in which JavaScript sorts.
fn by_units(a: &str, b: &str) -> Ordering {
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
    let fields = fields.iter().filter(|(field, _)| *field != name);
    text(&Value::Object(fields.cloned().collect()))
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
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            sort_by(&mut fields, |(a, _), (b, _)| by_units(a, b));
            json.open('{');
            for (name, field) in fields {
                write(json.any_name(name), field);
            }
            json.close('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
