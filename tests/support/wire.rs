//! JSON as the bytes of a request, as `src/js/encode.js` writes them and `src/wire/value.rs` reads them.

use serde_json::{Number, Value};

/// The bytes of `value`.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.write(value);
    writer.bytes
}

/// How many names have numbers.
const NAMES: usize = 63;

#[derive(Default)]
struct Writer<'v> {
    bytes: Vec<u8>,
    names: Vec<&'v str>,
}

impl<'v> Writer<'v> {
    fn write(&mut self, value: &'v Value) {
        match value {
            Value::Null => self.bytes.push(0),
            Value::Bool(false) => self.bytes.push(1),
            Value::Bool(true) => self.bytes.push(2),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(4, text),
            Value::Array(values) => {
                self.bytes.push(5);
                self.count(values.len());
                values.iter().for_each(|value| self.write(value));
            }
            Value::Object(fields) => {
                self.bytes.push(6);
                self.count(fields.len());
                for (name, value) in fields {
                    self.name(name);
                    self.write(value);
                }
            }
        }
    }

    fn name(&mut self, name: &'v str) {
        if let Some(place) = self.names.iter().position(|known| *known == name) {
            return self.count(place + 1);
        }
        self.text(0, name);
        if self.names.len() < NAMES {
            self.names.push(name);
        }
    }

    fn text(&mut self, tag: u8, text: &str) {
        self.bytes.push(tag);
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn count(&mut self, mut count: usize) {
        while count >= 0x40 {
            self.bytes
                .push(u8::try_from(count % 0x40).expect("less than 64") | 0x40);
            count /= 0x40;
        }
        self.bytes.push(u8::try_from(count).expect("less than 64"));
    }

    /// A number as JavaScript has it after `JSON.parse`: exact if it is whole and within ±(2⁵³ − 1), else as printed
    /// there.
    fn number(&mut self, number: &Number) {
        const SAFE: i64 = (1 << 53) - 1;
        let number = number.as_f64().expect("a JSON number has a nearest double");
        let plain = number.to_string();
        if let Some(whole) = plain
            .parse::<i64>()
            .ok()
            .filter(|whole| (-SAFE..=SAFE).contains(whole) && plain != "-0")
        {
            self.bytes.push(3);
            return self.count(usize::try_from((whole << 1) ^ (whole >> 63)).expect("zigzagged"));
        }
        let size = number.abs();
        let text = if size >= 1e21 {
            format!("{number:e}").replace('e', "e+")
        } else if size < 1e-6 && size > 0.0 {
            format!("{number:e}")
        } else {
            plain
        };
        self.text(7, &text);
    }
}
