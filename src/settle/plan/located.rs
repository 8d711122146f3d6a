//! A document with its index in the book, and how the document that a command names is found.

use crate::command::DocumentRef;
use crate::document::{Document, DocumentIndex, Documents, Kind, LineIndex};
use crate::error::{Error, Reason, Result, Site};

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

/// Finds the document that a command names, by its identifier or its number.
///
/// # Errors
/// `documentNotFound` at `site`.
pub(in crate::settle) fn find<'a>(
    documents: &'a Documents,
    named: &'a DocumentRef,
    site: &Site<'_>,
) -> Result<Located<'a>> {
    find_key(documents, named.kind, &named.id, site)
}

/// Finds the document of that kind with that identifier or that number.
///
/// # Errors
/// `documentNotFound` at `site`.
pub(in crate::settle) fn find_key<'a>(
    documents: &'a Documents,
    kind: Kind,
    key: &'a str,
    site: &Site<'_>,
) -> Result<Located<'a>> {
    match documents.find_key(kind, key) {
        Some(index) => Ok(Located {
            key,
            ..locate(documents, index)?
        }),
        None => Err(no_such_document(kind, key, site)),
    }
}

/// The refusal of an identifier that no document of the kind has.
#[cold]
pub(in crate::settle) fn no_such_document(kind: Kind, key: &str, site: &Site<'_>) -> Error {
    let reason = Reason::NoSuchDocument {
        kind: kind.into(),
        id: key.into(),
    };
    Error::of(reason, site)
}

/// The document at `index`.
pub(in crate::settle) fn locate(
    documents: &Documents,
    index: DocumentIndex,
) -> Result<Located<'_>> {
    let document = documents
        .get(index)
        .ok_or_else(|| Error::fault("a document is missing"))?;
    let key = &document.header().id;
    Ok(Located {
        index,
        document,
        key,
    })
}
