//! Kept numbers of documents: what lets a hundred thousand of them be filtered and ordered without reading them.

use super::Query;
use super::cell::Cell;
use super::field::Of;
use super::filter::Selector;
use super::scope::{Row, Scope};
use std::sync::Arc;

/// A number for each document.
pub(super) struct Column(Arc<Vec<u128>>);

/// What a number is made for.
#[derive(Clone, Copy)]
pub(super) enum Make {
    /// To be ordered.
    Head,
    /// To be ordered as people count.
    NaturalHead,
    /// To be told apart.
    Hash,
}

impl Make {
    #[inline]
    pub(super) fn number(self, cell: &Cell<'_>) -> u128 {
        match self {
            Make::Head => cell.head(false),
            Make::NaturalHead => cell.head(true),
            Make::Hash => cell.hash(),
        }
    }

    const fn code(self) -> u8 {
        match self {
            Make::Head => 0,
            Make::NaturalHead => 1,
            Make::Hash => 2,
        }
    }
}

impl Column {
    /// The numbers of a field, if it is one of those that can be kept.
    pub(super) fn of(scope: &Scope<'_>, query: &Query, by: &Selector, make: Make) -> Option<Self> {
        let is_kept =
            matches!(query.of, Of::Document(_)) && query.as_of.is_none() && by.field.own && by.custom.is_none();
        // Numbers are made of the documents as they are, whatever else is asked.
        let now = Scope::now(scope.context);
        let read = |document| now.at(Row::of(document)).map_or(0, |at| make.number(&by.field.get(&at)));
        is_kept.then(|| {
            let key = (by.field.name, make.code());
            Self(scope.context.documents.column(key, &|document, _| read(document)))
        })
    }

    #[inline]
    pub(super) fn get(&self, row: Row) -> Option<u128> {
        self.0.get(row.document.get()).copied()
    }
}
