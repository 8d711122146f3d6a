//! The documents that a command means which names none: all that have something open, of one account and in one
//! currency, without those that are excluded from automatic application.

use crate::document::{Header, Kind, Status};
use crate::money::Currency;
use crate::settle::journal::Context;
use crate::settle::plan::located::Located;
use std::sync::Arc;

/// What the documents have in common.
pub(in crate::settle) struct OpenDocuments {
    /// The account that they belong to.
    pub account_id: Arc<str>,
    /// The currency that they are in.
    pub currency: Arc<Currency>,
}

impl OpenDocuments {
    /// Those that can meet a document.
    pub(in crate::settle) fn beside(header: &Header) -> Self {
        Self {
            account_id: Arc::clone(&header.account_id),
            currency: Arc::clone(&header.currency),
        }
    }

    /// All of a kind, as they were made.
    pub(in crate::settle) fn of_kind<'d>(
        &self,
        context: Context<'d>,
        kind: Kind,
    ) -> impl Iterator<Item = Located<'d>> {
        let documents = context.documents;
        documents
            .of_account(&self.account_id)
            .iter()
            .filter_map(move |&index| {
                let document = documents.get(index)?;
                let key = &*document.header().id;
                Some(Located {
                    index,
                    document,
                    key,
                })
            })
            .filter(move |located| self.has(kind, located.document.header()))
    }

    fn has(&self, kind: Kind, header: &Header) -> bool {
        header.kind == kind
            && !header.deleted
            && header.status == Status::Posted
            && !header.reversed
            && !header.notes.exclude_from_auto_apply
            && header.currency == self.currency
            && header.figures.open().is_positive()
    }
}
