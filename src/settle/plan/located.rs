//! A document with its index in the book.

use crate::document::{Document, DocumentIndex, LineIndex};

/// A document with its index.
#[derive(Clone, Copy)]
pub(in crate::settle) struct Located<'a> {
    /// Its index in the book.
    pub index: DocumentIndex,
    /// The document.
    pub document: &'a Document,
    /// What names it in a refusal: the identifier or the number that the command has for it, or else its identifier.
    pub key: &'a str,
}

impl Located<'_> {
    /// Whether a line is a tax item.
    pub(in crate::settle) fn is_tax(&self, line: LineIndex) -> bool {
        let line = self.document.line(line);
        line.is_some_and(|line| line.detail.is_tax())
    }
}
