//! Which texts can name something.

use crate::error::{Error, Reason, Result, Site};

/// Refuses a text that cannot name something: 1 to 255 characters, none of them a control character.
///
/// # Errors
/// `invalidId` at `site`.
pub fn check_id(text: &str, site: &Site<'_>) -> Result<()> {
    if !text.is_empty() && is_label(text) {
        return Ok(());
    }
    Err(Error::of(Reason::IdMalformed { id: text.into() }, site))
}

/// Refuses a text that cannot stand where a name may also be empty, such as that of an account.
///
/// # Errors
/// `invalidId` at `site`.
pub fn check_label(text: &str, site: &Site<'_>) -> Result<()> {
    if is_label(text) {
        return Ok(());
    }
    Err(Error::of(Reason::NameMalformed { name: text.into() }, site))
}

/// Whether a text has at most 255 characters, none of them a control character.
fn is_label(text: &str) -> bool {
    // Nearly all are ASCII, whose bytes are counted and looked at without being decoded.
    if text.is_ascii() {
        return text.len() <= 255 && !text.bytes().any(|byte| byte.is_ascii_control());
    }
    text.chars().count() <= 255 && !text.chars().any(char::is_control)
}
