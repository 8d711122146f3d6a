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

    /// So many documents, or a few more, from all over.
    pub(super) fn sample(&self, count: usize) -> Vec<DocumentIndex> {
        let step = self.0.len().checked_div(count).unwrap_or_default().max(1);
        (0..).map(DocumentIndex).take(self.0.len()).step_by(step).collect()
    }

    /// The documents, of those at `places` or of all, whose number is `wanted`.
    ///
    /// Each is written down, and the next one over it unless it is wanted: a processor guesses wrongly which of many
    /// rows a filter lets pass, and that would cost more than all the rest.
    pub(super) fn narrow(
        &self,
        places: Option<Vec<DocumentIndex>>,
        wanted: impl Fn(u128) -> bool,
    ) -> Vec<DocumentIndex> {
        let is_all = places.is_none();
        let mut found = places.unwrap_or_else(|| vec![DocumentIndex(0); self.0.len()]);
        let mut count = 0_usize;
        if is_all {
            for (place, number) in (0..).zip(&*self.0) {
                if let Some(next) = found.get_mut(count) {
                    *next = DocumentIndex(place);
                }
                count = count.wrapping_add(usize::from(wanted(*number)));
            }
        } else {
            for from in 0..found.len() {
                let Some(&place) = found.get(from) else { break };
                if let Some(next) = found.get_mut(count) {
                    *next = place;
                }
                count = count.wrapping_add(usize::from(self.get(place).is_some_and(&wanted)));
            }
        }
        found.truncate(count);
        found
    }
}
