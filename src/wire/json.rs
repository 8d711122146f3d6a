//! Results as the text of JSON, which `JSON.parse` reads faster than objects can be made from here.
//!
//! Written by hand, piece by piece: what serde makes of a type for each of its fields is several times as large and as
//! slow. A field is written with its name; there are no lists of anything but objects.

use crate::calendar::Date;
use crate::money::{Amount, Currency, text};
use rust_decimal::Decimal;
use std::fmt::{Display, Write};

/// A text of JSON in the making.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Json(Vec<u8>);

impl Default for Json {
    fn default() -> Self {
        // What most summaries take.
        Self(Vec::with_capacity(1024))
    }
}

impl Json {
    /// The text.
    pub(super) fn into_text(self) -> String {
        // Texts in, a text out.
        String::from_utf8(self.0).unwrap_or_default()
    }

    /// The bytes of the text so far.
    pub(super) const fn length(&self) -> usize {
        self.0.len()
    }

    /// A comma, unless this is the first of its list or object.
    #[inline]
    fn next(&mut self) {
        if !matches!(
            self.0.last(),
            None | Some(b'{' | b'[' | b':' | b'\n' | b'\t')
        ) {
            self.0.push(b',');
        }
    }

    /// The name of a field, which is plain letters; its value is what is written next.
    #[inline(never)]
    pub(super) fn name(&mut self, name: &'static str) -> &mut Self {
        self.next();
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
        self
    }

    /// The name of a field, with any characters in it.
    pub(super) fn any_name(&mut self, name: &str) -> &mut Self {
        self.next();
        self.quote(name);
        self.0.push(b':');
        self
    }

    /// A text of a list.
    pub(super) fn entry(&mut self, text: &str) {
        self.item().quote(text);
    }

    /// An entry of a list, which is written next.
    pub(super) fn item(&mut self) -> &mut Self {
        self.next();
        self
    }

    /// JSON that was written before.
    pub(super) fn json(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A place of a list, counted from 0, in a list.
    pub(super) fn index(&mut self, index: usize) {
        self.next();
        _ = write!(self, "{index}");
    }

    /// The end of one text; another follows.
    pub(super) fn line(&mut self) {
        self.0.push(b'\n');
    }

    /// The end of one word that is no JSON; another follows.
    pub(super) fn tab(&mut self) {
        self.0.push(b'\t');
    }

    /// Letters as they are, outside of JSON.
    pub(super) fn bare(&mut self, letters: &str) {
        self.0.extend_from_slice(letters.as_bytes());
    }

    /// A calendar day, outside of JSON.
    pub(super) fn bare_date(&mut self, date: Date) {
        self.0.extend_from_slice(&date.digits());
    }

    /// Money, outside of JSON.
    pub(super) fn bare_amount(&mut self, amount: Amount, currency: &Currency) {
        text::push(&mut self.0, amount.minor().into(), currency.scale().into());
    }

    /// `{` or `[`.
    #[inline(never)]
    pub(super) fn open(&mut self, bracket: char) {
        self.next();
        _ = self.write_char(bracket);
    }

    /// `}` or `]`.
    #[inline(never)]
    pub(super) fn close(&mut self, bracket: char) {
        _ = self.write_char(bracket);
    }

    /// A field with a list, each entry written by itself.
    pub(super) fn list<T>(
        &mut self,
        name: &'static str,
        entries: impl IntoIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) {
        self.name(name).entries(entries, write);
    }

    /// A list as a value, each entry written by itself.
    pub(super) fn entries<T>(
        &mut self,
        entries: impl IntoIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) {
        self.open('[');
        entries.into_iter().for_each(|entry| write(self, entry));
        self.close(']');
    }

    /// A field with what prints itself without characters that need escapes, as a text.
    #[inline(never)]
    pub(super) fn shown(&mut self, name: &'static str, value: &dyn Display) {
        self.name(name).0.push(b'"');
        // Writing to memory cannot fail.
        _ = write!(self, "{value}");
        self.0.push(b'"');
    }

    /// The same, or `null` if it is absent.
    pub(super) fn optional<T: Display>(&mut self, name: &'static str, value: Option<&T>) {
        match value {
            Some(value) => self.shown(name, value),
            None => self.null(name),
        }
    }

    /// A field with a number, `true` or `false`.
    #[inline(never)]
    pub(super) fn plain(&mut self, name: &'static str, value: &dyn Display) {
        _ = write!(self.name(name), "{value}");
    }

    /// The same, or `null` if it is absent.
    pub(super) fn optional_plain<T: Display>(&mut self, name: &'static str, value: Option<T>) {
        match value {
            Some(value) => self.plain(name, &value),
            None => self.null(name),
        }
    }

    /// A field with nothing.
    #[inline(never)]
    pub(super) fn null(&mut self, name: &'static str) {
        self.name(name).nothing();
    }

    /// A field with `true` or `false`.
    pub(super) fn boolean(&mut self, name: &'static str, value: bool) {
        self.name(name).truth(value);
    }

    /// A field with a whole number.
    #[inline(never)]
    pub(super) fn whole(&mut self, name: &'static str, number: i64) {
        self.name(name).number(number);
    }

    /// A field with an amount of `scale` decimals.
    #[inline(never)]
    pub(super) fn units(&mut self, name: &'static str, units: i128, scale: u32) {
        self.name(name).0.push(b'"');
        text::push(&mut self.0, units, scale);
        self.0.push(b'"');
    }

    /// A field with money.
    pub(super) fn amount(&mut self, name: &'static str, amount: Amount, currency: &Currency) {
        self.units(name, amount.minor().into(), currency.scale().into());
    }

    /// A field with a calendar day.
    #[inline(never)]
    pub(super) fn date(&mut self, name: &'static str, date: Date) {
        self.name(name).0.push(b'"');
        self.0.extend_from_slice(&date.digits());
        self.0.push(b'"');
    }

    /// A field with any text.
    #[inline(never)]
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.name(name).quote(text);
    }

    /// The same, or `null` if it is absent.
    pub(super) fn optional_text(&mut self, name: &'static str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.null(name),
        }
    }

    /// A value that was written by itself before.
    pub(super) fn written(&mut self, value: &Self) {
        self.next();
        self.0.extend_from_slice(&value.0);
    }

    /// `null` as a value.
    pub(super) fn nothing(&mut self) {
        self.0.extend_from_slice(b"null");
    }

    /// `true` or `false` as a value.
    pub(super) fn truth(&mut self, value: bool) {
        self.0
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// A whole number as a value.
    pub(super) fn number(&mut self, number: i64) {
        text::push(&mut self.0, number.into(), 0);
    }

    /// A number with decimals as a value.
    pub(super) fn decimal(&mut self, number: Decimal) {
        text::push(&mut self.0, number.mantissa(), number.scale());
    }

    /// A text as a value, as `JSON.stringify` writes it.
    pub(super) fn quote(&mut self, text: &str) {
        self.0.push(b'"');
        // Most texts have nothing to escape, and are copied as they are.
        let mut bytes = text.bytes();
        if bytes.any(|byte| matches!(byte, b'"' | b'\\' | 0..b' ')) {
            for character in text.chars() {
                _ = match character {
                    '"' | '\\' => write!(self, "\\{character}"),
                    '\n' => self.write_str("\\n"),
                    '\r' => self.write_str("\\r"),
                    '\t' => self.write_str("\\t"),
                    '\u{8}' => self.write_str("\\b"),
                    '\u{c}' => self.write_str("\\f"),
                    '\0'..' ' => write!(self, "\\u{:04x}", u32::from(character)),
                    _ => self.write_char(character),
                };
            }
        } else {
            self.0.extend_from_slice(text.as_bytes());
        }
        self.0.push(b'"');
    }
}

impl Write for Json {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// Brackets and most letters are one byte, so that nothing has to be encoded.
    fn write_char(&mut self, character: char) -> std::fmt::Result {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => self.0.push(byte),
            _ => self.write_str(character.encode_utf8(&mut [0; 4]))?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_json() {
        let mut json = Json::default();
        json.open('{');
        json.text("a", "say \"\\\" \u{1}é\n\t\r\u{8}\u{c}");
        json.list("b", [Some(1), None], |json, value| {
            json.open('{');
            value.iter().for_each(|value| json.plain("d", value));
            json.close('}');
        });
        json.shown("c", &true);
        json.optional::<bool>("e", None);
        json.optional_text("f", Some("é"));
        json.boolean("g", false);
        json.whole("h", i64::MIN);
        json.units("i", -5, 2);
        json.date("j", Date::parse("2026-03-31").unwrap());
        json.any_name("\"k\"").open('{');
        json.close('}');
        json.close('}');
        let text = json.into_text();
        let expected = concat!(
            r#"{"a":"say \"\\\" \u0001é\n\t\r\b\f","b":[{"d":1},{}],"c":"true","e":null,"f":"é","g":false,"#,
            r#""h":-9223372036854775808,"i":"-0.05","j":"2026-03-31","\"k\"":{}}"#
        );
        assert_eq!(text, expected);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap()["a"],
            "say \"\\\" \u{1}é\n\t\r\u{8}\u{c}"
        );
    }
}
