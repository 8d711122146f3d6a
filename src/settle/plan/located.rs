//! A document with its index in the book.

use crate::document::{Document, DocumentIndex};

/// A document and its place.
#[derive(Clone, Copy)]
pub(in crate::settle) struct Located<'a> {
    /// Its place in the book.
    pub index: DocumentIndex,
    /// The document.
    pub document: &'a Document,
}
