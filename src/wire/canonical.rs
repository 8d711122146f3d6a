//! Values of a request as one text, however they were written: JSON without spaces, the fields of an object in the
//! order of their names (by UTF-16 units, as JavaScript sorts), numbers and texts as `JSON.stringify` writes them. For
//! what JavaScript can send, this is the canonical form of RFC 8785. So anyone can hash a log, and a database may keep
//! fields in another order.

use super::Value;
use super::json::Json;
use crate::order::sort_by;

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
            sort_by(&mut fields, |(a, _), (b, _)| {
                a.encode_utf16().cmp(b.encode_utf16())
            });
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
