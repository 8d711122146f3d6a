//! Small results as the text of JSON, which `JSON.parse` reads faster than objects can be made from here.

use std::fmt::{Display, Write};

/// A text of JSON in the making. Names are ours and need no escapes; texts get them.
#[derive(Debug, Default)]
pub(super) struct Json(String);

impl Json {
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// A comma, unless this is the first of its list or object.
    fn next(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }

    /// The name of a field; its value is what is written next.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.next();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self
    }

    /// `{` or `[`.
    pub(super) fn open(&mut self, bracket: char) {
        self.next();
        self.0.push(bracket);
    }

    /// `}` or `]`.
    pub(super) fn close(&mut self, bracket: char) {
        self.0.push(bracket);
    }

    /// A number, `true`, `false` or `null`.
    pub(super) fn plain(&mut self, value: &dyn Display) {
        self.next();
        // Writing to a text cannot fail.
        _ = write!(self.0, "{value}");
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.next();
        self.0.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.0.extend(['\\', character]),
                '\0'..=' ' if character != ' ' => _ = write!(self.0, "\\u{:04x}", u32::from(character)),
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }

    /// A text, or `null` if it is absent.
    pub(super) fn optional(&mut self, text: Option<String>) {
        match text {
            Some(text) => self.text(&text),
            None => self.plain(&"null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_json() {
        let mut json = Json::default();
        json.open('{');
        json.name("a").text("say \"\\\" \u{1}é\n");
        json.name("b").open('[');
        json.plain(&1);
        json.optional(None);
        json.open('{');
        json.close('}');
        json.close(']');
        json.name("c").optional(Some("true".to_owned()));
        json.close('}');
        let text = json.into_text();
        assert_eq!(text, r#"{"a":"say \"\\\" \u0001é\u000a","b":[1,null,{}],"c":"true"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["a"], "say \"\\\" \u{1}é\n");
    }
}
