//! Kept numbers of documents: what lets a hundred thousand of them be filtered and ordered without reading them.

use super::cell::Cell;
use super::filter::Selector;
use super::scope::{Row, Scope};
use crate::document::{Document, DocumentIndex, Header, Kind};
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
    pub(super) fn of(scope: &Scope<'_>, by: &Selector, make: Make) -> Option<Self> {
        // Numbers are made of the documents as they are, whatever else is asked.
        let now = Scope::now(scope.context);
        let read = |document| now.at(Row::of(document)).map_or(0, |at| make.number(&by.field.get(&at)));
        (by.field.own && by.custom.is_none()).then(|| {
            let key = (by.field.name, make.code());
            Self(scope.context.documents.column(key, &|document, _| read(document)))
        })
    }

    /// The kinds of documents by their place in [`Kind::ALL`]; deleted ones have none.
    pub(super) fn of_kinds(scope: &Scope<'_>) -> Self {
        let number = |header: &Header| if header.deleted { None } else { Self::of_kind(header.kind) };
        let read = |_, document: &Document| number(document.header()).unwrap_or(u128::MAX);
        Self(scope.context.documents.column(("", 0), &read))
    }

    /// The number of a kind.
    pub(super) fn of_kind(kind: Kind) -> Option<u128> {
        Kind::ALL.iter().position(|known| *known == kind).and_then(|place| u128::try_from(place).ok())
    }

    #[inline]
    pub(super) fn get(&self, document: DocumentIndex) -> Option<u128> {
        self.0.get(document.get()).copied()
    }

    /// The documents, of those at `places` or of all, whose number is `wanted`.
    pub(super) fn narrow(
        &self,
        places: Option<Vec<DocumentIndex>>,
        wanted: impl Fn(u128) -> bool,
    ) -> Vec<DocumentIndex> {
        match places {
            Some(mut places) => {
                places.retain(|&place| self.get(place).is_some_and(&wanted));
                places
            }
            None => {
                let all = (0..).map(DocumentIndex).zip(&*self.0);
                all.filter(|(_, number)| wanted(**number)).map(|(place, _)| place).collect()
            }
        }
    }
}
