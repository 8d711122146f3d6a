//! Cursors: a place in a list as a text that means nothing to clients, so that nobody builds one.

use std::fmt::Write;

/// A text as hexadecimal digits.
pub(super) fn sealed(text: &str) -> String {
    let mut cursor = String::new();
    for byte in text.bytes() {
        // Writing to a text does not fail.
        let _ = write!(cursor, "{byte:02x}");
    }
    cursor
}

/// The text of a cursor; `None` for what was never one.
pub(super) fn opened(cursor: &str) -> Option<String> {
    let pairs = cursor.as_bytes().chunks(2).map(|pair| {
        let is_whole = pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
        let digits = std::str::from_utf8(pair).ok().filter(|_| is_whole)?;
        u8::from_str_radix(digits, 16).ok()
    });
    String::from_utf8(pairs.collect::<Option<Vec<_>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_to_its_text() {
        for text in ["", "a", "ä\n1", "{\"id\":\"x\"}"] {
            assert_eq!(opened(&sealed(text)).as_deref(), Some(text));
        }
        for wrong in ["x", "4", "zz", "ff", "+1", "é"] {
            assert_eq!(opened(wrong), None, "{wrong}");
        }
    }
}
