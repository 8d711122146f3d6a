//! The lines of a document by identifier.

use crate::document::LineIndex;
use crate::error::{Error, Reason, Result, Site};
use crate::settle::plan::located::Located;
use rustc_hash::FxHashMap;

/// The lines of one document by identifier.
pub(in crate::settle) struct Lookup<'a> {
    document: Located<'a>,
    // Only for look-ups, never iterated: its order means nothing.
    lines: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Lookup<'a> {
    pub(in crate::settle) fn of(document: Located<'a>) -> Self {
        let lines = (0..)
            .map(LineIndex)
            .zip(document.document.lines())
            .map(|(index, line)| (&*line.id, index))
            .collect();
        Self { document, lines }
    }

    /// The line with that identifier.
    pub(in crate::settle) fn get(&self, id: &str) -> Option<LineIndex> {
        self.lines.get(id).copied()
    }

    /// Finds the line with that identifier.
    ///
    /// # Errors
    /// `itemNotFound` at `site`.
    pub(in crate::settle) fn find(&self, id: &str, site: &Site<'_>) -> Result<LineIndex> {
        self.get(id).ok_or_else(|| self.no_such_line(id, site))
    }

    /// Finds the item with that identifier, or the tax item.
    ///
    /// # Errors
    /// `itemNotFound` at `site`.
    pub(in crate::settle) fn find_of_kind(
        &self,
        id: &str,
        is_tax: bool,
        site: &Site<'_>,
    ) -> Result<LineIndex> {
        let line = self.get(id);
        let line = line.filter(|&line| self.document.is_tax(line) == is_tax);
        line.ok_or_else(|| self.no_such_line(id, site))
    }

    #[cold]
    fn no_such_line(&self, id: &str, site: &Site<'_>) -> Error {
        let reason = Reason::NoSuchLine {
            kind: self.document.document.header().kind.into(),
            document: self.document.key.into(),
            line: id.into(),
        };
        Error::of(reason, site)
    }
}
