//! Plans how amounts meet: which documents a command names, what their lines can settle, and which line settles which.
//! Nothing here changes a document.

pub(super) mod capacity;
pub(super) mod credit_all;
pub(super) mod draft;
pub(super) mod located;
pub(super) mod open_documents;
pub(super) mod pairing;
pub(super) mod source_item;
pub(super) mod spreader;
pub(super) mod stated_lines;
pub(super) mod targets;
pub(super) mod tax;
pub(super) mod trace;
