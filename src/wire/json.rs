//! Small results as the text of JSON, which `JSON.parse` reads faster than objects can be made from here.

use std::fmt::{Display, Write};

/// A text of JSON in the making. Names are ours and need no escapes.
#[derive(Debug, Default)]
pub(super) struct Json(String);

impl Json {
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// A comma, unless this is the first of its list or object.
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }

    /// The name of a field; its value is what is written next.
    #[inline(never)]
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.next();
        for part in ["\"", name, "\":"] {
            self.0.push_str(part);
        }
        self
    }

    /// `{` or `[`.
    #[inline(never)]
    pub(super) fn open(&mut self, bracket: char) {
        self.next();
        self.0.push(bracket);
    }

    /// `}` or `]`.
    #[inline(never)]
    pub(super) fn close(&mut self, bracket: char) {
        self.0.push(bracket);
    }

    /// A field with what prints itself without characters that need escapes, as a text.
    #[inline(never)]
    pub(super) fn shown(&mut self, name: &str, value: &dyn Display) {
        self.name(name).0.push('"');
        // Writing to a text cannot fail.
        _ = write!(self.0, "{value}");
        self.0.push('"');
    }

    /// The same, or `null` if it is absent.
    pub(super) fn optional<T: Display>(&mut self, name: &str, value: Option<&T>) {
        match value {
            Some(value) => self.shown(name, value),
            None => self.plain(name, &"null"),
        }
    }

    /// A field with a number, `true`, `false` or `null`.
    #[inline(never)]
    pub(super) fn plain(&mut self, name: &str, value: &dyn Display) {
        _ = write!(self.name(name).0, "{value}");
    }

    /// A field with any text.
    #[inline(never)]
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.name(name).0.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.0.extend(['\\', character]),
                '\0'..' ' => _ = write!(self.0, "\\u{:04x}", u32::from(character)),
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_json() {
        let mut json = Json::default();
        json.open('{');
        json.text("a", "say \"\\\" \u{1}é\n");
        json.name("b").open('[');
        json.open('{');
        json.plain("d", &1);
        json.close('}');
        json.open('{');
        json.close('}');
        json.close(']');
        json.shown("c", &true);
        json.optional::<bool>("e", None);
        json.close('}');
        let text = json.into_text();
        assert_eq!(text, r#"{"a":"say \"\\\" \u0001é\u000a","b":[{"d":1},{}],"c":"true","e":null}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["a"], "say \"\\\" \u{1}é\n");
    }
}
