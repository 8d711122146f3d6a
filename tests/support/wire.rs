//! JSON as the bytes of a request, as `src/js/encode.js` writes them and `src/wire/value.rs` reads them.

use serde_json::{Number, Value};
use setoff::bytes::Writer;

/// The bytes of `value`.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut writer = Writer::default();
    write(&mut writer, value);
    writer.into_bytes()
}

fn write(writer: &mut Writer, value: &Value) {
    match value {
        Value::Null => writer.byte(0),
        Value::Bool(false) => writer.byte(1),
        Value::Bool(true) => writer.byte(2),
        Value::Number(number) => write_number(writer, number),
        Value::String(text) => {
            writer.byte(4);
            writer.text(text);
        }
        Value::Array(values) => {
            writer.byte(5);
            writer.count(values.len());
            values.iter().for_each(|value| write(writer, value));
        }
        Value::Object(fields) => {
            writer.byte(6);
            writer.count(fields.len());
            for (name, value) in fields {
                writer.text(name);
                write(writer, value);
            }
        }
    }
}

/// A number as JavaScript has it after `JSON.parse`: exact if it is whole and within ±(2⁵³ − 1), else as printed there.
fn write_number(writer: &mut Writer, number: &Number) {
    const SAFE: i64 = (1 << 53) - 1;
    let number = number.as_f64().expect("a JSON number has a nearest double");
    let plain = number.to_string();
    if let Some(whole) = plain.parse::<i64>().ok().filter(|whole| (-SAFE..=SAFE).contains(whole) && plain != "-0") {
        writer.byte(3);
        writer.signed(whole.into());
        return;
    }
    let size = number.abs();
    let text = if size >= 1e21 {
        format!("{number:e}").replace('e', "e+")
    } else if size < 1e-6 && size > 0.0 {
        format!("{number:e}")
    } else {
        plain
    };
    writer.byte(7);
    writer.text(&text);
}
